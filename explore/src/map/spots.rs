//! The points that initiatives are at, along the Z-order curve of the grid.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use maillage_graph_schema::model::{BoundingBox, Point};
use roaring::RoaringBitmap;

use super::grid::{self, Cell, Reach, Window};
use crate::columns::Id;
use crate::columns::bitmaps::Gathered;

/// How many spots are given one by one, rather than cell by cell.
const FEW: usize = 32;

/// A point where initiatives are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    /// The finest cell of the grid that it lies in.
    pub cell: u64,
    pub point: Point,
    /// Where its initiatives start.
    start: u32,
}

/// Each point once, sorted by cell; at each its initiatives. Copies share everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spots {
    points: Arc<Vec<Spot>>,
    initiatives: Arc<Vec<Id>>,
    /// At how many spots each initiative is, by its number.
    places: Arc<Vec<u32>>,
    /// How many initiatives are at any.
    shown: u64,
}

/// An initiative at a point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    cell: u64,
    point: Point,
    id: Id,
}

impl Mark {
    pub(crate) fn new(point: Point, id: Id) -> Self {
        Self { cell: grid::cell(point), point, id }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.cell
            .cmp(&other.cell)
            .then_with(|| self.point.latitude().total_cmp(&other.point.latitude()))
            .then_with(|| self.point.longitude().total_cmp(&other.point.longitude()))
            .then_with(|| self.id.cmp(&other.id))
    }
}

impl Spots {
    pub(crate) fn new(mut marks: Vec<Mark>) -> Self {
        marks.sort_unstable_by(Mark::compare);
        Self::of_sorted(marks.into_iter())
    }

    fn of_sorted(marks: impl Iterator<Item = Mark>) -> Self {
        let (mut spots, mut initiatives): (Vec<Spot>, Vec<Id>) = (Vec::new(), Vec::new());
        let mut places: Vec<u32> = Vec::new();
        for mark in marks {
            if spots.last().is_none_or(|spot| spot.point != mark.point) {
                spots.push(Spot { cell: mark.cell, point: mark.point, start: number(initiatives.len()) });
            } else if initiatives.last() == Some(&mark.id) {
                // Two of its towns are at one point.
                continue;
            }
            initiatives.push(mark.id);
            let number = mark.id as usize;
            if places.len() <= number {
                places.resize(number + 1, 0);
            }
            places[number] += 1;
        }
        spots.shrink_to_fit();
        initiatives.shrink_to_fit();
        places.shrink_to_fit();
        let shown = places.iter().filter(|places| **places > 0).count() as u64;
        Self { points: Arc::new(spots), initiatives: Arc::new(initiatives), places: Arc::new(places), shown }
    }

    /// The spots with some initiatives gone from wherever they were, and marks that are new.
    pub(crate) fn with(&self, gone: &RoaringBitmap, mut new: Vec<Mark>) -> Self {
        new.sort_unstable_by(Mark::compare);
        let kept = (0..self.len()).flat_map(|spot| {
            let Spot { cell, point, .. } = self.points[spot];
            self.initiatives(spot).iter().filter(|id| !gone.contains(**id)).map(move |id| Mark { cell, point, id: *id })
        });
        let (mut kept, mut new) = (kept.peekable(), new.into_iter().peekable());
        Self::of_sorted(std::iter::from_fn(|| match (kept.peek(), new.peek()) {
            (Some(old), Some(newer)) if newer.compare(old).is_lt() => new.next(),
            (None, _) => new.next(),
            _ => kept.next(),
        }))
    }

    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    pub(crate) fn get(&self, spot: usize) -> &Spot {
        &self.points[spot]
    }

    /// The initiatives at a spot, each once.
    pub(crate) fn initiatives(&self, spot: usize) -> &[Id] {
        let end = self.points.get(spot + 1).map_or(self.initiatives.len(), |next| next.start as usize);
        &self.initiatives[self.points[spot].start as usize..end]
    }

    /// How many initiatives are at some of these spots, which are in order, each counted once; `None` unless the spots hold most.
    /// Then it takes less to find those that are at none of them.
    pub(crate) fn count_of_most(&self, among: &[usize]) -> Option<u64> {
        let held: usize = among.iter().map(|spot| self.initiatives(*spot).len()).sum();
        if held <= self.initiatives.len() / 2 {
            return None;
        }
        let mut met = vec![0; self.places.len()];
        let mut elsewhere = 0;
        let mut among = among.iter().copied().peekable();
        for spot in (0..self.len()).filter(|spot| among.next_if_eq(spot).is_none()) {
            for id in self.initiatives(spot) {
                met[*id as usize] += 1;
                elsewhere += u64::from(met[*id as usize] == self.places[*id as usize]);
            }
        }
        Some(self.shown - elsewhere)
    }

    /// The spots in a cell.
    pub(crate) fn in_cell(&self, cell: Cell) -> Range<usize> {
        self.within(0..self.len(), cell)
    }

    /// Those of some spots that are in a cell.
    pub(crate) fn within(&self, among: Range<usize>, cell: Cell) -> Range<usize> {
        let (numbers, spots) = (cell.finest(), &self.points[among.clone()]);
        let from = spots.partition_point(|spot| spot.cell < numbers.start);
        let to = from + spots[from..].partition_point(|spot| spot.cell < numbers.end);
        among.start + from..among.start + to
    }

    /// The initiatives, of which there are so many in all, at the points of a box for which something holds.
    pub(crate) fn initiatives_in(&self, bounds: BoundingBox, all: usize, holds: impl Fn(Point) -> bool) -> RoaringBitmap {
        let mut found = Gathered::below(all);
        self.reached(&Window::of(bounds), &mut |spots| {
            for spot in spots.filter(|spot| holds(self.points[*spot].point)) {
                self.initiatives(spot).iter().for_each(|id| found.insert(*id));
            }
        });
        found.into_set()
    }

    /// Calls for every stretch of spots that may be in a window; it may hold some that are not.
    pub(crate) fn reached(&self, window: &Window, each: &mut impl FnMut(Range<usize>)) {
        self.descend(Cell::WORLD, 0..self.len(), window, each);
    }

    fn descend(&self, cell: Cell, spots: Range<usize>, window: &Window, each: &mut impl FnMut(Range<usize>)) {
        if spots.is_empty() {
            return;
        }
        match window.reach(cell) {
            Reach::Apart => {}
            Reach::Touching if spots.len() > FEW && cell.level < grid::FINEST => {
                for part in cell.parts() {
                    self.descend(part, self.within(spots.clone(), part), window, each);
                }
            }
            Reach::Touching | Reach::Within => each(spots),
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or_else(|_| unreachable!("there are fewer than four billion places"))
}
