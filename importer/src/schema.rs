//! JSON Schemas of the files that people write, by which their editors complete, explain and check them. The types that read the
//! files are their grammar and their manual; what these types leave open, such as which fields there are, is added here.

use std::collections::BTreeMap;

use maillage_graph_schema::model::{Audience, SectionKind, Status};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::mapping::file::MappingFile;
use crate::mapping::{Makes, fields};
use crate::sources;

/// Where the schema of a mapping is published: editors look for it by the first line of a mapping.
pub const MAPPING_ADDRESS: &str = "https://raw.githubusercontent.com/maillage/maillage/main/docs/mapping.schema.json";

/// The schema of a mapping.
pub fn mapping() -> Value {
    let mut schema = of::<MappingFile>("A mapping of Maillage");
    let collection = &mut schema["definitions"]["CollectionFile"];
    collection["allOf"] = Makes::ALL.into_iter().zip(Makes::WRITTEN).map(|(makes, written)| only(makes, written)).collect();
    let properties = &mut collection["properties"];
    let names =
        |properties: Map<String, Value>| json!({ "type": "object", "properties": properties, "additionalProperties": false });
    put(&mut properties["fields"], names(every_field(|_| reference("FieldFile"))));
    let mut values = every_field(values_of);
    let mut places = reference("ValuesFile");
    places["description"] = "What they call places, and the keys of towns and areas.".into();
    values.insert("places".to_owned(), places);
    put(&mut properties["values"], names(values));
    put(&mut properties["headings"], json!({ "propertyNames": { "enum": written(SectionKind::ALL) } }));
    let theirs = json!({ "type": "object", "additionalProperties": { "$ref": "#/definitions/OneOrMany" } });
    schema["definitions"]["ValuesFile"] = theirs;
    schema
}

/// The schema of a list of sources.
pub fn sources() -> Value {
    of::<sources::File>("Sources of Maillage")
}

/// Written forms, for `enum`.
pub fn written<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

/// Draft 7 is what editors of TOML know.
fn of<T: JsonSchema>(title: &str) -> Value {
    let mut schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.into()
}

/// What a collection that makes this may have.
fn only(makes: Makes, written: &str) -> Value {
    let names: Vec<&str> = fields::of(makes).iter().map(|field| field.name).collect();
    let values: Vec<&str> = names.iter().copied().chain(["places"]).collect();
    json!({
        "if": { "properties": { "makes": { "const": written } }, "required": ["makes"] },
        "then": { "properties": { "fields": { "propertyNames": { "enum": names } }, "values": { "propertyNames": { "enum": values } } } },
    })
}

/// Each field of any record with its explanation.
fn every_field(schema: impl Fn(&str) -> Value) -> Map<String, Value> {
    let all: BTreeMap<&str, &str> =
        Makes::ALL.into_iter().rev().flat_map(fields::of).map(|field| (field.name, field.about)).collect();
    let described = |(name, about): (&str, &str)| {
        let mut field = schema(name);
        field["description"] = about.into();
        (name.to_owned(), field)
    };
    all.into_iter().map(described).collect()
}

/// What stands for the values of a field: where there are only so many, these.
fn values_of(field: &str) -> Value {
    let ours = match field {
        "status" => written(Status::ALL),
        "audience" => written(Audience::ALL),
        _ => return reference("ValuesFile"),
    };
    let one = json!({ "enum": ours });
    json!({ "type": "object", "additionalProperties": { "anyOf": [one, { "type": "array", "items": one }] } })
}

/// A definition, in the form that lets a description stand beside it.
fn reference(definition: &str) -> Value {
    json!({ "allOf": [{ "$ref": format!("#/definitions/{definition}") }] })
}

/// Replaces what is said of a property, but for its description.
fn put(property: &mut Value, said: Value) {
    let description = property["description"].take();
    let Value::Object(mut said) = said else { return };
    said.insert("description".to_owned(), description);
    *property = Value::Object(said);
}
