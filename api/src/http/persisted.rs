//! Automatic persisted queries: a client sends the SHA-256 of a query in place of the query, and the query itself only where we do not know it. Short
//! addresses can be kept by caches in between. The protocol is that of Apollo's clients
//! (<https://www.apollographql.com/docs/apollo-server/performance/apq>).

use async_graphql::{Error, Value};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

use crate::graphql::error::{Code, bad_argument, coded};

/// All queries together take no more, in bytes.
const MOST_BYTES: u64 = 8 << 20;

/// A longer query is not kept; none is longer that could be answered.
const LONGEST: usize = 64 << 10;

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, String> for Weight {
    fn weight(&self, hash: &String, query: &String) -> u64 {
        (hash.len() + query.len() + 64) as u64
    }
}

/// The queries that clients have sent with a hash.
pub struct Persisted(Cache<String, String, Weight>);

impl Default for Persisted {
    fn default() -> Self {
        Self(Cache::with_weighter(4_096, MOST_BYTES, Weight))
    }
}

impl Persisted {
    /// The query that is asked: the one that was sent, else the one that the hash stands for.
    pub fn query(&self, hash: Option<&str>, query: String) -> Result<String, Error> {
        let Some(hash) = hash else { return Ok(query) };
        if query.is_empty() {
            return self.0.get(hash).ok_or_else(|| coded(Code::PersistedQueryNotFound, "PersistedQueryNotFound"));
        }
        let found = hex(&Sha256::digest(query.as_bytes()));
        if found != hash {
            return Err(bad_argument(
                "extensions.persistedQuery.sha256Hash",
                hash,
                &format!("the SHA-256 of the query, {found}"),
            ));
        }
        if query.len() <= LONGEST {
            self.0.insert(found, query.clone());
        }
        Ok(query)
    }
}

/// The hash that the extensions of a request give.
pub fn hash(extensions: &serde_json::Value) -> Result<Option<String>, Error> {
    let persisted = &extensions["persistedQuery"];
    if persisted.is_null() {
        return Ok(None);
    }
    if persisted["version"] != 1 {
        let version = persisted["version"].to_string();
        return Err(bad_argument("extensions.persistedQuery.version", version, "1"));
    }
    let hash = persisted["sha256Hash"].as_str().unwrap_or_default().to_ascii_lowercase();
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let expected = "the SHA-256 of the query, as 64 hexadecimal digits";
        return Err(bad_argument("extensions.persistedQuery.sha256Hash", Value::from(hash), expected));
    }
    Ok(Some(hash))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        text
    })
}
