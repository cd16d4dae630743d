//! `maillage check`: the same diagnostics, without a graph.

use std::path::Path;

use maillage_importer::diagnostic::Severity;
use maillage_importer::{Silent, check};

use crate::content;

#[tokio::test]
async fn the_case_studies_of_this_repository_have_nothing_to_report() {
    let report = check(&content().join("case-studies"), &content(), None, None, &Silent).await.expect("a report");
    assert_eq!(report.count(Severity::Error) + report.count(Severity::Warning), 0, "{report}");
    assert!(report.read >= 16 && report.read == report.files, "{report}");
}

#[tokio::test]
async fn a_report_serves_people_and_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "---\nid: kiosque\ntitle: Un kiosque\nlang: fr\ntopics: [tiers-lieu, kiosque, fablabb]\ntowns:\n  - {code: \"47001\", name: Roubaix}\n  - {name: Agen}\n---\nTexte.\n";
    std::fs::write(folder.path().join("kiosque.md"), text).expect("a file");
    let report = check(folder.path(), &content(), None, None, &Silent).await.expect("a report");
    let json = report.json();
    let diagnostics = json["diagnostics"].as_array().expect("a list");
    let told: Vec<(&str, u64, &str)> = diagnostics
        .iter()
        .map(|diagnostic| {
            let field = |name: &str| diagnostic[name].as_str().unwrap_or_default();
            (field("code"), diagnostic["line"].as_u64().unwrap_or_default(), field("nearest"))
        })
        .collect();
    assert_eq!(told, [("unknown-topic", 5, "fablab"), ("town-name-differs", 7, "")], "{report}");
    assert_eq!(diagnostics[0]["message"]["fr"], "le thème « fablabb » n'est pas dans le vocabulaire");
    assert_eq!(json["files"]["read"], 1);
    let shown = report.to_string();
    assert!(shown.contains("  hint: did you mean \"fablab\"?"), "{shown}");
    let nowhere = check(Path::new("/nowhere"), &content(), None, None, &Silent).await;
    assert!(nowhere.expect_err("no report").to_string().contains("/nowhere"));
}
