//! Queries that are asked for by their hash.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{Answer, Running, start, start_trusting};

const QUERY: &str = "{ town(key: \"insee:47001\") { name } }";

fn hash(query: &str) -> String {
    Sha256::digest(query.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn post(running: &Running, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    running.send("POST", "/graphql", &headers, &body.to_string()).await
}

fn persisted(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

#[tokio::test]
async fn a_query_is_sent_once_and_asked_for_by_its_hash() {
    let running = start().await;
    let hash = hash(QUERY);
    let by_hash = json!({ "extensions": persisted(&hash) });
    let unknown = post(&running, &by_hash).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (200, "PERSISTED_QUERY_NOT_FOUND"), "{}", unknown.body);
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    let sent = post(&running, &json!({ "query": QUERY, "extensions": persisted(&hash) })).await;
    let known = post(&running, &by_hash).await;
    assert_eq!((sent.json()["data"]["town"]["name"].as_str(), known.body), (Some("Agen"), sent.body));
    // In an address, too, which caches in between may keep.
    let extensions = format!("%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{hash}%22%7D%7D");
    let by_get = running.send("GET", &format!("/graphql?extensions={extensions}"), &[], "").await;
    assert_eq!((by_get.status, by_get.json()["data"]["town"]["name"].as_str()), (200, Some("Agen")), "{}", by_get.body);
    assert!(by_get.header("etag").is_some());
}

#[tokio::test]
async fn a_hash_that_does_not_fit_is_refused() {
    let running = start().await;
    let other = hash("{ revision }");
    for (body, part) in [
        (json!({ "query": QUERY, "extensions": persisted(&other) }), "the SHA-256 of the query"),
        (json!({ "extensions": persisted("abc") }), "64 hexadecimal digits"),
        (json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": other } } }), "expected 1"),
        (json!({ "extensions": {} }), "query"),
    ] {
        let answer = post(&running, &body).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{body}: {}", answer.body);
        assert!(answer.body.contains(part), "{body}: {}", answer.body);
    }
    let answer = running.send("GET", "/graphql?query=%7Brevision%7D&extensions=7", &[], "").await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_USER_INPUT"), "{}", answer.body);
    // What was refused is not known afterwards.
    assert_eq!(post(&running, &json!({ "extensions": persisted(&other) })).await.code(), "PERSISTED_QUERY_NOT_FOUND");
}

#[tokio::test]
async fn only_trusted_documents_are_answered_where_some_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("town.graphql"), QUERY).expect("a file");
    let running = start_trusting(maillage::http::trusted::Trusted::read(folder.path()).expect("documents")).await;
    for body in [json!({ "query": QUERY }), json!({ "extensions": persisted(&hash(QUERY)) })] {
        let answer = post(&running, &body).await;
        assert_eq!(answer.json()["data"]["town"]["name"], "Agen", "{body}: {}", answer.body);
    }
    let other = "{ revision }";
    for (body, code) in [
        (json!({ "query": other }), "BAD_USER_INPUT"),
        (json!({ "query": other, "extensions": persisted(&hash(other)) }), "BAD_USER_INPUT"),
        (json!({ "extensions": persisted(&hash(other)) }), "PERSISTED_QUERY_NOT_FOUND"),
    ] {
        assert_eq!(post(&running, &body).await.code(), code, "{body}");
    }
    // What the service asks itself is trusted.
    assert_eq!(running.send("GET", "/initiatives.geojson", &[], "").await.status, 200);
    assert_eq!(running.send("GET", "/towns/insee:47001", &[], "").await.status, 200);
}
