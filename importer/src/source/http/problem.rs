//! What can go wrong when a server is asked.

use std::net::IpAddr;

use crate::error::ImportError;

/// Why there is no answer, or not a whole one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It may be better in a moment: no connection, a broken one, no answer in time.
    #[error("{0}")]
    Transient(String),
    /// It will be the same next time.
    #[error("{0}")]
    Lasting(String),
    /// The server asks to be left alone for a while: so many seconds, if it says so.
    #[error("the server is busy ({status})")]
    Busy { status: u16, seconds: Option<u64> },
    #[error("the server answers {status} {reason}", reason = reason(*status))]
    Status { status: u16 },
    #[error("{host} is at the private address {address}")]
    Private { host: String, address: IpAddr },
    #[error("{what} is over {limit}")]
    Limit { what: &'static str, limit: u64 },
}

impl Problem {
    /// Whether asking again may help.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Transient(_) | Self::Busy { .. })
    }

    /// What an import says about it.
    pub fn of_source(self, address: &str) -> ImportError {
        let address = address.to_owned();
        match self {
            Self::Private { host, address: at } => ImportError::PrivateAddress { address, host, at },
            Self::Limit { what, limit } => ImportError::Limit { address, what, limit },
            Self::Busy { status, seconds } => ImportError::Busy { address, status, seconds },
            Self::Status { status: 401 | 403 } => ImportError::Forbidden { address, problem: self.to_string() },
            other => ImportError::Fetch { address, problem: other.to_string() },
        }
    }
}

fn reason(status: u16) -> &'static str {
    reqwest::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// So that a reader can carry it through other people's code, and [`from_error`] find it again.
impl From<Problem> for std::io::Error {
    fn from(problem: Problem) -> Self {
        Self::other(problem)
    }
}

/// The problem among an error and its causes.
pub fn from_error(error: &(dyn std::error::Error + 'static)) -> Option<Problem> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(problem) = error.downcast_ref::<Problem>() {
            return Some(problem.clone());
        }
        // An I/O error does not count what it wraps among its causes, but the causes of that.
        let inner = error.downcast_ref::<std::io::Error>().and_then(|error| error.get_ref());
        if let Some(problem) = inner.and_then(|inner| inner.downcast_ref::<Problem>()) {
            return Some(problem.clone());
        }
        cause = error.source();
    }
    None
}

/// What an error says, and what led to it.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut said = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        // Some errors repeat their cause.
        if said.last().is_some_and(|last| !last.contains(&words)) {
            said.push(words);
        }
        cause = error.source();
    }
    said.join(": ")
}
