//! A list costs one request to the store for each level, however long it is.

use std::collections::BTreeMap;

use maillage_graph_schema::change::Operation;
use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Running, change_set, put, start, start_forgetting, with_small_graph};

/// Two towns of so many initiatives: each of them with a town, a topic, an organisation, two case studies and a note of its own.
async fn start_wide() -> Running {
    let running = start_forgetting().await;
    let mut lines = vec![
        json!({"kind": "source", "record": {"key": "maillage", "name": "Maillage", "kind": "directory"}}),
        json!({"kind": "area", "record": {"key": "country:FR", "name": "France"}}),
    ];
    for (town, count) in [("insee:00001", 2), ("insee:00002", 40)] {
        lines.push(json!({"kind": "town", "record": {"key": town, "name": town, "type": "commune", "part_of": ["country:FR"]}}));
        for number in 0..count {
            let key = format!("of-{}-{number:02}", &town[6..]);
            let own_town = format!("insee:{}{number:02}", &town[8..]);
            let area = format!("department:{}-{number}", &town[6..]);
            lines.extend([
                json!({"kind": "area", "record": {"key": area, "name": area, "part_of": ["country:FR"]}}),
                json!({"kind": "town", "record": {"key": own_town, "name": own_town, "type": "commune", "part_of": [area]}}),
                json!({"kind": "topic", "record": {"key": key, "labels": {"en": key}}}),
                json!({"kind": "organisation", "record": {"key": key, "name": key}}),
                json!({"kind": "initiative", "record": {
                    "key": key, "title": key, "language": "fr", "topics": [key],
                    "places": [{"target": {"town": town}}, {"target": {"town": own_town}}],
                    "involvements": [{"organisation": key, "role": "operator"}], "provenance": [{"source": "maillage"}],
                }}),
                json!({"kind": "case-study", "record": {"initiative": key, "language": "fr", "title": "fr"}}),
                json!({"kind": "case-study", "record": {"initiative": key, "language": "en", "title": "en"}}),
                json!({"kind": "note", "record": {"key": key, "initiative": key, "kind": "asks", "text": "?", "at": "2026-11-24T10:00:00Z"}}),
            ]);
        }
    }
    let operations: Vec<Operation> = lines.iter().map(put).collect();
    running.store.apply(&change_set("wide", "2026-11-24T10:00:00.000Z", operations)).await.unwrap();
    running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_cost_what_short_ones_cost() {
    let running = start_wide().await;
    let cases: &[(&str, &[(&str, usize)])] = &[
        // The town, and its initiatives, which the index named.
        ("nodes { key title }", &[("records", 2)]),
        // What the index says by itself asks the store for no more than the town.
        (
            "edges { cursor distance } nodes { __typename } totalCount pageInfo { endCursor } facets(by: [YEAR, STATUS]) { buckets { key label count } }",
            &[("records", 2)],
        ),
        // Their own language is asked for: no case study is read.
        ("nodes { title(lang: \"fr\") summary(lang: \"fr-FR\") }", &[("records", 2)]),
        (
            "nodes { title(lang: \"en\") summary(lang: \"en\") caseStudy(lang: \"en\") { title html } }",
            &[("records", 3), ("neighbours", 1)],
        ),
        (
            "totalCount nodes { towns { name } topics { label } involvements { organisation { name } } source { name } }",
            &[("records", 3)],
        ),
        ("nodes { towns { department { name } country { name } } }", &[("records", 4)]),
        ("nodes { towns { initiatives(first: 5) { nodes { topics { label } } } } }", &[("records", 4)]),
        (
            "nodes { notes(first: 5) { nodes { text initiative { notes(kinds: [ASKS]) { totalCount } } } } }",
            &[("records", 3), ("neighbours", 2)],
        ),
        ("nodes { revisions { totalCount nodes { number } } }", &[("records", 2), ("history", 1), ("history counts", 1)]),
        (
            "edges { node { provenance { source { revisions(first: 1) { nodes { number } } } } } }",
            &[("records", 3), ("history", 1)],
        ),
        (
            "nodes { involvements { organisation { initiatives(role: OPERATOR) { totalCount nodes { key } } } } }",
            &[("records", 3)],
        ),
        // Labels are records, read together.
        ("facets(by: [TOPIC, ORGANISATION, SOURCE], first: 50) { buckets { label } } edges { cursor }", &[("records", 2)]),
    ];
    for (selection, expected) in cases {
        let expected: BTreeMap<&str, usize> = expected.iter().copied().collect();
        for (town, count) in [("insee:00001", 2), ("insee:00002", 40)] {
            running.store.take_asked();
            let data = running.data(&format!("{{ town(key: \"{town}\") {{ initiatives(first: 50) {{ {selection} }} }} }}")).await;
            let rows = &data["town"]["initiatives"];
            let rows = rows["nodes"].as_array().or(rows["edges"].as_array()).unwrap();
            assert_eq!((rows.len(), running.store.take_asked()), (count, expected.clone()), "{selection}");
        }
    }
}

#[tokio::test]
async fn what_is_not_selected_is_not_asked() {
    let running = with_small_graph(start_forgetting().await).await;
    let cases: &[(&str, &[(&str, usize)])] = &[
        ("{ __typename }", &[]),
        ("{ a: revision b: revision }", &[("revision", 1)]),
        ("{ topics { key } roots: topics(rootsOnly: true) { key } sources { key } }", &[("page", 2)]),
        ("{ changes { nodes { revision } } }", &[("changes", 1)]),
        ("{ changes { totalCount } }", &[("changes", 1), ("change count", 1)]),
        ("{ a: town(key: \"insee:47001\") { name } b: town(key: \"insee:47001\") { name } }", &[("records", 1)]),
        ("{ town(key: \"insee:47001\") { name @skip(if: true) key } }", &[("records", 1)]),
        ("{ town(key: \"insee:47001\") { initiatives { totalCount @skip(if: true) nodes { __typename } } } }", &[("records", 2)]),
        ("{ initiatives { totalCount facets(by: [YEAR]) { buckets { key } } pageInfo { endCursor } edges { cursor } } }", &[]),
        ("{ initiatives { nodes { towns { initiatives { totalCount } } } } areas { totalCount } }", &[("records", 2)]),
        // What is similar, and what its reasons name; explanations cost nothing.
        (
            "{ initiative(key: \"agen-wifi\") { similar { node { title } reasons { explanation topics { label } area { name } organisations { name } } } } }",
            &[("records", 2)],
        ),
        ("{ town(key: \"insee:47001\") { similar { score reasons { weight explanation } } } }", &[("records", 1)]),
        ("{ search(text: \"agen\") { totalCount pageInfo { endCursor } edges { score cursor } } }", &[]),
        // What was found, the case studies, and what else may show why: topics and towns, which what has no case study asks for
        // a level earlier.
        (
            "{ search(text: \"agen\") { edges { extracts { html } node { ... on Town { name } ... on Initiative { key } } } } }",
            &[("records", 4), ("neighbours", 1)],
        ),
        (
            "{ map(bounds: { west: 0, south: 40, east: 1, north: 50 }, zoom: 22) { totalCount clusters { count } pins { initiative { key } } } }",
            &[("records", 1)],
        ),
        // The initiatives and their case studies, which the passages are of.
        (
            "{ initiatives(filter: { text: \"connexion\" }) { edges { extracts { html } node { title(lang: \"fr\") } } } }",
            &[("records", 2), ("neighbours", 1)],
        ),
    ];
    for (query, expected) in cases {
        running.data(query).await;
        assert_eq!(running.store.take_asked(), expected.iter().copied().collect::<BTreeMap<_, _>>(), "{query}");
    }
    let answer =
        running.ask("{ initiative(key: \"agen-bibliotheque\") { title } }", &Value::Null, &[("Accept-Language", "fr-FR")]).await;
    assert_eq!(answer.json()["data"]["initiative"]["title"], "La connexion à la bibliothèque");
    assert_eq!(running.store.take_asked(), BTreeMap::from([("records", 1)]));
}

#[tokio::test]
async fn what_others_have_read_is_not_read_again_until_the_graph_changes() {
    let running = start().await;
    let query = |lang: &str| {
        format!("{{ town(key: \"insee:47001\") {{ name initiatives {{ nodes {{ key status title(lang: \"{lang}\") }} }} }} }}")
    };
    let statuses = |data: &Value| {
        let nodes = data["town"]["initiatives"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| (node["key"].as_str().unwrap().to_owned(), node["status"].clone())).collect::<BTreeMap<_, _>>()
    };
    let first = running.data(&query("fr")).await;
    assert_eq!(running.store.take_asked(), BTreeMap::from([("records", 2)]));
    // Another question about the same records, which nobody has asked before.
    let second = running.data(&query("fr-FR")).await;
    assert_eq!((running.store.take_asked(), statuses(&second)), (BTreeMap::new(), statuses(&first)));
    let stopped = json!({"kind": "initiative", "record": {
        "key": "agen-wifi", "title": "Le Wi-Fi", "language": "fr", "status": "stopped",
        "places": [{"target": {"town": "insee:47001"}}], "provenance": [{"source": "maillage"}],
    }});
    running.store.apply(&change_set("stopped", "2026-11-24T11:00:00.000Z", vec![put(&stopped)])).await.unwrap();
    running.store.take_asked();
    let third = running.data(&query("fr-BE")).await;
    assert_eq!(
        (running.store.take_asked(), &statuses(&third)["agen-wifi"]),
        (BTreeMap::from([("records", 2)]), &json!("STOPPED"))
    );
}
