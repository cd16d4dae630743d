//! `maillage report`, and reports in the forms and the language that were asked for.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use maillage_importer::Report;
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::runs::last_report;

use super::export::print;
use super::settings::{Hinted, ReportForm, ReportFormat, ReportOf, Settings};

/// Reports what the last import of a source found.
pub async fn run(settings: &Settings, of: &ReportOf) -> anyhow::Result<ExitCode> {
    outputs(&of.report)?;
    let store = settings.open_store().await?;
    let source = of.source.parse().with_context(|| format!("{:?} is not the key of a source", of.source))?;
    let Some(report) = last_report(&*store, &source).await? else {
        let message = format!("no import of {source} is kept");
        return Err(Hinted { message, hint: format!("import it: maillage import {source}") }.into());
    };
    write(&report, &of.report)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a report to standard output, and to the files named.
pub fn write(report: &Report, form: &ReportForm) -> anyhow::Result<()> {
    let language = form.lang.map_or(report.language, ReportLanguage::from);
    for (path, format) in outputs(form)? {
        let text = written(report, format, language, false);
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let is_coloured = std::io::stdout().is_terminal() && !form.is_without_colour();
    print(&written(report, form.format, language, is_coloured))
}

/// The files to be written, each with its form.
pub fn outputs(form: &ReportForm) -> Result<Vec<(&Path, ReportFormat)>, Hinted> {
    let output = |path: &'_ PathBuf| {
        ReportFormat::of(path).ok_or_else(|| Hinted {
            message: format!("the name of {} does not tell which form the report is to have", path.display()),
            hint: "let it end in .txt, .json, .sarif or .md".to_owned(),
        })
    };
    form.output.iter().map(|path| Ok((path.as_path(), output(path)?))).collect()
}

fn written(report: &Report, format: ReportFormat, language: ReportLanguage, is_coloured: bool) -> String {
    match format {
        ReportFormat::Text => report.text(language, is_coloured),
        ReportFormat::Json => format!("{:#}\n", report.json()),
        ReportFormat::Sarif => format!("{:#}\n", report.sarif(language)),
        ReportFormat::Markdown => report.markdown(language),
    }
}
