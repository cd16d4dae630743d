//! From the places of initiatives to what is shown of them.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use maillage_graph_schema::model::{BoundingBox, Point};
use roaring::RoaringBitmap;

use super::cluster_id::{ClusterId, Looks};
use super::grid::Cell;
use super::shown::{Piece, Shown};
use super::spots::Met;
use super::{APART_LEVELS, Asked, Cluster, FEW, MOST_MARKS, MapView, Pin, TOP_TOPICS};
use crate::columns::{Columns, Id, OwnTopics};
use crate::question::FacetBucket;

/// To how many parts a degree is counted in sums: whole numbers add up to the same in any order.
const PARTS: f64 = 1e7;

/// Initiatives, to be asked one by one.
#[derive(Debug)]
pub(crate) enum Members {
    /// All that are on the map.
    All,
    /// One bit each.
    These(Vec<u64>),
}

impl Members {
    pub(crate) fn of(set: &RoaringBitmap, initiatives: usize) -> Self {
        let mut bits = vec![0; initiatives.div_ceil(64)];
        for id in set {
            bits[id as usize / 64] |= 1 << (id % 64);
        }
        Self::These(bits)
    }

    #[inline]
    pub(crate) fn holds(&self, id: Id) -> bool {
        match self {
            Self::All => true,
            Self::These(bits) => bits[id as usize / 64] & (1 << (id % 64)) != 0,
        }
    }
}

/// What the places of some initiatives add up to.
#[derive(Debug, Clone, Copy)]
struct Sum {
    places: u64,
    latitude: i64,
    longitude: i64,
    south: f64,
    west: f64,
    north: f64,
    east: f64,
}

impl Sum {
    const NOTHING: Self = Self {
        places: 0,
        latitude: 0,
        longitude: 0,
        south: f64::INFINITY,
        west: f64::INFINITY,
        north: f64::NEG_INFINITY,
        east: f64::NEG_INFINITY,
    };

    fn add(&mut self, point: Point, initiatives: u32) {
        #[expect(clippy::cast_possible_truncation, reason = "degrees of a point")]
        let parts = |degrees: f64| (degrees * PARTS + 0.5_f64.copysign(degrees)) as i64;
        self.places += u64::from(initiatives);
        self.latitude += parts(point.latitude()) * i64::from(initiatives);
        self.longitude += parts(point.longitude()) * i64::from(initiatives);
        self.south = self.south.min(point.latitude());
        self.west = self.west.min(point.longitude());
        self.north = self.north.max(point.latitude());
        self.east = self.east.max(point.longitude());
    }

    fn middle(&self) -> Point {
        #[expect(clippy::cast_precision_loss, reason = "an average of degrees, to a centimetre")]
        let average = |sum: i64, low: f64, high: f64| (sum as f64 / self.places as f64 / PARTS).clamp(low, high);
        point(average(self.latitude, self.south, self.north), average(self.longitude, self.west, self.east))
    }

    fn bounds(&self) -> BoundingBox {
        BoundingBox::new(point(self.south, self.west), point(self.north, self.east))
            .unwrap_or_else(|_| unreachable!("south is below north"))
    }

    fn looks(&self, count: u64) -> Looks {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.places.to_le_bytes());
        hasher.update(&self.latitude.to_le_bytes());
        hasher.update(&self.longitude.to_le_bytes());
        for edge in [self.south, self.west, self.north, self.east] {
            hasher.update(&edge.to_bits().to_le_bytes());
        }
        Looks { count, places: hasher.finalize() }
    }
}

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap_or_else(|_| unreachable!("it lies between points on the earth"))
}

/// What a cell holds of some initiatives, and what it looks like.
pub(crate) fn looks(columns: &Columns, members: &Members, cell: Cell, inside: &mut Vec<Id>) -> Looks {
    let mut met = Met::new(columns.initiatives.len());
    let sum = gather(columns, members, columns.spots.in_cell(cell), &mut met, inside);
    sum.looks(inside.len() as u64)
}

/// The initiatives at some spots, each once.
fn gather(columns: &Columns, members: &Members, spots: Range<usize>, met: &mut Met, inside: &mut Vec<Id>) -> Sum {
    inside.clear();
    let mut sum = Sum::NOTHING;
    for spot in spots {
        let mut here = 0;
        for id in columns.spots.initiatives(spot) {
            if members.holds(*id) {
                here += 1;
                if met.meet(*id) {
                    inside.push(*id);
                }
            }
        }
        if here > 0 {
            sum.add(columns.spots.get(spot).point, here);
        }
    }
    met.forget(inside);
    sum
}

/// A cell as a cluster.
#[derive(Debug)]
struct Group {
    cell: Cell,
    sum: Sum,
    count: u64,
    topics: TopTopics,
}

/// What a cluster deals with.
#[derive(Debug)]
enum TopTopics {
    Known(Vec<FacetBucket>),
    /// To be counted over these, if the cluster is shown.
    Of(Vec<Id>),
}

impl Group {
    fn new(cell: Cell, sum: Sum, inside: &[Id]) -> Arc<Self> {
        Arc::new(Self { cell, sum, count: inside.len() as u64, topics: TopTopics::Of(inside.to_vec()) })
    }
}

/// How many levels of cells, from the coarsest on, are kept as they look without a filter.
const KEPT_LEVELS: usize = 11;

/// From how many initiatives on a smaller cell is kept, too, once it was looked at: it is most often a dense town.
const CROWD: usize = 256;

/// How many of those are kept, a few hundred bytes each.
const MOST_CROWDS: usize = 8_192;

/// Cells as they look without a filter, which is how maps are looked at most.
#[derive(Debug, Default)]
pub(crate) struct Overview {
    /// The clusters of the large cells, by cell: each level is worked out when it is first asked for, once for each snapshot.
    levels: [OnceLock<Vec<Arc<Group>>>; KEPT_LEVELS],
    /// Smaller cells of many initiatives, as they were looked at.
    crowds: RwLock<HashMap<Cell, Arc<Group>>>,
}

impl Overview {
    /// What a cell of many initiatives looks like, if that is known.
    fn get(&self, columns: &Columns, cell: Cell) -> Option<Arc<Group>> {
        let Some(level) = self.levels.get(usize::from(cell.level)) else {
            return self.crowds.read().unwrap_or_else(PoisonError::into_inner).get(&cell).cloned();
        };
        let groups = level.get_or_init(|| clusters(columns, cell.level));
        groups.binary_search_by_key(&cell.number, |group| group.cell.number).ok().map(|at| Arc::clone(&groups[at]))
    }

    fn keep(&self, group: &Arc<Group>) {
        let mut crowds = self.crowds.write().unwrap_or_else(PoisonError::into_inner);
        if crowds.len() < MOST_CROWDS {
            crowds.insert(group.cell, Arc::clone(group));
        }
    }
}

impl Columns {
    /// Whether maps of all initiatives surely look the same: at the same places there are the same, about the same topics. Most changes
    /// are of texts.
    pub(crate) fn looks_on_maps_like(&self, before: &Self) -> bool {
        // Those about many topics are not told apart.
        let is_same = |one: &OwnTopics, other: &OwnTopics| one == other && *one != OwnTopics::MANY;
        self.spots.are_those_of(&before.spots) && self.own_topics.is_like(&before.own_topics, is_same)
    }
}

/// What is drawn on one grid.
#[derive(Default)]
struct Marks {
    groups: Vec<Arc<Group>>,
    pins: Vec<(Id, Point)>,
}

impl Marks {
    fn len(&self) -> usize {
        self.groups.len() + self.pins.len()
    }
}

/// Where counts are kept while a map is drawn.
struct Desk<'a> {
    columns: &'a Columns,
    met: Met,
    inside: Vec<Id>,
    /// Empty until topics are counted.
    topics: Vec<u32>,
}

impl<'a> Desk<'a> {
    fn new(columns: &'a Columns) -> Self {
        Self { columns, met: Met::new(columns.initiatives.len()), inside: Vec::new(), topics: Vec::new() }
    }

    /// Gathers those of some initiatives that are at some spots.
    fn gather(&mut self, members: &Members, spots: Range<usize>) -> Sum {
        gather(self.columns, members, spots, &mut self.met, &mut self.inside)
    }

    /// What was just gathered of a cell, with all that is known of it.
    fn cluster(&mut self, cell: Cell, sum: Sum) -> Group {
        let inside = std::mem::take(&mut self.inside);
        let topics = TopTopics::Known(self.top_topics(&inside));
        let count = inside.len() as u64;
        self.inside = inside;
        Group { cell, sum, count, topics }
    }

    fn top_topics(&mut self, inside: &[Id]) -> Vec<FacetBucket> {
        let columns = self.columns;
        self.topics.resize(columns.topics.len().max(OwnTopics::NUMBERS), 0);
        columns.count_own_topics(inside, &mut self.topics);
        let counted = self.topics.iter_mut().take(columns.topics.len()).zip(0..).filter(|(count, _)| **count > 0);
        let mut counts: Vec<(Id, u32)> = counted.map(|(count, topic)| (topic, std::mem::take(count))).collect();
        counts.sort_unstable_by(|(one, of_one), (other, of_other)| {
            of_other.cmp(of_one).then_with(|| columns.topics.key(*one).cmp(columns.topics.key(*other)))
        });
        counts.truncate(TOP_TOPICS);
        let bucket =
            |(topic, count): (Id, u32)| FacetBucket { key: columns.topics.key(topic).to_string(), count: u64::from(count) };
        counts.into_iter().map(bucket).collect()
    }
}

/// The cells of a level that are one cluster where all initiatives are shown, by number.
fn clusters(columns: &Columns, level: u8) -> Vec<Arc<Group>> {
    let mut desk = Desk::new(columns);
    let mut clusters = Vec::new();
    let mut spots = 0..columns.spots.len();
    while let Some(first) = spots.clone().next() {
        let cell = Cell::around(columns.spots.get(first).cell, level);
        let end = columns.spots.end_of(cell, spots.clone());
        let sum = desk.gather(&Members::All, first..end);
        spots.start = end;
        if desk.inside.len() > FEW {
            clusters.push(Arc::new(desk.cluster(cell, sum)));
        }
    }
    clusters
}

/// A map of some initiatives.
pub(crate) struct Drawing<'a> {
    columns: &'a Columns,
    members: &'a Members,
    shown: Shown<'a>,
    /// What is known already, where they are all.
    overview: Option<&'a Overview>,
}

impl<'a> Drawing<'a> {
    pub(crate) fn new(columns: &'a Columns, members: &'a Members, bounds: BoundingBox, overview: &'a Overview) -> Self {
        let shown = Shown::new(&columns.spots, members, bounds);
        Self { columns, members, shown, overview: matches!(members, Members::All).then_some(overview) }
    }

    /// What is shown, on the grid of a level or the finest coarser one on which it is no more than a screenful.
    pub(crate) fn view(&self, level: u8, filter: &[u8], asked: Asked) -> MapView {
        let mut desk = Desk::new(self.columns);
        // Each cell shows something: where there are too many of them, nothing else need be known.
        let mut grids = self.shown.grids(level, MOST_MARKS);
        let marks = loop {
            let marks = self.marks(&grids.pop().unwrap_or_default(), &mut desk);
            if marks.len() <= MOST_MARKS || grids.is_empty() {
                break marks;
            }
        };
        let total = asked.total.then(|| self.shown.count(self.members));
        let (clusters, pins) = self.told(marks, &mut desk, filter, asked.topics);
        MapView { clusters, pins, total, truncated: false }
    }

    fn marks(&self, pieces: &[Piece], desk: &mut Desk<'_>) -> Marks {
        let mut marks = Marks::default();
        for piece in pieces {
            let cell = piece.cell;
            if let Some(known) = self.overview.and_then(|overview| overview.get(self.columns, cell)) {
                marks.groups.push(known);
                continue;
            }
            let sum = desk.gather(self.members, self.columns.spots.in_cell(cell));
            if let Some(overview) = self.overview.filter(|_| desk.inside.len() >= CROWD) {
                let group = Arc::new(desk.cluster(cell, sum));
                overview.keep(&group);
                marks.groups.push(group);
                continue;
            }
            if desk.inside.len() > FEW {
                marks.groups.push(Group::new(cell, sum, &desk.inside));
                continue;
            }
            let cell = |spot: usize| Cell::around(self.columns.spots.get(spot).cell, cell.level + APART_LEVELS);
            for spots in self.shown.spots_of(piece).chunk_by(|one, other| cell(*one) == cell(*other)) {
                let sum = desk.gather(self.members, self.columns.spots.in_cell(cell(spots[0])));
                match desk.inside.as_slice() {
                    [alone] => marks.pins.push((*alone, self.southernmost(spots))),
                    several => marks.groups.push(Group::new(cell(spots[0]), sum, several)),
                }
            }
        }
        marks
    }

    fn southernmost(&self, spots: &[usize]) -> Point {
        let points = spots.iter().map(|spot| self.columns.spots.get(*spot).point);
        let by_place = |one: &Point, other: &Point| {
            one.latitude().total_cmp(&other.latitude()).then(one.longitude().total_cmp(&other.longitude()))
        };
        points.min_by(by_place).unwrap_or_else(|| unreachable!("a cell that is shown has a place"))
    }

    /// Marks as they are told.
    fn told(&self, mut marks: Marks, desk: &mut Desk<'_>, filter: &[u8], with_topics: bool) -> (Vec<Cluster>, Vec<Pin>) {
        marks.groups.sort_unstable_by(|one, other| {
            other.count.cmp(&one.count).then_with(|| one.cell.finest().start.cmp(&other.cell.finest().start))
        });
        let clusters = marks.groups.into_iter().map(|group| Cluster {
            id: ClusterId::write(group.cell, group.sum.looks(group.count), filter),
            count: group.count,
            point: group.sum.middle(),
            bounds: group.sum.bounds(),
            top_topics: match &group.topics {
                _ if !with_topics => Vec::new(),
                TopTopics::Known(topics) => topics.clone(),
                TopTopics::Of(inside) => desk.top_topics(inside),
            },
        });
        let clusters = clusters.collect();
        let pins = marks.pins.into_iter().map(|(id, point)| Pin { key: self.columns.initiatives.key(id).to_string(), point });
        let mut pins: Vec<Pin> = pins.collect();
        pins.sort_unstable_by(|one, other| {
            let place = |pin: &Pin| (pin.point.latitude(), pin.point.longitude());
            let (one_at, other_at) = (place(one), place(other));
            one.key.cmp(&other.key).then(one_at.0.total_cmp(&other_at.0)).then(one_at.1.total_cmp(&other_at.1))
        });
        (clusters, pins)
    }
}
