//! The page of each record, at the address that its `url` names: for a browser a page that can be read as it is, in French or English, for programs
//! JSON-LD. A former key leads to the present one; what was withdrawn says so.
//!
//! | module | what it does |
//! |---|---|
//! | `questions` | what is asked of the API for each kind of record |
//! | `view` | from the answer to what is shown |
//! | `linked` | from the answer to JSON-LD |

mod linked;
pub(crate) mod questions;
mod view;

use askama::Template as _;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::http::Service;
use crate::http::cache::Kept;
use crate::http::graphql::{self, Asking, Made};
use crate::http::rest::{Problem, spoken};
use questions::Kind;

const LINKED_DATA: &str = "application/ld+json";

/// `/{kind}/{key}`, for the kinds of [`Kind::ALL`].
pub async fn record(
    State(service): State<Service>,
    asking: Asking,
    Path((kind, key)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    match Kind::ALL.iter().find(|known| known.name == kind) {
        Some(kind) => page(&service, &asking, kind, &key, &pairs).await.unwrap_or_else(Problem::into_response),
        None => nothing("there is nothing at this address; see /\n"),
    }
}

fn nothing(words: &'static str) -> Response {
    (StatusCode::NOT_FOUND, words).into_response()
}

async fn page(
    service: &Service,
    asking: &Asking,
    kind: &Kind,
    key: &str,
    pairs: &[(String, String)],
) -> Result<Response, Problem> {
    let wants_data = wants_data(&asking.headers);
    let media_type = if wants_data { LINKED_DATA } else { "text/html; charset=utf-8" };
    let address = format!("{}/{key} {media_type}", kind.name);
    let made = written(service, asking, kind, key, pairs, media_type);
    let response = asking.response(service, &address, pairs, media_type, made).await?;
    Ok(if wants_data { response } else { crate::http::explorer::safe(response) })
}

async fn written(
    service: &Service,
    asking: &Asking,
    kind: &Kind,
    key: &str,
    pairs: &[(String, String)],
    media_type: &'static str,
) -> Result<Made, Problem> {
    let asked = pairs.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.as_str());
    let spoken = spoken(asking, asked)?;
    let variables = json!({ "key": key, "lang": spoken.tag() });
    let (data, told) = graphql::data(service, asking, kind.query, variables).await?;
    let record = &data["record"];
    if record.is_null() {
        return Ok(Made::Other(nothing("no record has this key\n")));
    }
    if let Some(to) = moved(record, key, kind, asked) {
        return Ok(Made::Other((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, to)]).into_response()));
    }
    let body = if media_type == LINKED_DATA {
        linked::data(kind, record).to_string()
    } else {
        let page = view::Page::of(kind, record, spoken, asked.is_some());
        view::Shown { page: &page }.render().map_err(|problem| {
            tracing::error!(%problem, "a page could not be written");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the page could not be written".to_owned(), "INTERNAL")
        })?
    };
    if record["withdrawn"].is_null() {
        return Ok(Made::Answer(body.into(), told));
    }
    let mut response = Kept::from(body).response(media_type);
    *response.status_mut() = StatusCode::GONE;
    response.headers_mut().extend(told);
    Ok(Made::Other(response))
}

/// Where a record is now, if not here: under its present key, or in the record that it was merged into.
fn moved(record: &Value, key: &str, kind: &Kind, lang: Option<&str>) -> Option<String> {
    let merged = record["withdrawn"]["mergedInto"]["key"].as_str();
    let present = merged.or_else(|| record["key"].as_str()).filter(|present| *present != key)?;
    let query = lang.map_or_else(String::new, |lang| format!("?lang={lang}"));
    Some(format!("/{}/{present}{query}", kind.name))
}

/// Whether JSON-LD is wanted rather than a page.
fn wants_data(headers: &HeaderMap) -> bool {
    let ours = graphql::accepted(headers).filter_map(|(media_type, weight)| match media_type.as_str() {
        "application/ld+json" | "application/json" => Some((weight, true)),
        "text/html" | "text/*" | "*/*" => Some((weight, false)),
        _ => None,
    });
    // On equal terms the first.
    ours.reduce(|best, other| if other.0 > best.0 { other } else { best })
        .is_some_and(|(weight, is_data)| is_data && weight > 0.0)
}
