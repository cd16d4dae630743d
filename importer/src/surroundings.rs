//! What an import finds around it, whatever it imports: given by whoever runs the program.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::limits::Limits;

/// Where things are kept, how the network is reached, and how much of both a source may ask for.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// A folder of ours for fetched repositories and archives, and for notes on what was imported.
    pub cache: PathBuf,
    pub network: Network,
    pub limits: Limits,
}

impl Surroundings {
    /// Only a folder: no proxy, no token, no private address, and the limits that hold by default.
    pub fn new(cache: &Path) -> Self {
        Self { cache: cache.to_owned(), network: Network::default(), limits: Limits::default() }
    }
}

/// How the network is reached.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Whether sources may be at private addresses: of this machine, or of the networks that it is in. A partner's server could
    /// otherwise make us fetch what only we can reach.
    pub allow_private_addresses: bool,
    pub proxies: Proxies,
    pub environment: Environment,
}

/// The proxies that requests go through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For addresses that start with `http://`.
    pub http: Option<String>,
    /// For addresses that start with `https://`.
    pub https: Option<String>,
    /// Hosts that are reached without: names, `.suffixes`, addresses and networks, separated by commas.
    pub except: Option<String>,
}

/// What environment variables hold: the tokens that sources name.
#[derive(Clone)]
pub struct Environment(Arc<Variables>);

/// From the name of a variable to what it holds.
type Variables = dyn Fn(&str) -> Option<String> + Send + Sync;

impl Environment {
    /// Reads variables by a function.
    pub fn new(read: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// What a variable holds, if it is set and not empty.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

impl Default for Environment {
    /// No variable is set.
    fn default() -> Self {
        Self::new(|_| None)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Environment")
    }
}

/// A token, which no log and no message shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The token itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token")
    }
}
