//! From partners' files to the graph: source → files → drafts → plan → change sets.
//!
//! | module | what it does |
//! |---|---|
//! | [`sources`] | reads and changes the list of sources |
//! | [`surroundings`] | says where fetched things are kept and how the network is reached |
//! | [`job`] | says what is to be imported, and from where |
//! | [`source`] | gives the files of a folder, a Git repository or an archive; the only place that fetches |
//! | [`limits`] | the limits on what is read, each with a name |
//! | [`parse`] | reads front matter and body of a file |
//! | `assemble`, [`resolve`] | makes records of drafts, with the towns, topics and organisations that they name |
//! | `connect` | makes links between case studies lead to our pages; picks their pictures |
//! | `invalid` | what could not be read, so that its records stay as they are |
//! | `remembered` | leaves out an import that would change nothing |
//! | `compare`, [`plan`] | compares drafts with the graph; applies what comes of it |
//! | [`check`] | the same without a graph, for partners |
//! | [`duplicates`] | initiatives that may be one: found, and decided on by a person |
//! | [`runs`] | an import from beginning to end, kept for people; when it is due; one process at a time |
//! | [`diagnostic`], [`report`] | what is to be said about files: for people, forges and programs |
//! | [`reference`] | reads towns, areas and topics |
//! | [`schema`] | the JSON Schemas of the files that people write, for their editors |
//! | [`forge`] | where people read a file of a repository |
//! | [`suggest`] | looks at files that nobody has described, and writes a first mapping |
//! | [`text`] | shows the Markdown of records as HTML or plain text |

mod assemble;
pub mod check;
mod compare;
mod connect;
pub mod diagnostic;
pub mod draft;
pub mod duplicates;
mod each;
pub mod error;
pub mod forge;
mod invalid;
pub mod job;
pub mod limits;
pub mod mapping;
pub mod parse;
pub mod plan;
pub mod progress;
mod read;
pub mod reference;
mod remembered;
pub mod report;
pub mod resolve;
pub mod runs;
pub mod schema;
mod settled;
mod slug;
pub mod source;
pub mod sources;
pub mod suggest;
pub mod surroundings;
pub mod text;

pub use check::{check, look};
pub use compare::{imported_by, is_import};
pub use error::ImportError;
pub use job::{ImportJob, Location};
pub use plan::{Applied, Held, Plan, apply, plan};
pub use progress::{Progress, Silent, Stage};
pub use reference::reference_change_sets;
pub use report::Report;
pub use sources::SourceConfig;
pub use surroundings::Surroundings;
