//! The small values of records, as the schema has them.

use async_graphql::{Enum, SimpleObject};
use maillage_graph_schema::model;

use super::scalar::Language;

/// Where an initiative stands (`adms:status`). Stopped ones are kept: others learn from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::Status")]
pub enum Status {
    /// Thought of, not begun.
    Idea,
    /// Tried on a small scale.
    Pilot,
    /// At work.
    Running,
    /// Extended after a first success.
    Scaled,
    /// Held for now.
    Paused,
    /// Ended; `statusReason` may say why.
    Stopped,
}

/// For whom an initiative is (`schema:audience`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::Audience")]
pub enum Audience {
    /// Everybody.
    GeneralPublic,
    /// Children.
    Children,
    /// Young people.
    Youth,
    /// Older people.
    OlderPeople,
    /// People with disabilities.
    PeopleWithDisabilities,
    /// People who look for work.
    Jobseekers,
    /// People in prison.
    Prisoners,
    /// Businesses.
    Businesses,
    /// Associations.
    Associations,
    /// Elected officials.
    ElectedOfficials,
    /// The staff of public bodies.
    Staff,
    /// People who have newly come to the country or town.
    Newcomers,
}

/// What an organisation does in an initiative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::OrganisationRole")]
pub enum OrganisationRole {
    /// Carries it out.
    Operator,
    /// Pays for it.
    Funder,
    /// Joins in it.
    Partner,
    /// Sells or gives what it needs.
    Supplier,
}

/// Whether a cost was paid or foreseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::CostBasis")]
pub enum CostBasis {
    /// Paid.
    Actual,
    /// Foreseen.
    Estimated,
}

/// Which side declared an adoption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::DeclaredBy")]
pub enum DeclaredBy {
    /// The one that copied.
    Adopter,
    /// The one that was copied.
    Original,
}

/// What a section of a case study tells (after the case-study form of OPSI, the OECD's observatory).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::SectionKind")]
pub enum SectionKind {
    /// What was to be solved.
    Problem,
    /// What was done.
    Solution,
    /// What came of it.
    Results,
    /// What went wrong, and what to beware of.
    Pitfalls,
    /// What it takes.
    Conditions,
    /// What was learnt.
    Lessons,
    /// How it may be done elsewhere.
    Transferability,
    /// Anything else.
    Other,
}

/// What sort of town.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::TownType")]
pub enum TownType {
    /// A French commune.
    Commune,
    /// An arrondissement of Paris, Lyon or Marseille.
    MunicipalArrondissement,
    /// A town outside France.
    Town,
}

/// The level of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::AreaKind")]
pub enum AreaKind {
    /// A grouping of communes: an EPCI, or an EPT of Greater Paris.
    Intercommunality,
    /// A French department.
    Department,
    /// A region.
    Region,
    /// A country.
    Country,
    /// Any other area.
    Other,
}

/// What a note does to a case study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::NoteKind")]
pub enum NoteKind {
    /// Adds to it.
    Enriches,
    /// Contradicts it, with evidence.
    Contradicts,
    /// Asks something.
    Asks,
    /// Confirms it.
    Confirms,
}

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::SourceKind")]
pub enum SourceKind {
    /// An archive of files.
    Archive,
    /// A folder.
    Directory,
    /// A Git repository.
    Git,
    /// A published table, such as the official list of communes.
    Reference,
}

/// How one record relates to another, read from left to right: an initiative `RUNS_IN` a town.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "RelationKind", remote = "maillage_graph_schema::model::Relation")]
pub enum RelationKind {
    /// Initiative to topic: what it is, or what it deals with.
    About,
    /// Initiative to case study: one of its tellings.
    DescribedBy,
    /// Initiative to the initiative that it copied or adapted.
    InspiredBy,
    /// Initiative to organisation.
    Involves,
    /// Topic to the broader topic: the first is narrower than the second.
    Narrower,
    /// Note to the initiative that it is about.
    NoteOn,
    /// Town to area, area to larger area, municipal arrondissement to its commune, organisation to its parent.
    PartOf,
    /// Record to the source that it comes from.
    ProvidedBy,
    /// Initiative to town or area.
    RunsIn,
    /// Initiative to the initiative, or organisation to the organisation, that it replaced.
    Supersedes,
    /// Note to the organisation that wrote it.
    WrittenBy,
}

/// The side from which a relation is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::Direction")]
pub enum Direction {
    /// The relation comes from the other record.
    In,
    /// The relation goes out to the other record.
    Out,
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::DatePrecision")]
pub enum DatePrecision {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
}

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::change::ChangeKind")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Some of its fields changed.
    Changed,
    /// It was taken back: it stays, as a tombstone.
    Withdrawn,
    /// It came back after a withdrawal.
    Restored,
    /// It was withdrawn in favour of another record.
    Merged,
}

/// A point on the earth, WGS 84 degrees.
#[derive(Debug, Clone, SimpleObject)]
pub struct Point {
    /// Degrees north, -90 to 90.
    lat: f64,
    /// Degrees east, -180 to 180.
    lon: f64,
}

impl From<model::Point> for Point {
    fn from(point: model::Point) -> Self {
        Self { lat: point.latitude(), lon: point.longitude() }
    }
}

/// A box on the earth, WGS 84 degrees; one whose west is greater than its east crosses the antimeridian.
#[derive(Debug, Clone, SimpleObject)]
pub struct BoundingBox {
    /// The western edge, in degrees east.
    west: f64,
    /// The southern edge, in degrees north.
    south: f64,
    /// The eastern edge, in degrees east.
    east: f64,
    /// The northern edge, in degrees north.
    north: f64,
}

impl From<model::BoundingBox> for BoundingBox {
    fn from(bounds: model::BoundingBox) -> Self {
        let (south_west, north_east) = (bounds.south_west(), bounds.north_east());
        Self {
            west: south_west.longitude(),
            south: south_west.latitude(),
            east: north_east.longitude(),
            north: north_east.latitude(),
        }
    }
}

/// A date as precise as its source gave it.
#[derive(Debug, Clone, SimpleObject)]
pub struct PartialDate {
    /// `2018`, `2018-05` or `2018-05-21`.
    value: String,
    /// How much of it is known.
    precision: DatePrecision,
}

impl From<model::PartialDate> for PartialDate {
    fn from(date: model::PartialDate) -> Self {
        Self { value: date.to_string(), precision: date.precision().into() }
    }
}

/// Something measured (`schema:PropertyValue`). Contradictory figures stand side by side, each with its source.
#[derive(Debug, Clone, SimpleObject)]
pub struct Figure {
    /// What was measured.
    metric: String,
    /// How much.
    value: f64,
    /// In which unit.
    unit: Option<String>,
    /// When it was measured.
    date: Option<PartialDate>,
    /// How it was measured.
    method: Option<String>,
    /// Who says so.
    source: Option<String>,
}

impl From<&model::Figure> for Figure {
    fn from(figure: &model::Figure) -> Self {
        Self {
            metric: figure.metric.to_string(),
            value: figure.value.get(),
            unit: text(figure.unit.as_ref()),
            date: figure.date.map(Into::into),
            method: text(figure.method.as_ref()),
            source: text(figure.source.as_ref()),
        }
    }
}

/// Money spent or foreseen (`schema:MonetaryAmount`).
#[derive(Debug, Clone, SimpleObject)]
pub struct Cost {
    /// What for.
    kind: String,
    /// How much, in the currency.
    amount: f64,
    /// The currency, by ISO 4217: `EUR`.
    currency: String,
    /// The year of the prices.
    year: Option<i32>,
    /// Whether it was paid or foreseen.
    basis: CostBasis,
}

impl From<&model::Cost> for Cost {
    fn from(cost: &model::Cost) -> Self {
        Self {
            kind: cost.kind.to_string(),
            amount: cost.amount.get(),
            currency: cost.currency.to_string(),
            year: cost.year.map(i32::from),
            basis: cost.basis.into(),
        }
    }
}

/// A pointer to something elsewhere.
#[derive(Debug, Clone, SimpleObject)]
pub struct Link {
    /// Its address; null for something that has none, such as a conference.
    url: Option<String>,
    /// What it is.
    label: Option<String>,
}

impl From<&model::Link> for Link {
    fn from(link: &model::Link) -> Self {
        Self { url: text(link.url.as_ref()), label: text(link.label.as_ref()) }
    }
}

/// Whom to ask: a role mailbox of an organisation, never a person.
#[derive(Debug, Clone, SimpleObject)]
pub struct Contact {
    /// The role or service.
    name: Option<String>,
    /// The role mailbox.
    email: Option<String>,
    /// A contact page.
    url: Option<String>,
}

impl From<&model::Contact> for Contact {
    fn from(contact: &model::Contact) -> Self {
        Self { name: text(contact.name.as_ref()), email: text(contact.email.as_ref()), url: text(contact.url.as_ref()) }
    }
}

/// A picture that shows the initiative.
#[derive(Debug, Clone, SimpleObject)]
pub struct Picture {
    /// Where it is.
    url: String,
    /// What it shows, for those who do not see it.
    alternative_text: Option<String>,
    /// Who made it.
    credit: Option<String>,
}

impl From<&model::Picture> for Picture {
    fn from(picture: &model::Picture) -> Self {
        Self {
            url: picture.url.to_string(),
            alternative_text: text(picture.alternative_text.as_ref()),
            credit: text(picture.credit.as_ref()),
        }
    }
}

/// Under which terms something may be used.
#[derive(Debug, Clone, SimpleObject)]
pub struct Licence {
    /// Its SPDX identifier: `CC-BY-4.0`.
    spdx: String,
    /// Its full name.
    name: String,
    /// Where its text is.
    url: Option<String>,
    /// Whether it is open by the Open Definition: free to use, change and pass on, for any purpose.
    open: bool,
}

impl From<&model::Licence> for Licence {
    fn from(licence: &model::Licence) -> Self {
        Self {
            spdx: licence.to_string(),
            name: licence.name().to_owned(),
            url: Some(licence.address().to_owned()),
            open: licence.is_open(),
        }
    }
}

/// A wording in a language.
#[derive(Debug, Clone, SimpleObject)]
pub struct Label {
    /// The language; null for names and acronyms that serve in several.
    lang: Option<Language>,
    /// The wording.
    text: String,
}

impl Label {
    /// A wording in a language.
    pub fn new(lang: Option<&model::Language>, text: &model::Text) -> Self {
        Self { lang: lang.cloned().map(Language), text: text.to_string() }
    }
}

/// Writes a value of the domain that has a written form, where there is one.
pub fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

/// Writes values of the domain that have a written form.
pub fn texts(values: &[impl ToString]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}
