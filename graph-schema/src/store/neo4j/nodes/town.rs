//! Towns: `(:Town)-[:PART_OF]->(:Area)`, and an arrondissement `-[:PART_OF]->(:Town)`.

use neo4rs::{BoltMap, Point2D, Row};
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, is_of, key, parallel, parse, parse_all, read_point};
use crate::model::{FormerTown, RecordKey as _, RecordKind, Relation, Town};

pub(super) fn write(town: &Town, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &town.aliases);
    properties.text("name", &town.name);
    properties.text("type", town.town_type);
    if let Some(population) = town.population {
        properties.set("population", population);
    }
    properties.list("postcodes", &town.postcodes);
    properties.point("location", town.point);
    properties.list("formerKeys", town.former.iter().map(|former| &former.key));
    properties.list("formerNames", town.former.iter().map(|former| &former.name));
    written.relate_all(Relation::PartOf, &town.part_of);
    if let Some(parent) = &town.parent {
        written.relate(Relation::PartOf, &parent.reference(), BoltMap::new());
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    name: &'a str,
    r#type: &'a str,
    population: Option<u32>,
    #[serde(default, borrow)]
    postcodes: Vec<&'a str>,
    location: Option<Point2D>,
    #[serde(default, borrow)]
    former_keys: Vec<&'a str>,
    #[serde(default, borrow)]
    former_names: Vec<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Town, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    let (towns, areas): (Vec<&str>, Vec<&str>) =
        relations.by(Relation::PartOf).map(|(to, _)| to).partition(|to| is_of(RecordKind::Town, to));
    let former = parallel("formerKeys", &node.former_keys, &node.former_names)?
        .map(|(key, name)| Ok(FormerTown { key: parse("formerKeys", key)?, name: parse("formerNames", name)? }))
        .collect::<Result<_, Unreadable>>()?;
    Ok(Town {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        name: parse("name", node.name)?,
        town_type: parse("type", node.r#type)?,
        population: node.population,
        postcodes: parse_all("postcodes", &node.postcodes)?,
        point: read_point("location", node.location.as_ref())?,
        part_of: areas.into_iter().map(|area| key(Relation::PartOf, area)).collect::<Result<_, _>>()?,
        parent: towns.first().map(|town| key(Relation::PartOf, town)).transpose()?,
        former,
        provenance: relations.provenance()?,
    })
}
