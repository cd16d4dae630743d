//! The index over a graph: how long it takes to build, to open and to follow a change, what it weighs, and how long it takes
//! to answer.
//!
//! Each stage runs in a process of its own, so that the memory of one is not that of another: `load` fills the store, `index`
//! builds the index and saves it, `answer` opens what was saved, as a service does, and asks; `peers` answers some of the same
//! questions otherwise.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use maillage_explore::map::Asked;
use maillage_explore::question::{Bounds, FacetKind, InitiativeFilter, InitiativeOrder, PageRequest, TownFilter};
use maillage_explore::similarity::{InitiativeWeights, TownWeights};
use maillage_explore::{Explore, Origin, Snapshot};
use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::clock::FixedClock;
use maillage_graph_schema::model::{Record, RecordKey as _, RecordKind, RecordRef};
use maillage_graph_schema::store::{self, GraphStore, Revision, StoreOptions};
use maillage_tests::random::Random;
use maillage_tests::synthetic::Synthetic;

use crate::explore_questions::Questions;
use crate::graph::{self, SEED};
use crate::measure::{self, Measured, Times};

/// What is hoped for: milliseconds at the 95th percentile, at 100k.
pub const GOALS: &[(&str, &str)] = &[
    (BUILD, "30 s"),
    (OPEN, "1 s"),
    (EDIT, "100 ms"),
    (MEMORY, "250 MiB"),
    (FILTERED, "0.5"),
    (FACETS, "2"),
    (COMMON_WORD, "2"),
    (COMMON_WORDS, "5"),
    (SIMILAR, "3"),
    (BOX, "1"),
    (FRANCE, "3"),
    (FRANCE_OF_A_TOPIC, "3"),
    (PREFIX, "0.1"),
];

const BUILD: &str = "index built from the graph";
const OPEN: &str = "index opened as it was saved";
const EDIT: &str = "an edit: applied, durable and in the answers";
const EDIT_OF_INDEX: &str = "of that, the index";
const MEMORY: &str = "resident memory, index open and asked";
const PEAK: &str = "the same at its highest";
pub const FILTERED: &str = "page of three filters, with total";
pub const FACETS: &str = "the same with six facets";
pub const COMMON_WORD: &str = "search of a common word, with total";
pub const COMMON_WORDS: &str = "search of three of the commonest words, with total";
const EVERYTHING: &str = "search of a common word in all kinds, with total";
const SIMILAR: &str = "similar initiatives, with all reasons";
const TOWNS_LIKE: &str = "towns like mine, with all reasons";
pub const BOX: &str = "page of a box of one degree, with total";
const CITY: &str = "map of a city";
pub const FRANCE: &str = "clusters of France";
pub const FRANCE_OF_A_TOPIC: &str = "clusters of France, of a topic";
const OPENED: &str = "a cluster opened, with total";
pub const PREFIX: &str = "towns by what is typed, letter by letter";
const NEWEST: &str = "newest 20 of a topic";
const RARE: &str = "page of a rare filter, with total";

/// How many questions are asked of a kind, after the warm-up.
const ASKED: usize = 1_000;

/// How many edits are made.
const EDITS: usize = 50;

const SIX_FACETS: &[FacetKind] =
    &[FacetKind::Topic, FacetKind::Status, FacetKind::Department, FacetKind::Region, FacetKind::PopulationBand, FacetKind::Year];

/// With Corsica.
pub const FRANCE_BOX: Bounds = Bounds { west: -5.2, south: 41.3, east: 9.7, north: 51.2 };

/// Which part of the measuring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Stage {
    Load,
    Index,
    Answer,
    Peers,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: &'static [Self] = &[Self::Load, Self::Index, Self::Answer, Self::Peers];

    /// As it is written on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Index => "index",
            Self::Answer => "answer",
            Self::Peers => "peers",
        }
    }
}

/// Does one stage; tells each result on standard output.
pub async fn measure(stage: Stage, url: &str, count: usize, content: &Path, folder: &Path, only: &str) -> Result<()> {
    let options = StoreOptions { query_timeout: Duration::from_mins(2), ..StoreOptions::default() };
    let store = store::open(url, options).await?;
    match stage {
        Stage::Load => load(&*store, count, content).await,
        Stage::Index => index(store, folder).await,
        Stage::Answer => answer(store, count, folder, only).await,
        Stage::Peers => crate::explore_peers::measure(store, folder).await,
    }
}

async fn load(store: &dyn GraphStore, count: usize, content: &Path) -> Result<()> {
    ensure!(store.revision().await? == 0, "the store is not empty: the benchmark loads a graph of its own");
    let reference = maillage_importer::reference_change_sets(content, 0, &FixedClock("2026-11-24T02:26:03Z".parse()?))?;
    let graph = Synthetic::new(SEED, count, &reference)?;
    graph::load(store, reference, &graph).await
}

async fn index(store: Arc<dyn GraphStore>, folder: &Path) -> Result<()> {
    let start = Instant::now();
    let explore = Explore::open(store, folder).await?;
    let took = start.elapsed();
    ensure!(matches!(explore.origin(), Origin::Built { .. }), "the index was there already");
    Measured::tell(BUILD, &graph::seconds(took));
    if let Some(bytes) = measure::peak_memory() {
        Measured::tell("memory at its highest, building", &measure::mebibytes(bytes));
    }
    let start = Instant::now();
    explore.save().await?;
    Measured::tell("index saved", &graph::seconds(start.elapsed()));
    Measured::tell("disk of the index", &measure::mebibytes(measure::disk_size(folder)?));
    Ok(())
}

async fn answer(store: Arc<dyn GraphStore>, count: usize, folder: &Path, only: &str) -> Result<()> {
    let start = Instant::now();
    let explore = Explore::open(Arc::clone(&store), folder).await?;
    let took = start.elapsed();
    ensure!(*explore.origin() == Origin::Read, "the index was not read as it had been saved");
    Measured::tell(OPEN, &graph::seconds(took));
    ask(&explore.snapshot(), only)?;
    if EDIT.contains(only) {
        edit(&*store, &explore, count).await?;
    }
    if let (Some(resident), Some(peak)) = (measure::resident_memory(), measure::peak_memory()) {
        Measured::tell(MEMORY, &measure::mebibytes(resident));
        Measured::tell(PEAK, &measure::mebibytes(peak));
    }
    Ok(())
}

/// Corrects initiatives one after the other; each must be in the answers when it is acknowledged.
async fn edit(store: &dyn GraphStore, explore: &Explore, count: usize) -> Result<()> {
    let mut random = Random::new(SEED);
    let (mut whole, mut of_index) = (Vec::new(), Vec::new());
    for _ in 0..EDITS {
        // Words that nothing else has one after the other; one word alone would find what is near to it.
        let revision = store.revision().await?;
        let words = format!("modification {revision}");
        let change_set = retitled(store, random.below(count), revision, &words).await?;
        let with_words = InitiativeFilter { text: Some(format!("\"{words}\"")), ..InitiativeFilter::default() };
        ensure!(explore.snapshot().count(&with_words)? == 0, "the edit is there before it is made");
        let start = Instant::now();
        graph::apply(store, &change_set).await?;
        let applied = Instant::now();
        explore.catch_up().await?;
        whole.push(start.elapsed());
        of_index.push(applied.elapsed());
        ensure!(explore.snapshot().count(&with_words)? == 1, "the edit is not in the answers");
    }
    Measured::tell(EDIT, &Times::of(whole).with_p99());
    Measured::tell(EDIT_OF_INDEX, &Times::of(of_index).with_p99());
    Ok(())
}

/// An initiative and its case study under another title.
async fn retitled(store: &dyn GraphStore, index: usize, revision: Revision, words: &str) -> Result<ChangeSet> {
    let initiative = Synthetic::initiative_key(index)?.reference();
    let case_study = RecordRef::parse(RecordKind::CaseStudy, &format!("{}/fr", initiative.key()))?;
    let mut operations = Vec::new();
    for stored in store.records(&[initiative, case_study]).await?.into_iter().flatten() {
        match stored.record {
            Record::Initiative(mut initiative) => {
                initiative.title = format!("{} {words}", initiative.title).parse()?;
                operations.push(Operation::put(initiative));
            }
            Record::CaseStudy(mut case_study) => {
                case_study.title = format!("{} {words}", case_study.title).parse()?;
                operations.push(Operation::put(case_study));
            }
            _ => {}
        }
    }
    ensure!(operations.len() == 2, "the initiative to be edited is not there with its case study");
    let at = "2026-11-25T08:00:00Z".parse()?;
    Ok(ChangeSet { id: format!("edit-{revision}").parse()?, at, by: "bench".parse()?, why: None, operations })
}

fn ask(snapshot: &Snapshot, only: &str) -> Result<()> {
    let questions = Questions::new(snapshot)?;
    let first = PageRequest::first(20);
    let tell = |what: &str, question: &mut dyn FnMut(usize) -> Result<usize>| -> Result<()> {
        if what.contains(only) {
            Measured::tell(what, &measure::answers(ASKED, question)?.with_p99());
        }
        Ok(())
    };
    let page = |filter: &InitiativeFilter, order| -> Result<usize> {
        let page = snapshot.initiatives(filter, order, &first)?;
        Ok(page.items.len().min(usize::try_from(snapshot.count(filter)?)?))
    };
    let modified = InitiativeOrder::ModifiedDescending;
    tell(FILTERED, &mut |number| page(questions.filter(number), modified))?;
    tell(FACETS, &mut |number| {
        let filter = questions.filter(number);
        Ok(page(filter, modified)? + snapshot.facets(filter, SIX_FACETS, 20)?.len())
    })?;
    tell(COMMON_WORD, &mut |number| page(questions.common_word(number), InitiativeOrder::Relevance))?;
    tell(COMMON_WORDS, &mut |number| page(questions.common_words(number), InitiativeOrder::Relevance))?;
    let everything = InitiativeFilter::default();
    tell(EVERYTHING, &mut |number| {
        let text = questions.common_word(number).text.as_deref().unwrap_or_default();
        let found = snapshot.search(text, &[], &everything, &first)?;
        Ok(found.items.len().min(usize::try_from(snapshot.count_search(text, &[], &everything)?)?))
    })?;
    let weights = InitiativeWeights::default();
    tell(SIMILAR, &mut |number| {
        Ok(snapshot.similar_initiatives(questions.initiative(number), &weights, 10)?.context("an initiative is gone")?.len())
    })?;
    let weights = TownWeights::default();
    tell(TOWNS_LIKE, &mut |number| {
        Ok(snapshot.similar_towns(questions.town(number), &weights, 10)?.context("a town is gone")?.len())
    })?;
    tell(BOX, &mut |number| page(questions.one_degree(number), modified))?;
    tell(CITY, &mut |number| {
        let view = snapshot.map(questions.city(number), 11, &everything, Asked::EVERYTHING)?;
        Ok(view.clusters.len() + view.pins.len())
    })?;
    let mut clusters = Vec::new();
    tell(FRANCE, &mut |number| {
        let zoom = [5, 6][number % 2];
        clusters = snapshot.map(FRANCE_BOX, zoom, &everything, Asked::EVERYTHING)?.clusters;
        Ok(clusters.len())
    })?;
    tell(FRANCE_OF_A_TOPIC, &mut |number| {
        let view = snapshot.map(FRANCE_BOX, 6, questions.of_a_topic(number), Asked::EVERYTHING)?;
        Ok(view.clusters.len() + view.pins.len())
    })?;
    if clusters.is_empty() {
        clusters = snapshot.map(FRANCE_BOX, 5, &everything, Asked::EVERYTHING)?.clusters;
    }
    tell(OPENED, &mut |number| {
        let id = &clusters[number % clusters.len()].id;
        let page = snapshot.cluster(id, &first)?.context("the cluster is gone")?;
        Ok(page.items.len().min(usize::try_from(snapshot.count_cluster(id)?.unwrap_or_default())?))
    })?;
    tell(PREFIX, &mut |number| {
        let filter = TownFilter { prefix: Some(questions.typed(number).to_owned()), ..TownFilter::default() };
        Ok(snapshot.towns(&filter, &PageRequest::first(10))?.items.len())
    })?;
    tell(NEWEST, &mut |number| Ok(snapshot.initiatives(questions.of_a_topic(number), modified, &first)?.items.len()))?;
    tell(RARE, &mut |number| page(questions.rare(number), modified))
}
