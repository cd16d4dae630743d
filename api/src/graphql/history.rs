//! How records changed, and what changed since when.

use async_graphql::{Context, Object, SimpleObject};
use maillage_graph_schema::change::FieldChange as Difference;
use maillage_graph_schema::store::{self, HistoryEntry};

use super::connection::connection;
use super::error::{self, OrTell as _};
use super::record::{Record, reader};
use super::scalar::{DateTime, Json, int};
use super::value::{ChangeKind, text};

/// A change of one record.
#[derive(Debug, Clone)]
pub struct Revision(HistoryEntry);

impl Revision {
    /// Shows an entry of a record's history.
    pub fn of(entry: HistoryEntry) -> Self {
        Self(entry)
    }
}

/// A change of one record.
#[Object]
impl Revision {
    /// The graph's revision that made it.
    async fn number(&self) -> async_graphql::Result<i32> {
        int(self.0.revision.number)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.revision.at)
    }

    /// Who: a role, or the import of a source.
    async fn by(&self) -> &str {
        self.0.revision.by.as_str()
    }

    /// Why.
    async fn why(&self) -> Option<String> {
        text(self.0.revision.why.as_ref())
    }

    /// What happened to the record.
    async fn kind(&self) -> ChangeKind {
        self.0.kind.into()
    }

    /// Field by field; empty for the revision that added the record.
    async fn changes(&self) -> Vec<FieldChange> {
        self.0.changes.iter().cloned().map(FieldChange::from).collect()
    }
}

/// A field before and after.
#[derive(Debug, Clone, SimpleObject)]
pub struct FieldChange {
    /// The field, as exports name it.
    field: String,
    /// What it held; null if it held nothing.
    before: Option<Json>,
    /// What it holds since; null if it holds nothing.
    after: Option<Json>,
}

impl From<Difference> for FieldChange {
    fn from(change: Difference) -> Self {
        Self { field: change.field, before: change.before.map(Json), after: change.after.map(Json) }
    }
}

connection!(
    /// The changes of one record, newest first.
    RevisionConnection,
    /// A change of one record, with its cursor.
    RevisionEdge,
    Revision
);

/// A record that a revision of the graph changed.
#[derive(Debug, Clone)]
pub struct Change(store::Change);

impl Change {
    /// Shows an entry of the log of changes.
    pub fn of(change: store::Change) -> Self {
        Self(change)
    }
}

/// A record that a revision of the graph changed.
#[Object]
impl Change {
    /// The graph's revision.
    async fn revision(&self) -> async_graphql::Result<i32> {
        int(self.0.revision)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What happened to the record.
    async fn kind(&self) -> ChangeKind {
        self.0.kind.into()
    }

    /// The record as it is now; one that was merged into another is shown as itself, withdrawn.
    async fn record(&self, context: &Context<'_>) -> async_graphql::Result<Record> {
        let reference = self.0.reference.clone();
        let stored = reader(context).record_itself(reference.clone()).await.or_tell()?;
        stored.and_then(Record::of).ok_or_else(|| error::broken(&format!("{reference} has changed and is not there")))
    }
}

connection!(
    /// What changed, oldest first: enough to keep a copy up to date.
    ChangeConnection,
    /// A change, with its cursor.
    ChangeEdge,
    Change
);
