//! Initiatives that may be one and the same, told by two files: found, scored, and decided on by a person.
//!
//! | module | what it does |
//! |---|---|
//! | this | goes through the graph and lists pairs that look alike, with a probability and its reasons |
//! | [`score`] | the evidence: how much each thing that two tellings share, or do not, speaks for one initiative |
//! | [`copies`] | how much of two texts is the same |
//! | [`decide`] | merges two, takes a merger back, or notes that two are different |

mod copies;
pub mod decide;
pub mod score;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::{
    CaseStudy, Initiative, InitiativeKey, Language, Original, PlaceTarget, Record, RecordKind, SourceKey, Text, TownKey,
};
use maillage_graph_schema::store::{GraphStore, StoreError};

use self::copies::Sketch;
use self::score::{Evidence, Rarities};

/// How many records are read at once.
const PAGE: usize = 1_000;

/// A value that so many initiatives share tells none from another, and leads to no pair.
const MOST_ALIKE: u32 = 40;

/// Two initiatives that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub one: Telling,
    pub other: Telling,
    /// How likely they are one, from 0 to 1: see [`score`].
    pub probability: f64,
    /// Why, the strongest first.
    pub evidence: Vec<Evidence>,
}

/// An initiative, as far as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Telling {
    pub key: InitiativeKey,
    pub title: Text,
    /// Where it was read first.
    pub source: Option<SourceKey>,
    /// The words of its titles, in whatever language, folded, sorted, without doubles.
    words: Vec<Vec<String>>,
    towns: Vec<TownKey>,
    /// Names of organisations, folded.
    organisations: Vec<String>,
    links: Vec<String>,
    /// Of its texts, by language: a text and its translation share nothing.
    sketches: Vec<(Language, Sketch)>,
    /// Initiatives that it names, or that a person judged to be others.
    apart: Vec<InitiativeKey>,
}

/// Which pairs are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only pairs with an initiative of this source.
    pub source: Option<SourceKey>,
    /// Only those that are at least so likely one; [`score::WORTH_A_LOOK`] if absent.
    pub least: Option<f64>,
}

/// Pairs that look alike, the likeliest first. Pairs that a person judged to be different, and those of which one names the other as
/// what it was inspired by or replaces, are left out.
pub async fn find(store: &dyn GraphStore, wanted: &Wanted) -> Result<Vec<Candidate>, StoreError> {
    let tellings = tellings(store).await?;
    let rarities = Rarities::of(&tellings);
    let least = wanted.least.unwrap_or(score::WORTH_A_LOOK);
    let is_wanted = |telling: &Telling| wanted.source.is_none() || telling.source == wanted.source;
    let mut found: Vec<Candidate> = pairs(&tellings, &rarities)
        .into_iter()
        .map(|(one, other)| (&tellings[one], &tellings[other]))
        .filter(|(one, other)| is_wanted(one) || is_wanted(other))
        .filter(|(one, other)| !one.apart.contains(&other.key) && !other.apart.contains(&one.key))
        .filter_map(|(one, other)| {
            let (probability, evidence) = score::score(one, other, &rarities);
            (probability >= least).then(|| Candidate { one: one.clone(), other: other.clone(), probability, evidence })
        })
        .collect();
    found.sort_by(|one, other| {
        let by_key = || (&one.one.key, &one.other.key).cmp(&(&other.one.key, &other.other.key));
        other.probability.total_cmp(&one.probability).then_with(by_key)
    });
    Ok(found)
}

/// Every live initiative of the graph.
async fn tellings(store: &dyn GraphStore) -> Result<Vec<Telling>, StoreError> {
    let mut names: HashMap<String, String> = HashMap::new();
    each(store, RecordKind::Organisation, |record| {
        if let Record::Organisation(organisation) = record {
            names.insert(organisation.key.to_string(), fold(organisation.name.as_str()));
        }
    })
    .await?;
    let mut tellings: BTreeMap<InitiativeKey, Telling> = BTreeMap::new();
    each(store, RecordKind::Initiative, |record| {
        if let Record::Initiative(initiative) = record {
            tellings.insert(initiative.key.clone(), Telling::of(initiative, &names));
        }
    })
    .await?;
    each(store, RecordKind::CaseStudy, |record| {
        if let Record::CaseStudy(case_study) = record
            && let Some(telling) = tellings.get_mut(&case_study.initiative)
        {
            telling.add(&case_study);
        }
    })
    .await?;
    Ok(tellings.into_values().collect())
}

/// Goes through the live records of a kind.
async fn each(store: &dyn GraphStore, kind: RecordKind, mut take: impl FnMut(Record)) -> Result<(), StoreError> {
    let mut after: Option<String> = None;
    loop {
        let page = store.page(kind, after.as_deref(), PAGE).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        page.items.into_iter().filter(|stored| stored.withdrawn.is_none()).for_each(|stored| take(stored.record));
        if !page.has_more || after.is_none() {
            return Ok(());
        }
    }
}

impl Telling {
    fn of(initiative: Initiative, names: &HashMap<String, String>) -> Self {
        let towns = initiative.places.iter().filter_map(|place| match &place.target {
            PlaceTarget::Town(town) => Some(town.clone()),
            PlaceTarget::Area(_) => None,
        });
        let organisations =
            initiative.involvements.iter().filter_map(|involvement| names.get(involvement.organisation.as_str()).cloned());
        let originals = initiative.inspired_by.iter().filter_map(|adoption| match &adoption.original {
            Original::Initiative(key) => Some(key.clone()),
            Original::External(_) => None,
        });
        let links = initiative.links.iter().filter_map(|link| same_page(link.url.as_ref()?.as_str()));
        Self {
            words: vec![words(initiative.title.as_str())],
            towns: sorted(towns),
            organisations: sorted(organisations),
            links: sorted(links),
            sketches: Vec::new(),
            apart: originals
                .chain(initiative.supersedes.iter().cloned())
                .chain(initiative.distinct_from.iter().cloned())
                .collect(),
            source: initiative.provenance.first().map(|provenance| provenance.source.clone()),
            key: initiative.key,
            title: initiative.title,
        }
    }

    fn add(&mut self, case_study: &CaseStudy) {
        let words = words(case_study.title.as_str());
        if !self.words.contains(&words) {
            self.words.push(words);
        }
        let texts = case_study.sections.iter().map(|section| section.markdown.as_str());
        let sketch = Sketch::of(case_study.summary.iter().map(Text::as_str).chain(texts));
        self.sketches.extend(sketch.map(|sketch| (case_study.language.clone(), sketch)));
    }
}

/// The words of a title that can tell it from others.
fn words(title: &str) -> Vec<String> {
    let folded = fold(title);
    sorted(folded.split(' ').filter(|word| word.len() > 2 || word.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned))
}

/// An address without what differs between two ways to write it.
fn same_page(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let rest = rest.split('#').next().unwrap_or(rest).trim_end_matches('/');
    Some(rest.strip_prefix("www.").unwrap_or(rest).to_lowercase())
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    values.collect::<BTreeSet<T>>().into_iter().collect()
}

/// Pairs that share something that few have: a rare word of their titles, a whole title, a link, or a part of their texts.
fn pairs(tellings: &[Telling], rarities: &Rarities) -> BTreeSet<(usize, usize)> {
    let mut blocks: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, telling) in tellings.iter().enumerate() {
        let words = telling.words.iter().flatten().filter(|word| rarities.count(word) <= MOST_ALIKE);
        let titles = telling.words.iter().map(|words| words.join(" "));
        let parts = telling.sketches.iter().flat_map(|(_, sketch)| sketch.bands());
        let names: HashSet<String> = words
            .map(|word| format!("word {word}"))
            .chain(titles.map(|title| format!("title {title}")))
            .chain(telling.links.iter().map(|link| format!("link {link}")))
            .chain(parts.map(|band| format!("text {band}")))
            .collect();
        for name in names {
            blocks.entry(name).or_default().push(number);
        }
    }
    let mut pairs = BTreeSet::new();
    for members in blocks.values().filter(|members| members.len() <= MOST_ALIKE as usize) {
        for (position, one) in members.iter().enumerate() {
            pairs.extend(members[position + 1..].iter().map(|other| (*one, *other)));
        }
    }
    pairs
}
