//! Records as nodes and relationships, and back: one file for each kind, with both senses side by side.
//!
//! A record is the properties of its node and what is attached to it. Properties are named as the fields of the record, in
//! lowerCamelCase; a field without a value has no property; `docs/graph.md` shows the whole. Lists of small structs are
//! parallel lists, in which an empty text stands for "none" (a text of the domain is never empty, and a list of the server
//! holds no nulls).

mod area;
mod case_study;
mod initiative;
mod note;
mod organisation;
mod source;
mod topic;
mod town;

use std::fmt::Display;
use std::str::FromStr;

use neo4rs::{BoltFloat, BoltMap, BoltPoint2D, BoltType, Point2D, Row};
use serde::Deserialize;

use super::failure::Failure;
use super::statement;
use crate::model::{
    Link, Point, Provenance, Record, RecordKey, RecordKind, RecordRef, Relation, Text, ValueError, WebAddress, Withdrawal,
};
use crate::store::{Revision, Stored};

/// The number by which the server names WGS 84, longitude first.
const WGS_84: i64 = 4326;

/// Something beside a record's node: a relationship, or a node of its own with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Attachment {
    /// Another key by which the record is found.
    Name,
    Relation(Relation),
    ExternalInspiration,
    Figure,
    Cost,
}

impl Attachment {
    /// What creates a batch of them.
    pub(super) const fn statement(self) -> &'static str {
        match self {
            Self::Name => statement::NAMES,
            Self::Relation(relation) => statement::relate(relation),
            Self::ExternalInspiration => statement::INSPIRED_BY_EXTERNAL,
            Self::Figure => statement::HAS_FIGURE,
            Self::Cost => statement::HAS_COST,
        }
    }
}

/// A record in the server's terms.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) properties: BoltMap,
    pub(super) attached: Vec<(Attachment, BoltMap)>,
}

/// Writes a record.
pub(super) fn write(record: &Record, created: Revision, changed: Revision, withdrawn: Option<&Withdrawal>) -> Written {
    let reference = record.reference();
    let mut written = Written::default();
    let properties = &mut written.properties;
    properties.set("reference", reference.to_string());
    properties.set("key", reference.key());
    properties.set("createdIn", number(created));
    properties.set("changedIn", number(changed));
    if let Some(withdrawal) = withdrawn {
        properties.text("withdrawnAt", withdrawal.at);
        properties.text("withdrawnWhy", &withdrawal.why);
        properties.optional("mergedInto", withdrawal.merged_into.as_ref());
    }
    match record {
        Record::Area(record) => area::write(record, &mut written),
        Record::CaseStudy(record) => case_study::write(record, &mut written),
        Record::Initiative(record) => initiative::write(record, &mut written),
        Record::Note(record) => note::write(record, &mut written),
        Record::Organisation(record) => organisation::write(record, &mut written),
        Record::Source(record) => source::write(record, &mut written),
        Record::Topic(record) => topic::write(record, &mut written),
        Record::Town(record) => town::write(record, &mut written),
    }
    written.provenance(record.provenance());
    written.names(record);
    written
}

/// Reads a record from a row of [`statement::RECORDS`].
pub(super) fn read(row: &Row) -> Result<Stored, Failure> {
    let common: Common<'_> = row.get("node")?;
    let reference: RecordRef = common.reference.parse().map_err(|error| Failure::inconsistent(common.reference, error))?;
    let record = match reference.kind() {
        RecordKind::Area => area::read(row).map(Record::from),
        RecordKind::CaseStudy => case_study::read(row).map(Record::from),
        RecordKind::Initiative => initiative::read(row).map(Record::from),
        RecordKind::Note => note::read(row).map(Record::from),
        RecordKind::Organisation => organisation::read(row).map(Record::from),
        RecordKind::Source => source::read(row).map(Record::from),
        RecordKind::Topic => topic::read(row).map(Record::from),
        RecordKind::Town => town::read(row).map(Record::from),
    };
    let stored = record.and_then(|record| {
        Ok(Stored {
            record,
            created: common.created_in,
            revision: common.changed_in,
            withdrawn: common.withdrawn_at.map(|at| withdrawal(at, &common)).transpose()?,
        })
    });
    stored.map_err(|Unreadable { field, problem }| Failure::inconsistent(common.reference, format!("{field}: {problem}")))
}

fn withdrawal(at: &str, common: &Common<'_>) -> Result<Withdrawal, Unreadable> {
    Ok(Withdrawal {
        at: parse("withdrawnAt", at)?,
        why: parse("withdrawnWhy", common.withdrawn_why.unwrap_or_default())?,
        merged_into: parse_optional("mergedInto", common.merged_into)?,
    })
}

/// A revision as the server counts.
pub(super) fn number(revision: Revision) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

/// Sets properties.
pub(super) trait Properties {
    fn set(&mut self, name: &'static str, value: impl Into<BoltType>);

    fn text(&mut self, name: &'static str, value: impl Display) {
        self.set(name, value.to_string());
    }

    fn optional(&mut self, name: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Leaves out an empty list.
    fn list<T: Display>(&mut self, name: &'static str, values: impl IntoIterator<Item = T>) {
        let values: Vec<BoltType> = values.into_iter().map(|value| value.to_string().into()).collect();
        if !values.is_empty() {
            self.set(name, values.into_iter().collect::<BoltType>());
        }
    }

    /// A list in which an empty text stands for none.
    fn list_with_gaps<T: Display>(&mut self, name: &'static str, values: impl IntoIterator<Item = Option<T>>) {
        self.list(name, values.into_iter().map(|value| value.map(|value| value.to_string()).unwrap_or_default()));
    }

    fn point(&mut self, name: &'static str, point: Option<Point>) {
        if let Some(point) = point {
            let point =
                BoltPoint2D { sr_id: WGS_84.into(), x: BoltFloat::new(point.longitude()), y: BoltFloat::new(point.latitude()) };
            self.set(name, BoltType::Point2D(point));
        }
    }

    fn links(&mut self, addresses: &'static str, labels: &'static str, links: &[Link]) {
        self.list_with_gaps(addresses, links.iter().map(|link| link.url.as_ref()));
        self.list_with_gaps(labels, links.iter().map(|link| link.label.as_ref()));
    }
}

impl Properties for BoltMap {
    fn set(&mut self, name: &'static str, value: impl Into<BoltType>) {
        self.put(name.into(), value.into());
    }
}

/// A position in a list.
fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

impl Written {
    /// Relates the record to another.
    fn relate(&mut self, relation: Relation, to: &RecordRef, properties: BoltMap) {
        let mut row = BoltMap::new();
        row.set("to", to.to_string());
        row.set("properties", BoltType::Map(properties));
        self.attached.push((Attachment::Relation(relation), row));
    }

    /// Relates the record to others, in their order.
    fn relate_all<'a, K: RecordKey + 'a>(&mut self, relation: Relation, to: impl IntoIterator<Item = &'a K>) {
        for (index, key) in to.into_iter().enumerate() {
            let mut properties = BoltMap::new();
            properties.set("position", position(index));
            self.relate(relation, &key.reference(), properties);
        }
    }

    /// Gives the record a node of its own.
    fn part(&mut self, attachment: Attachment, index: usize, properties: BoltMap) {
        let mut row = BoltMap::new();
        row.set("position", position(index));
        row.set("properties", BoltType::Map(properties));
        self.attached.push((attachment, row));
    }

    fn provenance(&mut self, provenance: &[Provenance]) {
        for (index, provenance) in provenance.iter().enumerate() {
            let mut properties = BoltMap::new();
            properties.set("position", position(index));
            properties.optional("repository", provenance.repository.as_ref());
            properties.optional("path", provenance.path.as_ref());
            properties.optional("commit", provenance.commit.as_ref());
            properties.optional("fetchedAt", provenance.fetched_at);
            properties.optional("url", provenance.url.as_ref());
            self.relate(Relation::ProvidedBy, &provenance.source.reference(), properties);
        }
    }

    fn names(&mut self, record: &Record) {
        for alias in record.aliases() {
            let former = match record {
                Record::Town(town) => town.former.iter().find(|former| former.key.as_str() == alias.key()),
                _ => None,
            };
            let mut properties = BoltMap::new();
            properties.set("reference", alias.to_string());
            properties.set("key", alias.key());
            properties.optional("name", former.map(|former| &former.name));
            let mut row = BoltMap::new();
            row.set("properties", BoltType::Map(properties));
            self.attached.push((Attachment::Name, row));
        }
    }
}

/// A property or relationship that this program would not have written.
#[derive(Debug)]
struct Unreadable {
    field: &'static str,
    problem: String,
}

impl From<neo4rs::DeError> for Unreadable {
    fn from(error: neo4rs::DeError) -> Self {
        Self { field: "node", problem: error.to_string() }
    }
}

fn unreadable(field: &'static str, problem: impl Display) -> Unreadable {
    Unreadable { field, problem: problem.to_string() }
}

fn parse<T: FromStr<Err = ValueError>>(field: &'static str, text: &str) -> Result<T, Unreadable> {
    text.parse().map_err(|error| unreadable(field, error))
}

fn parse_optional<T: FromStr<Err = ValueError>>(field: &'static str, text: Option<&str>) -> Result<Option<T>, Unreadable> {
    text.map(|text| parse(field, text)).transpose()
}

fn parse_all<T: FromStr<Err = ValueError>>(field: &'static str, texts: &[&str]) -> Result<Vec<T>, Unreadable> {
    texts.iter().map(|text| parse(field, text)).collect()
}

/// Reads a place in a list with gaps.
fn parse_gap<T: FromStr<Err = ValueError>>(field: &'static str, text: &str) -> Result<Option<T>, Unreadable> {
    parse_optional(field, Some(text).filter(|text| !text.is_empty()))
}

/// Pairs two parallel lists.
fn parallel<'a, A, B>(
    field: &'static str,
    first: &'a [A],
    second: &'a [B],
) -> Result<impl Iterator<Item = (&'a A, &'a B)>, Unreadable> {
    if first.len() == second.len() {
        Ok(first.iter().zip(second))
    } else {
        Err(unreadable(field, format!("has {} items and its parallel list {}", first.len(), second.len())))
    }
}

fn read_links(field: &'static str, addresses: &[&str], labels: &[&str]) -> Result<Vec<Link>, Unreadable> {
    parallel(field, addresses, labels)?
        .map(|(url, label)| Ok(Link { url: parse_gap::<WebAddress>(field, url)?, label: parse_gap::<Text>(field, label)? }))
        .collect()
}

fn read_point(field: &'static str, point: Option<&Point2D>) -> Result<Option<Point>, Unreadable> {
    point.map(|point| Point::new(point.y(), point.x()).map_err(|error| unreadable(field, error))).transpose()
}

/// What every node has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common<'a> {
    reference: &'a str,
    created_in: Revision,
    changed_in: Revision,
    withdrawn_at: Option<&'a str>,
    withdrawn_why: Option<&'a str>,
    merged_into: Option<&'a str>,
}

/// The properties of a relationship, of whichever type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held<'a> {
    #[serde(default)]
    position: i64,
    #[serde(rename = "as")]
    stands_as: Option<&'a str>,
    role: Option<&'a str>,
    original_code: Option<&'a str>,
    original_name: Option<&'a str>,
    declared_by: Option<&'a str>,
    date: Option<&'a str>,
    adapted: Option<&'a str>,
    outcome: Option<&'a str>,
    confirmed_by: Option<&'a str>,
    confirmed_on: Option<&'a str>,
    repository: Option<&'a str>,
    path: Option<&'a str>,
    commit: Option<&'a str>,
    fetched_at: Option<&'a str>,
    url: Option<&'a str>,
}

/// A relationship: its type, the reference of its far end (the address of an external initiative), its properties, and what
/// its far end is if that is not a record.
#[derive(Deserialize)]
struct Related<'a>(#[serde(borrow)] &'a str, &'a str, Held<'a>, Option<Part<'a>>);

/// A figure or a cost.
#[derive(Deserialize)]
struct Part<'a> {
    metric: Option<&'a str>,
    value: Option<f64>,
    unit: Option<&'a str>,
    date: Option<&'a str>,
    method: Option<&'a str>,
    source: Option<&'a str>,
    kind: Option<&'a str>,
    amount: Option<f64>,
    currency: Option<&'a str>,
    year: Option<u16>,
    basis: Option<&'a str>,
}

/// The relationships of a record, in the order of their positions.
struct Relations<'a>(Vec<Related<'a>>);

impl<'a> Relations<'a> {
    fn of(row: &'a Row) -> Result<Self, Unreadable> {
        let mut related: Vec<Related<'a>> = row.get("relations")?;
        related.sort_by_key(|related| related.2.position);
        Ok(Self(related))
    }

    /// Those of one type: far ends and properties.
    fn by(&self, relation: Relation) -> impl Iterator<Item = (&'a str, &Held<'a>)> {
        self.0.iter().filter(move |related| related.0 == relation.as_str()).map(|related| (related.1, &related.2))
    }

    /// The nodes at the far ends of one type.
    fn parts(&self, name: &'static str) -> impl Iterator<Item = &Part<'a>> {
        self.0.iter().filter(move |related| related.0 == name).filter_map(|related| related.3.as_ref())
    }

    /// The keys at the far ends of one type.
    fn keys<K: RecordKey>(&self, relation: Relation) -> Result<Vec<K>, Unreadable> {
        self.by(relation).map(|(to, _)| key(relation, to)).collect()
    }

    fn provenance(&self) -> Result<Vec<Provenance>, Unreadable> {
        self.by(Relation::ProvidedBy)
            .map(|(source, held)| {
                Ok(Provenance {
                    source: key(Relation::ProvidedBy, source)?,
                    repository: parse_optional("PROVIDED_BY.repository", held.repository)?,
                    path: parse_optional("PROVIDED_BY.path", held.path)?,
                    commit: parse_optional("PROVIDED_BY.commit", held.commit)?,
                    fetched_at: parse_optional("PROVIDED_BY.fetchedAt", held.fetched_at)?,
                    url: parse_optional("PROVIDED_BY.url", held.url)?,
                })
            })
            .collect()
    }
}

/// The key in a reference to a record of a known kind.
fn key<K: RecordKey>(relation: Relation, reference: &str) -> Result<K, Unreadable> {
    let key = reference.strip_prefix(K::KIND.as_str()).and_then(|rest| rest.strip_prefix('/'));
    parse(relation.as_str(), key.unwrap_or(reference))
}

/// Whether a reference names a record of a kind.
fn is_of(kind: RecordKind, reference: &str) -> bool {
    reference.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with('/'))
}
