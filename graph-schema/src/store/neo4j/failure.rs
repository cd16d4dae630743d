//! What the driver reports, sorted by what can be done about it.

use std::fmt;
use std::time::Duration;

use neo4rs::{DeError, Neo4jClientErrorKind, Neo4jErrorKind, Neo4jSecurityErrorKind};

use super::Address;
use crate::change::Conflict;
use crate::store::StoreError;

/// Why something did not work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The connection could not be made or broke: what was sent may or may not have been done.
    Broken(String),
    /// The server was asked at a bad moment (a deadlock, a change of leader, a restart) and undid what it had begun.
    Passing(String),
    /// A change set was committed between two parts of an answer.
    Changing,
    /// No answer within the time allowed.
    TimedOut { doing: &'static str, after: Duration },
    /// The change set does not fit the graph.
    Conflict(Conflict),
    /// The server holds something that this program does not write.
    Inconsistent { what: String, problem: String },
    /// Anything else: asking again gives the same.
    Final(String),
}

impl Failure {
    /// An answer without a row or column that the statement always gives.
    pub(super) fn inconsistent(what: impl Into<String>, problem: impl fmt::Display) -> Self {
        Self::Inconsistent { what: what.into(), problem: problem.to_string() }
    }

    /// Whether the same request may succeed at once.
    pub(super) const fn is_worth_a_retry(&self) -> bool {
        matches!(self, Self::Broken(_) | Self::Passing(_) | Self::Changing)
    }

    /// Whether the connection is known to be in order: everything that the server sent was read.
    pub(super) const fn leaves_connection_in_order(&self) -> bool {
        matches!(self, Self::Passing(_) | Self::Changing | Self::Conflict(_) | Self::Inconsistent { .. } | Self::Final(_))
    }

    pub(super) fn into_store_error(self, address: &Address, doing: &'static str) -> StoreError {
        let address = address.as_str().to_owned();
        match self {
            Self::Broken(problem) | Self::Passing(problem) => StoreError::Unavailable { address, problem },
            Self::Changing => {
                StoreError::Unavailable { address, problem: "the graph kept changing while it was being read".to_owned() }
            }
            Self::TimedOut { doing, after } => StoreError::TimedOut { address, doing, after },
            Self::Conflict(conflict) => StoreError::Conflict(conflict),
            Self::Inconsistent { what, problem } => StoreError::Inconsistent { what, problem },
            Self::Final(problem) => StoreError::Driver { address, doing, problem },
        }
    }
}

impl From<Conflict> for Failure {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<DeError> for Failure {
    fn from(error: DeError) -> Self {
        Self::inconsistent("an answer of the server", error)
    }
}

impl From<neo4rs::Error> for Failure {
    fn from(error: neo4rs::Error) -> Self {
        let problem = error.to_string();
        match &error {
            // `IF NOT EXISTS` looks before it makes: of two programs that prepare a server at once, one may come too late.
            neo4rs::Error::Neo4j(reported) if reported.code().ends_with(".EquivalentSchemaRuleAlreadyExists") => {
                Self::Passing(problem)
            }
            neo4rs::Error::Neo4j(reported) => match reported.kind() {
                Neo4jErrorKind::Transient
                | Neo4jErrorKind::Client(
                    // Another member of the cluster leads now; the transaction was ended by a shutdown.
                    Neo4jClientErrorKind::SessionExpired
                    | Neo4jClientErrorKind::TransactionTerminated
                    | Neo4jClientErrorKind::Security(Neo4jSecurityErrorKind::AuthorizationExpired),
                ) => Self::Passing(problem),
                _ => Self::Final(problem),
            },
            // The driver does not pass on the code with which a server turns somebody away.
            neo4rs::Error::AuthenticationError(reason) => Self::Final(format!("the server does not let this user in: {reason}")),
            neo4rs::Error::DeserializationError(problem) => Self::inconsistent("an answer of the server", problem),
            neo4rs::Error::IOError { .. }
            | neo4rs::Error::ConnectionError
            | neo4rs::Error::ConnectionTimedOut
            | neo4rs::Error::IncompleteBoltExchange
            | neo4rs::Error::Ignored(_)
            | neo4rs::Error::RequestIgnoredError
            | neo4rs::Error::UnexpectedMessage(_)
            | neo4rs::Error::UnknownMessage(_)
            | neo4rs::Error::ServerUnavailableError(_) => Self::Broken(problem),
            // The rest says that the request or the server is not what it should be: no Bolt there, a text too long.
            _ => Self::Final(problem),
        }
    }
}
