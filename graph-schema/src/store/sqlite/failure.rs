//! What goes wrong inside the store, before it is known what was being done.

use std::time::Duration;

use rusqlite::ErrorCode;

use crate::change::Conflict;
use crate::store::StoreError;

/// Why a question or a change set failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// A row that this program would not have written.
    #[error("{what}: {problem}")]
    Unreadable { what: String, problem: String },
    /// The file is of a newer version.
    #[error("schema version {0}")]
    Newer(u32),
    /// The file is not there, not to be read, or not a graph.
    #[error("{0}")]
    Unreachable(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    pub(super) fn unreadable(what: impl Into<String>, problem: &(impl ToString + ?Sized)) -> Self {
        Self::Unreadable { what: what.into(), problem: problem.to_string() }
    }

    /// Whether another connection was in the way.
    pub(super) fn is_busy(&self) -> bool {
        let Self::Sqlite(error) = self else { return false };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// The error as the port gives it.
    pub(super) fn into_store_error(self, address: &str, doing: &'static str, allowed: Duration) -> StoreError {
        let address = address.to_owned();
        match self {
            Self::Conflict(conflict) => StoreError::Conflict(conflict),
            Self::Unreadable { what, problem } => StoreError::Inconsistent { what: format!("{what} in {address}"), problem },
            Self::Newer(found) => StoreError::NewerSchema { address, found, known: super::migrate::KNOWN },
            Self::Unreachable(problem) => StoreError::Unavailable { address, problem },
            Self::Other(problem) => StoreError::Driver { address, doing, problem },
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::OperationInterrupted) => StoreError::TimedOut { address, doing, after: allowed },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    StoreError::Unavailable { address, problem: format!("another program holds it: {error}") }
                }
                Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly) => {
                    StoreError::Unavailable { address, problem: error.to_string() }
                }
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    StoreError::Inconsistent { what: address, problem: error.to_string() }
                }
                _ => StoreError::Driver { address, doing, problem: error.to_string() },
            },
        }
    }
}
