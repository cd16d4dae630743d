//! Change sets that are refused, and leave nothing behind.

use super::sample::{
    adopted, area, case_study, change_set, full, in_town, initiative, merge, note, organisation, put_all, reference, source,
    topic, town, value, withdraw,
};
use super::{Fixture, apply, ok, record, refused};
use crate::change::{Conflict, Expected, Operation};
use crate::model::{FormerTown, Involvement, OrganisationRole, Place, PlaceTarget, Provenance, Record, Relation};
use crate::store::{Applied, StoreError};

pub(super) async fn a_record_named_twice_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "one", put_all([town("insee:1", "Un")])).await;
    let (known, new) = (reference("town/insee:1"), reference("town/insee:2"));
    let twice = [
        (put_all([town("insee:2", "Deux"), town("insee:2", "Deux")]), &new),
        (vec![Operation::put(town("insee:1", "Deux")), withdraw(&known)], &known),
        (vec![withdraw(&known), withdraw(&known)], &known),
    ];
    for (operations, repeated) in twice {
        let conflict = refused(&*store, change_set("twice", operations)).await;
        assert_eq!(conflict, Conflict::Repeated(repeated.clone()));
    }
}

pub(super) async fn a_reference_to_nothing_is_refused_for_each_relation(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "known", put_all([initiative("known", "Connue")])).await;
    let mut about = initiative("a", "A");
    about.topics = vec![value("nothing")];
    let mut of_kind = initiative("a", "A");
    of_kind.kind = Some(value("nothing"));
    let mut inspired = initiative("a", "A");
    inspired.inspired_by = vec![adopted("nothing")];
    let mut involves = initiative("a", "A");
    involves.involvements = vec![Involvement { organisation: value("nothing"), role: OrganisationRole::Funder }];
    let mut runs_in = initiative("a", "A");
    runs_in.places = vec![in_town("insee:nothing")];
    let mut runs_in_area = initiative("a", "A");
    runs_in_area.places =
        vec![Place { target: PlaceTarget::Area(value("other:nothing")), original_code: None, original_name: None }];
    let mut supersedes = initiative("a", "A");
    supersedes.supersedes = vec![value("nothing")];
    let mut narrower = topic("a", "A");
    narrower.broader = Some(value("nothing"));
    let mut part_of = town("insee:1", "Un");
    part_of.part_of = vec![value("other:nothing")];
    let mut within = town("insee:1", "Un");
    within.parent = Some(value("insee:nothing"));
    let mut area_part_of = area("other:1", "Un");
    area_part_of.part_of = vec![value("other:nothing")];
    let mut member = organisation("a", "A");
    member.part_of = Some(value("nothing"));
    let mut successor = organisation("a", "A");
    successor.supersedes = vec![value("nothing")];
    let mut written = note("a", "known", "Quoi ?");
    written.organisation = Some(value("nothing"));
    let mut provided = organisation("a", "A");
    provided.provenance = vec![Provenance::of(value("nothing"))];
    let cases: Vec<(Record, Relation, &str)> = vec![
        (about.into(), Relation::About, "topic/nothing"),
        (of_kind.into(), Relation::About, "topic/nothing"),
        (case_study("nothing", "Rien").into(), Relation::DescribedBy, "initiative/nothing"),
        (inspired.into(), Relation::InspiredBy, "initiative/nothing"),
        (involves.into(), Relation::Involves, "organisation/nothing"),
        (narrower.into(), Relation::Narrower, "topic/nothing"),
        (note("a", "nothing", "Quoi ?").into(), Relation::NoteOn, "initiative/nothing"),
        (part_of.into(), Relation::PartOf, "area/other:nothing"),
        (within.into(), Relation::PartOf, "town/insee:nothing"),
        (area_part_of.into(), Relation::PartOf, "area/other:nothing"),
        (member.into(), Relation::PartOf, "organisation/nothing"),
        (provided.into(), Relation::ProvidedBy, "source/nothing"),
        (runs_in.into(), Relation::RunsIn, "town/insee:nothing"),
        (runs_in_area.into(), Relation::RunsIn, "area/other:nothing"),
        (supersedes.into(), Relation::Supersedes, "initiative/nothing"),
        (successor.into(), Relation::Supersedes, "organisation/nothing"),
        (written.into(), Relation::WrittenBy, "organisation/nothing"),
    ];
    for relation in Relation::ALL {
        assert!(cases.iter().any(|case| case.1 == *relation), "no case for {relation}");
    }
    for (record, relation, to) in cases {
        let from = record.reference();
        let conflict = refused(&*store, change_set("dangling", put_all([record]))).await;
        assert_eq!(conflict, Conflict::UnknownReference { from, relation: relation.as_str(), to: reference(to) });
    }
}

pub(super) async fn a_reference_by_alias_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut merged = town("insee:1", "Un");
    merged.former = vec![FormerTown { key: value("insee:2"), name: value("Deux") }];
    apply(&*store, "merged", put_all([merged])).await;
    let mut runs = initiative("a", "A");
    runs.places = vec![in_town("insee:2")];
    let conflict = refused(&*store, change_set("by alias", put_all([runs]))).await;
    let expected =
        Conflict::UnknownReference { from: reference("initiative/a"), relation: "RUNS_IN", to: reference("town/insee:2") };
    assert_eq!(conflict, expected);
    let conflict = refused(&*store, change_set("withdrawn by alias", vec![withdraw(&reference("town/insee:2"))])).await;
    assert_eq!(conflict, Conflict::NothingToWithdraw(reference("town/insee:2")));
}

pub(super) async fn a_key_that_is_taken_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let with_alias = |key: &str, alias: &str| {
        let mut aliased = topic(key, key);
        aliased.aliases = vec![value(alias)];
        aliased
    };
    apply(&*store, "known", put_all([with_alias("known", "former"), topic("gone", "Gone")])).await;
    apply(&*store, "gone", vec![withdraw(&reference("topic/gone"))]).await;
    let taken = |alias: &str, claimant: &str, owner: &str| Conflict::KeyTaken {
        alias: reference(&format!("topic/{alias}")),
        claimant: reference(&format!("topic/{claimant}")),
        owner: reference(&format!("topic/{owner}")),
    };
    let cases = [
        // The key is another's alias; the alias another's alias; the alias another's key, withdrawn or not.
        (put_all([topic("former", "F")]), taken("former", "former", "known")),
        (put_all([with_alias("new", "former")]), taken("former", "new", "known")),
        (put_all([with_alias("new", "known")]), taken("known", "new", "known")),
        (put_all([with_alias("new", "gone")]), taken("gone", "new", "gone")),
        // Within the change set.
        (put_all([with_alias("new", "same"), with_alias("other", "same")]), taken("same", "other", "new")),
        (put_all([with_alias("new", "other"), topic("other", "O")]), taken("other", "other", "new")),
        // Dropped and claimed at once: in which order would be left to chance.
        (put_all([topic("known", "K"), with_alias("new", "former")]), taken("former", "new", "known")),
    ];
    for (operations, expected) in cases {
        assert_eq!(refused(&*store, change_set("taken", operations)).await, expected);
    }
    // An alias of its own, or of another kind, is no matter.
    let own = with_alias("known", "known");
    let mut of_another_kind = organisation("mairie", "Mairie");
    of_another_kind.aliases = vec![value("former")];
    apply(&*store, "own", put_all([Record::from(own.clone()), of_another_kind.into()])).await;
    assert_eq!(record(&*store, &reference("topic/known")).await.record, own.into());
}

pub(super) async fn withdrawing_what_is_not_there_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let nobody = reference("town/insee:1");
    let conflict = refused(&*store, change_set("nobody", vec![withdraw(&nobody)])).await;
    assert_eq!(conflict, Conflict::NothingToWithdraw(nobody));
}

pub(super) async fn merging_into_the_wrong_thing_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let from = reference("organisation/urban-prod");
    for into in ["organisation/urban-prod", "organisation/nobody", "topic/mediation", "organisation/urban"] {
        let conflict = refused(&*store, change_set("merge", vec![merge(&from, &reference(into))])).await;
        assert_eq!(conflict, Conflict::MergeTarget { reference: from.clone(), into: reference(into) });
    }
    // Into one that the same change set adds.
    let operations =
        vec![merge(&from, &reference("organisation/nouvelle")), Operation::put(organisation("nouvelle", "Nouvelle"))];
    assert_eq!(apply(&*store, "into new", operations).await.changed, 2);
}

pub(super) async fn a_stale_expectation_is_refused(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "one", put_all([town("insee:1", "Un")])).await;
    apply(&*store, "two", put_all([town("insee:2", "Deux")])).await;
    apply(&*store, "withdrawn", vec![withdraw(&reference("town/insee:2"))]).await;
    for (key, expected, actual) in [
        ("insee:1", Expected::Absent, Some(1)),
        ("insee:1", Expected::At(2), Some(1)),
        ("insee:1", Expected::At(0), Some(1)),
        ("insee:2", Expected::At(2), Some(3)),
        ("insee:2", Expected::Absent, Some(3)),
        ("insee:3", Expected::At(3), None),
    ] {
        let there = reference(&format!("town/{key}"));
        // Even if it would change nothing.
        let put = Operation::Put { record: Box::new(town(key, "Un").into()), expected };
        let withdrawal = Operation::Withdraw { reference: there.clone(), why: value("fini"), merged_into: None, expected };
        let operations = if actual.is_some() { vec![put, withdrawal] } else { vec![put] };
        for operation in operations {
            let conflict = refused(&*store, change_set("stale", vec![operation])).await;
            assert_eq!(conflict, Conflict::Stale { reference: there.clone(), expected, actual });
        }
    }
}

pub(super) async fn one_conflict_refuses_the_whole_change_set(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let mut dangling = initiative("zz", "ZZ");
    dangling.topics = vec![value("nothing")];
    let mut operations = vec![withdraw(&reference("town/insee:47001")), Operation::put(source("nouveau", "Nouveau"))];
    operations.extend((0..300).map(|number| Operation::put(town(&format!("insee:x{number}"), "Ville"))));
    operations.push(Operation::put(dangling));
    operations.push(Operation::put(topic("after", "Après")));
    let conflict = refused(&*store, change_set("all but one", operations)).await;
    let expected =
        Conflict::UnknownReference { from: reference("initiative/zz"), relation: "ABOUT", to: reference("topic/nothing") };
    assert_eq!(conflict, expected);
}

pub(super) async fn a_refused_change_set_may_come_again(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let again = change_set("again", put_all([case_study("late", "Tard")]));
    refused(&*store, again.clone()).await;
    apply(&*store, "initiative", put_all([initiative("late", "Tard")])).await;
    assert_eq!(ok(store.apply(&again).await), Applied { revision: 2, changed: 1 });
    // The message names what is wrong.
    let message = store.apply(&change_set("message", put_all([case_study("never", "Jamais")]))).await;
    let error = message.err().map(|error: StoreError| error.to_string()).unwrap_or_default();
    assert!(error.contains("initiative/never"), "{error}");
}
