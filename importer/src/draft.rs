//! What a file says, in our terms, before anything is looked up.

use std::fmt;

use maillage_graph_schema::model::{
    Audience, Contact, Cost, Figure, InitiativeKey, Instant, Language, Licence, Link, OrganisationKey, OrganisationRole,
    PartialDate, Point, Section, Status, Text, WebAddress,
};

use crate::diagnostic::{Code, Diagnostic};
use crate::parse::value::Position;

/// What a file, or an entry of one, says.
#[derive(Debug, Clone, PartialEq)]
pub struct FileDraft {
    pub spot: Spot,
    pub draft: Draft,
}

/// Where a record stands: in a file of its own, or as one of many in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The path of the file in the source, with `/`.
    pub path: String,
    pub entry: Option<EntrySpot>,
}

/// Where an entry stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySpot {
    /// What people call it: its key, its title, or its number.
    pub name: String,
    pub at: Position,
}

impl Spot {
    /// A file of its own.
    pub fn file(path: &str) -> Self {
        Self { path: path.to_owned(), entry: None }
    }

    /// Where that stands which a diagnostic is about.
    pub fn of(diagnostic: &Diagnostic) -> Self {
        let entry = diagnostic.entry.clone().zip(diagnostic.at);
        Self { path: diagnostic.path.clone(), entry: entry.map(|(name, at)| EntrySpot { name, at }) }
    }

    /// Starts a diagnostic about what stands there.
    pub fn about(&self, code: Code) -> Diagnostic {
        let diagnostic = Diagnostic::new(code, &self.path);
        match &self.entry {
            Some(entry) => Diagnostic { entry: Some(entry.name.clone()), ..diagnostic }.at(entry.at),
            None => diagnostic,
        }
    }
}

/// As people are told of it: `a.md`, `projects.yml:12 (kiosk)`.
impl fmt::Display for Spot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.entry {
            Some(EntrySpot { name, at }) => write!(formatter, "{}:{} ({name})", self.path, at.line),
            None => formatter.write_str(&self.path),
        }
    }
}

/// What a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum Draft {
    Initiative(Box<InitiativeDraft>),
    Translation(Box<TranslationDraft>),
    Organisation(Box<OrganisationDraft>),
    Referent(Box<ReferentDraft>),
}

impl Draft {
    /// The places that it names, in whatever way.
    pub fn places(&self) -> impl Iterator<Item = &Lookup<PlaceDraft>> {
        let (places, whereabouts): (&[_], &[_]) = match self {
            Self::Initiative(draft) => (&draft.places, &draft.whereabouts),
            Self::Organisation(draft) => (&[], &draft.whereabouts),
            Self::Referent(draft) => (&[], &draft.whereabouts),
            Self::Translation(_) => (&[], &[]),
        };
        places.iter().chain(whereabouts.iter().flatten())
    }

    /// The places that it describes, to be changed.
    pub fn descriptions(&mut self) -> impl Iterator<Item = &mut Description> {
        let (places, whereabouts): (&mut [_], &mut [_]) = match self {
            Self::Initiative(draft) => (&mut draft.places, &mut draft.whereabouts),
            Self::Organisation(draft) => (&mut [], &mut draft.whereabouts),
            Self::Referent(draft) => (&mut [], &mut draft.whereabouts),
            Self::Translation(_) => (&mut [], &mut []),
        };
        let all = places.iter_mut().chain(whereabouts.iter_mut().flatten());
        all.filter_map(
            |place| if let PlaceDraft::Described(description) = &mut place.value { Some(&mut **description) } else { None },
        )
    }
}

/// A file that makes no record; others refer to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferentDraft {
    pub identity: Identity,
    pub name: Option<Text>,
    pub whereabouts: Whereabouts,
}

/// What a file of a mapping is to the files that refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub collection: String,
    pub key: String,
}

/// What a value refers to in other collections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The files that it can mean by their keys, in order.
    pub candidates: Vec<Identity>,
    /// The collections in which it can be a name.
    pub collections: Vec<String>,
    pub text: String,
}

/// Where something is, in the ways that a mapping tries in order; the first that leads to a certain place holds.
pub type Whereabouts = Vec<Vec<Lookup<PlaceDraft>>>;

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
    pub title_from: TitleFrom,
    pub summary: Option<Text>,
    pub language: Language,
    /// Whether the text is in another language than the name of its file says.
    pub belies_name: bool,
    pub kind: Option<Lookup<String>>,
    /// Topics by key or label.
    pub topics: Vec<Lookup<String>>,
    /// Free tags, which lead to topics or are kept as they are.
    pub tags: Vec<Text>,
    /// Tags by the files of other collections that they refer to.
    pub tag_references: Vec<Lookup<Reference>>,
    pub audiences: Vec<Audience>,
    pub status: Option<Status>,
    pub status_reason: Option<Text>,
    pub start: Option<PartialDate>,
    pub end: Option<PartialDate>,
    pub places: Vec<Lookup<PlaceDraft>>,
    /// As a mapping finds them, if `places` leads nowhere.
    pub whereabouts: Whereabouts,
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
    pub picture: Option<PictureDraft>,
    /// Among files of one key that are translations of one another: how early its language comes, the original first.
    pub translation_rank: Option<usize>,
}

/// Where a title is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TitleFrom {
    /// What the file says.
    #[default]
    Text,
    /// The name of the file, since the mapping asks for it.
    NameByRule,
    /// The name of the file, for want of another.
    Name,
}

/// A picture as the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureDraft {
    /// A web address, or a path in the source.
    pub address: Text,
    pub alternative_text: Option<Text>,
    pub credit: Option<Text>,
}

/// A place as the file names it.
#[derive(Debug, Clone, PartialEq)]
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
    /// The key of a town or an area that a mapping says, and what the file says.
    Known { key: String, said: Option<Text> },
    /// As a partner describes it.
    Described(Box<Description>),
    /// Where the file that this refers to is.
    Of(Reference),
}

impl PlaceDraft {
    /// Whether no more is said than the country.
    pub fn is_country_alone(&self) -> bool {
        let Self::Described(description) = self else { return false };
        let Description { name, code, postcode, department, region, point, address, .. } = &**description;
        name.is_none()
            && point.is_none()
            && address.is_none()
            && [code, postcode, department, region].into_iter().all(Option::is_none)
    }
}

/// What a partner says of a place, each as text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Description {
    /// The name of a town or an area, as people write it.
    pub name: Option<Text>,
    pub code: Option<String>,
    pub postcode: Option<String>,
    pub department: Option<String>,
    pub region: Option<String>,
    pub country: Option<String>,
    /// Whether the country is what the mapping says of all files, not what this one says.
    pub country_is_assumed: bool,
    pub point: Option<Point>,
    pub address: Option<Text>,
    /// The language of the file: a name alone is taken for that of a town where it is spoken.
    pub language: Option<Language>,
}

/// An organisation that a file mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub key: Option<OrganisationKey>,
    /// Of a mention that refers to a file of another collection, what it is called if there is none; absent if it must exist.
    pub name: Option<Text>,
    /// The file of another collection that it refers to.
    pub reference: Option<Reference>,
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
    pub picture: Option<PictureDraft>,
}

/// An organisation with a file of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganisationDraft {
    pub key: OrganisationKey,
    pub aliases: Vec<OrganisationKey>,
    pub name: Text,
    pub other_names: Vec<Text>,
    pub website: Option<WebAddress>,
    pub part_of: Option<Lookup<Reference>>,
    /// What it is to other files of its source.
    pub identity: Identity,
    pub whereabouts: Whereabouts,
    pub language: Option<Language>,
    /// As for initiatives.
    pub translation_rank: Option<usize>,
}
