//! What can be had here, as catalogues of open data read it: DCAT 3, as JSON-LD.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::description_of;
use crate::http::Service;

/// A text in English and in French.
type InBoth = [&'static str; 2];

/// A set of data: its name in addresses, what it is, and the forms beside those of all exports.
type Dataset = (&'static str, InBoth, InBoth, &'static [Form]);

const DATASETS: &[Dataset] = &[
    (
        "initiatives",
        ["Initiatives of towns", "Initiatives de villes"],
        [
            "What towns and associations tried, with places, topics, costs, results and their case studies. Each row has its own licence and source.",
            "Ce que des villes et des associations ont essayé, avec les lieux, les thèmes, les coûts, les résultats et leurs récits. Chaque ligne dit sa licence et sa source.",
        ],
        &[
            Form { path: "/initiatives.geojson", media_type: "application/geo+json", title: "GeoJSON" },
            Form { path: "/initiatives.atom", media_type: "application/atom+xml", title: "Atom" },
            Form { path: "/tiles.json", media_type: "application/json", title: "TileJSON" },
        ],
    ),
    (
        "towns",
        ["Towns", "Communes"],
        [
            "The towns that initiatives refer to, with codes, former names, population and position.",
            "Les communes auxquelles les initiatives se rapportent, avec les codes, les anciens noms, la population et la position.",
        ],
        &[],
    ),
    (
        "organisations",
        ["Organisations", "Organismes"],
        ["Who runs, funds or supports initiatives.", "Qui porte, finance ou soutient les initiatives."],
        &[],
    ),
    (
        "topics",
        ["Topics", "Thèmes"],
        [
            "The vocabulary of local digital action, in French and English.",
            "Le vocabulaire de l'action numérique locale, en français et en anglais.",
        ],
        &[],
    ),
];

/// A form in which data can be had.
struct Form {
    path: &'static str,
    media_type: &'static str,
    title: &'static str,
}

/// `/catalog.jsonld`.
pub async fn get(State(service): State<Service>) -> Response {
    description_of("application/ld+json", &catalog(&service.inner.public_url))
}

fn in_both([english, french]: InBoth) -> Value {
    json!([{ "@value": english, "@language": "en" }, { "@value": french, "@language": "fr" }])
}

fn catalog(public_url: &str) -> Value {
    let datasets: Vec<Value> = DATASETS.iter().map(|dataset| described(public_url, dataset)).collect();
    json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "dcat:accessURL": { "@type": "@id" },
            "dcat:downloadURL": { "@type": "@id" },
            "dcat:endpointURL": { "@type": "@id" },
            "dcat:endpointDescription": { "@type": "@id" },
            "dcat:servesDataset": { "@type": "@id" },
            "dcat:landingPage": { "@type": "@id" },
            "dct:language": { "@type": "@id" },
        },
        "@id": format!("{public_url}/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": in_both(["Maillage: what towns tried", "Maillage : ce que des villes ont essayé"]),
        "dct:description": in_both([
            "An exchange network of best practice between towns.",
            "Un réseau d'échange de bonnes pratiques entre villes.",
        ]),
        "dct:language": [
            "http://publications.europa.eu/resource/authority/language/ENG",
            "http://publications.europa.eu/resource/authority/language/FRA",
        ],
        "dcat:landingPage": format!("{public_url}/"),
        "dcat:dataset": datasets,
        "dcat:service": [
            service(public_url, "GraphQL", "/graphql", "/graphiql"),
            service(public_url, "GeoJSON, Atom, TileJSON, CSV, NDJSON", "/", "/openapi.json"),
        ],
    })
}

/// Where data can be asked for, and what describes how.
fn service(public_url: &str, title: &str, path: &str, description: &str) -> Value {
    json!({
        "@id": format!("{public_url}{path}"),
        "@type": "dcat:DataService",
        "dct:title": title,
        "dcat:endpointURL": format!("{public_url}{path}"),
        "dcat:endpointDescription": format!("{public_url}{description}"),
        "dcat:servesDataset": DATASETS.iter().map(|(name, ..)| dataset_id(public_url, name)).collect::<Vec<_>>(),
    })
}

fn dataset_id(public_url: &str, name: &str) -> String {
    format!("{public_url}/catalog.jsonld#{name}")
}

fn described(public_url: &str, (name, title, description, forms): &Dataset) -> Value {
    let export = |ending: &str, media_type: &str, title: &str| {
        json!({
            "@type": "dcat:Distribution",
            "dct:title": title,
            "dcat:accessURL": format!("{public_url}/export/{name}.{ending}"),
            "dcat:downloadURL": format!("{public_url}/export/{name}.{ending}"),
            "dcat:mediaType": format!("https://www.iana.org/assignments/media-types/{media_type}"),
        })
    };
    let other = |form: &Form| {
        json!({
            "@type": "dcat:Distribution",
            "dct:title": form.title,
            "dcat:accessURL": format!("{public_url}{}", form.path),
            "dcat:mediaType": format!("https://www.iana.org/assignments/media-types/{}", form.media_type),
        })
    };
    let exports = [export("csv", "text/csv", "CSV"), export("ndjson", "application/x-ndjson", "NDJSON")];
    json!({
        "@id": dataset_id(public_url, name),
        "@type": "dcat:Dataset",
        "dct:identifier": name,
        "dct:title": in_both(*title),
        "dct:description": in_both(*description),
        "dcat:distribution": exports.into_iter().chain(forms.iter().map(other)).collect::<Vec<_>>(),
    })
}
