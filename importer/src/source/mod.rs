//! Where files come from: one trait, one file per kind. Nothing else in the importer fetches.
//!
//! To add a kind of source: 1. implement [`FileSource`] in a file of its own; 2. name it in [`open`].

mod archive;
mod directory;
mod git;

use std::collections::BTreeMap;
use std::path::Path;

use maillage_graph_schema::model::PartialDate;

use crate::error::ImportError;
use crate::job::Location;
use crate::limits::Limits;
use crate::report::skipped;

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path in the source, with `/`.
    pub path: String,
    pub content: Content,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Bytes(Vec<u8>),
    /// Not read: so many bytes are more than the limit.
    TooLarge(u64),
}

/// The days on which a file was first and last committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommitDays {
    pub first: PartialDate,
    pub last: PartialDate,
}

/// The files of a source at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// Those that were wanted, in the order of their paths.
    pub files: Vec<SourceFile>,
    /// The commit that they belong to.
    pub commit: Option<String>,
    /// When each was committed, by its path, as far as it was asked for and is known.
    pub dates: BTreeMap<String, CommitDays>,
    /// How many files there are, wanted or not.
    pub seen: usize,
    /// How many were left aside, by why.
    pub skipped: BTreeMap<&'static str, usize>,
}

/// Something that files can be read from. It may block.
pub trait FileSource: Send {
    /// Reads the files whose paths are wanted.
    fn snapshot(&self, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Result<Snapshot, ImportError>;
}

/// What reads a location; fetched repositories are kept in the cache.
pub fn open(location: &Location, cache: &Path) -> Box<dyn FileSource> {
    match location {
        Location::Directory(path) => Box::new(directory::Directory::new(path)),
        Location::Git { address, branch } => Box::new(git::Git::new(address, branch.as_deref(), cache)),
        Location::Archive { address } => Box::new(archive::Archive::new(address)),
    }
}

/// Collects a snapshot within the limits.
struct Collector<'a> {
    address: &'a str,
    limits: &'a Limits,
    snapshot: Snapshot,
    entries: usize,
    bytes: u64,
}

impl<'a> Collector<'a> {
    fn new(address: &'a str, limits: &'a Limits) -> Self {
        Self { address, limits, snapshot: Snapshot::default(), entries: 0, bytes: 0 }
    }

    fn beyond(&self, what: &'static str, limit: u64) -> ImportError {
        ImportError::Limit { address: self.address.to_owned(), what, limit }
    }

    /// Counts something that was looked at.
    fn entry(&mut self) -> Result<(), ImportError> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(self.beyond("the number of entries", self.limits.entries as u64));
        }
        Ok(())
    }

    /// Counts something that is left aside.
    fn skip(&mut self, why: &'static str) {
        self.snapshot.seen += 1;
        *self.snapshot.skipped.entry(why).or_default() += 1;
    }

    /// Takes a file of so many bytes; it is read only if it is not too large.
    fn file(&mut self, path: String, size: u64, read: impl FnOnce() -> Result<Vec<u8>, ImportError>) -> Result<(), ImportError> {
        self.snapshot.seen += 1;
        if self.snapshot.files.len() >= self.limits.files {
            return Err(self.beyond("the number of files", self.limits.files as u64));
        }
        let content = if size > self.limits.file_bytes {
            Content::TooLarge(size)
        } else {
            let bytes = read()?;
            self.bytes += bytes.len() as u64;
            if self.bytes > self.limits.total_bytes {
                return Err(self.beyond("the size of all files", self.limits.total_bytes));
            }
            // A file may have grown since its size was asked for.
            if bytes.len() as u64 > self.limits.file_bytes {
                Content::TooLarge(bytes.len() as u64)
            } else {
                Content::Bytes(bytes)
            }
        };
        self.snapshot.files.push(SourceFile { path, content });
        Ok(())
    }

    fn not_wanted(&mut self) {
        self.skip(skipped::NOT_SELECTED);
    }

    fn symbolic_link(&mut self) {
        self.skip(skipped::SYMBOLIC_LINK);
    }

    fn finish(mut self, commit: Option<String>) -> Snapshot {
        self.snapshot.files.sort_by(|one, other| one.path.cmp(&other.path));
        self.snapshot.commit = commit;
        self.snapshot
    }
}
