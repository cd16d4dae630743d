//! Where files come from: one trait, one file per kind. Nothing else in the importer fetches.
//!
//! To add a kind of source: 1. implement [`FileSource`] in a file of its own; 2. name it in [`open`].

mod archive;
mod directory;
mod git;
mod http;
mod name;
mod paths;

use std::collections::BTreeMap;

use maillage_graph_schema::model::PartialDate;
use sha2::{Digest as _, Sha256};

use crate::draft::Spot;
use crate::error::ImportError;
use crate::job::{ImportJob, Location};
use crate::limits::Limits;
use crate::reference::hex;
use crate::report::{LeftAside, may_be_missed, skipped};

pub use self::paths::Paths;

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
    /// Not read: so many bytes are more than the limit, or more than a server was ready to tell of.
    TooLarge(Option<u64>),
}

/// The days on which a file was first and last committed, in the authors' time zones.
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
    /// What tells this state of the source from others: the commit, or a hash of what was read.
    pub version: String,
    /// The commit that they belong to.
    pub commit: Option<String>,
    /// When each was committed, by its path, as far as it was asked for and is known.
    pub dates: BTreeMap<String, CommitDays>,
    /// How many files there are, wanted or not.
    pub seen: usize,
    /// How many were left aside, by why.
    pub skipped: BTreeMap<&'static str, usize>,
    /// The pages among them.
    pub left_aside: LeftAside,
    /// Where all files are, wanted or not.
    pub paths: Paths,
}

/// What is asked of a source.
pub struct Question<'a> {
    /// Which paths are wanted.
    pub wanted: &'a dyn Fn(&str) -> bool,
    /// Whether the files' dates are wanted, for which all commits have to be fetched.
    pub dates: bool,
    /// The version that the asker knows, and does not need again.
    pub known: Option<&'a str>,
}

impl Question<'_> {
    /// Whether a version is the one that the asker knows.
    fn knows(&self, version: &str) -> bool {
        self.known == Some(version)
    }
}

/// Something that files can be read from. It may block.
pub trait FileSource {
    /// Reads the files whose paths are wanted; `None` if the source is as the asker knows it.
    fn snapshot(&self, question: &Question) -> Result<Option<Snapshot>, ImportError>;
}

/// What reads the location of a job.
pub fn open(job: &ImportJob) -> Box<dyn FileSource + '_> {
    match &job.location {
        Location::Directory(path) => Box::new(directory::Directory::new(path, &job.surroundings.limits)),
        Location::Git { address, branch } => Box::new(git::Git::new(job, address, branch.as_deref())),
        Location::Archive { address } => Box::new(archive::Archive::new(job, address)),
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

    /// Takes a file of so many bytes; it is read only if it is not too large. One that is too large to be fetched has no size.
    fn file(
        &mut self,
        path: String,
        size: Option<u64>,
        read: impl FnOnce() -> Result<Vec<u8>, ImportError>,
    ) -> Result<(), ImportError> {
        self.snapshot.seen += 1;
        if self.snapshot.files.len() >= self.limits.files {
            return Err(self.beyond("the number of files", self.limits.files as u64));
        }
        let content = if size.is_none_or(|size| size > self.limits.file_bytes) {
            Content::TooLarge(size)
        } else {
            let bytes = read()?;
            self.bytes += bytes.len() as u64;
            if self.bytes > self.limits.total_bytes {
                return Err(self.beyond("the size of all files", self.limits.total_bytes));
            }
            // A file may have grown since its size was asked for.
            if bytes.len() as u64 > self.limits.file_bytes {
                Content::TooLarge(Some(bytes.len() as u64))
            } else {
                Content::Bytes(bytes)
            }
        };
        self.snapshot.paths.add(&path);
        self.snapshot.files.push(SourceFile { path, content });
        Ok(())
    }

    fn not_wanted(&mut self, path: &str) {
        self.skip(skipped::NOT_SELECTED);
        self.snapshot.paths.add(path);
        if may_be_missed(path) {
            self.snapshot.left_aside.add(skipped::NOT_SELECTED, None, &Spot::file(path));
        }
    }

    fn symbolic_link(&mut self) {
        self.skip(skipped::SYMBOLIC_LINK);
    }

    fn submodule(&mut self) {
        self.skip(skipped::SUBMODULE);
    }

    fn odd_name(&mut self) {
        self.skip(skipped::ODD_NAME);
    }

    fn too_deep(&mut self) {
        self.skip(skipped::TOO_DEEP);
    }

    fn finish(mut self, version: String, commit: Option<String>) -> Snapshot {
        self.snapshot.files.sort_by(|one, other| one.path.cmp(&other.path));
        self.snapshot.version = version;
        self.snapshot.commit = commit;
        self.snapshot
    }
}

/// A hash of what is in files, and of where the others are, for sources that have no name for their state.
fn fingerprint(snapshot: &Snapshot) -> String {
    let mut hash = Sha256::new();
    for path in snapshot.paths.iter() {
        hash.update(path);
        hash.update([0]);
    }
    for file in &snapshot.files {
        let content: (&[u8], u64) = match &file.content {
            Content::Bytes(bytes) => (bytes, bytes.len() as u64),
            Content::TooLarge(size) => (&[], size.unwrap_or(u64::MAX)),
        };
        hash.update((file.path.len() as u64).to_le_bytes());
        hash.update(&file.path);
        hash.update(content.1.to_le_bytes());
        hash.update(content.0);
    }
    format!("sha256:{}", hex(&hash.finalize()))
}
