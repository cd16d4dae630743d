//! An answer as it is sent: its form, its status and its body.

use async_graphql::{PathSegment, Pos, Response as Answer, ServerError, Value};
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::asking::accepted;
use super::refusal::Refusal;
use crate::graphql::cost::HIGHEST_COST;
use crate::graphql::error::Code;
use crate::graphql::shape::Shape;

/// The two forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `application/json`: a well-formed request is answered with 200, whatever became of it.
    Json,
    /// `application/graphql-response+json`: the status says whether the request was executed.
    GraphqlResponse,
}

impl Form {
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// The form that a client accepts, the more precise one on equal terms; `None` if it accepts neither.
    pub fn accepted(headers: &HeaderMap) -> Option<Self> {
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

/// An answer as it is sent.
pub struct Written {
    pub status: StatusCode,
    pub form: Form,
    pub body: Bytes,
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let content_type = HeaderValue::from_static(self.form.media_type());
        (self.status, [(header::CONTENT_TYPE, content_type)], self.body).into_response()
    }
}

pub fn executed(form: Form, shape: &Shape, cost: u64, mut answer: Answer) -> Written {
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

pub fn refused(form: Form, refusal: Refusal) -> Response {
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

/// A response that nobody is to keep.
pub fn not_kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the library itself reports is always a fault of the request; resolvers give codes.
pub fn with_code(error: &mut ServerError) {
    if code_of(error).is_none() {
        error.extensions.get_or_insert_default().set("code", Code::BadUserInput.as_str());
    }
}

pub fn code_of(error: &ServerError) -> Option<Code> {
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
