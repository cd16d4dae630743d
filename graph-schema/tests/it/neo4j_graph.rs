//! A small graph for the tests of the Neo4j store: every kind of record, every relation, and a history. The facts are made up.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::sync::Arc;

use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::document;
use maillage_graph_schema::model::{Record, RecordRef};
use maillage_graph_schema::store::{Applied, GraphStore};
use serde_json::{Value, json};

/// Reads a record from its document.
pub fn record(kind: &str, document: &Value) -> Record {
    document::to_record(kind.parse().unwrap(), document.as_object().unwrap())
        .unwrap_or_else(|error| panic!("{error}: {document}"))
}

/// A change set by the day on which it is made.
pub fn change_set(id: &str, day: u32, operations: Vec<Operation>) -> ChangeSet {
    ChangeSet {
        id: id.parse().unwrap(),
        at: format!("2026-11-{day:02}T09:30:00Z").parse().unwrap(),
        by: "import of talk-2018".parse().unwrap(),
        why: Some("tests".parse().unwrap()),
        operations,
    }
}

pub fn reference(text: &str) -> RecordRef {
    text.parse().unwrap()
}

/// The records, as they are put first.
pub fn records() -> Vec<Record> {
    let provided = |path: &str| {
        json!([{ "source": "talk-2018", "repository": "https://example.org/talk.git", "path": path, "commit": "0a1b2c",
                 "fetched_at": "2026-11-20T08:00:00.000Z", "url": format!("https://example.org/talk/{path}") }])
    };
    let documents = [
        (
            "source",
            json!({ "key": "talk-2018", "aliases": ["talk"], "name": "A talk", "kind": "directory", "language": "fr",
            "address": "https://example.org/talk", "description": "What a talk named", "licence": "CC-BY-4.0" }),
        ),
        ("area", json!({ "key": "country:FR", "name": "France" })),
        ("area", json!({ "key": "region:75", "name": "Nouvelle-Aquitaine", "part_of": ["country:FR"] })),
        ("area", json!({ "key": "region:32", "name": "Hauts-de-France", "part_of": ["country:FR"] })),
        (
            "area",
            json!({ "key": "department:47", "name": "Lot-et-Garonne", "part_of": ["region:75", "country:FR"],
            "bounds": { "west": -0.14, "south": 43.97, "east": 1.07, "north": 44.76 } }),
        ),
        (
            "area",
            json!({ "key": "epci:200096956", "aliases": ["epci:244700001"], "name": "Agglomération d'Agen", "form": "CA",
            "part_of": ["department:47"], "provenance": provided("areas.csv") }),
        ),
        ("area", json!({ "key": "department:59", "name": "Nord", "part_of": ["region:32"] })),
        (
            "town",
            json!({ "key": "insee:47001", "aliases": ["insee:47999"], "name": "Agen", "type": "commune", "population": 32193,
            "postcodes": ["47000"], "point": { "lat": 44.2049, "lon": 0.6212 }, "part_of": ["epci:200096956", "department:47"],
            "former": [{ "key": "insee:47900", "name": "Vieil-Agen" }], "provenance": provided("towns.csv") }),
        ),
        (
            "town",
            json!({ "key": "insee:59512", "name": "Roubaix", "type": "commune", "population": 98286,
            "postcodes": ["59100"], "point": { "lat": 50.6917, "lon": 3.1741 }, "part_of": ["department:59"] }),
        ),
        ("town", json!({ "key": "insee:69123", "name": "Lyon", "type": "commune", "point": { "lat": 45.76, "lon": 4.83 } })),
        (
            "town",
            json!({ "key": "insee:69381", "name": "Lyon 1er", "type": "municipal-arrondissement", "parent": "insee:69123" }),
        ),
        ("topic", json!({ "key": "digital-inclusion", "labels": { "fr": "Inclusion numérique", "en": "Digital inclusion" } })),
        (
            "topic",
            json!({ "key": "counters", "aliases": ["guichets"], "labels": { "fr": "Guichets", "en": "Counters" },
            "alternative_labels": [{ "label": "France services" }, { "label": "accueil", "language": "fr" }],
            "broader": "digital-inclusion", "close_matches": ["https://example.org/concept/42"] }),
        ),
        ("topic", json!({ "key": "wifi", "labels": { "fr": "Wi-Fi" }, "broader": "digital-inclusion" })),
        ("organisation", json!({ "key": "ministry", "name": "Ministry" })),
        (
            "organisation",
            json!({ "key": "agency", "aliases": ["old-agency"], "name": "Agency", "other_names": ["AG"],
            "website": "https://agency.example.org", "part_of": "ministry", "supersedes": ["bureau"] }),
        ),
        ("organisation", json!({ "key": "bureau", "name": "Bureau" })),
        ("organisation", json!({ "key": "urban-prod", "name": "Urban Prod" })),
        (
            "initiative",
            json!({ "key": "roubaix-counters", "title": "Open counters", "summary": "Agents stand and walk along.",
            "language": "fr", "kind": "counters", "topics": ["digital-inclusion", "counters"], "status": "running",
            "start": "2016-03", "places": [{ "target": { "town": "insee:59512" } }],
            "involvements": [{ "organisation": "agency", "role": "operator" }, { "organisation": "agency", "role": "funder" }],
            "figures": [{ "metric": "visits", "value": 1200.0, "unit": "a year", "date": "2018", "source": "the town" },
                        { "metric": "visits", "value": 800.5, "unit": "a year", "method": "counted", "source": "an association" }],
            "costs": [{ "kind": "staff", "amount": 45000.0, "currency": "EUR", "year": 2018, "basis": "estimated" }],
            "provenance": provided("roubaix.md") }),
        ),
        (
            "initiative",
            json!({ "key": "agen-counters", "aliases": ["agen-desks"], "title": "Counters in Agen", "language": "fr",
            "kind": "counters", "topics": ["counters", "wifi"], "tags": ["été", "cœur de ville"], "audiences": ["older_people"],
            "status": "stopped", "status_reason": "No money left", "start": "2018-07-04", "end": "2020",
            "places": [{ "target": { "town": "insee:47001" }, "original_code": "47900", "original_name": "Vieil-Agen" },
                       { "target": { "area": "department:47" } }],
            "point": { "lat": 44.2, "lon": 0.62 }, "involvements": [{ "organisation": "urban-prod", "role": "partner" }],
            "links": [{ "url": "https://example.org/agen", "label": "Page" }, { "label": "A conference" }],
            "evidence": [{ "url": "https://example.org/evidence" }], "contact": { "email": "counters@agen.example" },
            "inspired_by": [
                { "original": { "initiative": "roubaix-counters" }, "declared_by": "adopter", "date": "2018",
                  "adapted": "Fewer desks", "outcome": "Queues were shorter",
                  "confirmation": { "by": "Town of Roubaix", "on": "2019-02-01" } },
                { "original": { "url": "https://example.net/elsewhere" }, "declared_by": "adopter" }],
            "supersedes": ["agen-trial"], "licence": "CC-BY-4.0", "modified": "2026-11-01T10:00:00.000Z", "reviewed": "2026-11",
            "provenance": provided("agen.md") }),
        ),
        ("initiative", json!({ "key": "agen-trial", "title": "Trial", "language": "fr", "contact": {} })),
        (
            "initiative",
            json!({ "key": "agen-double", "title": "Counters at Agen", "language": "en",
            "places": [{ "target": { "town": "insee:47001" } }] }),
        ),
        (
            "case-study",
            json!({ "initiative": "agen-counters", "language": "fr", "title": "Des guichets à Agen",
            "summary": "Un résumé", "sections": [{ "kind": "other", "markdown": "Avant." },
                { "kind": "pitfalls", "heading": "Points de vigilance", "markdown": "L'accueil était trop petit." },
                { "kind": "results", "heading": "Résultats" }],
            "picture": { "url": "https://example.org/agen.jpg", "alternative_text": "Un guichet", "credit": "Ville" },
            "licence": "etalab-2.0", "provenance": provided("agen.fr.md") }),
        ),
        (
            "case-study",
            json!({ "initiative": "agen-counters", "language": "en", "title": "Counters in Agen",
            "translation_of": "fr" }),
        ),
        (
            "note",
            json!({ "key": "note-1", "initiative": "roubaix-counters", "kind": "contradicts", "at": "2026-11-21T12:00:00.000Z",
            "text": "We counted 800 visits.", "organisation": "urban-prod",
            "evidence": [{ "url": "https://example.org/count" }], "provenance": provided("notes.md") }),
        ),
    ];
    documents.iter().map(|(kind, document)| record(kind, document)).collect()
}

/// Writes the records, then changes some: a title, a status, a merger.
pub async fn load(store: &Arc<dyn GraphStore>) -> Vec<Applied> {
    let puts = records().into_iter().map(Operation::put).collect();
    let trial = json!({ "key": "agen-trial", "title": "A first trial", "language": "fr", "status": "stopped" });
    let change = vec![Operation::put(record("initiative", &trial))];
    let merger = vec![Operation::Withdraw {
        reference: reference("initiative/agen-double"),
        why: "the same as agen-counters".parse().unwrap(),
        merged_into: Some(reference("initiative/agen-counters")),
        expected: Expected::Anything,
    }];
    let mut applied = Vec::new();
    for (day, operations) in (22..).zip([puts, change, merger]) {
        applied.push(store.apply(&change_set(&format!("set-{day}"), day, operations)).await.unwrap());
    }
    applied
}
