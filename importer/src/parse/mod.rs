//! From the text of a file to what it says. Parsing never fails: it gives what could be read, and diagnostics.

pub mod body;
pub mod clean;
pub mod front_matter;
mod json;
pub mod native;
pub mod reader;
mod toml;
pub mod value;
pub mod yaml;
