//! Towns that are alike: in size, in their place among their neighbours, in what they do. Never in merit.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::activity::Activity;
use super::cards::TownClass;
use super::measure::{NOT_NEAR, UNLIKE_DOUBLINGS, doublings, nearness, on_grid, size_likeness};
use super::profile::common;
use super::ranking::{First, SLACK};
use super::reason::{Reason, ReasonKind, Similar};
use super::weights::TownWeights;
use crate::columns::bitmaps::each;
use crate::columns::entry::TownEntry;
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

/// How alike in type two towns are.
fn class_likeness(one: TownClass, other: TownClass) -> f64 {
    if !one.is_known() || !other.is_known() {
        return 0.0;
    }
    let alike = |alike: bool| if alike { HALF_OF_TYPE } else { 0.0 };
    alike(one.same_form(other)) + alike(one.is_main() == other.is_main())
}

impl Columns {
    pub(crate) fn likeness_of_type(&self, towns: [Id; 2]) -> Option<TypeLikeness<'_>> {
        let [one, other] = towns.map(|id| self.town(id));
        let areas = [self.intercommunality(one)?, self.intercommunality(other)?];
        let forms = areas.map(|area| self.areas.get(area).and_then(|area| area.form.as_ref()));
        let form = forms[0].filter(|form| forms[1] == Some(form));
        let is_main = |at: usize| self.town_cards.is_main(towns[at], areas[at]);
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

    /// How strong [`Self::likest_types`] is.
    pub(crate) fn strength_of_likest_types(&self, one: &[Id], other: &[Id]) -> f64 {
        let class = |town: &Id| self.town_card(*town).class;
        let pairs = one.iter().flat_map(|town| other.iter().map(move |candidate| [town, candidate]));
        pairs.map(|pair| pair.map(class)).map(|[one, other]| class_likeness(one, other)).fold(0.0, f64::max)
    }

    fn is_topic_of(&self, town: Id, topic: Id) -> bool {
        !self.having(Dimension::Town, town).is_disjoint(self.having(Dimension::Topic, topic))
    }

    pub(crate) fn similar_towns(&self, id: Id, weights: &TownWeights, first: usize) -> Vec<Similar> {
        let subject = SubjectTown::new(self, id, weights);
        let keys = |id: Id| self.towns.key(id).as_ref();
        let mut best = First::new(first, &keys);
        best.take_up(0, &subject.bounds(), |other, lowest| {
            let strengths = subject.compare(other, lowest)?;
            Some((subject.score(&strengths), strengths))
        });
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
    activity: Option<&'a Activity>,
    /// By the number of the topic.
    rarity: Vec<u64>,
    /// The rarity of all that is done in it.
    done: u64,
}

const KINDS: [ReasonKind; 5] =
    [ReasonKind::TownSize, ReasonKind::TownType, ReasonKind::SameArea, ReasonKind::Distance, ReasonKind::SimilarActivity];

impl<'a> SubjectTown<'a> {
    fn new(columns: &'a Columns, id: Id, weights: &'a TownWeights) -> Self {
        let town = columns.town(id);
        let activity = columns.activity(id);
        // Where nothing is done, what others do need not be known.
        let topics = if activity.is_some() { u32::try_from(columns.topics.len()).unwrap_or(u32::MAX) } else { 0 };
        let rarity: Vec<u64> = (0..topics).map(|topic| columns.rarity_of_topic(topic)).collect();
        let done = activity.into_iter().flat_map(Activity::topics).map(|topic| rarity[topic as usize]).sum();
        Self { columns, weights, id, town, areas: columns.areas_of_town(town), activity, rarity, done }
    }

    /// The most that each town can score; nothing for those that are not alike in size.
    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    fn bounds(&self) -> Vec<f32> {
        let columns = self.columns;
        let near = self.near_bounds();
        let mut bounds = vec![0.0; near.len()];
        let size = self.town.population.map(|population| doublings(population) as f32);
        let class = columns.town_card(self.id).class;
        let type_weight = self.weights.town_type;
        let (size_weight, reach) = (self.weights.town_size as f32, UNLIKE_DOUBLINGS as f32);
        let active = if self.activity.is_some() { self.weights.similar_activity as f32 } else { 0.0 };
        let cards = columns.town_cards.of_like_size(self.town.population).iter().filter(|card| card.id != self.id);
        for card in cards {
            let of_size = size.zip(card.doublings).map_or(0.0, |(one, other)| 1.0 - (one - other).abs() / reach);
            let of_type = (type_weight * class_likeness(class, card.class)) as f32;
            let of_activity = if columns.activity(card.id).is_some() { active } else { 0.0 };
            let at = card.id as usize;
            bounds[at] = size_weight * of_size.max(0.0) + of_type + near[at] + of_activity;
        }
        bounds
    }

    /// The most that area and distance can add, for each town.
    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    fn near_bounds(&self) -> Vec<f32> {
        let columns = self.columns;
        let mut near = vec![0.0; columns.towns.len()];
        let mut add = |towns: &RoaringBitmap, most: f64| {
            each(towns.iter(), |id| near[id as usize] += most as f32);
        };
        for (area, further) in columns.further_levels(&self.areas) {
            add(columns.towns_by_area.get(area), self.weights.same_area * further);
        }
        if let Some(point) = self.town.point {
            for reached in geo::cells_of_circle(point, f64::from(NOT_NEAR) + 1.0) {
                add(columns.towns_by_cell.get(reached.cell), self.weights.distance);
            }
        }
        near
    }

    fn distance(&self, other: &TownEntry) -> Option<u32> {
        Some(metres(geo::distance(self.town.point?, other.point?)))
    }

    /// How strong each of [`KINDS`] is; `None` if the towns are not alike in size, as far as that is known, or if all
    /// together cannot reach a score.
    fn compare(&self, id: Id, lowest: f64) -> Option<[f64; 5]> {
        let columns = self.columns;
        let other = columns.town(id);
        let size = self.town.population.zip(other.population).map(|(one, other)| size_likeness(one, other));
        if size == Some(0.0) || size.is_none() && self.town.population.is_some() {
            return None;
        }
        let size = size.unwrap_or_default();
        let activity = self.likeness_of_activity(id);
        let of_type = columns.likeness_of_type([self.id, id]).map_or(0.0, |likeness| likeness.strength);
        let weights = self.weights;
        let most = weights.town_size * size + weights.similar_activity * activity + weights.town_type * of_type;
        if most + weights.same_area + weights.distance + f64::from(SLACK) < lowest {
            return None;
        }
        let area = columns.nearest_level(&common(&self.areas, &columns.areas_of_town(other)));
        let near = self.distance(other).map_or(0.0, nearness);
        Some([size, of_type, area.map_or(0.0, |(_, strength)| strength), near, activity])
    }

    /// The share of what either does that both do, by rarity.
    #[expect(clippy::cast_precision_loss, reason = "sums of rarities are far below 2^52")]
    fn likeness_of_activity(&self, other: Id) -> f64 {
        let Some((ours, theirs)) = self.activity.zip(self.columns.activity(other)) else { return 0.0 };
        let mut ours = ours.topics().peekable();
        let (mut both, mut done) = (0, 0);
        for topic in theirs.topics() {
            let rarity = self.rarity[topic as usize];
            done += rarity;
            while ours.next_if(|our| *our < topic).is_some() {}
            if ours.next_if_eq(&topic).is_some() {
                both += rarity;
            }
        }
        if both == 0 { 0.0 } else { both as f64 / (self.done + done - both) as f64 }
    }

    /// The topics that both deal with.
    fn activity_in_common(&self, other: Id) -> Vec<Id> {
        let topics = |activity: Option<&Activity>| activity.into_iter().flat_map(Activity::topics).collect::<Vec<Id>>();
        common(&topics(self.activity), &topics(self.columns.activity(other)))
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
                let common = self.activity_in_common(id);
                let is_named = |topic| columns.is_topic_of(self.id, topic) || columns.is_topic_of(id, topic);
                (reason.topics, reason.meeting_topics) = columns.named_topics(&common, is_named);
            }
            _ => {}
        }
        reason
    }
}
