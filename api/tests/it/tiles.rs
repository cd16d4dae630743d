//! The map as vector tiles.

use std::collections::{BTreeMap, BTreeSet};

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Answer, Running, change_set, put, start};

async fn get(running: &Running, path: &str) -> Answer {
    running.send("GET", path, &[], "").await
}

/// The fields of a message of Protocol Buffers: number, and bytes or a number.
fn fields(mut bytes: &[u8]) -> Vec<(u64, &[u8], u64)> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return value;
            }
        }
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes);
        let (content, number) = match tag & 7 {
            0 => (&bytes[..0], varint(&mut bytes)),
            1 => {
                let (eight, rest) = bytes.split_at(8);
                bytes = rest;
                (eight, 0)
            }
            2 => {
                let length = usize::try_from(varint(&mut bytes)).expect("a length");
                let (content, rest) = bytes.split_at(length);
                bytes = rest;
                (content, 0)
            }
            other => panic!("wire type {other}"),
        };
        found.push((tag >> 3, content, number));
    }
    found
}

/// The features of each layer of a tile, by the names of the Vector Tile specification 2.1: what is told of each.
fn layers(tile: &[u8]) -> BTreeMap<String, Vec<BTreeMap<String, Value>>> {
    let packed = |bytes: &[u8]| {
        // A list of numbers is the numbers one after the other: read each as a field without a tag.
        let (mut numbers, mut value, mut shift) = (Vec::new(), 0_usize, 0);
        for byte in bytes {
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if *byte < 0x80 {
                numbers.push(value);
                (value, shift) = (0, 0);
            }
        }
        numbers
    };
    let value = |bytes: &[u8]| match fields(bytes)[0] {
        (1, text, _) => json!(String::from_utf8_lossy(text)),
        (3, double, _) => json!(f64::from_le_bytes(double.try_into().expect("eight bytes"))),
        (5, _, number) => json!(number),
        (other, ..) => panic!("a value of type {other}"),
    };
    let layer = |layer: &[u8]| {
        let parts = fields(layer);
        let name = parts.iter().find(|(number, ..)| *number == 1).map(|(_, name, _)| String::from_utf8_lossy(name).into_owned());
        let all = |wanted: u64| parts.iter().filter(move |(number, ..)| *number == wanted).map(|(_, bytes, _)| *bytes);
        let names: Vec<String> = all(3).map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let values: Vec<Value> = all(4).map(value).collect();
        let feature = |feature: &[u8]| {
            let feature = fields(feature);
            let part = |wanted: u64| feature.iter().find(|(number, ..)| *number == wanted).map(|(_, bytes, _)| packed(bytes));
            let mut told: BTreeMap<String, Value> = BTreeMap::new();
            for pair in part(2).unwrap_or_default().chunks(2) {
                told.insert(names[pair[0]].clone(), values[pair[1]].clone());
            }
            // One command "move to", then x and y: twice the number where it is positive.
            let geometry = part(4).expect("a geometry");
            assert!(geometry[0] == 9 && geometry[1] < 2 * 4096 && geometry[2] < 2 * 4096, "{geometry:?}");
            told
        };
        (name.expect("a name"), all(2).map(feature).collect())
    };
    fields(tile).into_iter().filter(|(number, ..)| *number == 3).map(|(_, bytes, _)| layer(bytes)).collect()
}

/// What tiles show of clusters and of initiatives.
type Shown = (BTreeSet<(String, u64)>, BTreeSet<String>);

#[tokio::test]
async fn the_tiles_of_a_zoom_show_what_the_map_does() {
    let running = start().await;
    // Two more at the same place as the Wi-Fi: at any zoom they are a cluster.
    let told = |key: &str| {
        put(
            &json!({ "kind": "initiative", "record": { "key": key, "title": key, "language": "fr", "topics": ["wifi"], "status": "running",
            "places": [{ "target": { "town": "insee:47001" } }], "provenance": [{ "source": "maillage" }] } }),
        )
    };
    running
        .store
        .apply(&change_set("more", "2026-11-27T10:00:00.000Z", vec![told("one"), told("other")]))
        .await
        .expect("applied");
    let mut clusters = 0;
    for (zoom, filter, query) in [(0, "{}", ""), (2, "{}", ""), (4, "{ topics: [\"wifi\"] }", "?topic=wifi")] {
        let map = format!(
            "{{ map(bounds: {{ west: -180, south: -90, east: 180, north: 90 }}, zoom: {zoom}, filter: {filter}) \
             {{ clusters {{ id count }} pins {{ initiative {{ key }} }} }} }}"
        );
        let map = &running.data(&map).await["map"];
        let list = |name: &str| map[name].as_array().expect("a list").clone();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let expected: Shown = (
            list("clusters").iter().map(|cluster| (text(&cluster["id"]), cluster["count"].as_u64().expect("a count"))).collect(),
            list("pins").iter().map(|pin| text(&pin["initiative"]["key"])).collect(),
        );
        let mut shown = Shown::default();
        let mut marks = 0;
        for (column, row) in (0..1 << zoom).flat_map(|column| (0..1 << zoom).map(move |row| (column, row))) {
            let answer = get(&running, &format!("/tiles/{zoom}/{column}/{row}.mvt{query}")).await;
            let media_type = Some("application/vnd.mapbox-vector-tile");
            assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{}", answer.body);
            let layers = layers(&answer.bytes);
            for cluster in layers.get("clusters").into_iter().flatten() {
                assert!(cluster["west"].as_f64() <= cluster["east"].as_f64(), "{cluster:?}");
                shown.0.insert((text(&cluster["id"]), cluster["count"].as_u64().expect("a count")));
                marks += 1;
            }
            for initiative in layers.get("initiatives").into_iter().flatten() {
                assert!(initiative["title"].is_string() && initiative["kind"].is_string(), "{initiative:?}");
                shown.1.insert(text(&initiative["key"]));
                marks += 1;
            }
        }
        assert_eq!(shown, expected, "zoom {zoom}");
        assert_eq!(marks, list("clusters").len() + list("pins").len(), "each on one tile");
        assert!(marks > 0);
        clusters += shown.0.len();
    }
    assert!(clusters > 0);
}

#[tokio::test]
async fn tiles_are_kept_and_described() {
    let running = start().await;
    let first = get(&running, "/tiles/0/0/0.mvt").await;
    let tag = first.header("etag").expect("a tag").to_owned();
    assert_eq!(first.header("cache-status"), Some("maillage; fwd=miss"));
    let second = get(&running, "/tiles/0/0/0.mvt").await;
    assert_eq!((second.header("cache-status"), &second.bytes), (Some("maillage; hit"), &first.bytes));
    let known = running.send("GET", "/tiles/0/0/0.mvt", &[("If-None-Match", tag.as_str())], "").await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    let other = get(&running, "/tiles/0/0/0.mvt?status=idea").await;
    assert_ne!(other.header("etag"), Some(tag.as_str()));
    let sea = get(&running, "/tiles/6/0/0.mvt").await;
    assert_eq!((sea.status, sea.bytes.len()), (200, 0));

    let description = get(&running, "/tiles.json?topic=fablab&status=running").await.json();
    assert_eq!(
        (&description["tilejson"], &description["tiles"]),
        (&json!("3.0.0"), &json!(["https://maillage.example/tiles/{z}/{x}/{y}.mvt?topic=fablab&status=running"]))
    );
}

#[tokio::test]
async fn looking_around_on_a_map_is_within_the_budget() {
    let running = start().await;
    let answer = running.send("GET", "/tiles/5/16/11.mvt", &[("X-Forwarded-For", "203.0.113.9")], "").await;
    let number = |name: &str, key: &str| -> u64 {
        let header = answer.header(name).expect("a header");
        let value = header.split(';').find_map(|part| part.trim().strip_prefix(key)?.strip_prefix('=')).expect("a value");
        value.parse().expect("a number")
    };
    let (budget, left) = (number("ratelimit-policy", "q"), number("ratelimit", "r"));
    assert_eq!(budget - left, 300);
}

#[tokio::test]
async fn tiles_that_are_none_are_told_so() {
    let running = start().await;
    for (path, status, part) in [
        ("/tiles/23/0/0.mvt", 400, "the parameter zoom is \"23\": expected a whole number from 0 to 22"),
        ("/tiles/-1/0/0.mvt", 400, "the parameter zoom"),
        ("/tiles/2/4/0.mvt", 400, "the parameter column is \"4\": expected a whole number from 0 to 3 at zoom 2"),
        ("/tiles/2/0/99999999999.mvt", 400, "the parameter row"),
        ("/tiles/2/0/0.png", 404, "/tiles/{zoom}/{column}/{row}.mvt"),
        ("/tiles/2/0/0.mvt?topic=nothing", 400, "nothing"),
        ("/tiles/2/0/0.mvt?first=3", 400, "there is no parameter \"first\""),
        ("/tiles.json?stauts=idea", 400, "there is no parameter \"stauts\""),
    ] {
        let answer = get(&running, path).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/problem+json")), "{path}");
        assert!(answer.json()["title"].as_str().is_some_and(|title| title.contains(part)), "{path}: {}", answer.body);
    }
}
