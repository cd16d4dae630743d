//! The records of one kind: a number for each key, for as long as the index lives.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::Arc;

use hashbrown::HashTable;

use super::Id;
use super::column::Column;
use crate::codec::{Code, Damaged, Reader};

/// How many keys are copied for a change at the most, before they join the shared ones.
const RECENT: usize = 4096;

/// What a key stands for.
#[derive(Debug)]
pub(crate) enum State<E> {
    /// Named by other records and not seen itself yet.
    Named,
    Present(Arc<E>),
    /// A tombstone; what it was merged into may be one too.
    Withdrawn {
        merged_into: Option<Id>,
    },
}

impl<E> Clone for State<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Named => Self::Named,
            Self::Present(entry) => Self::Present(Arc::clone(entry)),
            Self::Withdrawn { merged_into } => Self::Withdrawn { merged_into: *merged_into },
        }
    }
}

#[derive(Debug)]
struct Slot<E> {
    key: Arc<str>,
    aliases: Arc<[Arc<str>]>,
    state: State<E>,
}

impl<E> Clone for Slot<E> {
    fn clone(&self) -> Self {
        Self { key: Arc::clone(&self.key), aliases: Arc::clone(&self.aliases), state: self.state.clone() }
    }
}

/// The records of one kind, by number and by key.
#[derive(Debug)]
pub(crate) struct Table<E> {
    slots: Column<Slot<E>>,
    /// The number of each key but recent ones: the keys themselves stand in the slots.
    keys: Arc<HashTable<Id>>,
    hasher: foldhash::fast::RandomState,
    /// Keys since then.
    recent: HashMap<Arc<str>, Id>,
    /// Few records have any.
    aliases: Arc<HashMap<Arc<str>, Id>>,
}

impl<E> Default for Table<E> {
    fn default() -> Self {
        Self {
            slots: Column::default(),
            keys: Arc::default(),
            hasher: foldhash::fast::RandomState::default(),
            recent: HashMap::new(),
            aliases: Arc::default(),
        }
    }
}

impl<E> Clone for Table<E> {
    fn clone(&self) -> Self {
        Self {
            slots: self.slots.clone(),
            keys: Arc::clone(&self.keys),
            hasher: self.hasher.clone(),
            recent: self.recent.clone(),
            aliases: Arc::clone(&self.aliases),
        }
    }
}

impl<E> Table<E> {
    /// How many keys have a number.
    pub(crate) const fn len(&self) -> usize {
        self.slots.len()
    }

    /// The record under a number, unless it is withdrawn or only named.
    pub(crate) fn get(&self, id: Id) -> Option<&Arc<E>> {
        match &self.slots.get(id)?.state {
            State::Present(entry) => Some(entry),
            State::Named | State::Withdrawn { .. } => None,
        }
    }

    pub(crate) fn key(&self, id: Id) -> &Arc<str> {
        &self.slots[id].key
    }

    /// The number of a key or alias, whatever it stands for. An alias comes before a key that no record has any more, or yet.
    pub(crate) fn number(&self, key: &str) -> Option<Id> {
        let by_key = self.number_of_key(key);
        by_key.filter(|id| self.get(*id).is_some()).or_else(|| self.aliases.get(key).copied()).or(by_key)
    }

    fn number_of_key(&self, key: &str) -> Option<Id> {
        let settled = || self.keys.find(self.hasher.hash_one(key), |id| *self.slots[*id].key == *key);
        self.recent.get(key).or_else(settled).copied()
    }

    /// The record that a reference leads to: itself, or what it was merged into.
    pub(crate) fn resolve(&self, id: Id) -> Option<Id> {
        let mut id = id;
        // Merges form chains, never long ones; a circle ends here.
        for _ in 0..32 {
            match self.slots.get(id)?.state {
                State::Present(_) => return Some(id),
                State::Withdrawn { merged_into: Some(into) } => id = into,
                State::Named | State::Withdrawn { merged_into: None } => return None,
            }
        }
        None
    }

    /// The numbers from a reference on: itself, and what it was merged into, as far as that goes.
    pub(crate) fn chain(&self, id: Id) -> Vec<Id> {
        let mut chain = vec![id];
        while let Some(last) = chain.last().copied()
            && let Some(State::Withdrawn { merged_into: Some(into) }) = self.slots.get(last).map(|slot| &slot.state)
            && !chain.contains(into)
        {
            chain.push(*into);
        }
        chain
    }

    /// The record that a key, an alias or the key of a merged record names.
    pub(crate) fn find(&self, key: &str) -> Option<Id> {
        self.resolve(self.number(key)?)
    }

    /// Every record that is present, by number.
    pub(crate) fn present(&self) -> impl Iterator<Item = (Id, &Arc<E>)> {
        self.slots.numbered().filter_map(|(id, slot)| match &slot.state {
            State::Present(entry) => Some((id, entry)),
            State::Named | State::Withdrawn { .. } => None,
        })
    }

    /// The number of a key, which gets one if it has none.
    pub(crate) fn intern(&mut self, key: &str) -> Id {
        // Only keys here: an alias never stands where a key is asked for, since relations point to keys.
        if let Some(id) = self.number_of_key(key) {
            return id;
        }
        let id = u32::try_from(self.slots.len()).unwrap_or_else(|_| unreachable!("a graph has fewer than four billion records"));
        let key: Arc<str> = key.into();
        self.slots.push(Slot { key: Arc::clone(&key), aliases: Arc::default(), state: State::Named });
        self.recent.insert(key, id);
        self.settle_if_many();
        id
    }

    /// Sets what a key stands for, with its aliases; gives what it stood for.
    pub(crate) fn set(&mut self, id: Id, aliases: Arc<[Arc<str>]>, state: State<E>) -> State<E> {
        let slot = self.slots.change_existing(id);
        if slot.aliases != aliases {
            let known = Arc::make_mut(&mut self.aliases);
            for former in slot.aliases.iter() {
                if known.get(former) == Some(&id) {
                    known.remove(former);
                }
            }
            known.extend(aliases.iter().map(|alias| (Arc::clone(alias), id)));
        }
        slot.aliases = aliases;
        std::mem::replace(&mut slot.state, state)
    }

    pub(crate) fn aliases(&self, id: Id) -> &[Arc<str>] {
        &self.slots[id].aliases
    }

    /// Lets the recent keys join the shared ones, once there are many.
    fn settle_if_many(&mut self) {
        // Joining copies all numbers if a snapshot still shares them: seldom enough to cost nothing for each key.
        if self.recent.len() <= RECENT.max(self.keys.len() / 16) {
            return;
        }
        let hash = |key: &str| self.hasher.hash_one(key);
        let keys = Arc::make_mut(&mut self.keys);
        for (key, id) in self.recent.drain() {
            keys.insert_unique(hash(&key), id, |id| hash(&self.slots[*id].key));
        }
    }
}

impl<E: Code> Code for Table<E> {
    fn write(&self, output: &mut Vec<u8>) {
        (self.slots.len() as u64).write(output);
        for slot in self.slots.iter() {
            slot.key.write(output);
            slot.aliases.iter().cloned().collect::<Box<[Arc<str>]>>().write(output);
            match &slot.state {
                State::Named => output.push(0),
                State::Present(entry) => {
                    output.push(1);
                    entry.write(output);
                }
                State::Withdrawn { merged_into } => {
                    output.push(2);
                    merged_into.write(output);
                }
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let count = input.count()?;
        let mut table = Self::default();
        let mut keys = HashTable::with_capacity(count);
        let mut all_aliases = HashMap::new();
        for id in 0..u32::try_from(count).map_err(|_| input.damaged("counts more than there is"))? {
            let key = Arc::<str>::read(input)?;
            let aliases = Box::<[Arc<str>]>::read(input)?;
            // Nearly all have none: those share one.
            let aliases: Arc<[Arc<str>]> = if aliases.is_empty() { Arc::default() } else { aliases.into() };
            let state = match input.take(1)?[0] {
                0 => State::Named,
                1 => State::Present(Arc::new(E::read(input)?)),
                2 => State::Withdrawn { merged_into: Option::read(input)? },
                _ => return Err(input.damaged("is no state of a record")),
            };
            all_aliases.extend(aliases.iter().map(|alias| (Arc::clone(alias), id)));
            let hash = table.hasher.hash_one(&*key);
            table.slots.push(Slot { key, aliases, state });
            keys.insert_unique(hash, id, |id| table.hasher.hash_one(&*table.slots[*id].key));
        }
        (table.keys, table.aliases) = (Arc::new(keys), Arc::new(all_aliases));
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_the_record_that_has_it() {
        let present = || State::Present(Arc::new(()));
        let aliases = |names: &[&str]| names.iter().map(|name| Arc::from(*name)).collect::<Arc<[Arc<str>]>>();
        let mut table = Table::<()>::default();
        let (town, named) = (table.intern("town"), table.intern("named"));
        assert_eq!(table.number("named"), Some(named), "a key that is only named");
        table.set(town, aliases(&["former", "named"]), present());
        assert_eq!(
            [table.number("former"), table.number("named")],
            [Some(town); 2],
            "an alias, before a key that nothing has yet"
        );
        assert_eq!(table.intern("named"), named, "a key keeps its number");
        table.set(named, aliases(&[]), present());
        assert_eq!(table.number("named"), Some(named), "the key of a record, before an alias");
        table.set(town, aliases(&["later"]), present());
        assert_eq!([table.number("former"), table.number("later")], [None, Some(town)], "an alias that was taken back");
    }

    #[test]
    fn many_keys_keep_their_numbers() {
        let mut table = Table::<()>::default();
        let key = |number: usize| format!("key-{number}");
        let before = table.clone();
        for number in 0..3 * RECENT {
            assert_eq!(table.intern(&key(number)) as usize, number);
        }
        assert!((0..3 * RECENT).all(|number| table.number(&key(number)).is_some_and(|id| id as usize == number)));
        assert_eq!(before.number(&key(0)), None);
    }
}
