//! The index beside a store: it follows, it is saved, and what was saved can be lost.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use maillage_explore::question::{FacetKind, InitiativeFilter, InitiativeOrder, PageRequest, TownFilter};
use maillage_explore::{Explore, FollowedStore, Origin, Snapshot};
use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::model::{Record, RecordKind, Text};
use maillage_graph_schema::store::sqlite::SqliteStore;
use maillage_graph_schema::store::{GraphStore, StoreOptions, Stored};

use crate::world::{self, initiative, telling};

fn text(text: &str) -> Text {
    text.parse().expect("a text")
}

fn puts(id: &str, records: impl IntoIterator<Item = Stored>) -> ChangeSet {
    ChangeSet {
        id: text(id),
        at: world::at(0),
        by: text("a test"),
        why: None,
        operations: records.into_iter().map(|stored| Operation::put(stored.record)).collect(),
    }
}

fn withdraws(id: &str, record: &Record) -> ChangeSet {
    let reference = record.reference();
    ChangeSet {
        operations: vec![Operation::Withdraw { reference, why: text("gone"), merged_into: None, expected: Expected::Anything }],
        ..puts(id, [])
    }
}

async fn open_store(folder: &Path) -> Arc<dyn GraphStore> {
    Arc::new(SqliteStore::open(&folder.join("graph.db"), StoreOptions::default()).await.expect("a store"))
}

/// A store with a country and some initiatives in it.
async fn filled(folder: &Path) -> Arc<dyn GraphStore> {
    let store = open_store(folder).await;
    let mut records = world::country();
    for number in 0..30 {
        let title = format!("Guichet {number}");
        records.extend(telling(&format!("guichet-{number}"), "fr", &title, "Un résumé", "Des agents debout"));
    }
    // What a relation points to must be in the graph already, or in the same change set.
    store.apply(&puts("country", records)).await.expect("a change");
    store
}

fn keys(snapshot: &Snapshot, filter: &InitiativeFilter) -> Vec<String> {
    let page = snapshot.initiatives(filter, InitiativeOrder::TitleAscending, &PageRequest::first(1000)).expect("a page");
    page.items.into_iter().map(|hit| hit.key).collect()
}

fn with_text(text: &str) -> InitiativeFilter {
    InitiativeFilter { text: Some(text.to_owned()), ..InitiativeFilter::default() }
}

/// Some answers of each sort, to compare two indexes.
fn answers(snapshot: &Snapshot) -> String {
    let all = InitiativeFilter::default();
    let page = |filter: &InitiativeFilter, order| snapshot.initiatives(filter, order, &PageRequest::first(1000)).expect("a page");
    format!(
        "{} {:?} {:?} {:?} {:?}",
        snapshot.revision(),
        page(&all, InitiativeOrder::ModifiedDescending),
        page(&with_text("guichets agents"), InitiativeOrder::Relevance),
        snapshot.facets(&all, FacetKind::ALL, 50),
        snapshot.towns(&TownFilter::default(), &PageRequest::first(1000)),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_in_the_answers_before_it_is_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let explore = Explore::open(filled(folder.path()).await, &folder.path().join("explore")).await.expect("an index");
    let store = FollowedStore::new(Arc::clone(&explore));
    let before = explore.snapshot();
    assert_eq!(keys(&before, &InitiativeFilter::default()).len(), 30);

    let applied = store.apply(&puts("one", telling("nouveau", "fr", "Un fablab", "", "Une imprimante"))).await.expect("a change");
    assert_eq!(explore.snapshot().revision(), applied.revision);
    assert_eq!(keys(&explore.snapshot(), &with_text("imprimantes")), ["nouveau"]);
    assert_eq!(keys(&before, &InitiativeFilter::default()).len(), 30, "who holds a snapshot keeps it");

    // A case study alone changes: its initiative is found by the new text, and no longer by the old.
    let case_study = telling("nouveau", "fr", "Un fablab", "", "Une découpeuse").remove(1);
    store.apply(&puts("two", [case_study])).await.expect("a change");
    assert_eq!(keys(&explore.snapshot(), &with_text("découpeuses")), ["nouveau"]);
    assert_eq!(keys(&explore.snapshot(), &with_text("\"une imprimante\"")), [] as [&str; 0]);

    store.apply(&withdraws("three", &initiative("nouveau", "fr", "Un fablab").into())).await.expect("a change");
    assert_eq!(keys(&explore.snapshot(), &with_text("découpeuses")), [] as [&str; 0]);
    assert_eq!(explore.snapshot().revision(), store.revision().await.expect("a revision"));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_by_another_process_are_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    let explore = Explore::open(filled(folder.path()).await, &folder.path().join("explore")).await.expect("an index");
    let other = open_store(folder.path()).await;
    let following = tokio::spawn(Arc::clone(&explore).follow());
    let applied = other.apply(&puts("other", telling("ailleurs", "fr", "Ailleurs", "", "Un drone"))).await.expect("a change");
    // However long it takes on a machine that is busy: the test fails by its own time-out only.
    while explore.snapshot().revision() < applied.revision {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(keys(&explore.snapshot(), &with_text("drones")), ["ailleurs"]);
    following.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn many_changes_are_taken_up_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = filled(folder.path()).await;
    let explore = Explore::open(Arc::clone(&store), &folder.path().join("explore")).await.expect("an index");
    for part in 0..3 {
        let records =
            (0..700).flat_map(|number| telling(&format!("serie-{part}-{number}"), "fr", "Une série", "", "Beaucoup de mots"));
        store.apply(&puts(&format!("part {part}"), records)).await.expect("a change");
    }
    explore.catch_up().await.expect("an index");
    assert_eq!(explore.snapshot().count(&with_text("série")), Ok(2100));
    let anew = Explore::open(store, &folder.path().join("anew")).await.expect("an index");
    assert_eq!(answers(&explore.snapshot()), answers(&anew.snapshot()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_is_read_and_what_is_lost_is_built_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("explore");
    let store = filled(folder.path()).await;
    let explore = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    assert_eq!(*explore.origin(), Origin::Built { why: "there is none".to_owned() });
    explore.save().await.expect("saved");
    // Changes after it was saved are taken up at the next start.
    store.apply(&puts("later", telling("plus-tard", "fr", "Plus tard", "", "Des agents"))).await.expect("a change");
    store.apply(&withdraws("gone", &initiative("guichet-3", "fr", "x").into())).await.expect("a change");
    explore.catch_up().await.expect("an index");
    let expected = answers(&explore.snapshot());
    drop(explore);

    let open = async || Explore::open(Arc::clone(&store), &path).await.expect("an index");
    let again = open().await;
    assert_eq!((again.origin(), answers(&again.snapshot())), (&Origin::Read, expected.clone()));
    again.save().await.expect("saved again");
    drop(again);

    let saved = || {
        fs::read_dir(&path)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("saved-")))
    };
    // The full-text files have other names each time: they are told apart by their endings.
    let files = || {
        let folder = saved().expect("a saved index");
        let mut files = vec![folder.join("columns"), folder.join("manifest.json")];
        let text = fs::read_dir(folder.join("text")).expect("a folder").map(|entry| entry.expect("an entry").path());
        let mut text: Vec<_> = text.filter(|file| file.extension().is_none_or(|ending| ending != "lock")).collect();
        text.sort_by_key(|file| file.extension().map(ToOwned::to_owned));
        files.extend(text);
        files
    };
    for number in 0..files().len() {
        for damage in ["cut", "changed", "gone"] {
            let damaged = files()[number].clone();
            let file = damaged.display();
            let mut bytes = fs::read(&damaged).expect("a file");
            if bytes.is_empty() {
                continue;
            }
            let middle = bytes.len() / 2;
            if damage == "cut" {
                bytes.truncate(middle);
            } else {
                bytes[middle] ^= 0x20;
            }
            if damage == "gone" { fs::remove_file(&damaged) } else { fs::write(&damaged, bytes) }.expect("done");
            let explore = open().await;
            assert!(matches!(explore.origin(), Origin::Built { .. }), "{file} {damage}");
            assert_eq!(answers(&explore.snapshot()), expected, "{file} {damage}");
            explore.save().await.expect("saved");
        }
    }

    // Of another format, and of another graph at the same revision.
    for (from, to, why) in [
        ("\"format\":6", "\"format\":5", "it is of format 5, this program writes 6"),
        ("\"graph\":\"", "\"graph\":\"other ", "it is of another graph"),
        ("\"revision\":3", "\"revision\":300", "it is of another graph"),
    ] {
        let manifest = saved().expect("a saved index").join("manifest.json");
        let written = fs::read_to_string(&manifest).expect("a manifest");
        assert!(written.contains(from), "{written}");
        fs::write(&manifest, written.replace(from, to)).expect("written");
        let explore = open().await;
        assert_eq!(*explore.origin(), Origin::Built { why: why.to_owned() });
        assert_eq!(answers(&explore.snapshot()), expected);
        explore.save().await.expect("saved");
    }
    fs::remove_dir_all(&path).expect("gone");
    assert_eq!(answers(&open().await.snapshot()), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_while_the_index_is_saved_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("explore");
    let store = filled(folder.path()).await;
    let explore = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    for round in 0..12 {
        let saving = tokio::spawn({
            let explore = Arc::clone(&explore);
            async move { explore.save().await }
        });
        for change in 0..4 {
            let word = format!("mot{round}x{change}");
            let records = telling(&format!("guichet-{}", (round + change) % 30), "fr", "Changé", &word, "Des agents assis");
            store.apply(&puts(&word, records)).await.expect("a change");
            explore.catch_up().await.expect("an index");
            assert_eq!(explore.snapshot().count(&with_text(&word)), Ok(1));
        }
        saving.await.expect("no panic").expect("saved");
    }
    let anew = Explore::open(Arc::clone(&store), &folder.path().join("anew")).await.expect("an index");
    assert_eq!(answers(&explore.snapshot()), answers(&anew.snapshot()));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_share_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("explore");
    let store = filled(folder.path()).await;
    let first = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    let second = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    second.save().await.expect("passed over");
    assert_eq!(answers(&first.snapshot()), answers(&second.snapshot()));
    assert!(
        fs::read_dir(&path)
            .expect("a folder")
            .all(|entry| { !entry.expect("an entry").file_name().to_string_lossy().starts_with("saved-") })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_graph_has_an_index() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("explore");
    let store = open_store(folder.path()).await;
    let explore = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    assert_eq!(explore.snapshot().count(&with_text("rien")), Ok(0));
    explore.save().await.expect("saved");
    drop(explore);
    let explore = Explore::open(Arc::clone(&store), &path).await.expect("an index");
    assert_eq!(*explore.origin(), Origin::Read);
    let page = store.page(RecordKind::Initiative, None, 1).await.expect("a page");
    assert!(page.items.is_empty());
}
