//! Which pairs are proposed as one initiative, and which are not.

use maillage_importer::duplicates::{Candidate, Wanted, find};
use serde_json::{Value, json};

use crate::fixtures::Bench;

/// What other initiatives are called: so that some words are common.
const OTHERS: [&str; 12] = [
    "Un kiosque numérique à la mairie",
    "Kiosque d'accès aux droits",
    "Le numérique à la bibliothèque",
    "Ateliers numériques pour les aînés",
    "Un fab lab à la médiathèque",
    "Le fab lab des écoles",
    "Wifi public en centre-ville",
    "Des données ouvertes pour les transports",
    "Budget participatif en ligne",
    "Cartographie des commerces",
    "Guichet unique de la petite enfance",
    "Le bus numérique",
];

fn initiative(key: &str, source: &str, title: &str, more: &Value) -> String {
    let mut record = json!({
        "key": key, "title": title, "language": "fr", "provenance": [{ "source": source, "path": format!("{key}.md") }],
    });
    if let (Value::Object(record), Value::Object(more)) = (&mut record, more.clone()) {
        record.extend(more);
    }
    json!({ "kind": "initiative", "record": record }).to_string()
}

fn telling(key: &str, source: &str, title: &str, text: &str) -> String {
    let record = json!({
        "initiative": key, "language": "fr", "title": title, "sections": [{ "kind": "other", "markdown": text }],
        "provenance": [{ "source": source, "path": format!("{key}.md") }],
    });
    json!({ "kind": "case-study", "record": record }).to_string()
}

fn text(from: usize) -> String {
    (from..from + 60).map(|number| format!("mot{number}")).collect::<Vec<_>>().join(" ")
}

/// A graph with two initiatives beside others, and what is proposed of them.
async fn proposed(one: (&str, &str, Value, &str), other: (&str, &str, Value, &str), least: f64) -> Vec<Candidate> {
    let bench = Bench::new().await;
    let mut lines: Vec<String> = ["agen", "voisins"]
        .iter()
        .map(|key| json!({ "kind": "source", "record": { "key": key, "name": key, "kind": "directory" } }).to_string())
        .collect();
    lines.push(json!({ "kind": "organisation", "record": { "key": "ici", "name": "Médialab" } }).to_string());
    lines.push(json!({ "kind": "organisation", "record": { "key": "la", "name": "MEDIALAB" } }).to_string());
    for (number, title) in OTHERS.iter().enumerate() {
        lines.push(initiative(&format!("autre-{number}"), "agen", title, &json!({})));
    }
    for (key, (source, title, more, text)) in [("une", one), ("autre", other)] {
        lines.push(initiative(key, source, title, &more));
        if !text.is_empty() {
            lines.push(telling(key, source, title, text));
        }
    }
    bench.put_by("import of agen", &lines.join("\n")).await;
    find(&*bench.store, &Wanted { source: None, least: Some(least) }).await.expect("pairs")
}

#[tokio::test]
async fn pairs_are_proposed_by_what_speaks_for_them() {
    let none = || json!({});
    let agen = || json!({ "places": [{ "target": { "town": "insee:47001" } }] });
    let roubaix = || json!({ "places": [{ "target": { "town": "insee:59512" } }] });
    let link = |address: &str| json!({ "links": [{ "url": address }] });
    let by = |organisation: &str| json!({ "involvements": [{ "organisation": organisation, "role": "operator" }] });
    let (here, there) = ("agen", "voisins");
    let written = "Permis de végétaliser les trottoirs";
    for (one, other, expected, why) in [
        ((here, written, none(), ""), (there, written, none(), ""), true, "the same rare title"),
        (
            (here, written, agen(), ""),
            (there, "Végétaliser les trottoirs : le permis", agen(), ""),
            true,
            "the same words and town",
        ),
        ((here, written, agen(), ""), (there, written, roubaix(), ""), false, "the same title in two towns"),
        ((here, "Fab lab", none(), ""), (there, "Fab lab", none(), ""), false, "a title of common words"),
        ((here, "Fab lab", agen(), ""), (there, "Le fab lab", agen(), ""), false, "a title of common words in one town"),
        (
            (here, "Verdir", link("https://www.verdir.fr/permis/"), ""),
            (there, "Verdir la rue", link("http://verdir.fr/permis#haut"), ""),
            true,
            "one link, however written",
        ),
        ((here, "Pousses", none(), &text(0)), (there, "Jardins de rue", none(), &text(0)), true, "a copied text"),
        ((here, "Pousses", agen(), &text(0)), (there, "Jardins de rue", agen(), &text(500)), false, "the town alone"),
        (
            (here, "Verdir ensemble", by("ici"), ""),
            (there, "Verdir ensemble", by("la"), ""),
            true,
            "one organisation under two keys",
        ),
        ((here, written, none(), ""), (here, written, none(), ""), false, "one source would not tell it twice"),
        (
            (here, written, agen(), ""),
            (there, written, json!({ "places": agen()["places"], "distinct_from": ["une"] }), ""),
            false,
            "a person said that they are two",
        ),
        (
            (here, written, agen(), ""),
            (there, written, json!({ "inspired_by": [{ "original": { "initiative": "une" }, "declared_by": "adopter" }] }), ""),
            false,
            "one names the other as what it copied",
        ),
    ] {
        let found = proposed(one, other, 0.5).await;
        let is_it = found.iter().any(|pair| pair.one.key.as_str() == "autre" && pair.other.key.as_str() == "une");
        assert_eq!(is_it, expected, "{why}: {found:#?}");
    }
}

#[tokio::test]
async fn a_copy_is_found_beside_a_longer_translation() {
    let bench = Bench::new().await;
    let sources =
        ["agen", "voisins"].map(|key| json!({ "kind": "source", "record": { "key": key, "name": key, "kind": "directory" } }));
    let mut lines: Vec<String> = sources.iter().map(ToString::to_string).collect();
    for (key, source, own) in [("une", "agen", 1_000), ("autre", "voisins", 2_000)] {
        lines.push(initiative(key, source, if source == "agen" { "Pousses" } else { "Jardins" }, &json!({})));
        lines.push(telling(key, source, "Un titre", &text(0)));
        let longer = format!("{} {}", text(own), text(own + 500));
        lines.push(telling(key, source, "A title", &longer).replace("\"language\":\"fr\"", "\"language\":\"en\""));
    }
    bench.put_by("import of agen", &lines.join("\n")).await;
    let found = find(&*bench.store, &Wanted { source: None, least: Some(0.5) }).await.expect("pairs");
    assert_eq!(found.len(), 1, "{found:#?}");
}

#[tokio::test]
async fn the_reasons_add_up() {
    let agen = json!({ "places": [{ "target": { "town": "insee:47001" } }] });
    let found = proposed(
        ("agen", "Permis de végétaliser", agen.clone(), &text(0)),
        ("voisins", "Permis de végétaliser", agen, &text(20)),
        0.0,
    )
    .await;
    let pair = found.first().expect("a pair");
    let sum: f64 = pair.evidence.iter().map(|evidence| evidence.weight).sum();
    let expected = 1.0 / (1.0 + (4.5 - sum).exp());
    assert!((pair.probability - expected).abs() < 1e-12, "{pair:?}");
    assert!(found.iter().all(|other| other.probability <= pair.probability), "the likeliest first");
}
