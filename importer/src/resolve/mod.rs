//! What drafts refer to: towns, topics, organisations and initiatives that the graph, or the content folder, knows.

mod organisations;
pub mod places;
mod topics;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use maillage_graph_schema::model::{InitiativeKey, Language, Record, RecordKey as _, RecordKind, RecordRef};
use maillage_graph_schema::store::{GraphStore, Stored};

pub(crate) use organisations::SHORTEST_NAME;
pub use organisations::{KnownOrganisation, Organisations};
pub use places::Places;
pub use topics::Topics;

use crate::draft::{Draft, FileDraft, OriginalDraft, PlaceDraft};
use crate::error::ImportError;
use crate::reference;

/// How many records are asked for at once.
pub(crate) const BATCH: usize = 1_000;

/// What drafts are resolved against.
#[derive(Debug, Default)]
pub struct Known {
    pub topics: Topics,
    pub places: Places,
    pub organisations: Organisations,
    /// Initiatives of the graph by the key or alias asked for: their present key and first language.
    pub initiatives: HashMap<InitiativeKey, (InitiativeKey, Language)>,
}

impl Known {
    /// What the graph knows of what the drafts refer to.
    pub async fn from_store(store: &dyn GraphStore, drafts: &[FileDraft]) -> Result<Self, ImportError> {
        let mut known = Self::default();
        let mut asked: BTreeSet<RecordRef> = BTreeSet::new();
        let mut by_name = false;
        for draft in drafts {
            for place in draft.draft.places() {
                match place_reference(&place.value) {
                    Some(reference) => asked.extend([reference]),
                    None => by_name |= !matches!(place.value, PlaceDraft::Of(_)),
                }
            }
            match &draft.draft {
                Draft::Initiative(initiative) => {
                    for adoption in &initiative.inspired_by {
                        if let OriginalDraft::Initiative(key) = &adoption.value.original {
                            asked.insert(key.reference());
                        }
                    }
                }
                Draft::Translation(translation) => {
                    asked.insert(translation.initiative.value.reference());
                }
                Draft::Organisation(_) | Draft::Referent(_) => {}
            }
        }
        let asked: Vec<RecordRef> = asked.into_iter().collect();
        for batch in asked.chunks(BATCH) {
            for (reference, stored) in batch.iter().zip(store.records(batch).await?) {
                match stored {
                    Some(stored) => known.add(reference, &stored),
                    None if reference.kind() == RecordKind::Town => by_name = true,
                    None => {}
                }
            }
        }
        each(store, RecordKind::Topic, |stored| {
            if let (Record::Topic(topic), None) = (&stored.record, &stored.withdrawn) {
                known.topics.add(topic);
            }
        })
        .await?;
        each(store, RecordKind::Organisation, |stored| known.organisations.add(&stored)).await?;
        if by_name {
            // A name alone, or a code that nobody has: only then the whole tables of areas and towns are worth reading.
            each(store, RecordKind::Area, |stored| {
                if let (Record::Area(area), None) = (&stored.record, &stored.withdrawn) {
                    known.places.add_area(area);
                }
            })
            .await?;
            each(store, RecordKind::Town, |stored| {
                if let (Record::Town(town), None) = (&stored.record, &stored.withdrawn) {
                    known.places.add_by_name(town);
                }
            })
            .await?;
        }
        Ok(known)
    }

    /// What the content folder knows.
    pub fn from_content(content: &Path) -> Result<Self, ImportError> {
        let mut known = Self::default();
        for record in reference::records(content)? {
            match &record {
                Record::Topic(topic) => known.topics.add(topic),
                Record::Area(area) => known.places.add_area(area),
                Record::Town(town) => {
                    known.places.add_by_name(town);
                    known.places.add_town(town.key.as_str(), town);
                    town.former.iter().for_each(|former| known.places.add_town(former.key.as_str(), town));
                }
                _ => {}
            }
        }
        Ok(known)
    }

    fn add(&mut self, asked: &RecordRef, stored: &Stored) {
        match &stored.record {
            Record::Town(town) => self.places.add_town(asked.key(), town),
            Record::Area(area) => self.places.add_area(area),
            Record::Initiative(initiative) if stored.withdrawn.is_none() => {
                if let Some(key) = asked.key_as::<InitiativeKey>() {
                    self.initiatives.insert(key, (initiative.key.clone(), initiative.language.clone()));
                }
            }
            _ => {}
        }
    }
}

/// The record that a place names by its code.
fn place_reference(place: &PlaceDraft) -> Option<RecordRef> {
    match place {
        PlaceDraft::Town { code: Some(code), .. } => RecordRef::parse(RecordKind::Town, code).ok(),
        PlaceDraft::Area(key) => RecordRef::parse(RecordKind::Area, key).ok(),
        PlaceDraft::Known { key, .. } => {
            let town = || RecordRef::parse(RecordKind::Town, key).ok();
            RecordRef::parse(RecordKind::Area, key).ok().filter(|_| !is_town_key(key)).or_else(town)
        }
        PlaceDraft::Town { code: None, .. } | PlaceDraft::Described(_) | PlaceDraft::Of(_) => None,
    }
}

/// Whether a key is that of a town rather than of an area.
pub fn is_town_key(key: &str) -> bool {
    key.starts_with("insee:") || key.starts_with("geonames:")
}

/// Reads all records of a kind.
async fn each(store: &dyn GraphStore, kind: RecordKind, mut read: impl FnMut(Stored) + Send) -> Result<(), ImportError> {
    let mut after: Option<String> = None;
    loop {
        let page = store.page(kind, after.as_deref(), BATCH).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        page.items.into_iter().for_each(&mut read);
        if !page.has_more {
            return Ok(());
        }
    }
}
