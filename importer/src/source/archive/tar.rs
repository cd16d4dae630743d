//! `.tar.gz`, read as a stream: once to see what folder all is in, once for the files.

use std::fs::File;
use std::io::{BufReader, Read, Seek as _};

use flate2::read::MultiGzDecoder;
use tar::{Archive, EntryType};

use super::{Reading, Root, commit, path};
use crate::error::ImportError;
use crate::source::Snapshot;
use crate::source::http::{Problem, from_error, with_causes};

/// Reads the wanted files.
pub fn read(file: &File, reading: &Reading) -> Result<Snapshot, ImportError> {
    let mut root = Root::default();
    let mut stated = None;
    entries(file, reading, |entry| {
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                if let Some(path) = path(&entry.path_bytes(), reading.limits) {
                    root.look_at(&path);
                }
            }
            // What forges write once, before all entries.
            EntryType::XGlobalHeader => stated = stated.take().or(commit_of(entry)),
            _ => {}
        }
        Ok(())
    })?;
    let root = root.prefix();
    let mut collector = reading.collector();
    entries(file, reading, |entry| {
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                collector.entry()?;
                let Some(path) = path(&entry.path_bytes(), reading.limits) else {
                    collector.odd_name();
                    return Ok(());
                };
                let size = entry.size();
                reading.file(&mut collector, &root, &path, size, || {
                    let mut bytes = Vec::new();
                    entry.take(reading.limits.file_bytes + 1).read_to_end(&mut bytes).map_err(|error| failed(reading, &error))?;
                    Ok(bytes)
                })?;
            }
            EntryType::Symlink | EntryType::Link => {
                collector.entry()?;
                collector.symbolic_link();
            }
            EntryType::Directory => collector.entry()?,
            EntryType::XGlobalHeader => {}
            // Devices and what else no repository holds.
            _ => {
                collector.entry()?;
                collector.odd_name();
            }
        }
        Ok(())
    })?;
    Ok(collector.finish(reading.version.clone(), stated))
}

type Entry<'a> = tar::Entry<'a, Limited<MultiGzDecoder<BufReader<&'a File>>>>;

/// Goes through the entries of an archive, from its beginning.
fn entries(
    mut file: &File,
    reading: &Reading,
    mut each: impl FnMut(&mut Entry<'_>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let failed = |error: std::io::Error| failed(reading, &error);
    file.rewind().map_err(failed)?;
    let packed = file.metadata().map_err(failed)?.len();
    let unpacked = Limited {
        inner: MultiGzDecoder::new(BufReader::new(file)),
        left: reading.most_unpacked(packed),
        ratio: reading.limits.archive_ratio,
    };
    let mut archive = Archive::new(unpacked);
    let mut looked_at = 0;
    for entry in archive.entries().map_err(failed)? {
        looked_at += 1;
        if looked_at > reading.limits.entries {
            let limit = reading.limits.entries as u64;
            return Err(Problem::Limit { what: "the number of entries", limit }.of_source(reading.address));
        }
        each(&mut entry.map_err(failed)?)?;
    }
    Ok(())
}

fn failed(reading: &Reading, error: &std::io::Error) -> ImportError {
    match from_error(error) {
        Some(problem) => problem.of_source(reading.address),
        None => reading.failed(&format!("the archive is broken: {}", with_causes(error))),
    }
}

/// The commit in a global header: lines such as `52 comment=…`.
fn commit_of(entry: &mut Entry<'_>) -> Option<String> {
    const LONGEST: u64 = 4 << 10;
    let mut text = Vec::new();
    entry.take(LONGEST).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    text.lines().find_map(|line| commit(line.split_once(" comment=")?.1))
}

/// Ends with an error when more comes out than may.
struct Limited<R> {
    inner: R,
    left: u64,
    ratio: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or(Problem::Limit { what: "the unpacked size, in times that of the archive,", limit: self.ratio })?;
        Ok(read)
    }
}
