//! Documents that were read before: clients ask the same few over and over, with other variables, and reading one takes longer than checking and
//! pricing it.

use async_graphql::parser::types::ExecutableDocument;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// All documents together take no more, in bytes, as far as can be told.
const MOST_BYTES: u64 = 16 << 20;

/// What a document takes for each byte of its text, about.
const FOR_A_BYTE: u64 = 40;

/// How many there are places for from the start.
const PLACES: usize = 1_024;

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, ExecutableDocument> for Weight {
    fn weight(&self, query: &String, _: &ExecutableDocument) -> u64 {
        (query.len() as u64 + 8) * FOR_A_BYTE
    }
}

/// The documents that are kept.
pub struct Documents(Cache<String, ExecutableDocument, Weight>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::with_weighter(PLACES, MOST_BYTES, Weight))
    }
}

impl Documents {
    /// The document of a query, read if it is not known. What cannot be read is not kept.
    pub fn get_or_read<E>(
        &self,
        query: &str,
        read: impl FnOnce(&str) -> Result<ExecutableDocument, E>,
    ) -> Result<ExecutableDocument, E> {
        if let Some(document) = self.0.get(query) {
            return Ok(document);
        }
        let document = read(query)?;
        self.0.insert(query.to_owned(), document.clone());
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn a_document_is_read_once_and_errors_each_time() {
        let documents = Documents::default();
        let mut reads = 0;
        for (query, expected) in [("{ a }", 1), ("{ a }", 1), ("{ b }", 2), ("{ a }", 2), ("{", 3), ("{", 4), ("{ b }", 4)] {
            let document = documents.get_or_read(query, |query| {
                reads += 1;
                parse_query(query)
            });
            assert_eq!(reads, expected, "{query}");
            let again = parse_query(query);
            assert_eq!(document.is_ok(), again.is_ok(), "{query}");
            if let (Ok(document), Ok(again)) = (document, again) {
                assert_eq!(format!("{document:?}"), format!("{again:?}"), "{query}");
            }
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let documents = Documents::default();
        for number in 0..5_000 {
            let query = format!("{{ a{number}{} }}", " b".repeat(500));
            documents.get_or_read(&query, |query| parse_query(query)).expect("a document");
        }
        assert!(documents.0.weight() <= MOST_BYTES, "{}", documents.0.weight());
    }
}
