//! The initiatives in which each word matters, and how much: what the words of one initiative are looked up in.
//!
//! Most words are in few records, so a list is bytes: how many there are, then each initiative as the difference to the one
//! before (variable-length integers), with its weight.

use std::sync::Arc;

use crate::codec::Code as _;
use crate::columns::Id;
use crate::columns::column::Column;

/// The lists of all words. Copies share every list that neither has changed since.
#[derive(Debug, Clone, Default)]
pub(crate) struct Postings {
    words: Column<Option<Arc<[u8]>>>,
}

/// A word, an initiative, and how much it matters there; 0 where it is not there any more.
pub(crate) type Change = (u32, Id, u8);

impl Postings {
    /// The lists of words that come with initiatives in ascending order. They are gone through twice: lists that grew one beside the
    /// other would leave holes in memory, as much as they take themselves.
    pub(crate) fn of<Words: Iterator<Item = Change>>(words: impl Fn() -> Words) -> Self {
        let mut sizes: Vec<Size> = Vec::new();
        for (word, initiative, _) in words() {
            let at = word as usize;
            if at >= sizes.len() {
                sizes.resize_with(at + 1, Size::default);
            }
            sizes[at].add(initiative);
        }
        let mut lists: Vec<List> = sizes.iter().map(|size| List::of_bytes(size.bytes)).collect();
        for (word, initiative, weight) in words() {
            lists[word as usize].push(initiative, weight);
        }
        Self { words: lists.into_iter().map(List::finish).collect() }
    }

    /// Takes up changes.
    pub(crate) fn change(&mut self, mut changes: Vec<Change>) {
        // Of two changes of the same word in the same initiative the later counts: sorting leaves them in order.
        changes.sort_by_key(|(word, initiative, _)| (*word, *initiative));
        for changes in changes.chunk_by(|one, other| one.0 == other.0) {
            let word = changes[0].0;
            let mut list = List::default();
            let mut known = self.iter(word).peekable();
            for same in changes.chunk_by(|one, other| one.1 == other.1) {
                let (_, initiative, weight) = same[same.len() - 1];
                while let Some((before, weight)) = known.next_if(|(known, _)| *known < initiative) {
                    list.push(before, weight);
                }
                known.next_if(|(known, _)| *known == initiative);
                if weight > 0 {
                    list.push(initiative, weight);
                }
            }
            known.for_each(|(initiative, weight)| list.push(initiative, weight));
            let list = list.finish();
            *self.words.change(word, &None) = list;
        }
    }

    /// How many initiatives a word matters in.
    pub(crate) fn count(&self, word: u32) -> u64 {
        u64::from(number(self.bytes(word), &mut 0))
    }

    /// The initiatives that a word matters in, in order, with how much.
    pub(crate) fn iter(&self, word: u32) -> Cursor<'_> {
        let bytes = self.bytes(word);
        let mut cursor = Cursor { bytes, at: 0, left: 0, next: 0 };
        cursor.left = number(bytes, &mut cursor.at);
        cursor.read();
        cursor
    }

    fn bytes(&self, word: u32) -> &[u8] {
        self.words.get(word).and_then(Option::as_deref).unwrap_or(&[0])
    }
}

/// The initiatives that a word matters in, as far as they have not been passed.
#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    left: u32,
    /// The next of those that are left.
    next: Id,
}

impl Cursor<'_> {
    fn read(&mut self) {
        if self.left > 0 {
            self.next += number(self.bytes, &mut self.at);
        }
    }

    /// Passes all initiatives below a number, and calls for each with how much the word matters in it.
    #[inline]
    pub(crate) fn below(&mut self, end: Id, mut call: impl FnMut(Id, u8)) {
        while self.next < end
            && let Some((initiative, weight)) = self.next()
        {
            call(initiative, weight);
        }
    }
}

impl Iterator for Cursor<'_> {
    type Item = (Id, u8);

    #[inline]
    fn next(&mut self) -> Option<(Id, u8)> {
        if self.left == 0 {
            return None;
        }
        let passed = (self.next, self.bytes[self.at]);
        self.at += 1;
        self.left -= 1;
        self.read();
        Some(passed)
    }
}

/// Reads a number as [`crate::codec`] writes them. Only for bytes of a [`List`].
#[inline]
fn number(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = bytes[*at];
        *at += 1;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return number;
        }
        shift += 7;
    }
}

/// How long a list is going to be.
#[derive(Debug, Default)]
struct Size {
    last: Id,
    bytes: usize,
}

impl Size {
    fn add(&mut self, initiative: Id) {
        let bits = (u32::BITS - (initiative - self.last).leading_zeros()).max(1);
        self.bytes += bits.div_ceil(7) as usize + 1;
        self.last = initiative;
    }
}

/// A list that is being written.
#[derive(Debug, Default)]
struct List {
    count: u32,
    last: Id,
    entries: Vec<u8>,
}

impl List {
    fn of_bytes(bytes: usize) -> Self {
        Self { entries: Vec::with_capacity(bytes), ..Self::default() }
    }

    fn push(&mut self, initiative: Id, weight: u8) {
        (initiative - self.last).write(&mut self.entries);
        self.entries.push(weight);
        self.last = initiative;
        self.count += 1;
    }

    fn finish(self) -> Option<Arc<[u8]>> {
        if self.count == 0 {
            return None;
        }
        let mut count = Vec::new();
        self.count.write(&mut count);
        Some(count.into_iter().chain(self.entries).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_are_as_long_as_was_said(initiatives in prop::collection::btree_set(any::<u32>(), 0..20)) {
            let (mut size, mut list) = (Size::default(), List::default());
            for initiative in initiatives {
                size.add(initiative);
                list.push(initiative, 1);
            }
            prop_assert_eq!(size.bytes, list.entries.len());
        }

        #[test]
        fn lists_hold_what_was_put_there(
            first in prop::collection::vec((0..5_u32, 0..300_u32, 1..=255_u8), 0..60),
            then in prop::collection::vec((0..7_u32, 0..100_000_u32, 0..=255_u8), 0..60),
        ) {
            let mut expected: BTreeMap<(Id, u32), u8> = first.iter().map(|(word, id, weight)| ((*id, *word), *weight)).collect();
            let mut postings = Postings::of(|| expected.iter().map(|((id, word), weight)| (*word, *id, *weight)));
            postings.change(then.clone());
            for (word, id, weight) in then {
                expected.insert((id, word), weight);
            }
            for word in 0..8 {
                let list = expected.iter().filter(|((_, of), weight)| *of == word && **weight > 0);
                let list: Vec<(Id, u8)> = list.map(|((id, _), weight)| (*id, *weight)).collect();
                prop_assert_eq!(postings.count(word), list.len() as u64);
                let mut passed = Vec::new();
                let mut cursor = postings.iter(word);
                for end in [0, 40, 300, 40_000, 100_000] {
                    cursor.below(end, |id, weight| passed.push((id, weight)));
                    prop_assert!(passed.iter().eq(list.iter().filter(|(id, _)| *id < end)));
                }
                prop_assert_eq!(postings.iter(word).collect::<Vec<_>>(), list);
            }
        }
    }
}
