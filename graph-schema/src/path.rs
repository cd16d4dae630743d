//! Shortest paths: searched from both ends, level by level, so that a store only has to name neighbours, and every store
//! gives the same path.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::future::Future;

use crate::model::{Direction, RecordRef, Relation};
use crate::store::Neighbour;

/// The relations that a path follows. Sources are left out: nearly everything comes from one of a few, so that they would
/// join any two records and say nothing.
pub const RELATIONS: &[Relation] = &[
    Relation::About,
    Relation::DescribedBy,
    Relation::InspiredBy,
    Relation::Involves,
    Relation::Narrower,
    Relation::NoteOn,
    Relation::PartOf,
    Relation::RunsIn,
    Relation::Supersedes,
    Relation::WrittenBy,
];

/// The longest path that is looked for.
pub const LONGEST: usize = 12;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub from: RecordRef,
    pub relation: Relation,
    pub direction: Direction,
    pub to: RecordRef,
}

/// One end of the search: how far each record is from it, and the records reached last.
struct Side {
    distance: HashMap<RecordRef, usize>,
    frontier: Vec<RecordRef>,
    depth: usize,
}

impl Side {
    fn new(start: &RecordRef) -> Self {
        Self { distance: HashMap::from([(start.clone(), 0)]), frontier: vec![start.clone()], depth: 0 }
    }
}

/// Finds the shortest path of at most `max_length` steps; of several the first by relation, direction, kind and key of its
/// steps. `adjacent` names the neighbours of each record by [`RELATIONS`], without withdrawn ones.
pub async fn shortest<E, F, A>(from: &RecordRef, to: &RecordRef, max_length: usize, adjacent: A) -> Result<Option<Vec<Step>>, E>
where
    A: Fn(Vec<RecordRef>) -> F,
    F: Future<Output = Result<Vec<Vec<Neighbour>>, E>>,
{
    if from == to {
        return Ok(Some(Vec::new()));
    }
    let mut known: HashMap<RecordRef, Vec<Neighbour>> = HashMap::new();
    let (mut near, mut far) = (Side::new(from), Side::new(to));
    let length = loop {
        if near.frontier.is_empty() || far.frontier.is_empty() || near.depth + far.depth >= max_length.min(LONGEST) {
            return Ok(None);
        }
        let (side, other) = if near.frontier.len() <= far.frontier.len() { (&mut near, &far) } else { (&mut far, &near) };
        for (record, neighbours) in side.frontier.iter().zip(adjacent(side.frontier.clone()).await?) {
            known.insert(record.clone(), neighbours);
        }
        side.depth += 1;
        let mut next = Vec::new();
        let mut shortest = None;
        for neighbour in side.frontier.iter().flat_map(|record| &known[record]) {
            let reached = &neighbour.reference;
            if side.distance.contains_key(reached) {
                continue;
            }
            side.distance.insert(reached.clone(), side.depth);
            next.push(reached.clone());
            if let Some(rest) = other.distance.get(reached) {
                let length = side.depth + rest;
                shortest = Some(shortest.map_or(length, |known: usize| known.min(length)));
            }
        }
        side.frontier = next;
        if let Some(length) = shortest {
            break length;
        }
    };
    Ok(Some(first_of_the_shortest(from, to, length, &near, &far, &known)))
}

/// Walks from the start along steps that stay on a shortest path, always taking the first.
fn first_of_the_shortest(
    from: &RecordRef,
    to: &RecordRef,
    length: usize,
    near: &Side,
    far: &Side,
    known: &HashMap<RecordRef, Vec<Neighbour>>,
) -> Vec<Step> {
    // What either end named, as steps in both senses: a step that only the far end expanded is read the other way round.
    let mut steps: HashMap<&RecordRef, BTreeSet<Neighbour>> = HashMap::new();
    for (record, neighbours) in known {
        for neighbour in neighbours {
            steps.entry(record).or_default().insert(neighbour.clone());
            let direction = match neighbour.direction {
                Direction::Out => Direction::In,
                Direction::In => Direction::Out,
            };
            let back = Neighbour { relation: neighbour.relation, direction, reference: record.clone() };
            steps.entry(&neighbour.reference).or_default().insert(back);
        }
    }
    // The records at each distance from the start that lie on a shortest path, from the end backwards.
    let mut layers: Vec<HashSet<&RecordRef>> = vec![HashSet::from([to])];
    for distance in (0..length).rev() {
        let after = &layers[layers.len() - 1];
        let lies_there = |record: &RecordRef| {
            near.distance
                .get(record)
                .map_or_else(|| far.distance.get(record) == Some(&(length - distance)), |from_start| *from_start == distance)
        };
        let layer = after
            .iter()
            .flat_map(|record| &steps[*record])
            .map(|step| &step.reference)
            .filter(|record| lies_there(record))
            .collect();
        layers.push(layer);
    }
    layers.reverse();
    let mut path = Vec::with_capacity(length);
    let mut at = from.clone();
    for layer in &layers[1..] {
        let step = steps[&at].iter().find(|step| layer.contains(&step.reference));
        let Some(step) = step else { unreachable!("every record of a layer is a step away from the layer before it") };
        let taken = Step { from: at, relation: step.relation, direction: step.direction, to: step.reference.clone() };
        at = taken.to.clone();
        path.push(taken);
    }
    path
}
