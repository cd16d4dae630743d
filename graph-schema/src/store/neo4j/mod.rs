//! Neo4jStore.
#![allow(unused)]

use async_trait::async_trait;

use super::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    StoreError, StoreOptions, Stored,
};
use crate::change::ChangeSet;
use crate::model::{RecordKind, RecordRef};
use crate::path::Step;

#[derive(Debug)]
pub struct Neo4jStore;

impl Neo4jStore {
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        unimplemented!()
    }
}

#[async_trait]
#[allow(clippy::unimplemented)]
impl GraphStore for Neo4jStore {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        unimplemented!()
    }
    async fn revision(&self) -> Result<Revision, StoreError> {
        unimplemented!()
    }
    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        unimplemented!()
    }
    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        unimplemented!()
    }
    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        unimplemented!()
    }
    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        unimplemented!()
    }
    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        unimplemented!()
    }
    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        unimplemented!()
    }
    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        unimplemented!()
    }
    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        unimplemented!()
    }
    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        unimplemented!()
    }
}
