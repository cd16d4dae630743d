//! Similar initiatives and towns: against plain loops, and what is always true of them.

use std::collections::BTreeMap;

use maillage_explore::Snapshot;
use maillage_explore::similarity::{InitiativeWeights, ReasonKind, Similar, TownWeights};
use maillage_graph_schema::model::{Area, Audience, Record, RecordKind};
use maillage_graph_schema::store::Stored;
use proptest::prelude::*;

use crate::oracle::Oracle;
use crate::similarity_oracle::{Likeness, Proposed};
use crate::world::{self, INITIATIVES, TOWNS, key_of, stored};

/// Two more intercommunalities, so that towns can be alike in type; key, form, the towns that they take.
const INTERCOMMUNALITIES: &[(&str, &str, &[&str])] = &[
    ("epci:200096956", "CA", &["insee:47001"]),
    ("epci:244700000", "CA", &["insee:47157", "insee:17004"]),
    ("epci:200054781", "METRO", &["insee:94038", "insee:93066", "insee:75056"]),
];

fn country() -> Vec<Stored> {
    let mut records = world::country();
    records.extend(INTERCOMMUNALITIES.iter().map(|(key, form, _)| {
        stored(Area {
            key: key.parse().expect("a key"),
            aliases: Vec::new(),
            name: format!("Intercommunalité {key}").parse().expect("a name"),
            form: Some(form.parse().expect("a form")),
            part_of: vec!["region:75".parse().expect("a key")],
            bounds: None,
            provenance: Vec::new(),
        })
    }));
    for stored in &mut records {
        if let Record::Town(town) = &mut stored.record {
            let takes = INTERCOMMUNALITIES.iter().filter(|(_, _, towns)| towns.contains(&town.key.as_str()));
            town.part_of.extend(takes.map(|(key, _, _)| key.parse().expect("a key")));
            town.part_of.dedup();
        }
    }
    records
}

fn weights() -> impl Strategy<Value = InitiativeWeights> {
    let weight = || prop_oneof![Just(0.0), Just(1.0), 0.0..=10.0f64];
    let changed = prop::array::uniform10(weight()).prop_map(
        |[topics, kind, audience, text, size, r#type, area, distance, organisation, adoption]| InitiativeWeights {
            shared_topics: topics,
            same_kind: kind,
            shared_audience: audience,
            similar_text: text,
            town_size: size,
            town_type: r#type,
            same_area: area,
            distance,
            same_organisation: organisation,
            adoption,
        },
    );
    prop_oneof![Just(InitiativeWeights::default()), changed]
}

fn town_weights() -> impl Strategy<Value = TownWeights> {
    let weight = || prop_oneof![Just(0.0), Just(1.0), 0.0..=10.0f64];
    let changed = prop::array::uniform5(weight()).prop_map(|[town_size, town_type, same_area, distance, similar_activity]| {
        TownWeights { town_size, town_type, same_area, distance, similar_activity }
    });
    prop_oneof![Just(TownWeights::default()), changed]
}

/// Whether what is proposed is the beginning of what the oracle proposes. Scores within a hair of each other may stand in
/// either order: the oracle adds them up in another way.
fn check(proposed: &[Similar], expected: &Proposed, first: usize) -> Result<(), TestCaseError> {
    const HAIR: f64 = 1e-4;
    let mut scores: Vec<f64> = expected.values().map(|(score, _)| *score).collect();
    scores.sort_by(|one, other| other.total_cmp(one));
    let sure = scores.iter().filter(|score| **score > HAIR).count().min(first);
    prop_assert!((sure..=first.min(scores.len())).contains(&proposed.len()), "{} of {:?}", proposed.len(), scores);
    for (similar, score) in proposed.iter().zip(scores) {
        prop_assert!((similar.score - score).abs() < HAIR, "{} has {} and not {}", similar.key, similar.score, score);
        let (_, reasons) = expected.get(&similar.key).expect("what is proposed is proposed by the oracle too");
        let given: BTreeMap<ReasonKind, f64> = similar.reasons.iter().map(|reason| (reason.kind, reason.weight)).collect();
        prop_assert_eq!(given.len(), similar.reasons.len(), "each reason once");
        for kind in ReasonKind::ALL {
            let (ours, theirs) = (given.get(kind).copied().unwrap_or_default(), reasons.get(kind).copied().unwrap_or_default());
            prop_assert!((ours - theirs).abs() < HAIR, "{} {:?}: {} and not {}", similar.key, kind, ours, theirs);
        }
    }
    Ok(())
}

fn sound(snapshot: &Snapshot, subject: &str, proposed: &[Similar]) -> Result<(), TestCaseError> {
    for similar in proposed {
        prop_assert_ne!(similar.key.as_str(), subject, "nothing is similar to itself");
        prop_assert!(!similar.reasons.is_empty() && similar.score > 0.0);
        #[expect(clippy::float_cmp, reason = "the sum is exact")]
        let adds_up = similar.reasons.iter().rev().map(|reason| reason.weight).sum::<f64>() == similar.score;
        prop_assert!(adds_up, "weights add up to the score in whatever order");
        prop_assert!(similar.reasons.is_sorted_by(|one, other| one.weight >= other.weight));
        for reason in &similar.reasons {
            for language in ["fr", "en"] {
                let sentence = reason.explanation(snapshot, language);
                prop_assert!(sentence.len() > 5 && sentence.trim() == sentence && !sentence.ends_with(':'), "{:?}", sentence);
            }
        }
    }
    for pair in proposed.windows(2) {
        prop_assert!(pair[0].score > pair[1].score || pair[0].score >= pair[1].score && pair[0].key < pair[1].key);
    }
    Ok(())
}

fn check_all(
    oracle: &Oracle,
    snapshot: &Snapshot,
    weights: &InitiativeWeights,
    of_towns: &TownWeights,
    first: usize,
) -> Result<(), TestCaseError> {
    let likeness = Likeness::new(oracle);
    for number in 0..INITIATIVES {
        let key = key_of(number);
        let proposed = snapshot.similar_initiatives(key.as_str(), weights, first).expect("an answer");
        let expected = likeness.similar_initiatives(key.as_str(), weights);
        prop_assert_eq!(proposed.is_some(), expected.is_some());
        if let Some((proposed, expected)) = proposed.zip(expected) {
            let present = oracle.find(RecordKind::Initiative, key.as_str()).expect("it is there");
            sound(snapshot, present.key(), &proposed)?;
            check(&proposed, &expected, first)?;
        }
    }
    for row in TOWNS {
        let proposed = snapshot.similar_towns(row.0, of_towns, first).expect("an answer");
        let expected = likeness.similar_towns(row.0, of_towns);
        prop_assert_eq!(proposed.is_some(), expected.is_some());
        if let Some((proposed, expected)) = proposed.zip(expected) {
            let present = oracle.find(RecordKind::Town, row.0).expect("it is there");
            sound(snapshot, present.key(), &proposed)?;
            check(&proposed, &expected, first)?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn similarity_is_what_plain_loops_say(
        initiatives in world::initiatives(),
        weights in weights(),
        of_towns in town_weights(),
        first in prop::sample::select(vec![3, 100]),
    ) {
        let oracle = Oracle::new(country().into_iter().chain(initiatives.into_iter().flatten()));
        check_all(&oracle, &Snapshot::of(1, oracle.records()).expect("an index"), &weights, &of_towns, first)?;
    }

    #[test]
    fn similarity_follows_changes(
        initiatives in world::initiatives(),
        changes in prop::collection::vec(
            (prop::collection::vec((0..INITIATIVES).prop_flat_map(world::told), 1..3), prop::collection::vec(world::changed_town(), 0..2)),
            1..4,
        ),
        weights in weights(),
        of_towns in town_weights(),
    ) {
        let mut oracle = Oracle::new(country().into_iter().chain(initiatives.into_iter().flatten()));
        let mut snapshot = Snapshot::of(1, oracle.records()).expect("an index");
        for (told, towns) in changes {
            let changed = Oracle::new(told.into_iter().flatten().chain(towns)).records();
            oracle.put(changed.clone());
            snapshot = snapshot.with(2, oracle.with_what_belongs(&changed)).expect("an index");
        }
        check_all(&oracle, &snapshot, &weights, &of_towns, 100)?;
        // Not only near: the same to the last digit, words and sentences included.
        let anew = Snapshot::of(2, oracle.records()).expect("an index");
        for number in 0..INITIATIVES {
            let key = key_of(number);
            prop_assert_eq!(snapshot.similar_initiatives(key.as_str(), &weights, 100), anew.similar_initiatives(key.as_str(), &weights, 100));
        }
        for row in TOWNS {
            prop_assert_eq!(snapshot.similar_towns(row.0, &of_towns, 100), anew.similar_towns(row.0, &of_towns, 100));
        }
    }

    #[test]
    fn likeness_is_mutual(initiatives in world::initiatives()) {
        let snapshot = Snapshot::of(1, country().into_iter().chain(initiatives.into_iter().flatten()).collect()).expect("an index");
        let weights = InitiativeWeights::default();
        let scores = |key: &str| -> BTreeMap<String, f64> {
            let proposed = snapshot.similar_initiatives(key, &weights, 100).expect("an answer").unwrap_or_default();
            proposed.into_iter().map(|similar| (similar.key, similar.score)).collect()
        };
        for number in 0..INITIATIVES {
            let Some(key) = snapshot.initiative_key(key_of(number).as_str()) else { continue };
            for (other, score) in scores(&key) {
                prop_assert_eq!(scores(&other).get(&*key).copied(), Some(score), "{} and {}", key, other);
            }
        }
    }
}

fn snapshot_of(records: Vec<Stored>) -> Snapshot {
    Snapshot::of(1, country().into_iter().chain(records).collect()).expect("an index")
}

fn keys(proposed: Option<Vec<Similar>>) -> Vec<String> {
    proposed.expect("it is there").into_iter().map(|similar| similar.key).collect()
}

fn similar(snapshot: &Snapshot, key: &str) -> Vec<Similar> {
    snapshot.similar_initiatives(key, &InitiativeWeights::default(), 10).expect("an answer").expect("it is there")
}

/// Initiatives that have nothing to do with anything, so that words and topics are rare.
fn others(count: usize) -> Vec<Stored> {
    let letter = |number: usize| "abcdefghij".chars().nth(number).expect("few");
    let word = |number: usize| format!("autre{}{}k", letter(number / 10), letter(number % 10));
    (0..count).flat_map(|number| world::telling(&format!("other-{number}"), "fr", &word(number), "", "")).collect()
}

fn with(mut records: Vec<Stored>, change: impl FnOnce(&mut maillage_graph_schema::model::Initiative)) -> Vec<Stored> {
    if let Record::Initiative(initiative) = &mut records[0].record {
        change(initiative);
    }
    records
}

#[test]
fn what_cannot_be_asked_is_said() {
    let snapshot = snapshot_of(world::telling("one", "fr", "Un guichet", "", ""));
    let ask = |weights: &InitiativeWeights, first| {
        snapshot.similar_initiatives("one", weights, first).map_err(|error| error.to_string())
    };
    let plain = InitiativeWeights::default();
    assert_eq!(ask(&plain, 101), Err("first: 101 is not the length of this list: from 0 to 100".to_owned()));
    for weight in [-0.5, 10.5, f64::NAN, f64::INFINITY] {
        let expected = format!("sameArea: {weight} is not a weight: a number from 0 to 10");
        assert_eq!(ask(&InitiativeWeights { same_area: weight, ..plain }, 1), Err(expected.clone()));
        let of_towns = TownWeights { same_area: weight, ..TownWeights::default() };
        assert_eq!(snapshot.similar_towns("insee:47001", &of_towns, 1).map_err(|error| error.to_string()), Err(expected));
    }
    assert_eq!(ask(&plain, 100), Ok(Some(Vec::new())));
    assert_eq!(snapshot.similar_initiatives("nothing", &plain, 10), Ok(None));
    assert_eq!(snapshot.similar_towns("insee:00000", &TownWeights::default(), 10), Ok(None));
    assert_eq!(snapshot.similar_towns("insee:47001", &TownWeights::default(), 0), Ok(Some(Vec::new())));
}

#[test]
fn a_copy_is_not_similar_to_itself() {
    let text = "Les agents debout conduisent les habitants jusqu'aux postes numériques et restent auprès de ceux qui n'osent pas";
    let here = |initiative: &mut maillage_graph_schema::model::Initiative| initiative.places = vec![world::place("insee:47001")];
    let elsewhere =
        |initiative: &mut maillage_graph_schema::model::Initiative| initiative.places = vec![world::place("insee:47157")];
    let told = |key: &str, title: &str, language: &str| world::telling(key, language, title, "", text);
    let mut records = others(20);
    records.extend(with(told("one", "Guichets ouverts", "fr"), here));
    records.extend(with(told("copy", "Guichets ouverts", "fr"), here));
    records.extend(with(told("retitled", "Guichets ouverts à tous", "fr"), here));
    records.extend(with(told("adopter", "Guichets ouverts", "fr"), elsewhere));
    records.extend(with(world::telling("former", "fr", "Guichets", "", "Des agents debout"), |initiative| {
        initiative.supersedes = vec!["one".parse().expect("a key")];
    }));
    records.extend(world::telling("alike", "fr", "Guichets fermés", "", "Des agents debout"));
    let snapshot = snapshot_of(records);
    let proposed = keys(snapshot.similar_initiatives("one", &InitiativeWeights::default(), 100).expect("an answer"));
    assert_eq!(proposed, ["adopter", "alike"], "the same text elsewhere is another town that does the same");
}

#[test]
fn what_a_source_always_says_counts_for_nothing() {
    let habit = "Cas cité dans une conférence donnée par la direction de cette association";
    let mut records = others(40);
    for (number, word) in ["guichets à Agen", "trois guichets", "fablab", "capteurs", "prison", "budget"].into_iter().enumerate()
    {
        records.extend(with(world::telling(&format!("case-{number}"), "fr", word, habit, ""), |initiative| {
            initiative.provenance = vec![maillage_graph_schema::model::Provenance::of("content".parse().expect("a key"))];
        }));
    }
    let snapshot = snapshot_of(records);
    let proposed = similar(&snapshot, "case-0");
    assert_eq!(proposed.iter().map(|similar| similar.key.as_str()).collect::<Vec<_>>(), ["case-1"]);
    assert_eq!(proposed[0].reasons[0].terms, ["guichets"]);
}

#[test]
fn each_reason_is_told_in_plain_words() {
    let both = |initiative: &mut maillage_graph_schema::model::Initiative, town: &str| {
        initiative.topics = vec!["prison".parse().expect("a key")];
        initiative.kind = Some("mediation".parse().expect("a key"));
        initiative.audiences = vec![Audience::Prisoners];
        initiative.places = vec![world::place(town)];
        initiative.involvements = vec![maillage_graph_schema::model::Involvement {
            organisation: "urban-prod".parse().expect("a key"),
            role: maillage_graph_schema::model::OrganisationRole::Operator,
        }];
    };
    let mut records = others(20);
    records.extend(with(world::telling("one", "fr", "Ateliers en détention", "", ""), |initiative| {
        both(initiative, "insee:47001");
    }));
    records.extend(with(world::telling("two", "fr", "Des ateliers en détention à Marmande", "", ""), |initiative| {
        both(initiative, "insee:47157");
        initiative.inspired_by = vec![maillage_graph_schema::model::Adoption {
            original: maillage_graph_schema::model::Original::Initiative("one".parse().expect("a key")),
            declared_by: maillage_graph_schema::model::DeclaredBy::Adopter,
            date: None,
            adapted: None,
            outcome: None,
            confirmation: None,
        }];
    }));
    let snapshot = snapshot_of(records);
    let proposed = similar(&snapshot, "one");
    let told: BTreeMap<ReasonKind, [String; 2]> = proposed[0]
        .reasons
        .iter()
        .map(|reason| (reason.kind, ["fr-CA", "en"].map(|language| reason.explanation(&snapshot, language))))
        .collect();
    let expected = [
        (
            ReasonKind::SharedTopics,
            "toutes deux sur numérique en prison ; un thème rare ici",
            "both about digital inclusion in prison; a rare topic here",
        ),
        (ReasonKind::SameKind, "de même nature : médiation numérique", "of the same kind: digital mediation"),
        (ReasonKind::SharedAudience, "pour le même public : personnes détenues", "both work with prisoners"),
        (
            ReasonKind::SimilarText,
            "des mots qui comptent dans les deux textes : « ateliers » et « détention »",
            "words that matter in both texts: “ateliers” and “détention”",
        ),
        (
            ReasonKind::TownSize,
            "villes de taille semblable : 32\u{202f}485 et 17\u{202f}000 habitants",
            "towns of similar size: 32,485 and 17,000 inhabitants",
        ),
        (
            ReasonKind::TownType,
            "toutes deux la plus grande ville d’une communauté d’agglomération",
            "each the largest town of an agglomeration community",
        ),
        (ReasonKind::SameArea, "sur le même territoire : Lot-et-Garonne", "in the same area: Lot-et-Garonne"),
        (ReasonKind::Distance, "à 49 km l’une de l’autre", "49 km apart"),
        (ReasonKind::SameOrganisation, "avec le même organisme : Urban Prod", "with the same organisation: Urban Prod"),
        (ReasonKind::Adoption, "elle s’inspire de celle-ci", "it is inspired by this one"),
    ];
    for (kind, french, english) in expected {
        assert_eq!(told.get(&kind), Some(&[french.to_owned(), english.to_owned()]), "{kind:?}");
    }
    assert_eq!(told.len(), expected.len());
    assert_eq!(keys(snapshot.similar_initiatives("two", &InitiativeWeights::default(), 1).expect("an answer")), ["one"]);
}

/// The example of `docs/similarity.md`.
#[test]
fn the_example_worked_by_hand_comes_out() {
    let mut records = others(17);
    for (key, town) in [("agen", "insee:47001"), ("marmande", "insee:47157")] {
        records.extend(with(world::telling(key, "fr", "Détention", "", ""), |initiative| {
            initiative.topics = vec!["prison".parse().expect("a key")];
            initiative.audiences = vec![Audience::Prisoners];
            initiative.places = vec![world::place(town)];
        }));
    }
    let snapshot = Snapshot::of(1, world::country().into_iter().chain(records).collect()).expect("an index");
    let proposed = similar(&snapshot, "agen");
    let told: Vec<(ReasonKind, String)> =
        proposed[0].reasons.iter().map(|reason| (reason.kind, format!("{:.3}", reason.weight))).collect();
    let expected = [
        (ReasonKind::SharedTopics, "1.247"),
        (ReasonKind::SimilarText, "0.333"),
        (ReasonKind::SameArea, "0.300"),
        (ReasonKind::SharedAudience, "0.279"),
        (ReasonKind::TownSize, "0.266"),
        (ReasonKind::Distance, "0.065"),
    ];
    assert_eq!(told, expected.map(|(kind, weight)| (kind, weight.to_owned())));
    assert_eq!(format!("{} {:.2}", proposed[0].key, proposed[0].score), "marmande 2.49");
}
