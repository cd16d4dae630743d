//! `.zip`, read by its table of contents.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use zip::ZipArchive;

use super::{Reading, Root, commit, path};
use crate::error::ImportError;
use crate::source::Snapshot;
use crate::source::http::Problem;

/// Reads the wanted files.
pub fn read(mut file: BufReader<File>, reading: &Reading) -> Result<Snapshot, ImportError> {
    let broken = |error: &dyn std::fmt::Display| reading.failed(&format!("the archive is broken: {error}"));
    let packed = file.get_ref().metadata().map_err(|error| broken(&error))?.len();
    if stated_entries(&mut file).map_err(|error| broken(&error))? > reading.limits.entries as u64 {
        let limit = reading.limits.entries as u64;
        return Err(Problem::Limit { what: "the number of entries", limit }.of_source(reading.address));
    }
    let mut archive = ZipArchive::new(file).map_err(|error| broken(&error))?;
    let stated = std::str::from_utf8(archive.comment()).ok().and_then(commit);
    let most = reading.most_unpacked(packed);
    let mut root = Root::default();
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| broken(&error))?;
        unpacked = unpacked.saturating_add(entry.size());
        if let Some(path) = path(entry.name_raw(), reading.limits).filter(|_| entry.is_file() && !entry.is_symlink()) {
            root.look_at(&path);
        }
    }
    // What the entries say about themselves; what comes out of them is counted below.
    if unpacked > most {
        return Err(reading.too_much());
    }
    let root = root.prefix();
    let mut left = most;
    let mut collector = reading.collector();
    for index in 0..archive.len() {
        collector.entry()?;
        let (kind, path, size) = {
            let entry = archive.by_index_raw(index).map_err(|error| broken(&error))?;
            let kind = if entry.is_symlink() {
                Kind::Link
            } else if entry.is_dir() {
                Kind::Folder
            } else {
                Kind::File
            };
            (kind, path(entry.name_raw(), reading.limits), entry.size())
        };
        match (kind, path) {
            (Kind::Folder, _) => {}
            (Kind::Link, _) => collector.symbolic_link(),
            (Kind::File, None) => collector.odd_name(),
            (Kind::File, Some(path)) => reading.file(&mut collector, &root, &path, size, || {
                let entry = archive.by_index(index).map_err(|error| broken(&error))?;
                let mut bytes = Vec::new();
                entry.take(reading.limits.file_bytes + 1).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
                left = left.checked_sub(bytes.len() as u64).ok_or_else(|| reading.too_much())?;
                Ok(bytes)
            })?,
        }
    }
    Ok(collector.finish(reading.version.clone(), stated))
}

enum Kind {
    File,
    Folder,
    Link,
}

/// How many entries the end of the archive says that it has: looked at before a table for them is made.
fn stated_entries(file: &mut BufReader<File>) -> std::io::Result<u64> {
    const END: &[u8] = b"PK\x05\x06";
    const END_64: &[u8] = b"PK\x06\x06";
    const LONGEST: u64 = (64 << 10) + 22 + 20 + 56;
    let length = file.get_ref().metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    file.rewind()?;
    let last = |mark: &[u8]| tail.windows(mark.len()).rposition(|window| window == mark);
    let short = last(END).and_then(|at| Some(u64::from(u16::from_le_bytes(tail.get(at + 10..at + 12)?.try_into().ok()?))));
    let long = last(END_64).and_then(|at| Some(u64::from_le_bytes(tail.get(at + 32..at + 40)?.try_into().ok()?)));
    Ok(short.unwrap_or_default().max(long.unwrap_or_default()))
}
