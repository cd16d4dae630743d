//! What a town or an association tried.

use super::value::written_enum;
use super::{
    AreaKey, InitiativeKey, Instant, Language, Licence, Number, OrganisationKey, PartialDate, Point, Provenance, Text, TopicKey,
    TownKey, WebAddress,
};

written_enum!(
    /// Where an initiative stands (`adms:status`). Stopped ones are kept: others learn from them.
    Status, "a status" {
        Idea = "idea",
        Pilot = "pilot",
        Running = "running",
        Scaled = "scaled",
        Paused = "paused",
        Stopped = "stopped",
    }
);

written_enum!(
    /// For whom (`schema:audience`).
    Audience, "an audience" {
        GeneralPublic = "general_public",
        Children = "children",
        Youth = "youth",
        OlderPeople = "older_people",
        PeopleWithDisabilities = "people_with_disabilities",
        Jobseekers = "jobseekers",
        Prisoners = "prisoners",
        Businesses = "businesses",
        Associations = "associations",
        ElectedOfficials = "elected_officials",
        Staff = "staff",
        Newcomers = "newcomers",
    }
);

written_enum!(
    /// What an organisation does in an initiative.
    OrganisationRole, "a role of an organisation" {
        Operator = "operator",
        Funder = "funder",
        Partner = "partner",
        Supplier = "supplier",
    }
);

written_enum!(
    /// Whether a cost was paid or foreseen.
    CostBasis, "the basis of a cost" {
        Actual = "actual",
        Estimated = "estimated",
    }
);

/// Where an initiative runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub target: PlaceTarget,
    /// The code as the source wrote it, where it differs from the target's key: a merged commune's, say.
    pub original_code: Option<Text>,
    /// The name as the source wrote it.
    pub original_name: Option<Text>,
}

/// A town, or an area where no town is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceTarget {
    Town(TownKey),
    Area(AreaKey),
}

/// An organisation's part in an initiative.
#[derive(Debug, Clone, PartialEq)]
pub struct Involvement {
    pub organisation: OrganisationKey,
    pub role: OrganisationRole,
}

/// Something measured (`schema:PropertyValue`).
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub metric: Text,
    pub value: Number,
    pub unit: Option<Text>,
    pub date: Option<PartialDate>,
    pub method: Option<Text>,
    /// Who says so: contradictory figures stand side by side.
    pub source: Option<Text>,
}

/// Money spent or foreseen (`schema:MonetaryAmount`).
#[derive(Debug, Clone, PartialEq)]
pub struct Cost {
    pub kind: Text,
    pub amount: Number,
    /// ISO 4217, such as `EUR`.
    pub currency: Text,
    /// The year of the prices.
    pub year: Option<u16>,
    pub basis: CostBasis,
}

/// A pointer to something elsewhere; a conference that has no address has a label only.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    pub url: Option<WebAddress>,
    pub label: Option<Text>,
}

/// A role mailbox of an organisation, never a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    pub name: Option<Text>,
    pub email: Option<Text>,
    pub url: Option<WebAddress>,
}

written_enum!(
    /// Which side declared an adoption.
    DeclaredBy, "the side that declared" {
        Adopter = "adopter",
        Original = "original",
    }
);

/// The other side's word that an adoption took place.
#[derive(Debug, Clone, PartialEq)]
pub struct Confirmation {
    pub by: Text,
    pub on: PartialDate,
}

/// What was copied: an initiative of the graph, or something elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Original {
    Initiative(InitiativeKey),
    External(WebAddress),
}

/// "Inspired by": declared by one side, confirmed by the other (`schema:isBasedOn`).
#[derive(Debug, Clone, PartialEq)]
pub struct Adoption {
    pub original: Original,
    pub declared_by: DeclaredBy,
    /// When it was adopted, or declared where only that is known.
    pub date: Option<PartialDate>,
    pub adapted: Option<Text>,
    pub outcome: Option<Text>,
    pub confirmation: Option<Confirmation>,
}

/// A project, service or experiment of one or several towns.
#[derive(Debug, Clone, PartialEq)]
pub struct Initiative {
    pub key: InitiativeKey,
    pub aliases: Vec<InitiativeKey>,
    /// In its first language; translations are in the case studies.
    pub title: Text,
    pub summary: Option<Text>,
    pub language: Language,
    /// What sort of thing it is: a topic of the vocabulary.
    pub kind: Option<TopicKey>,
    pub topics: Vec<TopicKey>,
    /// Tags of the source that no topic stands for.
    pub tags: Vec<Text>,
    pub audiences: Vec<Audience>,
    pub status: Option<Status>,
    pub status_reason: Option<Text>,
    pub start: Option<PartialDate>,
    pub end: Option<PartialDate>,
    pub places: Vec<Place>,
    pub point: Option<Point>,
    pub involvements: Vec<Involvement>,
    pub figures: Vec<Figure>,
    pub costs: Vec<Cost>,
    pub links: Vec<Link>,
    pub evidence: Vec<Link>,
    pub contact: Option<Contact>,
    pub inspired_by: Vec<Adoption>,
    pub supersedes: Vec<InitiativeKey>,
    /// Others that a person judged to be different, however alike they look (`owl:differentFrom`).
    pub distinct_from: Vec<InitiativeKey>,
    /// From the file, else the source's; never guessed.
    pub licence: Option<Licence>,
    pub modified: Option<Instant>,
    pub reviewed: Option<PartialDate>,
    pub provenance: Vec<Provenance>,
}
