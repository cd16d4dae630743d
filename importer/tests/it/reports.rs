//! The forms of a report, word for word.

use std::collections::BTreeSet;
use std::path::Path;

use maillage_importer::Report;
use maillage_importer::diagnostic::{Code, Diagnostic, ReportLanguage, Severity};
use maillage_importer::report::since::Since;
use serde_json::Value;

use crate::fixtures::Bench;

/// A folder in which much is wrong, as it is read after two things were fixed and one was broken.
async fn report() -> Report {
    let mut bench = Bench::new().await;
    bench.source.url = Some("https://github.com/agen/recits.git".to_owned());
    bench.write("kiosque.md", "---\ntitle: Un kiosque\nlang: fr\nstatus: runing\ntowns: [{name: Agenn}]\n---\nTexte.\n");
    bench.write("fablab.md", "---\ntitel: Un fablab\nlang: fr\n---\nTexte.\n");
    bench.write("ancien.md", "---\ntitle: x\nlang: fr\ntowns: [{name: Œuilly}]\ntopics: [fablabb]\n---\n");
    bench.import().await;
    let before = bench.plan().await.report.diagnostics;

    let story = "Un récit assez long pour être lu. ".repeat(12);
    bench.write(
        "kiosque.md",
        format!("---\ntitle: Un kiosque\nlang: fr\nstatus: runing\ntopics: [fablabb]\n---\n{story}\n\n## Résultats\n\nBeaucoup de monde. Écrivez à jean@agen.fr.\n"),
    );
    let long = "x".repeat(150);
    bench.write(
        "long.md",
        format!("---\ntitle: Une longue ligne\nlang: fr\ncosts: [{{kind: {long}, amount: \"beaucoup\"}}]\n---\n"),
    );
    bench.write("<b>@jean</b> `.md", "---\ntitle: Un nom de fichier\nlang: fr\ntopics: [\"`@jean` #1 <script>\"]\n---\n");
    bench.write("latin1.md", b"---\ntitle: \xe9t\xe9\n---\n");
    bench.write("ancien.md", "---\ntitle: x\nlang: fr\n---\n");
    bench.write("image.png", "");
    bench.write("chiffres.csv", "ville,places\n");
    for name in ["README.md", "index.md", "<i>@jean/security.md", "a/readme.md", "b/readme.md", "c/readme.md"] {
        bench.write(name, "Une page.\n");
    }
    bench.write("vide.md", "");
    let mut report = bench.plan().await.report;
    "https://github.com/agen/recits".clone_into(&mut report.address);
    report.commit = Some("0123456789abcdef0123456789abcdef01234567".to_owned());
    report.since = Some(Since::between(&before, &report.diagnostics));
    report
}

/// Compares with a file beside this one. A change that is meant is copied over it from where the message says.
#[track_caller]
fn golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/reports").join(name);
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if actual != expected {
        let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&beside, actual).expect("a file");
        let place = actual.lines().zip(expected.lines()).position(|(one, other)| one != other);
        panic!(
            "{name} differs from line {:?} on: see {} and, if it is right, copy it to {}",
            place,
            beside.display(),
            path.display()
        );
    }
}

#[tokio::test]
async fn each_form_in_each_language_is_as_it_was_read_and_found_good() {
    let report = report().await;
    golden("terminal.fr.txt", &report.text(ReportLanguage::French, false));
    golden("terminal.en.txt", &report.text(ReportLanguage::English, false));
    golden("issue.fr.md", &report.markdown(ReportLanguage::French));
    golden("issue.en.md", &report.markdown(ReportLanguage::English));
    golden("report.sarif", &format!("{:#}\n", report.sarif(ReportLanguage::French)));
    golden("report.json", &format!("{:#}\n", report.json()));
}

#[tokio::test]
async fn files_that_were_left_aside_are_named_with_the_rule_that_left_them() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.cases]
        makes = "initiatives"
        files = ["cases/*.md"]
        where = { type = "case" }
        skip = [{ state = "gone" }, { "{body}" = "*lorem*", state = "" }]
        key = "l-{file_stem}"
        fields = { title = "title" }
    "#;
    let files = [
        ("cases/a.md", "---\ntitle: A\ntype: case\n---\nText.\n"),
        ("cases/b.md", "---\ntitle: B\ntype: news\n---\nText.\n"),
        ("cases/c.md", "---\ntitle: C\ntype: case\nstate: gone\n---\nText.\n"),
        ("cases/d.md", "---\ntitle: D\ntype: case\n---\nLorem ipsum.\n"),
        ("data/towns.YML", "a: 1\n"),
        ("logo.png", ""),
    ];
    let mut bench = Bench::with(MAPPING, &files).await;
    for number in 0..30 {
        bench.write(&format!("pages/{number:02}.md"), "Text.\n");
    }
    let (plan, _) = bench.import().await;
    let json = plan.report.json();
    let left_aside = &json["files"]["leftAside"];
    assert_eq!(left_aside["condition"], Value::from(vec!["cases/b.md"]));
    assert_eq!(left_aside["skip-rule"], Value::from(vec!["cases/c.md", "cases/d.md"]));
    let pages = left_aside["not-selected"].as_array().expect("paths");
    assert_eq!((pages.len(), &pages[0], &pages[30]), (31, &Value::from("pages/00.md"), &Value::from("data/towns.YML")));
    let text = plan.report.text(ReportLanguage::English, false);
    for line in [
        "    1 × meets the condition of no collection: cases/b.md (cases.where.type)\n",
        "    2 × left out by a rule of the mapping: cases/c.md (cases.skip.state), cases/d.md (cases.skip.state + \"{body}\")\n",
        "pages/04.md, … (+27)\n",
        "    --format json names the others (pictures and programs apart)\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}

#[tokio::test]
async fn colours_add_nothing_but_colours() {
    let report = report().await;
    let coloured = report.text(ReportLanguage::French, true);
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    for (index, part) in coloured.split('\u{1b}').enumerate() {
        plain.push_str(if index == 0 { part } else { part.split_once('m').expect("the end of a colour").1 });
    }
    assert_eq!(plain, report.text(ReportLanguage::French, false));
}

/// What the specification of SARIF 2.1.0 asks for, as far as we use it.
#[tokio::test]
async fn sarif_has_what_its_specification_asks_for() {
    let sarif = report().await.sarif(ReportLanguage::English);
    assert_eq!((&sarif["version"], sarif["runs"].as_array().map(Vec::len)), (&Value::from("2.1.0"), Some(1)));
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(run["tool"]["driver"]["name"], "Maillage");
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 5);
    let mut prints = BTreeSet::new();
    for result in results {
        let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
        assert!(text(&result["message"]["text"]), "{result:#}");
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(text(&rule["shortDescription"]["text"]), "{rule:#}");
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let print = result["partialFingerprints"]["maillage/v1"].as_str().expect("a fingerprint");
        assert!(prints.insert(print), "{print} twice");
        for location in result["locations"].as_array().into_iter().flatten() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a uri");
            assert!(!uri.starts_with('/') && !uri.contains([' ', '<', '>', '"', '`']), "{uri}");
            if let Some(region) = place.get("region") {
                assert!(region["startLine"].as_u64() >= Some(1) && region["startColumn"].as_u64() >= Some(1), "{region}");
            }
        }
    }
}

#[tokio::test]
async fn an_issue_is_never_longer_than_a_forge_takes() {
    let bench = Bench::new().await;
    for number in 0..60 {
        let fields: Vec<String> = (0..12).map(|field| format!("{}-{number}-{field}: x\n", "champ".repeat(20))).collect();
        let fields = fields.concat();
        bench.write(
            &format!("{}/{number}.md", "dossier".repeat(20)),
            format!("---\ntitle: x\nlang: fr\nstatus: x{number}\n{fields}---\n"),
        );
    }
    let report = bench.plan().await.report;
    let issue = report.markdown(ReportLanguage::French);
    assert!(issue.len() < 65_536 && issue.starts_with("<!-- maillage:report:agen -->\n"), "{}", issue.len());
    assert_eq!(issue.matches("<details>").count(), issue.matches("</details>").count());
}

#[tokio::test]
async fn an_issue_tells_what_all_records_lack_once() {
    let bench = Bench::new().await;
    for number in 0..3 {
        let start = if number == 0 { "start: 2019\n" } else { "" };
        let fields = "lang: fr\nsummary: Des livres.\nstatus: running\nlicense: CC-BY-4.0\ntopics: [wifi-public]\n";
        bench.write(&format!("{number}.md"), format!("---\ntitle: Un titre {number}\n{fields}{start}---\nTexte.\n"));
    }
    let report = bench.plan().await.report;
    for (language, line, is_not_said) in [
        (ReportLanguage::English, "All 3 records lack: the place, who runs it. If the files say it, ", "Nothing to fix"),
        (ReportLanguage::French, "Il manque à chacune des 3 fiches : le lieu, qui porte l'action. Si ", "Rien à corriger"),
    ] {
        let issue = report.markdown(language);
        assert_eq!(issue.matches(line).count(), 1, "{issue}");
        assert!(!issue.contains(is_not_said), "{issue}");
    }
}

#[tokio::test]
async fn an_issue_tells_which_warnings_stand_apart() {
    let mut report = report().await;
    let warnings = report.count(Severity::Warning);
    assert!(report.markdown(ReportLanguage::English).contains(&format!("{warnings} warnings.")));
    report.diagnostics.push(Diagnostic::new(Code::UnmappedValue, "a.md").field("status").value("public"));
    let total = warnings + 1;
    for (language, expected) in [
        (ReportLanguage::French, format!("{total} avertissements (dont 1 pour la correspondance).")),
        (ReportLanguage::English, format!("{total} warnings (of which 1 for the mapping).")),
    ] {
        let issue = report.markdown(language);
        assert!(issue.contains(&expected), "{issue}");
    }
}
