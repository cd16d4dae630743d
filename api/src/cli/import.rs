//! `maillage import`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::export;
use maillage_importer::diagnostic::Severity;
use maillage_importer::{ImportJob, Progress as _, Report, sources};

use super::first_start;
use super::progress::Shown;
use super::report;
use super::settings::{Hinted, Import, Settings};

/// Imports a folder, a repository, a source, or an export.
pub async fn run(settings: &Settings, import: &Import) -> anyhow::Result<ExitCode> {
    if Path::new(&import.what).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson")) {
        return Box::pin(read_export(settings, import)).await;
    }
    let listed = sources::load(&settings.content()?)?;
    let mut job = ImportJob::of(&import.what, import.as_source.as_deref(), &listed, &settings.surroundings())?;
    job.confirm_withdrawals = import.yes;
    let store = settings.open_store().await?;
    first_start::load(settings, &*store).await?;
    let shown = Shown::of(job.source.key.to_string());
    let plan = maillage_importer::plan(&*store, &SystemClock, &job, &shown).await?;
    if import.dry_run {
        drop(shown);
        report::write(&plan.report, &import.report)?;
        return Ok(code(&plan.report));
    }
    let outcome = maillage_importer::apply(&*store, &plan, &shown).await;
    drop(shown);
    report::write(&plan.report, &import.report)?;
    let applied = outcome?;
    tracing::info!(
        source.key = %job.source.key,
        revision = applied.revision,
        changed = applied.changed,
        "imported {}: {} records changed", job.source.key, applied.changed
    );
    Ok(code(&plan.report))
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
