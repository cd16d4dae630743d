//! A process that writes is killed at random moments: what it had acknowledged is there, and nothing is half-done.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use maillage_graph_schema::export;
use maillage_graph_schema::model::RecordRef;
use maillage_graph_schema::store::{self, GraphStore, NeighbourQuestion, Revision, StoreOptions};
use maillage_tests::random::Random;
use maillage_tests::sequence;

const KILLS: usize = 50;

#[tokio::test]
async fn what_was_acknowledged_survives_kills_and_nothing_is_half_done() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let killed = format!("sqlite:{}", folder.path().join("killed.db").display());
    // Holds what the other must hold: nobody kills it.
    let mirror = format!("sqlite:{}", folder.path().join("mirror.db").display());
    let mirror = store::open(&mirror, StoreOptions::default()).await.expect("a store");
    let mut random = Random::new(4);
    let mut unacknowledged = 0;
    for kill in 1..=KILLS {
        let acknowledged = run_and_kill(&killed, random.below(6), Duration::from_micros(random.next() % 12_000));
        let store = store::open(&killed, StoreOptions::default()).await.expect("the store opens after a kill");
        let (before, revision) = (mirror.revision().await.expect("a revision"), store.revision().await.expect("a revision"));
        assert!(revision >= acknowledged, "kill {kill}: {acknowledged} was acknowledged, {revision} is there");
        unacknowledged += usize::from(revision > acknowledged.max(before));
        for number in before + 1..=revision {
            mirror.apply(&sequence::change_set(number).expect("a change set")).await.expect("applied");
        }
        assert_alike(&*store, &*mirror, before, kill).await;
    }
    let store = store::open(&killed, StoreOptions::default()).await.expect("the store");
    let (mut of_store, mut of_mirror) = (Vec::new(), Vec::new());
    export::write(&*store, &mut of_store, |_| ()).await.expect("an export");
    export::write(&*mirror, &mut of_mirror, |_| ()).await.expect("an export");
    assert!(of_store == of_mirror, "the export after {KILLS} kills differs from one without");
    println!(
        "{KILLS} kills, {} revisions, {unacknowledged} of them written but not yet acknowledged",
        store.revision().await.unwrap()
    );
}

/// Runs the writer until it has acknowledged so many change sets, and a little longer; answers with the last revision that
/// it acknowledged.
fn run_and_kill(store: &str, change_sets: usize, longer: Duration) -> Revision {
    let mut writer = Command::new(env!("CARGO_BIN_EXE_apply-until-killed"))
        .arg(store)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the writer starts");
    let mut lines = BufReader::new(writer.stdout.take().expect("its output")).lines();
    let mut last = None;
    for _ in 0..change_sets {
        last = lines.next();
    }
    std::thread::sleep(longer);
    writer.kill().expect("it runs until it is killed");
    let status = writer.wait().expect("it ends");
    assert!(status.code().is_none(), "the writer stopped by itself: {status}");
    // What it had written when it was killed counts too; a line cut short reads as an earlier revision.
    for line in lines {
        last = Some(line);
    }
    last.map_or(0, |line| line.expect("a line").parse().expect("a revision"))
}

/// Everything that changed after a revision is the same in both: records, relations, history.
async fn assert_alike(store: &dyn GraphStore, mirror: &dyn GraphStore, since: Revision, kill: usize) {
    let revisions = store.revisions(since, usize::MAX).await.expect("revisions");
    assert_eq!(revisions, mirror.revisions(since, usize::MAX).await.expect("revisions"), "kill {kill}");
    let changes = store.changes(since, None, usize::MAX).await.expect("changes");
    assert_eq!(changes, mirror.changes(since, None, usize::MAX).await.expect("changes"), "kill {kill}");
    let mut touched: Vec<RecordRef> = changes.items.into_iter().map(|change| change.reference).collect();
    touched.sort();
    touched.dedup();
    let records = store.records(&touched).await.expect("records");
    assert!(records == mirror.records(&touched).await.expect("records"), "kill {kill}: records differ");
    let all = NeighbourQuestion { relations: Vec::new(), kind: None, after: None, first: 50, count: true };
    let neighbours = store.neighbours(&touched, &all).await.expect("neighbours");
    assert!(neighbours == mirror.neighbours(&touched, &all).await.expect("neighbours"), "kill {kill}: relations differ");
    let history = store.history(&touched, None, 100).await.expect("history");
    assert!(history == mirror.history(&touched, None, 100).await.expect("history"), "kill {kill}: history differs");
}
