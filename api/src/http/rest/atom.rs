//! What is new, for feed readers: Atom (RFC 4287), the last modified first, by the same filters as the map: all, of a topic, of an area …

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::parameters::Parameters;
use super::{Problem, address_of, spoken};
use crate::http::Service;
use crate::http::graphql::{self, Asking, Made};

const QUERY: &str = "query($filter: InitiativeFilter, $first: Int, $after: String, $lang: Language) {
  initiatives(filter: $filter, first: $first, after: $after, orderBy: MODIFIED_DESC) {
    pageInfo { hasNextPage endCursor }
    nodes { url title(lang: $lang) summary(lang: $lang) modified topics { key label(lang: $lang) } source { name } licence { spdx }
      provenance { fetchedAt } }
  }
}";

/// A page is that long unless told.
const PAGE: i64 = 30;

const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// An instant is wanted, and there is none: a feed without entries, or an entry that nobody dates.
const NEVER: &str = "1970-01-01T00:00:00Z";

#[derive(Template)]
#[template(path = "feed.xml")]
struct Feed<'a> {
    language: &'a str,
    address: &'a str,
    title: &'a str,
    updated: &'a str,
    next: Option<String>,
    entries: Vec<Entry<'a>>,
}

struct Entry<'a> {
    address: &'a str,
    title: &'a str,
    summary: &'a str,
    modified: &'a str,
    source: &'a str,
    licence: &'a str,
    topics: Vec<(&'a str, &'a str)>,
}

impl<'a> Entry<'a> {
    fn of(initiative: &'a Value) -> Self {
        let text = |value: &'a Value| value.as_str().unwrap_or_default();
        let topics = initiative["topics"].as_array().into_iter().flatten();
        Self {
            address: text(&initiative["url"]),
            title: text(&initiative["title"]),
            summary: text(&initiative["summary"]),
            modified: modified(initiative),
            source: text(&initiative["source"]["name"]),
            licence: text(&initiative["licence"]["spdx"]),
            topics: topics.map(|topic| (text(&topic["key"]), text(&topic["label"]))).collect(),
        }
    }
}

/// When an initiative was modified: where nobody says it, when it was read.
fn modified(initiative: &Value) -> &str {
    initiative["modified"].as_str().or(initiative["provenance"]["fetchedAt"].as_str()).unwrap_or(NEVER)
}

/// `/initiatives.atom`.
pub async fn get(State(service): State<Service>, asking: Asking, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    feed(&service, &asking, &pairs).await.unwrap_or_else(Problem::into_response)
}

async fn feed(service: &Service, asking: &Asking, pairs: &[(String, String)]) -> Result<Response, Problem> {
    asking.response(service, "atom", pairs, MEDIA_TYPE, written(service, asking, pairs)).await
}

async fn written(service: &Service, asking: &Asking, pairs: &[(String, String)]) -> Result<Made, Problem> {
    let parameters = Parameters::read(pairs, &["first", "after"])?;
    let language = spoken(asking, parameters.lang.as_deref())?;
    let variables = json!({
        "filter": parameters.filter, "first": parameters.first.unwrap_or(PAGE), "after": parameters.after, "lang": language.tag(),
    });
    let (data, told) = graphql::data(service, asking, QUERY, variables).await?;
    let page = &data["initiatives"];
    let entries: Vec<Entry<'_>> = page["nodes"].as_array().into_iter().flatten().map(Entry::of).collect();
    let next = page["pageInfo"]["endCursor"].as_str().filter(|_| page["pageInfo"]["hasNextPage"] == true);
    let here = |pairs: &[(String, String)], after| address_of(&service.inner.public_url, "/initiatives.atom", pairs, after);
    let feed = Feed {
        language: language.tag(),
        address: &here(pairs, None),
        title: language.choose("Initiatives of towns · Maillage", "Initiatives de villes · Maillage"),
        updated: entries.first().map_or(NEVER, |entry| entry.modified),
        next: next.map(|cursor| here(pairs, Some(cursor))),
        entries,
    };
    let text = feed.render().map_err(|error| {
        tracing::error!(%error, "a feed could not be written");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the feed could not be written".to_owned(), "INTERNAL")
    })?;
    Ok(Made::Answer(text.into(), told))
}
