//! A record as JSON-LD: in the terms of schema.org, topics in those of SKOS, where it is from in those of Dublin Core and PROV.

use serde_json::{Map, Value, json};

use super::questions::Kind;

/// The terms that are used.
fn context() -> Value {
    json!({
        "@vocab": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "dcterms": "http://purl.org/dc/terms/",
        "prov": "http://www.w3.org/ns/prov#",
        "url": { "@type": "@id" },
        "license": { "@type": "@id" },
        "dcterms:source": { "@type": "@id" },
        "skos:broader": { "@type": "@id" },
        "skos:narrower": { "@type": "@id" },
        "skos:closeMatch": { "@type": "@id" },
    })
}

pub fn data(kind: &Kind, record: &Value) -> Value {
    let mut data = Map::new();
    data.insert("@context".to_owned(), context());
    data.insert("@id".to_owned(), record["url"].clone());
    data.insert("identifier".to_owned(), record["key"].clone());
    data.insert("url".to_owned(), record["url"].clone());
    let of_kind = match kind.name {
        "initiatives" => initiative(record),
        "towns" => {
            json!({ "@type": "City", "name": record["name"], "geo": geo(&record["point"]), "containedInPlace": places(&record["areas"], "AdministrativeArea") })
        }
        "areas" => {
            json!({ "@type": "AdministrativeArea", "name": record["name"], "containedInPlace": place(&record["partOf"], "AdministrativeArea") })
        }
        "topics" => topic(record),
        "organisations" => {
            json!({ "@type": "Organization", "name": record["name"], "alternateName": record["otherNames"], "sameAs": record["website"], "parentOrganization": place(&record["partOf"], "Organization") })
        }
        _ => {
            json!({ "@type": "DataCatalog", "name": record["name"], "description": record["description"], "license": record["licence"]["url"] })
        }
    };
    data.extend(of_kind.as_object().cloned().unwrap_or_default());
    let provenance = &record["provenance"];
    data.insert("dcterms:source".to_owned(), provenance["url"].clone());
    data.insert("prov:generatedAtTime".to_owned(), provenance["fetchedAt"].clone());
    data.retain(|_, value| !is_nothing(value));
    Value::Object(data)
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn initiative(record: &Value) -> Value {
    let all = |list: &str| record[list].as_array().into_iter().flatten();
    let towns =
        all("places").filter_map(|entry| place(&entry["town"], "City").or_else(|| place(&entry["area"], "AdministrativeArea")));
    let by_role = |role: &str| {
        let of_role = all("involvements").filter(|involvement| involvement["role"] == role);
        of_role.filter_map(|involvement| place(&involvement["organisation"], "Organization")).collect::<Vec<_>>()
    };
    let licence = &record["licence"];
    json!({
        "@type": "Project",
        "name": record["title"],
        "description": record["summary"],
        "foundingDate": record["start"]["value"],
        "dissolutionDate": record["end"]["value"],
        "location": towns.collect::<Vec<_>>(),
        "knowsAbout": places(&record["topics"], "skos:Concept"),
        "keywords": record["tags"],
        "parentOrganization": by_role("OPERATOR"),
        "funder": by_role("FUNDER"),
        "sameAs": all("links").map(|link| link["url"].clone()).filter(|address| !address.is_null()).collect::<Vec<_>>(),
        "subjectOf": {
            "@type": "Article",
            "inLanguage": all("caseStudies").map(|telling| telling["lang"].clone()).collect::<Vec<_>>(),
            "license": if licence["url"].is_null() { licence["spdx"].clone() } else { licence["url"].clone() },
            "dateModified": record["modified"],
        },
    })
}

fn topic(record: &Value) -> Value {
    let labels = record["labels"].as_array().into_iter().flatten();
    let labels: Vec<Value> = labels.map(|label| json!({ "@language": label["lang"], "@value": label["text"] })).collect();
    let narrower = record["narrower"].as_array().into_iter().flatten().map(|topic| topic["url"].clone());
    json!({
        "@type": "skos:Concept",
        "skos:prefLabel": labels,
        "skos:broader": record["broader"]["url"],
        "skos:narrower": narrower.collect::<Vec<_>>(),
        "skos:closeMatch": record["closeMatches"],
    })
}

/// A record that another names.
fn place(record: &Value, of_type: &str) -> Option<Value> {
    let name = ["name", "label"].iter().map(|field| &record[*field]).find(|name| name.is_string())?;
    Some(json!({ "@type": of_type, "@id": record["url"], "name": name }))
}

fn places(records: &Value, of_type: &str) -> Vec<Value> {
    records.as_array().into_iter().flatten().filter_map(|record| place(record, of_type)).collect()
}

fn geo(point: &Value) -> Value {
    if point.is_null() {
        return Value::Null;
    }
    json!({ "@type": "GeoCoordinates", "latitude": point["lat"], "longitude": point["lon"] })
}
