//! How a client asks, and what it is answered at an address of ours: from what is kept, or made anew.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::graphql::language::Preferences;
use crate::http::Service;
use crate::http::cache::{self, CACHE_STATUS, Kept, Key};
use crate::http::responses::SameForAll;

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

/// A response that may be kept: by whoever asked, if it has a key for that.
pub fn kept(service: &Service, shared: Option<Key>, is_hit: bool, mut response: Response) -> Response {
    if is_hit {
        response.extensions_mut().insert(SameForAll);
    }
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
