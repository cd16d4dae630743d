//! Imports, and who may make one.

use async_trait::async_trait;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::failure::Failure;
use super::{SqliteStore, row, statement};
use crate::model::{ImportRun, Instant, Lease, RunCounts, RunDiagnostic, RunKey, RunProgress, SourceKey, Text};
use crate::store::{KEPT_RUNS, Page, RunStore, StoreError};

/// Sorts after every moment.
const AFTER_ALL: &str = "~";

#[async_trait]
impl RunStore for SqliteStore {
    async fn put_run(&self, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), StoreError> {
        let (run, diagnostics) = (run.clone(), diagnostics.map(<[_]>::to_vec));
        self.pool.write("keeping a run", move |connection| put(connection, &run, diagnostics.as_deref())).await
    }

    async fn runs(&self, keys: &[RunKey]) -> Result<Vec<Option<ImportRun>>, StoreError> {
        let keys = keys.to_vec();
        self.pool.read("reading runs", move |connection| keys.iter().map(|key| one(connection, key)).collect()).await
    }

    async fn runs_of(
        &self,
        sources: &[SourceKey],
        before: Option<Instant>,
        first: usize,
    ) -> Result<Vec<Page<ImportRun>>, StoreError> {
        let sources = sources.to_vec();
        let before = before.map_or_else(|| AFTER_ALL.to_owned(), |before| before.to_string());
        let page = move |connection: &Connection, source: &SourceKey| {
            let parameters = params![source.as_str(), before, row::one_more(first)];
            Ok(Page::from_one_more(row::all(connection, statement::RUN_PAGE, parameters, read)?, first))
        };
        self.pool
            .read("reading the runs of sources", move |connection| {
                sources.iter().map(|source| page(connection, source)).collect()
            })
            .await
    }

    async fn run_counts(&self, sources: &[SourceKey]) -> Result<Vec<usize>, StoreError> {
        let sources = sources.to_vec();
        let count = |connection: &Connection, source: &SourceKey| {
            let count = row::first(connection, statement::RUN_COUNT, [source.as_str()], |row| row::unsigned(row, 0))?;
            Ok(count.unwrap_or_default())
        };
        self.pool
            .read("counting the runs of sources", move |connection| {
                sources.iter().map(|source| count(connection, source)).collect()
            })
            .await
    }

    async fn diagnostics(&self, keys: &[RunKey]) -> Result<Vec<Vec<RunDiagnostic>>, StoreError> {
        let keys = keys.to_vec();
        let of = |connection: &Connection, key: &RunKey| {
            let parameters = params![key.source.as_str(), key.started_at.to_string()];
            row::all(connection, statement::RUN_DIAGNOSTICS, parameters, read_diagnostic)
        };
        self.pool.read("reading what runs found", move |connection| keys.iter().map(|key| of(connection, key)).collect()).await
    }

    async fn take_lease(&self, lease: &Lease, now: Instant) -> Result<bool, StoreError> {
        let lease = lease.clone();
        self.pool
            .write("taking a lease", move |connection| {
                let parameters = params![lease.source.as_str(), lease.holder.as_str(), lease.until.to_string(), now.to_string()];
                Ok(row::write(connection, statement::LEASE_TAKE, parameters)? > 0)
            })
            .await
    }

    async fn release_lease(&self, source: &SourceKey, holder: &Text) -> Result<(), StoreError> {
        let (source, holder) = (source.clone(), holder.clone());
        self.pool
            .write("giving back a lease", move |connection| {
                row::write(connection, statement::LEASE_RELEASE, params![source.as_str(), holder.as_str()])?;
                Ok(())
            })
            .await
    }
}

fn put(connection: &mut Connection, run: &ImportRun, diagnostics: Option<&[RunDiagnostic]>) -> Result<(), Failure> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let ImportRun { key, state, cause, finished_at, commit, progress, counts, problem } = run;
    let (source, started_at) = (key.source.as_str(), key.started_at.to_string());
    let skipped: serde_json::Map<String, serde_json::Value> =
        counts.skipped.iter().map(|(why, count)| (why.to_string(), (*count).into())).collect();
    let parameters = params![
        source,
        started_at,
        state.as_str(),
        cause.as_str(),
        finished_at.map(|moment| moment.to_string()),
        commit.as_ref().map(Text::as_str),
        progress.as_ref().map(|progress| progress.stage.as_str()),
        progress.as_ref().map(|progress| row::number(progress.done)),
        progress.as_ref().and_then(|progress| progress.total).map(row::number),
        problem.as_ref().map(Text::as_str),
        row::number(counts.files),
        row::number(counts.invalid),
        row::number(counts.new),
        row::number(counts.changed),
        row::number(counts.unchanged),
        row::number(counts.withdrawn),
        row::number(counts.errors),
        row::number(counts.warnings),
        row::number(counts.notes),
        serde_json::Value::Object(skipped).to_string(),
    ];
    row::write(&transaction, statement::RUN_PUT, parameters)?;
    if let Some(diagnostics) = diagnostics {
        row::write(&transaction, statement::RUN_DIAGNOSTICS_DELETE, params![source, started_at])?;
        for (position, diagnostic) in (0_i64..).zip(diagnostics) {
            put_diagnostic(&transaction, source, &started_at, position, diagnostic)?;
        }
    }
    row::write(&transaction, statement::RUN_PRUNE, params![source, row::number(KEPT_RUNS as u64)])?;
    transaction.commit()?;
    Ok(())
}

fn put_diagnostic(
    connection: &Connection,
    source: &str,
    started_at: &str,
    position: i64,
    diagnostic: &RunDiagnostic,
) -> Result<(), Failure> {
    let RunDiagnostic { code, severity, path, entry, line, column, field, value, detail, nearest, expected, excerpt } =
        diagnostic;
    let parameters = params![
        source,
        started_at,
        position,
        code.as_str(),
        severity.as_str(),
        path,
        line,
        column,
        field,
        value,
        detail,
        nearest,
        expected,
        excerpt,
        entry
    ];
    row::write(connection, statement::RUN_DIAGNOSTIC_INSERT, parameters)?;
    Ok(())
}

fn one(connection: &Connection, key: &RunKey) -> Result<Option<ImportRun>, Failure> {
    let parameters = params![key.source.as_str(), key.started_at.to_string()];
    row::first(connection, statement::RUN_BY_KEY, parameters, read)
}

/// The columns of a run, in the order of the table.
fn read(row: &Row<'_>) -> Result<ImportRun, Failure> {
    let source: SourceKey = row::parsed(row, 0)?;
    let progress = row::optional_parsed(row, 6)?
        .map(|stage| {
            let total: Option<i64> = row.get(8)?;
            let total = total.map(|_| row::unsigned(row, 8)).transpose()?;
            Ok::<_, Failure>(RunProgress { stage, done: row::unsigned(row, 7)?, total })
        })
        .transpose()?;
    let skipped: std::collections::BTreeMap<String, u64> = serde_json::from_str(row::text(row, 19)?)
        .map_err(|error| Failure::unreadable(format!("a run of {source}: skipped"), &error))?;
    let skipped = skipped.into_iter().map(|(why, count)| {
        let why = why.parse().map_err(|error| Failure::unreadable(format!("a run of {source}: skipped"), &error))?;
        Ok::<(Text, u64), Failure>((why, count))
    });
    let counts = RunCounts {
        files: row::unsigned(row, 10)?,
        invalid: row::unsigned(row, 11)?,
        skipped: skipped.collect::<Result<_, _>>()?,
        new: row::unsigned(row, 12)?,
        changed: row::unsigned(row, 13)?,
        unchanged: row::unsigned(row, 14)?,
        withdrawn: row::unsigned(row, 15)?,
        errors: row::unsigned(row, 16)?,
        warnings: row::unsigned(row, 17)?,
        notes: row::unsigned(row, 18)?,
    };
    Ok(ImportRun {
        key: RunKey { source, started_at: row::parsed(row, 1)? },
        state: row::parsed(row, 2)?,
        cause: row::parsed(row, 3)?,
        finished_at: row::optional_parsed(row, 4)?,
        commit: row::optional_parsed(row, 5)?,
        progress,
        counts,
        problem: row::optional_parsed(row, 9)?,
    })
}

fn read_diagnostic(row: &Row<'_>) -> Result<RunDiagnostic, Failure> {
    let optional = |column| Ok::<_, Failure>(row::optional_text(row, column)?.map(str::to_owned));
    Ok(RunDiagnostic {
        code: row::parsed(row, 0)?,
        severity: row::parsed(row, 1)?,
        path: row::text(row, 2)?.to_owned(),
        entry: optional(11)?,
        line: row.get(3)?,
        column: row.get(4)?,
        field: optional(5)?,
        value: optional(6)?,
        detail: optional(7)?,
        nearest: optional(8)?,
        expected: optional(9)?,
        excerpt: optional(10)?,
    })
}
