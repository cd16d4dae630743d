//! The words that matter in a record: chosen from the record alone, so that they do not depend on what else there is.
//!
//! How rare a word is, and so how much it counts, is worked out for each question from the initiatives that have it.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use super::generic::is_generic;
use crate::codec::{Code, Damaged, Reader};
use crate::columns::Columns;
use crate::columns::column::Column;
use crate::text::analyse::{Analyser, Rules};
use crate::text::index::TellingText;

/// How many words of each language are kept of a record.
pub(crate) const KEPT: usize = 64;

/// How much an occurrence counts in a title and in a summary, where one in a section counts 1.
const IN_TITLE: f64 = 3.0;
const IN_SUMMARY: f64 = 2.0;

/// How often a word must occur to count half of what it can.
const HALF: f64 = 3.0;

/// Words after which an occurrence counts for less: that of twice as many counts two thirds.
const USUAL_LENGTH: f64 = 100.0;

/// Words are found by how much they matter, roughly: the most in each class.
pub(crate) const WEIGHT_CLASSES: [u8; 4] = [31, 63, 127, 255];

/// The longest word that is kept, in bytes: longer ones are no words.
const LONGEST: usize = 40;

/// A word of a record: which, in which spelling, and how much it matters there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weighed {
    /// By [`Terms`].
    pub term: u32,
    form: u32,
    /// From 1 to 255.
    pub weight: u8,
}

/// Under which value the records are found in which a word matters that much.
#[expect(clippy::cast_possible_truncation, reason = "a handful of classes")]
const fn term_value(term: u32, class: usize) -> u32 {
    term * WEIGHT_CLASSES.len() as u32 + class as u32
}

impl Weighed {
    /// Under which value the records are found in which the word matters as much.
    pub(crate) fn value(self) -> u32 {
        term_value(self.term, WEIGHT_CLASSES.partition_point(|heaviest| *heaviest < self.weight))
    }
}

impl Columns {
    /// The initiatives in which a word matters, by class.
    pub(crate) fn having_term(&self, term: u32, class: usize) -> &RoaringBitmap {
        self.by_term.get(term_value(term, class))
    }

    /// How many initiatives there are in which a word matters.
    pub(crate) fn frequency_of_term(&self, term: u32) -> u64 {
        (0..WEIGHT_CLASSES.len()).map(|class| self.having_term(term, class).len()).sum()
    }
}

/// The words of a record, by number: each about four bytes, since there are many records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WeighedWords(Box<[u8]>);

impl WeighedWords {
    fn new(mut words: Vec<Weighed>) -> Self {
        words.sort_unstable_by_key(|word| word.term);
        let mut bytes = Vec::with_capacity(words.len() * 4);
        let mut before = 0;
        for word in words {
            (word.term - before).write(&mut bytes);
            before = word.term;
            word.form.write(&mut bytes);
            bytes.push(word.weight);
        }
        Self(bytes.into())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Weighed> + '_ {
        let mut reader = Reader::new(&self.0);
        let mut before = 0;
        std::iter::from_fn(move || {
            let term = before + u32::read(&mut reader).ok()?;
            before = term;
            Some(Weighed { term, form: Code::read(&mut reader).ok()?, weight: reader.take(1).ok()?[0] })
        })
    }

    /// The words that another record has too: ours and theirs.
    pub(crate) fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Weighed, Weighed)> + 'a {
        let mut theirs = other.iter().peekable();
        self.iter().filter_map(move |word| {
            while theirs.next_if(|their| their.term < word.term).is_some() {}
            theirs.next_if(|their| their.term == word.term).map(|their| (word, their))
        })
    }
}

impl Code for WeighedWords {
    fn write(&self, output: &mut Vec<u8>) {
        (self.0.len() as u64).write(output);
        output.extend_from_slice(&self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let count = input.count()?;
        Ok(Self(input.take(count)?.into()))
    }
}

/// Every word that matters in any record: a number for each stem of a language, and the spellings that people use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    numbers: Arc<HashMap<Arc<str>, u32>>,
    /// Since the numbers were last shared.
    recent: HashMap<Arc<str>, u32>,
    /// The language, then each spelling, one to a line.
    forms: Column<Arc<str>>,
}

/// How many words are copied for a change at the most, before they join the shared ones.
const RECENT: usize = 4096;

impl Terms {
    /// The language of a word.
    pub(crate) fn rules(&self, term: u32) -> Rules {
        let tag = self.forms[term].split('\n').next().unwrap_or_default();
        Rules::ALL.into_iter().find(|rules| rules.tag() == tag).unwrap_or(Rules::Other)
    }

    /// A word as a record writes it.
    pub(crate) fn written(&self, word: Weighed) -> &str {
        self.forms[word.term].split('\n').nth(word.form as usize + 1).unwrap_or_default()
    }

    fn intern(&mut self, rules: Rules, stem: &str, form: &str) -> (u32, u32) {
        let key = format!("{}\n{stem}", rules.tag());
        let known = self.recent.get(key.as_str()).or_else(|| self.numbers.get(key.as_str())).copied();
        let term = known.unwrap_or_else(|| {
            let term = u32::try_from(self.forms.len()).unwrap_or_else(|_| unreachable!("languages have fewer words"));
            self.recent.insert(key.into(), term);
            self.forms.push(rules.tag().into());
            self.share_if_many();
            term
        });
        let known = self.forms[term].split('\n').skip(1).position(|known| known == form);
        let place = known.unwrap_or_else(|| {
            let forms = self.forms.change_existing(term);
            let place = forms.split('\n').count() - 1;
            *forms = format!("{forms}\n{form}").into();
            place
        });
        (term, u32::try_from(place).unwrap_or(u32::MAX))
    }

    fn share_if_many(&mut self) {
        if self.recent.len() > RECENT.max(self.numbers.len() / 16) {
            let recent = std::mem::take(&mut self.recent);
            Arc::make_mut(&mut self.numbers).extend(recent);
        }
    }

    /// The words that matter in the tellings of an initiative, by number.
    pub(crate) fn weigh(&mut self, tellings: &[TellingText], analysers: &mut Analysers) -> WeighedWords {
        let mut weighed = Vec::new();
        for rules in Rules::ALL {
            let mut words: HashMap<Arc<str>, Counted> = HashMap::new();
            for telling in tellings.iter().filter(|telling| telling.rules == rules) {
                analysers.count(telling, &mut words);
            }
            let mut words: Vec<(Arc<str>, Counted)> = words.into_iter().collect();
            // Of words that matter as much, those that come first.
            words.sort_by(|one, other| {
                other.1.weight.total_cmp(&one.1.weight).then(one.1.first.cmp(&other.1.first)).then(one.0.cmp(&other.0))
            });
            words.truncate(KEPT);
            for (stem, counted) in words {
                let (term, form) = self.intern(rules, &stem, counted.usual_form());
                weighed.push(Weighed { term, form, weight: counted.rounded() });
            }
        }
        WeighedWords::new(weighed)
    }
}

impl Code for Terms {
    fn write(&self, output: &mut Vec<u8>) {
        let mut stems: Vec<(u32, Arc<str>)> =
            self.numbers.iter().chain(&self.recent).map(|(stem, term)| (*term, Arc::clone(stem))).collect();
        stems.sort_unstable();
        let words: Box<[(Arc<str>, Arc<str>)]> =
            stems.into_iter().map(|(term, stem)| (stem, Arc::clone(&self.forms[term]))).collect();
        words.write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let words = Box::<[(Arc<str>, Arc<str>)]>::read(input)?;
        let numbers = words.iter().zip(0..).map(|((stem, _), term)| (Arc::clone(stem), term)).collect();
        let forms = words.into_iter().map(|(_, forms)| forms).collect();
        Ok(Self { numbers: Arc::new(numbers), recent: HashMap::new(), forms })
    }
}

/// What is counted of a word in a record.
#[derive(Debug, Default)]
struct Counted {
    weight: f64,
    /// Where it occurs first.
    first: usize,
    /// Each spelling, how often it is sure, and how often the beginning of a sentence hides its first letter.
    forms: HashMap<String, (u32, u32)>,
}

impl Counted {
    /// The spelling that is used most.
    fn usual_form(&self) -> &str {
        let most = self.forms.iter().max_by(|one, other| one.1.cmp(other.1).then_with(|| other.0.cmp(one.0)));
        most.map_or("", |(form, _)| form)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
    fn rounded(&self) -> u8 {
        ((self.weight / (self.weight + HALF) * 255.0).round() as u8).max(1)
    }
}

/// Reads the tellings of many records.
#[derive(Debug)]
pub(crate) struct Analysers([Analyser; 3]);

impl Default for Analysers {
    fn default() -> Self {
        Self(Rules::ALL.map(Analyser::new))
    }
}

impl Analysers {
    fn count(&mut self, telling: &TellingText, counted: &mut HashMap<Arc<str>, Counted>) {
        let analyser = &mut self.0[telling.rules as usize];
        let parts = [(telling.title.as_str(), IN_TITLE), (telling.summary.as_str(), IN_SUMMARY)];
        let parts = parts.into_iter().chain(telling.sections.iter().map(|section| (section.as_str(), 1.0)));
        let parts: Vec<_> = parts.map(|(text, weight)| (text, weight, analyser.words(text))).collect();
        let length = parts.iter().map(|(_, _, words)| words.len()).sum::<usize>();
        #[expect(clippy::cast_precision_loss, reason = "how many words a text has")]
        let shortened = 2.0 / (1.0 + (length as f64 / USUAL_LENGTH).max(1.0));
        let mut before = 0;
        for (text, weight, words) in &parts {
            for word in words {
                let written = &text[word.start..word.end];
                if !is_telling(&word.stem, written) || is_generic(telling.rules, &word.stem) {
                    continue;
                }
                let counted = counted
                    .entry(Arc::clone(&word.stem))
                    .or_insert_with(|| Counted { first: before + word.position, ..Counted::default() });
                counted.weight += weight * shortened;
                let (form, is_sure) = as_in_a_list(text, word.start, written);
                let (sure, unsure) = counted.forms.entry(form).or_default();
                *if is_sure { sure } else { unsure } += 1;
            }
            before += words.last().map_or(0, |word| word.position + 1);
        }
    }
}

/// Whether a word can tell anything: numbers and single letters do not.
fn is_telling(stem: &str, written: &str) -> bool {
    stem.chars().nth(1).is_some() && written.len() <= LONGEST && stem.chars().any(char::is_alphabetic)
}

/// A word as it would stand in a list of words: without the capital that the beginning of a sentence gives it; and whether
/// it is sure to be written so.
fn as_in_a_list(text: &str, start: usize, written: &str) -> (String, bool) {
    let before = text[..start].trim_end_matches([' ', '«', '"', '“', '(', '\'', '’', '\u{a0}']);
    let begins = before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n', '•', '-', '–', '—', ';']);
    let mut letters = written.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if begins && first.is_uppercase() && second.is_lowercase() => {
            (first.to_lowercase().chain(letters).collect(), false)
        }
        _ => (written.to_owned(), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telling(title: &str, summary: &str, section: &str) -> TellingText {
        TellingText {
            rules: Rules::French,
            title: title.to_owned(),
            summary: summary.to_owned(),
            sections: vec![section.to_owned()],
        }
    }

    fn written(terms: &Terms, weighed: &WeighedWords) -> Vec<(String, u8)> {
        let mut words: Vec<_> = weighed.iter().map(|word| (terms.written(word).to_owned(), word.weight)).collect();
        words.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        words
    }

    #[test]
    fn words_are_named_as_people_write_them() {
        let (mut terms, mut analysers) = (Terms::default(), Analysers::default());
        let one =
            terms.weigh(&[telling("Guichets ouverts", "", "L'accueil à Roubaix. Guichets et RGPD en 2018")], &mut analysers);
        let words: Vec<String> = written(&terms, &one).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["guichets", "ouverts", "RGPD", "Roubaix", "accueil"]);
        let other = terms.weigh(&[telling("Un guichet", "", "")], &mut analysers);
        assert_eq!(written(&terms, &other), [("guichet".to_owned(), 128)], "a spelling for each record, one number");
        assert_eq!(one.common(&other).count(), 1);
        assert_eq!(other.iter().map(|word| terms.rules(word.term)).collect::<Vec<_>>(), [Rules::French]);
    }

    #[test]
    fn long_records_keep_the_words_that_matter() {
        let (mut terms, mut analysers) = (Terms::default(), Analysers::default());
        let letter = |number: u8| char::from(b'a' + number);
        let many: Vec<String> = (0..200).map(|number| format!("{}{}k", letter(number / 20), letter(number % 20))).collect();
        let weighed = terms.weigh(&[telling("Fablab", "", &format!("{} prison prison", many.join(" ")))], &mut analysers);
        assert_eq!(weighed.iter().count(), KEPT);
        let words = written(&terms, &weighed);
        assert_eq!(words.iter().take(2).map(|(word, _)| word.as_str()).collect::<Vec<_>>(), ["fablab", "prison"]);
        assert!(
            words.contains(&("abk".to_owned(), words[2].1)) && !words.iter().any(|(word, _)| word == "jtk"),
            "of the others, those that come first"
        );
    }

    #[test]
    fn terms_are_read_as_they_were_written() {
        let (mut terms, mut analysers) = (Terms::default(), Analysers::default());
        let weighed = terms.weigh(&[telling("Guichets ouverts", "Un guichet", "L'accueil")], &mut analysers);
        let mut bytes = Vec::new();
        terms.write(&mut bytes);
        weighed.write(&mut bytes);
        let mut reader = Reader::new(&bytes);
        let mut again = Terms::read(&mut reader).expect("terms");
        assert_eq!(WeighedWords::read(&mut reader).as_ref(), Ok(&weighed));
        assert_eq!(written(&again, &weighed), written(&terms, &weighed));
        assert_eq!(again.weigh(&[telling("Guichets ouverts", "Un guichet", "L'accueil")], &mut analysers), weighed);
        assert_eq!(again.forms.len(), terms.forms.len());
    }
}
