//! The one way to write.

use std::collections::HashSet;
use std::hash::Hash;

use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::Value;

use super::code::Code as _;
use super::failure::Failure;
use super::{history, records, row, statement};
use crate::change::{self, ChangeSet, Current, Effect};
use crate::document;
use crate::model::{Edge, RecordRef};
use crate::store::{Applied, Revision};

/// Makes the changes, all or none.
pub(super) fn apply(connection: &mut Connection, change_set: &ChangeSet) -> Result<Applied, Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(revision) = history::of_change_set(&transaction, change_set.id.as_str())? {
        return Ok(Applied { revision, changed: 0 });
    }
    let (last, changes_so_far) = history::last(&transaction)?;
    let effects = change::settle(change_set, &look_up(&transaction, change_set)?)?;
    if effects.is_empty() {
        return Ok(Applied { revision: last, changed: 0 });
    }
    let revision = last + 1;
    let changes_so_far = changes_so_far.saturating_add(i64::try_from(effects.len()).unwrap_or(i64::MAX));
    write_revision(&transaction, change_set, revision, changes_so_far)?;
    // Records first: relations and aliases refer to them.
    for effect in &effects {
        write_record(&transaction, effect, revision)?;
    }
    for effect in &effects {
        write_aliases(&transaction, effect)?;
        write_edges(&transaction, effect)?;
        write_history(&transaction, effect, revision)?;
    }
    transaction.commit()?;
    Ok(Applied { revision, changed: effects.len() })
}

fn look_up(connection: &Connection, change_set: &ChangeSet) -> Result<Current, Failure> {
    let touched = change::touched(change_set);
    let mut current = Current::default();
    for reference in touched.records {
        if let Some(stored) = records::one(connection, &reference)? {
            current.records.insert(reference, stored);
        }
    }
    for target in touched.targets {
        if records::exists(connection, &target)? {
            current.existing.insert(target);
        }
    }
    Ok(current)
}

fn write_revision(connection: &Connection, change_set: &ChangeSet, revision: Revision, changes: i64) -> Result<(), Failure> {
    let why = change_set.why.as_ref().map(crate::model::Text::as_str);
    let parameters =
        params![row::number(revision), change_set.id.as_str(), change_set.at.to_string(), change_set.by.as_str(), why, changes];
    row::write(connection, statement::REVISION_INSERT, parameters)?;
    Ok(())
}

fn write_record(connection: &Connection, effect: &Effect, revision: Revision) -> Result<(), Failure> {
    let reference = effect.record.reference();
    let (kind, key, revision) = (reference.kind().code(), reference.key(), row::number(revision));
    let document = Value::Object(document::from_record(&effect.record)).to_string();
    let withdrawn = effect.withdrawn.as_ref().map(|withdrawal| Value::Object(document::from_withdrawal(withdrawal)).to_string());
    if effect.before.is_none() {
        row::write(connection, statement::RECORD_INSERT, params![kind, key, revision, document])?;
    } else {
        row::write(connection, statement::RECORD_UPDATE, params![kind, key, revision, withdrawn, document])?;
    }
    Ok(())
}

fn write_aliases(connection: &Connection, effect: &Effect) -> Result<(), Failure> {
    let reference = effect.record.reference();
    let before = effect.before.as_ref().map(|before| before.record.aliases()).unwrap_or_default();
    let (gone, new) = difference(before, effect.record.aliases());
    // A record's own key names it anyway.
    for alias in gone.iter().filter(|alias| **alias != reference) {
        row::write(connection, statement::ALIAS_DELETE, params![alias.kind().code(), alias.key()])?;
    }
    for alias in new.iter().filter(|alias| **alias != reference) {
        row::write(connection, statement::ALIAS_INSERT, params![alias.kind().code(), alias.key(), reference.key()])?;
    }
    Ok(())
}

fn write_edges(connection: &Connection, effect: &Effect) -> Result<(), Failure> {
    let before = effect.before.as_ref().map(|before| before.record.edges()).unwrap_or_default();
    let (gone, new) = difference(before, effect.record.edges());
    for (statement, edges) in [(statement::EDGE_DELETE, gone), (statement::EDGE_INSERT, new)] {
        for Edge { from, relation, to } in &edges {
            let parameters = params![from.kind().code(), from.key(), relation.code(), to.kind().code(), to.key()];
            row::write(connection, statement, parameters)?;
        }
    }
    Ok(())
}

fn write_history(connection: &Connection, effect: &Effect, revision: Revision) -> Result<(), Failure> {
    let reference: RecordRef = effect.record.reference();
    let changes = history::write_changes(&effect.changes);
    let parameters = params![row::number(revision), reference.kind().code(), reference.key(), effect.kind.code(), changes];
    row::write(connection, statement::HISTORY_INSERT, parameters)?;
    Ok(())
}

/// What is in the first list alone, and what is in the second alone, in their order.
fn difference<T: Clone + Eq + Hash>(before: Vec<T>, after: Vec<T>) -> (Vec<T>, Vec<T>) {
    if before.is_empty() || before == after {
        return (Vec::new(), if before.is_empty() { after } else { Vec::new() });
    }
    let (old, new): (HashSet<T>, HashSet<T>) = (before.iter().cloned().collect(), after.iter().cloned().collect());
    let gone = before.into_iter().filter(|item| !new.contains(item)).collect();
    let added = after.into_iter().filter(|item| !old.contains(item)).collect();
    (gone, added)
}
