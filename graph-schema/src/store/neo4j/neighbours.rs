//! What stands next to a record, and how to get from one to another.

use std::collections::HashMap;

use neo4rs::{BoltType, Row};

use super::connection::Lent;
use super::failure::Failure;
use super::records::{distinct, list, one_more, reference};
use super::{Question, batches, statement};
use crate::model::{Direction, RecordRef, Relation};
use crate::path::{self, Step};
use crate::store::{Neighbour, NeighbourQuestion, Neighbours, Page};

/// [`crate::store::GraphStore::neighbours`].
pub(super) struct NeighboursOf<'a> {
    pub(super) of: &'a [RecordRef],
    pub(super) question: &'a NeighbourQuestion,
}

impl Question for NeighboursOf<'_> {
    type Answer = Vec<Neighbours>;
    const DOING: &'static str = "reading neighbours";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut items = self.items(connection).await?;
        let counts = if self.question.count { self.counts(connection).await? } else { HashMap::new() };
        let one = |record: &RecordRef| {
            let mut items = items.remove(record).unwrap_or_default();
            items.sort();
            Neighbours {
                page: Page::from_one_more(items, self.question.first),
                count: self.question.count.then(|| counts.get(record).copied().unwrap_or_default()),
            }
        };
        // A record asked about twice is answered twice.
        let mut answers: HashMap<&RecordRef, Neighbours> = HashMap::new();
        let mut one = one;
        for record in self.of {
            answers.entry(record).or_insert_with(|| one(record));
        }
        Ok(self.of.iter().map(|record| answers[record].clone()).collect())
    }
}

impl NeighboursOf<'_> {
    async fn items(&self, connection: &Lent<'_>) -> Result<HashMap<RecordRef, Vec<Neighbour>>, Failure> {
        let after = self.question.after.as_ref();
        // Sides come in order: those before that of the last neighbour seen are done.
        let mut sides = self.question.sides();
        sides.retain(|side| after.is_none_or(|after| *side >= (after.relation, after.direction)));
        // A side that comes whole after that of the last neighbour seen starts at its beginning.
        let goes_on = |after: &&Neighbour| sides.contains(&(after.relation, after.direction));
        let after_reference = after.filter(goes_on).map(|after| after.reference.to_string()).unwrap_or_default();
        let mut items = HashMap::new();
        let neighbours = one_incoming(&sides).map_or(statement::NEIGHBOURS, statement::neighbours_by);
        for of in batches::of_references(neighbours, distinct(self.of)) {
            let rows = connection
                .read(
                    neighbours,
                    [
                        ("of", of),
                        ("outgoing", relations(&sides, Direction::Out)),
                        ("incoming", relations(&sides, Direction::In)),
                        ("kind", self.kind()),
                        ("afterRelation", after.map_or("", |after| after.relation.as_str()).into()),
                        ("afterDirection", after.map_or("", |after| after.direction.as_str()).into()),
                        ("afterReference", after_reference.as_str().into()),
                        ("limit", one_more(self.question.first)),
                    ],
                )
                .await?;
            collect(&rows, &mut items)?;
        }
        Ok(items)
    }

    async fn counts(&self, connection: &Lent<'_>) -> Result<HashMap<RecordRef, usize>, Failure> {
        let sides = self.question.sides();
        let mut counts = HashMap::new();
        let counted = one_incoming(&sides).map_or(statement::NEIGHBOUR_COUNTS, statement::neighbour_counts_by);
        for of in batches::of_references(counted, distinct(self.of)) {
            let rows = connection
                .read(
                    counted,
                    [
                        ("of", of),
                        ("outgoing", relations(&sides, Direction::Out)),
                        ("incoming", relations(&sides, Direction::In)),
                        ("kind", self.kind()),
                    ],
                )
                .await?;
            for row in &rows {
                counts.insert(reference(row, "reference")?, row.get("counted")?);
            }
        }
        Ok(counts)
    }

    /// What the references of neighbours of the kind asked for begin with.
    fn kind(&self) -> BoltType {
        self.question.kind.map(|kind| format!("{kind}/")).unwrap_or_default().into()
    }
}

/// The relation asked for, where it is one alone and comes in.
fn one_incoming(sides: &[(Relation, Direction)]) -> Option<Relation> {
    match sides {
        [(relation, Direction::In)] => Some(*relation),
        _ => None,
    }
}

/// The relations asked for from one side.
fn relations(sides: &[(Relation, Direction)], direction: Direction) -> BoltType {
    sides.iter().filter(|side| side.1 == direction).map(|side| side.0.as_str()).collect()
}

fn collect(rows: &[Row], items: &mut HashMap<RecordRef, Vec<Neighbour>>) -> Result<(), Failure> {
    for row in rows {
        let (relation, direction): (&str, &str) = (row.get("relation")?, row.get("direction")?);
        let neighbour = Neighbour {
            relation: relation.parse().map_err(|error| Failure::inconsistent(relation, error))?,
            direction: direction.parse().map_err(|error| Failure::inconsistent(direction, error))?,
            reference: reference(row, "neighbour")?,
        };
        items.entry(reference(row, "reference")?).or_default().push(neighbour);
    }
    Ok(())
}

/// [`crate::store::GraphStore::path`].
pub(super) struct PathBetween<'a> {
    pub(super) from: &'a RecordRef,
    pub(super) to: &'a RecordRef,
    pub(super) max_length: usize,
}

impl Question for PathBetween<'_> {
    type Answer = Option<Vec<Step>>;
    const DOING: &'static str = "looking for a path";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let standing = connection.read(statement::STANDING, [("references", list([self.from, self.to]))]).await?;
        // A row for each end, also where both are the same record.
        if standing.len() < 2 {
            return Ok(None);
        }
        path::shortest(self.from, self.to, self.max_length, |direction, records| adjacent(connection, direction, records)).await
    }
}

/// Every neighbour on one side that a path may go to, of each record.
async fn adjacent(connection: &Lent<'_>, direction: Direction, records: Vec<RecordRef>) -> Result<Vec<Vec<Neighbour>>, Failure> {
    let adjacent = match direction {
        Direction::In => statement::ADJACENT_IN,
        Direction::Out => statement::ADJACENT_OUT,
    };
    let mut items = HashMap::new();
    for references in batches::of_references(adjacent, &records) {
        let rows = connection.read(adjacent, [("references", references)]).await?;
        collect(&rows, &mut items)?;
    }
    Ok(records.iter().map(|record| items.remove(record).unwrap_or_default()).collect())
}
