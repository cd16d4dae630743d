//! Whether a text holds any of some signs. Every text is asked for many, most of which most do not hold: one pass looks for all.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

/// Signs that are looked for together.
pub(crate) struct Signs(LazyLock<Searcher>);

impl Signs {
    /// Those that a function gives.
    pub(crate) const fn of(build: fn() -> Searcher) -> Self {
        Self(LazyLock::new(build))
    }

    /// Whether a text holds one of them.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        match &*self.0 {
            Searcher::Packed(searcher) => searcher.find(text).is_some(),
            Searcher::Automaton(automaton) => automaton.is_match(text),
        }
    }
}

/// What looks for signs.
pub(crate) enum Searcher {
    /// Many bytes in one instruction: several times as fast as the automaton.
    Packed(packed::Searcher),
    /// Where the machine has no such instructions.
    Automaton(AhoCorasick),
}

/// What looks for these signs.
pub(crate) fn searcher<S: AsRef<[u8]>>(signs: &[S]) -> Searcher {
    let automaton = || Searcher::Automaton(AhoCorasick::new(signs).expect("a few short signs"));
    packed::Searcher::new(signs).map_or_else(automaton, Searcher::Packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_holds_a_sign_wherever_it_stands() {
        let signs = ["[[", "%%", "<!--", " at "];
        let automaton = Searcher::Automaton(AhoCorasick::new(signs).expect("a few signs"));
        for searcher in [searcher(&signs), automaton] {
            let is_match = |text: &str| match &searcher {
                Searcher::Packed(searcher) => searcher.find(text).is_some(),
                Searcher::Automaton(automaton) => automaton.is_match(text),
            };
            for length in 0..100 {
                let before = "é[%< a".repeat(length);
                assert!(!is_match(&before), "{length}");
                for sign in signs {
                    assert!(is_match(&format!("{before}{sign}")), "{length}: {sign}");
                    assert!(is_match(&format!("{before}{sign}{before}")), "{length}: {sign}");
                }
            }
        }
    }
}
