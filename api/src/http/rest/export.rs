//! Everything, for whoever wants to have it at home: as lines of JSON, or as a table. It is written as it is read, a page at a time.

use std::fmt::Write as _;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream::{self, StreamExt as _};
use serde_json::{Map, Value, json};

use super::parameters::Parameters;
use super::{Problem, header_value};
use crate::graphql::language::Preferences;
use crate::http::Service;
use crate::http::graphql::{self, Asking};

/// What can be had, and by which query, whose answer calls it `records`.
const EXPORTS: &[(&str, &str)] = &[
    (
        "initiatives",
        "query($filter: InitiativeFilter, $after: String, $lang: Language) {
           records: initiatives(filter: $filter, first: 100, after: $after, orderBy: TITLE_ASC) {
             pageInfo { hasNextPage endCursor }
             nodes {
               key url title(lang: $lang) summary(lang: $lang) status statusReason
               kind { key } topics { key } tags audiences
               start { value } end { value } towns { key } areas: places { area { key } } point { lat lon }
               involvements { role organisation { key } } links { url label }
               caseStudies { lang title summary markdown }
               licence { spdx } modified
               provenance { source { key } repository path commit fetchedAt url }
             }
           }
         }",
    ),
    (
        "towns",
        "query($filter: TownFilter, $after: String) {
           records: towns(filter: $filter, first: 100, after: $after) {
             pageInfo { hasNextPage endCursor }
             nodes { key url name type population postcodes aliases formerNames point { lat lon } areas { key } provenance { source { key licence { spdx } } fetchedAt url } }
           }
         }",
    ),
    (
        "organisations",
        "query($after: String) {
           records: organisations(first: 100, after: $after) {
             pageInfo { hasNextPage endCursor }
             nodes { key url name otherNames website partOf { key } aliases provenance { source { key licence { spdx } } repository path commit fetchedAt url } }
           }
         }",
    ),
    (
        "topics",
        "query {
           records: topics {
             key url fr: label(lang: \"fr\") en: label(lang: \"en\") alternativeLabels broader { key } closeMatches
             provenance { source { key licence { spdx } } fetchedAt url }
           }
         }",
    ),
];

/// The columns of a table, and where their values stand.
const COLUMNS: &[(&str, &[(&str, &str)])] = &[
    (
        "initiatives",
        &[
            ("key", "key"),
            ("url", "url"),
            ("title", "title"),
            ("summary", "summary"),
            ("status", "status"),
            ("kind", "kind.key"),
            ("topics", "topics.key"),
            ("tags", "tags"),
            ("audiences", "audiences"),
            ("start", "start.value"),
            ("end", "end.value"),
            ("towns", "towns.key"),
            ("areas", "areas.area.key"),
            ("latitude", "point.lat"),
            ("longitude", "point.lon"),
            ("organisations", "involvements.organisation.key"),
            ("languages", "caseStudies.lang"),
            ("licence", "licence.spdx"),
            ("modified", "modified"),
            ("source", "provenance.source.key"),
            ("source_path", "provenance.path"),
            ("source_commit", "provenance.commit"),
            ("fetched_at", "provenance.fetchedAt"),
            ("source_url", "provenance.url"),
        ],
    ),
    (
        "towns",
        &[
            ("key", "key"),
            ("url", "url"),
            ("name", "name"),
            ("type", "type"),
            ("population", "population"),
            ("postcodes", "postcodes"),
            ("aliases", "aliases"),
            ("former_names", "formerNames"),
            ("latitude", "point.lat"),
            ("longitude", "point.lon"),
            ("areas", "areas.key"),
            ("licence", "provenance.source.licence.spdx"),
            ("source", "provenance.source.key"),
        ],
    ),
    (
        "organisations",
        &[
            ("key", "key"),
            ("url", "url"),
            ("name", "name"),
            ("other_names", "otherNames"),
            ("website", "website"),
            ("part_of", "partOf.key"),
            ("aliases", "aliases"),
            ("licence", "provenance.source.licence.spdx"),
            ("source", "provenance.source.key"),
            ("source_path", "provenance.path"),
            ("source_commit", "provenance.commit"),
        ],
    ),
    (
        "topics",
        &[
            ("key", "key"),
            ("url", "url"),
            ("label_fr", "fr"),
            ("label_en", "en"),
            ("alternative_labels", "alternativeLabels"),
            ("broader", "broader.key"),
            ("close_matches", "closeMatches"),
            ("licence", "provenance.source.licence.spdx"),
            ("source", "provenance.source.key"),
        ],
    ),
];

/// What an export takes off a client's budget: as much as the dearest query.
const COST: u64 = crate::graphql::cost::HIGHEST_COST;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Lines,
    Table,
}

/// `/export/{name}.{form}`.
pub async fn get(
    State(service): State<Service>,
    asking: Asking,
    Path(file): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    export(&service, &asking, &file, &pairs).await.unwrap_or_else(Problem::into_response)
}

async fn export(service: &Service, asking: &Asking, file: &str, pairs: &[(String, String)]) -> Result<Response, Problem> {
    let (name, form) = match file.rsplit_once('.') {
        Some((name, "ndjson")) => (name, Form::Lines),
        Some((name, "csv")) => (name, Form::Table),
        _ => ("", Form::Lines),
    };
    let Some((name, query)) = EXPORTS.iter().find(|(known, _)| *known == name) else {
        let all: Vec<String> = EXPORTS.iter().flat_map(|(name, _)| [format!("{name}.ndjson"), format!("{name}.csv")]).collect();
        let title = format!("there is no export {file:?}: expected one of {}", all.join(", "));
        return Err(Problem::new(StatusCode::NOT_FOUND, title, "BAD_USER_INPUT"));
    };
    let media_type = match form {
        Form::Lines => "application/x-ndjson; charset=utf-8",
        Form::Table => "text/csv; charset=utf-8; header=present",
    };
    let key = asking.key(service, file, pairs).await;
    if let Some(response) = key.and_then(|key| asking.known(service, key, media_type)) {
        return Ok(response);
    }
    let parameters = Parameters::read(pairs, &[])?;
    let mut filters = pairs.iter().filter(|(parameter, _)| parameter != "lang");
    if let Some((parameter, value)) = filters.next().filter(|_| *name != "initiatives") {
        return Err(Problem::parameter(parameter, value, "no filter: only initiatives can be filtered"));
    }
    let told = graphql::spend_on(service, asking, COST)?;
    let mut pages = Pages {
        service: service.clone(),
        query,
        filter: (*name == "initiatives").then_some(parameters.filter),
        lang: parameters.lang,
        languages: asking.languages(),
        after: None,
        is_over: false,
        form,
        columns: COLUMNS.iter().find(|(known, _)| known == name).map_or(&[], |(_, columns)| columns),
    };
    // What is wrong shows with the first page, while there still is a status to say so by.
    let first = pages.next().await?.unwrap_or_default();
    let head = if form == Form::Table { header_row(pages.columns) } else { String::new() };
    let rest = stream::unfold(Some(pages), |pages| async move {
        let mut pages = pages?;
        match pages.next().await {
            Ok(Some(text)) => Some((Ok(Bytes::from(text)), Some(pages))),
            Ok(None) => None,
            // The body is broken off: its length is not known, so that the client sees that something is missing.
            Err(problem) => Some((Err(std::io::Error::other(problem.title)), None)),
        }
    });
    // Fused: whoever packs the body asks for more after its end.
    let body = stream::iter([Ok(Bytes::from(head)), Ok(Bytes::from(first))]).chain(rest).fuse();
    let mut response = Body::from_stream(body).into_response();
    response.headers_mut().extend(told);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Some(disposition) = header_value(&format!("attachment; filename=\"maillage-{file}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    if let Some(key) = key {
        key.mark(response.headers_mut());
    }
    Ok(response)
}

/// The pages of an export, one after the other.
struct Pages {
    service: Service,
    query: &'static str,
    filter: Option<Map<String, Value>>,
    lang: Option<String>,
    /// The languages that the client takes, where it does not ask for one.
    languages: Preferences,
    after: Option<String>,
    is_over: bool,
    form: Form,
    columns: &'static [(&'static str, &'static str)],
}

impl Pages {
    /// The rows of the next page.
    async fn next(&mut self) -> Result<Option<String>, Problem> {
        if self.is_over {
            return Ok(None);
        }
        let mut variables = json!({ "after": self.after, "lang": self.lang });
        if let Some(filter) = &self.filter {
            variables["filter"] = json!(filter);
        }
        let data = graphql::data_of_ours(&self.service, self.languages.clone(), self.query, variables).await?;
        let records = &data["records"];
        let (rows, info) = (records["nodes"].as_array().or_else(|| records.as_array()), &records["pageInfo"]);
        self.is_over = info["hasNextPage"] != true;
        self.after = info["endCursor"].as_str().map(str::to_owned);
        let mut text = String::new();
        for row in rows.into_iter().flatten() {
            match self.form {
                Form::Lines => {
                    let _ = writeln!(text, "{row}");
                }
                Form::Table => text.push_str(&table_row(row, self.columns)),
            }
        }
        Ok(Some(text))
    }
}

fn header_row(columns: &[(&str, &str)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    names.join(",") + "\r\n"
}

/// A row of a table (RFC 4180): lists with a semicolon between their values.
fn table_row(row: &Value, columns: &[(&str, &str)]) -> String {
    let cells: Vec<String> = columns.iter().map(|(_, path)| cell(&values(row, path).join(";"))).collect();
    cells.join(",") + "\r\n"
}

/// The values at a path, through lists.
fn values(value: &Value, path: &str) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| values(item, path)).collect(),
        Value::Object(_) if !path.is_empty() => {
            let (name, rest) = path.split_once('.').unwrap_or((path, ""));
            values(&value[name], rest)
        }
        Value::String(text) if path.is_empty() => vec![text.clone()],
        Value::Number(_) | Value::Bool(_) if path.is_empty() => vec![value.to_string()],
        _ => Vec::new(),
    }
}

/// A cell. What a table program would take for a formula gets an apostrophe before it, which such programs do not show.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let guard = if !is_number && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !text.contains(['"', ',', '\n', '\r']) {
        return text.to_owned();
    }
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_safe() {
        for (text, expected) in [
            ("Agen", "Agen"),
            ("a, b", "\"a, b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("=1+1", "\"'=1+1\""),
            ("@x", "\"'@x\""),
            ("-3.5", "-3.5"),
            ("-a", "\"'-a\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected, "{text}");
        }
    }

    #[test]
    fn values_are_found_through_lists() {
        let row = json!({ "a": [{ "b": "x" }, { "b": null }, { "b": "y" }], "c": 3, "d": null });
        for (path, expected) in [("a.b", vec!["x", "y"]), ("c", vec!["3"]), ("d", vec![]), ("a", vec![]), ("e.f", vec![])] {
            assert_eq!(values(&row, path), expected, "{path}");
        }
    }
}
