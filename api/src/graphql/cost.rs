//! What a query costs, worked out on its parsed form before the library validates or runs it.
//!
//! Every selection costs 1; what stands below a list costs as often as the list is long: `first` or `last` items of a
//! connection, and what is usual of a list that is not asked for by the page. Questions to the index cost more than a look-up. A fragment is counted once and remembered, so that fragments
//! which spread one another twice take no time here; they are refused for what they would become. Sizes come from the schema
//! itself: a new field is priced as soon as it is there.

use std::collections::{HashMap, HashSet};

use async_graphql::Value as ConstValue;
use async_graphql::Variables;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
    ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};

use super::connection::{DEFAULT_PAGE, LARGEST_PAGE};
use super::error::{Code, bad_argument, coded};

/// The highest cost of a query.
pub const HIGHEST_COST: u64 = 20_000;

/// The highest cost of a query's look at the schema itself, which asks nothing of the store: three times what clients ask at
/// their start.
pub const HIGHEST_INTROSPECTION_COST: u64 = 600_000;

/// The most selections that a query may have once its fragments are put in.
pub const MOST_SELECTIONS: u64 = 10_000;

/// The most selections inside one another, fragments included.
pub const DEEPEST_SELECTION: usize = 30;

/// How long a list is taken to be that is not asked for by the page.
const USUAL_LIST: u64 = 5;

/// Lists that are longer than usual, or fields that cost the store or the index more than one look-up.
const SPECIAL: &[(&str, &str, u64, u64)] = &[
    // (type, field, its own cost, the length of the list)
    ("InitiativeConnection", "facets", 50, 0),
    ("Facet", "buckets", 1, 1),
    ("InitiativeEdge", "extracts", 10, 3),
    ("SearchEdge", "extracts", 10, 3),
    ("Query", "map", 200, 0),
    ("MapView", "clusters", 1, 200),
    ("MapView", "pins", 1, 200),
    ("MapCluster", "topTopics", 1, 3),
    ("Initiative", "similar", 200, 0),
    ("Town", "similar", 200, 0),
    ("Query", "topics", 10, 100),
    ("Query", "path", 2000, 1),
    ("Query", "changes", 50, 0),
    ("Topic", "narrower", 5, 10),
    ("GraphPath", "steps", 1, 12),
];

/// What a page of these costs, and what their total costs: both are worked out by the index, a search by going through all
/// that matches.
const ASKED: &[(&str, u64)] = &[
    ("AreaConnection", 5),
    ("InitiativeConnection", 5),
    ("OrganisationConnection", 5),
    ("SearchConnection", 100),
    ("TownConnection", 5),
];

/// What a text in a filter costs beside: the texts are searched for the page, for the total and for the facets.
const TEXT: u64 = 150;

/// The lists of the schema's look at itself, and how long they are taken to be.
const INTROSPECTION_LISTS: &[(&str, u64)] = &[
    ("types", 100),
    ("fields", 12),
    ("args", 2),
    ("possibleTypes", 8),
    ("interfaces", 2),
    ("enumValues", 8),
    ("inputFields", 4),
    ("directives", 8),
    ("locations", 4),
];

/// What the schema says about a field.
#[derive(Debug, Clone)]
struct Price {
    type_name: String,
    of_type: Type,
    own: u64,
    list: List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    /// Not a list.
    Single,
    /// The nodes and edges of a connection: as many as the page asked for.
    OfPage,
    /// So many, whatever is asked.
    Usual(u64),
    /// As many as the argument `first` or `last` says, and so many where neither is given.
    Page(u64),
    /// As many as the argument `first` says, for each value of the argument `by`.
    Facets(u64),
    /// As many as the argument `ids` names.
    Ids,
}

/// The prices of all fields of a schema.
#[derive(Debug)]
pub struct Prices {
    fields: HashMap<String, HashMap<String, Price>>,
}

/// What a piece of a query costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Weight {
    selections: u64,
    cost: u64,
    /// What it costs for each item of the page that it is selected of.
    each: u64,
    introspection: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.selections = self.selections.saturating_add(other.selections);
        self.cost = self.cost.saturating_add(other.cost);
        self.each = self.each.saturating_add(other.each);
        self.introspection = self.introspection.saturating_add(other.introspection);
    }
}

/// Why a query has no weight.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Refusal {
    TooDeep,
    Cycle(String),
}

impl Prices {
    /// The prices of a schema, from its definition.
    pub fn of(definition: &ServiceDocument) -> Self {
        let mut fields: HashMap<String, HashMap<String, Price>> = HashMap::new();
        for definition in &definition.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let type_name = definition.node.name.node.as_str();
            let of_type = match &definition.node.kind {
                TypeKind::Object(object) => &object.fields,
                TypeKind::Interface(interface) => &interface.fields,
                TypeKind::Scalar | TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
            };
            let priced = of_type.iter().map(|field| {
                let field = &field.node;
                let name = field.name.node.as_str();
                let has = |argument: &str| field.arguments.iter().any(|other| other.node.name.node == argument);
                let (is_list, inner) = innermost(&field.ty.node.base);
                let is_of_connection = type_name.ends_with("Connection") && matches!(name, "nodes" | "edges");
                let special = SPECIAL.iter().find(|special| (special.0, special.1) == (type_name, name));
                let list = if has("first") {
                    let usual = default_of(field, "first").unwrap_or(DEFAULT_PAGE as u64);
                    if has("by") { List::Facets(usual) } else { List::Page(usual) }
                } else if has("ids") {
                    List::Ids
                } else if is_of_connection {
                    List::OfPage
                } else if !is_list {
                    List::Single
                } else {
                    List::Usual(special.map_or(USUAL_LIST, |special| special.3))
                };
                (
                    name.to_owned(),
                    Price {
                        type_name: inner.to_owned(),
                        of_type: field.ty.node.clone(),
                        own: special.map_or_else(|| asked(type_name, name, inner), |special| special.2),
                        list,
                    },
                )
            });
            fields.insert(type_name.to_owned(), priced.collect());
        }
        Self { fields }
    }

    /// The type of a field.
    pub fn type_of(&self, type_name: &str, field: &str) -> Option<&Type> {
        self.fields.get(type_name)?.get(field).map(|price| &price.of_type)
    }

    /// Checks a query against the limits; answers with what the operation costs.
    pub fn check(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<u64, async_graphql::Error> {
        let mut all = Weight::default();
        for (_, other) in document.operations.iter() {
            all.add(self.weigh(document, &other.node, variables)?);
        }
        // The library looks at fragments that nothing spreads as well.
        let mut count = Count::new(self, document, operation, variables);
        for name in document.fragments.keys() {
            let weight = count.fragment(name.as_str(), 1).map_err(refused)?;
            all.selections = all.selections.saturating_add(weight.selections);
        }
        let weight = self.weigh(document, operation, variables)?;
        for (what, found, limit) in [
            ("cost", weight.cost, HIGHEST_COST),
            ("cost of introspection", weight.introspection, HIGHEST_INTROSPECTION_COST),
            ("number of selections", all.selections, MOST_SELECTIONS),
        ] {
            if found > limit {
                return Err(too_costly(what, found, limit));
            }
        }
        Ok(weight.cost)
    }

    fn weigh(
        &self,
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<Weight, async_graphql::Error> {
        let mut count = Count::new(self, document, operation, variables);
        count.set(&operation.selection_set.node, root(operation.ty), false, 1).map_err(refused)
    }
}

/// The type that an operation begins at.
pub const fn root(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// What a field costs that asks the index, or that counts what it asked.
fn asked(type_name: &str, name: &str, of_type: &str) -> u64 {
    let connection = if name == "totalCount" { type_name } else { of_type };
    ASKED.iter().find(|asked| asked.0 == connection).map_or(1, |asked| asked.1)
}

/// The value that an argument has where none is given.
fn default_of(field: &FieldDefinition, argument: &str) -> Option<u64> {
    let definition = field.arguments.iter().find(|other| other.node.name.node == argument)?;
    match &definition.node.default_value.as_ref()?.node {
        ConstValue::Number(number) => number.as_u64(),
        _ => None,
    }
}

/// What a list is of.
fn innermost(base: &BaseType) -> (bool, &str) {
    match base {
        BaseType::Named(name) => (false, name.as_str()),
        BaseType::List(inner) => (true, innermost(&inner.base).1),
    }
}

fn refused(refusal: Refusal) -> async_graphql::Error {
    match refusal {
        Refusal::TooDeep => coded(
            Code::QueryTooCostly,
            format!("the query has more than {DEEPEST_SELECTION} selections inside one another, fragments included"),
        ),
        Refusal::Cycle(name) => bad_argument("query", name, "fragments that do not spread themselves"),
    }
}

fn too_costly(what: &str, found: u64, limit: u64) -> async_graphql::Error {
    use async_graphql::ErrorExtensions as _;
    coded(Code::QueryTooCostly, format!("the {what} of the query is {found}: at most {limit} is allowed; ask for smaller pages"))
        .extend_with(|_, extensions| {
            extensions.set("cost", found);
            extensions.set("limit", limit);
        })
}

/// One count of one operation.
struct Count<'a> {
    prices: &'a Prices,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    known: HashMap<&'a str, Weight>,
    open: HashSet<&'a str>,
}

impl<'a> Count<'a> {
    fn new(
        prices: &'a Prices,
        document: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
    ) -> Self {
        Self { prices, document, operation, variables, known: HashMap::new(), open: HashSet::new() }
    }

    fn set(&mut self, set: &'a SelectionSet, type_name: &str, is_introspection: bool, depth: usize) -> Result<Weight, Refusal> {
        if depth > DEEPEST_SELECTION {
            return Err(Refusal::TooDeep);
        }
        let mut weight = Weight::default();
        for selection in &set.items {
            let item = match &selection.node {
                Selection::Field(field) => self.field(&field.node, type_name, is_introspection, depth)?,
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    let inner = condition.unwrap_or(type_name);
                    one_more(self.set(&fragment.node.selection_set.node, inner, is_introspection, depth + 1)?)
                }
                Selection::FragmentSpread(spread) => one_more(self.fragment(spread.node.fragment_name.node.as_str(), depth)?),
            };
            weight.add(item);
        }
        Ok(weight)
    }

    fn fragment(&mut self, name: &str, depth: usize) -> Result<Weight, Refusal> {
        // One that is not there is for the validation to report.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else { return Ok(Weight::default()) };
        let name = name.as_str();
        if let Some(weight) = self.known.get(name) {
            return Ok(*weight);
        }
        if !self.open.insert(name) {
            return Err(Refusal::Cycle(name.to_owned()));
        }
        let type_name = fragment.node.type_condition.node.on.node.as_str();
        let weight = self.set(&fragment.node.selection_set.node, type_name, type_name.starts_with("__"), depth + 1)?;
        self.open.remove(name);
        self.known.insert(name, weight);
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field, type_name: &str, is_introspection: bool, depth: usize) -> Result<Weight, Refusal> {
        let name = field.name.node.as_str();
        let is_introspection = is_introspection || matches!(name, "__schema" | "__type");
        if is_introspection {
            let below = self.set(&field.selection_set.node, "", true, depth + 1)?;
            let length = INTROSPECTION_LISTS.iter().find(|list| list.0 == name).map_or(1, |list| list.1);
            return Ok(Weight {
                selections: below.selections.saturating_add(1),
                cost: below.cost,
                each: 0,
                introspection: below.introspection.saturating_mul(length).saturating_add(1),
            });
        }
        // A field that is not there is for the validation to report.
        let price = self.prices.fields.get(type_name).and_then(|fields| fields.get(name));
        let below = self.set(&field.selection_set.node, price.map_or("", |price| &price.type_name), false, depth + 1)?;
        let length = match price.map_or(List::Single, |price| price.list) {
            List::Single | List::OfPage => 1,
            List::Usual(length) => length,
            List::Page(usual) => self.page(field, usual),
            List::Facets(usual) => {
                let kinds = self.argument(field, "by").map_or(1, |by| match by {
                    ConstValue::List(kinds) => kinds.len() as u64,
                    _ => 1,
                });
                kinds.saturating_mul(self.page(field, usual))
            }
            List::Ids => self.argument(field, "ids").map_or(1, |ids| match ids {
                ConstValue::List(ids) => ids.len() as u64,
                _ => 1,
            }),
        };
        let text = match self.argument(field, "filter") {
            Some(ConstValue::Object(filter)) if filter.get("text").is_some_and(|text| *text != ConstValue::Null) => TEXT,
            _ => 0,
        };
        let own = price.map_or(1, |price| price.own).saturating_add(text);
        // Of a page the nodes and edges count as often as there are items; what is said of the whole list counts once. A list
        // that is no page counts whole.
        let is_page = price.is_some_and(|price| price.type_name.ends_with("Connection"));
        let (items, whole) = if is_page { (below.each, below.cost) } else { (below.cost, 0) };
        let cost = items.saturating_mul(length).saturating_add(whole).saturating_add(own);
        let is_of_page = price.is_some_and(|price| price.list == List::OfPage);
        Ok(Weight {
            selections: below.selections.saturating_add(1),
            cost: if is_of_page { 0 } else { cost },
            each: if is_of_page { cost } else { 0 },
            introspection: below.introspection.saturating_mul(length),
        })
    }

    /// The size of the page asked for. One that is not allowed is for the resolver to report.
    fn page(&self, field: &Field, usual: u64) -> u64 {
        let size = |argument| match self.argument(field, argument) {
            Some(ConstValue::Number(number)) => Some(number.as_u64().unwrap_or(u64::MAX).min(LARGEST_PAGE as u64)),
            _ => None,
        };
        size("first").or_else(|| size("last")).unwrap_or(usual)
    }

    /// The value of an argument, variables put in.
    fn argument(&self, field: &Field, name: &str) -> Option<ConstValue> {
        let value = &field.get_argument(name)?.node;
        let value_of = |variable: &async_graphql::Name| {
            let given = self.variables.get(variable).cloned();
            let definition = self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == *variable);
            given.or_else(|| definition?.node.default_value().cloned()).ok_or(())
        };
        value.clone().into_const_with(|variable| value_of(&variable)).ok()
    }
}

const fn one_more(mut weight: Weight) -> Weight {
    weight.selections = weight.selections.saturating_add(1);
    weight
}
