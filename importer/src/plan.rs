//! From what a source holds and what the graph holds to change sets; and applying them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::clock::Clock;
use maillage_graph_schema::document;
use maillage_graph_schema::model::{Instant, Record, RecordKey as _, RecordKind, RecordRef, Text};
use maillage_graph_schema::store::{GraphStore, Revision};
use sha2::{Digest as _, Sha256};

use crate::assemble::{self, Origin};
use crate::compare::{self, Comparison, imported_by};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::progress::{Progress, Stage};
use crate::read;
use crate::reference::hex;
use crate::remembered::{self, Memory, Recalled};
use crate::report::Report;
use crate::resolve::Known;
use crate::sources::SourceConfig;

/// How many records go into one change set, unless more belong together.
const CHUNK: usize = 1_000;

/// The share of a source's records, in percent, beyond which withdrawing them at once needs a person's word.
pub const MOST_WITHDRAWN: usize = 30;

/// What an import would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order in which they are to be applied; empty if nothing changed.
    pub change_sets: VecDeque<ChangeSet>,
    pub report: Report,
    /// Why a person must confirm the plan before it can be applied.
    pub held: Option<Held>,
    /// What to note when it is applied, and the revision of the graph that it was worked out for, or has made of it since.
    memory: Option<(Memory, Revision)>,
}

/// So many records would be withdrawn at once that a person must say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub withdrawn: usize,
    pub of: usize,
    pub percent: usize,
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The graph's revision afterwards.
    pub revision: Revision,
    /// How many records changed.
    pub changed: usize,
}

/// Works out what an import would do, without doing it.
pub async fn plan(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    job: &ImportJob,
    progress: &dyn Progress,
) -> Result<Plan, ImportError> {
    let limit = job.surroundings.limits.run_seconds;
    let working = Box::pin(work_out(store, clock, job, progress));
    tokio::time::timeout(Duration::from_secs(limit), working).await.unwrap_or_else(|_| {
        Err(ImportError::Limit { address: job.location.address(), what: "the time of a run in seconds", limit })
    })
}

async fn work_out(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    job: &ImportJob,
    progress: &dyn Progress,
) -> Result<Plan, ImportError> {
    let now: Instant = clock.now().into();
    let remembered = if job.again { None } else { remembered::recall(store, job).await? };
    let version = remembered.as_ref().map(|remembered| remembered.version.clone());
    let (read, settled) = match (read::read(Arc::new(job.clone()), version, progress).await?, remembered) {
        (Some(read), remembered) => (read, remembered.map(|remembered| remembered.settled).unwrap_or_default()),
        (None, Some(Recalled { report, memory, .. })) => {
            return Ok(Plan { change_sets: VecDeque::new(), report, held: None, memory });
        }
        (None, None) => return Err(ImportError::Task("a source that nobody knew was known".to_owned())),
    };
    let read::Read { version, drafts, commit, mut report, mut invalid, lists, paths, source } = read;
    progress.stage(Stage::Compare, None);
    let base = store.revision().await?;
    let known = Known::from_store(store, &drafts).await?;
    let origin = Origin { source: job.source.clone(), commit: commit.clone(), fetched_at: now, paths, lists };
    let mut assembled = assemble::assemble(&origin, drafts, &known);
    assembled.tell(&mut report, &mut invalid);
    report.read_at = Some(now);
    let refers_elsewhere = remembered::refers_elsewhere(&assembled.initiatives);
    let mut comparison = compare::compare(store, &job.source.key, assembled.records(), &invalid, &origin.lists, &settled).await?;
    report.records.clone_from(&comparison.counts);
    report.diagnostics.extend(comparison.diagnostics.iter().cloned());
    report.sort();
    let (held, gone, settled) = (comparison.held, comparison.gone, std::mem::take(&mut comparison.settled));
    let is_too_much = gone * 100 > held * MOST_WITHDRAWN && !job.confirm_withdrawals;
    let source = source_operation(store, &source).await?;
    let header = Header { base, at: now, by: imported_by(&job.source.key).parse()?, why: commit_words(commit.as_ref()) };
    let memory = Memory::of(job, version, &report, refers_elsewhere, settled);
    Ok(Plan {
        change_sets: change_sets(&header, source, comparison)?,
        report,
        memory: Some((memory, base)),
        held: is_too_much.then_some(Held { withdrawn: gone, of: held, percent: MOST_WITHDRAWN }),
    })
}

fn commit_words(commit: Option<&Text>) -> Option<Text> {
    commit.and_then(|commit| format!("commit {commit}").parse().ok())
}

/// Puts the source itself if it is new or described otherwise. One that was withdrawn stays so.
async fn source_operation(store: &dyn GraphStore, source: &SourceConfig) -> Result<Option<Operation>, ImportError> {
    let record = Record::from(source.record());
    let stored = store.records(&[source.key.reference()]).await?.into_iter().next().flatten();
    Ok(match stored {
        None => Some(Operation::Put { record: Box::new(record), expected: Expected::Absent }),
        Some(stored) if stored.withdrawn.is_none() && stored.record != record => {
            Some(Operation::Put { record: Box::new(record), expected: Expected::At(stored.revision) })
        }
        Some(_) => None,
    })
}

/// What the change sets of a plan have in common.
struct Header {
    base: Revision,
    at: Instant,
    by: Text,
    why: Option<Text>,
}

/// Packs operations into change sets: the source and organisations first, then initiatives with their case studies and
/// whatever they refer to one another, withdrawals last.
fn change_sets(header: &Header, source: Option<Operation>, comparison: Comparison) -> Result<VecDeque<ChangeSet>, ImportError> {
    let (organisations, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        comparison.puts.into_iter().partition(|(reference, _)| reference.kind() == RecordKind::Organisation);
    let mut groups: Vec<Vec<Operation>> = source.into_iter().map(|operation| vec![operation]).collect();
    groups.extend(connected(organisations));
    groups.extend(connected(others));
    groups.extend(comparison.withdrawals.into_iter().map(|operation| vec![operation]));
    let mut chunks: Vec<Vec<Operation>> = Vec::new();
    for group in groups {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() + group.len() <= CHUNK => chunk.extend(group),
            _ => chunks.push(group),
        }
    }
    chunks
        .into_iter()
        .map(|operations| {
            Ok(ChangeSet {
                id: id(header, &operations)?,
                at: header.at,
                by: header.by.clone(),
                why: header.why.clone(),
                operations,
            })
        })
        .collect()
}

/// Groups records that refer to one another, directly or not, in the order of their first ones.
fn connected(puts: BTreeMap<RecordRef, (Box<Record>, Expected)>) -> Vec<Vec<Operation>> {
    let references: Vec<&RecordRef> = puts.keys().collect();
    let index: HashMap<&RecordRef, usize> = references.iter().enumerate().map(|(index, reference)| (*reference, index)).collect();
    let mut parent: Vec<usize> = (0..references.len()).collect();
    for (record, _) in puts.values() {
        for edge in record.edges() {
            if let (Some(&from), Some(&to)) = (index.get(&edge.from), index.get(&edge.to)) {
                let (one, other) = (root(&mut parent, from), root(&mut parent, to));
                // The smaller index is the root, so that groups keep the order of their first records.
                parent[one.max(other)] = one.min(other);
            }
        }
    }
    let roots: Vec<usize> = (0..references.len()).map(|of| root(&mut parent, of)).collect();
    let mut groups: BTreeMap<usize, Vec<Operation>> = BTreeMap::new();
    for ((_, (record, expected)), root) in puts.into_iter().zip(roots) {
        groups.entry(root).or_default().push(Operation::Put { record, expected });
    }
    groups.into_values().collect()
}

/// The group of an index: the smallest index in it.
fn root(parent: &mut [usize], mut of: usize) -> usize {
    while parent[of] != of {
        parent[of] = parent[parent[of]];
        of = parent[of];
    }
    of
}

/// An id that follows from what is done and to which graph: applying it twice does it once, and doing it again later, after
/// something else was done, is another change.
fn id(header: &Header, operations: &[Operation]) -> Result<Text, ImportError> {
    let mut hash = Sha256::new();
    for operation in operations {
        hash.update(operation.reference().to_string());
        match operation {
            Operation::Put { record, .. } => {
                let document = serde_json::to_vec(&document::from_record(record));
                hash.update(document.map_err(|error| ImportError::Task(error.to_string()))?);
            }
            Operation::Withdraw { why, merged_into, .. } => {
                hash.update(format!("withdrawn: {why}: {merged_into:?}"));
            }
        }
    }
    let by = header.by.as_str().replace(' ', "-");
    Ok(format!("{by}-{}-{}", header.base, hex(&hash.finalize()[..12])).parse()?)
}

/// Does what a plan says, and lets go of each change set when it is applied: together they may be as large as the store's cache. A plan
/// that is broken off goes on where it stopped when it is applied again.
pub async fn apply(store: &dyn GraphStore, plan: &mut Plan, progress: &dyn Progress) -> Result<Applied, ImportError> {
    if let Some(held) = &plan.held {
        return Err(ImportError::Held {
            source_key: plan.report.source.to_string(),
            address: plan.report.address.clone(),
            withdrawn: held.withdrawn,
            held: held.of,
            percent: held.percent,
        });
    }
    let operations: usize = plan.change_sets.iter().map(|change_set| change_set.operations.len()).sum();
    progress.stage(Stage::Apply, Some(operations as u64));
    let mut done = Applied { revision: 0, changed: 0 };
    if plan.change_sets.is_empty() {
        done.revision = store.revision().await?;
    }
    while let Some(change_set) = plan.change_sets.front() {
        let applied = store.apply(change_set).await?;
        if let Some((_, revision)) = &mut plan.memory {
            // Each change set that changes something makes one revision; others would be those of somebody else.
            *revision += Revision::from(applied.changed > 0);
        }
        done = Applied { revision: applied.revision, changed: done.changed + applied.changed };
        progress.advance(change_set.operations.len() as u64);
        plan.change_sets.pop_front();
    }
    if let Some((memory, revision)) = &plan.memory {
        memory.keep(store, *revision).await?;
    }
    Ok(done)
}
