//! Several places told where one is asked for: `Zürich, Berlin`, or `Belgium, US` as the country of one town. Which of them is meant
//! nobody can tell, so that none is taken for the place; a town with its region and its country is one place.

use std::collections::BTreeSet;

use maillage_explore::geo;
use maillage_explore::text::fold;

use super::{Beside, Finder, NEAR_ITS_NAME, is_street};
use crate::resolve::places::gazetteer::{self, Gazetteer, KnownTown};

/// Regions whose names are those of countries, folded, each with the country that it lies in.
const REGIONS_LIKE_COUNTRIES: &[(&str, &str)] = &[("georgia", "US"), ("luxembourg", "BE"), ("luxemburg", "BE")];

/// Countries that may be told with another one that they are said to lie in.
const WITHIN: &[(&str, &str)] = &[("HK", "CN"), ("TW", "CN")];

/// What may stand behind a country, and is larger, folded.
const LARGER: &[&str] = &[
    "africa",
    "afrique",
    "afrika",
    "america",
    "amerique",
    "amerika",
    "asia",
    "asie",
    "asien",
    "earth",
    "eu",
    "europa",
    "europe",
    "european union",
    "monde",
    "north america",
    "oceania",
    "oceanie",
    "south america",
    "ue",
    "union europeenne",
    "world",
];

/// What parts the countries of a list of them.
const BETWEEN_COUNTRIES: &[&str] = &[",", ";", "/", "|", "&", " and ", " et ", " und ", " y ", " e ", " en ", " og ", " och "];

impl Finder<'_> {
    /// Whether several places are told. A code, or a point, is that of one.
    pub(super) fn tells_several(&self) -> bool {
        let is_one = self.description.code.is_some() || self.description.point.is_some();
        let name = self.description.name.as_ref();
        !is_one && (self.has_several_countries() || name.is_some_and(|name| self.is_list(name.as_str())))
    }

    /// Whether what is told as the country names several.
    pub(super) fn has_several_countries(&self) -> bool {
        let Some(told) = self.description.country.as_deref() else { return false };
        if gazetteer::country(told).is_some() {
            return false;
        }
        let parts = BETWEEN_COUNTRIES.iter().fold(vec![told.to_owned()], |parts, between| {
            parts.iter().flat_map(|part| part.split(between)).map(str::to_owned).collect()
        });
        let country = |part: &String| gazetteer::country(part).or_else(|| gazetteer::country(&part.to_uppercase()));
        parts.iter().filter_map(country).collect::<BTreeSet<_>>().len() > 1
    }

    /// Whether a name is a list of names with commas.
    fn is_list(&self, text: &str) -> bool {
        let without_brackets = text.split('(').map(|part| part.split_once(')').map_or(part, |(_, after)| after));
        let whole = without_brackets.collect::<Vec<_>>().join(" ");
        let parts: Vec<&str> = whole.split(',').map(str::trim).filter(|part| !part.is_empty() && !is_street(part)).collect();
        if parts.len() < 2 {
            return false;
        }
        let beside: Vec<Beside> = parts[1..].iter().map(|part| self.beside(part)).collect();
        self.goes_on_behind_country(&parts, &beside)
            || names_several_countries(&parts)
            || states_of_several_countries(&parts, &beside)
            || self.names_several_provinces(&parts)
            || self.names_several_towns(&parts[1..], &beside)
    }

    /// Whether something that is no larger area, nor one of it, stands behind a country: `Bali, Singapore, Dubai`.
    fn goes_on_behind_country(&self, parts: &[&str], beside: &[Beside]) -> bool {
        let first = parts.iter().enumerate().find_map(|(index, part)| Some((index, own_country(part, parts)?)));
        let Some((index, country)) = first else { return false };
        let is_elsewhere = |beside: &Beside| match beside {
            Beside::Unknown => true,
            Beside::Areas(areas) => areas.iter().all(|area| self.gazetteer.area_country(area) != Some(country)),
            Beside::Postcode(_) | Beside::Region | Beside::State(_) => false,
        };
        let is_larger = |part: &str| LARGER.contains(&fold(part).as_str()) || gazetteer::country_named(part).is_some();
        parts[1..].iter().zip(beside).skip(index).any(|(part, beside)| is_elsewhere(beside) && !is_larger(part))
    }

    /// Whether two of them are towns, each with a province of its own: `Barcelona, Madrid`.
    fn names_several_provinces(&self, parts: &[&str]) -> bool {
        let named = parts.iter().find_map(|part| own_country(part, parts));
        let Some(country) = self.country().or(named) else { return false };
        let provinces = parts.iter().filter(|part| Gazetteer::is_province(part, country)).map(|part| fold(part));
        provinces.collect::<BTreeSet<_>>().len() > 1
    }

    /// Whether two of what stands behind a name, and is no area, are towns far from one another: `The hall, Lyon, Marseille`.
    fn names_several_towns(&self, parts: &[&str], beside: &[Beside]) -> bool {
        let open = parts.iter().zip(beside).filter(|(_, beside)| matches!(beside, Beside::Unknown)).map(|(part, _)| part);
        let towns: Vec<Vec<&KnownTown>> = open
            .filter(|part| Gazetteer::country_of_province(part).is_none())
            .map(|part| self.gazetteer.named(part))
            .filter(|towns| !towns.is_empty())
            .collect();
        let pairs = towns.iter().enumerate().flat_map(|(index, one)| towns[index + 1..].iter().map(move |other| (one, other)));
        pairs.into_iter().any(|(one, other)| !one.iter().any(|one| other.iter().any(|other| are_near(one, other))))
    }
}

/// The country that a part names, unless it is a region of another one that is named behind it: `Atlanta, Georgia, USA`.
fn own_country(part: &str, parts: &[&str]) -> Option<&'static str> {
    gazetteer::country_named(part).filter(|_| !is_region_within(part, parts))
}

/// Whether a part that has the name of a country is a region of another one that is named, too.
pub(super) fn is_region_within(part: &str, parts: &[&str]) -> bool {
    let name = fold(part);
    let within = REGIONS_LIKE_COUNTRIES.iter().find(|(known, _)| *known == name).map(|(_, country)| *country);
    within.is_some_and(|within| parts.iter().any(|other| gazetteer::country(other) == Some(within)))
}

fn names_several_countries(parts: &[&str]) -> bool {
    let named: BTreeSet<&str> = parts.iter().filter_map(|part| own_country(part, parts)).collect();
    let is_within = |country: &str| WITHIN.iter().any(|(inner, outer)| *inner == country && named.contains(outer));
    named.iter().filter(|country| !is_within(country)).count() > 1
}

/// Whether states of several countries are named, and none of these: `Austin, Texas, Toronto, Ontario`.
fn states_of_several_countries(parts: &[&str], beside: &[Beside]) -> bool {
    let state = |beside: &Beside| match beside {
        Beside::State(country) => Some(*country),
        _ => None,
    };
    let is_told = parts.iter().any(|part| gazetteer::country(part).is_some());
    !is_told && beside.iter().filter_map(state).collect::<BTreeSet<_>>().len() > 1
}

fn are_near(one: &KnownTown, other: &KnownTown) -> bool {
    let points = one.point.zip(other.point);
    points.is_some_and(|(one, other)| geo::distance(one, other) / 1000.0 <= NEAR_ITS_NAME)
}
