//! Records taken back, and brought back.

use super::sample::{
    change_set, full, full_of, in_town, initiative, merge, moment, organisation, put_all, reference, town, value, withdraw,
};
use super::{ALL_SIDES, Fixture, apply, history, neighbours, ok, record};
use crate::change::{ChangeKind, Operation};
use crate::model::{Direction, FormerTown, Record, RecordKind, Relation, Withdrawal};
use crate::store::{Neighbour, NeighbourQuestion};

pub(super) async fn a_withdrawn_record_stays_as_a_tombstone(fixture: &dyn Fixture) {
    for kind in RecordKind::ALL {
        let store = fixture.empty().await;
        apply(&*store, "full", put_all(full())).await;
        let there = full_of(*kind).reference();
        let mut taken_back = change_set("taken back", vec![withdraw(&there)]);
        taken_back.at = moment(77);
        ok(store.apply(&taken_back).await);
        let stored = record(&*store, &there).await;
        assert_eq!(stored.record, full_of(*kind), "{there}");
        assert_eq!((stored.created, stored.revision), (1, 2));
        let expected = Withdrawal { at: moment(77), why: value("taken back by its author"), merged_into: None };
        assert_eq!(stored.withdrawn, Some(expected));
        // A page of the kind has it still.
        let page = ok(store.page(*kind, None, 100).await);
        assert!(page.items.contains(&stored), "{there}");
    }
}

pub(super) async fn a_withdrawn_record_is_no_neighbour_until_it_is_restored(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    for (number, taken) in full().into_iter().enumerate() {
        let there = taken.reference();
        let around = neighbours(&*store, &there, &ALL_SIDES).await;
        apply(&*store, &format!("withdrawn {number}"), vec![withdraw(&there)]).await;
        assert_eq!(neighbours(&*store, &there, &ALL_SIDES).await.page.items, [], "{there} itself");
        assert_eq!(neighbours(&*store, &there, &ALL_SIDES).await.count, Some(0), "{there} itself");
        for neighbour in &around.page.items {
            let seen = neighbours(&*store, &neighbour.reference, &ALL_SIDES).await;
            assert!(seen.page.items.iter().all(|seen| seen.reference != there), "{there} from {}", neighbour.reference);
            assert_eq!(seen.count, Some(seen.page.items.len()));
        }
        apply(&*store, &format!("restored {number}"), put_all([taken])).await;
        assert_eq!(neighbours(&*store, &there, &ALL_SIDES).await, around, "{there} restored");
        for neighbour in &around.page.items {
            let seen = neighbours(&*store, &neighbour.reference, &ALL_SIDES).await;
            assert!(seen.page.items.iter().any(|seen| seen.reference == there), "{there} from {}", neighbour.reference);
        }
    }
}

pub(super) async fn a_merged_record_says_into_which(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "two", put_all([organisation("adullact", "ADULLACT"), organisation("association", "Adullact")])).await;
    let (kept, former) = (reference("organisation/adullact"), reference("organisation/association"));
    apply(&*store, "merge", vec![merge(&former, &kept)]).await;
    let stored = record(&*store, &former).await;
    assert_eq!(stored.record.reference(), former);
    assert_eq!(stored.withdrawn.and_then(|withdrawal| withdrawal.merged_into), Some(kept.clone()));
    assert_eq!(record(&*store, &kept).await.revision, 1);
    assert_eq!(history(&*store, &former, None, 1).await.items[0].kind, ChangeKind::Merged);
}

pub(super) async fn a_withdrawn_record_may_be_referred_to(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut runs = initiative("a", "A");
    runs.places = vec![in_town("insee:1"), in_town("insee:2")];
    apply(&*store, "towns", put_all([town("insee:1", "Un"), town("insee:2", "Deux")])).await;
    apply(&*store, "gone", vec![withdraw(&reference("town/insee:1"))]).await;
    apply(&*store, "initiative", put_all([runs.clone()])).await;
    assert_eq!(record(&*store, &reference("initiative/a")).await.record, runs.clone().into());
    let question = NeighbourQuestion { count: true, ..NeighbourQuestion::by(Relation::RunsIn, Direction::Out, 10) };
    let seen = neighbours(&*store, &reference("initiative/a"), &question).await;
    let to = |key: &str| Neighbour { relation: Relation::RunsIn, direction: Direction::Out, reference: reference(key) };
    assert_eq!((seen.page.items, seen.count), (vec![to("town/insee:2")], Some(1)));
    // The town comes back: the relation that was made meanwhile holds.
    apply(&*store, "back", put_all([town("insee:1", "Un")])).await;
    let seen = neighbours(&*store, &reference("initiative/a"), &question).await;
    assert_eq!(seen.page.items, [to("town/insee:1"), to("town/insee:2")]);
    // Both ends withdrawn, one restored, then the other.
    apply(&*store, "both", vec![withdraw(&reference("town/insee:1")), withdraw(&reference("initiative/a"))]).await;
    apply(&*store, "one", put_all([runs])).await;
    assert_eq!(neighbours(&*store, &reference("initiative/a"), &question).await.page.items, [to("town/insee:2")]);
    assert_eq!(neighbours(&*store, &reference("town/insee:1"), &ALL_SIDES).await.page.items, []);
    apply(&*store, "other", put_all([town("insee:1", "Un")])).await;
    assert_eq!(neighbours(&*store, &reference("town/insee:1"), &ALL_SIDES).await.page.items.len(), 1);
}

pub(super) async fn a_restored_record_may_differ(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let there = reference("initiative/a");
    let mut runs = initiative("a", "A");
    runs.places = vec![in_town("insee:1")];
    apply(&*store, "first", put_all([Record::from(runs.clone()), town("insee:1", "Un").into(), town("insee:2", "Deux").into()]))
        .await;
    apply(&*store, "gone", vec![withdraw(&there)]).await;
    runs.places = vec![in_town("insee:2")];
    runs.title = value("A, deuxième manche");
    apply(&*store, "back", put_all([runs.clone()])).await;
    let stored = record(&*store, &there).await;
    assert_eq!((stored.record, stored.created, stored.revision, stored.withdrawn), (runs.into(), 1, 3, None));
    let page = history(&*store, &there, None, 1).await;
    let fields: Vec<&str> = page.items[0].changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((page.items[0].kind, fields.as_slice()), (ChangeKind::Restored, ["places", "title", "withdrawn"].as_slice()));
    assert_eq!(neighbours(&*store, &reference("town/insee:1"), &ALL_SIDES).await.count, Some(0));
    assert_eq!(neighbours(&*store, &reference("town/insee:2"), &ALL_SIDES).await.count, Some(1));
}

pub(super) async fn withdrawing_again_counts_only_with_another_reason(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "two", put_all([organisation("a", "A"), organisation("b", "B")])).await;
    let (there, other) = (reference("organisation/a"), reference("organisation/b"));
    assert_eq!(apply(&*store, "first", vec![withdraw(&there)]).await.revision, 2);
    assert_eq!(apply(&*store, "again", vec![withdraw(&there)]).await.changed, 0);
    assert_eq!(apply(&*store, "merged", vec![merge(&there, &other)]).await.revision, 3);
    assert_eq!(apply(&*store, "merged again", vec![merge(&there, &other)]).await.changed, 0);
    let reworded = Operation::Withdraw {
        reference: there.clone(),
        why: value("doublon"),
        merged_into: Some(other),
        expected: crate::change::Expected::Anything,
    };
    assert_eq!(apply(&*store, "reworded", vec![reworded]).await.revision, 4);
    let kinds: Vec<ChangeKind> = history(&*store, &there, None, 10).await.items.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [ChangeKind::Merged, ChangeKind::Merged, ChangeKind::Withdrawn, ChangeKind::Added]);
}

pub(super) async fn aliases_of_a_withdrawn_record_name_its_tombstone(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut merged = town("insee:1", "Un");
    merged.former = vec![FormerTown { key: value("insee:2"), name: value("Deux") }];
    apply(&*store, "merged", put_all([merged])).await;
    apply(&*store, "gone", vec![withdraw(&reference("town/insee:1"))]).await;
    let stored = record(&*store, &reference("town/insee:2")).await;
    assert_eq!(stored.record.reference(), reference("town/insee:1"));
    assert!(stored.withdrawn.is_some());
}
