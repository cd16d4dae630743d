//! Towns and areas by code, former code, or name.

use std::collections::{HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::{AreaKey, Place, PlaceTarget, Text, Town, TownKey};

use crate::diagnostic::{Code, Diagnostic};
use crate::draft::{Lookup, PlaceDraft};

/// A town as far as resolving needs it.
#[derive(Debug, Clone)]
struct KnownTown {
    key: TownKey,
    name: Text,
    /// Folded names: its own and those of the communes merged into it.
    names: Vec<String>,
}

/// A town by its name.
#[derive(Debug, Clone)]
struct Namesake {
    key: TownKey,
    department: Option<String>,
}

/// Towns and areas that are known.
#[derive(Debug, Default)]
pub struct Places {
    by_code: HashMap<String, KnownTown>,
    by_name: HashMap<String, Vec<Namesake>>,
    areas: HashSet<AreaKey>,
}

impl Places {
    /// Adds a town under one of its codes.
    pub fn add_town(&mut self, code: &str, town: &Town) {
        let names = [&town.name].into_iter().chain(town.former.iter().map(|former| &former.name));
        let names = names.map(|name| fold(name.as_str())).collect();
        self.by_code.insert(code.to_owned(), KnownTown { key: town.key.clone(), name: town.name.clone(), names });
    }

    /// Adds a town under its name and those of the communes merged into it.
    pub fn add_by_name(&mut self, town: &Town) {
        let department = town.part_of.iter().find_map(|area| area.as_str().strip_prefix("department:")).map(str::to_owned);
        let own = fold(town.name.as_str());
        for name in town.former.iter().map(|former| fold(former.name.as_str())).chain([own]) {
            let namesakes = self.by_name.entry(name).or_default();
            if namesakes.last().is_none_or(|last| last.key != town.key) {
                namesakes.push(Namesake { key: town.key.clone(), department: department.clone() });
            }
        }
    }

    /// Adds an area.
    pub fn add_area(&mut self, key: AreaKey) {
        self.areas.insert(key);
    }

    /// The place that a draft names, and what is to be said about it.
    pub fn resolve(&self, draft: &Lookup<PlaceDraft>) -> (Option<Place>, Option<Diagnostic>) {
        match &draft.value {
            PlaceDraft::Area(key) => match key.parse::<AreaKey>() {
                Ok(key) if self.areas.contains(&key) => {
                    (Some(Place { target: PlaceTarget::Area(key), original_code: None, original_name: None }), None)
                }
                Ok(_) => (None, Some(draft.or_else.clone())),
                Err(error) => (None, Some(draft.or_else.clone().expected(error.expected))),
            },
            PlaceDraft::Town { code: Some(code), name, department } => match self.by_code.get(code) {
                Some(town) => (Some(place(town, code, name.as_ref())), name_differs(town, name.as_ref(), draft)),
                None => (None, Some(self.suggest(draft, name.as_ref(), department.as_deref()))),
            },
            PlaceDraft::Town { code: None, name, department } => self.resolve_name(draft, name.as_ref(), department.as_deref()),
        }
    }

    fn namesakes(&self, name: Option<&Text>, department: Option<&str>) -> Vec<&Namesake> {
        let known = name.and_then(|name| self.by_name.get(&fold(name.as_str()))).map(Vec::as_slice).unwrap_or_default();
        let is_there = |namesake: &&Namesake| department.is_none_or(|code| namesake.department.as_deref() == Some(code));
        known.iter().filter(is_there).collect()
    }

    fn resolve_name(
        &self,
        draft: &Lookup<PlaceDraft>,
        name: Option<&Text>,
        department: Option<&str>,
    ) -> (Option<Place>, Option<Diagnostic>) {
        match self.namesakes(name, department).as_slice() {
            [only] => {
                let target = PlaceTarget::Town(only.key.clone());
                (Some(Place { target, original_code: None, original_name: name.cloned() }), None)
            }
            [] => {
                let mut diagnostic = draft.or_else.clone();
                let wanted = name.map(Text::as_str).unwrap_or_default();
                diagnostic.nearest =
                    crate::diagnostic::nearest(wanted, self.by_name.keys().map(String::as_str)).map(str::to_owned);
                (None, Some(diagnostic))
            }
            several => {
                let mut keys: Vec<&str> = several.iter().map(|namesake| namesake.key.as_str()).collect();
                keys.sort_unstable();
                let more = if keys.len() > 6 { ", …" } else { "" };
                keys.truncate(6);
                let diagnostic = Diagnostic { code: Code::AmbiguousTown, ..draft.or_else.clone() };
                (None, Some(diagnostic.detail(format!("{}{more}", keys.join(", ")))))
            }
        }
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
        places.add_area("department:47".parse().expect("a key"));
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
            let (place, diagnostic) = places.resolve(&draft);
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
