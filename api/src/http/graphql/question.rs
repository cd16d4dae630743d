//! Reading a question: from the address, from a body, or from a message.

use std::collections::HashMap;

use async_graphql::{Error, Value, Variables};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::refusal::Refusal;
use crate::graphql::error::{Code, bad_argument, coded};
use crate::http::{Service, persisted};

/// What stands after the question mark of an address.
pub type Parameters = HashMap<String, String>;

/// What a client asks.
#[derive(Debug, Default)]
pub struct Question {
    /// Empty where a hash stands for it.
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    /// The hash of the query, by which clients ask again without sending it.
    pub hash: Option<persisted::Hash>,
}

impl Question {
    /// With the query that its hash stands for.
    pub fn with_query(self, service: &Service) -> Result<Self, Refusal> {
        let query = service.inner.persisted.query(self.hash.as_ref(), self.query)?;
        Ok(Self { query, hash: None, ..self })
    }
}

pub fn from_parameters(mut parameters: Parameters) -> Result<Question, Refusal> {
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

pub fn from_body(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Question, Refusal> {
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
pub fn from_object(body: serde_json::Value) -> Result<Question, Refusal> {
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
