//! The words of two initiatives, compared.

use std::cell::RefCell;
use std::collections::HashMap;

use roaring::RoaringBitmap;

use super::measure::{rarity, squared};
use super::profile::Profile;
use super::terms::Weighed;
use crate::columns::entry::InitiativeEntry;
use crate::columns::{Columns, Dimension, Id};
use crate::map::draw::Members;
use crate::text::analyse::Rules;

/// A word counts for nothing if more than one in so many initiatives have it …
const COMMON_SHARE: u64 = 10;
/// … and more than so many.
const COMMON_COUNT: u64 = 20;

/// A source has habits of its own from so many initiatives told in the language.
const SOURCE_WITH_HABITS: u64 = 4;
/// Of a hundred initiatives of a source: up to how many may have a word before it counts less, and from how many on it
/// is a habit of the source and counts for nothing.
const HABIT_BEGINS: u64 = 30;
const HABIT: u64 = 60;

/// A copy shares so many words of a hundred, …
const COPY: u64 = 80;
/// … and its title, or at least so many words.
const COPY_WORDS: usize = 6;

/// A word of the initiative that is asked about.
#[derive(Debug)]
pub(crate) struct SubjectWord {
    pub word: Weighed,
    pub rules: Rules,
    /// What its rarity is worth; 0 for one that is too common.
    pub value: u64,
}

/// The words of the initiative that is asked about.
#[derive(Debug)]
pub(crate) struct SubjectWords<'a> {
    columns: &'a Columns,
    sources: Vec<Id>,
    /// By number.
    words: Vec<SubjectWord>,
    /// How much of a word is left beside the habit of a source, from 0 to 100: worked out when it is needed.
    habits: RefCell<foldhash::HashMap<(u32, Id), u64>>,
    /// How many initiatives of a source are told in each language.
    told: RefCell<HashMap<Id, [u64; 3]>>,
    /// The initiatives of a source, to be asked one by one.
    members: RefCell<HashMap<Id, Members>>,
}

impl Columns {
    /// How many of some initiatives are told in a language; of those of other languages than French and English, all count.
    fn told_in(&self, initiatives: &RoaringBitmap, rules: Rules) -> u64 {
        let language = if rules == Rules::Other { None } else { self.languages.find(rules.tag()) };
        match language {
            Some(language) => initiatives.intersection_len(self.having(Dimension::Language, language)),
            None => initiatives.len(),
        }
    }

    /// How much a word counts by its rarity among all that are told in its language; 0 for one that is too common to tell anything.
    fn value_of_term(&self, term: u32, all: u64) -> u64 {
        let having = self.postings.count(term);
        if having > COMMON_COUNT && having * COMMON_SHARE > all { 0 } else { squared(rarity(having, all)) }
    }
}

impl<'a> SubjectWords<'a> {
    pub(crate) fn new(columns: &'a Columns, profile: &Profile<'_>) -> Self {
        let told = Rules::ALL.map(|rules| columns.told_in(&columns.live, rules));
        let words = profile.entry.terms.iter().map(|word| {
            let rules = columns.terms.rules(word.term);
            SubjectWord { word, rules, value: columns.value_of_term(word.term, told[rules as usize]) }
        });
        Self {
            columns,
            sources: profile.sources.clone(),
            words: words.collect(),
            habits: RefCell::default(),
            told: RefCell::default(),
            members: RefCell::default(),
        }
    }

    /// How much of a word is left when what is only the habit of its sources is taken off, from 0 to 100.
    fn beyond_habit(&self, word: &SubjectWord, sources: &[Id]) -> u64 {
        let mut habits = self.habits.borrow_mut();
        let of_source =
            |source: &Id| *habits.entry((word.word.term, *source)).or_insert_with(|| self.beyond_habit_of_source(word, *source));
        sources.iter().map(of_source).min().unwrap_or(100)
    }

    fn beyond_habit_of_source(&self, word: &SubjectWord, source: Id) -> u64 {
        let columns = self.columns;
        let of_source = columns.having(Dimension::Source, source);
        let told_in_each = || Rules::ALL.map(|rules| columns.told_in(of_source, rules));
        let told = self.told.borrow_mut().entry(source).or_insert_with(told_in_each)[word.rules as usize];
        let term = word.word.term;
        // A word that is rarer than a habit everywhere is none of this source.
        if told < SOURCE_WITH_HABITS || columns.postings.count(term) * 100 / told <= HABIT_BEGINS {
            return 100;
        }
        let mut members = self.members.borrow_mut();
        let of_source = members.entry(source).or_insert_with(|| Members::of(of_source, columns.initiatives.len()));
        let having = columns.postings.iter(term).filter(|(id, _)| of_source.holds(*id)).count() as u64;
        let share = having * 100 / told;
        (HABIT.saturating_sub(share) * 100 / (HABIT - HABIT_BEGINS)).min(100)
    }

    /// What each word can count at the most, for a record in which nothing matters more.
    pub(crate) fn worth(&self) -> impl Iterator<Item = (Weighed, u64)> + '_ {
        let worth = |word: &SubjectWord| {
            let kept = if word.value == 0 { 0 } else { self.beyond_habit(word, &self.sources) };
            (word.word, word.value * u64::from(word.word.weight) / 255 * kept / 100)
        };
        self.words.iter().map(worth).filter(|(_, worth)| *worth > 0)
    }

    /// Calls for each word that counts in both, with how much.
    fn each_in_common<'w>(&'w self, other: &InitiativeEntry, mut call: impl FnMut(&'w SubjectWord, u64)) {
        let sources = self.columns.sources_of(other);
        let mut ours = self.words.iter().peekable();
        for their in other.terms.iter() {
            while ours.next_if(|word| word.word.term < their.term).is_some() {}
            let Some(word) = ours.next_if(|word| word.word.term == their.term) else { continue };
            if word.value == 0 {
                continue;
            }
            let mut kept = self.beyond_habit(word, &self.sources);
            if sources != self.sources {
                kept = kept.min(self.beyond_habit(word, &sources));
            }
            let counts = word.value * u64::from(word.word.weight) * u64::from(their.weight) * kept;
            if counts > 0 {
                call(word, counts);
            }
        }
    }

    /// What the words that matter in both count together: in the language in which they have most in common.
    pub(crate) fn sum_in_common(&self, other: &InitiativeEntry) -> u64 {
        let mut by_rules = [0; 3];
        self.each_in_common(other, |word, counts| by_rules[word.rules as usize] += counts);
        by_rules.into_iter().max().unwrap_or_default() / (255 * 255 * 100)
    }

    /// The words that matter in both, with what each counts: in the language in which they have most in common.
    pub(crate) fn in_common(&self, other: &InitiativeEntry) -> Vec<(u64, &SubjectWord)> {
        let mut by_rules: [(u64, Vec<(u64, &SubjectWord)>); 3] = Default::default();
        self.each_in_common(other, |word, counts| {
            let (sum, words) = &mut by_rules[word.rules as usize];
            *sum += counts;
            words.push((counts, word));
        });
        // The first of the largest.
        by_rules.into_iter().rev().max_by_key(|(sum, _)| *sum).unwrap_or_default().1
    }
}

/// Whether two initiatives are told in so much the same words that one is a copy, if they are in the same places.
pub(crate) fn same_words(one: &InitiativeEntry, other: &InitiativeEntry) -> bool {
    let (mut shared, mut count) = (0, 0);
    for (ours, theirs) in one.terms.common(&other.terms) {
        shared += u64::from(ours.weight.min(theirs.weight));
        count += 1;
    }
    let sum = |entry: &InitiativeEntry| entry.terms.iter().map(|word| u64::from(word.weight)).sum::<u64>();
    let all = sum(one) + sum(other) - shared;
    let same_title = one.folded_title == other.folded_title;
    shared > 0 && shared * 100 >= all * COPY && (same_title || count >= COPY_WORDS)
}
