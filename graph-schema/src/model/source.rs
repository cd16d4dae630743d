//! Where records come from.

use super::value::written_enum;
use super::{Language, Licence, SourceKey, Text, WebAddress};

written_enum!(
    /// How a source is read.
    SourceKind, "a kind of source" {
        Archive = "archive",
        Directory = "directory",
        Git = "git",
        /// A published table, such as the official list of communes.
        Reference = "reference",
    }
);

/// A partner's repository, a folder, a published table.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub key: SourceKey,
    pub aliases: Vec<SourceKey>,
    pub name: Text,
    pub kind: SourceKind,
    /// Where people find it.
    pub address: Option<WebAddress>,
    pub description: Option<Text>,
    /// The language of its records where they do not say.
    pub language: Option<Language>,
    /// The licence of its records where they do not say; absent if unknown, never guessed.
    pub licence: Option<Licence>,
}
