//! Files of many records: where in a file its records stand. `[]` stands for each item of a list, or each value of a map.

use std::str::FromStr;
use std::sync::LazyLock;

use crate::parse::value::{Map, Node, Position, Value};

/// The path to the records of a file: `[]`, `projects[]`, `groups[].projects[]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordsPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    /// Each item of a list, or each value of a map.
    Each,
}

/// A record among others.
#[derive(Debug, Clone, Copy)]
pub struct FoundRecord<'a> {
    pub node: &'a Node,
    /// Where it begins: its key, if it has one.
    pub at: Position,
    /// The nearest key on the way to it.
    pub key: Option<&'a str>,
    /// Whether that key is its own, not that of the list that it stands in.
    pub is_of_key: bool,
    /// The fields of what holds its list.
    pub outer: Option<&'a Map>,
}

impl RecordsPath {
    /// Each entry of the file itself.
    pub fn whole() -> &'static Self {
        static WHOLE: LazyLock<RecordsPath> = LazyLock::new(|| RecordsPath { text: "[]".to_owned(), steps: vec![Step::Each] });
        &WHOLE
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The field at the top that it leads through alone: `projects` of `projects[]`; `None` for `[]` and for longer paths.
    pub fn only_field(&self) -> Option<&str> {
        match &self.steps[..] {
            [Step::Key(key), Step::Each] => Some(key),
            _ => None,
        }
    }

    /// Whether the records are those of the file itself: `[]`.
    pub fn is_whole(&self) -> bool {
        self.steps == [Step::Each]
    }

    /// The records of a file; what is left empty is none. `Err` with the place where a list is missing.
    pub fn find<'a>(&self, root: &'a Node) -> Result<Vec<FoundRecord<'a>>, Position> {
        let mut found = vec![FoundRecord { node: root, at: root.at, key: None, is_of_key: false, outer: None }];
        for step in &self.steps {
            let mut next = Vec::new();
            for record in found {
                step.follow(record, &mut next)?;
            }
            found = next;
        }
        found.retain(|record| !record.node.is_blank());
        Ok(found)
    }
}

impl Step {
    fn follow<'a>(&self, from: FoundRecord<'a>, next: &mut Vec<FoundRecord<'a>>) -> Result<(), Position> {
        match (self, &from.node.value) {
            (Self::Key(key), Value::Map(map)) => {
                let node = map.get(key).ok_or(from.at)?;
                next.push(FoundRecord { node, at: node.at, outer: Some(map), is_of_key: false, ..from });
            }
            (Self::Each, Value::List(items)) => {
                next.extend(items.iter().map(|node| FoundRecord { node, at: node.at, is_of_key: false, ..from }));
            }
            (Self::Each, Value::Map(map)) => {
                next.extend(map.entries.iter().map(|entry| FoundRecord {
                    node: &entry.node,
                    at: entry.key_at,
                    key: Some(&entry.key),
                    is_of_key: true,
                    ..from
                }));
            }
            // A list that is left empty has no items.
            (Self::Each, Value::Null) => {}
            _ => return Err(from.at),
        }
        Ok(())
    }
}

impl FromStr for RecordsPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || {
            format!(
                "{text:?} does not say where the records of a file stand: [] for each entry of the file, projects[] for each of its field projects"
            )
        };
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix("[]") {
                steps.push(Step::Each);
                rest = after;
                continue;
            }
            let after = if steps.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(wrong)? };
            let length = after.find(['.', '[']).unwrap_or(after.len());
            let key = &after[..length];
            if key.is_empty() || key.trim() != key || key.contains(']') {
                return Err(wrong());
            }
            steps.push(Step::Key(key.to_owned()));
            rest = &after[length..];
        }
        if steps.last() == Some(&Step::Each) { Ok(Self { text: text.to_owned(), steps }) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::parse::yaml;

    fn found(path: &str, text: &str) -> Result<Vec<String>, Position> {
        let root = yaml::parse(text, &Limits::default()).expect(text).root;
        let path: RecordsPath = path.parse().expect(path);
        let said = |record: FoundRecord<'_>| {
            let title = record.node.map().and_then(|map| map.get("title")).and_then(Node::scalar).unwrap_or("-").to_owned();
            let outer = record.outer.and_then(|map| map.get("of")).and_then(Node::scalar).unwrap_or("-");
            format!("{}: {title} ({}, {outer})", record.at.line, record.key.unwrap_or("-"))
        };
        path.find(&root).map(|records| records.into_iter().map(said).collect())
    }

    #[test]
    fn records_are_found_where_a_path_leads() {
        for (path, text, expected) in [
            ("[]", "- title: A\n- title: B\n-\n- ''\n- c\n", &["1: A (-, -)", "2: B (-, -)", "5: - (-, -)"][..]),
            ("[]", "a:\n  title: A\nb: {title: B}\n", &["1: A (a, -)", "3: B (b, -)"]),
            ("projects[]", "of: x\nprojects:\n  - title: A\n", &["3: A (-, x)"]),
            ("data.projects[]", "data: {of: y, projects: {a: {title: A}}}\n", &["1: A (a, y)"]),
            (
                "[].projects[]",
                "- of: x\n  projects: [{title: A}]\n- of: y\n  projects: [{title: B}]\n",
                &["2: A (-, x)", "4: B (-, y)"],
            ),
            ("[][]", "past:\n  - title: A\nnow:\n  - title: B\n", &["2: A (past, -)", "4: B (now, -)"]),
            ("projects[]", "projects:\n", &[]),
        ] {
            assert_eq!(found(path, text), Ok(expected.iter().map(|&said| said.to_owned()).collect()), "{path} in {text}");
        }
        for (path, text, line) in [
            ("[]", "just a text\n", 1),
            ("projects[]", "title: A\n", 1),
            ("projects[]", "title: A\nprojects: b\n", 2),
            ("[].projects[]", "- projects: []\n- title: A\n", 2),
        ] {
            assert_eq!(found(path, text).map_err(|at| at.line), Err(line), "{path} in {text}");
        }
    }

    #[test]
    fn what_is_no_path_to_records_is_refused() {
        for path in ["", "projects", "projects.", "projects[0]", "[]projects[]", ".projects[]", "a..b[]", "projects []", "]"] {
            assert!(path.parse::<RecordsPath>().is_err(), "{path:?}");
        }
    }
}
