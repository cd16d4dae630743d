//! What can be asked, in terms of the domain. Keys may be former ones; a list means any of; the fields of a filter hold
//! together; an empty list asks for nothing in particular.

use chrono::NaiveDate;
use maillage_graph_schema::model::{Audience, BoundingBox, Instant, OrganisationRole, Point, Status};

/// The longest page that is given.
pub const LONGEST_PAGE: usize = 1000;

/// The page that is given where no size is asked for.
pub const USUAL_PAGE: usize = 20;

/// The farthest that two points can be apart, in metres, rounded up.
pub const FARTHEST: i64 = 20_100_000;

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    #[error("{argument}: there is no {what} {key:?}")]
    UnknownKey {
        argument: &'static str,
        /// What was looked for: "town".
        what: &'static str,
        key: String,
        /// The keys that come nearest, best first.
        nearest: Vec<String>,
    },
    #[error("{argument}: {value} is not {expected}")]
    Value { argument: &'static str, value: String, expected: &'static str },
    #[error("{argument}: {value:?} is not a cursor of this list")]
    Cursor { argument: &'static str, value: String },
    /// The files of the index cannot be read any more.
    #[error("the search index cannot be read: {problem}")]
    Unreadable { problem: String },
}

impl From<tantivy::TantivyError> for QuestionError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Unreadable { problem: error.to_string() }
    }
}

impl QuestionError {
    pub(crate) fn value(argument: &'static str, value: impl std::fmt::Display, expected: &'static str) -> Self {
        Self::Value { argument, value: format!("{value}").chars().take(200).collect(), expected }
    }

    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKey { .. } => "UNKNOWN_KEY",
            Self::Value { .. } => "INVALID_VALUE",
            Self::Cursor { .. } => "INVALID_CURSOR",
            Self::Unreadable { .. } => "INDEX_UNREADABLE",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { nearest, .. } => (!nearest.is_empty()).then(|| format!("the nearest: {}", nearest.join(", "))),
            Self::Value { .. } => None,
            Self::Cursor { .. } => {
                Some("a cursor goes with the same list, filter and order that gave it: start again without one".to_owned())
            }
            Self::Unreadable { .. } => Some("start again: the index is then built from the graph".to_owned()),
        }
    }
}

/// What a case study tells beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Content {
    Costs,
    Figures,
    Results,
    Pitfalls,
    Lessons,
    Evidence,
    Contact,
    /// A place on the map: its own point, or that of one of its towns.
    Point,
}

impl Content {
    /// Every value, in order.
    pub const ALL: &'static [Self] =
        &[Self::Costs, Self::Figures, Self::Results, Self::Pitfalls, Self::Lessons, Self::Evidence, Self::Contact, Self::Point];
}

/// From and to, both included; either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberRange {
    pub min: Option<i64>,
    pub max: Option<i64>,
}

impl NumberRange {
    pub(crate) fn check(self, argument: &'static str) -> Result<Self, QuestionError> {
        match (self.min, self.max) {
            (Some(min), Some(max)) if min > max => {
                Err(QuestionError::value(argument, format!("{min} to {max}"), "a range: its min must not be above its max"))
            }
            _ => Ok(self),
        }
    }

    pub(crate) fn holds(self, number: i64) -> bool {
        self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max)
    }
}

/// From and to, both included; either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateRange {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
}

impl DateRange {
    pub(crate) fn check(self, argument: &'static str) -> Result<Self, QuestionError> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from > to => {
                Err(QuestionError::value(argument, format!("{from} to {to}"), "a range: its from must not be after its to"))
            }
            _ => Ok(self),
        }
    }
}

/// A box in WGS 84 degrees; one whose west is greater than its east crosses the antimeridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bounds {
    pub(crate) fn check(self, argument: &'static str) -> Result<BoundingBox, QuestionError> {
        let corner = |north, east| Point::new(north, east).ok();
        corner(self.south, self.west)
            .zip(corner(self.north, self.east))
            .and_then(|(south_west, north_east)| BoundingBox::new(south_west, north_east).ok())
            .ok_or_else(|| {
                let Self { west, south, east, north } = self;
                QuestionError::value(
                    argument,
                    format!("west {west}, south {south}, east {east}, north {north}"),
                    "a box: longitudes go from -180 to 180, latitudes from -90 to 90, and south must not be above north",
                )
            })
    }
}

/// Within a distance of a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub latitude: f64,
    pub longitude: f64,
    /// Metres.
    pub radius: i64,
}

impl Near {
    pub(crate) fn check(self, argument: &'static str) -> Result<(Point, f64), QuestionError> {
        let point = Point::new(self.latitude, self.longitude).map_err(|_| {
            let value = format!("{}, {}", self.latitude, self.longitude);
            QuestionError::value(argument, value, "a point: a latitude from -90 to 90 and a longitude from -180 to 180")
        })?;
        if !(0..=FARTHEST).contains(&self.radius) {
            return Err(QuestionError::value(argument, self.radius, "a radius: from 0 to 20100000 metres"));
        }
        #[expect(clippy::cast_precision_loss, reason = "at most 20,100,000")]
        Ok((point, self.radius as f64))
    }
}

/// A record whose initiatives are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Those that run in a town; a commune stands for its municipal arrondissements too.
    Town(String),
    /// Those that run in an area, a smaller one or a town in it.
    Area(String),
    /// Those that are of a topic or deal with it, or with a narrower one.
    Topic(String),
    /// Those that an organisation has a part in, or one role.
    Organisation(String, Option<OrganisationRole>),
    /// Those that come from a source.
    Source(String),
}

/// Which initiatives.
#[derive(Debug, Clone, PartialEq)]
pub struct InitiativeFilter {
    /// Only those of one record, whatever else is asked for; none if the record is not there.
    pub scope: Option<Scope>,
    /// As in a search: see [`crate::text`].
    pub text: Option<String>,
    /// What it is or deals with: any of these.
    pub topics: Vec<String>,
    /// What it is or deals with: all of these.
    pub all_topics: Vec<String>,
    /// Whether a topic stands for its narrower ones too.
    pub include_narrower: bool,
    /// What it is: exactly one of these.
    pub kinds: Vec<String>,
    pub statuses: Vec<Status>,
    pub audiences: Vec<Audience>,
    /// Where it runs; a commune stands for its municipal arrondissements too.
    pub towns: Vec<String>,
    /// Where it runs: the area itself, a smaller one or a town in it.
    pub areas: Vec<String>,
    /// Of any of its towns.
    pub population: Option<NumberRange>,
    pub bounds: Option<Bounds>,
    pub near: Option<Near>,
    /// Running at some time in it, as far as its dates say: a start or an end that is not known is taken as open, one
    /// without any date is left out.
    pub active: Option<DateRange>,
    pub modified_since: Option<Instant>,
    pub organisations: Vec<String>,
    /// Only organisations in this role.
    pub role: Option<OrganisationRole>,
    pub sources: Vec<String>,
    /// Of any of its tellings; `fr` stands for `fr-CA` too.
    pub languages: Vec<String>,
    pub licences: Vec<String>,
    /// Only those that tell all of these.
    pub with: Vec<Content>,
}

impl Default for InitiativeFilter {
    fn default() -> Self {
        Self {
            scope: None,
            text: None,
            topics: Vec::new(),
            all_topics: Vec::new(),
            include_narrower: true,
            kinds: Vec::new(),
            statuses: Vec::new(),
            audiences: Vec::new(),
            towns: Vec::new(),
            areas: Vec::new(),
            population: None,
            bounds: None,
            near: None,
            active: None,
            modified_since: None,
            organisations: Vec::new(),
            role: None,
            sources: Vec::new(),
            languages: Vec::new(),
            licences: Vec::new(),
            with: Vec::new(),
        }
    }
}

/// In which order. Ties are broken by key; what lacks the value comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InitiativeOrder {
    /// The best match of the text first; without a text as [`Self::ModifiedDescending`].
    Relevance,
    ModifiedDescending,
    StartDescending,
    /// By the folded title.
    TitleAscending,
    /// By the nearest of its places to the point of `near`.
    DistanceAscending,
}

/// Which towns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TownFilter {
    /// Words of the name or of a former one in any order (the last may be a beginning), a code or a postcode.
    pub text: Option<String>,
    /// The beginning of the name or of a former one.
    pub prefix: Option<String>,
    pub postcode: Option<String>,
    pub areas: Vec<String>,
    pub population: Option<NumberRange>,
    pub near: Option<Near>,
    pub bounds: Option<Bounds>,
    pub has_initiatives: Option<bool>,
}

/// What initiatives can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FacetKind {
    /// What it is or deals with; counted with narrower topics as the filter is.
    Topic,
    Kind,
    Status,
    Audience,
    Department,
    Region,
    /// By [`POPULATION_BANDS`].
    PopulationBand,
    Organisation,
    Source,
    /// A language counts its variants.
    Language,
    Licence,
    /// Of the start.
    Year,
}

impl FacetKind {
    /// Every value, in order.
    pub const ALL: &'static [Self] = &[
        Self::Topic,
        Self::Kind,
        Self::Status,
        Self::Audience,
        Self::Department,
        Self::Region,
        Self::PopulationBand,
        Self::Organisation,
        Self::Source,
        Self::Language,
        Self::Licence,
        Self::Year,
    ];
}

/// How towns are grouped by inhabitants: the key of the band and the fewest inhabitants in it.
pub const POPULATION_BANDS: &[(&str, u32)] = &[
    ("0-499", 0),
    ("500-1999", 500),
    ("2000-9999", 2000),
    ("10000-49999", 10_000),
    ("50000-199999", 50_000),
    ("200000-", 200_000),
];

/// A value and how many initiatives have it. Buckets sort by count, the highest first, then by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetBucket {
    /// A record's key, a written value, a band or a year.
    pub key: String,
    pub count: u64,
}

/// The counts of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    pub kind: FacetKind,
    pub buckets: Vec<FacetBucket>,
}

/// Which part of a list: the first after a cursor, or the last before one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    pub first: Option<i64>,
    pub after: Option<String>,
    pub last: Option<i64>,
    pub before: Option<String>,
}

impl PageRequest {
    /// The first so many.
    pub fn first(first: i64) -> Self {
        Self { first: Some(first), ..Self::default() }
    }

    /// The first so many after a cursor.
    pub fn after(first: i64, cursor: impl Into<String>) -> Self {
        Self { first: Some(first), after: Some(cursor.into()), ..Self::default() }
    }

    /// The last so many before a cursor.
    pub fn before(last: i64, cursor: impl Into<String>) -> Self {
        Self { last: Some(last), before: Some(cursor.into()), ..Self::default() }
    }
}

/// One record of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub key: String,
    pub cursor: String,
    /// Metres from the point of `near`, if there is one.
    pub distance: Option<u32>,
    /// How well it matches the text, if there is one.
    pub score: Option<f32>,
}

/// A part of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HitPage {
    pub items: Vec<Hit>,
    pub has_next: bool,
    pub has_previous: bool,
}
