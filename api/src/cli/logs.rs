//! The log: sentences for people, fields for programs, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::settings::LogFormat;

/// What is logged unless told.
const DEFAULT: &str = "info";

/// Starts the log.
pub fn start(format: LogFormat, filter: Option<&str>) {
    let chosen = filter.map_or_else(|| Ok(EnvFilter::new(DEFAULT)), EnvFilter::try_new);
    let (filter, problem) = match chosen {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(DEFAULT), Some(error)),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    if let Some(error) = problem {
        tracing::warn!(%error, "the log filter cannot be read, logging {DEFAULT}");
    }
}
