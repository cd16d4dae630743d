//! What a mapping reads: a file, or one of the records of a file that holds many.

use std::borrow::Cow;

use super::lists::spot_of;
use super::readable;
use super::value::Map;
use crate::draft::{EntrySpot, Spot};
use crate::mapping::{Collection, FoundRecord, Page};
use crate::source::CommitDays;

/// What a mapping reads.
pub(super) struct Material<'m> {
    pub path: &'m str,
    fields: &'m Map,
    /// The text after the metadata; a record among others has none but in its fields.
    text: String,
    commits: Option<CommitDays>,
    /// The record, and its number, if the file holds many.
    record: Option<(FoundRecord<'m>, usize)>,
}

impl<'m> Material<'m> {
    /// A file.
    pub fn of_file(path: &'m str, fields: &'m Map, text: String, commits: Option<CommitDays>) -> Self {
        Self { path, fields, text, commits, record: None }
    }

    /// A record among others, by its number from 1; where it stands if it has no fields.
    pub fn of_record(
        path: &'m str,
        record: FoundRecord<'m>,
        number: usize,
        commits: Option<CommitDays>,
    ) -> Result<Self, EntrySpot> {
        let fields = record.node.map().ok_or_else(|| spot_of(&record, number, record.node.scalar()))?;
        Ok(Self { path, fields, text: String::new(), commits, record: Some((record, number)) })
    }

    /// The text as a collection sees it: that of a record among others stands in the fields that it reads the text from.
    pub fn text(&self, collection: &Collection) -> Cow<'_, str> {
        let of_record = self.record.and_then(|_| collection.text_in_fields(&self.page(collection, &self.text)));
        of_record.map_or(Cow::Borrowed(&self.text), |text| Cow::Owned(readable(&text, self.path)))
    }

    /// What it is to a collection, with its text.
    pub fn page<'p>(&'p self, collection: &'p Collection, text: &'p str) -> Page<'p> {
        let page = collection.page(self.path, self.fields, text, self.commits);
        page.among_others(self.record.map(|(record, _)| record))
    }

    /// Where it stands.
    pub fn spot(&self, collection: &Collection, page: &Page<'_>) -> Spot {
        let entry = self.record.map(|(record, number)| spot_of(&record, number, collection.called(page).as_deref()));
        Spot { path: self.path.to_owned(), entry }
    }
}
