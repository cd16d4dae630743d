//! Distances and boxes on the earth, and the grid by which places are found.

use maillage_graph_schema::model::{BoundingBox, Point};

/// The mean radius of the earth (IUGG), in metres.
const EARTH_RADIUS: f64 = 6_371_008.8;

/// Cells to a degree.
const CELLS_TO_A_DEGREE: f64 = 2.0;
const COLUMNS: u32 = 720;
const ROWS: u32 = 360;

/// The distance between two points along the surface of a sphere, in metres (haversine).
pub fn distance(from: Point, to: Point) -> f64 {
    let (from_latitude, to_latitude) = (from.latitude().to_radians(), to.latitude().to_radians());
    let half_height = ((to_latitude - from_latitude) / 2.0).sin();
    let half_width = ((to.longitude() - from.longitude()).to_radians() / 2.0).sin();
    let chord = half_height * half_height + from_latitude.cos() * to_latitude.cos() * half_width * half_width;
    2.0 * EARTH_RADIUS * chord.clamp(0.0, 1.0).sqrt().asin()
}

/// Whether a box holds a point, its edges included.
pub fn holds(bounds: BoundingBox, point: Point) -> bool {
    let (south_west, north_east) = (bounds.south_west(), bounds.north_east());
    let (west, east) = (south_west.longitude(), north_east.longitude());
    let longitude = point.longitude();
    let in_width = if west <= east { (west..=east).contains(&longitude) } else { longitude >= west || longitude <= east };
    in_width && (south_west.latitude()..=north_east.latitude()).contains(&point.latitude())
}

/// The cell of the grid that a point lies in.
pub(crate) fn cell(point: Point) -> u32 {
    row(point.latitude()) * COLUMNS + column(point.longitude())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees of a point, shifted to be positive")]
fn row(latitude: f64) -> u32 {
    (((latitude + 90.0) * CELLS_TO_A_DEGREE) as u32).min(ROWS - 1)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "degrees of a point, shifted to be positive")]
fn column(longitude: f64) -> u32 {
    (((longitude + 180.0) * CELLS_TO_A_DEGREE) as u32).min(COLUMNS - 1)
}

/// A cell that may hold what is looked for.
pub(crate) struct Reached {
    pub cell: u32,
    /// Whether all that lies in the cell is sure to be within.
    pub whole: bool,
}

/// The cells that a box touches.
pub(crate) fn cells_of_box(bounds: BoundingBox) -> Vec<Reached> {
    let (south_west, north_east) = (bounds.south_west(), bounds.north_east());
    let (south, north) = (row(south_west.latitude()), row(north_east.latitude()));
    let (west, east) = (column(south_west.longitude()), column(north_east.longitude()));
    let crosses = south_west.longitude() > north_east.longitude();
    let columns: Vec<u32> = if crosses { (west..COLUMNS).chain(0..=east).collect() } else { (west..=east).collect() };
    let mut cells = Vec::with_capacity(columns.len() * (north - south + 1) as usize);
    for row in south..=north {
        for column in &columns {
            let is_edge = row == south || row == north || *column == west || *column == east;
            cells.push(Reached { cell: row * COLUMNS + column, whole: !is_edge });
        }
    }
    if crosses && east >= west {
        // Nearly the whole way round: west and east lie in one cell or overlap.
        cells.sort_by_key(|reached| reached.cell);
        cells.dedup_by_key(|reached| reached.cell);
    }
    cells
}

/// The cells that a circle touches.
pub(crate) fn cells_of_circle(centre: Point, radius: f64) -> Vec<Reached> {
    let bounds = box_of_circle(centre, radius);
    let mut cells = cells_of_box(bounds);
    // Within a quarter of the globe the farthest point of a cell is one of its corners. A metre is kept for rounding.
    if radius < 4_000_000.0 {
        for reached in &mut cells {
            reached.whole = corners(reached.cell).into_iter().all(|corner| distance(centre, corner) < radius - 1.0);
        }
    } else {
        for reached in &mut cells {
            reached.whole = false;
        }
    }
    cells
}

fn corners(cell: u32) -> [Point; 4] {
    let south = f64::from(cell / COLUMNS) / CELLS_TO_A_DEGREE - 90.0;
    let west = f64::from(cell % COLUMNS) / CELLS_TO_A_DEGREE - 180.0;
    let (north, east) = (south + 1.0 / CELLS_TO_A_DEGREE, west + 1.0 / CELLS_TO_A_DEGREE);
    [(south, west), (south, east), (north, west), (north, east)]
        .map(|(latitude, longitude)| Point::new(latitude, longitude).unwrap_or_else(|_| unreachable!("a cell lies on the earth")))
}

/// A box that holds a circle.
pub(crate) fn box_of_circle(centre: Point, radius: f64) -> BoundingBox {
    let angle = radius / EARTH_RADIUS;
    // A little wider than the arithmetic says, so that rounding never leaves out what the exact distance lets in.
    let height = angle.to_degrees() + 1e-6;
    let (south, north) = (centre.latitude() - height, centre.latitude() + height);
    let sine = angle.sin() / centre.latitude().to_radians().cos();
    let (west, east) = if south <= -90.0 || north >= 90.0 || angle >= std::f64::consts::FRAC_PI_2 || sine >= 1.0 {
        (-180.0, 180.0)
    } else {
        let width = sine.asin().to_degrees() + 1e-6;
        let wrapped = |degrees: f64| {
            if degrees > 180.0 {
                degrees - 360.0
            } else if degrees < -180.0 {
                degrees + 360.0
            } else {
                degrees
            }
        };
        (wrapped(centre.longitude() - width), wrapped(centre.longitude() + width))
    };
    let corner = |latitude: f64, longitude| {
        Point::new(latitude.clamp(-90.0, 90.0), longitude).unwrap_or_else(|_| unreachable!("degrees are kept in range"))
    };
    BoundingBox::new(corner(south, west), corner(north, east)).unwrap_or_else(|_| unreachable!("south is below north"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn point() -> impl Strategy<Value = Point> {
        let near_edges = prop_oneof![Just(-180.0), Just(180.0), Just(0.0), -180.0..=180.0f64];
        (prop_oneof![Just(-90.0), Just(90.0), -90.0..=90.0f64], near_edges)
            .prop_map(|(latitude, longitude)| Point::new(latitude, longitude).expect("in range"))
    }

    #[test]
    fn distances_are_those_of_the_atlas() {
        let place = |latitude, longitude| Point::new(latitude, longitude).expect("a place");
        let (paris, agen, fiji) = (place(48.8566, 2.3522), place(44.2033, 0.6167), place(-17.0, 179.9));
        assert!((distance(paris, agen) - 533_000.0).abs() < 3_000.0, "{}", distance(paris, agen));
        assert!(distance(fiji, place(-17.0, -179.9)) < 22_000.0, "across the antimeridian");
        assert!(distance(agen, agen) < 1e-6);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn cells_find_what_boxes_hold(point in point(), one in point(), other in point()) {
            let (south, north) = if one.latitude() <= other.latitude() { (one, other) } else { (other, one) };
            let bounds = BoundingBox::new(south, north).expect("a box");
            let reached = cells_of_box(bounds).into_iter().find(|reached| reached.cell == cell(point));
            if holds(bounds, point) {
                prop_assert!(reached.is_some());
            } else {
                prop_assert!(reached.is_none_or(|reached| !reached.whole));
            }
        }

        #[test]
        fn cells_find_what_circles_hold(point in point(), centre in point(), radius in prop_oneof![0.0..50_000.0f64, 0.0..20_100_000.0f64]) {
            let reached = cells_of_circle(centre, radius).into_iter().find(|reached| reached.cell == cell(point));
            if distance(point, centre) <= radius {
                prop_assert!(reached.is_some());
            } else {
                prop_assert!(reached.is_none_or(|reached| !reached.whole));
            }
        }
    }
}
