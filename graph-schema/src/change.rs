//! The only way to write: a [`ChangeSet`], and the pure functions that work out what it does.
//!
//! A change set says what records shall be, whole; [`settle`] compares that with what the graph holds and gives the
//! [`Effect`]s, which a store writes in one transaction. Both stores settle alike because neither settles itself.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::document::{self, Document, DocumentError};
use crate::model::{Edge, Instant, Record, RecordRef, Text, Withdrawal};
use crate::store::{Revision, Stored};

/// What the record must be for an operation to go through: guards a plan against changes made since it was drawn up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Anything,
    Absent,
    /// Last changed at this revision.
    At(Revision),
}

/// One thing to do to one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// The record shall be this, whole; a withdrawn one comes back. Keys are for ever: a record that shall go by another key
    /// is put under that one, and the former withdrawn as merged into it.
    Put { record: Box<Record>, expected: Expected },
    /// The record shall be a tombstone.
    Withdraw { reference: RecordRef, why: Text, merged_into: Option<RecordRef>, expected: Expected },
}

impl Operation {
    /// Puts a record, whatever was there.
    pub fn put(record: impl Into<Record>) -> Self {
        Self::Put { record: Box::new(record.into()), expected: Expected::Anything }
    }

    /// The record that it is about.
    pub fn reference(&self) -> RecordRef {
        match self {
            Self::Put { record, .. } => record.reference(),
            Self::Withdraw { reference, .. } => reference.clone(),
        }
    }
}

/// Changes that are made together or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSet {
    /// Applying a change set whose id was applied before does nothing and answers with the revision of then.
    pub id: Text,
    pub at: Instant,
    /// Who: a person's role, or the import of a source.
    pub by: Text,
    pub why: Option<Text>,
    /// At most one for each record, in any order.
    pub operations: Vec<Operation>,
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    Added,
    Changed,
    Withdrawn,
    Restored,
    Merged,
}

impl ChangeKind {
    /// Every kind, in order.
    pub const ALL: &'static [Self] = &[Self::Added, Self::Changed, Self::Withdrawn, Self::Restored, Self::Merged];

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Withdrawn => "withdrawn",
            Self::Restored => "restored",
            Self::Merged => "merged",
        }
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// A field before and after; the withdrawal counts as the field [`WITHDRAWN`].
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    pub field: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// The name under which history keeps a record's withdrawal.
pub const WITHDRAWN: &str = "withdrawn";

/// Why a change set cannot be applied to the graph as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    #[error("{0} is named by two operations of one change set")]
    Repeated(RecordRef),
    #[error("{from} {relation} {to}, which the graph does not hold")]
    UnknownReference { from: RecordRef, relation: &'static str, to: RecordRef },
    #[error("{alias} is claimed by {claimant} and already names {owner}")]
    KeyTaken { alias: RecordRef, claimant: RecordRef, owner: RecordRef },
    #[error("{0} cannot be withdrawn: the graph does not hold it")]
    NothingToWithdraw(RecordRef),
    #[error("{reference} cannot be merged into {into}: it is not another record of its kind")]
    MergeTarget { reference: RecordRef, into: RecordRef },
    #[error("{reference} has changed since the change was planned: it is at revision {actual:?}, planned for {expected:?}")]
    Stale { reference: RecordRef, expected: Expected, actual: Option<Revision> },
    #[error("{reference}: {problem}")]
    Unreadable { reference: RecordRef, problem: String },
}

/// What the graph holds of everything that a change set touches.
#[derive(Debug, Default)]
pub struct Current {
    /// Records by the key **or alias** asked for, whichever names them; see [`touched`].
    pub records: HashMap<RecordRef, Stored>,
    /// Which of the edge targets asked for exist under exactly this key, withdrawn ones included.
    pub existing: HashSet<RecordRef>,
}

/// What a store must look up before it can settle a change set.
#[derive(Debug, Default)]
pub struct Touched {
    /// To be read whole, by key or alias: the records named, and every alias that they claim.
    pub records: Vec<RecordRef>,
    /// To be checked for existence: what relations point to.
    pub targets: Vec<RecordRef>,
}

/// What a change set touches, sorted and without doubles.
pub fn touched(change_set: &ChangeSet) -> Touched {
    let mut touched = Touched::default();
    let mut put = HashSet::new();
    for operation in &change_set.operations {
        touched.records.push(operation.reference());
        match operation {
            Operation::Put { record, .. } => {
                put.insert(record.reference());
                touched.records.extend(record.aliases());
                touched.targets.extend(record.edges().into_iter().map(|edge| far_end(&edge)));
            }
            Operation::Withdraw { merged_into, .. } => touched.targets.extend(merged_into.clone()),
        }
    }
    touched.targets.retain(|target| !put.contains(target));
    for references in [&mut touched.records, &mut touched.targets] {
        references.sort();
        references.dedup();
    }
    touched
}

/// The end of an edge that is not the record that holds it.
fn far_end(edge: &Edge) -> RecordRef {
    if edge.relation.is_held_by_target() { edge.from.clone() } else { edge.to.clone() }
}

/// What a change set does to one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub kind: ChangeKind,
    /// As the graph holds it; `None` for an added one.
    pub before: Option<Stored>,
    pub record: Record,
    pub withdrawn: Option<Withdrawal>,
    /// Sorted by field; empty for an added record: its first state follows from the present one and the later changes.
    pub changes: Vec<FieldChange>,
}

/// Works out what a change set does to the graph, in the order of the records' kinds and keys. Operations that change
/// nothing have no effect.
pub fn settle(change_set: &ChangeSet, current: &Current) -> Result<Vec<Effect>, Conflict> {
    let put: HashSet<RecordRef> = change_set
        .operations
        .iter()
        .filter(|operation| matches!(operation, Operation::Put { .. }))
        .map(Operation::reference)
        .collect();
    // Every key and alias that the change set gives to a record, so that two new records cannot share one.
    let mut claims: HashMap<RecordRef, RecordRef> = HashMap::new();
    let mut seen = HashSet::new();
    let mut effects = Vec::new();
    for operation in &change_set.operations {
        let reference = operation.reference();
        if !seen.insert(reference.clone()) {
            return Err(Conflict::Repeated(reference));
        }
        let effect = match operation {
            Operation::Put { record, expected } => {
                for key in record.aliases().into_iter().chain([reference.clone()]) {
                    if let Some(owner) = claims.insert(key.clone(), reference.clone())
                        && owner != reference
                    {
                        return Err(Conflict::KeyTaken { alias: key, claimant: reference, owner });
                    }
                }
                let before = owner_before(record, current)?;
                check_expected(&reference, *expected, before)?;
                check_targets(record, current, &put)?;
                put_effect(record, before)
            }
            Operation::Withdraw { reference, why, merged_into, expected } => {
                let before = current
                    .records
                    .get(reference)
                    .filter(|stored| stored.record.reference() == *reference)
                    .ok_or_else(|| Conflict::NothingToWithdraw(reference.clone()))?;
                check_expected(reference, *expected, Some(before))?;
                if let Some(into) = merged_into {
                    let exists = current.existing.contains(into) || put.contains(into);
                    if into == reference || into.kind() != reference.kind() || !exists {
                        return Err(Conflict::MergeTarget { reference: reference.clone(), into: into.clone() });
                    }
                }
                let withdrawal = Withdrawal { at: change_set.at, why: why.clone(), merged_into: merged_into.clone() };
                withdraw_effect(before, withdrawal)
            }
        };
        effects.extend(effect);
    }
    effects.sort_by_cached_key(|effect| effect.record.reference());
    Ok(effects)
}

/// The record under the key of a put. Keys never change and never pass from one record to another: neither the key nor an
/// alias of a put may name a different record.
fn owner_before<'a>(record: &Record, current: &'a Current) -> Result<Option<&'a Stored>, Conflict> {
    let claimant = record.reference();
    for key in record.aliases().into_iter().chain([claimant.clone()]) {
        if let Some(owner) = current.records.get(&key).map(|stored| stored.record.reference()).filter(|owner| *owner != claimant)
        {
            return Err(Conflict::KeyTaken { alias: key, claimant, owner });
        }
    }
    Ok(current.records.get(&claimant))
}

fn check_expected(reference: &RecordRef, expected: Expected, before: Option<&Stored>) -> Result<(), Conflict> {
    let actual = before.map(|before| before.revision);
    let met = match expected {
        Expected::Anything => true,
        Expected::Absent => actual.is_none(),
        Expected::At(revision) => actual == Some(revision),
    };
    if met { Ok(()) } else { Err(Conflict::Stale { reference: reference.clone(), expected, actual }) }
}

fn check_targets(record: &Record, current: &Current, put: &HashSet<RecordRef>) -> Result<(), Conflict> {
    for edge in record.edges() {
        let target = far_end(&edge);
        if !current.existing.contains(&target) && !put.contains(&target) {
            return Err(Conflict::UnknownReference { from: record.reference(), relation: edge.relation.as_str(), to: target });
        }
    }
    Ok(())
}

fn put_effect(record: &Record, before: Option<&Stored>) -> Option<Effect> {
    let Some(before) = before else {
        return Some(Effect {
            kind: ChangeKind::Added,
            before: None,
            record: record.clone(),
            withdrawn: None,
            changes: Vec::new(),
        });
    };
    if before.withdrawn.is_none() && differs_by_fetch_alone(&before.record, record) {
        return None;
    }
    let changes = field_changes(&state(&before.record, before.withdrawn.as_ref()), &state(record, None));
    let kind = if before.withdrawn.is_some() { ChangeKind::Restored } else { ChangeKind::Changed };
    Some(Effect { kind, before: Some(before.clone()), record: record.clone(), withdrawn: None, changes })
}

fn withdraw_effect(before: &Stored, withdrawal: Withdrawal) -> Option<Effect> {
    if before.withdrawn.as_ref().is_some_and(|known| known.why == withdrawal.why && known.merged_into == withdrawal.merged_into) {
        return None;
    }
    let kind = if withdrawal.merged_into.is_some() { ChangeKind::Merged } else { ChangeKind::Withdrawn };
    let changes = field_changes(&state(&before.record, before.withdrawn.as_ref()), &state(&before.record, Some(&withdrawal)));
    Some(Effect { kind, before: Some(before.clone()), record: before.record.clone(), withdrawn: Some(withdrawal), changes })
}

/// Whether two states of a record say the same, read at different times or commits. Without this rule each import would
/// change every record.
pub fn differs_by_fetch_alone(before: &Record, after: &Record) -> bool {
    before == after || without_fetch(before) == without_fetch(after)
}

/// A record without what another reading of the same source would change alone.
pub fn without_fetch(record: &Record) -> Document {
    let mut document = document::from_record(record);
    // The address of a picture in a repository names the commit, too.
    if let (Some(Value::Object(picture)), Some(commit)) = (document.get_mut("picture"), commit(record))
        && let Some(Value::String(url)) = picture.get_mut("url")
    {
        *url = url.replace(commit, "");
    }
    let origins = document.get_mut("provenance").and_then(Value::as_array_mut);
    for origin in origins.into_iter().flatten().filter_map(Value::as_object_mut) {
        origin.remove("commit");
        origin.remove("fetched_at");
    }
    document
}

fn commit(record: &Record) -> Option<&str> {
    record.provenance().first().and_then(|provenance| provenance.commit.as_ref()).map(Text::as_str)
}

/// A record with its withdrawal, as one document.
fn state(record: &Record, withdrawn: Option<&Withdrawal>) -> Document {
    let mut document = document::from_record(record);
    if let Some(withdrawal) = withdrawn {
        document.insert(WITHDRAWN.to_owned(), Value::Object(document::from_withdrawal(withdrawal)));
    }
    document
}

/// The fields in which two documents differ, sorted.
fn field_changes(before: &Document, after: &Document) -> Vec<FieldChange> {
    let mut fields: Vec<&String> = before.keys().chain(after.keys()).collect();
    fields.sort();
    fields.dedup();
    fields
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| FieldChange { field: field.clone(), before: before.get(field).cloned(), after: after.get(field).cloned() })
        .collect()
}

/// The state of a record before some of its changes, given newest first.
pub fn rewind<'a>(
    record: &Record,
    withdrawn: Option<&Withdrawal>,
    newest_first: impl IntoIterator<Item = &'a [FieldChange]>,
) -> Result<(Record, Option<Withdrawal>), DocumentError> {
    let mut document = state(record, withdrawn);
    for change in newest_first.into_iter().flatten() {
        match &change.before {
            Some(value) => document.insert(change.field.clone(), value.clone()),
            None => document.remove(&change.field),
        };
    }
    let withdrawn = match document.remove(WITHDRAWN) {
        Some(Value::Object(fields)) => Some(document::to_withdrawal(&fields)?),
        _ => None,
    };
    Ok((document::to_record(record.kind(), &document)?, withdrawn))
}
