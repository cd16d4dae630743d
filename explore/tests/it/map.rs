//! The map, compared with plain loops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use maillage_explore::map::{APART_LEVELS, Asked, CELL_LEVELS, Cluster, FEW, HIGHEST_ZOOM, MOST_MARKS, MapView, TOP_TOPICS};
use maillage_explore::question::{Bounds, FacetBucket, InitiativeFilter, InitiativeOrder, PageRequest, QuestionError};
use maillage_explore::{Snapshot, geo};
use maillage_graph_schema::model::{BoundingBox, Initiative, Point};
use maillage_graph_schema::store::Stored;
use proptest::prelude::*;

use crate::filters::{bounds, filter, names_what_there_is, walk};
use crate::oracle::Oracle;
use crate::world::{self, initiative, stored};

const WORLD: Bounds = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
const FRANCE: Bounds = Bounds { west: -5.5, south: 41.0, east: 10.0, north: 51.5 };

/// Column and row of the tile that a point lies in, as maps on the web number them.
#[expect(clippy::cast_possible_truncation, reason = "tiles are numbered in whole numbers")]
fn tile(point: Point, level: u8) -> (i64, i64) {
    let tiles = f64::from(1_u32 << level);
    let across = (point.longitude() + 180.0) / 360.0 * tiles;
    let down = (0.5 - point.latitude().to_radians().tan().asinh() / std::f64::consts::TAU) * tiles;
    let last = (1_i64 << level) - 1;
    ((across.floor() as i64).clamp(0, last), (down.floor() as i64).clamp(0, last))
}

/// An initiative at a place.
type Mark<'a> = (&'a Initiative, Point);

/// What a map is expected to show.
#[derive(Debug, Default)]
struct Expected {
    /// The keys in each cluster, with its places.
    clusters: Vec<(BTreeSet<String>, Vec<Point>)>,
    pins: Vec<(String, (f64, f64))>,
    total: u64,
}

impl Expected {
    fn marks(&self) -> usize {
        self.clusters.len() + self.pins.len()
    }
}

fn box_of(bounds: Bounds) -> BoundingBox {
    let corner = |latitude, longitude| Point::new(latitude, longitude).expect("a corner");
    BoundingBox::new(corner(bounds.south, bounds.west), corner(bounds.north, bounds.east)).expect("a box")
}

fn by_tile<'a>(marks: &[Mark<'a>], level: u8) -> BTreeMap<(i64, i64), Vec<Mark<'a>>> {
    let mut tiles: BTreeMap<_, Vec<Mark<'a>>> = BTreeMap::new();
    for mark in marks {
        tiles.entry(tile(mark.1, level)).or_default().push(*mark);
    }
    tiles
}

fn keys(marks: &[Mark<'_>]) -> BTreeSet<String> {
    marks.iter().map(|(initiative, _)| initiative.key.to_string()).collect()
}

fn expected(oracle: &Oracle, chosen: &[String], bounds: Bounds, zoom: u8) -> Expected {
    let bounds = box_of(bounds);
    let is_seen = |mark: &&Mark<'_>| geo::holds(bounds, mark.1);
    let marks: Vec<Mark<'_>> = oracle
        .initiatives()
        .filter(|initiative| chosen.contains(&initiative.key.to_string()))
        .flat_map(|initiative| oracle.points(initiative).into_iter().map(move |point| (initiative, point)))
        .collect();
    let seen: Vec<Mark<'_>> = marks.iter().filter(is_seen).copied().collect();
    for level in (0..=zoom + CELL_LEVELS).rev() {
        let mut expected = Expected { total: keys(&seen).len() as u64, ..Expected::default() };
        for here in by_tile(&marks, level).into_values() {
            let parts: Vec<Vec<Mark<'_>>> =
                if keys(&here).len() > FEW { vec![here] } else { by_tile(&here, level + APART_LEVELS).into_values().collect() };
            for part in parts.iter().filter(|part| part.iter().any(|mark| is_seen(&mark))) {
                let keys = keys(part);
                if keys.len() == 1 {
                    let places = part.iter().filter(is_seen).map(|(_, point)| (point.latitude(), point.longitude()));
                    let southernmost = places.min_by(|one, other| one.partial_cmp(other).expect("numbers")).expect("it is seen");
                    expected.pins.extend(keys.into_iter().map(|key| (key, southernmost)));
                } else {
                    // Two towns of one initiative may be at one point: that is one place.
                    let mut places: Vec<(&str, Point)> = Vec::new();
                    for (initiative, point) in part {
                        if !places.contains(&(initiative.key.as_str(), *point)) {
                            places.push((initiative.key.as_str(), *point));
                        }
                    }
                    expected.clusters.push((keys, places.into_iter().map(|(_, point)| point).collect()));
                }
            }
        }
        if expected.marks() <= MOST_MARKS || level == 0 {
            return expected;
        }
    }
    unreachable!("the last grid has one cell")
}

fn top_topics(oracle: &Oracle, keys: &BTreeSet<String>) -> Vec<FacetBucket> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for initiative in oracle.initiatives().filter(|initiative| keys.contains(initiative.key.as_str())) {
        for topic in oracle.topics_of(initiative, false) {
            *counts.entry(topic.key().to_owned()).or_default() += 1;
        }
    }
    let mut buckets: Vec<FacetBucket> = counts.into_iter().map(|(key, count)| FacetBucket { key, count }).collect();
    buckets.sort_by(|one, other| other.count.cmp(&one.count).then(one.key.cmp(&other.key)));
    buckets.truncate(TOP_TOPICS);
    buckets
}

#[expect(clippy::cast_precision_loss, reason = "few places")]
fn check_cluster(oracle: &Oracle, snapshot: &Snapshot, cluster: &Cluster, places: &[Point], inside: &BTreeSet<String>) {
    assert_eq!(cluster.count, inside.len() as u64);
    assert_eq!(Some(cluster.bounds), BoundingBox::around(places.iter().copied()));
    assert!(geo::holds(cluster.bounds, cluster.point));
    let average = |degrees: fn(Point) -> f64| places.iter().map(|point| degrees(*point)).sum::<f64>() / places.len() as f64;
    assert!((cluster.point.latitude() - average(Point::latitude)).abs() < 1e-6, "{cluster:?}");
    assert!((cluster.point.longitude() - average(Point::longitude)).abs() < 1e-6, "{cluster:?}");
    assert_eq!(cluster.top_topics, top_topics(oracle, inside));
    let in_order: Vec<String> = oracle
        .list(&InitiativeFilter::default(), InitiativeOrder::ModifiedDescending)
        .into_iter()
        .filter(|key| inside.contains(key))
        .collect();
    for (size, backward) in [(1000, false), (2, false), (1, true)] {
        let opened = walk(size, backward, |request| {
            snapshot.cluster(&cluster.id, request).expect("an answer").expect("nothing has changed")
        });
        assert_eq!(opened.into_iter().map(|hit| hit.key).collect::<Vec<_>>(), in_order);
    }
    assert_eq!(snapshot.count_cluster(&cluster.id), Ok(Some(cluster.count)));
}

fn check(oracle: &Oracle, snapshot: &Snapshot, bounds: Bounds, zoom: u8, filter: &InitiativeFilter) {
    let view = snapshot.map(bounds, i64::from(zoom), filter, Asked::EVERYTHING).expect("an answer");
    let chosen = snapshot.initiatives(filter, InitiativeOrder::TitleAscending, &PageRequest::first(1000)).expect("an answer");
    let chosen: Vec<String> = chosen.items.into_iter().map(|hit| hit.key).collect();
    let mut expected = expected(oracle, &chosen, bounds, zoom);
    assert_eq!((view.total, view.truncated), (Some(expected.total), false));
    let in_box = InitiativeFilter { bounds: Some(bounds), ..filter.clone() };
    if filter.bounds.is_none() {
        assert_eq!(snapshot.count(&in_box), Ok(expected.total), "as the filter counts");
    }
    expected.pins.sort_by(|one, other| one.partial_cmp(other).expect("numbers"));
    let pins: Vec<_> = view.pins.iter().map(|pin| (pin.key.clone(), (pin.point.latitude(), pin.point.longitude()))).collect();
    assert_eq!(pins, expected.pins);
    assert!(view.clusters.is_sorted_by_key(|cluster| std::cmp::Reverse(cluster.count)));
    assert_eq!(view.clusters.len(), expected.clusters.len());
    for cluster in &view.clusters {
        let opened = snapshot.cluster(&cluster.id, &PageRequest::first(1000)).expect("an answer").expect("nothing has changed");
        let inside: BTreeSet<String> = opened.items.into_iter().map(|hit| hit.key).collect();
        let at = expected
            .clusters
            .iter()
            .position(|(keys, places)| *keys == inside && BoundingBox::around(places.iter().copied()) == Some(cluster.bounds));
        let (keys, places) = expected.clusters.swap_remove(at.unwrap_or_else(|| panic!("{inside:?} are no cluster")));
        check_cluster(oracle, snapshot, cluster, &places, &keys);
    }
}

fn any_bounds() -> impl Strategy<Value = Bounds> {
    let point = Bounds { west: 0.6167, south: 44.2033, east: 0.6167, north: 44.2033 };
    prop_oneof![
        3 => bounds(),
        1 => Just(WORLD),
        2 => Just(FRANCE),
        1 => Just(point),
        1 => Just(Bounds { west: 10.0, east: 9.0, ..WORLD }),
        1 => Just(Bounds { south: 85.0, ..WORLD }),
        1 => Just(Bounds { west: 180.0, east: -180.0, ..WORLD }),
    ]
}

fn question() -> impl Strategy<Value = (Bounds, u8, InitiativeFilter)> {
    let everything = Just(InitiativeFilter::default());
    let by_text = prop::sample::select(world::WORDS)
        .prop_map(|word| InitiativeFilter { text: Some(word.to_owned()), ..InitiativeFilter::default() });
    (any_bounds(), prop_oneof![3 => 0..=8u8, 1 => 0..=HIGHEST_ZOOM], prop_oneof![3 => everything, 1 => by_text, 2 => filter()])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn the_map_shows_what_plain_loops_do(
        initiatives in world::initiatives(),
        changes in prop::collection::vec(
            (prop::collection::vec((0..world::INITIATIVES).prop_flat_map(world::told), 0..3), prop::collection::vec(world::changed_town(), 0..2)),
            0..3,
        ),
        questions in prop::collection::vec(question(), 10),
    ) {
        let mut oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let mut snapshot = Snapshot::of(1, oracle.records()).expect("an index");
        for (told, towns) in changes {
            let changed = Oracle::new(told.into_iter().flatten().chain(towns)).records();
            oracle.put(changed.clone());
            // What was looked at before a change must not be shown after it, unless it looks the same.
            for zoom in [0, 3, 9] {
                snapshot.map(WORLD, zoom, &InitiativeFilter::default(), Asked::EVERYTHING).expect("a map");
            }
            snapshot = snapshot.with(2, oracle.with_what_belongs(&changed)).expect("an index");
        }
        let anew = Snapshot::of(2, oracle.records()).expect("an index");
        for (bounds, zoom, filter) in questions {
            let mut filter = filter;
            if !names_what_there_is(&oracle, &filter) {
                filter.towns.clear();
            }
            check(&oracle, &snapshot, bounds, zoom, &filter);
            let zoom = i64::from(zoom);
            prop_assert_eq!(snapshot.map(bounds, zoom, &filter, Asked::EVERYTHING), anew.map(bounds, zoom, &filter, Asked::EVERYTHING), "however it came about");
        }
    }

    #[test]
    fn no_id_breaks_the_index(noise in "\\PC{0,80}", digits in "[0-9a-f]{0,200}", at in 0..400usize, digit in "[0-9a-f]") {
        let (_, snapshot) = &*CROWD;
        let mut ids = vec![noise, digits];
        for cluster in snapshot.map(WORLD, 3, &by_status(), Asked::EVERYTHING).expect("a map").clusters {
            let mut id = cluster.id.clone();
            let at = at % id.len();
            id.replace_range(at..=at, &digit);
            if id != cluster.id {
                ids.extend([id, cluster.id[..at].to_owned()]);
            }
        }
        for id in &ids {
            let is_refused = matches!(snapshot.cluster(id, &PageRequest::default()), Err(QuestionError::Value { argument: "id", .. }));
            prop_assert!(is_refused, "{}", id);
        }
    }
}

fn by_status() -> InitiativeFilter {
    InitiativeFilter { with: vec![maillage_explore::question::Content::Point], ..InitiativeFilter::default() }
}

/// An initiative at a point of its own.
fn at(number: usize, latitude: f64, longitude: f64) -> Stored {
    let mut initiative = initiative(&format!("place-{number}"), "fr", "Quelque part");
    initiative.point = Some(Point::new(latitude, longitude).expect("a point"));
    initiative.topics = vec![["fablab", "guichet", "mediation"][number % 3].parse().expect("a key")];
    stored(initiative)
}

static CROWD: LazyLock<(Oracle, Snapshot)> = LazyLock::new(crowd);

/// Many initiatives all over the world, some of them at the same points.
fn crowd() -> (Oracle, Snapshot) {
    let place = |number: usize| {
        // Neither the one nor the other repeats within the crowd (Weyl's sequences).
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let share = |step: f64| ((number - number % 7) as f64 * step).fract();
        at(number, share(0.618_033_988) * 180.0 - 90.0, share(0.754_877_666) * 360.0 - 180.0)
    };
    let oracle = Oracle::new(world::country().into_iter().chain((0..900).map(place)));
    let snapshot = Snapshot::of(1, oracle.records()).expect("an index");
    (oracle, snapshot)
}

#[test]
fn a_crowd_is_never_more_than_a_screenful() {
    let (oracle, snapshot) = &*CROWD;
    for zoom in [0, 1, 2, 3, 4, 5, 6, 9, 22] {
        for bounds in [WORLD, FRANCE, Bounds { west: 100.0, east: -100.0, south: -60.0, north: 60.0 }] {
            let view = snapshot.map(bounds, zoom, &InitiativeFilter::default(), Asked::EVERYTHING).expect("a map");
            let marks = view.clusters.len() + view.pins.len();
            assert!(marks <= MOST_MARKS, "{marks} at zoom {zoom} in {bounds:?}");
            check(oracle, snapshot, bounds, u8::try_from(zoom).expect("small"), &InitiativeFilter::default());
        }
    }
}

/// What was looked at once is kept: it must look the same from elsewhere, and otherwise once it is.
#[test]
fn a_dense_town_looks_the_same_whenever_it_is_looked_at() {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let in_agen = |number: usize| at(number, 44.2033 + (number % 5) as f64 * 1e-3, 0.6167 + (number % 3) as f64 * 1e-3);
    let mut oracle = Oracle::new(world::country().into_iter().chain((0..600).map(in_agen)));
    let mut snapshot = Snapshot::of(1, oracle.records()).expect("an index");
    for revision in 2..4 {
        for west in [0.5, 0.618, 0.5] {
            for zoom in [8, 11, 12, 14, 15, 22] {
                let bounds = Bounds { west, east: 0.7, south: 44.0, north: 44.205 };
                check(&oracle, &snapshot, bounds, zoom, &InitiativeFilter::default());
            }
        }
        let moved = at(0, 44.25, 0.65);
        snapshot = snapshot.with(revision, vec![moved.clone()]).expect("an index");
        oracle.put([moved]);
    }
    // Another title looks the same, another topic does not.
    for (title, topic) in [("Un autre titre", "guichet"), ("Un autre titre", "fablab")] {
        let mut retold = initiative("place-1", "fr", title);
        retold.point = Some(Point::new(44.2043, 0.6177).expect("a point"));
        retold.topics = vec![topic.parse().expect("a key")];
        let retold = stored(retold);
        snapshot = snapshot.with(4, vec![retold.clone()]).expect("an index");
        oracle.put([retold]);
        check(&oracle, &snapshot, FRANCE, 5, &InitiativeFilter::default());
    }
}

#[test]
fn what_is_not_asked_of_a_map_is_not_told() {
    let (_, snapshot) = &*CROWD;
    let ask = |asked| snapshot.map(WORLD, 3, &InitiativeFilter::default(), asked).expect("a map");
    let everything = ask(Asked::EVERYTHING);
    for (total, topics) in [(false, false), (true, false), (false, true)] {
        let mut expected = everything.clone();
        expected.total = expected.total.filter(|_| total);
        if !topics {
            expected.clusters.iter_mut().for_each(|cluster| cluster.top_topics.clear());
        }
        assert_eq!(ask(Asked { total, topics }), expected);
    }
}

#[test]
fn clusters_stay_where_they_are_while_the_map_is_moved() {
    let (_, snapshot) = &*CROWD;
    let ask = |west: f64| {
        let bounds = Bounds { west, east: west + 90.0, south: -10.0, north: 50.0 };
        snapshot.map(bounds, 3, &InitiativeFilter::default(), Asked::EVERYTHING).expect("a map")
    };
    let shown = |view: &MapView, west: f64| -> BTreeSet<String> {
        // Those that lie whole in what both boxes show.
        let is_whole = |cluster: &&Cluster| {
            cluster.bounds.south_west().longitude() >= west && cluster.bounds.north_east().longitude() <= west + 80.0
        };
        view.clusters.iter().filter(is_whole).map(|cluster| cluster.id.clone()).collect()
    };
    let (one, other) = (ask(-20.0), ask(-10.0));
    assert!(shown(&one, -10.0).len() > 5);
    assert_eq!(shown(&one, -10.0), shown(&other, -10.0));
}

#[test]
fn initiatives_at_one_point_are_a_cluster_that_opens_at_any_zoom() {
    let records = world::country().into_iter().chain((0..5).map(|number| at(number, 44.2033, 0.6167)));
    let snapshot = Snapshot::of(1, records.collect()).expect("an index");
    for zoom in 0..=22 {
        let view = snapshot.map(FRANCE, zoom, &InitiativeFilter::default(), Asked::EVERYTHING).expect("a map");
        assert_eq!((view.clusters.len(), view.pins.len(), view.total), (1, 0, Some(5)), "{zoom}");
        assert_eq!(snapshot.count_cluster(&view.clusters[0].id), Ok(Some(5)));
    }
}

#[test]
fn a_cluster_opens_as_long_as_it_looks_the_same() {
    let at_agen = |number| at(number, 44.2033, 0.6167);
    let records = world::country().into_iter().chain((0..5).map(at_agen)).chain([at(9, 48.8566, 2.3522)]);
    let snapshot = Snapshot::of(1, records.collect()).expect("an index");
    let filter = InitiativeFilter {
        topics: vec!["fablab".to_owned(), "guichet".to_owned(), "mediation".to_owned()],
        ..InitiativeFilter::default()
    };
    let id = snapshot.map(FRANCE, 5, &filter, Asked::EVERYTHING).expect("a map").clusters[0].id.clone();
    let open = |changed: Stored| {
        let snapshot = snapshot.with(2, vec![changed]).expect("an index");
        (
            snapshot.count_cluster(&id),
            snapshot.cluster(&id, &PageRequest::default()).map(|page| page.map(|page| page.items.len())),
        )
    };
    let same = (Ok(Some(5)), Ok(Some(5)));
    let gone = (Ok(None), Ok(None));
    let mut retold = initiative("place-1", "fr", "Un autre titre");
    retold.point = Some(Point::new(44.2033, 0.6167).expect("a point"));
    retold.topics = vec!["mediation".parse().expect("a key")];
    assert_eq!(open(stored(retold)), same, "another title");
    assert_eq!(open(at(9, 50.6, 3.0)), same, "somewhere else");
    assert_eq!(open(world::withdrawn(at_agen(1), None)), gone, "one is gone");
    assert_eq!(open(at_agen(6)), gone, "one more");
    assert_eq!(open(at(1, 44.2034, 0.6167)), gone, "one has moved");
    let topic = world::country().into_iter().find(|stored| stored.record.reference().key() == "guichet").expect("a topic");
    assert_eq!(open(world::withdrawn(topic, None)), gone, "a topic of the filter is gone");
}

#[test]
fn what_no_map_can_be_asked_is_said() {
    let (_, snapshot) = &*CROWD;
    let plain = InitiativeFilter::default;
    let long = InitiativeFilter { text: Some("a".repeat(13_000)), ..plain() };
    let turned = Bounds { south: 50.0, north: 40.0, ..WORLD };
    let unknown = InitiativeFilter { topics: vec!["fablob".to_owned()], ..plain() };
    for (bounds, zoom, filter, message) in [
        (WORLD, -1, plain(), "zoom: -1 is not a zoom: from 0 (the whole world on one tile) to 22"),
        (WORLD, 23, plain(), "zoom: 23 is not a zoom: from 0 (the whole world on one tile) to 22"),
        (WORLD, i64::MAX, plain(), "zoom: 9223372036854775807 is not a zoom: from 0 (the whole world on one tile) to 22"),
        (
            turned,
            3,
            plain(),
            "bounds: west -180, south 50, east 180, north 40 is not a box: longitudes go from -180 to 180, latitudes from -90 to 90, and south must not be above north",
        ),
        (WORLD, 3, unknown, "topics: there is no topic \"fablob\""),
        (
            WORLD,
            3,
            long,
            "filter: one of 13023 bytes is not short enough for a map: at most 12000 bytes, all keys and texts together",
        ),
    ] {
        let error = snapshot.map(bounds, zoom, &filter, Asked::EVERYTHING).expect_err("cannot be answered");
        assert_eq!(error.to_string(), message);
    }
    let words = (0..1000).map(|number| format!("mot{number}")).collect::<Vec<_>>().join(" ");
    let view = snapshot.map(WORLD, 3, &InitiativeFilter { text: Some(words), ..plain() }, Asked::EVERYTHING);
    assert!(view.is_ok(), "a thousand words are a question");
}
