//! Brings the server's schema up to date.

use std::time::Duration;

use neo4rs::BoltType;

use super::connection::{Lent, rows_within, run_within};
use super::failure::Failure;
use super::statement;

/// Append-only: a migration that was released is never changed.
pub(super) const MIGRATIONS: [&str; KNOWN as usize] =
    [include_str!("migrations/0001_records.cypher"), include_str!("migrations/0002_import_runs.cypher")];

/// The version that this program writes.
pub(super) const KNOWN: u32 = 2;

/// How far the schema is.
pub(super) enum Schema {
    UpToDate,
    /// Of a newer version of this program; nothing was touched.
    Newer(u32),
}

/// Runs the migrations that the graph does not have yet. Several programs may do so at once.
pub(super) async fn migrate(connection: &Lent<'_>, patience: Duration) -> Result<Schema, Failure> {
    let rows = connection.read(statement::SCHEMA_VERSION, []).await?;
    let found = rows.first().map(|row| row.get::<u32>("version")).transpose()?.unwrap_or_default();
    if found > KNOWN {
        return Ok(Schema::Newer(found));
    }
    if found == KNOWN {
        return Ok(Schema::UpToDate);
    }
    for (migration, version) in MIGRATIONS.iter().zip(1..).skip(found as usize) {
        for statement in statements(migration) {
            let mut transaction = connection.begin().await?;
            run_within(&mut transaction, statement, []).await?;
            transaction.commit().await?;
        }
        let mut transaction = connection.begin().await?;
        run_within(&mut transaction, statement::SCHEMA_VERSION_SET, [("version", BoltType::from(version))]).await?;
        transaction.commit().await?;
        tracing::info!(schema.version = version, "brought the graph to schema version {version}");
    }
    let mut transaction = connection.begin().await?;
    let seconds = i64::try_from(patience.as_secs().max(1)).unwrap_or(i64::MAX);
    rows_within(&mut transaction, statement::AWAIT_INDEXES, [("seconds", seconds.into())]).await?;
    transaction.rollback().await?;
    Ok(Schema::UpToDate)
}

/// The statements of a migration: each ends with a semicolon at the end of a line.
pub(super) fn statements(migration: &'static str) -> impl Iterator<Item = &'static str> {
    migration.split(";\n").map(str::trim).filter(|statement| !statement.is_empty())
}
