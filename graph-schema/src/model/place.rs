//! Towns and the areas that they belong to.

use super::value::{ValueError, written_enum};
use super::{AreaKey, Provenance, Text, TownKey};

/// A point on the earth, WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    latitude: f64,
    longitude: f64,
}

impl Point {
    /// A point from its latitude (-90 to 90) and longitude (-180 to 180).
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, ValueError> {
        if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) {
            // One zero: -0.0 and 0.0 are equal but print differently.
            Ok(Self { latitude: latitude + 0.0, longitude: longitude + 0.0 })
        } else {
            let value = format!("{latitude}, {longitude}");
            Err(ValueError::new("a point", &value, "a latitude from -90 to 90 and a longitude from -180 to 180"))
        }
    }

    /// Degrees north.
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
}

/// A box on the earth, WGS 84 degrees; one whose west is greater than its east crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    south_west: Point,
    north_east: Point,
}

impl BoundingBox {
    /// The box between two corners.
    pub fn new(south_west: Point, north_east: Point) -> Result<Self, ValueError> {
        if south_west.latitude <= north_east.latitude {
            Ok(Self { south_west, north_east })
        } else {
            let value = format!("south {}, north {}", south_west.latitude, north_east.latitude);
            Err(ValueError::new("a bounding box", &value, "a south that is not north of its north"))
        }
    }

    /// The smallest box without the antimeridian that holds all the points.
    pub fn around(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        points.into_iter().fold(None, |bounds: Option<Self>, point| {
            Some(bounds.map_or(Self { south_west: point, north_east: point }, |bounds| Self {
                south_west: Point {
                    latitude: bounds.south_west.latitude.min(point.latitude),
                    longitude: bounds.south_west.longitude.min(point.longitude),
                },
                north_east: Point {
                    latitude: bounds.north_east.latitude.max(point.latitude),
                    longitude: bounds.north_east.longitude.max(point.longitude),
                },
            }))
        })
    }

    /// The south-western corner.
    pub const fn south_west(self) -> Point {
        self.south_west
    }

    /// The north-eastern corner.
    pub const fn north_east(self) -> Point {
        self.north_east
    }
}

written_enum!(
    /// What sort of town.
    TownType, "a type of town" {
        /// A French commune.
        Commune = "commune",
        /// An arrondissement of Paris, Lyon or Marseille.
        MunicipalArrondissement = "municipal-arrondissement",
        /// A town outside France.
        Town = "town",
    }
);

/// A commune that was merged into the present one.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerTown {
    pub key: TownKey,
    pub name: Text,
}

/// A town, of whatever size.
#[derive(Debug, Clone, PartialEq)]
pub struct Town {
    pub key: TownKey,
    pub aliases: Vec<TownKey>,
    pub name: Text,
    pub town_type: TownType,
    /// Inhabitants.
    pub population: Option<u32>,
    pub postcodes: Vec<Text>,
    pub point: Option<Point>,
    /// The areas that it belongs to directly, nearest first; theirs follow from them.
    pub part_of: Vec<AreaKey>,
    /// The commune of a municipal arrondissement.
    pub parent: Option<TownKey>,
    pub former: Vec<FormerTown>,
    pub provenance: Vec<Provenance>,
}

written_enum!(
    /// The level of an area.
    AreaKind, "a kind of area" {
        Intercommunality = "intercommunality",
        Department = "department",
        Region = "region",
        Country = "country",
        Other = "other",
    }
);

/// An intercommunality, a department, a region, a country: what towns belong to.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its scheme tells the kind of area.
    pub key: AreaKey,
    pub aliases: Vec<AreaKey>,
    pub name: Text,
    /// The legal form of an intercommunality: `CC`, `CA`, `CU`, `METRO` …, as the official table has it.
    pub form: Option<Text>,
    /// The areas that it belongs to directly.
    pub part_of: Vec<AreaKey>,
    /// What holds the points of all its towns.
    pub bounds: Option<BoundingBox>,
    pub provenance: Vec<Provenance>,
}
