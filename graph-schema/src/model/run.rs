//! Imports of a source, as they are kept for people: they are no part of the graph, and make no revision of it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::value::{ValueError, written_enum};
use super::{Instant, SourceKey, Text};

/// Which run: a source is imported by one at a time, so that its beginning tells runs apart. Runs sort by source and beginning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    pub source: SourceKey,
    pub started_at: Instant,
}

impl fmt::Display for RunKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.source, self.started_at)
    }
}

impl FromStr for RunKey {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key = text
            .split_once('/')
            .and_then(|(source, started_at)| Some(Self { source: source.parse().ok()?, started_at: started_at.parse().ok()? }));
        key.ok_or_else(|| {
            ValueError::new("the key of a run", text, "a source and a moment, such as agen/2026-11-25T10:00:00.000Z")
        })
    }
}

written_enum! {
    /// How far a run is, and how it ended.
    RunState, "the state of a run" {
        Running = "running",
        /// What the source holds is in the graph.
        Succeeded = "succeeded",
        /// The source, or the graph, could not be read or written, or the process ended; what was applied until then stays.
        Failed = "failed",
        /// So many records would have been withdrawn that a person must confirm it; nothing was changed.
        Held = "held",
    }
}

written_enum! {
    /// What made a run begin.
    RunCause, "the cause of a run" {
        /// Somebody gave the command.
        Command = "command",
        /// The source's schedule.
        Schedule = "schedule",
        /// The first start, or one with other content.
        Start = "start",
        /// The partner's forge told of a change.
        Webhook = "webhook",
    }
}

written_enum! {
    /// How grave something about a file is.
    Severity, "a severity" {
        /// The file, or a record of it, is left out.
        Error = "error",
        /// Something in the file is left out.
        Warning = "warning",
        /// Nothing is lost.
        Note = "note",
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunProgress {
    /// What is being done.
    pub stage: Text,
    /// How many steps of the stage are done.
    pub done: u64,
    /// How many it has, if that is known.
    pub total: Option<u64>,
}

/// What a run found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct RunCounts {
    /// Files in the source; of a file of many records, each of these in its place.
    pub files: u64,
    /// Those that ought to give a record and cannot.
    pub invalid: u64,
    /// Files left aside, by why.
    pub skipped: BTreeMap<Text, u64>,
    /// Records added.
    pub new: u64,
    /// Records changed.
    pub changed: u64,
    /// Records that are as they were.
    pub unchanged: u64,
    /// Records that are gone from the source.
    pub withdrawn: u64,
    /// What there is to be said about files, whether or not all of it is kept.
    pub errors: u64,
    pub warnings: u64,
    pub notes: u64,
}

/// One import of a source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImportRun {
    pub key: RunKey,
    pub state: RunState,
    pub cause: RunCause,
    pub finished_at: Option<Instant>,
    /// The commit that was read.
    pub commit: Option<Text>,
    /// While it runs.
    pub progress: Option<RunProgress>,
    pub counts: RunCounts,
    /// Why it failed or is held, in English.
    pub problem: Option<Text>,
}

/// What was said about a file. Its texts are free of personal data; who keeps one sees to that.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunDiagnostic {
    /// What is wrong, by a code that is stable for ever.
    pub code: Text,
    pub severity: Severity,
    /// The file, with `/`; empty if it is about the source as a whole.
    pub path: String,
    /// Which of the records of the file, if the file holds many: its key, its title, or its number.
    pub entry: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// In characters, from 1.
    pub column: Option<u32>,
    /// The field, as the file names it.
    pub field: Option<String>,
    pub value: Option<String>,
    /// What else the message says.
    pub detail: Option<String>,
    /// The nearest valid value.
    pub nearest: Option<String>,
    /// What would have been accepted.
    pub expected: Option<String>,
    /// The line itself, or its beginning.
    pub excerpt: Option<String>,
}

/// The right to import a source, of which there is one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Lease {
    pub source: SourceKey,
    /// Who has it: a process, by a name that no other has.
    pub holder: Text,
    /// From then on it is anybody's, whether or not its holder gave it back.
    pub until: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_and_sort_by_source_and_beginning() {
        let texts = ["agen/2026-11-24T10:00:00.000Z", "agen/2026-11-25T09:00:00.001Z", "betagouv/2026-11-01T00:00:00.000Z"];
        let keys: Vec<RunKey> = texts.iter().map(|text| text.parse().expect(text)).collect();
        assert!(keys.is_sorted());
        assert_eq!(keys.iter().map(RunKey::to_string).collect::<Vec<_>>(), texts);
        for text in ["", "agen", "agen/", "agen/yesterday", "Agen/2026-11-24T10:00:00Z", "/2026-11-24"] {
            assert!(text.parse::<RunKey>().is_err(), "{text}");
        }
    }
}
