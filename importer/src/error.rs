//! Why an import could not be made.

use std::net::IpAddr;
use std::path::PathBuf;

use maillage_graph_schema::model::ValueError;
use maillage_graph_schema::store::StoreError;

/// Why an import, or the reading of reference data, could not be made at all. What is wrong with one file is a
/// [`crate::report::Diagnostic`] instead.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot read {}: {problem}", path.display())]
    Read { path: PathBuf, problem: String },
    #[error("cannot write {}: {problem}", path.display())]
    Write { path: PathBuf, problem: String },
    #[error("source {key:?} was not added: {problem}")]
    NotAdded { key: String, problem: String },
    /// A file of ours (the list of sources, a mapping, reference data) that is not what it must be.
    #[error("{}:{line}: {problem}", path.display())]
    Content { path: PathBuf, line: usize, problem: String },
    #[error("there is no source {key:?}")]
    UnknownSource { key: String, known: Vec<String> },
    #[error("there is no source, folder or Git address {what:?}")]
    NothingThere { what: String, known: Vec<String> },
    #[error("source {key} does not say where it is")]
    NoLocation { key: String },
    #[error("the environment variable {variable}, which is to hold the token of source {key}, is not set")]
    NoToken { key: String, variable: String },
    #[error("source {key} holds reference data, which is not imported as case studies")]
    ReferenceSource { key: String },
    #[error("cannot fetch {address}: {problem}")]
    Fetch { address: String, problem: String },
    #[error("cannot fetch {address}: {problem}")]
    Forbidden { address: String, problem: String },
    #[error("cannot fetch {address}: {}", private_words(host, at))]
    PrivateAddress { address: String, host: String, at: IpAddr },
    /// The server asks to be left alone: so many seconds, if it says so.
    #[error("{address} is busy (it answers {status})")]
    Busy { address: String, status: u16, seconds: Option<u64> },
    #[error("{address} is not the address of a Git repository that can be read")]
    Scheme { address: String },
    #[error("{address} has no branch {branch:?}")]
    UnknownBranch { address: String, branch: String },
    /// One of the limits of [`crate::limits::Limits`].
    #[error("{address} goes beyond a limit: {what} is over {limit}")]
    Limit { address: String, what: &'static str, limit: u64 },
    /// So many records would be withdrawn at once that a person must say so.
    #[error(
        "the plan is held, and nothing was changed: of the {held} records of source {source_key}, {withdrawn} would be withdrawn without another in their place, more than {percent} % at once: their files are gone from {address}, or the mapping gives them other keys"
    )]
    Held { source_key: String, address: String, withdrawn: usize, held: usize, percent: usize },
    /// This process was thought dead, and another took over.
    #[error("the import of {source_key} was taken over by another process")]
    LeaseLost { source_key: String },
    #[error("{source_key} is being imported by another process")]
    BeingImported { source_key: String },
    /// A mapping that we suggested and do not understand ourselves: our mistake.
    #[error("the suggested mapping is wrong on line {line}: {problem}")]
    Suggestion { line: usize, problem: String, text: String },
    #[error(transparent)]
    Value(#[from] ValueError),
    #[error("a task of the import ended early: {0}")]
    Task(String),
}

/// Where a host is that is not asked.
fn private_words(host: &str, at: &IpAddr) -> String {
    if *host == at.to_string() { format!("{at} is a private address") } else { format!("{host} is at the private address {at}") }
}

impl ImportError {
    pub(crate) fn read(path: impl Into<PathBuf>, error: &dyn std::fmt::Display) -> Self {
        Self::Read { path: path.into(), problem: error.to_string() }
    }

    pub(crate) fn content(path: impl Into<PathBuf>, line: usize, error: &dyn std::fmt::Display) -> Self {
        Self::Content { path: path.into(), line, problem: error.to_string() }
    }

    /// What to do about it, where there is something to do.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownSource { known, .. } | Self::NothingThere { known, .. } => {
                Some(format!("known sources: {}", known.join(", ")))
            }
            Self::NoLocation { .. } => Some("give it a path or a url in sources.toml".to_owned()),
            Self::NoToken { variable, .. } => Some(format!("set {variable}, or remove the line `token` of the source")),
            Self::ReferenceSource { .. } => Some("reference data is loaded at the first start".to_owned()),
            Self::Fetch { .. } => {
                Some("check the address and that this machine may reach it, then run the same command again".to_owned())
            }
            Self::Forbidden { .. } => {
                Some("if it is not public, give the source a token in sources.toml, or see whether the one it has is still valid".to_owned())
            }
            Self::PrivateAddress { .. } => Some(
                "if it is yours, allow it: `allow_private_addresses = true` of the source in sources.toml, or --allow-private-addresses".to_owned(),
            ),
            Self::Busy { seconds, .. } => Some(match seconds {
                Some(seconds) => format!("it asks to be left alone for {seconds} seconds: run the same command again after that"),
                None => "run the same command again later".to_owned(),
            }),
            Self::Scheme { .. } => Some("give an address that starts with https://, http:// or file://, or a path".to_owned()),
            Self::UnknownBranch { .. } => {
                Some("give the branch in sources.toml, or leave it out to take the default one".to_owned())
            }
            Self::Suggestion { text, .. } => {
                Some(format!("this is a mistake of Maillage: please report it; the mapping was:\n{text}"))
            }
            Self::Held { .. } => {
                Some("if that is meant, run the same command with --yes".to_owned())
            }
            Self::BeingImported { .. } => {
                Some("wait until it is done; if that process was killed, its claim is over after two minutes".to_owned())
            }
            Self::Limit { .. } => Some("nothing was changed; if this is meant, raise the limit".to_owned()),
            _ => None,
        }
    }
}
