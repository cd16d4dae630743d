//! GraphQL over HTTP, health, pages.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{start, start_empty};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const NEW: (&str, &str) = ("Accept", "application/graphql-response+json");
const OLD: (&str, &str) = ("Accept", "application/json");

/// Method, address, headers, body; status, content type, code of the first error.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str, &'a str);

#[tokio::test]
async fn requests_are_answered_as_the_specification_has_it() {
    let running = start().await;
    let town = r#"{"query":"{ town(key: \"insee:47001\") { name } }"}"#;
    let get = "/graphql?query=%7Brevision%7D";
    let new_type = "application/graphql-response+json; charset=utf-8";
    let old_type = "application/json; charset=utf-8";
    let cases: &[Case<'_>] = &[
        ("POST", "/graphql", &[JSON, NEW], town, 200, new_type, ""),
        ("POST", "/graphql", &[JSON, OLD], town, 200, old_type, ""),
        ("POST", "/graphql", &[JSON], town, 200, old_type, ""),
        ("POST", "/graphql", &[JSON, ("Accept", "*/*")], town, 200, old_type, ""),
        ("POST", "/graphql", &[JSON, ("Accept", "application/json, application/graphql-response+json")], town, 200, new_type, ""),
        (
            "POST",
            "/graphql",
            &[JSON, ("Accept", "application/graphql-response+json;q=0.5, application/json")],
            town,
            200,
            old_type,
            "",
        ),
        ("POST", "/graphql", &[JSON, ("Accept", "text/html")], town, 406, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[("Content-Type", "application/json; charset=UTF-8"), NEW], town, 200, new_type, ""),
        ("POST", "/graphql", &[("Content-Type", "application/json; charset=latin1"), NEW], town, 415, new_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[("Content-Type", "text/plain"), NEW], town, 415, new_type, "BAD_USER_INPUT"),
        (
            "POST",
            "/graphql",
            &[("Content-Type", "application/x-www-form-urlencoded"), NEW],
            "query={revision}",
            415,
            new_type,
            "BAD_USER_INPUT",
        ),
        ("POST", "/graphql", &[NEW], town, 415, new_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], "{", 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], "[]", 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], "{}", 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":7}"#, 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":"{revision}","variables":[]}"#, 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":"{revision}","operationName":7}"#, 400, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":"{revision}","extensions":7}"#, 400, old_type, "BAD_USER_INPUT"),
        (
            "POST",
            "/graphql",
            &[JSON, NEW],
            r#"{"query":"{revision}","variables":null,"operationName":null,"extensions":{"a":1}}"#,
            200,
            new_type,
            "",
        ),
        ("POST", "/graphql", &[JSON, NEW], r#"{"query":"{"}"#, 400, new_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":"{"}"#, 200, old_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, NEW], r#"{"query":"{ nothing }"}"#, 400, new_type, "BAD_USER_INPUT"),
        ("POST", "/graphql", &[JSON, OLD], r#"{"query":"{ nothing }"}"#, 200, old_type, "BAD_USER_INPUT"),
        (
            "POST",
            "/graphql",
            &[JSON, NEW],
            r#"{"query":"query A {revision} query B {sources{key}}"}"#,
            400,
            new_type,
            "BAD_USER_INPUT",
        ),
        (
            "POST",
            "/graphql",
            &[JSON, NEW],
            r#"{"query":"query A {revision} query B {sources{key}}","operationName":"A"}"#,
            200,
            new_type,
            "",
        ),
        (
            "POST",
            "/graphql",
            &[JSON, NEW],
            r#"{"query":"query A {revision}","operationName":"C"}"#,
            400,
            new_type,
            "BAD_USER_INPUT",
        ),
        ("POST", "/graphql", &[JSON, NEW], r#"{"query":"mutation { withdraw }"}"#, 400, new_type, "BAD_USER_INPUT"),
        ("GET", get, &[NEW], "", 200, new_type, ""),
        (
            "GET",
            "/graphql?query=query(%24k:String!)%7Btown(key:%24k)%7Bname%7D%7D&variables=%7B%22k%22:%22insee:47001%22%7D",
            &[NEW],
            "",
            200,
            new_type,
            "",
        ),
        ("GET", "/graphql?query=%7Brevision%7D&variables=&operationName=", &[NEW], "", 200, new_type, ""),
        ("GET", "/graphql?query=%7Brevision%7D&variables=7", &[OLD], "", 400, old_type, "BAD_USER_INPUT"),
        ("GET", "/graphql?query=mutation%7Bwithdraw%7D", &[NEW], "", 405, new_type, "BAD_USER_INPUT"),
        ("GET", "/graphql?query=subscription%7Bchanges%7Brevision%7D%7D", &[NEW], "", 405, new_type, "BAD_USER_INPUT"),
        ("GET", "/graphql", &[NEW], "", 400, new_type, "BAD_USER_INPUT"),
    ];
    for (method, address, headers, body, status, content_type, code) in cases {
        let answer = running.send(method, address, headers, body).await;
        let found = (answer.status, answer.header("content-type").unwrap_or_default(), answer.code());
        assert_eq!(found, (*status, *content_type, (*code).to_owned()), "{method} {address} {headers:?} {body}: {}", answer.body);
    }
    let put = running.send("PUT", "/graphql", &[JSON], town).await;
    assert_eq!((put.status, put.header("allow")), (405, Some("GET, HEAD, POST")));
    let long = json!({ "query": "{revision}", "variables": { "a": "x".repeat(300_000) } }).to_string();
    let refused = running.send("POST", "/graphql", &[JSON, NEW], &long).await;
    assert_eq!((refused.status, refused.code()), (413, "QUERY_TOO_COSTLY".to_owned()));
}

#[tokio::test]
async fn a_store_that_is_away_is_told_and_comes_back() {
    let running = start().await;
    let query = "{ town(key: \"insee:47001\") { name } sources { key } }";
    running.store.is_away.store(true, Ordering::SeqCst);
    let answer = running.ask(query, &Value::Null, &[]).await;
    assert_eq!((answer.status, answer.code()), (503, "UNAVAILABLE".to_owned()), "{}", answer.body);
    assert!(!answer.body.contains("secret-host") && !answer.body.contains("10.1.2.3"), "{}", answer.body);
    assert_eq!(answer.json()["data"], Value::Null);
    assert_eq!(running.send("GET", "/health/live", &[], "").await.status, 200);
    let ready = running.send("GET", "/health/ready", &[], "").await;
    assert_eq!((ready.status, &ready.json()["code"]), (503, &json!("UNAVAILABLE")));

    running.store.is_away.store(false, Ordering::SeqCst);
    assert_eq!(running.data(query).await["town"]["name"], "Agen");
    let ready = running.send("GET", "/health/ready", &[], "").await;
    assert_eq!((ready.status, ready.json()), (200, json!({ "status": "ready", "revision": 3 })));
}

#[tokio::test]
async fn a_question_that_takes_too_long_is_given_up() {
    let running = start_empty(Duration::from_millis(50)).await;
    running.store.is_silent.store(true, Ordering::SeqCst);
    for query in ["{ town(key: \"insee:47001\") { name } }", "{ revision }"] {
        let before = running.store.dropped.load(Ordering::SeqCst);
        let answer = running.ask(query, &Value::Null, &[]).await;
        assert_eq!((answer.status, answer.code()), (504, "TIMEOUT".to_owned()), "{}", answer.body);
        assert_eq!(running.store.dropped.load(Ordering::SeqCst), before + 1, "the store's answer is waited for no more");
    }
}

#[tokio::test]
async fn pages_ask_nothing_of_other_hosts() {
    let running = start().await;
    for (address, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/graphiql", "text/html; charset=utf-8"),
        ("/graphiql/explorer.js", "text/javascript; charset=utf-8"),
        ("/graphiql/explorer.css", "text/css; charset=utf-8"),
    ] {
        let answer = running.send("GET", address, &[], "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{address}");
        assert!(answer.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
        let elsewhere = answer.body.matches("//").count() - answer.body.matches("https://maillage.example/").count();
        let comments = answer.body.lines().filter(|line| line.trim_start().starts_with("// ")).count();
        assert_eq!(elsewhere, comments, "{address} names another host");
    }
    assert_eq!(running.send("GET", "/nowhere", &[], "").await.status, 404);
}

#[tokio::test]
async fn requests_have_ids() {
    let running = start().await;
    let id_of = async |given: &[(&str, &str)]| {
        running.send("GET", "/health/live", given, "").await.header("x-request-id").unwrap_or_default().to_owned()
    };
    let (first, second) = (id_of(&[]).await, id_of(&[]).await);
    assert!(!first.is_empty() && first != second);
    assert_eq!(id_of(&[("X-Request-Id", "from-a-proxy-7")]).await, "from-a-proxy-7");
    assert_ne!(id_of(&[("X-Request-Id", "a b\u{1b}[31m")]).await, "a b\u{1b}[31m");
}
