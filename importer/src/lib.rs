//! From partners' files to the graph.
//!
//! | module | what it does |
//! |---|---|
//! | [`sources`] | reads the list of sources |
//! | [`limits`] | the limits on what is read, each with a name |
//! | [`parse`] | reads front matter and body of a file |
//! | [`reference`] | reads towns, areas and topics |

pub mod error;
pub mod limits;
pub mod parse;
pub mod reference;
pub mod sources;

pub use error::ImportError;
pub use reference::reference_change_sets;
