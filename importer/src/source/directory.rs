//! A folder of this machine.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Collector, FileSource, Snapshot, git};
use crate::error::ImportError;
use crate::limits::Limits;

/// A folder. Symbolic links in it are never followed.
pub struct Directory {
    path: PathBuf,
}

impl Directory {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }
}

impl FileSource for Directory {
    fn snapshot(&self, wanted: &dyn Fn(&str) -> bool, limits: &Limits) -> Result<Snapshot, ImportError> {
        let address = self.path.display().to_string();
        let mut collector = Collector::new(&address, limits);
        let walk = WalkDir::new(&self.path)
            .follow_links(false)
            .max_depth(limits.folder_depth)
            .into_iter()
            .filter_entry(|entry| entry.depth() == 0 || entry.file_name() != ".git");
        for entry in walk {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(&self.path).to_owned();
                // The message of walkdir repeats the path.
                let problem = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                ImportError::read(path, &problem)
            })?;
            collector.entry()?;
            let kind = entry.file_type();
            if kind.is_symlink() {
                collector.symbolic_link();
            } else if kind.is_file() {
                let path = relative(entry.path(), &self.path);
                match path {
                    Some(path) if wanted(&path) => {
                        let failed = |error: &dyn std::fmt::Display| ImportError::read(entry.path(), error);
                        let size = entry.metadata().map_err(|error| failed(&error))?.len();
                        collector.file(path, size, || read(entry.path(), limits.file_bytes).map_err(|error| failed(&error)))?;
                    }
                    _ => collector.not_wanted(),
                }
            }
        }
        Ok(collector.finish(git::head_of_work_tree(&self.path)))
    }
}

/// A path below a folder, with `/`; `None` if it is not text.
fn relative(path: &Path, folder: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.components();
    let parts: Option<Vec<&str>> = parts.map(|part| part.as_os_str().to_str()).collect();
    Some(parts?.join("/"))
}

/// Reads a file, one byte beyond the limit at the most.
fn read(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
