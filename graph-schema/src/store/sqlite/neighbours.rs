//! What stands next to a record, and how to get from one to another.

use std::cmp::Ordering;
use std::future::ready;

use futures::FutureExt as _;
use rusqlite::{Connection, Params, params};

use super::code::Code as _;
use super::failure::Failure;
use super::{records, row, statement};
use crate::model::{Direction, RecordRef};
use crate::path::{self, Step};
use crate::store::{Neighbour, NeighbourQuestion, Neighbours, Page};

/// The neighbours of each record.
pub(super) fn many(connection: &Connection, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, Failure> {
    of.iter().map(|record| one(connection, record, question)).collect()
}

fn one(connection: &Connection, of: &RecordRef, question: &NeighbourQuestion) -> Result<Neighbours, Failure> {
    // A relation with a withdrawn end is not shown from the other end either.
    if !records::stands(connection, of)? {
        return Ok(Neighbours { page: Page { items: Vec::new(), has_more: false }, count: question.count.then_some(0) });
    }
    if question.relations.is_empty() && question.kind.is_none() {
        return around(connection, of, question);
    }
    let wanted = question.first.saturating_add(1);
    let kinds = question.kind.map_or(0..=i64::MAX, |kind| kind.code()..=kind.code());
    let (kind, key) = (of.kind().code(), of.key());
    let mut items = Vec::new();
    let mut count = 0;
    for (relation, direction) in question.sides() {
        let (page, total) = match direction {
            Direction::In => (statement::NEIGHBOURS_IN, statement::NEIGHBOUR_COUNT_IN),
            Direction::Out => (statement::NEIGHBOURS_OUT, statement::NEIGHBOUR_COUNT_OUT),
        };
        if question.count {
            count += counted(connection, total, params![kind, key, relation.code(), kinds.start(), kinds.end()])?;
        }
        // Before the first of the kinds: no key is empty.
        let start = (*kinds.start(), "");
        // Sides come in order: those before the last neighbour seen are done, and its own goes on after it.
        let (after_kind, after_key) = match &question.after {
            Some(after) if (relation, direction) < (after.relation, after.direction) => continue,
            Some(after) if (relation, direction) == (after.relation, after.direction) => {
                start.max((after.reference.kind().code(), after.reference.key()))
            }
            _ => start,
        };
        if items.len() < wanted {
            let limit = as_limit(wanted - items.len());
            let parameters = params![kind, key, relation.code(), after_kind, after_key, kinds.end(), limit];
            items.extend(row::all(connection, page, parameters, |row| {
                Ok(Neighbour { relation, direction, reference: row::reference(row, 0)? })
            })?);
        }
    }
    Ok(Neighbours { page: Page::from_one_more(items, question.first), count: question.count.then_some(count) })
}

/// All neighbours, whatever their relation and kind: one statement for each direction instead of one for each side, as it is
/// what a record's page asks.
fn around(connection: &Connection, of: &RecordRef, question: &NeighbourQuestion) -> Result<Neighbours, Failure> {
    let wanted = as_limit(question.first.saturating_add(1));
    let (kind, key) = (of.kind().code(), of.key());
    let mut items = Vec::new();
    let mut count = 0;
    for direction in Direction::ALL.iter().copied() {
        let (page, total) = match direction {
            Direction::In => (statement::AROUND_IN, statement::AROUND_COUNT_IN),
            Direction::Out => (statement::AROUND_OUT, statement::AROUND_COUNT_OUT),
        };
        if question.count {
            count += counted(connection, total, params![kind, key])?;
        }
        let (after_relation, after_kind, after_key) = match &question.after {
            None => (0, 0, ""),
            Some(after) => match direction.cmp(&after.direction) {
                // Of the same relation, this direction comes before the other, and is done.
                Ordering::Less => (after.relation.code(), i64::MAX, ""),
                Ordering::Equal => (after.relation.code(), after.reference.kind().code(), after.reference.key()),
                Ordering::Greater => (after.relation.code(), 0, ""),
            },
        };
        let parameters = params![kind, key, after_relation, after_kind, after_key, wanted];
        items.extend(row::all(connection, page, parameters, |row| {
            Ok(Neighbour { relation: row::value(row, 0)?, direction, reference: row::reference(row, 1)? })
        })?);
    }
    items.sort_unstable();
    Ok(Neighbours { page: Page::from_one_more(items, question.first), count: question.count.then_some(count) })
}

fn counted(connection: &Connection, statement: &str, parameters: impl Params) -> Result<usize, Failure> {
    Ok(row::first(connection, statement, parameters, |row| row::unsigned(row, 0))?.unwrap_or_default())
}

fn as_limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A shortest path between two records.
pub(super) fn path(
    connection: &Connection,
    from: &RecordRef,
    to: &RecordRef,
    max_length: usize,
) -> Result<Option<Vec<Step>>, Failure> {
    if !records::stands(connection, from)? || !records::stands(connection, to)? {
        return Ok(None);
    }
    path::shortest(from, to, max_length, |direction, records| {
        ready(records.iter().map(|record| adjacent(connection, direction, record)).collect::<Result<Vec<_>, Failure>>())
    })
    .now_or_never()
    .unwrap_or_else(|| unreachable!("the search waits for its neighbours alone, and they are ready"))
}

/// Every neighbour on one side that a path may go to, in no order.
fn adjacent(connection: &Connection, direction: Direction, of: &RecordRef) -> Result<Vec<Neighbour>, Failure> {
    let statement = match direction {
        Direction::In => statement::ADJACENT_IN,
        Direction::Out => statement::ADJACENT_OUT,
    };
    let mut statement = connection.prepare_cached(statement)?;
    let mut rows = statement.query(params![of.kind().code(), of.key()])?;
    let mut neighbours = Vec::new();
    while let Some(row) = rows.next()? {
        let relation = row::value(row, 0)?;
        if path::RELATIONS.contains(&relation) {
            neighbours.push(Neighbour { relation, direction, reference: row::reference(row, 1)? });
        }
    }
    Ok(neighbours)
}
