//! Full text: what people type finds what they mean.

use maillage_explore::Snapshot;
use maillage_explore::question::{HitPage, InitiativeFilter, InitiativeOrder, PageRequest};
use maillage_explore::text::{Otherwise, Query, extracts};
use maillage_graph_schema::model::Record;
use maillage_graph_schema::store::Stored;
use proptest::prelude::*;

use crate::filters::walk;
use crate::oracle::Oracle;
use crate::world::{self, WORDS, initiative, place, stored, telling};

fn filter(text: &str) -> InitiativeFilter {
    InitiativeFilter { text: Some(text.to_owned()), ..InitiativeFilter::default() }
}

fn search(snapshot: &Snapshot, text: &str) -> Vec<String> {
    let page = snapshot.initiatives(&filter(text), InitiativeOrder::Relevance, &PageRequest::first(1000)).expect("an answer");
    page.items.into_iter().map(|hit| hit.key).collect()
}

fn library() -> Snapshot {
    let mut records = world::country();
    records.extend(telling(
        "guichets-ouverts",
        "fr",
        "Guichets ouverts et agents debout",
        "Les agents conduisent les habitants jusqu'aux postes numériques.",
        "L'accueil a changé : les guichets sont ouverts, les agents marchent avec l'habitant.",
    ));
    records.extend(telling(
        "maison-commune",
        "fr",
        "Une maison des services",
        "Un guichet unique pour les démarches.",
        "Les habitants trouvent un guichet unique. Le cœur du projet est l'écoute. Une école s'y est installée.",
    ));
    records.extend(telling(
        "walking-desk",
        "en",
        "Open counters and walking officers",
        "Officers walk citizens to the digital desks.",
        "The libraries were closed before; now the library is open.",
    ));
    records.extend(telling(
        "capteurs",
        "fr",
        "Des capteurs en ville",
        "Mesurer l'air.",
        "Un capteur n'est pas un unique guichet.",
    ));
    let mut kiosk = initiative("borne", "de", "Bürgerterminal");
    kiosk.kind = Some("guichet".parse().expect("a key"));
    kiosk.places = vec![place("insee:47001")];
    records.push(stored(kiosk));
    Snapshot::of(1, records).expect("an index")
}

#[test]
fn what_people_type_finds_what_they_mean() {
    let snapshot = library();
    for (text, found) in [
        // With what says the same in English.
        ("guichets", vec!["walking-desk", "guichets-ouverts", "maison-commune", "capteurs"]),
        ("GUICHET", vec!["walking-desk", "guichets-ouverts", "maison-commune", "capteurs"]),
        ("agent debout", vec!["guichets-ouverts"]),
        ("coeur", vec!["maison-commune"]),
        ("l’ecole", vec!["maison-commune"]),
        ("library", vec!["walking-desk"]),
        ("walk", vec!["walking-desk"]),
        ("burgerterminal", vec!["borne"]),
        // The name of a topic in whatever language, with its other names, and of a town.
        ("kiosk", vec!["borne", "maison-commune"]),
        ("kiosks", vec!["borne", "maison-commune"]),
        ("Agen", vec!["borne"]),
        // Few have both words: those with one are found, too.
        ("kiosk Agen", vec!["borne", "maison-commune"]),
        ("guichet unique", vec!["borne", "maison-commune", "capteurs", "guichets-ouverts"]),
        ("\"guichet unique\"", vec!["maison-commune"]),
        ("\"unique guichet\"", vec!["capteurs"]),
        ("guichet -agents", vec!["walking-desk", "maison-commune", "capteurs"]),
        ("-guichet", vec!["borne", "walking-desk"]),
        // Mistyped, and nothing else is found.
        ("capetur", vec!["capteurs"]),
        ("guichetts", vec!["walking-desk", "guichets-ouverts", "maison-commune", "capteurs"]),
        ("libary", vec!["walking-desk"]),
        // Nothing has all the words: what has some of them is found.
        ("capteurs prison introuvable", vec!["capteurs"]),
        ("introuvable", vec![]),
        ("de la", vec![]),
        ("🙂", vec!["borne", "capteurs", "guichets-ouverts", "maison-commune", "walking-desk"]),
        ("", vec!["borne", "capteurs", "guichets-ouverts", "maison-commune", "walking-desk"]),
    ] {
        let mut answer = search(&snapshot, text);
        if text.trim().is_empty() || text == "-guichet" || text == "🙂" {
            answer.sort();
        }
        assert_eq!(answer, found, "{text:?}");
        assert_eq!(snapshot.count(&filter(text)), Ok(found.len() as u64), "{text:?}");
    }
}

#[test]
fn title_and_summary_weigh_more_than_the_text() {
    let mut records = world::country();
    let body = "Rien de particulier. ".repeat(5);
    records.extend(telling("in-text", "fr", "Autre chose", "Encore autre chose", &format!("{body} médiation {body}")));
    records.extend(telling("in-summary", "fr", "Autre chose", "Une médiation", &format!("{body} {body}")));
    records.extend(telling("in-title", "fr", "Médiation ici", "Encore autre chose", &format!("{body} {body}")));
    let snapshot = Snapshot::of(1, records).expect("an index");
    assert_eq!(search(&snapshot, "médiations"), ["in-title", "in-summary", "in-text"]);
}

#[test]
fn a_text_goes_with_other_filters_orders_and_facets() {
    let snapshot = library();
    let with_language = InitiativeFilter { languages: vec!["fr".to_owned()], ..filter("guichet -capteurs") };
    let page = snapshot.initiatives(&with_language, InitiativeOrder::TitleAscending, &PageRequest::default()).expect("a page");
    assert_eq!(page.items.iter().map(|hit| hit.key.as_str()).collect::<Vec<_>>(), ["guichets-ouverts", "maison-commune"]);
    assert!(page.items.iter().all(|hit| hit.score.is_some_and(|score| score > 0.0)));
    let walked = walk(1, false, |request| {
        snapshot.initiatives(&filter("guichet unique"), InitiativeOrder::Relevance, request).expect("a page")
    });
    let keys: Vec<&str> = walked.iter().map(|hit| hit.key.as_str()).collect();
    assert_eq!(keys, ["borne", "maison-commune", "capteurs", "guichets-ouverts"]);
}

#[test]
fn extracts_show_why() {
    let records = telling(
        "maison",
        "fr",
        "Une maison <des> services",
        "Un guichet unique & gratuit.",
        "Rien ici.\n\nUn [guichet](https://example.org/guichet) pour *tous*.",
    );
    let Record::CaseStudy(case_study) = &records[1].record else { unreachable!("the second is the case study") };
    let found = extracts(&Query::parse("guichets services"), &Otherwise::default(), case_study, 3);
    let shown: Vec<(&str, &str)> = found.iter().map(|extract| (extract.field.as_str(), extract.html.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("title", "Une maison &lt;des&gt; <mark>services</mark>"),
            ("summary", "Un <mark>guichet</mark> unique &amp; gratuit."),
            ("solution", "Rien ici. Un <mark>guichet</mark> pour tous."),
        ]
    );
    assert_eq!(extracts(&Query::parse("guichet"), &Otherwise::default(), case_study, 1).len(), 1);
    assert_eq!(extracts(&Query::parse("-guichet"), &Otherwise::default(), case_study, 3), []);
}

#[test]
fn what_was_found_by_a_near_word_shows_it() {
    let mut records = world::country();
    let told = telling("carte", "fr", "Des commerces", "La cartographie des commerces.", "Rien.");
    let Record::CaseStudy(case_study) = told[1].record.clone() else { unreachable!("the second is the case study") };
    records.extend(told);
    let snapshot = Snapshot::of(1, records).expect("an index");
    assert_eq!(search(&snapshot, "cartografie"), ["carte"]);
    let query = Query::parse("cartografie");
    assert_eq!(extracts(&query, &snapshot.said_otherwise(&query), &case_study, 3), []);
    let found = extracts(&query, &snapshot.mistyped(&query), &case_study, 3);
    let shown: Vec<&str> = found.iter().map(|extract| extract.html.as_str()).collect();
    assert_eq!(shown, ["La <mark>cartographie</mark> des commerces."]);
    // A word that is there is not mistyped.
    let known = Query::parse("commerce");
    assert_eq!(extracts(&Query::parse("rien d'autre"), &snapshot.mistyped(&known), &case_study, 3).len(), 1);
}

fn query() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => prop::sample::select(WORDS).prop_map(|word| format!("-{word}")),
        1 => (prop::sample::select(WORDS), prop::sample::select(WORDS)).prop_map(|(one, other)| format!("\"{one} {other}\"")),
        1 => "\\PC{0,8}",
    ];
    prop::collection::vec(word, 0..5).prop_map(|words| words.join(" "))
}

fn answer(snapshot: &Snapshot, text: &str) -> HitPage {
    let mut page = snapshot.initiatives(&filter(text), InitiativeOrder::Relevance, &PageRequest::first(1000)).expect("an answer");
    page.items.iter_mut().for_each(|hit| hit.cursor.clear());
    page
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Scores and all: the answers do not tell how the index came about.
    #[test]
    fn a_changed_index_finds_what_a_new_one_does(
        initiatives in world::initiatives(),
        changes in prop::collection::vec(prop::collection::vec((0..world::INITIATIVES).prop_flat_map(world::told), 1..3), 1..12),
        queries in prop::collection::vec(query(), 12),
    ) {
        let mut oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let mut snapshot = Snapshot::of(1, oracle.records()).expect("an index");
        for told in changes {
            let changed: Vec<Stored> = Oracle::new(told.into_iter().flatten()).records();
            oracle.put(changed.clone());
            snapshot = snapshot.with(2, oracle.with_what_belongs(&changed)).expect("an index");
        }
        let anew = Snapshot::of(2, oracle.records()).expect("an index");
        for text in &queries {
            prop_assert_eq!(answer(&snapshot, text), answer(&anew, text), "{:?}", text);
        }
    }

    #[test]
    fn anything_has_an_answer(text: String, words in prop::collection::vec("\\PC{1,12}", 0..1200)) {
        let snapshot = library();
        answer(&snapshot, &text);
        answer(&snapshot, &words.join(" "));
    }
}
