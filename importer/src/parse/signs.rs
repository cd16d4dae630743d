//! Whether a text holds any of some signs. Every text is asked for many, most of which most do not hold: one pass looks for all.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Signs that are looked for together.
pub(crate) struct Signs(LazyLock<AhoCorasick>);

impl Signs {
    /// Those that a function lists.
    pub(crate) const fn of(build: fn() -> AhoCorasick) -> Self {
        Self(LazyLock::new(build))
    }

    /// Whether a text holds one of them.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// What looks for signs.
pub(crate) fn searcher(signs: impl IntoIterator<Item = impl AsRef<[u8]>>) -> AhoCorasick {
    AhoCorasick::new(signs).expect("a few short signs")
}
