//! One number per record, and a bitmap per value of everything that can be asked for.
//!
//! [`Columns`] is what a snapshot answers from: it shares all but what changed with the one before it. It is filled and
//! changed by [`update`]; what is derived from the records, and how, is in [`derive`].
//!
//! To add something to filter or count by: 1. keep the fact in [`entry`]; 2. add a [`Dimension`] and name its values in
//! [`derive`]; 3. ask for it in `filter.rs` or `facets.rs`; 4. say in the oracle (`explore/tests`) what it means.

pub(crate) mod bitmaps;
pub(crate) mod column;
pub(crate) mod derive;
pub(crate) mod entry;
mod lists;
pub(crate) mod orders;
pub(crate) mod table;
pub(crate) mod update;

use std::sync::Arc;

use maillage_graph_schema::model::Point;
use roaring::RoaringBitmap;

use self::bitmaps::Bitmaps;
use self::column::Column;
use self::entry::{AreaEntry, InitiativeEntry, OrganisationEntry, SourceEntry, TopicEntry, TownEntry, Words};
use self::orders::Orders;
use self::table::Table;
use crate::codec::{Code, Damaged, Reader};
use crate::map::spots::Spots;
use crate::names::Names;
use crate::similarity::activity::Activity;
use crate::similarity::cards::TownCards;
use crate::similarity::postings::Postings;
use crate::similarity::terms::Terms;

/// The number of a record among those of its kind.
pub(crate) type Id = u32;

/// What initiatives are found by: each value of each dimension has a bitmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dimension {
    /// What it is or deals with.
    Topic,
    /// The same, with every broader topic.
    TopicTree,
    Kind,
    Status,
    Audience,
    Town,
    Area,
    Organisation,
    /// Four to an organisation, one for each role.
    OrganisationRole,
    Source,
    Language,
    Licence,
    Content,
    PopulationBand,
    Year,
    /// Buckets of numbers, in their order: see [`derive::bucket_of_population`] and its neighbours.
    Population,
    Start,
    End,
    Modified,
    /// What it is inspired by, with what that was merged into.
    Original,
}

impl Dimension {
    const COUNT: usize = Self::Original as usize + 1;
}

/// Where an initiative is on the map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Places {
    Nowhere,
    One(Point),
    Several(Arc<[Point]>),
}

impl Places {
    pub(crate) fn as_slice(&self) -> &[Point] {
        match self {
            Self::Nowhere => &[],
            Self::One(point) => std::slice::from_ref(point),
            Self::Several(points) => points,
        }
    }
}

/// What an initiative is or deals with, where that is little enough to stand in place; else its entry is asked.
///
/// A slot without a topic holds a number of its own that no topic has, so that all slots can be counted without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnTopics([u16; Self::SLOTS]);

impl OwnTopics {
    const SLOTS: usize = 8;
    pub(crate) const MANY: Self = Self([u16::MAX; Self::SLOTS]);
    const EMPTY: Self = {
        let mut empty = [0; Self::SLOTS];
        let mut slot = 0;
        while slot < Self::SLOTS {
            #[expect(clippy::cast_possible_truncation, reason = "a handful of slots")]
            let number = Self::FIRST_EMPTY + slot as u16;
            empty[slot] = number;
            slot += 1;
        }
        Self(empty)
    };
    const FIRST_EMPTY: u16 = u16::MAX - 8;

    /// Room for the count of every number that a slot may hold.
    pub(crate) const NUMBERS: usize = u16::MAX as usize + 1;

    fn new(topics: &[Id]) -> Self {
        let mut own = Self::EMPTY;
        if topics.len() > own.0.len() {
            return Self::MANY;
        }
        for (slot, topic) in own.0.iter_mut().zip(topics) {
            match u16::try_from(*topic) {
                Ok(topic) if topic < Self::FIRST_EMPTY => *slot = topic,
                _ => return Self::MANY,
            }
        }
        own
    }
}

/// Everything that questions other than text are answered from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    pub topics: Table<TopicEntry>,
    pub areas: Table<AreaEntry>,
    pub organisations: Table<OrganisationEntry>,
    pub sources: Table<SourceEntry>,
    pub towns: Table<TownEntry>,
    pub initiatives: Table<InitiativeEntry>,
    pub languages: Words,
    pub licences: Words,

    /// Each area with all that it lies in, itself first.
    pub area_ancestors: Arc<Vec<Box<[Id]>>>,
    /// Each topic with all that are broader, itself first.
    pub topic_ancestors: Arc<Vec<Box<[Id]>>>,
    /// Initiatives that are present.
    pub live: Arc<RoaringBitmap>,
    pub dimensions: [Bitmaps; Dimension::COUNT],
    pub places: Column<Option<Places>>,
    pub own_topics: Column<OwnTopics>,
    /// See [`Self::by_modified`].
    pub modified: Column<i64>,
    pub spots: Spots,
    /// The words that matter in any initiative, and the initiatives in which each does.
    pub terms: Terms,
    pub postings: Postings,

    pub live_towns: Arc<RoaringBitmap>,
    pub towns_by_area: Bitmaps,
    pub towns_by_cell: Bitmaps,
    /// The topics of the initiatives of each town, broader ones included, and of how many.
    pub activities: Column<Option<Arc<Activity>>>,
    pub town_cards: TownCards,

    pub orders: Orders,
    pub names: Names,
}

impl Columns {
    /// The initiatives with a value.
    pub(crate) fn having(&self, dimension: Dimension, value: u32) -> &RoaringBitmap {
        self.dimensions[dimension as usize].get(value)
    }

    pub(crate) fn bitmaps(&self, dimension: Dimension) -> &Bitmaps {
        &self.dimensions[dimension as usize]
    }

    /// Where an initiative is on the map.
    pub(crate) fn places(&self, initiative: Id) -> &[Point] {
        self.places.get(initiative).and_then(Option::as_ref).map_or(&[], Places::as_slice)
    }

    /// Adds to the count of each topic that some initiatives are or deal with; there is room for [`OwnTopics::NUMBERS`], and
    /// for every topic.
    pub(crate) fn count_own_topics(&self, initiatives: &[Id], counts: &mut [u32]) {
        for id in initiatives {
            let own = self.own_topics[*id];
            if own == OwnTopics::MANY {
                self.topics_of(self.initiative(*id), false).into_iter().for_each(|topic| counts[topic as usize] += 1);
            } else {
                own.0.iter().for_each(|topic| counts[usize::from(*topic)] += 1);
            }
        }
    }

    /// The initiative's facts; only for numbers of [`Self::live`].
    pub(crate) fn initiative(&self, id: Id) -> &Arc<InitiativeEntry> {
        self.initiatives.get(id).unwrap_or_else(|| unreachable!("initiative {id} is live"))
    }

    /// The town's facts; only for numbers of [`Self::live_towns`].
    pub(crate) fn town(&self, id: Id) -> &Arc<TownEntry> {
        self.towns.get(id).unwrap_or_else(|| unreachable!("town {id} is live"))
    }
}

/// Only the records' facts are written: what is read is to be completed by [`Columns::derive_all`].
impl Code for Columns {
    fn write(&self, output: &mut Vec<u8>) {
        self.languages.write(output);
        self.licences.write(output);
        self.terms.write(output);
        self.topics.write(output);
        self.areas.write(output);
        self.organisations.write(output);
        self.sources.write(output);
        self.towns.write(output);
        self.initiatives.write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            languages: Code::read(input)?,
            licences: Code::read(input)?,
            terms: Code::read(input)?,
            topics: Code::read(input)?,
            areas: Code::read(input)?,
            organisations: Code::read(input)?,
            sources: Code::read(input)?,
            towns: Code::read(input)?,
            initiatives: Code::read(input)?,
            ..Self::default()
        })
    }
}
