//! What persons decided of records: it survives what files say.

use std::collections::{BTreeSet, HashMap, HashSet};

use maillage_graph_schema::change::{ChangeKind, WITHDRAWN};
use maillage_graph_schema::document;
use maillage_graph_schema::model::{Adoption, Record, RecordRef};
use maillage_graph_schema::store::{HistoryEntry, Stored};

use super::{Comparer, is_import};
use crate::diagnostic::Code;
use crate::duplicates::decide::add_origins;

/// Who withdrew a record, if it was no import.
pub(super) fn withdrawn_by_person(histories: &HashMap<RecordRef, Vec<HistoryEntry>>, reference: &RecordRef) -> Option<String> {
    let history = histories.get(reference)?;
    let withdrawal = history.iter().find(|entry| matches!(entry.kind, ChangeKind::Withdrawn | ChangeKind::Merged))?;
    let by = withdrawal.revision.by.as_str();
    (!is_import(by)).then(|| by.to_owned())
}

impl Comparer<'_> {
    /// The record with what persons decided: confirmations of adoptions, what it is one with and what it is not, and fields that
    /// they corrected.
    pub(super) fn with_decisions(&mut self, reference: &RecordRef, mut record: Box<Record>, stored: &Stored) -> Box<Record> {
        if let (Record::Initiative(record), Record::Initiative(before)) = (&mut *record, &stored.record) {
            keep_confirmations(&mut record.inspired_by, &before.inspired_by);
            record.distinct_from.clone_from(&before.distinct_from);
            add_origins(&mut record.provenance, before.provenance.get(1..).unwrap_or_default());
        }
        let corrected = self.corrected_fields(reference);
        if corrected.is_empty() {
            return record;
        }
        let before = document::from_record(&stored.record);
        let mut after = document::from_record(&record);
        let mut kept = Vec::new();
        for field in corrected {
            if before.get(&field) != after.get(&field) {
                match before.get(&field) {
                    Some(value) => after.insert(field.clone(), value.clone()),
                    None => after.remove(&field),
                };
                kept.push(field);
            }
        }
        match document::to_record(reference.kind(), &after) {
            Ok(with_corrections) if !kept.is_empty() => {
                self.note(Code::CorrectedByPerson, &record, &kept.join(", "));
                Box::new(with_corrections)
            }
            _ => record,
        }
    }

    /// The fields whose last change was made by a person.
    fn corrected_fields(&self, reference: &RecordRef) -> BTreeSet<String> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut corrected = BTreeSet::new();
        for entry in self.histories.get(reference).into_iter().flatten() {
            for change in &entry.changes {
                let is_last = seen.insert(&change.field);
                // Adoptions are merged one by one; origin and withdrawal are no statements about the initiative.
                let is_statement = !matches!(change.field.as_str(), "provenance" | "inspired_by" | WITHDRAWN);
                if is_last && is_statement && !is_import(entry.revision.by.as_str()) {
                    corrected.insert(change.field.clone());
                }
            }
        }
        corrected
    }
}

/// Keeps what the other side confirmed, and adoptions that the other side declared.
fn keep_confirmations(after: &mut Vec<Adoption>, before: &[Adoption]) {
    use maillage_graph_schema::model::DeclaredBy;
    for known in before {
        match after.iter_mut().find(|adoption| adoption.original == known.original) {
            Some(adoption) => adoption.confirmation.clone_from(&known.confirmation),
            None if known.declared_by == DeclaredBy::Original => after.push(known.clone()),
            None => {}
        }
    }
}
