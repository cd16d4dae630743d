//! A list that is cheap to copy and to change in one place: what the next snapshot shares with the last.

use std::ops::Index;
use std::sync::Arc;

/// How many values share one allocation: a copy for a small change copies this many.
const CHUNK: usize = 1024;

/// A list in chunks; copies share the chunks that neither has changed since.
#[derive(Debug, Clone)]
pub(crate) struct Column<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Column<T> {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, id: u32) -> Option<&T> {
        let id = id as usize;
        self.chunks.get(id / CHUNK).and_then(|chunk| chunk.get(id % CHUNK))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }

    /// Whether another list has the same values, as far as the two do not share them anyway.
    pub(crate) fn is_like(&self, other: &Self, is_same: impl Fn(&T, &T) -> bool) -> bool {
        let is_same_chunk = |(one, other): (&Arc<Vec<T>>, &Arc<Vec<T>>)| {
            Arc::ptr_eq(one, other) || one.iter().zip(other.iter()).all(|(one, other)| is_same(one, other))
        };
        self.len == other.len && self.chunks.iter().zip(&other.chunks).all(is_same_chunk)
    }

    /// The values with their ids.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(self.iter())
    }
}

impl<T: Clone> Column<T> {
    pub(crate) fn push(&mut self, value: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::new()));
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(value);
        }
        self.len += 1;
    }

    /// The value to be changed; the column grows with `filler` up to it.
    pub(crate) fn change(&mut self, id: u32, filler: &T) -> &mut T {
        let id = id as usize;
        while self.len <= id {
            self.push(filler.clone());
        }
        &mut Arc::make_mut(&mut self.chunks[id / CHUNK])[id % CHUNK]
    }

    /// The value to be changed, which must be there.
    pub(crate) fn change_existing(&mut self, id: u32) -> &mut T {
        let id = id as usize;
        &mut Arc::make_mut(&mut self.chunks[id / CHUNK])[id % CHUNK]
    }
}

impl<T> Index<u32> for Column<T> {
    type Output = T;

    fn index(&self, id: u32) -> &T {
        let id = id as usize;
        &self.chunks[id / CHUNK][id % CHUNK]
    }
}

impl<T: Clone> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut column = Self::default();
        values.into_iter().for_each(|value| column.push(value));
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_keeps_what_the_original_changes() {
        let mut column: Column<u32> = (0..3000).collect();
        let copy = column.clone();
        *column.change(1500, &0) = 7;
        *column.change(5000, &9) = 8;
        assert_eq!((copy.len(), copy[1500], copy.get(5000)), (3000, 1500, None));
        assert_eq!((column.len(), column[1500], column[4999], column[5000]), (5001, 7, 9, 8));
        assert!(Arc::ptr_eq(&column.chunks[0], &copy.chunks[0]), "an unchanged chunk is shared");
        assert!(copy.iter().copied().eq(0..3000));
    }

    #[test]
    fn lists_are_compared_where_they_do_not_share() {
        let column: Column<u32> = (0..3000).collect();
        let (mut same, mut longer) = (column.clone(), column.clone());
        *same.change(1500, &0) = 1500;
        longer.push(3000);
        let mut other = column.clone();
        *other.change(1500, &0) = 7;
        let is_like = |one: &Column<u32>| one.is_like(&column, |one, other| one == other);
        assert_eq!([&column, &same, &longer, &other].map(is_like), [true, true, false, false]);
        assert!(column.is_like(&column.clone(), |_, _| false), "what is shared is not looked at");
    }
}
