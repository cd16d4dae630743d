//! The points that initiatives are at, along the Z-order curve of the grid.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use maillage_graph_schema::model::{BoundingBox, Point};
use roaring::RoaringBitmap;

use super::grid::{self, Cell, Reach, Window};
use crate::columns::Id;
use crate::columns::bitmaps::Gathered;
use crate::geo;

/// How many spots are looked at one by one, rather than cell by cell: it takes about as long to find what is in a cell's parts.
const FEW: usize = 128;

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

    /// Whether these are a copy of others, or the others of these.
    pub(crate) fn are_those_of(&self, others: &Self) -> bool {
        Arc::ptr_eq(&self.initiatives, &others.initiatives)
    }

    pub(crate) fn len(&self) -> usize {
        self.points.len()
    }

    pub(crate) fn get(&self, spot: usize) -> &Spot {
        &self.points[spot]
    }

    /// The initiatives at a spot, each once.
    pub(crate) fn initiatives(&self, spot: usize) -> &[Id] {
        self.at(spot..spot + 1)
    }

    /// How many initiatives are at the spots of some stretches, which are in order, each counted once.
    pub(crate) fn count_in(&self, stretches: &[Range<usize>]) -> u64 {
        let held: usize = stretches.iter().map(|stretch| self.at(stretch.clone()).len()).sum();
        if held > self.initiatives.len() / 2 {
            // It takes less to find those that are at none of them.
            return self.shown - self.count_only_in(&others(stretches, self.len()));
        }
        let spots: Vec<usize> = stretches.iter().flat_map(Clone::clone).collect();
        self.count_of(&spots, |_| true)
    }

    /// How many initiatives for which something holds are at some spots, each counted once.
    pub(crate) fn count_of(&self, spots: &[usize], holds: impl Fn(Id) -> bool) -> u64 {
        let mut met = Met::new(self.places.len());
        let here = spots.iter().flat_map(|spot| self.initiatives(*spot));
        here.filter(|id| holds(**id) && met.meet(**id)).count() as u64
    }

    /// How many initiatives are at the spots of some stretches and at no others.
    fn count_only_in(&self, stretches: &[Range<usize>]) -> u64 {
        let mut met: Vec<u8> = vec![0; self.places.len()];
        let mut many: Vec<Id> = Vec::new();
        let mut only = 0;
        for id in stretches.iter().flat_map(|stretch| self.at(stretch.clone())) {
            match (self.places[*id as usize], &mut met[*id as usize]) {
                (1, _) => only += 1,
                (places @ 2..=255, met) => {
                    *met += 1;
                    only += u64::from(u32::from(*met) == places);
                }
                _ => many.push(*id),
            }
        }
        many.sort_unstable();
        let is_only_here = |same: &&[Id]| same.len() == self.places[same[0] as usize] as usize;
        only + many.chunk_by(|one, other| one == other).filter(is_only_here).count() as u64
    }

    /// The initiatives at a stretch of spots: as often as they have a place there.
    fn at(&self, spots: Range<usize>) -> &[Id] {
        let start = |spot: usize| self.points.get(spot).map_or(self.initiatives.len(), |spot| spot.start as usize);
        &self.initiatives[start(spots.start)..start(spots.end)]
    }

    /// The spots in a cell.
    pub(crate) fn in_cell(&self, cell: Cell) -> Range<usize> {
        let first = cell.finest().start;
        let start = self.points.partition_point(|spot| spot.cell < first);
        start..self.end_of(cell, start..self.len())
    }

    /// The four parts of a cell, each with those of the cell's spots that are in it.
    fn parts(&self, cell: Cell, spots: Range<usize>) -> impl Iterator<Item = (Cell, Range<usize>)> {
        let mut rest = spots;
        cell.parts().into_iter().map(move |part| {
            let start = rest.start;
            rest.start = self.end_of(part, rest.clone());
            (part, start..rest.start)
        })
    }

    /// Where those of some spots end that are in a cell or before it.
    pub(crate) fn end_of(&self, cell: Cell, among: Range<usize>) -> usize {
        let beyond = cell.finest().end;
        among.start + self.points[among].partition_point(|spot| spot.cell < beyond)
    }

    /// Whether any of the spots of a cell is in a box.
    pub(crate) fn is_any_in_box(&self, cell: Cell, spots: Range<usize>, window: &Window, bounds: BoundingBox) -> bool {
        match window.reach(cell) {
            Reach::Apart => false,
            Reach::Within => !spots.is_empty(),
            Reach::Touching if spots.len() > FEW && cell.level < grid::FINEST => {
                self.parts(cell, spots).any(|(part, spots)| self.is_any_in_box(part, spots, window, bounds))
            }
            Reach::Touching => self.points[spots].iter().any(|spot| geo::holds(bounds, spot.point)),
        }
    }

    /// The initiatives, of which there are so many in all, at the points of a box for which something holds.
    pub(crate) fn initiatives_in(&self, bounds: BoundingBox, all: usize, holds: impl Fn(Point) -> bool) -> RoaringBitmap {
        let mut found = Gathered::below(all);
        self.reached(&Window::of(bounds), &mut |spots, _| {
            for spot in spots.filter(|spot| holds(self.points[*spot].point)) {
                self.initiatives(spot).iter().for_each(|id| found.insert(*id));
            }
        });
        found.into_set()
    }

    /// The spots in a box, as stretches in order.
    pub(crate) fn in_box(&self, bounds: BoundingBox) -> Vec<Range<usize>> {
        let mut stretches: Vec<Range<usize>> = Vec::new();
        let mut add = |spots: Range<usize>| match stretches.last_mut() {
            Some(last) if last.end == spots.start => last.end = spots.end,
            _ => stretches.push(spots),
        };
        self.reached(&Window::of(bounds), &mut |spots, reach| {
            if reach == Reach::Within {
                add(spots);
            } else {
                spots.filter(|spot| geo::holds(bounds, self.points[*spot].point)).for_each(|spot| add(spot..spot + 1));
            }
        });
        stretches
    }

    /// Calls for every stretch of spots that may be in a window, in order, with how it lies to it.
    pub(crate) fn reached(&self, window: &Window, each: &mut impl FnMut(Range<usize>, Reach)) {
        self.descend(Cell::WORLD, 0..self.len(), window, each);
    }

    fn descend(&self, cell: Cell, spots: Range<usize>, window: &Window, each: &mut impl FnMut(Range<usize>, Reach)) {
        if spots.is_empty() {
            return;
        }
        match window.reach(cell) {
            Reach::Apart => {}
            Reach::Touching if spots.len() > FEW && cell.level < grid::FINEST => {
                for (part, spots) in self.parts(cell, spots) {
                    self.descend(part, spots, window, each);
                }
            }
            reach => each(spots, reach),
        }
    }
}

/// The stretches between some, which are in order, up to an end.
fn others(stretches: &[Range<usize>], end: usize) -> Vec<Range<usize>> {
    let starts = [0].into_iter().chain(stretches.iter().map(|stretch| stretch.end));
    let ends = stretches.iter().map(|stretch| stretch.start).chain([end]);
    starts.zip(ends).map(|(start, end)| start..end).filter(|between| !between.is_empty()).collect()
}

/// Which initiatives have been met already.
#[derive(Debug)]
pub(crate) struct Met(Vec<u64>);

impl Met {
    pub(crate) fn new(initiatives: usize) -> Self {
        Self(vec![0; initiatives.div_ceil(64)])
    }

    /// Whether this is the first time.
    #[inline]
    pub(crate) fn meet(&mut self, id: Id) -> bool {
        let (word, bit) = (&mut self.0[id as usize / 64], 1 << (id % 64));
        let is_first = *word & bit == 0;
        *word |= bit;
        is_first
    }

    pub(crate) fn forget(&mut self, ids: &[Id]) {
        for id in ids {
            self.0[*id as usize / 64] = 0;
        }
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or_else(|_| unreachable!("there are fewer than four billion places"))
}
