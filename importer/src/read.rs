//! From a job to drafts: fetch, then parse, off the threads that answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use maillage_graph_schema::model::Text;

use crate::diagnostic::{Code, Diagnostic, ReportLanguage};
use crate::draft::{Draft, FileDraft, Spot};
use crate::each::{Undone, each};
use crate::error::ImportError;
use crate::invalid::Invalid;
use crate::job::ImportJob;
use crate::mapping::{self, Leftovers, Mapping};
use crate::parse::body::Headings;
use crate::parse::{Beside, Outcome, Parsed, Reading};
use crate::progress::{Progress, Stage};
use crate::report::{Report, skipped};
use crate::source::{self, Paths, Question, SourceFile};
use crate::sources::SourceConfig;

/// What the files of a source say.
#[derive(Debug)]
pub struct Read {
    /// What tells this state of the source from others.
    pub version: String,
    /// In the order of their paths.
    pub drafts: Vec<FileDraft>,
    pub commit: Option<Text>,
    /// With what is to be said about the files.
    pub report: Report,
    /// What gives no record and ought to.
    pub invalid: Invalid,
    /// The paths of files that hold many records each.
    pub lists: BTreeSet<String>,
    /// Where all files of the source are, read or not.
    pub paths: Paths,
    /// The source, with what its mapping says of all files.
    pub source: SourceConfig,
}

/// How the files of a job are read, for threads of their own.
struct Manner {
    job: Arc<ImportJob>,
    mapping: Option<Mapping>,
    headings: Headings,
}

impl Manner {
    /// Whether a file holds many records, as the mapping reads it.
    fn holds_many(&self, path: &str) -> bool {
        self.mapping.as_ref().is_some_and(|mapping| !mapping.collections_of_many(path).is_empty())
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            source: &self.job.source,
            mapping: self.mapping.as_ref(),
            headings: &self.headings,
            limits: &self.job.surroundings.limits,
        }
    }
}

/// Fetches and parses; `None` if the source is at a version that is known.
pub async fn read(job: Arc<ImportJob>, known: Option<String>, progress: &dyn Progress) -> Result<Option<Read>, ImportError> {
    let mapping = job.source.mapping.as_deref().map(mapping::load).transpose()?;
    read_by(job, mapping, known, progress).await
}

/// Likewise, by a mapping that no file holds.
pub async fn read_by(
    job: Arc<ImportJob>,
    mapping: Option<Mapping>,
    known: Option<String>,
    progress: &dyn Progress,
) -> Result<Option<Read>, ImportError> {
    let manner = Arc::new(Manner { mapping, headings: Headings::default(), job: Arc::clone(&job) });
    progress.stage(Stage::Fetch, None);
    let fetching = Arc::clone(&manner);
    let fetch = blocking(move || {
        let job = &fetching.job;
        let reading = fetching.reading();
        let dates = fetching.mapping.as_ref().is_some_and(Mapping::wants_dates);
        let question = Question { wanted: &|path| reading.wants(path), dates, known: known.as_deref() };
        source::open(job).snapshot(&question)
    });
    let Some(snapshot) = fetch.await? else { return Ok(None) };
    let mut report = Report::new(job.source.key.clone(), job.location.address());
    report.commit.clone_from(&snapshot.commit);
    let source = described(&job.source, manner.mapping.as_ref());
    report.language = ReportLanguage::of(source.language.as_ref());
    report.repository.clone_from(&job.source.url);
    report.files = snapshot.seen;
    report.skipped = snapshot.skipped;
    report.left_aside = snapshot.left_aside;
    progress.stage(Stage::Read, Some(snapshot.files.len() as u64));
    let mut drafts = Vec::with_capacity(snapshot.files.len());
    let mut invalid = Invalid::default();
    let mut lists = BTreeSet::new();
    let mut leftovers = Leftovers::default();
    let (dates, all_paths) = (snapshot.dates, snapshot.paths);
    let files = with_sidecars(snapshot.files, manner.mapping.as_ref());
    let paths: Vec<String> = files.iter().map(|WithSidecar { file, .. }| file.path.clone()).collect();
    let parsing = Arc::clone(&manner);
    let read_one = move |WithSidecar { file, sidecar }: WithSidecar| {
        let beside = Beside { sidecar: sidecar.as_ref(), commits: dates.get(&file.path).copied() };
        parsing.reading().read_all(&file, &beside)
    };
    let limit = job.surroundings.limits.file_seconds;
    let results = each(files, Duration::from_secs(limit), read_one, || progress.advance(1)).await;
    for (path, parsed) in paths.into_iter().zip(results) {
        let parsed = parsed.unwrap_or_else(|undone| vec![not_read(&path, undone, limit)]);
        if manner.holds_many(&path) {
            report.files += parsed.len() - 1;
            lists.insert(path.clone());
        }
        for Parsed { spot, outcome, diagnostics, leftover } in parsed {
            // What is said about a file may stand in the one beside it.
            let spot = Spot { path: path.clone(), ..spot };
            report.entries += usize::from(spot.entry.is_some());
            if let Some(leftover) = leftover {
                leftovers.count(leftover);
            }
            report.diagnostics.extend(diagnostics);
            match outcome {
                Outcome::Draft(draft) => {
                    if let Draft::Referent(_) = draft.draft {
                        *report.skipped.entry(skipped::NO_RECORD).or_default() += 1;
                        report.left_aside.add(skipped::NO_RECORD, None, &spot);
                    } else {
                        report.read += 1;
                    }
                    drafts.push(draft);
                }
                Outcome::Invalid { key } => invalid.add(&spot, key.as_deref()),
                Outcome::Skipped { why, rule } => {
                    *report.skipped.entry(why).or_default() += 1;
                    report.left_aside.add(why, rule, &spot);
                }
            }
        }
    }
    report.diagnostics.extend(leftovers.diagnostics());
    report.invalid = invalid.count;
    let commit = report.commit.as_deref().and_then(|commit| commit.parse().ok());
    Ok(Some(Read { version: snapshot.version, drafts, commit, report, invalid, lists, paths: all_paths, source }))
}

/// A source in the language and under the licence that its mapping says, if it says any.
fn described(source: &SourceConfig, mapping: Option<&Mapping>) -> SourceConfig {
    let language = mapping.and_then(|mapping| mapping.language.clone());
    let licence = mapping.and_then(|mapping| mapping.licence.clone());
    SourceConfig {
        language: language.or_else(|| source.language.clone()),
        licence: licence.or_else(|| source.licence.clone()),
        ..source.clone()
    }
}

/// What is said of a file whose reading did not end, or ended badly. Its record stays as it was.
fn not_read(path: &str, undone: Undone, limit: u64) -> Parsed {
    let diagnostic = match undone {
        Undone::TooLong => Diagnostic::new(Code::TooSlow, path).value(limit.to_string()),
        Undone::Failed => Diagnostic::new(Code::ReadingFailed, path),
    };
    Parsed::invalid(diagnostic)
}

/// A file, and the one beside it that holds its metadata.
struct WithSidecar {
    file: SourceFile,
    sidecar: Option<SourceFile>,
}

/// Puts the metadata that stand in files of their own beside the texts that they belong to.
fn with_sidecars(files: Vec<SourceFile>, mapping: Option<&Mapping>) -> Vec<WithSidecar> {
    let alone = |file| WithSidecar { file, sidecar: None };
    let Some(mapping) = mapping else { return files.into_iter().map(alone).collect() };
    let mut texts = Vec::new();
    let mut sidecars: BTreeMap<String, SourceFile> = BTreeMap::new();
    for file in files {
        let of = mapping.texts_of_sidecar(&file.path);
        if of.is_empty() {
            texts.push(file);
        } else {
            sidecars.extend(of.into_iter().map(|text| (text, file.clone())));
        }
    }
    texts.into_iter().map(|file| WithSidecar { sidecar: sidecars.remove(&file.path), file }).collect()
}

/// Runs what blocks, or computes for long, on a thread of its own.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ImportError::Task(error.to_string()))?
}
