//! From partners' files to the graph: source → files → drafts → plan → change sets.
//!
//! | module | what it does |
//! |---|---|
//! | [`sources`] | reads the list of sources |
//! | [`job`] | says what is to be imported, and from where |
//! | [`limits`] | the limits on what is read, each with a name |
//! | [`parse`] | reads front matter and body of a file |
//! | [`plan`] | compares drafts with the graph; applies what comes of it |
//! | [`check`] | the same without a graph, for partners |
//! | [`diagnostic`], [`report`] | what is to be said about files, for people and as JSON |
//! | [`reference`] | reads towns, areas and topics |
//! | [`text`] | shows the Markdown of records as HTML or plain text |

pub mod check;
pub mod diagnostic;
pub mod draft;
pub mod error;
pub mod job;
pub mod limits;
pub mod mapping;
pub mod parse;
pub mod plan;
pub mod progress;
pub mod reference;
pub mod report;
pub mod resolve;
mod slug;
pub mod source;
pub mod sources;
pub mod text;

pub use check::check;
pub use error::ImportError;
pub use job::{ImportJob, Location};
pub use plan::{Applied, Held, Plan, apply, plan};
pub use progress::{Progress, Silent, Stage};
pub use reference::reference_change_sets;
pub use report::Report;
pub use sources::SourceConfig;
