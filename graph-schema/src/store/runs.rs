//! The part of the port that keeps imports: what each found, and who may make one. It is beside the graph: it makes no
//! revision, and exports leave it out.

use std::fmt;

use async_trait::async_trait;

use super::{Page, StoreError};
use crate::model::{ImportRun, Instant, Lease, RunDiagnostic, RunKey, SourceKey, Text};

/// How many runs of a source are kept; older ones go when another begins.
pub const KEPT_RUNS: usize = 20;

/// Runs and leases. Everything here may be repeated safely, and holds for all processes that share the store.
#[async_trait]
pub trait RunStore: Send + Sync + fmt::Debug {
    /// Keeps a run, in place of what was kept of it; with diagnostics in place of those kept, if any are given. Of the runs of its
    /// source only the newest [`KEPT_RUNS`] stay.
    async fn put_run(&self, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), StoreError>;

    /// Runs, in the order asked for.
    async fn runs(&self, keys: &[RunKey]) -> Result<Vec<Option<ImportRun>>, StoreError>;

    /// The runs of each source, in the order asked for, newest first, before a moment if one is given: a page of at most `first`
    /// for each.
    async fn runs_of(
        &self,
        sources: &[SourceKey],
        before: Option<Instant>,
        first: usize,
    ) -> Result<Vec<Page<ImportRun>>, StoreError>;

    /// How many runs of each source are kept.
    async fn run_counts(&self, sources: &[SourceKey]) -> Result<Vec<usize>, StoreError>;

    /// What is kept of what was said about the files of each run, in the order in which it was given; nothing for a run that is
    /// not there.
    async fn diagnostics(&self, keys: &[RunKey]) -> Result<Vec<Vec<RunDiagnostic>>, StoreError>;

    /// Takes the lease of a source, or prolongs it: answers whether the holder has it. It is free if nobody has it, or if whoever
    /// has it had it until `now` or before.
    async fn take_lease(&self, lease: &Lease, now: Instant) -> Result<bool, StoreError>;

    /// Gives back the lease of a source; nothing if somebody else has it.
    async fn release_lease(&self, source: &SourceKey, holder: &Text) -> Result<(), StoreError>;
}
