//! Areas: `(:Area)-[:PART_OF]->(:Area)`.

use neo4rs::{Point2D, Row};
use serde::Deserialize;

use super::{Properties as _, Relations, Unreadable, Written, parse, parse_all, parse_optional, read_point, unreadable};
use crate::model::{Area, BoundingBox, Relation};

pub(super) fn write(area: &Area, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &area.aliases);
    properties.text("name", &area.name);
    // For people: the key's scheme tells it.
    properties.text("kind", area.key.area_kind());
    properties.optional("form", area.form.as_ref());
    properties.point("southWest", area.bounds.map(BoundingBox::south_west));
    properties.point("northEast", area.bounds.map(BoundingBox::north_east));
    written.relate_all(Relation::PartOf, &area.part_of);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    name: &'a str,
    form: Option<&'a str>,
    south_west: Option<Point2D>,
    north_east: Option<Point2D>,
}

pub(super) fn read(row: &Row) -> Result<Area, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    let corners = (read_point("southWest", node.south_west.as_ref())?, read_point("northEast", node.north_east.as_ref())?);
    let bounds = match corners {
        (Some(south_west), Some(north_east)) => {
            Some(BoundingBox::new(south_west, north_east).map_err(|error| unreadable("northEast", error))?)
        }
        _ => None,
    };
    Ok(Area {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        name: parse("name", node.name)?,
        form: parse_optional("form", node.form)?,
        part_of: relations.keys(Relation::PartOf)?,
        bounds,
        provenance: relations.provenance()?,
    })
}
