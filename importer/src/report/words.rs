//! The words of reports, in French and English.

use crate::diagnostic::{ReportLanguage, Severity};

/// Gives the one that is of the language.
pub(super) const fn pick<'a>(language: ReportLanguage, french: &'a str, english: &'a str) -> &'a str {
    match language {
        ReportLanguage::French => french,
        ReportLanguage::English => english,
    }
}

/// A number with its noun: `1 erreur`, `2 erreurs`. In French none is singular, too.
pub(super) fn counted(
    language: ReportLanguage,
    count: usize,
    (french, french_many): (&str, &str),
    (english, english_many): (&str, &str),
) -> String {
    let noun = match language {
        ReportLanguage::French if count < 2 => french,
        ReportLanguage::French => french_many,
        ReportLanguage::English if count == 1 => english,
        ReportLanguage::English => english_many,
    };
    format!("{count} {noun}")
}

pub(super) fn errors(language: ReportLanguage, count: usize) -> String {
    counted(language, count, ("erreur", "erreurs"), ("error", "errors"))
}

pub(super) fn warnings(language: ReportLanguage, count: usize) -> String {
    counted(language, count, ("avertissement", "avertissements"), ("warning", "warnings"))
}

pub(super) fn files(language: ReportLanguage, count: usize) -> String {
    counted(language, count, ("fichier", "fichiers"), ("file", "files"))
}

/// How many files were seen, and how many entries of lists, which are counted among them.
pub(super) fn files_and_entries(language: ReportLanguage, count: usize, entries: usize) -> String {
    let entries_said =
        counted(language, entries, ("entrée de liste", "entrées de listes"), ("entry of a list", "entries of lists"));
    match count - entries.min(count) {
        count if entries == 0 => files(language, count),
        0 => entries_said,
        count => {
            let others = counted(language, count, ("autre fichier", "autres fichiers"), ("other file", "other files"));
            format!("{entries_said} {} {others}", pick(language, "et", "and"))
        }
    }
}

pub(super) fn times(language: ReportLanguage, count: usize) -> String {
    counted(language, count, ("fois", "fois"), ("time", "times"))
}

/// The name of a severity.
pub(super) const fn severity(severity: Severity, language: ReportLanguage) -> &'static str {
    match (severity, language) {
        (Severity::Error, ReportLanguage::French) => "erreur",
        (Severity::Error, ReportLanguage::English) => "error",
        (Severity::Warning, ReportLanguage::French) => "avertissement",
        (Severity::Warning, ReportLanguage::English) => "warning",
        (Severity::Note, _) => "note",
    }
}

/// What stands before a hint.
pub(super) const fn hint(language: ReportLanguage) -> &'static str {
    pick(language, "conseil", "hint")
}

/// What becomes of a file or field about which something of this severity is said.
pub(super) const fn consequence(severity: Severity, language: ReportLanguage) -> &'static str {
    match severity {
        Severity::Error => pick(
            language,
            "le fichier n'est pas repris ; s'il l'a déjà été, sa dernière version valide reste en ligne",
            "the file is not taken up; if it was before, its last valid version stays online",
        ),
        Severity::Warning => pick(
            language,
            "le fichier est repris, sans ce qui n'a pas été compris",
            "the file is taken up, without what could not be understood",
        ),
        Severity::Note => pick(language, "rien ne se perd", "nothing is lost"),
    }
}

/// The kinds of record.
pub(super) fn kind(kind: maillage_graph_schema::model::RecordKind, language: ReportLanguage) -> &'static str {
    use maillage_graph_schema::model::RecordKind;
    match kind {
        RecordKind::CaseStudy => pick(language, "récits", "case studies"),
        RecordKind::Initiative => "initiatives",
        RecordKind::Organisation => "organisations",
        _ => kind.as_str(),
    }
}
