//! Shortest paths: searched from both ends, level by level, so that a store only has to name neighbours, and every store
//! gives the same path.
//!
//! A record holds few relations, but thousands may come in to a topic. So whether the two sides touch is told from the
//! relations that go out from either: those that come in are read only to go a level further, and on the side where that
//! is likely to be less.

use std::collections::{HashMap, HashSet};
use std::future::Future;

use crate::model::{Direction, RecordKind, RecordRef, Relation};
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

    /// About how many relations come in to the records reached last. It only decides which side goes further: the path is the
    /// same whichever does.
    fn cost(&self) -> usize {
        let incoming = |record: &RecordRef| match record.kind() {
            RecordKind::Topic => 1_000,
            RecordKind::Area => 200,
            RecordKind::Organisation => 50,
            RecordKind::Town => 10,
            RecordKind::Initiative => 4,
            RecordKind::CaseStudy | RecordKind::Note | RecordKind::Source => 1,
        };
        self.frontier.iter().map(incoming).sum()
    }

    /// Goes a level further, to the other ends of the relations that go out and of those that come in.
    fn advance(&mut self, outgoing: &HashMap<RecordRef, Vec<Neighbour>>, incoming: &[Vec<Neighbour>]) {
        self.depth += 1;
        let mut next = Vec::new();
        let outgoing = self.frontier.iter().filter_map(|record| outgoing.get(record)).flatten();
        for reached in outgoing.chain(incoming.iter().flatten()).map(|neighbour| &neighbour.reference) {
            if !self.distance.contains_key(reached) {
                self.distance.insert(reached.clone(), self.depth);
                next.push(reached.clone());
            }
        }
        self.frontier = next;
    }

    /// Whether a relation goes from what this side reached last to something that the other reached.
    fn touches(&self, other: &Self, outgoing: &HashMap<RecordRef, Vec<Neighbour>>) -> bool {
        let mut outgoing = self.frontier.iter().filter_map(|record| outgoing.get(record)).flatten();
        outgoing.any(|neighbour| other.distance.contains_key(&neighbour.reference))
    }
}

/// Finds the shortest path of at most `max_length` steps; of several the first by relation, direction, kind and key of its
/// steps. `adjacent` names the neighbours of each record by [`RELATIONS`] on one side, without withdrawn ones.
pub async fn shortest<E, F, A>(from: &RecordRef, to: &RecordRef, max_length: usize, adjacent: A) -> Result<Option<Vec<Step>>, E>
where
    A: Fn(Direction, Vec<RecordRef>) -> F,
    F: Future<Output = Result<Vec<Vec<Neighbour>>, E>>,
{
    if from == to {
        return Ok(Some(Vec::new()));
    }
    let mut outgoing: HashMap<RecordRef, Vec<Neighbour>> = HashMap::new();
    let (mut near, mut far) = (Side::new(from), Side::new(to));
    loop {
        if near.frontier.is_empty() || far.frontier.is_empty() || near.depth + far.depth >= max_length.min(LONGEST) {
            return Ok(None);
        }
        let reached = near.frontier.iter().chain(&far.frontier).filter(|record| !outgoing.contains_key(*record));
        let reached: Vec<RecordRef> = reached.cloned().collect();
        outgoing.extend(reached.iter().cloned().zip(adjacent(Direction::Out, reached.clone()).await?));
        if near.touches(&far, &outgoing) || far.touches(&near, &outgoing) {
            return Ok(Some(first_of_the_shortest(from, to, &near, &far, &outgoing)));
        }
        let side = if near.cost() <= far.cost() { &mut near } else { &mut far };
        let incoming = adjacent(Direction::In, side.frontier.clone()).await?;
        side.advance(&outgoing, &incoming);
    }
}

/// Walks from the start along steps that stay on a shortest path, always taking the first. The sides do not overlap, one
/// step joins them, and of each record on either the relations that go out are known: every step is the going out of one of
/// its ends.
fn first_of_the_shortest(
    from: &RecordRef,
    to: &RecordRef,
    near: &Side,
    far: &Side,
    outgoing: &HashMap<RecordRef, Vec<Neighbour>>,
) -> Vec<Step> {
    let length = near.depth + far.depth + 1;
    let position = |record: &RecordRef| {
        near.distance.get(record).copied().or_else(|| far.distance.get(record).map(|distance| length - distance))
    };
    // The steps that lead from a record to a position one further on.
    let mut onward: HashMap<&RecordRef, Vec<Neighbour>> = HashMap::new();
    for (record, neighbours) in outgoing {
        let Some(here) = position(record) else { continue };
        for neighbour in neighbours {
            match position(&neighbour.reference) {
                Some(there) if there == here + 1 => onward.entry(record).or_default().push(neighbour.clone()),
                Some(there) if there + 1 == here => {
                    let back = Neighbour { direction: Direction::In, reference: record.clone(), ..*neighbour };
                    onward.entry(&neighbour.reference).or_default().push(back);
                }
                _ => {}
            }
        }
    }
    // All of the far side leads to the end; of the near side, what leads to the far one, from the joint backwards.
    let mut of_near: Vec<(&RecordRef, usize)> = near.distance.iter().map(|(record, distance)| (record, *distance)).collect();
    of_near.sort_unstable_by_key(|(_, distance)| std::cmp::Reverse(*distance));
    let mut leads_on: HashSet<&RecordRef> = HashSet::new();
    for (record, _) in of_near {
        let mut steps = onward.get(record).into_iter().flatten().map(|step| &step.reference);
        if steps.any(|next| far.distance.contains_key(next) || leads_on.contains(next)) {
            leads_on.insert(record);
        }
    }
    let mut path = Vec::with_capacity(length);
    let mut at = from.clone();
    while at != *to {
        let steps = onward.get(&at).into_iter().flatten();
        let step = steps.filter(|step| far.distance.contains_key(&step.reference) || leads_on.contains(&step.reference)).min();
        let Some(step) = step else { unreachable!("what leads on has a step, and the far side leads to the end") };
        let taken = Step { from: at, relation: step.relation, direction: step.direction, to: step.reference.clone() };
        at = taken.to.clone();
        path.push(taken);
    }
    path
}
