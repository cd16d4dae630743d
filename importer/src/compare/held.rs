//! What the graph holds of a source.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use maillage_graph_schema::change::differs_by_fetch_alone;
use maillage_graph_schema::model::{Direction, Record, RecordKey as _, RecordKind, RecordRef, Relation, SourceKey};
use maillage_graph_schema::store::{GraphStore, HistoryEntry, NeighbourQuestion, Stored};

use super::Records;
use crate::error::ImportError;
use crate::resolve::BATCH;

/// So many batches of records are read from the store at a time.
const BATCHES_AT_ONCE: usize = 4;

/// So many references are read from the store at a time: a page of those of a large source costs Neo4j a look at all of them.
const REFERENCES_AT_ONCE: usize = 10_000;

/// Reads records by key or alias, several batches at a time.
pub(super) async fn read(store: &dyn GraphStore, asked: BTreeSet<RecordRef>) -> Result<HashMap<RecordRef, Stored>, ImportError> {
    let asked: Vec<RecordRef> = asked.into_iter().collect();
    let mut stored = HashMap::with_capacity(asked.len());
    let read_batch = |batch: Vec<RecordRef>| async move {
        let found = store.records(&batch).await?;
        Ok::<_, ImportError>(batch.into_iter().zip(found))
    };
    let batches = asked.chunks(BATCH).map(<[RecordRef]>::to_vec).map(read_batch);
    let mut batches = stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE);
    while let Some(batch) = batches.try_next().await? {
        stored.extend(batch.filter_map(|(reference, found)| Some((reference, found?))));
    }
    Ok(stored)
}

/// The records that were ever said to be of a source.
pub(super) async fn references_of(store: &dyn GraphStore, source: &SourceKey) -> Result<Vec<RecordRef>, ImportError> {
    let of = [source.reference()];
    let mut question = NeighbourQuestion::by(Relation::ProvidedBy, Direction::In, REFERENCES_AT_ONCE);
    let mut references = Vec::new();
    loop {
        let Some(neighbours) = store.neighbours(&of, &question).await?.into_iter().next() else { return Ok(references) };
        references.extend(neighbours.page.items.iter().map(|neighbour| neighbour.reference.clone()));
        question.after = neighbours.page.items.into_iter().last();
        if !neighbours.page.has_more {
            return Ok(references);
        }
    }
}

/// Whether a record is live and belongs to a source.
fn is_owned(stored: &Stored, source: &SourceKey) -> bool {
    let first = stored.record.provenance().first().map(|provenance| &provenance.source);
    first == Some(source) && stored.withdrawn.is_none()
}

/// The live records that belong to a source.
pub(crate) async fn owned(store: &dyn GraphStore, source: &SourceKey) -> Result<BTreeMap<RecordRef, Stored>, ImportError> {
    let references = references_of(store, source).await?;
    let mut owned: BTreeMap<RecordRef, Stored> = read(store, references.into_iter().collect()).await?.into_iter().collect();
    owned.retain(|_, stored| is_owned(stored, source));
    Ok(owned)
}

/// The live records that belong to a source.
pub(super) struct Owned {
    pub count: usize,
    /// Those of them that no file gives any more.
    pub not_desired: BTreeMap<RecordRef, Stored>,
}

impl Owned {
    /// Of all that were ever said to be of a source: some are known, those beside them were read.
    pub fn of(
        source: &SourceKey,
        references: &[RecordRef],
        desired: &Records,
        known: &HashMap<RecordRef, Stored>,
        settled: &HashSet<RecordRef>,
        mut beside: HashMap<RecordRef, Stored>,
    ) -> Self {
        let mut owned = Self { count: 0, not_desired: BTreeMap::new() };
        for reference in references {
            if settled.contains(reference) {
                owned.count += 1;
                continue;
            }
            let is_desired = desired.contains_key(reference);
            let stored = match known.get(reference) {
                Some(stored) if is_desired => {
                    owned.count += usize::from(is_owned(stored, source));
                    continue;
                }
                Some(stored) => Some(stored.clone()),
                None => beside.remove(reference),
            };
            if let Some(stored) = stored.filter(|stored| is_owned(stored, source)) {
                owned.count += 1;
                owned.not_desired.insert(reference.clone(), stored);
            }
        }
        owned
    }
}

/// What happened to the records that would change, newest first.
pub(super) async fn histories(
    store: &dyn GraphStore,
    desired: &Records,
    stored: &HashMap<RecordRef, Stored>,
) -> Result<HashMap<RecordRef, Vec<HistoryEntry>>, ImportError> {
    const PAGE: usize = 50;
    let changes = |reference: &RecordRef, record: &Record| {
        let before = stored.get(reference)?;
        let alike = before.withdrawn.is_none() && differs_by_fetch_alone(&before.record, record);
        (!alike).then(|| before.record.reference())
    };
    // Tombstones that aliases lead to may have to be merged.
    let tombstones = stored.values().filter(|stored| stored.withdrawn.is_some()).map(|stored| stored.record.reference());
    let asked: BTreeSet<RecordRef> =
        desired.iter().filter_map(|(reference, record)| changes(reference, record)).chain(tombstones).collect();
    let asked: Vec<RecordRef> = asked.into_iter().collect();
    let mut histories = HashMap::with_capacity(asked.len());
    for batch in asked.chunks(BATCH) {
        for (reference, page) in batch.iter().zip(store.history(batch, None, PAGE).await?) {
            let mut entries = page.items;
            let mut has_more = page.has_more;
            while let (true, Some(last)) = (has_more, entries.last()) {
                let before = Some(last.revision.number);
                let Some(page) = store.history(std::slice::from_ref(reference), before, PAGE).await?.into_iter().next() else {
                    break;
                };
                has_more = page.has_more;
                entries.extend(page.items);
            }
            histories.insert(reference.clone(), entries);
        }
    }
    Ok(histories)
}

/// Leaves out organisations that records beside these still refer to: those of other sources.
pub(super) async fn still_referred_to(
    store: &dyn GraphStore,
    gone: BTreeMap<RecordRef, Stored>,
    desired: &Records,
) -> Result<BTreeMap<RecordRef, Stored>, ImportError> {
    let organisations: Vec<RecordRef> =
        gone.keys().filter(|reference| reference.kind() == RecordKind::Organisation).cloned().collect();
    let mut kept = HashSet::new();
    let question = NeighbourQuestion::by(Relation::Involves, Direction::In, BATCH);
    for batch in organisations.chunks(BATCH) {
        for (reference, neighbours) in batch.iter().zip(store.neighbours(batch, &question).await?) {
            let is_other = |reference: &RecordRef| !gone.contains_key(reference) && !desired.contains_key(reference);
            if neighbours.page.items.iter().any(|neighbour| is_other(&neighbour.reference)) {
                kept.insert(reference.clone());
            }
        }
    }
    Ok(gone.into_iter().filter(|(reference, _)| !kept.contains(reference)).collect())
}
