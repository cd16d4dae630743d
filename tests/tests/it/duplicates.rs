//! Two sources tell of the same: found, merged, kept through further imports, and taken back, by command, on both stores.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::running::{Maillage, empty_neo4j, neo4j_address, take_neo4j};
use crate::service::small_content;

const OURS: &str = "agen-connexion-bibliotheque";
const THEIRS: &str = "voisins-bibliotheque";

fn file(id: &str, title: &str, town: &str, lang: &str, rest: &str) -> String {
    format!(
        "---\nschema_version: 1\nid: {id}\ntitle: \"{title}\"\nlang: {lang}\ntowns: [{{scheme: insee, code: \"{town}\"}}]\n{rest}---\n## Solution\n\nLa connexion à l'heure.\n"
    )
}

fn german(text: &str) -> String {
    format!(
        "---\nschema_version: 1\ntitle: Netz in der Bibliothek\nlang: de\ntranslation_of: {THEIRS}\n---\n## Lösung\n\n{text}\n"
    )
}

/// Content with a second source, which tells of Agen's library and of something like it in Roubaix.
fn two_sources(folder: &Path) -> std::path::PathBuf {
    let content = small_content(folder);
    let files = content.join("voisins");
    fs::create_dir(&files).expect("a folder");
    let title = "Connexion à la bibliothèque d'Agen, à l'heure";
    fs::write(files.join("bibliotheque.md"), file(THEIRS, title, "47001", "fr", "")).expect("a file");
    fs::write(files.join("bibliotheque.de.md"), german("Eine Stunde im Netz.")).expect("a file");
    let elsewhere = file("voisins-roubaix", "Connexion à la bibliothèque de Roubaix, à l'heure", "59512", "fr", "");
    fs::write(files.join("roubaix.md"), elsewhere).expect("a file");
    // The neighbours have a case study under an id of ours.
    let claim = file("dijon-donnees-ouvertes-capteurs", "Dijon", "21231", "fr", "");
    fs::write(files.join("dijon.md"), claim).expect("a file");
    let list = content.join("sources.toml");
    let row =
        "\n[[source]]\nkey = \"voisins\"\nname = \"Voisins\"\nkind = \"directory\"\npath = \"voisins\"\nlanguage = \"fr\"\n";
    fs::write(&list, fs::read_to_string(&list).expect("a list") + row).expect("a list");
    content
}

fn pairs(maillage: &Maillage) -> Vec<(String, String)> {
    let listed = maillage.run(&["duplicates", "list", "--format", "json"]).succeeds();
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let key = |pair: &Value, side: &str| pair[side]["key"].as_str().expect("a key").to_owned();
    listed.as_array().expect("a list").iter().map(|pair| (key(pair, "one"), key(pair, "other"))).collect()
}

/// What a reader sees under a key: whose it is, where it was read, and the languages that tell of it with their text.
fn seen(maillage: &Maillage, key: &str) -> Value {
    let service = maillage.serve();
    let query = "query($key: String!) { initiative(key: $key) { key origins { source { key } }
        caseStudies { lang sections { html } } } }";
    let answer = service.ask(query, &json!({ "key": key }))["data"]["initiative"].clone();
    service.stop();
    let origins: Vec<&Value> =
        answer["origins"].as_array().expect("origins").iter().map(|origin| &origin["source"]["key"]).collect();
    let told: serde_json::Map<String, Value> = answer["caseStudies"]
        .as_array()
        .expect("tellings")
        .iter()
        .map(|telling| (telling["lang"].as_str().expect("a language").to_owned(), telling["sections"][0]["html"].clone()))
        .collect();
    json!({ "key": answer["key"], "origins": origins, "told": told.keys().collect::<Vec<_>>(), "german": told.get("de") })
}

fn decided_and_kept(maillage: &Maillage, content: &Path) {
    let import = |source: &str| maillage.run(&["import", source, "--again"]).succeeds();
    import("maillage");
    let claimed = maillage.run(&["import", "voisins", "--again"]);
    assert!(claimed.output().contains("appartient à la source maillage"), "{}", claimed.output());

    // Both are shown the conflict: whose id it is, and who else gives it.
    let report = import("maillage");
    assert!(report.output().contains("voisins") && report.output().contains("claimed-elsewhere"), "{}", report.output());
    let report = maillage.run(&["report", "maillage"]).succeeds();
    assert!(report.output().contains("claimed-elsewhere"), "{}", report.output());

    assert_eq!(pairs(maillage), [(OURS.to_owned(), THEIRS.to_owned())]);
    let shown = maillage.run(&["duplicates", "list", "--lang", "fr"]).succeeds();
    assert!(shown.output().contains("même commune insee:47001"), "{}", shown.output());

    maillage.run(&["duplicates", "merge", OURS, THEIRS, "--why", "la même bibliothèque"]).succeeds();
    assert_eq!(pairs(maillage), []);
    let merged = json!({ "key": OURS, "origins": ["maillage", "voisins"], "told": ["de", "en", "fr"], "german": "<p>Eine Stunde im Netz.</p>\n" });
    assert_eq!(seen(maillage, OURS), merged);
    assert_eq!(seen(maillage, THEIRS), merged, "the former key leads there");

    // Imports keep to it, and what they bring goes where it belongs now.
    import("maillage");
    let again = maillage.run(&["import", "voisins", "--again"]);
    assert!(again.output().contains("merged-by-person"), "{}", again.output());
    assert_eq!(seen(maillage, THEIRS), merged);
    fs::write(content.join("voisins/bibliotheque.de.md"), german("Zwei Stunden.")).expect("a file");
    maillage.run(&["import", "voisins", "--again"]);
    let mut changed = merged;
    changed["german"] = "<p>Zwei Stunden.</p>\n".into();
    assert_eq!(seen(maillage, THEIRS), changed);

    maillage.run(&["duplicates", "split", THEIRS]).succeeds();
    let ours = json!({ "key": OURS, "origins": ["maillage"], "told": ["en", "fr"], "german": null });
    let theirs = json!({ "key": THEIRS, "origins": ["voisins"], "told": ["de", "fr"], "german": "<p>Zwei Stunden.</p>\n" });
    for _ in 0..2 {
        assert_eq!((seen(maillage, OURS), seen(maillage, THEIRS)), (ours.clone(), theirs.clone()));
        assert_eq!(pairs(maillage), [], "that they are two is remembered");
        import("maillage");
        maillage.run(&["import", "voisins", "--again"]);
    }

    for (arguments, problem) in [
        (&["duplicates", "merge", OURS, "nulle-part"][..], "there is no initiative \"nulle-part\""),
        (&["duplicates", "merge", OURS, OURS], "is one initiative"),
        (&["duplicates", "split", OURS], "is not merged into another"),
        (&["duplicates", "dismiss", OURS, "voisins-roubaix", "--by", "import of maillage"], "a decision is a person's"),
    ] {
        let failed = maillage.run(arguments);
        assert!(!failed.status.success() && failed.stderr.contains(problem), "{arguments:?}: {}", failed.output());
    }
    maillage.run(&["duplicates", "dismiss", OURS, "voisins-roubaix"]).succeeds();
}

#[test]
fn the_same_told_twice_is_found_and_decided_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let content = two_sources(folder.path());
    let maillage = Maillage::new(folder.path().join("data"), &content);
    decided_and_kept(&maillage, &content);
}

#[test]
fn the_same_told_twice_is_found_and_decided_on_in_neo4j() {
    let Some(address) = neo4j_address() else { return };
    let taken = take_neo4j(&address);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let content = two_sources(folder.path());
    let maillage = Maillage::new(folder.path().join("data"), &content).on_store(&address);
    decided_and_kept(&maillage, &content);
    empty_neo4j(&address, &taken);
}
