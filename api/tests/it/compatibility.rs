//! What clients depend on stays: a change of the schema that breaks them must be named in the change log.
//!
//! `released.graphql` is the schema that clients know, renewed with each release.

use std::collections::BTreeMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition};

/// What stands at a place of a schema, such as `Query.town(key)`.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    /// A type of some kind, a value of an enumeration, a member of a union, an interface that a type has.
    Named(&'static str),
    /// A field, with what it gives.
    Output(Type),
    /// An argument, or a field of an input: what it takes, and whether it may be left out.
    Input(Type, bool),
}

type Parts = BTreeMap<String, Part>;

fn parts(schema: &str) -> Parts {
    let mut parts = Parts::new();
    for definition in parse_schema(schema).expect("a schema").definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.as_str().to_owned();
        let kind = match &definition.node.kind {
            TypeKind::Scalar => "a scalar",
            TypeKind::Object(object) => {
                interfaces(&mut parts, &name, object.implements.iter().map(|name| name.node.as_str()));
                fields(&mut parts, &name, object.fields.iter().map(|field| &field.node));
                "an object"
            }
            TypeKind::Interface(interface) => {
                interfaces(&mut parts, &name, interface.implements.iter().map(|name| name.node.as_str()));
                fields(&mut parts, &name, interface.fields.iter().map(|field| &field.node));
                "an interface"
            }
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| format!("{name} | {}", member.node));
                parts.extend(members.map(|member| (member, Part::Named("a member"))));
                "a union"
            }
            TypeKind::Enum(values) => {
                let values = values.values.iter().map(|value| format!("{name}.{}", value.node.value.node));
                parts.extend(values.map(|value| (value, Part::Named("a value"))));
                "an enumeration"
            }
            TypeKind::InputObject(input) => {
                inputs(&mut parts, input.fields.iter().map(|field| &field.node), |field| format!("{name}.{field}"));
                "an input"
            }
        };
        parts.insert(name, Part::Named(kind));
    }
    parts
}

fn interfaces<'a>(parts: &mut Parts, name: &str, interfaces: impl Iterator<Item = &'a str>) {
    parts.extend(interfaces.map(|interface| (format!("{name} implements {interface}"), Part::Named("an interface of it"))));
}

fn fields<'a>(parts: &mut Parts, name: &str, fields: impl Iterator<Item = &'a FieldDefinition>) {
    for field in fields {
        let path = format!("{name}.{}", field.name.node);
        inputs(parts, field.arguments.iter().map(|argument| &argument.node), |argument| format!("{path}({argument})"));
        parts.insert(path, Part::Output(field.ty.node.clone()));
    }
}

fn inputs<'a>(parts: &mut Parts, inputs: impl Iterator<Item = &'a InputValueDefinition>, path: impl Fn(&str) -> String) {
    for input in inputs {
        let may_be_left_out = input.ty.node.nullable || input.default_value.is_some();
        parts.insert(path(&input.name.node), Part::Input(input.ty.node.clone(), may_be_left_out));
    }
}

/// Whether whatever reads values of one type can read those of another.
fn reads(known: &Type, given: &Type) -> bool {
    if given.nullable && !known.nullable {
        return false;
    }
    match (&known.base, &given.base) {
        (BaseType::Named(known), BaseType::Named(given)) => known == given,
        (BaseType::List(known), BaseType::List(given)) => reads(known, given),
        _ => false,
    }
}

/// What breaks clients of one schema if another takes its place, by where it stands.
fn breaking(released: &Parts, present: &Parts) -> Vec<String> {
    let mut found = Vec::new();
    for (path, part) in released {
        let is_kept = match (part, present.get(path)) {
            (_, None) => false,
            (Part::Output(known), Some(Part::Output(given))) => reads(known, given),
            (Part::Input(sent, _), Some(Part::Input(taken, may_be_left_out))) => {
                reads(taken, sent) && (*may_be_left_out || !matches!(part, Part::Input(_, true)))
            }
            (part, Some(other)) => part == other,
        };
        if !is_kept {
            found.push(path.clone());
        }
    }
    // What is new must not be demanded of clients that do not know it.
    for (path, part) in present.iter().filter(|(path, _)| !released.contains_key(*path)) {
        let within = path.rsplit_once(['(', '.']).map_or("", |(within, _)| within);
        if matches!(part, Part::Input(_, false)) && released.contains_key(within) {
            found.push(path.clone());
        }
    }
    found
}

#[test]
fn what_breaks_clients_is_told() {
    let released = "type Query { a(x: Int, y: Int!): Int b: [Int!]! c: E } enum E { ONE TWO } input I { f: Int } \
                    union U = Query | T type T implements N { id: ID! } interface N { id: ID! }";
    for (from, to, expected) in [
        ("", "", &[][..]),
        ("b: [Int!]!", "", &["Query.b"]),
        ("b: [Int!]!", "b: [Int]!", &["Query.b"]),
        ("b: [Int!]!", "b: Int!", &["Query.b"]),
        ("): Int b", "): Int! b", &[]),
        ("): Int b", "): Float b", &["Query.a"]),
        ("x: Int,", "", &["Query.a(x)"]),
        ("x: Int,", "x: Int!,", &["Query.a(x)"]),
        ("y: Int!", "y: Int", &[]),
        ("y: Int!", "y: Int! z: Int", &[]),
        ("y: Int!", "y: Int! z: Int!", &["Query.a(z)"]),
        ("y: Int!", "y: Int! z: Int! = 3", &[]),
        ("ONE TWO", "ONE THREE", &["E.TWO"]),
        ("ONE TWO", "ONE TWO THREE", &[]),
        ("f: Int", "f: Int g: Int!", &["I.g"]),
        ("f: Int", "f: Int!", &["I.f"]),
        ("Query | T", "T", &["U | Query"]),
        ("T implements N", "T", &["T implements N"]),
        ("enum E { ONE TWO }", "scalar E", &["E", "E.ONE", "E.TWO"]),
    ] {
        let present = released.replacen(from, to, 1);
        assert_eq!(breaking(&parts(released), &parts(&present)), expected, "{from} -> {to}");
    }
}

#[test]
fn a_change_that_breaks_clients_is_announced() {
    let (released, present) = (include_str!("released.graphql"), include_str!("../../../schema.graphql"));
    let log = include_str!("../../../CHANGELOG.md");
    let unreleased = log.split("\n## [").nth(1).expect("a first section");
    let silent: Vec<String> = breaking(&parts(released), &parts(present))
        .into_iter()
        .filter(|path| !unreleased.contains(&format!("`{path}`")))
        .collect();
    assert!(
        silent.is_empty(),
        "these changes break clients: undo them, or name each in the first section of CHANGELOG.md as `PATH`: {silent:#?}"
    );
}
