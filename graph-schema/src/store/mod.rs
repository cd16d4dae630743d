//! The port through which everything reads and writes the graph, and the stores behind it.
//!
//! A store answers at the level of the domain: no query text goes in, no row comes out. What two stores must agree on is
//! worked out once, in [`crate::change`] and [`crate::path`]; a store looks up and writes.
//!
//! To add a store: 1. implement [`GraphStore`]; 2. give its URL scheme to [`open`]; 3. run the suite in [`contract`] on it
//! (`graph-schema/tests`).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::change::{ChangeKind, ChangeSet, Conflict, FieldChange};
use crate::model::{Direction, Instant, Record, RecordKind, RecordRef, Relation, Text, Withdrawal};
use crate::path::Step;

#[cfg(feature = "contract")]
pub mod contract;
pub mod neo4j;
mod runs;
pub mod sqlite;

pub use runs::{KEPT_RUNS, RunStore};

/// The graph's version: 0 for the empty graph, and one more with every change set that changed something.
pub type Revision = u64;

/// A record as the graph holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub record: Record,
    /// The revision that added it.
    pub created: Revision,
    /// The revision that last changed it.
    pub revision: Revision,
    pub withdrawn: Option<Withdrawal>,
}

/// What became of a change set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The revision that it made, now or when it was applied before; where it changes nothing, the one that holds.
    pub revision: Revision,
    /// How many records it changed; 0 if it changed nothing or had been applied before.
    pub changed: usize,
}

/// A page of something, by key: no page shifts when the graph changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub has_more: bool,
}

impl<T> Page<T> {
    /// Makes a page of at most `first` items out of up to one more than that.
    pub fn from_one_more(mut items: Vec<T>, first: usize) -> Self {
        let has_more = items.len() > first;
        items.truncate(first);
        Self { items, has_more }
    }
}

/// One record next to another. Neighbours sort by relation, direction, kind and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Neighbour {
    pub relation: Relation,
    pub direction: Direction,
    pub reference: RecordRef,
}

/// Which neighbours are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NeighbourQuestion {
    /// Which relations, from which side; empty means all, from both sides.
    pub relations: Vec<(Relation, Direction)>,
    /// Only neighbours of this kind: the towns of an area, the initiatives of a source.
    pub kind: Option<RecordKind>,
    /// Only neighbours after this one, whether or not it is still there.
    pub after: Option<Neighbour>,
    /// The size of the page, for each record asked about.
    pub first: usize,
    /// Whether to count all that match, whatever the page.
    pub count: bool,
}

impl NeighbourQuestion {
    /// The first neighbours by one relation, uncounted.
    pub fn by(relation: Relation, direction: Direction, first: usize) -> Self {
        Self { relations: vec![(relation, direction)], kind: None, after: None, first, count: false }
    }

    /// The relations asked for, with their sides, sorted: all of them if none is named.
    pub fn sides(&self) -> Vec<(Relation, Direction)> {
        if self.relations.is_empty() {
            let both =
                |relation: &Relation| Direction::ALL.iter().map(move |direction| (*relation, *direction)).collect::<Vec<_>>();
            return Relation::ALL.iter().flat_map(both).collect();
        }
        let mut sides = self.relations.clone();
        sides.sort();
        sides.dedup();
        sides
    }
}

/// The neighbours of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbours {
    pub page: Page<Neighbour>,
    /// All that match, whatever the page, if asked for.
    pub count: Option<usize>,
}

/// A change set as history keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct RevisionRecord {
    pub number: Revision,
    /// The change set's id.
    pub id: Text,
    pub at: Instant,
    pub by: Text,
    pub why: Option<Text>,
}

/// What a revision did to one record.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    pub revision: RevisionRecord,
    pub kind: ChangeKind,
    /// Sorted by field; empty for an added record.
    pub changes: Vec<FieldChange>,
}

/// A record that a revision changed. Changes sort by revision, kind and key.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub revision: Revision,
    pub at: Instant,
    pub kind: ChangeKind,
    pub reference: RecordRef,
}

/// Where a page of changes goes on: after this record of this revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCursor {
    pub revision: Revision,
    pub reference: RecordRef,
}

/// Why a store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store cannot be reached, or went away; the same call may succeed later.
    #[error("cannot reach the graph store at {address}: {problem}")]
    Unavailable { address: String, problem: String },
    /// No answer within the time allowed.
    #[error("the graph store at {address} did not answer within {} ms while {doing}", after.as_millis())]
    TimedOut { address: String, doing: &'static str, after: Duration },
    /// The change set does not fit the graph; nothing was written.
    #[error("the change cannot be applied: {0}")]
    Conflict(#[from] Conflict),
    /// What the store holds is not what this program writes.
    #[error("the graph store holds something unreadable: {what}: {problem}")]
    Inconsistent { what: String, problem: String },
    /// The data is of a newer version of this program; nothing was touched.
    #[error("the graph store at {address} is of schema version {found}, this program knows up to {known}")]
    NewerSchema { address: String, found: u32, known: u32 },
    /// The address is not one of a store.
    #[error("{url:?} is not the address of a graph store: expected sqlite:PATH, bolt://HOST:PORT or neo4j://HOST:PORT")]
    Address { url: String },
    /// Anything else that the driver reports.
    #[error("the graph store at {address} failed while {doing}: {problem}")]
    Driver { address: String, doing: &'static str, problem: String },
}

impl StoreError {
    /// Whether the same call may succeed later without anybody changing it.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::TimedOut { .. })
    }
}

/// The graph. All writes go through [`GraphStore::apply`].
#[async_trait]
pub trait GraphStore: Send + Sync + fmt::Debug {
    /// Makes the changes, all or none, and answers with the revision once they are durable. Safe to repeat: the id of a change
    /// set that made a revision is remembered, and looked at before anything else. One that changes nothing leaves no trace.
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError>;

    /// The present revision.
    async fn revision(&self) -> Result<Revision, StoreError>;

    /// Records with their relations, in the order asked for; each by its key, an alias or a former code. Withdrawn ones
    /// are given as tombstones.
    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError>;

    /// Records of a kind in the order of their keys, withdrawn ones included; after a key, whether or not it is there.
    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError>;

    /// The neighbours of each record (by its present key), in the order asked for, without withdrawn ones; none for a record
    /// that is not there or is withdrawn itself.
    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError>;

    /// One shortest path between two records (by their present keys) along [`crate::path::RELATIONS`], without withdrawn
    /// records: of several the first by relation, direction, kind and key of its steps. `None` if there is none of at most
    /// `max_length` steps, or if either end is not there or withdrawn; else empty from a record to itself.
    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError>;

    /// What happened to each record (by its present key), newest first, before a revision if one is given: a page of at most
    /// `first` for each; empty for a record that is not there.
    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError>;

    /// How many revisions changed each record (by its present key).
    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError>;

    /// What changed after a revision and, if given, after a cursor, oldest first.
    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError>;

    /// How many changes came after a revision.
    async fn change_count(&self, since: Revision) -> Result<usize, StoreError>;

    /// The revisions after a revision, oldest first.
    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError>;

    /// The imports that were made into this graph, and who may make one: kept beside the graph, for all who share it.
    fn imports(&self) -> &dyn RunStore;
}

/// How to reach a store and how long to wait for it.
#[derive(Clone)]
pub struct StoreOptions {
    pub user: Option<String>,
    pub password: Option<String>,
    /// For a connection: to be made, or to come free.
    pub acquire_timeout: Duration,
    /// For one question.
    pub query_timeout: Duration,
    /// For one change set.
    pub apply_timeout: Duration,
    /// Connections, or readers of the embedded store, at the most.
    pub connections: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            user: None,
            password: None,
            acquire_timeout: Duration::from_secs(5),
            query_timeout: Duration::from_secs(15),
            apply_timeout: Duration::from_mins(5),
            connections: 16,
        }
    }
}

/// The password stays out of logs.
impl fmt::Debug for StoreOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoreOptions")
            .field("user", &self.user)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("query_timeout", &self.query_timeout)
            .field("apply_timeout", &self.apply_timeout)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// Opens the store at an address, bringing its schema up to date.
pub async fn open(url: &str, options: StoreOptions) -> Result<Arc<dyn GraphStore>, StoreError> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Ok(Arc::new(sqlite::SqliteStore::open(path.as_ref(), options).await?));
    }
    if url.starts_with("bolt://") || url.starts_with("neo4j://") {
        return Ok(Arc::new(neo4j::Neo4jStore::open(url, options).await?));
    }
    Err(StoreError::Address { url: url.to_owned() })
}
