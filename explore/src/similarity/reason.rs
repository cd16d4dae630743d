//! A reason, and what its sentence needs.

use maillage_graph_schema::model::Audience;

/// What two initiatives, or two towns, have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    SharedTopics,
    SameKind,
    SharedAudience,
    SimilarText,
    TownSize,
    TownType,
    SameArea,
    Distance,
    SameOrganisation,
    Adoption,
    /// Of towns: what they do.
    SimilarActivity,
}

impl ReasonKind {
    /// Every value, in order.
    pub const ALL: &'static [Self] = &[
        Self::SharedTopics,
        Self::SameKind,
        Self::SharedAudience,
        Self::SimilarText,
        Self::TownSize,
        Self::TownType,
        Self::SameArea,
        Self::Distance,
        Self::SameOrganisation,
        Self::Adoption,
        Self::SimilarActivity,
    ];
}

/// Which of two initiatives took up the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdoptionLink {
    /// The one asked about is inspired by the one proposed.
    InspiredByIt,
    /// The one proposed is inspired by the one asked about.
    InspiredIt,
    /// Both are inspired by the same third one.
    SameOriginal,
}

/// Why something was proposed. What is not of its kind is empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub kind: ReasonKind,
    /// What it adds to the score.
    pub weight: f64,
    /// Topics that both deal with, the rarest first; of the same kind, the kind.
    pub topics: Vec<String>,
    /// Of these, the ones that neither names itself: where their own topics meet in the tree.
    pub meeting_topics: Vec<String>,
    pub audiences: Vec<Audience>,
    pub area: Option<String>,
    /// Metres between the nearest of their places.
    pub distance: Option<u32>,
    /// Words that matter in both, as they are written, those that count most first.
    pub terms: Vec<String>,
    pub organisations: Vec<String>,
    /// The town of the one asked about and the town of the one proposed; one key where it is the same town.
    pub towns: Vec<String>,
    /// The inhabitants of these towns, in the same order.
    pub populations: Option<(u32, u32)>,
    /// The form of intercommunality that both belong to, as the official table has it: `CC`, `CA` ….
    pub form: Option<String>,
    /// Whether both are the largest town of their intercommunality, or neither is; `None` where they differ.
    pub main_town: Option<bool>,
    pub adoption: Option<AdoptionLink>,
}

impl Reason {
    pub(crate) const fn new(kind: ReasonKind, weight: f64) -> Self {
        Self {
            kind,
            weight,
            topics: Vec::new(),
            meeting_topics: Vec::new(),
            audiences: Vec::new(),
            area: None,
            distance: None,
            terms: Vec::new(),
            organisations: Vec::new(),
            towns: Vec::new(),
            populations: None,
            form: None,
            main_town: None,
            adoption: None,
        }
    }
}

/// Something proposed, with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    pub key: String,
    /// The sum of the weights of its reasons.
    pub score: f64,
    /// By weight, the highest first.
    pub reasons: Vec<Reason>,
}

impl Similar {
    pub(crate) fn new(key: &str, mut reasons: Vec<Reason>) -> Self {
        reasons.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.kind.cmp(&other.kind)));
        // Weights are multiples of one small power of two: their sum is exact, in whatever order.
        Self { key: key.to_owned(), score: reasons.iter().map(|reason| reason.weight).sum(), reasons }
    }
}
