//! What files hold, by the names of their objects.
//!
//! Packs hold files as differences from one another, up to fifty deep. A file read for itself undoes all of them; so a pack of which
//! much is wanted is gone through once, from what is whole to what differs from it, and the rest is read one by one.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use gix::ObjectId;
use gix::objs::{FindExt as _, Kind};
use gix::odb::pack::Bundle;
use gix::odb::pack::cache::Never;
use gix::odb::pack::cache::lru::MemoryCappedHashmap;
use gix::odb::pack::index::traverse::{Algorithm, Options, SafetyCheck};
use gix::progress::Discard;

use crate::limits::Limits;

/// A pack is gone through if at least one in so many of its objects is wanted …
const WANTED_SHARE: usize = 8;
/// … and at least so many.
const WANTED_LEAST: usize = 64;

/// So many bytes of what files differ from are kept while they are read one by one.
const DIFFERED_FROM: usize = 64 << 20;

/// The contents of files.
pub struct Contents {
    repository: gix::Repository,
    read: HashMap<ObjectId, Vec<u8>>,
    /// Many times as large as what is read into it: it holds the differences, too.
    buffer: Vec<u8>,
}

impl Contents {
    /// Gets hold of files, as far as reading them together is worth it.
    pub fn of(repository: &gix::Repository, wanted: &HashSet<ObjectId>, limits: &Limits) -> Self {
        let mut repository = repository.clone();
        repository.objects.set_pack_cache(|| Box::new(MemoryCappedHashmap::new(DIFFERED_FROM)));
        let mut read = HashMap::new();
        if wanted.len() >= WANTED_LEAST {
            for index in indices(&repository) {
                // What is wrong with a pack shows when its files are read one by one, each with its name.
                if let Err(problem) = read_together(&index, &repository, wanted, limits, &mut read) {
                    tracing::debug!(pack = %index.display(), %problem, "files are read one by one");
                }
            }
        }
        Self { repository, read, buffer: Vec::new() }
    }

    /// How many bytes a file has; `None` if it is not here: it was too large for the server to send it.
    pub fn size(&self, id: ObjectId) -> gix::Result<Option<u64>> {
        match self.read.get(&id) {
            Some(bytes) => Ok(Some(bytes.len() as u64)),
            None => Ok(self.repository.try_find_header(id)?.map(|header| header.size())),
        }
    }

    /// What a file holds. It may be asked for again, where two files hold the same.
    pub fn take(&mut self, id: ObjectId) -> gix::Result<Vec<u8>> {
        match self.read.remove(&id) {
            Some(bytes) => Ok(bytes),
            None => Ok(self.repository.objects.find_blob(&id, &mut self.buffer)?.data.to_vec()),
        }
    }
}

/// The indices of the packs of a repository itself.
fn indices(repository: &gix::Repository) -> Vec<PathBuf> {
    let folder = repository.objects.store_ref().path().join("pack");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut indices: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    indices.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
    indices.sort_unstable();
    indices
}

/// Reads what is wanted of a pack, if that is much of it. Files beyond the limits are left to be read one by one, where the limits
/// are told.
fn read_together(
    index: &std::path::Path,
    repository: &gix::Repository,
    wanted: &HashSet<ObjectId>,
    limits: &Limits,
    read: &mut HashMap<ObjectId, Vec<u8>>,
) -> gix::Result<()> {
    let bundle = Bundle::at(index, repository.object_hash())?;
    let here = wanted.iter().filter(|id| bundle.index.lookup(**id).is_some()).count();
    if here < WANTED_LEAST || here * WANTED_SHARE < bundle.index.num_objects() as usize {
        return Ok(());
    }
    let room = limits.total_bytes.saturating_sub(read.values().map(|bytes| bytes.len() as u64).sum());
    let found = Mutex::new((room, read));
    let found = &found;
    let options = Options {
        traversal: Algorithm::DeltaTreeLookup,
        thread_limit: None,
        // The pack was verified when it came; what broke since then does not unpack.
        check: SafetyCheck::SkipFileAndObjectChecksumVerification,
        alloc_limit_bytes: Some(limits.object_bytes),
        make_pack_lookup_cache: || Never,
    };
    let take = |kind: Kind, bytes: &[u8], entry: &gix::odb::pack::index::Entry, _: &dyn gix::Progress| {
        let size = bytes.len() as u64;
        if kind == Kind::Blob && size <= limits.file_bytes && wanted.contains(&entry.oid) {
            let (room, read) = &mut *found.lock().unwrap_or_else(PoisonError::into_inner);
            if size <= *room {
                *room -= size;
                read.insert(entry.oid, bytes.to_vec());
            }
        }
        Ok(())
    };
    bundle.index.traverse(&bundle.pack, &mut Discard, &AtomicBool::new(false), take, options)?;
    Ok(())
}
