//! The metadata at the head of a file: YAML between `---`, TOML between `+++`, JSON in braces.

use super::value::{Map, Node, Position, Value};
use super::yaml::{self, Repeated};
use super::{json, toml};
use crate::limits::Limits;

/// A file taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter<'a> {
    pub fields: Map,
    pub repeated: Vec<Repeated>,
    /// What follows the front matter.
    pub body: &'a str,
}

/// Why a file has no front matter that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrontMatterError {
    /// There is none.
    Absent,
    /// The opening fence has no closing one.
    Unclosed(Position),
    Invalid {
        at: Position,
        problem: String,
    },
}

/// Takes a file apart. A byte order mark, blank lines before the opening fence, spaces after a fence, either kind of line end
/// and a closing fence without a line end are all right.
pub fn split<'a>(text: &'a str, limits: &Limits) -> Result<FrontMatter<'a>, FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let trimmed = text.trim_start();
    // The line of the opening fence, from 1.
    let first_line = text[..text.len() - trimmed.len()].matches('\n').count() + 1;
    if trimmed.starts_with('{') {
        let (node, rest) = json::parse(trimmed, limits)
            .map_err(|(at, problem)| FrontMatterError::Invalid { at: shift(at, first_line - 1), problem })?;
        return finish(shift_node(node, first_line - 1), Vec::new(), rest);
    }
    let (first, after) = line(trimmed);
    let fence = match first.trim_end() {
        "---" => "---",
        "+++" => "+++",
        _ => return Err(FrontMatterError::Absent),
    };
    let opening = Position { line: first_line, column: 1 };
    let (metadata, body) = until_fence(after, fence).ok_or(FrontMatterError::Unclosed(opening))?;
    let invalid = |at, problem| FrontMatterError::Invalid { at: shift(at, first_line), problem };
    if fence == "+++" {
        let node = toml::parse(metadata, limits).map_err(|(at, problem)| invalid(at, problem))?;
        return finish(shift_node(node, first_line), Vec::new(), body);
    }
    let yaml = yaml::parse(metadata, limits).map_err(|error| invalid(error.at, error.problem))?;
    let repeated =
        yaml.repeated.into_iter().map(|repeated| Repeated { at: shift(repeated.at, first_line), ..repeated }).collect();
    finish(shift_node(yaml.root, first_line), repeated, body)
}

fn finish(root: Node, repeated: Vec<Repeated>, body: &str) -> Result<FrontMatter<'_>, FrontMatterError> {
    let at = root.at;
    match root.value {
        Value::Map(fields) => Ok(FrontMatter { fields, repeated, body }),
        Value::Null => Ok(FrontMatter { fields: Map::default(), repeated, body }),
        Value::Scalar(_) | Value::List(_) => {
            Err(FrontMatterError::Invalid { at, problem: "there are no fields, each with a name and a colon".to_owned() })
        }
    }
}

/// The first line without its end, and the rest.
fn line(text: &str) -> (&str, &str) {
    match text.split_once('\n') {
        Some((first, rest)) => (first.strip_suffix('\r').unwrap_or(first), rest),
        None => (text, ""),
    }
}

/// What stands before the closing fence, and after it.
fn until_fence<'a>(text: &'a str, fence: &str) -> Option<(&'a str, &'a str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (first, after) = line(rest);
        if first.trim_end() == fence {
            return Some((&text[..start], after));
        }
        rest = after;
    }
    None
}

fn shift(at: Position, lines: usize) -> Position {
    Position { line: at.line + lines, column: at.column }
}

/// A value whose text starts so many lines further down.
fn shift_node(node: Node, lines: usize) -> Node {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|item| shift_node(item, lines)).collect()),
        Value::Map(map) => Value::Map(Map {
            entries: map
                .entries
                .into_iter()
                .map(|mut entry| {
                    entry.key_at = shift(entry.key_at, lines);
                    entry.node = shift_node(entry.node, lines);
                    entry
                })
                .collect(),
        }),
        value => value,
    };
    Node { value, at: shift(node.at, lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, key: &str) -> Option<(String, Position)> {
        let split = split(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?} in {text:?}"));
        let node = split.fields.get(key)?.clone();
        Some((node.scalar().unwrap_or_default().to_owned(), node.at))
    }

    #[test]
    fn values_are_their_source_text() {
        let yaml =
            "---\ninsee: 01004\nanswer: NO\nversion: 1.10\nbudget: 18.000\ndate: 2018-07-04\nquoted: \"a: b\"\nnothing: ~\n---\n";
        for (key, text, line, column) in [
            ("insee", "01004", 2, 8),
            ("answer", "NO", 3, 9),
            ("version", "1.10", 4, 10),
            ("budget", "18.000", 5, 9),
            ("date", "2018-07-04", 6, 7),
            ("quoted", "a: b", 7, 9),
        ] {
            assert_eq!(get(yaml, key), Some((text.to_owned(), Position { line, column })), "{key}");
        }
        let toml = "+++ \nzip = 01004_5\n+++\n";
        assert!(matches!(split(toml, &Limits::default()), Err(FrontMatterError::Invalid { .. })));
        let toml = "+++\r\ntitle = 'Été'\r\nversion = 1.10\r\nstart = 2018-07-04\r\n[place]\r\ncode = \"01004\"\r\n+++";
        assert_eq!(get(toml, "version"), Some(("1.10".to_owned(), Position { line: 3, column: 11 })));
        assert_eq!(get(toml, "start"), Some(("2018-07-04".to_owned(), Position { line: 4, column: 9 })));
        let json = "{\n  \"code\": \"01004\",\n  \"price\": 1.10,\n  \"open\": true\n}\nLe texte.";
        assert_eq!(get(json, "price"), Some(("1.10".to_owned(), Position { line: 3, column: 12 })));
        assert_eq!(get(json, "open"), Some(("true".to_owned(), Position { line: 4, column: 11 })));
        assert_eq!(split(json, &Limits::default()).expect("json").body, "\nLe texte.");
    }

    #[test]
    fn fences_are_found_however_they_end() {
        for text in [
            "---\ntitle: A\n---\nbody",
            "\u{feff}---\ntitle: A\n---\nbody",
            "\n\n---\ntitle: A\n---\nbody",
            "---  \r\ntitle: A\r\n---\t\r\nbody",
            "---\ntitle: A\n---",
            "---\ntitle: A\nruler: |\n  --- \n  ----\n---\nbody",
        ] {
            let split = split(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?} in {text:?}"));
            assert_eq!(split.fields.get("title").and_then(Node::scalar), Some("A"), "{text:?}");
            assert!(matches!(split.body, "body" | ""), "{:?}", split.body);
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let at = |line, column| Position { line, column };
        for (text, expected) in [
            ("# A title", FrontMatterError::Absent),
            ("", FrontMatterError::Absent),
            ("---\ntitle: A\n", FrontMatterError::Unclosed(at(1, 1))),
            ("\n---\ntitle: A\n...\n", FrontMatterError::Unclosed(at(2, 1))),
        ] {
            assert_eq!(split(text, &Limits::default()).expect_err(text), expected);
        }
        for (text, line) in [
            ("---\ntitle: A\nlist: [a, b\nend: 1\n---\n", 4),
            ("---\ntitle: \"A\n---\n", 2),
            ("---\n- a\n- b\n---\n", 2),
            ("+++\ntitle = \n+++\n", 2),
            ("{\n\"a\": }\n", 2),
            ("{\"a\": 1", 1),
        ] {
            let error = split(text, &Limits::default()).expect_err(text);
            let FrontMatterError::Invalid { at, .. } = error else { panic!("{error:?} in {text}") };
            assert!(at.line.abs_diff(line) <= 1, "{at:?} in {text}");
        }
    }

    #[test]
    fn repeated_keys_are_told_and_lists_joined() {
        let split = split("---\ntags: [a]\ntitle: A\ntags: [b]\ntitle: ''\n---\n", &Limits::default()).expect("yaml");
        assert_eq!(split.repeated.iter().map(|repeated| repeated.at.line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(split.fields.get("tags").map(|tags| tags.items().len()), Some(2));
        assert_eq!(split.fields.get("title").and_then(Node::scalar), Some("A"));
    }

    #[test]
    fn bombs_are_refused() {
        let mut bomb = "---\na: &a [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for (name, before) in ["b", "c", "d", "e", "f", "g"].iter().zip(["a", "b", "c", "d", "e", "f"]) {
            let aliases = vec![format!("*{before}"); 10].join(", ");
            bomb.extend([name, ": &", name, " [", &aliases, "]\n"]);
        }
        bomb.push_str("---\n");
        let deep_yaml = format!("---\na: {}{}\n---\n", "[".repeat(500), "]".repeat(500));
        let deep_json = format!("{{\"a\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let deep_toml = format!("+++\na = {}{}\n+++\n", "[".repeat(100_000), "]".repeat(100_000));
        for text in [bomb, deep_yaml, deep_json, deep_toml] {
            assert!(matches!(split(&text, &Limits::default()), Err(FrontMatterError::Invalid { .. })));
        }
    }
}
