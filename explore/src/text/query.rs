//! From what people type to what is looked for. Anything is a search: there is no syntax that can fail.
//!
//! Words are looked for as they are; `"several words"` (or « » or “ ”) stand together; `-word` must not stand anywhere.

use super::analyse::{Analyser, Rules, stem};
use super::fold;
use super::lexicon::{Lexicon, Wording};

/// How many different words are looked for; the rest of a longer text is passed over.
const MOST_WORDS: usize = 32;

/// The longest wording of the lexicon that is looked up, in words.
const LONGEST_WORDING: usize = 6;

/// How much of a text is read, in bytes.
const MOST_BYTES: usize = 10_000;

/// A word that is looked for, as each language has it; `None` where it is a stop word there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QueryWord {
    pub folded: String,
    pub stems: [Option<String>; 3],
}

impl QueryWord {
    fn new(folded: &str) -> Self {
        Self { folded: folded.to_owned(), stems: Rules::ALL.map(|rules| stem(rules, folded).map(|stem| stem.to_string())) }
    }

    pub(crate) fn stem(&self, rules: Rules) -> Option<&str> {
        self.stems[rules as usize].as_deref()
    }

    /// The same word in one language only.
    pub(crate) fn only(mut self, rules: Rules) -> Self {
        for other in Rules::ALL.into_iter().filter(|other| *other != rules) {
            self.stems[other as usize] = None;
        }
        self
    }

    /// Whether it is another form of the same word.
    pub(crate) fn is_form_of(&self, other: &Self) -> bool {
        [Rules::French, Rules::English].into_iter().all(|rules| self.stem(rules) == other.stem(rules))
    }

    /// Left out in French or in English: too frequent to tell anything.
    fn is_stop_word(&self) -> bool {
        self.stem(Rules::French).is_none() || self.stem(Rules::English).is_none()
    }
}

/// Words of a query that say something for which there are other words.
#[derive(Debug)]
pub(crate) struct Notion {
    /// Which of the words that count, as bits.
    pub words: u32,
    pub others: Vec<&'static Wording>,
}

/// A text that somebody looks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words that count, each once.
    pub(crate) words: Vec<QueryWord>,
    /// Words that must stand together; stop words keep their place.
    pub(crate) phrases: Vec<Vec<QueryWord>>,
    pub(crate) excluded: Vec<QueryWord>,
    /// All words but the excluded, in order, for the names of places and topics.
    pub(crate) spoken: Vec<QueryWord>,
}

impl Query {
    /// Reads what was typed.
    pub fn parse(text: &str) -> Self {
        let mut end = text.len().min(MOST_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut query = Self::default();
        let mut rest = &text[..end];
        while let Some(at) = rest.find(['"', '«', '“']) {
            let (before, from) = rest.split_at(at);
            let mut characters = from.chars();
            let closing = match characters.next() {
                Some('«') => '»',
                Some('“') => '”',
                _ => '"',
            };
            let inner = characters.as_str();
            query.add_words(before);
            match inner.find(closing) {
                Some(close) => {
                    query.add_phrase(&inner[..close]);
                    rest = &inner[close + closing.len_utf8()..];
                }
                // A mark without its partner is no mark.
                None => rest = inner,
            }
        }
        query.add_words(rest);
        query
    }

    /// Whether it asks for nothing: no word, and no word left out.
    pub fn is_empty(&self) -> bool {
        self.spoken.is_empty() && self.excluded.is_empty()
    }

    /// What the lexicon knows of the words, the longest wordings first taken.
    pub(crate) fn notions(&self) -> Vec<Notion> {
        let (spoken, lexicon) = (&self.spoken, Lexicon::get());
        let mut notions = Vec::new();
        let mut at = 0;
        while at < spoken.len() {
            let longest = LONGEST_WORDING.min(spoken.len() - at);
            let known = (1..=longest).rev().find_map(|length| {
                let others = lexicon.others(&spoken[at..at + length]);
                (!others.is_empty())
                    .then_some(Notion { words: self.bits(&spoken[at..at + length]), others })
                    .map(|notion| (length, notion))
            });
            at += known.as_ref().map_or(1, |(length, _)| *length);
            notions.extend(known.map(|(_, notion)| notion));
        }
        notions
    }

    /// Which of the words that count are among some.
    pub(crate) fn bits(&self, spoken: &[QueryWord]) -> u32 {
        let places = spoken.iter().filter_map(|word| self.words.iter().position(|counted| counted.is_form_of(word)));
        places.fold(0, |bits, place| bits | 1 << place)
    }

    fn add_words(&mut self, text: &str) {
        for chunk in text.split_whitespace() {
            let excluded = chunk.strip_prefix('-').filter(|word| word.chars().next().is_some_and(char::is_alphanumeric));
            let words = words(excluded.unwrap_or(chunk));
            if excluded.is_some() {
                self.excluded.extend(words.into_iter().filter(|word| !word.is_stop_word()).take(MOST_WORDS));
                self.excluded.truncate(MOST_WORDS);
            } else {
                for word in words {
                    self.add_word(word);
                }
            }
        }
    }

    fn add_phrase(&mut self, text: &str) {
        let words = words(text);
        if words.iter().filter(|word| !word.is_stop_word()).count() > 1 && self.phrases.len() < MOST_WORDS {
            self.phrases.push(words.iter().take(MOST_WORDS).cloned().collect());
        }
        for word in words {
            self.add_word(word);
        }
    }

    fn add_word(&mut self, word: QueryWord) {
        if self.spoken.len() < 4 * MOST_WORDS {
            self.spoken.push(word.clone());
        }
        if self.words.len() < MOST_WORDS && !word.is_stop_word() && !self.words.iter().any(|known| known.is_form_of(&word)) {
            self.words.push(word);
        }
    }
}

/// The words of a text, what is elided left out.
pub(crate) fn words(text: &str) -> Vec<QueryWord> {
    // The analyser for other languages leaves no word out and changes none.
    Analyser::new(Rules::Other)
        .words(text)
        .into_iter()
        .flat_map(|word| fold(&word.stem).split(' ').map(QueryWord::new).collect::<Vec<_>>())
        .filter(|word| !word.folded.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(words: &[QueryWord]) -> Vec<&str> {
        words.iter().map(|word| word.folded.as_str()).collect()
    }

    #[test]
    fn what_is_typed_is_read() {
        for (text, words, phrases, excluded) in [
            ("guichet unique", vec!["guichet", "unique"], vec![], vec![]),
            ("Guichets  d'accueil", vec!["guichets", "accueil"], vec![], vec![]),
            ("\"guichet unique\" Agen", vec!["guichet", "unique", "agen"], vec![vec!["guichet", "unique"]], vec![]),
            ("« mise en place »", vec!["mise", "place"], vec![vec!["mise", "en", "place"]], vec![]),
            ("“open data”", vec!["open", "data"], vec![vec!["open", "data"]], vec![]),
            ("\"agen", vec!["agen"], vec![], vec![]),
            ("\"agen\"", vec!["agen"], vec![], vec![]),
            ("wifi -prison", vec!["wifi"], vec![], vec!["prison"]),
            ("wi-fi", vec!["wi", "fi"], vec![], vec![]),
            ("- -- -\"", vec![], vec![], vec![]),
            ("de la", vec![], vec![], vec![]),
            ("agen Agen AGEN agens", vec!["agen"], vec![], vec![]),
            ("\0\u{7}\u{202e}x", vec!["x"], vec![], vec![]),
            ("", vec![], vec![], vec![]),
        ] {
            let query = Query::parse(text);
            let found: Vec<Vec<&str>> = query.phrases.iter().map(|phrase| folded(phrase)).collect();
            assert_eq!((folded(&query.words), found, folded(&query.excluded)), (words, phrases, excluded), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_is_a_search(text: String) {
            let query = Query::parse(&text);
            proptest::prop_assert!(query.words.len() <= MOST_WORDS);
        }
    }

    #[test]
    fn long_texts_are_read_up_to_a_point() {
        let text = (0..5000).map(|number| format!("mot{number} \"x b{number}\" -c{number}")).collect::<Vec<_>>().join(" ");
        let query = Query::parse(&text);
        assert_eq!((query.words.len(), query.phrases.len(), query.excluded.len()), (MOST_WORDS, MOST_WORDS, MOST_WORDS));
    }
}
