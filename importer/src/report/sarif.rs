//! The report as SARIF 2.1.0 (OASIS), which forges show beside the lines that it speaks of.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, ReportLanguage, Severity};

use super::Report;
use super::fingerprint::fingerprints;
use super::words::pick;

/// Where the schema of the format is.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name of what a path is relative to: the root of the repository.
const ROOT: &str = "%SRCROOT%";

pub(super) fn write(report: &Report, language: ReportLanguage) -> Value {
    let codes: Vec<Code> =
        report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<BTreeSet<_>>().into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code, language)).collect();
    let results: Vec<Value> = report
        .diagnostics
        .iter()
        .zip(fingerprints(&report.diagnostics))
        .map(|(diagnostic, fingerprint)| result(diagnostic, &fingerprint, &codes, language))
        .collect();
    let mut run = Map::new();
    run.insert(
        "tool".to_owned(),
        json!({ "driver": {
            "name": "Maillage",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "informationUri": env!("CARGO_PKG_REPOSITORY"),
            "language": pick(language, "fr", "en"),
            "rules": rules,
        }}),
    );
    run.insert("language".to_owned(), pick(language, "fr", "en").into());
    run.insert("automationDetails".to_owned(), json!({ "id": format!("maillage/{}/", report.source) }));
    run.insert("columnKind".to_owned(), "unicodeCodePoints".into());
    run.insert(
        "originalUriBaseIds".to_owned(),
        json!({ ROOT: { "description": { "text": pick(language, "La racine du dépôt.", "The root of the repository.") } } }),
    );
    let repository = report.repository.as_deref().filter(|address| address.starts_with("http"));
    if let (Some(repository), Some(commit)) = (repository, &report.commit) {
        let provenance = json!([{ "repositoryUri": repository, "revisionId": commit }]);
        run.insert("versionControlProvenance".to_owned(), provenance);
    }
    run.insert("results".to_owned(), results.into());
    json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] })
}

fn rule(code: Code, language: ReportLanguage) -> Value {
    let mut rule = Map::new();
    rule.insert("id".to_owned(), code.as_str().into());
    rule.insert("shortDescription".to_owned(), json!({ "text": code.title(language) }));
    if let Some(remedy) = code.remedy(language) {
        rule.insert("help".to_owned(), json!({ "text": remedy }));
    }
    rule.insert("defaultConfiguration".to_owned(), json!({ "level": level(code.severity()) }));
    rule.into()
}

fn result(diagnostic: &Diagnostic, fingerprint: &str, codes: &[Code], language: ReportLanguage) -> Value {
    let message = diagnostic.message(language);
    let text = match diagnostic.hint(language) {
        Some(hint) => format!("{message}\n{hint}"),
        None => message,
    };
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), diagnostic.code.as_str().into());
    result.insert("ruleIndex".to_owned(), codes.binary_search(&diagnostic.code).unwrap_or_default().into());
    result.insert("level".to_owned(), level(diagnostic.severity()).into());
    result.insert("message".to_owned(), json!({ "text": text }));
    result.insert("partialFingerprints".to_owned(), json!({ "maillage/v1": fingerprint }));
    // What is said of the source as a whole has no place.
    if !diagnostic.path.is_empty() {
        let mut place = Map::new();
        place.insert("artifactLocation".to_owned(), json!({ "uri": address(&diagnostic.path), "uriBaseId": ROOT }));
        if let Some(at) = diagnostic.at {
            let mut region = Map::new();
            region.insert("startLine".to_owned(), at.line.max(1).into());
            region.insert("startColumn".to_owned(), at.column.max(1).into());
            if let Some(line) = &diagnostic.line {
                region.insert("snippet".to_owned(), json!({ "text": line }));
            }
            place.insert("region".to_owned(), region.into());
        }
        let mut location = Map::new();
        location.insert("physicalLocation".to_owned(), place.into());
        if let Some(entry) = &diagnostic.entry {
            location.insert("logicalLocations".to_owned(), json!([{ "name": entry }]));
        }
        result.insert("locations".to_owned(), json!([location]));
    }
    result.into()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a relative reference (RFC 3986).
fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        for (path, expected) in
            [("a/b.md", "a/b.md"), ("d é/a b:#?.md", "d%20%C3%A9/a%20b%3A%23%3F.md"), ("100%.md", "100%25.md")]
        {
            assert_eq!(address(path), expected);
        }
    }
}
