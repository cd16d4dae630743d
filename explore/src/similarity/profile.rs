//! What is compared of an initiative: as the index holds it, with merged records followed.

use std::sync::Arc;

use maillage_graph_schema::model::Point;

use crate::columns::entry::InitiativeEntry;
use crate::columns::{Columns, Id};

/// What is compared of an initiative. Every list is sorted and without doubles.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    pub id: Id,
    pub entry: &'a Arc<InitiativeEntry>,
    /// What it deals with, its kind among it.
    pub topics: Vec<Id>,
    /// The same, with every broader topic.
    pub topic_tree: Vec<Id>,
    pub kind: Option<Id>,
    pub towns: Vec<Id>,
    /// Every area that it runs in.
    pub areas: Vec<Id>,
    pub points: &'a [Point],
    pub organisations: Vec<Id>,
    pub sources: Vec<Id>,
    pub inspired_by: Vec<Id>,
    pub supersedes: Vec<Id>,
}

fn sorted(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    let mut ids: Vec<Id> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl<'a> Profile<'a> {
    /// Only for numbers of [`Columns::live`].
    pub(crate) fn new(columns: &'a Columns, id: Id) -> Self {
        let entry = columns.initiative(id);
        Self {
            id,
            entry,
            topics: columns.topics_of(entry, false),
            topic_tree: columns.topics_of(entry, true),
            kind: entry.kind.and_then(|kind| columns.topics.resolve(kind)),
            towns: columns.own_towns(entry),
            areas: columns.areas_of(entry),
            points: columns.places(id),
            organisations: sorted(entry.organisations().filter_map(|(id, _)| columns.organisations.resolve(id))),
            sources: columns.sources_of(entry),
            inspired_by: columns.present_initiatives(entry.inspired_by()),
            supersedes: columns.present_initiatives(entry.supersedes()),
        }
    }
}

impl Columns {
    /// Some initiatives, merged ones followed: sorted and without doubles, as the other lists of a profile are.
    pub(crate) fn present_initiatives(&self, ids: impl Iterator<Item = Id>) -> Vec<Id> {
        sorted(ids.filter_map(|id| self.initiatives.resolve(id)))
    }

    /// Where an initiative comes from.
    pub(crate) fn sources_of(&self, entry: &InitiativeEntry) -> Vec<Id> {
        sorted(entry.sources().filter_map(|id| self.sources.resolve(id)))
    }
}

/// What two sorted lists have in common.
pub(crate) fn common(one: &[Id], other: &[Id]) -> Vec<Id> {
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    few.iter().copied().filter(|id| many.binary_search(id).is_ok()).collect()
}
