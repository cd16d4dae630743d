//! Which initiatives can be among the first.
//!
//! Comparing two initiatives takes a microsecond or two: too long for a hundred thousand of them. What each reason can add at
//! the most is read off the bitmaps and lists of those that have something; those that cannot be among the first are left out. The
//! answer is the same as if all had been compared.

use std::borrow::Cow;

use maillage_graph_schema::model::Point;
use roaring::RoaringBitmap;

use super::measure::{NOT_NEAR, ONE, nearness, saturated, size_likeness};
use super::pair::{HALF_AUDIENCES, HALF_ORGANISATIONS, HALF_TEXT, HALF_TOPICS, SAME_ORIGINAL, Subject};
use super::postings::Cursor;
use super::profile::Profile;
use super::ranking::First;
use super::reason::Similar;
use super::weights::InitiativeWeights;
use crate::columns::bitmaps::{Gathered, each};
use crate::columns::derive::{bucket_of_population, fewest_in_bucket};
use crate::columns::{Columns, Dimension, Id};
use crate::geo;
use crate::map::grid::Window;

/// How many initiatives are looked at together: as many as a container of a bitmap holds. What is added up of them stays in the
/// processor's cache.
const TOGETHER: u32 = 1 << 16;

/// The parts of the score that are bounded one by one.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Rarity of the topics in common.
    Topics,
    /// What all other reasons but the text add.
    Rest,
}

/// Something that some initiatives have in common with the one that is asked about, and the most that it adds to a part.
struct Shared<'a> {
    having: Cow<'a, RoaringBitmap>,
    part: Part,
    most: f32,
}

/// The most that each initiative can have of each part of the score.
struct Bounds<'a> {
    weights: &'a InitiativeWeights,
    count: u32,
    shared: Vec<Shared<'a>>,
    /// The initiatives with a word, and what it counts for each step of how much it matters there.
    words: Vec<(Cursor<'a>, f32)>,
}

/// Marks what does alike although nothing rare is in common.
const TRACE: f64 = 1e-6;

#[expect(clippy::cast_precision_loss, reason = "sums of rarities are far below 2^52")]
fn in_ones(rarity: u64) -> f64 {
    rarity as f64 / ONE
}

impl<'a> Bounds<'a> {
    fn new(subject: &'a Subject<'a>) -> Self {
        let count = u32::try_from(subject.columns.initiatives.len()).unwrap_or(u32::MAX);
        let mut bounds = Self { weights: subject.weights, count, shared: Vec::new(), words: Vec::new() };
        bounds.add_topics(subject);
        bounds.add_words(subject);
        bounds.add_adoption(subject);
        bounds.add_people(subject);
        bounds.add_places(subject);
        bounds
    }

    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    fn add(&mut self, having: Cow<'a, RoaringBitmap>, part: Part, most: f64) {
        if most > 0.0 {
            self.shared.push(Shared { having, part, most: most as f32 });
        }
    }

    fn add_topics(&mut self, subject: &'a Subject<'a>) {
        let columns = subject.columns;
        for (topic, rarity) in &subject.topics {
            self.add(Cow::Borrowed(columns.having(Dimension::TopicTree, *topic)), Part::Topics, in_ones(*rarity));
        }
        if let Some(kind) = subject.profile.kind {
            let of_kind = columns.having(Dimension::Kind, kind);
            self.add(Cow::Borrowed(of_kind), Part::Topics, TRACE);
            self.add(Cow::Borrowed(of_kind), Part::Rest, subject.weights.same_kind);
        }
    }

    fn add_words(&mut self, subject: &'a Subject<'a>) {
        #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
        let words = subject
            .words
            .worth()
            .map(|(word, value)| (subject.columns.postings.iter(word.term), (in_ones(value) / 255.0) as f32));
        self.words = words.collect();
    }

    fn add_adoption(&mut self, subject: &'a Subject<'a>) {
        let (columns, profile) = (subject.columns, &subject.profile);
        let mut add_all = |initiatives: Cow<'a, RoaringBitmap>, strength: f64| {
            self.add(initiatives.clone(), Part::Topics, TRACE);
            self.add(initiatives, Part::Rest, subject.weights.adoption * strength);
        };
        add_all(Cow::Owned(profile.inspired_by.iter().copied().collect()), 1.0);
        add_all(Cow::Borrowed(columns.having(Dimension::Original, profile.id)), 1.0);
        for original in &profile.inspired_by {
            add_all(Cow::Borrowed(columns.having(Dimension::Original, *original)), SAME_ORIGINAL);
        }
    }

    fn add_people(&mut self, subject: &'a Subject<'a>) {
        let (columns, weights) = (subject.columns, subject.weights);
        // Several together count less than one by one: the sum is never too low.
        for audience in (0..16).filter(|bit| subject.profile.entry.audiences & (1 << bit) != 0) {
            let strength = saturated(columns.rarity_of_audience(audience), HALF_AUDIENCES);
            let having = columns.having(Dimension::Audience, audience);
            self.add(Cow::Borrowed(having), Part::Rest, weights.shared_audience * strength);
        }
        for (organisation, rarity) in &subject.organisations {
            let strength = saturated(*rarity, HALF_ORGANISATIONS);
            let having = columns.having(Dimension::Organisation, *organisation);
            self.add(Cow::Borrowed(having), Part::Rest, weights.same_organisation * strength);
        }
    }

    fn add_places(&mut self, subject: &'a Subject<'a>) {
        let (columns, weights, profile) = (subject.columns, subject.weights, &subject.profile);
        for (area, further) in columns.further_levels(&profile.areas) {
            self.add(Cow::Borrowed(columns.having(Dimension::Area, area)), Part::Rest, weights.same_area * further);
        }
        for (near, further) in columns.rings(profile.points) {
            self.add(Cow::Owned(near), Part::Rest, weights.distance * further);
        }
        let populations: Vec<u32> = profile.towns.iter().filter_map(|id| columns.town(*id).population).collect();
        let buckets = populations.iter().flat_map(|population| {
            bucket_of_population(population / 4)..=bucket_of_population(population.saturating_mul(4).saturating_add(4))
        });
        let mut buckets: Vec<u32> = buckets.collect();
        buckets.sort_unstable();
        buckets.dedup();
        for bucket in buckets {
            let (fewest, most) = (fewest_in_bucket(bucket), fewest_in_bucket(bucket + 1).saturating_sub(1));
            let likeness = populations.iter().map(|population| size_likeness(*population, (*population).clamp(fewest, most)));
            let likeness = likeness.fold(0.0, f64::max);
            let having = columns.having(Dimension::Population, bucket);
            self.add(Cow::Borrowed(having), Part::Rest, weights.town_size * likeness);
        }
    }

    /// Calls with the most that each initiative can score, nothing for those that do nothing alike, and how much of that is for all
    /// reasons but topics and text: for some of consecutive numbers at a time, from the number that is given with them on.
    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    fn scores(mut self, mut call: impl FnMut(Id, &[f32], &[f32])) {
        let room = TOGETHER.min(self.count) as usize;
        let (mut topics, mut text, mut rest) = (vec![0.0_f32; room], vec![0.0_f32; room], vec![0.0_f32; room]);
        let mut scores: Vec<f32> = Vec::with_capacity(room);
        for start in (0..self.count).step_by(TOGETHER as usize) {
            let end = self.count.min(start.saturating_add(TOGETHER));
            topics.fill(0.0);
            text.fill(0.0);
            // Types of towns are many: each may be alike.
            rest.fill(self.weights.town_type as f32);
            for Shared { having, part, most } in &self.shared {
                let to: &mut [f32] = match part {
                    Part::Topics => &mut topics,
                    Part::Rest => &mut rest,
                };
                each(having.range(start..end), |id| to[(id - start) as usize] += most);
            }
            for (initiatives, most) in &mut self.words {
                initiatives.below(end, |id, weight| text[(id - start) as usize] += *most * f32::from(weight));
            }
            let parts = topics.iter().zip(&text).zip(&rest).take((end - start) as usize);
            let alike = |topics: f32, text: f32| if topics > 0.0 || text > 0.0 { 1.0 } else { 0.0 };
            scores.clear();
            scores.extend(parts.map(|((topics, text), rest)| most(self.weights, *topics, *text, *rest) * alike(*topics, *text)));
            call(start, &scores, &rest);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
fn most(weights: &InitiativeWeights, topics: f32, text: f32, rest: f32) -> f32 {
    let (half_topics, half_text) = (HALF_TOPICS as f32, HALF_TEXT as f32);
    weights.shared_topics as f32 * topics / (topics + half_topics)
        + weights.similar_text as f32 * text / (text + half_text)
        + rest
}

/// Up to how many metres away initiatives are taken to be equally near.
const RINGS: [u32; 4] = [12_500, 25_000, 50_000, NOT_NEAR];

impl Columns {
    /// Of some areas and all that hold them: how much more each says than those that hold it. What lies in an area lies in
    /// all these, and has their part already.
    pub(crate) fn further_levels(&self, areas: &[Id]) -> Vec<(Id, f64)> {
        let further = |area: &Id| {
            let larger = self.area_ancestors[*area as usize].iter().skip(1).map(|larger| self.level(*larger));
            (*area, self.level(*area) - larger.fold(0.0, f64::max))
        };
        areas.iter().map(further).filter(|(_, further)| *further > 0.0).collect()
    }

    /// The initiatives that are near to some points, ring by ring, each within the next, and how much more each ring says than the
    /// one around it. At whatever place an initiative is nearest, distance counts once.
    fn rings(&self, points: &[Point]) -> Vec<(RoaringBitmap, f64)> {
        let mut rings = RINGS.map(|_| Gathered::below(self.initiatives.len()));
        for point in points {
            let boxes = RINGS.map(|reach| geo::box_of_circle(*point, f64::from(reach) + 1.0));
            self.spots.reached(&Window::of(boxes[RINGS.len() - 1]), &mut |spots, _| {
                for spot in spots {
                    let place = self.spots.get(spot).point;
                    let within = boxes.iter().rev().take_while(|bounds| geo::holds(**bounds, place)).count();
                    if let Some(smallest) = RINGS.len().checked_sub(within).filter(|_| within > 0) {
                        self.spots.initiatives(spot).iter().for_each(|id| rings[smallest].insert(*id));
                    }
                }
            });
        }
        for around in 1..RINGS.len() {
            let (smaller, larger) = rings.split_at_mut(around);
            larger[0].insert_all(&smaller[around - 1]);
        }
        let nearest = [0].into_iter().chain(RINGS).map(nearness);
        let further = nearest.clone().zip(nearest.skip(1).take(RINGS.len() - 1).chain([0.0])).map(|(near, around)| near - around);
        rings.into_iter().map(Gathered::into_set).zip(further).collect()
    }

    pub(crate) fn similar_initiatives(&self, id: Id, weights: &InitiativeWeights, first: usize) -> Vec<Similar> {
        let subject = Subject::new(self, id, weights);
        let keys = |id: Id| self.initiatives.key(id).as_ref();
        let mut best = First::new(first, &keys);
        Bounds::new(&subject).scores(|start, scores, rest| {
            best.take_up(start, scores, |other, lowest| {
                let at = (other - start) as usize;
                let comparison = subject.compare(other, scores[at] - rest[at], lowest)?;
                Some((subject.score(&comparison), comparison))
            });
        });
        best.into_kept().map(|(_, other, comparison)| subject.reasons(&Profile::new(self, other), &comparison)).collect()
    }
}
