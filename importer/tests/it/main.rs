//! What the importer does, on the content of this repository and on fixtures of its own.

mod archives;
mod checks;
mod duplicates;
mod fixtures;
mod git;
mod hostile;
mod hostile_servers;
mod imports;
mod kinds;
mod lists;
mod mappings;
mod reference;
mod reports;
mod resolution;
mod runs;
mod schemas;
mod server;
mod servers;
mod suggest;

use std::path::{Path, PathBuf};

use maillage_graph_schema::clock::FixedClock;

/// The content folder of this repository.
pub(crate) fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content")
}

/// A clock that stands still.
pub(crate) fn clock() -> FixedClock {
    FixedClock("2026-11-24T09:00:00Z".parse().expect("a moment"))
}
