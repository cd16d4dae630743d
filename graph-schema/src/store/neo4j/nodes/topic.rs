//! Topics: `(:Topic)-[:NARROWER]->(:Topic)`, from the narrower to the broader one.

use std::collections::BTreeMap;

use neo4rs::Row;
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, parallel, parse, parse_all, parse_gap};
use crate::model::{AlternativeLabel, Language, Relation, Topic};

pub(super) fn write(topic: &Topic, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &topic.aliases);
    properties.list("labelLanguages", topic.labels.keys());
    properties.list("labels", topic.labels.values());
    // For people and for the full-text index; the two lists hold all of them.
    properties.optional("labelFr", topic.labels.get(&Language::french()));
    properties.optional("labelEn", topic.labels.get(&Language::english()));
    properties.list("alternativeLabels", topic.alternative_labels.iter().map(|alternative| &alternative.label));
    let languages = topic.alternative_labels.iter().map(|alternative| alternative.language.as_ref());
    properties.list_with_gaps("alternativeLabelLanguages", languages);
    properties.list("closeMatches", &topic.close_matches);
    written.relate_all(Relation::Narrower, &topic.broader);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    #[serde(default, borrow)]
    label_languages: Vec<&'a str>,
    #[serde(default, borrow)]
    labels: Vec<&'a str>,
    #[serde(default, borrow)]
    alternative_labels: Vec<&'a str>,
    #[serde(default, borrow)]
    alternative_label_languages: Vec<&'a str>,
    #[serde(default, borrow)]
    close_matches: Vec<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Topic, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    let labels = parallel("labels", &node.label_languages, &node.labels)?
        .map(|(language, label)| Ok((parse("labelLanguages", language)?, parse("labels", label)?)))
        .collect::<Result<BTreeMap<_, _>, Unreadable>>()?;
    let alternative_labels = parallel("alternativeLabels", &node.alternative_labels, &node.alternative_label_languages)?
        .map(|(label, language)| {
            Ok(AlternativeLabel {
                label: parse("alternativeLabels", label)?,
                language: parse_gap("alternativeLabelLanguages", language)?,
            })
        })
        .collect::<Result<_, Unreadable>>()?;
    Ok(Topic {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        labels,
        alternative_labels,
        broader: relations.keys(Relation::Narrower)?.pop(),
        close_matches: parse_all("closeMatches", &node.close_matches)?,
        provenance: relations.provenance()?,
    })
}
