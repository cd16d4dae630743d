//! The same change sets and questions put to several stores, which must answer alike.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestError, TestRunner};

use super::plain::PlainStore;
use super::{Fixture, everything, generate, text};
use crate::change::{ChangeSet, Conflict, Operation};
use crate::document;
use crate::export;
use crate::model::{RecordKind, RecordRef};
use crate::path;
use crate::store::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    StoreError, Stored,
};

/// One question of each method of the port that asks.
#[derive(Debug, Clone)]
pub enum Question {
    Revision,
    Records { of: Vec<RecordRef> },
    Page { kind: RecordKind, after: Option<String>, first: usize },
    Neighbours { of: Vec<RecordRef>, question: NeighbourQuestion },
    Path { from: RecordRef, to: RecordRef, max_length: usize },
    History { of: Vec<RecordRef>, before: Option<Revision>, first: usize },
    HistoryCounts { of: Vec<RecordRef> },
    Changes { since: Revision, after: Option<ChangeCursor>, first: usize },
    ChangeCount { since: Revision },
    Revisions { since: Revision, first: usize },
}

/// What a store says to a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Applied(Applied),
    Refused(Conflict),
    Revision(Revision),
    Records(Vec<Option<Stored>>),
    Page(Page<Stored>),
    Neighbours(Vec<Neighbours>),
    Path(Option<Vec<path::Step>>),
    History(Vec<Page<HistoryEntry>>),
    Counts(Vec<usize>),
    Changes(Page<Change>),
    Count(usize),
    Revisions(Page<RevisionRecord>),
}

/// What is put to the stores.
#[derive(Debug, Clone)]
pub enum Step {
    Apply(ChangeSet),
    Ask(Question),
}

impl Step {
    /// The method of the port that it calls.
    const fn method(&self) -> &'static str {
        match self {
            Self::Apply(_) => "apply",
            Self::Ask(Question::Revision) => "revision",
            Self::Ask(Question::Records { .. }) => "records",
            Self::Ask(Question::Page { .. }) => "page",
            Self::Ask(Question::Neighbours { .. }) => "neighbours",
            Self::Ask(Question::Path { .. }) => "path",
            Self::Ask(Question::History { .. }) => "history",
            Self::Ask(Question::HistoryCounts { .. }) => "history_counts",
            Self::Ask(Question::Changes { .. }) => "changes",
            Self::Ask(Question::ChangeCount { .. }) => "change_count",
            Self::Ask(Question::Revisions { .. }) => "revisions",
        }
    }
}

/// Steps from an empty graph on.
#[derive(Clone)]
pub struct Scenario {
    /// A first change set that fits.
    pub opening: ChangeSet,
    pub steps: Vec<Step>,
}

/// A line a step, records as documents: what is left of a scenario that was made small is to be read.
impl fmt::Debug for Scenario {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_change_set(formatter, &self.opening)?;
        for step in &self.steps {
            match step {
                Step::Apply(change_set) => write_change_set(formatter, change_set)?,
                Step::Ask(question) => writeln!(formatter, "ask {question:?}")?,
            }
        }
        Ok(())
    }
}

fn write_change_set(formatter: &mut fmt::Formatter<'_>, change_set: &ChangeSet) -> fmt::Result {
    writeln!(formatter, "apply {:?} at {}", change_set.id.as_str(), change_set.at)?;
    for operation in &change_set.operations {
        match operation {
            Operation::Put { record, expected } => {
                let document = serde_json::Value::Object(document::from_record(record));
                writeln!(formatter, "    put {} {document} {expected:?}", record.kind())?;
            }
            Operation::Withdraw { reference, why, merged_into, expected } => {
                let into = merged_into.as_ref().map_or_else(String::new, |into| format!(" into {into}"));
                writeln!(formatter, "    withdraw {reference}{into} {:?} {expected:?}", why.as_str())?;
            }
        }
    }
    Ok(())
}

/// Puts a step to a store. A conflict is an answer.
pub async fn put_to(store: &dyn GraphStore, step: &Step) -> Result<Answer, StoreError> {
    Ok(match step {
        Step::Apply(change_set) => match store.apply(change_set).await {
            Ok(applied) => Answer::Applied(applied),
            Err(StoreError::Conflict(conflict)) => Answer::Refused(conflict),
            Err(error) => return Err(error),
        },
        Step::Ask(question) => match question {
            Question::Revision => Answer::Revision(store.revision().await?),
            Question::Records { of } => Answer::Records(store.records(of).await?),
            Question::Page { kind, after, first } => Answer::Page(store.page(*kind, after.as_deref(), *first).await?),
            Question::Neighbours { of, question } => Answer::Neighbours(store.neighbours(of, question).await?),
            Question::Path { from, to, max_length } => Answer::Path(store.path(from, to, *max_length).await?),
            Question::History { of, before, first } => Answer::History(store.history(of, *before, *first).await?),
            Question::HistoryCounts { of } => Answer::Counts(store.history_counts(of).await?),
            Question::Changes { since, after, first } => Answer::Changes(store.changes(*since, after.as_ref(), *first).await?),
            Question::ChangeCount { since } => Answer::Count(store.change_count(*since).await?),
            Question::Revisions { since, first } => Answer::Revisions(store.revisions(*since, *first).await?),
        },
    })
}

/// How often each method was called, of each store alike, and what came of the change sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<&'static str, usize>);

impl Counts {
    fn add(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// How often.
    pub fn of(&self, what: &str) -> usize {
        self.0.get(what).copied().unwrap_or_default()
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (what, count)) in self.0.iter().enumerate() {
            write!(formatter, "{}{count} {what}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// Plays a scenario on stores, all empty, and says where the first of them is contradicted.
async fn play(scenario: &Scenario, stores: &[(&str, Arc<dyn GraphStore>)], counts: &RefCell<Counts>) -> Result<(), String> {
    let opening = [Step::Apply(scenario.opening.clone())];
    for (index, step) in opening.iter().chain(&scenario.steps).enumerate() {
        let mut first: Option<(&str, Answer)> = None;
        for (name, store) in stores {
            let answer = put_to(&**store, step).await.map_err(|error| format!("step {index}: {name} failed: {error}"))?;
            match &first {
                None => first = Some((name, answer)),
                Some((first, expected)) if *expected != answer => {
                    return Err(format!("step {index}: {first} and {name} differ\n{first}: {expected:?}\n{name}: {answer:?}"));
                }
                Some(_) => {}
            }
        }
        counts.borrow_mut().add(step.method());
        match first {
            Some((_, Answer::Applied(Applied { changed: 0, .. }))) => counts.borrow_mut().add("without effect"),
            Some((_, Answer::Applied(_))) => counts.borrow_mut().add("applied"),
            Some((_, Answer::Refused(_))) => counts.borrow_mut().add("refused"),
            Some((_, Answer::Path(Some(_)))) => counts.borrow_mut().add("paths found"),
            _ => {}
        }
    }
    // All that they hold, with its history, and the same once read back.
    let mut written: Option<String> = None;
    for (name, store) in stores {
        let held = everything(&**store).await;
        match &written {
            Some(expected) if *expected != text(&held) => {
                return Err(format!("the exports differ\n{expected}\n{name}: {}", text(&held)));
            }
            _ => written = Some(text(&held)),
        }
    }
    let written = written.unwrap_or_default();
    let back = PlainStore::default();
    export::read(&back, written.as_bytes(), |_| ())
        .await
        .map_err(|error| format!("the export does not read back: {error}\n{written}"))?;
    let again = text(&everything(&back).await);
    if again != written {
        return Err(format!("the export reads back otherwise\n{written}\n{again}"));
    }
    counts.borrow_mut().add("scenarios");
    Ok(())
}

/// Plays random scenarios on all the stores, against the first of them; prints how much was asked of each. A scenario that
/// tells them apart is made as small as can be within `shrinking` attempts, and its seed is printed and kept in a file beside
/// the tests, which the next run tries first.
pub fn play_random(cases: u32, shrinking: u32, seeds: &'static str, fixtures: &[(&'static str, &dyn Fixture)]) -> Counts {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("cannot start the runtime: {error}"));
    let config = Config {
        cases,
        max_shrink_iters: shrinking,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        ..Config::default()
    };
    let counts = RefCell::new(Counts::default());
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&generate::scenario(), |scenario| {
        let played = runtime.block_on(async {
            let mut stores = Vec::new();
            for (name, fixture) in fixtures {
                stores.push((*name, fixture.empty().await));
            }
            play(&scenario, &stores, &counts).await
        });
        played.map_err(TestCaseError::fail)
    });
    let counts = counts.into_inner();
    for (name, _) in fixtures {
        println!("{name}: {counts}");
    }
    match outcome {
        Ok(()) => counts,
        Err(TestError::Abort(reason)) => panic!("the random test was given up: {reason}"),
        Err(TestError::Fail(reason, scenario)) => panic!("{reason}\nwith\n{scenario:?}"),
    }
}
