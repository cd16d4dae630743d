//! `maillage check`: for partners, in their own continuous integration.

use std::process::ExitCode;

use maillage_importer::diagnostic::Severity;
use maillage_importer::{Report, check, sources};

use super::progress::Shown;
use super::settings::{Check, Settings};
use super::{TO_FIX, report};

/// Reports what an import of a folder would find; the exit code says whether there is something to fix.
pub async fn run(settings: &Settings, check: &Check) -> anyhow::Result<ExitCode> {
    find(settings, check).await.map(|report| code(&report, check.strict))
}

async fn find(settings: &Settings, check: &Check) -> anyhow::Result<Report> {
    // A wrong name is told before the work is done.
    report::outputs(&check.report)?;
    let content = settings.content()?;
    let listed = sources::load(&content)?;
    let source = check.as_source.as_deref().map(|key| sources::find(&listed, key)).transpose()?;
    let shown = Shown::of(check.directory.display().to_string());
    let found = check::check(&check.directory, &content, source, check.mapping.as_deref(), &shown).await?;
    drop(shown);
    report::write(&found, &check.report)?;
    Ok(found)
}

fn code(report: &Report, is_strict: bool) -> ExitCode {
    let has = |severity| report.count(severity) > 0;
    if has(Severity::Error) || (is_strict && has(Severity::Warning)) { TO_FIX.into() } else { ExitCode::SUCCESS }
}
