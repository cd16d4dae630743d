//! What the index answers: which records, in which order, how many, and why. The records themselves come from the graph.
//!
//! | module | what it holds |
//! |---|---|
//! | [`query`] | the questions |
//! | [`filter`] | which initiatives and towns: the inputs |
//! | [`page`] | pages both ways, and lists of towns, areas and organisations |
//! | [`initiatives`] | pages of initiatives, with distances, passages, totals and facets |
//! | [`facet`], [`label`] | counts by something, and what their values are called |
//! | [`search`] | one search over all kinds |
//! | [`similar`] | what is alike, and why |
//! | [`map`] | clusters and pins |
//!
//! To add a filter: 1. in explore; 2. in [`filter`], with a description; 3. a question in `api/tests/it/lists.rs`.

pub mod facet;
pub mod filter;
pub mod initiatives;
pub mod label;
pub mod map;
pub mod page;
pub mod query;
pub mod search;
pub mod similar;
