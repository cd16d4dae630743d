//! What the Neo4j store alone must do. What every store must do is in the contract suite.

use maillage_graph_schema::model::{Record, RecordRef};
use maillage_graph_schema::store::Applied;
use maillage_graph_schema::store::neo4j::testing::TestServer;

use crate::neo4j_graph::{load, records, reference};

#[tokio::test]
async fn every_field_of_every_record_reads_back_as_it_was_written() {
    let Some(server) = TestServer::take().await else { return };
    let store = server.empty_store().await;
    let applied = load(&store).await;
    let all = records();
    assert_eq!(applied[0], Applied { revision: 1, changed: all.len() });
    let changed = [reference("initiative/agen-trial"), reference("initiative/agen-double")];
    let references: Vec<RecordRef> = all.iter().map(Record::reference).collect();
    for (record, stored) in all.iter().zip(store.records(&references).await.unwrap()) {
        let stored = stored.unwrap_or_else(|| panic!("{} is missing", record.reference()));
        if changed.contains(&record.reference()) {
            assert!(stored.revision > 1);
        } else {
            assert_eq!((&stored.record, stored.created, stored.revision), (record, 1, 1));
        }
    }
}

/// The questions of the manual, as people paste them.
#[tokio::test]
async fn each_question_of_the_manual_has_an_answer() {
    let Some(server) = TestServer::take().await else { return };
    let store = server.empty_store().await;
    load(&store).await;
    let manual = include_str!("../../../docs/graph.md");
    let questions: Vec<&str> =
        manual.split("```cypher\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(questions.len() >= 10, "the manual asks {} questions", questions.len());
    for question in questions {
        assert!(server.rows(question).await > 0, "no answer to:\n{question}");
    }
}
