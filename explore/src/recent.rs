//! What was searched a moment ago: a page of a list, its total and its facets ask for the same text one after the other.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex};

use crate::text::search::TextMatches;

/// How many searches are remembered. Each takes four bytes for each initiative.
const REMEMBERED: usize = 4;

/// The last searches of one snapshot, the latest first. Nobody waits for it: where another is at it, the search is done again.
#[derive(Default)]
pub(crate) struct Recent {
    searches: Mutex<VecDeque<(String, Arc<TextMatches>)>>,
}

impl Recent {
    pub(crate) fn get(&self, text: &str) -> Option<Arc<TextMatches>> {
        let searches = self.searches.try_lock().ok()?;
        searches.iter().find(|(known, _)| known == text).map(|(_, matches)| Arc::clone(matches))
    }

    pub(crate) fn put(&self, text: &str, matches: &Arc<TextMatches>) {
        if let Ok(mut searches) = self.searches.try_lock() {
            searches.truncate(REMEMBERED - 1);
            searches.push_front((text.to_owned(), Arc::clone(matches)));
        }
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Recent").finish_non_exhaustive()
    }
}
