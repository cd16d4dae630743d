//! Answers that were given before, for as long as the graph is as it was: in this process, and at whoever asked, by `ETag`.
//!
//! An answer depends on the graph's revision, on the question and on the languages that the reader takes. All of these are in its key, which is its
//! tag, too: an answer never has to be taken back, and replicas on one graph give the same tags. Nobody has rights of their own yet; whoever
//! adds some adds them to [`Question`].

use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use maillage_explore::Explore;
use maillage_graph_schema::store::Revision;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

/// An answer that is larger is not kept, in bytes.
pub const LARGEST: usize = 1 << 20;

/// What an answer takes beside its text: its key, and its place in the cache.
const BESIDE: u64 = 128;

/// About how large answers are: how many places the cache has from the start follows from it.
const USUAL: u64 = 4 << 10;

/// Whether an answer comes from this cache, and whether it may be behind (RFC 9211).
pub const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// How long others may keep an answer: a browser asks each time whether it still holds, a cache in between after some seconds; where
/// we do not answer, they may use what they have.
const CACHE_CONTROL: HeaderValue =
    HeaderValue::from_static("public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400");

/// What an answer depends on, all told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key([u8; 24]);

impl Key {
    /// Of parts, whose borders count.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut key = [0; 24];
        key.copy_from_slice(&hash.finalize()[..24]);
        Self(key)
    }

    /// The tag of the answer. A weak one: compressed or not, it is the same.
    pub fn tag(self) -> HeaderValue {
        let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(self.0));
        HeaderValue::try_from(tag).unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
    }

    /// Whether whoever asks has the answer already.
    pub fn is_known_to(self, headers: &HeaderMap) -> bool {
        let tag = self.tag();
        let tag = tag.to_str().unwrap_or_default().trim_start_matches("W/");
        let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        known.flat_map(|value| value.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag)
    }

    /// Lets an answer be kept by whoever asked.
    pub fn mark(self, headers: &mut HeaderMap) {
        headers.insert(header::ETAG, self.tag());
        headers.insert(header::CACHE_CONTROL, CACHE_CONTROL);
        headers.insert(header::VARY, HeaderValue::from_static("accept, accept-language"));
    }
}

/// What is kept of an answer.
#[derive(Debug, Clone)]
pub struct Kept {
    pub body: Bytes,
    /// Where it goes on, if it is a page of several.
    pub link: Option<HeaderValue>,
}

impl From<Bytes> for Kept {
    fn from(body: Bytes) -> Self {
        Self { body, link: None }
    }
}

impl From<String> for Kept {
    fn from(body: String) -> Self {
        Bytes::from(body).into()
    }
}

impl Weighed for Kept {
    fn bytes(&self) -> u64 {
        (self.body.len() + self.link.as_ref().map_or(0, HeaderValue::len)) as u64
    }
}

impl Kept {
    /// The answer as a response.
    pub fn response(self, media_type: &'static str) -> Response {
        let mut response = ([(header::CONTENT_TYPE, media_type)], self.body).into_response();
        if let Some(link) = self.link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

/// What takes memory.
pub trait Weighed: Clone {
    fn bytes(&self) -> u64;
}

#[derive(Debug, Clone)]
struct Weight;

impl<V: Weighed> Weighter<Key, V> for Weight {
    fn weight(&self, _: &Key, value: &V) -> u64 {
        value.bytes() + BESIDE
    }
}

/// What is kept, as much as fits into so much memory; what is asked for most.
pub struct Bounded<V: Weighed>(Option<Cache<Key, V, Weight>>);

impl<V: Weighed> Bounded<V> {
    /// Keeps so many bytes; nothing for 0.
    pub fn of(bytes: u64) -> Self {
        let places = usize::try_from((bytes / USUAL).max(16)).unwrap_or(usize::MAX);
        Self((bytes > 0).then(|| Cache::with_weighter(places, bytes, Weight)))
    }

    pub const fn keeps_any(&self) -> bool {
        self.0.is_some()
    }

    pub fn get(&self, key: &Key) -> Option<V> {
        self.0.as_ref()?.get(key)
    }

    pub fn keep(&self, key: Key, value: &V) {
        if let Some(kept) = self.0.as_ref().filter(|_| value.bytes() <= LARGEST as u64) {
            kept.insert(key, value.clone());
        }
    }
}

/// The answers that are kept.
pub struct Answers {
    kept: Bounded<Kept>,
    /// What tells the graph at the last revision that was asked for.
    graph: RwLock<Option<(Revision, Arc<str>)>>,
}

impl Answers {
    /// Keeps so many bytes.
    pub fn of(bytes: u64) -> Self {
        Self { kept: Bounded::of(bytes), graph: RwLock::default() }
    }

    /// What tells the graph that answers are of from others, and from itself at other times. `None` if it cannot be asked.
    pub async fn graph(&self, explore: &Explore) -> Option<Arc<str>> {
        let revision = explore.snapshot().revision();
        let known = self.graph.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, graph)) = known.filter(|(known, _)| *known == revision) {
            return Some(graph);
        }
        let graph: Arc<str> = explore.graph_at(revision).await.ok()??.into();
        *self.graph.write().unwrap_or_else(PoisonError::into_inner) = Some((revision, Arc::clone(&graph)));
        Some(graph)
    }

    pub fn get(&self, key: &Key) -> Option<Kept> {
        self.kept.get(key)
    }

    pub fn keep(&self, key: Key, answer: &Kept) {
        self.kept.keep(key, answer);
    }
}

/// What is told of where an answer comes from.
pub fn status(is_hit: bool, is_in_touch: bool) -> HeaderValue {
    HeaderValue::from_static(match (is_hit, is_in_touch) {
        (true, true) => "maillage; hit",
        (true, false) => "maillage; hit; detail=stale",
        (false, true) => "maillage; fwd=miss",
        (false, false) => "maillage; fwd=miss; detail=stale",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_parts_apart() {
        let key = |parts: &[&str]| Key::of(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(key(&["ab", "c"]), key(&["ab", "c"]));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_ne!(key(&["ab", ""]), key(&["ab"]));
    }

    #[test]
    fn who_has_an_answer_is_known_by_its_tag() {
        let key = Key::of([b"a".as_slice()]);
        let other = Key::of([b"b".as_slice()]);
        let (tag, other) =
            (key.tag().to_str().unwrap_or_default().to_owned(), other.tag().to_str().unwrap_or_default().to_owned());
        for (header, expected) in [
            (tag.clone(), true),
            (tag.replace("W/", ""), true),
            (format!("{other}, {tag}"), true),
            (other, false),
            ("*".to_owned(), false),
            (String::new(), false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::try_from(&header).expect("a header"));
            assert_eq!(key.is_known_to(&headers), expected, "{header}");
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let answers = Answers::of(64 << 10);
        let key = |number: u32| Key::of([number.to_le_bytes().as_slice()]);
        for number in 0..1_000 {
            answers.keep(key(number), &Bytes::from(vec![0; 1_000]).into());
        }
        let kept = (0..1_000).filter(|number| answers.get(&key(*number)).is_some()).count();
        assert!((10..=65).contains(&kept), "{kept}");
        answers.keep(key(5_000), &Bytes::from(vec![0; LARGEST + 1]).into());
        assert!(answers.get(&key(5_000)).is_none());
        let none = Answers::of(0);
        none.keep(key(0), &Bytes::from_static(b"a").into());
        assert!(none.get(&key(0)).is_none());
    }
}
