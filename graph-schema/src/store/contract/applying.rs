//! Change sets that go through.

use super::sample::{
    adopted, bare, case_study, change_set, full, in_town, initiative, organisation, provenance, put_all, reference, source, town,
    value, withdraw,
};
use super::{Fixture, apply, everything, find, history, ok, record, text};
use crate::change::{Expected, Operation};
use crate::model::Record;
use crate::store::{Applied, RevisionRecord};

pub(super) async fn revisions_are_counted_from_one(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    assert_eq!(ok(store.revision().await), 0);
    for number in 1..=5_u32 {
        let applied = apply(&*store, &format!("set {number}"), put_all([town(&format!("insee:{number}"), "Ville")])).await;
        assert_eq!(applied, Applied { revision: number.into(), changed: 1 });
        assert_eq!(ok(store.revision().await), u64::from(number));
    }
    let again = apply(&*store, "set 6", put_all([town("insee:3", "Trois"), town("insee:6", "Six")])).await;
    assert_eq!(again, Applied { revision: 6, changed: 2 });
    let third = record(&*store, &reference("town/insee:3")).await;
    assert_eq!((third.created, third.revision), (3, 6));
}

pub(super) async fn a_change_set_is_applied_once(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let first = change_set("first", put_all([town("insee:1", "Un")]));
    assert_eq!(ok(store.apply(&first).await), Applied { revision: 1, changed: 1 });
    apply(&*store, "second", put_all([town("insee:1", "Deux"), town("insee:2", "Deux")])).await;
    let before = everything(&*store).await;
    // Again, answered with the revision of then: as it was, with other operations, and with some that would now be refused.
    let mut other = first.clone();
    other.operations = put_all([town("insee:3", "Trois")]);
    let mut refused = first.clone();
    refused.operations = vec![withdraw(&reference("town/insee:99"))];
    for again in [first, other, refused] {
        assert_eq!(ok(store.apply(&again).await), Applied { revision: 1, changed: 0 });
        assert_eq!(text(&everything(&*store).await), text(&before));
    }
    assert_eq!(ok(store.revision().await), 2);
}

pub(super) async fn a_change_set_that_changes_nothing_makes_no_revision(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    assert_eq!(apply(&*store, "empty", Vec::new()).await, Applied { revision: 0, changed: 0 });
    apply(&*store, "full", put_all(full())).await;
    let before = everything(&*store).await;
    assert_eq!(apply(&*store, "empty again", Vec::new()).await, Applied { revision: 1, changed: 0 });
    assert_eq!(apply(&*store, "the same", put_all(full())).await, Applied { revision: 1, changed: 0 });
    assert_eq!(text(&everything(&*store).await), text(&before));
    // Of two records one changes: the other keeps its revision.
    let records = [town("insee:75056", "Paris"), town("insee:75057", "Paris")];
    assert_eq!(apply(&*store, "half", put_all(records)).await, Applied { revision: 2, changed: 1 });
    assert_eq!(record(&*store, &reference("town/insee:75056")).await.revision, 1);
    // A change set without effect leaves no trace, so its id is still free.
    let later = apply(&*store, "the same", put_all([town("insee:75056", "Lutèce")])).await;
    assert_eq!(later, Applied { revision: 3, changed: 1 });
}

pub(super) async fn another_fetch_is_no_change(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut fetched = organisation("mairie", "Mairie");
    fetched.provenance = vec![provenance("dossier", 1)];
    let records: Vec<Record> = vec![source("dossier", "Dossier").into(), fetched.clone().into()];
    apply(&*store, "first", put_all(records)).await;
    let mut again = fetched.clone();
    again.provenance = vec![provenance("dossier", 100)];
    again.provenance[0].commit = Some(value("fedcba9876543210"));
    assert_eq!(apply(&*store, "fetched again", put_all([again.clone()])).await, Applied { revision: 1, changed: 0 });
    again.provenance[0].fetched_at = None;
    again.provenance[0].commit = None;
    assert_eq!(apply(&*store, "fetched blind", put_all([again.clone()])).await, Applied { revision: 1, changed: 0 });
    assert_eq!(record(&*store, &reference("organisation/mairie")).await.record, fetched.clone().into());
    // With a word changed, the new fetch is kept with it.
    again.name = value("Hôtel de ville");
    again.provenance = vec![provenance("dossier", 200)];
    assert_eq!(apply(&*store, "reworded", put_all([again.clone()])).await, Applied { revision: 2, changed: 1 });
    assert_eq!(record(&*store, &reference("organisation/mairie")).await.record, again.clone().into());
    // Another path is another origin.
    again.provenance[0].path = Some(value("ailleurs.md"));
    assert_eq!(apply(&*store, "moved", put_all([again.clone()])).await, Applied { revision: 3, changed: 1 });
    again.provenance.clear();
    assert_eq!(apply(&*store, "orphaned", put_all([again])).await, Applied { revision: 4, changed: 1 });
}

pub(super) async fn operations_may_refer_to_each_other_in_any_order(fixture: &dyn Fixture) {
    let mut forwards = full();
    forwards.extend(bare().into_iter().filter(|record| !full().iter().any(|known| known.reference() == record.reference())));
    let backwards: Vec<Record> = forwards.iter().rev().cloned().collect();
    for records in [forwards, backwards] {
        let store = fixture.empty().await;
        let applied = apply(&*store, "all", put_all(records.clone())).await;
        assert_eq!(applied, Applied { revision: 1, changed: records.len() });
    }
    // In a circle.
    let store = fixture.empty().await;
    let (mut one, mut other) = (initiative("a", "A"), initiative("b", "B"));
    one.inspired_by = vec![adopted("b")];
    other.inspired_by = vec![adopted("a")];
    assert_eq!(apply(&*store, "circle", put_all([one, other])).await.changed, 2);
}

pub(super) async fn an_expectation_that_is_met_goes_through(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let put = |name: &str, expected| Operation::Put { record: Box::new(town("insee:1", name).into()), expected };
    assert_eq!(apply(&*store, "absent", vec![put("Un", Expected::Absent)]).await.revision, 1);
    assert_eq!(apply(&*store, "at 1", vec![put("Deux", Expected::At(1))]).await.revision, 2);
    assert_eq!(apply(&*store, "anything", vec![put("Trois", Expected::Anything)]).await.revision, 3);
    let there = reference("town/insee:1");
    let withdrawal =
        Operation::Withdraw { reference: there.clone(), why: value("fini"), merged_into: None, expected: Expected::At(3) };
    assert_eq!(apply(&*store, "withdrawn", vec![withdrawal]).await.revision, 4);
    assert_eq!(apply(&*store, "restored", vec![put("Quatre", Expected::At(4))]).await.revision, 5);
    // What was last changed at 5 is at 5 still, whatever else changes.
    apply(&*store, "elsewhere", put_all([town("insee:2", "Autre")])).await;
    assert_eq!(apply(&*store, "at 5", vec![put("Cinq", Expected::At(5))]).await.revision, 7);
}

pub(super) async fn a_large_change_set_is_applied_whole(fixture: &dyn Fixture) {
    const MANY: usize = 2500;
    let store = fixture.empty().await;
    let mut records: Vec<Record> = Vec::new();
    for number in 0..MANY {
        let key = format!("numero-{number:04}");
        let mut runs = initiative(&key, "Numéro");
        runs.places = vec![in_town(&format!("insee:{}", number % 7))];
        runs.inspired_by = if number > 0 { vec![adopted(&format!("numero-{:04}", number - 1))] } else { Vec::new() };
        records.push(runs.into());
        records.push(case_study(&key, "Numéro").into());
    }
    records.extend((0..7).map(|number| Record::from(town(&format!("insee:{number}"), "Ville"))));
    let applied = apply(&*store, "many", put_all(records.clone())).await;
    assert_eq!(applied, Applied { revision: 1, changed: records.len() });
    assert_eq!(ok(store.change_count(0).await), records.len());
    let sampled: Vec<_> = records.iter().step_by(97).map(Record::reference).collect();
    for (reference, stored) in sampled.iter().zip(ok(store.records(&sampled).await)) {
        assert!(stored.is_some(), "{reference}");
    }
    assert_eq!(apply(&*store, "many again", put_all(records)).await, Applied { revision: 1, changed: 0 });
}

pub(super) async fn ids_of_change_sets_are_compared_exactly(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let ids = ["import", "Import", "import é", "import e\u{301}", "import\u{2028}a", "imp'ort\" $1 {x} \\", "42", "import 🧵"];
    for (number, id) in ids.iter().enumerate() {
        let applied = apply(&*store, id, put_all([town(&format!("insee:{number}"), "Ville")])).await;
        assert_eq!(applied, Applied { revision: number as u64 + 1, changed: 1 }, "{id:?}");
    }
    let mut named = change_set("named", put_all([town("insee:named", "Nommée")]));
    named.by = value("Œuvre 🧵 \"é\" 'è'");
    named.why = Some(value("first line\nsecond\u{2028}line"));
    ok(store.apply(&named).await);
    let entry = history(&*store, &reference("town/insee:named"), None, 1).await.items.remove(0);
    let RevisionRecord { number, id, at, by, why } = entry.revision;
    assert_eq!((number, id, at, by, why), (ids.len() as u64 + 1, named.id, named.at, named.by, named.why));
    assert_eq!(find(&*store, &reference("town/insee:99")).await, None);
}
