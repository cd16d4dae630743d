//! Connections: one that writes, several that read, all used on threads that may block.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::failure::Failure;
use super::migrate;
use crate::store::{StoreError, StoreOptions};

/// How many virtual-machine instructions of SQLite pass between two looks at whether anybody still waits: well under a
/// millisecond.
const INSTRUCTIONS_BETWEEN_LOOKS: i32 = 10_000;

/// Above the number of statements, so that each connection prepares each of them once.
const STATEMENTS_KEPT: usize = 64;

/// The page cache of the writer in KiB: what a change set of some thousand records touches of the indexes.
const WRITER_CACHE: i64 = 64 << 10;

/// The page cache of a reader in KiB: there may be many readers, and the machine's file cache holds the rest for all of them.
const READER_CACHE: i64 = 1 << 10;

/// The size in bytes to which the log beside the file is cut back once a large change set is in the file.
const LOG_KEPT: i64 = 64 << 20;

/// The connections to one file.
pub(super) struct Pool {
    path: PathBuf,
    address: String,
    options: StoreOptions,
    writer: Arc<tokio::sync::Mutex<Connection>>,
    readers: Arc<Readers>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A list of idle connections is whole whatever its holder was doing.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a question, when dropped, that nobody waits for its answer any more.
struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Pool {
    /// Opens a file, makes it and its folder if they are not there, and brings its schema up to date.
    pub(super) async fn open(path: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        // Absolute, so that no name has a meaning of its own to SQLite, as ":memory:" would.
        let path = std::path::absolute(path).map_err(|_| StoreError::Address { url: format!("sqlite:{}", path.display()) })?;
        let address = format!("sqlite:{}", path.display());
        let (waits, allowed) = (options.acquire_timeout, options.apply_timeout);
        let opening = {
            let path = path.clone();
            tokio::task::spawn_blocking(move || open_writer(&path, waits))
        };
        let writer = answer(opening, allowed, &address, "opening the file").await?;
        let readers = Readers {
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(options.connections.clamp(1, Semaphore::MAX_PERMITS))),
        };
        Ok(Self { path, address, options, writer: Arc::new(tokio::sync::Mutex::new(writer)), readers: Arc::new(readers) })
    }

    /// The address of the store.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Asks a question of one state of the graph.
    pub(super) async fn read<T, Q>(&self, doing: &'static str, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let waits = self.options.acquire_timeout;
        let permit = timeout(waits, Arc::clone(&self.readers.permits).acquire_owned())
            .await
            .map_err(|_| StoreError::TimedOut { address: self.address.clone(), doing: "waiting for a reader", after: waits })?
            .map_err(|closed| Failure::Other(closed.to_string()).into_store_error(&self.address, doing, waits))?;
        let (path, readers) = (self.path.clone(), Arc::clone(&self.readers));
        let waiting = Waiting(Arc::default());
        let is_over = Arc::clone(&waiting.0);
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let idle = readers.idle().pop();
            let mut connection = idle.map_or_else(|| open_reader(&path, waits), Ok)?;
            stop_when(&mut connection, is_over)?;
            let answer = within_one_state(&connection, question);
            readers.idle().push(connection);
            answer
        });
        answer(task, self.options.query_timeout, &self.address, doing).await
    }

    /// The same for a question that is answered sooner than it is handed to another thread, such as one for a few records by their keys. Where it
    /// would have to wait for anybody, it is asked as others are.
    pub(super) async fn read_quickly<T, Q>(&self, doing: &'static str, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: Fn(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        match self.read_here(&question) {
            Some(answer) => answer.map_err(|failure| failure.into_store_error(&self.address, doing, self.options.query_timeout)),
            None => self.read(doing, question).await,
        }
    }

    /// Asks on this thread; `None` if that would mean to wait, for a connection or for another program.
    fn read_here<T>(&self, question: &impl Fn(&Connection) -> Result<T, Failure>) -> Option<Result<T, Failure>> {
        let _permit = self.readers.permits.try_acquire().ok()?;
        let mut connection = self.readers.idle().pop()?;
        let mut ask = || {
            // Whoever asked by this connection before no longer waits, and would stop this question, too.
            connection.progress_handler(0, None::<fn() -> bool>)?;
            connection.busy_timeout(Duration::ZERO)?;
            let answer = within_one_state(&connection, question);
            connection.busy_timeout(self.options.acquire_timeout)?;
            answer
        };
        let answer = ask();
        self.readers.idle().push(connection);
        Some(answer).filter(|answer| !answer.as_ref().is_err_and(Failure::is_busy))
    }

    /// Makes a change, alone.
    pub(super) async fn write<T, C>(&self, doing: &'static str, change: C) -> Result<T, StoreError>
    where
        T: Send + 'static,
        C: FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
    {
        let allowed = self.options.apply_timeout;
        // Those who write before this one may each take as long as they are allowed.
        let mut connection = timeout(allowed, Arc::clone(&self.writer).lock_owned()).await.map_err(|_| StoreError::TimedOut {
            address: self.address.clone(),
            doing: "waiting to write",
            after: allowed,
        })?;
        let waiting = Waiting(Arc::default());
        let is_over = Arc::clone(&waiting.0);
        let task = tokio::task::spawn_blocking(move || {
            stop_when(&mut connection, is_over)?;
            change(&mut connection)
        });
        answer(task, allowed, &self.address, doing).await
    }
}

/// Waits for a task as long as it is allowed to take.
async fn answer<T>(
    task: tokio::task::JoinHandle<Result<T, Failure>>,
    allowed: Duration,
    address: &str,
    doing: &'static str,
) -> Result<T, StoreError> {
    match timeout(allowed, task).await {
        Err(_) => Err(StoreError::TimedOut { address: address.to_owned(), doing, after: allowed }),
        Ok(Err(stopped)) => Err(Failure::Other(stopped.to_string()).into_store_error(address, doing, allowed)),
        Ok(Ok(answer)) => answer.map_err(|failure| failure.into_store_error(address, doing, allowed)),
    }
}

/// Lets what runs on a connection from now on be stopped.
fn stop_when(connection: &mut Connection, is_over: Arc<AtomicBool>) -> Result<(), Failure> {
    connection.progress_handler(INSTRUCTIONS_BETWEEN_LOOKS, Some(move || is_over.load(Ordering::Relaxed)))?;
    Ok(())
}

/// Answers a question in a transaction, so that all its statements see one revision.
fn within_one_state<T>(connection: &Connection, question: impl FnOnce(&Connection) -> Result<T, Failure>) -> Result<T, Failure> {
    let transaction = connection.unchecked_transaction()?;
    let answer = question(&transaction)?;
    transaction.finish()?;
    Ok(answer)
}

fn open_writer(path: &Path, waits: Duration) -> Result<Connection, Failure> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::Unreachable(format!("cannot create the folder {}: {error}", folder.display())))?;
    }
    migrate::check(path)?;
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_CREATE, waits, WRITER_CACHE)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let problem = format!("{} cannot have a write-ahead log: is it on a network file system?", path.display());
        return Err(Failure::Unreachable(problem));
    }
    connection.pragma_update(None, "journal_size_limit", LOG_KEPT)?;
    migrate::migrate(&mut connection, path)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

fn open_reader(path: &Path, waits: Duration) -> Result<Connection, Failure> {
    let connection = connect(path, OpenFlags::empty(), waits, READER_CACHE)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

pub(super) fn connect(path: &Path, more: OpenFlags, waits: Duration, cache: i64) -> Result<Connection, Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(waits)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // Else SQLite looks at the values bound to a statement and plans it again for each new one.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Every commit is on the disk before it is acknowledged.
    connection.pragma_update(None, "synchronous", "full")?;
    // Negative: in KiB.
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}
