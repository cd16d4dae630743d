//! GraphQL over WebSocket.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::support::{Running, change_set, put, start};

struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a client gets.
#[derive(Debug, PartialEq)]
enum Got {
    Said(Value),
    Closed(u16),
}

impl Client {
    async fn open(running: &Running) -> Self {
        Self::try_open(running, Some("graphql-transport-ws")).await.expect("a connection")
    }

    /// The status of the answer if there is no connection.
    async fn try_open(running: &Running, protocol: Option<&'static str>) -> Result<Self, u16> {
        Self::try_open_from(running, protocol, "").await
    }

    /// Talks for somebody else, by a proxy.
    async fn try_open_from(running: &Running, protocol: Option<&'static str>, address: &'static str) -> Result<Self, u16> {
        let mut request = format!("ws://{}/graphql", running.address()).into_client_request().expect("a request");
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
        }
        request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static(address));
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    async fn begun(running: &Running) -> Self {
        let mut client = Self::open(running).await;
        client.say(&json!({ "type": "connection_init", "payload": { "token": "none" } })).await;
        assert_eq!(client.next().await, Got::Said(json!({ "type": "connection_ack" })));
        client
    }

    async fn say(&mut self, message: &Value) {
        self.0.send(Message::text(message.to_string())).await.expect("sent");
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(&json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    async fn next(&mut self) -> Got {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await.expect("an answer");
            match message.expect("a message").expect("no error") {
                Message::Text(text) => return Got::Said(serde_json::from_str(&text).expect("JSON")),
                Message::Close(frame) => return Got::Closed(frame.map_or(0, |frame| frame.code.into())),
                _ => {}
            }
        }
    }
}

const CHANGES: &str = "subscription { changes(since: 2) { revision record { key } } }";

fn change(id: &str, revision: u64, key: &str) -> Got {
    Got::Said(json!({
        "id": id, "type": "next", "payload": { "data": { "changes": { "revision": revision, "record": { "key": key } } } },
    }))
}

#[tokio::test]
async fn changes_and_answers_come_over_one_connection() {
    let running = start().await;
    let mut client = Client::begun(&running).await;
    client.say(&json!({ "type": "ping" })).await;
    assert_eq!(client.next().await, Got::Said(json!({ "type": "pong" })));
    client.subscribe("a", CHANGES).await;
    assert_eq!(client.next().await, change("a", 3, "estillac-wifi"));
    client.subscribe("b", "{ town(key: \"insee:47001\") { name } }").await;
    let Got::Said(answer) = client.next().await else { panic!("closed") };
    assert_eq!((&answer["id"], &answer["payload"]["data"]), (&json!("b"), &json!({ "town": { "name": "Agen" } })), "{answer}");
    assert_eq!(client.next().await, Got::Said(json!({ "id": "b", "type": "complete" })));

    let record = json!({"kind": "initiative", "record": {"key": "agen-nouveau", "title": "Nouveau", "language": "fr",
        "places": [{"target": {"town": "insee:47001"}}], "provenance": [{"source": "maillage"}]}});
    running.store.apply(&change_set("new", "2026-11-27T10:00:00.000Z", vec![put(&record)])).await.expect("a change");
    assert_eq!(client.next().await, change("a", 4, "agen-nouveau"));
    // Once it is ended, its id is free.
    client.say(&json!({ "id": "a", "type": "complete" })).await;
    client.subscribe("a", "{ revision: town(key: \"insee:47001\") { key } }").await;
    let Got::Said(answer) = client.next().await else { panic!("closed") };
    assert_eq!(answer["payload"]["data"], json!({ "revision": { "key": "insee:47001" } }), "{answer}");
}

#[tokio::test]
async fn what_cannot_be_asked_ends_the_operation_alone() {
    let running = start().await;
    let mut client = Client::begun(&running).await;
    for (query, code) in [
        ("{ nothing }", "BAD_USER_INPUT"),
        ("{ town(key: ", "BAD_USER_INPUT"),
        ("subscription { nothing { a } }", "BAD_USER_INPUT"),
        ("subscription { changes(since: -1) { revision } }", "BAD_USER_INPUT"),
        (&format!("{{ {} }}", "a".repeat(100_000)), "QUERY_TOO_COSTLY"),
    ] {
        client.subscribe("x", query).await;
        let Got::Said(answer) = client.next().await else { panic!("closed") };
        let errors = if answer["type"] == "next" { &answer["payload"]["errors"] } else { &answer["payload"] };
        assert_eq!((&answer["id"], &errors[0]["extensions"]["code"]), (&json!("x"), &json!(code)), "{answer}");
        if answer["type"] == "next" {
            assert_eq!(client.next().await, Got::Said(json!({ "id": "x", "type": "complete" })));
        }
    }
}

#[tokio::test]
async fn who_does_not_keep_to_the_protocol_is_told_and_left() {
    let running = start().await;
    let init = json!({ "type": "connection_init" });
    let subscribe = json!({ "id": "a", "type": "subscribe", "payload": { "query": CHANGES } });
    for (messages, code) in [
        (vec![subscribe.clone()], 4401),
        (vec![json!({ "type": "nothing" })], 4400),
        (vec![json!("é".repeat(500))], 4400),
        (vec![json!({ "type": "subscribe", "id": 1 })], 4400),
        (vec![init.clone(), init.clone()], 4429),
        (vec![init.clone(), subscribe.clone(), subscribe.clone()], 4409),
    ] {
        let mut client = Client::open(&running).await;
        for message in &messages {
            client.say(message).await;
        }
        let closed = loop {
            if let Got::Closed(code) = client.next().await {
                break code;
            }
        };
        assert_eq!(closed, code, "{messages:?}");
    }
    assert_eq!(Client::try_open(&running, None).await.err(), Some(400));
    assert_eq!(Client::try_open(&running, Some("graphql-ws")).await.err(), Some(400));
}

#[tokio::test]
async fn other_offers_to_upgrade_are_not_taken() {
    let running = start().await;
    // As Java's client and curl ask for HTTP/2.
    let headers = [("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA")];
    let answer = running.send("GET", "/graphql?query=%7Brevision%7D", &headers, "").await;
    assert_eq!((answer.status, &answer.json()["data"]["revision"]), (200, &json!(3)), "{}", answer.body);
}

#[tokio::test]
async fn an_address_has_so_many_connections() {
    let running = start().await;
    let try_open = || Client::try_open_from(&running, Some("graphql-transport-ws"), "203.0.113.9");
    let mut clients = Vec::new();
    let refused = loop {
        match try_open().await {
            Ok(client) => clients.push(client),
            Err(status) => break status,
        }
    };
    assert_eq!((refused, clients.len()), (429, 20));
    clients.clear();
    // Places are free again once the service has seen that the clients are gone.
    let again = async {
        while try_open().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), again).await.expect("a place");
}
