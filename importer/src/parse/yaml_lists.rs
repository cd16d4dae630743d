//! Lists in YAML that cannot be read as a whole: item by item, so that one that is wrong does not take the others down.

use super::front_matter::{Repaired, shift, shift_node};
use super::problems::STRAY;
use super::value::{Entry, Growing, Node, Position, Value};
use super::yaml::{Repeated, YamlError};
use super::{repair, yaml};
use crate::limits::Limits;
use crate::mapping::RecordsPath;

/// What the items of a list, or the values of a map, say each by itself.
#[derive(Debug)]
pub struct Apart {
    /// As if the whole could be read, without what cannot.
    pub root: Node,
    pub repeated: Vec<Repeated>,
    pub repaired: Vec<Repaired>,
    /// What cannot be read.
    pub lost: Vec<YamlError>,
}

/// Reads the records to which a path leads one by one, where they stand at the top of the file or under one of its fields; `None`
/// where they do not, and where all of them are more than is read of a file.
pub fn apart(text: &str, wanted: &RecordsPath, limits: &Limits) -> Option<Apart> {
    if yaml::parse(text, limits).is_err_and(|error| error.is_limit) {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let (from, until) = match wanted.only_field() {
        Some(field) => below(&lines, field)?,
        None if wanted.is_whole() => (0, lines.len()),
        None => return None,
    };
    let (starts, is_list) = starts(&lines[from..until])?;
    let mut all = Apart {
        root: Node { value: Value::Null, at: Position::START },
        repeated: Vec::new(),
        repaired: Vec::new(),
        lost: Vec::new(),
    };
    let mut items: Vec<Node> = Vec::new();
    let mut entries = Growing::default();
    let mut left = limits.values;
    for (place, start) in starts.iter().enumerate() {
        let first = from + start;
        let last = starts.get(place + 1).map_or(until, |next| from + next);
        match repair::parse(&lines[first..last].join("\n"), &Limits { values: left, ..*limits }) {
            Ok((yaml, repaired)) => {
                left = left.saturating_sub(yaml.root.weight());
                let repeated = yaml.repeated.into_iter();
                all.repeated.extend(repeated.map(|key| Repeated {
                    at: shift(key.at, first),
                    first: shift(key.first, first),
                    ..key
                }));
                all.repaired.extend(repaired.into_iter().map(|line| Repaired { at: shift(line.at, first), ..line }));
                let node = shift_node(yaml.root, first);
                match node.value {
                    Value::List(more) if is_list => items.extend(more),
                    Value::Map(map) if !is_list => {
                        for Entry { key, key_at, node } in map.entries {
                            let known = entries.insert(key.clone(), key_at, node);
                            all.repeated.extend(known.map(|first| Repeated { key, first, at: key_at }));
                        }
                    }
                    Value::Null => {}
                    _ => all.lost.push(YamlError { at: node.at, problem: STRAY.to_owned(), is_limit: false }),
                }
            }
            Err(error) if error.is_limit => return None,
            Err(error) => all.lost.push(YamlError { at: shift(error.at, first), ..error }),
        }
    }
    let at = Position { line: from + 1, column: 1 };
    let value = if is_list { Value::List(items) } else { Value::Map(entries.whole()) };
    let list = Node { value, at };
    all.root = match wanted.only_field() {
        None => list,
        Some(field) => {
            let mut root = Growing::default();
            let _ = root.insert(field.to_owned(), Position { line: from, column: 1 }, list);
            Node { value: Value::Map(root.whole()), at: Position::START }
        }
    };
    Some(all)
}

/// The lines below a field at the top, up to the next one.
fn below(lines: &[&str], field: &str) -> Option<(usize, usize)> {
    let names = |line: &&str| line.strip_prefix(field).is_some_and(|rest| rest.trim_end() == ":");
    let from = lines.iter().position(names)? + 1;
    let is_field = |line: &&str| line.starts_with(|first: char| first.is_alphanumeric() || matches!(first, '"' | '\'' | '_'));
    let until = lines[from..].iter().position(is_field).map_or(lines.len(), |next| from + next);
    Some((from, until))
}

/// Where the items of a list, or the fields of a map, begin: the lines that are indented as its first one is; and whether it is a
/// list.
fn starts(lines: &[&str]) -> Option<(Vec<usize>, bool)> {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && line.trim() != "---";
    let first = lines.iter().find(|line| says(line))?;
    let is_list = first.trim_start().starts_with('-');
    let begins = |line: &str| {
        let text = line.trim_start_matches(' ');
        says(&line) && indent(line) == indent(first) && text.starts_with('-') == is_list
    };
    Some((lines.iter().enumerate().filter(|(_, line)| begins(line)).map(|(index, _)| index).collect(), is_list))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_read_of_a_list_is() {
        for (path, text, expected, lost) in [
            (
                "[]",
                "# Projects\n---\n- title: A\n  text: |\n    - no item\n- title: \"B\" C\n  x: [\n- title: D\n",
                &[(3, "A"), (8, "D")][..],
                &[6][..],
            ),
            ("[]", "a:\n  title: A\nb:\n  title: [\nc:\n  title: C\n", &[(2, "A"), (6, "C")], &[4]),
            (
                "projects[]",
                "of: x\nprojects:\n  - title: A\n  - title: \"B\" C\n\n  - title: D\nmore:\n  - title: E\n",
                &[(3, "A"), (6, "D")],
                &[4],
            ),
            ("projects[]", "projects:\n- title: A\n- title: \"B\" C\n- title: D\n", &[(2, "A"), (4, "D")], &[3]),
            ("[]", "a:\n  title: A\nb\nc:\n  title: C\n", &[(2, "A"), (5, "C")], &[3]),
            ("[]", "- title: A\n- title: \"B\" C\n  x: [\n-title: C\n- title: D\n", &[(1, "A"), (5, "D")], &[3, 4]),
        ] {
            let wanted: RecordsPath = path.parse().expect(path);
            let apart = apart(text, &wanted, &Limits::default()).expect(text);
            let records = wanted.find(&apart.root).expect(text);
            let found: Vec<_> = records
                .iter()
                .filter_map(|record| record.node.map()?.get("title"))
                .map(|title| (title.at.line, title.scalar().unwrap_or_default()))
                .collect();
            assert_eq!(found, expected, "{text}");
            let lines: Vec<usize> = apart.lost.iter().map(|error| error.at.line).collect();
            assert!(
                lines.len() == lost.len() && lines.iter().zip(lost).all(|(one, other)| one.abs_diff(*other) <= 1),
                "{lines:?} in {text}"
            );
        }
        let deep: RecordsPath = "a.b[]".parse().expect("a path");
        assert!(apart("a:\n  b:\n    - title: [\n", &deep, &Limits::default()).is_none());
    }

    #[test]
    fn what_is_repeated_is_told() {
        let wanted: RecordsPath = "[]".parse().expect("a path");
        let apart =
            apart("a:\n  title: A\nb:\n  x: [\na:\n  title: B\n  title: C\n", &wanted, &Limits::default()).expect("a map");
        let told: Vec<_> = apart.repeated.iter().map(|key| (&*key.key, key.first.line, key.at.line)).collect();
        assert_eq!(told, [("title", 6, 7), ("a", 1, 5)]);
    }

    #[test]
    fn items_one_by_one_are_no_more_than_all_together() {
        let text = format!("- [x\n{}", "- [a, a, a, a]\n".repeat(10));
        let wanted: RecordsPath = "[]".parse().expect("a path");
        let limits = Limits { values: 20, ..Limits::default() };
        assert!(apart(&text, &wanted, &limits).is_none());
        let apart = apart(&text, &wanted, &Limits::default()).expect("a list");
        assert_eq!((apart.root.weight(), apart.lost.len()), (51, 1));
    }
}
