//! What the last complete import of a source left: so that one that finds nothing new ends before it reads anything.
//!
//! An import may be left out if the source is as it was, and is read in the same way, into the same graph. Each of these has a name
//! in a note beside the fetched repositories: the source's version (its commit), a fingerprint of the program, the mapping and the
//! source's description, and the graph's revision with the id of the change set that made it. What else changed the graph makes the
//! note void, unless it cannot matter: imports of other sources that changed initiatives and case studies alone, where this
//! source refers to none of theirs and none is claimed by both. So does a lost note. Either costs one whole run, and nothing else.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use maillage_graph_schema::model::{Initiative, InitiativeKey, Original, RecordKind, SourceKey};
use maillage_graph_schema::store::{ChangeCursor, GraphStore, Revision};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::compare::{imported_by, is_import};
use crate::diagnostic::{Code, ReportLanguage};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::reference::hex;
use crate::report::{RecordCounts, Report, skipped};
use crate::resolve::BATCH;
use crate::settled::Settled;

/// What others did since is looked at up to so many revisions …
const MOST_REVISIONS: usize = 1_000;
/// … and so many pages of changes: beyond that, reading the source again is hardly more work.
const MOST_PAGES: usize = 50;

/// The note on one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    fingerprint: String,
    version: String,
    commit: Option<String>,
    language: ReportLanguage,
    files: usize,
    /// How many of them are records of files of many.
    #[serde(default)]
    entries: usize,
    read: usize,
    invalid: usize,
    /// How many files were left aside, by why.
    #[serde(default)]
    skipped: BTreeMap<String, usize>,
    /// How many records of each kind the source has.
    records: BTreeMap<String, usize>,
    revision: Revision,
    change_set: String,
    /// Whether initiatives of other sources can change nothing about this one.
    #[serde(default)]
    is_independent: bool,
    /// The records that another import need not compare again.
    #[serde(default)]
    settled: Settled,
}

/// What an import would find, as far as the last one tells.
pub struct Recalled {
    /// The version of the source that the graph holds as a new import would make it.
    pub version: String,
    /// What to report if the source is still at that version.
    pub report: Report,
    /// What is to be noted then, and at which revision, if the graph went on since.
    pub memory: Option<(Memory, Revision)>,
    /// What need not be compared again if the source is at another.
    pub settled: Settled,
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

/// What the last import left, if a new one would find the graph as that left it.
pub async fn recall(store: &dyn GraphStore, job: &ImportJob) -> Result<Option<Recalled>, ImportError> {
    let note: Option<Note> = std::fs::read(path(job)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let Some(note) = note.filter(|note| note.fingerprint == fingerprint(job)) else { return Ok(None) };
    let revision = store.revision().await?;
    if change_set_of(store, note.revision).await?.as_ref() != Some(&note.change_set) {
        return Ok(None);
    }
    let went_on = revision != note.revision;
    if went_on && !(note.is_independent && only_others(store, &job.source.key, note.revision).await?) {
        return Ok(None);
    }
    let memory = went_on.then(|| (Memory { path: path(job), note: note.clone() }, revision));
    let settled = note.settled;
    let mut report = Report::new(job.source.key.clone(), job.location.address());
    report.unchanged = true;
    report.commit = note.commit;
    report.language = note.language;
    (report.files, report.entries) = (note.files, note.entries);
    (report.read, report.invalid) = (note.read, note.invalid);
    report.skipped = note.skipped.iter().map(|(why, count)| (skipped::known(why), *count)).collect();
    for (kind, unchanged) in note.records {
        if let Ok(kind) = kind.parse::<RecordKind>() {
            report.records.insert(kind, RecordCounts { unchanged, ..RecordCounts::default() });
        }
    }
    Ok(Some(Recalled { version: note.version, report, memory, settled }))
}

/// Whether all that happened after a revision were imports of other sources that changed initiatives and case studies alone.
async fn only_others(store: &dyn GraphStore, source: &SourceKey, since: Revision) -> Result<bool, ImportError> {
    let revisions = store.revisions(since, MOST_REVISIONS).await?;
    let own = imported_by(source);
    let is_other = |by: &str| is_import(by) && by != own;
    if revisions.has_more || !revisions.items.iter().all(|revision| is_other(revision.by.as_str())) {
        return Ok(false);
    }
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let page = store.changes(since, after.as_ref(), BATCH).await?;
        let is_told_of = |kind| matches!(kind, RecordKind::Initiative | RecordKind::CaseStudy | RecordKind::Source);
        if !page.items.iter().all(|change| is_told_of(change.reference.kind())) {
            return Ok(false);
        }
        let Some(last) = page.items.last().filter(|_| page.has_more) else { return Ok(true) };
        after = Some(ChangeCursor { revision: last.revision, reference: last.reference.clone() });
    }
    Ok(false)
}

/// Whether some initiatives refer to others beside them.
pub fn refers_elsewhere(initiatives: &[Initiative]) -> bool {
    let own: HashSet<&InitiativeKey> = initiatives.iter().map(|initiative| &initiative.key).collect();
    let mut adoptions = initiatives.iter().flat_map(|initiative| &initiative.inspired_by);
    adoptions.any(|adoption| matches!(&adoption.original, Original::Initiative(key) if !own.contains(key)))
}

/// Whether a report tells of ids that another source, or a person, has to do with.
fn shares_ids(report: &Report) -> bool {
    use Code::{AliasTaken, ClaimedElsewhere, FormerId, MergedByPerson, OwnedElsewhere, UnknownInitiative};
    report.diagnostics.iter().any(|diagnostic| {
        matches!(diagnostic.code, AliasTaken | ClaimedElsewhere | FormerId | MergedByPerson | OwnedElsewhere | UnknownInitiative)
    })
}

impl Memory {
    /// What is to be noted of an import of a version with a report.
    pub fn of(job: &ImportJob, version: String, report: &Report, refers_elsewhere: bool, settled: Settled) -> Self {
        let live = |counts: &RecordCounts| counts.new + counts.changed + counts.unchanged;
        let note = Note {
            fingerprint: fingerprint(job),
            version,
            commit: report.commit.clone(),
            language: report.language,
            files: report.files,
            entries: report.entries,
            read: report.read,
            invalid: report.invalid,
            skipped: report.skipped.iter().map(|(why, count)| ((*why).to_owned(), *count)).collect(),
            records: report.records.iter().map(|(kind, counts)| (kind.as_str().to_owned(), live(counts))).collect(),
            revision: 0,
            change_set: String::new(),
            is_independent: !refers_elsewhere && !shares_ids(report),
            settled,
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
