//! What follows from the records: under which values each is found.

use std::sync::Arc;

use maillage_graph_schema::model::{Audience, Point};
use roaring::RoaringBitmap;

use super::bitmaps::{Bitmaps, Filling};
use super::column::Column;
use super::entry::{InitiativeEntry, TownEntry, place, primary_of_variant};
use super::table::Table;
use super::{Columns, Dimension, Id, OwnTopics, Places};
use crate::geo;
use crate::map::spots::{Mark, Spots};
use crate::question::{Content, POPULATION_BANDS};
use crate::similarity::activity::Activity;
use crate::similarity::postings::Postings;

/// The roles that an organisation can have in an initiative, rounded up.
pub(crate) const ROLES: u32 = 4;

/// Buckets of numbers are in the order of the numbers, so that all but the first and the last bucket of a range lie
/// wholly in it.
pub(crate) fn bucket_of_population(population: u32) -> u32 {
    // Four to each doubling: the place of the highest bit and the two bits below it.
    if population < 4 {
        return population;
    }
    let highest = population.ilog2();
    highest * 4 - 4 + ((population >> (highest - 2)) & 3)
}

/// The smallest population in a bucket.
pub(crate) const fn fewest_in_bucket(bucket: u32) -> u32 {
    if bucket < 4 {
        return bucket;
    }
    let highest = (bucket + 4) / 4;
    if highest > 31 { u32::MAX } else { (4 + (bucket + 4) % 4) << (highest - 2) }
}

/// Half a month each, from 1870 to 2049; what lies beyond shares the first and the last.
pub(crate) fn bucket_of_day(day: i32) -> u32 {
    (day.saturating_add(36_525) / 16).clamp(0, LAST_BUCKET).cast_unsigned()
}

/// Two days each, from 2000 to 2044; what lies beyond shares the first and the last.
pub(crate) fn bucket_of_moment(milliseconds: i64) -> u32 {
    const TWO_DAYS: i64 = 2 * 86_400_000;
    let bucket = (milliseconds.div_euclid(TWO_DAYS) - 5478).clamp(0, i64::from(2 * LAST_BUCKET));
    u32::try_from(bucket).unwrap_or_else(|_| unreachable!("the bucket is kept in range"))
}

const LAST_BUCKET: i32 = 4095;

/// The day that stands for an end that is not known, or a start.
pub(crate) const OPEN_START: i32 = i32::MIN;
pub(crate) const OPEN_END: i32 = i32::MAX;

/// From when to when an initiative runs, as far as its dates say; `None` without any.
pub(crate) fn running(entry: &InitiativeEntry) -> Option<(i32, i32)> {
    if entry.start.is_none() && entry.end.is_none() {
        return None;
    }
    Some((entry.start.map_or(OPEN_START, |(first, _)| first), entry.end.map_or(OPEN_END, |(_, last)| last)))
}

impl Columns {
    /// The towns that an initiative runs in, merged ones followed, each with its commune; with the populations and
    /// points that count for it only from the first part.
    fn towns_of(&self, entry: &InitiativeEntry) -> (Vec<Id>, Vec<Id>) {
        let mut own: Vec<Id> = entry.towns().filter_map(|id| self.towns.resolve(id)).collect();
        own.sort_unstable();
        own.dedup();
        let parents = own.iter().filter_map(|id| self.towns.resolve(self.town(*id).parent?));
        let parents: Vec<Id> = parents.filter(|parent| !own.contains(parent)).collect();
        (own, parents)
    }

    /// The towns that an initiative runs in, merged ones followed.
    pub(crate) fn own_towns(&self, entry: &InitiativeEntry) -> Vec<Id> {
        self.towns_of(entry).0
    }

    /// Every area that a town lies in, sorted.
    pub(crate) fn areas_of_town(&self, town: &TownEntry) -> Vec<Id> {
        let parent = town.parent.and_then(|id| self.towns.resolve(id)).map(|id| self.town(id));
        let direct = town.part_of.iter().chain(parent.iter().flat_map(|parent| parent.part_of.iter()));
        self.with_ancestors(direct.copied())
    }

    fn with_ancestors(&self, areas: impl Iterator<Item = Id>) -> Vec<Id> {
        let mut all: Vec<Id> = areas
            .filter_map(|id| self.areas.resolve(id))
            .flat_map(|id| self.area_ancestors[id as usize].iter().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The topics that an initiative is about, merged ones followed; with every broader one, if asked for.
    pub(crate) fn topics_of(&self, entry: &InitiativeEntry, with_broader: bool) -> Vec<Id> {
        let resolved = entry.about().filter_map(|id| self.topics.resolve(id));
        let mut topics: Vec<Id> = if with_broader {
            resolved.flat_map(|id| self.topic_ancestors[id as usize].iter().copied()).collect()
        } else {
            resolved.collect()
        };
        topics.sort_unstable();
        topics.dedup();
        topics
    }

    /// Every area that an initiative runs in, sorted.
    pub(crate) fn areas_of(&self, entry: &InitiativeEntry) -> Vec<Id> {
        let mut areas = self.with_ancestors(entry.areas());
        for town in self.own_towns(entry) {
            areas.extend(self.areas_of_town(self.town(town)));
        }
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// The populations of an initiative's towns.
    pub(crate) fn populations(&self, entry: &InitiativeEntry) -> impl Iterator<Item = u32> {
        self.own_towns(entry).into_iter().filter_map(|id| self.town(id).population)
    }

    fn places_of(&self, entry: &InitiativeEntry) -> Places {
        if let Some(point) = entry.point {
            return Places::One(point);
        }
        let points: Vec<Point> = self.own_towns(entry).into_iter().filter_map(|id| self.town(id).point).collect();
        match points.as_slice() {
            [] => Places::Nowhere,
            [point] => Places::One(*point),
            several => Places::Several(several.into()),
        }
    }

    /// Every value under which an initiative is found, sorted and without doubles.
    pub(crate) fn values(&self, entry: &InitiativeEntry, places: &Places) -> Vec<(Dimension, u32)> {
        let mut values = Vec::with_capacity(40);
        let mut add = |dimension: Dimension, value: u32| values.push((dimension, value));
        self.topics_of(entry, false).into_iter().for_each(|topic| add(Dimension::Topic, topic));
        self.topics_of(entry, true).into_iter().for_each(|topic| add(Dimension::TopicTree, topic));
        if let Some(kind) = entry.kind.and_then(|kind| self.topics.resolve(kind)) {
            add(Dimension::Kind, kind);
        }
        if let Some(status) = entry.status {
            add(Dimension::Status, u32::from(status));
        }
        (0..)
            .take(Audience::ALL.len())
            .filter(|bit| entry.audiences & (1 << bit) != 0)
            .for_each(|bit| add(Dimension::Audience, bit));
        let (own, parents) = self.towns_of(entry);
        own.iter().chain(&parents).for_each(|town| add(Dimension::Town, *town));
        self.areas_of(entry).into_iter().for_each(|area| add(Dimension::Area, area));
        for (organisation, role) in entry.organisations() {
            if let Some(organisation) = self.organisations.resolve(organisation) {
                add(Dimension::Organisation, organisation);
                add(Dimension::OrganisationRole, organisation * ROLES + role);
            }
        }
        entry.sources().filter_map(|id| self.sources.resolve(id)).for_each(|source| add(Dimension::Source, source));
        for language in [entry.language].into_iter().chain(entry.tellings().map(|telling| telling.language)) {
            add(Dimension::Language, language);
            if let Some(primary) = primary_of_variant(self.languages.get(language)).and_then(|tag| self.languages.find(tag)) {
                add(Dimension::Language, primary);
            }
        }
        if let Some(licence) = entry.licence {
            add(Dimension::Licence, licence);
        }
        let told = entry.tellings().fold(entry.tells, |tells, telling| tells | telling.tells);
        (0..8).filter(|bit| told & (1 << bit) != 0).for_each(|bit| add(Dimension::Content, bit));
        if *places != Places::Nowhere {
            add(Dimension::Content, u32::from(place(Content::ALL, Content::Point)));
        }
        for population in own.iter().filter_map(|id| self.town(*id).population) {
            add(Dimension::Population, bucket_of_population(population));
            add(Dimension::PopulationBand, band(population));
        }
        if let Some((start, end)) = running(entry) {
            add(Dimension::Start, bucket_of_day(start));
            add(Dimension::End, bucket_of_day(end));
        }
        if let Some(year) = entry.start_year() {
            add(Dimension::Year, year);
        }
        if let Some(modified) = entry.modified {
            add(Dimension::Modified, bucket_of_moment(modified));
        }
        let originals = entry.inspired_by().flat_map(|id| self.initiatives.chain(id));
        originals.for_each(|original| add(Dimension::Original, original));
        values.sort_unstable();
        values.dedup();
        values
    }

    /// Finds an initiative under its values.
    pub(crate) fn enter(&mut self, id: Id) {
        let Some(entry) = self.initiatives.get(id).cloned() else { return };
        let values = self.enter_apart_from_values(id, &entry);
        for (dimension, value) in values {
            self.dimensions[dimension as usize].insert(value, id);
        }
    }

    /// Enters all that is kept of an initiative but under which values it is found; gives these.
    fn enter_apart_from_values(&mut self, id: Id, entry: &InitiativeEntry) -> Vec<(Dimension, u32)> {
        let places = self.places_of(entry);
        let values = self.values(entry, &places);
        self.count_activity(&values, Activity::add);
        *self.places.change(id, &None) = Some(places);
        *self.modified.change(id, &i64::MAX) = entry.modified.map_or(i64::MAX, |modified| -modified);
        *self.own_topics.change(id, &OwnTopics::EMPTY) = OwnTopics::new(&self.topics_of(entry, false));
        Arc::make_mut(&mut self.live).insert(id);
        values
    }

    /// Finds all initiatives under their values.
    fn enter_all(&mut self) {
        let initiatives: Vec<(Id, Arc<InitiativeEntry>)> =
            self.initiatives.present().map(|(id, entry)| (id, Arc::clone(entry))).collect();
        let mut fillings: [Filling; Dimension::COUNT] = Default::default();
        for (id, entry) in &initiatives {
            for (dimension, value) in self.enter_apart_from_values(*id, entry) {
                fillings[dimension as usize].count(value);
            }
        }
        fillings.iter_mut().for_each(Filling::counted);
        for (id, entry) in &initiatives {
            let places = self.places.get(*id).cloned().flatten().unwrap_or(Places::Nowhere);
            for (dimension, value) in self.values(entry, &places) {
                fillings[dimension as usize].keep(value, *id);
            }
        }
        self.dimensions = fillings.map(Filling::into_bitmaps);
    }

    /// Finds an initiative under none of its values any more. What they follow from must not have changed since it was
    /// entered.
    pub(crate) fn leave(&mut self, id: Id) {
        let Some(entry) = self.initiatives.get(id).cloned() else { return };
        let places = self.places_of(&entry);
        let values = self.values(&entry, &places);
        for (dimension, value) in values.iter().copied() {
            self.dimensions[dimension as usize].remove(value, id);
        }
        self.count_activity(&values, Activity::remove);
        *self.places.change(id, &None) = None;
        Arc::make_mut(&mut self.live).remove(id);
    }

    /// Where initiatives are, those that are present.
    fn marks(&self, ids: impl Iterator<Item = Id>) -> Vec<Mark> {
        ids.flat_map(|id| self.places(id).iter().map(move |point| Mark::new(*point, id))).collect()
    }

    /// Puts initiatives where they are now on the map; `before` says where they were.
    pub(crate) fn move_marks(&mut self, before: &[(Id, Option<Places>)]) {
        let moved = before.iter().filter(|(id, places)| self.places(*id) != places.as_ref().map_or(&[][..], Places::as_slice));
        let moved: RoaringBitmap = moved.map(|(id, _)| *id).collect();
        if !moved.is_empty() {
            self.spots = self.spots.with(&moved, self.marks(moved.iter()));
        }
    }

    /// All towns under their values.
    fn towns_by(&self, values_of: impl Fn(&TownEntry) -> Vec<u32>) -> Bitmaps {
        let mut filling = Filling::default();
        for (_, town) in self.towns.present() {
            for value in values_of(town) {
                filling.count(value);
            }
        }
        filling.counted();
        for (id, town) in self.towns.present() {
            for value in values_of(town) {
                filling.keep(value, id);
            }
        }
        filling.into_bitmaps()
    }

    pub(crate) fn enter_town(&mut self, id: Id) {
        let Some(town) = self.towns.get(id).cloned() else { return };
        self.areas_of_town(&town).into_iter().for_each(|area| self.towns_by_area.insert(area, id));
        if let Some(point) = town.point {
            self.towns_by_cell.insert(geo::cell(point), id);
        }
        Arc::make_mut(&mut self.live_towns).insert(id);
    }

    pub(crate) fn leave_town(&mut self, id: Id) {
        let Some(town) = self.towns.get(id).cloned() else { return };
        self.areas_of_town(&town).into_iter().for_each(|area| self.towns_by_area.remove(area, id));
        if let Some(point) = town.point {
            self.towns_by_cell.remove(geo::cell(point), id);
        }
        Arc::make_mut(&mut self.live_towns).remove(id);
    }

    /// Works out again what lies in what.
    pub(crate) fn derive_trees(&mut self) {
        let ancestors = |count: usize, above: &dyn Fn(Id) -> Vec<Id>| {
            let of_one = |id: Id| {
                let mut reached = vec![id];
                let mut next = 0;
                // Breadth first, so that nearer ones come first; what is reached twice, or in a circle, counts once.
                while next < reached.len() {
                    for id in above(reached[next]) {
                        if !reached.contains(&id) {
                            reached.push(id);
                        }
                    }
                    next += 1;
                }
                reached.into_boxed_slice()
            };
            Arc::new((0..u32::try_from(count).unwrap_or(u32::MAX)).map(of_one).collect::<Vec<_>>())
        };
        let areas = &self.areas;
        let containing = |id: Id| {
            areas.get(id).map_or_else(Vec::new, |area| area.part_of.iter().filter_map(|id| areas.resolve(*id)).collect())
        };
        self.area_ancestors = ancestors(areas.len(), &containing);
        let topics = &self.topics;
        let broader = |id: Id| topics.get(id).and_then(|topic| topics.resolve(topic.broader?)).into_iter().collect();
        self.topic_ancestors = ancestors(topics.len(), &broader);
    }

    /// Derives everything from the records.
    pub(crate) fn derive_all(&mut self) {
        // What takes longest and depends on nothing else goes on beside the rest.
        let mut records = self.clone();
        let words_and_names = std::thread::spawn(move || {
            records.derive_names();
            (Self::postings_of(&records.initiatives), records.names)
        });
        self.derive_trees();
        self.towns_by_area = self.towns_by(|town| self.areas_of_town(town));
        self.towns_by_cell = self.towns_by(|town| town.point.map(geo::cell).into_iter().collect());
        self.live_towns = Arc::new(self.towns.present().map(|(id, _)| id).collect());
        self.activities = Column::default();
        self.places = Column::default();
        self.own_topics = Column::default();
        self.modified = Column::default();
        self.live = Arc::default();
        self.enter_all();
        self.spots = Spots::new(self.marks(self.live.iter()));
        self.derive_orders();
        (self.postings, self.names) = words_and_names.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }

    fn postings_of(initiatives: &Table<InitiativeEntry>) -> Postings {
        let words =
            || initiatives.present().flat_map(|(id, entry)| entry.terms.iter().map(move |word| (word.term, id, word.weight)));
        Postings::of(words)
    }
}

/// The place of a population's band in [`POPULATION_BANDS`].
pub(crate) fn band(population: u32) -> u32 {
    let bands = POPULATION_BANDS.iter().rposition(|(_, fewest)| population >= *fewest).unwrap_or_default();
    u32::try_from(bands).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn buckets_are_in_the_order_of_the_numbers(one: u32, other: u32, day: i32, later: i32, moment: i64, after: i64) {
            prop_assert!(one.min(other) == one.max(other) || bucket_of_population(one.min(other)) <= bucket_of_population(one.max(other)));
            prop_assert!(bucket_of_day(day.min(later)) <= bucket_of_day(day.max(later)));
            prop_assert!(bucket_of_moment(moment.min(after)) <= bucket_of_moment(moment.max(after)));
        }

        #[test]
        fn small_populations_are_in_order_too(population in 0..200_000u32) {
            prop_assert!(bucket_of_population(population) <= bucket_of_population(population + 1));
        }

        #[test]
        fn buckets_know_their_smallest_population(population: u32) {
            let bucket = bucket_of_population(population);
            prop_assert!(fewest_in_bucket(bucket) <= population);
            prop_assert!(population < fewest_in_bucket(bucket + 1) || fewest_in_bucket(bucket + 1) == u32::MAX);
        }
    }
}
