//! What the values of each field are, over all the files of a collection.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::page::Page;
use super::shape::{DateShape, Shape};
use super::words;
use crate::parse::value::{Node, Value};

/// How deep maps and lists are looked into.
const DEEPEST: usize = 4;

/// How many different values of a field are kept.
const MOST_VALUES: usize = 5_000;

/// How many characters of a value are kept.
const LONGEST_VALUE: usize = 400;

/// The values of a field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// In the terms of a mapping: `phases[].name`.
    pub path: String,
    /// In how many files it is written.
    pub written: usize,
    /// In how many files it says something.
    pub filled: usize,
    /// How many values it has, those of lists each.
    pub values: usize,
    /// How often each value occurs.
    pub counts: HashMap<String, usize>,
    pub shapes: BTreeMap<Shape, usize>,
    /// The characters of all its values.
    pub characters: usize,
    /// In how many files it is a list of maps.
    pub lists_of_maps: usize,
}

/// The fields of a collection.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub files: usize,
    pub fields: BTreeMap<String, Field>,
    /// Fields that no path of a mapping leads to, for the sake of their name.
    pub unreachable: BTreeSet<String>,
}

impl Field {
    /// How many of its values are such.
    pub fn saying(&self, is: impl Fn(&str) -> bool) -> usize {
        self.counts.iter().filter(|(value, _)| is(value)).map(|(_, count)| count).sum()
    }

    /// The last name of its path: `name` of `phases[].name`.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path).trim_end_matches("[]")
    }

    /// The field at the top that it is a part of.
    pub fn top(&self) -> &str {
        self.path.split(['.', '[']).next().unwrap_or(&self.path)
    }

    /// Whether it is inside a map or a list of maps.
    pub fn is_nested(&self) -> bool {
        self.path.contains('.')
    }

    /// Whether it stands in the map in which a generator wants all fields that it does not know: Zola's `extra`, Hugo's `params`.
    pub fn is_of_generator(&self) -> bool {
        matches!(self.path.split('.').collect::<Vec<_>>()[..], ["extra" | "params", name] if !name.contains('['))
    }

    /// Whether some file gives it several values.
    pub fn is_list(&self) -> bool {
        self.path.contains("[]")
    }

    /// The share of its values that are of a shape.
    pub fn share(&self, is_shape: impl Fn(Shape) -> bool) -> f64 {
        let of_shape: usize = self.shapes.iter().filter(|(shape, _)| is_shape(**shape)).map(|(_, count)| count).sum();
        ratio(of_shape, self.values)
    }

    /// How many different values there are for each value: 1 if no two are alike.
    pub fn variety(&self) -> f64 {
        ratio(self.counts.len(), self.values)
    }

    /// The characters of a value, on average.
    pub fn length(&self) -> f64 {
        ratio(self.characters, self.values)
    }

    /// The most frequent values first.
    pub fn by_frequency(&self) -> Vec<(&str, usize)> {
        let mut values: Vec<(&str, usize)> = self.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        values.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(other.0)));
        values
    }

    /// The ways in which its dates are written.
    pub fn dates(&self) -> BTreeSet<DateShape> {
        self.shapes.keys().filter_map(|shape| if let Shape::Date(date) = shape { Some(*date) } else { None }).collect()
    }

    fn add(&mut self, text: &str) {
        self.values += 1;
        self.characters += text.chars().count();
        *self.shapes.entry(Shape::of(text)).or_default() += 1;
        let value: String = text.trim().chars().take(LONGEST_VALUE).collect();
        if let Some(count) = self.counts.get_mut(&value) {
            *count += 1;
        } else if self.counts.len() < MOST_VALUES {
            self.counts.insert(value, 1);
        }
    }
}

impl Profile {
    /// The fields of pages.
    pub fn of<'p>(pages: impl IntoIterator<Item = &'p Page>) -> Self {
        let mut profile = Self::default();
        for page in pages {
            profile.files += 1;
            let mut seen: BTreeMap<String, bool> = BTreeMap::new();
            for entry in &page.fields.entries {
                profile.walk(&entry.key, "", &entry.node, &mut seen, 0);
            }
            for (path, is_filled) in seen {
                if let Some(field) = profile.fields.get_mut(&path) {
                    field.written += 1;
                    field.filled += usize::from(is_filled);
                }
            }
        }
        profile.join_lists();
        profile
    }

    /// The field of a path.
    pub fn get(&self, path: &str) -> Option<&Field> {
        self.fields.get(path)
    }

    /// What a field is called: of a text in several languages, `projectName.fr` beside `projectName.en`, what it is in all of them.
    pub fn called<'f>(&self, field: &'f Field) -> &'f str {
        match self.languages(field) {
            Some((outer, _)) => outer.rsplit('.').next().unwrap_or(outer),
            None => field.name(),
        }
    }

    /// Whether a field says in another language what one beside it says in this.
    pub fn is_beside(&self, field: &Field, language: &str) -> bool {
        let is_other = words::language(field.name()) != Some(language);
        is_other && self.languages(field).is_some_and(|(_, languages)| languages.contains(language))
    }

    /// The fields that say in other languages what one says in its own, if it is called after that: `title_en` beside `title_fr`,
    /// `title.en` beside `title.fr`.
    pub fn in_other_languages<'s>(&'s self, field: &Field) -> Vec<(&'static str, &'s Field)> {
        let Some((own, rest)) = language_and_rest(&field.path) else { return Vec::new() };
        let others = self.fields.values().filter(|other| other.filled > 0);
        let told = others.filter_map(|other| {
            let (language, other_rest) = language_and_rest(&other.path)?;
            (language != own && other_rest == rest).then_some((language, other))
        });
        told.collect()
    }

    /// The map that a field stands in, and the languages of what is inside, if that is the same in several.
    fn languages<'f>(&self, field: &'f Field) -> Option<(&'f str, BTreeSet<&'static str>)> {
        let (outer, _) = field.path.rsplit_once('.').filter(|(outer, _)| !outer.contains("[]"))?;
        let inside = self.fields.keys().filter_map(|path| path.strip_prefix(outer)?.strip_prefix('.'));
        let languages: Option<BTreeSet<&str>> = inside.map(|name| words::language(name.trim_end_matches("[]"))).collect();
        languages.filter(|languages| languages.len() > 1).map(|languages| (outer, languages))
    }

    fn walk(&mut self, key: &str, before: &str, node: &Node, seen: &mut BTreeMap<String, bool>, depth: usize) {
        if key.is_empty() || key.trim() != key || key.contains(['.', '[', ']']) {
            self.unreachable.insert(format!("{before}{key}"));
            return;
        }
        self.visit(format!("{before}{key}"), node, seen, depth);
    }

    fn visit(&mut self, path: String, node: &Node, seen: &mut BTreeMap<String, bool>, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        let is_filled = !node.is_blank();
        match &node.value {
            Value::Map(map) if !map.entries.is_empty() => {
                for entry in &map.entries {
                    self.walk(&entry.key, &format!("{path}."), &entry.node, seen, depth + 1);
                }
                return;
            }
            Value::List(items) if items.iter().any(|item| !item.is_blank()) => {
                let has_maps = items.iter().any(|item| item.map().is_some());
                if has_maps {
                    self.field(&path).lists_of_maps += 1;
                    seen.insert(path.clone(), true);
                }
                for item in items {
                    self.visit(format!("{path}[]"), item, seen, depth + 1);
                }
                return;
            }
            Value::Scalar(text) if is_filled => self.field(&path).add(text),
            Value::Null | Value::Scalar(_) | Value::List(_) | Value::Map(_) => {
                self.field(&path);
            }
        }
        *seen.entry(path).or_default() |= is_filled;
    }

    fn field(&mut self, path: &str) -> &mut Field {
        self.fields.entry(path.to_owned()).or_insert_with(|| Field { path: path.to_owned(), ..Field::default() })
    }

    /// A field that is a list in some files and stands alone in others is one field: the path of its items reads both.
    fn join_lists(&mut self) {
        let lists: Vec<String> = self.fields.keys().filter(|path| path.ends_with("[]")).cloned().collect();
        for list in lists {
            let alone = list.trim_end_matches("[]").to_owned();
            let has_maps = self.fields.get(&alone).is_some_and(|field| field.lists_of_maps > 0);
            if has_maps {
                continue;
            }
            if let (Some(alone), Some(items)) = (self.fields.remove(&alone), self.fields.get_mut(&list)) {
                items.written += alone.written;
                items.filled += alone.filled;
                items.values += alone.values;
                items.characters += alone.characters;
                alone.counts.into_iter().for_each(|(value, count)| *items.counts.entry(value).or_default() += count);
                alone.shapes.into_iter().for_each(|(shape, count)| *items.shapes.entry(shape).or_default() += count);
            }
        }
    }
}

/// The language that a field is called after, and what it is called besides: of `title_fr`, `title.fr` and `fr.title`.
fn language_and_rest(path: &str) -> Option<(&'static str, String)> {
    let path = path.trim_end_matches("[]");
    if let Some((outer, name)) = path.rsplit_once('.') {
        if let Some(language) = words::language(name) {
            return Some((language, outer.to_owned()));
        }
        if let Some(language) = words::language(outer) {
            return Some((language, name.to_owned()));
        }
    }
    let words = words::name_words(path);
    words::language_of(&words).map(|(language, rest)| (language, rest.to_owned()))
}

/// A share, 0 if there is nothing to share.
#[expect(clippy::cast_precision_loss, reason = "counts of files and values are far below 2^52")]
pub fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
