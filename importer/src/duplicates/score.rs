//! How likely two tellings are of one initiative: the log-odds of each thing observed, added up, as in record linkage (Fellegi,
//! Sunter: *A Theory for Record Linkage*, 1969).
//!
//! `probability = 1 / (1 + e^−(PRIOR + Σ weights))`. The weights are judged, not learnt: `docs/duplicates.md` tells what they mean.

use std::collections::HashMap;

use maillage_graph_schema::model::SourceKey;

use super::Telling;

/// What speaks against any two that share a rare word being one.
const PRIOR: f64 = -4.5;
/// Equal titles, of words rare enough.
const TITLE_ALIKE: f64 = 8.0;
/// Titles without a word in common.
const TITLE_UNLIKE: f64 = -3.0;
/// A link that no other initiative has; each further one that has it makes it say less.
const SAME_LINK: f64 = 7.0;
const LINK_OF_MANY: f64 = -2.0;
const SAME_TOWN: f64 = 2.0;
const OTHER_TOWN: f64 = -3.0;
const SAME_ORGANISATION: f64 = 1.5;
/// Texts that are one.
const TEXT_ALIKE: f64 = 9.0;
/// Texts without three words in a row in common.
const TEXT_UNLIKE: f64 = -0.5;
/// One author seldom tells the same twice.
const SAME_SOURCE: f64 = -2.0;

/// From here on a pair is worth a person's look.
pub const WORTH_A_LOOK: f64 = 0.5;

/// One thing observed of two tellings.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    pub what: Observation,
    /// How much it speaks for one initiative, or against it: log-odds.
    pub weight: f64,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// The words that the titles share.
    Title(Vec<String>),
    Link(String),
    Town(String),
    OtherTown,
    Organisation(String),
    /// The share of their texts that is the same.
    Text(f64),
    SameSource(SourceKey),
}

/// In how many titles each word is, and how many initiatives have a link.
#[derive(Debug, Default)]
pub struct Rarities {
    counts: HashMap<String, u32>,
    titles: f64,
    /// In how many initiatives each link is.
    links: HashMap<String, u32>,
}

impl Rarities {
    /// Of all tellings.
    pub fn of(tellings: &[Telling]) -> Self {
        let mut rarities = Self::default();
        for telling in tellings {
            for words in &telling.words {
                rarities.titles += 1.0;
                for word in words {
                    *rarities.counts.entry(word.clone()).or_default() += 1;
                }
            }
            for link in &telling.links {
                *rarities.links.entry(link.clone()).or_default() += 1;
            }
        }
        rarities
    }

    fn links_alike(&self, link: &str) -> u32 {
        self.links.get(link).copied().unwrap_or_default()
    }

    pub fn count(&self, word: &str) -> u32 {
        self.counts.get(word).copied().unwrap_or_default()
    }

    fn rarity(&self, word: &str) -> f64 {
        (1.0 + self.titles / f64::from(self.count(word).max(1))).ln()
    }

    /// Which share of both titles their common words make, by rarity (Dice's coefficient), times how sure these are together.
    fn alike(&self, one: &[String], other: &[String]) -> (f64, Vec<String>) {
        let common: Vec<String> = one.iter().filter(|word| other.binary_search(word).is_ok()).cloned().collect();
        let sum = |words: &[String]| words.iter().map(|word| self.rarity(word)).sum::<f64>();
        let shared = sum(&common);
        let both = sum(one) + sum(other);
        // Two words that no other title has are as sure as any.
        let sure = 2.0 * (1.0 + self.titles).ln();
        let alike = if both > 0.0 { 2.0 * shared / both * (shared / sure).min(1.0) } else { 0.0 };
        (alike, common)
    }
}

/// How likely two tellings are of one initiative, and why, the strongest first.
pub fn score(one: &Telling, other: &Telling, rarities: &Rarities) -> (f64, Vec<Evidence>) {
    let mut evidence = vec![title(one, other, rarities)];
    let mut add = |what, weight| evidence.push(Evidence { what, weight });
    let common_links = one.links.iter().filter(|link| other.links.binary_search(link).is_ok());
    if let Some((others, link)) = common_links.map(|link| (rarities.links_alike(link), link)).min() {
        add(Observation::Link(link.clone()), SAME_LINK + LINK_OF_MANY * f64::from(others.saturating_sub(1).max(1)).ln());
    }
    match first_common(&one.towns, &other.towns) {
        Some(town) => add(Observation::Town(town.to_string()), SAME_TOWN),
        None if !one.towns.is_empty() && !other.towns.is_empty() => add(Observation::OtherTown, OTHER_TOWN),
        None => {}
    }
    if let Some(organisation) = first_common(&one.organisations, &other.organisations) {
        add(Observation::Organisation(organisation.clone()), SAME_ORGANISATION);
    }
    if let Some(shared) = shared_text(one, other) {
        add(Observation::Text(shared), TEXT_UNLIKE + TEXT_ALIKE * shared);
    }
    if let (Some(source), true) = (&one.source, one.source == other.source) {
        add(Observation::SameSource(source.clone()), SAME_SOURCE);
    }
    evidence.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
    let odds = PRIOR + evidence.iter().map(|evidence| evidence.weight).sum::<f64>();
    (1.0 / (1.0 + (-odds).exp()), evidence)
}

/// The share that the most alike of their texts in one language have in common; `None` if there are no two in one.
fn shared_text(one: &Telling, other: &Telling) -> Option<f64> {
    let of_language = |language| other.sketches.iter().filter(move |(of, _)| of == language).map(|(_, sketch)| sketch);
    let shares = one.sketches.iter().flat_map(|(language, sketch)| of_language(language).map(|other| sketch.shared(other)));
    shares.max_by(f64::total_cmp)
}

/// The titles that are most alike, of all languages.
fn title(one: &Telling, other: &Telling, rarities: &Rarities) -> Evidence {
    let pairs = one.words.iter().flat_map(|words| other.words.iter().map(move |others| (words, others)));
    let best = pairs.map(|(words, others)| rarities.alike(words, others)).max_by(|one, other| one.0.total_cmp(&other.0));
    let (alike, common) = best.unwrap_or_default();
    Evidence { what: Observation::Title(common), weight: TITLE_UNLIKE + TITLE_ALIKE * alike }
}

/// The first value that two sorted lists share.
fn first_common<'t, T: Ord>(one: &'t [T], other: &[T]) -> Option<&'t T> {
    one.iter().find(|value| other.binary_search(value).is_ok())
}
