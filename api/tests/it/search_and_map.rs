//! One search over all kinds, and the map: on the graph of `graph.ndjson`.

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{change_set, put, start, withdraw};

const SEARCH: &str = "query($text: String!, $in: [SearchIn!], $filter: InitiativeFilter, $first: Int, $after: String) {
    search(text: $text, in: $in, filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { score extracts { field html } node { __typename
            ... on Initiative { key title(lang: \"fr\") } ... on Town { key name } ... on Topic { key label(lang: \"fr\") } ... on Organisation { key name } } } } }";

#[tokio::test]
async fn one_search_finds_all_kinds() {
    let running = start().await;
    let found = async |variables: Value| {
        let answer = running.ask(SEARCH, &variables, &[("Accept-Language", "fr")]).await.json();
        assert_eq!(answer["errors"], Value::Null, "{answer:#}");
        answer["data"]["search"].clone()
    };
    let keys = |page: &Value| {
        let nodes = page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["key"].as_str().unwrap().to_owned());
        nodes.collect::<Vec<_>>()
    };
    let agen = found(json!({ "text": "Agen" })).await;
    // The town itself comes first, then what the text is found in.
    assert_eq!(agen["edges"][0]["node"], json!({ "__typename": "Town", "key": "insee:47001", "name": "Agen" }));
    assert_eq!(agen["edges"][0]["extracts"], json!([{ "field": "name", "html": "<mark>Agen</mark>" }]));
    assert_eq!(agen["totalCount"], agen["edges"].as_array().unwrap().len());
    assert!(keys(&agen).contains(&"mairie-agen".to_owned()), "{agen:#}");
    let scores: Vec<f64> = agen["edges"].as_array().unwrap().iter().map(|edge| edge["score"].as_f64().unwrap()).collect();
    assert!(scores.is_sorted_by(|one, other| one >= other), "{scores:?}");

    let topic = found(json!({ "text": "médiations", "in": ["TOPICS"] })).await;
    assert_eq!(topic["edges"][0]["node"], json!({ "__typename": "Topic", "key": "mediation", "label": "Médiation" }));
    assert_eq!(topic["edges"][0]["extracts"], json!([{ "field": "name", "html": "<mark>Médiation</mark>" }]));
    let library = found(json!({ "text": "BMA" })).await;
    assert_eq!(library["edges"][0]["node"]["key"], "bibliotheque-agen");
    assert_eq!(library["edges"][0]["extracts"], json!([{ "field": "name", "html": "<mark>BMA</mark>" }]));

    let text = found(json!({ "text": "connexion", "in": ["INITIATIVES"] })).await;
    assert_eq!(keys(&text), ["agen-bibliotheque"]);
    assert_eq!(
        text["edges"][0]["extracts"][0],
        json!({ "field": "title", "html": "La <mark>connexion</mark> à la bibliothèque" })
    );
    // A filter is one of initiatives, and says nothing of the others.
    let filtered = found(json!({ "text": "Agen", "filter": { "statuses": ["RUNNING"] } })).await;
    assert!(filtered["edges"].as_array().unwrap().iter().all(|edge| edge["node"]["__typename"] != "Initiative"), "{filtered:#}");
    assert_eq!(filtered["edges"][0]["node"]["key"], "insee:47001");

    // Page by page the same.
    let (mut walked, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = found(json!({ "text": "Agen", "first": 2, "after": after })).await;
        walked.extend(keys(&page));
        assert_eq!(page["totalCount"], agen["totalCount"]);
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(walked, keys(&agen));

    for text in ["", "\u{0}", "\"", "-", "🦀", &"mot ".repeat(1000)] {
        assert_eq!(found(json!({ "text": text })).await["edges"], json!([]), "{text:?}");
    }
}

const FRANCE: &str = "bounds: { west: -5.2, south: 41.3, east: 9.6, north: 51.1 }";

#[tokio::test]
async fn maps_show_clusters_and_pins() {
    let running = start().await;
    // Two more at the same place as the Wi-Fi: at any zoom they are a cluster.
    let told = |key: &str| {
        put(
            &json!({ "kind": "initiative", "record": { "key": key, "title": key, "language": "fr", "topics": ["wifi"], "status": "running",
            "places": [{ "target": { "town": "insee:47001" } }], "provenance": [{ "source": "maillage" }] } }),
        )
    };
    running.store.apply(&change_set("more", "2026-11-27T10:00:00.000Z", vec![told("one"), told("other")])).await.unwrap();
    let selection = "totalCount truncated clusters { id count point { lat lon } bounds { west south east north } topTopics { key label(lang: \"en\") count } }
        pins { point { lat lon } initiative { key } }";
    let map = async |zoom: u8, filter: &str| {
        running.data(&format!("{{ map({FRANCE}, zoom: {zoom}{filter}) {{ {selection} }} }}")).await["map"].clone()
    };
    let near = map(22, "").await;
    let cluster = json!({
        "count": 3, "point": { "lat": 44.2, "lon": 0.6 },
        "bounds": { "west": 0.6, "south": 44.2, "east": 0.6, "north": 44.2 },
        "topTopics": [{ "key": "wifi", "label": "Wi-Fi public", "count": 3 }],
    });
    let mut found = near["clusters"][0].clone();
    let id = found.as_object_mut().unwrap().remove("id").unwrap();
    assert_eq!((near["totalCount"].clone(), near["truncated"].clone(), found), (json!(4), json!(false), cluster), "{near:#}");
    assert_eq!(
        near["pins"],
        json!([{ "point": { "lat": 44.2034, "lon": 0.6163 }, "initiative": { "key": "agen-bibliotheque" } }])
    );
    // Totals and topics are worked out where they are asked for, however that is written.
    let asked = format!(
        "query {{ map({FRANCE}, zoom: 22) {{ ...V }} }}
         fragment V on MapView {{ n: totalCount ... on MapView {{ clusters {{ ...C }} }} }} fragment C on MapCluster {{ t: topTopics {{ count }} }}"
    );
    assert_eq!(running.data(&asked).await["map"], json!({ "n": 4, "clusters": [{ "t": [{ "count": 3 }] }] }));
    let far = map(3, "").await;
    assert_eq!((&far["clusters"][0]["count"], &far["pins"]), (&json!(4), &json!([])), "{far:#}");
    // Filtered as a list is.
    let idea = map(22, ", filter: { statuses: [IDEA] }").await;
    assert_eq!(idea["pins"], json!([{ "point": { "lat": 44.2, "lon": 0.6 }, "initiative": { "key": "agen-wifi" } }]));
    assert_eq!((&idea["totalCount"], &idea["clusters"]), (&json!(1), &json!([])));

    // A cluster opens as a list, by pages, with its total and its facets.
    let open = async |page: &str| {
        let list = "totalCount pageInfo { hasNextPage endCursor } nodes { key } facets(by: [STATUS]) { buckets { key count } }";
        running.data(&format!("{{ cluster(id: {id}{page}) {{ {list} }} }}")).await["cluster"].clone()
    };
    let whole = open("").await;
    let expected = json!([{ "key": "agen-wifi" }, { "key": "one" }, { "key": "other" }]);
    assert_eq!((&whole["totalCount"], &whole["nodes"]), (&json!(3), &expected), "{whole:#}");
    assert_eq!(whole["facets"], json!([{ "buckets": [{ "key": "RUNNING", "count": 2 }, { "key": "IDEA", "count": 1 }] }]));
    let first = open(", first: 1").await;
    let rest = open(&format!(", after: {}", first["pageInfo"]["endCursor"])).await;
    assert_eq!(
        (&first["nodes"], &rest["nodes"]),
        (&json!([{ "key": "agen-wifi" }]), &json!([{ "key": "one" }, { "key": "other" }]))
    );
    // Once the graph has moved on it opens no more.
    running.store.apply(&change_set("less", "2026-11-27T11:00:00.000Z", vec![withdraw("other", None)])).await.unwrap();
    assert_eq!(open("").await, Value::Null);
}

#[tokio::test]
async fn maps_and_searches_that_make_no_sense_are_named() {
    let running = start().await;
    let map = |arguments: &str| format!("{{ map({arguments}) {{ totalCount }} }}");
    for (query, argument, expected) in [
        (map(&format!("{FRANCE}, zoom: 23")), "zoom", "0 (the whole world on one tile) to 22"),
        (map(&format!("{FRANCE}, zoom: -1")), "zoom", "to 22"),
        (map("bounds: { west: 0, south: 2, east: 1, north: 1 }, zoom: 5"), "bounds", "south must not be above north"),
        (map("bounds: { west: 0, south: -91, east: 1, north: 1 }, zoom: 5"), "bounds", "-90 to 90"),
        (map(&format!("{FRANCE}, zoom: 5, filter: {{ topics: [\"wify\"] }}")), "filter.topics", "perhaps wifi"),
        (map(&format!("{FRANCE}, zoom: 5, filter: {{ near: {{ lat: 0, lon: 0, radius: -1 }} }}")), "filter.near", "metres"),
        ("{ cluster(id: \"nonsense\") { totalCount } }".to_owned(), "id", "cluster"),
        ("{ search(text: \"a\", first: 101) { totalCount } }".to_owned(), "first", "0 to 100"),
        ("{ search(text: \"a\", after: \"x\") { totalCount } }".to_owned(), "after", "a cursor"),
        ("{ search(text: \"a\", filter: { towns: [\"nowhere\"] }) { totalCount } }".to_owned(), "filter.towns", "a known town"),
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
    }
}
