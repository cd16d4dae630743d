//! Writing a change set.
//!
//! In one explicit transaction that first locks the graph node: change sets go through one after the other, whoever sends
//! them, and revisions have no gaps. An attempt whose outcome is unknown is made again: the revision that it may have made
//! bears its id.

use std::collections::BTreeMap;

use neo4rs::{BoltMap, BoltType, Txn};

use super::connection::{Lent, rows_within, run_within};
use super::failure::Failure;
use super::history::{missing_graph, write_value};
use super::nodes::{self, Attachment, Properties as _, number};
use super::records::{self, Through};
use super::{batches, statement};
use crate::change::{self, ChangeSet, Current, Effect};
use crate::model::{RecordKind, RecordRef, Relation};
use crate::store::{Applied, Revision};

/// What an attempt came to, and whether its connection can be used again.
pub(super) struct Attempt {
    pub(super) outcome: Result<Applied, Failure>,
    pub(super) connection_in_order: bool,
}

/// Tries to apply a change set, once.
pub(super) async fn attempt(connection: &Lent<'_>, change_set: &ChangeSet) -> Attempt {
    let mut transaction = match connection.begin().await {
        Ok(transaction) => transaction,
        Err(failure) => return Attempt { outcome: Err(failure), connection_in_order: false },
    };
    let worked_out = work_out(&mut transaction, change_set).await;
    // A transaction that is dropped stays open, with its locks, until the driver uses its connection again: it is ended
    // here, or else the connection is closed.
    let ended = match &worked_out {
        Ok(applied) if applied.changed > 0 => transaction.commit().await,
        Ok(_) | Err(Failure::Conflict(_) | Failure::Inconsistent { .. }) => transaction.rollback().await,
        Err(_) => return Attempt { outcome: worked_out, connection_in_order: false },
    };
    match ended {
        Ok(()) => Attempt { outcome: worked_out, connection_in_order: true },
        Err(error) => Attempt { outcome: worked_out.and(Err(error.into())), connection_in_order: false },
    }
}

async fn work_out(transaction: &mut Txn, change_set: &ChangeSet) -> Result<Applied, Failure> {
    let id = || [("id", BoltType::from(change_set.id.as_str()))];
    let locked = rows_within(transaction, statement::LOCK, id()).await?;
    if locked.first().map(|row| row.get::<i64>("graphs")).transpose()? != Some(1) {
        return Err(missing_graph());
    }
    let state = rows_within(transaction, statement::STATE, id()).await?;
    let state = state.first().ok_or_else(missing_graph)?;
    if let Some(revision) = state.get::<Option<Revision>>("applied")? {
        return Ok(Applied { revision, changed: 0 });
    }
    let present: Revision = state.get("present")?;
    let effects = change::settle(change_set, &current(transaction, change_set).await?)?;
    if effects.is_empty() {
        return Ok(Applied { revision: present, changed: 0 });
    }
    let applied = Applied { revision: present + 1, changed: effects.len() };
    write(transaction, change_set, &effects, applied.revision).await?;
    Ok(applied)
}

async fn current(transaction: &mut Txn, change_set: &ChangeSet) -> Result<Current, Failure> {
    let touched = change::touched(change_set);
    let mut through = Through::Transaction(transaction);
    Ok(Current {
        records: records::find(&mut through, &touched.records).await?,
        existing: records::existing(&mut through, &touched.targets).await?,
    })
}

/// Everything to be written, sorted by statement.
#[derive(Default)]
struct Work {
    created: BTreeMap<RecordKind, Vec<BoltType>>,
    updated: Vec<BoltType>,
    withdrawn: Vec<RecordRef>,
    /// Records whose relations and parts are written anew.
    released: Vec<RecordRef>,
    attached: BTreeMap<Attachment, Vec<BoltType>>,
    changes: Vec<BoltType>,
}

impl Work {
    fn add(&mut self, effect: &Effect, revision: Revision) {
        let reference = effect.record.reference();
        let before = effect.before.as_ref();
        let created = before.map_or(revision, |before| before.created);
        let after = nodes::write(&effect.record, created, revision, effect.withdrawn.as_ref());
        let before = before.map(|before| nodes::write(&before.record, before.created, before.revision, None));
        let properties = BoltType::Map(after.properties);
        let attached = match before {
            None => {
                self.created.entry(reference.kind()).or_default().push(properties);
                after.attached
            }
            Some(before) => {
                self.updated.push(properties);
                if before.attached == after.attached {
                    Vec::new()
                } else {
                    self.released.push(reference.clone());
                    // Never released: a case study describes one initiative for ever, as its key says.
                    let described = Attachment::Relation(Relation::DescribedBy);
                    after.attached.into_iter().filter(|(attachment, _)| *attachment != described).collect()
                }
            }
        };
        for (attachment, mut row) in attached {
            row.set("from", reference.to_string());
            self.attached.entry(attachment).or_default().push(BoltType::Map(row));
        }
        if effect.withdrawn.is_some() {
            self.withdrawn.push(reference.clone());
        }
        self.changes.push(change_row(effect, &reference));
    }
}

fn change_row(effect: &Effect, reference: &RecordRef) -> BoltType {
    let mut properties = BoltMap::new();
    properties.set("kind", effect.kind.as_str());
    properties.list("fields", effect.changes.iter().map(|change| &change.field));
    properties.list("before", effect.changes.iter().map(|change| write_value(change.before.as_ref())));
    properties.list("after", effect.changes.iter().map(|change| write_value(change.after.as_ref())));
    let mut row = BoltMap::new();
    row.set("from", reference.to_string());
    row.set("properties", BoltType::Map(properties));
    BoltType::Map(row)
}

async fn write(transaction: &mut Txn, change_set: &ChangeSet, effects: &[Effect], revision: Revision) -> Result<(), Failure> {
    let mut work = Work::default();
    for effect in effects {
        work.add(effect, revision);
    }
    for (kind, rows) in work.created {
        run_batches(transaction, statement::create(kind), rows).await?;
    }
    run_batches(transaction, statement::UPDATE, work.updated).await?;
    for (statement, references) in [(statement::WITHDRAW, work.withdrawn), (statement::RELEASE, work.released)] {
        for references in batches::of_references(statement, &references) {
            run_within(transaction, statement, [("references", references)]).await?;
        }
    }
    for (attachment, rows) in work.attached {
        run_batches(transaction, attachment.statement(), rows).await?;
    }
    let parameters = [
        ("number", number(revision).into()),
        ("properties", BoltType::Map(revision_properties(change_set, revision, effects.len()))),
    ];
    run_within(transaction, statement::REVISION_CREATE, parameters).await?;
    for rows in batches::of_rows(statement::CHANGE_CREATE, work.changes) {
        let parameters = [("number", number(revision).into()), ("rows", rows)];
        run_within(transaction, statement::CHANGE_CREATE, parameters).await?;
    }
    Ok(())
}

fn revision_properties(change_set: &ChangeSet, revision: Revision, changed: usize) -> BoltMap {
    let mut properties = BoltMap::new();
    properties.set("number", number(revision));
    properties.text("id", &change_set.id);
    properties.text("at", change_set.at);
    properties.text("by", &change_set.by);
    properties.optional("why", change_set.why.as_ref());
    properties.set("changedRecords", i64::try_from(changed).unwrap_or(i64::MAX));
    properties
}

async fn run_batches(transaction: &mut Txn, statement: &'static str, rows: Vec<BoltType>) -> Result<(), Failure> {
    for rows in batches::of_rows(statement, rows) {
        run_within(transaction, statement, [("rows", rows)]).await?;
    }
    Ok(())
}
