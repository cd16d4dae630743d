//! Towns and the areas that they belong to.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::path::Path;
use std::str::FromStr;

use maillage_graph_schema::model::{
    Area, AreaKey, BoundingBox, FormerTown, Point, Provenance, Text, Town, TownKey, TownType, ValueError,
};
use serde::Deserialize;

use super::csv::Table;
use super::{Credit, countries};
use crate::error::ImportError;

/// The most that a table of towns unpacks to, in bytes.
const LARGEST_TABLE: u64 = 64 << 20;

/// Areas and towns, each after those that it refers to.
pub struct Places {
    pub areas: Vec<Area>,
    pub towns: Vec<Town>,
}

/// A line of the table of communes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commune<'a> {
    insee: &'a str,
    name: String,
    #[serde(rename = "type")]
    kind: &'a str,
    dep: &'a str,
    dep_name: String,
    reg: &'a str,
    reg_name: String,
    epci: Option<&'a str>,
    epci_name: Option<String>,
    ept: Option<&'a str>,
    ept_name: Option<String>,
    pop: Option<u32>,
    #[serde(default)]
    postcodes: Vec<String>,
    lat: Option<f64>,
    lon: Option<f64>,
    coord: Option<&'a str>,
    #[serde(default)]
    former: Vec<Former<'a>>,
    parent: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Former<'a> {
    insee: &'a str,
    name: String,
}

/// Reads the tables in a folder.
pub(super) fn load(folder: &Path, credit: &Credit) -> Result<Places, ImportError> {
    let mut areas = Areas::default();
    let forms = intercommunality_forms(&folder.join("epci-fr.csv"))?;
    let mut towns = communes(&folder.join("towns-fr.ndjson.zst"), &forms, credit, &mut areas)?;
    let table = folder.join("towns-eu.csv.zst");
    towns.extend(elsewhere(&table, credit, &mut areas)?);
    // Partners write from everywhere: what happened where no town is known is at least in its country.
    for code in countries::codes() {
        areas.country(code, credit).map_err(|error| ImportError::content(&table, 1, &error))?;
    }
    Ok(Places { areas: areas.finish(), towns })
}

fn unpack(path: &Path) -> Result<String, ImportError> {
    let failed = |error: std::io::Error| ImportError::read(path, &error);
    let mut text = String::new();
    let packed = std::fs::File::open(path).map_err(failed)?;
    let unpacked = zstd::stream::read::Decoder::new(packed).map_err(failed)?.take(LARGEST_TABLE).read_to_string(&mut text);
    if unpacked.map_err(failed)? as u64 == LARGEST_TABLE {
        return Err(ImportError::read(path, &format!("it unpacks to more than {LARGEST_TABLE} bytes")));
    }
    Ok(text)
}

/// The name and legal form of each intercommunality, by its SIREN.
fn intercommunality_forms(path: &Path) -> Result<HashMap<String, (Text, Text)>, ImportError> {
    let text = std::fs::read_to_string(path).map_err(|error| ImportError::read(path, &error))?;
    let table = Table::new(&text, &["siren", "name", "type"]).map_err(|problem| ImportError::content(path, 1, &problem))?;
    let mut forms = HashMap::new();
    table.each(|row| {
        let failed = |error: ValueError| ImportError::content(path, row.line, &error);
        let form = (row.get("name").parse().map_err(failed)?, row.get("type").parse().map_err(failed)?);
        forms.insert(row.get("siren").to_owned(), form);
        Ok::<(), ImportError>(())
    })?;
    Ok(forms)
}

fn communes(
    path: &Path,
    forms: &HashMap<String, (Text, Text)>,
    credit: &Credit,
    areas: &mut Areas,
) -> Result<Vec<Town>, ImportError> {
    let text = unpack(path)?;
    let mut towns = Vec::with_capacity(36_000);
    for (index, line) in text.lines().enumerate() {
        let failed = |problem: &dyn std::fmt::Display| ImportError::content(path, index + 1, problem);
        let commune: Commune<'_> = serde_json::from_str(line).map_err(|error| failed(&error))?;
        towns.push(french_town(&commune, forms, credit, areas).map_err(|error| failed(&error))?);
    }
    // A municipal arrondissement comes after its commune.
    towns.sort_by_key(|town| town.parent.is_some());
    Ok(towns)
}

fn french_town(
    commune: &Commune<'_>,
    forms: &HashMap<String, (Text, Text)>,
    credit: &Credit,
    areas: &mut Areas,
) -> Result<Town, ValueError> {
    let point = point(commune.lat, commune.lon)?;
    let country = areas.country("FR", credit)?;
    let region = areas.reach(&format!("region:{}", commune.reg), &commune.reg_name, None, &[&country], credit)?;
    let department = areas.reach(&format!("department:{}", commune.dep), &commune.dep_name, None, &[&region], credit)?;
    // What an intercommunality belongs to follows from all its towns: see `Areas::finish`.
    let mut intercommunality = |scheme: &str, siren: Option<&str>, name: Option<&String>| {
        let Some(siren) = siren else { return Ok(None) };
        let form = forms.get(siren);
        let name = form.map(|form| form.0.as_str()).or(name.map(String::as_str)).unwrap_or(siren);
        areas.reach(&format!("{scheme}:{siren}"), name, form.map(|form| &form.1), &[], credit).map(Some)
    };
    let epci = intercommunality("epci", commune.epci, commune.epci_name.as_ref())?;
    let ept = intercommunality("ept", commune.ept, commune.ept_name.as_ref())?;
    for member in epci.iter().chain(&ept) {
        areas.gather(member, &department, &region, &country);
    }
    for area in [&country, &region, &department].into_iter().chain(&epci).chain(&ept) {
        areas.widen(area, point);
    }
    if let (Some(epci), Some(ept)) = (&epci, &ept) {
        areas.nest(ept, epci);
    }
    let provenance = match commune.coord {
        Some(origin) if origin.starts_with("geonames") => vec![credit.communes.clone(), credit.geonames.clone()],
        _ => vec![credit.communes.clone()],
    };
    let former = |former: &Former<'_>| Ok(FormerTown { key: town_key(former.insee)?, name: former.name.parse()? });
    Ok(Town {
        key: town_key(commune.insee)?,
        aliases: Vec::new(),
        name: commune.name.parse()?,
        town_type: if commune.kind == "arrondissement-municipal" { TownType::MunicipalArrondissement } else { TownType::Commune },
        population: commune.pop,
        postcodes: commune.postcodes.iter().map(|postcode| postcode.parse()).collect::<Result<_, _>>()?,
        point,
        part_of: ept.into_iter().chain(epci).chain([department]).collect(),
        parent: commune.parent.map(town_key).transpose()?,
        former: commune.former.iter().map(former).collect::<Result<_, ValueError>>()?,
        provenance,
    })
}

fn town_key(insee: &str) -> Result<TownKey, ValueError> {
    format!("insee:{insee}").parse()
}

fn point(latitude: Option<f64>, longitude: Option<f64>) -> Result<Option<Point>, ValueError> {
    latitude.zip(longitude).map(|(latitude, longitude)| Point::new(latitude, longitude)).transpose()
}

/// Towns outside France.
fn elsewhere(path: &Path, credit: &Credit, areas: &mut Areas) -> Result<Vec<Town>, ImportError> {
    let text = unpack(path)?;
    let table = Table::new(&text, &["geonameid", "country", "name", "pop", "lat", "lon"])
        .map_err(|problem| ImportError::content(path, 1, &problem))?;
    let mut towns = Vec::with_capacity(45_000);
    table.each(|row| {
        let failed = |error: ValueError| ImportError::content(path, row.line, &error);
        let degrees = |column: &str| {
            f64::from_str(row.get(column)).map_err(|error| ImportError::content(path, row.line, &format!("{column}: {error}")))
        };
        let population = row.get("pop").parse::<u32>();
        let point = Some(Point::new(degrees("lat")?, degrees("lon")?).map_err(failed)?);
        let country = areas.country(row.get("country"), credit).map_err(failed)?;
        areas.widen(&country, point);
        towns.push(Town {
            key: format!("geonames:{}", row.get("geonameid")).parse().map_err(failed)?,
            aliases: Vec::new(),
            name: row.get("name").parse().map_err(failed)?,
            town_type: TownType::Town,
            population: Some(population.map_err(|error| ImportError::content(path, row.line, &format!("pop: {error}")))?),
            postcodes: Vec::new(),
            point,
            part_of: vec![country],
            parent: None,
            former: Vec::new(),
            provenance: vec![credit.geonames.clone()],
        });
        Ok::<(), ImportError>(())
    })?;
    Ok(towns)
}

/// Areas as they come up in the tables of towns.
#[derive(Default)]
struct Areas {
    by_key: BTreeMap<AreaKey, Area>,
    /// For each intercommunality the departments, regions and countries of its towns.
    members: HashMap<AreaKey, [Vec<AreaKey>; 3]>,
}

impl Areas {
    /// A country; one whose name is not known goes by its code.
    fn country(&mut self, code: &str, credit: &Credit) -> Result<AreaKey, ValueError> {
        let provenance = if code == "FR" { &credit.communes } else { &credit.geonames };
        self.reach_from(&format!("country:{code}"), countries::name(code).unwrap_or(code), None, &[], provenance)
    }

    /// The area of a key, made if it is new.
    fn reach(
        &mut self,
        key: &str,
        name: &str,
        form: Option<&Text>,
        part_of: &[&AreaKey],
        credit: &Credit,
    ) -> Result<AreaKey, ValueError> {
        self.reach_from(key, name, form, part_of, &credit.communes)
    }

    fn reach_from(
        &mut self,
        key: &str,
        name: &str,
        form: Option<&Text>,
        part_of: &[&AreaKey],
        provenance: &Provenance,
    ) -> Result<AreaKey, ValueError> {
        let key: AreaKey = key.parse()?;
        if !self.by_key.contains_key(&key) {
            let area = Area {
                key: key.clone(),
                aliases: Vec::new(),
                name: name.parse()?,
                form: form.cloned(),
                part_of: part_of.iter().map(|&area| area.clone()).collect(),
                bounds: None,
                provenance: vec![provenance.clone()],
            };
            self.by_key.insert(key.clone(), area);
        }
        Ok(key)
    }

    /// Makes an area's box hold a point.
    fn widen(&mut self, key: &AreaKey, point: Option<Point>) {
        if let (Some(area), Some(point)) = (self.by_key.get_mut(key), point) {
            let corners = area.bounds.map(|bounds| [bounds.south_west(), bounds.north_east()]);
            area.bounds = BoundingBox::around(corners.into_iter().flatten().chain([point]));
        }
    }

    /// Notes where a town of an intercommunality lies.
    fn gather(&mut self, intercommunality: &AreaKey, department: &AreaKey, region: &AreaKey, country: &AreaKey) {
        let levels = self.members.entry(intercommunality.clone()).or_default();
        for (level, area) in levels.iter_mut().zip([department, region, country]) {
            if !level.contains(area) {
                level.push(area.clone());
            }
        }
    }

    /// Notes that an area lies within another.
    fn nest(&mut self, inner: &AreaKey, outer: &AreaKey) {
        if let Some(area) = self.by_key.get_mut(inner)
            && area.part_of.is_empty()
        {
            area.part_of.push(outer.clone());
        }
    }

    /// All areas, larger ones first. An intercommunality belongs to the smallest area that holds all its towns.
    fn finish(mut self) -> Vec<Area> {
        for (key, levels) in self.members {
            if let Some(area) = self.by_key.get_mut(&key)
                && area.part_of.is_empty()
                && let Some(level) = levels.into_iter().find(|level| level.len() == 1)
            {
                area.part_of = level;
            }
        }
        let mut areas: Vec<Area> = self.by_key.into_values().collect();
        areas.sort_by_key(|area| match area.key.as_str().split(':').next() {
            Some("country") => 0,
            Some("region") => 1,
            Some("department") => 2,
            Some("epci") => 3,
            _ => 4,
        });
        areas
    }
}
