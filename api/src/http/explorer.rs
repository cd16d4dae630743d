//! The pages for people: what this is, and a place to try questions. They ask nothing of any other host.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::Service;

const WELCOME: &str = include_str!("web/welcome.html");
const PAGE: &str = include_str!("web/explorer.html");
const SCRIPT: &str = include_str!("web/explorer.js");
const STYLE: &str = include_str!("web/explorer.css");

/// What the pages may load: their own style and script, and answers of this service.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// What this is.
pub async fn welcome(State(service): State<Service>) -> Response {
    let address = service.inner.public_url.replace('&', "&amp;").replace('<', "&lt;");
    safe(Html(WELCOME.replace("{{address}}", &address)))
}

/// A page to try questions in.
pub async fn page() -> Response {
    safe(Html(PAGE))
}

/// The script of that page.
pub async fn script() -> Response {
    safe(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT))
}

/// The style of both pages.
pub async fn style() -> Response {
    safe(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE))
}

/// A page that can do nothing but be read.
pub fn safe(content: impl IntoResponse) -> Response {
    let mut response = content.into_response();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    ] {
        response.headers_mut().insert(name, value);
    }
    response
}
