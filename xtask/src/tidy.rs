//! The invariants of ARCHITECTURE.md that can be read off the source: what may stand where, and which crate may use which.
//!
//! To add a rule: write a function from a path and its code to findings, add it to [`rules`], and give it cases in the tests.
//!
//! What is exempt, and why:
//! - `xtask`: this file names what it looks for.
//! - folders called `tests`: a test may look into a store behind the port's back, and the benchmarks compare with plain queries.
//! - `store/contract`: the suite tries texts that would be queries if a store let them.
//! - documentation: `docs/graph.md` is Cypher for people.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// Where a rule is broken, and how.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Checks every file of the workspace.
pub fn check(root: &Path) -> Result<()> {
    let mut paths = Vec::new();
    walk(root, "", &mut paths)?;
    let mut findings = Vec::new();
    let mut read = 0;
    for path in &paths {
        if path.starts_with("xtask/") || !matches!(extension(path), "rs" | "toml" | "sql" | "cypher") {
            continue;
        }
        let text = fs::read_to_string(root.join(path)).with_context(|| format!("could not read {path}"))?;
        findings.extend(rules(path, &text));
        read += 1;
    }
    for finding in &findings {
        eprintln!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings against the invariants of ARCHITECTURE.md", findings.len());
    }
    if read == 0 {
        bail!("found nothing to check in {}", root.display());
    }
    println!("{read} files keep the invariants");
    Ok(())
}

fn walk(root: &Path, folder: &str, paths: &mut Vec<String>) -> Result<()> {
    let mut entries = fs::read_dir(root.join(folder))?.collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || matches!(name.as_str(), "target" | "node_modules") || (folder.is_empty() && name == "data") {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(root, &path, paths)?;
        } else if kind.is_file() {
            paths.push(path);
        }
    }
    Ok(())
}

/// All rules on one file.
fn rules(path: &str, text: &str) -> Vec<Finding> {
    match extension(path) {
        "rs" => {
            let code = without_comments(text);
            [query_languages, graphql, domain, fetching, ignored_tests, repeated_writes]
                .iter()
                .flat_map(|rule| rule(path, &code))
                .map(|(offset, message)| Finding { path: path.to_owned(), line: line(&code, offset), message })
                .collect()
        }
        "toml" if path.ends_with("/Cargo.toml") => dependencies(path, text),
        "cypher" => misplaced(path, "Cypher", CYPHER_FOLDER),
        "sql" => misplaced(path, "SQL", SQL_FOLDER),
        _ => Vec::new(),
    }
}

const CYPHER_FOLDER: &str = "graph-schema/src/store/neo4j/";
const SQL_FOLDER: &str = "graph-schema/src/store/sqlite/";
const MODEL_FOLDER: &str = "graph-schema/src/model/";
const SOURCE_FOLDER: &str = "importer/src/source";

/// Where in the code, and what is wrong there.
type Hits = Vec<(usize, String)>;

/// Cypher stands only under `store/neo4j`, SQL only under `store/sqlite`.
fn query_languages(path: &str, code: &str) -> Hits {
    let mut hits = Hits::new();
    if is_test(path) {
        return hits;
    }
    if !path.starts_with(CYPHER_FOLDER) {
        for phrase in ["MATCH (", "MERGE (", "UNWIND $", "DETACH DELETE"] {
            hits.extend(words(code, phrase).map(|offset| (offset, format!("Cypher stands only under {CYPHER_FOLDER}"))));
        }
    }
    if !path.starts_with(SQL_FOLDER) {
        let message = || format!("SQL stands only under {SQL_FOLDER}");
        for phrase in ["INSERT INTO ", "DELETE FROM ", "CREATE TABLE "] {
            hits.extend(words(code, phrase).map(|offset| (offset, message())));
        }
        // No further apart than within one statement.
        let from = |offset| words(up_to(code, offset, 1_000), "FROM").next().is_some();
        hits.extend(words(code, "SELECT").filter(|&offset| from(offset)).map(|offset| (offset, message())));
    }
    hits
}

fn misplaced(path: &str, language: &str, folder: &str) -> Vec<Finding> {
    if path.starts_with(folder) || is_test(path) {
        return Vec::new();
    }
    vec![Finding { path: path.to_owned(), line: 1, message: format!("{language} stands only under {folder}") }]
}

/// GraphQL stands only in `api`.
fn graphql(path: &str, code: &str) -> Hits {
    if path.starts_with("api/") {
        return Hits::new();
    }
    words(code, "async_graphql").map(|offset| (offset, "GraphQL stands only in api".to_owned())).collect()
}

/// The domain types derive no serde: each edge has its own form of them.
fn domain(path: &str, code: &str) -> Hits {
    if !path.starts_with(MODEL_FOLDER) {
        return Hits::new();
    }
    let message = "the domain types are not serialised: give the edge a type of its own".to_owned();
    ["serde", "Serialize", "Deserialize"].iter().flat_map(|word| words(code, word)).map(|at| (at, message.clone())).collect()
}

/// Only `importer/src/source` fetches. Tests ask the service that they started.
fn fetching(path: &str, code: &str) -> Hits {
    if path.starts_with(SOURCE_FOLDER) || is_test(path) {
        return Hits::new();
    }
    let message = format!("fetching stands only under {SOURCE_FOLDER}");
    ["reqwest::", "gix::"].iter().flat_map(|word| words(code, word)).map(|at| (at, message.clone())).collect()
}

/// A test runs or is not there.
fn ignored_tests(_path: &str, code: &str) -> Hits {
    words(code, "#[ignore").map(|at| (at, "no test is ignored: repair it or remove it".to_owned())).collect()
}

/// neo4rs's `Graph::run` repeats a write whose connection broke: `run` is called on a transaction only.
fn repeated_writes(path: &str, code: &str) -> Hits {
    if !path.starts_with(CYPHER_FOLDER) {
        return Hits::new();
    }
    let message = "Graph::run repeats a write whose connection broke: run it in an explicit transaction".to_owned();
    let calls = [".run(", ".run_on("].into_iter().flat_map(|call| code.match_indices(call));
    let outside = calls.filter(|(at, _)| !matches!(last_word(&code[..*at]), "transaction" | "txn"));
    let paths = words(code, "Graph::run").map(|at| (at, ""));
    outside.chain(paths).map(|(at, _)| (at, message.clone())).collect()
}

/// Dependencies point one way: `api` → `importer` → `explore` → `graph-schema`; tests may use all, nothing uses tests.
fn dependencies(path: &str, manifest: &str) -> Vec<Finding> {
    let may_use = BTreeMap::from([
        ("graph-schema", &[][..]),
        ("explore", &["maillage-graph-schema"]),
        ("importer", &["maillage-graph-schema", "maillage-explore"]),
        ("api", &["maillage-graph-schema", "maillage-explore", "maillage-importer"]),
        ("tests", &["maillage-graph-schema", "maillage-explore", "maillage-importer", "maillage"]),
        ("fuzz", &["maillage-graph-schema", "maillage-explore", "maillage-importer"]),
    ]);
    let Some(folder) = path.strip_suffix("/Cargo.toml") else {
        return Vec::new();
    };
    let finding = |line: usize, message: String| Finding { path: path.to_owned(), line, message };
    let Some(may_use) = may_use.get(folder) else {
        return vec![finding(1, format!("{folder} has no place in the order of the crates: give it one in xtask/src/tidy.rs"))];
    };
    let itself = if folder == "api" { "maillage".to_owned() } else { format!("maillage-{folder}") };
    let mut findings = Vec::new();
    let mut section = String::new();
    for (number, line) in manifest.lines().enumerate() {
        if let Some(name) = line.trim().strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
            // [dependencies.maillage-explore] names one, too.
            if !section.contains("dependencies.") {
                continue;
            }
        }
        if !section.contains("dependencies") {
            continue;
        }
        let name = match line.trim().strip_prefix('[') {
            Some(name) => name.trim_end_matches(']').rsplit('.').next().unwrap_or_default(),
            None => line.split(['.', '=', ' ']).next().unwrap_or_default().trim(),
        };
        // A crate may take itself, to switch features on for its own tests.
        let ours = name == "maillage" || name.starts_with("maillage-");
        if ours && name != itself && !may_use.contains(&name) {
            findings.push(finding(number + 1, format!("{folder} must not use {name}: dependencies point one way")));
        }
        if name == "async-graphql" && folder != "api" {
            findings.push(finding(number + 1, "GraphQL stands only in api".to_owned()));
        }
        if matches!(name, "gix" | "reqwest") && !matches!(folder, "importer" | "tests") {
            findings.push(finding(number + 1, format!("fetching stands only under {SOURCE_FOLDER}")));
        }
    }
    findings
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.starts_with("graph-schema/src/store/contract/")
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Blanks the lines that are comments, keeping the places of all else.
fn without_comments(text: &str) -> String {
    let blank = |line: &str| line.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect::<String>();
    let lines = text.split_inclusive('\n');
    lines.map(|line| if line.trim_start().starts_with("//") { blank(line) } else { line.to_owned() }).collect()
}

/// Where a phrase stands that is not part of longer words.
fn words<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let open_ended = !phrase.ends_with(part_of_word);
    let open_begun = !phrase.starts_with(part_of_word);
    text.match_indices(phrase).map(|(at, _)| at).filter(move |&at| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        (open_begun || !before.is_some_and(part_of_word)) && (open_ended || !after.is_some_and(part_of_word))
    })
}

/// The last word of a text, as `transaction` in `self.transaction`.
fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    text.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// At most so many bytes from here, or a few more to end with a whole character.
fn up_to(text: &str, from: usize, length: usize) -> &str {
    let mut end = text.len().min(from + length);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    &text[from..end]
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::rules;

    /// What is found in a file, as `LINE MESSAGE`.
    fn check(path: &str, text: &str, expected: &[&str]) {
        let found: Vec<String> =
            rules(path, text).iter().map(|finding| format!("{} {}", finding.line, finding.message)).collect();
        assert_eq!(found, expected, "{path}\n{text}");
    }

    const CYPHER: &str = "1 Cypher stands only under graph-schema/src/store/neo4j/";
    const SQL: &str = "1 SQL stands only under graph-schema/src/store/sqlite/";

    #[test]
    fn query_languages_keep_to_their_stores() {
        let cypher = r#"const READ: &str = "MATCH (n) RETURN n";"#;
        check("api/src/main.rs", cypher, &[CYPHER]);
        check("graph-schema/src/store/neo4j/read.rs", cypher, &[]);
        check("graph-schema/src/store/sqlite/read.rs", cypher, &[CYPHER]);
        check("tests/src/bin/bench.rs", cypher, &[]);
        check("graph-schema/tests/it/main.rs", cypher, &[]);
        check("graph-schema/src/store/contract/sample.rs", cypher, &[]);
        check("graph-schema/src/store/mod.rs", "/// Not `MATCH (n)`.\n", &[]);
        check("graph-schema/src/store/mod.rs", "REMATCH (n)", &[]);

        let sql = "\"SELECT key, body\nFROM record\"";
        check("api/src/main.rs", "\"SELECT key FROM record\"", &[SQL]);
        check("api/src/main.rs", sql, &[SQL]);
        check("graph-schema/src/store/sqlite/read.rs", sql, &[]);
        check("importer/src/plan.rs", "\"INSERT INTO record VALUES (1)\"", &[SQL]);
        check("importer/src/plan.rs", "println!(\"SELECT one of these\")", &[]);
        check("explore/src/all.sql", "", &[SQL]);
        check("graph-schema/src/store/sqlite/all.sql", "", &[]);
        check("explore/src/all.cypher", "", &[CYPHER]);
    }

    #[test]
    fn graphql_stays_in_api() {
        check("explore/src/lib.rs", "use async_graphql::ID;", &["1 GraphQL stands only in api"]);
        check("api/src/graphql/mod.rs", "use async_graphql::ID;", &[]);
        check("importer/Cargo.toml", "[dependencies]\nasync-graphql.workspace = true", &["2 GraphQL stands only in api"]);
    }

    #[test]
    fn the_domain_is_not_serialised() {
        let message = "the domain types are not serialised: give the edge a type of its own";
        let code = "use serde::Serialize;";
        check("graph-schema/src/model/key.rs", code, &[&format!("1 {message}"), &format!("1 {message}")]);
        check("graph-schema/src/document.rs", code, &[]);
    }

    #[test]
    fn fetching_stays_in_sources() {
        let message = "1 fetching stands only under importer/src/source";
        check("importer/src/plan.rs", "let url = gix::Url::default();", &[message]);
        check("importer/src/source/git.rs", "use gix::Url;", &[]);
        check("importer/src/plan.rs", "let logix::x;", &[]);
        check("api/Cargo.toml", "[dependencies]\nreqwest = \"0.12\"", &["2 fetching stands only under importer/src/source"]);
        check("tests/tests/it/page.rs", "reqwest::get(url)", &[]);
    }

    #[test]
    fn no_test_is_ignored() {
        let message = "2 no test is ignored: repair it or remove it";
        check("explore/src/lib.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}", &[message]);
    }

    #[test]
    fn writes_go_in_transactions() {
        let message = "1 Graph::run repeats a write whose connection broke: run it in an explicit transaction";
        let path = "graph-schema/src/store/neo4j/apply.rs";
        check(path, "self.graph.run(query).await", &[message]);
        check(path, "graph.run_on(\"neo4j\", query).await", &[message]);
        check(path, "Graph::run(&graph, query)", &[message]);
        check(path, "self.transaction\n    .run(query).await", &[]);
        check("graph-schema/src/store/sqlite/apply.rs", "writer.run(job)", &[]);
    }

    #[test]
    fn crates_point_one_way() {
        let check = |folder: &str, manifest: &str, expected: &[&str]| check(&format!("{folder}/Cargo.toml"), manifest, expected);
        check("api", "[dependencies]\nmaillage-importer.workspace = true", &[]);
        check("explore", "[dependencies]\nmaillage-graph-schema = { path = \"../graph-schema\" }", &[]);
        check("tests", "[dependencies]\nmaillage.workspace = true", &[]);
        check("graph-schema", "[dev-dependencies]\nmaillage-graph-schema = { path = \".\" }", &[]);
        check(
            "graph-schema",
            "[package]\nname = \"maillage-graph-schema\"\n[dependencies]\nserde = \"1\"\nmaillage-explore.workspace = true",
            &["5 graph-schema must not use maillage-explore: dependencies point one way"],
        );
        check(
            "api",
            "[dev-dependencies]\nmaillage-tests.workspace = true",
            &["2 api must not use maillage-tests: dependencies point one way"],
        );
        check(
            "explore",
            "[dependencies.maillage-importer]\npath = \"../importer\"",
            &["1 explore must not use maillage-importer: dependencies point one way"],
        );
        check("web", "[dependencies]", &["1 web has no place in the order of the crates: give it one in xtask/src/tidy.rs"]);
    }
}
