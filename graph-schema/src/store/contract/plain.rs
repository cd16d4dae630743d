//! The graph in the plainest way: in memory, each question answered by looking at everything.
//!
//! It is what the random tests measure the stores against, and it passes the suite itself, so that a wrong test is known
//! from a wrong store. It is no store to run a service on: it forgets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::change::{self, ChangeKind, ChangeSet, Current, FieldChange};
use crate::model::{Direction, ImportRun, Instant, Lease, Record, RecordKind, RecordRef, RunDiagnostic, RunKey, SourceKey, Text};
use crate::path::{self, Step};
use crate::store::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, KEPT_RUNS, Neighbour, NeighbourQuestion, Neighbours, Page, Revision,
    RevisionRecord, RunStore, StoreError, Stored,
};

/// The graph in memory.
#[derive(Debug, Default)]
pub struct PlainStore {
    graph: Mutex<Graph>,
    imports: Mutex<Imports>,
}

#[derive(Debug, Default)]
struct Imports {
    runs: BTreeMap<RunKey, (ImportRun, Vec<RunDiagnostic>)>,
    leases: BTreeMap<SourceKey, Lease>,
}

#[derive(Debug, Default)]
struct Graph {
    records: BTreeMap<RecordRef, Stored>,
    /// In order: the first is revision 1.
    log: Vec<Entry>,
    applied: HashMap<Text, Revision>,
}

#[derive(Debug)]
struct Entry {
    revision: RevisionRecord,
    changes: BTreeMap<RecordRef, (ChangeKind, Vec<FieldChange>)>,
}

impl Graph {
    fn revision(&self) -> Revision {
        self.log.len() as Revision
    }

    fn find(&self, reference: &RecordRef) -> Option<&Stored> {
        self.records.get(reference).or_else(|| self.records.values().find(|stored| stored.record.aliases().contains(reference)))
    }

    fn is_live(&self, reference: &RecordRef) -> bool {
        self.records.get(reference).is_some_and(|stored| stored.withdrawn.is_none())
    }

    fn live_records(&self) -> impl Iterator<Item = &Record> {
        self.records.values().filter(|stored| stored.withdrawn.is_none()).map(|stored| &stored.record)
    }

    /// Every neighbour of a record, sorted.
    fn neighbours(&self, of: &RecordRef) -> BTreeSet<Neighbour> {
        let mut found = BTreeSet::new();
        for edge in self.live_records().flat_map(Record::edges) {
            if !self.is_live(&edge.from) || !self.is_live(&edge.to) {
                continue;
            }
            if edge.from == *of {
                found.insert(Neighbour { relation: edge.relation, direction: Direction::Out, reference: edge.to.clone() });
            }
            if edge.to == *of {
                found.insert(Neighbour { relation: edge.relation, direction: Direction::In, reference: edge.from });
            }
        }
        found
    }

    /// Every neighbour of every record, by the relations that paths follow.
    fn steps(&self) -> BTreeMap<RecordRef, BTreeSet<Neighbour>> {
        let along = |neighbour: &Neighbour| path::RELATIONS.contains(&neighbour.relation);
        self.live_records()
            .map(|record| (record.reference(), self.neighbours(&record.reference()).into_iter().filter(along).collect()))
            .collect()
    }

    fn changes(&self, since: Revision) -> impl Iterator<Item = Change> {
        let after = move |entry: &&Entry| entry.revision.number > since;
        self.log.iter().filter(after).flat_map(|entry| {
            entry.changes.iter().map(|(reference, (kind, _))| Change {
                revision: entry.revision.number,
                at: entry.revision.at,
                kind: *kind,
                reference: reference.clone(),
            })
        })
    }
}

impl PlainStore {
    fn graph(&self) -> MutexGuard<'_, Graph> {
        self.graph.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn kept(&self) -> MutexGuard<'_, Imports> {
        self.imports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn page<T>(items: impl Iterator<Item = T>, first: usize) -> Page<T> {
    Page::from_one_more(items.take(first + 1).collect(), first)
}

#[async_trait]
impl GraphStore for PlainStore {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        let mut graph = self.graph();
        if let Some(revision) = graph.applied.get(&change_set.id) {
            return Ok(Applied { revision: *revision, changed: 0 });
        }
        let touched = change::touched(change_set);
        let mut current = Current::default();
        for reference in touched.records {
            if let Some(stored) = graph.find(&reference) {
                current.records.insert(reference, stored.clone());
            }
        }
        current.existing = touched.targets.into_iter().filter(|target| graph.records.contains_key(target)).collect();
        let effects = change::settle(change_set, &current)?;
        if effects.is_empty() {
            return Ok(Applied { revision: graph.revision(), changed: 0 });
        }
        let revision = graph.revision() + 1;
        let changed = effects.len();
        let mut log = BTreeMap::new();
        for effect in effects {
            let reference = effect.record.reference();
            let created = effect.before.map_or(revision, |before| before.created);
            let stored = Stored { record: effect.record, created, revision, withdrawn: effect.withdrawn };
            graph.records.insert(reference.clone(), stored);
            log.insert(reference, (effect.kind, effect.changes));
        }
        let record = RevisionRecord {
            number: revision,
            id: change_set.id.clone(),
            at: change_set.at,
            by: change_set.by.clone(),
            why: change_set.why.clone(),
        };
        graph.log.push(Entry { revision: record, changes: log });
        graph.applied.insert(change_set.id.clone(), revision);
        Ok(Applied { revision, changed })
    }

    async fn revision(&self) -> Result<Revision, StoreError> {
        Ok(self.graph().revision())
    }

    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        let graph = self.graph();
        Ok(references.iter().map(|reference| graph.find(reference).cloned()).collect())
    }

    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        let graph = self.graph();
        let of_kind = graph
            .records
            .iter()
            .filter(|(reference, _)| reference.kind() == kind && after.is_none_or(|after| reference.key() > after));
        Ok(page(of_kind.map(|(_, stored)| stored.clone()), first))
    }

    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        let graph = self.graph();
        let sides = question.sides();
        let answer = |reference: &RecordRef| {
            let all = graph.neighbours(reference);
            let asked: Vec<Neighbour> = all
                .into_iter()
                .filter(|neighbour| {
                    sides.contains(&(neighbour.relation, neighbour.direction))
                        && question.kind.is_none_or(|kind| neighbour.reference.kind() == kind)
                })
                .collect();
            let count = question.count.then_some(asked.len());
            let after = |neighbour: &Neighbour| question.after.as_ref().is_none_or(|after| neighbour > after);
            Neighbours { page: page(asked.into_iter().filter(after), question.first), count }
        };
        Ok(of.iter().map(answer).collect())
    }

    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        let steps = self.graph().steps();
        if !steps.contains_key(from) || !steps.contains_key(to) {
            return Ok(None);
        }
        // How far every record is from the end; then from the start always the first step that comes nearer.
        let mut distance = BTreeMap::from([(to.clone(), 0)]);
        let mut frontier = vec![to.clone()];
        while let Some(record) = (!frontier.is_empty()).then(|| frontier.remove(0)) {
            for neighbour in &steps[&record] {
                if !distance.contains_key(&neighbour.reference) {
                    distance.insert(neighbour.reference.clone(), distance[&record] + 1);
                    frontier.push(neighbour.reference.clone());
                }
            }
        }
        let Some(&length) = distance.get(from).filter(|length| **length <= max_length.min(path::LONGEST)) else {
            return Ok(None);
        };
        let mut found: Vec<Step> = Vec::new();
        let mut at = from.clone();
        for left in (0..length).rev() {
            let nearer = |neighbour: &&Neighbour| distance.get(&neighbour.reference) == Some(&left);
            let Some(step) = steps[&at].iter().find(nearer) else { unreachable!("a step nearer follows from the distance") };
            let taken = Step { from: at, relation: step.relation, direction: step.direction, to: step.reference.clone() };
            at = taken.to.clone();
            found.push(taken);
        }
        Ok(Some(found))
    }

    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        let graph = self.graph();
        let earlier = |entry: &&Entry| before.is_none_or(|before| entry.revision.number < before);
        let answer = |reference: &RecordRef| {
            let entries = graph.log.iter().rev().filter(earlier).filter_map(|entry| {
                let (kind, changes) = entry.changes.get(reference)?;
                Some(HistoryEntry { revision: entry.revision.clone(), kind: *kind, changes: changes.clone() })
            });
            page(entries, first)
        };
        Ok(of.iter().map(answer).collect())
    }

    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        let graph = self.graph();
        let count = |reference: &RecordRef| graph.log.iter().filter(|entry| entry.changes.contains_key(reference)).count();
        Ok(of.iter().map(count).collect())
    }

    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        let graph = self.graph();
        let later =
            |change: &Change| after.is_none_or(|after| (change.revision, &change.reference) > (after.revision, &after.reference));
        Ok(page(graph.changes(since).filter(later), first))
    }

    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        Ok(self.graph().changes(since).count())
    }

    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        let graph = self.graph();
        let after = |revision: &RevisionRecord| revision.number > since;
        Ok(page(graph.log.iter().map(|entry| entry.revision.clone()).filter(after), first))
    }

    fn imports(&self) -> &dyn RunStore {
        self
    }
}

#[async_trait]
impl RunStore for PlainStore {
    async fn put_run(&self, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let before = kept.runs.remove(&run.key).map(|(_, diagnostics)| diagnostics);
        let diagnostics = diagnostics.map(<[_]>::to_vec).or(before).unwrap_or_default();
        kept.runs.insert(run.key.clone(), (run.clone(), diagnostics));
        let of_source: Vec<RunKey> = kept.runs.keys().filter(|key| key.source == run.key.source).cloned().collect();
        for key in of_source.iter().rev().skip(KEPT_RUNS) {
            kept.runs.remove(key);
        }
        Ok(())
    }

    async fn runs(&self, keys: &[RunKey]) -> Result<Vec<Option<ImportRun>>, StoreError> {
        let kept = self.kept();
        Ok(keys.iter().map(|key| kept.runs.get(key).map(|(run, _)| run.clone())).collect())
    }

    async fn runs_of(
        &self,
        sources: &[SourceKey],
        before: Option<Instant>,
        first: usize,
    ) -> Result<Vec<Page<ImportRun>>, StoreError> {
        let kept = self.kept();
        let earlier = |key: &RunKey| before.is_none_or(|before| key.started_at < before);
        let of = |source: &SourceKey| {
            let runs = kept.runs.values().rev().map(|(run, _)| run);
            page(runs.filter(|run| run.key.source == *source && earlier(&run.key)).cloned(), first)
        };
        Ok(sources.iter().map(of).collect())
    }

    async fn run_counts(&self, sources: &[SourceKey]) -> Result<Vec<usize>, StoreError> {
        let kept = self.kept();
        Ok(sources.iter().map(|source| kept.runs.keys().filter(|key| key.source == *source).count()).collect())
    }

    async fn diagnostics(&self, keys: &[RunKey]) -> Result<Vec<Vec<RunDiagnostic>>, StoreError> {
        let kept = self.kept();
        let of = |key| kept.runs.get(key).map(|(_, diagnostics)| diagnostics.clone()).unwrap_or_default();
        Ok(keys.iter().map(of).collect())
    }

    async fn take_lease(&self, lease: &Lease, now: Instant) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let is_free = kept.leases.get(&lease.source).is_none_or(|other| other.holder == lease.holder || other.until <= now);
        if is_free {
            kept.leases.insert(lease.source.clone(), lease.clone());
        }
        Ok(is_free)
    }

    async fn release_lease(&self, source: &SourceKey, holder: &Text) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if kept.leases.get(source).is_some_and(|lease| lease.holder == *holder) {
            kept.leases.remove(source);
        }
        Ok(())
    }
}
