//! The open formats around GraphQL: what they hold is asked by a GraphQL query of ours, with its limits, budgets and errors, and written otherwise.
//!
//! | module | what it does |
//! |---|---|
//! | `parameters` | from what stands after the question mark to a filter |
//! | `atom` | `/initiatives.atom`: what is new, for feed readers |
//! | `catalog` | `/catalog.jsonld`: what can be had, for catalogues of open data |
//! | `geojson` | `/initiatives.geojson`: a page of initiatives for a map |
//! | `export` | `/export/…`: everything, as lines of JSON or as a table |
//! | `openapi` | `/openapi.json`: what describes these addresses |
//! | `tiles` | `/tiles/…`: the map as vector tiles |

pub mod atom;
pub mod catalog;
pub mod export;
pub mod geojson;
pub mod openapi;
pub mod outlines;
mod parameters;
pub mod tiles;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maillage_graph_schema::model::Language;
use serde_json::{Value, json};

use super::graphql::{Asking, Failed};
use crate::graphql::lists::label::Spoken;

/// An answer that is none, as RFC 9457 writes it.
pub struct Problem {
    status: StatusCode,
    title: String,
    /// What is known beside: `code`, `argument`, `expected`, `nearest`.
    details: serde_json::Map<String, Value>,
    headers: Box<HeaderMap>,
}

impl Problem {
    /// A parameter that cannot be used: which, what it was, what is expected.
    pub fn parameter(name: &str, value: &str, expected: &str) -> Self {
        let mut problem = Self::of_argument(name, format!("the parameter {name} is {value:?}: expected {expected}"));
        problem.details.insert("expected".to_owned(), json!(expected));
        problem
    }

    fn of_argument(name: &str, title: String) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, title, "BAD_USER_INPUT");
        problem.details.insert("argument".to_owned(), json!(name));
        problem
    }

    pub fn new(status: StatusCode, title: String, code: &str) -> Self {
        let details = serde_json::Map::from_iter([("code".to_owned(), json!(code))]);
        Self { status, title, details, headers: Box::default() }
    }

    pub fn into_response(self) -> Response {
        let mut body = serde_json::Map::from_iter([
            ("type".to_owned(), json!("about:blank")),
            ("title".to_owned(), json!(self.title)),
            ("status".to_owned(), json!(self.status.as_u16())),
        ]);
        body.extend(self.details);
        let mut response = (self.status, Value::Object(body).to_string()).into_response();
        response.headers_mut().extend(*self.headers);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        let Failed { status, error, headers } = failed;
        let error = serde_json::to_value(*error).unwrap_or_default();
        let details = error.get("extensions").and_then(Value::as_object).cloned().unwrap_or_default();
        let title = error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { status, title, details, headers: Box::new(headers) }
    }
}

/// A text as a header's value; nothing for one that cannot be.
fn header_value(text: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(text).ok()
}

/// What describes the service, and changes with the program alone.
fn description_of(media_type: &'static str, description: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    (headers, description.to_string()).into_response()
}

/// The language of ours that a client asks for, by a parameter or by its headers.
pub fn spoken(asking: &Asking, lang: Option<&str>) -> Result<Spoken, Problem> {
    match lang.map(str::parse::<Language>) {
        Some(Ok(language)) => Ok(Spoken::first(&[language])),
        Some(Err(_)) => Err(Problem::parameter("lang", lang.unwrap_or_default(), "a language, such as fr or en")),
        None => Ok(Spoken::first(asking.languages().or(None))),
    }
}

/// An address of ours with the same parameters, or with those of the page after a cursor.
fn address_of(public_url: &str, path: &str, pairs: &[(String, String)], after: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(name, _)| after.is_none() || name != "after"));
    if let Some(after) = after {
        query.append_pair("after", after);
    }
    let query = query.finish();
    let question_mark = if query.is_empty() { "" } else { "?" };
    format!("{public_url}{path}{question_mark}{query}")
}
