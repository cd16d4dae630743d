//! The graph in a store: how long it takes to load, and to answer.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use maillage_graph_schema::change::ChangeSet;
use maillage_graph_schema::clock::FixedClock;
use maillage_graph_schema::model::{Direction, RecordKey as _, RecordKind, RecordRef, Relation};
use maillage_graph_schema::path;
use maillage_graph_schema::store::{self, GraphStore, Neighbour, NeighbourQuestion, StoreOptions};
use maillage_tests::random::Random;
use maillage_tests::synthetic::{BATCH, Synthetic};

use crate::cypher;
use crate::measure::{self, Measured, milliseconds};

/// Equal on every run and for every store.
pub const SEED: u64 = 2018;

/// How many records have a history of several revisions, and how many revisions.
const CORRECTED: usize = 1_000;
const CORRECTIONS: usize = 5;

/// How many neighbours a page of a hub shows.
pub const PAGE: usize = 50;

/// Loads a graph into an empty store and asks questions of it; tells each result on standard output.
pub async fn measure(url: &str, count: usize, content: &Path) -> Result<()> {
    let reference = maillage_importer::reference_change_sets(content, 0, &FixedClock("2026-11-24T02:26:03Z".parse()?))?;
    let graph = Synthetic::new(SEED, count, &reference)?;
    let options = StoreOptions { query_timeout: Duration::from_mins(2), ..StoreOptions::default() };
    let store = store::open(url, options).await?;
    ensure!(store.revision().await? == 0, "{url} is not empty: the benchmark loads a graph of its own");
    load(&*store, reference, &graph).await?;
    let server = if url.starts_with("sqlite:") { None } else { Some(cypher::connect(url)?) };
    let folder = match &server {
        Some(server) => cypher::folder(server).await?,
        None => Path::new(url.trim_start_matches("sqlite:")).parent().map(Path::to_owned),
    };
    if let Some(folder) = folder {
        Measured::tell("disk", &measure::mebibytes(measure::disk_size(&folder)?));
    }
    tell_memory("peak memory, loading");
    measure::forget_peak_memory()?;
    ask(&store, &graph, count).await?;
    tell_memory("peak memory, answering");
    if let Some(server) = &server {
        cypher::compare(&*store, server, &graph, count).await?;
    }
    let further = graph.further()?;
    let took = apply(&*store, &further).await?;
    Measured::tell("apply 10,000 initiatives in one change set", &seconds(took));
    if let Some(server) = &server {
        // For the next size.
        cypher::empty(server).await?;
    }
    Ok(())
}

/// Fills an empty store: the reference data as a first start does, the initiatives, and some corrections.
pub async fn load(store: &dyn GraphStore, reference: Vec<ChangeSet>, graph: &Synthetic) -> Result<()> {
    let mut took = Duration::ZERO;
    let mut records = 0;
    for change_set in &reference {
        took += apply(store, change_set).await?;
        records += change_set.operations.len();
    }
    drop(reference);
    Measured::tell(&format!("first start: {records} towns, areas and topics"), &seconds(took));
    let mut took = Duration::ZERO;
    let mut records = 0;
    for number in 0..graph.change_sets() {
        let change_set = graph.change_set(number)?;
        records += change_set.operations.len();
        took += apply(store, &change_set).await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate to show")]
    let rate = records as f64 / took.as_secs_f64();
    Measured::tell("load the initiatives", &format!("{}, {rate:.0} records a second", seconds(took)));
    for number in 1..=CORRECTIONS {
        apply(store, &graph.corrections(number, &(0..CORRECTED).collect::<Vec<_>>())?).await?;
    }
    Ok(())
}

/// Applies a change set, which must change something.
pub async fn apply(store: &dyn GraphStore, change_set: &ChangeSet) -> Result<Duration> {
    let start = Instant::now();
    let applied = store.apply(change_set).await?;
    let took = start.elapsed();
    ensure!(applied.changed > 0, "{} changed nothing", change_set.id);
    Ok(took)
}

/// Keys drawn for the questions: the same for every store.
pub struct Keys {
    random: Random,
    count: usize,
}

impl Keys {
    pub fn new(count: usize) -> Self {
        Self { random: Random::new(SEED), count }
    }

    /// Any initiative.
    pub fn initiative(&mut self) -> Result<RecordRef> {
        Ok(Synthetic::initiative_key(self.random.below(self.count))?.reference())
    }

    /// Any initiative's case study.
    pub fn case_study(&mut self) -> Result<RecordRef> {
        let key = format!("{}/fr", self.initiative()?.key());
        Ok(RecordRef::parse(RecordKind::CaseStudy, &key)?)
    }

    /// Initiatives that have a history.
    pub fn corrected(count: usize) -> Result<Vec<RecordRef>> {
        let mut random = Random::new(SEED);
        (0..count).map(|_| Ok(Synthetic::initiative_key(random.below(CORRECTED))?.reference())).collect()
    }

    /// Lists of so many initiatives.
    pub fn initiatives(&mut self, lists: usize, length: usize) -> Result<Vec<Vec<RecordRef>>> {
        (0..lists).map(|_| (0..length).map(|_| self.initiative()).collect()).collect()
    }
}

async fn ask(store: &Arc<dyn GraphStore>, graph: &Synthetic, count: usize) -> Result<()> {
    let store = &**store;
    let mut keys = Keys::new(count);
    let every = NeighbourQuestion { relations: Vec::new(), kind: None, after: None, first: PAGE, count: false };
    for (what, length) in [("a record", 1), ("twenty records in a batch", 20)] {
        let lists = keys.initiatives(2_000, length)?;
        let times = measure::times(lists.len(), |number| {
            let list = &lists[number];
            async move {
                let found = store.records(list).await?;
                ensure!(found.iter().all(Option::is_some), "a record is missing");
                Ok(())
            }
        });
        Measured::tell(&format!("{what} with the relations that it holds"), &times.await?.written());
        let times = measure::times(lists.len(), |number| {
            let (list, every) = (&lists[number], &every);
            async move {
                store.records(list).await?;
                let found = store.neighbours(list, every).await?;
                ensure!(found.iter().all(|neighbours| !neighbours.page.items.is_empty()), "neighbours are missing");
                Ok(())
            }
        });
        Measured::tell(&format!("{what} with all relations, from both sides"), &times.await?.written());
    }
    let case_studies = (0..2_000).map(|_| keys.case_study()).collect::<Result<Vec<_>>>()?;
    let times = measure::times(case_studies.len(), |number| {
        let case_study = std::slice::from_ref(&case_studies[number]);
        async move {
            ensure!(store.records(case_study).await?[0].is_some(), "a case study is missing");
            Ok(())
        }
    });
    Measured::tell("a case study of 5 kB", &times.await?.written());
    ask_hubs(store, graph, count).await?;
    ask_paths(store, graph).await?;
    ask_history(store).await
}

/// The commonest topic, and the source of all.
async fn ask_hubs(store: &dyn GraphStore, graph: &Synthetic, count: usize) -> Result<()> {
    let middle = Synthetic::initiative_key(count / 2)?.reference();
    let hubs = [
        ("the commonest topic", graph.topics()[0].reference(), Relation::About),
        ("the source of all", Synthetic::source_key()?.reference(), Relation::ProvidedBy),
    ];
    for (name, hub, relation) in hubs {
        let first = NeighbourQuestion::by(relation, Direction::In, PAGE);
        let after = Neighbour { relation, direction: Direction::In, reference: middle.clone() };
        let later = NeighbourQuestion { after: Some(after), ..first.clone() };
        let counted = NeighbourQuestion { count: true, ..first.clone() };
        let of = std::slice::from_ref(&hub);
        let size = store.neighbours(of, &counted).await?[0].count.unwrap_or_default();
        Measured::tell(&format!("neighbours of {name}"), &size.to_string());
        for (what, question, most) in [("first page", &first, 500), ("page in the middle", &later, 500), ("count", &counted, 50)]
        {
            let times = measure::times(most, |_| async move {
                ensure!(!store.neighbours(of, question).await?[0].page.items.is_empty(), "a hub is without neighbours");
                Ok(())
            });
            Measured::tell(&format!("{name}: {what}"), &times.await?.written());
        }
    }
    Ok(())
}

async fn ask_paths(store: &dyn GraphStore, graph: &Synthetic) -> Result<()> {
    let mut random = Random::new(SEED);
    let mut town = || random.one_of(graph.towns()).reference();
    let pairs: Vec<(RecordRef, RecordRef)> = (0..200).map(|_| (town(), town())).collect();
    let times = measure::times(pairs.len(), |number| {
        let (from, to) = &pairs[number];
        async move {
            ensure!(store.path(from, to, path::LONGEST).await?.is_some(), "no path from {from} to {to}");
            Ok(())
        }
    });
    Measured::tell("a path between two towns", &times.await?.written());
    Ok(())
}

async fn ask_history(store: &dyn GraphStore) -> Result<()> {
    let corrected = Keys::corrected(1_000)?;
    let times = measure::times(corrected.len(), |number| {
        let record = std::slice::from_ref(&corrected[number]);
        async move {
            ensure!(store.history(record, None, 20).await?[0].items.len() == CORRECTIONS + 1, "a history is cut short");
            Ok(())
        }
    });
    Measured::tell("the history of a record", &times.await?.written());
    let last = store.revision().await?;
    let times = measure::times(500, |_| async move {
        ensure!(store.changes(last / 2, None, 500).await?.items.len() == 500, "changes are missing");
        Ok(())
    });
    Measured::tell("changes since a revision, 500", &times.await?.written());
    let times = measure::times(500, |_| async move {
        ensure!(store.change_count(last / 2).await? > 0, "changes are missing");
        Ok(())
    });
    Measured::tell("how many changes since a revision", &times.await?.written());
    Ok(())
}

fn tell_memory(what: &str) {
    if let Some(bytes) = measure::peak_memory() {
        Measured::tell(what, &measure::mebibytes(bytes));
    }
}

/// Seconds, or milliseconds where it is less than one.
pub fn seconds(time: Duration) -> String {
    if time < Duration::from_secs(1) { format!("{} ms", milliseconds(time)) } else { format!("{:.1} s", time.as_secs_f64()) }
}

const _: () = assert!(BATCH == 10_000, "the name of a row says so");
