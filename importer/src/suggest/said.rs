//! What is said to people, in French and in English.

use crate::diagnostic::ReportLanguage;

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    french: String,
    english: String,
}

impl Said {
    pub fn new(french: impl Into<String>, english: impl Into<String>) -> Self {
        Self { french: french.into(), english: english.into() }
    }

    /// The sentence in a language.
    pub fn text(&self, language: ReportLanguage) -> &str {
        match language {
            ReportLanguage::French => &self.french,
            ReportLanguage::English => &self.english,
        }
    }
}

/// The start of a value, on one line.
pub fn shortened(value: &str, most: usize) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most).chain(['…']).collect() }
}
