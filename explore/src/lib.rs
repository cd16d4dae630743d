//! The derived index: which records, in which order, and why.
//!
//! | module | what it holds |
//! |---|---|
//! | [`text`] | how texts are compared: one folding for names, labels and, later, full text |

pub mod text;
