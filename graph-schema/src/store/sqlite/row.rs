//! From rows to values of the domain.

use std::str::FromStr;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row};

use super::code::Code;
use super::failure::Failure;
use crate::document::{self, Document};
use crate::model::{RecordKind, RecordRef, ValueError};
use crate::store::{Revision, Stored};

/// Runs a statement and reads each of its rows.
pub(super) fn all<T>(
    connection: &Connection,
    statement: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    connection.prepare_cached(statement)?.query_and_then(parameters, read)?.collect()
}

/// Runs a statement and reads its first row, if it has one.
pub(super) fn first<T>(
    connection: &Connection,
    statement: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    connection.prepare_cached(statement)?.query_and_then(parameters, read)?.next().transpose()
}

/// Runs a statement that writes.
pub(super) fn write(connection: &Connection, statement: &str, parameters: impl Params) -> Result<usize, Failure> {
    Ok(connection.prepare_cached(statement)?.execute(parameters)?)
}

/// A text, where it stands in the row.
pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Failure> {
    optional_text(row, column)?.ok_or_else(|| Failure::unreadable(format!("column {column}"), "is null"))
}

/// A text that may be absent.
pub(super) fn optional_text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, Failure> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        value => value.as_str().map(Some).map_err(|error| Failure::unreadable(format!("column {column}"), &error)),
    }
}

/// A value of the domain by its written form.
pub(super) fn parsed<T: FromStr<Err = ValueError>>(row: &Row<'_>, column: usize) -> Result<T, Failure> {
    text(row, column)?.parse().map_err(|error| Failure::unreadable(format!("column {column}"), &error))
}

/// A value of the domain that may be absent.
pub(super) fn optional_parsed<T: FromStr<Err = ValueError>>(row: &Row<'_>, column: usize) -> Result<Option<T>, Failure> {
    let parse = |text: &str| text.parse().map_err(|error| Failure::unreadable(format!("column {column}"), &error));
    optional_text(row, column)?.map(parse).transpose()
}

/// A kind, relation or change by its number.
pub(super) fn value<T: Code>(row: &Row<'_>, column: usize) -> Result<T, Failure> {
    let code = row.get(column)?;
    T::from_code(code).ok_or_else(|| Failure::unreadable(format!("column {column}"), &format!("{code} stands for nothing")))
}

/// A revision or a count.
pub(super) fn unsigned<T: TryFrom<i64>>(row: &Row<'_>, column: usize) -> Result<T, Failure> {
    let number: i64 = row.get(column)?;
    T::try_from(number).map_err(|_| Failure::unreadable(format!("column {column}"), &format!("{number} is out of range")))
}

/// A kind and, in the column after it, a key.
pub(super) fn reference(row: &Row<'_>, column: usize) -> Result<RecordRef, Failure> {
    let kind: RecordKind = value(row, column)?;
    RecordRef::parse(kind, text(row, column + 1)?).map_err(|error| Failure::unreadable("a key", &error))
}

/// The columns of a record: kind, key, created, revision, withdrawn, document.
pub(super) fn stored(row: &Row<'_>) -> Result<Stored, Failure> {
    let kind: RecordKind = value(row, 0)?;
    let what = || format!("{kind}/{}", text(row, 1).unwrap_or_default());
    let withdrawn = optional_text(row, 4)?
        .map(|withdrawn| {
            let document: Document =
                serde_json::from_str(withdrawn).map_err(|error| Failure::unreadable(what(), &format!("withdrawn: {error}")))?;
            document::to_withdrawal(&document).map_err(|error| Failure::unreadable(what(), &format!("withdrawn: {error}")))
        })
        .transpose()?;
    let document: Document = serde_json::from_str(text(row, 5)?).map_err(|error| Failure::unreadable(what(), &error))?;
    let record = document::to_record(kind, &document).map_err(|error| Failure::unreadable(what(), &error))?;
    Ok(Stored { record, created: unsigned(row, 2)?, revision: unsigned(row, 3)?, withdrawn })
}

/// A revision as SQLite counts: above any that can be is the same as the last that can.
pub(super) fn number(revision: Revision) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

/// How many rows to read for a page: one more than it has, to know whether there are more.
pub(super) fn one_more(first: usize) -> i64 {
    i64::try_from(first).unwrap_or(i64::MAX).saturating_add(1)
}
