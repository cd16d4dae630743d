//! The JSON Schemas of mappings and lists of sources: they take what the program takes, and refuse what it refuses.

use std::collections::BTreeSet;
use std::path::Path;

use maillage_importer::schema;
use serde_json::{Value, json};

fn toml(text: &str) -> Value {
    toml::from_str(text).expect("TOML")
}

/// What a schema has against a text, if anything.
fn said(schema: &Value, text: &str) -> Option<String> {
    let validator = jsonschema::draft7::new(schema).expect("a schema");
    validator.iter_errors(&toml(text)).next().map(|error| format!("{}: {error}", error.instance_path()))
}

/// Fails if the schema refuses a mapping that the program takes.
pub fn takes_mapping(path: &Path) {
    let text = std::fs::read_to_string(path).expect("a mapping");
    if maillage_importer::mapping::parse(&text).is_ok() {
        assert_eq!(said(&schema::mapping(), &text), None, "{text}");
    }
}

#[test]
fn the_files_of_the_content_folder_are_valid() {
    let sources = maillage_importer::sources::load(&crate::content()).expect("the sources");
    let mappings: Vec<_> = sources.iter().filter_map(|source| source.mapping.as_deref()).collect();
    assert!(!mappings.is_empty());
    mappings.into_iter().for_each(takes_mapping);
    let list = std::fs::read_to_string(crate::content().join("sources.toml")).expect("the list");
    assert_eq!(said(&schema::sources(), &list), None);
}

const MAPPING: &str = r#"
language = "fr"
[collections.bodies]
makes = "organisations"
files = ["b/*.md"]
key = "b-{file_stem}"
fields = { name = "name" }
[collections.projects]
makes = "initiatives"
files = ["p/*.md"]
key = "p-{file_stem}"
where = { public = true, year = [2018, 2019] }
skip = [{ title = "" }]
places = ["country:FR", { name = ["city", "town"] }]
fields = { title = "title", tags = [{ field = "tags", split = [","] }, "themes[]"], organisations = { field = "o", in = "bodies", role = "funder" } }
values.status.done = "stopped"
values.audience.all = ["staff"]
values.places.Ruhr = "country:DE"
headings.problem = ["Le besoin"]
"#;

#[test]
fn a_mapping_that_the_program_refuses_is_refused() {
    assert_eq!(said(&schema::mapping(), MAPPING), None);
    for (from, to) in [
        ("language = \"fr\"", "langage = \"fr\""),
        ("makes = \"initiatives\"", "makes = \"initiative\""),
        ("files = [\"p/*.md\"]\n", ""),
        ("key = \"p-{file_stem}\"\n", ""),
        ("title = \"title\"", "titel = \"title\""),
        ("title = \"title\"", "name = \"title\""),
        ("title = \"title\"", "title = 3"),
        ("fields = { name = \"name\" }", "fields = { title = \"name\" }"),
        ("split = [\",\"]", "splitt = [\",\"]"),
        ("role = \"funder\"", "role = \"payer\""),
        ("name = [\"city\", \"town\"]", "nom = \"city\""),
        ("done = \"stopped\"", "done = \"over\""),
        ("all = [\"staff\"]", "all = [\"everybody\"]"),
        ("headings.problem", "headings.problems"),
        ("values.status", "values.state"),
    ] {
        assert!(MAPPING.contains(from), "{from}");
        let text = MAPPING.replacen(from, to, 1);
        assert!(maillage_importer::mapping::parse(&text).is_err(), "the program takes {to}");
        assert!(said(&schema::mapping(), &text).is_some(), "the schema takes {to}");
    }
}

#[test]
fn a_wrong_list_of_sources_is_refused() {
    let list = "[[source]]\nkey = \"agen\"\nname = \"Agen\"\nkind = \"git\"\nurl = \"https://x.fr/a\"\ntoken = \"AGEN_TOKEN\"\n";
    assert_eq!(said(&schema::sources(), list), None);
    for (from, to) in [
        ("name = \"Agen\"\n", ""),
        ("kind = \"git\"", "kind = \"svn\""),
        ("url", "address"),
        ("AGEN_TOKEN", "ghp_abcdef"),
        ("key = \"agen\"", "key = \"Agen et alentours\""),
    ] {
        assert!(said(&schema::sources(), &list.replacen(from, to, 1)).is_some(), "{to}");
    }
}

#[test]
fn the_manual_names_every_setting_and_every_field_in_both_languages() {
    let mapping = schema::mapping();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for place in ["", "/definitions/CollectionFile", "/definitions/RuleTable", "/definitions/PlaceTable"] {
        let properties = mapping.pointer(&format!("{place}/properties")).and_then(Value::as_object).expect(place);
        names.extend(properties.keys().map(String::as_str));
    }
    let fields = mapping.pointer("/definitions/CollectionFile/properties/fields/properties").and_then(Value::as_object);
    names.extend(fields.expect("the fields").keys().map(String::as_str));
    assert!(names.len() > 60, "{names:?}");
    for page in ["mapping.md", "correspondance.md"] {
        let text = std::fs::read_to_string(crate::content().join("../docs").join(page)).expect(page);
        let missing: Vec<&&str> = names.iter().filter(|name| !text.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "{page} does not name {missing:?}");
    }
}

#[test]
fn an_editor_explains_each_field() {
    let mapping = schema::mapping();
    let title = &mapping["definitions"]["CollectionFile"]["properties"]["fields"]["properties"]["title"];
    assert_eq!(title["description"], json!("Its title."));
}
