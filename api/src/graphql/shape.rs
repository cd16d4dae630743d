//! The form that an answer must have: fields in the order in which they were asked for, and null where the specification has
//! it. The library gives fields in the order in which they came to be known, and leaves out those that failed.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet, Type,
};
use async_graphql::{Name, PathSegment, ServerError, Value};

use super::cost::Prices;

/// What is selected of an object, in order.
#[derive(Debug, Default)]
pub struct Shape {
    fields: Vec<ShapeField>,
    /// Whether it is of a query, which changes nothing.
    is_query: bool,
}

#[derive(Debug)]
struct ShapeField {
    key: Name,
    /// What the schema says that it is; `None` in the schema's look at itself, which does not fail.
    of_type: Option<Type>,
    shape: Shape,
}

impl Shape {
    /// The shape of an operation's answer. The query must have been found to be within the limits of [`super::cost`].
    pub fn of(prices: &Prices, document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        let root = super::cost::root(operation.ty);
        let shape = Self::merged(prices, document, &[(root, &operation.selection_set.node)]);
        Self { is_query: operation.ty == OperationType::Query, ..shape }
    }

    /// Whether the operation is a query.
    pub const fn is_of_query(&self) -> bool {
        self.is_query
    }

    fn merged(prices: &Prices, document: &ExecutableDocument, sets: &[(&str, &SelectionSet)]) -> Self {
        let mut collected: Vec<Collected<'_>> = Vec::new();
        let mut places = HashMap::new();
        for (type_name, set) in sets {
            collect(prices, document, type_name, set, &mut collected, &mut places);
        }
        let fields = collected
            .into_iter()
            .map(|field| {
                let sets: Vec<(&str, &SelectionSet)> =
                    field.sets.iter().map(|set| (field.of_type.map_or("", innermost), *set)).collect();
                ShapeField { key: field.key, of_type: field.of_type.cloned(), shape: Self::merged(prices, document, &sets) }
            })
            .collect();
        Self { fields, is_query: false }
    }

    /// Brings an answer into form.
    pub fn complete(&self, data: Value, errors: &[ServerError]) -> Value {
        let failed: Vec<&[PathSegment]> = errors.iter().map(|error| error.path.as_slice()).collect();
        match data {
            Value::Object(object) => self.object(object, &failed).unwrap_or(Value::Null),
            // Nothing came of any field.
            Value::Null if !failed.is_empty() => self.object(IndexMap::new(), &failed).unwrap_or(Value::Null),
            other => other,
        }
    }

    /// An object in form; `None` where a field that cannot be null is, so that the object is null in its place. `failed` are
    /// the paths of errors below here.
    fn object(&self, mut object: IndexMap<Name, Value>, failed: &[&[PathSegment]]) -> Option<Value> {
        let mut ordered = IndexMap::with_capacity(object.len());
        for field in &self.fields {
            let below = below(failed, |segment| matches!(segment, PathSegment::Field(name) if name == field.key.as_str()));
            let value = match object.swap_remove(&field.key) {
                Some(value) => value,
                // Left out since it failed; otherwise it was skipped, or is of another type of the interface.
                None if !below.is_empty() => Value::Null,
                None => continue,
            };
            ordered.insert(field.key.clone(), field.shape.value(value, field.of_type.as_ref(), &below)?);
        }
        Some(Value::Object(ordered))
    }

    fn value(&self, value: Value, of_type: Option<&Type>, failed: &[&[PathSegment]]) -> Option<Value> {
        let is_nullable = of_type.is_none_or(|of_type| of_type.nullable);
        let completed = match value {
            Value::Null if is_nullable => Some(Value::Null),
            // An object of a type that nothing was asked of.
            Value::Null if failed.is_empty() && !self.fields.is_empty() => Some(Value::Object(IndexMap::new())),
            Value::Null => None,
            Value::List(items) => self.list(items, of_type, failed),
            Value::Object(object) if !self.fields.is_empty() => self.object(object, failed),
            other => Some(other),
        };
        if is_nullable { Some(completed.unwrap_or(Value::Null)) } else { completed }
    }

    fn list(&self, items: Vec<Value>, of_type: Option<&Type>, failed: &[&[PathSegment]]) -> Option<Value> {
        let item_type = of_type.and_then(|of_type| match &of_type.base {
            BaseType::List(item) => Some(&**item),
            BaseType::Named(_) => None,
        });
        let items: Option<Vec<Value>> = items
            .into_iter()
            .enumerate()
            .map(|(position, item)| {
                let below = below(failed, |segment| matches!(segment, PathSegment::Index(index) if *index == position));
                self.value(item, item_type, &below)
            })
            .collect();
        items.map(Value::List)
    }
}

/// The paths that begin with a segment, without it.
fn below<'a>(failed: &[&'a [PathSegment]], is_this: impl Fn(&PathSegment) -> bool) -> Vec<&'a [PathSegment]> {
    failed.iter().filter_map(|path| path.split_first()).filter(|(first, _)| is_this(first)).map(|(_, rest)| rest).collect()
}

fn innermost(of_type: &Type) -> &str {
    match &of_type.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => innermost(item),
    }
}

/// A field of an answer, with everything that is selected of it.
struct Collected<'a> {
    key: Name,
    of_type: Option<&'a Type>,
    sets: Vec<&'a SelectionSet>,
}

fn collect<'a>(
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    type_name: &str,
    set: &'a SelectionSet,
    collected: &mut Vec<Collected<'a>>,
    places: &mut HashMap<Name, usize>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.clone();
                let place = *places.entry(key.clone()).or_insert_with(|| {
                    let of_type = prices.type_of(type_name, field.node.name.node.as_str());
                    collected.push(Collected { key, of_type, sets: Vec::new() });
                    collected.len() - 1
                });
                collected[place].sets.push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                collect(prices, document, condition.unwrap_or(type_name), &fragment.node.selection_set.node, collected, places);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    let condition = fragment.node.type_condition.node.on.node.as_str();
                    collect(prices, document, condition, &fragment.node.selection_set.node, collected, places);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Pos;
    use async_graphql::parser::{parse_query, parse_schema};

    use super::*;

    const SCHEMA: &str = "
        type Query { town: Town towns: [Town!]! list: [Town] node: Node must: Town! }
        interface Node { id: ID! }
        type Town implements Node { id: ID! name: String! area: Area country: Area! }
        type Area implements Node { id: ID! name: String }
    ";

    /// Completes data, with errors at paths such as `town.name` or `towns.0.country`.
    fn completed(query: &str, data: &str, failed: &[&str]) -> String {
        let prices = Prices::of(&parse_schema(SCHEMA).unwrap());
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().unwrap().1;
        let segment = |text: &str| text.parse().map_or_else(|_| PathSegment::Field(text.to_owned()), PathSegment::Index);
        let errors: Vec<ServerError> = failed
            .iter()
            .map(|path| {
                let mut error = ServerError::new("failed", Some(Pos::default()));
                error.path = path.split('.').map(segment).collect();
                error
            })
            .collect();
        let data = Value::from_json(serde_json::from_str(data).unwrap()).unwrap();
        Shape::of(&prices, &document, &operation.node).complete(data, &errors).to_string()
    }

    #[test]
    fn orders_fields_and_fills_in_nulls() {
        let cases: &[(&str, &str, &[&str], &str)] = &[
            ("{ town { name id } }", r#"{"town":{"id":"1","name":"A"}}"#, &[], r#"{town: {name: "A", id: "1"}}"#),
            (
                "{ town { b: name ...F } } fragment F on Town { id name }",
                r#"{"town":{"id":"1","name":"A","b":"A"}}"#,
                &[],
                r#"{town: {b: "A", id: "1", name: "A"}}"#,
            ),
            (
                "{ node { ... on Area { name } id ... on Town { area { id } } } }",
                r#"{"node":{"area":{"id":"2"},"id":"1"}}"#,
                &[],
                r#"{node: {id: "1", area: {id: "2"}}}"#,
            ),
            (
                "{ town { area { id } } town { id area { name } } }",
                r#"{"town":{"area":{"name":"B","id":"2"},"id":"1"}}"#,
                &[],
                r#"{town: {area: {id: "2", name: "B"}, id: "1"}}"#,
            ),
            // A field that may be null is, where it failed.
            ("{ town { id area { id } } }", r#"{"town":{"id":"1"}}"#, &["town.area"], r#"{town: {id: "1", area: null}}"#),
            // One that may not takes what it stands in with it.
            ("{ town { id country { id } } }", r#"{"town":{"id":"1"}}"#, &["town.country"], "{town: null}"),
            ("{ towns { id country { id } } }", r#"{"towns":[{"id":"1"}]}"#, &["towns.0.country"], "null"),
            (
                "{ list { id country { id } } }",
                r#"{"list":[{"id":"1"},{"id":"2","country":{"id":"3"}}]}"#,
                &["list.0.country"],
                r#"{list: [null, {id: "2", country: {id: "3"}}]}"#,
            ),
            ("{ town { id } }", "null", &["town"], "{town: null}"),
            ("{ must { id } town { id } }", r#"{"town":{"id":"1"}}"#, &["must"], "null"),
            // What was skipped stays out.
            ("{ town { id name @skip(if: true) } }", r#"{"town":{"id":"1"}}"#, &[], r#"{town: {id: "1"}}"#),
            ("{ must { ... on Node { id } } }", r#"{"must":null}"#, &[], "{must: {}}"),
            ("{ town { id } }", r#"{"town":null}"#, &[], "{town: null}"),
        ];
        for (query, data, failed, expected) in cases {
            assert_eq!(completed(query, data, failed), *expected, "{query} {data} {failed:?}");
        }
    }
}
