//! `maillage import`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::export;
use maillage_graph_schema::model::{RunCause, SourceKind};
use maillage_graph_schema::store::GraphStore;
use maillage_importer::diagnostic::Severity;
use maillage_importer::runs::{Outcome, Runner};
use maillage_importer::{ImportError, ImportJob, Progress as _, Report, SourceConfig, Surroundings, sources};

use super::progress::Shown;
use super::report;
use super::settings::{Hinted, Import, Settings};
use super::{TO_FIX, first_start};

/// Imports a folder, a repository, a source, or an export; or all sources.
pub async fn run(settings: &Settings, import: &Import) -> anyhow::Result<ExitCode> {
    let what = import.what.as_deref().unwrap_or_default();
    if Path::new(what).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson")) {
        return Box::pin(read_export(settings, import, what)).await;
    }
    report::outputs(&import.report)?;
    let listed = sources::load(&settings.content()?)?;
    let surroundings = settings.surroundings();
    if import.all {
        return Box::pin(all(settings, import, listed, &surroundings)).await;
    }
    let job = ImportJob::of(what, import.as_source.as_deref(), &listed, &surroundings)?;
    let store = settings.open_store().await?;
    first_start::load(settings, &store).await?;
    one(&store, job, import).await
}

/// Imports every source that is not reference data. What is wrong with one is said, and the next is imported.
async fn all(
    settings: &Settings,
    import: &Import,
    listed: Vec<SourceConfig>,
    surroundings: &Surroundings,
) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    first_start::load(settings, &store).await?;
    let mut failed = Vec::new();
    let mut worst = ExitCode::SUCCESS;
    for source in listed.into_iter().filter(|source| source.kind != SourceKind::Reference) {
        let key = source.key.clone();
        let outcome = match ImportJob::of_source(source, surroundings) {
            Ok(job) => one(&store, job, import).await,
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(code) if code == ExitCode::SUCCESS => {}
            Ok(code) => worst = code,
            Err(error) => {
                tracing::error!(source.key = %key, error = %format!("{error:#}"), hint = super::hint(&error), "the source could not be imported");
                failed.push(key.to_string());
            }
        }
    }
    if failed.is_empty() {
        return Ok(worst);
    }
    let message = format!("{} could not be imported; the other sources were", failed.join(", "));
    Err(Hinted { message, hint: "what is wrong with each stands above".to_owned() }.into())
}

/// Imports what a job names, and reports.
async fn one(store: &Arc<dyn GraphStore>, mut job: ImportJob, import: &Import) -> anyhow::Result<ExitCode> {
    job.confirm_withdrawals = import.yes;
    // Who asks what would change wants to see what is there, changed or not.
    job.again = import.again || import.dry_run;
    let shown = Shown::of(job.source.key.to_string());
    if import.dry_run {
        let plan = maillage_importer::plan(&**store, &SystemClock, &job, &shown).await?;
        drop(shown);
        report::write(&plan.report, &import.report)?;
        return Ok(code(&plan.report));
    }
    let runner = Runner::new(Arc::clone(store), Arc::new(SystemClock))?;
    let outcome = Box::pin(runner.run(&job, RunCause::Command, None, &shown)).await?;
    drop(shown);
    let key = &job.source.key;
    let Outcome::Ended(ended) = outcome else {
        return Err(ImportError::BeingImported { source_key: key.to_string() }.into());
    };
    if let Some(found) = &ended.report {
        report::write(found, &import.report)?;
    }
    let applied = ended.applied?;
    tracing::info!(
        source.key = %key,
        revision = applied.revision,
        changed = applied.changed,
        "imported {key}: {} records changed", applied.changed
    );
    Ok(ended.report.as_ref().map_or(ExitCode::SUCCESS, code))
}

/// A file that could not be read is something to fix for whoever called, though the others were imported.
pub(super) fn code(report: &Report) -> ExitCode {
    if report.count(Severity::Error) > 0 { TO_FIX.into() } else { ExitCode::SUCCESS }
}

async fn read_export(settings: &Settings, import: &Import, what: &str) -> anyhow::Result<ExitCode> {
    if import.as_source.is_some() || import.dry_run {
        let message = "an export is read as it is: --as and --dry-run do not go with it".to_owned();
        return Err(Hinted { message, hint: "leave them out".to_owned() }.into());
    }
    let file = File::open(what).with_context(|| format!("cannot open {what}"))?;
    let store = settings.open_store().await?;
    let shown = Shown::of(what);
    shown.begin("reading revisions", None);
    let mut done = 0;
    let moved = export::read(&*store, BufReader::new(file), |moved| {
        shown.advance(moved.revisions - done);
        done = moved.revisions;
    })
    .await?;
    drop(shown);
    tracing::info!(revisions = moved.revisions, records = moved.records, "read the export {what}");
    Ok(ExitCode::SUCCESS)
}
