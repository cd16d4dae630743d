//! Two initiatives, compared reason by reason: each gives a strength from 0 to 1, which its weight multiplies.

use std::cmp::Reverse;

use maillage_graph_schema::model::{Audience, Point};

use super::measure::{area_strength, nearness, on_grid, rarity, saturated, size_likeness};
use super::profile::{Profile, common};
use super::ranking::SLACK;
use super::reason::{AdoptionLink, Reason, ReasonKind, Similar};
use super::weights::InitiativeWeights;
use super::wording::{SubjectWords, same_words};
use crate::columns::entry::InitiativeEntry;
use crate::columns::{Columns, Dimension, Id};
use crate::geo;
use crate::page::metres;

/// How much rarity the topics in common must have for half of the weight.
pub(crate) const HALF_TOPICS: f64 = 8.0;
/// The same of audiences.
pub(crate) const HALF_AUDIENCES: f64 = 1.5;
/// How much squared rarity the words in common must have.
pub(crate) const HALF_TEXT: f64 = 10.0;
/// The same of organisations.
pub(crate) const HALF_ORGANISATIONS: f64 = 4.0;

/// How many words a reason names.
const NAMED_WORDS: usize = 6;

/// To be inspired by the same third one counts for this part of being inspired by each other.
pub(crate) const SAME_ORIGINAL: f64 = 0.5;

/// The reasons of which one must hold: what two initiatives do is alike.
const OF_WHAT_IT_DOES: &[ReasonKind] =
    &[ReasonKind::SharedTopics, ReasonKind::SimilarText, ReasonKind::SameKind, ReasonKind::Adoption];

/// The initiative that is asked about, with what comparing needs of it.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub columns: &'a Columns,
    pub weights: &'a InitiativeWeights,
    pub profile: Profile<'a>,
    /// Its topics, broader ones included, and how rare each is.
    pub topics: Vec<(Id, u64)>,
    /// Its organisations, and how rare each is.
    pub organisations: Vec<(Id, u64)>,
    /// The areas that it runs in that say anything, those that say most first, and how much.
    levels: Vec<(Id, f64)>,
    pub words: SubjectWords<'a>,
}

/// What two initiatives have in common, before it is written down.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    strengths: [f64; ReasonKind::ALL.len()],
}

impl Comparison {
    fn set(&mut self, kind: ReasonKind, strength: f64) {
        self.strengths[kind as usize] = strength;
    }

    pub(crate) const fn strength(&self, kind: ReasonKind) -> f64 {
        self.strengths[kind as usize]
    }
}

impl Columns {
    pub(crate) fn rarity_of_topic(&self, topic: Id) -> u64 {
        rarity(self.having(Dimension::TopicTree, topic).len(), self.live.len())
    }

    pub(crate) fn rarity_of_audience(&self, audience: u32) -> u64 {
        rarity(self.having(Dimension::Audience, audience).len(), self.live.len())
    }

    pub(crate) fn rarity_of_organisation(&self, organisation: Id) -> u64 {
        rarity(self.having(Dimension::Organisation, organisation).len(), self.live.len())
    }

    /// How much it says that two lie in the same area.
    pub(crate) fn level(&self, area: Id) -> f64 {
        self.areas.get(area).map_or(0.0, |area| area_strength(area.kind))
    }

    /// The area with the most to say of some.
    pub(crate) fn nearest_level(&self, areas: &[Id]) -> Option<(Id, f64)> {
        let nearest = areas.iter().map(|id| (*id, self.level(*id))).filter(|(_, strength)| *strength > 0.0);
        nearest.max_by(|one, other| one.1.total_cmp(&other.1).then_with(|| self.areas.key(other.0).cmp(self.areas.key(one.0))))
    }

    /// The towns, one of each, that are most alike in size.
    fn likest_sizes(&self, one: &[Id], other: &[Id]) -> Option<([Id; 2], (u32, u32), f64)> {
        let pairs = one.iter().flat_map(|town| other.iter().map(move |candidate| [*town, *candidate]));
        let sized = pairs.filter_map(|pair| {
            let populations = (self.town(pair[0]).population?, self.town(pair[1]).population?);
            let likeness = size_likeness(populations.0, populations.1);
            (likeness > 0.0).then_some((pair, populations, likeness))
        });
        sized.max_by(|one, other| one.2.total_cmp(&other.2).then_with(|| self.compare_pairs(other.0, one.0)))
    }

    pub(crate) fn compare_pairs(&self, one: [Id; 2], other: [Id; 2]) -> std::cmp::Ordering {
        one.map(|id| self.towns.key(id)).cmp(&other.map(|id| self.towns.key(id)))
    }
}

impl<'a> Subject<'a> {
    pub(crate) fn new(columns: &'a Columns, id: Id, weights: &'a InitiativeWeights) -> Self {
        let profile = Profile::new(columns, id);
        let topics = profile.topic_tree.iter().map(|topic| (*topic, columns.rarity_of_topic(*topic))).collect();
        let organisations = profile.organisations.iter();
        let organisations = organisations.map(|organisation| (*organisation, columns.rarity_of_organisation(*organisation)));
        let mut levels: Vec<(Id, f64)> = profile.areas.iter().map(|area| (*area, columns.level(*area))).collect();
        levels.retain(|(_, strength)| *strength > 0.0);
        levels.sort_by(|one, other| other.1.total_cmp(&one.1));
        let words = SubjectWords::new(columns, &profile);
        Self { organisations: organisations.collect(), words, topics, levels, columns, weights, profile }
    }

    fn audiences_in_common(&self, other: &InitiativeEntry) -> (u64, Vec<u32>) {
        let both = self.profile.entry.audiences & other.audiences;
        let common: Vec<u32> = (0..16).filter(|bit| both & (1 << bit) != 0).collect();
        (common.iter().map(|audience| self.columns.rarity_of_audience(*audience)).sum(), common)
    }

    fn nearest_places(&self, other: &[Point]) -> Option<u32> {
        let pairs = self.profile.points.iter().flat_map(|here| other.iter().map(move |there| (*here, *there)));
        pairs.map(|(here, there)| metres(geo::distance(here, there))).min()
    }

    /// How another initiative and this one adopted from each other, or from the same one; `inspired_by` is what the other one adopted.
    fn adoption(&self, other: Id, inspired_by: &[Id]) -> Option<(AdoptionLink, f64)> {
        let profile = &self.profile;
        if profile.inspired_by.binary_search(&other).is_ok() {
            Some((AdoptionLink::InspiredByIt, 1.0))
        } else if inspired_by.binary_search(&profile.id).is_ok() {
            Some((AdoptionLink::InspiredIt, 1.0))
        } else if common(&profile.inspired_by, inspired_by).is_empty() {
            None
        } else {
            Some((AdoptionLink::SameOriginal, SAME_ORIGINAL))
        }
    }

    /// Whether both are the same initiative under two keys: one took the other's place, or it was brought in twice.
    fn is_itself(&self, id: Id, other: &InitiativeEntry, towns: &[Id]) -> bool {
        let profile = &self.profile;
        let supersedes = self.columns.present_initiatives(other.supersedes());
        profile.id == id
            || profile.supersedes.binary_search(&id).is_ok()
            || supersedes.binary_search(&profile.id).is_ok()
            || !common(&profile.supersedes, &supersedes).is_empty()
            || profile.towns == towns && profile.areas == self.columns.areas_of(other) && same_words(profile.entry, other)
    }

    /// How alike another initiative is, of which topics and text can add so much at the most; `None` if it does nothing alike, is the
    /// same one, or cannot reach a score.
    pub(crate) fn compare(&self, id: Id, most: f32, lowest: f64) -> Option<Comparison> {
        let (columns, other) = (self.columns, self.columns.initiative(id));
        let towns = columns.own_towns(other);
        let mut comparison = Comparison::default();
        self.compare_beside(id, &towns, &mut comparison);
        // The text takes longest.
        if self.score(&comparison) + f64::from(most + SLACK) < lowest {
            return None;
        }
        let topics = self.rarity_of_common(&self.topics, Dimension::TopicTree, id);
        comparison.set(ReasonKind::SharedTopics, saturated(topics, HALF_TOPICS));
        comparison.set(ReasonKind::SimilarText, saturated(self.words.sum_in_common(other), HALF_TEXT));
        let does_alike = OF_WHAT_IT_DOES.iter().any(|kind| comparison.strength(*kind) > 0.0);
        (does_alike && !self.is_itself(id, other, &towns)).then_some(comparison)
    }

    /// Compares all but topics and text with an initiative that has its own towns. Many are compared, so what it has is looked up in
    /// the bitmaps rather than put together.
    fn compare_beside(&self, id: Id, towns: &[Id], comparison: &mut Comparison) {
        let (columns, other) = (self.columns, self.columns.initiative(id));
        let has = |dimension: Dimension, value: Id| columns.having(dimension, value).contains(id);
        let same_kind = self.profile.kind.is_some_and(|kind| has(Dimension::Kind, kind));
        comparison.set(ReasonKind::SameKind, if same_kind { 1.0 } else { 0.0 });
        let adoption = self.adoption(id, &columns.present_initiatives(other.inspired_by()));
        comparison.set(ReasonKind::Adoption, adoption.map_or(0.0, |(_, strength)| strength));
        comparison.set(ReasonKind::SharedAudience, saturated(self.audiences_in_common(other).0, HALF_AUDIENCES));
        let size = columns.likest_sizes(&self.profile.towns, towns);
        comparison.set(ReasonKind::TownSize, size.map_or(0.0, |(_, _, likeness)| likeness));
        comparison.set(ReasonKind::TownType, columns.strength_of_likest_types(&self.profile.towns, towns));
        let level = self.levels.iter().find(|(area, _)| has(Dimension::Area, *area));
        comparison.set(ReasonKind::SameArea, level.map_or(0.0, |(_, strength)| *strength));
        comparison.set(ReasonKind::Distance, self.nearest_places(columns.places(id)).map_or(0.0, nearness));
        let organisations = self.rarity_of_common(&self.organisations, Dimension::Organisation, id);
        comparison.set(ReasonKind::SameOrganisation, saturated(organisations, HALF_ORGANISATIONS));
    }

    /// Of things with their rarity, how rare all those are together that an initiative has.
    fn rarity_of_common(&self, things: &[(Id, u64)], dimension: Dimension, id: Id) -> u64 {
        let common = things.iter().filter(|(thing, _)| self.columns.having(dimension, *thing).contains(id));
        common.map(|(_, rarity)| *rarity).sum()
    }

    /// What a reason adds to the score.
    fn weight(&self, comparison: &Comparison, kind: ReasonKind) -> f64 {
        on_grid(self.weights.of(kind) * comparison.strength(kind))
    }

    pub(crate) fn score(&self, comparison: &Comparison) -> f64 {
        ReasonKind::ALL.iter().map(|kind| self.weight(comparison, *kind)).sum()
    }

    /// Writes down why another initiative is alike.
    pub(crate) fn reasons(&self, other: &Profile<'_>, comparison: &Comparison) -> Similar {
        let reasons = ReasonKind::ALL.iter().filter_map(|kind| {
            let weight = self.weight(comparison, *kind);
            (weight > 0.0).then(|| self.reason(*kind, weight, other))
        });
        Similar::new(self.columns.initiatives.key(other.id), reasons.collect())
    }

    fn reason(&self, kind: ReasonKind, weight: f64, other: &Profile<'_>) -> Reason {
        let columns = self.columns;
        let town_key = |id: Id| columns.towns.key(id).to_string();
        let mut reason = Reason::new(kind, weight);
        match kind {
            ReasonKind::SharedTopics => {
                let (topics, meeting) = columns.named_topics(&common(&self.profile.topic_tree, &other.topic_tree), |topic| {
                    self.profile.topics.contains(&topic) || other.topics.contains(&topic)
                });
                (reason.topics, reason.meeting_topics) = (topics, meeting);
            }
            ReasonKind::SameKind => {
                reason.topics = self.profile.kind.iter().map(|kind| columns.topics.key(*kind).to_string()).collect();
            }
            ReasonKind::SharedAudience => {
                let mut common = self.audiences_in_common(other.entry).1;
                common.sort_by_key(|audience| (Reverse(columns.rarity_of_audience(*audience)), *audience));
                reason.audiences = common.iter().filter_map(|audience| Audience::ALL.get(*audience as usize).copied()).collect();
            }
            ReasonKind::SimilarText => {
                let words = self.words.in_common(other.entry);
                let mut words: Vec<(u64, &str)> =
                    words.into_iter().map(|(counts, word)| (counts, columns.terms.written(word.word))).collect();
                words.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
                reason.terms = words.into_iter().take(NAMED_WORDS).map(|(_, word)| word.to_owned()).collect();
            }
            ReasonKind::TownSize => {
                if let Some((towns, populations, _)) = columns.likest_sizes(&self.profile.towns, &other.towns) {
                    reason.towns = towns.map(town_key).to_vec();
                    reason.populations = Some(populations);
                }
            }
            ReasonKind::TownType => {
                if let Some(likeness) = columns.likest_types(&self.profile.towns, &other.towns) {
                    reason.towns = likeness.towns.map(town_key).to_vec();
                    reason.form = likeness.form.map(ToString::to_string);
                    reason.main_town = likeness.main_town;
                }
            }
            ReasonKind::SameArea => {
                let area = columns.nearest_level(&common(&self.profile.areas, &other.areas));
                reason.area = area.map(|(area, _)| columns.areas.key(area).to_string());
            }
            ReasonKind::Distance => {
                reason.distance = self.nearest_places(other.points);
                let mut same: Vec<String> = common(&self.profile.towns, &other.towns).into_iter().map(town_key).collect();
                same.sort();
                same.truncate(1);
                reason.towns = same;
            }
            ReasonKind::SameOrganisation => {
                let mut common = common(&self.profile.organisations, &other.organisations);
                common.sort_by_key(|id| (Reverse(columns.rarity_of_organisation(*id)), columns.organisations.key(*id)));
                reason.organisations = common.iter().map(|id| columns.organisations.key(*id).to_string()).collect();
            }
            ReasonKind::Adoption => reason.adoption = self.adoption(other.id, &other.inspired_by).map(|(link, _)| link),
            ReasonKind::SimilarActivity => {}
        }
        reason.towns.dedup();
        reason
    }
}

impl Columns {
    /// Of the topics that two trees have in common, those without a narrower one among them, the rarest first; and which of
    /// these nobody names.
    pub(crate) fn named_topics(&self, common: &[Id], is_named: impl Fn(Id) -> bool) -> (Vec<String>, Vec<String>) {
        let is_broader = |topic: &Id| {
            let lies_in = |one: Id, other: Id| self.topic_ancestors[one as usize].contains(&other);
            common.iter().any(|other| lies_in(*other, *topic) && !lies_in(*topic, *other))
        };
        let mut narrowest: Vec<Id> = common.iter().copied().filter(|topic| !is_broader(topic)).collect();
        narrowest.retain(|topic| self.rarity_of_topic(*topic) > 0);
        narrowest.sort_by_key(|topic| (Reverse(self.rarity_of_topic(*topic)), self.topics.key(*topic)));
        let key = |topic: &Id| self.topics.key(*topic).to_string();
        let meeting = narrowest.iter().filter(|topic| !is_named(**topic)).map(key).collect();
        (narrowest.iter().map(key).collect(), meeting)
    }
}

impl InitiativeWeights {
    const fn of(&self, kind: ReasonKind) -> f64 {
        match kind {
            ReasonKind::SharedTopics => self.shared_topics,
            ReasonKind::SameKind => self.same_kind,
            ReasonKind::SharedAudience => self.shared_audience,
            ReasonKind::SimilarText => self.similar_text,
            ReasonKind::TownSize => self.town_size,
            ReasonKind::TownType => self.town_type,
            ReasonKind::SameArea => self.same_area,
            ReasonKind::Distance => self.distance,
            ReasonKind::SameOrganisation => self.same_organisation,
            ReasonKind::Adoption => self.adoption,
            ReasonKind::SimilarActivity => 0.0,
        }
    }
}
