//! Why a request is not executed.

use async_graphql::{Error, Pos, ServerError};
use axum::http::StatusCode;

/// A request that is not executed: why, and the status that says so whatever the form of the answer.
pub struct Refusal {
    pub status: Option<StatusCode>,
    pub error: Error,
    /// In how many seconds the same request may succeed.
    pub retry_after: Option<u64>,
}

impl Refusal {
    /// The request itself is not well formed: 4xx in both forms.
    pub fn malformed(status: StatusCode, error: Error) -> Self {
        Self { status: Some(status), error, retry_after: None }
    }

    /// The error alone.
    pub fn into_error(self) -> ServerError {
        self.error.into_server_error(Pos::default())
    }

    /// There is nothing wrong with the request but its time.
    pub fn later(status: StatusCode, seconds: u64, error: Error) -> Self {
        Self { status: Some(status), error, retry_after: Some(seconds) }
    }
}

impl From<Error> for Refusal {
    /// The query is at fault: 400, but 200 in the form of old.
    fn from(error: Error) -> Self {
        Self { status: None, error, retry_after: None }
    }
}
