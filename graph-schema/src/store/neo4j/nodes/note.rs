//! Notes: `(:Note)-[:NOTE_ON]->(:Initiative)`, `(:Note)-[:WRITTEN_BY]->(:Organisation)`.

use neo4rs::{BoltMap, Row};
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, parse, read_links, unreadable};
use crate::model::{Note, RecordKey as _, Relation};

pub(super) fn write(note: &Note, written: &mut Written) {
    let properties = &mut written.properties;
    properties.text("kind", note.kind);
    properties.text("text", &note.text);
    properties.text("at", note.at);
    properties.links("evidenceUrls", "evidenceLabels", &note.evidence);
    written.relate(Relation::NoteOn, &note.initiative.reference(), BoltMap::new());
    if let Some(organisation) = &note.organisation {
        written.relate(Relation::WrittenBy, &organisation.reference(), BoltMap::new());
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    kind: &'a str,
    text: &'a str,
    at: &'a str,
    #[serde(default, borrow)]
    evidence_urls: Vec<&'a str>,
    #[serde(default, borrow)]
    evidence_labels: Vec<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Note, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    Ok(Note {
        key: parse("key", node.key)?,
        initiative: relations.keys(Relation::NoteOn)?.pop().ok_or_else(|| unreadable("NOTE_ON", "is missing"))?,
        kind: parse("kind", node.kind)?,
        text: parse("text", node.text)?,
        at: parse("at", node.at)?,
        organisation: relations.keys(Relation::WrittenBy)?.pop(),
        evidence: read_links("evidenceUrls", &node.evidence_urls, &node.evidence_labels)?,
        provenance: relations.provenance()?,
    })
}
