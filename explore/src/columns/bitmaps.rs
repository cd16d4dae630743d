//! A bitmap for each value of something: which records have it.

use std::sync::{Arc, LazyLock};

use roaring::RoaringBitmap;

use super::Id;
use super::column::Column;

static EMPTY: LazyLock<RoaringBitmap> = LazyLock::new(RoaringBitmap::new);

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
