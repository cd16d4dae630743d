//! From records to columns: a whole graph at once, or a few changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use maillage_graph_schema::model::{CaseStudy, Initiative, Record, RecordKey as _, RecordRef};
use maillage_graph_schema::store::Stored;

use super::entry::{AreaEntry, InitiativeEntry, OrganisationEntry, SourceEntry, TopicEntry, TownEntry};
use super::table::{State, Table};
use super::{Columns, Dimension, Id};
use crate::names::Renamed;
use crate::similarity::terms::Scales;
use crate::text::index::Retold;
use crate::text::reading::{Reader, Reading};

/// An initiative with its case studies, as the graph holds them: withdrawn ones say so.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub initiative: Stored,
    pub case_studies: Vec<Stored>,
}

impl Told {
    /// The case studies that are present.
    fn present_case_studies(&self) -> Vec<&CaseStudy> {
        let present = self.case_studies.iter().filter(|stored| stored.withdrawn.is_none());
        present
            .filter_map(|stored| match &stored.record {
                Record::CaseStudy(case_study) => Some(case_study),
                _ => None,
            })
            .collect()
    }

    /// The initiative, if it is present.
    fn present_initiative(&self) -> Option<&Initiative> {
        match &self.initiative.record {
            Record::Initiative(initiative) if self.initiative.withdrawn.is_none() => Some(initiative),
            _ => None,
        }
    }
}

impl Batch {
    /// The numbers that columns gave to the initiatives that are told.
    pub(crate) fn numbers(&self, columns: &Columns) -> impl Iterator<Item = Id> {
        self.told.iter().map(|told| {
            let number = columns.initiatives.number(told.initiative.record.reference().key());
            number.unwrap_or_else(|| unreachable!("the batch is in the columns"))
        })
    }
}

/// What initiatives say, read: one for each that is told in a batch.
#[derive(Debug)]
pub(crate) struct Readings(Vec<Vec<Reading>>);

impl Readings {
    pub(crate) fn of(batch: &Batch, reader: &mut Reader) -> Self {
        let of_one = |told: &Told| {
            let initiative = told.present_initiative();
            initiative.map_or_else(Vec::new, |initiative| reader.tellings(initiative, &told.present_case_studies()))
        };
        Self(batch.told.iter().map(of_one).collect())
    }

    /// What is to be indexed of a batch that is in the columns.
    pub(crate) fn retold<'a>(&'a self, batch: &Batch, columns: &Columns) -> Vec<Retold<'a>> {
        batch.numbers(columns).zip(self.0.iter().map(Vec::as_slice)).collect()
    }
}

/// Records as the graph holds them now, to replace what the index says of them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Areas, organisations, sources, topics and towns; others are passed over.
    pub others: Vec<Stored>,
    /// Each initiative that changed, or one of whose case studies did, with all its case studies.
    pub told: Vec<Told>,
}

fn aliases(stored: &Stored) -> Arc<[Arc<str>]> {
    if stored.record.aliases().is_empty() {
        return Arc::default();
    }
    stored.record.aliases().iter().map(|alias| Arc::from(alias.key())).collect()
}

fn tombstone<E>(stored: &Stored, table: &mut Table<E>) -> Option<State<E>> {
    let withdrawn = stored.withdrawn.as_ref()?;
    let merged_into = withdrawn.merged_into.as_ref().filter(|into| into.kind() == stored.record.kind());
    Some(State::Withdrawn { merged_into: merged_into.map(|into| table.intern(into.key())) })
}

/// What a change of records other than initiatives does to the rest.
#[derive(Debug, Default)]
struct Consequences {
    /// Something that others are derived through came, went or moved: everything is derived again.
    structural: bool,
    renamed: Renamed,
    towns: Vec<Id>,
    small_orders: bool,
}

impl Columns {
    /// Fills the tables, deriving nothing yet: for a whole graph in many parts.
    pub(crate) fn fill(&mut self, batch: &Batch, readings: &Readings, scales: &mut Scales) {
        for stored in &batch.others {
            self.put(stored, u32::MAX, &mut Consequences::default());
        }
        self.put_initiatives(&batch.told, readings, scales);
    }

    /// Takes up changes. What it costs follows from what changed, unless the change is one of the structure: of what lies
    /// in what.
    pub(crate) fn update(&mut self, batch: &Batch, readings: &Readings) {
        let mut consequences = Consequences::default();
        // Derived values can only be taken back as long as what they follow from is as it was.
        let mut affected: BTreeSet<Id> = BTreeSet::new();
        for told in &batch.told {
            let id = self.initiatives.intern(told.initiative.record.reference().key());
            affected.insert(id);
            // Where it is withdrawn, what it inspired is inspired by what it was merged into.
            affected.extend(self.having(Dimension::Original, id).iter());
        }
        let mut towns = Vec::new();
        for stored in &batch.others {
            if let Record::Town(town) = &stored.record
                && let Some(id) = self.towns.number(town.key.as_str())
            {
                affected.extend(self.having(Dimension::Town, id).iter());
                towns.push(id);
            }
        }
        let affected: Vec<Id> = affected.into_iter().collect();
        let places = affected.iter().map(|id| (*id, self.places.get(*id).cloned().flatten())).collect::<Vec<_>>();
        self.leave_orders(&affected);
        for id in &affected {
            self.leave(*id);
        }
        for id in &towns {
            self.leave_town(*id);
        }

        let new_from = [self.topics.len(), self.areas.len(), self.organisations.len(), self.sources.len(), self.towns.len()];
        let new_from = new_from.map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        for stored in &batch.others {
            let new_from = match &stored.record {
                Record::Topic(_) => new_from[0],
                Record::Area(_) => new_from[1],
                Record::Organisation(_) => new_from[2],
                Record::Source(_) => new_from[3],
                _ => new_from[4],
            };
            self.put(stored, new_from, &mut consequences);
        }
        let told: Vec<Id> = batch.numbers(self).collect();
        let before: Vec<_> = told.iter().map(|id| self.initiatives.get(*id).cloned()).collect();
        self.put_initiatives(&batch.told, readings, &mut Scales::default());

        if consequences.structural {
            self.derive_all();
            return;
        }
        if !consequences.renamed.areas.is_empty() || !consequences.renamed.topics.is_empty() {
            self.derive_trees();
        }
        for id in &consequences.towns {
            self.enter_town(*id);
        }
        for id in &affected {
            self.enter(*id);
        }
        self.change_postings(&told, &before);
        self.enter_orders(&affected);
        self.move_marks(&places);
        if !consequences.towns.is_empty() {
            self.derive_town_order();
        } else if !consequences.renamed.areas.is_empty() {
            // The form of an intercommunality may have changed.
            self.derive_cards();
        }
        if consequences.small_orders {
            self.derive_small_orders();
        }
        self.refresh_names(&consequences.renamed);
    }

    /// Finds initiatives under the words that matter in them now; `before` says what mattered.
    fn change_postings(&mut self, told: &[Id], before: &[Option<Arc<InitiativeEntry>>]) {
        let mut changes = Vec::new();
        for (id, before) in told.iter().zip(before) {
            let mut words: BTreeMap<u32, u8> = BTreeMap::new();
            let after = self.initiatives.get(*id);
            words.extend(after.iter().flat_map(|entry| entry.terms.iter().map(|word| (word.term, word.weight))));
            for word in before.iter().flat_map(|entry| entry.terms.iter()) {
                match words.get(&word.term) {
                    None => changes.push((word.term, *id, 0)),
                    Some(weight) if *weight == word.weight => {
                        words.remove(&word.term);
                    }
                    Some(_) => {}
                }
            }
            changes.extend(words.into_iter().map(|(word, weight)| (word, *id, weight)));
        }
        self.postings.change(changes);
    }

    fn put_initiatives(&mut self, told: &[Told], readings: &Readings, scales: &mut Scales) {
        for (told, readings) in told.iter().zip(&readings.0) {
            let id = self.initiatives.intern(told.initiative.record.reference().key());
            let state = match told.present_initiative() {
                Some(initiative) => {
                    let entry = InitiativeEntry::new(initiative, &told.present_case_studies(), readings, self, scales);
                    State::Present(Arc::new(entry))
                }
                None => tombstone(&told.initiative, &mut self.initiatives).unwrap_or(State::Named),
            };
            self.initiatives.set(id, aliases(&told.initiative), state);
        }
    }

    /// Puts a record of another kind into its table. Numbers from `new_from` on came with this batch: nothing follows from
    /// them yet.
    fn put(&mut self, stored: &Stored, new_from: Id, consequences: &mut Consequences) {
        let aliases = aliases(stored);
        match &stored.record {
            Record::Topic(record) => {
                let id = self.topics.intern(record.key.as_str());
                let entry = TopicEntry::new(record, self);
                let state = tombstone(stored, &mut self.topics).unwrap_or_else(|| State::Present(Arc::new(entry)));
                let before = self.topics.set(id, aliases, state);
                let moved = is_moved(&before, self.topics.get(id), |topic| topic.broader);
                consequences.structural |= moved && id < new_from;
                consequences.renamed.topics.push(id);
            }
            Record::Area(record) => {
                let id = self.areas.intern(record.key.as_str());
                let entry = AreaEntry::new(record, self);
                let state = tombstone(stored, &mut self.areas).unwrap_or_else(|| State::Present(Arc::new(entry)));
                let before = self.areas.set(id, aliases, state);
                let moved = is_moved(&before, self.areas.get(id), |area| area.part_of.clone());
                consequences.structural |= moved && id < new_from;
                consequences.renamed.areas.push(id);
                consequences.small_orders = true;
            }
            Record::Organisation(record) => {
                let id = self.organisations.intern(record.key.as_str());
                let state = tombstone(stored, &mut self.organisations)
                    .unwrap_or_else(|| State::Present(Arc::new(OrganisationEntry::new(record))));
                let before = self.organisations.set(id, aliases, state);
                consequences.structural |= is_moved(&before, self.organisations.get(id), |_| ()) && id < new_from;
                consequences.renamed.organisations.push(id);
                consequences.small_orders = true;
            }
            Record::Source(record) => {
                let id = self.sources.intern(record.key.as_str());
                let entry = SourceEntry { name: record.name.as_str().into() };
                let state = tombstone(stored, &mut self.sources).unwrap_or_else(|| State::Present(Arc::new(entry)));
                let before = self.sources.set(id, aliases, state);
                consequences.structural |= is_moved(&before, self.sources.get(id), |_| ()) && id < new_from;
            }
            Record::Town(record) => {
                let id = self.towns.intern(record.key.as_str());
                let entry = TownEntry::new(record, self);
                let state = tombstone(stored, &mut self.towns).unwrap_or_else(|| State::Present(Arc::new(entry)));
                let before = self.towns.set(id, aliases, state);
                let moved = is_moved(&before, self.towns.get(id), |town| (town.part_of.clone(), town.parent));
                consequences.structural |= moved && id < new_from;
                consequences.renamed.towns.push(id);
                consequences.towns.push(id);
            }
            Record::CaseStudy(_) | Record::Initiative(_) | Record::Note(_) => {}
        }
    }
}

/// Whether a record came, went or says differently what it lies in.
fn is_moved<E, L: PartialEq>(before: &State<E>, after: Option<&Arc<E>>, links: impl Fn(&E) -> L) -> bool {
    match (before, after) {
        (State::Present(before), Some(after)) => links(before) != links(after),
        _ => true,
    }
}

/// Puts records together into batches: each initiative with its case studies.
pub(crate) fn gather(records: Vec<Stored>) -> Batch {
    let mut batch = Batch::default();
    let mut case_studies: BTreeMap<RecordRef, Vec<Stored>> = BTreeMap::new();
    let mut initiatives = Vec::new();
    for stored in records {
        match &stored.record {
            Record::CaseStudy(case_study) => case_studies.entry(case_study.initiative.reference()).or_default().push(stored),
            Record::Initiative(_) => initiatives.push(stored),
            _ => batch.others.push(stored),
        }
    }
    for initiative in initiatives {
        let case_studies = case_studies.remove(&initiative.record.reference()).unwrap_or_default();
        batch.told.push(Told { initiative, case_studies });
    }
    batch
}
