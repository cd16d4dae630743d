//! The outlines of the departments, as GeoJSON: a ground for maps that needs no tile server.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::Service;
use crate::http::cache::{Kept, Key};
use crate::http::graphql::Asking;

const MEDIA_TYPE: &str = "application/geo+json";

/// Simplified outlines, as `TopoJSON`; where they come from is told in `content/README.md`.
const TOPOLOGY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../content/map/dep.topojson"));

const ATTRIBUTION: &str = "Départements : IGN, Admin Express, Licence Ouverte 2.0";

/// What is answered; empty if the outlines cannot be read, which a test rules out.
static BODY: LazyLock<Bytes> = LazyLock::new(|| {
    let outlines = serde_json::from_str(TOPOLOGY).map(|topology: Topology| topology.outlines().to_string());
    outlines
        .unwrap_or_else(|problem| {
            tracing::error!(%problem, "the outlines of the departments cannot be read");
            String::new()
        })
        .into()
});

/// What tells it from the outlines of another version.
static KEY: LazyLock<Key> = LazyLock::new(|| Key::of([BODY.as_ref()]));

/// `/departments.geojson`.
pub async fn get(State(service): State<Service>, asking: Asking) -> Response {
    let key = *KEY;
    asking.known(&service, key, MEDIA_TYPE).unwrap_or_else(|| {
        let mut response = Kept::from(BODY.clone()).response(MEDIA_TYPE);
        key.mark(response.headers_mut());
        response
    })
}

/// Outlines that share their lines: of each line the first point and the steps to the next ones, on a grid.
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    #[serde(rename = "communes-geo")]
    departments: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Department>,
}

#[derive(Deserialize)]
struct Department {
    properties: Codes,
    #[serde(flatten)]
    shape: Shape,
}

#[derive(Deserialize)]
struct Codes {
    dep: String,
    reg: String,
}

/// Rings are lists of lines; one that is walked backwards is the complement of its number.
#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

/// Longitude and latitude.
type Position = [f64; 2];

impl Topology {
    fn outlines(&self) -> Value {
        let lines: Vec<Vec<Position>> = self.arcs.iter().map(|arc| self.line(arc)).collect();
        let polygon = |rings: &Vec<Vec<i64>>| -> Vec<Vec<Position>> {
            rings.iter().enumerate().map(|(at, ring)| wound(joined(&lines, ring), at == 0)).collect()
        };
        let features = self.objects.departments.geometries.iter().map(|Department { properties: Codes { dep, reg }, shape }| {
            let geometry = match shape {
                Shape::Polygon(rings) => json!({ "type": "Polygon", "coordinates": polygon(rings) }),
                Shape::MultiPolygon(polygons) => {
                    json!({ "type": "MultiPolygon", "coordinates": polygons.iter().map(polygon).collect::<Vec<_>>() })
                }
            };
            let key = format!("department:{dep}");
            json!({ "type": "Feature", "id": key, "properties": { "key": key, "region": format!("region:{reg}") }, "geometry": geometry })
        });
        json!({ "type": "FeatureCollection", "attribution": ATTRIBUTION, "features": features.collect::<Vec<_>>() })
    }

    fn line(&self, arc: &[[i64; 2]]) -> Vec<Position> {
        let Transform { scale, translate } = &self.transform;
        let mut at = [0, 0];
        let mut position = |step: &[i64; 2]| {
            at = [at[0] + step[0], at[1] + step[1]];
            #[expect(clippy::cast_precision_loss, reason = "the grid has a few thousand lines")]
            let position = |axis: usize| round(at[axis] as f64 * scale[axis] + translate[axis]);
            [position(0), position(1)]
        };
        arc.iter().map(&mut position).collect()
    }
}

/// To about ten metres: the grid is coarser.
fn round(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}

/// The lines of a ring, one after the other; each begins where the one before ends.
fn joined(lines: &[Vec<Position>], ring: &[i64]) -> Vec<Position> {
    let mut joined: Vec<Position> = Vec::new();
    for number in ring {
        let is_backwards = *number < 0;
        let index = usize::try_from(if is_backwards { !number } else { *number }).unwrap_or(usize::MAX);
        let line = lines.get(index).map(Vec::as_slice).unwrap_or_default();
        let skipped = usize::from(!joined.is_empty());
        if is_backwards {
            joined.extend(line.iter().rev().skip(skipped));
        } else {
            joined.extend(line.iter().skip(skipped));
        }
    }
    joined
}

/// A ring as RFC 7946 has it: those around an area counter-clockwise, those around a hole clockwise.
fn wound(mut ring: Vec<Position>, is_outer: bool) -> Vec<Position> {
    let twice_area: f64 = ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
    if (twice_area > 0.0) != is_outer {
        ring.reverse();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_closed_and_where_the_departments_are() {
        let outlines: Value = serde_json::from_slice(&BODY).expect("GeoJSON");
        let features = outlines["features"].as_array().expect("features");
        assert_eq!(features.len(), 101);
        for feature in features {
            let geometry = &feature["geometry"];
            let polygons = match geometry["type"].as_str() {
                Some("Polygon") => vec![geometry["coordinates"].clone()],
                _ => geometry["coordinates"].as_array().expect("polygons").clone(),
            };
            for ring in polygons.iter().flat_map(|polygon| polygon.as_array().expect("rings")) {
                let ring: Vec<Position> = serde_json::from_value(ring.clone()).expect("positions");
                assert!(ring.len() >= 4 && ring.first() == ring.last(), "{}: {ring:?}", feature["id"]);
            }
        }
        let lot_et_garonne = features.iter().find(|feature| feature["id"] == "department:47").expect("a department");
        assert_eq!(lot_et_garonne["properties"], json!({ "key": "department:47", "region": "region:75" }));
        let ring: Vec<Position> = serde_json::from_value(lot_et_garonne["geometry"]["coordinates"][0].clone()).expect("a ring");
        let twice_area: f64 = ring.windows(2).map(|pair| pair[0][0] * pair[1][1] - pair[1][0] * pair[0][1]).sum();
        // About 5,361 km²; a square degree there is about 8,830.
        assert!((0.55..0.66).contains(&(twice_area / 2.0)), "{}", twice_area / 2.0);
        let agen = [0.6163, 44.2033];
        let crossings = ring.windows(2).filter(|pair| {
            let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
            (y1 > agen[1]) != (y2 > agen[1]) && agen[0] < x1 + (agen[1] - y1) / (y2 - y1) * (x2 - x1)
        });
        assert_eq!(crossings.count() % 2, 1, "Agen is in it");
    }
}
