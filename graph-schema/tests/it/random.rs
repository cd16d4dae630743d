//! Random change sets and questions put to all stores, which must answer alike.

use std::collections::BTreeSet;

use maillage_graph_schema::document;
use maillage_graph_schema::model::RecordKind;
use maillage_graph_schema::store::contract::scenario::{Counts, play_random};
use maillage_graph_schema::store::contract::{PlainFixture, SqliteFixture, generate, run};
use maillage_graph_schema::store::neo4j::testing::TestServer;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

/// Where seeds that failed are kept; each is tried first by the next run.
const SEEDS: &str = "tests/it/random.seeds";

/// A random test that never gets through asks little.
fn assert_worthwhile(counts: &Counts) {
    for what in ["applied", "refused", "without effect", "paths found", "neighbours", "history", "changes", "revisions"] {
        assert!(counts.of(what) > 0, "too little of {what}: {counts}");
    }
}

#[test]
fn sqlite_answers_like_the_plainest_store() {
    let counts = play_random(192, 2000, SEEDS, &[("plain", &PlainFixture), ("sqlite", &SqliteFixture::new())]);
    assert_worthwhile(&counts);
}

#[test]
fn neo4j_and_sqlite_answer_like_the_plainest_store() {
    let Some(neo4j) = run(TestServer::take()) else { return };
    play_random(40, 300, SEEDS, &[("plain", &PlainFixture), ("sqlite", &SqliteFixture::new()), ("neo4j", &neo4j)]);
}

#[test]
fn every_field_of_every_kind_is_filled_and_left_out() {
    let mut runner = TestRunner::deterministic();
    for kind in RecordKind::ALL {
        let strategy = generate::record_of(*kind);
        let documents: Vec<_> = (0..400)
            .map(|_| document::from_record(&strategy.new_tree(&mut runner).expect("a record can be made").current()))
            .collect();
        let filled: BTreeSet<&str> = documents.iter().flat_map(|document| document.keys().map(String::as_str)).collect();
        assert_eq!(filled, document::fields(*kind).iter().copied().collect(), "fields of {kind} that are filled");
        assert!(documents.iter().map(serde_json::Map::len).min() < documents.iter().map(serde_json::Map::len).max());
    }
}
