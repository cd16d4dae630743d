//! Several lists of numbers in one allocation: there are many initiatives, and most of what they have several of is one or two.

use crate::codec::{Code, Damaged, Reader, write_bytes};

/// Lists of numbers, each as how many there are and the numbers themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lists(Box<[u8]>);

impl Lists {
    pub(crate) fn new(lists: &[&[u32]]) -> Self {
        let mut bytes = Vec::new();
        for list in lists {
            (list.len() as u64).write(&mut bytes);
            list.iter().for_each(|number| number.write(&mut bytes));
        }
        Self(bytes.into())
    }

    /// The numbers of the list at a place.
    pub(crate) fn get(&self, place: usize) -> impl Iterator<Item = u32> + '_ {
        // What is damaged ends early: its checksum would have told before.
        let list = self.list(place).ok();
        list.into_iter().flat_map(|(count, mut rest)| (0..count).map_while(move |_| u32::read(&mut rest).ok()))
    }

    /// How many numbers the list at a place has, and where they begin.
    fn list(&self, place: usize) -> Result<(u64, Reader<'_>), Damaged> {
        let mut reader = Reader::new(&self.0);
        let mut count = u64::read(&mut reader)?;
        for _ in 0..place {
            for _ in 0..count {
                u32::read(&mut reader)?;
            }
            count = u64::read(&mut reader)?;
        }
        Ok((count, reader))
    }
}

impl Code for Lists {
    fn write(&self, output: &mut Vec<u8>) {
        write_bytes(&self.0, output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self(input.bytes()?.into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_list_holds_what_was_put_there(lists in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..4), 0..9)) {
            let slices: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
            let packed = Lists::new(&slices);
            for (place, list) in lists.iter().enumerate() {
                prop_assert_eq!(&packed.get(place).collect::<Vec<_>>(), list);
            }
        }

        #[test]
        fn no_bytes_break_it(bytes: Vec<u8>, place in 0..9usize) {
            prop_assert!(Lists(bytes.clone().into()).get(place).count() <= bytes.len());
        }
    }
}
