//! What the Neo4j store alone must do. What every store must do is in the contract suite.

use maillage_graph_schema::model::{
    ImportRun, Record, RecordRef, RunCause, RunCounts, RunDiagnostic, RunKey, RunState, Severity,
};
use maillage_graph_schema::store::Applied;
use maillage_graph_schema::store::contract::sample::value;
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

/// An import that found something to say about a file.
fn run_with_a_problem() -> (ImportRun, RunDiagnostic) {
    let run = ImportRun {
        key: RunKey { source: value("agen"), started_at: value("2026-11-25T10:00:00.000Z") },
        state: RunState::Succeeded,
        cause: RunCause::Schedule,
        finished_at: Some(value("2026-11-25T10:00:01.000Z")),
        commit: None,
        progress: None,
        counts: RunCounts { files: 1, errors: 1, ..RunCounts::default() },
        problem: None,
    };
    let diagnostic = RunDiagnostic {
        code: value("missing-title"),
        severity: Severity::Error,
        path: "kiosque.md".to_owned(),
        entry: None,
        line: Some(1),
        column: Some(1),
        field: None,
        value: None,
        detail: None,
        nearest: None,
        expected: None,
        excerpt: None,
    };
    (run, diagnostic)
}

/// The questions of the manual, as people paste them.
#[tokio::test]
async fn each_question_of_the_manual_has_an_answer() {
    let Some(server) = TestServer::take().await else { return };
    let store = server.empty_store().await;
    load(&store).await;
    let run = run_with_a_problem();
    store.imports().put_run(&run.0, Some(&[run.1])).await.unwrap();
    let manual = include_str!("../../../docs/graph.md");
    let questions: Vec<&str> =
        manual.split("```cypher\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(questions.len() >= 10, "the manual asks {} questions", questions.len());
    for question in questions {
        assert!(server.rows(question).await > 0, "no answer to:\n{question}");
    }
}
