//! What the records of a source change in the graph: operations, and what is to be said about them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use maillage_explore::text::fold;
use maillage_graph_schema::change::{ChangeKind, Expected, Operation, WITHDRAWN, differs_by_fetch_alone};
use maillage_graph_schema::document;
use maillage_graph_schema::model::{
    Adoption, CaseStudy, CaseStudyKey, Direction, InitiativeKey, OrganisationKey, Original, Record, RecordKey as _, RecordKind,
    RecordRef, Relation, SourceKey, Text,
};
use maillage_graph_schema::store::{GraphStore, HistoryEntry, NeighbourQuestion, Stored};

use crate::diagnostic::{Code, Diagnostic};
use crate::duplicates::decide::{add_origins, same_origins};
use crate::error::ImportError;
use crate::invalid::Invalid;
use crate::report::RecordCounts;
use crate::resolve::BATCH;
use crate::settled::{Prints, Settled};

/// So many batches of records are read from the store at a time.
const BATCHES_AT_ONCE: usize = 4;

/// So many references are read from the store at a time: a page of those of a large source costs Neo4j a look at all of them.
const REFERENCES_AT_ONCE: usize = 10_000;

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
fn without_others_of_invalid(
    mut desired: Records,
    stored: &HashMap<RecordRef, Stored>,
    invalid: &Invalid,
) -> Records {
    desired.retain(|reference, record| {
        let Some(before) = stored.get(reference).filter(|stored| stored.withdrawn.is_none()) else { return true };
        let Some(own) = path(&before.record) else { return true };
        path(record).as_ref() == Some(&own) || !invalid.may_be(&before.record, &own)
    });
    desired
}

/// Reads records by key or alias, several batches at a time.
async fn read(store: &dyn GraphStore, asked: BTreeSet<RecordRef>) -> Result<HashMap<RecordRef, Stored>, ImportError> {
    let asked: Vec<RecordRef> = asked.into_iter().collect();
    let mut stored = HashMap::with_capacity(asked.len());
    let read_batch = |batch: Vec<RecordRef>| async move {
        let found = store.records(&batch).await?;
        Ok::<_, ImportError>(batch.into_iter().zip(found))
    };
    let batches = asked.chunks(BATCH).map(<[RecordRef]>::to_vec).map(read_batch);
    let mut batches = stream::iter(batches).buffer_unordered(BATCHES_AT_ONCE);
    while let Some(batch) = batches.try_next().await? {
        stored.extend(batch.filter_map(|(reference, found)| Some((reference, found?))));
    }
    Ok(stored)
}

/// The records that were ever said to be of a source.
async fn references_of(store: &dyn GraphStore, source: &SourceKey) -> Result<Vec<RecordRef>, ImportError> {
    let of = [source.reference()];
    let mut question = NeighbourQuestion::by(Relation::ProvidedBy, Direction::In, REFERENCES_AT_ONCE);
    let mut references = Vec::new();
    loop {
        let Some(neighbours) = store.neighbours(&of, &question).await?.into_iter().next() else { return Ok(references) };
        references.extend(neighbours.page.items.iter().map(|neighbour| neighbour.reference.clone()));
        question.after = neighbours.page.items.into_iter().last();
        if !neighbours.page.has_more {
            return Ok(references);
        }
    }
}

/// Whether a record is live and belongs to a source.
fn is_owned(stored: &Stored, source: &SourceKey) -> bool {
    let first = stored.record.provenance().first().map(|provenance| &provenance.source);
    first == Some(source) && stored.withdrawn.is_none()
}

/// The live records that belong to a source.
pub(crate) async fn owned(store: &dyn GraphStore, source: &SourceKey) -> Result<BTreeMap<RecordRef, Stored>, ImportError> {
    let references = references_of(store, source).await?;
    let mut owned: BTreeMap<RecordRef, Stored> = read(store, references.into_iter().collect()).await?.into_iter().collect();
    owned.retain(|_, stored| is_owned(stored, source));
    Ok(owned)
}

/// The live records that belong to a source.
struct Owned {
    count: usize,
    /// Those of them that no file gives any more.
    not_desired: BTreeMap<RecordRef, Stored>,
}

impl Owned {
    /// Of all that were ever said to be of a source: some are known, those beside them were read.
    fn of(
        source: &SourceKey,
        references: &[RecordRef],
        desired: &Records,
        known: &HashMap<RecordRef, Stored>,
        settled: &HashSet<RecordRef>,
        mut beside: HashMap<RecordRef, Stored>,
    ) -> Self {
        let mut owned = Self { count: 0, not_desired: BTreeMap::new() };
        for reference in references {
            if settled.contains(reference) {
                owned.count += 1;
                continue;
            }
            let is_desired = desired.contains_key(reference);
            let stored = match known.get(reference) {
                Some(stored) if is_desired => {
                    owned.count += usize::from(is_owned(stored, source));
                    continue;
                }
                Some(stored) => Some(stored.clone()),
                None => beside.remove(reference),
            };
            if let Some(stored) = stored.filter(|stored| is_owned(stored, source)) {
                owned.count += 1;
                owned.not_desired.insert(reference.clone(), stored);
            }
        }
        owned
    }
}

/// What happened to the records that would change, newest first.
async fn histories(
    store: &dyn GraphStore,
    desired: &Records,
    stored: &HashMap<RecordRef, Stored>,
) -> Result<HashMap<RecordRef, Vec<HistoryEntry>>, ImportError> {
    const PAGE: usize = 50;
    let changes = |(reference, record): (&RecordRef, &Box<Record>)| {
        let before = stored.get(reference)?;
        let alike = before.withdrawn.is_none() && differs_by_fetch_alone(&before.record, record);
        (!alike).then(|| before.record.reference())
    };
    // Tombstones that aliases lead to may have to be merged.
    let tombstones = stored.values().filter(|stored| stored.withdrawn.is_some()).map(|stored| stored.record.reference());
    let asked: BTreeSet<RecordRef> = desired.iter().filter_map(changes).chain(tombstones).collect();
    let asked: Vec<RecordRef> = asked.into_iter().collect();
    let mut histories = HashMap::with_capacity(asked.len());
    for batch in asked.chunks(BATCH) {
        for (reference, page) in batch.iter().zip(store.history(batch, None, PAGE).await?) {
            let mut entries = page.items;
            let mut has_more = page.has_more;
            while let (true, Some(last)) = (has_more, entries.last()) {
                let before = Some(last.revision.number);
                let Some(page) = store.history(std::slice::from_ref(reference), before, PAGE).await?.into_iter().next() else {
                    break;
                };
                has_more = page.has_more;
                entries.extend(page.items);
            }
            histories.insert(reference.clone(), entries);
        }
    }
    Ok(histories)
}

/// Initiatives that a person made one with another, and that one.
fn merged_by_persons(
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
fn tellings_there(desired: &Records, merged: &HashMap<InitiativeKey, InitiativeKey>) -> BTreeSet<RecordRef> {
    let there = |record: &Box<Record>| match &**record {
        Record::CaseStudy(telling) => {
            merged.get(&telling.initiative).map(|into| CaseStudyKey::new(into, &telling.language).reference())
        }
        _ => None,
    };
    desired.values().filter_map(there).collect()
}

/// Lets tellings of an initiative that a person made one with another be tellings of that one, in languages in which nobody else
/// tells it.
fn follow_mergers(
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

/// Who withdrew a record, if it was no import.
fn withdrawn_by_person(histories: &HashMap<RecordRef, Vec<HistoryEntry>>, reference: &RecordRef) -> Option<String> {
    let history = histories.get(reference)?;
    let withdrawal = history.iter().find(|entry| matches!(entry.kind, ChangeKind::Withdrawn | ChangeKind::Merged))?;
    let by = withdrawal.revision.by.as_str();
    (!is_import(by)).then(|| by.to_owned())
}

/// Leaves out organisations that records beside these still refer to: those of other sources.
async fn still_referred_to(
    store: &dyn GraphStore,
    gone: BTreeMap<RecordRef, Stored>,
    desired: &Records,
) -> Result<BTreeMap<RecordRef, Stored>, ImportError> {
    let organisations: Vec<RecordRef> =
        gone.keys().filter(|reference| reference.kind() == RecordKind::Organisation).cloned().collect();
    let mut kept = HashSet::new();
    let question = NeighbourQuestion::by(Relation::Involves, Direction::In, BATCH);
    for batch in organisations.chunks(BATCH) {
        for (reference, neighbours) in batch.iter().zip(store.neighbours(batch, &question).await?) {
            let is_other = |reference: &RecordRef| !gone.contains_key(reference) && !desired.contains_key(reference);
            if neighbours.page.items.iter().any(|neighbour| is_other(&neighbour.reference)) {
                kept.insert(reference.clone());
            }
        }
    }
    Ok(gone.into_iter().filter(|(reference, _)| !kept.contains(reference)).collect())
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
    fn renamed(
        &self,
        desired: &Records,
        gone: &BTreeMap<RecordRef, Stored>,
    ) -> HashMap<RecordRef, RecordRef> {
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
            Record::Initiative(initiative) => initiative.aliases.retain(|alias| !dropped.contains(&reference_of(alias))),
            Record::Organisation(organisation) => {
                organisation.aliases.retain(|alias| !dropped.contains(&reference_of(alias)));
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

    /// The record with what persons decided: confirmations of adoptions, what it is one with and what it is not, and fields that
    /// they corrected.
    fn with_decisions(&mut self, reference: &RecordRef, mut record: Box<Record>, stored: &Stored) -> Box<Record> {
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

fn reference_of<K: maillage_graph_schema::model::RecordKey>(key: &K) -> RecordRef {
    key.reference()
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

/// For a case study whose initiative is merged into another: the other's case study in the same language.
fn telling_of_merged(record: &Record, merged: &HashMap<RecordRef, RecordRef>) -> Option<RecordRef> {
    let Record::CaseStudy(case_study) = record else { return None };
    let initiative = merged.get(&reference_of(&case_study.initiative))?.key_as::<InitiativeKey>()?;
    Some(reference_of(&CaseStudyKey::new(&initiative, &case_study.language)))
}

/// Lets references to former keys lead to the records that have them now.
fn follow_former(record: &mut Record, former: &HashMap<RecordRef, RecordRef>) {
    if former.is_empty() {
        return;
    }
    let follow_organisation = |key: &mut OrganisationKey| {
        if let Some(present) = former.get(&reference_of(key)).and_then(RecordRef::key_as) {
            *key = present;
        }
    };
    match record {
        Record::Initiative(initiative) => {
            initiative.involvements.iter_mut().for_each(|involvement| follow_organisation(&mut involvement.organisation));
            for adoption in &mut initiative.inspired_by {
                if let Original::Initiative(key) = &mut adoption.original
                    && let Some(present) = former.get(&reference_of(key)).and_then(RecordRef::key_as)
                {
                    *key = present;
                }
            }
        }
        Record::Organisation(organisation) => organisation.part_of.iter_mut().for_each(follow_organisation),
        _ => {}
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
