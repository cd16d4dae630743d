//! The shortest way from one record to another.

use super::sample::{
    adopted, area, case_study, full, in_town, initiative, organisation, put_all, reference, source, topic, town, value, withdraw,
};
use super::{Fixture, apply, ok};
use crate::model::{Direction, Involvement, OrganisationRole, Provenance, Record};
use crate::path::Step;
use crate::store::GraphStore;

/// Steps in the manner of people: `initiative/a RUNS_IN town/insee:1`, or against the arrow `… <RUNS_IN …`.
fn told(steps: &[Step]) -> Vec<String> {
    let arrow = |direction| if direction == Direction::Out { "" } else { "<" };
    steps.iter().map(|step| format!("{} {}{} {}", step.from, arrow(step.direction), step.relation, step.to)).collect()
}

async fn path(store: &dyn GraphStore, from: &str, to: &str, max_length: usize) -> Option<Vec<String>> {
    let found = ok(store.path(&reference(from), &reference(to), max_length).await);
    found.as_deref().map(told)
}

/// Agen and Roubaix, an initiative in each, a topic of both.
fn two_towns() -> Vec<Record> {
    let mut wifi = initiative("agen-wifi", "Wifi");
    wifi.places = vec![in_town("insee:47001")];
    wifi.topics = vec![value("mediation")];
    let mut counter = initiative("roubaix-guichets", "Guichets");
    counter.places = vec![in_town("insee:59512")];
    counter.topics = vec![value("mediation")];
    vec![
        wifi.into(),
        counter.into(),
        town("insee:47001", "Agen").into(),
        town("insee:59512", "Roubaix").into(),
        topic("mediation", "Médiation").into(),
    ]
}

pub(super) async fn a_path_tells_each_step(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records = two_towns();
    records.push(case_study("agen-wifi", "Wifi").into());
    apply(&*store, "towns", put_all(records)).await;
    let expected = [
        "town/insee:47001 <RUNS_IN initiative/agen-wifi",
        "initiative/agen-wifi ABOUT topic/mediation",
        "topic/mediation <ABOUT initiative/roubaix-guichets",
        "initiative/roubaix-guichets RUNS_IN town/insee:59512",
    ];
    assert_eq!(path(&*store, "town/insee:47001", "town/insee:59512", 12).await.unwrap_or_default(), expected);
    assert_eq!(path(&*store, "town/insee:47001", "town/insee:59512", 4).await.unwrap_or_default(), expected);
    let told = path(&*store, "case-study/agen-wifi/fr", "topic/mediation", 12).await.unwrap_or_default();
    assert_eq!(
        told,
        ["case-study/agen-wifi/fr <DESCRIBED_BY initiative/agen-wifi", "initiative/agen-wifi ABOUT topic/mediation"]
    );
}

pub(super) async fn of_equal_paths_the_first_by_key_is_taken(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records: Vec<Record> = vec![town("insee:1", "Un").into(), town("insee:2", "Deux").into()];
    for key in ["m", "b", "z"] {
        let mut runs = initiative(key, key);
        runs.places = vec![in_town("insee:2"), in_town("insee:1")];
        records.push(runs.into());
    }
    apply(&*store, "ties", put_all(records)).await;
    let through =
        |key: &str| vec![format!("town/insee:1 <RUNS_IN initiative/{key}"), format!("initiative/{key} RUNS_IN town/insee:2")];
    assert_eq!(path(&*store, "town/insee:1", "town/insee:2", 12).await, Some(through("b")));
    // What is decisive is the first step that differs, not the last: c comes before d whatever follows.
    let mut records: Vec<Record> = vec![topic("x", "X").into(), topic("y", "Y").into()];
    for (initiative_key, topic_key) in [("d", "x"), ("c", "y")] {
        let mut about = initiative(initiative_key, initiative_key);
        about.topics = vec![value(topic_key)];
        about.places = vec![in_town("insee:1")];
        records.push(about.into());
    }
    for topic_key in ["x", "y"] {
        let mut about = initiative(&format!("far-{topic_key}"), "Loin");
        about.topics = vec![value(topic_key)];
        about.places = vec![in_town("insee:3")];
        records.push(about.into());
    }
    records.push(town("insee:3", "Trois").into());
    apply(&*store, "more ties", put_all(records)).await;
    let told = path(&*store, "town/insee:1", "town/insee:3", 12).await.unwrap_or_default();
    assert_eq!(told.first().map(String::as_str), Some("town/insee:1 <RUNS_IN initiative/c"));
    assert_eq!(told.len(), 4);
}

pub(super) async fn the_first_relation_wins_between_the_same_two_records(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut second = initiative("second", "Deuxième");
    second.inspired_by = vec![adopted("first")];
    second.supersedes = vec![value("first")];
    let mut first = initiative("first", "Première");
    first.inspired_by = vec![adopted("second")];
    apply(&*store, "both", put_all([first, second])).await;
    let forth = path(&*store, "initiative/second", "initiative/first", 12).await;
    assert_eq!(forth, Some(vec!["initiative/second <INSPIRED_BY initiative/first".to_owned()]));
    let back = path(&*store, "initiative/first", "initiative/second", 12).await;
    assert_eq!(back, Some(vec!["initiative/first <INSPIRED_BY initiative/second".to_owned()]));
}

/// Areas, each within the next: `other:00`, `other:01` …
fn chain(length: usize) -> Vec<Record> {
    (0..=length)
        .map(|number| {
            let mut link = area(&format!("other:{number:02}"), "Maillon");
            link.part_of = if number < length { vec![value(&format!("other:{:02}", number + 1))] } else { Vec::new() };
            link.into()
        })
        .collect()
}

pub(super) async fn a_path_is_no_longer_than_asked(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "chain", put_all(chain(14))).await;
    for (to, max_length, is_found) in [
        (1, 1, true),
        (1, 0, false),
        (5, 4, false),
        (5, 5, true),
        (6, 5, false),
        (12, 12, true),
        (13, 12, false),
        (13, 100, false),
    ] {
        let found = path(&*store, "area/other:00", &format!("area/other:{to:02}"), max_length).await;
        assert_eq!(found.map(|steps| steps.len()), is_found.then_some(to), "{to} steps, {max_length} allowed");
    }
}

pub(super) async fn a_path_to_itself_is_empty(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut looped = initiative("a", "A");
    looped.supersedes = vec![value("a")];
    apply(&*store, "loop", put_all([looped])).await;
    for max_length in [0, 1, 12] {
        assert_eq!(path(&*store, "initiative/a", "initiative/a", max_length).await, Some(Vec::new()));
    }
}

pub(super) async fn no_path_leads_to_an_unknown_or_withdrawn_record(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "towns", put_all(two_towns())).await;
    apply(&*store, "island", put_all([town("insee:2A004", "Ajaccio")])).await;
    apply(&*store, "withdrawn", vec![withdraw(&reference("initiative/roubaix-guichets"))]).await;
    for (from, to) in [
        ("town/insee:47001", "town/insee:99999"),
        ("town/insee:99999", "town/insee:47001"),
        ("town/insee:99999", "town/insee:99999"),
        ("town/insee:47001", "town/insee:2A004"),
        ("town/insee:47001", "town/insee:59512"),
        ("town/insee:47001", "initiative/roubaix-guichets"),
        ("initiative/roubaix-guichets", "town/insee:59512"),
        ("initiative/roubaix-guichets", "initiative/roubaix-guichets"),
    ] {
        assert_eq!(path(&*store, from, to, 12).await, None, "{from} to {to}");
    }
}

pub(super) async fn no_path_leads_through_a_source(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records: Vec<Record> = vec![source("dossier", "Dossier").into()];
    for key in ["a", "b"] {
        let mut from_source = initiative(key, key);
        from_source.provenance = vec![Provenance::of(value("dossier"))];
        records.push(from_source.into());
    }
    apply(&*store, "source", put_all(records)).await;
    assert_eq!(path(&*store, "initiative/a", "initiative/b", 12).await, None);
    assert_eq!(path(&*store, "initiative/a", "source/dossier", 12).await, None);
    assert_eq!(path(&*store, "source/dossier", "source/dossier", 12).await, Some(Vec::new()));
}

pub(super) async fn no_path_leads_through_a_withdrawn_record(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records = two_towns();
    // A longer way round: by the organisation that carries both.
    for record in &mut records {
        if let Record::Initiative(record) = record {
            let key = if record.key.as_str() == "agen-wifi" { "agence" } else { "atelier" };
            record.involvements = vec![Involvement { organisation: value(key), role: OrganisationRole::Partner }];
        }
    }
    for key in ["agence", "atelier"] {
        let mut member = organisation(key, key);
        member.part_of = Some(value("reseau"));
        records.push(member.into());
    }
    records.push(organisation("reseau", "Réseau").into());
    apply(&*store, "towns", put_all(records.clone())).await;
    let length = async || path(&*store, "town/insee:47001", "town/insee:59512", 12).await.map(|steps| steps.len());
    assert_eq!(length().await, Some(4));
    apply(&*store, "less", vec![withdraw(&reference("topic/mediation"))]).await;
    assert_eq!(length().await, Some(6));
    apply(&*store, "none", vec![withdraw(&reference("organisation/reseau"))]).await;
    assert_eq!(length().await, None);
    apply(&*store, "back", put_all([topic("mediation", "Médiation")])).await;
    assert_eq!(length().await, Some(4));
}

pub(super) async fn a_path_leads_through_a_hub(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records = full();
    for number in 0..600 {
        let mut here = town(&format!("insee:3{number:04}"), "Ici");
        here.part_of = vec![value("department:47")];
        records.push(here.into());
    }
    let mut far = initiative("zone", "Zone");
    far.places = vec![in_town("insee:30599")];
    records.push(far.into());
    apply(&*store, "hub", put_all(records)).await;
    let expected = [
        "initiative/zone RUNS_IN town/insee:30599",
        "town/insee:30599 PART_OF area/department:47",
        "area/department:47 <RUNS_IN initiative/atelier",
        "initiative/atelier DESCRIBED_BY case-study/atelier/zh-Hant",
    ];
    assert_eq!(path(&*store, "initiative/zone", "case-study/atelier/zh-Hant", 12).await.unwrap_or_default(), expected);
}
