//! The opaque ids of Relay: a record's kind and key, wrapped so that nobody takes them apart.

use async_graphql::{Error, ID};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maillage_graph_schema::model::{RecordRef, RunKey};

use super::error;

/// The id of a record.
pub fn of(reference: &RecordRef) -> ID {
    ID(wrap(&reference.to_string()))
}

/// What stands before the key of an import.
const RUN: &str = "import-run/";

/// The id of an import.
pub fn of_run(key: &RunKey) -> ID {
    ID(wrap(&format!("{RUN}{key}")))
}

/// What an id names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Record(RecordRef),
    Run(RunKey),
}

/// What an id names.
pub fn named(argument: &str, id: &str) -> Result<Named, Error> {
    match unwrap(id).as_deref().and_then(|text| text.strip_prefix(RUN)?.parse().ok()) {
        Some(key) => Ok(Named::Run(key)),
        None => parse(argument, id).map(Named::Record),
    }
}

/// The record that an id names.
pub fn parse(argument: &str, id: &str) -> Result<RecordRef, Error> {
    unwrap(id)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| error::bad_argument(argument, id, "an id that this API gave, such as the field id of a record"))
}

/// Wraps a text.
pub fn wrap(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// Unwraps a text; `None` if it was not wrapped here.
pub fn unwrap(wrapped: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(wrapped).ok()?).ok()
}
