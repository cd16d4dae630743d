//! The list of sources, as people change it by command, and an import of all of them.

use std::fs;

use crate::running::Maillage;
use crate::service::small_content;

#[test]
fn sources_are_added_listed_tried_imported_and_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let content = small_content(folder.path());
    let maillage = Maillage::new(folder.path().join("data"), &content);
    let list = content.join("sources.toml");
    let before = fs::read_to_string(&list).expect("a list");
    let files = content.join("etudes");
    fs::create_dir(&files).expect("a folder");
    let text = "---\nschema_version: 1\nid: essai\ntitle: Un essai\nlang: fr\nstatut: ?\n---\nTexte.\n";
    fs::write(files.join("essai.md"), text).expect("a file");

    let added = maillage.run(&["source", "add", "essais", "etudes", "--name", "Essais", "--schedule", "6h"]).succeeds();
    assert!(added.output().contains("maillage source test essais"), "{}", added.output());
    let dead = ["source", "add", "loin", "http://127.0.0.1:9/depot.git", "--name", "Loin", "--private", "--token", "LOIN_TOKEN"];
    maillage.run(&dead).succeeds();
    let after = fs::read_to_string(&list).expect("a list");
    assert!(after.starts_with(before.trim_end()), "what stood there stays: {after}");
    for (arguments, problem) in [
        (&["source", "add", "essais", "etudes", "--name", "Essais"][..], "listed twice"),
        (&["source", "add", "x", "http://a.fr/b.zip", "--name", "X", "--token", "ghp_secret"], "name of an environment variable"),
        (&["source", "add", "x", "etudes", "--name", "X", "--schedule", "often"], "\"often\" is not a schedule"),
        (&["source", "remove", "nulle-part"], "there is no source \"nulle-part\""),
        (&["source", "test", "loin"], "LOIN_TOKEN"),
    ] {
        let failed = maillage.run(arguments);
        assert!(!failed.status.success() && failed.stderr.contains(problem), "{arguments:?}: {}", failed.output());
        assert_eq!(fs::read_to_string(&list).expect("a list"), after, "{arguments:?}");
    }

    let listed = maillage.run(&["source", "list"]).succeeds();
    let lines = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(lines.lines().any(|line| line.starts_with("essais") && line.contains("6h")), "{lines}");
    let listed = maillage.run(&["source", "list", "--format", "json"]).succeeds();
    let rows: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    let row = rows.as_array().and_then(|rows| rows.iter().find(|row| row["key"] == "loin")).expect("the source");
    assert_eq!((&row["kind"], &row["token"]), (&"git".into(), &"LOIN_TOKEN".into()));

    let tried = maillage.run(&["source", "test", "essais"]).succeeds();
    assert!(tried.output().contains("unknown-field"), "{}", tried.output());
    assert!(!folder.path().join("data/graph.sqlite").exists(), "trying writes nothing");

    // One that cannot be reached does not stop the others, and is named.
    let all = maillage.run(&["import", "--all"]);
    assert_eq!(all.status.code(), Some(2), "{}", all.output());
    assert!(all.stderr.contains("loin") && all.stderr.contains("could not be imported"), "{}", all.output());
    let export = maillage.run(&["export"]).succeeds();
    assert!(String::from_utf8_lossy(&export.stdout).contains("\"essai\""), "{}", all.output());
    let again = maillage.run(&["import", "essais"]).succeeds();
    assert!(again.output().contains("unchanged since the last import"), "{}", again.output());
    let read = maillage.run(&["import", "essais", "--again"]).succeeds();
    assert!(!read.output().contains("unchanged since the last import"), "{}", read.output());

    maillage.run(&["source", "remove", "loin"]).succeeds();
    maillage.run(&["source", "remove", "essais"]).succeeds();
    assert_eq!(fs::read_to_string(&list).expect("a list"), before);
}
