//! GraphQL over HTTP, as its specification has it: our own, since the library's extractor and responder pass mutations over
//! GET and `text/plain`, and parse what ends the process.
//!
//! `question` reads what is asked, `prepare` checks, prices and executes it, `written` puts the answer into its form; `asking` is
//! who asks and how, `ours` are the questions of our own addresses.

mod asking;
mod ours;
mod prepare;
mod question;
mod refusal;
mod written;

use async_graphql::parser::types::OperationType;
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Query, State, rejection::BytesRejection};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

pub use self::asking::{Asking, Made, accepted};
pub use self::ours::{Failed, data, data_for, data_of_ours, spend_on};
pub use self::prepare::{Prepared, execute, within_limits};
pub use self::refusal::Refusal;
pub use self::written::errors_text;

use self::asking::kept;
use self::ours::told;
use self::prepare::{admit, chosen, prepare, read, spend};
use self::question::{Parameters, Question, from_body, from_object, from_parameters};
use self::written::{Form, Written, executed, not_kept, refused};
use super::cache::{Kept, Key};
use super::events::{self, Listening};
use super::{Service, socket};
use crate::graphql::error::{Code, coded};
use crate::graphql::language::Preferences;

/// A question in the address, or a client that would talk by WebSocket.
pub async fn get(
    State(service): State<Service>,
    asking: Asking,
    socket: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    Query(parameters): Query<Parameters>,
) -> Response {
    // Other upgrades are offers, such as Java's of HTTP/2: whoever makes one is answered as it is.
    if asking.headers.get(header::UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket")) {
        return match socket {
            Ok(socket) => socket::open(service, asking, socket),
            Err(problem) => problem.into_response(),
        };
    }
    let question = from_parameters(parameters);
    answer(&service, &asking, question).await
}

/// A question in the body.
pub async fn post(State(service): State<Service>, asking: Asking, body: Result<Bytes, BytesRejection>) -> Response {
    let question = from_body(&asking.headers, body);
    answer(&service, &asking, question).await
}

/// Any other method.
pub async fn other_method() -> Response {
    let mut response = (StatusCode::METHOD_NOT_ALLOWED, "a question is asked by GET or POST\n").into_response();
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    response
}

async fn answer(service: &Service, asking: &Asking, question: Result<Question, Refusal>) -> Response {
    let Asking { headers, method, .. } = asking;
    let question = question.and_then(|question| question.with_query(service));
    match question.as_ref().ok().and_then(|question| subscribe(service, asking, question).transpose()) {
        Some(Ok(events)) => return events,
        Some(Err(refusal)) => return refused(Form::GraphqlResponse, refusal),
        None => {}
    }
    let Some(form) = Form::accepted(headers) else {
        let error = coded(
            Code::BadUserInput,
            "answers are given as application/graphql-response+json or application/json, those of subscriptions as text/event-stream, \
             and the header Accept takes none of these",
        );
        return refused(Form::Json, Refusal::malformed(StatusCode::NOT_ACCEPTABLE, error));
    };
    let question = match question {
        Ok(question) => question,
        Err(refusal) => return refused(form, refusal),
    };
    let preferences = asking.languages();
    let key = key_of(service, form, &preferences, &question).await;
    // Only what was asked by GET may be kept by others.
    let shared = key.filter(|_| *method == Method::GET);
    if shared.is_some_and(|key| key.is_known_to(headers)) {
        return kept(service, shared, true, StatusCode::NOT_MODIFIED.into_response());
    }
    if let Some(Kept { body, .. }) = key.and_then(|key| service.inner.answers.get(&key)) {
        return kept(service, shared, true, (Written { status: StatusCode::OK, form, body }).into_response());
    }
    let Prepared { request, shape, cost } = match prepare(service, method, question) {
        Ok(prepared) => prepared,
        Err(refusal) => return refused(form, refusal),
    };
    let account = spend(service, asking, cost);
    let (_place, mut response) = match admit(service, account) {
        Err(refusal) => (None, refused(form, refusal)),
        Ok(place) => {
            let answer = execute(service, preferences, request).await;
            let is_whole = answer.errors.is_empty();
            let written = executed(form, &shape, cost, answer);
            let response = match key.filter(|_| is_whole && shape.is_of_query() && written.status == StatusCode::OK) {
                Some(key) => {
                    service.inner.answers.keep(key, &written.body.clone().into());
                    kept(service, shared, false, written.into_response())
                }
                None => not_kept(written.into_response()),
            };
            (Some(place), response)
        }
    };
    response.headers_mut().extend(told(account));
    response
}

/// What an answer depends on; `None` for one that changes without the graph, and where the graph cannot be asked which it is.
async fn key_of(service: &Service, form: Form, preferences: &Preferences, question: &Question) -> Option<Key> {
    // Imports are kept beside the graph, and run. A name in a text only makes that one answer unkept.
    if ["runs", "lastRun", "ImportRun"].iter().any(|name| question.query.contains(name)) {
        return None;
    }
    let graph = service.inner.answers.graph(&service.inner.explore).await?;
    let variables = serde_json::to_vec(&question.variables).ok()?;
    let languages = preferences.written();
    let name = question.operation_name.as_deref().unwrap_or_default();
    let parts = [graph.as_ref(), form.media_type(), &languages, &question.query, name].map(str::as_bytes);
    Some(Key::of(parts.into_iter().chain([variables.as_slice()])))
}

/// The events of a subscription; `None` if the question is none, or the client takes no events: many take everything that there is,
/// whatever they ask.
fn subscribe(service: &Service, asking: &Asking, question: &Question) -> Result<Option<Response>, Refusal> {
    if !accepted(&asking.headers).any(|(media_type, _)| media_type == "text/event-stream") {
        return Ok(None);
    }
    Ok(subscription(service, asking, question)?.map(events::answer))
}

/// Begins a subscription; `None` if the question is none.
fn subscription(service: &Service, asking: &Asking, question: &Question) -> Result<Option<Listening>, Refusal> {
    // Queries, which are most of what is asked, are parsed once.
    if !question.query.contains("subscription") {
        return Ok(None);
    }
    let document = service.inner.documents.get_or_read(&question.query, read)?;
    let operation = chosen(&document, question.operation_name.as_deref())?;
    if operation.ty != OperationType::Subscription {
        return Ok(None);
    }
    let operation = operation.clone();
    events::listen(service, asking, document, &operation, question.variables.clone()).map(Some)
}

/// What is asked over a connection that stays open.
pub enum Asked {
    /// What comes, as it comes.
    Subscription(Box<Listening>),
    /// An answer, and no more.
    Once(String),
}

/// Begins what is asked over a connection that stays open; the question as in the body of a request.
pub async fn ask(service: &Service, asking: &Asking, question: serde_json::Value) -> Result<Asked, Refusal> {
    let question = from_object(question)?.with_query(service)?;
    if let Some(listening) = subscription(service, asking, &question)? {
        return Ok(Asked::Subscription(Box::new(listening)));
    }
    let Prepared { request, shape, cost } = prepare(service, &Method::POST, question)?;
    let _place = admit(service, spend(service, asking, cost))?;
    let answer = execute(service, asking.languages(), request).await;
    let written = executed(Form::GraphqlResponse, &shape, cost, answer);
    Ok(Asked::Once(String::from_utf8_lossy(&written.body).into_owned()))
}

/// Why a connection is not opened.
pub fn refused_connection(refusal: Refusal) -> Response {
    refused(Form::GraphqlResponse, refusal)
}
