//! The Neo4j store when its server is not there, comes back, is slow, or is not for it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use maillage_graph_schema::change::Operation;
use maillage_graph_schema::store::neo4j::testing::TestServer;
use maillage_graph_schema::store::{Applied, GraphStore, StoreError, StoreOptions, open};
use serde_json::json;

use crate::neo4j_graph::{change_set, record, reference};
use crate::neo4j_wire::{Answers, Middle, refusing, silent};

fn town(key: &str) -> Vec<Operation> {
    vec![Operation::put(record("town", &json!({ "key": key, "name": "Agen", "type": "commune" })))]
}

async fn is_there(store: &dyn GraphStore, town: &str) -> Result<bool, StoreError> {
    Ok(store.records(&[reference(&format!("town/{town}"))]).await?[0].is_some())
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let store = open("bolt://127.0.0.1:1", StoreOptions::default()).await;
    let error = store.expect_err("nothing listens there");
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    assert!(error.is_passing() && error.to_string().contains("bolt://127.0.0.1:1"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_tried_again() {
    let (address, tried) = refusing().await;
    let options = StoreOptions { user: Some("neo4j".to_owned()), password: Some("secret".to_owned()), ..StoreOptions::default() };
    let error = open(&format!("bolt://{address}"), options).await.expect_err("nobody is let in");
    assert!(!error.is_passing() && error.to_string().contains("authentication failure"), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
    assert_eq!(tried.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    let address = silent().await;
    let options = StoreOptions { acquire_timeout: Duration::from_millis(200), ..StoreOptions::default() };
    let error = open(&format!("bolt://{address}"), options).await.expect_err("nothing is said");
    assert!(matches!(error, StoreError::TimedOut { doing: "connecting", .. }), "{error:?}");
}

#[tokio::test]
async fn the_store_recovers_when_its_server_comes_back() {
    let Some(server) = TestServer::take().await else { return };
    server.empty_store().await;
    let mut middle = Middle::before(server.uri()).await;
    let store = open(&middle.uri(), StoreOptions::default()).await.unwrap();
    store.apply(&change_set("before", 1, town("insee:1"))).await.unwrap();
    assert!(is_there(&*store, "insee:1").await.unwrap());
    middle.stop().await;
    for error in [
        is_there(&*store, "insee:1").await.expect_err("the server is away"),
        store.apply(&change_set("meanwhile", 2, town("insee:2"))).await.expect_err("the server is away"),
    ] {
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        assert!(error.to_string().contains(&middle.address.to_string()), "{error}");
    }
    middle.start().await;
    assert!(is_there(&*store, "insee:1").await.unwrap());
    let applied = store.apply(&change_set("meanwhile", 2, town("insee:2"))).await.unwrap();
    assert_eq!(applied, Applied { revision: 2, changed: 1 });
}

/// The commit went through, but nobody heard: the change set is tried again and found to be there.
#[tokio::test]
async fn a_commit_whose_answer_is_lost_counts_once() {
    let Some(server) = TestServer::take().await else { return };
    server.empty_store().await;
    let middle = Middle::before(server.uri()).await;
    let store = open(&middle.uri(), StoreOptions::default()).await.unwrap();
    middle.answers(Answers::CutCommit);
    let applied = store.apply(&change_set("once", 1, town("insee:1"))).await.unwrap();
    assert_eq!(applied, Applied { revision: 1, changed: 0 });
    assert_eq!(store.revision().await.unwrap(), 1);
    assert!(is_there(&*store, "insee:1").await.unwrap());
}

/// A connection whose answer was not read to the end is closed, at once, so that the server lets go of its locks.
#[tokio::test]
async fn what_takes_too_long_is_given_up_and_its_connection_closed() {
    let Some(server) = TestServer::take().await else { return };
    server.empty_store().await;
    let middle = Middle::before(server.uri()).await;
    let limit = Duration::from_millis(300);
    let options = StoreOptions { query_timeout: limit, apply_timeout: Duration::from_secs(30), ..StoreOptions::default() };
    let store = open(&middle.uri(), options).await.unwrap();
    assert!(!is_there(&*store, "insee:1").await.unwrap());
    let before = *middle.open.borrow();
    middle.answers(Answers::Hold);
    let error = is_there(&*store, "insee:1").await.expect_err("no answer comes through");
    assert!(matches!(error, StoreError::TimedOut { doing: "reading records", after, .. } if after == limit), "{error:?}");
    // Both ends of a connection that is held back are still there: its answer waits in the middle.
    middle.answers(Answers::Pass);
    middle.open.subscribe().wait_for(|open| *open < before).await.unwrap();
    assert!(!is_there(&*store, "insee:1").await.unwrap());
}

/// A caller that goes away in the middle of a change set does not leave the graph locked.
#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_lock() {
    let Some(server) = TestServer::take().await else { return };
    let other = server.empty_store().await;
    let middle = Middle::before(server.uri()).await;
    let store = open(&middle.uri(), StoreOptions::default()).await.unwrap();
    store.apply(&change_set("first", 1, town("insee:1"))).await.unwrap();
    middle.answers(Answers::Hold);
    let second = change_set("second", 2, town("insee:2"));
    assert!(tokio::time::timeout(Duration::from_millis(300), store.apply(&second)).await.is_err());
    let applied = other.apply(&change_set("third", 3, town("insee:3"))).await.unwrap();
    assert_eq!(applied, Applied { revision: 2, changed: 1 });
}

#[tokio::test]
async fn a_graph_of_a_newer_version_is_refused_and_not_touched() {
    let Some(server) = TestServer::take().await else { return };
    server.empty_store().await;
    server.rows("MATCH (graph:Graph) SET graph.schemaVersion = 99").await;
    let error = open(server.uri(), StoreOptions::default()).await.expect_err("the graph is of another time");
    let untouched = "MATCH (node) WITH collect(node) AS nodes WHERE size(nodes) = 1 AND nodes[0].schemaVersion = 99 RETURN nodes";
    let is_untouched = server.rows(untouched).await == 1;
    server.rows("MATCH (graph:Graph) SET graph.schemaVersion = 2").await;
    assert!(matches!(error, StoreError::NewerSchema { found: 99, known: 2, .. }), "{error:?}");
    assert!(is_untouched);
}

#[tokio::test]
async fn two_programs_may_prepare_a_bare_server_at_once() {
    let Some(server) = TestServer::take().await else { return };
    server.bare().await;
    let both =
        Box::pin(futures::future::join(open(server.uri(), StoreOptions::default()), open(server.uri(), StoreOptions::default())));
    let (one, other) = both.await;
    assert_eq!(one.unwrap().apply(&change_set("one", 1, town("insee:1"))).await.unwrap().revision, 1);
    assert!(is_there(&*other.unwrap(), "insee:1").await.unwrap());
    for (what, expected) in [("CONSTRAINTS", 15), ("INDEXES WHERE owningConstraint IS NULL AND type <> 'LOOKUP'", 7)] {
        let (what, filter) = what.split_once(" WHERE ").unwrap_or((what, "true"));
        assert_eq!(server.rows(&format!("SHOW {what} YIELD * WHERE {filter} RETURN name")).await, expected, "{what}");
    }
}
