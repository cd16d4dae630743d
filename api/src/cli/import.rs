//! `maillage import`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::export;
use maillage_graph_schema::model::RunCause;
use maillage_importer::diagnostic::Severity;
use maillage_importer::runs::{Outcome, Runner};
use maillage_importer::{ImportError, ImportJob, Progress as _, Report, sources};

use super::first_start;
use super::progress::Shown;
use super::report;
use super::settings::{Hinted, Import, Settings};

/// Imports a folder, a repository, a source, or an export.
pub async fn run(settings: &Settings, import: &Import) -> anyhow::Result<ExitCode> {
    if Path::new(&import.what).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson")) {
        return Box::pin(read_export(settings, import)).await;
    }
    report::outputs(&import.report)?;
    let listed = sources::load(&settings.content()?)?;
    let mut job = ImportJob::of(&import.what, import.as_source.as_deref(), &listed, &settings.surroundings())?;
    job.confirm_withdrawals = import.yes;
    let store = settings.open_store().await?;
    first_start::load(settings, &store).await?;
    let shown = Shown::of(job.source.key.to_string());
    if import.dry_run {
        let plan = maillage_importer::plan(&*store, &SystemClock, &job, &shown).await?;
        drop(shown);
        report::write(&plan.report, &import.report)?;
        return Ok(code(&plan.report));
    }
    let runner = Runner::new(store, Arc::new(SystemClock))?;
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

/// A file that could not be read is a failure for whoever called, though the others were imported.
pub(super) fn code(report: &Report) -> ExitCode {
    if report.count(Severity::Error) > 0 { ExitCode::from(2) } else { ExitCode::SUCCESS }
}

async fn read_export(settings: &Settings, import: &Import) -> anyhow::Result<ExitCode> {
    if import.as_source.is_some() || import.dry_run {
        let message = "an export is read as it is: --as and --dry-run do not go with it".to_owned();
        return Err(Hinted { message, hint: "leave them out".to_owned() }.into());
    }
    let file = File::open(&import.what).with_context(|| format!("cannot open {}", import.what))?;
    let store = settings.open_store().await?;
    let shown = Shown::of(import.what.clone());
    shown.begin("reading revisions", None);
    let mut done = 0;
    let moved = export::read(&*store, BufReader::new(file), |moved| {
        shown.advance(moved.revisions - done);
        done = moved.revisions;
    })
    .await?;
    drop(shown);
    tracing::info!(revisions = moved.revisions, records = moved.records, "read the export {}", import.what);
    Ok(ExitCode::SUCCESS)
}
