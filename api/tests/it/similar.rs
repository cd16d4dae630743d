//! What is alike, and why: on the graph of `graph.ndjson`.

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{change_set, put, start};

/// The sum of the weights of a proposal's reasons.
fn sum(proposal: &Value) -> f64 {
    proposal["reasons"].as_array().unwrap().iter().map(|reason| reason["weight"].as_f64().unwrap()).sum()
}

#[tokio::test]
async fn similar_initiatives_come_with_reasons_that_add_up() {
    let running = start().await;
    let query = "{ initiative(key: \"agen-bibliotheque\") { similar { score node { key title(lang: \"fr\") }
        reasons { kind weight french: explanation(lang: \"fr\") english: explanation(lang: \"en\") topics { key label(lang: \"en\") }
            audiences area { key } distance terms organisations { key } } } } }";
    let data = running.data(query).await;
    let similar = data["initiative"]["similar"].as_array().unwrap().clone();
    assert_eq!(similar[0]["node"], json!({ "key": "agen-wifi", "title": "Le Wi-Fi au centre" }), "{data:#}");
    for proposal in &similar {
        assert!((sum(proposal) - proposal["score"].as_f64().unwrap()).abs() < 1e-9, "{proposal:#}");
    }
    let reasons = similar[0]["reasons"].as_array().unwrap();
    let reason =
        |kind: &str| reasons.iter().find(|reason| reason["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {reasons:#?}"));
    // What they share, each with what its kind alone tells.
    assert_eq!(reason("SHARED_TOPICS")["topics"][0], json!({ "key": "wifi", "label": "Wi-Fi public" }));
    assert_eq!(reason("SHARED_TOPICS")["organisations"], Value::Null);
    assert_eq!(reason("SAME_ORGANISATION")["organisations"], json!([{ "key": "mairie-agen" }]));
    assert_eq!(reason("SAME_ORGANISATION")["topics"], Value::Null);
    assert!(reason("ADOPTION")["weight"].as_f64().unwrap() > 0.0);
    for reason in reasons {
        let (french, english) = (reason["french"].as_str().unwrap(), reason["english"].as_str().unwrap());
        assert!(!french.is_empty() && !english.is_empty() && french != english, "{reason:#}");
    }

    // The first of them, and the language of the request.
    let query = "{ initiative(key: \"agen-bibliotheque\") { similar(first: 1) { reasons { explanation } } } }";
    let french = running.ask(query, &Value::Null, &[("Accept-Language", "fr-FR")]).await.json();
    let of_first = french["data"]["initiative"]["similar"].as_array().unwrap();
    assert_eq!((of_first.len(), &of_first[0]["reasons"][0]["explanation"]), (1, &reasons[0]["french"]));
    // A tombstone is like none.
    let gone = running.data("{ initiative(key: \"agen-retire\") { similar { score } } }").await;
    assert_eq!(gone["initiative"]["similar"], json!([]));
}

#[tokio::test]
async fn similar_towns_come_with_reasons_that_add_up() {
    let running = start().await;
    // Alike in size, and next to it.
    let layrac = json!({ "kind": "town", "record": { "key": "insee:47145", "name": "Layrac", "type": "commune", "population": 25000,
        "point": { "lat": 44.13, "lon": 0.66 }, "part_of": ["epci:200096956", "department:47"], "provenance": [{ "source": "tables" }] } });
    running.store.apply(&change_set("a town", "2026-11-27T10:00:00.000Z", vec![put(&layrac)])).await.unwrap();
    let query = "{ town(key: \"insee:47001\") { similar { score node { key name }
        reasons { kind weight explanation(lang: \"en\") area { name } } } } }";
    let data = running.data(query).await;
    let similar = data["town"]["similar"].as_array().unwrap();
    assert_eq!(similar.len(), 1, "{data:#}");
    assert_eq!(similar[0]["node"], json!({ "key": "insee:47145", "name": "Layrac" }));
    assert!((sum(&similar[0]) - similar[0]["score"].as_f64().unwrap()).abs() < 1e-9, "{data:#}");
    let reasons = similar[0]["reasons"].as_array().unwrap();
    assert!(reasons.iter().any(|reason| reason["area"]["name"] == "CA Agglomération d'Agen"), "{data:#}");
}

#[tokio::test]
async fn a_client_can_say_what_counts() {
    let running = start().await;
    let kinds = async |weights: &str| {
        let query = format!(
            "{{ initiative(key: \"agen-bibliotheque\") {{ similar(first: 1, weights: {{ {weights} }}) {{ reasons {{ kind weight }} }} }} }}"
        );
        running.data(&query).await["initiative"]["similar"][0]["reasons"].as_array().unwrap().clone()
    };
    let usual = kinds("").await;
    let weight = |reasons: &[Value], kind: &str| {
        reasons.iter().find(|reason| reason["kind"] == kind).map_or(0.0, |reason| reason["weight"].as_f64().unwrap())
    };
    assert!(weight(&usual, "ADOPTION") > 0.0);
    let without = kinds("adoption: 0").await;
    assert!(weight(&without, "ADOPTION") == 0.0, "{without:?}");
    let more = kinds("sameOrganisation: 10").await;
    assert!(weight(&more, "SAME_ORGANISATION") > weight(&usual, "SAME_ORGANISATION"), "{more:?}");

    let of = |list: &str| format!("{{ {list} {{ score }} }} }}");
    for (query, argument, expected) in [
        (of("initiative(key: \"agen-wifi\") { similar(weights: { sameKind: 11 })"), "weights.sameKind", "0 to 10"),
        (of("initiative(key: \"agen-wifi\") { similar(weights: { distance: -0.5 })"), "weights.distance", "0 to 10"),
        (of("initiative(key: \"agen-wifi\") { similar(weights: { similarActivity: 1 })"), "weights.similarActivity", "no part"),
        (of("initiative(key: \"agen-wifi\") { similar(first: 101)"), "first", "0 to 100"),
        (of("town(key: \"insee:47001\") { similar(weights: { sharedTopics: 1 })"), "weights.sharedTopics", "no part"),
        (of("town(key: \"insee:47001\") { similar(first: -1)"), "first", "0 to 100"),
    ] {
        let answer = running.ask(&query, &Value::Null, &[]).await;
        let error = answer.json()["errors"][0]["extensions"].clone();
        assert_eq!(
            (&error["code"], &error["argument"]),
            (&json!("BAD_USER_INPUT"), &json!(argument)),
            "{query}: {}",
            answer.body
        );
        assert!(error["expected"].as_str().unwrap_or_default().contains(expected), "{query}: {}", answer.body);
    }
}
