//! What was changed, when, by whom and why.

use std::collections::HashMap;

use neo4rs::{BoltType, Row};
use serde::Deserialize;
use serde_json::Value;

use super::connection::Lent;
use super::failure::Failure;
use super::nodes::number;
use super::records::{distinct, one_more, reference};
use super::{Question, batches, statement};
use crate::change::{ChangeKind, FieldChange};
use crate::model::RecordRef;
use crate::store::{Change, ChangeCursor, HistoryEntry, Page, Revision, RevisionRecord};

/// [`crate::store::GraphStore::revision`].
pub(super) struct Present;

impl Question for Present {
    type Answer = Revision;
    const DOING: &'static str = "reading the revision";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let rows = connection.read(statement::REVISION, []).await?;
        let row = rows.first().ok_or_else(missing_graph)?;
        Ok(row.get("present")?)
    }
}

/// Somebody emptied the database while this program was running.
pub(super) fn missing_graph() -> Failure {
    Failure::inconsistent("(:Graph {name: 'maillage'})", "is missing: the database was emptied; start this program again")
}

/// [`crate::store::GraphStore::history`].
pub(super) struct History<'a> {
    pub(super) of: &'a [RecordRef],
    pub(super) before: Option<Revision>,
    pub(super) first: usize,
}

impl Question for History<'_> {
    type Answer = Vec<Page<HistoryEntry>>;
    const DOING: &'static str = "reading histories";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut entries: HashMap<RecordRef, Vec<HistoryEntry>> = HashMap::new();
        for of in batches::of_references(statement::HISTORY, distinct(self.of)) {
            let before = self.before.map_or(i64::MAX, number);
            let parameters = [("of", of), ("before", before.into()), ("limit", one_more(self.first))];
            for row in connection.read(statement::HISTORY, parameters).await? {
                let reference = reference(&row, "reference")?;
                let entry =
                    entry(&row).map_err(|problem| Failure::inconsistent(format!("the history of {reference}"), problem))?;
                entries.entry(reference).or_default().push(entry);
            }
        }
        // Each record's entries come newest first, as the statement sorts them.
        let page = |of| Page::from_one_more(entries.get(of).cloned().unwrap_or_default(), self.first);
        Ok(self.of.iter().map(page).collect())
    }
}

/// [`crate::store::GraphStore::history_counts`].
pub(super) struct HistoryCounts<'a>(pub(super) &'a [RecordRef]);

impl Question for HistoryCounts<'_> {
    type Answer = Vec<usize>;
    const DOING: &'static str = "counting histories";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut counts: HashMap<RecordRef, usize> = HashMap::new();
        for of in batches::of_references(statement::HISTORY_COUNTS, distinct(self.0)) {
            for row in connection.read(statement::HISTORY_COUNTS, [("of", of)]).await? {
                counts.insert(reference(&row, "reference")?, row.get("counted")?);
            }
        }
        Ok(self.0.iter().map(|of| counts.get(of).copied().unwrap_or_default()).collect())
    }
}

/// [`crate::store::GraphStore::changes`].
pub(super) struct Changes<'a> {
    pub(super) since: Revision,
    pub(super) after: Option<&'a ChangeCursor>,
    pub(super) first: usize,
}

impl Question for Changes<'_> {
    type Answer = Page<Change>;
    const DOING: &'static str = "reading changes";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let next = self.since.saturating_add(1);
        let (from, after) = match self.after {
            Some(after) if after.revision >= next => (after.revision, after.reference.to_string()),
            _ => (next, String::new()),
        };
        let parameters = [("from", number(from).into()), ("after", after.into()), ("limit", one_more(self.first))];
        let rows = connection.read(statement::CHANGES, parameters).await?;
        Ok(Page::from_one_more(rows.iter().map(change).collect::<Result<_, _>>()?, self.first))
    }
}

fn change(row: &Row) -> Result<Change, Failure> {
    let (at, kind): (&str, &str) = (row.get("at")?, row.get("kind")?);
    Ok(Change {
        revision: row.get("number")?,
        at: at.parse().map_err(|error| Failure::inconsistent("Revision.at", error))?,
        kind: ChangeKind::parse(kind).ok_or_else(|| Failure::inconsistent("CHANGED_IN.kind", kind))?,
        reference: reference(row, "reference")?,
    })
}

/// [`crate::store::GraphStore::change_count`].
pub(super) struct ChangeCount(pub(super) Revision);

impl Question for ChangeCount {
    type Answer = usize;
    const DOING: &'static str = "counting changes";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let rows = connection.read(statement::CHANGE_COUNT, [("since", number(self.0).into())]).await?;
        Ok(rows.first().map(|row| row.get("counted")).transpose()?.unwrap_or_default())
    }
}

/// [`crate::store::GraphStore::revisions`].
pub(super) struct Revisions {
    pub(super) since: Revision,
    pub(super) first: usize,
}

impl Question for Revisions {
    type Answer = Page<RevisionRecord>;
    const DOING: &'static str = "reading revisions";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let parameters: [(&str, BoltType); 2] = [("since", number(self.since).into()), ("limit", one_more(self.first))];
        let rows = connection.read(statement::REVISIONS, parameters).await?;
        let read = |row: &Row| {
            row.get::<RevisionNode<'_>>("revision")
                .map_err(|error| error.to_string())
                .and_then(RevisionNode::read)
                .map_err(|problem| Failure::inconsistent("a revision", problem))
        };
        Ok(Page::from_one_more(rows.iter().map(read).collect::<Result<_, _>>()?, self.first))
    }
}

#[derive(Deserialize)]
struct RevisionNode<'a> {
    number: Revision,
    id: &'a str,
    at: &'a str,
    by: &'a str,
    why: Option<&'a str>,
}

impl RevisionNode<'_> {
    fn read(self) -> Result<RevisionRecord, String> {
        let text = |text: &str| text.parse().map_err(|error: crate::model::ValueError| error.to_string());
        Ok(RevisionRecord {
            number: self.number,
            id: text(self.id)?,
            at: self.at.parse().map_err(|error: crate::model::ValueError| error.to_string())?,
            by: text(self.by)?,
            why: self.why.map(text).transpose()?,
        })
    }
}

#[derive(Deserialize)]
struct ChangedIn<'a> {
    kind: &'a str,
    #[serde(default, borrow)]
    fields: Vec<&'a str>,
    #[serde(default, borrow)]
    before: Vec<&'a str>,
    #[serde(default, borrow)]
    after: Vec<&'a str>,
}

fn entry(row: &Row) -> Result<HistoryEntry, String> {
    let revision: RevisionNode<'_> = row.get("revision").map_err(|error| error.to_string())?;
    let change: ChangedIn<'_> = row.get("change").map_err(|error| error.to_string())?;
    if change.fields.len() != change.before.len() || change.fields.len() != change.after.len() {
        return Err("its parallel lists are not of one length".to_owned());
    }
    let values = change.before.iter().zip(&change.after);
    let changes = change.fields.iter().zip(values).map(|(field, (before, after))| {
        Ok(FieldChange { field: (*field).to_owned(), before: read_value(before)?, after: read_value(after)? })
    });
    Ok(HistoryEntry {
        revision: revision.read()?,
        kind: ChangeKind::parse(change.kind).ok_or_else(|| format!("{:?} is not a kind of change", change.kind))?,
        changes: changes.collect::<Result<_, String>>()?,
    })
}

/// An absent value is an empty text, which is no JSON.
fn read_value(text: &str) -> Result<Option<Value>, String> {
    if text.is_empty() { Ok(None) } else { serde_json::from_str(text).map(Some).map_err(|error| error.to_string()) }
}

/// See [`read_value`].
pub(super) fn write_value(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}
