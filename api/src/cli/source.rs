//! `maillage source`: the list of sources, and a look at one of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use maillage_importer::diagnostic::{ReportLanguage, Severity};
use maillage_importer::sources::edit::{self, NewSource};
use maillage_importer::sources::{self, SourceConfig};
use maillage_importer::{ImportJob, Location, Report, look};
use serde_json::json;

use super::export::print;
use super::import::code;
use super::progress::Shown;
use super::report;
use super::settings::{AddSource, ListSources, ReportFormat, Settings, Source, TestSource};
use super::suggest;

/// Does what is to be done with sources.
pub async fn run(settings: &Settings, what: &Source) -> anyhow::Result<ExitCode> {
    match what {
        Source::Add(new) => add(&settings.content()?, new),
        Source::List(form) => list(&settings.content()?, form),
        Source::Suggest(what) => Box::pin(suggest::run(settings, what)).await,
        Source::Test(what) => test(settings, what).await,
        Source::Remove(what) => {
            let source = edit::remove(&settings.content()?, &what.key)?;
            print(&format!("removed {} ({}); what was imported from it stays in the graph\n", source.key, source.name))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn add(content: &Path, new: &AddSource) -> anyhow::Result<ExitCode> {
    let kind = new.kind.map_or_else(|| kind_of(&new.location), super::settings::SourceKindArgument::as_str);
    let is_address = new.location.contains("://") || kind == "git";
    let location = Some(new.location.clone());
    let source = edit::add(
        content,
        &NewSource {
            key: new.key.clone(),
            name: new.name.clone(),
            kind: kind.to_owned(),
            path: location.clone().filter(|_| !is_address),
            url: location.filter(|_| is_address),
            branch: new.branch.clone(),
            language: new.language.clone(),
            licence: new.licence.clone(),
            mapping: new.mapping.clone(),
            description: new.description.clone(),
            auto: new.auto,
            schedule: new.schedule.clone(),
            contact: new.contact.clone(),
            token: new.token.clone(),
            allow_private_addresses: new.private,
        },
    )?;
    print(&format!(
        "added {} to {}; see what an import would read with: maillage source test {}\n",
        source.key,
        content.join(sources::FILE).display(),
        source.key
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn kind_of(location: &str) -> &'static str {
    match Location::of(location, None) {
        Location::Directory(_) => "directory",
        Location::Git { .. } => "git",
        Location::Archive { .. } => "archive",
    }
}

fn list(content: &Path, form: &ListSources) -> anyhow::Result<ExitCode> {
    let listed = sources::load(content)?;
    // Forms that only reports have are the text of a list.
    if matches!(form.format, ReportFormat::Json) {
        let rows: Vec<_> = listed.iter().map(source_json).collect();
        print(&format!("{:#}\n", json!(rows)))?;
    } else {
        print(&table(&listed))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn source_json(source: &SourceConfig) -> serde_json::Value {
    json!({
        "key": source.key.as_str(),
        "name": source.name.as_str(),
        "kind": source.kind.as_str(),
        "path": source.path,
        "url": source.url,
        "branch": source.branch,
        "language": source.language.as_ref().map(ToString::to_string),
        "licence": source.licence.as_ref().map(ToString::to_string),
        "mapping": source.mapping,
        "description": source.description.as_ref().map(ToString::to_string),
        "auto": source.auto,
        "schedule": source.schedule.map(|schedule| schedule.to_string()),
        "contact": source.contact.as_ref().map(ToString::to_string),
        "token": source.token.as_ref().map(sources::VariableName::as_str),
        "allowPrivateAddresses": source.allow_private_addresses,
    })
}

/// One line a source, in columns as wide as they need to be.
fn table(listed: &[SourceConfig]) -> String {
    let rows: Vec<[String; 4]> = listed
        .iter()
        .map(|source| {
            let path = source.path.as_ref().map(|path| path.display().to_string());
            let when = source
                .schedule
                .map_or_else(|| if source.auto { "first start" } else { "by hand" }.to_owned(), |schedule| schedule.to_string());
            [source.key.to_string(), source.kind.to_string(), when, source.url.clone().or(path).unwrap_or_default()]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [key, kind, when, place] in &rows {
        let [first, second, third] = widths;
        // Writing to a text does not fail.
        let _ = writeln!(text, "{key:first$}  {kind:second$}  {when:third$}  {place}");
    }
    text
}

async fn test(settings: &Settings, what: &TestSource) -> anyhow::Result<ExitCode> {
    let content = settings.content()?;
    let listed = sources::load(&content)?;
    let job = ImportJob::of(&what.what, what.as_source.as_deref(), &listed, &settings.surroundings())?;
    let shown = Shown::of(job.source.key.to_string());
    let found = look(job, &content, &shown).await?;
    drop(shown);
    if what.full || !matches!(what.report.format, ReportFormat::Text) {
        report::write(&found, &what.report)?;
    } else {
        print(&summary(&found, what.report.lang.map_or(found.language, ReportLanguage::from)))?;
    }
    Ok(code(&found))
}

/// How many diagnostics there are of each code, with an example, and the counts.
fn summary(report: &Report, language: ReportLanguage) -> String {
    let mut by_code: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for diagnostic in &report.diagnostics {
        by_code.entry(diagnostic.code).or_default().push(diagnostic);
    }
    let mut text = String::new();
    for (code, diagnostics) in &by_code {
        let Some(first) = diagnostics.first() else { continue };
        let place = if first.path.is_empty() { String::new() } else { format!("{}: ", first.path) };
        let severity = match (first.severity(), language) {
            (Severity::Error, ReportLanguage::French) => "erreur",
            (Severity::Error, ReportLanguage::English) => "error",
            (Severity::Warning, ReportLanguage::French) => "avertissement",
            (Severity::Warning, ReportLanguage::English) => "warning",
            (Severity::Note, _) => "note",
        };
        // Writing to a text does not fail.
        let _ = writeln!(text, "{:5} × {severity}[{}] {place}{}", diagnostics.len(), code.as_str(), first.message(language));
    }
    let counts = Report { diagnostics: Vec::new(), completeness: Vec::new(), ..report.clone() }.text(language, false);
    let tail = counts.lines().filter(|line| !line.trim_start().starts_with("0 ")).collect::<Vec<_>>().join("\n");
    text + &tail + "\n"
}
