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
use crate::text::search::TextMatches;

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
        self.compare_value(&self.value(id), id, position)
    }

    /// As [`Self::compare_to`], where the value is known.
    fn compare_value(&self, value: &SortValue, id: Id, position: &Position) -> Ordering {
        value.cmp(&position.value).then_with(|| self.key(id).cmp(&position.key))
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
        Some(kept) if count.saturating_mul(count) > kept.len().saturating_mul(part.size + 1) => {
            walk(set, order, kept, part).unwrap_or_else(|| collect(set.iter(), order, part))
        }
        _ => collect(set.iter(), order, part),
    }
}

/// How many times as many steps as expected a walk takes at the most: where the members stand close together far off,
/// collecting them is quicker.
const PATIENCE: usize = 16;

/// The next members of a set among some records, some more than are wanted; `None` if that takes too long.
fn next_members(set: &RoaringBitmap, records: impl Iterator<Item = Id>, wanted: usize, steps: &mut usize) -> Option<Vec<Id>> {
    let mut members = Vec::with_capacity(wanted.min(128));
    for id in records {
        if members.len() == wanted {
            break;
        }
        *steps = steps.checked_sub(1)?;
        if set.contains(id) {
            members.push(id);
        }
    }
    Some(members)
}

fn walk(set: &RoaringBitmap, order: &impl Order, kept: &[Id], part: &Part) -> Option<Found> {
    let from = part.after.as_ref().map_or(0, |after| kept.partition_point(|id| order.compare_to(*id, after).is_le()));
    let to = part.before.as_ref().map_or(kept.len(), |before| kept.partition_point(|id| order.compare_to(*id, before).is_lt()));
    let count = usize::try_from(set.len()).unwrap_or(usize::MAX).max(1);
    let mut steps = PATIENCE * (kept.len() / count + 1) * (part.size + 2);
    let mut next = |records: &[Id], backward: bool, wanted: usize| {
        if backward {
            next_members(set, records.iter().rev().copied(), wanted, &mut steps)
        } else {
            next_members(set, records.iter().copied(), wanted, &mut steps)
        }
    };
    let mut ids = next(&kept[from.min(to)..to], part.backward, part.size + 1)?;
    let more = ids.len() > part.size;
    ids.truncate(part.size);
    let has_previous = part.backward && more || !next(&kept[..from], true, 1)?.is_empty();
    let has_next = !part.backward && more || !next(&kept[to..], false, 1)?.is_empty();
    if part.backward {
        ids.reverse();
    }
    Some(Found { ids, has_next, has_previous })
}

/// Finds a part of the list of records that come in no order.
pub(crate) fn collect(ids: impl Iterator<Item = Id>, order: &impl Order, part: &Part) -> Found {
    let mut found = Found::default();
    let mut first = First { order, size: part.size, backward: part.backward, kept: Vec::new(), limit: None, has_more: false };
    for id in ids {
        let value = order.value(id);
        if part.after.as_ref().is_some_and(|after| order.compare_value(&value, id, after).is_le()) {
            found.has_previous = true;
        } else if part.before.as_ref().is_some_and(|before| order.compare_value(&value, id, before).is_ge()) {
            found.has_next = true;
        } else {
            first.offer(value, id);
        }
    }
    first.keep();
    *(if part.backward { &mut found.has_previous } else { &mut found.has_next }) |= first.has_more;
    first.kept.sort_unstable_by(|one, other| compare(order, one, other));
    found.ids = first.kept.into_iter().map(|(_, id)| id).collect();
    found
}

fn compare(order: &impl Order, one: &(SortValue, Id), other: &(SortValue, Id)) -> Ordering {
    one.0.cmp(&other.0).then_with(|| order.key(one.1).cmp(order.key(other.1)))
}

/// The first of many, or the last, without keeping them all.
struct First<'a, O> {
    order: &'a O,
    size: usize,
    backward: bool,
    kept: Vec<(SortValue, Id)>,
    /// What must be surpassed, once there are enough.
    limit: Option<(SortValue, Id)>,
    has_more: bool,
}

impl<O: Order> First<'_, O> {
    fn compare(&self, one: &(SortValue, Id), other: &(SortValue, Id)) -> Ordering {
        let ascending = compare(self.order, one, other);
        if self.backward { ascending.reverse() } else { ascending }
    }

    fn offer(&mut self, value: SortValue, id: Id) {
        let candidate = (value, id);
        if self.limit.as_ref().is_some_and(|limit| self.compare(&candidate, limit).is_gt()) {
            self.has_more = true;
            return;
        }
        self.kept.push(candidate);
        if self.kept.len() >= 2 * self.size + 8 {
            self.keep();
        }
    }

    /// Leaves out what is not among the first.
    fn keep(&mut self) {
        if self.kept.len() <= self.size {
            return;
        }
        self.has_more = true;
        let mut kept = std::mem::take(&mut self.kept);
        if let Some(last) = self.size.checked_sub(1) {
            kept.select_nth_unstable_by(last, |one, other| self.compare(one, other));
            self.limit = Some(kept[last].clone());
        }
        kept.truncate(self.size);
        self.kept = kept;
    }
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
    pub matches: &'a TextMatches,
}

impl Order for ByScore<'_> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Number(descending(self.matches.score(id)))
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
