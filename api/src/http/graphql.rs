//! GraphQL over HTTP, as its specification has it: our own, since the library's extractor and responder pass mutations over
//! GET and `text/plain`, and parse what ends the process.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{
    Error, ErrorExtensions as _, PathSegment, Pos, Request, Response as Answer, ServerError, Value, Variables, parser,
};
use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, FromRequestParts, Query, State, rejection::BytesRejection};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::SemaphorePermit;

use super::Service;
use super::cache::{self, CACHE_STATUS, Kept, Key};
use super::clients::Account;
use super::events::{self, Listening};
use super::{persisted, socket};
use crate::graphql::cost::HIGHEST_COST;
use crate::graphql::error::{Code, bad_argument, coded};
use crate::graphql::language::Preferences;
use crate::graphql::reader::{self, Reader};
use crate::graphql::scan;
use crate::graphql::shape::Shape;

/// What stands after the question mark of an address.
type Parameters = HashMap<String, String>;

/// How a client asks.
pub struct Asking {
    /// Where the request comes from, if the server knows.
    peer: Option<SocketAddr>,
    pub headers: HeaderMap,
    /// `HEAD` counts as `GET`.
    pub method: Method,
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer);
        let method = if parts.method == Method::HEAD { Method::GET } else { parts.method.clone() };
        Ok(Self { peer, headers: parts.headers.clone(), method })
    }
}

impl Asking {
    /// The languages that the client takes.
    pub fn languages(&self) -> Preferences {
        let header = self.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        header.map_or_else(Preferences::default, Preferences::from_header)
    }

    /// The client, if it has a budget.
    pub fn client(&self, service: &Service) -> Option<IpAddr> {
        service.inner.clients.who(self.peer, &self.headers)
    }

    /// What an answer at an address of ours depends on; `None` while the graph cannot be asked which it is.
    pub async fn key(&self, service: &Service, address: &str, parameters: &[(String, String)]) -> Option<Key> {
        let graph = service.inner.answers.graph(&service.inner.explore).await?;
        let languages = self.languages().written();
        let parameters = parameters.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        Some(Key::of([graph.as_bytes(), address.as_bytes(), languages.as_bytes()].into_iter().chain(parameters)))
    }

    /// The response for a client that has the answer already.
    pub fn known(&self, service: &Service, key: Key, media_type: &'static str) -> Option<Response> {
        let response = || (StatusCode::NOT_MODIFIED, [(header::CONTENT_TYPE, media_type)]).into_response();
        key.is_known_to(&self.headers).then(|| kept(service, Some(key), true, response()))
    }

    /// The response at an address of ours: as it was given before, as long as the graph is as it was then, else as it is made.
    pub async fn response<E>(
        &self,
        service: &Service,
        address: &str,
        parameters: &[(String, String)],
        media_type: &'static str,
        make: impl Future<Output = Result<Made, E>>,
    ) -> Result<Response, E> {
        let key = self.key(service, address, parameters).await;
        if let Some(response) = key.and_then(|key| self.known(service, key, media_type)) {
            return Ok(response);
        }
        if let Some(answer) = key.and_then(|key| service.inner.answers.get(&key)) {
            return Ok(kept(service, key, true, answer.response(media_type)));
        }
        let (answer, told) = match make.await? {
            Made::Answer(answer, told) => (answer, told),
            Made::Other(response) => return Ok(response),
        };
        if let Some(key) = key {
            service.inner.answers.keep(key, &answer);
        }
        let mut response = kept(service, key, false, answer.response(media_type));
        response.headers_mut().extend(told);
        Ok(response)
    }
}

/// What was made for an address of ours.
pub enum Made {
    /// An answer, and what is told beside to who asked for it.
    Answer(Kept, HeaderMap),
    /// A response that is for this once.
    Other(Response),
}

/// Why a query of ours gave no data.
pub struct Failed {
    pub status: StatusCode,
    pub error: Box<ServerError>,
    /// What is to be told beside.
    pub headers: HeaderMap,
}

impl Failed {
    fn of(refusal: Refusal, account: Option<Account>) -> Self {
        let mut headers = told(account);
        if let Some(seconds) = refusal.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        let status = refusal.status.unwrap_or(StatusCode::BAD_REQUEST);
        Self { status, error: Box::new(refusal.error.into_server_error(Pos::default())), headers }
    }
}

/// The data of a query that an address of ours asks for a client, and what is told beside.
pub async fn data(
    service: &Service,
    asking: &Asking,
    query: &str,
    variables: serde_json::Value,
) -> Result<(serde_json::Value, HeaderMap), Failed> {
    let prepared = prepared(service, query, variables)?;
    let cost = prepared.cost;
    data_at(service, asking, cost, prepared).await
}

/// The same for a query whose cost is known better than from its form.
pub async fn data_for(
    service: &Service,
    asking: &Asking,
    cost: u64,
    query: &str,
    variables: serde_json::Value,
) -> Result<(serde_json::Value, HeaderMap), Failed> {
    data_at(service, asking, cost, prepared(service, query, variables)?).await
}

async fn data_at(
    service: &Service,
    asking: &Asking,
    cost: u64,
    prepared: Prepared,
) -> Result<(serde_json::Value, HeaderMap), Failed> {
    let account = spend(service, asking, cost);
    let _place = admit(service, account).map_err(|refusal| Failed::of(refusal, account))?;
    Ok((whole(execute(service, asking.languages(), prepared.request).await)?, told(account)))
}

/// The data of a query of ours that was paid for otherwise.
pub async fn data_of_ours(
    service: &Service,
    languages: Preferences,
    query: &str,
    variables: serde_json::Value,
) -> Result<serde_json::Value, Failed> {
    let Prepared { request, .. } = prepared(service, query, variables)?;
    whole(execute(service, languages, request).await)
}

/// Takes a cost off what a client may ask for; gives what is told of it.
pub fn spend_on(service: &Service, asking: &Asking, cost: u64) -> Result<HeaderMap, Failed> {
    let account = spend(service, asking, cost);
    let _place = admit(service, account).map_err(|refusal| Failed::of(refusal, account))?;
    Ok(told(account))
}

/// What a client is told of how it stands.
fn told(account: Option<Account>) -> HeaderMap {
    account.map(Account::headers).unwrap_or_default()
}

fn prepared(service: &Service, query: &str, variables: serde_json::Value) -> Result<Prepared, Failed> {
    let question =
        Question { query: query.to_owned(), operation_name: None, variables: Variables::from_json(variables), hash: None };
    prepare(service, &Method::GET, question).map_err(|refusal| Failed::of(refusal, None))
}

/// The data of an answer without errors.
fn whole(answer: Answer) -> Result<serde_json::Value, Failed> {
    let Some(mut error) = answer.errors.into_iter().next() else {
        return Ok(answer.data.into_json().unwrap_or_default());
    };
    with_code(&mut error);
    let status = match code_of(&error) {
        Some(Code::BadUserInput | Code::QueryTooCostly | Code::PersistedQueryNotFound) => StatusCode::BAD_REQUEST,
        Some(Code::RateLimited) => StatusCode::TOO_MANY_REQUESTS,
        Some(Code::Timeout) => StatusCode::GATEWAY_TIMEOUT,
        Some(Code::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        None | Some(Code::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    Err(Failed { status, error: Box::new(error), headers: HeaderMap::new() })
}

/// What a client asks.
#[derive(Debug, Default)]
struct Question {
    /// Empty where a hash stands for it.
    query: String,
    operation_name: Option<String>,
    variables: Variables,
    /// The hash of the query, by which clients ask again without sending it.
    hash: Option<persisted::Hash>,
}

impl Question {
    /// With the query that its hash stands for.
    fn with_query(self, service: &Service) -> Result<Self, Refusal> {
        let query = service.inner.persisted.query(self.hash.as_ref(), self.query)?;
        Ok(Self { query, hash: None, ..self })
    }
}

/// The two forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `application/json`: a well-formed request is answered with 200, whatever became of it.
    Json,
    /// `application/graphql-response+json`: the status says whether the request was executed.
    GraphqlResponse,
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The form that a client accepts, the more precise one on equal terms; `None` if it accepts neither.
    fn accepted(headers: &HeaderMap) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        let mut is_said = false;
        for (media_type, weight) in accepted(headers) {
            is_said = true;
            let form = match media_type.as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                _ => continue,
            };
            let is_better = best.is_none_or(|(other, chosen)| {
                weight > other || (weight >= other && chosen == Self::Json && form == Self::GraphqlResponse)
            });
            if weight > 0.0 && is_better {
                best = Some((weight, form));
            }
        }
        if is_said { best.map(|(_, form)| form) } else { Some(Self::Json) }
    }
}

/// A request that is not executed: why, and the status that says so whatever the form of the answer.
pub struct Refusal {
    status: Option<StatusCode>,
    error: Error,
    /// In how many seconds the same request may succeed.
    retry_after: Option<u64>,
}

impl Refusal {
    /// The request itself is not well formed: 4xx in both forms.
    fn malformed(status: StatusCode, error: Error) -> Self {
        Self { status: Some(status), error, retry_after: None }
    }

    /// The error alone.
    pub fn into_error(self) -> ServerError {
        self.error.into_server_error(Pos::default())
    }

    /// There is nothing wrong with the request but its time.
    pub fn later(status: StatusCode, seconds: u64, error: Error) -> Self {
        Self { status: Some(status), error, retry_after: Some(seconds) }
    }
}

impl From<Error> for Refusal {
    /// The query is at fault: 400, but 200 in the form of old.
    fn from(error: Error) -> Self {
        Self { status: None, error, retry_after: None }
    }
}

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

fn from_parameters(mut parameters: Parameters) -> Result<Question, Refusal> {
    let malformed = |error| Refusal::malformed(StatusCode::BAD_REQUEST, error);
    let mut json = |name: &str| match parameters.remove(name).filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(&text).map_err(|_| malformed(bad_argument(name, text, "a JSON object"))),
        None => Ok(serde_json::Value::Null),
    };
    let (extensions, variables) = (json("extensions")?, json("variables")?);
    let hash = persisted::hash(&extensions).map_err(malformed)?;
    let query = parameters.remove("query").filter(|query| !query.is_empty() || hash.is_none());
    let query = query.or_else(|| hash.is_some().then(String::new)).ok_or_else(|| malformed(missing_query()))?;
    let operation_name = parameters.remove("operationName").filter(|name| !name.is_empty());
    Ok(Question { query, operation_name, variables: read_variables(variables).map_err(malformed)?, hash })
}

fn from_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Question, Refusal> {
    let malformed = |error| Refusal::malformed(StatusCode::BAD_REQUEST, error);
    if !is_json(headers) {
        let found = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let error = bad_argument("Content-Type", found, "application/json, in UTF-8");
        return Err(Refusal::malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, error));
    }
    let body = body.map_err(|rejection| {
        let code = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Code::QueryTooCostly } else { Code::BadUserInput };
        Refusal::malformed(rejection.status(), coded(code, rejection.body_text()))
    })?;
    let body: serde_json::Value = serde_json::from_slice(&body)
        .map_err(|problem| malformed(coded(Code::BadUserInput, format!("the body is not JSON: {problem}"))))?;
    from_object(body)
}

/// A question as JSON has it.
fn from_object(body: serde_json::Value) -> Result<Question, Refusal> {
    let malformed = |error| Refusal::malformed(StatusCode::BAD_REQUEST, error);
    let serde_json::Value::Object(mut body) = body else {
        return Err(malformed(coded(Code::BadUserInput, "the body is not a JSON object with a field \"query\"")));
    };
    let wrong = |name: &str, value: &serde_json::Value, expected: &str| {
        malformed(bad_argument(name, value.to_string().chars().take(200).collect::<String>(), expected))
    };
    let hash = persisted::hash(body.get("extensions").unwrap_or(&serde_json::Value::Null)).map_err(malformed)?;
    let query = match body.remove("query") {
        Some(serde_json::Value::String(query)) => query,
        None | Some(serde_json::Value::Null) if hash.is_some() => String::new(),
        None | Some(serde_json::Value::Null) => return Err(malformed(missing_query())),
        Some(value) => return Err(wrong("query", &value, "a text")),
    };
    let operation_name = match body.remove("operationName") {
        Some(serde_json::Value::String(name)) => Some(name),
        None | Some(serde_json::Value::Null) => None,
        Some(value) => return Err(wrong("operationName", &value, "a text")),
    };
    let variables = read_variables(body.remove("variables").unwrap_or_default()).map_err(malformed)?;
    Ok(Question { query, operation_name, variables, hash })
}

fn missing_query() -> Error {
    bad_argument("query", Value::Null, "a GraphQL query; /graphiql is a page to write one")
}

fn read_variables(value: serde_json::Value) -> Result<Variables, Error> {
    match value {
        serde_json::Value::Null | serde_json::Value::Object(_) => Ok(Variables::from_json(value)),
        other => Err(bad_argument("variables", other.to_string().chars().take(200).collect::<String>(), "a JSON object")),
    }
}

/// Whether a body is declared as JSON in UTF-8. Anything else a page of another site could send without being asked first.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(content_type)) = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str) else { return false };
    let mut parts = content_type.split(';').map(str::trim);
    let is_media_type = parts.next().is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json"));
    is_media_type
        && parts.all(|part| match part.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
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

/// Takes the cost of a question off what its client may ask for; `None` for a client without a budget.
fn spend(service: &Service, asking: &Asking, cost: u64) -> Option<Account> {
    let client = asking.client(service)?;
    Some(service.inner.clients.spend(client, cost, Instant::now()))
}

/// Lets a question be worked on, unless its client has asked for too much, or too many are under way.
fn admit(service: &Service, account: Option<Account>) -> Result<SemaphorePermit<'_>, Refusal> {
    if let Some(account) = account.filter(|account| !account.wait.is_zero()) {
        let seconds = account.wait.as_secs() + 1;
        let error = coded(
            Code::RateLimited,
            format!(
                "more was asked from this address than {} units of cost a minute: please go on in {seconds} s",
                account.budget
            ),
        );
        let error = error.extend_with(|_, extensions| extensions.set("retryAfter", seconds));
        return Err(Refusal::later(StatusCode::TOO_MANY_REQUESTS, seconds, error));
    }
    service.inner.places.try_acquire().map_err(|_| {
        let error = coded(Code::Unavailable, "too many questions are under way just now, please try again in a moment");
        Refusal::later(StatusCode::SERVICE_UNAVAILABLE, 1, error)
    })
}

/// The media types that a client accepts, in lower case, each with its weight.
pub fn accepted(headers: &HeaderMap) -> impl Iterator<Item = (String, f32)> {
    let entries = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    entries.flat_map(|value| value.split(',')).filter_map(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let media_type = parts.next().filter(|media_type| !media_type.is_empty())?.to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        Some((media_type, weight))
    })
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

/// A query, as far as it may be looked at.
fn read(query: &str) -> Result<ExecutableDocument, Error> {
    scan::scan(query).map_err(scan::TooMuch::to_error)?;
    parser::parse_query(query).map_err(|problem| syntax_error(&problem))
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

/// A response that may be kept: by whoever asked, if it has a key for that.
fn kept(service: &Service, shared: Option<Key>, is_hit: bool, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_STATUS, cache::status(is_hit, service.inner.explore.is_in_touch()));
    match shared {
        Some(key) => key.mark(headers),
        None => {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
    }
    response
}

/// A response that nobody is to keep.
fn not_kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A question that may be executed.
pub struct Prepared {
    pub request: Request,
    shape: Shape,
    pub cost: u64,
}

/// Everything that is checked before the library sees the request.
fn prepare(service: &Service, method: &Method, question: Question) -> Result<Prepared, Refusal> {
    let document = service.inner.documents.get_or_read(&question.query, read)?;
    let operation = chosen(&document, question.operation_name.as_deref())?;
    if *method == Method::GET && operation.ty != OperationType::Query {
        let error = coded(Code::BadUserInput, "only queries are answered over GET: send anything else by POST");
        return Err(Refusal::malformed(StatusCode::METHOD_NOT_ALLOWED, error));
    }
    if operation.ty == OperationType::Subscription {
        let error = coded(
            Code::BadUserInput,
            "a subscription is answered as text/event-stream, and the header Accept does not take that",
        );
        return Err(Refusal::malformed(StatusCode::NOT_ACCEPTABLE, error));
    }
    let Question { query, operation_name, variables, .. } = question;
    within_limits(service, document, operation_name, Request::new(query).variables(variables))
}

/// An operation that costs no more than it may, ready to be executed.
pub fn within_limits(
    service: &Service,
    document: ExecutableDocument,
    operation_name: Option<String>,
    mut request: Request,
) -> Result<Prepared, Refusal> {
    let operation = chosen(&document, operation_name.as_deref())?;
    let cost = service.inner.prices.check(&document, operation, &request.variables)?;
    let shape = Shape::of(&service.inner.prices, &document, operation);
    // The library takes a name for a mistake where the only operation has none.
    if matches!(document.operations, DocumentOperations::Multiple(_)) {
        request.operation_name = operation_name;
    }
    request.set_parsed_query(document);
    Ok(Prepared { request, shape, cost })
}

fn syntax_error(problem: &parser::Error) -> Error {
    let place =
        problem.positions().next().map_or_else(String::new, |Pos { line, column }| format!(" at line {line}, column {column}"));
    coded(Code::BadUserInput, format!("the query cannot be read{place}: {problem}"))
}

/// The operation that is asked for.
fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Error> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .get(name)
            .map(|operation| &operation.node)
            .ok_or_else(|| bad_argument("operationName", name, &format!("one of {}", names(operations.keys())))),
        (DocumentOperations::Single(_), Some(name)) => {
            Err(bad_argument("operationName", name, "none: the only operation has no name"))
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.values();
            match (all.next(), all.next()) {
                (Some(operation), None) => Ok(&operation.node),
                _ => Err(bad_argument("operationName", Value::Null, &format!("one of {}", names(operations.keys())))),
            }
        }
    }
}

fn names<'a>(names: impl Iterator<Item = &'a async_graphql::Name>) -> String {
    let mut names: Vec<&str> = names.map(async_graphql::Name::as_str).collect();
    names.sort_unstable();
    names.join(", ")
}

pub async fn execute(service: &Service, preferences: Preferences, request: Request) -> Answer {
    let inner = &service.inner;
    let index = (inner.explore.snapshot(), Arc::clone(&inner.turns));
    let store = (Arc::clone(&inner.store), Arc::clone(&inner.records));
    let reader = Arc::new(Reader::new(store, index, preferences, Arc::clone(&inner.public_url)));
    let execution = inner.schema.execute(request.data(Arc::clone(&reader)));
    // Giving up drops the execution with everything that it waits for.
    let answered = tokio::time::timeout(inner.time_limit, reader::answer(reader, execution)).await;
    answered.unwrap_or_else(|_| {
        let message = format!("no answer within {} s: please ask for less", inner.time_limit.as_secs());
        Answer::from_errors(vec![coded(Code::Timeout, message).into_server_error(Pos::default())])
    })
}

/// Why a connection is not opened.
pub fn refused_connection(refusal: Refusal) -> Response {
    refused(Form::GraphqlResponse, refusal)
}

fn refused(form: Form, refusal: Refusal) -> Response {
    let status = refusal.status.unwrap_or(match form {
        Form::Json => StatusCode::OK,
        Form::GraphqlResponse => StatusCode::BAD_REQUEST,
    });
    let mut error = refusal.error.into_server_error(Pos::default());
    error.locations.clear();
    let mut response = not_kept(written(form, status, &[error], None, None).into_response());
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

fn executed(form: Form, shape: &Shape, cost: u64, mut answer: Answer) -> Written {
    for error in &mut answer.errors {
        with_code(error);
        error.locations.retain(|place| *place != Pos::default());
    }
    answer.errors.sort_by_cached_key(|error| (format!("{:?}", error.path), error.message.clone()));
    // A request that fails in validation has no data at all; one that ran has data, if only null.
    let is_unexecuted = !answer.errors.is_empty() && answer.errors.iter().all(|error| error.path.is_empty());
    let data = if is_unexecuted { None } else { Some(shape.complete(std::mem::take(&mut answer.data), &answer.errors)) };
    let has = |code: Code| answer.errors.iter().any(|error| code_of(error) == Some(code));
    let status = if has(Code::Unavailable) {
        StatusCode::SERVICE_UNAVAILABLE
    } else if has(Code::Timeout) {
        StatusCode::GATEWAY_TIMEOUT
    } else if is_unexecuted && form == Form::GraphqlResponse {
        StatusCode::BAD_REQUEST
    } else if data == Some(Value::Null) && has(Code::Internal) {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    };
    written(form, status, &answer.errors, data.as_ref(), Some(cost))
}

/// What the library itself reports is always a fault of the request; resolvers give codes.
fn with_code(error: &mut ServerError) {
    if code_of(error).is_none() {
        error.extensions.get_or_insert_default().set("code", Code::BadUserInput.as_str());
    }
}

fn code_of(error: &ServerError) -> Option<Code> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Code::parse(code),
        _ => None,
    }
}

/// The body of an answer: errors first, as the specification asks, so that people see them.
#[derive(serde::Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[WrittenError]>::is_empty")]
    errors: &'a [WrittenError<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<Told>,
}

/// What is told beside the data.
#[derive(serde::Serialize)]
struct Told {
    cost: Cost,
}

/// What a question costs, and what one may cost at the most.
#[derive(serde::Serialize)]
struct Cost {
    requested: u64,
    most: u64,
}

#[derive(serde::Serialize)]
struct WrittenError<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "<[Pos]>::is_empty")]
    locations: &'a [Pos],
    #[serde(skip_serializing_if = "<[PathSegment]>::is_empty")]
    path: &'a [PathSegment],
    extensions: &'a Option<async_graphql::ErrorExtensionValues>,
}

/// Errors, as the body of an answer without data.
pub fn errors_text(errors: &[ServerError]) -> String {
    let mut errors = errors.to_vec();
    errors.iter_mut().for_each(with_code);
    String::from_utf8_lossy(&written(Form::GraphqlResponse, StatusCode::OK, &errors, None, None).body).into_owned()
}

/// An answer as it is sent.
struct Written {
    status: StatusCode,
    form: Form,
    body: Bytes,
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static(self.form.media_type());
        (self.status, [(header::CONTENT_TYPE, content_type)], self.body).into_response()
    }
}

fn written(form: Form, status: StatusCode, errors: &[ServerError], data: Option<&Value>, cost: Option<u64>) -> Written {
    let errors: Vec<WrittenError<'_>> = errors
        .iter()
        .map(|error| WrittenError {
            message: &error.message,
            locations: &error.locations,
            path: &error.path,
            extensions: &error.extensions,
        })
        .collect();
    let extensions = cost.map(|requested| Told { cost: Cost { requested, most: HIGHEST_COST } });
    match serde_json::to_vec(&Body { errors: &errors, data, extensions }) {
        Ok(body) => Written { status, form, body: body.into() },
        Err(problem) => {
            tracing::error!(error = %problem, "an answer could not be written");
            Written { status: StatusCode::INTERNAL_SERVER_ERROR, form, body: Bytes::new() }
        }
    }
}
