//! What is kept of a report, and a report from what was kept. Beside what it says of files, notes that only we read tell which files
//! were left aside, and how many entries were counted among files; runs kept before have none.

use std::collections::BTreeMap;

use maillage_graph_schema::model::{ImportRun, RecordKind, RunCounts, RunDiagnostic, Severity, Source, Text};

use crate::diagnostic::{Code, Diagnostic, ReportLanguage};
use crate::draft::{EntrySpot, Spot};
use crate::parse::personal::{RoleMailboxes, without_personal_data};
use crate::parse::value::Position;
use crate::report::{LeftAside, RecordCounts, Report, skipped};

/// How many diagnostics of a run are kept: errors before warnings, warnings before notes.
pub const KEPT_DIAGNOSTICS: usize = 500;

/// How many of the files that were left aside for one reason are kept: more than reports for people name.
const KEPT_LEFT_ASIDE: usize = 20;

/// The notes that only we read: a file that was left aside, why, and by which rule; how many entries there were.
const LEFT_ASIDE: &str = "left-aside";
const ENTRIES: &str = "entries";

/// How long a value, and how long a line, is kept, in characters.
const LONGEST_VALUE: usize = 200;
const LONGEST_LINE: usize = 240;

/// The diagnostics of a report that are kept, without personal data.
pub fn diagnostics_of(report: &Report) -> Vec<RunDiagnostic> {
    let mut by_gravity: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    // Stable: within a severity they stay in the order of the files.
    by_gravity.sort_by_key(|diagnostic| diagnostic.severity());
    by_gravity.into_iter().take(KEPT_DIAGNOSTICS).filter_map(kept).chain(beside(report)).collect()
}

/// The notes that only we read.
fn beside(report: &Report) -> impl Iterator<Item = RunDiagnostic> {
    let entries = note(ENTRIES, &Spot::file(""), &report.entries.to_string(), None);
    let left_aside = report.left_aside.first_of_each(KEPT_LEFT_ASIDE);
    let left_aside = left_aside.filter_map(|(why, spot, rule)| note(LEFT_ASIDE, spot, why, rule));
    entries.filter(|_| report.entries > 0).into_iter().chain(left_aside)
}

fn note(code: &str, spot: &Spot, value: &str, field: Option<&str>) -> Option<RunDiagnostic> {
    let at = spot.entry.as_ref().map(|entry| entry.at);
    Some(RunDiagnostic {
        code: code.parse().ok()?,
        severity: Severity::Note,
        path: spot.path.clone(),
        entry: spot.entry.as_ref().map(|entry| clean(&entry.name, LONGEST_VALUE)),
        line: at.map(|at| kept_number(at.line)),
        column: at.map(|at| kept_number(at.column)),
        field: field.map(str::to_owned),
        value: Some(value.to_owned()),
        detail: None,
        nearest: None,
        expected: None,
        excerpt: None,
    })
}

fn kept_number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether something that was kept is said of a file to people.
pub fn is_said(kept: &RunDiagnostic) -> bool {
    ![LEFT_ASIDE, ENTRIES].contains(&kept.code.as_str())
}

/// The files that were left aside, as far as they were kept.
pub fn left_aside(kept: &[RunDiagnostic]) -> LeftAside {
    let mut all = LeftAside::default();
    for note in kept.iter().filter(|note| note.code.as_str() == LEFT_ASIDE) {
        let entry = note.entry.clone().zip(position(note)).map(|(name, at)| EntrySpot { name, at });
        let why = skipped::known(note.value.as_deref().unwrap_or_default());
        all.add(why, note.field.clone(), &Spot { path: note.path.clone(), entry });
    }
    all
}

/// How many entries of lists there were among the files, if that was kept.
fn entries(kept: &[RunDiagnostic]) -> usize {
    let note = kept.iter().find(|note| note.code.as_str() == ENTRIES);
    note.and_then(|note| note.value.as_deref()?.parse().ok()).unwrap_or_default()
}

fn position(kept: &RunDiagnostic) -> Option<Position> {
    let number = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let (line, column) = kept.line.zip(kept.column)?;
    Some(Position { line: number(line), column: number(column) })
}

fn kept(diagnostic: &Diagnostic) -> Option<RunDiagnostic> {
    let clean = |text: &Option<String>| text.as_deref().map(|text| clean(text, LONGEST_VALUE));
    Some(RunDiagnostic {
        code: diagnostic.code.as_str().parse().ok()?,
        severity: diagnostic.severity(),
        path: diagnostic.path.clone(),
        entry: clean(&diagnostic.entry),
        line: diagnostic.at.map(|at| kept_number(at.line)),
        column: diagnostic.at.map(|at| kept_number(at.column)),
        field: diagnostic.field.clone(),
        value: clean(&diagnostic.value),
        detail: clean(&diagnostic.detail),
        nearest: clean(&diagnostic.nearest),
        expected: clean(&diagnostic.expected),
        excerpt: diagnostic.at.zip(diagnostic.line.as_deref()).and_then(|(at, line)| excerpt(line, at.column)),
    })
}

fn clean(text: &str, longest: usize) -> String {
    let (text, _) = without_personal_data(text, &RoleMailboxes::default());
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).take(longest).collect()
}

/// A line without personal data; `None` if what is left of the place was changed by that, or if the place is too far right.
fn excerpt(line: &str, column: usize) -> Option<String> {
    let before: String = line.chars().take(column.saturating_sub(1)).collect();
    let (line, _) = without_personal_data(line, &RoleMailboxes::default());
    let is_in_place = line.starts_with(&before) && column + 20 < LONGEST_LINE;
    let one_line = |character: char| if character.is_control() && character != '\t' { ' ' } else { character };
    is_in_place.then(|| line.chars().map(one_line).take(LONGEST_LINE).collect())
}

/// What was said, from what was kept of it; without what only a newer version of this program says.
pub fn restored(kept: &[RunDiagnostic]) -> Vec<Diagnostic> {
    kept.iter().filter_map(restore).collect()
}

/// What was said, from what was kept of it.
pub fn restore(kept: &RunDiagnostic) -> Option<Diagnostic> {
    Some(Diagnostic {
        code: Code::parse(kept.code.as_str())?,
        path: kept.path.clone(),
        entry: kept.entry.clone(),
        at: position(kept),
        field: kept.field.clone(),
        value: kept.value.clone(),
        detail: kept.detail.clone(),
        nearest: kept.nearest.clone(),
        expected: kept.expected.clone(),
        line: kept.excerpt.clone(),
    })
}

/// The counts of a report.
pub fn counts_of(report: &Report) -> RunCounts {
    let count = |count: usize| count as u64;
    let initiatives = report.records.get(&RecordKind::Initiative).copied().unwrap_or_default();
    let skipped = report.skipped.iter().filter_map(|(why, skipped)| Some((why.parse::<Text>().ok()?, count(*skipped))));
    RunCounts {
        files: count(report.files),
        invalid: count(report.invalid),
        skipped: skipped.collect(),
        new: count(initiatives.new),
        changed: count(initiatives.changed),
        unchanged: count(initiatives.unchanged),
        withdrawn: count(initiatives.withdrawn),
        errors: count(report.count(Severity::Error)),
        warnings: count(report.count(Severity::Warning)),
        notes: count(report.count(Severity::Note)),
    }
}

/// The report of a run of a source.
pub fn report_of(run: &ImportRun, diagnostics: &[RunDiagnostic], source: &Source) -> Report {
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let address = source.address.as_ref().map_or_else(|| source.name.to_string(), ToString::to_string);
    let mut report = Report::new(run.key.source.clone(), address);
    let RunCounts { files, invalid, skipped, new, changed, unchanged, withdrawn, errors, warnings, notes } = &run.counts;
    report.commit = run.commit.as_ref().map(ToString::to_string);
    report.files = count(*files);
    report.entries = entries(diagnostics);
    report.left_aside = left_aside(diagnostics);
    report.invalid = count(*invalid);
    let mut by_why: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (why, skipped) in skipped {
        *by_why.entry(skipped::known(why.as_str())).or_default() += count(*skipped);
    }
    report.read = report.files.saturating_sub(report.invalid + by_why.values().sum::<usize>());
    report.skipped = by_why;
    let records = RecordCounts {
        new: count(*new),
        changed: count(*changed),
        unchanged: count(*unchanged),
        withdrawn: count(*withdrawn),
        kept_withdrawn: 0,
    };
    report.records.insert(RecordKind::Initiative, records);
    report.diagnostics = restored(diagnostics);
    report.sort();
    report.omitted = count(errors + warnings + notes).saturating_sub(report.diagnostics.len());
    report.language = ReportLanguage::of(source.language.as_ref());
    report.repository = source.address.as_ref().map(ToString::to_string);
    report.read_at = Some(run.key.started_at);
    report
}

/// Whether everything that was said in a run is kept.
pub fn is_whole(counts: &RunCounts, kept: &[RunDiagnostic]) -> bool {
    let RunCounts { errors, warnings, notes, .. } = counts;
    errors + warnings + notes == kept.iter().filter(|kept| is_said(kept)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(line: &str, column: usize, value: &str) -> Diagnostic {
        let at = Position { line: 3, column };
        Diagnostic { line: Some(line.to_owned()), ..Diagnostic::new(Code::PersonalContact, "a.md") }
            .at(at)
            .field("contact")
            .value(value)
    }

    #[test]
    fn what_is_kept_holds_no_personal_data() {
        for (line, column, value, kept_value, kept_line) in [
            ("statut: fini", 9, "fini", "fini", Some("statut: fini")),
            ("contact: jean@agen.fr", 10, "jean@agen.fr", "[…]", Some("contact: […]")),
            ("contact: {a: jean@agen.fr, b: 05 53 69 47 00}", 31, "05 53 69 47 00", "[…]", None),
            ("tel: 05 53 69 47 00 # jean@agen.fr", 1, "tel", "tel", Some("tel: […] # […]")),
        ] {
            let kept = kept(&diagnostic(line, column, value)).expect("kept");
            assert_eq!((kept.value.as_deref(), kept.excerpt.as_deref()), (Some(kept_value), kept_line), "{line}");
        }
        let far = kept(&diagnostic(&format!("{}x", " ".repeat(400)), 400, "x")).expect("kept");
        assert_eq!(far.excerpt, None);
    }

    #[test]
    fn what_was_kept_says_the_same() {
        let said = Diagnostic::new(Code::InvalidValue, "a.md").field("statut").value("fini").nearest_of(["finie"]);
        let said = Diagnostic { entry: Some("Le kiosque".to_owned()), ..said };
        let again = restore(&kept(&said).expect("kept")).expect("known");
        assert_eq!(again, said);
        assert_eq!(
            crate::report::fingerprint::fingerprints(&[diagnostic("x", 1, "jean@agen.fr")]),
            crate::report::fingerprint::fingerprints(&restored(&[kept(&diagnostic("x", 1, "jean@agen.fr")).expect("kept")]))
        );
    }

    #[test]
    fn what_was_left_aside_is_kept_beside_what_was_said() {
        let mut report = Report::new("agen".parse().expect("a key"), "agen".to_owned());
        report.entries = 12;
        report.diagnostics.push(Diagnostic::new(Code::MissingTitle, "z.md"));
        let at = Position { line: 3, column: 3 };
        let entry = Some(EntrySpot { name: "Le kiosque".to_owned(), at });
        report.left_aside.add(skipped::RULE, Some("projects.skip.state".to_owned()), &Spot { path: "a.yml".to_owned(), entry });
        report.left_aside.add(skipped::NOT_SELECTED, None, &Spot::file("b.md"));
        let kept = diagnostics_of(&report);
        assert_eq!((left_aside(&kept), entries(&kept)), (report.left_aside.clone(), 12));
        assert_eq!(restored(&kept), report.diagnostics);
        assert!(is_whole(&counts_of(&report), &kept));
        // Runs that were kept before tell neither.
        let old = &kept[..1];
        assert_eq!((left_aside(old), entries(old), restored(old)), (LeftAside::default(), 0, report.diagnostics.clone()));
        assert!(is_whole(&counts_of(&report), old));
    }

    #[test]
    fn of_too_many_the_gravest_are_kept() {
        let mut report = Report::new("agen".parse().expect("a key"), "agen".to_owned());
        let note = |number: usize| Diagnostic::new(Code::FileGone, &format!("{number}.md"));
        report.diagnostics = (0..KEPT_DIAGNOSTICS + 5).map(note).collect();
        report.diagnostics.push(Diagnostic::new(Code::MissingTitle, "z.md"));
        let kept = diagnostics_of(&report);
        assert_eq!((kept.len(), kept[0].path.as_str(), kept[1].path.as_str()), (KEPT_DIAGNOSTICS, "z.md", "0.md"));
        assert!(!is_whole(&counts_of(&report), &kept));
    }
}
