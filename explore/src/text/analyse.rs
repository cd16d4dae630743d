//! The one analyser: from a text to the words by which it is found. The same for what is indexed, what is asked and what
//! is marked in an extract.
//!
//! A word is a run of letters and digits. `l'école` is `école`: what French elides is dropped. Words are folded first (see
//! [`super::fold`]) and then brought to their stem by the language of the text, so that `médiations` finds `médiation`.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use foldhash::{HashMap, HashMapExt as _};
use frostem::{Algorithm, Stemmer};

use unicode_normalization::char::is_combining_mark;

use super::fold;

/// By which rules a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rules {
    French,
    English,
    /// Any other language: folded, not stemmed.
    Other,
}

impl Rules {
    pub(crate) const ALL: [Self; 3] = [Self::French, Self::English, Self::Other];

    /// The rules for a language.
    pub(crate) fn of(language: &str) -> Self {
        match language.split('-').next() {
            Some("fr") => Self::French,
            Some("en") => Self::English,
            _ => Self::Other,
        }
    }

    /// The short name, in the names of index fields.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
            Self::Other => "xx",
        }
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub stem: Arc<str>,
    /// Where it stands in the text, in bytes.
    pub start: usize,
    pub end: usize,
    /// Its place among all words, those left out included.
    pub position: usize,
}

/// What is left out: too frequent to tell anything.
const STOP_WORDS: [&[&str]; 2] = [
    &[
        "a", "afin", "ai", "ainsi", "alors", "apres", "au", "aussi", "aux", "avec", "avoir", "c", "ce", "ceci", "cela", "celle",
        "celles", "celui", "ces", "cet", "cette", "ceux", "chez", "comme", "d", "dans", "de", "des", "donc", "dont", "du",
        "elle", "elles", "en", "encore", "entre", "est", "et", "etaient", "etait", "etant", "etc", "ete", "etre", "eux", "fait",
        "ici", "il", "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "m", "mais", "me", "meme", "mes", "moi",
        "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "peu", "peut", "plus", "pour",
        "pourquoi", "qu", "quand", "que", "quel", "quelle", "quelles", "quels", "qui", "quoi", "s", "sa", "sans", "se", "ses",
        "si", "son", "sont", "sous", "sur", "t", "ta", "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres",
        "tu", "un", "une", "vos", "votre", "vous", "y",
    ],
    &[
        "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "being", "both",
        "but", "by", "can", "could", "did", "do", "does", "each", "for", "from", "had", "has", "have", "he", "her", "here",
        "his", "how", "i", "if", "in", "into", "is", "it", "its", "may", "more", "most", "my", "no", "not", "of", "on", "one",
        "or", "other", "our", "out", "over", "s", "she", "should", "so", "some", "such", "t", "than", "that", "the", "their",
        "them", "then", "there", "these", "they", "this", "those", "through", "to", "under", "up", "us", "was", "we", "were",
        "what", "when", "where", "which", "while", "who", "why", "will", "with", "would", "you", "your",
    ],
];

static STOPS: LazyLock<[HashSet<&'static str>; 2]> = LazyLock::new(|| STOP_WORDS.map(|words| words.iter().copied().collect()));

/// What French puts before a vowel with an apostrophe.
const ELIDED: &[&str] =
    &["l", "d", "j", "m", "t", "s", "c", "n", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu"];

const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | 'ʼ' | '´' | '`')
}

/// Reads texts by one set of rules; remembers the words that it has seen.
#[derive(Debug)]
pub(crate) struct Analyser {
    rules: Rules,
    /// What each run of letters and digits comes to, as it was written.
    seen: HashMap<Box<str>, Box<[Part]>>,
}

/// A word of a run. There is more than one where the run folds into several, as a fraction or a ligature of a full stop does.
#[derive(Debug)]
struct Part {
    /// `None` for a stop word.
    stem: Option<Arc<str>>,
    /// Whether it is dropped before an apostrophe.
    is_elidable: bool,
}

/// How many words are remembered, so that a text made to fill the memory does not.
const REMEMBERED: usize = 200_000;

/// The longest word that is indexed, in bytes: longer ones are cut. No real word is, and the index keeps no longer ones.
const LONGEST_WORD: usize = 100;

impl Analyser {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules, seen: HashMap::new() }
    }

    /// The words of a text, stop words left out.
    pub(crate) fn words(&mut self, text: &str) -> Vec<Word> {
        let mut words = Vec::with_capacity(text.len() / 7);
        let mut position = 0;
        for (start, end) in Runs::new(text) {
            let run = &text[start..end];
            let unseen;
            let parts = if let Some(parts) = self.seen.get(run) {
                parts
            } else if self.seen.len() < REMEMBERED {
                &*self.seen.entry(run.into()).or_insert(parts(self.rules, run))
            } else {
                unseen = parts(self.rules, run);
                &unseen
            };
            for Part { stem, is_elidable } in parts {
                let is_elided = *is_elidable && text[end..].chars().next().is_some_and(is_apostrophe);
                if !is_elided && let Some(stem) = stem {
                    words.push(Word { stem: Arc::clone(stem), start, end, position });
                }
                position += 1;
            }
        }
        words
    }
}

fn parts(rules: Rules, run: &str) -> Box<[Part]> {
    let folded = fold(run);
    let words = folded.split(' ').filter(|word| !word.is_empty());
    words.map(|word| Part { stem: stem(rules, word), is_elidable: ELIDED.contains(&word) }).collect()
}

/// The stem of a folded word; `None` for a stop word.
pub(crate) fn stem(rules: Rules, word: &str) -> Option<Arc<str>> {
    let mut end = word.len().min(LONGEST_WORD);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    let word = &word[..end];
    let (algorithm, stops) = match rules {
        Rules::French => (Algorithm::French, &STOPS[0]),
        Rules::English => (Algorithm::English, &STOPS[1]),
        Rules::Other => return Some(word.into()),
    };
    if stops.contains(word) {
        return None;
    }
    Some(Stemmer::new(algorithm).stem(word).as_ref().into())
}

/// The runs of letters and digits of a text, as byte ranges.
struct Runs<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Runs<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let is_of_word = |character: char| character.is_alphanumeric() || !character.is_ascii() && is_combining_mark(character);
        let rest = &self.text[self.at..];
        let start = self.at + rest.find(char::is_alphanumeric)?;
        let end = self.text[start..].find(|character| !is_of_word(character)).map_or(self.text.len(), |length| start + length);
        self.at = end;
        Some((start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(rules: Rules, text: &str) -> Vec<String> {
        Analyser::new(rules).words(text).into_iter().map(|word| word.stem.to_string()).collect()
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for (rules, one, other) in [
            (Rules::French, "médiation numérique", "mediations numeriques"),
            (Rules::French, "L’école", "écoles"),
            (Rules::French, "qu'une école", "l'ECOLE"),
            (Rules::French, "cœur de ville", "coeur des villes"),
            (Rules::French, "guichet", "guichets"),
            (Rules::French, "aujourd'hui", "aujourd’hui"),
            (Rules::French, "les données ouvertes", "une donnée ouverte"),
            (Rules::French, "accompagner", "accompagné"),
            (Rules::English, "kiosks", "Kiosk"),
            (Rules::English, "libraries", "the library"),
            (Rules::English, "walking citizens", "walk citizen"),
            (Rules::English, "children's libraries", "children library"),
            (Rules::Other, "Bürgerhaus", "burgerhaus"),
            (Rules::French, "1 ½ jour", "1 1⁄2 jours"),
        ] {
            assert_eq!(stems(rules, one), stems(rules, other), "{one:?} and {other:?}");
            assert!(!stems(rules, one).is_empty(), "{one:?}");
        }
    }

    #[test]
    fn words_know_where_they_stand() {
        let text = "À l'école, les élèves";
        let words = Analyser::new(Rules::French).words(text);
        let places: Vec<(&str, usize)> = words.iter().map(|word| (&text[word.start..word.end], word.position)).collect();
        assert_eq!(places, [("école", 2), ("élèves", 4)]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_words(text: String) {
            for rules in Rules::ALL {
                for word in Analyser::new(rules).words(&text) {
                    proptest::prop_assert!(text.get(word.start..word.end).is_some_and(|written| !written.is_empty()));
                    proptest::prop_assert!(!word.stem.is_empty());
                }
            }
        }
    }
}
