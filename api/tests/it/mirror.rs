//! A copy of everything that is kept by `changes(since:)` alone.

use std::collections::BTreeMap;

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Running, change_set, put, start, withdraw};

/// What a copy holds of a record.
const RECORD: &str = "__typename key url withdrawn { why }
    ... on Initiative { title status summary modified topics { key } towns { key } point { lat lon } caseStudies { key } }
    ... on CaseStudy { lang caseTitle: title markdown }
    ... on Note { text }
    ... on Town { name population point { lat lon } areas { key } }
    ... on Area { areaName: name }
    ... on Topic { label(lang: \"fr\") broader { key } }
    ... on Organisation { name }
    ... on Source { name }";

/// A copy: records by type and key, and the revision that it is at.
#[derive(Default)]
struct Mirror {
    records: BTreeMap<String, Value>,
    revision: u64,
}

impl Mirror {
    /// Asks what has come since, a few at a time.
    async fn follow(&mut self, running: &Running) {
        let query = format!(
            "query($since: Int!, $after: String) {{ changes(since: $since, first: 3, after: $after) {{ \
             pageInfo {{ hasNextPage endCursor }} nodes {{ revision record {{ {RECORD} }} }} }} }}"
        );
        let (since, mut after) = (self.revision, Value::Null);
        loop {
            let answer = running.ask(&query, &json!({ "since": since, "after": after }), &[]).await.json();
            assert_eq!(answer["errors"], Value::Null, "{answer:#}");
            let page = &answer["data"]["changes"];
            for change in page["nodes"].as_array().expect("changes") {
                let record = &change["record"];
                let name = format!("{} {}", record["__typename"], record["key"]);
                if record["withdrawn"].is_null() {
                    self.records.insert(name, record.clone());
                } else {
                    self.records.remove(&name);
                }
                self.revision = self.revision.max(change["revision"].as_u64().expect("a revision"));
            }
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }
}

/// The same by the lists of what there is.
async fn original(running: &Running) -> BTreeMap<String, Value> {
    let lists = [
        "initiatives(first: 9) { nodes { ...Told stories: caseStudies { ...Told } notes(first: 9) { nodes { ...Told } } } }",
        "towns(first: 20) { nodes { ...Told } }",
        "areas(first: 20) { nodes { ...Told } }",
        "organisations(first: 20) { nodes { ...Told } }",
        "topics { ...Told }",
        "sources { ...Told }",
    ];
    let of = |list: &Value| list["nodes"].as_array().or(list.as_array()).cloned().unwrap_or_default();
    let mut records: Vec<Value> = Vec::new();
    for list in lists {
        let data = running.data(&format!("{{ list: {list} }} fragment Told on Record {{ {RECORD} }}")).await;
        records.extend(of(&data["list"]));
    }
    // What an initiative holds of its own are records, too.
    for at in 0..records.len() {
        for name in ["stories", "notes"] {
            let held = records[at].as_object_mut().and_then(|record| record.remove(name)).unwrap_or_default();
            records.extend(of(&held));
        }
    }
    records.into_iter().map(|record| (format!("{} {}", record["__typename"], record["key"]), record)).collect()
}

#[tokio::test]
async fn a_copy_by_changes_alone_is_the_original() {
    let running = start().await;
    let mut mirror = Mirror::default();
    mirror.follow(&running).await;
    assert_eq!(mirror.records, original(&running).await);
    assert!(mirror.records.len() > 10);

    let initiative = |key: &str, title: &str| {
        put(&json!({ "kind": "initiative", "record": { "key": key, "title": title, "language": "fr", "topics": ["wifi"],
            "places": [{ "target": { "town": "insee:47001" } }], "provenance": [{ "source": "maillage" }] } }))
    };
    let (one, other) = (initiative("one", "Une"), initiative("other", "Autre"));
    running.store.apply(&change_set("new", "2026-11-27T10:00:00.000Z", vec![one, other])).await.expect("applied");
    let (changed, gone) = (initiative("one", "Une, changée"), withdraw("other", Some("one")));
    running.store.apply(&change_set("more", "2026-11-27T11:00:00.000Z", vec![changed, gone])).await.expect("applied");
    running
        .store
        .apply(&change_set("less", "2026-11-27T12:00:00.000Z", vec![withdraw("agen-wifi", None)]))
        .await
        .expect("applied");
    let before = mirror.records.clone();
    mirror.follow(&running).await;
    assert_ne!(mirror.records, before);
    assert_eq!(mirror.records, original(&running).await);
    // Nothing has changed since: nothing is sent.
    let nothing = running.data(&format!("{{ changes(since: {}) {{ nodes {{ revision }} }} revision }}", mirror.revision)).await;
    assert_eq!(nothing, json!({ "changes": { "nodes": [] }, "revision": mirror.revision }));
}
