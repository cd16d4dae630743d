//! From the text of a file to what it says. Parsing never fails: it gives what could be read, and diagnostics.

pub mod value;
pub mod yaml;
