//! Sources: `()-[:PROVIDED_BY]->(:Source)`.

use neo4rs::Row;
use serde::Deserialize;

use super::{Properties as _, Unreadable, Written, parse, parse_all, parse_optional};
use crate::model::Source;

pub(super) fn write(source: &Source, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &source.aliases);
    properties.text("name", &source.name);
    properties.text("kind", source.kind);
    properties.optional("address", source.address.as_ref());
    properties.optional("description", source.description.as_ref());
    properties.optional("language", source.language.as_ref());
    properties.optional("licence", source.licence.as_ref());
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    name: &'a str,
    kind: &'a str,
    address: Option<&'a str>,
    description: Option<&'a str>,
    language: Option<&'a str>,
    licence: Option<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Source, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    Ok(Source {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        name: parse("name", node.name)?,
        kind: parse("kind", node.kind)?,
        address: parse_optional("address", node.address)?,
        description: parse_optional("description", node.description)?,
        language: parse_optional("language", node.language)?,
        licence: parse_optional("licence", node.licence)?,
    })
}
