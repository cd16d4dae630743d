//! The versions of the schema: numbered migrations, append-only, and the check that a file is ours to touch.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::failure::Failure;

/// Every migration, in order: the first makes version 1.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_graph.sql"),
    include_str!("migrations/0002_import_runs.sql"),
    include_str!("migrations/0003_entries_of_files.sql"),
];

/// The version that this program writes.
#[expect(clippy::cast_possible_truncation, reason = "there are a handful of migrations")]
pub(super) const KNOWN: u32 = MIGRATIONS.len() as u32;

/// Marks a file as ours (`PRAGMA application_id`): "Mlge" in ASCII.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"Mlge");

/// Says that a file is not a graph of ours, or is one that a newer program wrote, without changing anything about it.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    let Some(header) = Header::read(path)? else { return Ok(()) };
    header.check(path)?;
    // A program that was killed leaves its last changes beside the file, among them the version.
    let log = beside(path, "-wal");
    if !log.metadata().is_ok_and(|log| log.len() > 0) {
        return Ok(());
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // Else closing would bring the changes into the file.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Header::ask(&connection)?.check(path)
}

/// The path of a file that SQLite keeps beside its own.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What the head of a file says of itself.
#[derive(Clone, Copy)]
struct Header {
    application: u32,
    version: u32,
    /// Neither tables nor marks: a file that a killed program had only just made.
    is_blank: bool,
}

impl Header {
    /// Reads the head of a file without SQLite, which might change it; `None` if there is no file, or nothing in it.
    fn read(path: &Path) -> Result<Option<Self>, Failure> {
        const LENGTH: usize = 100;
        let mut bytes = Vec::with_capacity(LENGTH);
        let opened = match File::open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened,
        };
        opened
            .and_then(|file| file.take(LENGTH as u64).read_to_end(&mut bytes))
            .map_err(|error| Failure::Unreachable(format!("cannot read {}: {error}", path.display())))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.len() < LENGTH || !bytes.starts_with(b"SQLite format 3\0") {
            return Err(Failure::Unreachable(format!("{} is not an SQLite database", path.display())));
        }
        let number_at =
            |offset: usize| u32::from_be_bytes([bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]]);
        // Offsets by the file format: user version, application id, and the schema's cookie, which the first table sets.
        Ok(Some(Self { version: number_at(60), application: number_at(68), is_blank: number_at(40) == 0 }))
    }

    /// Asks SQLite, which knows of changes that stand beside the file.
    fn ask(connection: &Connection) -> Result<Self, Failure> {
        let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let unsigned = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Self {
            version: unsigned(number("user_version")?),
            application: unsigned(number("application_id")?),
            is_blank: number("schema_version")? == 0,
        })
    }

    fn check(self, path: &Path) -> Result<(), Failure> {
        match self {
            Self { application: APPLICATION_ID, version, .. } if version > KNOWN => Err(Failure::Newer(version)),
            Self { application: APPLICATION_ID, .. } | Self { application: 0, version: 0, is_blank: true } => Ok(()),
            _ => Err(Failure::Unreachable(format!("{} is an SQLite database of another program", path.display()))),
        }
    }
}

/// Brings the schema up to date, in one transaction; says whether there was anything to do.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<bool, Failure> {
    let header = Header::ask(connection)?;
    header.check(path)?;
    if header.version == KNOWN {
        return Ok(false);
    }
    // Migrations may rebuild a table that others refer to; the check below stands in for the constraints.
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again: another program may have done it while this one waited.
    let header = Header::ask(&transaction)?;
    header.check(path)?;
    for migration in MIGRATIONS.iter().skip(header.version as usize) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", KNOWN)?;
    let dangling = transaction.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get::<_, i64>(0))?;
    if dangling > 0 {
        return Err(Failure::unreadable("the migrated graph", &format!("{dangling} rows refer to records that are not there")));
    }
    transaction.commit()?;
    // So that the version stands in the file itself, where `check` looks first.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(true)
}
