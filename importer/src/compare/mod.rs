//! What the records of a source change in the graph: operations, and what is to be said about them.
//!
//! | module | what it holds |
//! |---|---|
//! | `held` | what the graph holds of a source |
//! | `decisions` | what persons decided of records |
//! | `mergers` | initiatives that are one with another now, and keys that lead to other records |

mod decisions;
mod held;
mod mergers;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::change::{Expected, Operation, differs_by_fetch_alone};
use maillage_graph_schema::model::{InitiativeKey, Record, RecordKey as _, RecordKind, RecordRef, SourceKey, Text};
use maillage_graph_schema::store::{GraphStore, HistoryEntry, Stored};

use self::decisions::withdrawn_by_person;
use self::held::{Owned, histories, read, references_of, still_referred_to};
use self::mergers::{follow_former, follow_mergers, merged_by_persons, telling_of_merged, tellings_there};
use crate::diagnostic::{Code, Diagnostic};
use crate::error::ImportError;
use crate::invalid::Invalid;
use crate::report::RecordCounts;
use crate::settled::{Prints, Settled};

pub(crate) use self::held::owned;

/// Who makes the changes of an import.
pub fn imported_by(source: &SourceKey) -> String {
    format!("{IMPORT_OF}{source}")
}

/// What the name of whoever changes the graph begins with, if it is an import.
const IMPORT_OF: &str = "import of ";

/// Whether a change was made by an import, not by a person.
pub fn is_import(by: &str) -> bool {
    by.starts_with(IMPORT_OF)
}

/// Records by reference. They are large: what is sorted and handed on is where they are.
pub type Records = BTreeMap<RecordRef, Box<Record>>;

/// What an import would do to the graph.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Records to be put, in the order of their references.
    pub puts: BTreeMap<RecordRef, (Box<Record>, Expected)>,
    /// Records to be withdrawn.
    pub withdrawals: Vec<Operation>,
    pub counts: BTreeMap<RecordKind, RecordCounts>,
    pub diagnostics: Vec<Diagnostic>,
    /// How many live records of the source the graph holds.
    pub held: usize,
    /// How many of them would go without another in their place.
    pub gone: usize,
    /// What the next import need not compare again once this one is applied.
    pub settled: Settled,
}

/// Compares the records of a source with what the graph holds of it. Those that could not be read stay as they are; those that the
/// last import settled are not read again. Some files hold many records each.
pub async fn compare(
    store: &dyn GraphStore,
    source: &SourceKey,
    desired: Records,
    invalid: &Invalid,
    lists: &BTreeSet<String>,
    settled: &Settled,
) -> Result<Comparison, ImportError> {
    let prints = Prints::of(&desired);
    let settled = settled.among(&prints);
    let open = desired.iter().filter(|(reference, _)| !settled.contains(*reference));
    let asked: BTreeSet<RecordRef> =
        open.flat_map(|(reference, record)| record.aliases().into_iter().chain([reference.clone()])).collect();
    let mut stored = read(store, asked).await?;
    let desired = without_others_of_invalid(desired, &stored, invalid);
    let owned = references_of(store, source).await?;
    let is_unread = |reference: &&RecordRef| !stored.contains_key(*reference) && !settled.contains(*reference);
    let unread: BTreeSet<RecordRef> = owned.iter().filter(is_unread).cloned().collect();
    let beside = read(store, unread).await?;
    let histories = histories(store, &desired, &stored).await?;
    let merged = merged_by_persons(&desired, &stored, &histories);
    stored.extend(read(store, tellings_there(&desired, &merged)).await?);
    let desired = follow_mergers(desired, &merged, &stored);
    let owned = Owned::of(source, &owned, &desired, &stored, &settled, beside);
    let mut comparer = Comparer {
        source,
        stored: &stored,
        histories: &histories,
        owned: &owned,
        lists,
        settled: &settled,
        spoken_of: HashSet::new(),
        left_as_given: Vec::new(),
        result: Comparison::default(),
    };
    let gone = comparer.gone(invalid);
    let gone = still_referred_to(store, gone, &desired).await?;
    comparer.compare(desired, gone);
    Ok(comparer.finish(&prints))
}

/// Leaves out what other files would put in the place of a record whose own file cannot be read any more: it stays as it last was.
fn without_others_of_invalid(mut desired: Records, stored: &HashMap<RecordRef, Stored>, invalid: &Invalid) -> Records {
    desired.retain(|reference, record| {
        let Some(before) = stored.get(reference).filter(|stored| stored.withdrawn.is_none()) else { return true };
        let Some(own) = path(&before.record) else { return true };
        path(record).as_ref() == Some(&own) || !invalid.may_be(&before.record, &own)
    });
    desired
}

struct Comparer<'a> {
    source: &'a SourceKey,
    stored: &'a HashMap<RecordRef, Stored>,
    histories: &'a HashMap<RecordRef, Vec<HistoryEntry>>,
    owned: &'a Owned,
    /// The paths of files that hold many records each.
    lists: &'a BTreeSet<String>,
    /// What the last import settled, and is as it was.
    settled: &'a HashSet<RecordRef>,
    /// Records of which something is to be said.
    spoken_of: HashSet<RecordRef>,
    /// Records that the graph holds, or will hold, as the files give them and persons decided.
    left_as_given: Vec<RecordRef>,
    result: Comparison,
}

/// Where an initiative stands: in a file, and among the many of one under its title.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    path: String,
    title: Option<String>,
}

impl Comparer<'_> {
    fn count(&mut self, kind: RecordKind, count: impl FnOnce(&mut RecordCounts)) {
        count(self.result.counts.entry(kind).or_default());
    }

    /// The comparison, when everything is compared.
    fn finish(self, prints: &Prints) -> Comparison {
        let Self { spoken_of, left_as_given, mut result, .. } = self;
        result.settled = Settled::of(left_as_given.into_iter().filter(|reference| !spoken_of.contains(reference)), prints);
        result
    }

    fn note(&mut self, code: Code, record: &Record, detail: &str) {
        self.spoken_of.insert(record.reference());
        let path = path(record).unwrap_or_default();
        self.result.diagnostics.push(Diagnostic::new(code, &path).value(record.reference().key()).detail(detail));
    }

    /// The records of the source that no file gives any more.
    fn gone(&mut self, invalid: &Invalid) -> BTreeMap<RecordRef, Stored> {
        self.result.held = self.owned.count;
        let mut gone: BTreeMap<RecordRef, Stored> = BTreeMap::new();
        let mut needed: HashSet<RecordRef> = HashSet::new();
        // One note for a file, about the initiative that it told of; of a file of many, one for each.
        let mut kept: BTreeMap<(String, Option<String>), &Record> = BTreeMap::new();
        for (reference, stored) in &self.owned.not_desired {
            if let Some(path) = path(&stored.record).filter(|path| invalid.may_be(&stored.record, path)) {
                needed.extend(stored.record.edges().into_iter().map(|edge| edge.to));
                let told = self.lists.contains(&path).then(|| initiative_of(&stored.record)).flatten();
                let known = kept.entry((path, told)).or_insert(&stored.record);
                if reference.kind() == RecordKind::Initiative {
                    *known = &stored.record;
                }
                self.count(reference.kind(), |counts| counts.unchanged += 1);
            } else {
                gone.insert(reference.clone(), stored.clone());
            }
        }
        for record in kept.into_values() {
            self.note(Code::KeptLastValid, record, "");
        }
        // What a record that stays refers to stays too.
        gone.retain(|reference, _| !needed.contains(reference));
        gone
    }

    fn compare(&mut self, desired: Records, mut gone: BTreeMap<RecordRef, Stored>) {
        let mut merged = self.renamed(&desired, &gone);
        // Keys that turn out to be former ones of other records, and what they lead to now.
        let mut former: HashMap<RecordRef, RecordRef> = HashMap::new();
        let mut without_initiative: HashSet<InitiativeKey> = HashSet::new();
        let mut accepted: Vec<(RecordRef, Box<Record>)> = Vec::new();
        // Initiatives before case studies, which are left out with them.
        let (case_studies, others): (Vec<_>, Vec<_>) =
            self.unsettled(desired).partition(|(reference, _)| reference.kind() == RecordKind::CaseStudy);
        for (reference, record) in others.into_iter().chain(case_studies) {
            let is_accepted = match &*record {
                Record::CaseStudy(case_study) if without_initiative.contains(&case_study.initiative) => false,
                _ => self.accepts(&reference, &record, &mut former),
            };
            if is_accepted {
                accepted.push((reference, record));
            } else if let Record::Initiative(initiative) = &*record {
                without_initiative.insert(initiative.key.clone());
            }
        }
        for (reference, mut record) in accepted {
            self.settle_aliases(&reference, &mut record, &mut gone, &mut merged);
            follow_former(&mut record, &former);
            self.put(reference, record);
        }
        self.withdraw(gone, &merged);
    }

    /// Initiatives that are gone, and those that their files give in their place, since their ids changed. In a file of many, that
    /// is the new one of the same title. Where there are several of either, nobody knows which it was.
    fn renamed(&self, desired: &Records, gone: &BTreeMap<RecordRef, Stored>) -> HashMap<RecordRef, RecordRef> {
        if gone.is_empty() {
            return HashMap::new();
        }
        let mut present: HashMap<Place, Option<&RecordRef>> = HashMap::new();
        for (reference, record) in desired {
            // One that comes back is new, too.
            let is_new = || {
                !self.settled.contains(reference) && self.stored.get(reference).is_none_or(|stored| stored.withdrawn.is_some())
            };
            if let Some(place) = self.place(record).filter(|place| place.title.is_none() || is_new()) {
                present.entry(place).and_modify(|known| *known = None).or_insert(Some(reference));
            }
        }
        let mut former: HashMap<Place, Option<&RecordRef>> = HashMap::new();
        for (reference, stored) in gone {
            if let Some(place) = self.place(&stored.record) {
                former.entry(place).and_modify(|known| *known = None).or_insert(Some(reference));
            }
        }
        let led_on = former.into_iter().filter_map(|(place, former)| Some((former?.clone(), (*present.get(&place)?)?.clone())));
        led_on.collect()
    }

    fn place(&self, record: &Record) -> Option<Place> {
        let Record::Initiative(initiative) = record else { return None };
        let path = path(record)?;
        let title = self.lists.contains(&path).then(|| fold(initiative.title.as_str()));
        Some(Place { path, title })
    }

    /// The records that are to be compared; those that are settled are counted and let go: they are many, and large.
    fn unsettled(&mut self, desired: Records) -> impl Iterator<Item = (RecordRef, Box<Record>)> {
        desired.into_iter().filter_map(|(reference, record)| {
            if !self.settled.contains(&reference) {
                return Some((reference, record));
            }
            self.count(reference.kind(), |counts| counts.unchanged += 1);
            self.left_as_given.push(reference);
            None
        })
    }

    /// Whether a record may be put: its key is nobody else's, and no person has withdrawn it.
    fn accepts(&mut self, reference: &RecordRef, record: &Record, former: &mut HashMap<RecordRef, RecordRef>) -> bool {
        let Some(stored) = self.stored.get(reference) else { return true };
        let present = stored.record.reference();
        if present != *reference {
            self.note(Code::FormerId, record, present.key());
            former.insert(reference.clone(), present);
            return false;
        }
        let owner = stored.record.provenance().first().map(|provenance| provenance.source.clone());
        if let Some(owner) = owner.filter(|owner| owner != self.source) {
            self.note(Code::OwnedElsewhere, record, owner.as_str());
            return false;
        }
        if let Some(withdrawal) = &stored.withdrawn
            && let Some(person) = withdrawn_by_person(self.histories, reference)
        {
            match &withdrawal.merged_into {
                _ if reference.kind() == RecordKind::CaseStudy => {}
                Some(into) => self.note(Code::MergedByPerson, record, into.key()),
                None => self.note(Code::WithdrawnByPerson, record, &person),
            }
            self.count(reference.kind(), |counts| counts.kept_withdrawn += 1);
            return false;
        }
        true
    }

    /// Leaves out aliases that name other records. One of this source whose file is gone is merged into the record that
    /// claims its key: keys are for ever.
    fn settle_aliases(
        &mut self,
        reference: &RecordRef,
        record: &mut Record,
        gone: &mut BTreeMap<RecordRef, Stored>,
        merged: &mut HashMap<RecordRef, RecordRef>,
    ) {
        let mut dropped: HashSet<RecordRef> = HashSet::new();
        for alias in record.aliases() {
            let Some(stored) = self.stored.get(&alias) else { continue };
            let owner = stored.record.reference();
            if owner == *reference {
                continue;
            }
            dropped.insert(alias.clone());
            let is_ours = stored.record.provenance().first().is_some_and(|provenance| provenance.source == *self.source);
            let is_tombstone_of_import = stored.withdrawn.is_some() && withdrawn_by_person(self.histories, &owner).is_none();
            if owner == alias && is_ours && (gone.contains_key(&alias) || is_tombstone_of_import) {
                gone.entry(alias.clone()).or_insert_with(|| stored.clone());
                merged.insert(alias, reference.clone());
            } else {
                self.note(Code::AliasTaken, record, owner.key());
            }
        }
        match record {
            Record::Initiative(initiative) => initiative.aliases.retain(|alias| !dropped.contains(&alias.reference())),
            Record::Organisation(organisation) => {
                organisation.aliases.retain(|alias| !dropped.contains(&alias.reference()));
            }
            _ => {}
        }
    }

    fn put(&mut self, reference: RecordRef, record: Box<Record>) {
        self.left_as_given.push(reference.clone());
        let Some(stored) = self.stored.get(&reference) else {
            self.count(reference.kind(), |counts| counts.new += 1);
            self.result.puts.insert(reference, (record, Expected::Absent));
            return;
        };
        let record = self.with_decisions(&reference, record, stored);
        if stored.withdrawn.is_none() && differs_by_fetch_alone(&stored.record, &record) {
            self.count(reference.kind(), |counts| counts.unchanged += 1);
            return;
        }
        self.count(reference.kind(), |counts| if stored.withdrawn.is_some() { counts.new += 1 } else { counts.changed += 1 });
        self.result.puts.insert(reference, (record, Expected::At(stored.revision)));
    }

    fn withdraw(&mut self, gone: BTreeMap<RecordRef, Stored>, merged: &HashMap<RecordRef, RecordRef>) {
        for (reference, stored) in gone {
            let merged_into = merged.get(&reference).cloned().or_else(|| telling_of_merged(&stored.record, merged));
            let merged_into = merged_into.filter(|into| self.is_there(into));
            let is_known = stored.withdrawn.as_ref().is_some_and(|known| known.merged_into == merged_into);
            if is_known {
                continue;
            }
            let is_of_many = path(&stored.record).is_some_and(|path| self.lists.contains(&path));
            let why = match merged_into {
                Some(_) if is_of_many => "its file gives it another name",
                Some(_) => "its file has another name",
                None if is_of_many => "it is gone from its file",
                None => "its file is gone from the source",
            };
            let Ok(why) = why.parse::<Text>() else { continue };
            if stored.withdrawn.is_none() {
                self.count(reference.kind(), |counts| counts.withdrawn += 1);
                self.result.gone += usize::from(merged_into.is_none());
                if reference.kind() != RecordKind::CaseStudy {
                    self.note(Code::FileGone, &stored.record, "");
                }
            }
            let expected = Expected::At(stored.revision);
            self.result.withdrawals.push(Operation::Withdraw { reference, why, merged_into, expected });
        }
    }

    /// Whether the graph will hold a record, live.
    fn is_there(&self, reference: &RecordRef) -> bool {
        let is_live = |stored: &Stored| stored.withdrawn.is_none() && stored.record.reference() == *reference;
        self.result.puts.contains_key(reference)
            || self.settled.contains(reference)
            || self.stored.get(reference).is_some_and(is_live)
    }
}

/// The path of the file that a record was read from.
fn path(record: &Record) -> Option<String> {
    record.provenance().first().and_then(|provenance| provenance.path.as_ref()).map(ToString::to_string)
}

/// The initiative that a record is, or tells of.
fn initiative_of(record: &Record) -> Option<String> {
    match record {
        Record::Initiative(initiative) => Some(initiative.key.to_string()),
        Record::CaseStudy(telling) => Some(telling.initiative.to_string()),
        _ => None,
    }
}
