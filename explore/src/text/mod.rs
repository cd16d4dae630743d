//! How texts are compared and found.

mod fold;

pub use fold::{fold, fold_words};
