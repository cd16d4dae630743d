//! Similarity by plain loops over the records, after `docs/similarity.md` and not after the code.

use std::collections::{BTreeMap, BTreeSet};

use frostem::{Algorithm, Stemmer};
use maillage_explore::geo;
use maillage_explore::similarity::{InitiativeWeights, ReasonKind, TownWeights};
use maillage_explore::text::fold;
use maillage_graph_schema::model::{Area, AreaKind, Initiative, Original, Point, RecordKey as _, RecordKind, RecordRef, Town};

use crate::oracle::Oracle;

/// What is proposed: the score, and what each reason adds to it.
pub type Proposed = BTreeMap<String, (f64, BTreeMap<ReasonKind, f64>)>;

/// The words that the worlds have and that tell nothing.
const STOPS: [&[&str]; 2] = [&["de", "la"], &["the"]];

/// The stems of the worlds that any account of a project may use: in French a date has the stem of `data`.
const GENERIC: [&[&str]; 2] = [&["dat"], &["open"]];

fn rarity(having: usize, all: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "few")]
    ((all + 1) as f64 / (having + 1) as f64).ln()
}

fn saturated(sum: f64, half: f64) -> f64 {
    sum / (sum + half)
}

fn size_likeness(one: u32, other: u32) -> f64 {
    let (small, large) = (one.min(other).max(1), one.max(other).max(1));
    (1.0 - (f64::from(large) / f64::from(small)).log2() / 2.0).max(0.0)
}

fn nearness(one: Point, other: Point) -> f64 {
    let metres = geo::distance(one, other).round();
    if metres > 100_000.0 { 0.0 } else { 0.5f64.powf(metres / 25_000.0) }
}

fn level(area: &Area) -> f64 {
    match area.key.area_kind() {
        AreaKind::Intercommunality => 1.0,
        AreaKind::Department => 0.6,
        AreaKind::Region => 0.3,
        AreaKind::Country | AreaKind::Other => 0.0,
    }
}

/// Which rules a language is read by, and their place in [`STOPS`].
fn rules(language: &str) -> usize {
    match language.split('-').next() {
        Some("fr") => 0,
        Some("en") => 1,
        _ => 2,
    }
}

/// The stems of a text, one after the other.
fn stems(rules: usize, text: &str) -> Vec<String> {
    let text = text.replace("l'", "").replace("l’", "");
    let words = fold(&text);
    let words = words.split(' ').filter(|word| !word.is_empty());
    let stem = |word: &str| match rules {
        0 => Stemmer::new(Algorithm::French).stem(word).as_ref().to_owned(),
        1 => Stemmer::new(Algorithm::English).stem(word).as_ref().to_owned(),
        _ => word.to_owned(),
    };
    words.filter(|word| !STOPS.get(rules).is_some_and(|stops| stops.contains(word))).map(stem).collect()
}

/// How much each word matters, by language and stem.
type Words = BTreeMap<(usize, String), f64>;

/// An oracle that has read the texts.
pub struct Likeness<'a> {
    oracle: &'a Oracle,
    words: BTreeMap<String, Words>,
    /// How many have each topic, or a narrower one.
    topics: BTreeMap<RecordRef, usize>,
}

impl std::ops::Deref for Likeness<'_> {
    type Target = Oracle;

    fn deref(&self) -> &Oracle {
        self.oracle
    }
}

impl<'a> Likeness<'a> {
    pub fn new(oracle: &'a Oracle) -> Self {
        let mut likeness = Self { oracle, words: BTreeMap::new(), topics: BTreeMap::new() };
        for initiative in oracle.initiatives() {
            likeness.words.insert(initiative.key.to_string(), likeness.count_words(initiative));
            for topic in oracle.topics_of(initiative, true) {
                *likeness.topics.entry(topic).or_default() += 1;
            }
        }
        likeness
    }

    fn words(&self, initiative: &Initiative) -> &Words {
        &self.words[initiative.key.as_str()]
    }

    /// How much each word matters in an initiative, by language and stem.
    fn count_words(&self, initiative: &Initiative) -> Words {
        let mut tellings: Vec<(usize, String, String, Vec<String>)> = Vec::new();
        let case_studies = self.case_studies(initiative);
        for told in &case_studies {
            let sections = told.sections.iter().map(|section| section.markdown.clone()).collect();
            let summary = told.summary.as_ref().map(ToString::to_string).unwrap_or_default();
            tellings.push((rules(told.language.as_str()), told.title.to_string(), summary, sections));
        }
        if case_studies.iter().all(|told| told.language != initiative.language) {
            let summary = initiative.summary.as_ref().map(ToString::to_string).unwrap_or_default();
            tellings.push((rules(initiative.language.as_str()), initiative.title.to_string(), summary, Vec::new()));
        }
        let mut counts: BTreeMap<(usize, String), f64> = BTreeMap::new();
        for (rules, title, summary, sections) in tellings {
            let mut here = BTreeMap::new();
            let mut length = 0.0;
            let parts = [(title, 3.0), (summary, 2.0)].into_iter().chain(sections.into_iter().map(|section| (section, 1.0)));
            for (text, each) in parts {
                for stem in stems(rules, &text) {
                    length += 1.0;
                    if GENERIC.get(rules).is_some_and(|generic| generic.contains(&stem.as_str())) {
                        continue;
                    }
                    *here.entry(stem).or_insert(0.0) += each;
                }
            }
            for (stem, count) in here {
                *counts.entry((rules, stem)).or_default() += count * 2.0 / (1.0 + f64::max(length / 100.0, 1.0));
            }
        }
        counts.into_iter().map(|(word, count)| (word, (count / (count + 3.0) * 255.0).round() / 255.0)).collect()
    }

    fn share_topic(&self, topic: &RecordRef) -> usize {
        self.topics.get(topic).copied().unwrap_or_default()
    }

    fn rarities<T: Ord>(&self, common: impl Iterator<Item = T>, has: impl Fn(&Initiative, &T) -> bool) -> f64 {
        let all = self.initiatives().count();
        common.map(|thing| rarity(self.initiatives().filter(|initiative| has(initiative, &thing)).count(), all)).sum()
    }

    /// The initiatives told in a language; of other languages than French and English, all.
    fn told_in(&self, language: usize) -> Vec<&Initiative> {
        let is_told = |initiative: &&Initiative| {
            let tellings = self.case_studies(initiative).into_iter().map(|told| rules(told.language.as_str()));
            language == 2 || tellings.chain([rules(initiative.language.as_str())]).any(|rules| rules == language)
        };
        self.initiatives().filter(is_told).collect()
    }

    /// What is left of a word in an initiative when the habits of its sources are taken off.
    fn beyond_habit(&self, word: &(usize, String), initiative: &Initiative) -> f64 {
        let sources: BTreeSet<RecordRef> = initiative.provenance.iter().map(|from| from.source.reference()).collect();
        let of_source = |source: &RecordRef| {
            let is_of_source = |other: &&Initiative| other.provenance.iter().any(|from| from.source.reference() == *source);
            let told: Vec<&Initiative> = self.told_in(word.0).into_iter().filter(is_of_source).collect();
            if told.len() < 4 {
                return 1.0;
            }
            let share = told.iter().filter(|other| self.words(other).contains_key(word)).count() * 100 / told.len();
            #[expect(clippy::cast_precision_loss, reason = "a share of a hundred")]
            f64::min((60usize.saturating_sub(share) * 100 / 30) as f64 / 100.0, 1.0)
        };
        sources.iter().map(of_source).fold(1.0, f64::min)
    }

    fn text(&self, one: &Initiative, other: &Initiative) -> f64 {
        let (ours, theirs) = (self.words(one), self.words(other));
        let of_language = |rules: usize| -> f64 {
            let common = ours.iter().filter(|(word, _)| word.0 == rules && theirs.contains_key(*word));
            common
                .map(|(word, weight)| {
                    let all = self.told_in(rules).len();
                    let having = self.initiatives().filter(|initiative| self.words(initiative).contains_key(word)).count();
                    let rarity = if having > 20 && having * 10 > all { 0.0 } else { rarity(having, all).powi(2) };
                    rarity * weight * theirs[word] * self.beyond_habit(word, one).min(self.beyond_habit(word, other))
                })
                .sum()
        };
        (0..3).map(of_language).fold(0.0, f64::max)
    }

    fn originals(&self, initiative: &Initiative) -> BTreeSet<RecordRef> {
        let named = initiative.inspired_by.iter().filter_map(|adoption| match &adoption.original {
            Original::Initiative(key) => Some(key.reference()),
            Original::External(_) => None,
        });
        named.filter_map(|original| self.resolve(&original).map(maillage_graph_schema::model::Record::reference)).collect()
    }

    fn adoption(&self, one: &Initiative, other: &Initiative) -> f64 {
        let (ours, theirs) = (self.originals(one), self.originals(other));
        if ours.contains(&other.key.reference()) || theirs.contains(&one.key.reference()) {
            1.0
        } else if ours.is_disjoint(&theirs) {
            0.0
        } else {
            0.5
        }
    }

    fn is_copy(&self, one: &Initiative, other: &Initiative) -> bool {
        let places = |initiative| {
            let towns: BTreeSet<RecordRef> = self.own_towns(initiative).into_keys().collect();
            (towns, self.areas_of(initiative))
        };
        let (ours, theirs) = (self.words(one), self.words(other));
        let words: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        let of = |words: &Words, word: &(usize, String)| words.get(word).map_or(0.0, |weight| (weight * 255.0).round());
        let least: f64 = words.iter().map(|word| of(ours, word).min(of(theirs, word))).sum();
        let most: f64 = words.iter().map(|word| of(ours, word).max(of(theirs, word))).sum();
        let common = words.iter().filter(|word| ours.contains_key(**word) && theirs.contains_key(**word)).count();
        let same_title = fold(one.title.as_str()) == fold(other.title.as_str());
        places(one) == places(other) && least > 0.0 && least * 100.0 >= most * 80.0 && (same_title || common >= 6)
    }

    fn nearest_level<'r>(&self, common: impl Iterator<Item = &'r RecordRef>) -> f64 {
        common.filter_map(|area| self.area(area)).map(level).fold(0.0, f64::max)
    }

    fn intercommunality(&self, town: &Town) -> Option<&Area> {
        let of = |town: &Town| {
            let areas = town.part_of.iter().filter_map(|area| self.area(&area.reference()));
            areas.filter(|area| area.key.area_kind() == AreaKind::Intercommunality).min_by(|one, other| one.key.cmp(&other.key))
        };
        of(town).or_else(|| of(self.town(&town.parent.as_ref()?.reference())?))
    }

    fn is_main(&self, town: &Town, area: &Area) -> bool {
        let lies_there = |other: &&Town| self.intercommunality(other).is_some_and(|there| there.key == area.key);
        let sized = self.all_towns().filter(lies_there).filter(|other| other.population.is_some());
        let largest = sized.min_by_key(|other| (std::cmp::Reverse(other.population), other.key.clone()));
        largest.is_some_and(|largest| largest.key == town.key)
    }

    fn types(&self, one: &Town, other: &Town) -> f64 {
        let (Some(here), Some(there)) = (self.intercommunality(one), self.intercommunality(other)) else { return 0.0 };
        let same_form = here.form.is_some() && here.form == there.form;
        let same_place = self.is_main(one, here) == self.is_main(other, there);
        f64::from(u8::from(same_form) + u8::from(same_place)) / 2.0
    }

    /// The largest of a likeness between a town of one and a town of the other.
    fn of_towns(&self, one: &Initiative, other: &Initiative, likeness: impl Fn(&Town, &Town) -> f64) -> f64 {
        let (ours, theirs) = (self.own_towns(one), self.own_towns(other));
        let pairs = ours.values().flat_map(|town| theirs.values().map(|candidate| likeness(town, candidate)));
        pairs.fold(0.0, f64::max)
    }

    pub fn similar_initiatives(&self, key: &str, weights: &InitiativeWeights) -> Option<Proposed> {
        let reference = self.find(RecordKind::Initiative, key)?;
        let one = self.initiatives().find(|initiative| initiative.key.reference() == reference)?;
        let mut proposed = Proposed::new();
        for other in self.initiatives().filter(|other| other.key != one.key) {
            let common: Vec<RecordRef> = self.topics_of(one, true).intersection(&self.topics_of(other, true)).cloned().collect();
            let all = self.initiatives().count();
            let topics: f64 = common.iter().map(|topic| rarity(self.share_topic(topic), all)).sum();
            let kind = |initiative: &Initiative| {
                initiative.kind.as_ref().and_then(|kind| self.topic(&kind.reference())).map(|topic| topic.key.clone())
            };
            let same_kind = kind(one).is_some() && kind(one) == kind(other);
            let text = self.text(one, other);
            let adoption = self.adoption(one, other);
            let supersedes = one.supersedes.contains(&other.key)
                || other.supersedes.contains(&one.key)
                || one.supersedes.iter().any(|former| other.supersedes.contains(former));
            let does_alike = topics > 0.0 || same_kind || text > 0.0 || adoption > 0.0;
            if !does_alike || supersedes || self.is_copy(one, other) {
                continue;
            }
            let audiences: BTreeSet<_> = one.audiences.iter().filter(|audience| other.audiences.contains(audience)).collect();
            let audiences = self.rarities(audiences.into_iter(), |initiative, audience| initiative.audiences.contains(audience));
            let organisations = |initiative: &Initiative| -> BTreeSet<String> {
                initiative.involvements.iter().map(|involvement| involvement.organisation.to_string()).collect()
            };
            let shared: BTreeSet<String> = organisations(one).intersection(&organisations(other)).cloned().collect();
            let shared = self.rarities(shared.into_iter(), |initiative, key| organisations(initiative).contains(key));
            let size = |one: &Town, other: &Town| one.population.zip(other.population).map_or(0.0, |(p, q)| size_likeness(p, q));
            let (here, there) = (self.points(one), self.points(other));
            let near = here.iter().flat_map(|point| there.iter().map(|place| nearness(*point, *place))).fold(0.0, f64::max);
            let (ours, theirs) = (self.areas_of(one), self.areas_of(other));
            let reasons = [
                (ReasonKind::SharedTopics, weights.shared_topics * saturated(topics, 8.0)),
                (ReasonKind::SameKind, weights.same_kind * f64::from(u8::from(same_kind))),
                (ReasonKind::SharedAudience, weights.shared_audience * saturated(audiences, 1.5)),
                (ReasonKind::SimilarText, weights.similar_text * saturated(text, 10.0)),
                (ReasonKind::TownSize, weights.town_size * self.of_towns(one, other, size)),
                (ReasonKind::TownType, weights.town_type * self.of_towns(one, other, |one, other| self.types(one, other))),
                (ReasonKind::SameArea, weights.same_area * self.nearest_level(ours.intersection(&theirs))),
                (ReasonKind::Distance, weights.distance * near),
                (ReasonKind::SameOrganisation, weights.same_organisation * saturated(shared, 4.0)),
                (ReasonKind::Adoption, weights.adoption * adoption),
            ];
            propose(&mut proposed, other.key.as_str(), reasons);
        }
        Some(proposed)
    }

    fn activity(&self, town: &Town) -> BTreeSet<RecordRef> {
        let here = self.initiatives().filter(|initiative| self.towns_of(initiative).contains(&town.key.reference()));
        here.flat_map(|initiative| self.topics_of(initiative, true)).collect()
    }

    pub fn similar_towns(&self, key: &str, weights: &TownWeights) -> Option<Proposed> {
        let one = self.town(&self.find(RecordKind::Town, key)?)?;
        let mut proposed = Proposed::new();
        let all = self.initiatives().count();
        for other in self.all_towns().filter(|other| other.key != one.key) {
            let size = match (one.population, other.population) {
                (Some(ours), Some(theirs)) if size_likeness(ours, theirs) > 0.0 => size_likeness(ours, theirs),
                (Some(_), _) => continue,
                (None, _) => 0.0,
            };
            let information =
                |topics: Vec<&RecordRef>| -> f64 { topics.iter().map(|topic| rarity(self.share_topic(topic), all)).sum() };
            let (ours, theirs) = (self.activity(one), self.activity(other));
            let (both, either) = (information(ours.intersection(&theirs).collect()), information(ours.union(&theirs).collect()));
            let (here, there) = (self.areas_of_town(one), self.areas_of_town(other));
            let reasons = [
                (ReasonKind::TownSize, weights.town_size * size),
                (ReasonKind::TownType, weights.town_type * self.types(one, other)),
                (ReasonKind::SameArea, weights.same_area * self.nearest_level(here.intersection(&there))),
                (ReasonKind::Distance, weights.distance * one.point.zip(other.point).map_or(0.0, |(p, q)| nearness(p, q))),
                (ReasonKind::SimilarActivity, if both > 0.0 { weights.similar_activity * both / either } else { 0.0 }),
            ];
            propose(&mut proposed, other.key.as_str(), reasons);
        }
        Some(proposed)
    }
}

fn propose(proposed: &mut Proposed, key: &str, reasons: impl IntoIterator<Item = (ReasonKind, f64)>) {
    // Less than half a millionth is nothing.
    let reasons: BTreeMap<ReasonKind, f64> = reasons.into_iter().filter(|(_, weight)| *weight > 0.5 / 1_048_576.0).collect();
    if !reasons.is_empty() {
        proposed.insert(key.to_owned(), (reasons.values().sum(), reasons));
    }
}
