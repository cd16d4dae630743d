//! A source's own fields, in our terms.
//!
//! A mapping makes of a partner's fields the fields of Maillage's front matter, each value with the place where it stands in
//! the partner's file; from there on both are read alike. Its file is described in `content/mappings`.

mod file;
mod path;

use std::collections::{BTreeMap, HashMap, HashSet};

use globset::GlobSet;
use maillage_explore::text::fold;
use maillage_graph_schema::model::{AreaKey, Language, Licence, OrganisationKey, OrganisationRole, Text};

pub use file::{load, parse};
use path::FieldPath;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::draft::{Lookup, Mention};
use crate::parse::body::Headings;
use crate::parse::personal::RoleMailboxes;
use crate::parse::value::{Entry, Map, Node, Position, Value};
use crate::slug::slug;

/// How the files of a source are read.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub language: Option<Language>,
    pub licence: Option<Licence>,
    /// The mailboxes of roles that its texts may name.
    pub role_mailboxes: RoleMailboxes,
    /// A file belongs to the first that asks for it.
    pub collections: Vec<Collection>,
}

impl Mapping {
    /// The collection that a file belongs to.
    pub fn collection(&self, path: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.files.is_match(path) && !collection.except.is_match(path))
    }
}

/// What the files of a collection become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makes {
    Initiatives,
    Organisations,
}

/// Files that are read alike.
#[derive(Debug, Clone)]
pub struct Collection {
    pub name: String,
    pub makes: Makes,
    files: GlobSet,
    except: GlobSet,
    key: KeyTemplate,
    /// Where initiatives run, since the files do not say.
    places: Vec<AreaKey>,
    /// Fields that are never read, and that the report need not mention.
    drop: Vec<String>,
    fields: Vec<FieldRule>,
    /// For each field of ours, by the folded value of theirs, the values of ours.
    values: HashMap<&'static str, HashMap<String, Vec<String>>>,
    pub headings: Headings,
}

/// A key around the slug of a file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct KeyTemplate {
    before: String,
    after: String,
}

impl KeyTemplate {
    /// The key for what a path, an address or a name ends with.
    fn key(&self, path: &str) -> Option<String> {
        slug(stem(path)).map(|slug| format!("{}{slug}{}", self.before, self.after))
    }
}

/// The last segment of a path, without the extension of a page.
pub fn stem(path: &str) -> &str {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    [".markdown", ".md", ".html", ".htm"].iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

/// How a field of ours is had.
#[derive(Debug, Clone)]
struct FieldRule {
    field: &'static str,
    takes_many: bool,
    /// In order: a field of one value takes the first that is filled, a list takes all.
    rules: Vec<Rule>,
}

/// One place to take values from.
#[derive(Debug, Clone)]
struct Rule {
    path: FieldPath,
    /// What makes the key of the organisation that a value refers to.
    target: Option<KeyTemplate>,
    role: Option<OrganisationRole>,
    label: Option<Text>,
}

/// The fields of a file in our terms.
#[derive(Debug)]
pub struct Mapped {
    pub key: Option<String>,
    pub fields: Map,
    /// What the file calls each of our fields.
    pub names: HashMap<String, String>,
    /// Organisations that the file refers to in other collections.
    pub mentions: Vec<Lookup<Mention>>,
    /// The organisation that this one is a part of.
    pub part_of: Option<Lookup<OrganisationKey>>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Collection {
    /// Puts the fields of a file into our terms.
    pub fn apply(&self, path: &str, fields: &Map, diagnostics: &Diagnostics<'_>) -> Mapped {
        let mut mapped = Mapped {
            key: self.key.key(path),
            fields: Map::default(),
            names: HashMap::new(),
            mentions: Vec::new(),
            part_of: None,
            diagnostics: Vec::new(),
        };
        let mut tags: Vec<Node> = Vec::new();
        for rule in &self.fields {
            let found = rule.find(fields);
            if let Some((source, _)) = found.first() {
                mapped.names.insert(rule.field.to_owned(), source.path.as_str().to_owned());
            }
            match rule.field {
                "organisations" => mapped.mentions = mentions(&found, diagnostics),
                "part_of" => mapped.part_of = found.first().and_then(|(rule, node)| rule.reference(node, diagnostics)),
                "aliases" => {
                    let keys = found.iter().filter_map(|(_, node)| Some((self.key.key(node.scalar()?)?, node.at)));
                    let own = mapped.key.clone();
                    let nodes = keys.filter(|(key, _)| Some(key) != own.as_ref()).map(|(key, at)| scalar(key, at)).collect();
                    put(&mut mapped.fields, rule.field, Value::List(nodes));
                }
                "links" | "evidence" => {
                    let nodes = found.iter().map(|(rule, node)| rule.link(node)).collect();
                    put(&mut mapped.fields, rule.field, Value::List(nodes));
                }
                _ => self.values_of(rule, &found, diagnostics, &mut mapped, &mut tags),
            }
        }
        if !tags.is_empty() {
            let mut all = mapped.fields.get("tags").map(|node| node.items().to_vec()).unwrap_or_default();
            all.append(&mut tags);
            mapped.fields.entries.retain(|entry| entry.key != "tags");
            put(&mut mapped.fields, "tags", Value::List(all));
        }
        if !self.places.is_empty() {
            let places = self.places.iter().map(|place| scalar(place.to_string(), Position::START)).collect();
            put(&mut mapped.fields, "areas", Value::List(places));
        }
        mapped
    }

    /// A field whose values are taken over, or replaced by the table of its values.
    fn values_of(
        &self,
        rule: &FieldRule,
        found: &[(&Rule, &Node)],
        diagnostics: &Diagnostics<'_>,
        mapped: &mut Mapped,
        tags: &mut Vec<Node>,
    ) {
        let table = self.values.get(rule.field);
        let mut nodes: Vec<Node> = Vec::new();
        for (source, node) in found {
            let Some((table, text)) = table.zip(node.scalar()) else {
                nodes.push((*node).clone());
                continue;
            };
            match table.get(&fold(text)) {
                Some(values) => nodes.extend(values.iter().map(|value| scalar(value.clone(), node.at))),
                // What a list does not translate is kept as a tag: nothing of what its author said is lost.
                None if rule.takes_many => tags.push((*node).clone()),
                None => {
                    let theirs = diagnostics.about(Code::UnmappedValue, source.path.as_str(), node);
                    mapped.diagnostics.push(theirs);
                }
            }
        }
        if rule.takes_many {
            put(&mut mapped.fields, rule.field, Value::List(nodes));
        } else if let Some(node) = nodes.into_iter().next() {
            let key_at = node.at;
            mapped.fields.entries.push(Entry { key: rule.field.to_owned(), key_at, node });
        }
    }

    /// Which of the fields of a file are neither read nor dropped.
    pub fn unread<'f>(&'f self, fields: &'f Map) -> impl Iterator<Item = &'f str> {
        let read: HashSet<&str> = self.fields.iter().flat_map(|field| &field.rules).map(|rule| rule.path.first()).collect();
        let is_unread = move |key: &&str| !read.contains(key) && !self.drop.iter().any(|dropped| dropped == key);
        fields.entries.iter().map(|entry| entry.key.as_str()).filter(is_unread)
    }
}

impl FieldRule {
    /// The values that its rules lead to, each with its rule.
    fn find<'r, 'f>(&'r self, fields: &'f Map) -> Vec<(&'r Rule, &'f Node)> {
        let mut found = Vec::new();
        for rule in &self.rules {
            for node in rule.path.find(fields) {
                if self.takes_many {
                    found.extend(node.items().iter().map(|item| (rule, item)));
                } else {
                    return vec![(rule, node)];
                }
            }
        }
        found
    }
}

impl Rule {
    /// The organisation that a value refers to by what it ends with: `/organisations/dgpe`.
    fn reference(&self, node: &Node, diagnostics: &Diagnostics<'_>) -> Option<Lookup<OrganisationKey>> {
        let key = self.target.as_ref()?.key(node.scalar()?)?.parse().ok()?;
        Some(Lookup { value: key, or_else: diagnostics.about(Code::UnknownOrganisation, self.path.as_str(), node) })
    }

    /// A value as a link, with the label of the rule.
    fn link(&self, node: &Node) -> Node {
        let Some(label) = self.label.as_ref().filter(|_| node.scalar().is_some()) else { return node.clone() };
        let entry = |key: &str, node: Node| Entry { key: key.to_owned(), key_at: node.at, node };
        let entries = vec![entry("url", node.clone()), entry("label", scalar(label.to_string(), node.at))];
        Node { value: Value::Map(Map { entries }), at: node.at }
    }
}

/// The organisations that values name, or refer to in other collections.
fn mentions(found: &[(&Rule, &Node)], diagnostics: &Diagnostics<'_>) -> Vec<Lookup<Mention>> {
    let mut seen = HashSet::new();
    let mut mentions = Vec::new();
    for (rule, node) in found {
        let role = rule.role.unwrap_or(OrganisationRole::Partner);
        let mention = if rule.target.is_some() {
            rule.reference(node, diagnostics).map(|reference| Lookup {
                value: Mention { key: Some(reference.value), name: None, website: None, role },
                or_else: reference.or_else,
            })
        } else {
            node.scalar().and_then(|name| crate::parse::clean::tidy(name).parse().ok()).map(|name| Lookup {
                value: Mention { key: None, name: Some(name), website: None, role },
                or_else: diagnostics.about(Code::UnknownOrganisation, rule.path.as_str(), node),
            })
        };
        mentions.extend(mention.filter(|mention| seen.insert((mention.value.key.clone(), mention.value.name.clone(), role))));
    }
    mentions
}

fn scalar(text: String, at: Position) -> Node {
    Node { value: Value::Scalar(text), at }
}

fn put(fields: &mut Map, field: &str, value: Value) {
    let is_empty = matches!(&value, Value::List(items) if items.is_empty());
    if !is_empty {
        let node = Node { value, at: Position::START };
        fields.entries.push(Entry { key: field.to_owned(), key_at: Position::START, node });
    }
}

/// Counts the fields that a mapping leaves unread, over all files.
#[derive(Debug, Default)]
pub struct UnreadFields {
    by_field: BTreeMap<String, usize>,
}

impl UnreadFields {
    /// Counts those of a file.
    pub fn count<'f>(&mut self, unread: impl Iterator<Item = &'f str>) {
        for field in unread {
            *self.by_field.entry(field.to_owned()).or_default() += 1;
        }
    }

    /// One note for each field.
    pub fn diagnostics(self) -> impl Iterator<Item = Diagnostic> {
        self.by_field.into_iter().map(|(field, count)| {
            Diagnostic::new(Code::UnreadField, "").field(&field).value(field.clone()).detail(count.to_string())
        })
    }
}
