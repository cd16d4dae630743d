//! What happened: to a record, to the graph.

use serde_json::json;

use super::sample::{
    area, bare, change_set, full, initiative, merge, organisation, put_all, reference, topic, town, value, withdraw,
};
use super::{Fixture, apply, history, ok, record};
use crate::change::{self, ChangeKind, FieldChange};
use crate::model::{Record, RecordRef};
use crate::store::{Change, ChangeCursor, GraphStore, Page, Revision};

/// A town through all that can happen to it, in seven revisions; its states after each of its own.
async fn eventful(store: &dyn GraphStore) -> Vec<(Revision, Record)> {
    let plain = town("insee:1", "Un");
    let mut counted = plain.clone();
    counted.population = Some(300);
    counted.name = value("Une");
    let mut recounted = plain.clone();
    recounted.population = Some(301);
    recounted.name = value("Une");
    apply(store, "added", put_all([plain.clone(), town("insee:2", "Deux")])).await;
    apply(store, "changed", put_all([counted.clone()])).await;
    apply(store, "elsewhere", put_all([town("insee:3", "Trois")])).await;
    apply(store, "withdrawn", vec![withdraw(&reference("town/insee:1"))]).await;
    apply(store, "restored", put_all([recounted.clone()])).await;
    apply(store, "changed back", put_all([plain.clone()])).await;
    apply(store, "merged", vec![merge(&reference("town/insee:1"), &reference("town/insee:2"))]).await;
    vec![
        (1, plain.clone().into()),
        (2, counted.clone().into()),
        (4, counted.into()),
        (5, recounted.into()),
        (6, plain.clone().into()),
        (7, plain.into()),
    ]
}

pub(super) async fn history_tells_what_changed_newest_first(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    eventful(&*store).await;
    let there = reference("town/insee:1");
    let page = history(&*store, &there, None, 10).await;
    assert!(!page.has_more);
    let told: Vec<(Revision, ChangeKind)> = page.items.iter().map(|entry| (entry.revision.number, entry.kind)).collect();
    let expected = [
        (7, ChangeKind::Merged),
        (6, ChangeKind::Changed),
        (5, ChangeKind::Restored),
        (4, ChangeKind::Withdrawn),
        (2, ChangeKind::Changed),
        (1, ChangeKind::Added),
    ];
    assert_eq!(told, expected);
    let changed = |field: &str, before, after| FieldChange { field: field.to_owned(), before, after };
    assert_eq!(page.items[5].changes, []);
    assert_eq!(
        page.items[4].changes,
        [changed("name", Some(json!("Un")), Some(json!("Une"))), changed("population", None, Some(json!(300)))]
    );
    assert_eq!(
        page.items[1].changes,
        [changed("name", Some(json!("Une")), Some(json!("Un"))), changed("population", Some(json!(301)), None)]
    );
    let withdrawn_at = page.items[3].revision.at.to_string();
    let withdrawal = json!({ "at": withdrawn_at, "why": "taken back by its author" });
    assert_eq!(page.items[3].changes, [changed("withdrawn", None, Some(withdrawal.clone()))]);
    assert_eq!(
        page.items[2].changes,
        [changed("population", Some(json!(300)), Some(json!(301))), changed("withdrawn", Some(withdrawal), None)]
    );
    let applied = change_set("changed back", []);
    let told = &page.items[1].revision;
    assert_eq!((&told.id, told.at, &told.by, &told.why), (&applied.id, applied.at, &applied.by, &applied.why));
}

pub(super) async fn history_is_paged_by_revision(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    eventful(&*store).await;
    let there = reference("town/insee:1");
    let whole = history(&*store, &there, None, 10).await.items;
    for first in 1..=7 {
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = history(&*store, &there, before, first).await;
            assert!(page.items.len() == first || !page.has_more);
            seen.extend(page.items);
            assert!(seen.len() <= whole.len(), "pages of {first} do not come to an end");
            before = seen.last().map(|entry: &crate::store::HistoryEntry| entry.revision.number);
            if !page.has_more {
                break;
            }
        }
        assert_eq!(seen, whole, "by pages of {first}");
    }
    // Before a revision that did nothing to it, before the first, before one to come.
    let numbers = async |before| -> Vec<Revision> {
        history(&*store, &there, Some(before), 10).await.items.iter().map(|entry| entry.revision.number).collect()
    };
    assert_eq!(numbers(4).await, [2, 1]);
    assert_eq!(numbers(3).await, [2, 1]);
    assert_eq!(numbers(1).await, Vec::<Revision>::new());
    assert_eq!(numbers(0).await, Vec::<Revision>::new());
    assert_eq!(numbers(100).await.len(), 6);
    assert_eq!(history(&*store, &there, None, 0).await, Page { items: Vec::new(), has_more: true });
}

pub(super) async fn histories_come_for_each_record_asked_about(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    eventful(&*store).await;
    let asked = ["town/insee:3", "town/insee:9", "town/insee:1", "town/insee:2", "town/insee:1"].map(reference);
    let pages = ok(store.history(&asked, Some(7), 2).await);
    let told: Vec<(Vec<Revision>, bool)> =
        pages.iter().map(|page| (page.items.iter().map(|entry| entry.revision.number).collect(), page.has_more)).collect();
    assert_eq!(told, [(vec![3], false), (Vec::new(), false), (vec![6, 5], true), (vec![1], false), (vec![6, 5], true)]);
}

pub(super) async fn history_is_counted(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    eventful(&*store).await;
    let asked =
        ["town/insee:3", "town/insee:9", "town/insee:1", "topic/mediation", "town/insee:2", "town/insee:1"].map(reference);
    assert_eq!(ok(store.history_counts(&asked).await), [1, 0, 6, 0, 1, 6]);
}

pub(super) async fn former_states_are_worked_out_from_history(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let states = eventful(&*store).await;
    let there = reference("town/insee:1");
    let present = record(&*store, &there).await;
    let entries = history(&*store, &there, None, 10).await.items;
    for (revision, expected) in states {
        let later = entries.iter().filter(|entry| entry.revision.number > revision).map(|entry| entry.changes.as_slice());
        let (state, withdrawn) = match change::rewind(&present.record, present.withdrawn.as_ref(), later) {
            Ok(state) => state,
            Err(error) => panic!("revision {revision} cannot be worked out: {error}"),
        };
        assert_eq!(state, expected, "at revision {revision}");
        assert_eq!(withdrawn.is_some(), [4, 7].contains(&revision), "at revision {revision}");
    }
    // Every field of every kind, emptied and filled again.
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let emptied: Vec<Record> = bare()
        .into_iter()
        .chain([
            area("country:FR", "France").into(),
            Record::from(topic("mediation", "M")),
            organisation("urban-prod", "U").into(),
            initiative("atelier", "A").into(),
        ])
        .collect();
    let mut seen = std::collections::HashSet::new();
    let emptied: Vec<Record> = emptied.into_iter().filter(|record| seen.insert(record.reference())).collect();
    apply(&*store, "emptied", put_all(emptied)).await;
    for expected in full() {
        let there = expected.reference();
        let present = record(&*store, &there).await;
        let entries = history(&*store, &there, None, 10).await.items;
        let later = entries.iter().filter(|entry| entry.revision.number > 1).map(|entry| entry.changes.as_slice());
        assert_eq!(ok(change::rewind(&present.record, None, later)), (expected, None));
    }
}

/// Changes in four revisions, some of them of several kinds.
async fn several(store: &dyn GraphStore) -> Vec<(Revision, ChangeKind, RecordRef)> {
    let mut first: Vec<Record> = bare();
    first.reverse();
    apply(store, "first", put_all(first)).await;
    apply(store, "second", put_all([town("insee:2", "Deux"), town("insee:47001", "Agen la neuve"), town("insee:10", "Dix")]))
        .await;
    apply(store, "nothing", put_all([town("insee:2", "Deux")])).await;
    let second = change_set(
        "third",
        [withdraw(&reference("town/insee:2")), merge(&reference("town/insee:10"), &reference("town/insee:2"))],
    );
    ok(store.apply(&second).await);
    apply(store, "fourth", put_all([Record::from(town("insee:2", "Deux")), topic("a", "A").into()])).await;
    let mut expected: Vec<(Revision, ChangeKind, RecordRef)> =
        bare().iter().map(|record| (1, ChangeKind::Added, record.reference())).collect();
    for (revision, kind, to) in [
        (2, ChangeKind::Added, "town/insee:10"),
        (2, ChangeKind::Added, "town/insee:2"),
        (2, ChangeKind::Changed, "town/insee:47001"),
        (3, ChangeKind::Merged, "town/insee:10"),
        (3, ChangeKind::Withdrawn, "town/insee:2"),
        (4, ChangeKind::Added, "topic/a"),
        (4, ChangeKind::Restored, "town/insee:2"),
    ] {
        expected.push((revision, kind, reference(to)));
    }
    expected
}

fn told(changes: &[Change]) -> Vec<(Revision, ChangeKind, RecordRef)> {
    changes.iter().map(|change| (change.revision, change.kind, change.reference.clone())).collect()
}

pub(super) async fn changes_come_by_revision_kind_and_key(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let expected = several(&*store).await;
    let page = ok(store.changes(0, None, 100).await);
    assert_eq!((told(&page.items), page.has_more), (expected, false));
    let third = change_set("third", []);
    assert!(page.items.iter().filter(|change| change.revision == 3).all(|change| change.at == third.at));
}

pub(super) async fn changes_are_paged_by_cursor(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let expected = several(&*store).await;
    for first in 1..=expected.len() + 1 {
        let mut seen: Vec<Change> = Vec::new();
        loop {
            let after = seen.last().map(|change| ChangeCursor { revision: change.revision, reference: change.reference.clone() });
            let page = ok(store.changes(0, after.as_ref(), first).await);
            assert!(page.items.len() == first || !page.has_more);
            seen.extend(page.items);
            assert!(seen.len() <= expected.len(), "pages of {first} do not come to an end");
            if !page.has_more {
                break;
            }
        }
        assert_eq!(told(&seen), expected, "by pages of {first}");
    }
    // A cursor on nothing that changed; one from before the revision asked for; one from after the last.
    let cursor = |revision, to: &str| ChangeCursor { revision, reference: reference(to) };
    for (since, after, left) in [
        (0, cursor(2, "town/insee:3"), 5),
        (0, cursor(2, "area/other:a"), 7),
        (0, cursor(0, "town/insee:3"), 15),
        (3, cursor(1, "town/insee:3"), 2),
        (1, cursor(3, "town/insee:10"), 3),
        (0, cursor(4, "town/insee:2"), 0),
        (0, cursor(9, "town/insee:2"), 0),
    ] {
        let page = ok(store.changes(since, Some(&after), 100).await);
        assert_eq!(told(&page.items), expected[expected.len() - left..], "since {since} after {after:?}");
    }
    assert_eq!(ok(store.changes(0, None, 0).await), Page { items: Vec::new(), has_more: true });
}

pub(super) async fn changes_start_after_a_revision(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let all = several(&*store).await;
    for since in 0..=6 {
        let expected: Vec<_> = all.iter().filter(|change| change.0 > since).cloned().collect();
        assert_eq!(told(&ok(store.changes(since, None, 100).await).items), expected, "since {since}");
        assert_eq!(ok(store.change_count(since).await), expected.len(), "since {since}");
    }
}

pub(super) async fn revisions_are_paged_by_number(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    several(&*store).await;
    let whole = ok(store.revisions(0, 100).await);
    assert!(!whole.has_more);
    let ids: Vec<&str> = whole.items.iter().map(|revision| revision.id.as_str()).collect();
    assert_eq!(ids, ["first", "second", "third", "fourth"]);
    assert_eq!(whole.items.iter().map(|revision| revision.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    for since in 0..=5 {
        for first in 1..=4 {
            let page = ok(store.revisions(since, first).await);
            let left: Vec<_> = whole.items.iter().filter(|revision| revision.number > since).cloned().collect();
            assert_eq!(page, Page::from_one_more(left, first), "{first} since {since}");
        }
    }
}

pub(super) async fn a_change_set_without_a_reason_has_none(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut unexplained = change_set("unexplained", put_all([town("insee:1", "Un")]));
    unexplained.why = None;
    ok(store.apply(&unexplained).await);
    assert_eq!(ok(store.revisions(0, 1).await).items[0].why, None);
    assert_eq!(history(&*store, &reference("town/insee:1"), None, 1).await.items[0].revision.why, None);
}
