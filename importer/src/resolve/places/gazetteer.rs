//! Towns and areas by code, name, postal code and point.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use maillage_explore::geo;
use maillage_explore::text::fold;
use maillage_graph_schema::model::{Area, AreaKey, AreaKind, Point, Text, Town, TownKey};

use crate::reference::{countries, provinces_named_as_towns, regions_by_name};

/// A town as far as resolving needs it.
#[derive(Debug, Clone)]
pub struct KnownTown {
    pub key: TownKey,
    pub name: Text,
    /// Folded names: its own and those of the communes merged into it.
    pub names: Vec<String>,
    pub point: Option<Point>,
    /// The areas that it belongs to directly.
    pub areas: Vec<AreaKey>,
    pub postcodes: Vec<Text>,
}

/// An area likewise.
#[derive(Debug, Clone)]
pub struct KnownArea {
    pub name: Text,
    pub form: Option<Text>,
    pub part_of: Vec<AreaKey>,
}

/// Codes of countries by their folded names.
static COUNTRIES: LazyLock<HashMap<String, &'static str>> =
    LazyLock::new(|| countries::names().map(|(name, code)| (fold(name), code)).collect());

/// Side of the squares in which towns are looked for by their points, in degrees.
const SQUARE: f64 = 0.25;

/// Towns and areas that are known.
#[derive(Debug, Default)]
pub struct Gazetteer {
    towns: Vec<KnownTown>,
    by_key: HashMap<String, usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_postcode: HashMap<String, Vec<usize>>,
    squares: HashMap<(i32, i32), Vec<usize>>,
    pub areas: HashMap<AreaKey, KnownArea>,
    by_area_name: HashMap<String, BTreeSet<AreaKey>>,
    countries_with_towns: BTreeSet<String>,
}

impl Gazetteer {
    /// Adds a town under one of its codes.
    pub fn add_under(&mut self, code: &str, town: &Town) {
        let index = self.index_of(town);
        self.by_key.insert(code.to_owned(), index);
    }

    /// Adds a town under its codes, its names and those of the communes merged into it, its postal codes and its point.
    pub fn add(&mut self, town: &Town) {
        let index = self.index_of(town);
        for former in &town.former {
            self.by_key.entry(former.key.to_string()).or_insert(index);
        }
        for name in self.towns[index].names.clone() {
            let namesakes = self.by_name.entry(name).or_default();
            if !namesakes.contains(&index) {
                namesakes.push(index);
            }
        }
        let foreign = town.part_of.iter().find_map(|area| area.as_str().strip_prefix("country:"));
        let country = foreign.or_else(|| town.key.as_str().starts_with("insee:").then_some("FR"));
        if let Some(country) = country.filter(|country| !self.countries_with_towns.contains(*country)) {
            self.countries_with_towns.insert(country.to_owned());
        }
        for postcode in &town.postcodes {
            self.by_postcode.entry(postcode.to_string()).or_default().push(index);
        }
        // Of a commune with arrondissements the commune is what a point is in.
        if let (Some(point), None) = (town.point, &town.parent) {
            self.squares.entry(square(point)).or_default().push(index);
        }
    }

    fn index_of(&mut self, town: &Town) -> usize {
        if let Some(index) = self.by_key.get(town.key.as_str()) {
            return *index;
        }
        let names = [&town.name].into_iter().chain(town.former.iter().map(|former| &former.name));
        let mut names: Vec<String> = names.flat_map(|name| spellings(name.as_str())).collect();
        names.extend(exonyms(&names));
        names.dedup();
        let known = KnownTown {
            key: town.key.clone(),
            name: town.name.clone(),
            names,
            point: town.point,
            areas: town.part_of.clone(),
            postcodes: town.postcodes.clone(),
        };
        self.towns.push(known);
        self.by_key.insert(town.key.to_string(), self.towns.len() - 1);
        self.towns.len() - 1
    }

    /// Adds an area.
    pub fn add_area(&mut self, area: &Area) {
        let known = KnownArea { name: area.name.clone(), form: area.form.clone(), part_of: area.part_of.clone() };
        for name in [fold(area.name.as_str()), area_words(area.name.as_str())] {
            self.by_area_name.entry(name).or_default().insert(area.key.clone());
        }
        self.areas.insert(area.key.clone(), known);
    }

    /// The town of a code, former ones too.
    pub fn town(&self, code: &str) -> Option<&KnownTown> {
        self.by_key.get(code).map(|index| &self.towns[*index])
    }

    /// The towns of a name.
    pub fn named(&self, name: &str) -> Vec<&KnownTown> {
        self.all(self.by_name.get(&name_key(name)))
    }

    /// The towns whose names go on after this one: `Grigny-sur-Rhône` for `Grigny`.
    pub fn named_longer(&self, name: &str) -> Vec<&KnownTown> {
        let start = format!("{} ", name_key(name));
        let longer = self.by_name.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start));
        let indexes: BTreeSet<usize> = longer.flat_map(|(_, indexes)| indexes).copied().collect();
        indexes.into_iter().map(|index| &self.towns[index]).collect()
    }

    /// The towns of a postal code.
    pub fn of_postcode(&self, postcode: &str) -> Vec<&KnownTown> {
        self.all(self.by_postcode.get(postcode))
    }

    fn all(&self, indexes: Option<&Vec<usize>>) -> Vec<&KnownTown> {
        indexes.into_iter().flatten().map(|index| &self.towns[*index]).collect()
    }

    /// Every folded name of a town.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// The areas of a name: the whole name or, if it says what they are (`CC`, `Métropole`, `Département`), the words of it that
    /// tell one from others, of that kind.
    pub fn areas_named(&self, name: &str) -> Vec<&AreaKey> {
        if let Some(exact) = self.by_area_name.get(&fold(name)) {
            return exact.iter().collect();
        }
        let kinds = kinds_said(name);
        if kinds.is_empty() {
            return Vec::new();
        }
        let alike = self.by_area_name.get(&area_words(name)).into_iter().flatten();
        alike.filter(|key| kinds.iter().all(|kind| self.is_of(key, kind))).collect()
    }

    /// The intercommunalities of a name that does not say what it is: `Arlysère` is `CA Arlysère`.
    pub fn intercommunalities_called(&self, name: &str) -> Vec<&AreaKey> {
        if !kinds_said(name).is_empty() {
            return Vec::new();
        }
        let alike = self.by_area_name.get(&area_words(name)).into_iter().flatten();
        alike.filter(|key| key.area_kind() == AreaKind::Intercommunality).collect()
    }

    fn is_of(&self, key: &AreaKey, kind: &str) -> bool {
        let Some(area) = self.areas.get(key) else { return false };
        let form = area.form.as_ref().map_or("", Text::as_str);
        let says = |word: &str| fold(area.name.as_str()).split(' ').any(|known| known == word);
        match kind {
            "CC" | "CA" | "CU" => form == kind,
            "METRO" => form.starts_with("METRO") || says("metropole"),
            "agglomeration" => form == "CA" || says("agglomeration") || says("agglo"),
            "department" => key.area_kind() == AreaKind::Department,
            "region" => key.area_kind() == AreaKind::Region,
            _ => key.area_kind() == AreaKind::Intercommunality,
        }
    }

    /// Whether a town lies in an area.
    pub fn is_in(&self, town: &KnownTown, area: &AreaKey) -> bool {
        let mut open: Vec<&AreaKey> = town.areas.iter().collect();
        let mut seen: BTreeSet<&AreaKey> = BTreeSet::new();
        while let Some(key) = open.pop() {
            if key == area {
                return true;
            }
            if seen.insert(key)
                && let Some(known) = self.areas.get(key)
            {
                open.extend(&known.part_of);
            }
        }
        false
    }

    /// The towns around a point with their distances in kilometres, nearest first: all within a quarter of a degree.
    pub fn around(&self, point: Point) -> Vec<(&KnownTown, f64)> {
        let (row, column) = square(point);
        let around = (-1..=1).flat_map(|up| (-1..=1).map(move |right| (row + up, column + right)));
        let towns = around.filter_map(|square| self.squares.get(&square)).flatten().map(|index| &self.towns[*index]);
        let mut found: Vec<(&KnownTown, f64)> =
            towns.filter_map(|town| Some((town, geo::distance(town.point?, point) / 1000.0))).collect();
        found.sort_by(|one, other| one.1.total_cmp(&other.1).then_with(|| one.0.key.cmp(&other.0.key)));
        found
    }

    /// The country that an area is or lies in.
    pub fn area_country(&self, key: &AreaKey) -> Option<&str> {
        let mut key = self.areas.get_key_value(key)?.0;
        // Areas nest no deeper than this.
        for _ in 0..8 {
            if let Some(code) = key.as_str().strip_prefix("country:") {
                return Some(code);
            }
            key = self.areas.get(key)?.part_of.first()?;
        }
        None
    }

    /// Whether towns of a country are known.
    pub fn has_towns(&self, country: &str) -> bool {
        self.countries_with_towns.contains(country)
    }

    /// The code of the country of a state or a province, by its name, unless a town elsewhere is called so.
    pub fn country_of_region(&self, text: &str) -> Option<&'static str> {
        static REGIONS: LazyLock<HashMap<String, &'static str>> =
            LazyLock::new(|| regions_by_name().map(|(name, country)| (fold(name), country)).collect());
        let country = *REGIONS.get(&fold(text))?;
        self.named(text).iter().all(|town| self.country_of(town) == Some(country)).then_some(country)
    }

    /// Whether a name of a town is that of the province, or the like, around it as well.
    pub fn is_province(text: &str, country: &str) -> bool {
        Self::country_of_province(text) == Some(country)
    }

    /// The country of a province, or the like, whose name is that of a town, too.
    pub fn country_of_province(text: &str) -> Option<&'static str> {
        static PROVINCES: LazyLock<HashMap<String, &'static str>> =
            LazyLock::new(|| provinces_named_as_towns().map(|(name, country)| (fold(name), country)).collect());
        PROVINCES.get(&fold(text)).copied()
    }

    /// The code of the country that a town lies in.
    pub fn country_of(&self, town: &KnownTown) -> Option<&str> {
        town.areas.iter().find_map(|area| self.area_country(area))
    }

    /// How a town is told to people: its key, its name, and the area that tells it from others.
    pub fn describe(&self, town: &KnownTown) -> String {
        let area = town.areas.iter().rev().find_map(|key| self.areas.get(key)).map(|area| area.name.as_str());
        match area {
            Some(area) => format!("{} ({}, {area})", town.key, town.name),
            None => format!("{} ({})", town.key, town.name),
        }
    }

    /// How an area is told to people.
    pub fn describe_area(&self, key: &AreaKey) -> String {
        self.areas.get(key).map_or_else(|| key.to_string(), |area| format!("{key} ({})", area.name))
    }
}

/// The code of a country by its code, in capitals, or a name.
pub fn country(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    // "UK" is no code, but a name.
    let by_code = countries::codes().find(|code| is_code && *code == text);
    by_code.or_else(|| country_named(text))
}

/// The code of a country by a name.
pub fn country_named(text: &str) -> Option<&'static str> {
    COUNTRIES.get(&fold(text)).copied()
}

#[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
fn square(point: Point) -> (i32, i32) {
    ((point.latitude() / SQUARE).floor() as i32, (point.longitude() / SQUARE).floor() as i32)
}

/// A name as names are compared: folded, with the usual abbreviations written out.
pub fn name_key(name: &str) -> String {
    let folded = fold(name);
    let words = folded.split(' ').map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A name, and each of two that stand for one another: `Donostia / San Sebastián`, `Biel/Bienne`.
fn spellings(name: &str) -> Vec<String> {
    let mut names = vec![name_key(name)];
    if let Some((one, other)) = name.split_once('/') {
        names.extend([name_key(one), name_key(other)]);
    }
    // "St. Gallen" is "Sankt Gallen", as "St-Étienne" is "Saint-Étienne"; and "Aarhus" is how "Århus" is spelled without the ring.
    let saints: Vec<String> = names.iter().filter_map(|name| Some(format!("saint {}", name.strip_prefix("sankt ")?))).collect();
    names.extend(saints);
    if name.contains(['å', 'Å']) {
        names.push(name_key(&name.replace('å', "aa").replace('Å', "Aa")));
    }
    names
}

/// What the gazetteer calls some towns, folded, and what their people and others call them.
const EXONYMS: &[(&str, &[&str])] = &[
    ("vienna", &["wien", "vienne autriche", "viena"]),
    ("antwerp", &["antwerpen", "anvers"]),
    ("brussels", &["bruxelles", "brussel"]),
    ("brugge", &["bruges"]),
    ("gent", &["gand", "ghent"]),
    ("leuven", &["louvain"]),
    ("geneva", &["geneve", "genf"]),
    ("luzern", &["lucerne"]),
    ("basel", &["bale"]),
    ("bern", &["berne"]),
    ("prague", &["praha", "prag"]),
    ("munich", &["munchen", "muenchen"]),
    ("nuremberg", &["nurnberg", "nuernberg"]),
    ("koln", &["cologne", "koeln"]),
    ("dusseldorf", &["duesseldorf"]),
    ("hannover", &["hanover", "hanovre"]),
    ("frankfurt am main", &["francfort", "francfort sur le main", "frankfurt main", "frankfurt a m"]),
    ("freiburg", &["freiburg im breisgau", "freiburg i br", "freiburg breisgau", "fribourg en brisgau"]),
    ("s hertogenbosch", &["den bosch", "hertogenbosch"]),
    ("helsinki", &["helsingin", "helsingfors"]),
    ("lodz", &["lodzi"]),
    ("sitten", &["sion"]),
    ("molenbeek saint jean", &["sint jans molenbeek", "molenbeek"]),
    ("saint gilles", &["sint gillis"]),
    ("schaerbeek", &["schaarbeek"]),
    ("ixelles", &["elsene"]),
    ("uccle", &["ukkel"]),
    ("liege", &["luik", "luttich"]),
    ("namur", &["namen"]),
    ("tournai", &["doornik"]),
    ("kortrijk", &["courtrai"]),
    ("mechelen", &["malines"]),
    ("fribourg", &["freiburg im uchtland"]),
    ("martigny ville", &["martigny"]),
    ("yverdon les bains", &["yverdon"]),
    ("bolzano", &["bozen", "bolzano bozen"]),
    ("reggio nell emilia", &["reggio emilia"]),
    ("alicante", &["alacant", "alicante alacant"]),
    ("gasteiz vitoria", &["vitoria gasteiz"]),
    ("a coruna", &["la coruna"]),
    ("copenhagen", &["kobenhavn", "copenhague"]),
    ("sevilla", &["seville"]),
    ("barcelona", &["barcelone"]),
    ("athens", &["athina", "athenes"]),
    ("florence", &["firenze"]),
    ("genoa", &["genova", "genes"]),
    ("milan", &["milano"]),
    ("naples", &["napoli"]),
    ("padua", &["padova", "padoue"]),
    ("rome", &["roma", "rom"]),
    ("turin", &["torino"]),
    ("venice", &["venezia", "venise"]),
    ("the hague", &["den haag", "la haye"]),
    ("warsaw", &["warszawa", "varsovie", "warschau"]),
    ("krakow", &["cracovie", "cracow"]),
    ("lisbon", &["lisboa", "lisbonne"]),
    ("bucharest", &["bucuresti", "bucarest"]),
    ("gothenburg", &["goteborg"]),
    ("london", &["londres"]),
    ("edinburgh", &["edimbourg"]),
    ("strasbourg", &["strassburg"]),
];

fn exonyms(names: &[String]) -> Vec<String> {
    let others = names.iter().filter_map(|name| EXONYMS.iter().find(|(known, _)| known == name));
    others.flat_map(|(_, others)| others.iter().map(|other| (*other).to_owned())).collect()
}

/// Words by which an area says what it is, folded, and what it then is.
const KINDS: &[(&str, &str)] = &[
    ("cc", "CC"),
    ("communes", "CC"),
    ("ca", "CA"),
    ("agglomeration", "agglomeration"),
    ("agglo", "agglomeration"),
    ("cu", "CU"),
    ("urbaine", "CU"),
    ("metropole", "METRO"),
    ("communaute", "intercommunality"),
    ("intercommunalite", "intercommunality"),
    ("epci", "intercommunality"),
    ("ept", "intercommunality"),
    ("departement", "department"),
    ("departemental", "department"),
    ("departementale", "department"),
    ("region", "region"),
    ("regional", "region"),
];

/// Words that tell no area from others.
const JOINTS: &[&str] = &["de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "conseil"];

/// The words of an area's name that tell it from others, marked as such.
fn area_words(name: &str) -> String {
    let folded = fold(name);
    let is_kind = |word: &str| KINDS.iter().any(|(known, _)| *known == word);
    let words = folded.split(' ').filter(|word| !is_kind(word) && !JOINTS.contains(word));
    let words: Vec<&str> = words.map(|word| if word == "st" { "saint" } else { word }).collect();
    format!("~{}", words.join(" "))
}

/// What a name says that its area is.
fn kinds_said(name: &str) -> Vec<&'static str> {
    let folded = fold(name);
    KINDS.iter().filter(|(word, _)| folded.split(' ').any(|said| said == *word)).map(|(_, kind)| *kind).collect()
}
