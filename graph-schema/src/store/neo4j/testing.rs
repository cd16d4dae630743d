//! A real server for tests, behind the feature `contract`.
//!
//! `cargo xtask neo4j -- COMMAND` starts one and tells its address; the tests of one program take turns on it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, MutexGuard};

use super::Neo4jStore;
use super::connection::Connections;
use super::failure::Failure;
use super::{Address, statement};
use crate::store::contract::Fixture;
use crate::store::{GraphStore, StoreOptions};

/// Names the variable that holds the address of the server.
pub const URI_VARIABLE: &str = "NEO4J_TEST_URI";

/// Names the variable that leaves stores out of the tests; `neo4j` is the one that can be left out.
pub const WITHOUT_VARIABLE: &str = "MAILLAGE_TEST_WITHOUT";

/// A server has room for one graph.
static TURN: Mutex<()> = Mutex::const_new(());

/// A server that one test has for itself.
#[derive(Debug)]
pub struct TestServer {
    uri: String,
    _turn: MutexGuard<'static, ()>,
}

impl TestServer {
    /// Waits for its turn; `None` if Neo4j was left out by an explicit word.
    ///
    /// # Panics
    /// If there is neither a server nor that word: no test passes because something was absent.
    #[expect(clippy::disallowed_methods, reason = "tests are told where their server is by the command that runs them")]
    pub async fn take() -> Option<Self> {
        let Ok(uri) = std::env::var(URI_VARIABLE) else {
            let without = std::env::var(WITHOUT_VARIABLE).unwrap_or_default();
            assert_eq!(
                without, "neo4j",
                "this test needs a Neo4j server, and {URI_VARIABLE} is not set: run `cargo xtask ci`, or `cargo xtask neo4j -- cargo test …`"
            );
            return None;
        };
        Some(Self { uri, _turn: TURN.lock().await })
    }

    /// The address of the server.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Deletes everything, and opens a store on the empty graph. Stores opened before are no longer of use.
    ///
    /// # Panics
    /// If the server fails.
    pub async fn empty_store(&self) -> Arc<dyn GraphStore> {
        self.rows(statement::EMPTY).await;
        let store = Neo4jStore::open(&self.uri, patient()).await;
        Arc::new(store.unwrap_or_else(|error| panic!("cannot open the test store: {error}")))
    }

    /// Leaves nothing behind, no constraint and no index, as on a new server.
    ///
    /// # Panics
    /// If the server fails.
    pub async fn bare(&self) {
        self.rows(statement::EMPTY).await;
        self.rows(statement::EMPTY_GRAPH).await;
        for migration in super::migrate::MIGRATIONS {
            for created in super::migrate::statements(migration) {
                if let Some(dropped) = drop_of(created) {
                    self.rows(&dropped).await;
                }
            }
        }
    }

    /// Runs a statement and counts the rows that it answers.
    ///
    /// # Panics
    /// If the server fails.
    pub async fn rows(&self, statement: &str) -> usize {
        self.try_rows(statement).await.unwrap_or_else(|failure| panic!("{failure:?}\nin:\n{statement}"))
    }

    async fn try_rows(&self, statement: &str) -> Result<usize, Failure> {
        let options = patient();
        let address = Address::parse(&self.uri).map_err(|error| Failure::Final(error.to_string()))?;
        let connections = Connections::new(&address, &options, options.apply_timeout, 1);
        let connection = connections.lend(options.acquire_timeout).await?;
        Ok(connection.read(statement, []).await?.len())
    }
}

/// A server that has just been started, on a machine that compiles beside, lets one wait for a connection.
fn patient() -> StoreOptions {
    StoreOptions { acquire_timeout: Duration::from_mins(1), ..StoreOptions::default() }
}

/// What undoes `CREATE … CONSTRAINT|INDEX name IF NOT EXISTS …`, after its comments.
fn drop_of(created: &str) -> Option<String> {
    let (before, _) = created.split_once(" IF NOT EXISTS")?;
    let (before, name) = before.rsplit_once(' ')?;
    let (_, what) = before.rsplit_once(' ')?;
    Some(format!("DROP {what} {name} IF EXISTS"))
}

#[async_trait]
impl Fixture for TestServer {
    async fn empty(&self) -> Arc<dyn GraphStore> {
        self.empty_store().await
    }
}
