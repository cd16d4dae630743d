//! From a question to an answer: what is checked before the library sees the request, what it costs, and executing it.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Error, ErrorExtensions as _, Pos, Request, Response as Answer, Value, parser};
use axum::http::{Method, StatusCode};
use tokio::sync::SemaphorePermit;

use super::Asking;
use super::question::Question;
use super::refusal::Refusal;
use crate::graphql::error::{Code, bad_argument, coded};
use crate::graphql::language::Preferences;
use crate::graphql::reader::{self, Reader};
use crate::graphql::scan;
use crate::graphql::shape::Shape;
use crate::http::Service;
use crate::http::clients::Account;

/// A question that may be executed.
pub struct Prepared {
    pub request: Request,
    pub shape: Shape,
    pub cost: u64,
}

/// Everything that is checked before the library sees the request.
pub fn prepare(service: &Service, method: &Method, question: Question) -> Result<Prepared, Refusal> {
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

/// A query, as far as it may be looked at.
pub fn read(query: &str) -> Result<ExecutableDocument, Error> {
    scan::scan(query).map_err(scan::TooMuch::to_error)?;
    parser::parse_query(query).map_err(|problem| syntax_error(&problem))
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
pub fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Error> {
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

/// Takes the cost of a question off what its client may ask for; `None` for a client without a budget.
pub fn spend(service: &Service, asking: &Asking, cost: u64) -> Option<Account> {
    let client = asking.client(service)?;
    Some(service.inner.clients.spend(client, cost, Instant::now()))
}

/// Lets a question be worked on, unless its client has asked for too much, or too many are under way.
pub fn admit(service: &Service, account: Option<Account>) -> Result<SemaphorePermit<'_>, Refusal> {
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
