//! The report as JSON, with messages in both languages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, ReportLanguage, Severity};

use super::Report;
use super::completeness::Completeness;
use super::fingerprint::fingerprints;

pub(super) fn write(report: &Report) -> Value {
    let records: BTreeMap<&str, Value> = report
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
    let left_aside: BTreeMap<&str, Vec<&str>> =
        report.skipped.keys().map(|why| (*why, report.left_aside.of(why).collect())).collect();
    let prints = fingerprints(&report.diagnostics);
    let since = report.since.as_ref().map(|since| {
        let mut new: Vec<&String> = since.new.iter().collect();
        new.sort();
        let old = fingerprints(&since.fixed);
        let fixed: Vec<Value> = since.fixed.iter().zip(&old).map(|(fixed, print)| diagnostic(fixed, print)).collect();
        json!({ "new": new, "fixed": fixed })
    });
    // Reports that were kept did not tell how many there were, once.
    let entries = (report.entries > 0).then_some(report.entries);
    json!({
        "source": report.source.as_str(),
        "address": report.address,
        "commit": report.commit,
        "unchanged": report.unchanged,
        "readAt": report.read_at.map(|moment| moment.to_string()),
        "files": {
            "seen": report.files, "entries": entries, "read": report.read, "invalid": report.invalid, "skipped": report.skipped, "leftAside": left_aside,
            "leftOutBy": report.left_aside.rules(),
        },
        "records": records,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "omitted": report.omitted,
        "diagnostics": report.diagnostics.iter().zip(&prints).map(|(one, print)| diagnostic(one, print)).collect::<Vec<_>>(),
        "since": since,
        "completeness": report.completeness.iter().map(completeness).collect::<Vec<_>>(),
    })
}

fn diagnostic(diagnostic: &Diagnostic, fingerprint: &str) -> Value {
    json!({
        "code": diagnostic.code.as_str(),
        "severity": diagnostic.severity().as_str(),
        "path": diagnostic.path,
        "entry": diagnostic.entry,
        "line": diagnostic.at.map(|at| at.line),
        "column": diagnostic.at.map(|at| at.column),
        "field": diagnostic.field,
        "value": diagnostic.value,
        "nearest": diagnostic.nearest,
        "text": diagnostic.line,
        "message": {
            "fr": diagnostic.message(ReportLanguage::French),
            "en": diagnostic.message(ReportLanguage::English),
        },
        "hint": {
            "fr": diagnostic.hint(ReportLanguage::French),
            "en": diagnostic.hint(ReportLanguage::English),
        },
        "fingerprint": fingerprint,
    })
}

fn completeness(record: &Completeness) -> Value {
    let missing: Vec<&str> = record.missing.iter().map(|missing| missing.as_str()).collect();
    json!({ "key": record.key, "title": record.title, "path": record.path, "missing": missing })
}
