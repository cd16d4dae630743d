//! Metadata as its author wrote it: every scalar is its source text, every key and value knows where it stands.
//!
//! Codes, postcodes and dates change when a parser reads them as numbers (`01004`, `1.10`) or as words (`NO`), so nothing is
//! read as anything here; whoever knows what a field means reads its text.

use std::collections::HashMap;

/// A place in a file: line and column from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Position {
    /// The first character of a file.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// A value and where it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: Value,
    pub at: Position,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing after the colon, `~` or `null`.
    Null,
    /// The text of a scalar, unquoted.
    Scalar(String),
    List(Vec<Node>),
    Map(Map),
}

/// Keys with their values, in the order of the file, each key once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Map {
    pub entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_at: Position,
    pub node: Node,
}

impl Map {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.node)
    }

    /// The value of a key that has one: not null, not an empty text, not an empty list.
    pub fn filled(&self, key: &str) -> Option<&Node> {
        self.get(key).filter(|node| !node.is_blank())
    }
}

/// A map that is being read, key by key.
#[derive(Debug, Default)]
pub(super) struct Growing {
    map: Map,
    /// Where each key stands in it, once they are many.
    places: HashMap<String, usize>,
}

impl Growing {
    /// So many keys are looked through one by one.
    const FEW: usize = 32;

    /// Adds a key and says where it stood already. Of a repeated key lists are joined, since the last one alone would lose real
    /// ones; else the last value that says something holds.
    pub(super) fn insert(&mut self, key: String, key_at: Position, node: Node) -> Option<Position> {
        let Some(known) = self.place(&key).and_then(|place| self.map.entries.get_mut(place)) else {
            self.add(Entry { key, key_at, node });
            return None;
        };
        let first = known.key_at;
        match (&mut known.node.value, node.value) {
            (Value::List(items), Value::List(more)) => items.extend(more),
            (_, value) => {
                let node = Node { value, at: node.at };
                if !node.is_blank() {
                    known.node = node;
                    known.key_at = key_at;
                }
            }
        }
        Some(first)
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.places.is_empty() {
            self.map.entries.iter().position(|entry| entry.key == key)
        } else {
            self.places.get(key).copied()
        }
    }

    fn add(&mut self, entry: Entry) {
        let count = self.map.entries.len();
        if !self.places.is_empty() {
            self.places.insert(entry.key.clone(), count);
        }
        self.map.entries.push(entry);
        if count + 1 == Self::FEW {
            self.places = self.map.entries.iter().enumerate().map(|(place, entry)| (entry.key.clone(), place)).collect();
        }
    }

    /// The map as it was read.
    pub(super) fn whole(self) -> Map {
        self.map
    }
}

impl Node {
    /// Whether it says nothing.
    pub fn is_blank(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Scalar(text) => text.trim().is_empty(),
            Value::List(items) => items.iter().all(Self::is_blank),
            Value::Map(map) => map.entries.is_empty(),
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The keys and values of a map.
    pub fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of a list; a value that stands alone counts as a list of one, an absent one as none.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ if self.is_blank() => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// How many values it is made of.
    pub fn weight(&self) -> usize {
        match &self.value {
            Value::Null | Value::Scalar(_) => 1,
            Value::List(items) => 1 + items.iter().map(Self::weight).sum::<usize>(),
            Value::Map(map) => 1 + map.entries.iter().map(|entry| entry.node.weight()).sum::<usize>(),
        }
    }

    /// How much text it holds, in bytes.
    pub fn bytes(&self) -> usize {
        match &self.value {
            Value::Null => 0,
            Value::Scalar(text) => text.len(),
            Value::List(items) => items.iter().map(Self::bytes).sum(),
            Value::Map(map) => map.entries.iter().map(|entry| entry.key.len() + entry.node.bytes()).sum(),
        }
    }

    /// What sort of value it is, with an article.
    pub const fn sort(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}
