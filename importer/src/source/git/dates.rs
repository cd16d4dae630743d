//! When a file was first and last committed: from the differences between commits, in the author's own time zone.
//!
//! A file that was renamed without another change keeps its first date. What was found is kept beside the repository, so that only new
//! commits are compared the next time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use chrono::{DateTime, FixedOffset, NaiveDate};
use gix::ObjectId;
use gix::bstr::ByteSlice as _;
use gix::error::{ResultExt as _, message};
use gix::objs::tree::EntryKind;
use maillage_graph_schema::model::PartialDate;
use serde::{Deserialize, Serialize};

use crate::source::{CommitDays, name};

/// How deep folders are followed: deeper ones than any source is read to.
const DEEPEST: usize = 64;

/// What was found, up to which commit.
#[derive(Serialize, Deserialize)]
struct Kept {
    tip: String,
    dates: BTreeMap<String, (NaiveDate, NaiveDate)>,
}

/// The dates of all files of a commit; none if its history is not here.
pub fn of(repository: &gix::Repository, tip: ObjectId, kept: Option<&Path>) -> gix::Result<BTreeMap<String, CommitDays>> {
    if repository.is_shallow()? {
        return Ok(BTreeMap::new());
    }
    let known = kept.and_then(|path| serde_json::from_slice::<Kept>(&std::fs::read(path).ok()?).ok());
    let commits = newest_first(repository, tip)?;
    let known = known.and_then(|known| Some((ObjectId::from_hex(known.tip.as_bytes()).ok()?, known.dates)));
    let known = known.filter(|(known_tip, _)| commits.contains(known_tip));
    let (done, before) = match known {
        Some((known_tip, dates)) => (newest_first(repository, known_tip)?.into_iter().collect(), dates),
        None => (HashSet::new(), BTreeMap::new()),
    };
    let mut history = History { repository, names: HashMap::new(), dates: BTreeMap::new() };
    for commit in commits.iter().filter(|commit| !done.contains(*commit)) {
        history.look_at(*commit)?;
    }
    let present = files(repository, tip)?;
    let mut dates = BTreeMap::new();
    for path in &present {
        let later = history.dates.get(path);
        let earlier = history.former_names(path).iter().find_map(|name| before.get(name)).copied();
        let both = match (later.copied(), earlier) {
            (Some((_, last)), Some((first, _))) => (first, last),
            (Some(found), None) | (None, Some(found)) => found,
            (None, None) => continue,
        };
        dates.insert(path.clone(), both);
    }
    if let Some(path) = kept {
        keep(path, &Kept { tip: tip.to_string(), dates: dates.clone() })?;
    }
    let days = |(first, last)| CommitDays { first: PartialDate::day(first), last: PartialDate::day(last) };
    Ok(dates.into_iter().map(|(path, both)| (path, days(both))).collect())
}

fn keep(path: &Path, kept: &Kept) -> gix::Result<()> {
    let text = serde_json::to_vec(kept).map_err(gix::Error::from_error)?;
    std::fs::write(path, text).or_raise(|| message!("cannot write {}", path.display()))
}

fn newest_first(repository: &gix::Repository, tip: ObjectId) -> gix::Result<Vec<ObjectId>> {
    use gix::revision::walk::Sorting;
    use gix::traverse::commit::simple::CommitTimeOrder;
    let walk = repository.rev_walk([tip]).sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst)).all()?;
    walk.map(|info| Ok(info?.id)).collect()
}

/// What the commits so far say.
struct History<'a> {
    repository: &'a gix::Repository,
    /// Former names of files, and the one that they have now.
    names: HashMap<String, String>,
    dates: BTreeMap<String, (NaiveDate, NaiveDate)>,
}

impl History<'_> {
    /// Looks at a commit; later ones were looked at before.
    fn look_at(&mut self, id: ObjectId) -> gix::Result<()> {
        let commit = self.repository.find_commit(id)?;
        let parents: Vec<ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
        // A merge brings together what other commits changed.
        if parents.len() > 1 {
            return Ok(());
        }
        let tree = Some(commit.tree_id()?.detach());
        let before = match parents.first() {
            Some(parent) => Some(self.repository.find_commit(*parent)?.tree_id()?.detach()),
            None => None,
        };
        let mut changes = Changes { repository: self.repository, put: Vec::new(), gone: HashMap::new(), added: HashSet::new() };
        changes.compare(before, tree, "")?;
        let Some(date) = date(&commit)? else { return Ok(()) };
        for (path, blob) in &changes.put {
            let present = self.present_name(path);
            let dates = self.dates.entry(present.clone()).or_insert((date, date));
            *dates = (dates.0.min(date), dates.1.max(date));
            if changes.added.contains(path)
                && let Some(former) = changes.gone.get(blob)
            {
                self.names.insert(former.clone(), present);
            }
        }
        Ok(())
    }

    fn present_name(&self, path: &str) -> String {
        self.names.get(path).cloned().unwrap_or_else(|| path.to_owned())
    }

    /// The names that a file has had, its present one first.
    fn former_names(&self, path: &str) -> Vec<String> {
        let former = self.names.iter().filter(|(_, present)| *present == path).map(|(former, _)| former.clone());
        [path.to_owned()].into_iter().chain(former).collect()
    }
}

fn date(commit: &gix::Commit<'_>) -> gix::Result<Option<NaiveDate>> {
    let Ok(time) = commit.author()?.time() else { return Ok(None) };
    let offset = FixedOffset::east_opt(time.offset).or_else(|| FixedOffset::east_opt(0));
    Ok(offset.and_then(|offset| Some(DateTime::from_timestamp(time.seconds, 0)?.with_timezone(&offset).date_naive())))
}

/// What a commit changed.
struct Changes<'a> {
    repository: &'a gix::Repository,
    /// Files that it added or changed, and what is in them.
    put: Vec<(String, ObjectId)>,
    added: HashSet<String>,
    /// What was in the files that it removed, and their names.
    gone: HashMap<ObjectId, String>,
}

/// What a name stands for in a folder.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Entry {
    id: ObjectId,
    is_folder: bool,
}

impl Changes<'_> {
    fn compare(&mut self, before: Option<ObjectId>, after: Option<ObjectId>, folder: &str) -> gix::Result<()> {
        let is_too_deep = folder.matches('/').count() >= DEEPEST;
        if before == after || is_too_deep {
            return Ok(());
        }
        let [before, after] = [entries(self.repository, before)?, entries(self.repository, after)?];
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (old, new) = (before.get(name).copied(), after.get(name).copied());
            if old == new {
                continue;
            }
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let tree = |entry: Option<Entry>| entry.filter(|entry| entry.is_folder).map(|entry| entry.id);
            let file = |entry: Option<Entry>| entry.filter(|entry| !entry.is_folder).map(|entry| entry.id);
            self.compare(tree(old), tree(new), &path)?;
            match (file(old), file(new)) {
                (old, Some(new)) if old != Some(new) => {
                    if old.is_none() {
                        self.added.insert(path.clone());
                    }
                    self.put.push((path, new));
                }
                (Some(old), None) => {
                    self.gone.insert(old, path);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Files and folders of a folder by their names; odd names are of no use here.
fn entries(repository: &gix::Repository, tree: Option<ObjectId>) -> gix::Result<BTreeMap<String, Entry>> {
    let Some(tree) = tree else { return Ok(BTreeMap::new()) };
    let tree = repository.find_tree(tree)?;
    let mut found = BTreeMap::new();
    for entry in tree.iter() {
        let entry = entry?;
        let is_folder = match entry.mode().kind() {
            EntryKind::Tree => true,
            EntryKind::Blob | EntryKind::BlobExecutable => false,
            EntryKind::Link | EntryKind::Commit => continue,
        };
        if let Some(name) = name::plain(entry.filename().as_bytes(), usize::MAX) {
            found.insert(name.to_owned(), Entry { id: entry.object_id(), is_folder });
        }
    }
    Ok(found)
}

/// The paths of all files of a commit.
fn files(repository: &gix::Repository, tip: ObjectId) -> gix::Result<Vec<String>> {
    let tree = repository.find_commit(tip)?.tree_id()?.detach();
    let mut changes = Changes { repository, put: Vec::new(), gone: HashMap::new(), added: HashSet::new() };
    changes.compare(None, Some(tree), "")?;
    Ok(changes.put.into_iter().map(|(path, _)| path).collect())
}
