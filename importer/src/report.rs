//! What an import found, for people and as JSON.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use maillage_graph_schema::model::{RecordKind, SourceKey};
use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, ReportLanguage, Severity};

/// How many records of a kind became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordCounts {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub withdrawn: usize,
    /// Left alone because a person withdrew them.
    pub kept_withdrawn: usize,
}

/// What an import of a source found and would do, or did.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub source: SourceKey,
    /// What was read.
    pub address: String,
    pub commit: Option<String>,
    /// Whether the source is as the last import left it; then it was not read, and the counts are those of that import.
    pub unchanged: bool,
    /// Files in the source.
    pub files: usize,
    /// Files that gave a record.
    pub read: usize,
    /// Files that ought to give one and cannot.
    pub invalid: usize,
    /// Files that no collection asks for, by why.
    pub skipped: BTreeMap<&'static str, usize>,
    pub records: BTreeMap<RecordKind, RecordCounts>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Nothing found so far.
    pub fn new(source: SourceKey, address: String) -> Self {
        Self {
            source,
            address,
            commit: None,
            unchanged: false,
            files: 0,
            read: 0,
            invalid: 0,
            skipped: BTreeMap::new(),
            records: BTreeMap::new(),
            diagnostics: Vec::new(),
        }
    }

    /// How many diagnostics are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count()
    }

    /// How many diagnostics there are of each code.
    pub fn counts_by_code(&self) -> BTreeMap<Code, usize> {
        let mut counts = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            *counts.entry(diagnostic.code).or_default() += 1;
        }
        counts
    }

    /// The counts of all kinds of record together.
    pub fn totals(&self) -> RecordCounts {
        self.records.values().fold(RecordCounts::default(), |sum, counts| RecordCounts {
            new: sum.new + counts.new,
            changed: sum.changed + counts.changed,
            unchanged: sum.unchanged + counts.unchanged,
            withdrawn: sum.withdrawn + counts.withdrawn,
            kept_withdrawn: sum.kept_withdrawn + counts.kept_withdrawn,
        })
    }

    /// Puts diagnostics in the order of the files.
    pub(crate) fn sort(&mut self) {
        self.diagnostics.sort_by(|one, other| {
            (&one.path, one.at, one.code, &one.value).cmp(&(&other.path, other.at, other.code, &other.value))
        });
    }

    /// The report as text, in a language.
    pub fn text(&self, language: ReportLanguage) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, language);
        text
    }

    fn write(&self, out: &mut dyn fmt::Write, language: ReportLanguage) -> fmt::Result {
        for (diagnostic, others) in self.without_repeats() {
            write_diagnostic(out, diagnostic, language)?;
            match (others, language) {
                (0, _) => {}
                (_, ReportLanguage::French) => writeln!(out, "  … et {others} fois ailleurs")?,
                (_, ReportLanguage::English) => writeln!(out, "  … and {others} times elsewhere")?,
            }
            writeln!(out)?;
        }
        self.write_notes(out, language)?;
        self.write_counts(out, language)
    }

    /// Errors and warnings, the first of those that say the same, and how many others there are.
    fn without_repeats(&self) -> Vec<(&Diagnostic, usize)> {
        let mut firsts: Vec<(&Diagnostic, usize)> = Vec::new();
        let mut index: HashMap<(Code, &str, &str), usize> = HashMap::new();
        for diagnostic in self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() != Severity::Note) {
            let (Some(field), Some(value)) = (&diagnostic.field, &diagnostic.value) else {
                firsts.push((diagnostic, 0));
                continue;
            };
            if let Some(first) = index.get(&(diagnostic.code, field.as_str(), value.as_str())) {
                firsts[*first].1 += 1;
            } else {
                index.insert((diagnostic.code, field, value), firsts.len());
                firsts.push((diagnostic, 0));
            }
        }
        firsts
    }

    /// Notes, one line each; those of files are only counted, by code.
    fn write_notes(&self, out: &mut dyn fmt::Write, language: ReportLanguage) -> fmt::Result {
        let notes = || self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == Severity::Note);
        let mut by_code: BTreeMap<Code, Vec<&Diagnostic>> = BTreeMap::new();
        notes().for_each(|note| by_code.entry(note.code).or_default().push(note));
        for (code, notes) in &by_code {
            writeln!(out, "notes: {} [{}]", notes.len(), code.as_str())?;
            for note in notes.iter().take(8) {
                let place = if note.path.is_empty() { String::new() } else { format!("{}: ", note.path) };
                writeln!(out, "  {place}{}", note.message(language))?;
            }
            if notes.len() > 8 {
                writeln!(out, "  …")?;
            }
        }
        if !by_code.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_counts(&self, out: &mut dyn fmt::Write, language: ReportLanguage) -> fmt::Result {
        let french = language == ReportLanguage::French;
        write!(out, "{} ({})", self.source, self.address)?;
        if let Some(commit) = &self.commit {
            write!(out, " @ {}", commit.get(..12).unwrap_or(commit))?;
        }
        writeln!(out)?;
        match (self.unchanged, french) {
            (true, true) => writeln!(out, "  inchangée depuis le dernier import, donc pas relue")?,
            (true, false) => writeln!(out, "  unchanged since the last import, so not read again")?,
            (false, _) => {}
        }
        let skipped: usize = self.skipped.values().sum();
        if french {
            writeln!(
                out,
                "  {} fichiers : {} lus, {} invalides, {skipped} laissés de côté",
                self.files, self.read, self.invalid
            )?;
        } else {
            writeln!(out, "  {} files: {} read, {} invalid, {skipped} left aside", self.files, self.read, self.invalid)?;
        }
        for (why, count) in &self.skipped {
            writeln!(out, "    {count} × {}", skip_reason(why, language))?;
        }
        for (kind, counts) in &self.records {
            let RecordCounts { new, changed, unchanged, withdrawn, .. } = counts;
            let kind = format!("{kind}:");
            if french {
                writeln!(out, "  {kind:14} {new} nouveaux, {changed} modifiés, {unchanged} inchangés, {withdrawn} retirés")?;
            } else {
                writeln!(out, "  {kind:14} {new} new, {changed} changed, {unchanged} unchanged, {withdrawn} withdrawn")?;
            }
        }
        let [errors, warnings] = [Severity::Error, Severity::Warning].map(|severity| self.count(severity));
        if french {
            writeln!(out, "  {errors} erreurs, {warnings} avertissements")
        } else {
            writeln!(out, "  {errors} errors, {warnings} warnings")
        }
    }

    /// The report as JSON, with messages in both languages.
    pub fn json(&self) -> Value {
        let records: BTreeMap<&str, Value> = self
            .records
            .iter()
            .map(|(kind, counts)| {
                let counts = json!({
                    "new": counts.new, "changed": counts.changed, "unchanged": counts.unchanged,
                    "withdrawn": counts.withdrawn, "keptWithdrawn": counts.kept_withdrawn,
                });
                (kind.as_str(), counts)
            })
            .collect();
        json!({
            "source": self.source.as_str(),
            "address": self.address,
            "commit": self.commit,
            "unchanged": self.unchanged,
            "files": { "seen": self.files, "read": self.read, "invalid": self.invalid, "skipped": self.skipped },
            "records": records,
            "diagnostics": self.diagnostics.iter().map(diagnostic_json).collect::<Vec<_>>(),
        })
    }
}

/// The report in English.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(formatter, ReportLanguage::English)
    }
}

fn diagnostic_json(diagnostic: &Diagnostic) -> Value {
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.severity(),
        "path": diagnostic.path,
        "line": diagnostic.at.map(|at| at.line),
        "column": diagnostic.at.map(|at| at.column),
        "field": diagnostic.field,
        "value": diagnostic.value,
        "nearest": diagnostic.nearest,
        "message": {
            "fr": diagnostic.message(ReportLanguage::French),
            "en": diagnostic.message(ReportLanguage::English),
        },
        "hint": {
            "fr": diagnostic.hint(ReportLanguage::French),
            "en": diagnostic.hint(ReportLanguage::English),
        },
    })
}

/// One diagnostic, with its line and the place underlined.
fn write_diagnostic(out: &mut dyn fmt::Write, diagnostic: &Diagnostic, language: ReportLanguage) -> fmt::Result {
    let word = match (diagnostic.severity(), language) {
        (Severity::Error, ReportLanguage::French) => "erreur",
        (Severity::Error, ReportLanguage::English) => "error",
        (Severity::Warning, ReportLanguage::French) => "avertissement",
        (Severity::Warning, ReportLanguage::English) => "warning",
        (Severity::Note, _) => "note",
    };
    writeln!(out, "{word}[{}]: {}", diagnostic.code.as_str(), diagnostic.message(language))?;
    write!(out, "  --> {}", if diagnostic.path.is_empty() { "." } else { &diagnostic.path })?;
    if let Some(at) = diagnostic.at {
        writeln!(out, ":{}:{}", at.line, at.column)?;
        if let Some(line) = &diagnostic.line {
            let number = at.line.to_string();
            let gutter = " ".repeat(number.len());
            let before: String = line
                .chars()
                .take(at.column.saturating_sub(1))
                .map(|character| if character == '\t' { '\t' } else { ' ' })
                .collect();
            let rest = line.chars().count().saturating_sub(at.column.saturating_sub(1));
            let width = diagnostic.value.as_ref().map_or(1, |value| value.chars().count()).clamp(1, rest.max(1));
            writeln!(out, "   {number} | {}", line.trim_end())?;
            writeln!(out, "   {gutter} | {before}{}", "^".repeat(width))?;
        }
    } else {
        writeln!(out)?;
    }
    if let Some(hint) = diagnostic.hint(language) {
        let word = if language == ReportLanguage::French { "conseil" } else { "hint" };
        writeln!(out, "  {word}: {hint}")?;
    }
    Ok(())
}

/// Why files were left aside. The keys are those of [`Report::skipped`].
pub(crate) mod skipped {
    pub const NOT_SELECTED: &str = "not-selected";
    pub const SYMBOLIC_LINK: &str = "symbolic-link";
    pub const SUBMODULE: &str = "submodule";
    pub const ODD_NAME: &str = "odd-name";
    pub const TOO_DEEP: &str = "too-deep";
    pub const EMPTY: &str = "empty";
    pub const LIST_PAGE: &str = "list-page";
    pub const DRAFT: &str = "draft";
    pub const CONDITION: &str = "condition";
    pub const RULE: &str = "skip-rule";
    pub const NO_RECORD: &str = "makes-no-record";
}

fn skip_reason(why: &str, language: ReportLanguage) -> &str {
    let french = language == ReportLanguage::French;
    match why {
        skipped::NOT_SELECTED if french => "demandé par aucune collection",
        skipped::NOT_SELECTED => "asked for by no collection",
        skipped::SYMBOLIC_LINK if french => "lien symbolique",
        skipped::SYMBOLIC_LINK => "symbolic link",
        skipped::SUBMODULE if french => "sous-module d'un autre dépôt",
        skipped::SUBMODULE => "submodule, part of another repository",
        skipped::ODD_NAME if french => "nom qu'un autre système ne pourrait pas écrire",
        skipped::ODD_NAME => "name that another system could not write",
        skipped::TOO_DEEP if french => "trop de dossiers les uns dans les autres",
        skipped::TOO_DEEP => "too many folders in one another",
        skipped::EMPTY if french => "vide",
        skipped::EMPTY => "empty",
        skipped::LIST_PAGE if french => "page de liste",
        skipped::LIST_PAGE => "list page",
        skipped::DRAFT if french => "brouillon",
        skipped::DRAFT => "draft",
        skipped::CONDITION if french => "ne remplit la condition d'aucune collection",
        skipped::CONDITION => "meets the condition of no collection",
        skipped::RULE if french => "laissé de côté par une règle de la correspondance",
        skipped::RULE => "left out by a rule of the mapping",
        skipped::NO_RECORD if french => "lu, mais ne donne pas de fiche",
        skipped::NO_RECORD => "read, but makes no record",
        other => other,
    }
}
