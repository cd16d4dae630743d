//! The fields that a mapping leaves unread.

use std::collections::{BTreeMap, HashSet};

use super::Collection;
use super::condition::Condition;
use super::path::FieldPath;
use super::rule::Rule;
use super::template::Template;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::value::Map;

impl Collection {
    /// Which of the fields of a file are neither read nor dropped.
    pub fn unread<'f>(&'f self, fields: &'f Map) -> impl Iterator<Item = &'f str> {
        let rules = self.fields.iter().flat_map(|field| &field.rules);
        let mut read: HashSet<&str> = rules.flat_map(Rule::fields).collect();
        read.extend(self.only.fields());
        read.extend(self.skip.iter().flat_map(Condition::fields));
        read.extend(self.places.iter().flat_map(|place| place.fields()));
        read.extend(self.key.templates.iter().flat_map(Template::fields).map(FieldPath::first));
        read.extend(["draft", "published"]);
        let is_unread = move |key: &&str| !read.contains(key) && !self.drop.is_match(key);
        fields.entries.iter().map(|entry| entry.key.as_str()).filter(is_unread)
    }
}

/// Counts the fields that a mapping leaves unread, over all files.
#[derive(Debug, Default)]
pub struct UnreadFields {
    by_field: BTreeMap<String, usize>,
}

impl UnreadFields {
    /// Counts those of a file.
    pub fn count<'f>(&mut self, unread: impl Iterator<Item = &'f str>) {
        for field in unread {
            *self.by_field.entry(field.to_owned()).or_default() += 1;
        }
    }

    /// One note for each field.
    pub fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        self.by_field.into_iter().map(|(field, count)| {
            Diagnostic::new(Code::UnreadField, "").field(&field).value(field.clone()).detail(count.to_string())
        })
    }
}
