//! Many at once, and cut off in the middle.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::sample::{change_set, in_town, initiative, put_all, reference, town};
use super::{ALL_SIDES, text};
use super::{Fixture, apply, everything, find, history, neighbours, ok, record};
use crate::change::{ChangeSet, Conflict, Expected, Operation};
use crate::model::{Record, RecordRef};
use crate::store::{Applied, GraphStore, StoreError};

pub(super) async fn concurrent_change_sets_all_count(fixture: &dyn Fixture) {
    const TASKS: usize = 12;
    const EACH: usize = 6;
    let store = fixture.empty().await;
    apply(&*store, "shared", put_all([town("insee:shared", "Partagée")])).await;
    let task = |store: Arc<dyn GraphStore>, task: usize| async move {
        let mut applied = Vec::new();
        for number in 0..EACH {
            let mut runs = initiative(&format!("t{task}-n{number}"), "Ensemble");
            runs.places = vec![in_town("insee:shared")];
            let set = change_set(&format!("task {task} number {number}"), put_all([runs]));
            applied.push(ok(store.apply(&set).await));
        }
        applied
    };
    let tasks: Vec<_> = (0..TASKS).map(|number| tokio::spawn(task(Arc::clone(&store), number))).collect();
    let mut revisions = BTreeSet::new();
    for task in tasks {
        for applied in ok(task.await) {
            assert_eq!(applied.changed, 1);
            assert!(revisions.insert(applied.revision), "two change sets made revision {}", applied.revision);
        }
    }
    let total = TASKS * EACH;
    assert_eq!(revisions, (2..=total as u64 + 1).collect());
    assert_eq!(ok(store.revision().await), total as u64 + 1);
    assert_eq!(ok(store.change_count(0).await), total + 1);
    let ids: BTreeSet<String> =
        ok(store.revisions(0, 1000).await).items.into_iter().map(|revision| revision.id.to_string()).collect();
    assert_eq!(ids.len(), total + 1);
    assert_eq!(neighbours(&*store, &reference("town/insee:shared"), &ALL_SIDES).await.count, Some(total));
}

pub(super) async fn a_change_set_applied_at_once_by_many_counts_once(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let set = change_set("the one", put_all([town("insee:1", "Un"), town("insee:2", "Deux")]));
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (store, set) = (Arc::clone(&store), set.clone());
            tokio::spawn(async move { store.apply(&set).await })
        })
        .collect();
    let mut changed = Vec::new();
    for task in tasks {
        let Applied { revision, changed: count } = ok(ok(task.await));
        assert_eq!(revision, 1);
        changed.push(count);
    }
    changed.sort_unstable();
    assert_eq!(changed, [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    assert_eq!(ok(store.revision().await), 1);
}

pub(super) async fn no_update_is_lost(fixture: &dyn Fixture) {
    const TASKS: u32 = 6;
    const EACH: u32 = 4;
    let store = fixture.empty().await;
    let mut counter = town("insee:1", "Compteur");
    counter.population = Some(0);
    apply(&*store, "counter", put_all([counter])).await;
    let task = |store: Arc<dyn GraphStore>, task: u32| async move {
        for number in 0..EACH {
            let mut attempt = 0;
            loop {
                let stored = record(&*store, &reference("town/insee:1")).await;
                let Record::Town(mut counter) = stored.record else { unreachable!("it was put as a town") };
                counter.population = counter.population.map(|count| count + 1);
                let put = Operation::Put { record: Box::new(counter.into()), expected: Expected::At(stored.revision) };
                let set = change_set(&format!("task {task} number {number} attempt {attempt}"), vec![put]);
                attempt += 1;
                match store.apply(&set).await {
                    Ok(_) => break,
                    Err(StoreError::Conflict(Conflict::Stale { .. })) => {}
                    Err(error) => panic!("the store failed: {error}"),
                }
            }
        }
    };
    let tasks: Vec<_> = (0..TASKS).map(|number| tokio::spawn(task(Arc::clone(&store), number))).collect();
    for task in tasks {
        ok(task.await);
    }
    let stored = record(&*store, &reference("town/insee:1")).await;
    let Record::Town(counter) = stored.record else { unreachable!("it was put as a town") };
    assert_eq!((counter.population, stored.revision), (Some(TASKS * EACH), u64::from(TASKS * EACH + 1)));
}

pub(super) async fn readers_see_whole_change_sets(fixture: &dyn Fixture) {
    const PAIR: [&str; 2] = ["insee:1", "insee:2"];
    let store = fixture.empty().await;
    let pair = |population: u32| {
        put_all(PAIR.map(|key| {
            let mut twin = town(key, "Jumelle");
            twin.population = Some(population);
            twin
        }))
    };
    apply(&*store, "twins 0", pair(0)).await;
    let writer = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 1..=25 {
                apply(&*store, &format!("twins {number}"), pair(number)).await;
            }
        })
    };
    let asked = PAIR.map(|key| reference(&format!("town/{key}")));
    let mut last = 0;
    while !writer.is_finished() {
        let both = ok(store.records(&asked).await);
        let revisions: Vec<u64> = both.into_iter().flatten().map(|stored| stored.revision).collect();
        assert!(revisions.len() == 2 && revisions[0] == revisions[1], "half of a change set was seen: {revisions:?}");
        assert!(revisions[0] >= last, "the graph went back from revision {last} to {}", revisions[0]);
        last = revisions[0];
    }
    ok(writer.await);
    assert_eq!(record(&*store, &asked[1]).await.revision, 26);
}

/// A change set large enough to be cut somewhere inside.
fn large(round: usize) -> (ChangeSet, Vec<RecordRef>) {
    let records: Vec<_> = (0..400).map(|number| town(&format!("insee:r{round}n{number}"), "Ville")).collect();
    let references = records.iter().map(|record| Record::from(record.clone()).reference()).collect();
    (change_set(&format!("round {round}"), put_all(records)), references)
}

pub(super) async fn an_apply_cut_half_way_leaves_all_or_nothing(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut revision = 0;
    for (round, wait) in [0_u64, 50, 200, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000].into_iter().enumerate() {
        let (set, references) = large(round);
        let task = {
            let (store, set) = (Arc::clone(&store), set.clone());
            tokio::spawn(async move { store.apply(&set).await })
        };
        tokio::time::sleep(Duration::from_micros(wait)).await;
        task.abort();
        // Whether it was in time for that is left open.
        let _cut_or_done = task.await;
        // What comes after goes through.
        let marker = town(&format!("insee:m{round}"), "Après");
        apply(&*store, &format!("after {round}"), put_all([marker])).await;
        let present = ok(store.records(&references).await).iter().flatten().count();
        assert!(present == 0 || present == references.len(), "{present} of {} records are there", references.len());
        // Again, and it is whole, once.
        ok(store.apply(&set).await);
        assert_eq!(ok(store.records(&references).await).iter().flatten().count(), references.len());
        assert!(ok(store.history_counts(&references).await).iter().all(|count| *count == 1));
        revision += 2;
        assert_eq!(ok(store.revision().await), revision, "after round {round}");
        assert_eq!(history(&*store, &references[0], None, 5).await.items.len(), 1);
    }
    // The log and the records say the same.
    let numbers: Vec<u64> = ok(store.revisions(0, 1000).await).items.iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, (1..=revision).collect::<Vec<_>>());
    let written = everything(&*store).await;
    let other = fixture.empty().await;
    ok(crate::export::read(&*other, written.as_slice(), |_| ()).await);
    assert!(text(&everything(&*other).await) == text(&written), "the export does not read back the same");
    assert_eq!(find(&*other, &reference("town/insee:nobody")).await, None);
}
