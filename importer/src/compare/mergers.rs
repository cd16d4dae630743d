//! Initiatives that a person made one with another, and keys that lead to other records now.

use std::collections::{BTreeSet, HashMap, HashSet};

use maillage_graph_schema::model::{
    CaseStudy, CaseStudyKey, InitiativeKey, OrganisationKey, Original, Record, RecordKey as _, RecordKind, RecordRef,
};
use maillage_graph_schema::store::{HistoryEntry, Stored};

use super::Records;
use super::decisions::withdrawn_by_person;
use crate::duplicates::decide::same_origins;

/// Initiatives that a person made one with another, and that one.
pub(super) fn merged_by_persons(
    desired: &Records,
    stored: &HashMap<RecordRef, Stored>,
    histories: &HashMap<RecordRef, Vec<HistoryEntry>>,
) -> HashMap<InitiativeKey, InitiativeKey> {
    let merged = |reference: &RecordRef| {
        let into = stored.get(reference)?.withdrawn.as_ref()?.merged_into.as_ref()?;
        withdrawn_by_person(histories, reference)?;
        Some((reference.key_as()?, into.key_as()?))
    };
    desired.keys().filter(|reference| reference.kind() == RecordKind::Initiative).filter_map(merged).collect()
}

/// Where the tellings of such initiatives would be now.
pub(super) fn tellings_there(desired: &Records, merged: &HashMap<InitiativeKey, InitiativeKey>) -> BTreeSet<RecordRef> {
    let there = |record: &Record| match record {
        Record::CaseStudy(telling) => {
            merged.get(&telling.initiative).map(|into| CaseStudyKey::new(into, &telling.language).reference())
        }
        _ => None,
    };
    desired.values().filter_map(|record| there(record)).collect()
}

/// Lets tellings of an initiative that a person made one with another be tellings of that one, in languages in which nobody else
/// tells it.
pub(super) fn follow_mergers(
    desired: Records,
    merged: &HashMap<InitiativeKey, InitiativeKey>,
    stored: &HashMap<RecordRef, Stored>,
) -> Records {
    if merged.is_empty() {
        return desired;
    }
    let told_here: HashSet<RecordRef> =
        desired.keys().filter(|reference| reference.kind() == RecordKind::CaseStudy).cloned().collect();
    let follow = |(reference, record): (RecordRef, Box<Record>)| {
        let Record::CaseStudy(telling) = &*record else { return (reference, record) };
        let Some(into) = merged.get(&telling.initiative) else { return (reference, record) };
        let there = CaseStudyKey::new(into, &telling.language).reference();
        let is_free = match stored.get(&there) {
            Some(known) => known.withdrawn.is_none() && same_origins(known.record.provenance(), &telling.provenance),
            None => true,
        };
        if told_here.contains(&there) || !is_free {
            return (reference, record);
        }
        (there, Box::new(CaseStudy { initiative: into.clone(), ..telling.clone() }.into()))
    };
    desired.into_iter().map(follow).collect()
}

/// For a case study whose initiative is merged into another: the other's case study in the same language.
pub(super) fn telling_of_merged(record: &Record, merged: &HashMap<RecordRef, RecordRef>) -> Option<RecordRef> {
    let Record::CaseStudy(case_study) = record else { return None };
    let initiative = merged.get(&case_study.initiative.reference())?.key_as::<InitiativeKey>()?;
    Some(CaseStudyKey::new(&initiative, &case_study.language).reference())
}

/// Lets references to former keys lead to the records that have them now.
pub(super) fn follow_former(record: &mut Record, former: &HashMap<RecordRef, RecordRef>) {
    if former.is_empty() {
        return;
    }
    let follow_organisation = |key: &mut OrganisationKey| {
        if let Some(present) = former.get(&key.reference()).and_then(RecordRef::key_as) {
            *key = present;
        }
    };
    match record {
        Record::Initiative(initiative) => {
            initiative.involvements.iter_mut().for_each(|involvement| follow_organisation(&mut involvement.organisation));
            for adoption in &mut initiative.inspired_by {
                if let Original::Initiative(key) = &mut adoption.original
                    && let Some(present) = former.get(&key.reference()).and_then(RecordRef::key_as)
                {
                    *key = present;
                }
            }
        }
        Record::Organisation(organisation) => organisation.part_of.iter_mut().for_each(follow_organisation),
        _ => {}
    }
}
