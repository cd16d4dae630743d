//! The addresses beside GraphQL, as `OpenAPI` 3.1 describes them; GraphQL itself is described by its schema.

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{description_of, parameters};
use crate::http::Service;
use crate::pages::questions::Kind;

/// An address that takes the parameters of filters.
struct Filtered {
    path: &'static str,
    id: &'static str,
    summary: &'static str,
    media_type: &'static str,
    /// Whether it gives pages.
    is_paged: bool,
    /// What stands in the address.
    in_path: &'static [InPath],
}

struct InPath {
    name: &'static str,
    description: &'static str,
    schema: fn() -> Value,
}

const FILTERED: &[Filtered] = &[
    Filtered {
        path: "/initiatives.geojson",
        id: "initiativesAsGeoJson",
        summary: "Initiatives that have a place, a page at a time",
        media_type: "application/geo+json",
        is_paged: true,
        in_path: &[],
    },
    Filtered {
        path: "/initiatives.atom",
        id: "initiativesAsFeed",
        summary: "Initiatives for feed readers, the last modified first",
        media_type: "application/atom+xml",
        is_paged: true,
        in_path: &[],
    },
    Filtered {
        path: "/tiles.json",
        id: "tiles",
        summary: "What describes the vector tiles of a filter (TileJSON)",
        media_type: "application/json",
        is_paged: false,
        in_path: &[],
    },
    Filtered {
        path: "/tiles/{zoom}/{column}/{row}.mvt",
        id: "tile",
        summary: "A vector tile of the map",
        media_type: "application/vnd.mapbox-vector-tile",
        is_paged: false,
        in_path: &[
            InPath {
                name: "zoom",
                description: "0 is the whole world",
                schema: || json!({ "type": "integer", "minimum": 0, "maximum": 22 }),
            },
            InPath {
                name: "column",
                description: "From west to east, from 0",
                schema: || json!({ "type": "integer", "minimum": 0 }),
            },
            InPath {
                name: "row",
                description: "From north to south, from 0",
                schema: || json!({ "type": "integer", "minimum": 0 }),
            },
        ],
    },
    Filtered {
        path: "/export/initiatives.{form}",
        id: "exportInitiatives",
        summary: "All initiatives, or those of a filter",
        media_type: "text/csv",
        is_paged: false,
        in_path: &[EXPORT_FORM],
    },
];

const EXPORT_FORM: InPath = InPath {
    name: "form",
    description: "Lines of JSON, or a table",
    schema: || json!({ "type": "string", "enum": ["ndjson", "csv"] }),
};

/// `/openapi.json`.
pub async fn get(State(service): State<Service>) -> Response {
    description_of("application/json", &described(&service.inner.public_url))
}

fn described(public_url: &str) -> Value {
    let mut paths = Map::new();
    for address in FILTERED {
        paths.insert(address.path.to_owned(), json!({ "get": filtered(address) }));
    }
    for name in ["towns", "organisations", "topics"] {
        let id = format!("export{}{}", name[..1].to_uppercase(), &name[1..]);
        let mut operation =
            operation(&id, &format!("All {name}"), &[in_path(&EXPORT_FORM)], &["text/csv", "application/x-ndjson"]);
        operation["responses"]["404"] = no_such_form();
        paths.insert(format!("/export/{name}.{{form}}"), json!({ "get": operation }));
    }
    for kind in Kind::ALL {
        let (pattern, example) = key_of(kind);
        let schema = json!({ "type": "string", "pattern": pattern, "maxLength": 200 });
        let key = json!({ "name": "key", "in": "path", "required": true, "schema": schema, "example": example });
        let lang = json!({ "$ref": "#/components/parameters/lang" });
        let summary = format!("The page of one of the {}, or its JSON-LD", kind.name);
        let mut operation =
            operation(&format!("page_{}", kind.name), &summary, &[key, lang], &["text/html", "application/ld+json"]);
        for (status, what) in [("308", "It is elsewhere now"), ("404", "There is none of this key"), ("410", "It was withdrawn")]
        {
            operation["responses"][status] = json!({ "description": what });
        }
        paths.insert(format!("/{}/{{key}}", kind.name), json!({ "get": operation }));
    }
    let catalog = operation("catalog", "What can be had here (DCAT)", &[], &["application/ld+json"]);
    paths.insert("/catalog.jsonld".to_owned(), json!({ "get": catalog }));
    let outlines = operation("departments", "The outlines of the departments: a ground for maps", &[], &["application/geo+json"]);
    paths.insert("/departments.geojson".to_owned(), json!({ "get": outlines }));
    let parameters: Map<String, Value> = parameters::described().map(|(name, parameter)| (name.to_owned(), parameter)).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Maillage",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The open formats beside the GraphQL API, which is at /graphql and describes itself.",
        },
        "servers": [{ "url": public_url }],
        "paths": paths,
        "components": {
            "parameters": parameters,
            "schemas": {
                "Problem": {
                    "description": "What is wrong (RFC 9457)",
                    "type": "object",
                    "required": ["type", "title", "status", "code"],
                    "properties": {
                        "type": { "type": "string" },
                        "title": { "type": "string" },
                        "status": { "type": "integer" },
                        "code": { "type": "string", "description": "As in GraphQL" },
                        "argument": { "type": "string", "description": "Which parameter" },
                        "expected": { "type": "string" },
                        "nearest": { "type": "array", "items": { "type": "string" } },
                    },
                },
            },
        },
    })
}

fn in_path(of: &InPath) -> Value {
    json!({ "name": of.name, "in": "path", "required": true, "description": of.description, "schema": (of.schema)() })
}

fn filtered(address: &Filtered) -> Value {
    let filters = parameters::described().map(|(name, _)| name);
    let filters = filters.filter(|name| address.is_paged || !["first", "after"].contains(name));
    let filters = filters.map(|name| json!({ "$ref": format!("#/components/parameters/{name}") }));
    let parameters: Vec<Value> = address.in_path.iter().map(in_path).chain(filters).collect();
    if !address.path.starts_with("/export/") {
        return operation(address.id, address.summary, &parameters, &[address.media_type]);
    }
    let mut export = operation(address.id, address.summary, &parameters, &[address.media_type, "application/x-ndjson"]);
    export["responses"]["404"] = no_such_form();
    export
}

fn no_such_form() -> Value {
    problem("There is no export of this form")
}

/// What the keys of a kind of record look like, as a regular expression, and one of them.
fn key_of(kind: &Kind) -> (&'static str, &'static str) {
    const SLUG: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";
    const SCHEME_AND_CODE: &str = "^[a-z0-9]+(-[a-z0-9]+)*:[A-Za-z0-9-]+$";
    match kind.name {
        "towns" => (SCHEME_AND_CODE, "insee:47001"),
        "areas" => (SCHEME_AND_CODE, "department:47"),
        "topics" => (SLUG, "fablab"),
        "organisations" => (SLUG, "urban-prod"),
        "sources" => (SLUG, "maillage"),
        _ => (SLUG, "agen-connexion-bibliotheque"),
    }
}

fn problem(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

fn operation(id: &str, summary: &str, parameters: &[Value], media_types: &[&str]) -> Value {
    let content: Map<String, Value> = media_types.iter().map(|media_type| ((*media_type).to_owned(), json!({}))).collect();
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": summary, "content": content },
            "304": { "description": "As it was, by If-None-Match" },
            "400": problem("A parameter is wrong"),
            "429": problem("More was asked from this address than it may for now"),
            "503": problem("The graph cannot be reached, or too much is asked just now"),
        },
    })
}
