//! Lists, filters, orders, pages, totals and facets, on the graph of `graph.ndjson`.

use std::time::Duration;

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Running, change_set, put, start, withdraw};

/// The keys of a list that stands at a path of the data.
async fn keys(running: &Running, query: &str, path: &str) -> Vec<String> {
    let data = running.data(query).await;
    let nodes = data.pointer(path).and_then(Value::as_array).unwrap_or_else(|| panic!("{query}: {data}"));
    nodes.iter().map(|node| node["key"].as_str().unwrap().to_owned()).collect()
}

const LIBRARY: &str = "agen-bibliotheque";
const WIFI: &str = "agen-wifi";
const ESTILLAC: &str = "estillac-wifi";

#[tokio::test]
async fn initiatives_are_filtered() {
    let running = start().await;
    for (filter, expected) in [
        ("", vec![LIBRARY, WIFI, ESTILLAC]),
        ("topics: [\"inclusion\"]", vec![LIBRARY, WIFI]),
        ("topics: [\"inclusion\"], includeNarrower: false", vec![LIBRARY]),
        ("topics: []", vec![LIBRARY, WIFI, ESTILLAC]),
        ("topics: [\"mediation\", \"wifi\"]", vec![LIBRARY, WIFI]),
        ("allTopics: [\"mediation\", \"wifi\"]", vec![LIBRARY]),
        ("kinds: [\"mediation\"]", vec![LIBRARY]),
        ("statuses: [IDEA, RUNNING]", vec![WIFI]),
        ("audiences: [JOBSEEKERS]", vec![LIBRARY]),
        ("towns: [\"insee:47999\"]", vec![LIBRARY, WIFI]),
        ("areas: [\"region:75\"]", vec![LIBRARY, WIFI, ESTILLAC]),
        ("areas: [\"country:GB\"]", vec![]),
        ("population: { min: 30000 }", vec![LIBRARY, WIFI]),
        ("population: { max: 30000 }", vec![]),
        ("bounds: { west: 0, south: 44, east: 1, north: 45 }", vec![LIBRARY, WIFI]),
        ("bounds: { west: 170, south: 44, east: -1, north: 45 }", vec![]),
        ("near: { lat: 44.2034, lon: 0.6163, radius: 100 }", vec![LIBRARY]),
        ("active: { from: \"2018-07-31\" }", vec![LIBRARY]),
        ("active: { from: \"2018-08-01\" }", vec![]),
        ("modifiedSince: \"2026-11-24T00:00:00Z\"", vec![LIBRARY]),
        ("modifiedSince: \"2026-11-24T00:00:01Z\"", vec![]),
        ("organisations: [\"ville-agen\"]", vec![LIBRARY, WIFI]),
        ("sources: [\"tables\"]", vec![]),
        ("languages: [\"en\"]", vec![LIBRARY]),
        ("licences: [\"etalab-2.0\"]", vec![LIBRARY]),
        ("with: [COSTS, PITFALLS, CONTACT]", vec![LIBRARY]),
        ("with: [RESULTS]", vec![]),
        ("text: \"wi-fi\"", vec![WIFI, ESTILLAC]),
        ("text: \"Wi-Fi -centre\"", vec![ESTILLAC]),
        ("text: \"connexion\", statuses: [IDEA]", vec![]),
        ("text: \"\"", vec![LIBRARY, WIFI, ESTILLAC]),
    ] {
        let query = format!("{{ initiatives(filter: {{ {filter} }}) {{ totalCount nodes {{ key }} }} }}");
        let mut found = keys(&running, &query, "/initiatives/nodes").await;
        if filter.contains("text") {
            found.sort();
        }
        assert_eq!(found, expected, "{filter}");
        let total = running.data(&query).await["initiatives"]["totalCount"].clone();
        assert_eq!(total, expected.len(), "{filter}");
    }
}

#[tokio::test]
async fn initiatives_are_ordered() {
    let running = start().await;
    for (order, expected) in [
        ("orderBy: MODIFIED_DESC", vec![LIBRARY, WIFI, ESTILLAC]),
        ("orderBy: START_DESC", vec![LIBRARY, WIFI, ESTILLAC]),
        // "La connexion", "Le Wi-Fi au centre", "Le Wi-Fi d'Estillac".
        ("orderBy: TITLE_ASC", vec![LIBRARY, WIFI, ESTILLAC]),
        ("orderBy: DISTANCE_ASC, filter: { near: { lat: 44.2, lon: 0.6, radius: 20000 } }", vec![WIFI, LIBRARY]),
        ("orderBy: RELEVANCE, filter: { text: \"Estillac\" }", vec![ESTILLAC]),
    ] {
        let query = format!("{{ initiatives({order}) {{ nodes {{ key }} }} }}");
        assert_eq!(keys(&running, &query, "/initiatives/nodes").await, expected, "{order}");
    }
    let near = "{ initiatives(filter: { near: { lat: 44.2, lon: 0.6, radius: 20000 } }, orderBy: DISTANCE_ASC)
        { edges { distance extracts { html } node { key } } } }";
    assert_eq!(
        running.data(near).await["initiatives"]["edges"],
        json!([
            { "distance": 0, "extracts": null, "node": { "key": WIFI } },
            // The library's own point, not the town's.
            { "distance": 1353, "extracts": null, "node": { "key": LIBRARY } },
        ])
    );
}

#[tokio::test]
async fn lists_under_records_hold_with_their_filters() {
    let running = start().await;
    for (list, expected) in [
        ("town(key: \"insee:47001\") { list: initiatives(filter: { statuses: [IDEA] }) { nodes { key } } }", vec![WIFI]),
        // Both hold: what the list is of, and the filter.
        ("town(key: \"insee:47001\") { list: initiatives(filter: { towns: [\"insee:47091\"] }) { nodes { key } } }", vec![]),
        ("area(key: \"region:75\") { list: initiatives(orderBy: TITLE_ASC) { nodes { key } } }", vec![LIBRARY, WIFI, ESTILLAC]),
        ("area(key: \"region:75\") { list: towns { nodes { key } } }", vec!["insee:47001", "insee:47091"]),
        ("topic(key: \"inclusion\") { list: initiatives { nodes { key } } }", vec![LIBRARY, WIFI]),
        ("topic(key: \"inclusion\") { list: initiatives(filter: { includeNarrower: false }) { nodes { key } } }", vec![LIBRARY]),
        ("organisation(key: \"mairie-agen\") { list: initiatives(role: FUNDER) { nodes { key } } }", vec![LIBRARY]),
        ("organisation(key: \"mairie-agen\") { list: initiatives(filter: { text: \"centre\" }) { nodes { key } } }", vec![WIFI]),
        ("source(key: \"maillage\") { list: initiatives(last: 1) { nodes { key } } }", vec![ESTILLAC]),
        ("source(key: \"tables\") { list: initiatives { nodes { key } } }", vec![]),
    ] {
        let query = format!("{{ record: {list} }}");
        assert_eq!(keys(&running, &query, "/record/list/nodes").await, expected, "{list}");
    }
}

#[tokio::test]
async fn towns_areas_and_organisations_are_found_by_name_and_otherwise() {
    let running = start().await;
    for (list, expected) in [
        ("towns { nodes { key } }", vec!["insee:47001", "geonames:2643743", "insee:47091"]),
        ("towns(filter: { prefix: \"ag\" }) { nodes { key } }", vec!["insee:47001"]),
        ("towns(filter: { text: \"vieux agen\" }) { nodes { key } }", vec!["insee:47001"]),
        ("towns(filter: { text: \"insee:47999\" }) { nodes { key } }", vec!["insee:47001"]),
        ("towns(filter: { postcode: \"47000\" }) { nodes { key } }", vec!["insee:47001"]),
        (
            "towns(filter: { areas: [\"department:47\"], hasInitiatives: true }) { nodes { key } }",
            vec!["insee:47001", "insee:47091"],
        ),
        ("towns(filter: { population: { min: 1 } }) { nodes { key } }", vec!["insee:47001"]),
        ("towns(filter: { near: { lat: 44.2, lon: 0.6, radius: 10 } }) { nodes { key } }", vec!["insee:47001"]),
        ("towns(filter: { bounds: { west: 0, south: 0, east: 0.1, north: 0.1 } }) { nodes { key } }", vec![]),
        ("areas(kind: COUNTRY) { nodes { key } }", vec!["country:FR", "country:GB"]),
        ("areas(within: \"region:75\") { nodes { key } }", vec!["epci:200096956", "department:47"]),
        ("areas(name: \"garonne\") { nodes { key } }", vec!["department:47"]),
        ("organisations { nodes { key } }", vec!["bibliotheque-agen", "mairie-agen"]),
        ("organisations(name: \"BMA\") { nodes { key } }", vec!["bibliotheque-agen"]),
        ("organisations(role: FUNDER) { nodes { key } }", vec!["mairie-agen"]),
    ] {
        let query = format!("{{ list: {list} }}");
        assert_eq!(keys(&running, &query, "/list/nodes").await, expected, "{list}");
        let counted = query.replace("nodes { key }", "totalCount edges { cursor node { key } }");
        let list = &running.data(&counted).await["list"];
        assert_eq!(
            (list["totalCount"].as_u64(), list["edges"].as_array().unwrap().len()),
            (Some(expected.len() as u64), expected.len())
        );
    }
}

#[tokio::test]
async fn lists_are_walked_both_ways() {
    let running = start().await;
    for list in [
        "initiatives(PAGE orderBy: TITLE_ASC)",
        "initiatives(PAGE filter: { text: \"wi-fi agen\" })",
        "towns(PAGE)",
        "areas(PAGE)",
        "organisations(PAGE)",
    ] {
        let ask = async |page: String| {
            let list = list.replace("(PAGE)", &format!("({page})")).replace("PAGE", &page);
            let selection = "totalCount nodes { key } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
            running.data(&format!("{{ list: {list} {{ {selection} }} }}")).await["list"].clone()
        };
        let whole = ask("first: 100".to_owned()).await;
        let count = whole["nodes"].as_array().unwrap().len();
        assert!(count > 1, "{list}");
        assert_eq!(whole["totalCount"], count, "{list}");
        for (size, next, cursor, more) in
            [("first: 1", "after", "endCursor", "hasNextPage"), ("last: 1", "before", "startCursor", "hasPreviousPage")]
        {
            let mut walked = Vec::new();
            let mut page = ask(size.to_owned()).await;
            loop {
                walked.extend(page["nodes"].as_array().unwrap().iter().cloned());
                assert_eq!(page["totalCount"], count, "{list}");
                let is_last = walked.len() == count;
                assert_eq!(page["pageInfo"][more], !is_last, "{list} {size} {}", walked.len());
                if is_last {
                    break;
                }
                let cursor = page["pageInfo"][cursor].as_str().unwrap().to_owned();
                page = ask(format!("{size}, {next}: \"{cursor}\"")).await;
            }
            if next == "before" {
                walked.reverse();
            }
            assert_eq!(Value::Array(walked), whole["nodes"], "{list} {size}");
        }
    }
}

#[tokio::test]
async fn facets_count_all_pages_and_speak_two_languages() {
    let running = start().await;
    let query = |lang: &str| {
        format!(
            "{{ initiatives(first: 1) {{ facets(by: [TOPIC, KIND, STATUS, AUDIENCE, DEPARTMENT, REGION, POPULATION_BAND, ORGANISATION,
               SOURCE, LANGUAGE, LICENCE, YEAR]) {{ kind buckets {{ key label(lang: \"{lang}\") count }} }} }} }}"
        )
    };
    let bucket = |key: &str, label: &str, count: u64| json!({ "key": key, "label": label, "count": count });
    let facet = |kind: &str, buckets: Vec<Value>| json!({ "kind": kind, "buckets": buckets });
    let french = json!([
        facet(
            "TOPIC",
            vec![
                bucket("inclusion", "Inclusion numérique", 2),
                bucket("wifi", "Wi-Fi public", 2),
                bucket("mediation", "Médiation", 1)
            ]
        ),
        facet("KIND", vec![bucket("mediation", "Médiation", 1)]),
        facet("STATUS", vec![bucket("IDEA", "Idée", 1), bucket("STOPPED", "Arrêtée", 1)]),
        facet(
            "AUDIENCE",
            vec![bucket("GENERAL_PUBLIC", "Grand public", 1), bucket("JOBSEEKERS", "Personnes en recherche d'emploi", 1)]
        ),
        facet("DEPARTMENT", vec![bucket("department:47", "Lot-et-Garonne", 3)]),
        facet("REGION", vec![bucket("region:75", "Nouvelle-Aquitaine", 3)]),
        facet("POPULATION_BAND", vec![bucket("10000-49999", "10\u{202f}000 à 49\u{202f}999 habitants", 2)]),
        facet(
            "ORGANISATION",
            vec![bucket("mairie-agen", "Mairie d'Agen", 2), bucket("bibliotheque-agen", "Bibliothèque d'Agen", 1)]
        ),
        facet("SOURCE", vec![bucket("maillage", "Maillage", 3)]),
        facet("LANGUAGE", vec![bucket("fr", "Français", 3), bucket("en", "Anglais", 1)]),
        facet("LICENCE", vec![bucket("etalab-2.0", "Licence Ouverte 2.0", 1)]),
        facet("YEAR", vec![bucket("2015", "2015", 1)]),
    ]);
    assert_eq!(running.data(&query("fr")).await["initiatives"]["facets"], french);
    let english = running.data(&query("en-GB")).await["initiatives"]["facets"].clone();
    let labels = |kind: usize| {
        let buckets = english[kind]["buckets"].as_array().unwrap();
        buckets.iter().map(|bucket| bucket["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels(0), ["Inclusion", "Wi-Fi public", "Mediation"]);
    assert_eq!(labels(2), ["Idea", "Stopped"]);
    assert_eq!(labels(3), ["General public", "Jobseekers"]);
    assert_eq!(labels(6), ["10,000 to 49,999 inhabitants"]);
    assert_eq!(labels(9), ["French", "English"]);

    // A key of a facet is a value of a filter.
    let narrowed = "{ initiatives(filter: { statuses: [STOPPED] }) { totalCount facets(by: [STATUS, TOPIC], first: 1) { buckets { key count } } } }";
    assert_eq!(
        running.data(narrowed).await["initiatives"],
        json!({ "totalCount": 1, "facets": [
            { "buckets": [{ "key": "STOPPED", "count": 1 }] }, { "buckets": [{ "key": "inclusion", "count": 1 }] },
        ] })
    );
    // The language of the request is heard.
    let header = [("Accept-Language", "de, fr;q=0.5")];
    let query = "{ initiatives { facets(by: [STATUS], first: 1) { buckets { label } } } }";
    let answer = running.ask(query, &Value::Null, &header).await.json();
    assert_eq!(answer["data"]["initiatives"]["facets"][0]["buckets"][0]["label"], "Idée", "{answer}");
}

#[tokio::test]
async fn passages_show_why() {
    let running = start().await;
    let query =
        "query($text: String!) { initiatives(filter: { text: $text }) { edges { node { key } extracts { field html } } } }";
    for (text, language, expected) in [
        (
            "prix de la connexion",
            "fr",
            json!([{ "node": { "key": LIBRARY }, "extracts": [
                { "field": "title", "html": "La <mark>connexion</mark> à la bibliothèque" },
                { "field": "problem", "html": "Tous n&#39;ont pas de <mark>connexion</mark>." },
                // What stands in the source as HTML stands here as text, or not at all.
                { "field": "pitfalls", "html": "Le <mark>prix</mark>.alert(1)" },
            ] }]),
        ),
        // Of two tellings the one in the language of the request.
        (
            "connected library",
            "en",
            json!([{ "node": { "key": LIBRARY }, "extracts": [
                { "field": "title", "html": "<mark>Library</mark> <mark>connection</mark>" },
                { "field": "problem", "html": "Not everybody is <mark>connected</mark>." },
            ] }]),
        ),
        // Found by what it is, and by where it runs: no word of it stands in the text.
        (
            "mediation",
            "en",
            json!([{ "node": { "key": LIBRARY }, "extracts": [{ "field": "topic", "html": "<mark>Mediation</mark>" }] }]),
        ),
        (
            "Agen-le-Vieux",
            "fr",
            json!([
                { "node": { "key": LIBRARY }, "extracts": [{ "field": "town", "html": "<mark>Agen</mark>-le-<mark>Vieux</mark>" }] },
                { "node": { "key": WIFI }, "extracts": [{ "field": "town", "html": "<mark>Agen</mark>-le-<mark>Vieux</mark>" }] },
            ]),
        ),
        // Told by no case study: its title alone.
        (
            "Estillac",
            "en",
            json!([{ "node": { "key": ESTILLAC }, "extracts": [{ "field": "title", "html": "Le Wi-Fi d&#39;<mark>Estillac</mark>" }] }]),
        ),
    ] {
        let answer = running.ask(query, &json!({ "text": text }), &[("Accept-Language", language)]).await.json();
        assert_eq!(answer["data"]["initiatives"]["edges"], expected, "{text}: {answer:#}");
    }
}

#[tokio::test]
async fn a_write_is_found_at_once_and_that_of_another_process_soon() {
    let running = start().await;
    let found = async |text: &str| {
        let query = format!("{{ initiatives(filter: {{ text: \"{text}\" }}) {{ nodes {{ key title }} }} }}");
        running.data(&query).await["initiatives"]["nodes"].clone()
    };
    let told = |key: &str, title: &str| {
        put(&json!({ "kind": "initiative", "record": { "key": key, "title": title, "language": "fr",
            "places": [{ "target": { "town": "insee:47001" } }], "provenance": [{ "source": "maillage" }] } }))
    };
    running.store.apply(&change_set("by us", "2026-11-27T10:00:00.000Z", vec![told("fablab", "Un fablab")])).await.unwrap();
    assert_eq!(found("fablabs").await, json!([{ "key": "fablab", "title": "Un fablab" }]));
    running.store.apply(&change_set("gone", "2026-11-27T11:00:00.000Z", vec![withdraw("fablab", None)])).await.unwrap();
    assert_eq!(found("fablabs").await, json!([]));

    let applied =
        running.beside.apply(&change_set("by others", "2026-11-27T12:00:00.000Z", vec![told("kiosque", "Un kiosque")])).await;
    assert_eq!(applied.unwrap().changed, 1);
    // However long it takes on a machine that is busy: the test fails by its own time-out only.
    while found("kiosques").await == json!([]) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(found("kiosques").await, json!([{ "key": "kiosque", "title": "Un kiosque" }]));
}

#[tokio::test]
async fn questions_that_make_no_sense_are_named() {
    let running = start().await;
    let cursor = running.data("{ initiatives(first: 1) { pageInfo { endCursor } } }").await;
    let cursor = cursor["initiatives"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let of_another = format!("{{ initiatives(after: \"{cursor}\", orderBy: TITLE_ASC) {{ totalCount }} }}");
    let elsewhere = format!("{{ town(key: \"insee:47001\") {{ initiatives(before: \"{cursor}\") {{ totalCount }} }} }}");
    let filter = |filter: &str| format!("{{ initiatives(filter: {{ {filter} }}) {{ totalCount }} }}");
    let towns = |filter: &str| format!("{{ towns(filter: {{ {filter} }}) {{ totalCount }} }}");
    let many = format!("topics: [{}]", "\"wifi\",".repeat(101));
    for (query, argument, expected, nearest) in [
        (filter("topics: [\"wify\"]"), "filter.topics", "a known topic, perhaps wifi", json!(["wifi"])),
        (filter("allTopics: [\"xxxxxxxxxxx\"]"), "filter.allTopics", "a known topic", json!([])),
        (filter("kinds: [\"médiation\"]"), "filter.kinds", "perhaps mediation", json!(["mediation"])),
        (
            filter("towns: [\"insee:47002\"]"),
            "filter.towns",
            "a known town, perhaps insee:47001",
            json!(["insee:47001", "insee:47091"]),
        ),
        (filter("areas: [\"departement:47\"]"), "filter.areas", "perhaps department:47", json!(["department:47"])),
        (filter("organisations: [\"mairie-ajen\"]"), "filter.organisations", "perhaps mairie-agen", json!(["mairie-agen"])),
        (filter("sources: [\"mailage\"]"), "filter.sources", "perhaps maillage", json!(["maillage"])),
        (filter("licences: [\"etalab\"]"), "filter.licences", "a known licence", Value::Null),
        (filter(&many), "filter.topics", "at most 100", Value::Null),
        (
            filter("bounds: { west: 0, south: 45, east: 1, north: 44 }"),
            "filter.bounds",
            "south must not be above north",
            Value::Null,
        ),
        (filter("bounds: { west: 0, south: 0, east: 181, north: 1 }"), "filter.bounds", "-180 to 180", Value::Null),
        (filter("near: { lat: 44, lon: 0, radius: -1 }"), "filter.near", "0 to 20100000 metres", Value::Null),
        (filter("near: { lat: 91, lon: 0, radius: 1 }"), "filter.near", "-90 to 90", Value::Null),
        (filter("population: { min: 2, max: 1 }"), "filter.population", "min must not be above", Value::Null),
        (filter("active: { from: \"2020-01-01\", to: \"2019-01-01\" }"), "filter.active", "must not be after", Value::Null),
        (towns("areas: [\"nowhere\"]"), "filter.areas", "a known area", json!([])),
        (towns("near: { lat: 0, lon: 0, radius: 20100001 }"), "filter.near", "0 to 20100000 metres", Value::Null),
        ("{ areas(within: \"region:76\") { totalCount } }".to_owned(), "within", "perhaps region:75", json!(["region:75"])),
        ("{ initiatives(orderBy: DISTANCE_ASC) { totalCount } }".to_owned(), "orderBy", "filter.near", Value::Null),
        ("{ initiatives(first: -1) { totalCount } }".to_owned(), "first", "0 to 100", Value::Null),
        ("{ initiatives(first: 101) { totalCount } }".to_owned(), "first", "0 to 100", Value::Null),
        ("{ towns(last: 2147483647) { totalCount } }".to_owned(), "last", "0 to 100", Value::Null),
        ("{ towns(first: 1, last: 1) { totalCount } }".to_owned(), "last", "left out", Value::Null),
        ("{ organisations(after: \"?\") { totalCount } }".to_owned(), "after", "a cursor that this list gave", Value::Null),
        (of_another, "after", "same filter and order", Value::Null),
        (elsewhere, "before", "same filter and order", Value::Null),
        ("{ initiatives { facets(by: [YEAR, YEAR]) { kind } } }".to_owned(), "by", "each kind once", Value::Null),
        ("{ initiatives { facets(by: [YEAR], first: 101) { kind } } }".to_owned(), "first", "0 to 100", Value::Null),
    ] {
        let answer = running.ask(&query, &Value::Null, &[]).await;
        let error = answer.json()["errors"][0]["extensions"].clone();
        assert_eq!(
            (&error["code"], &error["argument"]),
            (&json!("BAD_USER_INPUT"), &json!(argument)),
            "{query}: {}",
            answer.body
        );
        assert!(error["expected"].as_str().unwrap_or_default().contains(expected), "{query}: {}", answer.body);
        if !nearest.is_null() {
            assert_eq!(error["nearest"], nearest, "{query}: {}", answer.body);
        }
    }
    // Any text is a search.
    for text in ["", " ", "\u{0}\u{7}", "((\" AND -", "🦀 \u{202e}", "«", &"mot ".repeat(1000)] {
        let query = "query($text: String!) { initiatives(filter: { text: $text }) { totalCount } }";
        let answer = running.ask(query, &json!({ "text": text }), &[]).await;
        assert_eq!(answer.status, 200, "{text:?}: {}", answer.body);
    }
}
