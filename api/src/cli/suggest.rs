//! `maillage source suggest`: a first mapping for a repository that is not known yet, and what an import by it would give.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use maillage_importer::diagnostic::{Diagnostic, ReportLanguage, Severity};
use maillage_importer::suggest::{Suggested, Told, suggest_for};
use maillage_importer::{ImportJob, Location, sources};

use super::TO_FIX;
use super::export::print;
use super::progress::Shown;
use super::settings::{Hinted, Settings, SuggestSource};

/// How many problems are shown.
const MOST_PROBLEMS: usize = 5;

/// Suggests a mapping: to standard output with what is said about it on standard error, or to a file.
pub async fn run(settings: &Settings, what: &SuggestSource) -> anyhow::Result<ExitCode> {
    let content = settings.content()?;
    let listed = sources::load(&content)?;
    let mut job = ImportJob::of(&what.what, None, &listed, &settings.surroundings())?;
    job.source.mapping = None;
    if let Some(wanted) = &what.branch {
        job.location = on_branch(job.location, wanted)?;
    }
    if let Some(output) = what.output.as_deref().filter(|output| output.exists()) {
        let message = format!("{} is there already, and is not written over", output.display());
        return Err(Hinted { message, hint: "name another file by --output".to_owned() }.into());
    }
    let shown = Shown::of(job.location.address());
    let suggested = suggest_for(job, &content, what.lang.map(Into::into), &shown).await?;
    drop(shown);
    let said = said(&suggested);
    if let Some(output) = &what.output {
        std::fs::write(output, &suggested.text).with_context(|| format!("cannot write {}", output.display()))?;
        print(&said)?;
    } else {
        print(&suggested.text)?;
        eprint!("\n{said}");
    }
    let is_of_use = suggested.trial.initiatives > 0;
    Ok(if is_of_use { ExitCode::SUCCESS } else { TO_FIX.into() })
}

fn on_branch(location: Location, wanted: &str) -> anyhow::Result<Location> {
    match location {
        Location::Git { address, .. } => Ok(Location::Git { address, branch: Some(wanted.to_owned()) }),
        // A folder is read as it lies there; its repository has branches.
        Location::Directory(path) if path.join(".git").exists() => {
            Ok(Location::Git { address: path.display().to_string(), branch: Some(wanted.to_owned()) })
        }
        Location::Directory(_) | Location::Archive { .. } => {
            let message = "only a Git repository has branches".to_owned();
            Err(Hinted { message, hint: "leave out --branch".to_owned() }.into())
        }
    }
}

/// Counts and problems, for people.
fn said(suggested: &Suggested) -> String {
    let french = suggested.language == ReportLanguage::French;
    let trial = &suggested.trial;
    let mut text = String::new();
    let pages = suggested.suggestion.pages;
    let (selected, organisations, initiatives) = (suggested.suggestion.selected, trial.organisations, trial.initiatives);
    let counts = if french {
        format!("{pages} pages, dont {selected} à importer : {initiatives} initiatives, {organisations} organisations")
    } else {
        format!("{pages} pages, {selected} of them to be imported: {initiatives} initiatives, {organisations} organisations")
    };
    // Writing to a text does not fail.
    let _ = writeln!(text, "{counts}");
    for (told, count) in &trial.with {
        let name = name(*told, french);
        let of = if french { "sur" } else { "of" };
        let _ = writeln!(text, "  {name:14} {count:5} {of} {initiatives}");
    }
    if trial.translated > 0 {
        let name = if french { "traduites" } else { "translated" };
        let _ = writeln!(text, "  {name:14} {:5}", trial.translated);
    }
    let problems = problems(&trial.report.diagnostics);
    if !problems.is_empty() {
        let _ = writeln!(text, "\n{}", if french { "Premiers problèmes :" } else { "First problems:" });
    }
    for (first, count) in problems.into_iter().take(MOST_PROBLEMS) {
        let place = match first.at {
            Some(at) => format!("{}:{}: ", first.path, at.line),
            None if first.path.is_empty() => String::new(),
            None => format!("{}: ", first.path),
        };
        let _ = writeln!(text, "  {count:5} × [{}] {place}{}", first.code.as_str(), first.message(suggested.language));
    }
    let decisions = suggested.suggestion.decisions.len();
    if decisions > 0 {
        let points = if decisions == 1 { "point" } else { "points" };
        let more = if french {
            format!("{decisions} {points} à décider, en tête de la correspondance.")
        } else {
            format!("{decisions} {points} to decide, at the head of the mapping.")
        };
        let _ = writeln!(text, "\n{more}");
    }
    text
}

/// One of each code with how many there are, the gravest and most frequent first; what is merely noted does not count.
fn problems(diagnostics: &[Diagnostic]) -> Vec<(&Diagnostic, usize)> {
    let mut by_code: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity() != Severity::Note) {
        by_code.entry(diagnostic.code).or_default().push(diagnostic);
    }
    let mut problems: Vec<(&Diagnostic, usize)> = by_code.into_values().map(|all| (all[0], all.len())).collect();
    problems.sort_by_key(|(first, count)| (first.severity() != Severity::Error, std::cmp::Reverse(*count)));
    problems
}

const fn name(told: Told, french: bool) -> &'static str {
    let (in_french, in_english) = match told {
        Told::Title => ("titre", "title"),
        Told::Summary => ("résumé", "summary"),
        Told::Date => ("date", "date"),
        Told::Place => ("lieu", "place"),
        Told::Topics => ("thèmes", "topics"),
        Told::Tags => ("étiquettes", "tags"),
        Told::Status => ("état", "status"),
        Told::Organisations => ("organisations", "organisations"),
        Told::Links => ("liens", "links"),
        Told::Licence => ("licence", "licence"),
    };
    if french { in_french } else { in_english }
}
