//! What all records share: a kind, a key, relations to others.

use std::fmt;
use std::str::FromStr;

use super::value::{ValueError, written_enum};
use super::{
    Area, AreaKey, CaseStudy, CaseStudyKey, Initiative, InitiativeKey, Note, NoteKey, Organisation, OrganisationKey, Original,
    PlaceTarget, Provenance, RecordKey, Source, SourceKey, Topic, TopicKey, Town, TownKey,
};

written_enum!(
    /// The kinds of record, in the order in which lists of mixed kinds show them.
    RecordKind, "a kind of record" {
        Area = "area",
        CaseStudy = "case-study",
        Initiative = "initiative",
        Note = "note",
        Organisation = "organisation",
        Source = "source",
        Topic = "topic",
        Town = "town",
    }
);

written_enum!(
    /// How one record relates to another. Each is read from left to right: an initiative `RUNS_IN` a town.
    Relation, "a relation" {
        /// Initiative to topic: what it is (`kind`) or what it deals with.
        About = "ABOUT",
        /// Initiative to case study: one of its tellings.
        DescribedBy = "DESCRIBED_BY",
        /// Initiative to the initiative that it copied or adapted.
        InspiredBy = "INSPIRED_BY",
        /// Initiative to organisation, with the organisation's role.
        Involves = "INVOLVES",
        /// Topic to the broader topic: the first is narrower than the second.
        Narrower = "NARROWER",
        /// Note to the initiative that it is about.
        NoteOn = "NOTE_ON",
        /// Town to area, area to larger area, municipal arrondissement to its commune, organisation to its parent.
        PartOf = "PART_OF",
        /// Record to the source that it comes from.
        ProvidedBy = "PROVIDED_BY",
        /// Initiative to town or area.
        RunsIn = "RUNS_IN",
        /// Initiative to the initiative, or organisation to the organisation, that it replaced.
        Supersedes = "SUPERSEDES",
        /// Note to the organisation that wrote it.
        WrittenBy = "WRITTEN_BY",
    }
);

impl Relation {
    /// Which end of the relation holds it in its record: a case study says which initiative it describes, everything
    /// else says what it points to.
    pub const fn is_held_by_target(self) -> bool {
        matches!(self, Self::DescribedBy)
    }
}

written_enum!(
    /// The side from which a relation is seen.
    Direction, "a direction" {
        In = "IN",
        Out = "OUT",
    }
);

/// Names a record: its kind and key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    kind: RecordKind,
    key: String,
}

impl RecordRef {
    /// The record that a key names.
    pub fn of<K: RecordKey>(key: &K) -> Self {
        Self { kind: K::KIND, key: key.as_str().to_owned() }
    }

    /// Reads a key of a kind.
    pub fn parse(kind: RecordKind, key: &str) -> Result<Self, ValueError> {
        fn check<K: RecordKey>(key: &str) -> Result<RecordRef, ValueError> {
            key.parse::<K>().map(|key| key.reference())
        }
        match kind {
            RecordKind::Area => check::<AreaKey>(key),
            RecordKind::CaseStudy => check::<CaseStudyKey>(key),
            RecordKind::Initiative => check::<InitiativeKey>(key),
            RecordKind::Note => check::<NoteKey>(key),
            RecordKind::Organisation => check::<OrganisationKey>(key),
            RecordKind::Source => check::<SourceKey>(key),
            RecordKind::Topic => check::<TopicKey>(key),
            RecordKind::Town => check::<TownKey>(key),
        }
    }

    /// The kind.
    pub const fn kind(&self) -> RecordKind {
        self.kind
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key as a key of its kind; `None` if the record is of another kind.
    pub fn key_as<K: RecordKey>(&self) -> Option<K> {
        (self.kind == K::KIND).then(|| self.key.parse().ok()).flatten()
    }
}

/// Written `kind/key`: `town/insee:47001`.
impl fmt::Display for RecordRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind, self.key)
    }
}

impl FromStr for RecordRef {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, key) = text
            .split_once('/')
            .ok_or_else(|| ValueError::new("a reference to a record", text, "kind/key, such as town/insee:47001"))?;
        Self::parse(kind.parse()?, key)
    }
}

/// A relation between two records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    pub from: RecordRef,
    pub relation: Relation,
    pub to: RecordRef,
}

/// Any record of the graph.
#[expect(
    clippy::large_enum_variant,
    reason = "records are built once and moved seldom; a box would only add an allocation to each"
)]
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Area(Area),
    CaseStudy(CaseStudy),
    Initiative(Initiative),
    Note(Note),
    Organisation(Organisation),
    Source(Source),
    Topic(Topic),
    Town(Town),
}

macro_rules! record_from {
    ($($kind:ident),+) => {
        $(impl From<$kind> for Record {
            fn from(record: $kind) -> Self {
                Self::$kind(record)
            }
        })+
    };
}
record_from!(Area, CaseStudy, Initiative, Note, Organisation, Source, Topic, Town);

impl Record {
    /// The record's kind and key.
    pub fn reference(&self) -> RecordRef {
        match self {
            Self::Area(record) => record.key.reference(),
            Self::CaseStudy(record) => record.key().reference(),
            Self::Initiative(record) => record.key.reference(),
            Self::Note(record) => record.key.reference(),
            Self::Organisation(record) => record.key.reference(),
            Self::Source(record) => record.key.reference(),
            Self::Topic(record) => record.key.reference(),
            Self::Town(record) => record.key.reference(),
        }
    }

    /// The kind of record.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Area(_) => RecordKind::Area,
            Self::CaseStudy(_) => RecordKind::CaseStudy,
            Self::Initiative(_) => RecordKind::Initiative,
            Self::Note(_) => RecordKind::Note,
            Self::Organisation(_) => RecordKind::Organisation,
            Self::Source(_) => RecordKind::Source,
            Self::Topic(_) => RecordKind::Topic,
            Self::Town(_) => RecordKind::Town,
        }
    }

    /// Other keys by which the record is found: former codes and slugs. Sorted, without doubles.
    pub fn aliases(&self) -> Vec<RecordRef> {
        fn references<K: RecordKey>(keys: &[K]) -> Vec<RecordRef> {
            keys.iter().map(RecordKey::reference).collect()
        }
        let mut aliases = match self {
            Self::Area(record) => references(&record.aliases),
            Self::CaseStudy(_) | Self::Note(_) => Vec::new(),
            Self::Initiative(record) => references(&record.aliases),
            Self::Organisation(record) => references(&record.aliases),
            Self::Source(record) => references(&record.aliases),
            Self::Topic(record) => references(&record.aliases),
            Self::Town(record) => {
                let mut aliases = references(&record.aliases);
                aliases.extend(record.former.iter().map(|former| former.key.reference()));
                aliases
            }
        };
        aliases.sort();
        aliases.dedup();
        aliases
    }

    /// Where the record comes from: the first is the one that owns it.
    pub fn provenance(&self) -> &[Provenance] {
        match self {
            Self::Area(record) => &record.provenance,
            Self::CaseStudy(record) => &record.provenance,
            Self::Initiative(record) => &record.provenance,
            Self::Note(record) => &record.provenance,
            Self::Organisation(record) => &record.provenance,
            Self::Source(_) => &[],
            Self::Topic(record) => &record.provenance,
            Self::Town(record) => &record.provenance,
        }
    }

    /// The relations that the record itself holds, sorted and without doubles: all that go out from it, but for a case study
    /// the one that comes from its initiative.
    pub fn edges(&self) -> Vec<Edge> {
        let this = self.reference();
        let mut edges = Vec::new();
        let mut out = |relation, to: RecordRef| edges.push(Edge { from: this.clone(), relation, to });
        for provenance in self.provenance() {
            out(Relation::ProvidedBy, provenance.source.reference());
        }
        match self {
            Self::Source(_) => {}
            Self::Area(record) => record.part_of.iter().for_each(|area| out(Relation::PartOf, area.reference())),
            Self::CaseStudy(record) => {
                edges.push(Edge { from: record.initiative.reference(), relation: Relation::DescribedBy, to: this });
            }
            Self::Initiative(record) => {
                record.kind.iter().chain(&record.topics).for_each(|topic| out(Relation::About, topic.reference()));
                for place in &record.places {
                    match &place.target {
                        PlaceTarget::Town(town) => out(Relation::RunsIn, town.reference()),
                        PlaceTarget::Area(area) => out(Relation::RunsIn, area.reference()),
                    }
                }
                record.involvements.iter().for_each(|involved| out(Relation::Involves, involved.organisation.reference()));
                for adoption in &record.inspired_by {
                    if let Original::Initiative(original) = &adoption.original {
                        out(Relation::InspiredBy, original.reference());
                    }
                }
                record.supersedes.iter().for_each(|former| out(Relation::Supersedes, former.reference()));
            }
            Self::Note(record) => {
                out(Relation::NoteOn, record.initiative.reference());
                record.organisation.iter().for_each(|organisation| out(Relation::WrittenBy, organisation.reference()));
            }
            Self::Organisation(record) => {
                record.part_of.iter().for_each(|parent| out(Relation::PartOf, parent.reference()));
                record.supersedes.iter().for_each(|former| out(Relation::Supersedes, former.reference()));
            }
            Self::Topic(record) => record.broader.iter().for_each(|broader| out(Relation::Narrower, broader.reference())),
            Self::Town(record) => {
                record.part_of.iter().for_each(|area| out(Relation::PartOf, area.reference()));
                record.parent.iter().for_each(|parent| out(Relation::PartOf, parent.reference()));
            }
        }
        edges.sort();
        edges.dedup();
        edges
    }
}
