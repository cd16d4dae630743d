//! One part of a list, found without sorting the whole.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use maillage_graph_schema::model::Point;
use roaring::RoaringBitmap;

use crate::columns::orders::SortValue;
use crate::columns::{Columns, Id};
use crate::cursor::{Part, Position};
use crate::geo;

/// What a list is sorted by.
pub(crate) trait Order {
    fn value(&self, id: Id) -> SortValue;
    fn key(&self, id: Id) -> &str;

    /// All records in this order, where they are kept so.
    fn kept(&self) -> Option<&[Id]> {
        None
    }

    fn position(&self, id: Id) -> Position {
        Position { value: self.value(id), key: self.key(id).to_owned() }
    }

    fn compare_to(&self, id: Id, position: &Position) -> Ordering {
        self.value(id).cmp(&position.value).then_with(|| self.key(id).cmp(&position.key))
    }
}

/// Some records of a list.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub ids: Vec<Id>,
    pub has_next: bool,
    pub has_previous: bool,
}

/// Finds a part of the list of some records.
pub(crate) fn find(set: &RoaringBitmap, order: &impl Order, part: &Part) -> Found {
    let count = usize::try_from(set.len()).unwrap_or(usize::MAX);
    match order.kept() {
        // Walking along all records costs as many steps as lie between the members of the page; collecting costs the
        // members.
        Some(kept) if count.saturating_mul(count) > kept.len().saturating_mul(part.size + 1) => walk(set, order, kept, part),
        _ => collect(set.iter(), order, part),
    }
}

fn walk(set: &RoaringBitmap, order: &impl Order, kept: &[Id], part: &Part) -> Found {
    let from = part.after.as_ref().map_or(0, |after| kept.partition_point(|id| order.compare_to(*id, after).is_le()));
    let to = part.before.as_ref().map_or(kept.len(), |before| kept.partition_point(|id| order.compare_to(*id, before).is_lt()));
    let within = &kept[from.min(to)..to];
    let mut ids: Vec<Id> = if part.backward {
        within.iter().rev().copied().filter(|id| set.contains(*id)).take(part.size + 1).collect()
    } else {
        within.iter().copied().filter(|id| set.contains(*id)).take(part.size + 1).collect()
    };
    let more = ids.len() > part.size;
    ids.truncate(part.size);
    let (has_next, has_previous);
    if part.backward {
        ids.reverse();
        has_previous = more || kept[..from].iter().rev().any(|id| set.contains(*id));
        has_next = kept[to..].iter().any(|id| set.contains(*id));
    } else {
        has_next = more || kept[to..].iter().any(|id| set.contains(*id));
        has_previous = kept[..from].iter().rev().any(|id| set.contains(*id));
    }
    Found { ids, has_next, has_previous }
}

/// Finds a part of the list of records that come in no order.
pub(crate) fn collect(ids: impl Iterator<Item = Id>, order: &impl Order, part: &Part) -> Found {
    let mut found = Found::default();
    let mut candidates: Vec<(SortValue, Id)> = Vec::new();
    for id in ids {
        if part.after.as_ref().is_some_and(|after| order.compare_to(id, after).is_le()) {
            found.has_previous = true;
        } else if part.before.as_ref().is_some_and(|before| order.compare_to(id, before).is_ge()) {
            found.has_next = true;
        } else {
            candidates.push((order.value(id), id));
        }
    }
    let compare = |one: &(SortValue, Id), other: &(SortValue, Id)| {
        let ascending = one.0.cmp(&other.0).then_with(|| order.key(one.1).cmp(order.key(other.1)));
        if part.backward { ascending.reverse() } else { ascending }
    };
    if candidates.len() > part.size {
        if part.size > 0 {
            candidates.select_nth_unstable_by(part.size - 1, compare);
        }
        candidates.truncate(part.size);
        if part.backward {
            found.has_previous = true;
        } else {
            found.has_next = true;
        }
    }
    candidates.sort_unstable_by(compare);
    if part.backward {
        candidates.reverse();
    }
    found.ids = candidates.into_iter().map(|(_, id)| id).collect();
    found
}

/// Initiatives, the last modified first.
pub(crate) struct ByModified<'a>(pub &'a Columns);

impl Order for ByModified<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(self.0.by_modified(id))
    }

    fn key(&self, id: Id) -> &str {
        self.0.initiatives.key(id)
    }

    fn kept(&self) -> Option<&[Id]> {
        Some(&self.0.orders.modified)
    }
}

/// Initiatives, the last started first.
pub(crate) struct ByStart<'a>(pub &'a Columns);

impl Order for ByStart<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(self.0.by_start(id))
    }

    fn key(&self, id: Id) -> &str {
        self.0.initiatives.key(id)
    }

    fn kept(&self) -> Option<&[Id]> {
        Some(&self.0.orders.start)
    }
}

/// Initiatives by their folded titles.
pub(crate) struct ByTitle<'a>(pub &'a Columns);

impl Order for ByTitle<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Text(Arc::clone(&self.0.initiative(id).folded_title))
    }

    fn key(&self, id: Id) -> &str {
        self.0.initiatives.key(id)
    }

    fn kept(&self) -> Option<&[Id]> {
        Some(&self.0.orders.title)
    }
}

/// Initiatives, the nearest first.
pub(crate) struct ByDistance<'a> {
    pub columns: &'a Columns,
    pub centre: Point,
}

impl Order for ByDistance<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(self.columns.distance(id, self.centre).map_or(i64::MAX, i64::from))
    }

    fn key(&self, id: Id) -> &str {
        self.columns.initiatives.key(id)
    }
}

/// Initiatives, the best match of a text first.
pub(crate) struct ByScore<'a> {
    pub columns: &'a Columns,
    pub scores: &'a dyn Fn(Id) -> f32,
}

impl Order for ByScore<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(descending((self.scores)(id)))
    }

    fn key(&self, id: Id) -> &str {
        self.columns.initiatives.key(id)
    }
}

/// A number that is the smaller the higher a score of at least zero is.
pub(crate) fn descending(score: f32) -> i64 {
    // The bits of numbers that are not negative are in the order of the numbers.
    -i64::from(score.max(0.0).to_bits())
}

/// Towns, the larger first.
pub(crate) struct TownsBySize<'a>(pub &'a Columns);

impl Order for TownsBySize<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(self.0.by_population(id))
    }

    fn key(&self, id: Id) -> &str {
        self.0.towns.key(id)
    }

    fn kept(&self) -> Option<&[Id]> {
        Some(&self.0.orders.towns)
    }
}

/// Towns, the nearest first.
pub(crate) struct TownsByDistance<'a> {
    pub columns: &'a Columns,
    pub centre: Point,
}

impl Order for TownsByDistance<'_> {
    fn value(&self, id: Id) -> SortValue {
        let point = self.columns.town(id).point;
        SortValue::Number(point.map_or(i64::MAX, |point| i64::from(metres(geo::distance(point, self.centre)))))
    }

    fn key(&self, id: Id) -> &str {
        self.columns.towns.key(id)
    }
}

/// Towns by how well a name matches, the larger first among equals.
pub(crate) struct TownsByMatch<'a> {
    pub columns: &'a Columns,
    pub matches: &'a HashMap<Id, crate::names::Match>,
}

impl Order for TownsByMatch<'_> {
    fn value(&self, id: Id) -> SortValue {
        let quality = self.matches.get(&id).map_or(i64::from(u8::MAX), |quality| *quality as i64);
        let population = self.columns.town(id).population.map_or(u32::MAX, |population| u32::MAX - 1 - population);
        SortValue::Number(quality << 32 | i64::from(population))
    }

    fn key(&self, id: Id) -> &str {
        self.columns.towns.key(id)
    }
}

/// A distance as it is told.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most half the girth of the earth")]
pub(crate) fn metres(distance: f64) -> u32 {
    distance.round() as u32
}

impl Columns {
    /// The metres from a point to the nearest place of an initiative.
    pub(crate) fn distance(&self, initiative: Id, from: Point) -> Option<u32> {
        self.places(initiative).iter().map(|place| metres(geo::distance(*place, from))).min()
    }
}
