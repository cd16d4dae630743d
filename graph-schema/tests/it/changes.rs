//! What a change set does, worked out without a store. That stores do it is the contract suite's.

use std::collections::HashMap;

use maillage_graph_schema::change::{
    ChangeKind, ChangeSet, Conflict, Current, Effect, Expected, FieldChange, Operation, differs_by_fetch_alone, rewind, settle,
    touched,
};
use maillage_graph_schema::model::{Picture, Provenance, Record, RecordRef, Withdrawal};
use maillage_graph_schema::store::Stored;
use maillage_graph_schema::store::contract::generate;
use maillage_graph_schema::store::contract::sample::{
    case_study, change_set, initiative, merge, moment, organisation, provenance, put_all, reference, town, value, withdraw,
};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_assert_eq, proptest};
use proptest::test_runner::FileFailurePersistence;

/// A graph that holds these, all of revision 1, as it is seen by a change set.
fn holding(records: impl IntoIterator<Item = (Record, Option<Withdrawal>)>, change_set: &ChangeSet) -> Current {
    let stored: Vec<Stored> =
        records.into_iter().map(|(record, withdrawn)| Stored { record, created: 1, revision: 1, withdrawn }).collect();
    let touched = touched(change_set);
    let find = |reference: &RecordRef| {
        stored.iter().find(|stored| stored.record.reference() == *reference || stored.record.aliases().contains(reference))
    };
    let records: HashMap<RecordRef, Stored> =
        touched.records.into_iter().filter_map(|reference| Some((reference.clone(), find(&reference)?.clone()))).collect();
    let exists = |target: &RecordRef| stored.iter().any(|stored| stored.record.reference() == *target);
    Current { records, existing: touched.targets.into_iter().filter(exists).collect() }
}

fn withdrawn(why: &str) -> Withdrawal {
    Withdrawal { at: moment(3), why: value(why), merged_into: None }
}

#[test]
fn a_change_set_names_what_it_touches() {
    let mut study = case_study("kiosque", "Kiosque");
    study.provenance = vec![Provenance::of(value("dossier"))];
    let mut kiosk = initiative("kiosque", "Kiosque");
    kiosk.aliases = vec![value("ancien-kiosque"), value("borne")];
    kiosk.topics = vec![value("mediation"), value("mediation")];
    kiosk.supersedes = vec![value("borne-2018")];
    let operations = vec![
        Operation::put(study),
        Operation::put(kiosk),
        withdraw(&reference("town/insee:1")),
        merge(&reference("organisation/b"), &reference("organisation/a")),
    ];
    let touched = touched(&change_set("touching", operations));
    let expected = |texts: &[&str]| texts.iter().map(|text| reference(text)).collect::<Vec<_>>();
    assert_eq!(
        touched.records,
        expected(&[
            "case-study/kiosque/fr",
            "initiative/ancien-kiosque",
            "initiative/borne",
            "initiative/kiosque",
            "organisation/b",
            "town/insee:1",
        ])
    );
    // The initiative of the case study is put by the change set itself.
    assert_eq!(touched.targets, expected(&["initiative/borne-2018", "organisation/a", "source/dossier", "topic/mediation"]));
}

#[test]
fn each_operation_has_its_effect_on_what_is_there() {
    let plain = || Record::from(town("insee:1", "Un"));
    let renamed = || Record::from(town("insee:1", "Une"));
    let here = reference("town/insee:1");
    let other = (Record::from(town("insee:2", "Deux")), None);
    let why = "taken back by its author";
    for (held, operation, expected) in [
        (None, Operation::put(plain()), Some((ChangeKind::Added, vec![]))),
        (Some((plain(), None)), Operation::put(plain()), None),
        (Some((plain(), None)), Operation::put(renamed()), Some((ChangeKind::Changed, vec!["name"]))),
        (Some((plain(), Some(withdrawn(why)))), Operation::put(plain()), Some((ChangeKind::Restored, vec!["withdrawn"]))),
        (
            Some((plain(), Some(withdrawn(why)))),
            Operation::put(renamed()),
            Some((ChangeKind::Restored, vec!["name", "withdrawn"])),
        ),
        (Some((plain(), None)), withdraw(&here), Some((ChangeKind::Withdrawn, vec!["withdrawn"]))),
        (Some((plain(), Some(withdrawn(why)))), withdraw(&here), None),
        (Some((plain(), Some(withdrawn("else")))), withdraw(&here), Some((ChangeKind::Withdrawn, vec!["withdrawn"]))),
        (Some((plain(), None)), merge(&here, &other.0.reference()), Some((ChangeKind::Merged, vec!["withdrawn"]))),
        (
            Some((plain(), Some(withdrawn(why)))),
            merge(&here, &other.0.reference()),
            Some((ChangeKind::Merged, vec!["withdrawn"])),
        ),
    ] {
        let set = change_set("one", [operation]);
        let effects = settle(&set, &holding(held.into_iter().chain([other.clone()]), &set)).expect("it fits");
        let told = effects
            .first()
            .map(|effect| (effect.kind, effect.changes.iter().map(|change| change.field.as_str()).collect::<Vec<_>>()));
        assert_eq!(told, expected, "{:?}", set.operations);
        assert!(effects.len() <= 1);
    }
}

#[test]
fn effects_come_by_kind_and_key() {
    let records: Vec<Record> = vec![
        town("insee:2", "D").into(),
        town("insee:10", "U").into(),
        organisation("z", "Z").into(),
        initiative("m", "M").into(),
    ];
    let set = change_set("unsorted", put_all(records));
    let effects = settle(&set, &Current::default()).expect("it fits");
    let order: Vec<String> = effects.iter().map(|effect| effect.record.reference().to_string()).collect();
    assert_eq!(order, ["initiative/m", "organisation/z", "town/insee:10", "town/insee:2"]);
}

#[test]
fn an_expectation_is_checked_before_whether_anything_changes() {
    let plain = Record::from(town("insee:1", "Un"));
    let set = |expected| change_set("expecting", [Operation::Put { record: Box::new(plain.clone()), expected }]);
    for (expected, is_met) in
        [(Expected::Anything, true), (Expected::At(1), true), (Expected::At(2), false), (Expected::Absent, false)]
    {
        let set = set(expected);
        let settled = settle(&set, &holding([(plain.clone(), None)], &set));
        let stale = Conflict::Stale { reference: plain.reference(), expected, actual: Some(1) };
        assert_eq!(settled, if is_met { Ok(Vec::<Effect>::new()) } else { Err(stale) });
    }
}

#[test]
fn another_fetch_alone_is_no_difference() {
    let fetched = |name: &str, origins: Vec<Provenance>| {
        let mut record = organisation("mairie", name);
        record.provenance = origins;
        Record::from(record)
    };
    let elsewhere = Provenance { path: Some(value("ailleurs.md")), ..provenance("dossier", 1) };
    for (before, after, expected) in [
        (vec![provenance("dossier", 1)], vec![provenance("dossier", 1)], true),
        (vec![provenance("dossier", 1)], vec![provenance("dossier", 2)], true),
        (vec![provenance("dossier", 1)], vec![Provenance { commit: None, ..provenance("dossier", 1) }], true),
        (vec![provenance("dossier", 1)], vec![provenance("autre", 1)], false),
        (vec![provenance("dossier", 1)], vec![elsewhere.clone()], false),
        (vec![provenance("dossier", 1), elsewhere.clone()], vec![elsewhere, provenance("dossier", 1)], false),
        (vec![], vec![provenance("dossier", 1)], false),
        (vec![], vec![], true),
    ] {
        assert_eq!(differs_by_fetch_alone(&fetched("Mairie", before.clone()), &fetched("Mairie", after.clone())), expected);
        assert!(!differs_by_fetch_alone(&fetched("Mairie", before), &fetched("Hôtel de ville", after)));
    }
}

#[test]
fn a_picture_at_another_commit_is_no_difference() {
    let told = |commit: &str, picture: &str| {
        let mut record = case_study("mairie", "fr");
        record.provenance = vec![Provenance { commit: Some(value(commit)), ..provenance("dossier", 1) }];
        record.picture = Some(Picture { url: value(picture), alternative_text: None, credit: None });
        Record::from(record)
    };
    let before = told("c0ffee", "https://a.fr/c0ffee/plan.png");
    assert!(differs_by_fetch_alone(&before, &told("decade", "https://a.fr/decade/plan.png")));
    assert!(!differs_by_fetch_alone(&before, &told("decade", "https://a.fr/decade/autre.png")));
}

#[test]
fn conflicts_say_what_is_wrong() {
    for (conflict, message) in [
        (Conflict::Repeated(reference("town/insee:1")), "town/insee:1 is named by two operations of one change set"),
        (
            Conflict::UnknownReference { from: reference("initiative/a"), relation: "ABOUT", to: reference("topic/b") },
            "initiative/a ABOUT topic/b, which the graph does not hold",
        ),
        (
            Conflict::KeyTaken { alias: reference("topic/a"), claimant: reference("topic/b"), owner: reference("topic/c") },
            "topic/a is claimed by topic/b and already names topic/c",
        ),
        (Conflict::NothingToWithdraw(reference("note/a")), "note/a cannot be withdrawn: the graph does not hold it"),
    ] {
        assert_eq!(conflict.to_string(), message);
    }
}

/// States of one record, one after the other: the record, or the wish to withdraw it for a reason.
fn states() -> impl Strategy<Value = Vec<Result<Record, &'static str>>> {
    let state = |kind| {
        proptest::prop_oneof![
            4 => generate::record_of(kind).prop_map(Ok),
            1 => proptest::sample::select(&["doublon", "erreur"][..]).prop_map(Err),
        ]
    };
    proptest::sample::select(maillage_graph_schema::model::RecordKind::ALL)
        .prop_flat_map(move |kind| (Just(kind), vec(state(kind), 1..16)).prop_map(|(_, states)| states))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/it/changes.seeds"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_former_state_is_worked_out_again(states in states()) {
        let mut key: Option<RecordRef> = None;
        let mut held: Option<(Record, Option<Withdrawal>)> = None;
        let mut past: Vec<(Record, Option<Withdrawal>)> = Vec::new();
        let mut log: Vec<Vec<FieldChange>> = Vec::new();
        for (number, state) in states.into_iter().enumerate() {
            let operation = match (state, &key) {
                // One record through all its states: what goes by another key is left out.
                (Ok(record), Some(key)) if record.reference() != *key => continue,
                (Ok(record), _) => {
                    key = Some(record.reference());
                    Operation::put(record)
                }
                (Err(_), None) => continue,
                (Err(why), Some(key)) => {
                    let Operation::Withdraw { reference, merged_into, expected, .. } = withdraw(key) else { unreachable!("it withdraws") };
                    Operation::Withdraw { reference, why: value(why), merged_into, expected }
                }
            };
            let set = change_set(&format!("state {number}"), [operation]);
            let mut current = holding(held.clone(), &set);
            // What it refers to is there.
            current.existing.extend(touched(&set).targets);
            for effect in settle(&set, &current).expect("it fits") {
                held = Some((effect.record, effect.withdrawn));
                past.extend(held.clone());
                log.push(effect.changes);
            }
        }
        if let Some((record, withdrawn)) = held {
            for (number, expected) in past.into_iter().enumerate() {
                let later = log[number + 1..].iter().rev().map(Vec::as_slice);
                prop_assert_eq!(rewind(&record, withdrawn.as_ref(), later).expect("it can be worked out"), expected);
            }
        }
    }
}
