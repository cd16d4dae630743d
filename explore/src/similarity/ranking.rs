//! The first of many, without sorting them all.

use std::cmp::Ordering;

use crate::columns::Id;

/// Keeps the highest scores; of equal ones those whose key comes first.
pub(crate) struct First<'a, T> {
    most: usize,
    keys: &'a dyn Fn(Id) -> &'a str,
    /// Sorted, the best first.
    kept: Vec<(f64, Id, T)>,
}

impl<'a, T> First<'a, T> {
    pub(crate) fn new(most: usize, keys: &'a dyn Fn(Id) -> &'a str) -> Self {
        Self { most, keys, kept: Vec::with_capacity(most + 1) }
    }

    /// The lowest score that is among the first, once there are as many as asked for.
    pub(crate) fn lowest(&self) -> Option<f64> {
        if self.kept.len() < self.most { None } else { Some(self.kept.last().map_or(f64::INFINITY, |(score, _, _)| *score)) }
    }

    fn compare(&self, one: (f64, Id), other: (f64, Id)) -> Ordering {
        other.0.total_cmp(&one.0).then_with(|| (self.keys)(one.1).cmp((self.keys)(other.1)))
    }

    pub(crate) fn offer(&mut self, score: f64, id: Id, detail: T) {
        if score <= 0.0 || self.lowest().is_some_and(|lowest| score < lowest) {
            return;
        }
        let place = self.kept.partition_point(|(known, other, _)| self.compare((*known, *other), (score, id)).is_lt());
        self.kept.insert(place, (score, id, detail));
        self.kept.truncate(self.most);
    }

    pub(crate) fn into_kept(self) -> impl Iterator<Item = (f64, Id, T)> {
        self.kept.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_come_first_and_keys_break_ties() {
        let keys: &dyn Fn(Id) -> &'static str = &|id| ["e", "d", "c", "b", "a"][id as usize];
        let first = |most: usize| {
            let mut first = First::new(most, keys);
            for (score, id) in [(1.0, 0), (2.0, 1), (2.0, 2), (0.0, 3), (2.0, 4)] {
                first.offer(score, id, ());
            }
            first.into_kept().map(|(_, id, ())| keys(id)).collect::<String>()
        };
        assert_eq!([first(0), first(1), first(2), first(10)], ["", "a", "ac", "acde"]);
    }
}
