//! The best Cypher that we can write by hand, asked through the same driver for the same keys in the same run: what the port
//! costs beyond it. The driver's rows are read to the end and not made into anything.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, ensure};
use maillage_graph_schema::model::{Direction, RecordKey as _, RecordRef, Relation};
use maillage_graph_schema::path;
use maillage_graph_schema::store::{GraphStore, NeighbourQuestion};
use maillage_tests::random::Random;
use maillage_tests::synthetic::Synthetic;
use neo4rs::{ConfigBuilder, Graph, Query};

use crate::graph::{Keys, PAGE, SEED};
use crate::measure::{Measured, Times, by_turns};

/// How many rows come at once: as many as the store asks for.
const ROWS_AT_ONCE: usize = 2_000;

/// One question, asked of the port and in Cypher.
enum Pair {
    Records(Vec<RecordRef>, Query),
    Neighbours(RecordRef, NeighbourQuestion, Query),
    Path(RecordRef, RecordRef, Query),
    History(RecordRef, Query),
}

/// For one answer: emptying a large graph takes minutes.
const PATIENCE: Duration = Duration::from_mins(30);

/// A driver of our own, beside the store's.
pub fn connect(url: &str) -> Result<Graph> {
    let config = ConfigBuilder::new().uri(url).user("").password("").max_connections(1).fetch_size(ROWS_AT_ONCE);
    Ok(Graph::connect(config.connection_timeout(PATIENCE).build()?)?)
}

/// The server's folder; `None` if it is on another machine.
pub async fn folder(driver: &Graph) -> Result<Option<PathBuf>> {
    let mut rows = driver.execute(Query::new(include_str!("cypher/folder.cypher").to_owned())).await?;
    let Some(row) = rows.next().await? else { return Ok(None) };
    let folder = PathBuf::from(row.get::<String>("value")?);
    Ok(folder.is_dir().then_some(folder))
}

/// Deletes everything.
pub async fn empty(driver: &Graph) -> Result<()> {
    let mut rows = driver.execute(Query::new(include_str!("cypher/empty.cypher").to_owned())).await?;
    while rows.next().await?.is_some() {}
    Ok(())
}

/// Times questions of the port and their Cypher by turns, and tells both, with the ratio of their 95th percentiles.
pub async fn compare(store: &dyn GraphStore, driver: &Graph, graph: &Synthetic, count: usize) -> Result<()> {
    for (what, pairs) in pairs(graph, count)? {
        let (port, cypher) =
            by_turns(pairs.len(), |number| ask_port(store, &pairs[number]), |number| ask_driver(driver, pairs[number].query()))
                .await?;
        tell(what, port, cypher);
    }
    Ok(())
}

fn tell(what: &str, port: Times, cypher: Times) {
    let ratio = port.p95.as_secs_f64() / cypher.p95.as_secs_f64();
    Measured::tell(
        &format!("against the best Cypher: {what}"),
        &format!("{} : {} = {ratio:.2}", port.written(), cypher.written()),
    );
}

fn pairs(graph: &Synthetic, count: usize) -> Result<Vec<(&'static str, Vec<Pair>)>> {
    let mut keys = Keys::new(count);
    let one = keys.initiatives(1_000, 1)?.into_iter().map(|list| {
        let query = Query::new(include_str!("cypher/record.cypher").to_owned()).param("key", list[0].key());
        Pair::Records(list, query)
    });
    let twenty = keys.initiatives(1_000, 20)?.into_iter().map(|list| {
        let listed: Vec<&str> = list.iter().map(RecordRef::key).collect();
        let query = Query::new(include_str!("cypher/records.cypher").to_owned()).param("keys", listed);
        Pair::Records(list, query)
    });
    let case_studies = (0..1_000).map(|_| keys.case_study()).collect::<Result<Vec<_>>>()?;
    let case_studies = case_studies.into_iter().map(|case_study| {
        let query = Query::new(include_str!("cypher/case_study.cypher").to_owned()).param("key", case_study.key());
        Pair::Records(vec![case_study], query)
    });
    let topic = graph.topics()[0].reference();
    let limit = i64::try_from(PAGE + 1)?;
    let hub = (0..200).map(|_| {
        let query = Query::new(include_str!("cypher/hub.cypher").to_owned())
            .param("key", topic.key())
            .param("after", "")
            .param("limit", limit);
        Pair::Neighbours(topic.clone(), NeighbourQuestion::by(Relation::About, Direction::In, PAGE), query)
    });
    let mut random = Random::new(SEED);
    let mut town = || random.one_of(graph.towns()).reference();
    let paths = (0..100).map(|_| {
        let (from, to) = (town(), town());
        let query = Query::new(include_str!("cypher/path.cypher").to_owned()).param("from", from.key()).param("to", to.key());
        Pair::Path(from, to, query)
    });
    let histories = Keys::corrected(500)?.into_iter().map(|record| {
        let query = Query::new(include_str!("cypher/history.cypher").to_owned()).param("key", record.key()).param("limit", 21);
        Pair::History(record, query)
    });
    Ok(vec![
        ("a record", one.collect()),
        ("twenty records", twenty.collect()),
        ("a case study of 5 kB", case_studies.collect()),
        ("the first page of the commonest topic", hub.collect()),
        ("a path between two towns", paths.collect()),
        ("the history of a record", histories.collect()),
    ])
}

impl Pair {
    fn query(&self) -> Query {
        match self {
            Self::Records(_, query) | Self::Neighbours(_, _, query) | Self::Path(_, _, query) | Self::History(_, query) => {
                query.clone()
            }
        }
    }
}

async fn ask_port(store: &dyn GraphStore, pair: &Pair) -> Result<()> {
    let found = match pair {
        Pair::Records(references, _) => store.records(references).await?.iter().all(Option::is_some),
        Pair::Neighbours(of, question, _) => {
            store.neighbours(std::slice::from_ref(of), question).await?.iter().all(|neighbours| !neighbours.page.items.is_empty())
        }
        Pair::Path(from, to, _) => store.path(from, to, path::LONGEST).await?.is_some(),
        Pair::History(of, _) => !store.history(std::slice::from_ref(of), None, 20).await?[0].items.is_empty(),
    };
    ensure!(found, "the store does not find what was loaded");
    Ok(())
}

async fn ask_driver(driver: &Graph, query: Query) -> Result<()> {
    let mut rows = driver.execute(query).await?;
    let mut count = 0;
    while rows.next().await?.is_some() {
        count += 1;
    }
    ensure!(count > 0, "the Cypher does not find what was loaded");
    Ok(())
}
