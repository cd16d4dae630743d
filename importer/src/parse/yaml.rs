//! YAML, by its events: the text of each scalar as it was written.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::problems;
use super::value::{Growing, Node, Position, Value};
use crate::limits::Limits;

/// What a YAML text says, and the keys that it repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yaml {
    pub root: Node,
    pub repeated: Vec<Repeated>,
}

/// A key that stands twice in one map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    pub key: String,
    /// Where it stood before.
    pub first: Position,
    pub at: Position,
}

/// Why a text is not YAML that is read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {problem}", at.line, at.column)]
pub struct YamlError {
    pub at: Position,
    pub problem: String,
    /// Whether it is too much rather than wrong.
    pub is_limit: bool,
}

/// Reads the first document of a YAML text.
pub fn parse(text: &str, limits: &Limits) -> Result<Yaml, YamlError> {
    let mut builder = Builder { limits, open: Vec::new(), anchors: HashMap::new(), values: 0, copied: 0, repeated: Vec::new() };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let problem = problems::in_words(error.info());
            let (at, problem) = where_it_is(position(*error.marker()), problem, text);
            YamlError { at, problem: problem.to_owned(), is_limit: false }
        })?;
        if let Some(root) = builder.receive(event, position(span.start))? {
            return Ok(Yaml { root, repeated: builder.repeated });
        }
    }
    Ok(Yaml { root: Node { value: Value::Null, at: Position::START }, repeated: Vec::new() })
}

/// Where a problem is, and what it is: the parser stops before the line that begins with a tab, and after the one in which something
/// follows a bracket.
fn where_it_is<'p>(at: Position, problem: &'p str, text: &str) -> (Position, &'p str) {
    let mut next =
        text.lines().enumerate().skip(at.line).take_while(|(_, line)| line.trim().is_empty() || line.starts_with('\t'));
    match next.find(|(_, line)| !line.trim().is_empty()) {
        Some((index, _)) if problem == problems::TAB => (Position { line: index + 1, column: 1 }, problem),
        _ => after_bracket(at, text).map_or((at, problem), |at| (at, problems::AFTER_BRACKET)),
    }
}

/// Where something stands behind the closing bracket of a value, in the line of a problem or the one before: `tags: [a, b]>`.
fn after_bracket(at: Position, text: &str) -> Option<Position> {
    let lines = text.lines().enumerate().take(at.line).skip(at.line.saturating_sub(2));
    let of_line = |(index, line): (usize, &str)| {
        let value = line.find(": ").map(|colon| &line[colon + 2..])?.trim_start();
        let close = match value.as_bytes().first()? {
            b'[' => ']',
            b'{' => '}',
            _ => return None,
        };
        let rest = value[value.rfind(close)? + 1..].trim_start();
        let column = line.chars().count() - rest.chars().count() + 1;
        (!rest.is_empty() && !rest.starts_with('#')).then_some(Position { line: index + 1, column })
    };
    lines.filter_map(of_line).last()
}

fn position(marker: Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}

/// A list or map whose end has not come yet.
struct Open {
    at: Position,
    anchor: usize,
    content: OpenContent,
}

enum OpenContent {
    List(Vec<Node>),
    Map { map: Growing, key: Option<(String, Position)> },
}

struct Builder<'a> {
    limits: &'a Limits,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    values: usize,
    /// How much text aliases stand for, in bytes.
    copied: u64,
    repeated: Vec<Repeated>,
}

impl Builder<'_> {
    /// Takes one event; gives the root once it is complete.
    fn receive(&mut self, event: Event<'_>, at: Position) -> Result<Option<Node>, YamlError> {
        let (node, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if is_null { Value::Null } else { Value::Scalar(text.into_owned()) };
                (Node { value, at }, anchor)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(YamlError {
                        at,
                        problem: "an alias stands inside the value that it names".to_owned(),
                        is_limit: true,
                    });
                };
                // Before it is copied: a few letters may stand for as much as the file may hold.
                let (weight, bytes) = (node.weight(), node.bytes());
                self.count(weight - 1, at)?;
                self.copied += bytes as u64;
                let most = self.limits.file_bytes;
                if self.copied > most {
                    let problem = format!("aliases written out are more than {most} bytes");
                    return Err(YamlError { at, problem, is_limit: true });
                }
                let value = self.anchors.get(&anchor).map_or(Value::Null, |node| node.value.clone());
                (Node { value, at }, 0)
            }
            Event::SequenceStart(anchor, _) => {
                self.start(Open { at, anchor, content: OpenContent::List(Vec::new()) })?;
                return Ok(None);
            }
            Event::MappingStart(anchor, _) => {
                self.start(Open { at, anchor, content: OpenContent::Map { map: Growing::default(), key: None } })?;
                return Ok(None);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(Open { at, anchor, content }) = self.open.pop() else { return Ok(None) };
                let value = match content {
                    OpenContent::List(items) => Value::List(items),
                    OpenContent::Map { map, .. } => Value::Map(map.whole()),
                };
                (Node { value, at }, anchor)
            }
            Event::StreamEnd | Event::DocumentEnd | Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {
                return Ok(None);
            }
        };
        self.count(1, at)?;
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(self.place(node))
    }

    fn start(&mut self, open: Open) -> Result<(), YamlError> {
        let depth = self.limits.value_depth;
        if self.open.len() >= depth {
            return Err(YamlError { at: open.at, problem: format!("values are nested more than {depth} deep"), is_limit: true });
        }
        self.open.push(open);
        Ok(())
    }

    fn count(&mut self, more: usize, at: Position) -> Result<(), YamlError> {
        self.values += more;
        let most = self.limits.values;
        if self.values > most {
            return Err(YamlError {
                at,
                problem: format!("there are more than {most} values, with aliases written out"),
                is_limit: true,
            });
        }
        Ok(())
    }

    /// Puts a complete value into the list or map that is open; gives it back if it is the root.
    fn place(&mut self, node: Node) -> Option<Node> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => return Some(node),
            Some(OpenContent::List(items)) => items.push(node),
            Some(OpenContent::Map { map, key }) => match key.take() {
                None => *key = Some((node.scalar().unwrap_or_default().to_owned(), node.at)),
                Some((key, key_at)) => {
                    if let Some(first) = map.insert(key.clone(), key_at, node) {
                        self.repeated.push(Repeated { key, first, at: key_at });
                    }
                }
            },
        }
        None
    }
}
