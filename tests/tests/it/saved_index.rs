//! A process that saves its index over and over is killed at random moments: the next start reads the old one or the new
//! one, never a mixture, and answers as an index that is built anew.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use maillage_explore::question::{FacetKind, InitiativeFilter, InitiativeOrder, PageRequest, TownFilter};
use maillage_explore::{Explore, Origin, Snapshot};
use maillage_graph_schema::store::{self, StoreOptions};
use maillage_tests::random::Random;

const KILLS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_index_is_the_old_or_the_new_whenever_the_process_is_killed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("graph.db").display());
    let index = folder.path().join("explore");
    let mut random = Random::new(5);
    let mut was_saved = false;
    for kill in 1..=KILLS {
        let start = run_and_kill(&url, &index, 1 + random.below(4), Duration::from_micros(random.next() % 25_000));
        // Once an index has been saved there is always one to read.
        let expected = if was_saved { "read" } else { "built: there is none" };
        assert_eq!(start, expected, "kill {kill}");
        let store = store::open(&url, StoreOptions::default()).await.expect("the store");
        let explore = Explore::open(store, &index).await.expect("an index");
        was_saved |= *explore.origin() == Origin::Read;
        assert!(*explore.origin() == Origin::Read || !was_saved, "kill {kill}: {:?}", explore.origin());
        let store = store::open(&url, StoreOptions::default()).await.expect("the store");
        let anew = tempfile::tempdir().expect("a temporary folder");
        let anew = Explore::open(store, anew.path()).await.expect("an index");
        assert_eq!(answers(&explore.snapshot()), answers(&anew.snapshot()), "kill {kill}");
    }
    assert!(was_saved, "no index was ever saved in {KILLS} runs");
}

fn answers(snapshot: &Snapshot) -> String {
    let all = InitiativeFilter::default();
    format!(
        "{} {:?} {:?} {:?}",
        snapshot.revision(),
        snapshot.initiatives(&all, InitiativeOrder::TitleAscending, &PageRequest::first(1000)),
        snapshot.facets(&all, FacetKind::ALL, 100),
        snapshot.towns(&TownFilter::default(), &PageRequest::first(1000)),
    )
}

/// Runs the process until it has begun to save so many times, and a little longer; answers with how it said it started.
fn run_and_kill(url: &str, folder: &Path, saves: usize, longer: Duration) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_save-until-killed"))
        .arg(url)
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the process starts");
    let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let start = lines.next().expect("a line").expect("a line");
    for _ in 0..saves {
        lines.next();
    }
    std::thread::sleep(longer);
    process.kill().expect("it runs until it is killed");
    let status = process.wait().expect("it ends");
    assert!(status.code().is_none(), "the process stopped by itself: {status}");
    start
}
