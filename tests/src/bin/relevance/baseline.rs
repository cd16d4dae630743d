//! What a plain engine would answer: BM25 over all words alike, and counting the topics that two initiatives share.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::Initiative;

use crate::graph::Graph;

/// The usual constants: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009.
const SATURATION: f64 = 1.2;
const LENGTH: f64 = 0.75;

/// Plain BM25: the folded words of titles, summaries and sections in one heap, no stems, no names, no languages.
pub struct Bm25 {
    documents: Vec<(String, BTreeMap<String, u32>, f64)>,
    holding: BTreeMap<String, u32>,
    average: f64,
}

impl Bm25 {
    pub fn of(graph: &Graph) -> Self {
        let mut documents = Vec::new();
        let mut holding: BTreeMap<String, u32> = BTreeMap::new();
        for (key, initiative) in &graph.initiatives {
            let mut text = format!("{} {}", initiative.title, initiative.summary.as_ref().map_or("", |summary| summary.as_str()));
            for telling in graph.case_studies.get(key).into_iter().flatten() {
                for section in &telling.sections {
                    text.push(' ');
                    text.push_str(&section.markdown);
                }
            }
            let mut words: BTreeMap<String, u32> = BTreeMap::new();
            for word in fold(&text).split(' ').filter(|word| !word.is_empty()) {
                *words.entry(word.to_owned()).or_default() += 1;
            }
            for word in words.keys() {
                *holding.entry(word.clone()).or_default() += 1;
            }
            let length = words.values().map(|count| f64::from(*count)).sum();
            documents.push((key.clone(), words, length));
        }
        #[expect(clippy::cast_precision_loss, reason = "some hundred documents")]
        let average = documents.iter().map(|(_, _, length)| length).sum::<f64>() / documents.len().max(1) as f64;
        Self { documents, holding, average }
    }

    /// The first answers to a text.
    pub fn search(&self, text: &str, first: usize) -> Vec<String> {
        let words: BTreeSet<String> = fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        #[expect(clippy::cast_precision_loss, reason = "some hundred documents")]
        let count = self.documents.len() as f64;
        let score = |held: &BTreeMap<String, u32>, length: f64| -> f64 {
            let of_word = |word: &String| {
                let frequency = f64::from(held.get(word).copied().unwrap_or_default());
                let holding = f64::from(self.holding.get(word).copied().unwrap_or_default());
                let rarity = (1.0 + (count - holding + 0.5) / (holding + 0.5)).ln();
                let limit = SATURATION * (1.0 - LENGTH + LENGTH * length / self.average);
                rarity * frequency * (SATURATION + 1.0) / (frequency + limit)
            };
            words.iter().map(of_word).sum()
        };
        best(self.documents.iter().map(|(key, held, length)| (key, score(held, *length))), first)
    }
}

/// The initiatives that share most topics with one.
pub fn by_shared_topics(graph: &Graph, of: &str, first: usize) -> Vec<String> {
    let topics = |initiative: &Initiative| -> BTreeSet<String> {
        initiative.topics.iter().chain(&initiative.kind).map(ToString::to_string).collect()
    };
    let Some(own) = graph.initiatives.get(of).map(topics) else { return Vec::new() };
    let others = graph.initiatives.iter().filter(|(key, _)| *key != of);
    let shared = |initiative: &Initiative| u32::try_from(topics(initiative).intersection(&own).count()).unwrap_or(u32::MAX);
    best(others.map(|(key, initiative)| (key, f64::from(shared(initiative)))), first)
}

/// The keys with the highest scores above zero; ties by key.
fn best<'a>(scored: impl Iterator<Item = (&'a String, f64)>, first: usize) -> Vec<String> {
    let mut scored: Vec<(&String, f64)> = scored.filter(|(_, score)| *score > 0.0).collect();
    scored.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(other.0)));
    scored.into_iter().take(first).map(|(key, _)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn the_best_come_first_and_nothing_without_a_score() {
        let keys = ["c", "a", "b", "d"].map(str::to_owned);
        let found = best(keys.iter().zip([1.0, 1.0, 2.0, 0.0]), 10);
        assert_eq!(found, ["b", "a", "c"]);
        assert_eq!(best(keys.iter().zip([1.0, 1.0, 2.0, 0.0]), 1), ["b"]);
    }
}
