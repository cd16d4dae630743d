//! Responses as they were sent before: a request that is the same, word for word, is answered without being read again, and what was
//! compressed for one client is not compressed for the next.
//!
//! What may be given again, and for how long, is for [`cache`](super::cache) to say: a response is kept here once an answer that is kept there was asked for
//! again. Unlike there, the way in which something is asked counts.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header, response};
use axum::response::{IntoResponse as _, Response};
use futures::stream;

use super::cache::{CACHE_STATUS, Key, LARGEST, Weighed, status};
use super::{REQUEST_ID, Service, request_id};

/// The headers of a request that its answer may depend on.
const READ: [HeaderName; 4] = [header::ACCEPT, header::ACCEPT_ENCODING, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE];

/// Requests with one of these are about something else than an answer.
const OTHERWISE: [HeaderName; 2] = [header::IF_NONE_MATCH, header::UPGRADE];

/// A question that is longer is not looked for.
const LONGEST: usize = 16 << 10;

/// How long the body of such a question may take to come.
const BODY_LIMIT: Duration = Duration::from_secs(10);

/// About what the headers of a response take.
const HEADERS: u64 = 1_024;

/// Marks a response that is the same for whoever sends the same request, for as long as the graph is as it is.
#[derive(Debug, Clone, Copy)]
pub struct SameForAll;

/// A response as it was sent; the id of the request is another each time.
#[derive(Debug, Clone)]
pub struct Sent {
    headers: HeaderMap,
    body: Bytes,
}

impl Weighed for Sent {
    fn bytes(&self) -> u64 {
        self.body.len() as u64 + HEADERS
    }
}

impl Sent {
    fn response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        response
    }
}

/// Answers a request as the same one was answered before; lets others be answered by whoever knows.
pub async fn give_again(service: &Service, request: Request, answer: impl AsyncFnOnce(Request) -> Response) -> Response {
    let (parts, body) = request.into_parts();
    let is_plain = service.inner.responses.keeps_any() && what_counts(&parts).is_some();
    let body = if is_plain { whole(&parts, body).await } else { Err(body) };
    let body = match body {
        Ok(body) => body,
        Err(body) => return answer(Request::from_parts(parts, body)).await,
    };
    let key = key_of(service, &parts, &body).await;
    if let Some(sent) = key.and_then(|key| service.inner.responses.get(&key)) {
        return again(service, &parts, sent);
    }
    let response = answer(Request::from_parts(parts, body.into())).await;
    match key.filter(|_| response.status() == StatusCode::OK && response.extensions().get::<SameForAll>().is_some()) {
        Some(key) => keep(service, key, response).await,
        None => response,
    }
}

/// The response to a request that was answered before.
fn again(service: &Service, parts: &Parts, sent: Sent) -> Response {
    let id = request_id::given(&parts.headers).cloned().or_else(|| service.inner.ids.next());
    let shown = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::debug!(id = shown, method = %parts.method, path = parts.uri.path(), "answered as before");
    let mut response = sent.response();
    let headers = response.headers_mut();
    headers.insert(CACHE_STATUS, status(true, service.inner.explore.is_in_touch()));
    if let Some(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// Keeps a response; gives it as it is.
async fn keep(service: &Service, key: Key, response: Response) -> Response {
    let (response::Parts { headers, .. }, body) = response.into_parts();
    // It is made of an answer that is kept, which is no longer than that.
    match to_bytes(body, 2 * LARGEST).await {
        Ok(body) => {
            let sent = Sent { headers, body };
            service.inner.responses.keep(key, &sent);
            sent.response()
        }
        Err(problem) => {
            tracing::error!(error = %problem, "a response could not be made whole");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What a response depends on; `None` while the graph cannot be asked which it is.
async fn key_of(service: &Service, parts: &Parts, body: &[u8]) -> Option<Key> {
    let read = what_counts(parts)?;
    let graph = service.inner.answers.graph(&service.inner.explore).await?;
    let address = parts.uri.path_and_query().map_or("", |address| address.as_str());
    let asked = [graph.as_bytes(), parts.method.as_str().as_bytes(), address.as_bytes(), body];
    Some(Key::of(asked.into_iter().chain(read)))
}

/// What of a request's head its answer depends on, beside method and address; `None` if the request is no plain question.
fn what_counts(parts: &Parts) -> Option<[&[u8]; 4]> {
    let is_question = parts.method == Method::GET || (parts.method == Method::POST && parts.uri.path() == "/graphql");
    if !is_question || OTHERWISE.iter().any(|name| parts.headers.contains_key(name)) {
        return None;
    }
    let mut is_plain = true;
    let read = READ.map(|name| {
        let mut values = parts.headers.get_all(name).iter();
        let first = values.next().map_or(b"".as_slice(), |value| value.as_bytes());
        is_plain &= values.next().is_none();
        first
    });
    is_plain.then_some(read)
}

/// The whole body of a question; as it is, if it is long or of unknown length, and what became of it if it did not come.
async fn whole(parts: &Parts, body: Body) -> Result<Bytes, Body> {
    if parts.method == Method::GET {
        return if body.is_end_stream() { Ok(Bytes::new()) } else { Err(body) };
    }
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_none_or(|length| length > LONGEST) {
        return Err(body);
    }
    let failed = |problem: io::Error| Body::from_stream(stream::iter([Err::<Bytes, _>(problem)]));
    match tokio::time::timeout(BODY_LIMIT, to_bytes(body, LONGEST)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(problem)) => Err(failed(io::Error::other(problem))),
        Err(_) => Err(failed(io::Error::new(io::ErrorKind::TimedOut, "it did not come in time"))),
    }
}
