//! Where a value of a file is: the path of a field, what stands under a heading of its text, or a text with braces around fields and
//! what is known of the file.

use std::str::FromStr;

use super::page::{KNOWN, OUTER, Page, UNDER};
use super::path::{FieldPath, Trail};
use crate::parse::under::{Item, Linked};
use crate::parse::value::{Entry, Map, Node, Position, Value};

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pointer {
    Field(FieldPath),
    Text(Template),
    Under(UnderHeading),
}

/// A heading of the text, for what stands under it: `{under.Partenaires}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderHeading {
    text: String,
    heading: String,
}

/// In what form what stands under a heading is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// All of it, as plain text.
    Words,
    /// All of it, as Markdown.
    Markdown,
    /// Each item of its list, or each paragraph, as plain text.
    Items,
    /// Likewise; one that begins with a link as that, with its address.
    Names,
    /// Each link in it; an item without one as plain text.
    Links,
}

/// A text with braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Known(String),
    Field(FieldPath),
}

impl Pointer {
    /// As it is written in the mapping.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Field(path) => path.as_str(),
            Self::Text(template) => &template.text,
            Self::Under(under) => &under.text,
        }
    }

    /// The fields at the top that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::Field(path) => vec![path.first()],
            Self::Text(template) => template.fields().map(FieldPath::first).collect(),
            Self::Under(_) => Vec::new(),
        }
    }

    /// Whether it asks for what only the history of a repository tells.
    pub fn wants_dates(&self) -> bool {
        matches!(self, Self::Text(template) if template.parts.iter().any(|part| matches!(part, Part::Known(name) if name.starts_with("git."))))
    }

    /// The values that it leads to and that say something.
    pub fn find(&self, page: &Page<'_>) -> Vec<Node> {
        self.find_along(page, &Trail::default())
    }

    /// Likewise, of the items of lists that the trail of another value leads through, too.
    pub fn find_along(&self, page: &Page<'_>, trail: &Trail<'_>) -> Vec<Node> {
        match self {
            Self::Field(path) => path.find_along(page.fields, trail).into_iter().cloned().collect(),
            Self::Text(template) => template.fill(page, trail).into_iter().collect(),
            Self::Under(under) => under.find(page, Form::Items),
        }
    }

    /// The item of a list that it shares with the trail of another value.
    pub fn shared_item<'a>(&self, trail: &Trail<'a>) -> Option<&'a Node> {
        match self {
            Self::Field(path) => trail.shared_item(path),
            Self::Text(template) => template.fields().find_map(|path| trail.shared_item(path)),
            Self::Under(_) => None,
        }
    }
}

impl FromStr for Pointer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|name| !name.contains(['{', '}']));
        if let Some(heading) = name.and_then(|name| name.strip_prefix(UNDER)) {
            if heading.trim().is_empty() {
                return Err(format!("{text:?} names no heading, such as {{under.Partners}}"));
            }
            return Ok(Self::Under(UnderHeading { text: text.to_owned(), heading: heading.trim().to_owned() }));
        }
        if text.contains('{') { text.parse().map(Self::Text) } else { text.parse().map(Self::Field) }
    }
}

impl UnderHeading {
    /// What stands under the heading.
    pub fn find(&self, page: &Page<'_>, form: Form) -> Vec<Node> {
        let Some(under) = page.under(&self.heading) else { return Vec::new() };
        let nodes = match form {
            Form::Words => vec![text_node(&under.text())],
            Form::Markdown => vec![text_node(&under.markdown())],
            Form::Items => under.items().iter().map(|item| text_node(&item.text)).collect(),
            Form::Names => under.items().iter().map(name_node).collect(),
            Form::Links => under.items_with_links().iter().flat_map(link_nodes).collect(),
        };
        nodes.into_iter().filter(|node| !node.is_blank()).collect()
    }
}

fn text_node(text: &str) -> Node {
    Node { value: Value::Scalar(text.trim().to_owned()), at: Position::START }
}

/// A name with an address, as lists in data have them; an address that is its own name as it is.
fn linked_node(link: &Linked) -> Node {
    if link.label.trim() == link.to {
        return text_node(&link.to);
    }
    let entry = |key: &str, text: &str| Entry { key: key.to_owned(), key_at: Position::START, node: text_node(text) };
    let entries = vec![entry("name", &link.label), entry("url", &link.to)];
    Node { value: Value::Map(Map { entries }), at: Position::START }
}

fn name_node(item: &Item) -> Node {
    let first = item.links.first().filter(|_| item.begins_with_link);
    first.map_or_else(|| text_node(&item.text), linked_node)
}

fn link_nodes(item: &Item) -> Vec<Node> {
    if item.links.is_empty() { vec![text_node(&item.text)] } else { item.links.iter().map(linked_node).collect() }
}

impl Template {
    /// As it is written in the mapping.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn fields(&self) -> impl Iterator<Item = &FieldPath> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(path) => Some(path),
            _ => None,
        })
    }

    /// Its text for a value of a file, of the items of lists that the trail of the value leads through; `None` if a part of it
    /// says nothing.
    pub fn text(&self, page: &Page<'_>, trail: &Trail<'_>) -> Option<String> {
        self.fill(page, trail)?.scalar().map(str::to_owned)
    }

    /// The same, with the place of the first field in it.
    fn fill(&self, page: &Page<'_>, trail: &Trail<'_>) -> Option<Node> {
        let mut at = Position::START;
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => filled.push_str(text),
                Part::Known(name) => filled.push_str(page.known(name)?.trim()),
                Part::Field(path) => {
                    let node = path.find_along(page.fields, trail).into_iter().find(|node| node.scalar().is_some())?;
                    if at == Position::START {
                        at = node.at;
                    }
                    filled.push_str(node.scalar()?.trim());
                }
            }
        }
        (!filled.trim().is_empty()).then_some(Node { value: Value::Scalar(filled), at })
    }

    /// Its text when each thing in braces is given by name.
    pub fn fill_with(&self, mut value: impl FnMut(&str) -> Option<String>) -> Option<String> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => filled.push_str(text),
                Part::Known(name) => filled.push_str(&value(name)?),
                Part::Field(path) => filled.push_str(&value(path.as_str())?),
            }
        }
        Some(filled)
    }

    /// Its text for a file, each part of which is put through a function; `None` if a part says nothing.
    pub fn fill_parts(&self, page: &Page<'_>, mut change: impl FnMut(&str) -> Option<String>) -> Option<String> {
        self.fill_with(|name| {
            let known = page.known(name).or_else(|| {
                let path: FieldPath = name.parse().ok()?;
                path.find(page.fields).into_iter().find_map(|node| node.scalar().map(str::to_owned))
            });
            change(&known?)
        })
    }

    /// The literal texts.
    pub fn literals(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// What stands in braces.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Known(name) => Some(name.as_str()),
            Part::Field(path) => Some(path.as_str()),
            Part::Literal(_) => None,
        })
    }
}

impl FromStr for Template {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                parts.push(Part::Literal(before.to_owned()));
            }
            let (name, after) = after.split_once('}').ok_or_else(|| format!("a brace of {text:?} is not closed"))?;
            let is_folder = name.strip_prefix("folder[").and_then(|rest| rest.strip_suffix(']')).is_some();
            if is_folder && name["folder[".len()..name.len() - 1].parse::<usize>().is_err() {
                return Err(format!("{name:?} is not a folder, such as folder[0], the first one"));
            }
            let is_under = name.starts_with(UNDER);
            let of_outer = name.strip_prefix(OUTER).map(str::parse::<FieldPath>).transpose()?;
            parts.push(if is_folder || is_under || of_outer.is_some() || KNOWN.contains(&name) {
                Part::Known(name.to_owned())
            } else {
                Part::Field(name.parse()?)
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}
