//! Topics by key or label.

use std::collections::HashMap;

use maillage_explore::text::{fold, fold_words};
use maillage_graph_schema::model::{Topic, TopicKey};

use crate::diagnostic::nearest;

/// The vocabulary, by every word that leads to a topic.
#[derive(Debug, Default)]
pub struct Topics {
    keys: HashMap<String, TopicKey>,
    /// By folded label; of two topics the one whose preferred label it is, else the first.
    preferred: HashMap<String, TopicKey>,
    alternative: HashMap<String, TopicKey>,
}

impl Topics {
    /// Adds a topic.
    pub fn add(&mut self, topic: &Topic) {
        for key in topic.aliases.iter().chain([&topic.key]) {
            self.keys.insert(key.to_string(), topic.key.clone());
        }
        for label in topic.labels.values() {
            self.preferred.entry(fold_words(label.as_str())).or_insert_with(|| topic.key.clone());
        }
        for alternative in &topic.alternative_labels {
            self.alternative.entry(fold_words(alternative.label.as_str())).or_insert_with(|| topic.key.clone());
        }
    }

    /// The topic that a key or label names as a whole; acronyms inside a longer text do not count.
    pub fn find(&self, text: &str) -> Option<&TopicKey> {
        let words = fold_words(text);
        self.keys
            .get(text.trim())
            .or_else(|| self.preferred.get(&words))
            .or_else(|| self.alternative.get(&words))
            .or_else(|| self.keys.get(&fold(text).replace(' ', "-")))
    }

    /// The key nearest to a text that names no topic, by key or label.
    pub fn nearest(&self, text: &str) -> Option<String> {
        let keys = nearest(text, self.keys.keys().map(String::as_str)).and_then(|key| self.keys.get(key));
        let labels = || nearest(text, self.preferred.keys().map(String::as_str)).and_then(|label| self.preferred.get(label));
        keys.or_else(labels).map(ToString::to_string)
    }
}
