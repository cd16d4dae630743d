//! Ids by which a request is found in the log.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::request_id::{MakeRequestId, RequestId};

use super::REQUEST_ID;

/// The longest id that is taken from outside.
const LONGEST: usize = 128;

/// Ids that are a number, counted from one that no other run of the program begins with.
#[derive(Debug, Clone)]
pub struct Numbered {
    run: u64,
    next: Arc<AtomicU64>,
}

impl Default for Numbered {
    fn default() -> Self {
        // The hasher's keys are random for each.
        Self { run: RandomState::new().build_hasher().finish(), next: Arc::default() }
    }
}

impl Numbered {
    pub fn next(&self) -> Option<HeaderValue> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        HeaderValue::try_from(format!("{:016x}-{number}", self.run)).ok()
    }
}

impl MakeRequestId for Numbered {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        self.next().map(RequestId::new)
    }
}

/// The id that a request came with, if it belongs into a log.
pub fn given(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut ids = headers.get_all(REQUEST_ID).iter();
    let id = ids.next().filter(|id| is_fit(id))?;
    ids.all(is_fit).then_some(id)
}

fn is_fit(id: &HeaderValue) -> bool {
    id.len() <= LONGEST && id.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Drops an id from outside that does not belong into a log.
pub async fn refuse_unfit(mut request: Request, next: Next) -> Response {
    if given(request.headers()).is_none() {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}
