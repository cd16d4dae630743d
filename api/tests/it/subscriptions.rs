//! Changes as they come, by server-sent events.

use std::time::Duration;

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Running, change_set, put, start, withdraw};

/// A client that listens.
struct Listener {
    stream: TcpStream,
    read: String,
}

impl Listener {
    async fn open(running: &Running, query: &str, variables: &Value) -> Self {
        Self::open_from(running, query, variables, "").await
    }

    /// Listens for somebody else, by a proxy.
    async fn open_from(running: &Running, query: &str, variables: &Value, address: &str) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let mut stream = TcpStream::connect(running.address()).await.expect("a connection");
        let request = format!(
            "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\n\
             X-Forwarded-For: {address}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.expect("a request");
        Self { stream, read: String::new() }
    }

    /// Whether the service does not let it listen.
    async fn is_refused(&mut self) -> bool {
        let mut buffer = [0; 12];
        self.stream.read_exact(&mut buffer).await.expect("a status");
        &buffer == b"HTTP/1.1 429"
    }

    /// The next event: its name and its data.
    async fn next(&mut self) -> (String, Value) {
        let waiting = async {
            loop {
                if let Some((before, after)) = self.read.split_once("\n\n") {
                    let event: Vec<(String, String)> = before
                        .lines()
                        .filter_map(|line| line.split_once(": ").or_else(|| line.split_once(':')))
                        .filter(|(name, _)| matches!(*name, "event" | "data"))
                        .map(|(name, value)| (name.to_owned(), value.to_owned()))
                        .collect();
                    let after = after.to_owned();
                    self.read = after;
                    if let [(_, event), rest @ ..] = event.as_slice() {
                        let data = rest.first().map_or("", |(_, data)| data.as_str());
                        return (event.clone(), serde_json::from_str(data).unwrap_or_default());
                    }
                    continue;
                }
                let mut buffer = vec![0; 64 << 10];
                let count = self.stream.read(&mut buffer).await.expect("an answer");
                assert!(count > 0, "the connection ended: {}", self.read);
                self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("an event")
    }

    /// The next change: its revision and the key of its record.
    async fn change(&mut self) -> (u64, String) {
        let (event, data) = self.next().await;
        assert_eq!(event, "next", "{data}");
        let change = &data["data"]["changes"];
        (change["revision"].as_u64().expect("a revision"), change["record"]["key"].as_str().unwrap_or_default().to_owned())
    }
}

const CHANGES: &str =
    "subscription($since: Int) { changes(since: $since) { revision kind record { key ... on Initiative { title } } } }";

#[tokio::test]
async fn nothing_is_missed_and_nothing_comes_twice() {
    let running = start().await;
    let mut expected = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query($after: String) { changes(first: 7, after: $after) { nodes { revision record { key } } pageInfo { hasNextPage endCursor } } }";
        let page = running.ask(query, &json!({ "after": after }), &[]).await.json()["data"]["changes"].clone();
        let nodes = page["nodes"].as_array().expect("nodes").iter();
        expected.extend(nodes.map(|node| {
            (node["revision"].as_u64().unwrap_or_default(), node["record"]["key"].as_str().unwrap_or_default().to_owned())
        }));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    let mut all = Listener::open(&running, CHANGES, &json!({ "since": 0 })).await;
    let mut from_second = Listener::open(&running, CHANGES, &json!({ "since": 1 })).await;
    let mut news = Listener::open(&running, "subscription { changes { revision record { key } } }", &Value::Null).await;
    for change in &expected {
        assert_eq!(all.change().await, *change);
    }
    for change in expected.iter().filter(|(revision, _)| *revision > 1) {
        assert_eq!(from_second.change().await, *change);
    }
    // What the service writes, and what another process does.
    let record = json!({"kind": "initiative", "record": {"key": "agen-nouveau", "title": "Nouveau", "language": "fr",
        "places": [{"target": {"town": "insee:47001"}}], "provenance": [{"source": "maillage"}]}});
    // The subscription without a revision begins when it is asked for, not when it is opened.
    tokio::time::sleep(Duration::from_millis(500)).await;
    running.store.apply(&change_set("new", "2026-11-27T10:00:00.000Z", vec![put(&record)])).await.expect("a change");
    running
        .beside
        .apply(&change_set("gone", "2026-11-27T11:00:00.000Z", vec![withdraw("agen-nouveau", None)]))
        .await
        .expect("a change");
    for listener in [&mut all, &mut from_second, &mut news] {
        assert_eq!(listener.change().await, (4, "agen-nouveau".to_owned()));
        assert_eq!(listener.change().await, (5, "agen-nouveau".to_owned()));
    }
}

#[tokio::test]
async fn a_subscription_has_the_form_that_was_asked_for() {
    let running = start().await;
    let query = "subscription News($since: Int!) { it: changes(since: $since) { ...Told } } fragment Told on Change { kind record { key } }";
    let mut listener = Listener::open(&running, query, &json!({ "since": 2 })).await;
    let (event, data) = listener.next().await;
    assert_eq!(event, "next");
    assert_eq!(data, json!({ "data": { "it": { "kind": "CHANGED", "record": { "key": "estillac-wifi" } } } }));
    // A revision that is none ends it.
    let mut wrong = Listener::open(&running, CHANGES, &json!({ "since": -1 })).await;
    let (event, data) = wrong.next().await;
    assert_eq!((event.as_str(), &data["errors"][0]["extensions"]["code"]), ("next", &json!("BAD_USER_INPUT")), "{data}");
    assert_eq!(wrong.next().await.0, "complete");
}

#[tokio::test]
async fn what_is_no_subscription_is_refused() {
    let running = start().await;
    let events = ("Accept", "text/event-stream");
    for (query, status, part) in [
        ("subscription { changes { revision } other: changes { revision } }", 400, "one field"),
        ("subscription { nothing { revision } }", 400, "one field"),
        ("subscription { changes(first: 3) { revision } }", 400, "no argument but since"),
        ("subscription { ...A } fragment A on Subscription { changes { revision } }", 400, "one field"),
        ("subscription { changes { revision }", 400, "cannot be read"),
    ] {
        let answer = running.ask(query, &Value::Null, &[events]).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, "BAD_USER_INPUT"), "{query}: {}", answer.body);
        assert!(answer.body.contains(part), "{query}: {}", answer.body);
    }
    let deep = format!(
        "subscription {{ changes {{ record {} }} }}",
        "{ id ... on Initiative { towns { initiatives { nodes ".repeat(3) + "{ id }" + &" } } } }".repeat(3)
    );
    let answer = running.ask(&deep, &Value::Null, &[events]).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "QUERY_TOO_COSTLY"), "{}", answer.body);
    // A query is no events, for a client that takes nothing else.
    let body = json!({ "query": "{ revision }" }).to_string();
    let headers = [events, ("Content-Type", "application/json")];
    let answer = running.send("POST", "/graphql", &headers, &body).await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "BAD_USER_INPUT"), "{}", answer.body);
    assert!(answer.body.contains("those of subscriptions as text/event-stream"), "{}", answer.body);
    // Without events there is no subscription.
    let answer = running.ask(CHANGES, &json!({ "since": 0 }), &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "BAD_USER_INPUT"), "{}", answer.body);
}

/// Some clients take everything that there is, whatever they ask.
#[tokio::test]
async fn a_query_is_answered_to_who_would_take_events_too() {
    let running = start().await;
    let accept = (
        "Accept",
        "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed",
    );
    let headers = [accept, ("Content-Type", "application/json")];
    for query in ["{ revision }", "{ search(text: \"subscription\") { totalCount } }"] {
        let answer = running.send("POST", "/graphql", &headers, &json!({ "query": query }).to_string()).await;
        assert_eq!((answer.status, &answer.json()["errors"]), (200, &Value::Null), "{query}: {}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/graphql-response+json; charset=utf-8"), "{query}");
    }
}

#[tokio::test]
async fn a_revision_that_is_not_given_is_the_present_one() {
    let running = start().await;
    let literal = "subscription { changes(since: null) { revision record { key } } }";
    let default = "subscription($since: Int = 2) { changes(since: $since) { revision record { key } } }";
    let mut listeners = [
        Listener::open(&running, CHANGES, &json!({})).await,
        Listener::open(&running, CHANGES, &json!({ "since": null })).await,
        Listener::open(&running, literal, &Value::Null).await,
        Listener::open(&running, default, &json!({})).await,
    ];
    assert_eq!(listeners[3].change().await, (3, "estillac-wifi".to_owned()), "a default is a revision");
    tokio::time::sleep(Duration::from_millis(500)).await;
    running
        .store
        .apply(&change_set("gone", "2026-11-27T11:00:00.000Z", vec![withdraw("agen-wifi", None)]))
        .await
        .expect("a change");
    for listener in &mut listeners {
        assert_eq!(listener.change().await, (4, "agen-wifi".to_owned()));
    }
}

#[tokio::test]
async fn a_client_may_listen_so_many_times() {
    let running = start().await;
    let open = async |address: &str| {
        Listener::open_from(&running, "subscription { changes(since: 2) { revision record { key } } }", &Value::Null, address)
            .await
    };
    let mut open_ones = Vec::new();
    for _ in 0..20 {
        let mut listener = open("192.0.2.1").await;
        assert!(!listener.is_refused().await);
        open_ones.push(listener);
    }
    let refused = async |address: &'static str| {
        let headers = [("Accept", "text/event-stream"), ("Content-Type", "application/json"), ("X-Forwarded-For", address)];
        let body = json!({ "query": "subscription { changes { revision } }" }).to_string();
        running.send("POST", "/graphql", &headers, &body).await
    };
    let answer = refused("192.0.2.1").await;
    assert_eq!((answer.status, answer.code().as_str()), (429, "RATE_LIMITED"), "{}", answer.body);
    assert!(answer.header("retry-after").is_some(), "{}", answer.headers);
    assert_eq!(open("192.0.2.2").await.change().await.0, 3, "others may");
    // Who stops listening makes room.
    open_ones.clear();
    let room = async {
        loop {
            let mut listener = open("192.0.2.1").await;
            if !listener.is_refused().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), room).await.expect("room");
}
