//! What the last complete import of a source left: so that one that finds nothing new ends before it reads anything.
//!
//! An import may be left out if the source is as it was, and is read in the same way, into the same graph. Each of these has a name
//! in a note beside the fetched repositories: the source's version (its commit), a fingerprint of the program, the mapping and the
//! source's description, and the graph's revision with the id of the change set that made it. Whatever else changed the graph, a
//! person or another import, makes the note void; so does a lost note. Either costs one whole run, and nothing else.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maillage_graph_schema::model::RecordKind;
use maillage_graph_schema::store::{GraphStore, Revision};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::ImportError;
use crate::job::ImportJob;
use crate::reference::hex;
use crate::report::{RecordCounts, Report};

/// The note on one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    fingerprint: String,
    version: String,
    commit: Option<String>,
    files: usize,
    read: usize,
    invalid: usize,
    /// How many records of each kind the source has.
    records: BTreeMap<String, usize>,
    revision: Revision,
    change_set: String,
}

/// What is to be noted once an import is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    path: PathBuf,
    note: Note,
}

/// How a job's files are read: all that decides what comes of them, beside the files and the graph.
pub fn fingerprint(job: &ImportJob) -> String {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    // Two builds of one version may read differently.
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let built = program.and_then(|program| Ok((program.len(), program.modified()?)));
    hash.update(format!("{built:?}"));
    hash.update(format!("{:?}{:?}{:?}", job.source, job.location, job.surroundings.limits));
    if let Some(mapping) = &job.source.mapping {
        hash.update(std::fs::read(mapping).unwrap_or_default());
    }
    hex(&hash.finalize())
}

fn path(job: &ImportJob) -> PathBuf {
    job.surroundings.cache.join(format!("{}.imported.json", job.source.key))
}

/// The version of the source that the graph holds as a new import would make it, and what to report if it is still that.
pub async fn recall(store: &dyn GraphStore, job: &ImportJob) -> Result<Option<(String, Report)>, ImportError> {
    let note: Option<Note> = std::fs::read(path(job)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let Some(note) = note.filter(|note| note.fingerprint == fingerprint(job)) else { return Ok(None) };
    if store.revision().await? != note.revision || change_set_of(store, note.revision).await?.as_ref() != Some(&note.change_set) {
        return Ok(None);
    }
    let mut report = Report::new(job.source.key.clone(), job.location.address());
    report.unchanged = true;
    report.commit = note.commit;
    (report.files, report.read, report.invalid) = (note.files, note.read, note.invalid);
    for (kind, unchanged) in note.records {
        if let Ok(kind) = kind.parse::<RecordKind>() {
            report.records.insert(kind, RecordCounts { unchanged, ..RecordCounts::default() });
        }
    }
    Ok(Some((note.version, report)))
}

impl Memory {
    /// What is to be noted of an import of a version with a report.
    pub fn of(job: &ImportJob, version: String, report: &Report) -> Self {
        let live = |counts: &RecordCounts| counts.new + counts.changed + counts.unchanged;
        let note = Note {
            fingerprint: fingerprint(job),
            version,
            commit: report.commit.clone(),
            files: report.files,
            read: report.read,
            invalid: report.invalid,
            records: report.records.iter().map(|(kind, counts)| (kind.as_str().to_owned(), live(counts))).collect(),
            revision: 0,
            change_set: String::new(),
        };
        Self { path: path(job), note }
    }

    /// Notes that the graph now holds it. A note that cannot be written costs time at the next run, and is no error.
    pub async fn keep(&self, store: &dyn GraphStore, expected: Revision) -> Result<(), ImportError> {
        let revision = store.revision().await?;
        // Somebody else was faster: what they did was not looked at.
        if revision != expected {
            return Ok(());
        }
        let Some(change_set) = change_set_of(store, revision).await? else { return Ok(()) };
        let note = Note { revision, change_set, ..self.note.clone() };
        let written = serde_json::to_vec(&note).map_err(std::io::Error::other).and_then(|text| write(&self.path, &text));
        if let Err(error) = written {
            tracing::warn!(path = %self.path.display(), %error, "the next import will read everything again");
        }
        Ok(())
    }
}

fn write(path: &Path, text: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = path.with_extension("json-part");
    std::fs::write(&part, text)?;
    std::fs::rename(part, path)
}

/// The id of the change set that made a revision.
async fn change_set_of(store: &dyn GraphStore, revision: Revision) -> Result<Option<String>, ImportError> {
    let Some(before) = revision.checked_sub(1) else { return Ok(None) };
    let page = store.revisions(before, 1).await?;
    Ok(page.items.first().filter(|found| found.number == revision).map(|found| found.id.to_string()))
}
