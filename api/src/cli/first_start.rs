//! What the graph needs before it is of use: towns, topics and the case studies that come with the program.
//!
//! Loading is idempotent, and takes seconds; so a note in the data folder says which content was loaded, and which revision of
//! the graph holds it. A start that finds both as noted loads nothing. A lost note, changed content or another store costs the
//! seconds again, and nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::model::RunCause;
use maillage_graph_schema::store::GraphStore;
use maillage_importer::runs::{Outcome, Runner};
use maillage_importer::sources::SourceConfig;
use maillage_importer::{ImportError, ImportJob, Progress as _, reference_change_sets, sources};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::progress::Shown;
use super::settings::Settings;

/// The note in the data folder.
const NOTE: &str = "loaded-content.json";

/// Which content was loaded, and which revision of the graph holds it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    content: String,
    revision: u64,
    change_set: String,
}

/// Loads what the graph needs, unless it is there.
pub async fn load(settings: &Settings, store: &Arc<dyn GraphStore>) -> anyhow::Result<()> {
    let content = settings.content()?;
    let note_path = settings.data.join(NOTE);
    let fingerprint = fingerprint(&content).with_context(|| format!("cannot read the content folder {}", content.display()))?;
    if is_loaded(&note_path, &fingerprint, &**store).await? {
        return Ok(());
    }
    let begin = Instant::now();
    load_reference(&content, &**store).await?;
    let is_whole = import_automatic(&content, settings, store).await?;
    if is_whole {
        write_note(&note_path, fingerprint, &**store).await?;
    }
    tracing::info!(seconds = begin.elapsed().as_secs_f32(), revision = store.revision().await?, "the graph holds the content");
    Ok(())
}

/// A hash of everything in the content folder, and of the program's version, which may read it otherwise.
fn fingerprint(content: &Path) -> std::io::Result<String> {
    let mut files = Vec::new();
    let mut folders = vec![content.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            // What a link points to is not followed: it may lead anywhere, or in a circle.
            match entry.file_type()? {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for file in files {
        let bytes = std::fs::read(&file)?;
        let name = file.strip_prefix(content).unwrap_or(&file).to_string_lossy().into_owned();
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(text)
}

async fn is_loaded(note: &Path, fingerprint: &str, store: &dyn GraphStore) -> anyhow::Result<bool> {
    let Ok(text) = std::fs::read(note) else { return Ok(false) };
    let Ok(note) = serde_json::from_slice::<Note>(&text) else { return Ok(false) };
    if note.content != fingerprint {
        tracing::info!("the content has changed since it was loaded");
        return Ok(false);
    }
    Ok(change_set_of(store, note.revision).await?.is_some_and(|id| id == note.change_set))
}

/// The id of the change set that made a revision.
async fn change_set_of(store: &dyn GraphStore, revision: u64) -> anyhow::Result<Option<String>> {
    let Some(before) = revision.checked_sub(1) else { return Ok(None) };
    let page = store.revisions(before, 1).await?;
    Ok(page.items.first().filter(|found| found.number == revision).map(|found| found.id.to_string()))
}

async fn write_note(path: &Path, content: String, store: &dyn GraphStore) -> anyhow::Result<()> {
    let revision = store.revision().await?;
    let Some(change_set) = change_set_of(store, revision).await? else { return Ok(()) };
    let text = serde_json::to_string(&Note { content, revision, change_set })?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

async fn load_reference(content: &Path, store: &dyn GraphStore) -> anyhow::Result<()> {
    let shown = Shown::of("towns and topics");
    shown.begin("reading", None);
    let folder = content.to_owned();
    let base = store.revision().await?;
    let change_sets = tokio::task::spawn_blocking(move || reference_change_sets(&folder, base, &SystemClock)).await??;
    let operations: usize = change_sets.iter().map(|change_set| change_set.operations.len()).sum();
    shown.begin("loading", Some(operations as u64));
    for change_set in &change_sets {
        store.apply(change_set).await?;
        shown.advance(change_set.operations.len() as u64);
    }
    Ok(())
}

/// Imports the sources that are meant to be imported by themselves; answers whether all of them were. One that fails, because
/// its repository cannot be reached, say, is logged and tried again at the next start.
async fn import_automatic(content: &Path, settings: &Settings, store: &Arc<dyn GraphStore>) -> anyhow::Result<bool> {
    let runner = Runner::new(Arc::clone(store), Arc::new(SystemClock))?;
    let mut is_whole = true;
    for source in sources::load(content)?.into_iter().filter(|source| source.auto) {
        let key = source.key.clone();
        if let Err(error) = import(source, settings, &runner).await {
            is_whole = false;
            tracing::error!(source.key = %key, error = %format!("{error:#}"), "the source could not be imported");
        }
    }
    Ok(is_whole)
}

async fn import(source: SourceConfig, settings: &Settings, runner: &Runner) -> anyhow::Result<()> {
    let key = source.key.clone();
    let job = ImportJob::of_source(source, &settings.surroundings())?;
    let shown = Shown::of(key.to_string());
    let outcome = Box::pin(runner.run(&job, RunCause::Start, None, &shown)).await?;
    drop(shown);
    let Outcome::Ended(ended) = outcome else {
        return Err(ImportError::BeingImported { source_key: key.to_string() }.into());
    };
    let applied = ended.applied?;
    let counts = &ended.run.counts;
    tracing::info!(
        source.key = %key,
        files = counts.files,
        invalid = counts.invalid,
        "imported {key}: {} records changed", applied.changed
    );
    Ok(())
}
