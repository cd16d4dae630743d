//! Organisations: `(:Organisation)-[:PART_OF|SUPERSEDES]->(:Organisation)`.

use neo4rs::Row;
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, parse, parse_all, parse_optional};
use crate::model::{Organisation, Relation};

pub(super) fn write(organisation: &Organisation, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &organisation.aliases);
    properties.text("name", &organisation.name);
    properties.list("otherNames", &organisation.other_names);
    properties.optional("website", organisation.website.as_ref());
    written.relate_all(Relation::PartOf, &organisation.part_of);
    written.relate_all(Relation::Supersedes, &organisation.supersedes);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    name: &'a str,
    #[serde(default, borrow)]
    other_names: Vec<&'a str>,
    website: Option<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Organisation, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    Ok(Organisation {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        name: parse("name", node.name)?,
        other_names: parse_all("otherNames", &node.other_names)?,
        website: parse_optional("website", node.website)?,
        part_of: relations.keys(Relation::PartOf)?.pop(),
        supersedes: relations.keys(Relation::Supersedes)?,
        provenance: relations.provenance()?,
    })
}
