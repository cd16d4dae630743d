//! Answers that are given again, here and by whoever asked; what pages of other sites may do; compression.

use std::sync::atomic::Ordering;
use std::time::Duration;

use maillage_graph_schema::store::GraphStore as _;
use serde_json::json;

use crate::support::{Answer, Running, change_set, put, start};

const TOWN: &str = "/graphql?query=%7B%20town(key%3A%22insee%3A47001%22)%20%7B%20name%20%7D%20%7D";
const AREA: &str = "/graphql?query=%7B%20area(key%3A%22department%3A47%22)%20%7B%20name%20%7D%20%7D";
const RUNS: &str = "/graphql?query=%7B%20sources%20%7B%20lastRun%20%7B%20state%20%7D%20%7D%20%7D";
const WRONG: &str = "/graphql?query=%7B%20town(key%3A%22nowhere%22)%20%7B%20name%20%7D%20%7D";

async fn get(running: &Running, path: &str, headers: &[(&str, &str)]) -> Answer {
    running.send("GET", path, headers, "").await
}

#[tokio::test]
async fn an_answer_is_given_again_until_the_graph_changes() {
    let running = start().await;
    let first = get(&running, TOWN, &[]).await;
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!((first.status, first.header("cache-status")), (200, Some("maillage; fwd=miss")), "{}", first.headers);
    assert!(first.header("cache-control").is_some_and(|value| value.starts_with("public, max-age=0")), "{}", first.headers);
    running.store.take_asked();
    let again = get(&running, TOWN, &[]).await;
    assert_eq!((again.status, &again.body, again.header("etag")), (200, &first.body, Some(tag.as_str())));
    assert_eq!(again.header("cache-status"), Some("maillage; hit"));
    assert!(running.store.take_asked().is_empty());
    for known in [tag.clone(), format!("\"other\", {tag}")] {
        let known = get(&running, TOWN, &[("If-None-Match", &known)]).await;
        assert_eq!((known.status, known.body.as_str(), known.header("etag")), (304, "", Some(tag.as_str())));
    }
    // Each of these is another answer.
    let others = [
        get(&running, TOWN, &[("Accept-Language", "en")]).await,
        get(&running, TOWN, &[("Accept", "application/graphql-response+json")]).await,
        get(&running, &format!("{TOWN}&variables=%7B%22a%22%3A1%7D"), &[]).await,
        get(&running, AREA, &[("If-None-Match", &tag)]).await,
    ];
    for other in &others {
        assert_eq!(other.status, 200, "{}", other.body);
        assert_ne!(other.header("etag"), Some(tag.as_str()), "{}", other.headers);
    }
    let renamed = json!({"kind": "area", "record": {"key": "department:47", "name": "Lot et Garonne"}});
    running.store.apply(&change_set("renamed", "2026-11-27T10:00:00.000Z", vec![put(&renamed)])).await.expect("a change");
    let later = get(&running, AREA, &[("If-None-Match", others[3].header("etag").expect("a tag"))]).await;
    assert_eq!((later.status, later.header("cache-status")), (200, Some("maillage; fwd=miss")), "{}", later.headers);
    assert!(later.body.contains("Lot et Garonne"), "{}", later.body);
}

#[tokio::test]
async fn what_is_no_lasting_answer_is_kept_by_nobody() {
    let running = start().await;
    for path in [RUNS, WRONG, "/graphql?query=%7B", "/graphql"] {
        for _ in 0..2 {
            let answer = get(&running, path, &[]).await;
            let kept = (answer.header("etag"), answer.header("cache-control"), answer.header("cache-status"));
            assert_eq!(kept, (None, Some("no-store"), None), "{path}: {}", answer.headers);
        }
    }
    // What is sent by POST is kept here alone.
    for status in ["maillage; fwd=miss", "maillage; hit"] {
        let answer = running.ask("{ town(key: \"insee:47001\") { population } }", &json!({}), &[]).await;
        let kept = (answer.header("etag"), answer.header("cache-control"), answer.header("cache-status"));
        assert_eq!(kept, (None, Some("no-store"), Some(status)), "{}", answer.headers);
    }
}

#[tokio::test]
async fn what_is_kept_is_given_while_the_store_is_away_and_marked() {
    let running = start().await;
    let before = get(&running, TOWN, &[]).await;
    running.store.is_away.store(true, Ordering::SeqCst);
    running.behind.is_away.store(true, Ordering::SeqCst);
    let marked = async |expected: &str| {
        for _ in 0..200 {
            let answer = get(&running, TOWN, &[]).await;
            assert_eq!((answer.status, &answer.body), (200, &before.body));
            if answer.header("cache-status") == Some(expected) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never {expected}");
    };
    marked("maillage; hit; detail=stale").await;
    assert_eq!(get(&running, AREA, &[]).await.status, 503);
    running.store.is_away.store(false, Ordering::SeqCst);
    running.behind.is_away.store(false, Ordering::SeqCst);
    marked("maillage; hit").await;
    assert_eq!(get(&running, AREA, &[]).await.status, 200);
}

#[tokio::test]
async fn pages_of_other_sites_may_ask() {
    let running = start().await;
    let answer = get(&running, TOWN, &[("Origin", "https://carte.example")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{}", answer.headers);
    assert!(answer.header("access-control-expose-headers").is_some_and(|names| names.contains("etag")), "{}", answer.headers);
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    let preflight = [
        ("Origin", "https://carte.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    let answer = running.send("OPTIONS", "/graphql", &preflight, "").await;
    assert_eq!(answer.status, 200, "{}", answer.headers);
    let allowed = answer.header("access-control-allow-headers").unwrap_or_default().to_ascii_lowercase();
    assert!(allowed.contains("content-type"), "{}", answer.headers);
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_takes_that() {
    let running = start().await;
    let long = "/graphql?query=%7B%20__schema%20%7B%20types%20%7B%20name%20description%20%7D%20%7D%20%7D";
    let plain = get(&running, long, &[]).await;
    assert_eq!(plain.header("content-encoding"), None);
    for encoding in ["gzip", "br", "zstd"] {
        let packed = get(&running, long, &[("Accept-Encoding", encoding)]).await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, Some(encoding)), "{}", packed.headers);
        assert!(packed.body.len() < plain.body.len(), "{encoding}: {} of {}", packed.body.len(), plain.body.len());
        assert_eq!(packed.header("etag"), plain.header("etag"), "compressed or not, it is the same");
    }
}

/// A request: its method, address, headers and body.
type Sent<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

#[tokio::test]
async fn the_same_request_is_answered_as_before() {
    let running = start().await;
    let query = json!({"query": "{ town(key: \"insee:47001\") { name } }"}).to_string();
    let posted = [("Content-Type", "application/json")];
    let gzip = [("Accept-Encoding", "gzip")];
    let page = "/topics/wifi";
    let requests: [Sent<'_>; 7] = [
        ("GET", TOWN, &[], ""),
        ("GET", TOWN, &[("Accept-Language", "en")], ""),
        ("GET", TOWN, &gzip, ""),
        ("GET", page, &gzip, ""),
        ("GET", page, &[("Accept", "application/ld+json")], ""),
        ("POST", "/graphql", &posted, &query),
        ("HEAD", TOWN, &[], ""),
    ];
    let mut ids = Vec::new();
    for (method, path, headers, body) in requests {
        let send = async |headers: &[(&str, &str)]| running.send(method, path, headers, body).await;
        // What is of one response alone: when it was sent, by which id, whether it was kept, and whether its length was known beforehand.
        let lasting = |answer: &Answer| -> Vec<String> {
            let own = ["date:", "x-request-id:", "cache-status:", "content-length:", "transfer-encoding:"];
            answer.headers.lines().map(str::to_owned).filter(|line| !own.iter().any(|name| line.starts_with(name))).collect()
        };
        let first = send(headers).await;
        assert_eq!(first.status, 200, "{method} {path}: {} {}", first.headers, first.body);
        let mut before: Option<Answer> = None;
        for time in 1..4 {
            let again = send(headers).await;
            assert_eq!(lasting(&again), lasting(&first), "{method} {path}, time {time}");
            assert_eq!(again.header("cache-status"), Some("maillage; hit"), "{method} {path}, time {time}");
            // What was compressed on the way came in pieces at first.
            if let Some(before) = before.as_ref().or_else(|| first.header("content-length").map(|_| &first)) {
                assert_eq!(again.bytes, before.bytes, "{method} {path}, time {time}");
            }
            ids.push(again.header("x-request-id").expect("an id").to_owned());
            before = Some(again);
        }
        let before = before.expect("answers");
        let named = send(&[headers, &[("X-Request-Id", "mine")]].concat()).await;
        assert_eq!((named.header("x-request-id"), &named.bytes), (Some("mine"), &before.bytes), "{method} {path}");
        let unfit = send(&[headers, &[("X-Request-Id", "mine and\u{e9}")]].concat()).await;
        assert_ne!(unfit.header("x-request-id"), Some("mine and\u{e9}"), "{method} {path}");
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "each request has an id of its own");
    let renamed = json!({"kind": "town", "record": {"key": "insee:47001", "name": "Agen-sur-Garonne", "type": "commune"}});
    running.store.apply(&change_set("renamed", "2026-11-27T10:00:00.000Z", vec![put(&renamed)])).await.expect("a change");
    for (method, path, headers, body) in requests {
        let answer = running.send(method, path, headers, body).await;
        let is_of_the_town = method != "HEAD" && path != page && headers != gzip;
        assert!(!is_of_the_town || answer.body.contains("Agen-sur-Garonne"), "{method} {path}: {}", answer.body);
    }
}
