//! GraphQL over WebSocket, as the protocol `graphql-transport-ws` has it
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>): subscriptions and queries, many over one connection.
//!
//! A connection takes a place of those who listen, and so does each subscription. Each operation is worked on in a task of its own, which waits
//! until what it has to tell was sent: a client that reads slowly holds back its own operations, and nobody else.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::{AbortHandle, JoinSet};

use super::clients::MOST_SUBSCRIPTIONS;
use super::events::{Places, Told};
use super::graphql::{self, Asked, Asking};
use super::{LARGEST_BODY, Service};

const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take before it begins.
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// So often a client is asked whether it is still there.
const ALIVE: Duration = Duration::from_secs(12);

/// A client that says nothing for so long is gone; it answers when it is asked.
const SILENCE: Duration = Duration::from_secs(40);

/// How long a client may take to read a message.
const SEND_LIMIT: Duration = Duration::from_secs(20);

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Said {
    ConnectionInit {},
    Ping {},
    Pong {},
    Subscribe { id: String, payload: Value },
    Complete { id: String },
}

/// Why a connection is closed.
struct Closed {
    code: u16,
    reason: String,
}

impl Closed {
    fn new(code: u16, reason: &str) -> Self {
        Self { code, reason: reason.to_owned() }
    }
}

/// The client is not there any more, or is told to leave.
enum End {
    Gone,
    Told(Closed),
}

/// Takes up a client that would talk.
pub fn open(service: Service, asking: Asking, upgrade: WebSocketUpgrade) -> Response {
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(LARGEST_BODY).max_frame_size(LARGEST_BODY);
    if upgrade.selected_protocol().is_none() {
        let text = format!("the only protocol is {PROTOCOL}: name it in Sec-WebSocket-Protocol\n");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let place = match Places::take(&service, &asking) {
        Ok(place) => place,
        Err(refusal) => return graphql::refused_connection(refusal),
    };
    upgrade.on_upgrade(move |socket| async move {
        let _place = place;
        Connection::new(service, asking, socket).run().await;
    })
}

/// What an operation has to tell, with the number that it has on the connection.
struct News {
    id: String,
    number: u64,
    told: Told,
}

struct Connection {
    service: Service,
    asking: Arc<Asking>,
    socket: WebSocket,
    is_begun: bool,
    /// The operations under way, by the id that the client gave, each with its number.
    operations: HashMap<String, (u64, AbortHandle)>,
    /// Ends them all when the connection does.
    tasks: JoinSet<()>,
    started: u64,
    news: (Sender<News>, Receiver<News>),
}

impl Connection {
    fn new(service: Service, asking: Asking, socket: WebSocket) -> Self {
        Self {
            service,
            asking: Arc::new(asking),
            socket,
            is_begun: false,
            operations: HashMap::new(),
            tasks: JoinSet::new(),
            started: 0,
            news: mpsc::channel(1),
        }
    }

    async fn run(mut self) {
        let end = self.talk().await;
        if let Err(End::Told(Closed { code, reason })) = end {
            let frame = CloseFrame { code, reason: Utf8Bytes::from(reason) };
            // Whoever is gone cannot be told.
            let _ = tokio::time::timeout(SEND_LIMIT, self.socket.send(Message::Close(Some(frame)))).await;
        }
    }

    async fn talk(&mut self) -> Result<(), End> {
        let (opened, mut heard) = (Instant::now(), Instant::now());
        let mut ticks = tokio::time::interval(ALIVE.min(INIT_LIMIT));
        loop {
            tokio::select! {
                message = self.socket.recv() => {
                    heard = Instant::now();
                    match message {
                        None | Some(Err(_) | Ok(Message::Close(_))) => return Err(End::Gone),
                        Some(Ok(Message::Text(text))) => self.hear(&text).await?,
                        Some(Ok(Message::Binary(_))) => return Err(End::Told(Closed::new(4400, "messages are text"))),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    }
                }
                Some(news) = self.news.1.recv() => self.tell(news).await?,
                Some(_) = self.tasks.join_next() => {}
                _ = ticks.tick() => {
                    if !self.is_begun && opened.elapsed() >= INIT_LIMIT {
                        return Err(End::Told(Closed::new(4408, "Connection initialisation timeout")));
                    }
                    if heard.elapsed() >= SILENCE {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Vec::new().into())).await?;
                }
            }
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(SEND_LIMIT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Gone),
        }
    }

    async fn say(&mut self, message: String) -> Result<(), End> {
        self.send(Message::Text(message.into())).await
    }

    async fn hear(&mut self, text: &str) -> Result<(), End> {
        let said = serde_json::from_str(text)
            .map_err(|problem| End::Told(Closed::new(4400, &format!("the message cannot be read: {}", cause(&problem)))))?;
        match said {
            Said::ConnectionInit {} if self.is_begun => Err(End::Told(Closed::new(4429, "Too many initialisation requests"))),
            Said::ConnectionInit {} => {
                self.is_begun = true;
                self.say(r#"{"type":"connection_ack"}"#.to_owned()).await
            }
            Said::Ping {} => self.say(r#"{"type":"pong"}"#.to_owned()).await,
            Said::Pong {} => Ok(()),
            Said::Subscribe { .. } if !self.is_begun => Err(End::Told(Closed::new(4401, "Unauthorized"))),
            Said::Subscribe { id, .. } if self.operations.contains_key(&id) => {
                let id: String = id.chars().filter(char::is_ascii).take(60).collect();
                Err(End::Told(Closed::new(4409, &format!("Subscriber for {id} already exists"))))
            }
            Said::Subscribe { .. } if self.operations.len() >= MOST_SUBSCRIPTIONS => {
                Err(End::Told(Closed::new(4429, &format!("more than {MOST_SUBSCRIPTIONS} operations at a time"))))
            }
            Said::Subscribe { id, payload } => {
                self.start(id, payload);
                Ok(())
            }
            Said::Complete { id } => {
                if let Some((_, operation)) = self.operations.remove(&id) {
                    operation.abort();
                }
                Ok(())
            }
        }
    }

    fn start(&mut self, id: String, question: Value) {
        self.started += 1;
        let (number, sender) = (self.started, self.news.0.clone());
        let (service, asking, name) = (self.service.clone(), Arc::clone(&self.asking), id.clone());
        let operation = self.tasks.spawn(async move {
            let tell = async |told| sender.send(News { id: name.clone(), number, told }).await;
            match graphql::ask(&service, &asking, question).await {
                Ok(Asked::Subscription(mut listening)) => {
                    while let Some(told) = listening.next().await {
                        if tell(told).await.is_err() {
                            return;
                        }
                    }
                }
                // Nobody reads any more where this fails.
                Ok(Asked::Once(answer)) => {
                    let _ = tell(Told::Next(answer)).await;
                    let _ = tell(Told::Complete).await;
                }
                Err(refusal) => {
                    let _ = tell(Told::Failed(graphql::errors_text(&[refusal.into_error()]))).await;
                }
            }
        });
        self.operations.insert(id, (number, operation));
    }

    async fn tell(&mut self, News { id, number, told }: News) -> Result<(), End> {
        // The client may have ended it, and have given the id to another.
        if self.operations.get(&id).is_none_or(|(present, _)| *present != number) {
            return Ok(());
        }
        let written_id = Value::from(id.as_str());
        let message = match told {
            Told::Next(answer) => format!(r#"{{"id":{written_id},"type":"next","payload":{answer}}}"#),
            Told::Failed(answer) => {
                let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
                self.end(&id);
                format!(r#"{{"id":{written_id},"type":"error","payload":{}}}"#, answer["errors"])
            }
            Told::Complete => {
                self.end(&id);
                format!(r#"{{"id":{written_id},"type":"complete"}}"#)
            }
        };
        self.say(message).await
    }

    fn end(&mut self, id: &str) {
        if let Some((_, operation)) = self.operations.remove(id) {
            operation.abort();
        }
    }
}

/// A reason has 123 bytes at the most.
fn cause(problem: &serde_json::Error) -> String {
    problem.to_string().chars().filter(char::is_ascii).take(80).collect()
}
