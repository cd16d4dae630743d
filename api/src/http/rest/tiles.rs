//! Vector tiles of the map (Mapbox Vector Tile 2.1), and what describes them (`TileJSON` 3.0.0).
//!
//! A tile shows what `map` of the GraphQL API shows in its box at its zoom, each mark in one tile: the cells of clusters are parts of tiles.

use std::f64::consts::PI;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use mvt::{Feature, GeomEncoder, GeomType, Layer, Tile};
use serde_json::{Value, json};

use super::parameters::Parameters;
use super::{Problem, address_of, description_of};
use crate::http::Service;
use crate::http::graphql::{self, Asking, Made};

const QUERY: &str = "query($bounds: BoundingBoxInput!, $zoom: Int!, $filter: InitiativeFilter, $lang: Language) {
  map(bounds: $bounds, zoom: $zoom, filter: $filter) {
    clusters { id count point { lat lon } bounds { west south east north } topTopics { key } }
    pins { point { lat lon } initiative { key url title(lang: $lang) status kind { key } topics { key } } }
  }
}";

/// The closest tiles, as in GraphQL.
const HIGHEST_ZOOM: u8 = 22;

/// From there on a map may enlarge what it has: places are towns, or known to some metres.
const USUAL_HIGHEST: u8 = 18;

/// Units of a tile from edge to edge.
const EXTENT: u32 = 4_096;

/// By how much a tile's box is larger than the tile, in degrees: against rounding. What is beyond is left out again.
const MARGIN: f64 = 1e-7;

/// What a tile counts for. By its form the query would be priced as if there were two hundred marks: a tile has four cells, of one mark most often.
const COST: u64 = 300;

const MEDIA_TYPE: &str = "application/vnd.mapbox-vector-tile";

/// A tile of the usual scheme: so many from west to east, and from north to south.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    zoom: u8,
    column: u32,
    row: u32,
}

impl Place {
    fn read([zoom, column, row]: [&str; 3]) -> Result<Self, Problem> {
        let highest = format!("a whole number from 0 to {HIGHEST_ZOOM}");
        let level = zoom.parse().ok().filter(|zoom| *zoom <= HIGHEST_ZOOM);
        let level = level.ok_or_else(|| Problem::parameter("zoom", zoom, &highest))?;
        let last = (1_u32 << level) - 1;
        let number = |name: &str, text: &str| {
            let number = text.parse().ok().filter(|number| *number <= last);
            number.ok_or_else(|| Problem::parameter(name, text, &format!("a whole number from 0 to {last} at zoom {level}")))
        };
        Ok(Self { zoom: level, column: number("column", column)?, row: number("row", row)? })
    }

    fn tiles(self) -> f64 {
        f64::from(1_u32 << self.zoom)
    }

    /// The box that the map is asked for. Web Mercator ends at 85.05°; what lies beyond is in the first or the last row.
    fn bounds(self) -> Value {
        let longitude = |column: u32| f64::from(column) / self.tiles() * 360.0 - 180.0;
        let latitude = |row: u32| (PI * (1.0 - 2.0 * f64::from(row) / self.tiles())).sinh().atan().to_degrees();
        let north = if self.row == 0 { 90.0 } else { latitude(self.row) + MARGIN };
        let south = if f64::from(self.row + 1) >= self.tiles() { -90.0 } else { latitude(self.row + 1) - MARGIN };
        json!({
            "west": (longitude(self.column) - MARGIN).max(-180.0),
            "south": south,
            "east": (longitude(self.column + 1) + MARGIN).min(180.0),
            "north": north,
        })
    }

    /// Where a point lies on the tile, in its units; `None` if it lies on another.
    fn position(self, point: &Value) -> Option<(f64, f64)> {
        let (latitude, longitude) = (point["lat"].as_f64()?, point["lon"].as_f64()?);
        let on = |share: f64, number: u32| {
            let place = (share * self.tiles()).clamp(0.0, self.tiles().next_down());
            let within = place - f64::from(number);
            (0.0..1.0).contains(&within).then(|| (within * f64::from(EXTENT)).floor())
        };
        let down = 0.5 - latitude.to_radians().tan().asinh() / (2.0 * PI);
        Some((on((longitude + 180.0) / 360.0, self.column)?, on(down, self.row)?))
    }
}

/// `/tiles/{zoom}/{column}/{row}.mvt`.
pub async fn get(
    State(service): State<Service>,
    Path((zoom, column, row)): Path<(String, String, String)>,
    asking: Asking,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let Some(row) = row.strip_suffix(".mvt") else {
        let title = "a tile's address is /tiles/{zoom}/{column}/{row}.mvt".to_owned();
        return Problem::new(StatusCode::NOT_FOUND, title, "BAD_USER_INPUT").into_response();
    };
    let place = Place::read([&zoom, &column, row]);
    let found = match place {
        Ok(place) => tile(&service, &asking, place, &pairs).await,
        Err(problem) => Err(problem),
    };
    found.unwrap_or_else(Problem::into_response)
}

async fn tile(service: &Service, asking: &Asking, place: Place, pairs: &[(String, String)]) -> Result<Response, Problem> {
    let Place { zoom, column, row } = place;
    let make = async {
        let parameters = Parameters::read(pairs, &[])?;
        let variables = json!({ "bounds": place.bounds(), "zoom": zoom, "filter": parameters.filter, "lang": parameters.lang });
        let (data, told) = graphql::data_for(service, asking, COST, QUERY, variables).await?;
        let body = written(place, &data["map"]).map_err(|error| {
            tracing::error!(%error, zoom, column, row, "a tile could not be written");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the tile could not be written".to_owned(), "INTERNAL")
        })?;
        Ok(Made::Answer(body.into(), told))
    };
    asking.response(service, &format!("tile {zoom} {column} {row}"), pairs, MEDIA_TYPE, make).await
}

/// What a map shows, as a tile.
fn written(place: Place, map: &Value) -> Result<Bytes, mvt::Error> {
    let mut tile = Tile::new(EXTENT);
    let mut clusters = tile.create_layer("clusters");
    for cluster in map["clusters"].as_array().into_iter().flatten() {
        let Some(position) = place.position(&cluster["point"]) else { continue };
        let mut feature = at(clusters, position)?;
        text(&mut feature, "id", &cluster["id"]);
        feature.add_tag_uint("count", cluster["count"].as_u64().unwrap_or_default());
        for edge in ["west", "south", "east", "north"] {
            feature.add_tag_double(edge, cluster["bounds"][edge].as_f64().unwrap_or_default());
        }
        keys(&mut feature, "topics", &cluster["topTopics"]);
        clusters = feature.into_layer();
    }
    let mut initiatives = tile.create_layer("initiatives");
    for pin in map["pins"].as_array().into_iter().flatten() {
        let Some(position) = place.position(&pin["point"]) else { continue };
        let initiative = &pin["initiative"];
        let mut feature = at(initiatives, position)?;
        for name in ["key", "url", "title", "status"] {
            text(&mut feature, name, &initiative[name]);
        }
        text(&mut feature, "kind", &initiative["kind"]["key"]);
        keys(&mut feature, "topics", &initiative["topics"]);
        initiatives = feature.into_layer();
    }
    for layer in [clusters, initiatives] {
        // The format has no layers without features.
        if layer.num_features() > 0 {
            tile.add_layer(layer)?;
        }
    }
    Ok(tile.to_bytes()?.into())
}

fn at(layer: Layer, (x, y): (f64, f64)) -> Result<Feature, mvt::Error> {
    Ok(layer.into_feature(GeomEncoder::new(GeomType::Point).point(x, y)?.encode()?))
}

fn text(feature: &mut Feature, name: &str, value: &Value) {
    if let Some(text) = value.as_str() {
        feature.add_tag_string(name, text);
    }
}

/// Keys with commas between them: the format has no lists.
fn keys(feature: &mut Feature, name: &str, records: &Value) {
    let keys: Vec<&str> = records.as_array().into_iter().flatten().filter_map(|record| record["key"].as_str()).collect();
    if !keys.is_empty() {
        feature.add_tag_string(name, &keys.join(","));
    }
}

/// `/tiles.json`: the tiles of a filter, as maps take them.
pub async fn description(State(service): State<Service>, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    if let Err(problem) = Parameters::read(&pairs, &[]) {
        return problem.into_response();
    }
    let description = json!({
        "tilejson": "3.0.0",
        "name": "Maillage",
        "tiles": [address_of(&service.inner.public_url, "/tiles/{z}/{x}/{y}.mvt", &pairs, None)],
        "minzoom": 0,
        "maxzoom": USUAL_HIGHEST,
        "vector_layers": [
            {
                "id": "clusters",
                "description": "Several initiatives near to each other",
                "fields": {
                    "id": "What the field cluster of the GraphQL API opens",
                    "count": "How many initiatives",
                    "west": "The smallest box around their places, in degrees",
                    "south": "The smallest box around their places, in degrees",
                    "east": "The smallest box around their places, in degrees",
                    "north": "The smallest box around their places, in degrees",
                    "topics": "Keys of the topics that most of them have, with commas",
                },
            },
            {
                "id": "initiatives",
                "description": "Initiatives by themselves",
                "fields": {
                    "key": "The key",
                    "url": "The address of its page",
                    "title": "The title",
                    "status": "RUNNING, PILOT and so on, as in GraphQL",
                    "kind": "The key of its kind",
                    "topics": "Keys of its topics, with commas",
                },
            },
        ],
    });
    description_of("application/json", &description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_on_one_tile_of_each_zoom() {
        let on = |latitude: f64, longitude: f64, zoom: u8, column: u32, row: u32| {
            Place { zoom, column, row }.position(&json!({ "lat": latitude, "lon": longitude }))
        };
        // Tiles as https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames numbers them.
        assert!(on(48.8566, 2.3522, 12, 2074, 1409).is_some());
        assert!(on(44.2033, 0.6167, 10, 513, 371).is_some());
        assert_eq!(on(44.2033, 0.6167, 10, 514, 371), None);
        assert_eq!(on(0.0, 0.0, 1, 1, 1), Some((0.0, 0.0)));
        assert_eq!(on(0.0, 0.0, 1, 0, 0), None);
        assert_eq!(on(89.0, -180.0, 3, 0, 0), Some((0.0, 0.0)));
        assert_eq!(on(-90.0, 180.0, 5, 31, 31), Some((4095.0, 4095.0)));
        assert_eq!(on(66.513_260_443_111_85, 0.0, 2, 2, 1), Some((0.0, 0.0)), "on the edge between two rows");
    }

    #[test]
    fn boxes_cover_their_tiles() {
        let bounds = Place { zoom: 1, column: 1, row: 0 }.bounds();
        let near = |name: &str, expected: f64| (bounds[name].as_f64().unwrap_or(f64::NAN) - expected).abs() < 1e-6;
        assert!(near("west", 0.0) && near("south", 0.0) && near("east", 180.0) && near("north", 90.0), "{bounds}");
    }
}
