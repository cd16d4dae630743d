//! Records as they were put, by key, alias and page.

use super::sample::{
    DIFFICULT_TEXTS, area, bare, case_study, full, full_of, initiative, note, organisation, put_all, reference, source, topic,
    town, value,
};
use super::{ALL_SIDES, Fixture, apply, find, history, neighbours, ok, record};
use crate::model::{Direction, FormerTown, Link, Record, RecordKind, RecordRef, Relation, Section, SectionKind};
use crate::store::{ChangeCursor, NeighbourQuestion, Page};

pub(super) async fn an_empty_graph_answers_every_question(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let nobody = reference("town/insee:47001");
    let every_kind = RecordKind::ALL.iter().copied();
    assert_eq!(ok(store.revision().await), 0);
    assert_eq!(ok(store.records(&[]).await), []);
    assert_eq!(ok(store.records(&[nobody.clone(), nobody.clone()]).await), [None, None]);
    for kind in every_kind {
        assert_eq!(ok(store.page(kind, None, 10).await), Page { items: Vec::new(), has_more: false });
        assert_eq!(ok(store.page(kind, Some("m"), 10).await), Page { items: Vec::new(), has_more: false });
    }
    assert_eq!(ok(store.neighbours(&[], &ALL_SIDES).await), []);
    let none = neighbours(&*store, &nobody, &ALL_SIDES).await;
    assert_eq!((none.page.items.len(), none.page.has_more, none.count), (0, false, Some(0)));
    let uncounted = NeighbourQuestion::by(Relation::About, Direction::In, 10);
    assert_eq!(neighbours(&*store, &nobody, &uncounted).await.count, None);
    assert_eq!(ok(store.path(&nobody, &reference("topic/fablab"), 12).await), None);
    assert_eq!(ok(store.path(&nobody, &nobody, 12).await), None);
    assert_eq!(ok(store.history(&[], None, 10).await), []);
    assert_eq!(history(&*store, &nobody, None, 10).await, Page { items: Vec::new(), has_more: false });
    assert_eq!(ok(store.history_counts(&[]).await), Vec::<usize>::new());
    assert_eq!(ok(store.history_counts(&[nobody.clone(), nobody.clone()]).await), [0, 0]);
    let cursor = ChangeCursor { revision: 3, reference: nobody };
    for (since, after) in [(0, None), (7, None), (0, Some(&cursor))] {
        assert_eq!(ok(store.changes(since, after, 10).await), Page { items: Vec::new(), has_more: false });
    }
    assert_eq!(ok(store.change_count(0).await), 0);
    assert_eq!(ok(store.change_count(7).await), 0);
    assert_eq!(ok(store.revisions(0, 10).await), Page { items: Vec::new(), has_more: false });
}

async fn assert_kept(fixture: &dyn Fixture, records: &[Record]) {
    let store = fixture.empty().await;
    let applied = apply(&*store, "all", put_all(records.to_vec())).await;
    assert_eq!((applied.revision, applied.changed), (1, records.len()));
    for expected in records {
        let stored = record(&*store, &expected.reference()).await;
        assert_eq!(stored.record, *expected);
        assert_eq!((stored.created, stored.revision, stored.withdrawn), (1, 1, None), "{}", expected.reference());
    }
}

pub(super) async fn bare_records_come_back_as_they_were_put(fixture: &dyn Fixture) {
    assert_kept(fixture, &bare()).await;
}

pub(super) async fn full_records_come_back_as_they_were_put(fixture: &dyn Fixture) {
    for kind in RecordKind::ALL {
        let record = full_of(*kind);
        let document = crate::document::from_record(&record);
        let absent: Vec<_> = crate::document::fields(*kind).iter().filter(|field| !document.contains_key(**field)).collect();
        assert!(absent.is_empty(), "the full {kind} of the samples lacks {absent:?}");
    }
    assert_kept(fixture, &full()).await;
}

pub(super) async fn fields_are_emptied_by_putting_a_bare_record_over_a_full_one(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let emptied: Vec<Record> = vec![
        area("country:FR", "France").into(),
        initiative("atelier", "Atelier").into(),
        note("contradiction", "atelier", "Non").into(),
        organisation("urban-prod", "Urban Prod").into(),
        source("dossier", "Dossier").into(),
        topic("mediation", "Médiation").into(),
        town("insee:47001", "Agen").into(),
    ];
    apply(&*store, "bare", put_all(emptied.clone())).await;
    for expected in emptied {
        let stored = record(&*store, &expected.reference()).await;
        assert_eq!(stored.record, expected);
        assert_eq!((stored.created, stored.revision), (1, 2));
    }
    apply(&*store, "full again", put_all(full())).await;
    for expected in full() {
        assert_eq!(record(&*store, &expected.reference()).await.record, expected);
    }
}

pub(super) async fn difficult_texts_come_back_unchanged_in_every_kind_of_field(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut records: Vec<Record> = Vec::new();
    for (index, text) in DIFFICULT_TEXTS.iter().enumerate() {
        let key = format!("texte-{index}");
        let mut in_initiative = initiative(&key, text);
        in_initiative.summary = Some(value(text));
        in_initiative.status_reason = Some(value(text));
        in_initiative.tags = vec![value(text), value("tag"), value(text)];
        in_initiative.links = vec![Link { url: None, label: Some(value(text)) }];
        let mut in_case_study = case_study(&key, text);
        in_case_study.sections = vec![Section {
            kind: SectionKind::Problem,
            heading: Some(value(text)),
            markdown: format!("\u{feff}{text}\u{0}{text} "),
        }];
        let mut in_organisation = organisation(&key, text);
        in_organisation.other_names = vec![value(text)];
        let mut in_source = source(&key, text);
        in_source.description = Some(value(text));
        let mut in_town = town(&format!("insee:{index}"), text);
        in_town.postcodes = vec![value(text)];
        in_town.former = vec![FormerTown { key: value(&format!("insee:former-{index}")), name: value(text) }];
        records.extend([
            in_initiative.into(),
            in_case_study.into(),
            in_organisation.into(),
            in_source.into(),
            in_town.into(),
            topic(&key, text).into(),
            area(&format!("other:{index}"), text).into(),
            note(&key, &key, text).into(),
        ]);
    }
    apply(&*store, "texts", put_all(records.clone())).await;
    let references: Vec<RecordRef> = records.iter().map(Record::reference).collect();
    for (expected, stored) in records.iter().zip(ok(store.records(&references).await)) {
        assert_eq!(stored.map(|stored| stored.record).as_ref(), Some(expected));
    }
}

pub(super) async fn a_text_of_a_megabyte_comes_back_whole(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut long = case_study("long", "Long");
    let body = "Été à la médiathèque, 🧵 et œuvre.\n".repeat(1 << 15);
    assert!(body.len() > 1 << 20);
    long.sections = vec![Section { kind: SectionKind::Other, heading: None, markdown: body.clone() }];
    apply(&*store, "long", put_all([initiative("long", "Long").into(), Record::from(long.clone())])).await;
    assert_eq!(record(&*store, &reference("case-study/long/fr")).await.record, long.clone().into());
    let mut longer = long.clone();
    longer.sections[0].markdown.push_str("fin");
    apply(&*store, "longer", put_all([longer])).await;
    let entries = history(&*store, &reference("case-study/long/fr"), None, 1).await;
    let sections = entries.items[0].changes.iter().find(|change| change.field == "sections");
    let before = sections.and_then(|change| change.before.as_ref()).and_then(|before| before[0]["markdown"].as_str());
    assert!(before == Some(body.as_str()), "history does not keep the former text");
}

pub(super) async fn long_names_are_kept(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let name = "Saint-Étienne ".repeat(3000);
    let records: Vec<Record> = vec![
        area("other:long", &name).into(),
        initiative("long", &name).into(),
        case_study("long", &name).into(),
        note("long", "long", &name).into(),
        organisation("long", &name).into(),
        source("long", &name).into(),
        topic("long", &name).into(),
        town("insee:1", &name).into(),
    ];
    apply(&*store, "long", put_all(records.clone())).await;
    for expected in records {
        assert!(record(&*store, &expected.reference()).await.record == expected, "{} differs", expected.reference());
    }
    let longest = "a".repeat(200);
    let keyed = [initiative(&longest, "Clef longue").into(), Record::from(case_study(&longest, "Clef longue"))];
    apply(&*store, "key", put_all(keyed.clone())).await;
    for expected in keyed {
        assert_eq!(record(&*store, &expected.reference()).await.record, expected);
    }
}

pub(super) async fn records_come_in_the_order_asked_for(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "bare", put_all(bare())).await;
    let asked: Vec<RecordRef> = [
        "town/insee:47001",
        "topic/unknown",
        "area/country:FR",
        "town/insee:47001",
        "case-study/sobre/fr",
        "case-study/sobre/en",
        "initiative/sobre",
        "topic/mediation",
        "topic/unknown",
        "area/country:FR",
    ]
    .map(reference)
    .to_vec();
    let unknown = [reference("topic/unknown"), reference("case-study/sobre/en")];
    let found: Vec<Option<RecordRef>> =
        ok(store.records(&asked).await).into_iter().map(|stored| Some(stored?.record.reference())).collect();
    let expected: Vec<Option<RecordRef>> =
        asked.into_iter().map(|reference| (!unknown.contains(&reference)).then_some(reference)).collect();
    assert_eq!(found, expected);
}

pub(super) async fn a_large_batch_is_answered_in_one_call(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let towns: Vec<_> = (0..1200).map(|number| town(&format!("insee:{number:05}"), &format!("Ville {number}"))).collect();
    apply(&*store, "towns", put_all(towns)).await;
    // Each second one is not there.
    let asked: Vec<RecordRef> =
        (0..2400).map(|half| reference(&format!("town/insee:{}{:05}", if half % 2 == 0 { "" } else { "x" }, half / 2))).collect();
    let answer = ok(store.records(&asked).await);
    assert_eq!(answer.len(), asked.len());
    for (reference, stored) in asked.iter().zip(answer) {
        let is_there = !reference.key().contains('x');
        assert_eq!(stored.map(|stored| stored.record.reference()), is_there.then(|| reference.clone()));
    }
    assert_eq!(ok(store.neighbours(&asked, &ALL_SIDES).await).len(), asked.len());
    assert_eq!(ok(store.history(&asked, None, 1).await).iter().filter(|page| page.items.len() == 1).count(), 1200);
    assert_eq!(ok(store.history_counts(&asked).await).iter().sum::<usize>(), 1200);
}

pub(super) async fn a_key_of_one_kind_does_not_name_another_kind(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut aliased = topic("mediation", "Médiation");
    aliased.aliases = vec![value("autre")];
    let records: Vec<Record> = vec![aliased.into(), organisation("mairie", "Mairie").into()];
    apply(&*store, "put", put_all(records)).await;
    for absent in ["organisation/mediation", "initiative/mediation", "organisation/autre", "topic/mairie", "source/mairie"] {
        assert_eq!(find(&*store, &reference(absent)).await, None, "{absent}");
    }
    // The same key serves every kind.
    let same: Vec<Record> = vec![
        initiative("mediation", "Médiation").into(),
        organisation("mediation", "Médiation").into(),
        source("mediation", "Médiation").into(),
        note("mediation", "mediation", "Quoi ?").into(),
    ];
    apply(&*store, "same", put_all(same.clone())).await;
    for expected in same {
        assert_eq!(record(&*store, &expected.reference()).await.record, expected);
    }
    assert_eq!(record(&*store, &reference("topic/autre")).await.record.reference(), reference("topic/mediation"));
}

pub(super) async fn keys_differ_by_case(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let pair = ["epci:ab", "epci:AB"].map(|key| area(key, key));
    apply(&*store, "case", put_all(pair)).await;
    for key in ["epci:AB", "epci:ab"] {
        assert_eq!(record(&*store, &reference(&format!("area/{key}"))).await.record, area(key, key).into());
    }
    assert_eq!(find(&*store, &reference("area/epci:Ab")).await, None);
    let keys = ok(store.page(RecordKind::Area, None, 10).await).items;
    assert_eq!(keys.iter().map(|stored| stored.record.reference().key().to_owned()).collect::<Vec<_>>(), ["epci:AB", "epci:ab"]);
}

pub(super) async fn homonyms_are_kept_apart(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let saints: Vec<_> = ["insee:16351", "insee:33480", "insee:40280"].map(|key| town(key, "Saint-Martin")).to_vec();
    apply(&*store, "saints", put_all(saints.clone())).await;
    for expected in saints {
        let expected = Record::from(expected);
        assert_eq!(record(&*store, &expected.reference()).await.record, expected);
    }
    assert_eq!(ok(store.page(RecordKind::Town, None, 10).await).items.len(), 3);
}

pub(super) async fn former_codes_name_the_present_town(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut merged = town("insee:49007", "Angers-la-Neuve");
    merged.former = ["insee:49001", "insee:49002"].map(|key| FormerTown { key: value(key), name: value("Autrefois") }).to_vec();
    merged.aliases = vec![value("geonames:3037656")];
    apply(&*store, "merged", put_all([merged.clone()])).await;
    let asked = ["insee:49002", "insee:49007", "geonames:3037656", "insee:49003", "insee:49001"]
        .map(|key| reference(&format!("town/{key}")));
    let found: Vec<Option<Record>> =
        ok(store.records(&asked).await).into_iter().map(|stored| stored.map(|stored| stored.record)).collect();
    let expected = Some(Record::from(merged));
    assert_eq!(found, [expected.clone(), expected.clone(), expected.clone(), None, expected]);
}

pub(super) async fn aliases_name_records_of_every_kind_that_has_them(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "full", put_all(full())).await;
    let mut count = 0;
    for expected in full() {
        for alias in expected.aliases() {
            assert_eq!(record(&*store, &alias).await.record, expected, "{alias}");
            count += 1;
        }
    }
    assert!(count > 8);
    // Aliases are for records only: everything else goes by present keys.
    let alias = reference("organisation/urban");
    assert_eq!(neighbours(&*store, &alias, &ALL_SIDES).await.count, Some(0));
    assert_eq!(history(&*store, &alias, None, 10).await.items, []);
    assert_eq!(ok(store.history_counts(std::slice::from_ref(&alias)).await), [0]);
    assert_eq!(ok(store.path(&alias, &reference("organisation/mairie"), 3).await), None);
}

pub(super) async fn an_alias_that_was_dropped_names_nothing(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let mut aliased = topic("mediation", "Médiation");
    aliased.aliases = vec![value("inclusion"), value("accompagnement")];
    apply(&*store, "first", put_all([aliased.clone()])).await;
    aliased.aliases = vec![value("accompagnement")];
    apply(&*store, "second", put_all([aliased.clone()])).await;
    assert_eq!(find(&*store, &reference("topic/inclusion")).await, None);
    assert_eq!(record(&*store, &reference("topic/accompagnement")).await.record, aliased.into());
    // It is free again, as a key of its own.
    apply(&*store, "third", put_all([topic("inclusion", "Inclusion")])).await;
    assert_eq!(record(&*store, &reference("topic/inclusion")).await.record, topic("inclusion", "Inclusion").into());
}

pub(super) async fn pages_go_through_a_kind_by_key(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let keys = ["a", "a-b", "a1", "ab", "b", "b-1", "b-10", "b-2", "z"];
    let mut shuffled = keys.map(|key| Record::from(topic(key, key))).to_vec();
    shuffled.reverse();
    shuffled.push(organisation("b-15", "Autre sorte").into());
    apply(&*store, "topics", put_all(shuffled)).await;
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    for first in 1..=keys.len() + 1 {
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let page = ok(store.page(RecordKind::Topic, after.as_deref(), first).await);
            assert!(page.items.len() <= first);
            seen.extend(page.items.iter().map(|stored| stored.record.reference().key().to_owned()));
            assert!(seen.len() <= keys.len(), "pages of {first} do not come to an end");
            after = seen.last().cloned();
            if !page.has_more {
                break;
            }
            assert_eq!(page.items.len(), first, "a page that is not full says that there is more");
        }
        assert_eq!(seen, sorted, "by pages of {first}");
    }
    // After a key that is not there, and of no page at all.
    let page = ok(store.page(RecordKind::Topic, Some("b-11"), 2).await);
    assert_eq!(page.items.iter().map(|stored| stored.record.reference().key().to_owned()).collect::<Vec<_>>(), ["b-2", "z"]);
    assert!(!page.has_more);
    assert_eq!(ok(store.page(RecordKind::Topic, None, 0).await), Page { items: Vec::new(), has_more: true });
}
