//! What files and their mapping leave of one another: fields that are not read, and fields that are not there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Collection;
use super::condition::Condition;
use super::path::FieldPath;
use super::rule::Rule;
use super::template::Template;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::value::Map;

/// What a file and its collection leave of one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    pub collection: String,
    /// Fields of the file that are neither read nor dropped.
    pub unread: Vec<String>,
    /// Fields that the collection reads and the file has not.
    pub absent: Vec<String>,
}

impl Collection {
    /// The fields at the top of a file that its rules read.
    fn read_fields(&self) -> HashSet<&str> {
        let rules = self.fields.iter().flat_map(|field| &field.rules);
        rules.flat_map(Rule::fields).chain(self.places.iter().flat_map(|place| place.fields())).collect()
    }

    /// Whether a file of these fields says anything that its rules read.
    pub fn reads_any_of(&self, fields: &Map) -> bool {
        let read = self.read_fields();
        fields.entries.iter().any(|entry| read.contains(entry.key.as_str()) && !entry.node.is_blank())
    }

    /// What a file of these fields and the collection leave of one another.
    pub fn leftover(&self, fields: &Map) -> Leftover {
        let mut read = self.read_fields();
        let is_absent = |name: &&&str| !fields.entries.iter().any(|entry| entry.key == ***name);
        let absent = read.iter().filter(is_absent).map(|name| (*name).to_owned()).collect();
        read.extend(self.only.fields());
        read.extend(self.skip.iter().flat_map(Condition::fields));
        read.extend(self.key.templates.iter().flat_map(Template::fields).map(FieldPath::first));
        read.extend(["draft", "published"]);
        let is_unread = |key: &&str| !read.contains(key) && !self.drop.is_match(key);
        let filled = fields.entries.iter().filter(|entry| !entry.node.is_blank());
        let unread = filled.map(|entry| entry.key.as_str()).filter(is_unread).map(str::to_owned).collect();
        Leftover { collection: self.name.clone(), unread, absent }
    }
}

/// What all files and their mapping leave of one another.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// In how many files each field is unread.
    unread: BTreeMap<String, usize>,
    /// For each collection, the fields that none of its files has so far.
    absent: BTreeMap<String, BTreeSet<String>>,
}

impl Leftovers {
    /// Counts those of a file.
    pub fn count(&mut self, leftover: Leftover) {
        for field in leftover.unread {
            *self.unread.entry(field).or_default() += 1;
        }
        if let Some(absent) = self.absent.get_mut(&leftover.collection) {
            absent.retain(|field| leftover.absent.contains(field));
        } else {
            self.absent.insert(leftover.collection, leftover.absent.into_iter().collect());
        }
    }

    /// One note for each field.
    pub fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        let note = |code, field: &str, detail: String| Diagnostic::new(code, "").field(field).value(field).detail(detail);
        let unread = self.unread.into_iter().map(move |(field, count)| note(Code::UnreadField, &field, count.to_string()));
        let absent = self.absent.into_iter().flat_map(move |(collection, fields)| {
            fields.into_iter().map(move |field| note(Code::AbsentField, &field, collection.clone()))
        });
        unread.chain(absent)
    }
}
