//! Reports, in the forms and the language that were asked for.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use maillage_importer::Report;
use maillage_importer::diagnostic::ReportLanguage;

use super::export::print;
use super::settings::{Hinted, ReportForm, ReportFormat};

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
