//! Towns, areas and organisations by name and otherwise.

use maillage_explore::question::{HitPage, PageRequest, QuestionError, TownFilter};
use maillage_explore::{AreaQuestion, OrganisationQuestion, Snapshot};
use maillage_graph_schema::model::{AreaKind, OrganisationRole, RecordKind};
use proptest::prelude::*;

use crate::filters::{bounds, near, range, walk};
use crate::oracle::Oracle;
use crate::world::{self, AREAS};

fn keys_of(page: &HitPage) -> Vec<&str> {
    page.items.iter().map(|hit| hit.key.as_str()).collect()
}

fn country() -> Snapshot {
    Snapshot::of(1, world::country()).expect("an index")
}

#[test]
fn towns_are_found_as_people_write_them() {
    let snapshot = country();
    let by_prefix = |text: &str| TownFilter { prefix: Some(text.to_owned()), ..TownFilter::default() };
    let by_text = |text: &str| TownFilter { text: Some(text.to_owned()), ..TownFilter::default() };
    let by_postcode = |text: &str| TownFilter { postcode: Some(text.to_owned()), ..TownFilter::default() };
    for (filter, expected) in [
        (by_prefix("st denis"), vec!["insee:93066"]),
        (by_prefix("St-Denis"), vec!["insee:93066"]),
        (by_prefix("st"), vec!["insee:67482", "insee:93066", "insee:47157"]),
        (by_prefix("l hay"), vec!["insee:94038"]),
        (by_prefix("L'HAŸ"), vec!["insee:94038"]),
        (by_prefix("oeuil"), vec!["insee:51410", "insee:02565"]),
        (by_prefix("Œuilly"), vec!["insee:51410", "insee:02565"]),
        (by_prefix("paris"), vec!["insee:75056", "insee:75112"]),
        (by_prefix("denis"), vec![]),
        (by_prefix("47000"), vec![]),
        (by_prefix("saint med"), vec!["insee:47157"]),
        (by_text("denis"), vec!["insee:93066"]),
        (by_text("roses hay"), vec!["insee:94038"]),
        (by_text("12e paris"), vec!["insee:75112"]),
        (by_text("47001"), vec!["insee:47001"]),
        (by_text("insee:47001"), vec!["insee:47001"]),
        (by_text(" 47999 "), vec!["insee:47157"]),
        (by_text("insee:47999"), vec!["insee:47157"]),
        (by_text("47000"), vec!["insee:47001"]),
        (by_text("saint médard"), vec!["insee:47157"]),
        (by_text("4700"), vec![]),
        (by_text("agen marmande"), vec![]),
        (by_postcode("93210"), vec!["insee:93066"]),
        (by_postcode("9321"), vec![]),
        (by_postcode("Agen"), vec![]),
    ] {
        let page = snapshot.towns(&filter, &PageRequest::default()).expect("an answer");
        assert_eq!(keys_of(&page), expected, "{filter:?}");
        assert_eq!(snapshot.count_towns(&filter), Ok(expected.len() as u64), "{filter:?}");
    }
    let all = snapshot.towns(&by_prefix(" '"), &PageRequest::default()).expect("an answer");
    assert_eq!(all.items.len(), world::TOWNS.len(), "a text without letters asks for nothing in particular");
    assert_eq!(keys_of(&all)[..2], ["insee:75056", "insee:67482"], "the larger first");
}

#[test]
fn the_first_towns_of_a_prefix_are_those_of_the_whole_list() {
    let snapshot = country();
    let everywhere = vec!["country:FR".to_owned(), "country:FJ".to_owned()];
    for prefix in ["s", "st", "m", "saint", "ma", "oeuilly", "p", "x", "i"] {
        let alone = TownFilter { prefix: Some(prefix.to_owned()), ..TownFilter::default() };
        // The same towns, found otherwise.
        let among_others = TownFilter { areas: everywhere.clone(), ..alone.clone() };
        let whole = snapshot.towns(&among_others, &PageRequest::first(1000)).expect("an answer");
        for size in 0..4 {
            let page = snapshot.towns(&alone, &PageRequest::first(size)).expect("an answer");
            let size = usize::try_from(size).expect("small");
            assert_eq!(keys_of(&page), keys_of(&whole)[..size.min(whole.items.len())], "{prefix}");
            assert_eq!((page.has_previous, page.has_next), (false, whole.items.len() > size), "{prefix}");
        }
        let walked = walk(1, false, |request| snapshot.towns(&alone, request).expect("an answer"));
        assert_eq!(walked.len(), whole.items.len(), "{prefix}");
    }
}

#[test]
fn names_follow_changes() {
    let snapshot = country();
    let mut row = world::TOWNS[0];
    row.1 = "Saint-Agen";
    let renamed = snapshot.with(2, vec![world::town(&row)]).expect("an index");
    let by = |snapshot: &Snapshot, text: &str| {
        let filter = TownFilter { prefix: Some(text.to_owned()), ..TownFilter::default() };
        snapshot.count_towns(&filter)
    };
    assert_eq!((by(&snapshot, "agen"), by(&snapshot, "st agen")), (Ok(1), Ok(0)));
    assert_eq!((by(&renamed, "agen"), by(&renamed, "st agen")), (Ok(0), Ok(1)));
    let gone = renamed.with(3, vec![world::withdrawn(world::town(&row), None)]).expect("an index");
    assert_eq!((by(&gone, "agen"), by(&gone, "st agen")), (Ok(0), Ok(0)));
}

#[test]
fn areas_are_listed_by_name() {
    let snapshot = country();
    let ask = |question: &AreaQuestion| {
        let page = snapshot.areas(question, &PageRequest::default()).expect("an answer");
        assert_eq!(snapshot.count_areas(question), Ok(page.items.len() as u64));
        page.items.into_iter().map(|hit| hit.key).collect::<Vec<_>>()
    };
    let plain = AreaQuestion::default();
    assert_eq!(ask(&plain).len(), AREAS.len());
    for (question, expected) in [
        (AreaQuestion { kind: Some(AreaKind::Region), ..plain.clone() }, vec!["region:11", "region:75"]),
        (AreaQuestion { within: Some("region:75".to_owned()), ..plain.clone() }, vec!["epci:200096956", "department:47"]),
        (AreaQuestion { name: Some("aquitaine".to_owned()), ..plain.clone() }, vec!["region:75"]),
        (AreaQuestion { name: Some("47".to_owned()), ..plain.clone() }, vec!["department:47"]),
        (AreaQuestion { name: Some("ile".to_owned()), kind: Some(AreaKind::Department), ..plain.clone() }, vec![]),
    ] {
        assert_eq!(ask(&question), expected, "{question:?}");
    }
    let unknown = AreaQuestion { within: Some("region:57".to_owned()), ..plain };
    let error = snapshot.count_areas(&unknown).expect_err("no such region");
    assert!(matches!(error, QuestionError::UnknownKey { argument: "within", .. }));
}

#[test]
fn organisations_are_listed_by_name() {
    let snapshot = country();
    let ask = |question: &OrganisationQuestion| {
        let page = snapshot.organisations(question, &PageRequest::default()).expect("an answer");
        page.items.into_iter().map(|hit| hit.key).collect::<Vec<_>>()
    };
    assert_eq!(ask(&OrganisationQuestion::default()), ["adullact", "nobody", "urban-prod", "ville-d-agen"]);
    assert_eq!(ask(&OrganisationQuestion { name: Some("agen".to_owned()), role: None }), ["ville-d-agen"]);
    assert_eq!(ask(&OrganisationQuestion { name: None, role: Some(OrganisationRole::Funder) }), [] as [&str; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn towns_are_listed_as_plain_loops_do(
        initiatives in world::initiatives(),
        changed in prop::collection::vec(world::changed_town(), 0..3),
        questions in prop::collection::vec(
            (
                prop::collection::vec(prop::sample::select(AREAS).prop_map(|row| row.0.to_owned()), 0..3),
                prop::option::of(range()), prop::option::weighted(0.3, near()), prop::option::weighted(0.3, bounds()), prop::option::of(any::<bool>()),
            ),
            8,
        ),
    ) {
        let mut oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let snapshot = Snapshot::of(1, oracle.records()).expect("an index");
        oracle.put(changed.clone());
        let snapshot = snapshot.with(2, Oracle::new(changed).records()).expect("an index");
        for (areas, population, near, bounds, has_initiatives) in questions {
            prop_assert!(areas.iter().all(|key| oracle.find(RecordKind::Area, key).is_some()));
            let filter = TownFilter { areas, population, near, bounds, has_initiatives, ..TownFilter::default() };
            let expected = oracle.towns(&filter);
            for (size, backward) in [(1000, false), (2, false), (3, true)] {
                let walked = walk(size, backward, |request| snapshot.towns(&filter, request).expect("an answer"));
                prop_assert_eq!(walked.iter().map(|hit| hit.key.clone()).collect::<Vec<_>>(), expected.clone(), "{:?}", &filter);
            }
            prop_assert_eq!(snapshot.count_towns(&filter), Ok(expected.len() as u64));
        }
    }
}
