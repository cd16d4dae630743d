//! What our own addresses ask of GraphQL, for a client: pages, GeoJSON, tiles, feeds and exports.

use async_graphql::{Pos, Response as Answer, ServerError, Variables};
use axum::http::{HeaderMap, Method, StatusCode, header};

use super::Asking;
use super::prepare::{Prepared, admit, execute, prepare, spend};
use super::question::Question;
use super::refusal::Refusal;
use super::written::{code_of, with_code};
use crate::graphql::error::Code;
use crate::graphql::language::Preferences;
use crate::http::Service;
use crate::http::clients::Account;

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
pub fn told(account: Option<Account>) -> HeaderMap {
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
