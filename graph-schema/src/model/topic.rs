//! The controlled vocabulary: a tree in the manner of SKOS.

use std::collections::BTreeMap;

use super::{Language, Provenance, Text, TopicKey, WebAddress};

/// Another wording for a topic, by which free tags find it.
#[derive(Debug, Clone, PartialEq)]
pub struct AlternativeLabel {
    pub label: Text,
    /// Unknown for names and acronyms that serve in several languages.
    pub language: Option<Language>,
}

/// A topic, such as "fab labs".
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    pub key: TopicKey,
    pub aliases: Vec<TopicKey>,
    /// One preferred label a language; never empty.
    pub labels: BTreeMap<Language, Text>,
    pub alternative_labels: Vec<AlternativeLabel>,
    pub broader: Option<TopicKey>,
    /// Concepts of other vocabularies that mean nearly the same (`skos:closeMatch`).
    pub close_matches: Vec<WebAddress>,
    pub provenance: Vec<Provenance>,
}

impl Topic {
    /// The label in a language, else in English, else in French, else in whichever comes first.
    pub fn label(&self, language: &Language) -> &str {
        let by_primary = |primary: &str| self.labels.iter().find(|(tag, _)| tag.primary() == primary).map(|(_, label)| label);
        self.labels
            .get(language)
            .or_else(|| by_primary(language.primary()))
            .or_else(|| by_primary("en"))
            .or_else(|| by_primary("fr"))
            .or_else(|| self.labels.values().next())
            .map_or_else(|| self.key.as_str(), Text::as_str)
    }
}
