//! Where something is, by what a partner says of it.

mod addresses;
mod named_areas;
mod several;

use maillage_explore::geo;
use maillage_explore::text::fold;
use maillage_graph_schema::model::{AreaKey, AreaKind, Language, Place, PlaceTarget, Text};

use super::gazetteer::{self, Gazetteer, KnownTown};
use super::query::{self, Query};
use super::{CERTAIN, Resolution, candidates};
use crate::diagnostic::Code;
use crate::draft::{Description, Lookup, PlaceDraft};
use crate::reference::{countries_with_regions, country_of_three_letters, is_region};

/// How far from a point the centre of a town may be that the file names too, in kilometres.
const NEAR_ITS_NAME: f64 = 20.0;

/// How far from a point the centre of the town may be that nothing but the point tells, in kilometres; the next one must be
/// twice as far.
const NEAR_ALONE: f64 = 5.0;

/// What would settle which country two letters beside a name mean.
pub const NAME_OF_COUNTRY: &str =
    "the name of the country, since its two letters are also those of a state elsewhere; or country in the mapping (places)";

/// What a description may mean.
#[derive(Debug, Clone, PartialEq)]
struct Candidate {
    target: PlaceTarget,
    /// In percent.
    certainty: u8,
    /// By what it was found.
    by: &'static str,
}

/// The place that a description tells, if it tells one for certain.
pub fn resolve(gazetteer: &Gazetteer, description: &Description, draft: &Lookup<PlaceDraft>) -> Resolution {
    let finder = Finder { gazetteer, description };
    let tells_several = finder.tells_several();
    let mut found = finder.candidates();
    if tells_several {
        for candidate in &mut found {
            candidate.certainty = candidate.certainty.min(60);
        }
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.certainty));
    let said = description.said(gazetteer);
    let place = |target: &PlaceTarget| Place {
        target: target.clone(),
        original_code: None,
        original_name: said.as_deref().and_then(|said| said.parse::<Text>().ok()),
    };
    let tied = |other: &Candidate| found.first().is_some_and(|best| other.certainty == best.certainty);
    let best: Vec<&Candidate> = found.iter().filter(|candidate| tied(candidate)).collect();
    let uncertain = |list: &[Candidate]| {
        let names = list.iter().map(|candidate| finder.describe(candidate)).collect();
        let mut diagnostic = draft.or_else.clone();
        diagnostic.code = if list.is_empty() { Code::UnknownPlace } else { Code::UncertainPlace };
        if let Some(said) = &said {
            let countries = description.country.as_ref().filter(|_| finder.has_several_countries());
            let countries = countries.filter(|countries| !said.contains(countries.as_str()));
            let whole = countries.map_or_else(|| said.clone(), |countries| format!("{said} ({countries})"));
            diagnostic = diagnostic.value(whole);
        }
        if finder.has_code_of_two() {
            diagnostic = diagnostic.expected(NAME_OF_COUNTRY);
        }
        diagnostic.detail(candidates(names))
    };
    match best.as_slice() {
        [only] if only.certainty >= CERTAIN => {
            let how = format!("{}, {} ({} %)", finder.name(&only.target), only.by, only.certainty);
            let how = said.clone().map(|said| (said, how));
            // What is known of it only as far as its country is told to a person, too.
            let diagnostic = finder.is_lost_town(only).then(|| uncertain(&[]));
            Resolution { place: Some(place(&only.target)), how, diagnostic }
        }
        _ => Resolution { place: None, how: None, diagnostic: Some(uncertain(&found)) },
    }
}

impl Description {
    /// What it says, as one line: the code of a department by its name, which the file or the mapping has no more than the code of.
    fn said(&self, gazetteer: &Gazetteer) -> Option<String> {
        let named = |code: &String| {
            let key = format!("department:{}", code.trim().to_uppercase()).parse::<AreaKey>().ok()?;
            gazetteer.areas.get(&key).map(|area| area.name.to_string())
        };
        let department = self.department.as_ref().map(|code| named(code).unwrap_or_else(|| code.clone()));
        let name = self.name.as_ref().map(ToString::to_string).or_else(|| self.address.as_ref().map(ToString::to_string));
        let point = self.point.map(|point| format!("{}, {}", point.latitude(), point.longitude()));
        let parts: Vec<String> = match name {
            Some(name) => {
                let beside = [&self.postcode, &department, &self.region].into_iter().flatten();
                let beside = beside.filter(|part| !fold(&name).contains(&fold(part))).cloned();
                let beside: Vec<String> = beside.collect();
                [name].into_iter().chain(beside).collect()
            }
            None => [&self.code, &self.postcode, &department, &self.region, &self.country]
                .into_iter()
                .flatten()
                .cloned()
                .chain(point)
                .collect(),
        };
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

struct Finder<'a> {
    gazetteer: &'a Gazetteer,
    description: &'a Description,
}

/// What stands beside a name, and what it means.
enum Beside {
    Areas(Vec<AreaKey>),
    Postcode(String),
    /// A region of a country whose regions are not known, since it is nothing else there.
    Region,
    /// A state or a province of a country, by its name: where it lies is not known.
    State(&'static str),
    /// It may be anything.
    Unknown,
}

impl Finder<'_> {
    fn candidates(&self) -> Vec<Candidate> {
        let description = self.description;
        if let Some(found) = description.code.as_deref().and_then(|code| self.by_code(code)) {
            return vec![found];
        }
        if let Some(name) = &description.name {
            return self.by_name(name.as_str());
        }
        if let Some(address) = &description.address {
            let found = self.by_address(address.as_str());
            if !found.is_empty() {
                return found;
            }
        }
        if let Some(postcode) = &description.postcode {
            return self.by_postcode(postcode);
        }
        if let Some(point) = description.point {
            let found = self.by_point(point);
            // Far from all towns that are known, the country is still what it is.
            return if found.is_empty() { self.country_alone() } else { found };
        }
        let areas = [&description.department, &description.region].into_iter().flatten();
        if let Some(area) = areas.map(|text| self.area(text)).find(|found| !found.is_empty()) {
            return area;
        }
        self.country_alone()
    }

    /// The country that is told, if it is known. A field of its own may have its code in small letters, or of three.
    fn country(&self) -> Option<&'static str> {
        let told = self.description.country.as_deref()?.trim();
        let upper = told.to_uppercase();
        let country = gazetteer::country(told).or_else(|| gazetteer::country(&upper));
        let country = country.or_else(|| country_of_three_letters(&upper))?;
        if self.description.country_is_assumed { self.country_of_state(country) } else { Some(country) }
    }

    /// The country that is assumed of all files, unless a state says that this one is of another; `None` if its code is that of
    /// none that is known.
    fn country_of_state(&self, assumed: &'static str) -> Option<&'static str> {
        let Some(region) = self.description.region.as_deref().map(str::trim) else { return Some(assumed) };
        let is_code = (2..=3).contains(&region.len()) && region.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_code && countries_with_regions().any(|known| known == assumed) && !is_region(assumed, region) {
            return countries_with_regions().find(|country| is_region(country, region));
        }
        Some(self.country_by_state(region).unwrap_or(assumed))
    }

    /// The country of a state, where no towns of it are known. Where some are, a state tells no more than which of them is meant: its
    /// name may be that of something else beside a town elsewhere.
    fn country_by_state(&self, name: &str) -> Option<&'static str> {
        self.gazetteer.country_of_region(name).filter(|country| !self.gazetteer.has_towns(country))
    }

    /// The country that a postal code tells by its form, where nothing is said of one.
    fn country_of_postcode(&self) -> Option<&'static str> {
        let postcode = self.description.postcode.as_deref().filter(|_| self.description.country.is_none());
        postcode.and_then(query::country_of_postcode)
    }

    /// A code with or without its scheme; a commune's may have lost its first zero.
    fn by_code(&self, code: &str) -> Option<Candidate> {
        let code = code.trim();
        let padded = format!("{code:0>5}");
        let is_short = code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        let town = self
            .gazetteer
            .town(code)
            .or_else(|| self.gazetteer.town(&format!("insee:{}", code.to_uppercase())))
            .or_else(|| self.gazetteer.town(&format!("insee:{padded}")).filter(|_| is_short));
        if let Some(town) = town {
            return Some(Candidate { target: PlaceTarget::Town(town.key.clone()), certainty: 99, by: "code" });
        }
        let area = |text: &str| text.parse::<AreaKey>().ok().filter(|key| self.gazetteer.areas.contains_key(key));
        let key = area(code).or_else(|| area(&format!("epci:{code}")))?;
        Some(Candidate { target: PlaceTarget::Area(key), certainty: 99, by: "code" })
    }

    fn by_name(&self, text: &str) -> Vec<Candidate> {
        self.by_kind(text).unwrap_or_else(|| self.by_name_alone(text))
    }

    /// Likewise, where the name does not say what it is.
    fn by_name_alone(&self, text: &str) -> Vec<Candidate> {
        // "Halle (Saale)" is a name as a whole.
        let is_whole_name = text.contains('(') && !self.gazetteer.named(text).is_empty();
        let query = if is_whole_name { Query { name: fold(text), ..Query::default() } } else { query::parse(text) };
        let areas = [&self.description.department, &self.description.region].into_iter().flatten();
        let said: Vec<&String> = query.qualifiers.iter().chain(areas).collect();
        let texts: Vec<&str> = said.iter().map(|text| text.as_str()).collect();
        let mut beside: Vec<Beside> = texts
            .iter()
            .map(|text| if several::is_region_within(text, &texts) { Beside::Region } else { self.beside(text) })
            .collect();
        let told = self.country();
        // A country that nobody knows makes the whole uncertain.
        let country_is_unknown = told.is_none() && self.description.country.is_some();
        // What this file says goes before what the mapping says of all.
        let (mut towns, is_whole) = self.towns(&query);
        self.tell_countries(&mut beside, &said, &towns);
        self.doubt_states(&mut beside, &towns);
        let said_beside = country_of(&beside);
        let country = if self.description.country_is_assumed { said_beside.or(told) } else { told.or(said_beside) };
        let country = country.or_else(|| self.country_of_postcode());
        // Of another country than this one it may be any region here.
        for state in beside.iter_mut().filter(|beside| matches!(beside, Beside::State(code) if Some(*code) != country)) {
            *state = Beside::Unknown;
        }
        for (beside, text) in beside.iter_mut().zip(said) {
            if matches!(beside, Beside::Unknown) && country.is_some_and(|country| self.may_be_region(text, &query.name, country))
            {
                *beside = Beside::Region;
            }
        }
        let postcode = query.postcode.clone().or_else(|| self.description.postcode.clone());
        beside.extend(postcode.map(Beside::Postcode));
        if let Some(country) = country
            && !self.gazetteer.has_towns(country)
        {
            let another = gazetteer::country_named(&query.name).filter(|_| self.description.country_is_assumed);
            let is_sure = another.is_none() && !country_is_unknown;
            return self.in_country(another.unwrap_or(country), if is_sure { 90 } else { 60 });
        }
        let is_uncertain = country_is_unknown || beside.iter().any(|beside| matches!(beside, Beside::Unknown));
        towns.retain(|town| beside.iter().all(|beside| self.agrees(town, beside)));
        if let Some(country) = country {
            towns.retain(|town| self.gazetteer.country_of(town) == Some(country));
        }
        // Who writes "Uster" means the town of that name, not the quarter that is called so among other things.
        let is_named = |town: &&KnownTown| town.names.first().is_some_and(|name| *name == query.name);
        if towns.iter().any(is_named) {
            let country_of = |town: &KnownTown| self.gazetteer.country_of(town).map(str::to_owned);
            let countries: Vec<Option<String>> =
                towns.iter().filter(|town| is_named(town)).map(|town| country_of(town)).collect();
            towns.retain(|town| is_named(town) || !countries.contains(&country_of(town)));
        }
        let is_told = country.is_some() || beside.iter().any(|beside| !matches!(beside, Beside::Unknown));
        // Of postal codes those of France alone are known.
        let is_told_of = |town: &KnownTown| {
            let in_france = self.gazetteer.country_of(town) == Some("FR");
            country.is_some()
                || beside
                    .iter()
                    .any(|beside| matches!(beside, Beside::Areas(_)) || in_france && matches!(beside, Beside::Postcode(_)))
        };
        let has_region = beside.iter().any(|beside| matches!(beside, Beside::Region | Beside::State(_)));
        if let Some(point) = self.description.point {
            return self.near(point, &towns, &query, country);
        }
        let mut found: Vec<Candidate> = towns
            .iter()
            .map(|town| {
                let certainty = match () {
                    () if is_uncertain => 60,
                    // The country alone does not make a name whole.
                    () if !is_whole && beside.iter().all(|beside| matches!(beside, Beside::Unknown)) => 60,
                    () if is_told_of(town) && has_region => 85,
                    () if is_told_of(town) => 97,
                    () if self.is_of_language(town) => 90,
                    () => 60,
                };
                let by = if query.is_alias { "name of its town hall" } else { "name" };
                Candidate { target: PlaceTarget::Town(town.key.clone()), certainty, by }
            })
            .collect();
        found.extend(self.areas(text, &query, country, is_told, is_uncertain));
        let mut found = without_larger(found);
        if found.is_empty() {
            found = self.longer(&query, &beside);
        }
        if found.is_empty() && country.is_none_or(|country| country == "FR") {
            found = self.perhaps_intercommunality(text);
        }
        if found.is_empty() && !country_is_unknown {
            found = self.around(text, &query, &beside, country);
        }
        if found.is_empty() && self.description.country_is_assumed {
            found = self.elsewhere(&query);
        }
        if found.is_empty() && country.is_none() && !country_is_unknown {
            found = self.in_state(&query);
        }
        if found.is_empty() {
            // A state does not tell the country where its towns are known and none has the name.
            let is_named = beside.iter().any(names_country);
            let tells = |country: &&str| told == Some(*country) || is_named || !has_region || !self.gazetteer.has_towns(country);
            let country = country.filter(|country| !is_uncertain && tells(country));
            return country.map_or_else(Vec::new, |country| self.in_country(country, 85));
        }
        found
    }

    /// Takes the code of a country behind the name of a town that is there for what it is: "London, GB". Where a state elsewhere has the
    /// code, too, the language of the file, or the country that is told or assumed, must bear it out: "Berlin, DE".
    fn tell_countries(&self, beside: &mut [Beside], said: &[&String], towns: &[&KnownTown]) {
        let open = beside.iter_mut().zip(said).filter(|(beside, _)| matches!(beside, Beside::Unknown | Beside::State(_)));
        for (beside, code) in open {
            let Some((country, is_state)) = self.country_by_code(code, towns) else { continue };
            let is_spoken =
                || self.description.language.as_ref().is_some_and(|language| countries_of(language).contains(&country));
            let is_borne_out = || is_spoken() || self.country() == Some(country);
            if (!is_state || is_borne_out())
                && let Ok(key) = format!("country:{country}").parse::<AreaKey>()
            {
                *beside = Beside::Areas(vec![key]);
            }
        }
    }

    /// The country of a code in capitals, where one of these towns lies; whether the code is that of a state elsewhere, too.
    fn country_by_code(&self, code: &str, towns: &[&KnownTown]) -> Option<(&'static str, bool)> {
        let code = code.trim();
        let is_code = code.bytes().all(|byte| byte.is_ascii_uppercase());
        let country = gazetteer::country(code).or_else(|| country_of_three_letters(code)).filter(|_| is_code)?;
        let is_there = towns.iter().any(|town| self.gazetteer.country_of(town) == Some(country));
        let is_state = countries_with_regions().any(|federation| federation != country && is_region(federation, code));
        is_there.then_some((country, is_state))
    }

    /// Whether a code beside the name is that of the country of a town of this name, and of a state elsewhere, too.
    fn has_code_of_two(&self) -> bool {
        let Some(name) = &self.description.name else { return false };
        let query = query::parse(name.as_str());
        let (towns, _) = self.towns(&query);
        query.qualifiers.iter().any(|code| self.country_by_code(code, &towns).is_some_and(|(_, is_state)| is_state))
    }

    /// Leaves open what states beside a name mean whose country has no town of that name that is known, where others have: "Spalding,
    /// South Holland". Where no towns of the country are known, they tell it: "Paris, Texas".
    fn doubt_states(&self, beside: &mut [Beside], towns: &[&KnownTown]) {
        let is_elsewhere = |code: &str| {
            self.gazetteer.has_towns(code)
                && !towns.is_empty()
                && towns.iter().all(|town| self.gazetteer.country_of(town) != Some(code))
        };
        for state in beside.iter_mut().filter(|beside| matches!(beside, Beside::State(code) if is_elsewhere(code))) {
            *state = Beside::Unknown;
        }
    }

    /// The country of a town that is not known, by the code of a state behind it: "Austin, TX". In other languages than English two
    /// letters are provinces of Italy as well; some of them are those of a country, or of a state of Australia, Brazil or Mexico.
    fn in_state(&self, query: &Query) -> Vec<Candidate> {
        const ELSEWHERE_TOO: &[&str] = &["BC", "MS", "NT", "PR", "WA"];
        let is_english = self.description.language.as_ref().is_some_and(|language| language.primary() == "en");
        let [state] = query.qualifiers.as_slice() else { return Vec::new() };
        if !is_english || gazetteer::country(state).is_some() || ELSEWHERE_TOO.contains(&state.trim()) {
            return Vec::new();
        }
        let country = countries_with_regions().find(|country| is_region(country, state.trim()));
        country.map_or_else(Vec::new, |country| self.in_country(country, 85))
    }

    /// What a name means in other countries than the one that is assumed: for a person to decide.
    fn elsewhere(&self, query: &Query) -> Vec<Candidate> {
        let town = |town: &KnownTown| Candidate { target: PlaceTarget::Town(town.key.clone()), certainty: 60, by: "name" };
        let towns = self.gazetteer.named(&query.name).into_iter().map(town);
        towns.chain(gazetteer::country_named(&query.name).into_iter().flat_map(|country| self.in_country(country, 60))).collect()
    }

    /// The town that stands beside a name that nobody knows: "Armley, Leeds", "Krutenau, Strasbourg (67)", "Euroméditerranée -
    /// Marseille (13)", where the other part may be a quarter, a hall, a street. Behind what may be a town, a name that is a province's
    /// as well is none of a town: "Caravaca de la Cruz, Murcia".
    fn around(&self, text: &str, query: &Query, beside: &[Beside], country: Option<&str>) -> Vec<Candidate> {
        let is_unknown = |beside: &Beside| matches!(beside, Beside::Unknown);
        let unknown: Vec<&String> =
            query.qualifiers.iter().zip(beside).filter(|(_, beside)| is_unknown(beside)).map(|(text, _)| text).collect();
        let known: Vec<&String> =
            query.qualifiers.iter().zip(beside).filter(|(_, beside)| !is_unknown(beside)).map(|(text, _)| text).collect();
        let head = text.split([',', '(']).next().unwrap_or_default();
        let parts: Vec<&str> = [" - ", " – ", " — "]
            .iter()
            .find(|dash| head.contains(**dash))
            .map_or_else(Vec::new, |dash| head.split(dash).collect());
        let country = country.and_then(crate::reference::country_name);
        let whole = |town: &str| {
            let more = known.iter().map(|text| text.as_str()).chain(country);
            [town.trim()].into_iter().chain(more).collect::<Vec<_>>().join(", ")
        };
        let found_of = |town: &str| -> Vec<Candidate> {
            let mut found = self.by_name(&whole(town));
            found.retain(|candidate| matches!(candidate.target, PlaceTarget::Town(_)));
            found
        };
        let found = match (unknown.last(), parts.is_empty()) {
            (Some(last), _) if !is_street(head) => self.without_capitals(found_of(last), last),
            (Some(last), _) => found_of(last),
            // Which of the parts is the town, only their names tell.
            (None, false) => parts.into_iter().flat_map(found_of).collect(),
            (None, true) => Vec::new(),
        };
        by_end(found)
    }

    /// Of towns of a name, those of which no province around them has it, too.
    fn without_capitals(&self, mut found: Vec<Candidate>, name: &str) -> Vec<Candidate> {
        let country_of = |target: &PlaceTarget| match target {
            PlaceTarget::Town(key) => self.gazetteer.town(key.as_str()).and_then(|town| self.gazetteer.country_of(town)),
            PlaceTarget::Area(_) => None,
        };
        found.retain(|candidate| !country_of(&candidate.target).is_some_and(|country| Gazetteer::is_province(name, country)));
        found
    }

    /// An intercommunality whose name is said without what it is: for a person to decide.
    fn perhaps_intercommunality(&self, text: &str) -> Vec<Candidate> {
        let candidate =
            |key: &AreaKey| Candidate { target: PlaceTarget::Area(key.clone()), certainty: 60, by: "name of the area" };
        self.gazetteer.intercommunalities_called(text).into_iter().map(candidate).collect()
    }

    /// The towns whose names go on after this one, where what stands beside it says which: of two that were one name a commune may
    /// have got a longer one. A postal code makes it certain.
    fn longer(&self, query: &Query, beside: &[Beside]) -> Vec<Candidate> {
        let tells = |beside: &Beside| match beside {
            Beside::Postcode(_) => true,
            Beside::Areas(areas) => areas.iter().any(|area| !area.as_str().starts_with("country:")),
            Beside::Region | Beside::State(_) | Beside::Unknown => false,
        };
        if !beside.iter().any(tells) {
            return Vec::new();
        }
        let mut towns = self.gazetteer.named_longer(&query.name);
        towns.retain(|town| beside.iter().all(|beside| self.agrees(town, beside)));
        let is_surely = |town: &KnownTown| {
            beside.iter().any(|beside| matches!(beside, Beside::Postcode(postcode) if town.postcodes.iter().any(|known| known.as_str() == postcode)))
        };
        let is_certain = towns.len() == 1 && !beside.iter().any(|beside| matches!(beside, Beside::Unknown));
        towns
            .into_iter()
            .map(|town| Candidate {
                target: PlaceTarget::Town(town.key.clone()),
                certainty: if is_certain && is_surely(town) { 90 } else { 60 },
                by: "start of its name",
            })
            .collect()
    }

    /// The towns of a name, and whether it is the whole name; an arrondissement by its number.
    fn towns(&self, query: &Query) -> (Vec<&KnownTown>, bool) {
        if let Some((city, number)) = query::arrondissement(&query.name) {
            let ending = if number == 1 { "er" } else { "e" };
            return (self.gazetteer.named(&format!("{city} {number}{ending} arrondissement")), true);
        }
        let towns = self.gazetteer.named(&query.name);
        if !towns.is_empty() {
            return (towns, true);
        }
        let first = |names: Vec<String>| names.iter().map(|name| self.gazetteer.named(name)).find(|towns| !towns.is_empty());
        let without_ending = first(query::without_ending(&query.name)).map(|towns| (towns, true));
        // "Trinité" is La Trinité, for a person or where something else tells; "Pré-Saint-Gervais" is Le Pré-Saint-Gervais.
        let is_long = query.name.contains(' ');
        let with_article = || first(query::with_article(&query.name));
        without_ending.or_else(|| with_article().map(|towns| (towns, is_long))).unwrap_or_default()
    }

    /// What stands beside a name, by what it looks like.
    fn beside(&self, text: &str) -> Beside {
        match self.beside_as_written(text) {
            Beside::Unknown => self.department_with_code(text).map_or(Beside::Unknown, |key| Beside::Areas(vec![key])),
            known => known,
        }
    }

    /// A department with its code beside its name, or beside the word: `Ardèche (07)`, `07 - Ardèche`, `Dpt 07`.
    fn department_with_code(&self, text: &str) -> Option<AreaKey> {
        const WORDS: &[&str] = &["departement", "department", "dept", "dpt", "dep"];
        let folded = fold(text);
        let (first, last) = (folded.split_once(' ')?, folded.rsplit_once(' ')?);
        let of = |(code, name): (&str, &str)| {
            let key = format!("department:{}", code.to_uppercase()).parse::<AreaKey>().ok()?;
            let is_told = WORDS.contains(&name) || self.gazetteer.areas_named(name).into_iter().any(|named| *named == key);
            (self.gazetteer.areas.contains_key(&key) && is_told).then_some(key)
        };
        of(first).or_else(|| of((last.1, last.0)))
    }

    fn beside_as_written(&self, text: &str) -> Beside {
        let text = text.trim();
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if is_digits && text.len() == 5 {
            return Beside::Postcode(text.to_owned());
        }
        if let Ok(key) = format!("department:{}", text.to_uppercase()).parse::<AreaKey>()
            && self.gazetteer.areas.contains_key(&key)
            && text.len() <= 3
        {
            return Beside::Areas(vec![key]);
        }
        // The code of a country is that of a state of a federation as often.
        if let Some(country) = gazetteer::country_named(text)
            && let Ok(key) = format!("country:{country}").parse::<AreaKey>()
        {
            return Beside::Areas(vec![key]);
        }
        let areas: Vec<AreaKey> = self.gazetteer.areas_named(text).into_iter().cloned().collect();
        if areas.is_empty() {
            return self.gazetteer.country_of_region(text).map_or(Beside::Unknown, Beside::State);
        }
        Beside::Areas(areas)
    }

    /// Whether what stands beside a name may be a region of a country: of one whose regions are not known, and where no town is
    /// called so, unless it is the name itself, or a province's as well: "Caravaca de la Cruz, Murcia, España".
    fn may_be_region(&self, text: &str, name: &str, country: &str) -> bool {
        let is_town = || self.gazetteer.named(text).iter().any(|town| self.gazetteer.country_of(town) == Some(country));
        let is_province = || !is_street(name) && Gazetteer::is_province(text, country);
        let may_be = || fold(text) == name || is_province() || !is_town();
        country != "FR" && self.gazetteer.has_towns(country) && may_be()
    }

    fn agrees(&self, town: &KnownTown, beside: &Beside) -> bool {
        match beside {
            Beside::Region | Beside::Unknown => true,
            Beside::State(country) => self.gazetteer.country_of(town) == Some(country),
            Beside::Areas(areas) => areas.iter().any(|area| self.gazetteer.is_in(town, area)),
            Beside::Postcode(_) if self.gazetteer.country_of(town) != Some("FR") => true,
            // A postal code that no town has, such as that of a large office, tells its department; the number may be the
            // code of the commune instead.
            Beside::Postcode(postcode) => {
                let has_it = town.postcodes.iter().any(|known| known.as_str() == postcode);
                let is_code = town.key.as_str() == format!("insee:{postcode}");
                let is_special = self.gazetteer.of_postcode(postcode).is_empty();
                let department = postcode.get(..if postcode.starts_with("97") { 3 } else { 2 }).unwrap_or_default();
                let in_department = || {
                    let departments = town.areas.iter().filter_map(|area| area.as_str().strip_prefix("department:"));
                    departments.into_iter().any(|code| code == department || (department == "20" && code.starts_with('2')))
                };
                has_it || is_code || (is_special && in_department())
            }
        }
    }

    /// The towns of a name that lie near a point.
    fn near(
        &self,
        point: maillage_graph_schema::model::Point,
        named: &[&KnownTown],
        query: &Query,
        country: Option<&str>,
    ) -> Vec<Candidate> {
        let distance = |town: &KnownTown| Some(geo::distance(town.point?, point) / 1000.0);
        let mut near: Vec<(&KnownTown, f64)> =
            named.iter().filter_map(|town| Some((*town, distance(town)?))).filter(|(_, away)| *away <= NEAR_ITS_NAME).collect();
        if near.is_empty() {
            // A name may be the start of the whole one: Frankfurt (am Main).
            let around = self.gazetteer.around(point).into_iter().filter(|(town, away)| {
                let starts = town.names.iter().any(|name| name.starts_with(&format!("{} ", query.name)));
                starts && *away <= NEAR_ITS_NAME && country.is_none_or(|code| self.gazetteer.country_of(town) == Some(code))
            });
            near = around.collect();
        }
        near.sort_by(|one, other| one.1.total_cmp(&other.1));
        let candidate = |town: &KnownTown, certainty| Candidate {
            target: PlaceTarget::Town(town.key.clone()),
            certainty,
            by: "name and coordinates",
        };
        match near.as_slice() {
            [(only, _)] => vec![candidate(only, 98)],
            [(first, one), (_, other), ..] if *other > one * 3.0 => vec![candidate(first, 95)],
            [] => {
                // The name is not that of a town there: an area has no point of its own.
                let areas = self.areas(&query.name, query, country, country.is_some(), false);
                match (areas.is_empty(), named.is_empty()) {
                    (false, _) => areas,
                    (true, false) => named.iter().map(|town| candidate(town, 50)).collect(),
                    // A name that nobody knows, of a hamlet or a quarter, contradicts nothing.
                    (true, true) => self.by_point(point),
                }
            }
            several => several.iter().map(|(town, _)| candidate(town, 70)).collect(),
        }
    }

    /// Areas of a name: intercommunalities, departments, regions, countries.
    fn areas(&self, text: &str, query: &Query, country: Option<&str>, is_told: bool, is_uncertain: bool) -> Vec<Candidate> {
        let whole = self.gazetteer.areas_named(text);
        let keys = if whole.is_empty() && !query.is_alias { self.gazetteer.areas_named(&query.name) } else { whole };
        let is_there =
            |key: &AreaKey| country.is_none_or(|code| self.gazetteer.area_country(key).is_none_or(|known| known == code));
        let mut found: Vec<Candidate> = keys
            .into_iter()
            .filter(|key| is_there(key))
            .map(|key| {
                let certainty = if is_uncertain {
                    60
                } else if is_told {
                    95
                } else {
                    90
                };
                Candidate { target: PlaceTarget::Area(key.clone()), certainty, by: "name of the area" }
            })
            .collect();
        if found.is_empty()
            && text.trim().len() > 2
            && let Some(code) = gazetteer::country(text).filter(|code| country.is_none_or(|known| known == *code))
        {
            found = self.in_country(code, 90);
        }
        found
    }

    fn area(&self, text: &str) -> Vec<Candidate> {
        let areas = match self.beside(text) {
            Beside::Areas(areas) => areas,
            Beside::State(_) => return self.country_by_state(text).map_or_else(Vec::new, |country| self.in_country(country, 90)),
            Beside::Postcode(_) | Beside::Region | Beside::Unknown => return Vec::new(),
        };
        let candidate = |key: AreaKey| Candidate { target: PlaceTarget::Area(key), certainty: 95, by: "name of the area" };
        without_larger(areas.into_iter().map(candidate).collect())
    }

    fn by_postcode(&self, postcode: &str) -> Vec<Candidate> {
        let towns = self.gazetteer.of_postcode(postcode.trim());
        let is_elsewhere = self.country().or_else(|| self.country_of_postcode());
        if let Some(country) = is_elsewhere.filter(|code| *code != "FR") {
            return self.in_country(country, 90);
        }
        // Five digits are a code in a dozen countries.
        let is_told = self.description.country.is_some() || self.description.language.is_none();
        let certainty = |town: &KnownTown| if towns.len() == 1 && (is_told || self.is_of_language(town)) { 85 } else { 50 };
        let candidate = |town: &&KnownTown| Candidate {
            target: PlaceTarget::Town(town.key.clone()),
            certainty: certainty(town),
            by: "postal code",
        };
        towns.iter().map(candidate).collect()
    }

    fn by_point(&self, point: maillage_graph_schema::model::Point) -> Vec<Candidate> {
        let nearest = self.gazetteer.around(point);
        let candidate = |town: &KnownTown, certainty| Candidate {
            target: PlaceTarget::Town(town.key.clone()),
            certainty,
            by: "nearest to its coordinates",
        };
        match nearest.as_slice() {
            [(first, one), (_, other), ..] if *one <= NEAR_ALONE && *other >= one * 2.0 => vec![candidate(first, 85)],
            [(first, one)] if *one <= NEAR_ALONE => vec![candidate(first, 85)],
            several => several.iter().take(2).map(|(town, _)| candidate(town, 50)).collect(),
        }
    }

    fn country_alone(&self) -> Vec<Candidate> {
        let country = self.country();
        country.map_or_else(Vec::new, |country| self.in_country(country, 95))
    }

    fn in_country(&self, country: &str, certainty: u8) -> Vec<Candidate> {
        let key = format!("country:{country}").parse::<AreaKey>().ok().filter(|key| self.gazetteer.areas.contains_key(key));
        key.into_iter().map(|key| Candidate { target: PlaceTarget::Area(key), certainty, by: "country" }).collect()
    }

    /// Whether a town of this name is one where the language of the file is spoken.
    fn is_of_language(&self, town: &KnownTown) -> bool {
        let Some(country) = self.gazetteer.country_of(town) else { return false };
        let language = self.description.language.as_ref();
        language.is_some_and(|language| countries_of(language).contains(&country))
    }

    /// Whether a town was named in a country whose towns are known, and is not one of them.
    fn is_lost_town(&self, candidate: &Candidate) -> bool {
        let PlaceTarget::Area(key) = &candidate.target else { return false };
        let Some(country) = key.as_str().strip_prefix("country:").filter(|country| self.gazetteer.has_towns(country)) else {
            return false;
        };
        let is_of_area = |name: &Text| gazetteer::country(name.as_str()).is_some() || self.names_area(name.as_str(), country);
        let said = self.description.name.as_ref().or(self.description.address.as_ref());
        candidate.by == "country" && said.is_some_and(|said| !is_of_area(said))
    }

    fn name(&self, target: &PlaceTarget) -> String {
        match target {
            PlaceTarget::Town(key) => {
                self.gazetteer.town(key.as_str()).map_or_else(|| key.to_string(), |town| self.gazetteer.describe(town))
            }
            PlaceTarget::Area(key) => self.gazetteer.describe_area(key),
        }
    }

    fn describe(&self, candidate: &Candidate) -> String {
        self.name(&candidate.target)
    }
}

/// Where a language is spoken, as far as that tells where a town is that is named in it.
pub fn countries_of(language: &Language) -> &'static [&'static str] {
    match language.primary() {
        "fr" => &["FR", "BE", "CH", "LU"],
        "de" => &["DE", "AT", "CH", "LU", "LI"],
        "ca" | "gl" | "eu" => &["ES"],
        "it" => &["IT", "CH"],
        "nl" => &["NL", "BE"],
        "pl" => &["PL"],
        "sv" => &["SE", "FI"],
        "da" => &["DK"],
        "fi" => &["FI"],
        "el" => &["GR", "CY"],
        "cs" => &["CZ"],
        "hu" => &["HU"],
        "ro" => &["RO"],
        // English, Spanish and Portuguese are written of everywhere: towns of Spain have namesakes from Mexico to Chile.
        _ => &[],
    }
}

/// Whether a part of an address has a number: no town has one.
fn is_street(part: &str) -> bool {
    part.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether the name of a country stands beside a name.
fn names_country(beside: &Beside) -> bool {
    matches!(beside, Beside::Areas(areas) if areas.iter().all(|area| area.area_kind() == AreaKind::Country))
}

fn country_of(beside: &[Beside]) -> Option<&'static str> {
    beside.iter().find_map(|beside| match beside {
        Beside::Areas(areas) => match areas.as_slice() {
            [only] => crate::reference::country_code(only.as_str().strip_prefix("country:")?),
            _ => None,
        },
        Beside::State(country) => Some(*country),
        _ => None,
    })
}

/// Of areas of one name that lie within each other (a department that is a region), and of a town that is a department, the
/// smallest.
fn without_larger(mut found: Vec<Candidate>) -> Vec<Candidate> {
    let is_town =
        |candidate: &Candidate, key: &str| matches!(&candidate.target, PlaceTarget::Town(known) if known.as_str() == key);
    if found.iter().any(|candidate| is_town(candidate, "insee:75056")) {
        found.retain(|candidate| !matches!(&candidate.target, PlaceTarget::Area(key) if key.as_str() == "department:75"));
    }
    let departments = found.iter().filter(|candidate| kind(candidate) == Some(AreaKind::Department)).count();
    if departments == 1 {
        found.retain(|candidate| kind(candidate) != Some(AreaKind::Region));
    }
    found
}

fn kind(candidate: &Candidate) -> Option<AreaKind> {
    match &candidate.target {
        PlaceTarget::Area(key) => Some(key.area_kind()),
        PlaceTarget::Town(_) => None,
    }
}

/// What the end of an address names: less sure than a name of its own.
fn by_end(mut found: Vec<Candidate>) -> Vec<Candidate> {
    for candidate in &mut found {
        candidate.certainty = candidate.certainty.min(85);
        candidate.by = "end of its address";
    }
    found
}
