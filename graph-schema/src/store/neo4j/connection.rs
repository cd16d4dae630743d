//! Connections to the server.
//!
//! The driver's pool takes back a connection whose answer was not read to the end, or whose transaction is still open, and
//! tidies it up when it is next asked for: until then the server goes on computing and holds the transaction's locks. Nor
//! does it bound the time of waiting for a connection. So each connection is a driver's pool of one, and ours are lent:
//! one that does not come back in order (after a time-out, a broken connection, a caller that went away) is closed at
//! once, which makes the server drop what it was doing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use neo4rs::{BoltType, ConfigBuilder, Graph, Query, Row, Txn};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::failure::Failure;
use super::{Address, statement};
use crate::store::StoreOptions;

/// Rows that the server sends before it waits to be asked for more: above any page or batch, so that an answer takes one
/// round trip.
const ROWS_AT_ONCE: usize = 2_000;

/// How much longer the driver waits for an answer than we do: it must not be the first to give up.
const DRIVER_MARGIN: Duration = Duration::from_secs(5);

/// Connections of one purpose, reading or writing.
pub(super) struct Connections {
    address: Address,
    user: String,
    password: String,
    acquire_timeout: Duration,
    answer_timeout: Duration,
    idle: Mutex<Vec<Graph>>,
    permits: Semaphore,
}

/// A connection lent; closed unless it is given back.
pub(super) struct Lent<'a> {
    graph: Graph,
    connections: &'a Connections,
    _permit: SemaphorePermit<'a>,
}

impl Connections {
    pub(super) fn new(address: &Address, options: &StoreOptions, answer_timeout: Duration, most: usize) -> Self {
        Self {
            address: address.clone(),
            user: options.user.clone().unwrap_or_default(),
            password: options.password.clone().unwrap_or_default(),
            acquire_timeout: options.acquire_timeout,
            answer_timeout,
            idle: Mutex::new(Vec::new()),
            permits: Semaphore::new(most.max(1)),
        }
    }

    /// A connection, as soon as one is free. `patience` bounds the wait for others to finish; making one has its own bound.
    pub(super) async fn lend(&self, patience: Duration) -> Result<Lent<'_>, Failure> {
        let permit = timeout(patience, self.permits.acquire())
            .await
            .map_err(|_| Failure::TimedOut { doing: "waiting for a connection to come free", after: patience })?
            .map_err(|closed| Failure::Broken(closed.to_string()))?;
        let known = self.idle().pop();
        let graph = match known {
            Some(graph) => graph,
            None => timeout(self.acquire_timeout, self.connect())
                .await
                .map_err(|_| Failure::TimedOut { doing: "connecting", after: self.acquire_timeout })??,
        };
        Ok(Lent { graph, connections: self, _permit: permit })
    }

    async fn connect(&self) -> Result<Graph, Failure> {
        let config = ConfigBuilder::new()
            .uri(self.address.as_str())
            .user(self.user.as_str())
            .password(self.password.as_str())
            .max_connections(1)
            .fetch_size(ROWS_AT_ONCE)
            // The driver takes this for the time of connecting and for that of each answer alike.
            .connection_timeout(self.answer_timeout + DRIVER_MARGIN)
            .build()?;
        let graph = Graph::connect(config)?;
        // The driver connects when it is first asked something.
        all_rows(&graph, statement::CHECK, [], self.acquire_timeout).await?;
        Ok(graph)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Graph>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    /// Everything that a statement answers, outside a transaction of ours. For reading alone.
    pub(super) async fn read(
        &self,
        statement: &str,
        parameters: impl IntoIterator<Item = (&'static str, BoltType)>,
    ) -> Result<Vec<Row>, Failure> {
        all_rows(&self.graph, statement, parameters, self.connections.answer_timeout).await
    }

    /// A transaction; undone by the server if this connection is not given back.
    pub(super) async fn begin(&self) -> Result<Txn, Failure> {
        Ok(Box::pin(self.graph.start_txn()).await?)
    }

    /// Gives the connection back, in order: nothing is being answered, no transaction is open.
    pub(super) fn give_back(self) {
        self.connections.idle().push(self.graph);
    }
}

/// Reads are sent as if they were writes: a cluster member reached by `neo4j://` then passes them on to the leader, so that
/// they see every write that was acknowledged. To one server it makes no difference.
async fn all_rows(
    graph: &Graph,
    statement: &str,
    parameters: impl IntoIterator<Item = (&'static str, BoltType)>,
    limit: Duration,
) -> Result<Vec<Row>, Failure> {
    // The server gives up by itself at the same time, should it not notice that we are gone.
    let server_limit = i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
    let query = query(statement, parameters).extra("tx_timeout", server_limit.max(1));
    // The driver's futures are large: they go on the heap, so that ours stay small.
    Box::pin(async move {
        let mut stream = graph.execute(query).await?;
        let mut rows = Vec::new();
        while let Some(row) = stream.next().await? {
            rows.push(row);
        }
        Ok(rows)
    })
    .await
}

/// Everything that a statement answers within a transaction.
pub(super) async fn rows_within(
    transaction: &mut Txn,
    statement: &str,
    parameters: impl IntoIterator<Item = (&'static str, BoltType)>,
) -> Result<Vec<Row>, Failure> {
    let query = query(statement, parameters);
    Box::pin(async move {
        let mut stream = transaction.execute(query).await?;
        let mut rows = Vec::new();
        while let Some(row) = stream.next(&mut *transaction).await? {
            rows.push(row);
        }
        Ok(rows)
    })
    .await
}

/// Runs a statement that answers nothing within a transaction.
pub(super) async fn run_within(
    transaction: &mut Txn,
    statement: &str,
    parameters: impl IntoIterator<Item = (&'static str, BoltType)>,
) -> Result<(), Failure> {
    Ok(Box::pin(transaction.run(query(statement, parameters))).await?)
}

fn query(statement: &str, parameters: impl IntoIterator<Item = (&'static str, BoltType)>) -> Query {
    Query::new(statement.to_owned()).params(parameters)
}
