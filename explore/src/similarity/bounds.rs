//! Which initiatives can be among the first.
//!
//! Comparing two initiatives takes a microsecond or two: too long for a hundred thousand of them. What each reason can add at
//! the most is read off the bitmaps, for all initiatives at once; those that cannot be among the first are left out. The
//! answer is the same as if all had been compared.

use roaring::RoaringBitmap;

use super::measure::{NOT_NEAR, ONE, area_strength, saturated, size_likeness};
use super::pair::{HALF_AUDIENCES, HALF_ORGANISATIONS, HALF_TEXT, HALF_TOPICS, SAME_ORIGINAL, Subject};
use super::profile::Profile;
use super::ranking::First;
use super::reason::Similar;
use super::weights::InitiativeWeights;
use crate::columns::bitmaps::each;
use crate::columns::derive::{bucket_of_population, fewest_in_bucket};
use crate::columns::{Columns, Dimension, Id};
use crate::geo;

/// The most that each initiative can have of each part of the score.
struct Bounds {
    /// Rarity of the topics in common.
    topics: Vec<f32>,
    /// Squared rarity of the words in common.
    text: Vec<f32>,
    /// What all other reasons add.
    rest: Vec<f32>,
}

/// Marks what does alike although nothing rare is in common.
const TRACE: f32 = 1e-6;

#[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
fn add(to: &mut [f32], initiatives: &RoaringBitmap, amount: f64) {
    let amount = amount as f32;
    each(initiatives, |id| to[id as usize] += amount);
}

#[expect(clippy::cast_precision_loss, reason = "sums of rarities are far below 2^52")]
fn in_ones(rarity: u64) -> f64 {
    rarity as f64 / ONE
}

impl Bounds {
    fn new(subject: &Subject<'_>) -> Self {
        let count = subject.columns.initiatives.len();
        let mut bounds = Self { topics: vec![0.0; count], text: vec![0.0; count], rest: vec![0.0; count] };
        bounds.add_topics(subject);
        bounds.add_words(subject);
        bounds.add_adoption(subject);
        bounds.add_people(subject);
        bounds.add_places(subject);
        bounds
    }

    fn add_topics(&mut self, subject: &Subject<'_>) {
        let columns = subject.columns;
        for topic in &subject.profile.topic_tree {
            let rarity = columns.rarity_of_topic(*topic);
            if rarity > 0 {
                add(&mut self.topics, columns.having(Dimension::TopicTree, *topic), in_ones(rarity));
            }
        }
        if let Some(kind) = subject.profile.kind {
            let of_kind = columns.having(Dimension::Kind, kind);
            add(&mut self.topics, of_kind, f64::from(TRACE));
            add(&mut self.rest, of_kind, subject.weights.same_kind);
        }
    }

    fn add_words(&mut self, subject: &Subject<'_>) {
        #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
        for (word, value) in subject.words.worth() {
            let most = (in_ones(value) / 255.0) as f32;
            for (id, weight) in subject.columns.postings.iter(word.term) {
                self.text[id as usize] += most * f32::from(weight);
            }
        }
    }

    fn add_adoption(&mut self, subject: &Subject<'_>) {
        let (columns, profile) = (subject.columns, &subject.profile);
        let originals: RoaringBitmap = profile.inspired_by.iter().copied().collect();
        let mut add_all = |initiatives: &RoaringBitmap, strength: f64| {
            add(&mut self.topics, initiatives, f64::from(TRACE));
            add(&mut self.rest, initiatives, subject.weights.adoption * strength);
        };
        add_all(&originals, 1.0);
        add_all(columns.having(Dimension::Original, profile.id), 1.0);
        for original in &profile.inspired_by {
            add_all(columns.having(Dimension::Original, *original), SAME_ORIGINAL);
        }
    }

    fn add_people(&mut self, subject: &Subject<'_>) {
        let (columns, weights) = (subject.columns, subject.weights);
        // Several together count less than one by one: the sum is never too low.
        for audience in (0..16).filter(|bit| subject.profile.entry.audiences & (1 << bit) != 0) {
            let strength = saturated(columns.rarity_of_audience(audience), HALF_AUDIENCES);
            add(&mut self.rest, columns.having(Dimension::Audience, audience), weights.shared_audience * strength);
        }
        for organisation in &subject.profile.organisations {
            let strength = saturated(columns.rarity_of_organisation(*organisation), HALF_ORGANISATIONS);
            add(&mut self.rest, columns.having(Dimension::Organisation, *organisation), weights.same_organisation * strength);
        }
    }

    fn add_places(&mut self, subject: &Subject<'_>) {
        let (columns, weights, profile) = (subject.columns, subject.weights, &subject.profile);
        for (area, further) in columns.further_levels(&profile.areas) {
            add(&mut self.rest, columns.having(Dimension::Area, area), weights.same_area * further);
        }
        // At whatever place it is nearest, distance counts once.
        let mut near = RoaringBitmap::new();
        for point in profile.points {
            let bounds = geo::box_of_circle(*point, f64::from(NOT_NEAR) + 1.0);
            near |= columns.spots.initiatives_in(bounds, columns.initiatives.len(), |other| geo::holds(bounds, other));
        }
        add(&mut self.rest, &near, weights.distance);
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
            add(&mut self.rest, columns.having(Dimension::Population, bucket), weights.town_size * likeness);
        }
    }

    /// The most that each initiative can score; nothing for those that do nothing alike.
    fn scores(&self, weights: &InitiativeWeights) -> Vec<f32> {
        let parts = self.topics.iter().zip(&self.text).zip(&self.rest);
        let alike = |topics: f32, text: f32| if topics > 0.0 || text > 0.0 { 1.0 } else { 0.0 };
        parts.map(|((topics, text), rest)| most(weights, *topics, *text, *rest) * alike(*topics, *text)).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
fn most(weights: &InitiativeWeights, topics: f32, text: f32, rest: f32) -> f32 {
    let (half_topics, half_text) = (HALF_TOPICS as f32, HALF_TEXT as f32);
    weights.shared_topics as f32 * topics / (topics + half_topics)
        + weights.similar_text as f32 * text / (text + half_text)
        + rest
        + weights.town_type as f32
}

impl Columns {
    /// Of some areas and all that hold them: how much more each says than those that hold it. What lies in an area lies in
    /// all these, and has their part already.
    pub(crate) fn further_levels(&self, areas: &[Id]) -> Vec<(Id, f64)> {
        let level = |area: Id| self.areas.get(area).map_or(0.0, |area| area_strength(area.kind));
        let further = |area: &Id| {
            let larger = self.area_ancestors[*area as usize].iter().skip(1).map(|larger| level(*larger));
            (*area, level(*area) - larger.fold(0.0, f64::max))
        };
        areas.iter().map(further).filter(|(_, further)| *further > 0.0).collect()
    }

    pub(crate) fn similar_initiatives(&self, id: Id, weights: &InitiativeWeights, first: usize) -> Vec<Similar> {
        let subject = Subject::new(self, id, weights);
        let scores = Bounds::new(&subject).scores(weights);
        let keys = |id: Id| self.initiatives.key(id).as_ref();
        let best = First::of(first, &keys, &scores, |other, lowest| {
            let comparison = subject.compare(&Profile::new(self, other), lowest)?;
            Some((subject.score(&comparison), comparison))
        });
        best.into_kept().map(|(_, other, comparison)| subject.reasons(&Profile::new(self, other), &comparison)).collect()
    }
}
