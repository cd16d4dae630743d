//! How many initiatives of a set have each value of something.

use foldhash::{HashMap, HashMapExt as _};
use maillage_graph_schema::model::{AreaKind, Audience, Status};
use roaring::RoaringBitmap;

use crate::columns::{Columns, Dimension};
use crate::question::{Facet, FacetBucket, FacetKind, POPULATION_BANDS};

impl FacetKind {
    const fn dimension(self, include_narrower: bool) -> Dimension {
        match self {
            Self::Topic if include_narrower => Dimension::TopicTree,
            Self::Topic => Dimension::Topic,
            Self::Kind => Dimension::Kind,
            Self::Status => Dimension::Status,
            Self::Audience => Dimension::Audience,
            Self::Department | Self::Region => Dimension::Area,
            Self::PopulationBand => Dimension::PopulationBand,
            Self::Organisation => Dimension::Organisation,
            Self::Source => Dimension::Source,
            Self::Language => Dimension::Language,
            Self::Licence => Dimension::Licence,
            Self::Year => Dimension::Year,
        }
    }
}

impl Columns {
    /// Counts a set by each kind; of each the `first` most frequent values.
    pub(crate) fn facets(&self, set: &RoaringBitmap, kinds: &[FacetKind], include_narrower: bool, first: usize) -> Vec<Facet> {
        kinds
            .iter()
            .map(|kind| {
                let dimension = kind.dimension(include_narrower);
                let bitmaps = self.bitmaps(dimension);
                // Of organisations there are many, most with few initiatives; of all else there are few values.
                let counts = if *kind == FacetKind::Organisation && set.len() <= bitmaps.iter().count() as u64 {
                    self.count_organisations(set)
                } else {
                    self.count_by_bitmaps(set, *kind, dimension)
                };
                Facet { kind: *kind, buckets: self.buckets(*kind, counts, first) }
            })
            .collect()
    }

    /// Counts the organisations of one initiative after the other.
    fn count_organisations(&self, set: &RoaringBitmap) -> Vec<(u32, u64)> {
        let mut counts: HashMap<u32, u64> = HashMap::new();
        for id in set {
            let involved = self.initiative(id).organisations().filter_map(|(id, _)| self.organisations.resolve(id));
            // In several roles it is there once.
            let mut involved: Vec<u32> = involved.collect();
            involved.sort_unstable();
            involved.dedup();
            for organisation in involved {
                *counts.entry(organisation).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }

    fn count_by_bitmaps(&self, set: &RoaringBitmap, kind: FacetKind, dimension: Dimension) -> Vec<(u32, u64)> {
        let is_everything = set.len() == self.live.len();
        let count = |bitmap: &RoaringBitmap| if is_everything { bitmap.len() } else { set.intersection_len(bitmap) };
        let bitmaps = self.bitmaps(dimension).iter().filter(|(value, _)| self.is_counted(kind, *value));
        bitmaps.map(|(value, bitmap)| (value, count(bitmap))).collect()
    }

    /// Whether a value is one of a kind: areas are of several.
    fn is_counted(&self, kind: FacetKind, value: u32) -> bool {
        match kind {
            FacetKind::Department => self.areas.get(value).is_some_and(|area| area.kind == AreaKind::Department),
            FacetKind::Region => self.areas.get(value).is_some_and(|area| area.kind == AreaKind::Region),
            _ => true,
        }
    }

    fn buckets(&self, kind: FacetKind, counts: Vec<(u32, u64)>, first: usize) -> Vec<FacetBucket> {
        let mut counts: Vec<(u64, u32)> =
            counts.into_iter().filter(|(_, count)| *count > 0).map(|(value, count)| (count, value)).collect();
        counts.sort_unstable_by_key(|(count, _)| std::cmp::Reverse(*count));
        // Keys are looked up only for values that may be among the first: those with at least the count of the last one.
        if let Some((fewest, _)) = first.checked_sub(1).and_then(|last| counts.get(last)).copied() {
            counts.truncate(counts.partition_point(|(count, _)| *count >= fewest));
        }
        let mut buckets: Vec<FacetBucket> =
            counts.into_iter().map(|(count, value)| FacetBucket { key: self.facet_key(kind, value), count }).collect();
        buckets.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| one.key.cmp(&other.key)));
        buckets.truncate(first);
        buckets
    }

    fn facet_key(&self, kind: FacetKind, value: u32) -> String {
        let at = value as usize;
        match kind {
            FacetKind::Topic | FacetKind::Kind => self.topics.key(value).to_string(),
            FacetKind::Status => Status::ALL[at].as_str().to_owned(),
            FacetKind::Audience => Audience::ALL[at].as_str().to_owned(),
            FacetKind::Department | FacetKind::Region => self.areas.key(value).to_string(),
            FacetKind::PopulationBand => POPULATION_BANDS[at].0.to_owned(),
            FacetKind::Organisation => self.organisations.key(value).to_string(),
            FacetKind::Source => self.sources.key(value).to_string(),
            FacetKind::Language => self.languages.get(value).to_owned(),
            FacetKind::Licence => self.licences.get(value).to_owned(),
            FacetKind::Year => value.to_string(),
        }
    }
}
