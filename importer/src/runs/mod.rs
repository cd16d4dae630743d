//! An import from its beginning to its end, as it is kept for people: who makes it, how far it is, what it found.
//!
//! | module | what it does |
//! |---|---|
//! | [`kept`] | what is kept of a report, and a report from what was kept |
//! | [`dispatch`] | starts runs when they are due or asked for |
//! | this | makes one run: takes the lease of the source, shows how far it is, keeps what came of it |
//!
//! A run that its process did not end, because it was killed, stays as running until the next run of its source marks it as failed;
//! its lease is over after [`Pace::lease`]. Whatever it had applied stays, each change set whole, and the next run goes on from there.

pub mod dispatch;
pub mod kept;

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use maillage_graph_schema::clock::Clock;
use maillage_graph_schema::model::{
    CaseStudy, ImportRun, Initiative, Instant, Lease, Record, RecordKey as _, RecordKind, RunCause, RunCounts, RunDiagnostic,
    RunKey, RunProgress, RunState, SourceKey, Text,
};
use maillage_graph_schema::store::{GraphStore, KEPT_RUNS, StoreError};

use crate::compare;
use crate::diagnostic::{Code, Diagnostic};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::plan::{Applied, Plan};
use crate::progress::{Progress, Stage};
use crate::report::Report;
use crate::report::completeness::completeness;
use crate::report::since::Since;

/// How quick things go; tests are in a hurry.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long a lease holds unless it is prolonged: longer than clocks of replicas differ.
    pub lease: Duration,
    /// How often it is prolonged, and how far the run is, kept.
    pub beat: Duration,
    /// How long after the beginning of one run of a source the next begins at the earliest, if it is a forge that asks.
    pub pause: Duration,
    /// How long to wait before asking again for a lease that somebody else has.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(2),
            beat: Duration::from_secs(5),
            pause: Duration::from_secs(20),
            patience: Duration::from_secs(20),
        }
    }
}

/// Makes runs, in the name of one process.
#[derive(Clone)]
pub struct Runner {
    pub store: Arc<dyn GraphStore>,
    pub clock: Arc<dyn Clock>,
    pub pace: Pace,
    holder: Text,
}

impl fmt::Debug for Runner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Runner").field("store", &self.store).field("holder", &self.holder).finish_non_exhaustive()
    }
}

/// What came of asking for a run.
#[derive(Debug)]
pub enum Outcome {
    Ended(Box<Ended>),
    /// Somebody else imports the source.
    Taken,
    /// Another run began since it was found to be due.
    NotDue,
}

/// A run that came to its end, good or bad.
#[derive(Debug)]
pub struct Ended {
    pub run: ImportRun,
    /// What it found, if it came so far.
    pub report: Option<Report>,
    /// What became of it in the graph.
    pub applied: Result<Applied, ImportError>,
}

impl Runner {
    /// A runner under a name that no other process has.
    pub fn new(store: Arc<dyn GraphStore>, clock: Arc<dyn Clock>) -> Result<Self, ImportError> {
        let random = || RandomState::new().build_hasher().finish();
        let holder = format!("process {} {:016x}{:016x}", std::process::id(), random(), random()).parse()?;
        Ok(Self { store, clock, pace: Pace::default(), holder })
    }

    fn now(&self) -> Instant {
        self.clock.now().into()
    }

    /// Imports what a job names, unless somebody else does, or the last run of its source began after a moment, if one is given.
    pub async fn run(
        &self,
        job: &ImportJob,
        cause: RunCause,
        unless_begun_after: Option<Instant>,
        progress: &dyn Progress,
    ) -> Result<Outcome, StoreError> {
        let source = &job.source.key;
        if !self.take_lease(source).await? {
            return Ok(Outcome::Taken);
        }
        let outcome = self.run_alone(job, cause, unless_begun_after, progress).await;
        self.store.imports().release_lease(source, &self.holder).await?;
        outcome
    }

    async fn take_lease(&self, source: &SourceKey) -> Result<bool, StoreError> {
        let now = self.now();
        let lease = Lease { source: source.clone(), holder: self.holder.clone(), until: (now.get() + self.pace.lease).into() };
        self.store.imports().take_lease(&lease, now).await
    }

    async fn run_alone(
        &self,
        job: &ImportJob,
        cause: RunCause,
        unless_begun_after: Option<Instant>,
        progress: &dyn Progress,
    ) -> Result<Outcome, StoreError> {
        let earlier = last_runs(&*self.store, &job.source.key, KEPT_RUNS).await?;
        if unless_begun_after.zip(earlier.first()).is_some_and(|(due, last)| last.key.started_at > due) {
            return Ok(Outcome::NotDue);
        }
        for run in earlier.iter().filter(|run| run.state == RunState::Running) {
            self.mark_broken_off(run).await?;
        }
        let before = self.last_read(&earlier).await?;
        let begun = self.begin(job, cause, earlier.first());
        self.store.imports().put_run(&begun, None).await?;
        let tracked = Tracked { inner: progress, so_far: Mutex::new(None) };
        let (report, applied) = tokio::select! {
            done = self.work(job, &tracked, before.as_ref()) => done,
            lost = self.keep_up(&begun, &tracked) => (None, Err(lost)),
        };
        let run = self.end(begun, report.as_ref(), &applied, before.as_ref()).await?;
        Ok(Outcome::Ended(Box::new(Ended { run, report, applied })))
    }

    fn begin(&self, job: &ImportJob, cause: RunCause, last: Option<&ImportRun>) -> ImportRun {
        let mut started_at = self.now();
        // No two runs of a source begin at one moment, even if clocks are set back.
        if let Some(last) = last.filter(|last| last.key.started_at >= started_at) {
            started_at = (last.key.started_at.get() + chrono::TimeDelta::milliseconds(1)).into();
        }
        ImportRun {
            key: RunKey { source: job.source.key.clone(), started_at },
            state: RunState::Running,
            cause,
            finished_at: None,
            commit: None,
            progress: None,
            counts: RunCounts::default(),
            problem: None,
        }
    }

    async fn mark_broken_off(&self, run: &ImportRun) -> Result<(), StoreError> {
        let problem = "the process that made the run ended before the run did".parse().ok();
        let marked = ImportRun { state: RunState::Failed, progress: None, problem, finished_at: Some(self.now()), ..run.clone() };
        self.store.imports().put_run(&marked, None).await
    }

    /// The last run that read the source to its end, with all that it said.
    async fn last_read(&self, earlier: &[ImportRun]) -> Result<Option<Before>, StoreError> {
        let is_read = |run: &&ImportRun| matches!(run.state, RunState::Succeeded | RunState::Held);
        let Some(run) = earlier.iter().find(is_read) else { return Ok(None) };
        let diagnostics = self.store.imports().diagnostics(std::slice::from_ref(&run.key)).await?.pop().unwrap_or_default();
        Ok(Some(Before { counts: run.counts.clone(), diagnostics }))
    }

    async fn work(
        &self,
        job: &ImportJob,
        progress: &dyn Progress,
        before: Option<&Before>,
    ) -> (Option<Report>, Result<Applied, ImportError>) {
        let planned = crate::plan::plan(&*self.store, &*self.clock, job, progress).await;
        let mut plan: Plan = match planned {
            Ok(plan) => plan,
            Err(error) => return (None, Err(error)),
        };
        let applied = crate::plan::apply(&*self.store, &mut plan, progress).await;
        match claims_of_others(&*self.store, &job.source.key).await {
            Ok(claims) => plan.report.diagnostics.extend(claims),
            Err(error) => return (Some(plan.report), Err(error.into())),
        }
        plan.report.sort();
        if let Some(before) = before {
            let said = kept::restored(&before.diagnostics);
            if plan.report.unchanged {
                // What was said of the files holds as they do.
                let RunCounts { errors, warnings, notes, .. } = before.counts;
                let in_all = usize::try_from(errors + warnings + notes).unwrap_or(usize::MAX);
                plan.report.omitted = in_all.saturating_sub(said.len());
                plan.report.diagnostics = said;
                plan.report.left_aside = kept::left_aside(&before.diagnostics);
                plan.report.sort();
            } else if kept::is_whole(&before.counts, &before.diagnostics) {
                plan.report.since = Some(Since::between(&said, &plan.report.diagnostics));
            }
        }
        (Some(plan.report), applied)
    }

    /// Prolongs the lease and keeps how far the run is, as long as it runs; ends only if the lease is lost.
    async fn keep_up(&self, begun: &ImportRun, tracked: &Tracked<'_>) -> ImportError {
        let mut shown = None;
        loop {
            tokio::time::sleep(self.pace.beat).await;
            match self.take_lease(&begun.key.source).await {
                Ok(true) => {}
                Ok(false) => return ImportError::LeaseLost { source_key: begun.key.source.to_string() },
                // The store may come back before the lease is over.
                Err(error) => {
                    tracing::warn!(source.key = %begun.key.source, %error, "the lease could not be prolonged");
                    continue;
                }
            }
            let so_far = tracked.so_far();
            if so_far != shown {
                shown.clone_from(&so_far);
                let run = ImportRun { progress: so_far, ..begun.clone() };
                if let Err(error) = self.store.imports().put_run(&run, None).await {
                    tracing::warn!(source.key = %begun.key.source, %error, "how far the import is could not be kept");
                }
            }
        }
    }

    async fn end(
        &self,
        begun: ImportRun,
        report: Option<&Report>,
        applied: &Result<Applied, ImportError>,
        before: Option<&Before>,
    ) -> Result<ImportRun, StoreError> {
        let state = match applied {
            Ok(_) => RunState::Succeeded,
            Err(ImportError::Held { .. }) => RunState::Held,
            Err(_) => RunState::Failed,
        };
        let mut run = ImportRun { state, finished_at: Some(self.now()), ..begun };
        run.problem = applied.as_ref().err().and_then(|error| error.to_string().parse().ok());
        let Some(report) = report else {
            self.store.imports().put_run(&run, None).await?;
            return Ok(run);
        };
        run.commit = report.commit.as_deref().and_then(|commit| commit.parse().ok());
        run.counts = kept::counts_of(report);
        let mut diagnostics = kept::diagnostics_of(report);
        if let Some(before) = before.filter(|_| report.unchanged) {
            let RunCounts { skipped, errors, warnings, notes, .. } = before.counts.clone();
            run.counts = RunCounts { skipped, errors, warnings, notes, ..run.counts };
            diagnostics.clone_from(&before.diagnostics);
        }
        self.store.imports().put_run(&run, Some(&diagnostics)).await?;
        Ok(run)
    }
}

/// What the last run that read the source said.
#[derive(Debug)]
struct Before {
    counts: RunCounts,
    diagnostics: Vec<RunDiagnostic>,
}

/// Passes progress on, and remembers it.
struct Tracked<'a> {
    inner: &'a dyn Progress,
    so_far: Mutex<Option<(Stage, u64, Option<u64>)>>,
}

impl Tracked<'_> {
    fn so_far(&self) -> Option<RunProgress> {
        let so_far = *self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let (stage, done, total) = so_far?;
        Some(RunProgress { stage: stage.as_str().parse().ok()?, done, total })
    }
}

impl Progress for Tracked<'_> {
    fn stage(&self, stage: Stage, total: Option<u64>) {
        *self.so_far.lock().unwrap_or_else(PoisonError::into_inner) = Some((stage, 0, total));
        self.inner.stage(stage, total);
    }

    fn advance(&self, by: u64) {
        if let Some((_, done, _)) = &mut *self.so_far.lock().unwrap_or_else(PoisonError::into_inner) {
            *done += by;
        }
        self.inner.advance(by);
    }
}

/// The newest runs of a source, newest first.
pub async fn last_runs(store: &dyn GraphStore, source: &SourceKey, first: usize) -> Result<Vec<ImportRun>, StoreError> {
    let page = store.imports().runs_of(std::slice::from_ref(source), None, first).await?.pop();
    Ok(page.map(|page| page.items).unwrap_or_default())
}

/// Ids of a source that files of other sources give, too, as their last runs found.
async fn claims_of_others(store: &dyn GraphStore, source: &SourceKey) -> Result<Vec<Diagnostic>, StoreError> {
    const SOURCES: usize = 1_000;
    let page = store.page(RecordKind::Source, None, SOURCES).await?;
    let others: Vec<SourceKey> =
        page.items.into_iter().filter_map(|stored| stored.record.reference().key_as()).filter(|other| other != source).collect();
    let runs = store.imports().runs_of(&others, None, 1).await?;
    let last: Vec<RunKey> = runs.into_iter().flat_map(|page| page.items).map(|run| run.key).collect();
    let said = store.imports().diagnostics(&last).await?;
    let claims = last.iter().zip(said).flat_map(|(run, said)| {
        let claims = said.into_iter().filter(|said| said.code.as_str() == Code::OwnedElsewhere.as_str());
        let claims = claims.filter(|said| said.detail.as_deref() == Some(source.as_str())).filter_map(|said| said.value);
        let claimed = |id: String| Diagnostic::new(Code::ClaimedElsewhere, "").value(id).detail(run.source.as_str());
        claims.map(claimed).collect::<Vec<_>>()
    });
    Ok(claims.collect())
}

/// The report of the last run of a source that came to an end, with what came and went since the one before, and what readers would
/// miss in its case studies. `None` if the source is not in the graph, or has no such run.
pub async fn last_report(store: &dyn GraphStore, source: &SourceKey) -> Result<Option<Report>, ImportError> {
    let stored = store.records(&[source.reference()]).await?.pop().flatten();
    let Some(Record::Source(described)) = stored.map(|stored| stored.record) else { return Ok(None) };
    let runs = last_runs(store, source, KEPT_RUNS).await?;
    let mut ended = runs.iter().filter(|run| matches!(run.state, RunState::Succeeded | RunState::Held));
    let Some(last) = ended.next() else { return Ok(None) };
    // Runs that found the source unchanged say the same again: what is new is new since another commit.
    let before = ended.find(|run| run.commit != last.commit || run.commit.is_none());
    let keys: Vec<RunKey> = std::iter::once(last).chain(before).map(|run| run.key.clone()).collect();
    let mut found = store.imports().diagnostics(&keys).await?.into_iter();
    let said = found.next().unwrap_or_default();
    let mut report = kept::report_of(last, &said, &described);
    // What others claim may have changed since.
    report.diagnostics.retain(|diagnostic| diagnostic.code != Code::ClaimedElsewhere);
    report.diagnostics.extend(claims_of_others(store, source).await?);
    report.sort();
    if let Some((before, old)) = before.zip(found.next())
        && kept::is_whole(&before.counts, &old)
        && report.omitted == 0
    {
        report.since = Some(Since::between(&kept::restored(&old), &report.diagnostics));
    }
    let (mut initiatives, mut case_studies): (Vec<Initiative>, Vec<CaseStudy>) = (Vec::new(), Vec::new());
    for stored in compare::owned(store, source).await?.into_values() {
        match stored.record {
            Record::Initiative(initiative) => initiatives.push(initiative),
            Record::CaseStudy(case_study) => case_studies.push(case_study),
            _ => {}
        }
    }
    report.completeness = completeness(&initiatives, &case_studies);
    Ok(Some(report))
}
