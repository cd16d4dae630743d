//! The derived index: which records, in which order, and why.
//!
//! Explore says which, the graph says what. Lists, searches and suggestions are answered here, from memory, as keys with
//! scores, reasons and counts; the records behind the keys come from the graph. The index is derived from the graph and
//! follows it; it can be deleted at any time.
//!
//! | module | what it holds |
//! |---|---|
//! | [`question`] | what can be asked, and why a question may not be answerable |
//! | [`Explore`] | the index as it follows the graph, and is saved beside it |
//! | [`Snapshot`] | the index at one revision: where every answer comes from |
//! | `columns` | one number per record, and a bitmap per value of everything that can be asked for |
//! | `filter`, `facets`, `page`, `cursor` | which records, how many of each, which part of the list |
//! | `names`, `places` | towns, areas and organisations, by name and otherwise |
//! | [`search`] | initiatives, towns, topics and organisations in one list |
//! | [`geo`] | distances and boxes |
//! | [`map`] | clusters and pins for a box and a zoom |
//! | [`similarity`] | initiatives and towns that are alike, and why |
//! | [`text`] | how texts are compared and found |
//!
//! To add a filter or a facet: see `columns`.

mod codec;
mod columns;
mod cursor;
mod facets;
mod filter;
mod follow;
pub mod geo;
pub mod map;
mod names;
mod nearest;
mod page;
mod places;
pub mod question;
mod recent;
mod save;
pub mod search;
pub mod similarity;
mod snapshot;
pub mod text;

pub use follow::{Explore, ExploreError, FollowedStore, Origin};
pub use places::{AreaQuestion, OrganisationQuestion};
pub use snapshot::Snapshot;
