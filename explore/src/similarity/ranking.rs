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

impl<T> First<'_, T> {
    /// Takes up records of consecutive numbers, each with what it can score at the most (0 for those that are out of question): those
    /// that cannot be among the first are not compared. What compares is told the score to reach, so that it can give up early.
    #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
    pub(crate) fn take_up(&mut self, from: Id, bounds: &[f32], mut compare: impl FnMut(Id, f64) -> Option<(f64, T)>) {
        if self.most == 0 {
            return;
        }
        let floor = |first: &Self| (first.lowest().unwrap_or_default() as f32 - SLACK).max(0.0);
        let mut try_one = |first: &mut Self, at: u32| {
            if let Some((score, detail)) = compare(from + at, first.lowest().unwrap_or_default()) {
                first.offer(score, from + at, detail);
            }
        };
        let promising = highest(floor(self), bounds, TRIED_FIRST * self.most);
        for (bound, at) in &promising {
            if *bound > floor(self) {
                try_one(self, *at);
            }
        }
        let mut tried: Vec<u32> = promising.into_iter().map(|(_, at)| at).collect();
        tried.sort_unstable();
        each_above(floor(self), bounds, |_, at| {
            if tried.binary_search(&at).is_err() {
                try_one(self, at);
            }
            floor(self)
        });
    }
}

/// Calls for each number whose bound is above a floor; what is called gives the floor from there on.
fn each_above(mut floor: f32, bounds: &[f32], mut call: impl FnMut(f32, Id) -> f32) {
    /// As many are looked at together: hardly ever is one of them above.
    const TOGETHER: usize = 32;
    for (bounds, first) in bounds.chunks(TOGETHER).zip((0..).step_by(TOGETHER)) {
        let highest = bounds.iter().fold(0.0_f32, |highest, bound| if *bound > highest { *bound } else { highest });
        if highest > floor {
            for (bound, id) in bounds.iter().zip(first..) {
                if *bound > floor {
                    floor = call(*bound, id);
                }
            }
        }
    }
}

/// The numbers with the highest bounds above a floor, the highest first.
fn highest(mut floor: f32, bounds: &[f32], most: usize) -> Vec<(f32, Id)> {
    let descending = |one: &(f32, Id), other: &(f32, Id)| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1));
    let mut kept: Vec<(f32, Id)> = Vec::with_capacity(2 * most);
    each_above(floor, bounds, |bound, id| {
        kept.push((bound, id));
        if kept.len() == 2 * most {
            kept.select_nth_unstable_by(most - 1, descending);
            kept.truncate(most);
            floor = kept[most - 1].0;
        }
        floor
    });
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
        let bounds: Vec<f32> = (0..100u16).map(|id| f32::from(id % 50)).collect();
        let mut first = First::new(2, keys);
        for (from, bounds) in (0..).step_by(70).zip(bounds.chunks(70)) {
            first.take_up(from, bounds, |id, _| {
                compared.push(id);
                Some((f64::from(id % 50) / 1.01, ()))
            });
        }
        let mut found: Vec<Id> = first.into_kept().map(|(_, id, ())| id).collect();
        found.sort_unstable();
        assert_eq!(found, [49, 99]);
        assert!(compared.len() <= 8, "{compared:?}");
    }
}
