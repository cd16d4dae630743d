//! What the documentation tells people to ask is answered, and the tables of its parameters are those of the service.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Answer, Running, change_set, put, start};

/// Keys that stand for the reader's own.
const PLACEHOLDERS: &[(&str, &str)] = &[("KEY-OF-YOUR-SOURCE", "maillage"), ("CLÉ-DE-VOTRE-SOURCE", "maillage")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages for people, each with its text.
fn pages() -> Vec<(String, String)> {
    let in_docs = fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let markdown = in_docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let all = markdown.chain([root().join("README.md")]);
    all.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())).collect()
}

/// The fenced blocks of a page, each with its language.
fn blocks(page: &str) -> Vec<(&str, String)> {
    let mut blocks: Vec<(&str, String)> = Vec::new();
    let mut is_open = false;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            if !is_open {
                blocks.push((language, String::new()));
            }
            is_open = !is_open;
        } else if let Some((_, block)) = blocks.last_mut().filter(|_| is_open) {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

/// What a block asks over HTTP.
enum Asked {
    Query(String),
    Address(String),
}

fn asked(language: &str, block: &str) -> Vec<Asked> {
    let body = || block.split_once("-d '").and_then(|(_, rest)| rest.split_once('\'')).map(|(body, _)| body.to_owned());
    match language {
        "graphql" => vec![Asked::Query(block.to_owned())],
        "sh" if block.contains("curl") => {
            let body = body().unwrap_or_else(|| panic!("a command without a body: {block}"));
            let body: Value = serde_json::from_str(&body).unwrap();
            vec![Asked::Query(body["query"].as_str().unwrap().to_owned())]
        }
        "" => block.lines().filter(|line| line.starts_with('/')).map(|line| Asked::Address(line.to_owned())).collect(),
        _ => Vec::new(),
    }
}

async fn answer(running: &Running, asked: &Asked) -> Answer {
    match asked {
        Asked::Address(address) => running.send("GET", address, &[], "").await,
        Asked::Query(query) => {
            let query = PLACEHOLDERS.iter().fold(query.clone(), |query, (placeholder, key)| query.replace(placeholder, key));
            // Subscriptions have tests of their own; what is selected of each change is there in the query of the same name.
            let query = match query.strip_prefix("subscription { changes(since: 0) {") {
                Some(selected) => format!("{{ changes(since: 0) {{ nodes {{ {selected} }}"),
                None => query,
            };
            running.ask(&query, &Value::Null, &[]).await
        }
    }
}

#[tokio::test]
async fn what_the_documentation_asks_is_answered() {
    let running = start().await;
    // The documentation speaks of our vocabulary, of which the small graph has little.
    let topic = json!({"kind": "topic", "record": {"key": "inclusion-numerique", "labels": {"fr": "Inclusion numérique"}}});
    running.store.apply(&change_set("vocabulary", "2026-11-24T11:00:00.000Z", vec![put(&topic)])).await.unwrap();
    let mut pages_that_ask = BTreeSet::new();
    for (page, text) in pages() {
        for (language, block) in blocks(&text) {
            for asked in asked(language, &block) {
                let answer = answer(&running, &asked).await;
                assert_eq!(answer.status, 200, "{page}: {block}{}", answer.body);
                assert!(answer.json().get("errors").is_none(), "{page}: {block}{}", answer.body);
                pages_that_ask.insert(page.clone());
            }
        }
    }
    // In both languages, and where partners look.
    for page in ["README.md", "lisez-moi.md", "api.md", "interroger.md", "partners.md", "partenaires.md"] {
        assert!(pages_that_ask.contains(page), "{page} asks nothing");
    }
}

#[tokio::test]
async fn the_tables_of_parameters_are_those_of_the_service() {
    let running = start().await;
    let description = running.send("GET", "/openapi.json", &[], "").await.json();
    let described: BTreeSet<String> = description["paths"]["/initiatives.geojson"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| {
            let name = parameter
                .get("$ref")
                .and_then(Value::as_str)
                .map_or(&parameter["name"], |reference| &description.pointer(reference.trim_start_matches('#')).unwrap()["name"]);
            name.as_str().unwrap().to_owned()
        })
        .collect();
    for page in ["docs/api.md", "docs/interroger.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let section = text.split("\n## ").find(|section| section.starts_with("`/initiatives.geojson`")).unwrap();
        let names = section.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split(" | ").next());
        let told: BTreeSet<String> = names
            .flat_map(|names| names.split('`').skip(1).step_by(2))
            .map(str::to_owned)
            .chain(["first".to_owned(), "after".to_owned()])
            .collect();
        assert_eq!(told, described, "{page}");
    }
}

#[tokio::test]
async fn examples_of_parameters_are_of_our_vocabulary() {
    let running = start().await;
    let description = running.send("GET", "/openapi.json", &[], "").await.json();
    let vocabulary = fs::read_to_string(root().join("content/topics.yaml")).unwrap();
    for name in ["topic", "all_topics", "kind"] {
        let example = description["components"]["parameters"][name]["example"][0].as_str().unwrap();
        assert!(vocabulary.contains(&format!("{{id: {example},")), "{name}: {example}");
    }
}
