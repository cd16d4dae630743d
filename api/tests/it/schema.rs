//! The schema: everything is described, and what is committed is what the code says.

use maillage::graphql::{schema, sdl};
use serde_json::Value;

const INTROSPECTION: &str = "{ __schema { types { name description
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description } }
    inputFields { name description } enumValues(includeDeprecated: true) { name description } } } }";

#[tokio::test]
async fn everything_is_described() {
    let answer = schema().execute(INTROSPECTION).await.into_result().unwrap();
    let answer = answer.data.into_json().unwrap();
    let mut bare = Vec::new();
    let is_bare = |item: &Value| item["description"].as_str().unwrap_or_default().trim().is_empty();
    let list = |item: &Value, name: &str| item[name].as_array().cloned().unwrap_or_default();
    let types = list(&answer["__schema"], "types");
    assert!(types.iter().any(|of_type| of_type["name"] == "Initiative"));
    for of_type in types {
        let name = of_type["name"].as_str().unwrap();
        if name.starts_with("__") {
            continue;
        }
        // `ID` is the specification's own, and the library leaves it bare.
        if is_bare(&of_type) && name != "ID" {
            bare.push(name.to_owned());
        }
        for part in ["fields", "inputFields", "enumValues"].iter().flat_map(|part| list(&of_type, part)) {
            let path = format!("{name}.{}", part["name"].as_str().unwrap());
            bare.extend(list(&part, "args").iter().filter(|arg| is_bare(arg)).map(|arg| format!("{path}({})", arg["name"])));
            if is_bare(&part) {
                bare.push(path);
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new(), "these have no description");
}

#[test]
fn what_is_committed_is_what_the_code_says() {
    let committed = include_str!("../../../schema.graphql");
    assert!(committed == sdl(&schema()), "schema.graphql is not what the code says: run cargo xtask codegen");
}
