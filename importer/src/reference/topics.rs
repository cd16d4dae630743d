//! The vocabulary: `topics.yaml`.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use maillage_graph_schema::model::{AlternativeLabel, Language, Topic, TopicKey, ValueError};

use super::Credit;
use crate::error::ImportError;
use crate::limits::Limits;
use crate::parse::value::{Map, Node};
use crate::parse::yaml;

/// Where a concept of `EuroVoc` is found by its number.
const EUROVOC: &str = "http://eurovoc.europa.eu/";

/// Reads the topics, broader ones before narrower ones.
pub(super) fn load(path: &Path, credit: &Credit) -> Result<Vec<Topic>, ImportError> {
    let text = std::fs::read_to_string(path).map_err(|error| ImportError::read(path, &error))?;
    let content = |node: &Node, problem: &dyn std::fmt::Display| ImportError::content(path, node.at.line, problem);
    let yaml =
        yaml::parse(&text, &Limits::default()).map_err(|error| ImportError::content(path, error.at.line, &error.problem))?;
    let concepts = yaml
        .root
        .map()
        .and_then(|root| root.get("concepts"))
        .ok_or_else(|| content(&yaml.root, &"there is no list of concepts"))?;
    let mut topics: Vec<Topic> = Vec::new();
    for node in concepts.items() {
        let map = node.map().ok_or_else(|| content(node, &"a concept is not a map"))?;
        topics.push(topic(map, credit).map_err(|problem| content(node, &problem))?);
    }
    let lines: HashMap<TopicKey, usize> =
        topics.iter().map(|topic| topic.key.clone()).zip(concepts.items().iter().map(|node| node.at.line)).collect();
    if lines.len() < topics.len() {
        return Err(content(concepts, &"an id is used twice"));
    }
    broader_first(topics).map_err(|(key, problem)| ImportError::content(path, lines.get(&key).copied().unwrap_or(1), &problem))
}

fn topic(map: &Map, credit: &Credit) -> Result<Topic, String> {
    let scalar = |key: &str| map.get(key).and_then(Node::scalar);
    let said = |error: ValueError| error.to_string();
    let mut labels = BTreeMap::new();
    for language in [Language::french(), Language::english()] {
        let label = scalar(language.as_str()).ok_or_else(|| format!("the label {:?} is missing", language.as_str()))?;
        labels.insert(language, label.parse().map_err(said)?);
    }
    let mut alternative_labels = Vec::new();
    for label in map.get("alt").map(Node::items).unwrap_or_default() {
        let label = label.scalar().ok_or("an alternative label is not a text")?.parse().map_err(said)?;
        alternative_labels.push(AlternativeLabel { label, language: None });
    }
    let close_match = scalar("eurovoc").map(|id| format!("{EUROVOC}{id}").parse()).transpose().map_err(said)?;
    Ok(Topic {
        key: scalar("id").ok_or("the id is missing")?.parse().map_err(said)?,
        aliases: Vec::new(),
        labels,
        alternative_labels,
        broader: scalar("broader").map(str::parse).transpose().map_err(said)?,
        close_matches: close_match.into_iter().collect(),
        provenance: vec![credit.topics.clone()],
    })
}

/// Sorts topics so that each stands after its broader one, else in the order of the file.
fn broader_first(mut rest: Vec<Topic>) -> Result<Vec<Topic>, (TopicKey, String)> {
    let mut sorted: Vec<Topic> = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (ready, waiting): (Vec<Topic>, Vec<Topic>) = rest
            .into_iter()
            .partition(|topic| topic.broader.as_ref().is_none_or(|broader| sorted.iter().any(|known| known.key == *broader)));
        if let (true, Some(stuck)) = (ready.is_empty(), waiting.first()) {
            let broader = stuck.broader.as_ref().map_or("", TopicKey::as_str);
            return Err((
                stuck.key.clone(),
                format!("{} is narrower than {broader:?}, which is unknown or goes round in a circle", stuck.key),
            ));
        }
        sorted.extend(ready);
        rest = waiting;
    }
    Ok(sorted)
}
