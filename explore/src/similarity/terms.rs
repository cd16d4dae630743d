//! The words that matter in a record: chosen from the record alone, so that they do not depend on what else there is.
//!
//! How rare a word is, and so how much it counts, is worked out for each question from the initiatives that have it.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::HashMap;

use super::generic::is_generic;
use crate::codec::{Code, Damaged, Reader as ByteReader, write_bytes};
use crate::columns::column::Column;
use crate::text::analyse::{Rules, Word};
use crate::text::reading::Reading;

/// How many words of each language are kept of a record.
pub(crate) const KEPT: usize = 64;

/// How much an occurrence counts in a title and in a summary, where one in a section counts 1.
const IN_TITLE: f64 = 3.0;
const IN_SUMMARY: f64 = 2.0;
const IN_TEXT: f64 = 1.0;

/// How often a word must occur to count half of what it can.
const HALF: f64 = 3.0;

/// Words after which an occurrence counts for less: that of twice as many counts two thirds.
const USUAL_LENGTH: f64 = 100.0;

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

/// The words of a record, by number: each about three bytes, since there are many records. A word is the difference of its number
/// to the one before, doubled, and one more where its spelling follows (else it is the first of them), and how much it matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WeighedWords(Box<[u8]>);

impl WeighedWords {
    fn new(mut words: Vec<Weighed>) -> Self {
        words.sort_unstable_by_key(|word| word.term);
        let mut bytes = Vec::with_capacity(words.len() * 4);
        let mut before = 0;
        for word in words {
            (u64::from(word.term - before) << 1 | u64::from(word.form != 0)).write(&mut bytes);
            before = word.term;
            if word.form != 0 {
                word.form.write(&mut bytes);
            }
            bytes.push(word.weight);
        }
        Self(bytes.into())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Weighed> + '_ {
        let mut reader = ByteReader::new(&self.0);
        let mut before = 0;
        std::iter::from_fn(move || {
            let number = u64::read(&mut reader).ok()?;
            let term = before + u32::try_from(number >> 1).ok()?;
            before = term;
            let form = if number & 1 == 0 { 0 } else { u32::read(&mut reader).ok()? };
            Some(Weighed { term, form, weight: reader.take(1).ok()?[0] })
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
        write_bytes(&self.0, output);
    }

    fn read(input: &mut ByteReader<'_>) -> Result<Self, Damaged> {
        Ok(Self(input.bytes()?.into()))
    }
}

/// Every word that matters in any record: a number for each stem of a language, and the spellings that people use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// By language.
    numbers: [Arc<HashMap<Arc<str>, u32>>; 3],
    /// Since the numbers were last shared.
    recent: [HashMap<Arc<str>, u32>; 3],
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

    fn intern(&mut self, rules: Rules, stem: &Arc<str>, form: &str) -> (u32, u32) {
        let (numbers, recent) = (&self.numbers[rules as usize], &self.recent[rules as usize]);
        let term = numbers.get(stem).or_else(|| recent.get(stem)).copied().unwrap_or_else(|| {
            let term = u32::try_from(self.forms.len()).unwrap_or_else(|_| unreachable!("languages have fewer words"));
            self.forms.push(rules.tag().into());
            self.recent[rules as usize].insert(Arc::clone(stem), term);
            self.share_if_many(rules);
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

    fn share_if_many(&mut self, rules: Rules) {
        let (numbers, recent) = (&mut self.numbers[rules as usize], &mut self.recent[rules as usize]);
        if recent.len() > RECENT.max(numbers.len() / 16) {
            Arc::make_mut(numbers).extend(recent.drain());
        }
    }

    /// The words that matter in the tellings of an initiative, by number.
    pub(crate) fn weigh(&mut self, tellings: &[Reading], scales: &mut Scales) -> WeighedWords {
        let mut weighed = Vec::new();
        for rules in Rules::ALL {
            let tellings: Vec<&Reading> = tellings.iter().filter(|telling| telling.rules == rules).collect();
            if tellings.is_empty() {
                continue;
            }
            for Kept { stem, form, weight } in scales.weigh(rules, &tellings) {
                let (term, form) = self.intern(rules, &stem, &form);
                weighed.push(Weighed { term, form, weight });
            }
        }
        WeighedWords::new(weighed)
    }
}

impl Code for Terms {
    fn write(&self, output: &mut Vec<u8>) {
        for (numbers, recent) in self.numbers.iter().zip(&self.recent) {
            let numbers = numbers.iter().chain(recent).map(|(stem, term)| (Arc::clone(stem), *term));
            let mut numbers: Box<[(Arc<str>, u32)]> = numbers.collect();
            numbers.sort_unstable_by_key(|(_, term)| *term);
            numbers.write(output);
        }
        self.forms.iter().cloned().collect::<Box<[_]>>().write(output);
    }

    fn read(input: &mut ByteReader<'_>) -> Result<Self, Damaged> {
        let mut terms = Self::default();
        let mut highest = None;
        for numbers in &mut terms.numbers {
            let read = Box::<[(Arc<str>, u32)]>::read(input)?;
            highest = highest.max(read.iter().map(|(_, term)| *term).max());
            *numbers = Arc::new(read.into_iter().collect());
        }
        terms.forms = Box::<[Arc<str>]>::read(input)?.into_iter().collect();
        if highest.is_some_and(|highest| highest as usize >= terms.forms.len()) {
            return Err(input.damaged("is the number of no word"));
        }
        Ok(terms)
    }
}

/// A word of a record that is kept.
#[derive(Debug)]
struct Kept {
    stem: Arc<str>,
    form: String,
    weight: u8,
}

/// How many stems are remembered, so that a text made to fill the memory does not.
const REMEMBERED: usize = 200_000;

/// Weighs the words of many records.
#[derive(Debug, Default)]
pub(crate) struct Scales {
    languages: [Language; 3],
    /// The word of each occurrence in the tellings at hand, in the order in which they are read.
    occurrences: Vec<Option<u32>>,
}

/// The words of a language that have been weighed.
#[derive(Debug, Default)]
struct Language {
    /// The place of each stem in `counted`; `None` for one that tells nothing.
    places: HashMap<Arc<str>, Option<u32>>,
    counted: Vec<Counted>,
    /// Which are in the record at hand.
    touched: Vec<u32>,
}

/// What is counted of a word in a record.
#[derive(Debug)]
struct Counted {
    stem: Arc<str>,
    weight: f64,
    /// Where it occurs first.
    first: usize,
    /// Its place among those that are kept.
    kept: Option<usize>,
}

impl Language {
    fn place(&mut self, rules: Rules, stem: &Arc<str>) -> Option<u32> {
        if let Some(place) = self.places.get(stem) {
            return *place;
        }
        let place = (is_telling(stem) && !is_generic(rules, stem)).then(|| {
            let place = u32::try_from(self.counted.len()).unwrap_or_else(|_| unreachable!("there are at most so many"));
            self.counted.push(Counted { stem: Arc::clone(stem), weight: 0.0, first: 0, kept: None });
            place
        });
        self.places.insert(Arc::clone(stem), place);
        place
    }
}

impl Scales {
    /// The words that matter most in some tellings of one language.
    fn weigh(&mut self, rules: Rules, tellings: &[&Reading]) -> Vec<Kept> {
        let language = &mut self.languages[rules as usize];
        if language.places.len() > REMEMBERED {
            *language = Language::default();
        }
        self.occurrences.clear();
        for telling in tellings {
            #[expect(clippy::cast_precision_loss, reason = "how many words a text has")]
            let shortened = 2.0 / (1.0 + (telling.length() as f64 / USUAL_LENGTH).max(1.0));
            let mut before = 0;
            for (part, weight) in telling.parts().zip([IN_TITLE, IN_SUMMARY].into_iter().chain(std::iter::repeat(IN_TEXT))) {
                for word in &part.words {
                    let place = language.place(rules, &word.stem);
                    self.occurrences.push(place);
                    let Some(place) = place else { continue };
                    let counted = &mut language.counted[place as usize];
                    if counted.weight == 0.0 {
                        counted.first = before + word.position;
                        language.touched.push(place);
                    }
                    counted.weight += weight * shortened;
                }
                before += part.words.last().map_or(0, |word| word.position + 1);
            }
        }
        let Language { counted, touched, .. } = language;
        // Of words that matter as much, those that come first.
        let by_weight = |one: &u32, other: &u32| {
            let (one, other) = (&counted[*one as usize], &counted[*other as usize]);
            other.weight.total_cmp(&one.weight).then(one.first.cmp(&other.first)).then_with(|| one.stem.cmp(&other.stem))
        };
        if touched.len() > KEPT {
            touched.select_nth_unstable_by(KEPT, by_weight);
        }
        let mut first: Vec<u32> = touched.iter().copied().take(KEPT).collect();
        first.sort_unstable_by(by_weight);
        for (kept, place) in first.iter().enumerate() {
            counted[*place as usize].kept = Some(kept);
        }
        let mut forms: Vec<Vec<Form<'_>>> = vec![Vec::new(); first.len()];
        let parts = tellings.iter().flat_map(|telling| telling.parts());
        let words = parts.flat_map(|part| part.words.iter().map(|word| (part.text.as_str(), word)));
        for ((text, word), place) in words.zip(&self.occurrences) {
            if let Some(kept) = place.and_then(|place| counted[place as usize].kept) {
                Form::count(&mut forms[kept], text, word);
            }
        }
        let kept = first.iter().zip(forms).map(|(place, forms)| {
            let counted = &counted[*place as usize];
            Kept { stem: Arc::clone(&counted.stem), form: Form::usual(&forms), weight: rounded(counted.weight) }
        });
        let kept = kept.collect();
        for place in touched.drain(..) {
            let counted = &mut counted[place as usize];
            (counted.weight, counted.kept) = (0.0, None);
        }
        kept
    }
}

/// A spelling of a word, how often it is sure, and how often the beginning of a sentence hides its first letter.
#[derive(Debug, Clone)]
struct Form<'a> {
    written: Cow<'a, str>,
    sure: u32,
    unsure: u32,
}

impl<'a> Form<'a> {
    fn count(forms: &mut Vec<Self>, text: &'a str, word: &Word) {
        let (written, is_sure) = as_in_a_list(text, word.start, &text[word.start..word.end]);
        let (sure, unsure) = if is_sure { (1, 0) } else { (0, 1) };
        match forms.iter_mut().find(|known| known.written == written) {
            Some(known) => (known.sure, known.unsure) = (known.sure + sure, known.unsure + unsure),
            None => forms.push(Self { written, sure, unsure }),
        }
    }

    /// The spelling that is used most.
    fn usual(forms: &[Self]) -> String {
        let used = |form: &Self| (form.sure, form.unsure);
        let most = forms.iter().max_by(|one, other| used(one).cmp(&used(other)).then_with(|| other.written.cmp(&one.written)));
        most.map_or_else(String::new, |form| form.written.as_ref().to_owned())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn rounded(weight: f64) -> u8 {
    ((weight / (weight + HALF) * 255.0).round() as u8).max(1)
}

/// Whether a word can tell anything: numbers and single letters do not.
fn is_telling(stem: &str) -> bool {
    stem.chars().nth(1).is_some() && stem.len() <= LONGEST && stem.chars().any(char::is_alphabetic)
}

/// A word as it would stand in a list of words: without the capital that the beginning of a sentence gives it; and whether
/// it is sure to be written so.
fn as_in_a_list<'a>(text: &str, start: usize, written: &'a str) -> (Cow<'a, str>, bool) {
    let mut letters = written.chars();
    let (Some(first), Some(second)) = (letters.next(), letters.clone().next()) else { return (written.into(), true) };
    if !(first.is_uppercase() && second.is_lowercase()) {
        return (written.into(), true);
    }
    let before = text[..start].trim_end_matches([' ', '«', '"', '“', '(', '\'', '’', '\u{a0}']);
    if before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n', '•', '-', '–', '—', ';']) {
        (first.to_lowercase().chain(letters).collect(), false)
    } else {
        (written.into(), true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::reading::Reader;

    fn telling(title: &str, summary: &str, section: &str) -> Reading {
        Reader::default().read(Rules::French, title, summary, vec![section.to_owned()])
    }

    fn written(terms: &Terms, weighed: &WeighedWords) -> Vec<(String, u8)> {
        let mut words: Vec<_> = weighed.iter().map(|word| (terms.written(word).to_owned(), word.weight)).collect();
        words.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        words
    }

    #[test]
    fn words_are_named_as_people_write_them() {
        let (mut terms, mut scales) = (Terms::default(), Scales::default());
        let one = terms.weigh(&[telling("Guichets ouverts", "", "L'accueil à Roubaix. Guichets et RGPD en 2018")], &mut scales);
        let words: Vec<String> = written(&terms, &one).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["guichets", "ouverts", "RGPD", "Roubaix", "accueil"]);
        let other = terms.weigh(&[telling("Un guichet", "", "")], &mut scales);
        assert_eq!(written(&terms, &other), [("guichet".to_owned(), 128)], "a spelling for each record, one number");
        assert_eq!(one.common(&other).count(), 1);
        assert_eq!(other.iter().map(|word| terms.rules(word.term)).collect::<Vec<_>>(), [Rules::French]);
    }

    #[test]
    fn long_records_keep_the_words_that_matter() {
        let (mut terms, mut scales) = (Terms::default(), Scales::default());
        let letter = |number: u8| char::from(b'a' + number);
        let many: Vec<String> = (0..200).map(|number| format!("{}{}k", letter(number / 20), letter(number % 20))).collect();
        let weighed = terms.weigh(&[telling("Fablab", "", &format!("{} prison prison", many.join(" ")))], &mut scales);
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
        let (mut terms, mut scales) = (Terms::default(), Scales::default());
        let weighed = terms.weigh(&[telling("Guichets ouverts", "Un guichet", "L'accueil")], &mut scales);
        let mut bytes = Vec::new();
        terms.write(&mut bytes);
        weighed.write(&mut bytes);
        let mut reader = ByteReader::new(&bytes);
        let mut again = Terms::read(&mut reader).expect("terms");
        assert_eq!(WeighedWords::read(&mut reader).as_ref(), Ok(&weighed));
        assert_eq!(written(&again, &weighed), written(&terms, &weighed));
        assert_eq!(again.weigh(&[telling("Guichets ouverts", "Un guichet", "L'accueil")], &mut scales), weighed);
        assert_eq!(again.forms.len(), terms.forms.len());
    }
}
