//! The open formats: GeoJSON and exports.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Answer, Running, start};

async fn get(running: &Running, path: &str) -> Answer {
    running.send("GET", path, &[], "").await
}

/// What stands in chunks (RFC 9112, 7.1), whole.
fn unchunked(answer: &Answer) -> String {
    if answer.header("transfer-encoding") != Some("chunked") {
        return answer.body.clone();
    }
    let (mut text, mut rest) = (String::new(), answer.body.as_str());
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("a size");
        text.push_str(&after[..size]);
        rest = &after[size + 2..];
        if size == 0 {
            break;
        }
    }
    text
}

fn path_of(address: &str) -> String {
    address.replace("https://maillage.example", "")
}

#[tokio::test]
async fn initiatives_stand_on_a_map_page_by_page() {
    let running = start().await;
    let data = running.data("{ initiatives(filter: { with: [POINT] }) { nodes { key } } }").await;
    let keys = data["initiatives"]["nodes"].as_array().expect("nodes");
    let expected: BTreeSet<&str> = keys.iter().filter_map(|node| node["key"].as_str()).collect();
    assert!(expected.len() > 1, "{expected:?}");

    let mut found = BTreeSet::new();
    let mut next = Some("/initiatives.geojson?first=1&lang=fr".to_owned());
    while let Some(path) = next {
        let answer = get(&running, &path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/geo+json")), "{}", answer.body);
        let page = answer.json();
        assert_eq!((&page["type"], &page["numberMatched"]), (&json!("FeatureCollection"), &json!(expected.len())));
        for feature in page["features"].as_array().expect("features") {
            let position = &feature["geometry"]["coordinates"];
            let first = if feature["geometry"]["type"] == "MultiPoint" { &position[0] } else { position };
            assert!(first[0].is_f64() && first[1].is_f64(), "{feature}");
            found.insert(feature["id"].as_str().expect("an id").to_owned());
        }
        next = page["links"][0]["href"].as_str().map(path_of);
        let link = answer.header("link").map(str::to_owned);
        assert_eq!(link.map(|link| path_of(link.trim_start_matches('<').split('>').next().unwrap_or_default())), next);
    }
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    let none = get(&running, "/initiatives.geojson?bbox=-10,-10,-9,-9").await.json();
    assert_eq!((&none["features"], &none["numberMatched"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let running = start().await;
    for (path, status, argument) in [
        ("/initiatives.geojson?topics=fablab", 400, "topic"),
        ("/initiatives.geojson?stauts=running", 400, "stauts"),
        ("/initiatives.geojson?bbox=1,2,3", 400, "bbox"),
        ("/initiatives.geojson?bbox=0,40,1,50&bbox=1,40,2,50", 400, "bbox is given twice"),
        ("/initiatives.geojson?text=a&text=b", 400, "text is given twice"),
        ("/initiatives.geojson?bbox=0,50,1,40", 400, "filter.bounds"),
        ("/initiatives.geojson?topic=nothing", 400, "filter.topics"),
        ("/initiatives.geojson?first=101", 400, "first"),
        ("/initiatives.geojson?first=-1", 400, "first"),
        ("/initiatives.geojson?after=nothing", 400, "after"),
        ("/initiatives.geojson?status=RUNING", 400, ""),
        ("/initiatives.geojson?lang=x", 400, ""),
        ("/export/initiatives.csv?first=3", 400, "first"),
        ("/export/initiatives.csv?topic=nothing", 400, "filter.topics"),
        ("/export/towns.csv?topic=fablab", 400, "topic is \"fablab\""),
        ("/export/topics.csv?bbox=0,40,1,50", 400, "bbox is \"0,40,1,50\""),
        ("/export/initiatives.xlsx", 404, ""),
        ("/export/notes.csv", 404, ""),
    ] {
        let answer = get(&running, path).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/problem+json")), "{path}");
        let problem = answer.json();
        assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!("BAD_USER_INPUT")), "{path}: {problem}");
        let title = problem["title"].as_str().unwrap_or_default();
        assert!(title.contains(argument) && title.len() > 20, "{path}: {problem}");
    }
    for (written, meant) in [("topics", "topic"), ("stauts", "status"), ("Bbox", "bbox")] {
        let problem = get(&running, &format!("/initiatives.geojson?{written}=x")).await.json();
        assert_eq!(problem["nearest"], json!([meant]), "{problem}");
    }
}

#[tokio::test]
async fn everything_can_be_had() {
    let running = start().await;
    let initiatives = running.data("{ initiatives { totalCount } }").await["initiatives"]["totalCount"].clone();
    for (name, expected) in [("initiatives", initiatives.as_u64()), ("towns", None), ("organisations", None), ("topics", None)] {
        let lines = get(&running, &format!("/export/{name}.ndjson")).await;
        assert_eq!(lines.header("content-type"), Some("application/x-ndjson; charset=utf-8"), "{}", lines.body);
        let lines = unchunked(&lines);
        let rows: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert!(!rows.is_empty() && rows.iter().all(|row| row["key"].is_string()), "{name}: {lines}");
        if let Some(expected) = expected {
            assert_eq!(rows.len() as u64, expected);
        }
        assert!(rows.iter().all(|row| row["provenance"]["source"]["key"].is_string()), "{name}: {lines}");
        // A body that is packed is asked whether there is more after its end, too.
        for encoding in ["gzip", "br", "zstd"] {
            let packed = running.send("GET", &format!("/export/{name}.csv"), &[("Accept-Encoding", encoding)], "").await;
            assert_eq!((packed.status, packed.header("content-encoding")), (200, Some(encoding)), "{name}");
            assert!(packed.body.ends_with("\r\n0\r\n\r\n"), "{name} is broken off as {encoding}");
        }
        let table = get(&running, &format!("/export/{name}.csv")).await;
        assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
        let disposition = format!("attachment; filename=\"maillage-{name}.csv\"");
        assert_eq!(table.header("content-disposition"), Some(disposition.as_str()));
        let table = unchunked(&table);
        let columns = table.lines().next().unwrap_or_default();
        assert!(columns.starts_with("key,url,") && columns.contains(",licence,") && columns.contains(",source"), "{columns}");
        assert_eq!(table.matches("\r\n").count(), rows.len() + 1, "{table}");
    }
    // Titles are in the language of the reader, as everywhere.
    let english = running.send("GET", "/export/initiatives.csv", &[("Accept-Language", "en")], "").await;
    assert_eq!(unchunked(&english), unchunked(&get(&running, "/export/initiatives.csv?lang=en").await));
    let open = unchunked(&get(&running, "/export/initiatives.ndjson?licence=etalab-2.0").await);
    assert!(open.lines().all(|line| line.contains("\"spdx\":\"etalab-2.0\"")), "{open}");
}

#[tokio::test]
async fn what_did_not_change_is_not_sent_again() {
    let running = start().await;
    for path in ["/initiatives.geojson", "/export/initiatives.ndjson", "/export/topics.csv"] {
        let first = get(&running, path).await;
        let tag = first.header("etag").expect("a tag").to_owned();
        let again = running.send("GET", path, &[("If-None-Match", &tag)], "").await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path}");
        let other = running.send("GET", path, &[("If-None-Match", &tag), ("Accept-Language", "en")], "").await;
        assert_eq!(other.status, 200, "{path}");
    }
}
