//! `maillage check` as partners run it: its exit codes, and what it writes.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const GOOD: &str = "---\ntitle: Un kiosque\nlang: fr\n---\nTexte.\n";
const WARNED: &str = "---\ntitle: Un kiosque\nlang: fr\nstatus: runing\n---\nTexte.\n";
const WRONG: &str = "---\nlang: fr\n---\nTexte.\n";

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    let mut command = Command::new(env!("CARGO_BIN_EXE_maillage"));
    command.arg("check").args(arguments).arg("--content").arg(content).current_dir(folder).env("MAILLAGE_LOG", "error");
    command.output().unwrap()
}

#[test]
fn the_exit_code_tells_whether_there_is_something_to_fix() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mapping.toml"), "nonsense = 1\n").unwrap();
    for (text, arguments, code) in [
        (WARNED, &["."] as &[&str], 0),
        (WARNED, &[".", "--strict"], 1),
        (WRONG, &["."], 1),
        (GOOD, &["nowhere"], 2),
        (GOOD, &[".", "--mapping", "mapping.toml"], 2),
        (GOOD, &[".", "--as", "nobody"], 2),
        (GOOD, &[".", "--output", "report.pdf"], 2),
        (GOOD, &[".", "--no-such-option"], 2),
    ] {
        std::fs::write(folder.path().join("kiosque.md"), text).unwrap();
        let output = check(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert_eq!(said.starts_with("error: "), code == 2, "{arguments:?}: {said}");
    }
}

#[test]
fn one_check_writes_every_form_in_the_language_of_the_mapping() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("kiosque.md"), "---\nnom: Un kiosque\netat: fini\n---\nTexte.\n").unwrap();
    let mapping = "language = \"fr\"\n[collections.recits]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"x-{file_stem}\"\n\
                   [collections.recits.fields]\ntitle = \"nom\"\nstatus = \"etat\"\n\
                   [collections.recits.values.status]\n\"en cours\" = \"running\"\n";
    std::fs::write(folder.path().join("mapping.toml"), mapping).unwrap();
    let arguments =
        [".", "--mapping", "mapping.toml", "--output", "r.sarif", "--output", "r.md", "--output", "r.json", "--output", "r.txt"];
    let output = check(folder.path(), &arguments);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.contains("avertissement[unmapped-value]: « fini » n'a pas d'équivalent pour « etat »"), "{shown}");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("r.txt"), shown);
    assert!(read("r.md").starts_with("<!-- maillage:report:"), "{}", read("r.md"));
    let json: Value = serde_json::from_str(&read("r.json")).unwrap();
    let sarif: Value = serde_json::from_str(&read("r.sarif")).unwrap();
    assert_eq!(json["diagnostics"].as_array().map(Vec::len), sarif["runs"][0]["results"].as_array().map(Vec::len));
}
