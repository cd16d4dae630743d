//! Initiatives, with figures, costs and what they copied as nodes beside them.

use neo4rs::{BoltMap, Point2D, Row};
use serde::Deserialize;

use super::{
    Attachment, Part, Properties as _, Relations, Unreadable, Written, is_of, key, parse, parse_all, parse_optional, position,
    read_links, read_point, unreadable,
};
use crate::model::{
    Adoption, AreaKey, Confirmation, Contact, Cost, Figure, Initiative, Involvement, Number, Original, Place, PlaceTarget,
    RecordKey as _, RecordKind, Relation, TownKey,
};

/// What `as` says of a topic that is the initiative's kind.
const AS_KIND: &str = "kind";
/// What `as` says of a topic that the initiative deals with.
const AS_TOPIC: &str = "topic";

pub(super) fn write(initiative: &Initiative, written: &mut Written) {
    let properties = &mut written.properties;
    properties.list("aliases", &initiative.aliases);
    properties.text("title", &initiative.title);
    properties.optional("summary", initiative.summary.as_ref());
    properties.text("language", &initiative.language);
    properties.list("tags", &initiative.tags);
    properties.list("audiences", &initiative.audiences);
    properties.optional("status", initiative.status);
    properties.optional("statusReason", initiative.status_reason.as_ref());
    properties.optional("start", initiative.start);
    properties.optional("end", initiative.end);
    properties.point("location", initiative.point);
    properties.links("linkUrls", "linkLabels", &initiative.links);
    properties.links("evidenceUrls", "evidenceLabels", &initiative.evidence);
    if let Some(contact) = &initiative.contact {
        properties.set("hasContact", true);
        properties.optional("contactName", contact.name.as_ref());
        properties.optional("contactEmail", contact.email.as_ref());
        properties.optional("contactUrl", contact.url.as_ref());
    }
    properties.list("distinctFrom", &initiative.distinct_from);
    properties.optional("licence", initiative.licence.as_ref());
    properties.optional("modified", initiative.modified);
    properties.optional("reviewed", initiative.reviewed);
    write_topics(initiative, written);
    write_places(&initiative.places, written);
    for (index, involvement) in initiative.involvements.iter().enumerate() {
        let mut properties = BoltMap::new();
        properties.set("position", position(index));
        properties.text("role", involvement.role);
        written.relate(Relation::Involves, &involvement.organisation.reference(), properties);
    }
    write_adoptions(&initiative.inspired_by, written);
    written.relate_all(Relation::Supersedes, &initiative.supersedes);
    write_figures(&initiative.figures, written);
    write_costs(&initiative.costs, written);
}

fn write_topics(initiative: &Initiative, written: &mut Written) {
    let kind = initiative.kind.iter().map(|topic| (AS_KIND, 0, topic));
    let topics = initiative.topics.iter().enumerate().map(|(index, topic)| (AS_TOPIC, index, topic));
    for (stands_as, index, topic) in kind.chain(topics) {
        let mut properties = BoltMap::new();
        properties.set("as", stands_as);
        properties.set("position", position(index));
        written.relate(Relation::About, &topic.reference(), properties);
    }
}

fn write_places(places: &[Place], written: &mut Written) {
    for (index, place) in places.iter().enumerate() {
        let mut properties = BoltMap::new();
        properties.set("position", position(index));
        properties.optional("originalCode", place.original_code.as_ref());
        properties.optional("originalName", place.original_name.as_ref());
        let target = match &place.target {
            PlaceTarget::Town(town) => town.reference(),
            PlaceTarget::Area(area) => area.reference(),
        };
        written.relate(Relation::RunsIn, &target, properties);
    }
}

fn write_adoptions(adoptions: &[Adoption], written: &mut Written) {
    for (index, adoption) in adoptions.iter().enumerate() {
        let mut properties = BoltMap::new();
        properties.set("position", position(index));
        properties.text("declaredBy", adoption.declared_by);
        properties.optional("date", adoption.date);
        properties.optional("adapted", adoption.adapted.as_ref());
        properties.optional("outcome", adoption.outcome.as_ref());
        if let Some(confirmation) = &adoption.confirmation {
            properties.text("confirmedBy", &confirmation.by);
            properties.text("confirmedOn", confirmation.on);
        }
        match &adoption.original {
            Original::Initiative(original) => written.relate(Relation::InspiredBy, &original.reference(), properties),
            Original::External(url) => {
                let mut row = BoltMap::new();
                row.text("to", url);
                row.set("properties", neo4rs::BoltType::Map(properties));
                written.attached.push((Attachment::ExternalInspiration, row));
            }
        }
    }
}

fn write_figures(figures: &[Figure], written: &mut Written) {
    for (index, figure) in figures.iter().enumerate() {
        let mut properties = BoltMap::new();
        properties.text("metric", &figure.metric);
        properties.set("value", figure.value.get());
        properties.optional("unit", figure.unit.as_ref());
        properties.optional("date", figure.date);
        properties.optional("method", figure.method.as_ref());
        properties.optional("source", figure.source.as_ref());
        written.part(Attachment::Figure, index, properties);
    }
}

fn write_costs(costs: &[Cost], written: &mut Written) {
    for (index, cost) in costs.iter().enumerate() {
        let mut properties = BoltMap::new();
        properties.text("kind", &cost.kind);
        properties.set("amount", cost.amount.get());
        properties.text("currency", &cost.currency);
        if let Some(year) = cost.year {
            properties.set("year", year);
        }
        properties.text("basis", cost.basis);
        written.part(Attachment::Cost, index, properties);
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node<'a> {
    key: &'a str,
    #[serde(default, borrow)]
    aliases: Vec<&'a str>,
    title: &'a str,
    summary: Option<&'a str>,
    language: &'a str,
    #[serde(default, borrow)]
    tags: Vec<&'a str>,
    #[serde(default, borrow)]
    audiences: Vec<&'a str>,
    status: Option<&'a str>,
    status_reason: Option<&'a str>,
    start: Option<&'a str>,
    end: Option<&'a str>,
    location: Option<Point2D>,
    #[serde(default, borrow)]
    link_urls: Vec<&'a str>,
    #[serde(default, borrow)]
    link_labels: Vec<&'a str>,
    #[serde(default, borrow)]
    evidence_urls: Vec<&'a str>,
    #[serde(default, borrow)]
    evidence_labels: Vec<&'a str>,
    #[serde(default)]
    has_contact: bool,
    contact_name: Option<&'a str>,
    contact_email: Option<&'a str>,
    contact_url: Option<&'a str>,
    #[serde(default, borrow)]
    distinct_from: Vec<&'a str>,
    licence: Option<&'a str>,
    modified: Option<&'a str>,
    reviewed: Option<&'a str>,
}

pub(super) fn read(row: &Row) -> Result<Initiative, Unreadable> {
    let node: Node<'_> = row.get("node")?;
    let relations = Relations::of(row)?;
    let topics = |stands_as: &'static str| {
        relations
            .by(Relation::About)
            .filter(move |(_, held)| held.stands_as == Some(stands_as))
            .map(|(topic, _)| key(Relation::About, topic))
    };
    Ok(Initiative {
        key: parse("key", node.key)?,
        aliases: parse_all("aliases", &node.aliases)?,
        title: parse("title", node.title)?,
        summary: parse_optional("summary", node.summary)?,
        language: parse("language", node.language)?,
        kind: topics(AS_KIND).next().transpose()?,
        topics: topics(AS_TOPIC).collect::<Result<_, _>>()?,
        tags: parse_all("tags", &node.tags)?,
        audiences: parse_all("audiences", &node.audiences)?,
        status: parse_optional("status", node.status)?,
        status_reason: parse_optional("statusReason", node.status_reason)?,
        start: parse_optional("start", node.start)?,
        end: parse_optional("end", node.end)?,
        places: read_places(&relations)?,
        point: read_point("location", node.location.as_ref())?,
        involvements: read_involvements(&relations)?,
        figures: relations.parts("HAS_FIGURE").map(read_figure).collect::<Result<_, _>>()?,
        costs: relations.parts("HAS_COST").map(read_cost).collect::<Result<_, _>>()?,
        links: read_links("linkUrls", &node.link_urls, &node.link_labels)?,
        evidence: read_links("evidenceUrls", &node.evidence_urls, &node.evidence_labels)?,
        contact: read_contact(&node)?,
        inspired_by: read_adoptions(&relations)?,
        supersedes: relations.keys(Relation::Supersedes)?,
        distinct_from: parse_all("distinctFrom", &node.distinct_from)?,
        licence: parse_optional("licence", node.licence)?,
        modified: parse_optional("modified", node.modified)?,
        reviewed: parse_optional("reviewed", node.reviewed)?,
        provenance: relations.provenance()?,
    })
}

fn read_contact(node: &Node<'_>) -> Result<Option<Contact>, Unreadable> {
    if !node.has_contact {
        return Ok(None);
    }
    Ok(Some(Contact {
        name: parse_optional("contactName", node.contact_name)?,
        email: parse_optional("contactEmail", node.contact_email)?,
        url: parse_optional("contactUrl", node.contact_url)?,
    }))
}

fn read_places(relations: &Relations<'_>) -> Result<Vec<Place>, Unreadable> {
    relations
        .by(Relation::RunsIn)
        .map(|(target, held)| {
            let target = if is_of(RecordKind::Town, target) {
                PlaceTarget::Town(key::<TownKey>(Relation::RunsIn, target)?)
            } else {
                PlaceTarget::Area(key::<AreaKey>(Relation::RunsIn, target)?)
            };
            Ok(Place {
                target,
                original_code: parse_optional("RUNS_IN.originalCode", held.original_code)?,
                original_name: parse_optional("RUNS_IN.originalName", held.original_name)?,
            })
        })
        .collect()
}

fn read_involvements(relations: &Relations<'_>) -> Result<Vec<Involvement>, Unreadable> {
    relations
        .by(Relation::Involves)
        .map(|(organisation, held)| {
            Ok(Involvement {
                organisation: key(Relation::Involves, organisation)?,
                role: parse("INVOLVES.role", held.role.unwrap_or_default())?,
            })
        })
        .collect()
}

fn read_adoptions(relations: &Relations<'_>) -> Result<Vec<Adoption>, Unreadable> {
    relations
        .by(Relation::InspiredBy)
        .map(|(original, held)| {
            let original = if is_of(RecordKind::Initiative, original) {
                Original::Initiative(key(Relation::InspiredBy, original)?)
            } else {
                Original::External(parse("ExternalInitiative.url", original)?)
            };
            let confirmation = match (held.confirmed_by, held.confirmed_on) {
                (Some(by), Some(on)) => {
                    Some(Confirmation { by: parse("INSPIRED_BY.confirmedBy", by)?, on: parse("INSPIRED_BY.confirmedOn", on)? })
                }
                _ => None,
            };
            Ok(Adoption {
                original,
                declared_by: parse("INSPIRED_BY.declaredBy", held.declared_by.unwrap_or_default())?,
                date: parse_optional("INSPIRED_BY.date", held.date)?,
                adapted: parse_optional("INSPIRED_BY.adapted", held.adapted)?,
                outcome: parse_optional("INSPIRED_BY.outcome", held.outcome)?,
                confirmation,
            })
        })
        .collect()
}

fn number(field: &'static str, value: Option<f64>) -> Result<Number, Unreadable> {
    let value = value.ok_or_else(|| unreadable(field, "is missing"))?;
    Number::new(value).map_err(|error| unreadable(field, error))
}

fn read_figure(part: &Part<'_>) -> Result<Figure, Unreadable> {
    Ok(Figure {
        metric: parse("Figure.metric", part.metric.unwrap_or_default())?,
        value: number("Figure.value", part.value)?,
        unit: parse_optional("Figure.unit", part.unit)?,
        date: parse_optional("Figure.date", part.date)?,
        method: parse_optional("Figure.method", part.method)?,
        source: parse_optional("Figure.source", part.source)?,
    })
}

fn read_cost(part: &Part<'_>) -> Result<Cost, Unreadable> {
    Ok(Cost {
        kind: parse("Cost.kind", part.kind.unwrap_or_default())?,
        amount: number("Cost.amount", part.amount)?,
        currency: parse("Cost.currency", part.currency.unwrap_or_default())?,
        year: part.year,
        basis: parse("Cost.basis", part.basis.unwrap_or_default())?,
    })
}
