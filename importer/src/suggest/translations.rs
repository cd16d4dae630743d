//! Which pages are translations of one another, and where the language of each is said.

use std::collections::{BTreeMap, BTreeSet};

use maillage_graph_schema::model::Language;

use super::build::Material;
use super::clusters::Cluster;
use super::model::{FieldChoice, Rule, Suggestion, ValueChoice};
use super::page::Page;
use super::profile::Field;
use super::site;
use super::words::Meaning;
use crate::mapping::stem;

/// The language of pages without a suffix, if most of those with one are translations of them.
fn originals_without_suffix(pages: &[&Page]) -> Option<&'static str> {
    let without = |page: &Page| {
        let name = page.path.rsplit_once('.').map_or(page.path.as_str(), |(name, _)| name);
        site::suffix(&page.path).map_or(name, |(suffix, _)| name.trim_end_matches(suffix).trim_end_matches('.')).to_owned()
    };
    let (named, unnamed): (Vec<&Page>, Vec<&Page>) = pages.iter().copied().partition(|page| site::suffix(&page.path).is_some());
    let originals: BTreeSet<String> = unnamed.iter().map(|page| without(page)).collect();
    let translations = named.iter().filter(|page| originals.contains(&without(page))).count();
    if translations == 0 || translations * 2 < named.len() {
        return None;
    }
    site::language(unnamed).map(|(language, _)| language)
}

/// The field that pages share which are translations of one another: Hugo's `translationKey`, `ref` beside `lang`.
pub fn shared_key<'m>(cluster: &Cluster, material: &'m Material<'_>) -> Option<&'m Field> {
    const NAMES: &[&str] = &[
        "translationkey",
        "translation key",
        "translation id",
        "translationid",
        "ref",
        "lang ref",
        "i18n key",
        "i18n id",
        "trans id",
        "page id",
    ];
    let languages = cluster.languages.len().max(material.meanings.best(Meaning::Language).map_or(0, |field| field.counts.len()));
    let is_shared = |field: &&Field| {
        NAMES.contains(&super::words::name_words(field.name()).as_str())
            && !field.is_nested()
            && !field.is_list()
            && field.filled * 5 >= material.profile.files * 4
            && field.counts.values().all(|count| *count <= languages.max(1))
            && field.counts.values().any(|count| *count > 1)
    };
    material.profile.fields.values().find(is_shared)
}

/// What a page is called by: the name of its file, or of the folder above that of its language, `projects/kiosk/de/index.md`.
pub fn name<'p>(page: &'p Page, cluster: &Cluster) -> &'p str {
    let name = stem(&page.path);
    match above_language(page, cluster) {
        Some(level) => page.segments()[level],
        None => site::suffix(&page.path).map_or(name, |(suffix, _)| name.trim_end_matches(suffix).trim_end_matches('.')),
    }
}

/// How deep the folder lies above that of the language of a page, if it is called by that.
pub fn above_language(page: &Page, cluster: &Cluster) -> Option<usize> {
    let folders = page.segments().len() - 1;
    (folders >= 2 && cluster.languages.contains_key(stem(&page.path))).then(|| folders - 2)
}

/// Where the language is said; gives the languages of translations, the one with most text first.
pub fn languages(
    cluster: &Cluster,
    material: &Material<'_>,
    share_a_key: bool,
    fields: &mut Vec<FieldChoice>,
    values: &mut BTreeMap<&'static str, Vec<ValueChoice>>,
) -> Vec<String> {
    let mut words: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut stems: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    let by_folder = |page: &Page| page.path.split('/').find_map(|part| cluster.languages.get(part).copied());
    let by_suffix = |page: &Page| site::suffix(&page.path).map(|(_, language)| language);
    let suffixed = material.pages.iter().filter(|page| by_suffix(page).is_some()).count();
    // The original may have no suffix: `kiosk.md` beside `kiosk.en.md`.
    let unnamed = originals_without_suffix(material.pages);
    let uses_suffix = suffixed * 2 >= material.pages.len() && suffixed > 0 || unnamed.is_some();
    for page in material.pages {
        let found = if uses_suffix { by_suffix(page).or(unnamed) } else { by_folder(page) };
        let Some(language) = found else { continue };
        let titled = usize::from(page.fields.entries.iter().any(|entry| {
            super::words::meanings(&entry.key).first().is_some_and(|named| named.meaning == Meaning::Title)
                && !entry.node.is_blank()
        }));
        *words.entry(language).or_default() += page.words + 1_000 * titled;
        stems.entry(name(page, cluster).to_owned()).or_default().insert(language);
    }
    let mut add = |rule: Rule, filled: usize| fields.push(FieldChoice { ours: "lang", rules: vec![rule], filled, note: None });
    if words.is_empty() {
        if let Some(field) = material.meanings.best(Meaning::Language) {
            add(Rule::of(&field.path), field.filled);
            let theirs = field.by_frequency().into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
            language_values(theirs, values);
            if share_a_key {
                return field
                    .by_frequency()
                    .into_iter()
                    .filter_map(|(value, _)| super::words::language(value))
                    .map(str::to_owned)
                    .collect();
            }
        }
        return Vec::new();
    }
    if uses_suffix {
        add(Rule::of("{language_suffix}"), suffixed);
    } else {
        let of_language = |page: &&Page| page.segments().iter().position(|part| cluster.languages.contains_key(*part));
        let level = material.pages.iter().find_map(of_language).unwrap_or(0);
        add(Rule::of(format!("{{folder[{level}]}}")), material.pages.len());
        let theirs = cluster
            .languages
            .keys()
            .map(|name| {
                (name.clone(), material.pages.iter().filter(|page| page.path.split('/').any(|part| part == name)).count())
            })
            .collect();
        language_values(theirs, values);
    }
    let are_translations = stems.values().any(|languages| languages.len() > 1);
    let mut languages: Vec<(&'static str, usize)> = words.into_iter().collect();
    languages.sort_by_key(|(language, count)| (std::cmp::Reverse(*count), *language));
    if are_translations || uses_suffix || share_a_key {
        languages.into_iter().map(|(language, _)| language.to_owned()).collect()
    } else {
        Vec::new()
    }
}

/// The names of languages that are no codes of their own.
fn language_values(theirs: Vec<(String, usize)>, values: &mut BTreeMap<&'static str, Vec<ValueChoice>>) {
    let choices: Vec<ValueChoice> = theirs
        .into_iter()
        .filter_map(|(theirs, count)| {
            let ours = super::words::language(&theirs)?;
            Some(ValueChoice { theirs, ours: Some(ours.to_owned()), count, is_sure: true })
        })
        .collect();
    if choices.iter().any(|choice| choice.ours.as_deref() != Some(choice.theirs.as_str())) {
        values.insert("lang", choices);
    }
}

/// The language that initiatives are translated from, if they are translated.
pub fn original(suggestion: &Suggestion) -> Option<Language> {
    let mut translated = suggestion.collections.iter().filter(|collection| collection.makes == "initiatives");
    translated.find_map(|collection| collection.translations.first()).and_then(|language| language.parse().ok())
}

/// Texts of initiatives tell which language is the original; what has no text of its own follows them.
pub fn same_originals(suggestion: &mut Suggestion) {
    let order: Vec<String> = suggestion
        .collections
        .iter()
        .rev()
        .find(|collection| collection.makes == "initiatives")
        .map(|collection| collection.translations.clone())
        .unwrap_or_default();
    let place = |language: &String| order.iter().position(|known| known == language).unwrap_or(usize::MAX);
    suggestion
        .collections
        .iter_mut()
        .filter(|collection| collection.makes != "initiatives")
        .for_each(|collection| collection.translations.sort_by_key(place));
}
