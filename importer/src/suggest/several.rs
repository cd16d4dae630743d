//! Fields that name several places in one text, with commas between them; else what stands after a comma is where a place lies.

use std::collections::BTreeSet;

use maillage_explore::text::fold;

use super::Countries;
use super::build;
use super::model::PlaceChoice;
use super::profile::{Field, Profile, ratio};
use super::vocabulary::list;
use super::words;
use crate::resolve::places::country_named;

/// What parts the places in the values of a field, if some name several.
pub fn separator(field: &Field, countries: &Countries<'_>) -> Option<&'static str> {
    build::separator(field).filter(|separator| *separator != "," || are_lists(field, countries))
}

/// Asks for each country of a field that lists them: after the places that choices lead to, or instead of the one country that a
/// choice asks for.
pub fn list_countries(choices: &mut Vec<PlaceChoice>, profile: &Profile) {
    let of_lists = |choice: &PlaceChoice| {
        let path = choice.parts.iter().find(|(part, _)| *part == "country").map(|(_, path)| path)?;
        let field = profile.get(path)?;
        let separator = build::separator(field).filter(|separator| are_countries(field, separator))?;
        Some(PlaceChoice {
            parts: vec![("name", path.clone())],
            split: Some(separator),
            filled: field.filled,
            ..PlaceChoice::default()
        })
    };
    let Some((at, listed)) = choices.iter().enumerate().find_map(|(at, choice)| Some((at, of_lists(choice)?))) else { return };
    match &mut choices[at] {
        choice if choice.parts.len() == 1 => *choice = listed,
        _ => choices.push(listed),
    }
}

/// Whether most of what stands between commas are places, and not a town and where it lies.
fn are_lists(field: &Field, countries: &Countries<'_>) -> bool {
    /// By how many values it shows that they lie apart: one may be a mistake.
    const FEWEST: usize = 2;
    let several: Vec<Vec<&str>> = field.counts.keys().map(|value| parts(value, ",")).filter(|parts| parts.len() > 1).collect();
    let share = |is: &dyn Fn(&[&str]) -> bool| ratio(several.iter().filter(|parts| is(parts)).count(), several.len());
    let firsts: BTreeSet<String> =
        field.counts.keys().filter_map(|value| parts(value, ",").first().map(|part| fold(part))).collect();
    let stand_alone = |parts: &[&str]| parts[1..].iter().all(|part| firsts.contains(&fold(part)));
    let is_called_so = list("several", "places").contains(&words::name_words(field.name()).as_str());
    let has_country = |parts: &[&str]| parts[1..].iter().any(|part| country_named(part).is_some());
    let lie_apart = |parts: &[&str]| !has_country(parts) && lie_apart(parts, countries);
    let apart = several.iter().filter(|parts| lie_apart(parts)).count();
    share(&stand_alone) > 0.5 || is_called_so && share(&has_country) < 0.5 || apart >= FEWEST && share(&lie_apart) > 0.5
}

/// Whether most parts of a value are known, and the first lies in none of the countries of the others.
fn lie_apart(parts: &[&str], countries: &Countries<'_>) -> bool {
    let known: Vec<BTreeSet<String>> = parts.iter().map(|part| countries(part)).filter(|found| !found.is_empty()).collect();
    let Some((first, others)) = known.split_first().filter(|(_, others)| !others.is_empty()) else { return false };
    known.len() * 2 > parts.len() && others.iter().all(|other| other.is_disjoint(first))
}

/// Whether most of what a field lists are countries.
fn are_countries(field: &Field, separator: &str) -> bool {
    let several = field.counts.keys().map(|value| parts(value, separator)).filter(|parts| parts.len() > 1);
    let all: Vec<&str> = several.flatten().collect();
    ratio(all.iter().filter(|part| country_named(part).is_some()).count(), all.len()) > 0.5
}

fn parts<'v>(value: &'v str, separator: &str) -> Vec<&'v str> {
    value.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect()
}
