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

    /// The same, about a collection.
    #[must_use]
    pub fn within(self, collection: &str) -> Self {
        Self { french: format!("[{collection}] {}", self.french), english: format!("[{collection}] {}", self.english) }
    }

    /// The sentence in a language.
    pub fn text(&self, language: ReportLanguage) -> &str {
        match language {
            ReportLanguage::French => &self.french,
            ReportLanguage::English => &self.english,
        }
    }
}

/// Names in quotation marks with commas between, the first few.
pub fn listed<'t>(names: impl IntoIterator<Item = &'t str>, most: usize) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut text = names.iter().take(most).map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    if names.len() > most {
        text.push_str(", …");
    }
    text
}

/// The start of a value, on one line.
pub fn shortened(value: &str, most: usize) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most).chain(['…']).collect() }
}
