//! Imports, and who may make one: nodes of their own, which no record points to.

use std::collections::HashMap;

use async_trait::async_trait;
use neo4rs::{BoltMap, BoltType, Row, Txn};
use serde::Deserialize;

use super::connection::{Lent, rows_within, run_within};
use super::failure::Failure;
use super::nodes::{Properties as _, number};
use super::records::one_more;
use super::{Neo4jStore, Question, batches, statement, within};
use crate::model::{ImportRun, Instant, Lease, RunCounts, RunDiagnostic, RunKey, RunProgress, SourceKey, Text, ValueError};
use crate::store::{KEPT_RUNS, Page, RunStore, StoreError};

/// Sorts after every moment.
const AFTER_ALL: &str = "~";

/// Something that is written in a transaction of its own, and can be written again.
#[derive(Debug)]
enum Write<'a> {
    Run(&'a ImportRun, Option<&'a [RunDiagnostic]>),
    Take(&'a Lease, Instant),
    Release(&'a SourceKey, &'a Text),
}

impl Write<'_> {
    const fn doing(&self) -> &'static str {
        match self {
            Self::Run(..) => "keeping a run",
            Self::Take(..) => "taking a lease",
            Self::Release(..) => "giving back a lease",
        }
    }

    /// Whether it came to what was wanted.
    async fn write(&self, transaction: &mut Txn) -> Result<bool, Failure> {
        match self {
            Self::Run(run, diagnostics) => {
                put(transaction, run, *diagnostics).await?;
                Ok(true)
            }
            Self::Take(lease, now) => {
                let parameters: [(&str, BoltType); 4] = [
                    ("source", lease.source.as_str().into()),
                    ("holder", lease.holder.as_str().into()),
                    ("until", lease.until.to_string().into()),
                    ("now", now.to_string().into()),
                ];
                let rows = rows_within(transaction, statement::LEASE_TAKE, parameters).await?;
                Ok(rows.first().map(|row| row.get::<i64>("taken")).transpose()? == Some(1))
            }
            Self::Release(source, holder) => {
                let parameters: [(&str, BoltType); 2] = [("source", source.as_str().into()), ("holder", holder.as_str().into())];
                run_within(transaction, statement::LEASE_RELEASE, parameters).await?;
                Ok(true)
            }
        }
    }
}

impl Neo4jStore {
    async fn keep(&self, write: Write<'_>) -> Result<bool, StoreError> {
        let doing = write.doing();
        Box::pin(within(self.apply_timeout, doing, self.retried(|| self.try_keep(&write))))
            .await
            .map_err(|failure| self.error(failure, doing))
    }

    async fn try_keep(&self, write: &Write<'_>) -> Result<bool, Failure> {
        let connection = self.keeper.lend(self.acquire_timeout).await?;
        // A transaction that is not ended goes with its connection, which is closed unless it is given back.
        let outcome = within(self.query_timeout, write.doing(), async {
            let mut transaction = connection.begin().await?;
            let outcome = write.write(&mut transaction).await?;
            transaction.commit().await?;
            Ok(outcome)
        })
        .await?;
        connection.give_back();
        Ok(outcome)
    }
}

async fn put(transaction: &mut Txn, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), Failure> {
    let key = || [("key", BoltType::from(run.key.to_string()))];
    let parameters = key().into_iter().chain([("properties", BoltType::Map(run_properties(run)))]);
    run_within(transaction, statement::RUN_PUT, parameters).await?;
    if let Some(diagnostics) = diagnostics {
        run_within(transaction, statement::RUN_DIAGNOSTICS_DELETE, key()).await?;
        let rows: Vec<BoltType> = (0_i64..).zip(diagnostics).map(|(position, diagnostic)| row(position, diagnostic)).collect();
        for rows in batches::of_rows(statement::RUN_DIAGNOSTICS_CREATE, rows) {
            run_within(transaction, statement::RUN_DIAGNOSTICS_CREATE, key().into_iter().chain([("rows", rows)])).await?;
        }
    }
    let kept = i64::try_from(KEPT_RUNS).unwrap_or(i64::MAX);
    let parameters: [(&str, BoltType); 2] = [("source", run.key.source.as_str().into()), ("kept", kept.into())];
    run_within(transaction, statement::RUN_PRUNE, parameters).await
}

fn run_properties(run: &ImportRun) -> BoltMap {
    let ImportRun { key, state, cause, finished_at, commit, progress, counts, problem } = run;
    let mut properties = BoltMap::new();
    properties.text("key", key);
    properties.text("source", &key.source);
    properties.text("startedAt", key.started_at);
    properties.text("state", state);
    properties.text("cause", cause);
    properties.optional("finishedAt", finished_at.as_ref());
    properties.optional("commit", commit.as_ref());
    properties.optional("problem", problem.as_ref());
    if let Some(RunProgress { stage, done, total }) = progress {
        properties.text("stage", stage);
        properties.set("done", number(*done));
        if let Some(total) = total {
            properties.set("total", number(*total));
        }
    }
    for (name, count) in [
        ("files", counts.files),
        ("invalid", counts.invalid),
        ("new", counts.new),
        ("changed", counts.changed),
        ("unchanged", counts.unchanged),
        ("withdrawn", counts.withdrawn),
        ("errors", counts.errors),
        ("warnings", counts.warnings),
        ("notes", counts.notes),
    ] {
        properties.set(name, number(count));
    }
    properties.list("skippedWhy", counts.skipped.keys());
    if !counts.skipped.is_empty() {
        properties.set("skipped", counts.skipped.values().map(|count| number(*count)).collect::<BoltType>());
    }
    properties
}

fn row(position: i64, diagnostic: &RunDiagnostic) -> BoltType {
    let RunDiagnostic { code, severity, path, entry, line, column, field, value, detail, nearest, expected, excerpt } =
        diagnostic;
    let mut properties = BoltMap::new();
    properties.set("position", position);
    properties.text("code", code);
    properties.text("severity", severity);
    properties.text("path", path);
    properties.optional("entry", entry.as_ref());
    for (name, place) in [("line", line), ("column", column)] {
        if let Some(place) = place {
            properties.set(name, i64::from(*place));
        }
    }
    properties.optional("field", field.as_ref());
    properties.optional("value", value.as_ref());
    properties.optional("detail", detail.as_ref());
    properties.optional("nearest", nearest.as_ref());
    properties.optional("expected", expected.as_ref());
    properties.optional("excerpt", excerpt.as_ref());
    BoltType::Map(properties)
}

#[async_trait]
impl RunStore for Neo4jStore {
    async fn put_run(&self, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), StoreError> {
        self.keep(Write::Run(run, diagnostics)).await.map(|_| ())
    }

    async fn runs(&self, keys: &[RunKey]) -> Result<Vec<Option<ImportRun>>, StoreError> {
        self.ask(&Runs(keys)).await
    }

    async fn runs_of(
        &self,
        sources: &[SourceKey],
        before: Option<Instant>,
        first: usize,
    ) -> Result<Vec<Page<ImportRun>>, StoreError> {
        self.ask(&RunsOf { sources, before, first }).await
    }

    async fn run_counts(&self, sources: &[SourceKey]) -> Result<Vec<usize>, StoreError> {
        self.ask(&RunCountsOf(sources)).await
    }

    async fn diagnostics(&self, keys: &[RunKey]) -> Result<Vec<Vec<RunDiagnostic>>, StoreError> {
        self.ask(&DiagnosticsOf(keys)).await
    }

    async fn take_lease(&self, lease: &Lease, now: Instant) -> Result<bool, StoreError> {
        self.keep(Write::Take(lease, now)).await
    }

    async fn release_lease(&self, source: &SourceKey, holder: &Text) -> Result<(), StoreError> {
        self.keep(Write::Release(source, holder)).await.map(|_| ())
    }
}

fn keys<T: ToString>(keys: &[T]) -> BoltType {
    keys.iter().map(ToString::to_string).collect()
}

/// [`RunStore::runs`].
struct Runs<'a>(&'a [RunKey]);

impl Question for Runs<'_> {
    type Answer = Vec<Option<ImportRun>>;
    const DOING: &'static str = "reading runs";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut found = HashMap::new();
        for row in connection.read(statement::RUNS, [("keys", keys(self.0))]).await? {
            let run = read(&row)?;
            found.insert(run.key.clone(), run);
        }
        Ok(self.0.iter().map(|key| found.get(key).cloned()).collect())
    }
}

/// [`RunStore::runs_of`].
struct RunsOf<'a> {
    sources: &'a [SourceKey],
    before: Option<Instant>,
    first: usize,
}

impl Question for RunsOf<'_> {
    type Answer = Vec<Page<ImportRun>>;
    const DOING: &'static str = "reading the runs of sources";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let before = self.before.map_or_else(|| AFTER_ALL.to_owned(), |before| before.to_string());
        let parameters = [("sources", keys(self.sources)), ("before", before.into()), ("limit", one_more(self.first))];
        let mut runs: HashMap<SourceKey, Vec<ImportRun>> = HashMap::new();
        for row in connection.read(statement::RUNS_OF, parameters).await? {
            let run = read(&row)?;
            runs.entry(run.key.source.clone()).or_default().push(run);
        }
        let page = |source: &SourceKey| {
            let mut runs = runs.get(source).cloned().unwrap_or_default();
            runs.sort_by(|one, other| other.key.cmp(&one.key));
            // A source may have been asked for twice.
            runs.dedup_by(|one, other| one.key == other.key);
            Page::from_one_more(runs, self.first)
        };
        Ok(self.sources.iter().map(page).collect())
    }
}

/// [`RunStore::run_counts`].
struct RunCountsOf<'a>(&'a [SourceKey]);

impl Question for RunCountsOf<'_> {
    type Answer = Vec<usize>;
    const DOING: &'static str = "counting the runs of sources";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut distinct = self.0.to_vec();
        distinct.sort();
        distinct.dedup();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for row in connection.read(statement::RUN_COUNTS, [("sources", keys(&distinct))]).await? {
            counts.insert(row.get("source")?, row.get("counted")?);
        }
        Ok(self.0.iter().map(|source| counts.get(source.as_str()).copied().unwrap_or_default()).collect())
    }
}

/// [`RunStore::diagnostics`].
struct DiagnosticsOf<'a>(&'a [RunKey]);

impl Question for DiagnosticsOf<'_> {
    type Answer = Vec<Vec<RunDiagnostic>>;
    const DOING: &'static str = "reading what runs found";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut distinct = self.0.to_vec();
        distinct.sort();
        distinct.dedup();
        let mut found: HashMap<String, Vec<RunDiagnostic>> = HashMap::new();
        for row in connection.read(statement::RUN_DIAGNOSTICS, [("keys", keys(&distinct))]).await? {
            let key: String = row.get("key")?;
            let diagnostic = row
                .get::<DiagnosticNode>("diagnostic")
                .map_err(|error| error.to_string())
                .and_then(DiagnosticNode::read)
                .map_err(|problem| Failure::inconsistent(format!("what the run {key} found"), problem))?;
            found.entry(key).or_default().push(diagnostic);
        }
        Ok(self.0.iter().map(|key| found.get(&key.to_string()).cloned().unwrap_or_default()).collect())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunNode {
    key: String,
    state: String,
    cause: String,
    finished_at: Option<String>,
    commit: Option<String>,
    problem: Option<String>,
    stage: Option<String>,
    done: Option<u64>,
    total: Option<u64>,
    files: u64,
    invalid: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    withdrawn: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
    #[serde(default)]
    skipped_why: Vec<String>,
    #[serde(default)]
    skipped: Vec<u64>,
}

fn read(row: &Row) -> Result<ImportRun, Failure> {
    let node: RunNode = row.get("run")?;
    let what = format!("(:ImportRun {{key: '{}'}})", node.key);
    node.read().map_err(|problem| Failure::inconsistent(what, problem))
}

impl RunNode {
    fn read(self) -> Result<ImportRun, ValueError> {
        let skipped = self.skipped_why.iter().map(|why| why.parse::<Text>());
        let skipped = skipped.zip(self.skipped).map(|(why, count)| Ok((why?, count)));
        let done = self.done.unwrap_or_default();
        let progress = self.stage.map(|stage| Ok(RunProgress { stage: stage.parse()?, done, total: self.total }));
        Ok(ImportRun {
            key: self.key.parse()?,
            state: self.state.parse()?,
            cause: self.cause.parse()?,
            finished_at: self.finished_at.map(|moment| moment.parse()).transpose()?,
            commit: self.commit.map(|commit| commit.parse()).transpose()?,
            progress: progress.transpose()?,
            counts: RunCounts {
                files: self.files,
                invalid: self.invalid,
                skipped: skipped.collect::<Result<_, _>>()?,
                new: self.new,
                changed: self.changed,
                unchanged: self.unchanged,
                withdrawn: self.withdrawn,
                errors: self.errors,
                warnings: self.warnings,
                notes: self.notes,
            },
            problem: self.problem.map(|problem| problem.parse()).transpose()?,
        })
    }
}

#[derive(Deserialize)]
struct DiagnosticNode {
    code: String,
    severity: String,
    path: String,
    entry: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    field: Option<String>,
    value: Option<String>,
    detail: Option<String>,
    nearest: Option<String>,
    expected: Option<String>,
    excerpt: Option<String>,
}

impl DiagnosticNode {
    fn read(self) -> Result<RunDiagnostic, String> {
        let said = |error: ValueError| error.to_string();
        Ok(RunDiagnostic {
            code: self.code.parse().map_err(said)?,
            severity: self.severity.parse().map_err(said)?,
            path: self.path,
            entry: self.entry,
            line: self.line,
            column: self.column,
            field: self.field,
            value: self.value,
            detail: self.detail,
            nearest: self.nearest,
            expected: self.expected,
            excerpt: self.excerpt,
        })
    }
}
