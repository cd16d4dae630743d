//! Where a record was had from, and what became of it.

use super::{Instant, RecordRef, SourceKey, Text, WebAddress};

/// Where a record was read (`prov:wasDerivedFrom`).
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    pub source: SourceKey,
    /// The repository, as its owner gives its address.
    pub repository: Option<Text>,
    /// The file in the repository, with `/`.
    pub path: Option<Text>,
    /// The commit at which it was read.
    pub commit: Option<Text>,
    pub fetched_at: Option<Instant>,
    /// Where people read the original.
    pub url: Option<WebAddress>,
}

impl Provenance {
    /// From a source, with nothing more known.
    pub const fn of(source: SourceKey) -> Self {
        Self { source, repository: None, path: None, commit: None, fetched_at: None, url: None }
    }

    /// The same origin, whenever and at whichever commit it was read.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.source == other.source && self.repository == other.repository && self.path == other.path && self.url == other.url
    }
}

/// A record that was taken back: it stays, as a tombstone.
#[derive(Debug, Clone, PartialEq)]
pub struct Withdrawal {
    pub at: Instant,
    pub why: Text,
    /// The record of the same kind that it was merged into.
    pub merged_into: Option<RecordRef>,
}
