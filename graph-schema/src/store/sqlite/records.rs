//! Records by key, alias or former code, and in the order of their keys.

use rusqlite::{Connection, params};

use super::code::Code as _;
use super::failure::Failure;
use super::{row, statement};
use crate::model::{RecordKind, RecordRef};
use crate::store::{Page, Stored};

/// The record that a key or an alias names.
pub(super) fn one(connection: &Connection, reference: &RecordRef) -> Result<Option<Stored>, Failure> {
    let parameters = params![reference.kind().code(), reference.key()];
    match row::first(connection, statement::RECORD_BY_KEY, parameters, row::stored)? {
        Some(stored) => Ok(Some(stored)),
        None => row::first(connection, statement::RECORD_BY_ALIAS, parameters, row::stored),
    }
}

/// The records that keys or aliases name, in that order.
pub(super) fn many(connection: &Connection, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, Failure> {
    references.iter().map(|reference| one(connection, reference)).collect()
}

/// Records of a kind after a key.
pub(super) fn page(
    connection: &Connection,
    kind: RecordKind,
    after: Option<&str>,
    first: usize,
) -> Result<Page<Stored>, Failure> {
    // No key is empty, so each comes after the empty one.
    let parameters = params![kind.code(), after.unwrap_or_default(), row::one_more(first)];
    Ok(Page::from_one_more(row::all(connection, statement::RECORD_PAGE, parameters, row::stored)?, first))
}

/// Whether a record is there under exactly this key, withdrawn or not.
pub(super) fn exists(connection: &Connection, reference: &RecordRef) -> Result<bool, Failure> {
    has_row(connection, statement::RECORD_EXISTS, reference)
}

/// Whether a record is there under exactly this key, and not withdrawn.
pub(super) fn stands(connection: &Connection, reference: &RecordRef) -> Result<bool, Failure> {
    has_row(connection, statement::RECORD_STANDS, reference)
}

fn has_row(connection: &Connection, statement: &str, reference: &RecordRef) -> Result<bool, Failure> {
    Ok(row::first(connection, statement, params![reference.kind().code(), reference.key()], |_| Ok(()))?.is_some())
}
