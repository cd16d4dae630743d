//! What each revision changed.

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};

use super::code::Code as _;
use super::failure::Failure;
use super::{row, statement};
use crate::change::FieldChange;
use crate::model::RecordRef;
use crate::store::{Change, ChangeCursor, HistoryEntry, Page, Revision, RevisionRecord};

/// The present revision, and how many changes all revisions made together.
pub(super) fn last(connection: &Connection) -> Result<(Revision, i64), Failure> {
    let last = row::first(connection, statement::REVISION_LAST, [], |row| Ok((row::unsigned(row, 0)?, row.get(1)?)))?;
    Ok(last.unwrap_or_default())
}

/// The revision that a change set made, if it was applied before.
pub(super) fn of_change_set(connection: &Connection, id: &str) -> Result<Option<Revision>, Failure> {
    row::first(connection, statement::REVISION_BY_ID, [id], |row| row::unsigned(row, 0))
}

/// What happened to each record, newest first.
pub(super) fn many(
    connection: &Connection,
    of: &[RecordRef],
    before: Option<Revision>,
    first: usize,
) -> Result<Vec<Page<HistoryEntry>>, Failure> {
    of.iter().map(|record| one(connection, record, before, first)).collect()
}

fn one(connection: &Connection, of: &RecordRef, before: Option<Revision>, first: usize) -> Result<Page<HistoryEntry>, Failure> {
    let before = before.map_or(i64::MAX, row::number);
    let parameters = params![of.kind().code(), of.key(), before, row::one_more(first)];
    let read = |row: &Row<'_>| {
        let changes = row::optional_text(row, 6)?.map_or_else(|| Ok(Vec::new()), read_changes);
        Ok(HistoryEntry { revision: revision_record(row)?, kind: row::value(row, 5)?, changes: changes? })
    };
    Ok(Page::from_one_more(row::all(connection, statement::HISTORY_PAGE, parameters, read)?, first))
}

/// How many revisions changed each record.
pub(super) fn counts(connection: &Connection, of: &[RecordRef]) -> Result<Vec<usize>, Failure> {
    let count = |record: &RecordRef| {
        let parameters = params![record.kind().code(), record.key()];
        let count = row::first(connection, statement::HISTORY_COUNT, parameters, |row| row::unsigned(row, 0))?;
        Ok(count.unwrap_or_default())
    };
    of.iter().map(count).collect()
}

/// What changed after a revision, oldest first.
pub(super) fn changes(
    connection: &Connection,
    since: Revision,
    after: Option<&ChangeCursor>,
    first: usize,
) -> Result<Page<Change>, Failure> {
    let (revision, kind, key) = match after {
        Some(after) if after.revision > since => (after.revision, after.reference.kind().code(), after.reference.key()),
        // Above any kind: after all that the revision changed.
        _ => (since, i64::MAX, ""),
    };
    let parameters = params![row::number(revision), kind, key, row::one_more(first)];
    let read = |row: &Row<'_>| {
        Ok(Change {
            revision: row::unsigned(row, 0)?,
            at: row::text(row, 1)?.parse().map_err(|error| Failure::unreadable("the time of a revision", &error))?,
            kind: row::value(row, 2)?,
            reference: row::reference(row, 3)?,
        })
    };
    Ok(Page::from_one_more(row::all(connection, statement::CHANGE_PAGE, parameters, read)?, first))
}

/// How many changes came after a revision.
pub(super) fn change_count(connection: &Connection, since: Revision) -> Result<usize, Failure> {
    let count = row::first(connection, statement::CHANGE_COUNT, [row::number(since)], |row| row::unsigned(row, 0))?;
    Ok(count.unwrap_or_default())
}

/// The revisions after a revision, oldest first.
pub(super) fn revisions(connection: &Connection, since: Revision, first: usize) -> Result<Page<RevisionRecord>, Failure> {
    let parameters = params![row::number(since), row::one_more(first)];
    Ok(Page::from_one_more(row::all(connection, statement::REVISION_PAGE, parameters, revision_record)?, first))
}

/// The columns of a revision: number, id, at, by, why.
fn revision_record(row: &Row<'_>) -> Result<RevisionRecord, Failure> {
    let number = row::unsigned(row, 0)?;
    let unreadable = |error: crate::model::ValueError| Failure::unreadable(format!("revision {number}"), &error);
    Ok(RevisionRecord {
        number,
        id: row::text(row, 1)?.parse().map_err(unreadable)?,
        at: row::text(row, 2)?.parse().map_err(unreadable)?,
        by: row::text(row, 3)?.parse().map_err(unreadable)?,
        why: row::optional_text(row, 4)?.map(str::parse).transpose().map_err(unreadable)?,
    })
}

/// Changes as the table keeps them: `{field: {before, after}}`, an absent side left out; `None` if there are none.
pub(super) fn write_changes(changes: &[FieldChange]) -> Option<String> {
    let sides = |change: &FieldChange| {
        let sides = [("before", &change.before), ("after", &change.after)];
        let present = sides.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?)));
        (change.field.clone(), Value::Object(present.collect()))
    };
    (!changes.is_empty()).then(|| Value::Object(changes.iter().map(sides).collect()).to_string())
}

fn read_changes(text: &str) -> Result<Vec<FieldChange>, Failure> {
    let unreadable = |problem: &dyn ToString| Failure::unreadable("the changes of a record", problem);
    let fields: Map<String, Value> = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    let read = |(field, sides): (String, Value)| {
        let Value::Object(mut sides) = sides else { return Err(unreadable(&format!("{field} is not an object"))) };
        Ok(FieldChange { field, before: sides.remove("before"), after: sides.remove("after") })
    };
    fields.into_iter().map(read).collect()
}
