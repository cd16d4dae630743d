//! The orders in which lists are shown, kept sorted.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use super::{Columns, Id};

/// Numbers of records, sorted. `modified`, `start` and `title` hold the initiatives that are present, the others the
/// records of their kind that are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders {
    pub modified: Arc<Vec<Id>>,
    pub start: Arc<Vec<Id>>,
    pub title: Arc<Vec<Id>>,
    /// The larger first.
    pub towns: Arc<Vec<Id>>,
    /// The place of each town in `towns`, by its number.
    pub town_places: Arc<Vec<u32>>,
    /// By folded name.
    pub areas: Arc<Vec<Id>>,
    pub organisations: Arc<Vec<Id>>,
}

/// What a list is sorted by, so that smaller comes first; the key breaks ties.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SortValue {
    Number(i64),
    Text(Arc<str>),
}

impl Columns {
    /// The last modified first, those of which that is not known last.
    pub(crate) fn by_modified(&self, id: Id) -> i64 {
        self.modified[id]
    }

    pub(crate) fn by_start(&self, id: Id) -> i64 {
        self.initiative(id).start.map_or(i64::MAX, |(first, _)| -i64::from(first))
    }

    pub(crate) fn by_population(&self, id: Id) -> i64 {
        self.town(id).population.map_or(i64::MAX, |population| -i64::from(population))
    }

    fn compare_modified(&self, one: Id, other: Id) -> Ordering {
        self.by_modified(one).cmp(&self.by_modified(other)).then_with(|| self.compare_keys(one, other))
    }

    fn compare_start(&self, one: Id, other: Id) -> Ordering {
        self.by_start(one).cmp(&self.by_start(other)).then_with(|| self.compare_keys(one, other))
    }

    fn compare_title(&self, one: Id, other: Id) -> Ordering {
        let titles = (&self.initiative(one).folded_title, &self.initiative(other).folded_title);
        titles.0.cmp(titles.1).then_with(|| self.compare_keys(one, other))
    }

    pub(crate) fn compare_keys(&self, one: Id, other: Id) -> Ordering {
        self.initiatives.key(one).cmp(self.initiatives.key(other))
    }

    fn compare_towns(&self, one: Id, other: Id) -> Ordering {
        self.by_population(one).cmp(&self.by_population(other)).then_with(|| self.towns.key(one).cmp(self.towns.key(other)))
    }

    /// Sorts everything.
    pub(crate) fn derive_orders(&mut self) {
        let sorted = |compare: &dyn Fn(Id, Id) -> Ordering| {
            let mut ids: Vec<Id> = self.live.iter().collect();
            ids.sort_unstable_by(|one, other| compare(*one, *other));
            Arc::new(ids)
        };
        let modified = sorted(&|one, other| self.compare_modified(one, other));
        let start = sorted(&|one, other| self.compare_start(one, other));
        let title = sorted(&|one, other| self.compare_title(one, other));
        self.orders = Orders { modified, start, title, ..std::mem::take(&mut self.orders) };
        self.derive_town_order();
        self.derive_small_orders();
    }

    pub(crate) fn derive_town_order(&mut self) {
        let mut towns: Vec<Id> = self.live_towns.iter().collect();
        towns.sort_unstable_by(|one, other| self.compare_towns(*one, *other));
        let mut places = vec![u32::MAX; self.towns.len()];
        for (place, id) in (0..).zip(&towns) {
            places[*id as usize] = place;
        }
        self.orders.towns = Arc::new(towns);
        self.orders.town_places = Arc::new(places);
        self.derive_cards();
    }

    pub(crate) fn derive_small_orders(&mut self) {
        let mut areas: Vec<(String, &Arc<str>, Id)> =
            self.areas.present().map(|(id, area)| (crate::text::fold(&area.name), self.areas.key(id), id)).collect();
        areas.sort_unstable();
        let areas = Arc::new(areas.into_iter().map(|(_, _, id)| id).collect());
        let mut organisations: Vec<(String, &Arc<str>, Id)> = self
            .organisations
            .present()
            .map(|(id, organisation)| (crate::text::fold(&organisation.name), self.organisations.key(id), id))
            .collect();
        organisations.sort_unstable();
        let organisations = Arc::new(organisations.into_iter().map(|(_, _, id)| id).collect());
        self.orders.areas = areas;
        self.orders.organisations = organisations;
    }

    /// Takes initiatives out of the orders before they change; those that were not in them are passed over.
    pub(crate) fn leave_orders(&mut self, ids: &[Id]) {
        let gone: HashSet<Id> = ids.iter().copied().filter(|id| self.live.contains(*id)).collect();
        if gone.is_empty() {
            return;
        }
        for order in [&mut self.orders.modified, &mut self.orders.start, &mut self.orders.title] {
            Arc::make_mut(order).retain(|id| !gone.contains(id));
        }
    }

    /// Puts initiatives where they belong, those that are present.
    pub(crate) fn enter_orders(&mut self, ids: &[Id]) {
        let mut orders = std::mem::take(&mut self.orders);
        let here: Vec<Id> = ids.iter().copied().filter(|id| self.live.contains(*id)).collect();
        self.merge(&mut orders.modified, &here, Self::compare_modified);
        self.merge(&mut orders.start, &here, Self::compare_start);
        self.merge(&mut orders.title, &here, Self::compare_title);
        self.orders = orders;
    }

    fn merge(&self, order: &mut Arc<Vec<Id>>, ids: &[Id], compare: impl Fn(&Self, Id, Id) -> Ordering) {
        if ids.is_empty() {
            return;
        }
        let mut ids = ids.to_vec();
        ids.sort_unstable_by(|one, other| compare(self, *one, *other));
        let mut merged = Vec::with_capacity(order.len() + ids.len());
        let mut rest = order.as_slice();
        for id in ids {
            let (before, after) = rest.split_at(rest.partition_point(|known| compare(self, *known, id).is_lt()));
            merged.extend_from_slice(before);
            merged.push(id);
            rest = after;
        }
        merged.extend_from_slice(rest);
        *order = Arc::new(merged);
    }
}
