//! The wanted files of a commit, from its objects.

use std::collections::HashSet;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::Snapshot;
use super::contents::Contents;
use crate::error::ImportError;
use crate::limits::Limits;
use crate::source::{Collector, Question, name};

/// Reads the wanted files of a commit's tree.
pub fn read(
    repository: &gix::Repository,
    tip: ObjectId,
    address: &str,
    question: &Question,
    limits: &Limits,
) -> Result<Snapshot, ImportError> {
    let failed =
        |problem: &dyn std::fmt::Display| ImportError::Fetch { address: address.to_owned(), problem: problem.to_string() };
    let commit = repository.find_commit(tip).map_err(|error| failed(&error))?;
    let mut collector = Collector::new(address, limits);
    let root = commit.tree_id().map_err(|error| failed(&error))?.detach();
    let mut wanted: Vec<(String, ObjectId)> = Vec::new();
    let mut open = vec![(root, String::new(), 0)];
    while let Some((id, folder, depth)) = open.pop() {
        let tree = repository.find_tree(id).map_err(|error| failed(&error))?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| failed(&error))?;
            collector.entry()?;
            let kind = entry.mode().kind();
            if matches!(kind, EntryKind::Link | EntryKind::Commit) {
                match kind {
                    EntryKind::Link => collector.symbolic_link(),
                    _ => collector.submodule(),
                }
                continue;
            }
            let Some(name) = name::plain(entry.filename(), limits.name_bytes) else {
                collector.odd_name();
                continue;
            };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            match kind {
                EntryKind::Tree if depth < limits.folder_depth => open.push((entry.object_id(), path, depth + 1)),
                EntryKind::Tree => collector.too_deep(),
                _ if (question.wanted)(&path) => wanted.push((path, entry.object_id())),
                _ => collector.not_wanted(&path),
            }
        }
    }
    let ids: HashSet<ObjectId> = wanted.iter().map(|(_, id)| *id).collect();
    let mut contents = Contents::of(repository, &ids, limits);
    for (path, id) in wanted {
        let size = contents.size(id).map_err(|error| failed(&error))?;
        collector.file(path, size, || contents.take(id).map_err(|error| failed(&error)))?;
    }
    let commit = tip.to_string();
    Ok(collector.finish(commit.clone(), Some(commit)))
}
