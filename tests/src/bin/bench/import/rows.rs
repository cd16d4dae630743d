//! The rows of an import, sent to Neo4j by UNWIND and nothing else: what the database itself takes for them.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use maillage_graph_schema::document;
use maillage_graph_schema::model::{RecordKind, RecordRef};
use maillage_graph_schema::store::GraphStore;
use neo4rs::{BoltType, Query};

use super::files;
use crate::cypher;
use crate::measure::Measured;

/// How many rows go in one statement.
const ROWS_AT_ONCE: usize = 1_000;

/// Reads what was imported, sends it once more as plain rows, and tells how the import compares; then empties the server.
pub async fn compare(store: &dyn GraphStore, url: &str, count: usize, import: Duration) -> Result<()> {
    let driver = cypher::connect(url)?;
    let mut took = Duration::ZERO;
    let numbers: Vec<usize> = (0..count).collect();
    for numbers in numbers.chunks(ROWS_AT_ONCE) {
        let mut rows: Vec<BoltType> = Vec::with_capacity(numbers.len());
        for number in numbers {
            let initiative = RecordRef::parse(RecordKind::Initiative, &files::key(*number))?;
            let study = RecordRef::parse(RecordKind::CaseStudy, &format!("{}/fr", files::key(*number)))?;
            let found = store.records(&[initiative, study]).await?;
            let [Some(initiative), Some(study)] = found.as_slice() else { anyhow::bail!("number {number} is not in the graph") };
            let mut links = initiative.record.edges();
            links.extend(study.record.edges());
            let links: Vec<String> =
                links.iter().map(|edge| edge.to.to_string()).filter(|to| !to.starts_with("initiative/bench")).collect();
            let row = [
                ("key", BoltType::from(files::key(*number))),
                ("initiative", properties(&initiative.record)),
                ("study", properties(&study.record)),
                ("links", BoltType::from(links.into_iter().map(BoltType::from).collect::<Vec<_>>())),
            ];
            rows.push(BoltType::from(row.into_iter().collect::<std::collections::HashMap<&str, BoltType>>()));
        }
        let query = Query::new(include_str!("../cypher/rows.cypher").to_owned()).param("rows", rows);
        let start = Instant::now();
        let mut answer = driver.execute(query).await?;
        while answer.next().await?.is_some() {}
        took += start.elapsed();
    }
    ensure!(!took.is_zero(), "nothing was sent");
    let ratio = import.as_secs_f64() / took.as_secs_f64();
    Measured::tell("the same rows by UNWIND alone", &format!("{:.2} s; the import takes {ratio:.1} × that", took.as_secs_f64()));
    cypher::empty(&driver).await
}

/// What a record says, as the properties of a node.
fn properties(record: &maillage_graph_schema::model::Record) -> BoltType {
    let document = document::from_record(record);
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let properties: std::collections::HashMap<&str, BoltType> =
        document.iter().map(|(key, value)| (key.as_str(), BoltType::from(text(value)))).collect();
    BoltType::from(properties)
}
