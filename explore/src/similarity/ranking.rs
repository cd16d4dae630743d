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
    fn new(most: usize, keys: &'a dyn Fn(Id) -> &'a str) -> Self {
        Self { most, keys, kept: Vec::with_capacity(most + 1) }
    }

    /// The lowest score that is among the first, once there are as many as asked for.
    fn lowest(&self) -> Option<f64> {
        if self.kept.len() < self.most { None } else { Some(self.kept.last().map_or(f64::INFINITY, |(score, _, _)| *score)) }
    }

    fn compare(&self, one: (f64, Id), other: (f64, Id)) -> Ordering {
        other.0.total_cmp(&one.0).then_with(|| (self.keys)(one.1).cmp((self.keys)(other.1)))
    }

    fn offer(&mut self, score: f64, id: Id, detail: T) {
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

/// Bounds are added up in another order and with fewer digits than scores: what that can make them too low by.
pub(crate) const SLACK: f32 = 0.001;

/// Of this many for each that is asked for, the best bounds are tried first: what is found sets a mark for the others.
const TRIED_FIRST: usize = 4;

impl<'a, T> First<'a, T> {
    /// The first of some candidates, each with what it can score at the most: those that cannot be among the first are not
    /// compared. What compares is told the score to reach, so that it can give up early.
    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    pub(crate) fn of(
        most: usize,
        keys: &'a dyn Fn(Id) -> &'a str,
        candidates: impl Iterator<Item = (f32, Id)> + Clone,
        mut compare: impl FnMut(Id, f64) -> Option<(f64, T)>,
    ) -> Self {
        let mut first = Self::new(most, keys);
        if most == 0 {
            return first;
        }
        let promising = highest(candidates.clone(), TRIED_FIRST * most);
        let mut tried: Vec<Id> = promising.iter().map(|(_, id)| *id).collect();
        tried.sort_unstable();
        let others = candidates.map(|(bound, id)| (bound, id, true));
        for (bound, id, may_be_tried) in promising.into_iter().map(|(bound, id)| (bound, id, false)).chain(others) {
            let lowest = first.lowest().unwrap_or_default();
            if bound + SLACK >= lowest as f32
                && !(may_be_tried && tried.binary_search(&id).is_ok())
                && let Some((score, detail)) = compare(id, lowest)
            {
                first.offer(score, id, detail);
            }
        }
        first
    }
}

/// The candidates with the highest bounds, the highest first.
fn highest(candidates: impl Iterator<Item = (f32, Id)>, most: usize) -> Vec<(f32, Id)> {
    let descending = |one: &(f32, Id), other: &(f32, Id)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
    let mut kept: Vec<(f32, Id)> = Vec::with_capacity(2 * most);
    let mut limit = f32::NEG_INFINITY;
    for candidate in candidates {
        if candidate.0 <= limit {
            continue;
        }
        kept.push(candidate);
        if kept.len() == 2 * most {
            kept.select_nth_unstable_by(most - 1, descending);
            kept.truncate(most);
            limit = kept[most - 1].0;
        }
    }
    kept.sort_unstable_by(descending);
    kept.truncate(most);
    kept
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

    #[test]
    fn what_cannot_be_among_the_first_is_not_compared() {
        let keys: &dyn Fn(Id) -> &'static str = &|_| "";
        let mut compared = Vec::new();
        let candidates = (0..100u16).map(|id| (f32::from(id % 50), u32::from(id)));
        let first = First::of(2, keys, candidates, |id, _| {
            compared.push(id);
            Some((f64::from(id % 50) / 1.01, ()))
        });
        let mut found: Vec<Id> = first.into_kept().map(|(_, id, ())| id).collect();
        found.sort_unstable();
        assert_eq!(found, [49, 99]);
        assert!(compared.len() <= 8, "{compared:?}");
    }
}
