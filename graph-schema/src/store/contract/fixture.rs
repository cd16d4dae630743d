//! How the tests come by empty stores.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use super::ok;
use super::plain::PlainStore;
use crate::store::sqlite::SqliteStore;
use crate::store::{GraphStore, StoreOptions};

/// Gives the tests empty stores of one kind.
#[async_trait]
pub trait Fixture: Send + Sync {
    /// An empty store. Those given before are no longer used: a server may have room for one graph only.
    async fn empty(&self) -> Arc<dyn GraphStore>;
}

/// Gives [`PlainStore`]s.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainFixture;

#[async_trait]
impl Fixture for PlainFixture {
    async fn empty(&self) -> Arc<dyn GraphStore> {
        Arc::new(PlainStore::default())
    }
}

/// Gives stores on SQLite, each a file of its own in a folder that goes with the fixture.
#[derive(Debug)]
pub struct SqliteFixture {
    folder: tempfile::TempDir,
    given: AtomicUsize,
}

impl SqliteFixture {
    /// Makes the folder.
    #[expect(clippy::new_without_default, reason = "making a folder is not what a default does")]
    pub fn new() -> Self {
        Self { folder: ok(tempfile::tempdir()), given: AtomicUsize::new(0) }
    }
}

#[async_trait]
impl Fixture for SqliteFixture {
    async fn empty(&self) -> Arc<dyn GraphStore> {
        let file = self.folder.path().join(format!("{}.sqlite", self.given.fetch_add(1, Ordering::Relaxed)));
        Arc::new(ok(SqliteStore::open(&file, StoreOptions::default()).await))
    }
}
