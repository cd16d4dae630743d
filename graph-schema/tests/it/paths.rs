//! Shortest paths against the plainest search: every path there is.

use std::convert::Infallible;

use maillage_graph_schema::model::{Direction, RecordRef, Relation};
use maillage_graph_schema::path::{self, Step};
use maillage_graph_schema::store::Neighbour;
use maillage_graph_schema::store::contract::sample::value;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, proptest};
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;

/// Edges between records numbered from 0.
type Graph = Vec<(usize, Relation, usize)>;

fn record(number: usize) -> RecordRef {
    // Of two kinds, so that the order of kinds and the order of keys both count.
    let text = if number.is_multiple_of(3) { format!("topic/n{number}") } else { format!("initiative/n{number}") };
    value(&text)
}

fn neighbours(graph: &Graph, of: &RecordRef) -> Vec<Neighbour> {
    let mut found = Vec::new();
    for (from, relation, to) in graph {
        if record(*from) == *of {
            found.push(Neighbour { relation: *relation, direction: Direction::Out, reference: record(*to) });
        }
        if record(*to) == *of {
            found.push(Neighbour { relation: *relation, direction: Direction::In, reference: record(*from) });
        }
    }
    found
}

fn order(step: &Step) -> (Relation, Direction, &RecordRef) {
    (step.relation, step.direction, &step.to)
}

/// Every path without a record twice, of at most so many steps.
fn every_path(graph: &Graph, from: &RecordRef, to: &RecordRef, max_length: usize) -> Vec<Vec<Step>> {
    if from == to {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    let mut unfinished: Vec<Vec<Step>> = vec![Vec::new()];
    while let Some(steps) = unfinished.pop() {
        if steps.len() == max_length {
            continue;
        }
        let at = steps.last().map_or(from, |step| &step.to).clone();
        for Neighbour { relation, direction, reference } in neighbours(graph, &at) {
            if reference == *from || steps.iter().any(|step| step.to == reference) {
                continue;
            }
            let mut longer = steps.clone();
            longer.push(Step { from: at.clone(), relation, direction, to: reference });
            if longer.last().is_some_and(|step| step.to == *to) {
                found.push(longer);
            } else {
                unfinished.push(longer);
            }
        }
    }
    found
}

fn shortest(graph: &Graph, from: &RecordRef, to: &RecordRef, max_length: usize) -> Option<Vec<Step>> {
    let adjacent = |direction, records: Vec<RecordRef>| async move {
        let on_side = |record: &RecordRef| {
            neighbours(graph, record).into_iter().filter(|neighbour| neighbour.direction == direction).collect::<Vec<_>>()
        };
        Ok::<_, Infallible>(records.iter().map(on_side).collect())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime can be built");
    match runtime.block_on(path::shortest(from, to, max_length, adjacent)) {
        Ok(found) => found,
    }
}

fn graph() -> impl Strategy<Value = Graph> {
    let relations = select(&[Relation::About, Relation::InspiredBy, Relation::Supersedes][..]);
    vec((0..8_usize, relations, 0..8_usize), 0..16)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/it/paths.seeds"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_first_of_the_shortest_is_found(graph in graph(), from in 0..8_usize, to in 0..8_usize, max_length in 0..9_usize) {
        let (from, to) = (record(from), record(to));
        let expected = every_path(&graph, &from, &to, max_length)
            .into_iter()
            .min_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.iter().map(order).cmp(other.iter().map(order))));
        prop_assert_eq!(shortest(&graph, &from, &to, max_length), expected);
    }
}

#[test]
fn a_long_way_ends_at_the_longest_allowed() {
    let chain: Graph = (0..20).map(|number| (number, Relation::InspiredBy, number + 1)).collect();
    for (to, is_found) in [(path::LONGEST, true), (path::LONGEST + 1, false)] {
        let found = shortest(&chain, &record(0), &record(to), usize::MAX);
        assert_eq!(found.map(|steps| steps.len()), is_found.then_some(to));
    }
}

#[test]
fn a_failure_to_name_neighbours_is_passed_on() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime can be built");
    let failing = |_, _| async { Err("gone") };
    assert_eq!(runtime.block_on(path::shortest(&record(0), &record(1), 12, failing)), Err("gone"));
}
