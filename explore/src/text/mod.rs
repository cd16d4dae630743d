//! How texts are compared and found.
//!
//! | module | what it holds |
//! |---|---|
//! | `fold` | the one folding, for names and labels too |
//! | `analyse` | from a text to its words: fold, drop elisions, stem |
//! | `plain` | from Markdown to what is read |
//! | `reading` | a telling, read once for all that follows from it |
//! | `stems` | how its words are handed to the index |
//! | `index` | which words stand in which telling |
//! | `lexicon` | other words for the same thing, in French and English |
//! | `query` | from what people type to what is looked for: anything is a search |
//! | `search` | which initiatives match, and how well |
//! | `extract` | the passages that show why |

pub(crate) mod analyse;
mod extract;
mod fold;
pub(crate) mod index;
mod lexicon;
mod plain;
mod query;
pub(crate) mod reading;
pub(crate) mod search;
mod stems;

pub use extract::{Extract, Otherwise, extracts, marked_name};
pub use fold::{fold, fold_words};
pub use query::Query;
