//! Towns that are alike: in size, in their place among their neighbours, in what they do. Never in merit.

use std::collections::BTreeSet;
use std::sync::Arc;

use maillage_graph_schema::model::AreaKind;

use super::measure::{nearness, on_grid, size_likeness};
use super::profile::common;
use super::ranking::First;
use super::reason::{Reason, ReasonKind, Similar};
use super::weights::TownWeights;
use crate::columns::entry::{InitiativeEntry, TownEntry};
use crate::columns::{Columns, Dimension, Id};
use crate::geo;
use crate::page::metres;

/// How alike two towns are in type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TypeLikeness<'a> {
    pub towns: [Id; 2],
    pub strength: f64,
    /// The form of intercommunality that both belong to.
    pub form: Option<&'a Arc<str>>,
    /// Whether both are the largest town of theirs, or neither is.
    pub main_town: Option<bool>,
}

/// What half of the type is: the form of intercommunality, and whether it is the largest town there.
const HALF_OF_TYPE: f64 = 0.5;

impl Columns {
    /// The intercommunality that a town belongs to.
    pub(crate) fn intercommunality(&self, town: &TownEntry) -> Option<Id> {
        let direct = |town: &TownEntry| {
            let areas = town.part_of.iter().filter_map(|id| self.areas.resolve(*id));
            areas
                .filter(|id| self.areas.get(*id).is_some_and(|area| area.kind == AreaKind::Intercommunality))
                .min_by_key(|id| self.areas.key(*id))
        };
        direct(town).or_else(|| direct(self.town(self.towns.resolve(town.parent?)?)))
    }

    pub(crate) fn likeness_of_type(&self, towns: [Id; 2]) -> Option<TypeLikeness<'_>> {
        let [one, other] = towns.map(|id| self.town(id));
        let areas = [self.intercommunality(one)?, self.intercommunality(other)?];
        let forms = areas.map(|area| self.areas.get(area).and_then(|area| area.form.as_ref()));
        let form = forms[0].filter(|form| forms[1] == Some(form));
        let is_main = |at: usize| self.main_towns.get(&areas[at]) == Some(&towns[at]);
        let main_town = (is_main(0) == is_main(1)).then(|| is_main(0));
        let strength = [form.is_some(), main_town.is_some()].into_iter().filter(|alike| *alike).map(|_| HALF_OF_TYPE).sum();
        (strength > 0.0).then_some(TypeLikeness { towns, strength, form, main_town })
    }

    /// The towns, one of each, that are most alike in type.
    pub(crate) fn likest_types(&self, one: &[Id], other: &[Id]) -> Option<TypeLikeness<'_>> {
        let pairs = one.iter().flat_map(|town| other.iter().map(move |candidate| [*town, *candidate]));
        pairs
            .filter_map(|pair| self.likeness_of_type(pair))
            .max_by(|one, other| one.strength.total_cmp(&other.strength).then_with(|| self.compare_pairs(other.towns, one.towns)))
    }

    /// What a town's initiatives deal with, with every broader topic; sorted.
    fn activity(&self, town: Id) -> Vec<Id> {
        let initiatives = self.having(Dimension::Town, town).iter();
        let topics: BTreeSet<Id> = initiatives.flat_map(|id| self.topics_of(self.initiative(id), true)).collect();
        topics.into_iter().collect()
    }

    fn is_topic_of(&self, town: Id, topic: Id) -> bool {
        let names = |entry: &InitiativeEntry| entry.about().any(|id| self.topics.resolve(id) == Some(topic));
        self.having(Dimension::Town, town).iter().any(|id| names(self.initiative(id)))
    }

    fn rarity_of_topics(&self, topics: &[Id]) -> u64 {
        topics.iter().map(|topic| self.rarity_of_topic(*topic)).sum()
    }

    pub(crate) fn similar_towns(&self, id: Id, weights: &TownWeights, first: usize) -> Vec<Similar> {
        let subject = SubjectTown {
            columns: self,
            weights,
            id,
            town: self.town(id),
            areas: self.areas_of_town(self.town(id)),
            activity: self.activity(id),
        };
        let keys = |id: Id| self.towns.key(id).as_ref();
        let mut best = First::new(first, &keys);
        for other in self.live_towns.iter().filter(|other| *other != id) {
            if let Some(strengths) = subject.compare(other) {
                best.offer(subject.score(&strengths), other, strengths);
            }
        }
        best.into_kept().map(|(_, other, strengths)| subject.reasons(other, &strengths)).collect()
    }
}

/// The town that is asked about.
struct SubjectTown<'a> {
    columns: &'a Columns,
    weights: &'a TownWeights,
    id: Id,
    town: &'a TownEntry,
    areas: Vec<Id>,
    activity: Vec<Id>,
}

const KINDS: [ReasonKind; 5] =
    [ReasonKind::TownSize, ReasonKind::TownType, ReasonKind::SameArea, ReasonKind::Distance, ReasonKind::SimilarActivity];

impl SubjectTown<'_> {
    fn distance(&self, other: &TownEntry) -> Option<u32> {
        Some(metres(geo::distance(self.town.point?, other.point?)))
    }

    /// How strong each of [`KINDS`] is; `None` if the towns are not alike in size, as far as that is known.
    fn compare(&self, id: Id) -> Option<[f64; 5]> {
        let columns = self.columns;
        let other = columns.town(id);
        let size = self.town.population.zip(other.population).map(|(one, other)| size_likeness(one, other));
        if size == Some(0.0) || size.is_none() && self.town.population.is_some() {
            return None;
        }
        let area = columns.nearest_level(&common(&self.areas, &columns.areas_of_town(other)));
        Some([
            size.unwrap_or_default(),
            columns.likeness_of_type([self.id, id]).map_or(0.0, |likeness| likeness.strength),
            area.map_or(0.0, |(_, strength)| strength),
            self.distance(other).map_or(0.0, nearness),
            self.likeness_of_activity(&columns.activity(id)),
        ])
    }

    /// The share of what either does that both do, by rarity.
    #[expect(clippy::cast_precision_loss, reason = "sums of rarities are far below 2^52")]
    fn likeness_of_activity(&self, activity: &[Id]) -> f64 {
        let columns = self.columns;
        let both = columns.rarity_of_topics(&common(&self.activity, activity));
        let either = columns.rarity_of_topics(&self.activity) + columns.rarity_of_topics(activity) - both;
        if both == 0 { 0.0 } else { both as f64 / either as f64 }
    }

    fn weight(&self, kind: ReasonKind) -> f64 {
        match kind {
            ReasonKind::TownSize => self.weights.town_size,
            ReasonKind::TownType => self.weights.town_type,
            ReasonKind::SameArea => self.weights.same_area,
            ReasonKind::Distance => self.weights.distance,
            ReasonKind::SimilarActivity => self.weights.similar_activity,
            _ => 0.0,
        }
    }

    fn weighted<'s>(&'s self, strengths: &'s [f64; 5]) -> impl Iterator<Item = (ReasonKind, f64)> + 's {
        KINDS.iter().zip(strengths).map(|(kind, strength)| (*kind, on_grid(self.weight(*kind) * strength)))
    }

    fn score(&self, strengths: &[f64; 5]) -> f64 {
        self.weighted(strengths).map(|(_, weight)| weight).sum()
    }

    fn reasons(&self, other: Id, strengths: &[f64; 5]) -> Similar {
        let reasons = self.weighted(strengths).filter(|(_, weight)| *weight > 0.0);
        let reasons = reasons.map(|(kind, weight)| self.reason(kind, weight, other)).collect();
        Similar::new(self.columns.towns.key(other), reasons)
    }

    fn reason(&self, kind: ReasonKind, weight: f64, id: Id) -> Reason {
        let columns = self.columns;
        let other = columns.town(id);
        let mut reason = Reason::new(kind, weight);
        reason.towns = [self.id, id].map(|id| columns.towns.key(id).to_string()).to_vec();
        match kind {
            ReasonKind::TownSize => reason.populations = self.town.population.zip(other.population),
            ReasonKind::TownType => {
                if let Some(likeness) = columns.likeness_of_type([self.id, id]) {
                    reason.form = likeness.form.map(ToString::to_string);
                    reason.main_town = likeness.main_town;
                }
            }
            ReasonKind::SameArea => {
                let area = columns.nearest_level(&common(&self.areas, &columns.areas_of_town(other)));
                reason.area = area.map(|(area, _)| columns.areas.key(area).to_string());
            }
            ReasonKind::Distance => reason.distance = self.distance(other),
            ReasonKind::SimilarActivity => {
                let common = common(&self.activity, &columns.activity(id));
                let is_named = |topic| columns.is_topic_of(self.id, topic) || columns.is_topic_of(id, topic);
                (reason.topics, reason.meeting_topics) = columns.named_topics(&common, is_named);
            }
            _ => {}
        }
        reason
    }
}
