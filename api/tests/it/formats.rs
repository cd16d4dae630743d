//! Feeds, and what describes the open formats.

use maillage_graph_schema::store::GraphStore as _;
use serde_json::{Value, json};

use crate::support::{Answer, Running, change_set, put, start};

async fn get(running: &Running, path: &str) -> Answer {
    running.send("GET", path, &[], "").await
}

/// What stands between tags of a name, in order.
fn texts<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

#[tokio::test]
async fn a_feed_tells_what_was_modified_last() {
    let running = start().await;
    let record = json!({ "kind": "initiative", "record": { "key": "agen-repair", "title": "Réparer & prêter <ensemble>", "language": "fr",
        "topics": ["wifi"], "modified": "2026-11-27T10:00:00.000Z", "places": [{ "target": { "town": "insee:47001" } }], "provenance": [{ "source": "maillage" }] } });
    running.store.apply(&change_set("new", "2026-11-27T10:00:00.000Z", vec![put(&record)])).await.expect("applied");
    let feed = get(&running, "/initiatives.atom?lang=fr").await;
    assert_eq!((feed.status, feed.header("content-type")), (200, Some("application/atom+xml; charset=utf-8")), "{}", feed.body);
    let titles = texts(&feed.body, "title");
    assert_eq!(titles.len(), 5, "{}", feed.body);
    assert_eq!(titles[..2], ["Initiatives de villes · Maillage", "Réparer &#38; prêter &#60;ensemble&#62;"]);
    let updated = texts(&feed.body, "updated");
    assert_eq!(updated[..2], ["2026-11-27T10:00:00.000Z"; 2]);
    assert!(updated.is_sorted_by(|one, other| one >= other), "{updated:?}");
    assert_eq!(
        texts(&feed.body, "id")[..2],
        ["https://maillage.example/initiatives.atom?lang=fr", "https://maillage.example/initiatives/agen-repair"]
    );

    let topic = get(&running, "/topics/wifi?lang=fr").await.body;
    assert!(topic.contains("type=\"application/atom+xml\" href=\"/initiatives.atom?topic=wifi&#38;lang=fr\""), "{topic}");

    // By a filter, page by page.
    let page = get(&running, "/initiatives.atom?topic=wifi&first=1").await.body;
    assert_eq!(texts(&page, "title")[0], "Initiatives of towns · Maillage");
    let next = page
        .split("rel=\"next\" type=\"application/atom+xml\" href=\"https://maillage.example")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let next = next.expect("a next page").replace("&#38;", "&");
    let rest = get(&running, &next).await.body;
    assert_ne!(texts(&rest, "id")[1], texts(&page, "id")[1]);
    let none = get(&running, "/initiatives.atom?status=scaled").await;
    assert_eq!((none.status, texts(&none.body, "updated")), (200, vec!["1970-01-01T00:00:00Z"]));
    assert_eq!(get(&running, "/initiatives.atom?topic=nothing").await.status, 400);
    let tag = feed.header("etag").expect("a tag");
    assert_eq!(running.send("GET", "/initiatives.atom?lang=fr", &[("If-None-Match", tag)], "").await.status, 304);
}

/// A path of the description with something that is there.
fn example(path: &str) -> String {
    let values = [
        ("/towns/{key}", "/towns/insee:47001"),
        ("/initiatives/{key}", "/initiatives/agen-bibliotheque"),
        ("/areas/{key}", "/areas/country:FR"),
        ("/topics/{key}", "/topics/wifi"),
        ("/organisations/{key}", "/organisations/mairie-agen"),
        ("/sources/{key}", "/sources/maillage"),
    ];
    match values.iter().find(|(template, _)| *template == path) {
        Some((_, path)) => (*path).to_owned(),
        None => path.replace("{zoom}", "3").replace("{column}", "4").replace("{row}", "2").replace("{form}", "csv"),
    }
}

#[tokio::test]
async fn what_is_described_is_answered() {
    let running = start().await;
    let description = get(&running, "/openapi.json").await.json();
    let paths = description["paths"].as_object().expect("paths");
    assert!(paths.len() > 12, "{paths:?}");
    for (path, operations) in paths {
        let answer = get(&running, &example(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let content = operations["get"]["responses"]["200"]["content"].as_object().expect("media types");
        let media_type = answer.header("content-type").and_then(|media_type| media_type.split(';').next());
        assert!(media_type.is_some_and(|media_type| content.contains_key(media_type)), "{path}: {media_type:?}");
        for parameter in operations["get"]["parameters"].as_array().expect("parameters") {
            let Some(name) = parameter["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/parameters/")) else {
                assert!(path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap_or_default())), "{path}: {parameter}");
                continue;
            };
            assert_eq!(description["components"]["parameters"][name]["name"], name);
        }
    }
}

#[tokio::test]
async fn catalogues_of_open_data_find_everything() {
    let running = start().await;
    let answer = get(&running, "/catalog.jsonld").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/ld+json")));
    let catalog = answer.json();
    let datasets = catalog["dcat:dataset"].as_array().expect("datasets");
    let names: Vec<&Value> = datasets.iter().map(|dataset| &dataset["dct:identifier"]).collect();
    assert_eq!(names, ["initiatives", "towns", "organisations", "topics"]);
    for dataset in datasets {
        for distribution in dataset["dcat:distribution"].as_array().expect("distributions") {
            let address = distribution["dcat:accessURL"].as_str().expect("an address");
            let path = address.strip_prefix("https://maillage.example").expect("an address of ours");
            assert_eq!(get(&running, path).await.status, 200, "{path}");
        }
    }
}
