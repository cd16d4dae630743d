//! Reads values out of fields, with a diagnostic for each that is not what it should be.

use std::borrow::Cow;
use std::collections::HashMap;
use std::str::FromStr;

use maillage_graph_schema::model::{Number, PartialDate, Text, ValueError};

use super::personal::{Removed, RoleMailboxes, name_without_personal_data, without_personal_data};
use super::pictures::with_common_pictures;
use super::value::{Map, Node, Value};
use super::{clean, markup};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::text::{has_marks, plain, words};

/// Reads the fields of one file.
pub struct Reader<'a, 'd> {
    pub diagnostics: &'d mut Diagnostics<'a>,
    /// What the file calls a field of ours, where it differs.
    pub names: &'d HashMap<String, String>,
    /// The mailboxes that its texts may name.
    pub roles: &'d RoleMailboxes,
    /// What was taken out of its texts.
    pub removed: Removed,
}

impl Reader<'_, '_> {
    /// The name of a field as the file has it.
    pub fn name<'n>(&'n self, field: &'n str) -> &'n str {
        self.names.get(field).map_or(field, String::as_str)
    }

    /// Starts a diagnostic about the value of a field.
    pub fn about(&self, code: Code, field: &str, node: &Node) -> Diagnostic {
        self.diagnostics.about(code, self.name(field), node)
    }

    /// Reports the keys of a map that are not known.
    pub fn expect_only(&mut self, map: &Map, known: &[&str], prefix: &str) {
        for entry in map.entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let diagnostic = self
                .diagnostics
                .at(Code::UnknownField, entry.key_at)
                .field(&format!("{prefix}{}", entry.key))
                .value(&entry.key)
                .nearest_of(known.iter().copied());
            self.diagnostics.push(diagnostic);
        }
    }

    /// The text of a scalar; a list or map is reported.
    pub fn scalar<'n>(&mut self, node: &'n Node, field: &str) -> Option<&'n str> {
        match &node.value {
            _ if node.is_blank() => None,
            Value::Scalar(text) => Some(text.trim()),
            Value::List(_) | Value::Map(_) | Value::Null => {
                let diagnostic = self.about(Code::WrongType, field, node).detail(node.sort()).expected("a text");
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// A text for people, without what cannot be seen and what belongs to persons.
    pub fn text(&mut self, map: &Map, field: &str) -> Option<Text> {
        map.filled(field).and_then(|node| self.text_of(node, field))
    }

    /// Likewise, of a value.
    pub fn text_of(&mut self, node: &Node, field: &str) -> Option<Text> {
        let text = clean::tidy(self.scalar(node, field)?);
        // Where a word may be broken is no part of a title.
        let (text, removed) = without_personal_data(&words(&text).replace(clean::SOFT_HYPHEN, ""), self.roles);
        self.removed.add(removed);
        text.parse().ok()
    }

    /// A text without templates and marks of Markdown, which is shown where none are read.
    pub fn plain(&mut self, map: &Map, field: &str) -> Option<Text> {
        let text = self.text(map, field)?;
        let text = markup::without_templates(text.as_str(), "");
        let common = with_common_pictures(&text);
        let is_plain = matches!(common, Cow::Borrowed(_)) && !has_marks(&common);
        if is_plain { common.parse().ok() } else { plain(&common).parse().ok() }
    }

    /// A name in one line, of a value: of nothing but an e-mail address nothing is left.
    pub fn name_of(&mut self, node: &Node, field: &str) -> Option<Text> {
        let text = clean::tidy(self.scalar(node, field)?);
        let (name, removed) = name_without_personal_data(&words(&text).replace(clean::SOFT_HYPHEN, ""), self.roles);
        self.removed.add(removed);
        name.parse().ok()
    }

    /// A value of a type of the domain.
    pub fn value<T: FromStr<Err = ValueError>>(&mut self, map: &Map, field: &str) -> Option<T> {
        map.filled(field).and_then(|node| self.value_of(node, field, &[]))
    }

    /// A value of a type that has few values, so that the nearest can be named.
    pub fn one_of<T: FromStr<Err = ValueError>>(&mut self, map: &Map, field: &str, valid: &[&str]) -> Option<T> {
        map.filled(field).and_then(|node| self.value_of(node, field, valid))
    }

    /// Likewise, of a value.
    pub fn value_of<T: FromStr<Err = ValueError>>(&mut self, node: &Node, field: &str, valid: &[&str]) -> Option<T> {
        let text = clean::tidy(self.scalar(node, field)?);
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let diagnostic =
                    self.about(Code::InvalidValue, field, node).expected(error.expected).nearest_of(valid.iter().copied());
                self.diagnostics.push(diagnostic);
                None
            }
        }
    }

    /// A date; a moment counts as its day.
    pub fn date(&mut self, map: &Map, field: &str) -> Option<PartialDate> {
        let node = map.filled(field)?;
        let text = self.scalar(node, field)?;
        let day = text.split(['T', ' ']).next().unwrap_or(text);
        let is_moment = day.len() == 10 && text.len() > 10;
        if let (true, Ok(date)) = (is_moment, day.parse()) {
            return Some(date);
        }
        self.value_of(node, field, &[])
    }

    /// A number, with a point or a comma.
    pub fn number(&mut self, map: &Map, field: &str) -> Option<Number> {
        let node = map.filled(field)?;
        let text = self.scalar(node, field)?;
        let plain: String = text.chars().filter(|character| !matches!(character, ' ' | '\u{a0}' | '\u{202f}' | '_')).collect();
        let has_digits_alone = plain.chars().all(|character| character.is_ascii_digit() || ".,-+eE".contains(character));
        let number = plain.replacen(',', ".", 1).parse::<f64>().ok().filter(|_| has_digits_alone);
        if let Some(number) = number.and_then(|number| Number::new(number).ok()) {
            return Some(number);
        }
        let diagnostic = self.about(Code::InvalidValue, field, node).expected("a number such as 2.5");
        self.diagnostics.push(diagnostic);
        None
    }

    /// The maps of a list.
    pub fn maps<'n>(&mut self, map: &'n Map, field: &str) -> Vec<(&'n Node, &'n Map)> {
        let mut maps = Vec::new();
        for node in map.get(field).map(Node::items).unwrap_or_default() {
            if let Value::Map(map) = &node.value {
                maps.push((node, map));
            } else {
                let diagnostic = self.about(Code::WrongType, field, node).detail(node.sort()).expected("a map of fields");
                self.diagnostics.push(diagnostic);
            }
        }
        maps
    }

    /// Reports that a field of an entry is missing, which makes the entry unreadable.
    pub fn missing(&mut self, node: &Node, field: &str, what: &str) {
        let diagnostic =
            self.diagnostics.at(Code::WrongType, node.at).field(self.name(field)).detail("incomplete").expected(what);
        self.diagnostics.push(diagnostic);
    }
}
