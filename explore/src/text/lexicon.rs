//! Other words for the same thing, in French and English: who looks for `homeless people` means `sans-abri`, too.
//!
//! The notions stand in `lexicon.txt`, one a line. They are part of the program, as stop words are.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::analyse::Rules;
use super::query::{QueryWord, words};

const NOTIONS: &str = include_str!("lexicon.txt");

/// The languages of a line, in the order of its columns.
const LANGUAGES: [Rules; 2] = [Rules::French, Rules::English];

/// The notions by the stems of their terms, in each language.
pub(crate) struct Lexicon {
    notions: Vec<Vec<Wording>>,
    by_stems: [HashMap<String, Vec<usize>>; 2],
}

/// One way to say something: a word, or several that stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wording {
    pub rules: Rules,
    pub words: Vec<QueryWord>,
    stems: String,
}

impl Wording {
    /// A wording in a language; `None` if nothing of it counts.
    pub(crate) fn new(rules: Rules, text: &str) -> Option<Self> {
        let words: Vec<QueryWord> = words(text).into_iter().map(|word| word.only(rules)).collect();
        let stems = stems(rules, &words);
        (!stems.is_empty()).then_some(Self { rules, words, stems })
    }

    /// One word in a language.
    pub(crate) fn of_word(rules: Rules, word: QueryWord) -> Self {
        let stems = stems(rules, std::slice::from_ref(&word));
        Self { rules, words: vec![word], stems }
    }

    /// Whether these words say it.
    pub(crate) fn is_said_by(&self, words: &[QueryWord]) -> bool {
        self.stems == stems(self.rules, words)
    }
}

/// The stems of some words as one text, stop words left out.
pub(crate) fn stems(rules: Rules, words: &[QueryWord]) -> String {
    words.iter().filter_map(|word| word.stem(rules)).collect::<Vec<_>>().join(" ")
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read(NOTIONS));

impl Lexicon {
    /// The one that comes with the program.
    pub(crate) fn get() -> &'static Self {
        &LEXICON
    }

    fn read(text: &str) -> Self {
        let mut lexicon = Self { notions: Vec::new(), by_stems: Default::default() };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let columns = line.split('|').zip(LANGUAGES);
            let wordings = columns.flat_map(|(terms, rules)| terms.split(',').filter_map(move |term| Wording::new(rules, term)));
            let wordings: Vec<Wording> = wordings.collect();
            for wording in &wordings {
                let notions = lexicon.by_stems[wording.rules as usize].entry(wording.stems.clone()).or_default();
                if notions.last() != Some(&lexicon.notions.len()) {
                    notions.push(lexicon.notions.len());
                }
            }
            lexicon.notions.push(wordings);
        }
        lexicon
    }

    /// The other ways to say what some words say.
    pub(crate) fn others(&self, words: &[QueryWord]) -> Vec<&Wording> {
        let mut others: Vec<&Wording> = Vec::new();
        for rules in LANGUAGES {
            for notion in self.by_stems[rules as usize].get(&stems(rules, words)).into_iter().flatten() {
                for wording in &self.notions[*notion] {
                    if !wording.is_said_by(words) && !others.contains(&wording) {
                        others.push(wording);
                    }
                }
            }
        }
        others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn others(text: &str) -> Vec<String> {
        let said = |wording: &Wording| wording.words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
        Lexicon::get().others(&words(text)).into_iter().map(said).collect()
    }

    #[test]
    fn one_word_leads_to_the_others() {
        for (text, other) in [
            ("homeless people", "sans abri"),
            ("Sans-abris", "homeless"),
            ("school canteens", "cantine"),
            ("cantines", "school meals"),
            ("capteur", "sensor"),
            ("rançongiciels", "phishing"),
        ] {
            let others = others(text);
            assert!(others.iter().any(|found| found == other), "{text}: {others:?}");
            assert!(others.iter().all(|found| *found != crate::text::fold(text)), "{text}: {others:?}");
        }
        assert_eq!(others("quatre chemins"), Vec::<String>::new());
        assert_eq!(others("de la"), Vec::<String>::new());
        assert_eq!(others(""), Vec::<String>::new());
    }

    #[test]
    fn every_line_has_terms_in_both_languages() {
        for (number, line) in (1..).zip(NOTIONS.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let columns: Vec<&str> = line.split('|').collect();
            assert_eq!(columns.len(), 2, "line {number}: {line}");
            for (terms, rules) in columns.into_iter().zip(LANGUAGES) {
                for term in terms.split(',') {
                    assert!(Wording::new(rules, term).is_some(), "line {number}: {term:?} says nothing in {rules:?}");
                }
            }
        }
    }
}
