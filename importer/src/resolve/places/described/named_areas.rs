//! Areas whose name says which kind they are: `Utrecht (province)`, `Sevilla provincia`, `Göttingen (Landkreis)`. Most have the name of
//! a town, which they are not.

use maillage_explore::text::fold;
use maillage_graph_schema::model::{AreaKey, AreaKind, PlaceTarget};

use super::{Candidate, Finder, country_of};
use crate::resolve::places::gazetteer::Gazetteer;
use crate::resolve::places::query;

/// What kinds of areas are called, folded.
const KINDS: &[&str] = &[
    "arrondissement administratif",
    "bezirk",
    "bundesland",
    "canton",
    "canto",
    "cantone",
    "comarca",
    "comunidad autonoma",
    "comunitat autonoma",
    "county",
    "departament",
    "departamento",
    "departement",
    "department",
    "distretto",
    "district",
    "distrikt",
    "distrito",
    "fylke",
    "gewest",
    "judet",
    "kanton",
    "kraj",
    "kreis",
    "lan",
    "landkreis",
    "maakunta",
    "okres",
    "powiat",
    "prefecture",
    "province",
    "provincia",
    "provincie",
    "provinz",
    "regiao",
    "regierungsbezirk",
    "regio",
    "region",
    "regione",
    "state",
    "voivodeship",
    "wojewodztwo",
];

/// Kinds that may end a name without brackets: the others are parts of names of towns, or words of sentences, as often.
const ENDINGS: &[&str] = &[
    "bezirk",
    "county",
    "departement",
    "department",
    "distrito",
    "fylke",
    "kanton",
    "landkreis",
    "maakunta",
    "powiat",
    "province",
    "provincia",
    "provincie",
    "provinz",
    "region",
    "regione",
    "voivodeship",
    "wojewodztwo",
];

/// Areas of one name in several countries.
const OF_SEVERAL: &[(&str, &[&str])] =
    &[("brabant", &["BE", "NL"]), ("limburg", &["BE", "NL"]), ("limbourg", &["BE", "NL"]), ("tirol", &["AT", "IT"])];

/// An area that a text names.
struct Named<'t> {
    name: String,
    kind: String,
    /// What else stands beside it.
    beside: Vec<&'t str>,
}

impl Finder<'_> {
    /// What a name leads to that says it is an area's; nothing if it does not say so, and an empty list if it leads nowhere.
    pub(super) fn by_kind(&self, text: &str) -> Option<Vec<Candidate>> {
        let named = self.named(text)?;
        let known = self.country_of_area(&named.name);
        let told =
            || self.country().or_else(|| country_of(&named.beside.iter().map(|text| self.beside(text)).collect::<Vec<_>>()));
        let country = if self.description.country_is_assumed { known.or_else(told) } else { told().or(known) };
        let areas = self.areas_of_kind(&named, country);
        if !areas.is_empty() {
            return Some(areas);
        }
        if let Some(country) = country {
            return Some(self.in_country(country, 85));
        }
        let mut found = self.by_name_alone(text);
        found.retain(|candidate| !self.is_called(candidate, &named.name));
        Some(found)
    }

    /// Whether a town has this name.
    fn is_called(&self, candidate: &Candidate, name: &str) -> bool {
        let PlaceTarget::Town(key) = &candidate.target else { return false };
        self.gazetteer.town(key.as_str()).is_some_and(|town| town.names.iter().any(|known| known == name))
    }

    fn named<'t>(&self, text: &'t str) -> Option<Named<'t>> {
        let query = query::parse(text);
        let parts = || text.split([',', '(', ')']).map(str::trim).filter(|part| !part.is_empty());
        if let Some(kind) = query.qualifiers.iter().map(|beside| fold(beside)).find(|beside| KINDS.contains(&beside.as_str())) {
            let beside = parts().skip(1).filter(|part| fold(part) != kind).collect();
            return Some(Named { name: query.name, kind, beside });
        }
        let is_town = || !self.gazetteer.named(&query.name).is_empty();
        let (name, kind) = query.name.rsplit_once(' ').filter(|(_, last)| ENDINGS.contains(last) && !is_town())?;
        Some(Named { name: name.to_owned(), kind: kind.to_owned(), beside: parts().skip(1).collect() })
    }

    /// The areas of a name that are of the kind that is said, in the country that is told.
    fn areas_of_kind(&self, named: &Named<'_>, country: Option<&str>) -> Vec<Candidate> {
        let kind = match named.kind.as_str() {
            "departement" | "department" | "departamento" | "departament" => AreaKind::Department,
            "region" | "regione" | "regiao" => AreaKind::Region,
            _ => return Vec::new(),
        };
        let is_there = |key: &&AreaKey| country.is_none_or(|country| self.gazetteer.area_country(key) == Some(country));
        let keys = self.gazetteer.areas_named(&named.name).into_iter().filter(|key| key.area_kind() == kind).filter(is_there);
        let candidate =
            |key: &AreaKey| Candidate { target: PlaceTarget::Area(key.clone()), certainty: 95, by: "name of the area" };
        keys.map(candidate).collect()
    }

    /// The country of a state, a province or the like.
    fn country_of_area(&self, name: &str) -> Option<&'static str> {
        self.gazetteer.country_of_region(name).or_else(|| Gazetteer::country_of_province(name))
    }

    /// Whether a text names an area of a country, by what it says or by what is known.
    pub(super) fn names_area(&self, text: &str, country: &str) -> bool {
        let name = fold(text);
        let is_of_several = || OF_SEVERAL.iter().any(|(known, countries)| *known == name && countries.contains(&country));
        self.named(text).is_some() || self.gazetteer.country_of_region(text) == Some(country) || is_of_several()
    }
}
