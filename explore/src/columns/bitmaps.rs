//! A bitmap for each value of something: which records have it.

use std::sync::{Arc, LazyLock};

use roaring::RoaringBitmap;

use super::Id;
use super::column::Column;

static EMPTY: LazyLock<RoaringBitmap> = LazyLock::new(RoaringBitmap::new);

/// Calls for each number of a set, more quickly than its iterator does by itself.
pub(crate) fn each(mut rest: roaring::bitmap::Iter<'_>, mut call: impl FnMut(Id)) {
    let mut numbers = [0; 512];
    loop {
        let some = rest.next_many(&mut numbers);
        if some.is_empty() {
            return;
        }
        for number in some {
            call(*number);
        }
    }
}

/// Gathers numbers in any order, each as often as it may come.
#[derive(Debug)]
pub(crate) struct Gathered(Vec<u8>);

impl Gathered {
    /// For numbers below a limit.
    pub(crate) fn below(limit: usize) -> Self {
        Self(vec![0; limit.div_ceil(8)])
    }

    #[inline]
    pub(crate) fn insert(&mut self, number: Id) {
        self.0[number as usize / 8] |= 1 << (number % 8);
    }

    /// Without a branch that a processor could guess wrong.
    #[inline]
    pub(crate) fn insert_if(&mut self, is_in: bool, number: Id) {
        self.0[number as usize / 8] |= u8::from(is_in) << (number % 8);
    }

    /// Gathers what others hold that are below the same limit.
    pub(crate) fn insert_all(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(held, more)| *held |= more);
    }

    pub(crate) fn into_set(self) -> RoaringBitmap {
        RoaringBitmap::from_lsb0_bytes(0, &self.0)
    }
}

/// Which records have each value, told twice: first to be counted, then to be kept. Sets that grew one beside the other would leave
/// holes in memory, as much as they take themselves.
#[derive(Debug, Default)]
pub(crate) struct Filling {
    /// How many records have each value; once they are kept, where its next record goes.
    counts: Vec<u32>,
    records: Vec<Id>,
}

impl Filling {
    pub(crate) fn count(&mut self, value: u32) {
        let value = value as usize;
        if value >= self.counts.len() {
            self.counts.resize(value + 1, 0);
        }
        self.counts[value] += 1;
    }

    /// All have been counted.
    pub(crate) fn counted(&mut self) {
        let mut sum = 0;
        for count in &mut self.counts {
            sum += std::mem::replace(count, sum);
        }
        self.records.resize(sum as usize, 0);
    }

    /// Keeps what was counted, in the order of the records.
    pub(crate) fn keep(&mut self, value: u32, id: Id) {
        let next = &mut self.counts[value as usize];
        self.records[*next as usize] = id;
        *next += 1;
    }

    pub(crate) fn into_bitmaps(self) -> Bitmaps {
        let mut start = 0;
        let set = |end: u32| {
            let records = &self.records[std::mem::replace(&mut start, end as usize)..end as usize];
            // A copy has no room left to grow: most sets are small and stay so.
            (!records.is_empty()).then(|| Arc::new(records.iter().copied().collect::<RoaringBitmap>().clone()))
        };
        Bitmaps { values: self.counts.into_iter().map(set).collect() }
    }
}

/// Which records have each value; values are small numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bitmaps {
    values: Column<Option<Arc<RoaringBitmap>>>,
}

impl Bitmaps {
    /// The records that have a value.
    pub(crate) fn get(&self, value: u32) -> &RoaringBitmap {
        self.values.get(value).and_then(Option::as_deref).unwrap_or(&EMPTY)
    }

    pub(crate) fn insert(&mut self, value: u32, id: Id) {
        Arc::make_mut(self.values.change(value, &None).get_or_insert_default()).insert(id);
    }

    pub(crate) fn remove(&mut self, value: u32, id: Id) {
        let slot = self.values.change(value, &None);
        if let Some(bitmap) = slot {
            let bitmap = Arc::make_mut(bitmap);
            bitmap.remove(id);
            if bitmap.is_empty() {
                *slot = None;
            }
        }
    }

    /// The values that any record has, with these records.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &RoaringBitmap)> {
        self.values.numbered().filter_map(|(value, bitmap)| bitmap.as_deref().map(|bitmap| (value, bitmap)))
    }
}
