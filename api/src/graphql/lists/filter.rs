//! Which initiatives and which towns: the inputs, and what they ask of the index.

use async_graphql::{Enum, InputObject};
use maillage_explore::question;
use maillage_graph_schema::model;

use crate::graphql::connection::LARGEST_PAGE;
use crate::graphql::error;
use crate::graphql::scalar::{Date, DateTime, Language};
use crate::graphql::value::{Audience, Status};

/// The most values of a list of a filter.
const MOST_VALUES: usize = LARGEST_PAGE;

/// What a case study tells beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_explore::question::Content")]
pub enum Content {
    /// What it cost, or was to cost.
    Costs,
    /// Something measured.
    Figures,
    /// What came of it.
    Results,
    /// What went wrong, and what to beware of.
    Pitfalls,
    /// What was learnt.
    Lessons,
    /// What bears it out.
    Evidence,
    /// Whom to ask.
    Contact,
    /// A place on the map: its own, or that of one of its towns.
    Point,
}

/// The order of a list of initiatives. Ties are broken by key; what lacks the value comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_explore::question::InitiativeOrder")]
pub enum InitiativeOrder {
    /// The best match of the filter's text first; without a text the last modified first.
    Relevance,
    /// The last modified first.
    #[graphql(name = "MODIFIED_DESC")]
    ModifiedDescending,
    /// The last begun first.
    #[graphql(name = "START_DESC")]
    StartDescending,
    /// By title, accents and capitals left aside.
    #[graphql(name = "TITLE_ASC")]
    TitleAscending,
    /// The nearest to the point of the filter `near` first.
    #[graphql(name = "DISTANCE_ASC")]
    DistanceAscending,
}

/// From and to, both included; either may be left open.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct IntRange {
    /// The least.
    min: Option<i32>,
    /// The most.
    max: Option<i32>,
}

impl From<IntRange> for question::NumberRange {
    fn from(range: IntRange) -> Self {
        Self { min: range.min.map(i64::from), max: range.max.map(i64::from) }
    }
}

/// From and to, both included; either may be left open.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct DateRange {
    /// The first day.
    from: Option<Date>,
    /// The last day.
    to: Option<Date>,
}

/// A box on the earth, WGS 84 degrees; one whose west is greater than its east crosses the antimeridian.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct BoundingBoxInput {
    /// The western edge, in degrees east.
    west: f64,
    /// The southern edge, in degrees north.
    south: f64,
    /// The eastern edge, in degrees east.
    east: f64,
    /// The northern edge, in degrees north.
    north: f64,
}

impl BoundingBoxInput {
    /// Whether there is such a box.
    pub fn is_box(self) -> bool {
        let corner = |lat, lon| model::Point::new(lat, lon).ok();
        let corners = corner(self.south, self.west).zip(corner(self.north, self.east));
        corners.is_some_and(|(south_west, north_east)| model::BoundingBox::new(south_west, north_east).is_ok())
    }
}

impl From<BoundingBoxInput> for question::Bounds {
    fn from(BoundingBoxInput { west, south, east, north }: BoundingBoxInput) -> Self {
        Self { west, south, east, north }
    }
}

/// Within a distance of a point, WGS 84 degrees.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct NearInput {
    /// Degrees north, -90 to 90.
    lat: f64,
    /// Degrees east, -180 to 180.
    lon: f64,
    /// The distance, in metres.
    radius: i32,
}

impl From<NearInput> for question::Near {
    fn from(near: NearInput) -> Self {
        Self { latitude: near.lat, longitude: near.lon, radius: i64::from(near.radius) }
    }
}

/// Which initiatives. A list means any of its values, and an empty one asks for nothing; the fields hold together. Keys may be
/// former ones.
#[derive(Debug, Clone, InputObject)]
pub struct InitiativeFilter {
    /// Words of the title, the summary, the text, the places or the topics. Anything is a search: `"several words"` stand
    /// together, `-word` must not stand anywhere; accents, plurals and small mistakes are forgiven.
    text: Option<String>,
    /// What it is or deals with: any of these topics, by key.
    topics: Option<Vec<String>>,
    /// What it is or deals with: all of these topics, by key.
    all_topics: Option<Vec<String>>,
    /// Whether a topic stands for its narrower ones too.
    #[graphql(default = true)]
    include_narrower: bool,
    /// What sort of thing it is: exactly one of these topics, by key.
    kinds: Option<Vec<String>>,
    /// Where it stands.
    statuses: Option<Vec<Status>>,
    /// For whom it is.
    audiences: Option<Vec<Audience>>,
    /// Where it runs: towns, by key; a commune stands for its municipal arrondissements too.
    towns: Option<Vec<String>>,
    /// Where it runs: areas, by key; the area itself, a smaller one or a town in it.
    areas: Option<Vec<String>>,
    /// How many inhabitants one of its towns has.
    population: Option<IntRange>,
    /// Where one of its places is.
    bounds: Option<BoundingBoxInput>,
    /// How near one of its places is; edges then tell the distance.
    near: Option<NearInput>,
    /// Running at some time in it, as far as its dates say: a start or an end that is not known is taken as open, one without
    /// any date is left out.
    active: Option<DateRange>,
    /// Modified by its source at this moment or later.
    modified_since: Option<DateTime>,
    /// Who has a part in it: organisations, by key.
    organisations: Option<Vec<String>>,
    /// Where it comes from: sources, by key.
    sources: Option<Vec<String>>,
    /// The languages in which it is told; `fr` stands for `fr-CA` too.
    languages: Option<Vec<Language>>,
    /// Under which licences, by SPDX identifier.
    licences: Option<Vec<String>>,
    /// Only those that tell all of these.
    with: Option<Vec<Content>>,
}

impl InitiativeFilter {
    /// What a filter asks of the index, if one is given.
    pub fn question_of(filter: Option<Self>) -> async_graphql::Result<question::InitiativeFilter> {
        filter.map_or_else(|| Ok(question::InitiativeFilter::default()), Self::into_question)
    }

    fn into_question(self) -> async_graphql::Result<question::InitiativeFilter> {
        let languages = few("languages", self.languages)?;
        Ok(question::InitiativeFilter {
            scope: None,
            text: self.text,
            topics: few("topics", self.topics)?,
            all_topics: few("allTopics", self.all_topics)?,
            include_narrower: self.include_narrower,
            kinds: few("kinds", self.kinds)?,
            statuses: domain("statuses", self.statuses)?,
            audiences: domain("audiences", self.audiences)?,
            towns: few("towns", self.towns)?,
            areas: few("areas", self.areas)?,
            population: self.population.map(Into::into),
            bounds: self.bounds.map(Into::into),
            near: self.near.map(Into::into),
            active: self
                .active
                .map(|range| question::DateRange { from: range.from.map(|date| date.0), to: range.to.map(|date| date.0) }),
            modified_since: self.modified_since.map(|moment| moment.0),
            organisations: few("organisations", self.organisations)?,
            role: None,
            sources: few("sources", self.sources)?,
            languages: languages.into_iter().map(|language| language.0.to_string()).collect(),
            licences: few("licences", self.licences)?,
            with: domain("with", self.with)?,
        })
    }
}

/// Which towns. The fields hold together. Keys may be former ones.
#[derive(Debug, Clone, Default, InputObject)]
pub struct TownFilter {
    /// Words of the name or of a former one in any order, the last perhaps only begun; or a code, or a postcode.
    text: Option<String>,
    /// The beginning of the name or of a former one: for lists that grow shorter while somebody types.
    prefix: Option<String>,
    /// Its postcode.
    postcode: Option<String>,
    /// The areas that it lies in, by key: any of these.
    areas: Option<Vec<String>>,
    /// How many people live in it.
    population: Option<IntRange>,
    /// How near it is; the nearest come first, unless a name is asked for.
    near: Option<NearInput>,
    /// Where it is.
    bounds: Option<BoundingBoxInput>,
    /// Whether initiatives run in it.
    has_initiatives: Option<bool>,
}

impl TownFilter {
    /// What it asks of the index.
    pub fn into_question(self) -> async_graphql::Result<question::TownFilter> {
        Ok(question::TownFilter {
            text: self.text,
            prefix: self.prefix,
            postcode: self.postcode,
            areas: few("areas", self.areas)?,
            population: self.population.map(Into::into),
            near: self.near.map(Into::into),
            bounds: self.bounds.map(Into::into),
            has_initiatives: self.has_initiatives,
        })
    }
}

/// The values of a list, which must not be too many.
fn few<T>(name: &str, values: Option<Vec<T>>) -> async_graphql::Result<Vec<T>> {
    let values = values.unwrap_or_default();
    if values.len() > MOST_VALUES {
        let (found, expected) = (format!("{} values", values.len()), format!("at most {MOST_VALUES}"));
        return Err(error::bad_argument(&format!("filter.{name}"), found, &expected));
    }
    Ok(values)
}

/// The values of a list, as the domain has them.
fn domain<T, D: From<T>>(name: &str, values: Option<Vec<T>>) -> async_graphql::Result<Vec<D>> {
    Ok(few(name, values)?.into_iter().map(D::from).collect())
}
