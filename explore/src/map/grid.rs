//! The cells of the map: those of Web Mercator's tiles, each cut into four by the next level.
//!
//! The number of a cell has the bits of its column and row by turns (a Z-order curve, Morton 1966): the cells that lie in a
//! larger one are a stretch of numbers, so what is sorted by the number of its finest cell is sorted for every level.

use std::ops::Range;

use maillage_graph_schema::model::{BoundingBox, Point};

/// The level of the finest grid: 2²⁶ cells from west to east, each 60 cm wide at the equator.
pub(crate) const FINEST: u8 = 26;

const LAST: u32 = (1 << FINEST) - 1;

/// A cell of some level; level 0 has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cell {
    pub level: u8,
    pub number: u64,
}

impl Cell {
    /// Everything.
    pub(crate) const WORLD: Self = Self { level: 0, number: 0 };

    /// The cell of a level that a finest one lies in.
    pub(crate) const fn around(finest: u64, level: u8) -> Self {
        Self { level, number: finest >> (2 * (FINEST - level)) }
    }

    /// A cell, if there is such a one.
    pub(crate) fn checked(level: u8, number: u64) -> Option<Self> {
        (level <= FINEST && number < 1 << (2 * level)).then_some(Self { level, number })
    }

    /// The numbers of the finest cells in it.
    pub(crate) const fn finest(self) -> Range<u64> {
        let shift = 2 * (FINEST - self.level);
        self.number << shift..(self.number + 1) << shift
    }

    /// The four cells of the next level in it.
    pub(crate) fn parts(self) -> [Self; 4] {
        [0, 1, 2, 3].map(|part| Self { level: self.level + 1, number: self.number << 2 | part })
    }
}

/// The number of the finest cell that a point lies in.
pub(crate) fn cell(point: Point) -> u64 {
    interleaved(column(point.longitude())) | interleaved(row(point.latitude())) << 1
}

fn column(longitude: f64) -> u32 {
    place((longitude + 180.0) / 360.0)
}

/// From north to south. What lies beyond 85.05° is in the first or the last row: the map ends there, the towns do not.
fn row(latitude: f64) -> u32 {
    place(0.5 - latitude.to_radians().tan().asinh() / std::f64::consts::TAU)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast to an integer stops at its bounds")]
fn place(share: f64) -> u32 {
    ((share * f64::from(1_u32 << FINEST)) as u32).min(LAST)
}

/// The bits of a number with a zero before each.
fn interleaved(number: u32) -> u64 {
    let mut spread = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        spread = (spread | spread << shift) & mask;
    }
    spread
}

/// The reverse of [`interleaved`].
#[expect(clippy::cast_possible_truncation, reason = "half of the bits are left")]
fn gathered(spread: u64) -> u32 {
    let mut number = spread & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        number = (number | number >> shift) & mask;
    }
    number as u32
}

/// How a cell lies to a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The box holds none of its points.
    Apart,
    /// It may hold some of them.
    Touching,
    /// It holds all of them.
    Within,
}

/// The first and the last of some columns or rows of the finest grid.
type Stretch = (u32, u32);

/// The columns and rows of the finest grid that a box may hold something of: a cell more on each side, against rounding.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// Two stretches where the box crosses the antimeridian.
    columns: Vec<Stretch>,
    rows: Stretch,
}

/// How many cells on each side of a window may lie beyond the edge of the box: the one that the edge lies in, and one against
/// rounding on either side of it.
const EDGE: u32 = 3;

impl Window {
    pub(crate) fn of(bounds: BoundingBox) -> Self {
        let (south_west, north_east) = (bounds.south_west(), bounds.north_east());
        let wider = |first: u32, last: u32| (first.saturating_sub(1), last.saturating_add(1).min(LAST));
        let (west, east) = (column(south_west.longitude()), column(north_east.longitude()));
        let columns = if south_west.longitude() <= north_east.longitude() {
            vec![wider(west, east)]
        } else {
            vec![wider(0, east), wider(west, LAST)]
        };
        Self { columns, rows: wider(row(north_east.latitude()), row(south_west.latitude())) }
    }

    /// How a cell lies to its box. One that lies within two stretches of columns together counts as touching.
    pub(crate) fn reach(&self, cell: Cell) -> Reach {
        let shift = FINEST - cell.level;
        let span = |place: u32| (place << shift, ((place + 1) << shift) - 1);
        let (left, right) = span(gathered(cell.number));
        let (top, bottom) = span(gathered(cell.number >> 1));
        let touches = |(first, last): Stretch, from: u32, to: u32| from <= last && to >= first;
        let holds = |(first, last): Stretch, from: u32, to: u32| from >= first + EDGE && to + EDGE <= last;
        if !touches(self.rows, top, bottom) || !self.columns.iter().any(|columns| touches(*columns, left, right)) {
            Reach::Apart
        } else if holds(self.rows, top, bottom) && self.columns.iter().any(|columns| holds(*columns, left, right)) {
            Reach::Within
        } else {
            Reach::Touching
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point(latitude: f64, longitude: f64) -> Point {
        Point::new(latitude, longitude).expect("a point")
    }

    #[test]
    fn cells_are_those_of_tiles() {
        // Tiles as https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames numbers them: level, column, row.
        for (latitude, longitude, level, column, row) in [
            (48.8566, 2.3522, 12, 2074, 1409),
            (44.2033, 0.6167, 10, 513, 371),
            (-18.1416, 178.4415, 7, 127, 70),
            (0.0, 0.0, 1, 1, 1),
            (85.06, -180.0, 3, 0, 0),
            (90.0, 180.0, 5, 31, 0),
            (-90.0, 180.0, 5, 31, 31),
        ] {
            let cell = Cell::around(cell(point(latitude, longitude)), level);
            assert_eq!((gathered(cell.number), gathered(cell.number >> 1)), (column, row), "{latitude}, {longitude}");
        }
    }

    proptest! {
        #[test]
        fn a_cell_holds_what_lies_in_its_parts(latitude in -90.0..=90.0f64, longitude in -180.0..=180.0f64, level in 0..FINEST) {
            let finest = cell(point(latitude, longitude));
            let around = Cell::around(finest, level);
            prop_assert!(around.finest().contains(&finest));
            prop_assert_eq!(around.parts().into_iter().filter(|part| part.finest().contains(&finest)).count(), 1);
            prop_assert_eq!(Cell::checked(level, around.number), Some(around));
            prop_assert_eq!(Cell::checked(level, 1 << (2 * level)), None);
        }

        #[test]
        fn bits_are_put_apart_and_together(number in 0..=LAST, other in 0..=LAST) {
            prop_assert_eq!(gathered(interleaved(number)), number);
            prop_assert_eq!(gathered((interleaved(number) | interleaved(other) << 1) >> 1), other);
        }

        #[test]
        fn windows_reach_what_boxes_hold(
            latitude in -90.0..=90.0f64, longitude in -180.0..=180.0f64, west in -180.0..=180.0f64, east in -180.0..=180.0f64,
            south in -90.0..=90.0f64, north in -90.0..=90.0f64, level in 0..=FINEST,
        ) {
            let bounds = BoundingBox::new(point(south.min(north), west), point(south.max(north), east)).expect("a box");
            let held = point(latitude, longitude);
            let reach = Window::of(bounds).reach(Cell::around(cell(held), level));
            match reach {
                Reach::Apart => prop_assert!(!crate::geo::holds(bounds, held)),
                Reach::Within => prop_assert!(crate::geo::holds(bounds, held)),
                Reach::Touching => {}
            }
        }
    }
}
