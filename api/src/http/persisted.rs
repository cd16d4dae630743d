//! Automatic persisted queries: a client sends the SHA-256 of a query in place of the query, and the query itself only where we do not know it. Short
//! addresses can be kept by caches in between. The protocol is that of Apollo's clients
//! (<https://www.apollographql.com/docs/apollo-server/performance/apq>).

use async_graphql::{Error, Value};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

use super::trusted::Trusted;
use super::webhook::from_hex;
use crate::graphql::error::{Code, bad_argument, coded};

/// The SHA-256 of a query.
pub type Hash = Vec<u8>;

/// How many bytes it has.
const HASH_BYTES: usize = 32;

/// Where it stands in a request.
const HASH: &str = "extensions.persistedQuery.sha256Hash";

/// All queries together take no more, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// A longer query is not kept; none is longer that could be answered.
const LONGEST: usize = 64 << 10;

#[derive(Debug, Clone)]
pub struct Weight;

impl Weighter<Hash, String> for Weight {
    fn weight(&self, hash: &Hash, query: &String) -> u64 {
        (hash.len() + query.len() + 64) as u64
    }
}

/// The queries that are known by their hash.
pub enum Persisted {
    /// Those that clients have sent with it.
    Sent(Cache<Hash, String, Weight>),
    /// Those that the operator trusts, and no others are answered.
    Trusted(Trusted),
}

impl Persisted {
    pub fn new(trusted: Option<Trusted>) -> Self {
        trusted.map_or_else(|| Self::Sent(Cache::with_weighter(4_096, MOST_BYTES, Weight)), Self::Trusted)
    }

    /// The query that is asked: the one that was sent, else the one that the hash stands for.
    pub fn query(&self, hash: Option<&Hash>, query: String) -> Result<String, Error> {
        let not_found = || coded(Code::PersistedQueryNotFound, "PersistedQueryNotFound");
        let sent = match self {
            Self::Sent(sent) => sent,
            Self::Trusted(trusted) if query.is_empty() => {
                return hash.and_then(|hash| trusted.get(hash)).cloned().ok_or_else(not_found);
            }
            Self::Trusted(trusted) if trusted.holds(&query) => return Ok(query),
            Self::Trusted(_) => {
                let text = "this service answers only the documents that its operator has named, and this is none of them";
                return Err(coded(Code::BadUserInput, text));
            }
        };
        let Some(hash) = hash else { return Ok(query) };
        if query.is_empty() {
            return sent.get(hash).ok_or_else(not_found);
        }
        if Sha256::digest(query.as_bytes()).as_slice() != hash {
            return Err(bad_argument(HASH, Value::Null, "the SHA-256 of the query that is sent with it"));
        }
        if query.len() <= LONGEST {
            sent.insert(hash.clone(), query.clone());
        }
        Ok(query)
    }
}

/// The hash that the extensions of a request give.
pub fn hash(extensions: &serde_json::Value) -> Result<Option<Hash>, Error> {
    if !extensions.is_null() && !extensions.is_object() {
        return Err(bad_argument("extensions", shown(extensions), "an object"));
    }
    let persisted = &extensions["persistedQuery"];
    if persisted.is_null() {
        return Ok(None);
    }
    if persisted["version"] != 1 {
        return Err(bad_argument("extensions.persistedQuery.version", shown(&persisted["version"]), "1"));
    }
    let written = &persisted["sha256Hash"];
    let hash = written.as_str().and_then(from_hex).filter(|hash| hash.len() == HASH_BYTES);
    let expected = "the SHA-256 of the query, as 64 hexadecimal digits";
    hash.map(Some).ok_or_else(|| bad_argument(HASH, shown(written), expected))
}

/// A value as an error names it.
fn shown(value: &serde_json::Value) -> String {
    value.to_string().chars().take(200).collect()
}
