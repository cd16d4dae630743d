//! Names of which nothing but the language of their text tells where they are. French is written in Québec and Dakar, too: where
//! most names of a source are unknown in the countries that its language stands for, the few that are known there have namesakes.

use std::collections::BTreeMap;

use maillage_graph_schema::model::Text;

use super::described::countries_of;
use super::{Places, query};
use crate::draft::{Description, FileDraft};

/// So many different names tell whether those of a source are known.
const FEWEST: usize = 5;

/// Takes away the language of places in drafts, where it tells nothing.
pub fn doubt_languages(drafts: &mut [FileDraft], places: &Places) {
    let mut names: BTreeMap<String, bool> = BTreeMap::new();
    for description in drafts.iter_mut().flat_map(|draft| draft.draft.descriptions()) {
        if let Some(name) = name_alone(description)
            && !names.contains_key(name)
        {
            names.insert(name.to_owned(), is_known(name, description, places));
        }
    }
    let known = names.values().filter(|is_known| **is_known).count();
    if names.len() < FEWEST || known * 2 >= names.len() {
        return;
    }
    for description in drafts.iter_mut().flat_map(|draft| draft.draft.descriptions()) {
        if name_alone(description).is_some() {
            description.language = None;
        }
    }
}

/// The name of a place of which nothing else is said.
fn name_alone(description: &Description) -> Option<&str> {
    let Description { name, code, postcode, department, region, country, point, address, language, .. } = description;
    let is_telling = language.as_ref().is_some_and(|language| !countries_of(language).is_empty());
    let is_alone = [code, postcode, department, region, country].iter().all(|said| said.is_none());
    name.as_ref().filter(|_| is_alone && is_telling && point.is_none() && address.is_none()).map(Text::as_str)
}

/// Whether a name, or what stands beside it, is that of a place where the language of its text is spoken.
fn is_known(name: &str, description: &Description, places: &Places) -> bool {
    let Some(language) = &description.language else { return false };
    let spoken = countries_of(language);
    let query = query::parse(name);
    let parts = [name, query.name.as_str()].into_iter().chain(query.qualifiers.iter().map(String::as_str));
    parts.into_iter().any(|part| places.countries_of(part).iter().any(|country| spoken.contains(&country.as_str())))
}
