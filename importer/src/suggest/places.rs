//! Where initiatives are, as far as fields, folders and other collections tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use maillage_explore::text::fold;
use maillage_graph_schema::model::Language;
use regex::Regex;

use super::Countries;
use super::build::labels::names_of_links;
use super::build::{Material, is_in_another_language};
use super::decisions::Doubt;
use super::meaning::Meanings;
use super::model::PlaceChoice;
use super::page::Page;
use super::persons::names_organisation;
use super::profile::{Field, Profile, ratio};
use super::references::Reference;
use super::said::Said;
use super::several;
use super::site::OwnName;
use super::vocabulary::list;
use super::words::Meaning;
use crate::reference::{countries_with_regions, is_region};
use crate::resolve::places::{countries_of, country_named};

/// The countries in which a text names a place, with or without what often stands before and after a name.
pub fn countries_of_name(text: &str, countries: &Countries<'_>) -> BTreeSet<String> {
    let alone = text.split([',', '(', '/']).next().unwrap_or(text);
    // "Armley, Leeds": a quarter before its town.
    let last = text.rsplit(',').next().unwrap_or(text).trim();
    let found = [text, alone, last].into_iter().map(|text| {
        let folded = fold(text);
        if folded.is_empty() {
            return BTreeSet::new();
        }
        let whole = countries(text);
        let bare = || without_town_hall(&folded);
        if whole.is_empty() { bare().map(countries).unwrap_or_default() } else { whole }
    });
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// Ways to tell where the pages of a collection lie.
#[derive(Debug, Default)]
pub struct Whereabouts {
    /// The surest first.
    pub choices: Vec<PlaceChoice>,
    /// One that is not taken without a person's word.
    pub offered: Option<PlaceChoice>,
    pub decisions: Vec<Doubt>,
}

/// Where the pages of a collection lie, as far as they tell.
pub fn places(material: &Material<'_>, via: &[(&Reference, String, bool)], countries: &Countries<'_>) -> Whereabouts {
    let Material { meanings, profile, pages, .. } = *material;
    let is_place = &|text: &str| !countries(text).is_empty();
    let mut choices: Vec<PlaceChoice> = Vec::new();
    let mut decisions: Vec<Doubt> = Vec::new();
    let country = country_of_regions(meanings).or_else(|| country_of_links(profile));
    let mut around = by_fields(meanings, country.as_deref(), countries);
    // Coordinates may be wrong: a town beside them tells.
    let place = place_field(meanings, is_place);
    if let Some(choice) = around.as_mut().filter(|choice| has_part(choice, "latitude") || has_part(choice, "point"))
        && let Some(field) = place.filter(|field| !has_part(choice, "name") && known_share(field, is_place) > 0.5)
    {
        choice.parts.insert(0, ("name", field.path.clone()));
    }
    if around.as_ref().is_some_and(|choice| !is_area_alone(choice)) {
        choices.extend(around.take());
    }
    choices.extend(by_folder(pages, is_place, &mut decisions));
    if choices.iter().all(|choice| choice.filled * 2 < pages.len()) {
        choices.extend(by_file_name(pages, is_place));
    }
    for (reference, collection, has_place) in via {
        let Some(field) = profile.get(&reference.field).filter(|_| *has_place) else { continue };
        choices.push(PlaceChoice {
            parts: vec![("field", field.path.clone())],
            collections: Some(collection.clone()),
            filled: field.filled,
            ..PlaceChoice::default()
        });
    }
    let is_taken = |field: &&Field| choices.iter().flat_map(|choice| &choice.parts).any(|(_, path)| *path == field.path);
    if let Some(field) = place.filter(|field| !is_taken(field)) {
        choices.extend(by_words(field, countries, &mut decisions));
    }
    if choices.is_empty() {
        choices.extend(by_organisation(material, around.is_some(), countries, &mut decisions));
    }
    if choices.is_empty() {
        choices.extend(by_values(meanings, is_place, &mut decisions));
    }
    for choice in &mut choices {
        within(choice, around.as_ref(), material, countries, &mut decisions);
    }
    // What lies around is said where nothing else is.
    choices.extend(around.filter(|_| !choices.iter().any(|choice| has_part(choice, "name"))));
    several::list_countries(&mut choices, profile);
    let most = choices.iter().map(|choice| choice.filled).max().unwrap_or(0);
    // An address says little where the town is said.
    if let Some(field) = meanings.best(Meaning::Address).filter(|field| most * 2 < field.filled) {
        choices.push(PlaceChoice {
            parts: vec![("address", field.path.clone())],
            filled: field.filled,
            ..PlaceChoice::default()
        });
    }
    if let Some(country) = country {
        let note = Said::new(
            format!("le pays, à défaut : à retirer si tout n'est pas là ({country})"),
            format!("the country, for want of better: take it out if not all is there ({country})"),
        );
        choices.push(PlaceChoice {
            key: Some(format!("country:{country}")),
            filled: profile.files,
            note: Some(note),
            ..PlaceChoice::default()
        });
    }
    Whereabouts { choices, offered: None, decisions }
}

/// The field of places that names most of those that are known: beside a town there may be its quarter.
fn place_field<'p>(meanings: &Meanings<'p>, is_place: &dyn Fn(&str) -> bool) -> Option<&'p Field> {
    let fields = meanings.all(Meaning::Place).iter().map(|found| found.field);
    // Of equals the first.
    fields.rev().max_by(|one, other| known_share(one, is_place).total_cmp(&known_share(other, is_place)))
}

/// The share of the values of a field that are known places.
fn known_share(field: &Field, is_place: &dyn Fn(&str) -> bool) -> f64 {
    ratio(field.saying(is_place), field.values)
}

/// Whether a choice tells no more than what lies around a place.
fn is_area_alone(choice: &PlaceChoice) -> bool {
    choice.parts.iter().all(|(part, _)| matches!(*part, "department" | "region" | "country"))
}

fn has_part(choice: &PlaceChoice, part: &str) -> bool {
    choice.parts.iter().any(|(known, _)| *known == part)
}

/// Adds to a name what lies around it: by the fields that say so, or the country in which nearly all of its values are, where the
/// language of the texts does not tell it.
fn within(
    choice: &mut PlaceChoice,
    around: Option<&PlaceChoice>,
    material: &Material<'_>,
    countries: &Countries<'_>,
    decisions: &mut Vec<Doubt>,
) {
    if !has_part(choice, "name") || choice.collections.is_some() {
        return;
    }
    for (part, path) in around.iter().flat_map(|around| &around.parts) {
        if !has_part(choice, part) {
            choice.parts.push((part, path.clone()));
        }
    }
    let is_told = ["country", "code", "department", "region", "latitude", "point"].iter().any(|part| has_part(choice, part));
    let Some((_, path)) = choice.parts.iter().find(|(part, _)| *part == "name").filter(|_| !is_told).cloned() else { return };
    let spoken = material.language.parse::<Language>().map(|language| countries_of(&language)).unwrap_or_default();
    let country = country_of_names(&names_in(&path, choice.split, material), spoken, countries);
    // French postal codes tell towns apart as well.
    if let Some(country) = country.filter(|country| country != "FR" || !has_part(choice, "postcode")) {
        decisions.push(Doubt::CountryByValues { field: path, country: country.clone() });
        choice.parts.push(("country", country));
    }
}

/// The names that a field, or the folders at a level, give.
fn names_in(path: &str, split: Option<&str>, material: &Material<'_>) -> BTreeSet<String> {
    let level = path.strip_prefix("{folder[").and_then(|rest| rest.strip_suffix("]}")?.parse::<usize>().ok());
    let whole: Vec<String> = match level {
        Some(level) => material.pages.iter().filter_map(|page| page.segments().get(level).copied().map(bare)).collect(),
        None => material.profile.get(path).map(|field| field.counts.keys().cloned().collect()).unwrap_or_default(),
    };
    let parts = whole.iter().flat_map(|value| split.map_or_else(|| vec![value.as_str()], |split| value.split(split).collect()));
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A name of a folder as people write it.
fn bare(name: &str) -> String {
    name.trim_start_matches('_').replace(['-', '_'], " ")
}

/// The country in which nearly all places are that have these names, where the language of the texts does not tell it, or tells
/// some of them less well.
fn country_of_names(names: &BTreeSet<String>, spoken: &[&str], countries: &Countries<'_>) -> Option<String> {
    const FEWEST: usize = 3;
    let found: Vec<BTreeSet<String>> = names.iter().map(|name| countries(name)).filter(|found| !found.is_empty()).collect();
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    found.iter().flatten().for_each(|country| *counts.entry(country).or_default() += 1);
    let (country, count) = counts.into_iter().max_by_key(|(country, count)| (*count, std::cmp::Reverse(*country)))?;
    // Emigrants took the names of their towns along: Boston and Guadalajara tell less than Köln.
    let (fewest, share) = match country.as_str() {
        "GB" | "IE" => return None,
        "ES" | "PT" => (FEWEST + 2, 0.9),
        _ => (FEWEST, 0.7),
    };
    // Names that are not known may be those of towns elsewhere.
    let is_clear = count >= fewest && ratio(count, found.len()) > 0.9 && ratio(count, names.len()) > share;
    // Towns of one name on both sides of a border, against towns beyond it.
    let is_shared = |found: &&BTreeSet<String>| {
        found.contains(country) && found.iter().filter(|other| spoken.contains(&other.as_str())).count() > 1
    };
    let shared = found.iter().filter(is_shared).count();
    let is_told = spoken.contains(&country.as_str()) && shared <= found.len() - count;
    (is_clear && !is_told).then(|| country.clone())
}

/// Town, code, postcode, coordinates, and what lies around, which tells towns of one name apart.
fn by_fields(meanings: &Meanings<'_>, country: Option<&str>, countries: &Countries<'_>) -> Option<PlaceChoice> {
    const PARTS: &[(&str, Meaning)] = &[
        ("name", Meaning::Town),
        ("code", Meaning::TownCode),
        ("postcode", Meaning::Postcode),
        ("latitude", Meaning::Latitude),
        ("longitude", Meaning::Longitude),
        ("point", Meaning::Point),
        ("department", Meaning::Department),
        ("region", Meaning::Region),
        ("country", Meaning::Country),
    ];
    let mut choice = PlaceChoice::default();
    for (part, meaning) in PARTS {
        let Some(field) = meanings.best(*meaning) else { continue };
        // Half of a pair says nothing, and one way to give a point is enough.
        let is_idle = match *part {
            "latitude" => meanings.best(Meaning::Longitude).is_none(),
            "longitude" => meanings.best(Meaning::Latitude).is_none(),
            "point" => meanings.best(Meaning::Latitude).is_some(),
            _ => false,
        };
        if is_idle {
            continue;
        }
        if *part == "name" {
            choice.split = several::separator(field, countries);
        }
        // Some files may have the town in another field.
        let others = meanings.all(*meaning).iter().skip(1).map(|found| found.field);
        let other =
            others.filter(|_| *part == "name").find(|other| !field.is_list() && !other.is_list() && !other.path.contains("[]"));
        // "Land" is a state in Germany, and a country elsewhere.
        let named = field.saying(|value| country_named(value).is_some());
        let is_country = *part == "region" && ratio(named, field.values) > 0.6;
        if is_country && meanings.best(Meaning::Country).is_some() {
            continue;
        }
        let part = if is_country { &"country" } else { part };
        let path = if *part == "point" { field.path.trim_end_matches("[]").to_owned() } else { field.path.clone() };
        choice.parts.push((*part, path));
        choice.other_name = choice.other_name.or_else(|| other.map(|other| other.path.clone()));
        choice.filled = choice.filled.max(field.filled);
    }
    if choice.parts.is_empty() {
        return None;
    }
    if let Some(country) = country.filter(|_| !choice.parts.iter().any(|(part, _)| matches!(*part, "country" | "code"))) {
        choice.parts.push(("country", country.to_owned()));
    }
    Some(choice)
}

/// Organisations that are towns: "Ville d'Agen".
fn by_organisation(
    material: &Material<'_>,
    is_in_country: bool,
    countries: &Countries<'_>,
    decisions: &mut Vec<Doubt>,
) -> Option<PlaceChoice> {
    let found = material.meanings.any(&[Meaning::Operator, Meaning::Partner]);
    let mostly_towns = |field: &&Field| {
        let known = field.saying(|value| !countries(value).is_empty());
        // Where nothing but the country is told besides, some are better than none.
        ratio(known, field.values) > if is_in_country { 0.3 } else { 0.6 }
    };
    let fields: Vec<&Field> = found.map(|found| found.field).filter(|field| !field.is_nested()).collect();
    // Where the language does not tell the country, it is asked.
    let mostly = fields.iter().copied().find(|field| !is_of_many_countries(material.language) && mostly_towns(field));
    let by_halls = || {
        fields
            .iter()
            .filter(|field| names_of_links(field).is_none())
            .find_map(|field| by_town_halls(field, material.language, countries, decisions))
    };
    let of_field = |field: &Field| {
        let parts = vec![("name", field.path.clone())];
        let pattern = names_of_links(field).map(str::to_owned);
        PlaceChoice { parts, pattern, filled: field.filled, ..PlaceChoice::default() }
    };
    mostly.map(of_field).or_else(by_halls).or_else(|| fields.iter().copied().find(mostly_towns).map(of_field))
}

/// A field of organisations of which a third are town halls: what else it names lies anywhere.
fn by_town_halls(field: &Field, language: &str, countries: &Countries<'_>, decisions: &mut Vec<Doubt>) -> Option<PlaceChoice> {
    let halls: BTreeMap<&str, BTreeSet<String>> = field
        .counts
        .keys()
        .filter(|value| without_town_hall(&fold(value)).is_some())
        .map(|value| (value.as_str(), countries(value)))
        .collect();
    let known: BTreeMap<&str, &BTreeSet<String>> =
        halls.iter().filter(|(_, found)| !found.is_empty()).map(|(value, found)| (*value, found)).collect();
    let filled: usize = known.keys().map(|value| field.counts[*value]).sum();
    if known.len() < 2 || filled * 3 < field.values {
        return None;
    }
    let pattern = (halls.len() < field.counts.len()).then(|| pattern_of(&halls.keys().copied().collect()));
    let mut parts = vec![("name", field.path.clone())];
    let is_asked = is_of_many_countries(language);
    let names: BTreeSet<String> = halls.keys().map(|value| (*value).to_owned()).collect();
    let country = country_of_names(&names, &[], countries);
    parts.extend(country.iter().filter(|_| is_asked).map(|country| ("country", country.clone())));
    decisions.push(Doubt::PlaceOfTownHalls {
        field: field.path.clone(),
        examples: known.keys().map(|value| (*value).to_owned()).collect(),
        country: is_asked.then(|| country.unwrap_or_else(|| "…".to_owned())),
    });
    Some(PlaceChoice { parts, pattern, filled, ..PlaceChoice::default() })
}

/// What is left of a folded name without the words before or after it that say that it is of a town hall, if there are some.
fn without_town_hall(folded: &str) -> Option<&str> {
    let before = || list("before", "towns").iter().find_map(|start| folded.strip_prefix(start)?.strip_prefix(' '));
    let after = || list("before", "after").iter().find_map(|end| folded.strip_suffix(end)?.strip_suffix(' '));
    before().or_else(after)
}

/// What all town halls among names have in common: the first words of those that begin so, the last of others.
fn pattern_of(halls: &BTreeSet<&str>) -> String {
    let begins = |value: &str| list("before", "towns").iter().any(|start| fold(value).starts_with(&format!("{start} ")));
    let (beginning, ending): (Vec<&str>, Vec<&str>) = halls.iter().copied().partition(|value| begins(value));
    let firsts: BTreeSet<&str> = beginning.into_iter().filter_map(|value| value.split_whitespace().next()).collect();
    let lasts: BTreeSet<&str> = ending.into_iter().filter_map(|value| value.split_whitespace().next_back()).collect();
    let any_of = |words: BTreeSet<&str>| words.into_iter().map(regex::escape).collect::<Vec<_>>().join("|");
    let first = (!firsts.is_empty()).then(|| format!("^(?:{}) .*", any_of(firsts)));
    let last = (!lasts.is_empty()).then(|| format!("^.* (?:{})$", any_of(lasts)));
    first.into_iter().chain(last).collect::<Vec<_>>().join("|")
}

/// Whether a language is written in so many countries that the name of a town in it tells none: as the import has it.
fn is_of_many_countries(language: &str) -> bool {
    language.parse::<Language>().map(|language| countries_of(&language)).unwrap_or_default().is_empty()
}

/// A field whose name says nothing of a place, and whose values are places.
fn by_values(meanings: &Meanings<'_>, is_place: &dyn Fn(&str) -> bool, decisions: &mut Vec<Doubt>) -> Option<PlaceChoice> {
    /// By how many different places it shows.
    const LEAST: usize = 3;
    let known = |field: &Field| {
        // A letter or two are a code, though towns are called so.
        let places = field.counts.iter().filter(|(value, _)| value.chars().count() > 2 && is_place(value));
        let (different, all) = places.fold((0, 0), |(different, all), (_, count)| (different + 1, all + count));
        (different >= LEAST && ratio(all, field.values) > 0.4).then_some(all)
    };
    let found = meanings.unknown.iter().filter_map(|field| Some((*field, known(field)?)));
    let (field, _) = found.max_by_key(|(field, known)| (*known, std::cmp::Reverse(&field.path)))?;
    let examples = field.by_frequency().iter().map(|(value, _)| (*value).to_owned()).filter(|value| is_place(value)).collect();
    decisions.push(Doubt::PlaceByValues { field: field.path.clone(), examples });
    Some(PlaceChoice { parts: vec![("name", field.path.clone())], filled: field.filled, ..PlaceChoice::default() })
}

/// The town that an organisation is called after which nearly all files name: for a person to decide.
pub fn of_all(material: &Material<'_>, countries: &Countries<'_>) -> Option<(PlaceChoice, Doubt)> {
    const FEWEST: usize = 3;
    let files = material.profile.files;
    let found = material.meanings.any(&[Meaning::Operator, Meaning::Partner, Meaning::Funder]);
    let of_field = |field: &Field| {
        let (value, count) = field.by_frequency().first().map(|(value, count)| ((*value).to_owned(), *count))?;
        (files >= FEWEST && count * 10 >= files * 9).then_some(())?;
        let place = only_town_in(&value, countries)?;
        let country = country_of_town(&place, material.language, countries).unwrap_or_else(|| "…".to_owned());
        let choice = PlaceChoice {
            parts: vec![("value", place.clone()), ("country", country)],
            filled: count,
            note: Some(Said::new(format!("le lieu de « {value} »"), format!("the place of \"{value}\""))),
            ..PlaceChoice::default()
        };
        Some((choice, Doubt::PlaceOfAll { field: field.path.clone(), value, place }))
    };
    found.map(|found| found.field).find_map(of_field)
}

/// The town that the site is called after, or the repository: for a person to decide.
pub fn of_site(names: &[OwnName], material: &Material<'_>, countries: &Countries<'_>) -> Option<(PlaceChoice, Doubt)> {
    names.iter().find_map(|OwnName { path, text }| {
        let place = only_town_in(text, countries)?;
        let country = country_of_town(&place, material.language, countries).unwrap_or_else(|| "…".to_owned());
        let choice = PlaceChoice {
            parts: vec![("value", place.clone()), ("country", country)],
            note: Some(Said::new(format!("le nom que dit {path}"), format!("the name that {path} tells"))),
            ..PlaceChoice::default()
        };
        Some((choice, Doubt::PlaceOfSite { path: path.clone(), text: text.clone(), place }))
    })
}

/// The one town that a name of an organisation holds: `Karlsruhe` of `OK Lab Karlsruhe`.
fn only_town_in(name: &str, countries: &Countries<'_>) -> Option<String> {
    const LONGEST: usize = 3;
    const FEWEST_LETTERS: usize = 4;
    let words: Vec<&str> = name.split(|character: char| character.is_whitespace() || ",()/".contains(character)).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let is_town = |part: &str| {
        // Words of organisations are names of villages, too; letters that stand for words are no town.
        let is_word = part.chars().any(char::is_lowercase) && part.starts_with(char::is_uppercase);
        let are_letters =
            part.chars().all(|sign| sign.is_alphabetic() || " -'’.".contains(sign)) && part.ends_with(char::is_alphabetic);
        is_word
            && are_letters
            && part.chars().count() >= FEWEST_LETTERS
            && !names_organisation(part)
            && country_named(part).is_none()
            && !countries(part).is_empty()
    };
    // The longest first, each word once.
    let mut towns: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    while at < words.len() {
        let ends = (at + 1..=words.len().min(at + LONGEST)).rev();
        let found = ends.map(|end| (end, words[at..end].join(" "))).find(|(_, part)| is_town(part));
        at = found.as_ref().map_or(at + 1, |(end, _)| *end);
        towns.extend(found.map(|(_, part)| part));
    }
    towns.pop_first().filter(|_| towns.is_empty())
}

/// The field of places whose names are not known: for a person, who says the country. What the site is called may tell it, or where
/// most links lie.
pub fn unknown_names(names: &[OwnName], material: &Material<'_>) -> Option<PlaceChoice> {
    let field = material.meanings.all(Meaning::Place).iter().map(|found| found.field).find(|field| !field.is_nested())?;
    let words = names.iter().flat_map(|name| name.text.split(|sign: char| !sign.is_alphabetic()));
    let country = words.filter(|word| word.len() > 3).find_map(country_named).map(str::to_owned);
    let country = country.or_else(|| country_of_links(material.profile)).unwrap_or_else(|| "…".to_owned());
    Some(PlaceChoice {
        parts: vec![("name", field.path.clone()), ("country", country)],
        filled: field.filled,
        ..PlaceChoice::default()
    })
}

/// The country of a town, if its name or the language of the texts tells one.
fn country_of_town(town: &str, language: &str, countries: &Countries<'_>) -> Option<String> {
    let known = countries(town);
    let spoken = language.parse::<Language>().map(|language| countries_of(&language)).unwrap_or_default();
    let mut likely = known.iter().filter(|country| spoken.contains(&country.as_str()));
    let only = if known.len() == 1 { known.first() } else { likely.next().filter(|_| likely.next().is_none()) };
    only.cloned()
}

/// Where a title names a place at its end: "Un budget participatif à Grigny", "Léon (Mérignac)". From the first word that joins it
/// on: the plain of Versailles is not Versailles.
const PLACE_IN_TITLE: &str =
    r"(?:\b(?:à|de|du|des|d.|en|in|at|of)\s*(?:(?:la|le|les|el|los|las|the)\s+|l['’])?|[–(,:]\s*)(\p{Lu}[^,;:()]*?)\)?\s*$";

/// Titles that seem to name places, where nothing else tells them: for a person to decide.
pub fn in_titles(material: &Material<'_>, is_place: &dyn Fn(&str) -> bool) -> Option<(PlaceChoice, Doubt)> {
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(PLACE_IN_TITLE).unwrap_or_else(|_| unreachable!("the expression is one")));
    let Material { meanings, pages, .. } = *material;
    let titles = || meanings.all(Meaning::Title).iter().map(|found| found.field).filter(|field| !field.is_nested());
    let field = titles().find(|field| !is_in_another_language(field, material.language)).or_else(|| titles().next());
    let title = |page: &Page| match field {
        Some(field) => page.fields.get(field.top())?.scalar().map(str::to_owned),
        None => page.heading.clone(),
    };
    let titles: Vec<String> = pages.iter().filter_map(|page| title(page)).collect();
    // Letters that stand for words, such as GAP, are no town.
    let is_word = |name: &String| name.chars().any(char::is_lowercase);
    let named = |title: &String| {
        Some(NAMED.captures(title)?.get(1)?.as_str().trim().to_owned()).filter(|name| is_word(name) && is_place(name))
    };
    let named: Vec<String> = titles.iter().filter_map(named).collect();
    let from = field.map_or_else(|| "{heading}".to_owned(), |field| field.path.clone());
    (named.len() >= 2 && named.len() * 5 >= titles.len()).then(|| {
        let different: BTreeSet<String> = named.iter().cloned().collect();
        let choice = PlaceChoice {
            parts: vec![("name", from)],
            pattern: Some(PLACE_IN_TITLE.to_owned()),
            filled: named.len(),
            ..PlaceChoice::default()
        };
        let examples = different.into_iter().collect();
        (choice, Doubt::PlaceInTitles { named: named.len(), titles: titles.len(), examples })
    })
}

/// The country whose codes nearly all regions are.
fn country_of_regions(meanings: &Meanings<'_>) -> Option<String> {
    let field = meanings.best(Meaning::Region)?;
    let mut countries = countries_with_regions().filter(|country| {
        let is_known = |value: &str| is_region(country, &value.trim().to_uppercase());
        let known = field.saying(is_known);
        ratio(known, field.values) > 0.8
    });
    countries.next().map(str::to_owned)
}

/// A field that holds a place of any kind, and what in it is none.
fn by_words(field: &Field, countries: &Countries<'_>, decisions: &mut Vec<Doubt>) -> Option<PlaceChoice> {
    let is_place = |text: &str| !countries(text).is_empty();
    let nowhere: BTreeSet<String> = field.counts.keys().filter(|value| super::is_no_place(value)).cloned().collect();
    let known = field.saying(is_place);
    if known * 2 < field.values {
        let examples: Vec<String> = field
            .by_frequency()
            .iter()
            .map(|(value, _)| (*value).to_owned())
            .filter(|value| !is_place(value) && !nowhere.contains(value))
            .take(5)
            .collect();
        decisions.push(Doubt::FewPlaces { field: field.path.clone(), known, values: field.values, examples, is_offered: false });
    }
    if known * 5 < field.values {
        return None;
    }
    Some(PlaceChoice {
        parts: vec![("name", field.path.clone())],
        split: several::separator(field, countries).filter(|separator| *separator != "|"),
        nothing: nowhere.into_iter().collect(),
        filled: field.filled,
        ..PlaceChoice::default()
    })
}

/// The names of folders, where most of them are towns.
fn by_folder(pages: &[&Page], is_place: &dyn Fn(&str) -> bool, decisions: &mut Vec<Doubt>) -> Option<PlaceChoice> {
    let deepest = pages.iter().map(|page| page.segments().len() - 1).min().unwrap_or(0);
    for level in 0..deepest {
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for page in pages {
            *names.entry(page.segments()[level]).or_default() += 1;
        }
        if names.len() < 3 {
            continue;
        }
        let unknown: Vec<&str> = names.keys().copied().filter(|name| !is_place(&bare(name))).collect();
        if unknown.len() * 2 > names.len() {
            continue;
        }
        if !unknown.is_empty() {
            decisions.push(Doubt::FoldersUnknown { folders: unknown.iter().map(|name| (*name).to_owned()).collect() });
        }
        return Some(PlaceChoice {
            parts: vec![("name", format!("{{folder[{level}]}}"))],
            filled: pages.len(),
            ..PlaceChoice::default()
        });
    }
    None
}

/// What stands before the first underscore in the names of files, where most of that are towns: `agen_library.md`.
fn by_file_name(pages: &[&Page], is_place: &dyn Fn(&str) -> bool) -> Option<PlaceChoice> {
    const FEWEST: usize = 3;
    let before = |page: &&Page| page.stem().split_once('_').map(|(before, _)| before.replace('-', " "));
    let known: Vec<String> = pages.iter().filter_map(before).filter(|name| is_place(name)).collect();
    let different: BTreeSet<&String> = known.iter().collect();
    (different.len() >= FEWEST && known.len() * 5 >= pages.len() * 3).then(|| PlaceChoice {
        parts: vec![("name", "{file_stem}".to_owned())],
        pattern: Some("^([^_]+)_".to_owned()),
        filled: known.len(),
        ..PlaceChoice::default()
    })
}

/// The country under whose domain most links lie.
fn country_of_links(profile: &Profile) -> Option<String> {
    const COUNTRIES: &[&str] = &["fr", "be", "ch", "de", "at", "es", "it", "nl", "pt", "lu", "ie", "pl", "se", "fi", "dk"];
    let mut domains: BTreeMap<String, usize> = BTreeMap::new();
    let mut links = 0;
    let mut fields = BTreeSet::new();
    for field in profile.fields.values() {
        for value in field.counts.keys().filter(|value| value.starts_with("http")) {
            let host = value.split("//").nth(1).unwrap_or_default().split(['/', '?', '#', ':']).next().unwrap_or_default();
            // Where code and talk are kept says nothing of a country.
            if ["github.com", "gitlab.com", "facebook.com", "twitter.com", "youtube.com", "linkedin.com", "vimeo.com"]
                .iter()
                .any(|common| host.ends_with(common))
            {
                continue;
            }
            links += 1;
            fields.insert(field.path.as_str());
            *domains.entry(host.rsplit('.').next().unwrap_or_default().to_lowercase()).or_default() += 1;
        }
    }
    let (domain, count) = domains.into_iter().max_by_key(|(_, count)| *count)?;
    (links >= 10 && ratio(count, links) > 0.75 && COUNTRIES.contains(&domain.as_str())).then(|| domain.to_uppercase())
}
