//! Starts runs: when they are due by the schedule of their source, and when a forge asks for one.
//!
//! A source is imported once at a time, and so is everything that this process imports: memory is for one. Who asks for a source
//! that is being imported gets one more run after it, however often it was asked for.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use maillage_graph_schema::model::{Instant, RunCause, SourceKey, SourceKind};
use maillage_graph_schema::store::StoreError;
use tokio::sync::Semaphore;

use super::{Ended, Outcome, Runner};
use crate::job::ImportJob;
use crate::progress::Silent;
use crate::sources::{Schedule, SourceConfig};
use crate::surroundings::Surroundings;

/// The longest between two looks at what is due: other processes make runs, too.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// Over how long the first runs of a new installation are spread.
const FIRST_RUNS: Duration = Duration::from_mins(1);

/// How much earlier or later than its schedule says a run begins: 1/20 of it, so that sources do not all come at once.
const JITTER: i32 = 20;

/// What became of a request for a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// It begins now, or as soon as nothing else is imported.
    Begun,
    /// The source is being imported: another run follows.
    Follows,
}

/// Starts the runs of one process.
pub struct Dispatch {
    runner: Runner,
    surroundings: Surroundings,
    sources: BTreeMap<SourceKey, SourceConfig>,
    /// The sources that are being imported, and whether another run was asked for meanwhile.
    busy: Mutex<HashMap<SourceKey, bool>>,
    turn: Semaphore,
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dispatch").field("runner", &self.runner).finish_non_exhaustive()
    }
}

impl Dispatch {
    /// Starts runs of these sources.
    pub fn new(runner: Runner, surroundings: Surroundings, sources: Vec<SourceConfig>) -> Arc<Self> {
        let sources = sources.into_iter().filter(|source| source.kind != SourceKind::Reference);
        let sources = sources.map(|source| (source.key.clone(), source)).collect();
        Arc::new(Self { runner, surroundings, sources, busy: Mutex::default(), turn: Semaphore::new(1) })
    }

    /// A source that can be imported.
    pub fn source(&self, key: &str) -> Option<&SourceConfig> {
        self.sources.values().find(|source| source.key.as_str() == key)
    }

    /// What an environment variable holds, by the name that a source gives.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.surroundings.network.environment.get(name)
    }

    fn busy(&self) -> MutexGuard<'_, HashMap<SourceKey, bool>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a run of a source.
    pub fn request(self: &Arc<Self>, source: &SourceConfig, cause: RunCause) -> Requested {
        {
            let mut busy = self.busy();
            if let Some(again) = busy.get_mut(&source.key) {
                *again = true;
                return Requested::Follows;
            }
            busy.insert(source.key.clone(), false);
        }
        let (dispatch, source) = (Arc::clone(self), source.clone());
        tokio::spawn(async move { dispatch.serve(&source, cause).await });
        Requested::Begun
    }

    /// Imports a source as long as somebody asks for it.
    async fn serve(&self, source: &SourceConfig, mut cause: RunCause) {
        loop {
            self.one(source, cause).await;
            {
                let mut busy = self.busy();
                match busy.get_mut(&source.key) {
                    Some(again) if *again => *again = false,
                    _ => {
                        busy.remove(&source.key);
                        return;
                    }
                }
            }
            cause = RunCause::Webhook;
        }
    }

    /// Makes one run; waits for whoever else imports the source only if what they read may be older than what is asked for.
    async fn one(&self, source: &SourceConfig, cause: RunCause) {
        let key = &source.key;
        loop {
            let outcome = match self.attempt(source, cause).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::error!(source.key = %key, %error, "the source could not be imported");
                    return;
                }
            };
            match outcome {
                Outcome::Ended(ended) => return log(key, &ended),
                Outcome::Taken if cause == RunCause::Webhook => tokio::time::sleep(self.runner.pace.patience).await,
                Outcome::Taken => return tracing::debug!(source.key = %key, "somebody else imports {key}"),
                Outcome::NotDue => return tracing::debug!(source.key = %key, "{key} was imported meanwhile"),
            }
        }
    }

    async fn attempt(&self, source: &SourceConfig, cause: RunCause) -> Result<Outcome, crate::ImportError> {
        let job = ImportJob::of_source(source.clone(), &self.surroundings)?;
        let due = match cause {
            RunCause::Schedule => self.due_before(source),
            RunCause::Webhook => {
                self.pause(&source.key).await?;
                None
            }
            _ => None,
        };
        // The semaphore is never closed.
        let _turn = self.turn.acquire().await;
        tracing::info!(source.key = %source.key, cause = cause.as_str(), "importing {}", source.key);
        Ok(self.runner.run(&job, cause, due, &Silent).await?)
    }

    /// Waits until the last run began long enough ago: however often a forge asks, it is asked back at a measured pace.
    async fn pause(&self, key: &SourceKey) -> Result<(), StoreError> {
        let last = super::last_runs(&*self.runner.store, key, 1).await?.pop();
        let Some(last) = last else { return Ok(()) };
        let since = self.runner.now().get() - last.key.started_at.get();
        if let Some(rest) = since.to_std().ok().and_then(|since| self.runner.pace.pause.checked_sub(since)) {
            tokio::time::sleep(rest).await;
        }
        Ok(())
    }

    /// The moment after which a run that began makes one by the schedule needless: half a period ago.
    fn due_before(&self, source: &SourceConfig) -> Option<Instant> {
        let half = TimeDelta::from_std(source.schedule?.every() / 2).ok()?;
        Some((self.runner.now().get() - half).into())
    }

    /// Starts runs as they become due, for ever.
    pub async fn keep_schedules(self: Arc<Self>) {
        let begun = self.runner.now();
        let scheduled: Vec<(&SourceConfig, Schedule)> =
            self.sources.values().filter_map(|source| Some((source, source.schedule?))).collect();
        if scheduled.is_empty() {
            return;
        }
        let mut is_failing = false;
        loop {
            let sleep = match self.start_due(&scheduled, begun).await {
                Ok(sleep) => {
                    is_failing = false;
                    sleep
                }
                Err(error) => {
                    // An outage is one event, however often it is noticed.
                    if !is_failing {
                        tracing::error!(%error, "what is due to be imported is not known");
                    }
                    is_failing = true;
                    LONGEST_SLEEP
                }
            };
            tokio::time::sleep(sleep).await;
        }
    }

    /// Starts what is due; answers how long it is until something else may be.
    async fn start_due(
        self: &Arc<Self>,
        scheduled: &[(&SourceConfig, Schedule)],
        begun: Instant,
    ) -> Result<Duration, StoreError> {
        let keys: Vec<SourceKey> = scheduled.iter().map(|(source, _)| source.key.clone()).collect();
        let last = self.runner.store.imports().runs_of(&keys, None, 1).await?;
        let now = self.runner.now();
        let mut sleep = LONGEST_SLEEP;
        for ((source, schedule), last) in scheduled.iter().zip(last) {
            let last = last.items.first().map(|run| run.key.started_at);
            let due = due(&source.key, *schedule, last, begun);
            if due <= now {
                self.request_unless_busy(source);
            } else {
                sleep = sleep.min((due.get() - now.get()).to_std().unwrap_or_default());
            }
        }
        Ok(sleep.max(Duration::from_secs(1)))
    }

    fn request_unless_busy(self: &Arc<Self>, source: &SourceConfig) {
        if !self.busy().contains_key(&source.key) {
            self.request(source, RunCause::Schedule);
        }
    }
}

/// When a source is to be imported next: all processes come to the same moment.
pub fn due(key: &SourceKey, schedule: Schedule, last: Option<Instant>, begun: Instant) -> Instant {
    let every = TimeDelta::from_std(schedule.every()).unwrap_or(TimeDelta::MAX);
    let mut hasher = DefaultHasher::new();
    (key, last).hash(&mut hasher);
    // From 0 to 1,000.
    let share = i32::try_from(hasher.finish() % 1_001).unwrap_or_default();
    let moment = match last {
        None => begun.get() + TimeDelta::from_std(FIRST_RUNS).unwrap_or_default().min(every) * share / 1_000,
        Some(last) => last.get() + every + every / JITTER * (2 * share - 1_000) / 1_000,
    };
    moment.into()
}

fn log(key: &SourceKey, ended: &Ended) {
    match &ended.applied {
        Ok(applied) => tracing::info!(
            source.key = %key,
            revision = applied.revision,
            changed = applied.changed,
            errors = ended.run.counts.errors,
            "imported {key}: {} records changed", applied.changed
        ),
        Err(error) => tracing::error!(source.key = %key, %error, state = ended.run.state.as_str(), "{key} was not imported"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_due_about_when_the_schedule_says_and_not_all_at_once() {
        let at = |text: &str| -> Instant { text.parse().expect("a moment") };
        let (begun, last) = (at("2026-11-25T12:00:00Z"), at("2026-11-25T10:00:00Z"));
        let daily: Schedule = "daily".parse().expect("a schedule");
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..20 {
            let key: SourceKey = format!("source-{number}").parse().expect("a key");
            let first = due(&key, daily, None, begun);
            assert!((begun..=at("2026-11-25T12:01:00Z")).contains(&first), "{first}");
            let next = due(&key, daily, Some(last), begun);
            assert!((at("2026-11-26T08:48:00Z")..=at("2026-11-26T11:12:00Z")).contains(&next), "{next}");
            assert_eq!(next, due(&key, daily, Some(last), at("2027-01-01T00:00:00Z")), "each process comes to the same");
            seen.insert(next);
        }
        assert!(seen.len() > 15, "{seen:?}");
    }
}
