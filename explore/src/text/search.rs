//! Which initiatives match a text, and how well.
//!
//! A word counts by BM25 with the fields taken together (BM25F): a word in the title or the summary counts as several in
//! the text. The names of topics, towns, areas and organisations count too, as soon as a name is written in full: so
//! `kiosk` finds what is about the topic of that name in whatever language it is told, and `Agen` what runs there. Of
//! several tellings the one that matches a word best counts.

use std::collections::BTreeSet;

use roaring::{MultiOps as _, RoaringBitmap};
use tantivy::postings::Postings as _;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, TantivyError};

use super::analyse::Rules;
use super::index::{Part, TextIndex, Totals};
use super::lexicon::{Wording, stems};
use super::query::{Query, QueryWord};
use crate::columns::bitmaps::Gathered;
use crate::columns::{Columns, Dimension, Id};

/// How much what counts: `docs/search.md` has the formula. Found on the half of the judged questions that is for tuning.
pub(crate) mod weights {
    /// How soon another occurrence of a word in a text counts for little.
    pub const SATURATION: f32 = 3.0;
    /// How much longer texts are held against: 0 not at all, 1 in full.
    pub const LENGTH: f32 = 0.6;
    /// An occurrence in the title, beside the one in the whole text.
    pub const TITLE: usize = 4;
    /// An occurrence in the summary, beside the one in the whole text.
    pub const SUMMARY: usize = 2;
    /// A name of a topic that is written in full, for each of its words.
    pub const TOPIC: f32 = 0.8;
    /// The same of a town, an area or an organisation.
    pub const NAME: f32 = 1.2;
    /// A word that is only near to the one looked for.
    pub const MISTYPED: f32 = 0.8;
    /// Another wording of the lexicon, beside the one that was typed.
    pub const OTHER: f32 = 0.6;
    /// Another label of a topic that is named.
    pub const TOPIC_LABEL: f32 = 0.3;
    /// Several words that stand together, where they are another wording.
    pub const PHRASE: f32 = 1.2;
    /// How much it counts to have all of the words: the share that one has, to this power.
    pub const COVERAGE: f32 = 1.0;
    /// Below how many answers those with fewer of the words are answers, too.
    pub const FEW: u64 = 10;
    /// How many postings are read for other wordings: those that would need more tell little.
    pub const OTHERS_BUDGET: u64 = 20_000;
    /// Up to how many words all must match.
    pub const ALL_OF: usize = 2;
    /// Of more words, how many of a hundred must match.
    pub const PERCENT: usize = 60;
}

/// From one in so many initiatives on, what is found is many.
const SPARSE: u64 = 16;

/// The longest name that is looked for in a text, in words.
const LONGEST_NAME: usize = 8;

/// What matched, and how well.
#[derive(Debug, Default)]
pub(crate) struct TextMatches {
    pub set: RoaringBitmap,
    /// By the number of the initiative; 0 where nothing matched.
    scores: Vec<f32>,
}

impl TextMatches {
    pub(crate) fn score(&self, id: Id) -> f32 {
        self.scores.get(id as usize).copied().unwrap_or_default()
    }
}

/// The scores of a search as they come together.
struct Scores {
    totals: Vec<f32>,
    /// One bit for each word that matched.
    matched: Vec<u32>,
    /// What the present word has counted so far, by language: the best of them counts.
    best: Vec<f32>,
    /// Where it has, unless that is in many.
    touched: Vec<Id>,
    /// Whether the present word is in so many that looking at all is quicker than knowing which.
    is_in_many: bool,
    /// Whatever has counted at all, unless that are many.
    found: Vec<Id>,
    found_many: bool,
}

impl Scores {
    fn new(initiatives: usize) -> Self {
        Self {
            totals: vec![0.0; initiatives],
            matched: vec![0; initiatives],
            best: vec![0.0; initiatives],
            touched: Vec::new(),
            is_in_many: false,
            found: Vec::new(),
            found_many: false,
        }
    }

    /// So many tellings of the present word are to come.
    fn expect(&mut self, tellings: u64) {
        if tellings.saturating_mul(SPARSE) > self.totals.len() as u64 {
            (self.is_in_many, self.found_many) = (true, true);
        }
    }

    /// Lets a word of one telling count.
    #[inline]
    fn tell(&mut self, id: Id, weight: f32) {
        let best = &mut self.best[id as usize];
        if *best == 0.0 && !self.is_in_many {
            self.touched.push(id);
        }
        *best = best.max(weight);
    }

    /// The present word is done with.
    fn settle(&mut self, word: usize) {
        self.settle_where(1 << word, |_| true);
    }

    /// Other words for some of the words are done with: they count where those do not all stand.
    fn settle_others(&mut self, words: u32) {
        self.settle_where(words, |matched| matched & words != words);
    }

    fn settle_where(&mut self, words: u32, counts: impl Fn(u32) -> bool) {
        let touched = std::mem::take(&mut self.touched);
        if std::mem::take(&mut self.is_in_many) {
            for ((best, total), matched) in self.best.iter_mut().zip(&mut self.totals).zip(&mut self.matched) {
                // Without a branch: what has the word and what has not stand in no order.
                let counts = *best > 0.0 && counts(*matched);
                *total += if counts { *best } else { 0.0 };
                *matched |= if counts { words } else { 0 };
                *best = 0.0;
            }
            return;
        }
        for id in touched {
            let weight = std::mem::take(&mut self.best[id as usize]);
            if counts(self.matched[id as usize]) {
                self.add(id, words, weight);
            }
        }
    }

    fn add(&mut self, id: Id, words: u32, weight: f32) {
        let total = &mut self.totals[id as usize];
        if *total == 0.0 && !self.found_many {
            self.found.push(id);
        }
        *total += weight;
        self.matched[id as usize] |= words;
    }

    /// Calls for whatever has counted, with the words that matched.
    fn each_found(&mut self, mut each: impl FnMut(Id, u32, &mut f32)) {
        if self.found_many {
            for (id, (total, matched)) in (0..).zip(self.totals.iter_mut().zip(&self.matched)) {
                if *total > 0.0 {
                    each(id, *matched, total);
                }
            }
        } else {
            for id in &self.found {
                each(*id, self.matched[*id as usize], &mut self.totals[*id as usize]);
            }
        }
    }
}

/// Initiatives with enough of the words; where they are few, those with fewer of them as well. Who has them all counts more.
fn covering(query: &Query, scores: &mut Scores) -> RoaringBitmap {
    let count = query.words.len();
    let mut enough = Gathered::below(scores.totals.len());
    if count <= 1 {
        // Whatever was found has it.
        scores.each_found(|id, _, _| enough.insert(id));
        return enough.into_set();
    }
    let wanted = if count <= weights::ALL_OF { count } else { (count * weights::PERCENT).div_ceil(100).max(weights::ALL_OF) };
    let mut by_words = vec![0_u64; count + 1];
    scores.each_found(|_, matched, _| by_words[matched.count_ones() as usize] += 1);
    let mut fewest = wanted;
    while fewest > 1 && by_words[fewest..].iter().sum::<u64>() < weights::FEW {
        fewest -= 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 32 words")]
    let share = |words: usize| (words.max(1) as f32 / count.max(1) as f32).powf(weights::COVERAGE);
    let shares: Vec<f32> = (0..=count).map(share).collect();
    scores.each_found(|id, matched, total| {
        let words = matched.count_ones() as usize;
        *total *= shares[words];
        enough.insert_if(words >= fewest, id);
    });
    enough.into_set()
}

impl Columns {
    /// The initiatives that match a query; `None` if it asks for nothing in particular.
    pub(crate) fn search(&self, texts: &TextIndex, query: &Query) -> Result<Option<TextMatches>, TantivyError> {
        if query.is_empty() {
            return Ok(None);
        }
        let mut scores = Scores::new(self.initiatives.len());
        if query.words.is_empty() && query.spoken.is_empty() {
            // Only what must not be there.
            let set = &*self.live - &texts.excluded(&query.excluded)?;
            return Ok(Some(TextMatches { set, scores: scores.totals }));
        }
        let (named, topics) = self.count_names(query, &mut scores);
        for (number, word) in query.words.iter().enumerate() {
            let found = texts.count_word(word, 1.0, &mut scores)?;
            if !found && named & (1 << number) == 0 {
                for (near, weight) in texts.near(word)? {
                    texts.count_word(&near, weight * weights::MISTYPED, &mut scores)?;
                }
            }
            scores.settle(number);
        }
        let mut budget = weights::OTHERS_BUDGET;
        for notion in query.notions() {
            for other in notion.others {
                texts.count_other(other, weights::OTHER, &mut budget, &mut scores)?;
            }
            scores.settle_others(notion.words);
        }
        for (words, wordings) in topics {
            for other in &wordings {
                texts.count_other(other, weights::TOPIC_LABEL, &mut budget, &mut scores)?;
            }
            scores.settle_others(words);
        }
        let mut set = covering(query, &mut scores);
        for phrase in &query.phrases {
            set &= texts.with_phrase(phrase)?;
        }
        if !query.excluded.is_empty() {
            set -= texts.excluded(&query.excluded)?;
        }
        set &= &*self.live;
        Ok(Some(TextMatches { set, scores: scores.totals }))
    }

    /// Lets the names that a query speaks of count; gives the words that are part of one, as bits, and the other labels of
    /// the topics that are named, with the words that name them.
    fn count_names(&self, query: &Query, scores: &mut Scores) -> (u32, Vec<(u32, Vec<Wording>)>) {
        let spoken = &query.spoken;
        let mut named = 0;
        let mut labels = Vec::new();
        let mut at = 0;
        while at < spoken.len() {
            // The longest name that begins here: "val de marne" rather than "val".
            let longest = LONGEST_NAME.min(spoken.len() - at);
            let Some((length, hits)) =
                (1..=longest).rev().find_map(|length| self.named(&spoken[at..at + length]).map(|hits| (length, hits)))
            else {
                at += 1;
                continue;
            };
            let words = query.bits(&spoken[at..at + length]);
            named |= words;
            labels.push((words, self.other_labels(&spoken[at..at + length])));
            for (set, weight) in hits {
                let weight = weight
                    * rarity(set.len(), self.live.len())
                    * f32::from(u8::try_from(words.count_ones().max(1)).unwrap_or(u8::MAX));
                set.iter().for_each(|id| scores.add(id, words, weight));
            }
            at += length;
        }
        (named, labels)
    }

    /// The other labels of the topics that a query names, the longest names first taken.
    pub(crate) fn other_labels_of(&self, query: &Query) -> Vec<Wording> {
        let spoken = &query.spoken;
        let mut labels = Vec::new();
        let mut at = 0;
        while at < spoken.len() {
            let longest = LONGEST_NAME.min(spoken.len() - at);
            let named = |length: &usize| !self.topics_named(&spoken[at..at + length]).is_empty();
            let length = (1..=longest).rev().find(named);
            labels.extend(length.into_iter().flat_map(|length| self.other_labels(&spoken[at..at + length])));
            at += length.unwrap_or(1);
        }
        labels
    }

    /// The other labels of the topics that some words name.
    fn other_labels(&self, words: &[QueryWord]) -> Vec<Wording> {
        let mut others: Vec<Wording> = Vec::new();
        for topic in self.topics_named(words) {
            let Some(entry) = self.topics.get(topic) else { continue };
            for (language, label) in entry.labels.iter().chain(&entry.alternative_labels) {
                let both = [Rules::French, Rules::English];
                let rules = both.into_iter().filter(|rules| language.as_ref().is_none_or(|tag| Rules::of(tag) == *rules));
                others.extend(rules.filter_map(|rules| Wording::new(rules, label)).filter(|other| !other.is_said_by(words)));
            }
        }
        others
    }

    /// The topics that some words are a label of, in whatever form.
    pub(crate) fn topics_named(&self, words: &[QueryWord]) -> BTreeSet<Id> {
        let both = [Rules::French, Rules::English].into_iter();
        both.flat_map(|rules| self.names.topics_called(rules, &stems(rules, words))).collect()
    }

    /// The initiatives of the topics, towns, areas and organisations that go by a name; `None` where nothing does.
    fn named(&self, words: &[QueryWord]) -> Option<Vec<(RoaringBitmap, f32)>> {
        let mut hits = Vec::new();
        let mut add = |set: RoaringBitmap, weight: f32| {
            if !set.is_empty() {
                hits.push((set, weight));
            }
        };
        let topics = self.topics_named(words);
        add(topics.iter().map(|topic| self.having(Dimension::TopicTree, *topic)).union(), weights::TOPIC);
        if !words.iter().all(|word| word.stem(Rules::French).is_none() || word.stem(Rules::English).is_none()) {
            let name = words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
            let name = crate::names::fold_name(&name);
            for (index, dimension) in [
                (&self.names.towns, Dimension::Town),
                (&self.names.areas, Dimension::Area),
                (&self.names.organisations, Dimension::Organisation),
            ] {
                add(index.called(&name).iter().map(|id| self.having(dimension, id)).union(), weights::NAME);
            }
        }
        (!hits.is_empty()).then_some(hits)
    }
}

/// How much a word counts that so many of all have: the rarer, the more.
#[expect(clippy::cast_precision_loss, reason = "counts of records, in a logarithm")]
pub(crate) fn rarity(having: u64, all: u64) -> f32 {
    let (having, all) = (having.min(all) as f32, all as f32);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

impl TextIndex {
    /// How many documents have a word, stale ones left out.
    fn frequency(&self, rules: Rules, stem: &str) -> Result<u64, TantivyError> {
        let mut frequency = 0;
        for part in &self.parts {
            let term = part.segment.term(rules, stem);
            let Some(mut postings) = part.segment.words(rules).read_postings(&term, IndexRecordOption::Basic)? else {
                continue;
            };
            frequency += u64::from(postings.doc_freq());
            for stale in part.stale.iter() {
                if postings.doc() < stale {
                    postings.seek(stale);
                }
                match postings.doc() {
                    TERMINATED => break,
                    document if document == stale => frequency -= 1,
                    _ => {}
                }
            }
        }
        Ok(frequency)
    }

    /// Lets a word count in every telling that has it; says whether any has.
    fn count_word(&self, word: &QueryWord, weight: f32, scores: &mut Scores) -> Result<bool, TantivyError> {
        let mut found = false;
        for rules in Rules::ALL {
            let Some(stem) = word.stem(rules) else { continue };
            let frequency = self.frequency(rules, stem)?;
            if frequency == 0 {
                continue;
            }
            found = true;
            scores.expect(frequency);
            let saturation = Saturation::new(self.totals[rules as usize], frequency, weight);
            for part in &self.parts {
                count_in_part(part, rules, stem, saturation, scores)?;
            }
        }
        Ok(found)
    }

    /// Lets another wording for some words count, as long as reading all its postings is worth it.
    fn count_other(&self, other: &Wording, weight: f32, budget: &mut u64, scores: &mut Scores) -> Result<(), TantivyError> {
        let mut postings = 0;
        for word in &other.words {
            if let Some(stem) = word.stem(other.rules) {
                postings += self.frequency(other.rules, stem)?;
            }
        }
        if postings == 0 || postings > *budget {
            return Ok(());
        }
        *budget -= postings;
        if let [word] = other.words.as_slice() {
            self.count_word(word, weight, scores)?;
            return Ok(());
        }
        let found = self.with_phrase(&other.words)?;
        let weight = weight * weights::PHRASE * rarity(found.len(), self.totals[other.rules as usize].documents);
        found.iter().for_each(|id| scores.tell(id, weight));
        Ok(())
    }

    /// What stands for the words of a query that nothing has.
    pub(crate) fn near_words(&self, query: &Query) -> Result<Vec<Wording>, TantivyError> {
        let mut found = Vec::new();
        for word in &query.words {
            let mut is_there = false;
            for rules in Rules::ALL {
                is_there |= word.stem(rules).map_or(Ok(0), |stem| self.frequency(rules, stem))? > 0;
            }
            if is_there {
                continue;
            }
            for (near, _) in self.near(word)? {
                let rules = Rules::ALL.into_iter().find(|rules| near.stem(*rules).is_some());
                found.extend(rules.map(|rules| Wording::of_word(rules, near)));
            }
        }
        Ok(found)
    }

    /// Words that are near to one that nothing has, with how much they count.
    fn near(&self, word: &QueryWord) -> Result<Vec<(QueryWord, f32)>, TantivyError> {
        let mut near = Vec::new();
        for rules in Rules::ALL {
            let Some(stem) = word.stem(rules) else { continue };
            let distance = match stem.chars().count() {
                0..4 => continue,
                4..8 => 1,
                _ => 2,
            };
            // The words at the least distance count, all alike.
            for distance in 1..=distance {
                let mut stems = BTreeSet::new();
                for part in &self.parts {
                    let term = part.segment.term(rules, stem);
                    let automaton = FuzzyTermQuery::new(term, distance, true).automaton()?;
                    let mut found = part.segment.words(rules).terms().search(automaton).into_stream()?;
                    while found.advance() {
                        if let Ok(stem) = std::str::from_utf8(found.key()) {
                            stems.insert(stem.to_owned());
                        }
                    }
                }
                let mut found = Vec::new();
                for stem in stems {
                    // What only stale documents have is not there.
                    if self.frequency(rules, &stem)? > 0 {
                        let mut stems = [None, None, None];
                        stems[rules as usize] = Some(stem.clone());
                        found.push((QueryWord { folded: stem, stems }, 1.0 / f32::from(distance)));
                    }
                }
                if !found.is_empty() {
                    near.extend(found);
                    break;
                }
            }
        }
        Ok(near)
    }

    /// The initiatives with any of some words.
    fn excluded(&self, words: &[QueryWord]) -> Result<RoaringBitmap, TantivyError> {
        let mut excluded = RoaringBitmap::new();
        for part in &self.parts {
            for rules in Rules::ALL {
                for stem in words.iter().filter_map(|word| word.stem(rules)) {
                    let term = part.segment.term(rules, stem);
                    let Some(mut postings) = part.segment.words(rules).read_postings(&term, IndexRecordOption::Basic)? else {
                        continue;
                    };
                    while postings.doc() != TERMINATED {
                        if !part.stale.contains(postings.doc()) {
                            excluded.insert(part.segment.initiatives[postings.doc() as usize]);
                        }
                        postings.advance();
                    }
                }
            }
        }
        Ok(excluded)
    }

    /// The initiatives that have some words one after the other.
    fn with_phrase(&self, phrase: &[QueryWord]) -> Result<RoaringBitmap, TantivyError> {
        let mut found = RoaringBitmap::new();
        for part in &self.parts {
            for rules in Rules::ALL {
                // Stop words keep their place, and anything may stand there.
                let stems: Vec<(u32, &str)> = (0..).zip(phrase).filter_map(|(at, word)| Some((at, word.stem(rules)?))).collect();
                let mut postings = Vec::with_capacity(stems.len());
                for (at, stem) in &stems {
                    let term = part.segment.term(rules, stem);
                    let read = part.segment.words(rules).read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
                    postings.extend(read.map(|read| (*at, read)));
                }
                if postings.len() < stems.len() || stems.is_empty() {
                    continue;
                }
                let mut positions = Vec::new();
                'documents: while postings[0].1.doc() != TERMINATED {
                    let document = postings[0].1.doc();
                    let mut starts: Option<BTreeSet<u32>> = None;
                    for (at, postings) in &mut postings {
                        if postings.doc() < document {
                            postings.seek(document);
                        }
                        if postings.doc() != document {
                            starts = None;
                            break;
                        }
                        postings.positions(&mut positions);
                        let here: BTreeSet<u32> = positions.iter().filter_map(|position| position.checked_sub(*at)).collect();
                        starts = Some(starts.map_or_else(|| here.clone(), |starts| &starts & &here));
                    }
                    if starts.is_some_and(|starts| !starts.is_empty()) && !part.stale.contains(document) {
                        found.insert(part.segment.initiatives[document as usize]);
                    }
                    if postings[0].1.advance() == TERMINATED {
                        break 'documents;
                    }
                }
            }
        }
        Ok(found)
    }
}

/// BM25, all that is the same for each telling worked out.
#[derive(Debug, Clone, Copy)]
struct Saturation {
    highest: f32,
    constant: f32,
    by_length: f32,
}

impl Saturation {
    fn new(totals: Totals, frequency: u64, weight: f32) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "an average of counts")]
        let average = totals.words.max(1) as f32 / totals.documents.max(1) as f32;
        Self {
            highest: rarity(frequency, totals.documents) * weight * (weights::SATURATION + 1.0),
            constant: weights::SATURATION * (1.0 - weights::LENGTH),
            by_length: weights::SATURATION * weights::LENGTH / average,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "how often a word stands in a text")]
    fn score(self, times: u32, length: u16) -> f32 {
        let times = times as f32;
        self.highest * times / (times + self.constant + self.by_length * f32::from(length))
    }
}

fn count_in_part(part: &Part, rules: Rules, stem: &str, saturation: Saturation, scores: &mut Scores) -> Result<(), TantivyError> {
    let Part { segment, stale } = part;
    let read = segment.words(rules).read_block_postings(&segment.term(rules, stem), IndexRecordOption::WithFreqs)?;
    let Some(mut postings) = read else { return Ok(()) };
    // Both go up: the next stale document is all that there is to compare with.
    let mut stale = stale.iter();
    let mut next_stale = stale.next().unwrap_or(TERMINATED);
    while !postings.docs().is_empty() {
        for (document, times) in postings.docs().iter().zip(postings.freqs()) {
            while next_stale < *document {
                next_stale = stale.next().unwrap_or(TERMINATED);
            }
            if next_stale != *document {
                let at = *document as usize;
                scores.tell(segment.initiatives[at], saturation.score(*times, segment.lengths[at]));
            }
        }
        postings.advance();
    }
    Ok(())
}
