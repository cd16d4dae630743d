//! Filters, orders, pages and counts, compared with plain loops.

use maillage_explore::Snapshot;
use maillage_explore::question::{
    Bounds, Content, DateRange, FacetKind, Hit, HitPage, InitiativeFilter, InitiativeOrder, Near, NumberRange, PageRequest,
    QuestionError, Scope,
};
use maillage_graph_schema::model::{Audience, OrganisationRole, PartialDate, Status};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use crate::oracle::Oracle;
use crate::world::{self, AREAS, LANGUAGES, LICENCES, ORGANISATIONS, SOURCES, TOPICS, TOWNS};

fn keys<T: std::fmt::Debug + Clone + 'static>(
    rows: &'static [T],
    key: fn(&T) -> &'static str,
) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        5 => Just(Vec::new()),
        1 => prop::collection::vec(prop::sample::select(rows).prop_map(move |row| key(&row).to_owned()), 1..3),
    ]
}

fn some<T: std::fmt::Debug + Clone>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.15, strategy)
}

fn several<T: std::fmt::Debug + Clone + 'static>(values: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![5 => Just(Vec::new()), 1 => prop::collection::vec(prop::sample::select(values), 1..3)]
}

pub fn bounds() -> impl Strategy<Value = Bounds> {
    prop_oneof![
        Just(Bounds { west: 0.0, south: 44.0, east: 1.0, north: 45.0 }),
        Just(Bounds { west: 178.0, south: -20.0, east: -178.0, north: -10.0 }),
        (-180.0..=180.0f64, -90.0..=90.0f64, -180.0..=180.0f64, -90.0..=90.0f64).prop_map(|(west, one, east, other)| Bounds {
            west,
            south: one.min(other),
            east,
            north: one.max(other)
        }),
    ]
}

pub fn near() -> impl Strategy<Value = Near> {
    (
        prop::sample::select(vec![(44.2033, 0.6167), (48.85, 2.35), (-17.0, 179.9), (90.0, 0.0)]),
        prop_oneof![0..100_000i64, 0..20_100_000i64],
    )
        .prop_map(|((latitude, longitude), radius)| Near { latitude, longitude, radius })
}

pub fn range() -> impl Strategy<Value = NumberRange> {
    let number = prop_oneof![Just(0), Just(618), Just(32_485), 0..3_000_000i64];
    (prop::option::of(number.clone()), prop::option::of(number)).prop_map(|(one, other)| match (one, other) {
        (Some(one), Some(other)) => NumberRange { min: Some(one.min(other)), max: Some(one.max(other)) },
        (min, max) => NumberRange { min, max },
    })
}

fn scope() -> impl Strategy<Value = Scope> {
    let one = |keys: Vec<&'static str>| prop::sample::select(keys).prop_map(str::to_owned);
    let role = prop::option::of(prop::sample::select(OrganisationRole::ALL));
    prop_oneof![
        one(TOWNS.iter().map(|row| row.0).collect()).prop_map(Scope::Town),
        one(AREAS.iter().map(|row| row.0).collect()).prop_map(Scope::Area),
        one(TOPICS.iter().map(|row| row.0).collect()).prop_map(Scope::Topic),
        (one(ORGANISATIONS.iter().map(|row| row.0).collect()), role).prop_map(|(key, role)| Scope::Organisation(key, role)),
        one(SOURCES.to_vec()).prop_map(Scope::Source),
    ]
}

pub fn filter() -> impl Strategy<Value = InitiativeFilter> {
    let what = (
        keys(TOPICS, |row| row.0),
        keys(TOPICS, |row| row.0),
        any::<bool>(),
        keys(TOPICS, |row| row.0),
        several(Status::ALL),
        several(Audience::ALL),
    );
    let place = (keys(TOWNS, |row| row.0), keys(AREAS, |row| row.0), some(range()), some(bounds()), some(near()));
    let day = || prop::option::of(world::date().prop_map(PartialDate::first_day));
    let active = (day(), day()).prop_map(|(one, other)| match (one, other) {
        (Some(one), Some(other)) => DateRange { from: Some(one.min(other)), to: Some(one.max(other)) },
        (from, to) => DateRange { from, to },
    });
    let who = (keys(ORGANISATIONS, |row| row.0), some(prop::sample::select(OrganisationRole::ALL)), keys(SOURCES, |row| row));
    let place = (some(scope()), place);
    let rest = (keys(LANGUAGES, |row| row), keys(LICENCES, |row| row), several(Content::ALL));
    (what, place, some(active), some((0..600u32).prop_map(world::at)), who, rest).prop_map(
        |(what, (scope, place), active, modified_since, who, rest)| InitiativeFilter {
            scope,
            text: None,
            topics: what.0,
            all_topics: what.1,
            include_narrower: what.2,
            kinds: what.3,
            statuses: what.4,
            audiences: what.5,
            towns: place.0,
            areas: place.1,
            population: place.2,
            bounds: place.3,
            near: place.4,
            active,
            modified_since,
            organisations: who.0,
            role: who.1,
            sources: who.2,
            languages: rest.0,
            licences: rest.1,
            with: rest.2,
        },
    )
}

fn order() -> impl Strategy<Value = InitiativeOrder> {
    prop::sample::select(vec![
        InitiativeOrder::Relevance,
        InitiativeOrder::ModifiedDescending,
        InitiativeOrder::StartDescending,
        InitiativeOrder::TitleAscending,
        InitiativeOrder::DistanceAscending,
    ])
}

fn keys_of(page: &HitPage) -> Vec<String> {
    page.items.iter().map(|hit| hit.key.clone()).collect()
}

/// Walks through all pages one way and gives the whole list.
pub fn walk(size: i64, backward: bool, ask: impl Fn(&PageRequest) -> HitPage) -> Vec<Hit> {
    let mut all: Vec<Hit> = Vec::new();
    let mut request =
        if backward { PageRequest { last: Some(size), ..PageRequest::default() } } else { PageRequest::first(size) };
    loop {
        let page = ask(&request);
        let (more, came_from) = if backward { (page.has_previous, page.has_next) } else { (page.has_next, page.has_previous) };
        assert_eq!(came_from, !all.is_empty(), "a page knows whether there is anything before it");
        if backward {
            all.splice(0..0, page.items.iter().cloned());
        } else {
            all.extend(page.items.iter().cloned());
        }
        let Some(edge) = (if backward { page.items.first() } else { page.items.last() }) else {
            assert!(!more, "an empty page is the last");
            return all;
        };
        if !more {
            return all;
        }
        request =
            if backward { PageRequest::before(size, edge.cursor.clone()) } else { PageRequest::after(size, edge.cursor.clone()) };
    }
}

/// A filter that names only what there is: towns can be withdrawn in a world.
pub fn names_what_there_is(oracle: &Oracle, filter: &InitiativeFilter) -> bool {
    filter.towns.iter().all(|key| oracle.find(maillage_graph_schema::model::RecordKind::Town, key).is_some())
}

fn check(oracle: &Oracle, snapshot: &Snapshot, filter: &InitiativeFilter, order: InitiativeOrder) -> Result<(), TestCaseError> {
    let mut filter = filter.clone();
    if !names_what_there_is(oracle, &filter) {
        let is_refused = matches!(snapshot.count(&filter), Err(QuestionError::UnknownKey { argument: "towns", .. }));
        prop_assert!(is_refused);
        filter.towns.clear();
    }
    if order == InitiativeOrder::DistanceAscending && filter.near.is_none() {
        let asked = snapshot.initiatives(&filter, order, &PageRequest::default());
        let is_refused = matches!(asked, Err(QuestionError::Value { argument: "orderBy", .. }));
        prop_assert!(is_refused, "{:?}", asked);
        return Ok(());
    }
    let expected = oracle.list(&filter, order);
    let whole = snapshot.initiatives(&filter, order, &PageRequest::first(1000)).expect("an answer");
    prop_assert_eq!(keys_of(&whole), expected.clone());
    prop_assert!(!whole.has_next && !whole.has_previous);
    prop_assert_eq!(snapshot.count(&filter), Ok(expected.len() as u64));
    if let Some(near) = filter.near {
        for hit in &whole.items {
            let initiative = oracle.initiatives().find(|initiative| initiative.key.as_str() == hit.key).expect("it is there");
            prop_assert_eq!(hit.distance, oracle.distance(initiative, (near.latitude, near.longitude)));
        }
    }
    for (size, backward) in [(1, false), (3, false), (2, true)] {
        let walked = walk(size, backward, |request| snapshot.initiatives(&filter, order, request).expect("an answer"));
        prop_assert_eq!(walked.iter().map(|hit| hit.key.clone()).collect::<Vec<_>>(), expected.clone(), "{} {}", size, backward);
    }
    for first in [2, 100] {
        prop_assert_eq!(
            snapshot.facets(&filter, FacetKind::ALL, first).expect("an answer"),
            oracle.facets(&filter, FacetKind::ALL, first)
        );
    }
    Ok(())
}

fn snapshot_of(oracle: &Oracle) -> Snapshot {
    Snapshot::of(1, oracle.records()).expect("an index")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_index_answers_as_plain_loops_do(
        initiatives in world::initiatives(),
        questions in prop::collection::vec((filter(), order()), 12),
    ) {
        let oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let snapshot = snapshot_of(&oracle);
        for (filter, order) in &questions {
            check(&oracle, &snapshot, filter, *order)?;
        }
    }

    #[test]
    fn a_changed_index_answers_as_a_new_one(
        initiatives in world::initiatives(),
        changes in prop::collection::vec(
            (prop::collection::vec((0..world::INITIATIVES).prop_flat_map(world::told), 0..3), prop::collection::vec(world::changed_town(), 0..2)),
            1..4,
        ),
        questions in prop::collection::vec((filter(), order()), 6),
    ) {
        let mut oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let before = snapshot_of(&oracle);
        let mut snapshot = before.clone();
        let first_answers: Vec<_> = questions.iter().map(|(filter, order)| before.initiatives(filter, *order, &PageRequest::default())).collect();
        for (told, towns) in changes {
            let mut changed: Vec<_> = told.into_iter().flatten().chain(towns).collect();
            // A change set names a record once: the last one counts here. Case studies that are not told again stay.
            changed = Oracle::new(changed).records();
            oracle.put(changed.clone());
            snapshot = snapshot.with(2, oracle.with_what_belongs(&changed)).expect("an index");
        }
        for (filter, order) in &questions {
            check(&oracle, &snapshot, filter, *order)?;
        }
        let answers: Vec<_> = questions.iter().map(|(filter, order)| before.initiatives(filter, *order, &PageRequest::default())).collect();
        prop_assert_eq!(first_answers, answers, "a snapshot does not change");
    }
}

fn small_world() -> (Oracle, Snapshot) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let initiatives = world::initiatives().new_tree(&mut runner).expect("a world").current();
    let oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
    let snapshot = snapshot_of(&oracle);
    (oracle, snapshot)
}

#[test]
fn what_cannot_be_asked_is_said_with_the_argument_and_what_is_allowed() {
    let (_, snapshot) = small_world();
    let plain = InitiativeFilter::default;
    let keys = |key: &str| vec![key.to_owned()];
    for (filter, code, message, hint) in [
        (
            InitiativeFilter { topics: keys("fablob"), ..plain() },
            "UNKNOWN_KEY",
            "topics: there is no topic \"fablob\"",
            Some("the nearest: fablab"),
        ),
        (
            InitiativeFilter { towns: keys("insee:47002"), ..plain() },
            "UNKNOWN_KEY",
            "towns: there is no town \"insee:47002\"",
            Some("the nearest: insee:47001, insee:17004, insee:47157"),
        ),
        (InitiativeFilter { areas: keys("nowhere"), ..plain() }, "UNKNOWN_KEY", "areas: there is no area \"nowhere\"", None),
        (
            InitiativeFilter { licences: keys("CC-BY-4"), ..plain() },
            "UNKNOWN_KEY",
            "licences: there is no licence \"CC-BY-4\"",
            Some("the nearest: CC-BY-4.0"),
        ),
        (
            InitiativeFilter { languages: keys("français"), ..plain() },
            "INVALID_VALUE",
            "languages: français is not a language: a BCP 47 tag such as fr, en or pt-BR",
            None,
        ),
        (
            InitiativeFilter { near: Some(Near { latitude: 44.0, longitude: 0.0, radius: -1 }), ..plain() },
            "INVALID_VALUE",
            "near: -1 is not a radius: from 0 to 20100000 metres",
            None,
        ),
        (
            InitiativeFilter { near: Some(Near { latitude: 144.0, longitude: f64::NAN, radius: 1 }), ..plain() },
            "INVALID_VALUE",
            "near: 144, NaN is not a point: a latitude from -90 to 90 and a longitude from -180 to 180",
            None,
        ),
        (
            InitiativeFilter { bounds: Some(Bounds { west: 0.0, south: 50.0, east: 1.0, north: 40.0 }), ..plain() },
            "INVALID_VALUE",
            "bounds: west 0, south 50, east 1, north 40 is not a box: longitudes go from -180 to 180, latitudes from -90 to 90, and south must not be above north",
            None,
        ),
        (
            InitiativeFilter { population: Some(NumberRange { min: Some(2), max: Some(1) }), ..plain() },
            "INVALID_VALUE",
            "population: 2 to 1 is not a range: its min must not be above its max",
            None,
        ),
    ] {
        let error = snapshot.count(&filter).expect_err("cannot be answered");
        assert_eq!((error.code(), error.to_string().as_str(), error.hint().as_deref()), (code, message, hint));
    }
}

#[test]
fn pages_that_make_no_sense_are_refused() {
    let (_, snapshot) = small_world();
    let ask =
        |request: PageRequest| snapshot.initiatives(&InitiativeFilter::default(), InitiativeOrder::TitleAscending, &request);
    let cursor = ask(PageRequest::first(1)).expect("a page").items[0].cursor.clone();
    let other = InitiativeFilter { statuses: vec![Status::Running], ..InitiativeFilter::default() };
    let of_another = snapshot.initiatives(&other, InitiativeOrder::TitleAscending, &PageRequest::after(1, cursor.clone()));
    for (answer, message) in [
        (ask(PageRequest::first(-1)), "first: -1 is not the size of a page: from 0 to 1000".to_owned()),
        (ask(PageRequest::first(1001)), "first: 1001 is not the size of a page: from 0 to 1000".to_owned()),
        (
            ask(PageRequest { first: Some(1), last: Some(2), ..PageRequest::default() }),
            "last: 2 is not to be given together with first: ask for one of them".to_owned(),
        ),
        (ask(PageRequest::after(1, "nonsense")), "after: \"nonsense\" is not a cursor of this list".to_owned()),
        (ask(PageRequest::after(1, "é")), "after: \"é\" is not a cursor of this list".to_owned()),
        (of_another, format!("after: {cursor:?} is not a cursor of this list")),
    ] {
        assert_eq!(answer.map_err(|error| error.to_string()), Err(message));
    }
    assert_eq!(ask(PageRequest::first(0)).map(|page| (page.items.len(), page.has_next)), Ok((0, true)));
}

#[test]
fn former_keys_and_merged_records_filter_as_the_present_ones() {
    let (oracle, snapshot) = small_world();
    let by = |key: &str| {
        let filter = InitiativeFilter { topics: vec![key.to_owned()], ..InitiativeFilter::default() };
        snapshot.initiatives(&filter, InitiativeOrder::TitleAscending, &PageRequest::default()).map(|page| keys_of(&page))
    };
    assert_eq!(by("fab-lab"), by("fablab"), "an alias");
    let former = InitiativeFilter { towns: vec!["insee:47999".to_owned()], ..InitiativeFilter::default() };
    assert_eq!(
        snapshot.count(&former),
        snapshot.count(&InitiativeFilter { towns: vec!["insee:47157".to_owned()], ..InitiativeFilter::default() })
    );
    let town = |key: &str| oracle.records().into_iter().find(|stored| stored.record.reference().key() == key).expect("a town");
    let merged = snapshot.with(2, vec![world::withdrawn(town("insee:47157"), Some(&town("insee:47001")))]).expect("an index");
    let of = |key: &str| merged.count(&InitiativeFilter { towns: vec![key.to_owned()], ..InitiativeFilter::default() });
    assert_eq!(of("insee:47157"), of("insee:47001"));
    assert_eq!(of("insee:47999"), of("insee:47001"), "a former key of a merged town");
}

#[test]
fn a_record_that_is_not_there_has_no_initiatives() {
    let (_, snapshot) = small_world();
    let nowhere = || "nowhere".to_owned();
    for scope in [
        Scope::Town(nowhere()),
        Scope::Area(nowhere()),
        Scope::Topic(nowhere()),
        Scope::Organisation(nowhere(), None),
        Scope::Organisation(nowhere(), Some(OrganisationRole::Operator)),
        Scope::Source(nowhere()),
    ] {
        let filter = InitiativeFilter { scope: Some(scope), ..InitiativeFilter::default() };
        assert_eq!(snapshot.count(&filter), Ok(0), "{filter:?}");
    }
}

#[test]
fn pages_go_on_where_they_were_while_the_graph_changes() {
    let (oracle, snapshot) = small_world();
    let filter = InitiativeFilter::default();
    let ask = |snapshot: &Snapshot, request: &PageRequest| {
        snapshot.initiatives(&filter, InitiativeOrder::TitleAscending, request).expect("a page")
    };
    let whole = keys_of(&ask(&snapshot, &PageRequest::first(1000)));
    let first = ask(&snapshot, &PageRequest::first(3));
    // What the page showed goes, its last record too: the next page starts behind it all the same.
    let gone = first.items.iter().map(|hit| {
        let record = oracle.records().into_iter().find(|stored| stored.record.reference().key() == hit.key).expect("a record");
        world::withdrawn(record, None)
    });
    let changed = snapshot.with(2, gone.collect()).expect("an index");
    let next = ask(&changed, &PageRequest::after(1000, first.items[2].cursor.clone()));
    assert_eq!(keys_of(&next), whole[3..]);
    assert!(!next.has_previous);
}
