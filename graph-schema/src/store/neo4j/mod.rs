//! The scale-out store: a graph on a Neo4j server that people can read too (`docs/graph.md`).
//!
//! | file | what it holds |
//! |---|---|
//! | `cypher/`, [`statement`] | every statement that is sent |
//! | `migrations/`, [`migrate`] | constraints and indexes, by version |
//! | [`nodes`] | records as nodes and relationships, and back |
//! | [`records`], [`neighbours`], [`history`] | the questions of the port |
//! | [`apply`] | the one way to write records |
//! | [`runs`] | imports and leases, beside the records |
//! | [`connection`], [`failure`] | connections that are closed when in doubt; what may be tried again |
//!
//! `neo4j://` connects to the host that it names and tells the server so; a member of a cluster then passes everything on to
//! the leader (server-side routing). The driver's own routing is not used: it is experimental, and would read from members
//! that may not have the last write yet. So a cluster gives fail-over, not more readers.
//!
//! To add a field: write and read it in the kind's file in `nodes/`. To add a relation: a file each in `cypher/relate/`,
//! `cypher/neighbours/` and `cypher/neighbour_counts/`, its name in the kind's file in `cypher/records/` and in the lists of types
//! in `cypher/{adjacent_in,adjacent_out,neighbours,neighbour_counts,release}.cypher`; the compiler asks for the rest in [`statement`].

mod address;
mod apply;
mod batches;
mod connection;
mod failure;
mod history;
mod migrate;
mod neighbours;
mod nodes;
mod records;
mod runs;
mod statement;
#[cfg(feature = "contract")]
pub mod testing;

use std::fmt;
use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::{sleep, timeout};

use self::address::Address;
use self::connection::{Connections, Lent};
use self::failure::Failure;
use self::migrate::Schema;
use super::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    RunStore, StoreError, StoreOptions, Stored,
};
use crate::change::ChangeSet;
use crate::model::{RecordKind, RecordRef};
use crate::path::Step;

/// How often something is tried before it is given up.
const ATTEMPTS: u32 = 5;

/// The pause before the second attempt; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A graph on a Neo4j server.
pub struct Neo4jStore {
    address: Address,
    readers: Connections,
    /// One connection: change sets of one process wait for each other here, not on the server.
    writer: Connections,
    /// One connection for runs and leases, which must not wait until a long change set is in.
    keeper: Connections,
    query_timeout: Duration,
    acquire_timeout: Duration,
    apply_timeout: Duration,
}

/// Something that is asked of the server, and can be asked again.
trait Question: Sync {
    type Answer: Send;
    /// What is being done, for errors.
    const DOING: &'static str;

    fn ask(&self, connection: &Lent<'_>) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;
}

impl Neo4jStore {
    /// Connects to `bolt://HOST:PORT` or `neo4j://HOST:PORT` and brings the schema up to date.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        let store = Self {
            readers: Connections::new(&address, &options, options.query_timeout, options.connections),
            writer: Connections::new(&address, &options, options.apply_timeout, 1),
            keeper: Connections::new(&address, &options, options.query_timeout, 1),
            address,
            query_timeout: options.query_timeout,
            acquire_timeout: options.acquire_timeout,
            apply_timeout: options.apply_timeout,
        };
        let migrated = Box::pin(store.retried(|| store.try_migrate())).await;
        match migrated.map_err(|failure| store.error(failure, "opening the graph"))? {
            Schema::UpToDate => Ok(store),
            Schema::Newer(found) => {
                Err(StoreError::NewerSchema { address: store.address.as_str().to_owned(), found, known: migrate::KNOWN })
            }
        }
    }

    async fn try_migrate(&self) -> Result<Schema, Failure> {
        let connection = self.writer.lend(self.acquire_timeout).await?;
        let schema =
            within(self.apply_timeout, "bringing the schema up to date", migrate::migrate(&connection, self.apply_timeout));
        let schema = schema.await?;
        connection.give_back();
        Ok(schema)
    }

    async fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, StoreError> {
        self.retried(|| self.try_ask(question)).await.map_err(|failure| self.error(failure, Q::DOING))
    }

    async fn try_ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, Failure> {
        let connection = self.readers.lend(self.acquire_timeout).await?;
        let answer = within(self.query_timeout, Q::DOING, question.ask(&connection)).await;
        if answer.as_ref().err().is_none_or(Failure::leaves_connection_in_order) {
            connection.give_back();
        }
        answer
    }

    async fn try_apply(&self, change_set: &ChangeSet) -> Result<Applied, Failure> {
        let connection = self.writer.lend(self.apply_timeout).await?;
        let attempt = apply::attempt(&connection, change_set).await;
        if attempt.connection_in_order {
            connection.give_back();
        }
        attempt.outcome
    }

    /// Tries something again, after growing pauses, as long as that may help.
    async fn retried<T, F: Future<Output = Result<T, Failure>>>(&self, attempt: impl Fn() -> F) -> Result<T, Failure> {
        let mut pause = FIRST_PAUSE;
        for number in 1.. {
            match attempt().await {
                Err(failure) if failure.is_worth_a_retry() && number < ATTEMPTS => {
                    tracing::debug!(store.address = self.address.as_str(), attempt = number, ?failure, "trying again");
                }
                outcome => return outcome,
            }
            sleep(pause).await;
            pause *= 2;
        }
        unreachable!("the last attempt is answered with, whatever it comes to")
    }

    fn error(&self, failure: Failure, doing: &'static str) -> StoreError {
        failure.into_store_error(&self.address, doing)
    }
}

/// Bounds the time that something takes.
async fn within<T>(limit: Duration, doing: &'static str, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(limit, work).await.unwrap_or(Err(Failure::TimedOut { doing, after: limit }))
}

impl fmt::Debug for Neo4jStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Neo4jStore").field("address", &self.address).finish_non_exhaustive()
    }
}

#[async_trait]
impl GraphStore for Neo4jStore {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        const DOING: &str = "applying a change set";
        within(self.apply_timeout, DOING, self.retried(|| self.try_apply(change_set)))
            .await
            .map_err(|failure| self.error(failure, DOING))
    }

    async fn revision(&self) -> Result<Revision, StoreError> {
        self.ask(&history::Present).await
    }

    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        self.ask(&records::Records(references)).await
    }

    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        self.ask(&records::PageOf { kind, after, first }).await
    }

    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        self.ask(&neighbours::NeighboursOf { of, question }).await
    }

    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        self.ask(&neighbours::PathBetween { from, to, max_length }).await
    }

    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        self.ask(&history::History { of, before, first }).await
    }

    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        self.ask(&history::HistoryCounts(of)).await
    }

    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        self.ask(&history::Changes { since, after, first }).await
    }

    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        self.ask(&history::ChangeCount(since)).await
    }

    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        self.ask(&history::Revisions { since, first }).await
    }

    fn imports(&self) -> &dyn RunStore {
        self
    }
}
