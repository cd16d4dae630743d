//! The embedded default store: one SQLite file, with a write-ahead log beside it.
//!
//! | module | what it does |
//! |---|---|
//! | `pool` | one connection that writes, several that read; time limits |
//! | `migrate` | the versions of the schema, in `migrations/` |
//! | `statement` | the statements, in `sql/` |
//! | `apply` | writes change sets |
//! | `records`, `neighbours`, `history` | answer |
//! | `runs` | keeps imports and leases |
//! | `row`, `code` | between rows and the domain |
//!
//! A record is kept as its document, so a new field needs nothing here. To change the schema: add a file to
//! `migrations/` and its line to `migrate`, never touch an earlier one, and write down in `NOTES.md` what was learnt.

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use rusqlite::Connection;

use self::pool::Pool;
use super::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    RunStore, StoreError, StoreOptions, Stored,
};
use crate::change::ChangeSet;
use crate::model::{RecordKind, RecordRef};
use crate::path::Step;

mod apply;
mod code;
mod failure;
mod history;
mod migrate;
mod neighbours;
mod pool;
mod records;
mod row;
mod runs;
mod statement;
#[cfg(test)]
mod tests;

/// So many records by their keys are read in less than a millisecond.
const FEW: usize = 32;

const READING: &str = "reading records";

/// The graph in a file.
pub struct SqliteStore {
    pool: Pool,
}

impl SqliteStore {
    /// Opens a file, or makes it with its folder if it is not there, and brings its schema up to date. A file that a newer
    /// program wrote is left as it is, to the byte.
    pub async fn open(path: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        Ok(Self { pool: Pool::open(path, options).await? })
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SqliteStore").field("address", &self.pool.address()).finish_non_exhaustive()
    }
}

#[async_trait]
impl GraphStore for SqliteStore {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        let change_set = change_set.clone();
        self.pool.write("applying a change set", move |connection| apply::apply(connection, &change_set)).await
    }

    async fn revision(&self) -> Result<Revision, StoreError> {
        let revision = self.pool.read("asking for the revision", history::last).await?;
        Ok(revision.0)
    }

    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        let (references, is_few) = (references.to_vec(), references.len() <= FEW);
        let question = move |connection: &Connection| records::many(connection, &references);
        if is_few { self.pool.read_quickly(READING, question).await } else { self.pool.read(READING, question).await }
    }

    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        let after = after.map(str::to_owned);
        self.pool
            .read("reading a page of records", move |connection| records::page(connection, kind, after.as_deref(), first))
            .await
    }

    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        let (of, question) = (of.to_vec(), question.clone());
        self.pool.read("looking for neighbours", move |connection| neighbours::many(connection, &of, &question)).await
    }

    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        let (from, to) = (from.clone(), to.clone());
        self.pool.read("looking for a path", move |connection| neighbours::path(connection, &from, &to, max_length)).await
    }

    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        let of = of.to_vec();
        self.pool.read("reading the history of records", move |connection| history::many(connection, &of, before, first)).await
    }

    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        let of = of.to_vec();
        self.pool.read("counting the history of records", move |connection| history::counts(connection, &of)).await
    }

    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        let after = after.cloned();
        self.pool.read("reading changes", move |connection| history::changes(connection, since, after.as_ref(), first)).await
    }

    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        self.pool.read("counting changes", move |connection| history::change_count(connection, since)).await
    }

    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        self.pool.read("reading revisions", move |connection| history::revisions(connection, since, first)).await
    }

    fn imports(&self) -> &dyn RunStore {
        self
    }
}
