//! The metadata of a file: YAML between `---`, or without; TOML between `+++`, JSON in braces; a block of code after the title;
//! lines of properties; a file beside it.

use std::borrow::Cow;

use super::labels::labels;
use super::properties::{is_name, is_title, properties};
use super::value::{Map, Node, Position, Value};
use super::yaml::Repeated;
use super::{json, problems, repair, toml_quotes};
use crate::limits::Limits;

/// A file taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontMatter<'a> {
    pub fields: Map,
    pub repeated: Vec<Repeated>,
    /// What had to be changed so that it could be read.
    pub repaired: Vec<Repaired>,
    /// The text without the metadata.
    pub body: Cow<'a, str>,
}

/// A line of metadata that was not valid, and was read as it was surely meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repaired {
    pub at: Position,
    /// What the parser said of it.
    pub problem: String,
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
    if trimmed.starts_with('{') && !trimmed.starts_with("{{") && !trimmed.starts_with("{%") {
        let (node, rest) =
            json::parse(trimmed, limits).map_err(|(at, problem)| invalid_json(shift(at, first_line - 1), &problem))?;
        return Metadata::of(node).below(first_line - 1, Cow::Borrowed(rest));
    }
    let (first, after) = line(trimmed);
    let (kind, fence) = match first.trim_end() {
        "---" => (Kind::Yaml, "---"),
        "+++" => (Kind::Toml, "+++"),
        ";;;" => (Kind::Json, ";;;"),
        // Eleventy and others that read metadata as it does: the notation stands behind the fence.
        first if let Some(kind) = first.strip_prefix("---").and_then(Kind::named) => (kind, "---"),
        first if is_long_fence(first) => return between_rules(after, first_line, limits).ok_or(FrontMatterError::Absent),
        _ => return Err(FrontMatterError::Absent),
    };
    let opening = Position { line: first_line, column: 1 };
    let (metadata, body) = until_fence(after, |line| line == fence || (fence == "---" && line == "..."))
        .ok_or(FrontMatterError::Unclosed(opening))?;
    kind.read(metadata, limits).map_err(|error| error.below(first_line))?.below(first_line, Cow::Borrowed(body))
}

fn invalid_json(at: Position, problem: &str) -> FrontMatterError {
    FrontMatterError::Invalid { at, problem: problems::of_json(problem) }
}

/// Whether a line is one of dashes, more than a fence has: a rule, for most.
fn is_long_fence(line: &str) -> bool {
    line.len() > 3 && line.bytes().all(|byte| byte == b'-')
}

/// Metadata between two lines of many dashes, if what stands there is nothing else.
fn between_rules<'a>(after: &'a str, first_line: usize, limits: &Limits) -> Option<FrontMatter<'a>> {
    let (metadata, body) = until_fence(after, |line| line == "---" || is_long_fence(line))?;
    let fields = Kind::Yaml.read(metadata, limits).ok()?.below(first_line, Cow::Borrowed(body)).ok()?;
    (!fields.fields.entries.is_empty() && fields.repaired.is_empty()).then_some(fields)
}

/// Takes a file of a partner apart, which may have its metadata in a block of code after the title, in lines of properties, in
/// labels for its readers, or none.
pub fn find<'a>(text: &'a str, limits: &Limits) -> Result<FrontMatter<'a>, FrontMatterError> {
    match split(text, limits) {
        Err(FrontMatterError::Absent) => {}
        result => return result,
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(found) = unfenced(text, limits) {
        return Ok(found);
    }
    let Some(block) = block_after_title(text) else {
        return Ok(match properties(text) {
            Some((fields, body)) => FrontMatter { fields, repeated: Vec::new(), repaired: Vec::new(), body: Cow::Owned(body) },
            None => FrontMatter { fields: labels(text).unwrap_or_default(), ..FrontMatter::none(text) },
        });
    };
    let lines = text[..block.metadata_at].matches('\n').count();
    let metadata = match block.kind.read(block.metadata, limits) {
        Ok(metadata) => metadata,
        // A block without a name may be an example.
        Err(_) if !block.is_named => return Ok(FrontMatter::none(text)),
        Err(error) => return Err(error.below(lines)),
    };
    let body = Cow::Owned(format!("{}{}", block.before, block.after));
    match metadata.below(lines, body) {
        Err(_) if !block.is_named => Ok(FrontMatter::none(text)),
        result => result,
    }
}

/// Whether a text begins with a field, as nothing but metadata does.
pub fn is_unfenced(text: &str) -> bool {
    line(text).0.split_once(':').is_some_and(|(name, value)| is_name(name) && (value.is_empty() || value.starts_with(' ')))
}

/// Metadata without a fence before it, if all of it is such and it has a title, as Statamic writes pages.
fn unfenced<'a>(text: &'a str, limits: &Limits) -> Option<FrontMatter<'a>> {
    if !is_unfenced(text) {
        return None;
    }
    let (metadata, body) = until_fence(text, |line| line == "---").unwrap_or((text, ""));
    let found = Kind::Yaml.read(metadata, limits).ok()?.below(0, Cow::Borrowed(body)).ok()?;
    let entries = &found.fields.entries;
    let is_sure = found.repaired.is_empty() && entries.iter().any(|entry| is_title(&entry.key));
    is_sure.then_some(found)
}

/// Reads a file that is metadata alone, by the extension of its name.
pub fn whole<'a>(extension: &str, text: &str, limits: &Limits) -> Result<FrontMatter<'a>, FrontMatterError> {
    data(extension, text, limits)?.below(0, Cow::Borrowed(""))
}

/// Reads a file that is data of any sort, by the extension of its name.
pub(super) fn data(extension: &str, text: &str, limits: &Limits) -> Result<Metadata, FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let kind = match extension {
        "toml" => Kind::Toml,
        "json" => Kind::Json,
        _ => Kind::Yaml,
    };
    kind.read(text, limits)
}

/// Whether a file of this extension is metadata alone.
pub fn is_metadata(extension: &str) -> bool {
    ["yml", "yaml", "toml", "json"].contains(&extension)
}

impl<'a> FrontMatter<'a> {
    /// A text without metadata.
    fn none(text: &'a str) -> Self {
        Self { fields: Map::default(), repeated: Vec::new(), repaired: Vec::new(), body: Cow::Borrowed(text) }
    }
}

/// How metadata is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Yaml,
    Toml,
    Json,
}

/// Metadata, its lines counted from its own start.
#[derive(Debug)]
pub(super) struct Metadata {
    pub(super) root: Node,
    pub(super) repeated: Vec<Repeated>,
    pub(super) repaired: Vec<Repaired>,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn read(self, text: &str, limits: &Limits) -> Result<Metadata, FrontMatterError> {
        let invalid = |(at, problem)| FrontMatterError::Invalid { at, problem };
        match self {
            Self::Toml => {
                let (root, repaired) = toml_quotes::parse(text, limits).map_err(invalid)?;
                Ok(Metadata { repaired, ..Metadata::of(root) })
            }
            Self::Json => {
                json::parse(text, limits).map(|(node, _)| Metadata::of(node)).map_err(|(at, problem)| invalid_json(at, &problem))
            }
            Self::Yaml => {
                // Byte order marks inside a text are slips that nobody can see.
                let text = if text.contains('\u{feff}') { Cow::Owned(text.replace('\u{feff}', "")) } else { Cow::Borrowed(text) };
                let (yaml, repaired) = repair::parse(&text, limits).map_err(|error| invalid((error.at, error.problem)))?;
                Ok(Metadata { root: yaml.root, repeated: yaml.repeated, repaired })
            }
        }
    }
}

impl Metadata {
    fn of(root: Node) -> Self {
        Self { root, repeated: Vec::new(), repaired: Vec::new() }
    }

    /// The metadata of a file in which it starts so many lines down.
    fn below(self, lines: usize, body: Cow<'_, str>) -> Result<FrontMatter<'_>, FrontMatterError> {
        let root = shift_node(self.root, lines);
        let fields = match root.value {
            Value::Map(fields) => fields,
            Value::Null => Map::default(),
            Value::Scalar(_) | Value::List(_) => {
                let problem = if matches!(root.value, Value::List(_)) { problems::LIST } else { problems::NO_FIELDS };
                return Err(FrontMatterError::Invalid { at: root.at, problem: problem.to_owned() });
            }
        };
        let repeated = self.repeated.into_iter();
        let repaired = self.repaired.into_iter();
        Ok(FrontMatter {
            fields,
            repeated: repeated.map(|key| Repeated { at: shift(key.at, lines), first: shift(key.first, lines), ..key }).collect(),
            repaired: repaired.map(|line| Repaired { at: shift(line.at, lines), ..line }).collect(),
            body,
        })
    }
}

impl FrontMatterError {
    fn below(self, lines: usize) -> Self {
        match self {
            Self::Invalid { at, problem } => Self::Invalid { at: shift(at, lines), problem },
            other => other,
        }
    }
}

/// A block of code with metadata.
struct Block<'a> {
    kind: Kind,
    /// Whether the block says what it is.
    is_named: bool,
    metadata: &'a str,
    metadata_at: usize,
    before: &'a str,
    after: &'a str,
}

/// The block of code that follows the title, or that a text begins with.
fn block_after_title(text: &str) -> Option<Block<'_>> {
    let mut rest = text;
    let mut may_be_title = true;
    loop {
        let at = text.len() - rest.len();
        let (first, after) = line(rest);
        if rest.is_empty() {
            return None;
        }
        let trimmed = first.trim();
        let fence = ["```", "~~~"].into_iter().find(|fence| trimmed.starts_with(fence));
        if let Some(fence) = fence {
            let name = trimmed.trim_start_matches(fence.chars().next()?).trim().to_lowercase();
            let kind = match name.as_str() {
                "" | "metadata" | "meta" => Kind::Yaml,
                name => Kind::named(name)?,
            };
            let metadata_at = text.len() - after.len();
            let (metadata, after) = until_fence(after, |line| line.trim() == fence)?;
            return Some(Block { kind, is_named: !name.is_empty(), metadata, metadata_at, before: &text[..at], after });
        }
        let underlines = !trimmed.is_empty() && trimmed.chars().all(|character| matches!(character, '=' | '-'));
        if may_be_title && !trimmed.is_empty() {
            let is_heading = trimmed.starts_with("# ");
            let next = line(after).0.trim();
            let is_underlined = !next.is_empty() && next.chars().all(|character| character == '=');
            if !is_heading && !is_underlined {
                return None;
            }
            may_be_title = false;
        } else if !trimmed.is_empty() && !underlines {
            return None;
        }
        rest = after;
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
fn until_fence(text: &str, closes: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (first, after) = line(rest);
        if closes(first.trim_end()) {
            return Some((&text[..start], after));
        }
        rest = after;
    }
    None
}

pub(super) fn shift(at: Position, lines: usize) -> Position {
    Position { line: at.line + lines, column: at.column }
}

/// A value whose text starts so many lines further down.
pub(super) fn shift_node(node: Node, lines: usize) -> Node {
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
            "---\ntitle: A\n...\nbody",
            "---\ntitle: \u{feff}A\n---\nbody",
            "---\ntitle: A\nruler: |\n  --- \n  ----\n---\nbody",
            "---json\n{ \"title\": \"A\" }\n---\nbody",
            "--- yaml\ntitle: A\n---\nbody",
            "---toml\ntitle = \"A\"\n---\nbody",
            ";;;\n{ \"title\": \"A\" }\n;;;\nbody",
        ] {
            let split = split(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?} in {text:?}"));
            assert_eq!(split.fields.get("title").and_then(Node::scalar), Some("A"), "{text:?}");
            assert!(matches!(&*split.body, "body" | ""), "{:?}", split.body);
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let at = |line, column| Position { line, column };
        for (text, expected) in [
            ("# A title", FrontMatterError::Absent),
            ("", FrontMatterError::Absent),
            ("---\ntitle: A\n", FrontMatterError::Unclosed(at(1, 1))),
            ("\n---\ntitle: A\n....\n", FrontMatterError::Unclosed(at(2, 1))),
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
    fn of_many_keys_those_that_are_repeated_are_told_too() {
        let fields: String = (0..100).map(|number| format!("k{number}: [{number}]\n")).collect::<Vec<_>>().concat();
        let text = format!("---\n{fields}k70: [b]\nk5: []\n---\n");
        let split = split(&text, &Limits::default()).expect("yaml");
        let repeated: Vec<_> =
            split.repeated.iter().map(|repeated| (&*repeated.key, repeated.first.line, repeated.at.line)).collect();
        assert_eq!(repeated, [("k70", 72, 102), ("k5", 7, 103)]);
        assert_eq!(split.fields.entries.len(), 100);
        assert_eq!(split.fields.get("k70").map(|node| node.items().len()), Some(2));
    }

    #[test]
    fn metadata_may_stand_in_a_block_after_the_title() {
        let at = |line, column| Position { line, column };
        for (text, town, body) in [
            ("# A kiosk\n\n```yaml\ntown: Agen\n```\n\nText", Some(("Agen", at(4, 7))), "# A kiosk\n\n\nText"),
            ("A kiosk\n=======\n~~~ toml\ntown = 'Agen'\n~~~\nText", Some(("Agen", at(4, 8))), "A kiosk\n=======\nText"),
            ("```json\n{\"town\": \"Agen\"}\n```\nText", Some(("Agen", at(2, 10))), "Text"),
            ("-----\ntown: Agen\n----\nText", Some(("Agen", at(2, 7))), "Text"),
            ("\n----\ntown: Agen\n---\nText", Some(("Agen", at(3, 7))), "Text"),
            ("```\ntown: Agen\n```\nText", Some(("Agen", at(2, 7))), "Text"),
            ("parts:\n  -\n    town: Agen\ntown: Agen\ntitle: 'A kiosk'\n", Some(("Agen", at(4, 7))), ""),
            ("title: A kiosk\nparts: [a,\n  b]\ntown: Agen\n---\nText\n---\n", Some(("Agen", at(4, 7))), "Text\n---\n"),
            // What is no metadata stays in the text.
            ("town: Agen\nparts: [a]\n", None, "town: Agen\nparts: [a]\n"),
            ("Note: title\n\nText: [a\n", None, "Note: title\n\nText: [a\n"),
            ("# A\n\n```\ncargo run\n```\n", None, "# A\n\n```\ncargo run\n```\n"),
            ("# A\n\nText\n\n```yaml\ntown: Agen\n```\n", None, "# A\n\nText\n\n```yaml\ntown: Agen\n```\n"),
            ("# A\n\n```sh\na: b\n```\n", None, "# A\n\n```sh\na: b\n```\n"),
            ("{{< figure >}}\n# A\n", None, "{{< figure >}}\n# A\n"),
            ("----\nText.\n\n----\nText", None, "----\nText.\n\n----\nText"),
            ("----\nBeware: a rule\n\nText\n----\n", None, "----\nBeware: a rule\n\nText\n----\n"),
            ("----\n----\nText", None, "----\n----\nText"),
            ("----\nText", None, "----\nText"),
            ("# A\n\n```yaml\n", None, "# A\n\n```yaml\n"),
        ] {
            let found = find(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?} in {text:?}"));
            let said = found.fields.get("town").map(|node| (node.scalar().unwrap_or_default(), node.at));
            assert_eq!(said, town, "{text:?}");
            assert_eq!(found.body, body, "{text:?}");
        }
        let wrong = "# A\n\n```yaml\na: [\n```\n";
        let error = find(wrong, &Limits::default()).expect_err(wrong);
        assert!(matches!(error, FrontMatterError::Invalid { at, .. } if at.line >= 4), "{error:?}");
    }

    #[test]
    fn a_file_may_be_metadata_alone() {
        for (extension, text) in [("yml", "town: Agen\n"), ("toml", "town = \"Agen\"\n"), ("json", "{\"town\": \"Agen\"}")] {
            let found = whole(extension, text, &Limits::default()).expect(text);
            assert_eq!(found.fields.get("town").and_then(Node::scalar), Some("Agen"), "{text}");
        }
        assert!(whole("yml", "- a\n- b\n", &Limits::default()).is_err());
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
