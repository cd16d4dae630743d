//! What a file says, in our terms, before anything is looked up.

use maillage_graph_schema::model::{
    Audience, Contact, Cost, Figure, InitiativeKey, Instant, Language, Licence, Link, OrganisationKey, OrganisationRole,
    PartialDate, Point, Section, Status, Text, WebAddress,
};

use crate::diagnostic::Diagnostic;

/// A file that says something.
#[derive(Debug, Clone, PartialEq)]
pub struct FileDraft {
    /// Its path in the source, with `/`.
    pub path: String,
    pub draft: Draft,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum Draft {
    Initiative(Box<InitiativeDraft>),
    Translation(Box<TranslationDraft>),
    Organisation(Box<OrganisationDraft>),
}

/// Something that is to be looked up, and what to say if it is not found.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup<T> {
    pub value: T,
    pub or_else: Diagnostic,
}

/// An initiative with its case study in its first language.
#[derive(Debug, Clone, PartialEq)]
pub struct InitiativeDraft {
    pub key: InitiativeKey,
    pub aliases: Vec<InitiativeKey>,
    pub title: Text,
    pub summary: Option<Text>,
    pub language: Language,
    pub kind: Option<Lookup<String>>,
    /// Topics by key or label.
    pub topics: Vec<Lookup<String>>,
    /// Free tags, which lead to topics or are kept as they are.
    pub tags: Vec<Text>,
    pub audiences: Vec<Audience>,
    pub status: Option<Status>,
    pub status_reason: Option<Text>,
    pub start: Option<PartialDate>,
    pub end: Option<PartialDate>,
    pub places: Vec<Lookup<PlaceDraft>>,
    pub point: Option<Point>,
    pub organisations: Vec<Lookup<Mention>>,
    pub figures: Vec<Figure>,
    pub costs: Vec<Cost>,
    pub links: Vec<Link>,
    pub evidence: Vec<Link>,
    pub contact: Option<Contact>,
    pub inspired_by: Vec<Lookup<AdoptionDraft>>,
    pub licence: Option<Licence>,
    pub modified: Option<Instant>,
    pub reviewed: Option<PartialDate>,
    pub sections: Vec<Section>,
}

/// A place as the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceDraft {
    Town {
        /// `scheme:code`.
        code: Option<String>,
        name: Option<Text>,
        /// The code of the department, which tells homonyms apart.
        department: Option<String>,
    },
    /// The key of an area.
    Area(String),
}

/// An organisation that a file mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub key: Option<OrganisationKey>,
    /// Absent if the mention refers to a file of another collection, which must then exist.
    pub name: Option<Text>,
    pub website: Option<WebAddress>,
    pub role: OrganisationRole,
}

/// An adoption as its adopter declares it.
#[derive(Debug, Clone, PartialEq)]
pub struct AdoptionDraft {
    pub original: OriginalDraft,
    pub date: Option<PartialDate>,
    pub adapted: Option<Text>,
    pub outcome: Option<Text>,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OriginalDraft {
    Initiative(InitiativeKey),
    External(WebAddress),
}

/// A case study in another language than the initiative's first.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslationDraft {
    pub initiative: Lookup<InitiativeKey>,
    pub language: Language,
    pub title: Text,
    pub summary: Option<Text>,
    pub licence: Option<Licence>,
    pub sections: Vec<Section>,
}

/// An organisation with a file of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganisationDraft {
    pub key: OrganisationKey,
    pub aliases: Vec<OrganisationKey>,
    pub name: Text,
    pub other_names: Vec<Text>,
    pub website: Option<WebAddress>,
    pub part_of: Option<Lookup<OrganisationKey>>,
}
