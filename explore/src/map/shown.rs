//! What a map shows, cell by cell, from the coarsest grid on.

use std::ops::Range;

use maillage_graph_schema::model::BoundingBox;

use super::draw::Members;
use super::grid::{Cell, Window};
use super::spots::Spots;
use crate::geo;

/// The spots in a box where any of some initiatives is.
pub(crate) struct Shown<'a> {
    spots: &'a Spots,
    bounds: BoundingBox,
    window: Window,
    /// Which they are, in order; `None` where all initiatives are shown: then what lies whole in the box need not be looked at
    /// spot by spot.
    listed: Option<Vec<usize>>,
}

/// A cell with something to show.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub cell: Cell,
    /// Its spots: places in the list, or, where there is none, all spots of the cell.
    range: Range<usize>,
}

impl<'a> Shown<'a> {
    pub(crate) fn new(spots: &'a Spots, members: &Members, bounds: BoundingBox) -> Self {
        let is_anybody_at = |spot: &usize| spots.initiatives(*spot).iter().any(|id| members.holds(*id));
        let list = || spots.in_box(bounds).into_iter().flatten().filter(is_anybody_at).collect();
        let listed = if matches!(members, Members::All) { None } else { Some(list()) };
        Self { spots, bounds, window: Window::of(bounds), listed }
    }

    /// What is shown on each grid up to a level, from the coarsest on, as long as it is no more than so many cells.
    pub(crate) fn grids(&self, level: u8, most: usize) -> Vec<Vec<Piece>> {
        let world = Piece { cell: Cell::WORLD, range: 0..self.listed.as_ref().map_or(self.spots.len(), Vec::len) };
        let is_anything = !world.range.is_empty() && self.is_seen(&world);
        let mut grids = vec![if is_anything { vec![world] } else { Vec::new() }];
        for coarser in 0..usize::from(level) {
            let pieces: Vec<Piece> = grids[coarser].iter().flat_map(|piece| self.parts(piece)).collect();
            if pieces.len() > most {
                break;
            }
            grids.push(pieces);
        }
        grids
    }

    /// The cells of the next level in one.
    fn parts(&self, piece: &Piece) -> impl Iterator<Item = Piece> {
        let mut rest = piece.range.clone();
        let level = piece.cell.level + 1;
        let parts = std::iter::from_fn(move || {
            let first = rest.clone().next()?;
            let cell = Cell::around(self.finest(first), level);
            let end = self.end_of(cell, rest.clone());
            rest.start = end;
            Some(Piece { cell, range: first..end })
        });
        parts.filter(|part| self.is_seen(part))
    }

    /// The number of the finest cell that a spot of a range lies in.
    fn finest(&self, place: usize) -> u64 {
        self.spots.get(self.listed.as_ref().map_or(place, |listed| listed[place])).cell
    }

    /// Where those of a range end that lie in a cell.
    fn end_of(&self, cell: Cell, range: Range<usize>) -> usize {
        let beyond = cell.finest().end;
        match &self.listed {
            None => self.spots.end_of(cell, range),
            Some(listed) => range.start + listed[range].partition_point(|spot| self.spots.get(*spot).cell < beyond),
        }
    }

    /// Whether any of the cell is in the box.
    fn is_seen(&self, piece: &Piece) -> bool {
        self.listed.is_some() || self.spots.is_any_in_box(piece.cell, piece.range.clone(), &self.window, self.bounds)
    }

    /// The spots of a cell.
    pub(crate) fn spots_of(&self, piece: &Piece) -> Vec<usize> {
        match &self.listed {
            None => piece.range.clone().filter(|spot| geo::holds(self.bounds, self.spots.get(*spot).point)).collect(),
            Some(listed) => listed[piece.range.clone()].to_vec(),
        }
    }

    /// How many initiatives there are, each counted once, as those count that are shown.
    pub(crate) fn count(&self, members: &Members) -> u64 {
        match &self.listed {
            None => self.spots.count_in(&self.spots.in_box(self.bounds)),
            Some(listed) => self.spots.count_of(listed, |id| members.holds(id)),
        }
    }
}
