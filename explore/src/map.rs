//! The map: clusters and pins for a box and a zoom, never more than a screenful.
//!
//! Places fall into the cells of a grid ([`grid`]): those of the zoom's tiles cut in two each way, 128 pixels wide on the
//! screen. What a cell shows depends on the zoom, the cell and the filter, not on the box, so that nothing jumps while the map
//! is moved:
//!
//! - A cell with more than [`FEW`] initiatives is one cluster. It is shown whole as soon as one of its places is in the box,
//!   with the others that lie beyond the edge.
//! - One with few shows them apart: its parts, 32 pixels wide, are a pin each where there is one initiative, else a cluster.
//!   So initiatives at exactly the same point remain a cluster at any zoom; [`Snapshot::cluster`] opens it.
//! - An initiative is at each of its places: its own point, or those of its towns. It counts once in a cluster, and once in the
//!   total; the part of a cell that holds several of its places and nobody else's is one pin, at the southernmost of those in
//!   the box.
//! - Where that would be more than [`MOST_MARKS`], the next coarser grid is taken, until it is not: nothing is left out.
//!
//! | module | what it holds |
//! |---|---|
//! | [`grid`] | cells and their numbers |
//! | [`spots`] | all places, sorted by cell |
//! | [`shown`] | those of them that are in the box, cell by cell |
//! | [`cluster_id`] | what the id of a cluster says |

pub(crate) mod cluster_id;
pub(crate) mod draw;
pub(crate) mod grid;
mod shown;
pub(crate) mod spots;

use maillage_graph_schema::model::{BoundingBox, Point};
use roaring::RoaringBitmap;

use self::cluster_id::{ClusterId, written_filter};
use self::draw::{Drawing, Members};
use crate::columns::Id;
use crate::columns::bitmaps::Gathered;
use crate::cursor::Fingerprint;
use crate::page::{self, ByModified};
use crate::places::hits;
use crate::question::{Bounds, Facet, FacetBucket, FacetKind, HitPage, InitiativeFilter, PageRequest, QuestionError};
use crate::snapshot::Snapshot;

/// The most clusters and pins of one answer, together.
pub const MOST_MARKS: usize = 200;

/// Up to how many initiatives of a cell are shown apart.
pub const FEW: usize = 3;

/// The closest that a map can be looked at.
pub const HIGHEST_ZOOM: u8 = 22;

/// How many levels the cells of clusters are below the tiles of their zoom.
pub const CELL_LEVELS: u8 = 1;

/// How many levels further a cell is cut whose initiatives are shown apart.
pub const APART_LEVELS: u8 = 2;

/// How many topics of a cluster are named.
pub const TOP_TOPICS: usize = 3;

/// What is to be told of a map beside where there is how much: either takes a look at every initiative that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// How many initiatives there are in all.
    pub total: bool,
    /// What those of each cluster deal with.
    pub topics: bool,
}

impl Asked {
    pub const EVERYTHING: Self = Self { total: true, topics: true };
}

/// What a map shows.
#[derive(Debug, Clone, PartialEq)]
pub struct MapView {
    /// Those of most initiatives first.
    pub clusters: Vec<Cluster>,
    /// By key.
    pub pins: Vec<Pin>,
    /// How many initiatives have a place in the box, each counted once however many places it has there; if that was asked.
    pub total: Option<u64>,
    /// Whether anything was left out for want of room. It is not: a coarser grid is taken instead.
    pub truncated: bool,
}

/// Several initiatives near to each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// What [`Snapshot::cluster`] opens: the same as long as as many initiatives are at the same places.
    pub id: String,
    /// How many initiatives, each counted once.
    pub count: u64,
    /// The middle of their places.
    pub point: Point,
    /// The smallest box around their places.
    pub bounds: BoundingBox,
    /// What most of them are or deal with, broader topics left aside; if that was asked.
    pub top_topics: Vec<FacetBucket>,
}

/// One initiative.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    pub key: String,
    pub point: Point,
}

fn level(zoom: i64) -> Result<u8, QuestionError> {
    u8::try_from(zoom)
        .ok()
        .filter(|zoom| *zoom <= HIGHEST_ZOOM)
        .map(|zoom| zoom + CELL_LEVELS)
        .ok_or_else(|| QuestionError::value("zoom", zoom, "a zoom: from 0 (the whole world on one tile) to 22"))
}

impl Snapshot {
    /// The initiatives of a filter on a map.
    pub fn map(&self, bounds: Bounds, zoom: i64, filter: &InitiativeFilter, asked: Asked) -> Result<MapView, QuestionError> {
        let bounds = bounds.check("bounds")?;
        let level = level(zoom)?;
        let written = written_filter(filter)?;
        let members = self.members(filter)?;
        let drawing = Drawing::new(&self.columns, &members, bounds, &self.overview);
        Ok(drawing.view(level, &written, asked))
    }

    /// A page of the initiatives in a cluster, the last modified first. `None` once the cluster looks different: once others, or
    /// not as many, are at its places. What changes elsewhere, or in the initiatives themselves, leaves it open.
    pub fn cluster(&self, id: &str, request: &PageRequest) -> Result<Option<HitPage>, QuestionError> {
        let fingerprint = Fingerprint::new("cluster", &id);
        let part = request.check(fingerprint)?;
        let order = ByModified(&self.columns);
        let page = |set: RoaringBitmap| hits(&page::find(&set, &order, &part), &order, fingerprint, |_| None);
        Ok(self.open_cluster(id)?.map(page))
    }

    /// How many initiatives are in a cluster; `None` as for [`Self::cluster`].
    pub fn count_cluster(&self, id: &str) -> Result<Option<u64>, QuestionError> {
        Ok(self.open_cluster(id)?.map(|set| set.len()))
    }

    /// How many of the initiatives in a cluster have each value: of each kind the `first` most frequent; `None` as for
    /// [`Self::cluster`].
    pub fn cluster_facets(&self, id: &str, kinds: &[FacetKind], first: usize) -> Result<Option<Vec<Facet>>, QuestionError> {
        let include_narrower = ClusterId::read(id)?.filter.include_narrower;
        Ok(self.open_cluster(id)?.map(|set| self.columns.facets(&set, kinds, include_narrower, first)))
    }

    fn open_cluster(&self, id: &str) -> Result<Option<RoaringBitmap>, QuestionError> {
        let ClusterId { cell, looks, filter } = ClusterId::read(id)?;
        let members = match self.members(&filter) {
            Ok(members) => members,
            // It was there when the map was asked for.
            Err(QuestionError::UnknownKey { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut inside: Vec<Id> = Vec::new();
        let found = draw::looks(&self.columns, &members, cell, &mut inside);
        Ok((found == looks).then(|| {
            let mut members = Gathered::below(self.columns.initiatives.len());
            for id in &inside {
                members.insert(*id);
            }
            members.into_set()
        }))
    }

    /// Which initiatives a filter lets through, to be asked one by one.
    fn members(&self, filter: &InitiativeFilter) -> Result<Members, QuestionError> {
        let set = self.select(filter)?.set;
        Ok(if set.len() == self.columns.live.len() { Members::All } else { Members::of(&set, self.columns.initiatives.len()) })
    }
}
