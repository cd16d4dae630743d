//! Where something is: by code, by name and what stands beside it, by postal code, by coordinates. Each answer says how it was
//! found and how certain it is; what is not certain enough is left to a person, with the candidates.

mod alone;
mod described;
mod gazetteer;
mod query;

use std::collections::BTreeSet;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Area, AreaKey, Place, PlaceTarget, RecordKind, Text, Town};

pub use alone::doubt_languages;
pub(crate) use described::{NAME_OF_COUNTRY, countries_of};
pub(crate) use gazetteer::country_named;
pub use gazetteer::{Gazetteer, KnownTown};

use crate::diagnostic::{Code, Diagnostic, Suggestions, nearest_folded};
use crate::draft::{Lookup, PlaceDraft};

/// How certain a place must be, in percent, to be taken without a person.
pub const CERTAIN: u8 = 80;

/// The most candidates that are named.
const MOST_CANDIDATES: usize = 6;

/// What became of a place that a draft names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolution {
    pub place: Option<Place>,
    /// What was said and what it led to, if it was more than a code.
    pub how: Option<(String, String)>,
    pub diagnostic: Option<Diagnostic>,
}

/// Towns and areas that are known.
#[derive(Debug, Default)]
pub struct Places {
    gazetteer: Gazetteer,
}

impl Places {
    /// Adds a town under one of its codes.
    pub fn add_town(&mut self, code: &str, town: &Town) {
        self.gazetteer.add_under(code, town);
    }

    /// Adds a town under everything by which it may be looked for.
    pub fn add_by_name(&mut self, town: &Town) {
        self.gazetteer.add(town);
    }

    /// Adds an area.
    pub fn add_area(&mut self, area: &Area) {
        self.gazetteer.add_area(area);
    }

    /// The countries in which a town or an area has a name; none if it is not known.
    pub fn countries_of(&self, name: &str) -> BTreeSet<String> {
        let gazetteer = &self.gazetteer;
        let of_towns = gazetteer.named(name).into_iter().flat_map(|town| &town.areas);
        let areas = of_towns.chain(gazetteer.areas_named(name));
        let countries = areas.filter_map(|area| gazetteer.area_country(area)).chain(gazetteer::country_named(name));
        countries.map(str::to_owned).collect()
    }

    /// The place that a draft names, and what is to be said about it.
    pub fn resolve(&self, draft: &Lookup<PlaceDraft>, suggestions: &mut Suggestions) -> Resolution {
        let said = |diagnostic| Resolution { diagnostic: Some(diagnostic), ..Resolution::default() };
        match &draft.value {
            PlaceDraft::Area(key) => self.area(key, None, draft),
            PlaceDraft::Known { key, said: name } => match self.gazetteer.town(key) {
                Some(town) => Resolution { place: Some(place(town, key, name.as_ref())), ..Resolution::default() },
                None => self.area(key, name.as_ref(), draft),
            },
            PlaceDraft::Town { code: Some(code), name, department } => match self.gazetteer.town(code) {
                Some(town) => Resolution {
                    place: Some(place(town, code, name.as_ref())),
                    diagnostic: name_differs(town, name.as_ref(), draft),
                    how: None,
                },
                None => said(self.suggest(draft, name.as_ref(), department.as_deref())),
            },
            PlaceDraft::Town { code: None, name, department } => {
                self.by_name(draft, name.as_ref(), department.as_deref(), suggestions)
            }
            PlaceDraft::Described(description) => described::resolve(&self.gazetteer, description, draft),
            // Whoever knows the files of the source follows references.
            PlaceDraft::Of(_) => said(draft.or_else.clone()),
        }
    }

    fn area(&self, key: &str, name: Option<&Text>, draft: &Lookup<PlaceDraft>) -> Resolution {
        let said = |diagnostic| Resolution { diagnostic: Some(diagnostic), ..Resolution::default() };
        match key.parse::<AreaKey>() {
            Ok(key) if self.gazetteer.areas.contains_key(&key) => {
                let place = Place { target: PlaceTarget::Area(key), original_code: None, original_name: name.cloned() };
                Resolution { place: Some(place), ..Resolution::default() }
            }
            Ok(_) => said(draft.or_else.clone()),
            Err(error) => said(draft.or_else.clone().expected(error.expected)),
        }
    }

    fn namesakes(&self, name: Option<&Text>, department: Option<&str>) -> Vec<&KnownTown> {
        let known = name.map(|name| self.gazetteer.named(name.as_str())).unwrap_or_default();
        let department: Option<AreaKey> = department.and_then(|code| format!("department:{code}").parse().ok());
        known.into_iter().filter(|town| department.as_ref().is_none_or(|key| town.areas.contains(key))).collect()
    }

    fn by_name(
        &self,
        draft: &Lookup<PlaceDraft>,
        name: Option<&Text>,
        department: Option<&str>,
        suggestions: &mut Suggestions,
    ) -> Resolution {
        let diagnostic = match self.namesakes(name, department).as_slice() {
            [only] => {
                let target = PlaceTarget::Town(only.key.clone());
                let place = Place { target, original_code: None, original_name: name.cloned() };
                return Resolution { place: Some(place), ..Resolution::default() };
            }
            [] => {
                let wanted = name.map(Text::as_str).unwrap_or_default();
                let look = || nearest_folded(wanted, self.gazetteer.names()).map(str::to_owned);
                Diagnostic { nearest: suggestions.find(RecordKind::Town, wanted, look), ..draft.or_else.clone() }
            }
            several => {
                let diagnostic = Diagnostic { code: Code::AmbiguousTown, ..draft.or_else.clone() };
                diagnostic.detail(self.candidates(several))
            }
        };
        Resolution { diagnostic: Some(diagnostic), ..Resolution::default() }
    }

    fn candidates(&self, towns: &[&KnownTown]) -> String {
        candidates(towns.iter().map(|town| self.gazetteer.describe(town)).collect())
    }

    /// What to say about a code that nobody has: the code of the only town of that name, if there is one.
    fn suggest(&self, draft: &Lookup<PlaceDraft>, name: Option<&Text>, department: Option<&str>) -> Diagnostic {
        let mut diagnostic = draft.or_else.clone();
        if let [only] = self.namesakes(name, department).as_slice() {
            let key = only.key.as_str();
            diagnostic.nearest = Some(key.strip_prefix("insee:").unwrap_or(key).to_owned());
        }
        diagnostic
    }
}

/// Candidates as a list for people.
fn candidates(mut described: Vec<String>) -> String {
    described.sort_unstable();
    described.dedup();
    let more = if described.len() > MOST_CANDIDATES { ", …" } else { "" };
    described.truncate(MOST_CANDIDATES);
    format!("{}{more}", described.join(", "))
}

fn place(town: &KnownTown, code: &str, name: Option<&Text>) -> Place {
    let original_code = (town.key.as_str() != code).then(|| code.parse().ok()).flatten();
    Place { target: PlaceTarget::Town(town.key.clone()), original_code, original_name: name.cloned() }
}

/// A code and a name that belong to different towns are worth a warning: one of them is wrong.
fn name_differs(town: &KnownTown, name: Option<&Text>, draft: &Lookup<PlaceDraft>) -> Option<Diagnostic> {
    let name = name?;
    let folded = fold(name.as_str());
    let is_near = town.names.iter().any(|known| *known == folded || known.contains(&folded) || folded.contains(known.as_str()));
    (!is_near).then(|| {
        let diagnostic = Diagnostic { code: Code::TownNameDiffers, ..draft.or_else.clone() };
        diagnostic.value(name.as_str()).detail(town.name.as_str())
    })
}

#[cfg(test)]
mod tests {
    use maillage_graph_schema::model::{FormerTown, TownType};

    use super::*;

    fn town(code: &str, name: &str, department: &str, former: &[(&str, &str)]) -> Town {
        Town {
            key: format!("insee:{code}").parse().expect("a key"),
            aliases: Vec::new(),
            name: name.parse().expect("a name"),
            town_type: TownType::Commune,
            population: None,
            postcodes: Vec::new(),
            point: None,
            part_of: vec![format!("department:{department}").parse().expect("a key")],
            parent: None,
            former: former
                .iter()
                .map(|(code, name)| FormerTown {
                    key: format!("insee:{code}").parse().expect("a key"),
                    name: name.parse().expect("a name"),
                })
                .collect(),
            provenance: Vec::new(),
        }
    }

    fn area(key: &str, name: &str) -> Area {
        Area {
            key: key.parse().expect("a key"),
            aliases: Vec::new(),
            name: name.parse().expect("a name"),
            form: None,
            part_of: Vec::new(),
            bounds: None,
            provenance: Vec::new(),
        }
    }

    fn places() -> Places {
        let mut places = Places::default();
        for town in [
            town("47001", "Agen", "47", &[]),
            town("02562", "Œuilly", "02", &[]),
            town("51410", "Œuilly", "51", &[]),
            town("01015", "Arboys en Bugey", "01", &[("01340", "Saint-Bois")]),
        ] {
            places.add_by_name(&town);
            places.add_town(town.key.as_str(), &town);
            town.former.iter().for_each(|former| places.add_town(former.key.as_str(), &town));
        }
        places.add_area(&area("department:47", "Lot-et-Garonne"));
        places
    }

    /// Code, name and department, to town (with `<code` if it was reached by another one) and diagnostic.
    #[test]
    fn towns_are_found_by_code_and_by_name_but_never_guessed() {
        let places = places();
        for (code, name, department, town, said) in [
            (Some("insee:47001"), Some("Agen"), None, Some("insee:47001"), None),
            (Some("insee:47001"), None, None, Some("insee:47001"), None),
            (Some("insee:47001"), Some("Ville d'AGEN"), None, Some("insee:47001"), None),
            (Some("insee:47001"), Some("Roubaix"), None, Some("insee:47001"), Some((Code::TownNameDiffers, None))),
            (Some("insee:01340"), Some("Saint-Bois"), None, Some("insee:01015<insee:01340"), None),
            (Some("insee:47999"), Some("Agen"), None, None, Some((Code::UnknownTown, Some("47001")))),
            (Some("insee:99999"), None, None, None, Some((Code::UnknownTown, None))),
            (None, Some("agen"), None, Some("insee:47001"), None),
            (None, Some("Saint Bois"), None, Some("insee:01015"), None),
            (None, Some("Oeuilly"), None, None, Some((Code::AmbiguousTown, None))),
            (None, Some("Oeuilly"), Some("51"), Some("insee:51410"), None),
            (None, Some("Agenn"), None, None, Some((Code::UnknownTown, Some("agen")))),
            (None, Some("En ligne"), None, None, Some((Code::UnknownTown, None))),
        ] {
            let draft = Lookup {
                value: PlaceDraft::Town {
                    code: code.map(str::to_owned),
                    name: name.map(|name| name.parse().expect("a name")),
                    department: department.map(str::to_owned),
                },
                or_else: Diagnostic::new(Code::UnknownTown, "a.md"),
            };
            let Resolution { place, diagnostic, .. } = places.resolve(&draft, &mut Suggestions::default());
            let found = place.map(|place| {
                let PlaceTarget::Town(key) = place.target else { panic!("an area") };
                place.original_code.map_or(key.to_string(), |code| format!("{key}<{code}"))
            });
            assert_eq!(found.as_deref(), town, "{code:?} {name:?}");
            let told = diagnostic.as_ref().map(|diagnostic| (diagnostic.code, diagnostic.nearest.as_deref()));
            assert_eq!(told, said, "{code:?} {name:?}");
        }
    }
}
