//! What stands next to a record.

use super::sample::{
    adopted, area, case_study, full, in_town, initiative, merge, note, organisation, put_all, reference, source, topic, town,
    value,
};
use super::{ALL_SIDES, Fixture, apply, neighbours, ok};
use crate::change::Operation;
use crate::model::{Direction, Involvement, OrganisationRole, Provenance, Record, RecordKind, RecordRef, Relation};
use crate::store::{GraphStore, Neighbour, NeighbourQuestion};

fn neighbour(relation: Relation, direction: Direction, to: &str) -> Neighbour {
    Neighbour { relation, direction, reference: reference(to) }
}

async fn all(store: &dyn GraphStore, of: &str) -> Vec<Neighbour> {
    let answer = neighbours(store, &reference(of), &ALL_SIDES).await;
    assert!(!answer.page.has_more);
    assert_eq!(answer.count, Some(answer.page.items.len()));
    answer.page.items
}

pub(super) async fn each_relation_is_seen_from_both_sides(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let edges: Vec<_> = full().iter().flat_map(Record::edges).collect();
    for relation in Relation::ALL {
        assert!(edges.iter().any(|edge| edge.relation == *relation), "the samples have no {relation}");
    }
    for record in full().iter().map(Record::reference) {
        let mut expected: Vec<Neighbour> = Vec::new();
        for edge in &edges {
            if edge.from == record {
                expected.push(Neighbour { relation: edge.relation, direction: Direction::Out, reference: edge.to.clone() });
            }
            if edge.to == record {
                expected.push(Neighbour { relation: edge.relation, direction: Direction::In, reference: edge.from.clone() });
            }
        }
        expected.sort();
        assert_eq!(all(&*store, &record.to_string()).await, expected, "around {record}");
        for (relation, direction) in ALL_SIDES.sides() {
            let one_side = NeighbourQuestion { count: true, ..NeighbourQuestion::by(relation, direction, 100) };
            let answer = neighbours(&*store, &record, &one_side).await;
            let on_this_side: Vec<Neighbour> = expected
                .iter()
                .filter(|neighbour| (neighbour.relation, neighbour.direction) == (relation, direction))
                .cloned()
                .collect();
            assert_eq!(answer.count, Some(on_this_side.len()), "{relation} {direction} of {record}");
            assert_eq!(answer.page.items, on_this_side, "{relation} {direction} of {record}");
        }
    }
}

pub(super) async fn several_roles_or_topics_make_one_neighbour(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut kiosk = initiative("kiosque", "Kiosque");
    kiosk.kind = Some(value("mediation"));
    kiosk.topics = vec![value("mediation"), value("mediation")];
    kiosk.involvements = [OrganisationRole::Operator, OrganisationRole::Funder]
        .map(|role| Involvement { organisation: value("mairie"), role })
        .to_vec();
    kiosk.provenance = vec![Provenance::of(value("dossier")), Provenance::of(value("dossier"))];
    let records: Vec<Record> = vec![
        kiosk.into(),
        topic("mediation", "Médiation").into(),
        organisation("mairie", "Mairie").into(),
        source("dossier", "Dossier").into(),
    ];
    apply(&*store, "kiosk", put_all(records)).await;
    let expected = [
        neighbour(Relation::About, Direction::Out, "topic/mediation"),
        neighbour(Relation::Involves, Direction::Out, "organisation/mairie"),
        neighbour(Relation::ProvidedBy, Direction::Out, "source/dossier"),
    ];
    assert_eq!(all(&*store, "initiative/kiosque").await, expected);
    for expected in expected {
        let back = all(&*store, &expected.reference.to_string()).await;
        assert_eq!(back, [neighbour(expected.relation, Direction::In, "initiative/kiosque")]);
    }
}

/// Initiatives named `a` to `e`, two of them in each town.
fn five_in_two_towns() -> Vec<Operation> {
    let mut records: Vec<Record> = vec![town("insee:1", "Un").into(), town("insee:2", "Deux").into()];
    for (index, key) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let mut runs = initiative(key, key);
        runs.places = vec![in_town(if index < 3 { "insee:1" } else { "insee:2" })];
        records.push(runs.into());
        records.push(case_study(key, key).into());
    }
    put_all(records)
}

pub(super) async fn neighbours_come_for_each_record_asked_about(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "five", five_in_two_towns()).await;
    let asked: Vec<RecordRef> =
        ["town/insee:2", "town/insee:9", "town/insee:1", "town/insee:2", "initiative/a"].map(reference).to_vec();
    let question = NeighbourQuestion { count: true, ..NeighbourQuestion::by(Relation::RunsIn, Direction::In, 2) };
    let answers = ok(store.neighbours(&asked, &question).await);
    let told: Vec<(Vec<&str>, bool, Option<usize>)> = answers
        .iter()
        .map(|answer| {
            let keys = answer.page.items.iter().map(|neighbour| neighbour.reference.key()).collect();
            (keys, answer.page.has_more, answer.count)
        })
        .collect();
    let two = (vec!["d", "e"], false, Some(2));
    let none = (Vec::new(), false, Some(0));
    assert_eq!(told, [two.clone(), none.clone(), (vec!["a", "b"], true, Some(3)), two, none]);
    let sides = NeighbourQuestion {
        relations: vec![
            (Relation::RunsIn, Direction::Out),
            (Relation::DescribedBy, Direction::Out),
            (Relation::RunsIn, Direction::Out),
        ],
        ..ALL_SIDES
    };
    assert_eq!(
        neighbours(&*store, &reference("initiative/a"), &sides).await.page.items,
        [
            neighbour(Relation::DescribedBy, Direction::Out, "case-study/a/fr"),
            neighbour(Relation::RunsIn, Direction::Out, "town/insee:1"),
        ]
    );
}

async fn walk(store: &dyn GraphStore, of: &RecordRef, question: &NeighbourQuestion) -> Vec<Neighbour> {
    let mut question = question.clone();
    let mut seen: Vec<Neighbour> = Vec::new();
    loop {
        let answer = neighbours(store, of, &question).await;
        assert!(answer.page.items.len() <= question.first);
        assert!(answer.page.items.len() == question.first || !answer.page.has_more);
        seen.extend(answer.page.items);
        assert!(seen.is_sorted() && seen.len() <= 1000, "pages of {} do not come to an end", question.first);
        if !answer.page.has_more {
            return seen;
        }
        question.after = seen.last().cloned();
    }
}

pub(super) async fn neighbours_are_paged_by_key(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    for record in ["initiative/atelier", "source/dossier", "town/insee:47001", "topic/mediation"].map(reference) {
        let whole = neighbours(&*store, &record, &ALL_SIDES).await.page.items;
        assert!(whole.len() > 3, "{record}");
        for first in 1..=whole.len() + 1 {
            let question = NeighbourQuestion { first, count: false, ..ALL_SIDES };
            assert_eq!(walk(&*store, &record, &question).await, whole, "{record} by pages of {first}");
        }
        // The count is of all, wherever the page stands.
        let last = NeighbourQuestion { first: 1, after: whole.last().cloned(), ..ALL_SIDES };
        let answer = neighbours(&*store, &record, &last).await;
        assert_eq!((answer.page.items, answer.page.has_more, answer.count), (Vec::new(), false, Some(whole.len())));
        let none = NeighbourQuestion { first: 0, ..ALL_SIDES };
        let answer = neighbours(&*store, &record, &none).await;
        assert_eq!((answer.page.items, answer.page.has_more, answer.count), (Vec::new(), true, Some(whole.len())));
    }
}

pub(super) async fn a_page_goes_on_after_a_neighbour_that_is_gone(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "five", five_in_two_towns()).await;
    let after = neighbour(Relation::RunsIn, Direction::In, "initiative/b");
    apply(&*store, "gone", vec![merge(&after.reference, &reference("initiative/a"))]).await;
    let question = NeighbourQuestion { after: Some(after), ..NeighbourQuestion::by(Relation::RunsIn, Direction::In, 5) };
    let here = reference("town/insee:1");
    let answer = neighbours(&*store, &here, &question).await;
    assert_eq!(answer.page.items, [neighbour(Relation::RunsIn, Direction::In, "initiative/c")]);
    // Cursors that never were: before everything, between, of another relation, direction or kind.
    for (relation, direction, to, left) in [
        (Relation::About, Direction::In, "initiative/zz", 2),
        (Relation::RunsIn, Direction::In, "area/other:zz", 2),
        (Relation::RunsIn, Direction::In, "initiative/a-a", 1),
        (Relation::RunsIn, Direction::In, "initiative/zz", 0),
        (Relation::RunsIn, Direction::In, "town/insee:0", 0),
        (Relation::RunsIn, Direction::Out, "area/other:a", 0),
        (Relation::WrittenBy, Direction::In, "area/other:a", 0),
    ] {
        let question = NeighbourQuestion { after: Some(neighbour(relation, direction, to)), ..ALL_SIDES };
        assert_eq!(neighbours(&*store, &here, &question).await.page.items.len(), left, "after {relation} {direction} {to}");
    }
}

pub(super) async fn neighbours_may_be_asked_for_by_kind(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    for record in full().iter().map(Record::reference) {
        let whole = neighbours(&*store, &record, &ALL_SIDES).await.page.items;
        for kind in RecordKind::ALL {
            let expected: Vec<Neighbour> =
                whole.iter().filter(|neighbour| neighbour.reference.kind() == *kind).cloned().collect();
            let question = NeighbourQuestion { kind: Some(*kind), ..ALL_SIDES };
            let answer = neighbours(&*store, &record, &question).await;
            assert_eq!((answer.count, answer.page.has_more), (Some(expected.len()), false), "{kind} around {record}");
            assert_eq!(answer.page.items, expected, "{kind} around {record}");
            let by_one = NeighbourQuestion { first: 1, ..question };
            assert_eq!(walk(&*store, &record, &by_one).await, expected, "{kind} around {record}, one by one");
        }
    }
}

pub(super) async fn a_hub_gives_its_first_page_and_its_count(fixture: &dyn Fixture) {
    const MANY: usize = 3000;
    let store = fixture.empty().await;
    let mut records: Vec<Record> = vec![area("region:75", "Nouvelle-Aquitaine").into()];
    records.extend((0..MANY).map(|number| {
        let mut here = town(&format!("insee:{number:05}"), "Ici");
        here.part_of = vec![value("region:75")];
        Record::from(here)
    }));
    apply(&*store, "hub", put_all(records)).await;
    let hub = reference("area/region:75");
    let question = NeighbourQuestion { count: true, ..NeighbourQuestion::by(Relation::PartOf, Direction::In, 3) };
    let answer = neighbours(&*store, &hub, &question).await;
    let keys: Vec<&str> = answer.page.items.iter().map(|neighbour| neighbour.reference.key()).collect();
    assert_eq!(
        (keys.as_slice(), answer.page.has_more, answer.count),
        (["insee:00000", "insee:00001", "insee:00002"].as_slice(), true, Some(MANY))
    );
    let after = Some(neighbour(Relation::PartOf, Direction::In, &format!("town/insee:{:05}", MANY - 2)));
    let answer = neighbours(&*store, &hub, &NeighbourQuestion { after, ..question.clone() }).await;
    assert_eq!((answer.page.items.len(), answer.page.has_more, answer.count), (1, false, Some(MANY)));
    let whole = neighbours(&*store, &hub, &NeighbourQuestion { first: MANY + 1, ..question }).await.page;
    assert_eq!((whole.items.len(), whole.has_more), (MANY, false));
    assert!(whole.items.is_sorted());
}

pub(super) async fn relations_follow_the_record(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut runs = initiative("a", "A");
    runs.places = vec![in_town("insee:1")];
    let towns = [town("insee:1", "Un"), town("insee:2", "Deux")];
    apply(&*store, "towns", put_all(towns)).await;
    apply(&*store, "first", put_all([runs.clone()])).await;
    runs.places = vec![in_town("insee:2")];
    apply(&*store, "second", put_all([runs.clone()])).await;
    assert_eq!(all(&*store, "town/insee:1").await, []);
    assert_eq!(all(&*store, "town/insee:2").await, [neighbour(Relation::RunsIn, Direction::In, "initiative/a")]);
    // A target that changes keeps what points to it.
    let mut renamed = town("insee:2", "Deux-Rives");
    renamed.population = Some(12);
    apply(&*store, "third", put_all([renamed])).await;
    assert_eq!(all(&*store, "town/insee:2").await, [neighbour(Relation::RunsIn, Direction::In, "initiative/a")]);
    // A note passes from one initiative to another.
    apply(&*store, "note", put_all([Record::from(note("n", "a", "Quoi ?")), initiative("b", "B").into()])).await;
    apply(&*store, "moved", put_all([note("n", "b", "Quoi ?")])).await;
    assert_eq!(all(&*store, "initiative/b").await, [neighbour(Relation::NoteOn, Direction::In, "note/n")]);
    assert_eq!(all(&*store, "initiative/a").await, [neighbour(Relation::RunsIn, Direction::Out, "town/insee:2")]);
}

pub(super) async fn a_record_next_to_itself_is_seen_from_both_sides(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut looped = initiative("a", "A");
    looped.inspired_by = vec![adopted("a")];
    apply(&*store, "loop", put_all([looped])).await;
    let expected = [Direction::In, Direction::Out].map(|direction| neighbour(Relation::InspiredBy, direction, "initiative/a"));
    assert_eq!(all(&*store, "initiative/a").await, expected);
}
