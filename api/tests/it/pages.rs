//! The pages of records, and their JSON-LD.

use maillage_graph_schema::store::GraphStore as _;
use serde_json::json;

use crate::support::{Answer, Running, change_set, put, start};

async fn get(running: &Running, path: &str, headers: &[(&str, &str)]) -> Answer {
    running.send("GET", path, headers, "").await
}

/// Every record that a kind of page is there for.
async fn addresses(running: &Running) -> Vec<String> {
    let data = running
        .data(
            "{ initiatives { nodes { url } } towns(filter: {}) { nodes { url } } areas { nodes { url } }
               organisations { nodes { url } } topics { url } sources { url } }",
        )
        .await;
    let mut found = Vec::new();
    for list in ["initiatives", "towns", "areas", "organisations", "topics", "sources"] {
        let records = data[list].as_array().or_else(|| data[list]["nodes"].as_array()).expect("records");
        assert!(!records.is_empty(), "{list}");
        found.extend(
            records.iter().filter_map(|record| record["url"].as_str()).map(|url| url.replace("https://maillage.example", "")),
        );
    }
    found
}

#[tokio::test]
async fn every_record_has_a_page_in_two_languages_and_as_data() {
    let running = start().await;
    for path in addresses(&running).await {
        for lang in ["fr", "en"] {
            for answer in [
                get(&running, &format!("{path}?lang={lang}"), &[]).await,
                get(&running, &path, &[("Accept-Language", lang), ("Accept", "text/html,*/*;q=0.8")]).await,
            ] {
                assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
                assert!(
                    answer.body.contains(&format!("<html lang=\"{lang}\">")) && answer.body.contains("<h1>"),
                    "{path}: {}",
                    answer.body
                );
                assert!(!answer.body.contains("<script") && !answer.body.contains("<img"), "{path}");
                let policy = answer.header("content-security-policy").unwrap_or_default();
                assert!(policy.starts_with("default-src 'none'"), "{path}: {}", answer.headers);
                assert!(answer.header("vary").is_some_and(|vary| vary.contains("accept-language")), "{path}: {}", answer.headers);
            }
        }
        // Whoever chose a language keeps it from page to page; whom the browser speaks for has it said again each time.
        let chosen = get(&running, &format!("{path}?lang=en"), &[]).await.body;
        let unchosen = get(&running, &path, &[]).await.body;
        for (body, is_chosen) in [(chosen, true), (unchosen, false)] {
            for link in body.match_indices("<a href=\"/").map(|(at, _)| &body[at + 9..]).filter(|link| !link.starts_with("/\"")) {
                let link = link.split('"').next().unwrap_or_default();
                assert_eq!(link.ends_with("?lang=en"), is_chosen, "{path}: {link}");
            }
        }
        let data = get(&running, &path, &[("Accept", "application/ld+json")]).await;
        assert_eq!((data.status, data.header("content-type")), (200, Some("application/ld+json")), "{path}");
        let data = data.json();
        assert!(data["@context"]["@vocab"].is_string() && data["@type"].is_string(), "{path}: {data}");
        assert_eq!(data["@id"], json!(format!("https://maillage.example{path}")), "{path}");
        let tag = get(&running, &path, &[]).await.header("etag").expect("a tag").to_owned();
        assert_eq!(get(&running, &path, &[("If-None-Match", &tag)]).await.status, 304, "{path}");
    }
}

#[tokio::test]
async fn what_moved_leads_on_and_what_is_gone_says_so() {
    let running = start().await;
    for (path, status, location) in [
        ("/towns/insee:47999", 308, Some("/towns/insee:47001")),
        ("/towns/insee:47999?lang=fr", 308, Some("/towns/insee:47001?lang=fr")),
        ("/initiatives/agen-wifi-ancien", 308, Some("/initiatives/agen-wifi")),
        ("/initiatives/agen-retire", 410, None),
        ("/initiatives/nothing", 404, None),
        ("/towns/not%20a%20key", 400, None),
        ("/planets/mars", 404, None),
        ("/towns/insee:47001?lang=not-a-language-", 400, None),
    ] {
        let answer = get(&running, path, &[]).await;
        assert_eq!((answer.status, answer.header("location")), (status, location), "{path}: {}", answer.body);
    }
    let gone = get(&running, "/initiatives/agen-retire?lang=fr", &[]).await;
    assert!(gone.body.contains("Retirée : not wanted") && gone.header("etag").is_none(), "{}", gone.body);
}

#[tokio::test]
async fn what_partners_write_is_text() {
    let running = start().await;
    let hostile = "<script>alert(1)</script>\" onload=\"x";
    let record = json!({"kind": "initiative", "record": {"key": "hostile", "title": hostile, "summary": hostile, "language": "fr",
        "places": [{"target": {"town": "insee:47001"}}], "links": [{"url": "https://a.fr/?\"><b>", "label": hostile}],
        "provenance": [{"source": "maillage"}]}});
    running.store.apply(&change_set("hostile", "2026-11-27T10:00:00.000Z", vec![put(&record)])).await.expect("a change");
    for path in ["/initiatives/hostile", "/towns/insee:47001"] {
        let page = get(&running, path, &[]).await;
        assert!(page.body.contains("&#60;script&#62;"), "{path}: {}", page.body);
        assert!(
            !page.body.contains("<script") && !page.body.contains("\" onload") && !page.body.contains("<b>"),
            "{path}: {}",
            page.body
        );
    }
}
