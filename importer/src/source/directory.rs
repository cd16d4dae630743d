//! A folder of this machine.

use std::io::Read as _;
use std::path::Path;

use walkdir::WalkDir;

use super::{Collector, FileSource, Question, Snapshot, fingerprint, git, name};
use crate::error::ImportError;
use crate::limits::Limits;

/// A folder. Symbolic links in it are never followed.
pub struct Directory<'a> {
    path: &'a Path,
    limits: &'a Limits,
}

impl<'a> Directory<'a> {
    pub fn new(path: &'a Path, limits: &'a Limits) -> Self {
        Self { path, limits }
    }
}

impl FileSource for Directory<'_> {
    fn snapshot(&self, question: &Question) -> Result<Option<Snapshot>, ImportError> {
        let limits = self.limits;
        let address = self.path.display().to_string();
        let mut collector = Collector::new(&address, limits);
        let walk = WalkDir::new(self.path)
            .follow_links(false)
            .max_depth(limits.folder_depth)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
        for entry in walk {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(self.path).to_owned();
                // The message of walkdir repeats the path.
                let problem = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                ImportError::read(path, &problem)
            })?;
            collector.entry()?;
            let kind = entry.file_type();
            if kind.is_symlink() {
                collector.symbolic_link();
            } else if kind.is_dir() && entry.depth() >= limits.folder_depth {
                collector.too_deep();
            } else if kind.is_file() {
                match relative(entry.path(), self.path, limits.name_bytes) {
                    None => collector.odd_name(),
                    Some(path) if (question.wanted)(&path) => {
                        let failed = |error: &dyn std::fmt::Display| ImportError::read(entry.path(), error);
                        let size = entry.metadata().map_err(|error| failed(&error))?.len();
                        collector
                            .file(path, Some(size), || read(entry.path(), limits.file_bytes).map_err(|error| failed(&error)))?;
                    }
                    Some(path) => collector.not_wanted(&path),
                }
            }
        }
        let commit = git::head_of_work_tree(self.path);
        let mut snapshot = collector.finish(String::new(), commit);
        // The work tree of a repository may hold other than its commit.
        snapshot.version = fingerprint(&snapshot);
        if question.dates
            && let Some(commit) = &snapshot.commit
        {
            // A commit that changes no file of it may change its date.
            snapshot.version = format!("{} {commit}", snapshot.version);
        }
        if question.knows(&snapshot.version) {
            return Ok(None);
        }
        if question.dates {
            snapshot.dates = git::dates_of_work_tree(self.path);
        }
        Ok(Some(snapshot))
    }
}

/// A path below a folder, with `/`; `None` if a name in it is odd.
fn relative(path: &Path, folder: &Path, longest: usize) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.components();
    let parts: Option<Vec<&str>> = parts.map(|part| name::plain(part.as_os_str().as_encoded_bytes(), longest)).collect();
    Some(parts?.join("/"))
}

/// Reads a file, one byte beyond the limit at the most.
fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
