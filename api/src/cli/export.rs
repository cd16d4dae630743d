//! `maillage export`, and writing to standard output.

use std::io::{BufWriter, ErrorKind, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use maillage_graph_schema::export;

use super::settings::Settings;

/// Writes the whole graph to standard output.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let store = settings.open_store().await?;
    let moved = export::write(&*store, BufWriter::new(std::io::stdout()), |_| {}).await?;
    tracing::info!(revisions = moved.revisions, records = moved.records, "exported the graph");
    Ok(ExitCode::SUCCESS)
}

/// Writes a text to standard output. A reader that has had enough, such as `head`, is no error.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("cannot write to standard output"),
        _ => Ok(()),
    }
}
