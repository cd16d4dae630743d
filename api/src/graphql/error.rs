//! Errors as clients see them: a stable `code` in the extensions, and nothing of the inside.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensions as _, Value};
use maillage_explore::question::QuestionError;
use maillage_graph_schema::model::ValueError;
use maillage_graph_schema::store::StoreError;

/// The codes, which clients may rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request is wrong: the message says what and what is expected.
    BadUserInput,
    /// The request would cost more than the service allows.
    QueryTooCostly,
    /// The query that a hash stands for is not known: the client sends the same once more, with the query.
    PersistedQueryNotFound,
    /// The client has asked for as much as it may for now: the header `Retry-After` says when to go on.
    RateLimited,
    /// No answer within the time allowed.
    Timeout,
    /// The graph cannot be reached just now; the same request may succeed later.
    Unavailable,
    /// A fault of the service; the log says which.
    Internal,
}

impl Code {
    /// Every code.
    pub const ALL: &'static [Self] = &[
        Self::BadUserInput,
        Self::QueryTooCostly,
        Self::PersistedQueryNotFound,
        Self::RateLimited,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The written form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::QueryTooCostly => "QUERY_TOO_COSTLY",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

/// An error with its code.
pub fn coded(code: Code, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// An argument that cannot be used: which, what it was, what is expected.
pub fn bad_argument(argument: &str, value: impl Into<Value>, expected: &str) -> Error {
    let value = value.into();
    Error::new(format!("argument {argument} is {value}: expected {expected}")).extend_with(|_, extensions| {
        extensions.set("code", Code::BadUserInput.as_str());
        extensions.set("argument", argument);
        extensions.set("expected", expected);
    })
}

/// An argument whose text is not a value of the domain.
pub fn bad_value(argument: &str, error: &ValueError) -> Error {
    bad_argument(argument, error.value.as_str(), &error.expected)
}

/// A question that the index cannot answer; `place` says where the client gave an argument.
pub fn question(problem: &QuestionError, place: impl Fn(&str) -> String) -> Error {
    match problem {
        QuestionError::UnknownKey { argument, what, key, nearest } => {
            let expected = if nearest.is_empty() {
                format!("a key of a known {what}")
            } else {
                format!("a key of a known {what}, perhaps {}", nearest.join(", "))
            };
            bad_argument(&place(argument), key.as_str(), &expected).extend_with(|_, extensions| {
                extensions.set("nearest", nearest.clone());
            })
        }
        QuestionError::Value { argument, value, expected } => bad_argument(&place(argument), value.as_str(), expected),
        QuestionError::Cursor { argument, value } => bad_argument(
            &place(argument),
            value.as_str(),
            "a cursor that this list gave, for the same filter and order: endCursor, or the cursor of an edge",
        ),
        QuestionError::Unreadable { .. } => {
            tracing::error!(error = %problem, "the index gave no answer");
            coded(Code::Internal, "the service failed to read its index; its log says why")
        }
    }
}

/// Logs what a store reported, once, where it was asked.
pub fn log(problem: &StoreError) {
    tracing::error!(error = %problem, "the graph store gave no answer");
}

/// What a client is told of a store's error, which was logged where it came up.
pub fn store(problem: &StoreError) -> Error {
    match problem {
        StoreError::Unavailable { .. } => {
            coded(Code::Unavailable, "the graph cannot be reached just now, please try again in a moment")
        }
        StoreError::TimedOut { .. } => coded(Code::Timeout, "the graph did not answer in time, please ask for less or try again"),
        StoreError::Conflict(_)
        | StoreError::Inconsistent { .. }
        | StoreError::NewerSchema { .. }
        | StoreError::Address { .. }
        | StoreError::Driver { .. } => coded(Code::Internal, "the service failed to read the graph; its log says why"),
    }
}

/// Lets resolvers use `?` on what a reader or the store answers.
pub trait OrTell<T> {
    /// The value, or the error as a client is told it.
    fn or_tell(self) -> async_graphql::Result<T>;
}

impl<T> OrTell<T> for Result<T, Arc<StoreError>> {
    fn or_tell(self) -> async_graphql::Result<T> {
        self.map_err(|problem| store(&problem))
    }
}

impl<T> OrTell<T> for Result<T, StoreError> {
    fn or_tell(self) -> async_graphql::Result<T> {
        self.map_err(|problem| {
            log(&problem);
            store(&problem)
        })
    }
}

/// Something that the graph's rules exclude: a relation to a record that is not there, say.
pub fn broken(what: &str) -> Error {
    tracing::error!("the graph breaks one of its rules: {what}");
    coded(Code::Internal, "the service found the graph to be inconsistent; its log says where")
}
