//! Where something is, by the fields of its file.

use std::cell::Cell;
use std::collections::HashMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Point, Text};

use super::page::Page;
use super::rule::{Change, FieldRule, From, Rule};
use super::template::Pointer;
use crate::diagnostic::{Code, Diagnostics};
use crate::draft::{Description, Lookup, PlaceDraft, Reference, Whereabouts};
use crate::parse::clean;
use crate::parse::personal::{Removed, RoleMailboxes, name_without_personal_data};
use crate::parse::value::{Node, Value};

/// One way to tell where something is.
#[derive(Debug, Clone)]
pub enum PlaceRule {
    /// The same for all files.
    Key(String),
    /// By what a value refers to.
    Of {
        pointer: Pointer,
        collections: Vec<String>,
    },
    Described(Box<Described>),
}

/// What is said of a place, and where.
#[derive(Debug, Clone, Default)]
pub struct Described {
    pub names: Vec<Pointer>,
    pub change: Change,
    pub code: Option<FieldRule>,
    pub postcode: Option<FieldRule>,
    pub department: Option<FieldRule>,
    pub region: Option<FieldRule>,
    pub country: Option<FieldRule>,
    pub latitude: Option<Pointer>,
    pub longitude: Option<Pointer>,
    pub point: Option<Pointer>,
    pub address: Option<Pointer>,
}

/// What is said beside the name of a place.
struct Said {
    text: String,
    /// Whether the mapping says it of all files.
    is_of_all: bool,
}

impl Said {
    /// What a rule says of a file.
    fn by(rule: Option<&FieldRule>, page: &Page<'_>, nothing: &[String]) -> Option<Self> {
        rule?.find(page, nothing).into_iter().find_map(|taken| {
            let text = clean::tidy(taken.node.scalar()?).trim().to_owned();
            let is_of_all = matches!(taken.rule.from, From::Value(_));
            (!text.is_empty()).then_some(Self { text, is_of_all })
        })
    }
}

/// What the places of a file are read with.
pub struct Reading<'r> {
    pub nothing: &'r [String],
    /// What they say and the keys of towns and areas that we say for it.
    pub values: Option<&'r HashMap<String, Vec<String>>>,
    pub reference: &'r dyn Fn(&[String], &str) -> Reference,
    /// The mailboxes that names and addresses may hold.
    pub roles: &'r RoleMailboxes,
    /// What was taken out of the others.
    pub removed: Cell<Removed>,
}

impl Reading<'_> {
    /// A name or an address without what may be a person's.
    fn plain(&self, text: &str) -> String {
        let (text, removed) = name_without_personal_data(&clean::tidy(text), self.roles);
        let mut all = self.removed.get();
        all.add(removed);
        self.removed.set(all);
        text
    }
}

impl PlaceRule {
    /// The fields at the top that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Key(_) => Vec::new(),
            Self::Of { pointer, .. } => pointer.fields(),
            Self::Described(described) => described.fields(),
        }
    }

    /// The places that it tells of a file.
    fn find(&self, page: &Page<'_>, reading: &Reading<'_>, diagnostics: &Diagnostics<'_>) -> Vec<Lookup<PlaceDraft>> {
        match self {
            Self::Key(key) => vec![of_key(key, diagnostics, None)],
            Self::Of { pointer, collections } => {
                let nodes = pointer.find(page);
                let items = nodes.iter().flat_map(Node::items).filter(|node| !node.is_blank());
                let reference = |node: &Node| {
                    let value = PlaceDraft::Of((reading.reference)(collections, node.scalar()?));
                    Some(Lookup { value, or_else: diagnostics.about(Code::UncertainPlace, pointer.as_str(), node) })
                };
                items.filter_map(reference).collect()
            }
            Self::Described(described) => described.find(page, reading, diagnostics),
        }
    }

    const fn asks_for_name(&self) -> bool {
        matches!(self, Self::Described(described) if !described.names.is_empty())
    }
}

/// Everything that the rules tell, in order; but a rule that asks for a name and has no more than the country comes after those that
/// may have a name.
pub fn whereabouts(rules: &[PlaceRule], page: &Page<'_>, reading: &Reading<'_>, diagnostics: &Diagnostics<'_>) -> Whereabouts {
    let mut found: Vec<(bool, Vec<Lookup<PlaceDraft>>)> = Vec::new();
    for rule in rules {
        let places = rule.find(page, reading, diagnostics);
        let lacks_name = rule.asks_for_name() && places.iter().all(|place| place.value.is_country_alone());
        found.push((lacks_name, places));
    }
    found.sort_by_key(|(lacks_name, _)| *lacks_name);
    found.into_iter().map(|(_, places)| places).filter(|places| !places.is_empty()).collect()
}

/// A town or an area by its key.
fn of_key(key: &str, diagnostics: &Diagnostics<'_>, said: Option<(&Pointer, &Node)>) -> Lookup<PlaceDraft> {
    let is_town = key.starts_with("insee:") || key.starts_with("geonames:");
    let code = if is_town { Code::UnknownTown } else { Code::UnknownArea };
    let or_else = match said {
        Some((pointer, node)) => diagnostics.about(code, pointer.as_str(), node).value(key),
        None => diagnostics.of(code).field("places").value(key),
    };
    // What the file itself says is kept beside the place that it stands for.
    let said = said.and_then(|(_, node)| node.scalar()?.parse::<Text>().ok());
    Lookup { value: PlaceDraft::Known { key: key.to_owned(), said }, or_else }
}

impl Described {
    /// What is said beside the name, each by a rule as that of a field.
    fn rules(&self) -> impl Iterator<Item = &FieldRule> {
        [&self.code, &self.postcode, &self.department, &self.region, &self.country].into_iter().flatten()
    }

    fn pointers(&self) -> impl Iterator<Item = &Pointer> {
        let beside = self.rules().flat_map(|rule| &rule.rules).filter_map(|rule| match &rule.from {
            From::File(pointer) => Some(pointer),
            From::Value(_) => None,
        });
        let single = [&self.latitude, &self.longitude, &self.point, &self.address];
        self.names.iter().chain(beside).chain(single.into_iter().flatten())
    }

    /// The fields at the top that it reads.
    fn fields(&self) -> Vec<&str> {
        let of_rules = self.rules().flat_map(|rule| &rule.rules).flat_map(Rule::fields);
        self.pointers().flat_map(Pointer::fields).chain(of_rules).collect()
    }

    /// Whether it asks for nothing.
    pub fn says_nothing(&self) -> bool {
        self.pointers().next().is_none()
    }

    fn find(&self, page: &Page<'_>, reading: &Reading<'_>, diagnostics: &Diagnostics<'_>) -> Vec<Lookup<PlaceDraft>> {
        let said = |rule: &Option<FieldRule>| Said::by(rule.as_ref(), page, reading.nothing);
        let [code, postcode, department, region, country] =
            [&self.code, &self.postcode, &self.department, &self.region, &self.country].map(said);
        // What is the same for all files says nothing of this one.
        let beside = [&code, &postcode, &department, &region, &country];
        let is_told = beside.into_iter().flatten().any(|said| !said.is_of_all);
        let country_is_assumed = country.as_ref().is_some_and(|country| country.is_of_all);
        let text = |said: Option<Said>| said.map(|said| said.text);
        let common = Description {
            name: None,
            code: text(code),
            postcode: text(postcode),
            department: text(department),
            region: text(region),
            country: text(country),
            country_is_assumed,
            point: self.point(page),
            address: self.address(page, reading),
            language: None,
        };
        let mut found = Vec::new();
        for (pointer, node) in self.names(page, reading.nothing) {
            let Some(name) = node.scalar() else { continue };
            if let Some(keys) = reading.values.and_then(|values| values.get(&fold(name))) {
                found.extend(keys.iter().map(|key| of_key(key, diagnostics, Some((pointer, &node)))));
                continue;
            }
            let description = Description { name: reading.plain(name).parse().ok(), ..common.clone() };
            let or_else = diagnostics.about(Code::UncertainPlace, pointer.as_str(), &node);
            found.push(Lookup { value: PlaceDraft::Described(Box::new(description)), or_else });
        }
        let says_something = is_told || common.point.is_some() || common.address.is_some();
        if found.is_empty() && says_something && !self.named_nothing(page, reading.nothing) {
            let shown = self.pointers().find_map(|pointer| Some((pointer, pointer.find(page).into_iter().next()?)));
            let or_else = match &shown {
                Some((pointer, node)) => diagnostics.about(Code::UncertainPlace, pointer.as_str(), node),
                None => diagnostics.of(Code::UncertainPlace),
            };
            found.push(Lookup { value: PlaceDraft::Described(Box::new(common)), or_else });
        }
        found
    }

    /// The address that the file gives. What is to be done to names is done to it where the rule asks for no name.
    fn address(&self, page: &Page<'_>, reading: &Reading<'_>) -> Option<Text> {
        let plain = Change::default();
        let change = if self.names.is_empty() { &self.change } else { &plain };
        let mut nodes = self.address.as_ref()?.find(page).into_iter().flat_map(|node| change.apply(node, reading.nothing, false));
        nodes.find_map(|node| reading.plain(node.scalar()?).parse().ok())
    }

    /// Whether the file names a place, and the name is one that means none, such as "Online".
    fn named_nothing(&self, page: &Page<'_>, nothing: &[String]) -> bool {
        let says = |pointer: &Pointer| pointer.find(page).iter().any(|node| node.scalar().is_some());
        self.names.iter().any(says) && self.names(page, nothing).is_empty() && !self.change.nothing.is_empty()
    }

    /// The names that the file gives, of the first pointer that gives any.
    fn names(&self, page: &Page<'_>, nothing: &[String]) -> Vec<(&Pointer, Node)> {
        for pointer in &self.names {
            let nodes = pointer.find(page);
            let items = nodes.iter().flat_map(|node| node.items().to_vec());
            let names: Vec<Node> = items.flat_map(|item| self.change.apply(item, nothing, true)).collect();
            if !names.is_empty() {
                return names.into_iter().map(|node| (pointer, node)).collect();
            }
        }
        Vec::new()
    }

    /// The point that the file gives.
    pub fn point(&self, page: &Page<'_>) -> Option<Point> {
        let number = |pointer: &Option<Pointer>| {
            let node = pointer.as_ref()?.find(page).into_iter().next()?;
            degrees(node.scalar()?)
        };
        let apart = || Some((number(&self.latitude)?, number(&self.longitude)?));
        let together = || point_of(&self.point.as_ref()?.find(page).into_iter().next()?);
        let (latitude, longitude) = apart().or_else(together)?;
        // What stands at the origin of the map stands there for want of anything better.
        let is_somewhere = latitude != 0.0 || longitude != 0.0;
        Point::new(latitude, longitude).ok().filter(|_| is_somewhere)
    }
}

fn degrees(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('°').replacen(',', ".", 1).parse().ok().filter(|number: &f64| number.is_finite())
}

/// Latitude and longitude in one value: a list, a text with a comma, a map, or GeoJSON, which has the longitude first.
fn point_of(node: &Node) -> Option<(f64, f64)> {
    match &node.value {
        Value::List(items) => {
            let [latitude, longitude] = items.as_slice() else { return None };
            Some((degrees(latitude.scalar()?)?, degrees(longitude.scalar()?)?))
        }
        Value::Map(map) => {
            let get = |names: &[&str]| names.iter().find_map(|name| degrees(map.get(name)?.scalar()?));
            let named = || Some((get(&["lat", "latitude", "y"])?, get(&["lon", "lng", "long", "longitude", "x"])?));
            let geojson = || point_of(map.get("coordinates")?).map(|(longitude, latitude)| (latitude, longitude));
            named().or_else(geojson)
        }
        Value::Scalar(text) => {
            let text = text.trim();
            if text.starts_with('{') {
                let (node, _) = crate::parse::json_value(text)?;
                return matches!(node.value, Value::Map(_)).then(|| point_of(&node)).flatten();
            }
            let mut parts = text.split([';', ' ', ',']).filter(|part| !part.is_empty());
            let (latitude, longitude) = (parts.next()?, parts.next()?);
            parts.next().is_none().then_some(())?;
            Some((degrees(latitude)?, degrees(longitude)?))
        }
        Value::Null => None,
    }
}
