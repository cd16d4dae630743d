//! Paths into a partner's fields: `title`, `place.city`, `phases[-1].name`, `sponsors[]`, `phases[name=abandon].start`.

use std::str::FromStr;

use crate::parse::value::{Map, Node, Value};

/// A path into the fields of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath {
    text: String,
    steps: Vec<Step>,
}

/// How a path led to a value: each of its steps, with where that one led.
#[derive(Debug, Clone, Default)]
pub struct Trail<'a>(Vec<(&'a Step, &'a Node)>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The value of a key.
    Key(String),
    /// Each item of a list.
    Each,
    /// An item of a list, from its end if negative.
    Item(isize),
    /// The maps, in a list or alone, in which a key has a value.
    Where { key: String, value: String },
}

impl FieldPath {
    /// The path as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The field at the top that it starts from.
    pub fn first(&self) -> &str {
        match self.steps.first() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// The values that it leads to and that say something.
    pub fn find<'a>(&self, fields: &'a Map) -> Vec<&'a Node> {
        let Some((Step::Key(first), rest)) = self.steps.split_first() else { return Vec::new() };
        follow(rest, fields.get(first).into_iter().collect())
    }

    /// Likewise, of the items of lists that the trail of another value leads through, too.
    pub fn find_along<'a>(&self, fields: &'a Map, trail: &Trail<'a>) -> Vec<&'a Node> {
        match trail.common(self).checked_sub(1) {
            None => self.find(fields),
            Some(last) => follow(&self.steps[last + 1..], vec![trail.0[last].1]),
        }
    }

    /// The trails to the values that it leads to and that say something.
    pub fn trails<'a>(&'a self, fields: &'a Map) -> Vec<Trail<'a>> {
        let Some((first @ Step::Key(key), rest)) = self.steps.split_first() else { return Vec::new() };
        let mut trails: Vec<Trail<'a>> = fields.get(key).map(|node| Trail(vec![(first, node)])).into_iter().collect();
        for step in rest {
            let longer = |trail: &Trail<'a>| {
                let found = trail.end().map(|node| step.follow(node)).unwrap_or_default();
                found.into_iter().map(|node| trail.with(step, node)).collect::<Vec<_>>()
            };
            trails = trails.iter().flat_map(longer).collect();
        }
        trails.retain(|trail| trail.end().is_some_and(|node| !node.is_blank()));
        trails
    }
}

impl<'a> Trail<'a> {
    /// The value at its end.
    pub fn end(&self) -> Option<&'a Node> {
        self.0.last().map(|(_, node)| *node)
    }

    /// The trails to the items of the value at its end; a value that is no list is its only item.
    pub fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.end().map(Node::items).unwrap_or_default();
        items.iter().map(|item| self.with(&Step::Each, item))
    }

    fn with(&self, step: &'a Step, node: &'a Node) -> Self {
        Self(self.0.iter().copied().chain([(step, node)]).collect())
    }

    /// How many steps a path has in common with it.
    fn common(&self, path: &FieldPath) -> usize {
        self.0.iter().zip(&path.steps).take_while(|((walked, _), step)| walked == step).count()
    }

    /// The item of a list that a path leads through as it did itself.
    pub fn shared_item(&self, path: &FieldPath) -> Option<&'a Node> {
        let common = self.0.iter().take(self.common(path));
        common.rev().find(|(step, _)| matches!(step, Step::Each | Step::Where { .. })).map(|(_, node)| *node)
    }
}

impl Step {
    fn follow<'a>(&self, node: &'a Node) -> Vec<&'a Node> {
        match self {
            Self::Key(key) => node.map().and_then(|map| map.get(key)).into_iter().collect(),
            Self::Each => node.items().iter().collect(),
            Self::Item(index) => {
                let Value::List(items) = &node.value else { return Vec::new() };
                let index = if *index < 0 { items.len().checked_sub(index.unsigned_abs()) } else { Some(index.unsigned_abs()) };
                index.and_then(|index| items.get(index)).into_iter().collect()
            }
            Self::Where { key, value } => {
                let has_value = |item: &&Node| {
                    item.map().and_then(|map| map.get(key)).and_then(Node::scalar).is_some_and(|text| text.trim() == value)
                };
                node.items().iter().filter(has_value).collect()
            }
        }
    }
}

/// The values to which steps lead from others, and that say something.
fn follow<'a>(steps: &[Step], mut found: Vec<&'a Node>) -> Vec<&'a Node> {
    for step in steps {
        found = found.into_iter().flat_map(|node| step.follow(node)).collect();
    }
    found.retain(|node| !node.is_blank());
    found
}

impl FromStr for FieldPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not the path of a field, such as title, place.city, phases[-1].name or sponsors[]");
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let length = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, after) = rest.split_at(length);
            if key.is_empty() || key.trim() != key || key.contains(']') {
                return Err(wrong());
            }
            steps.push(Step::Key(key.to_owned()));
            rest = after;
            while let Some(after) = rest.strip_prefix('[') {
                let (inside, after) = after.split_once(']').ok_or_else(wrong)?;
                steps.push(match inside.split_once('=') {
                    Some((key, value)) => Step::Where { key: key.trim().to_owned(), value: value.trim().to_owned() },
                    None if inside.is_empty() => Step::Each,
                    None => Step::Item(inside.parse().map_err(|_| wrong())?),
                });
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self { text: text.to_owned(), steps }),
                None => return Err(wrong()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPath;
    use crate::limits::Limits;
    use crate::parse::value::Node;
    use crate::parse::yaml;

    #[test]
    fn paths_lead_to_values() {
        let text = "title: A\nplace: {city: Agen}\nsponsors: [a, '', b]\nalone: x\nphases:\n  - {name: idea, start: 2018}\n  - {name: stop, start: 2019, tags: [t, u]}\nempty: []\n";
        let yaml = yaml::parse(text, &Limits::default()).expect("yaml");
        let fields = yaml.root.map().expect("a map");
        for (path, expected) in [
            ("title", &["A"][..]),
            ("place.city", &["Agen"]),
            ("place.region", &[]),
            ("sponsors[]", &["a", "b"]),
            ("sponsors[0]", &["a"]),
            ("sponsors[-1]", &["b"]),
            ("sponsors[9]", &[]),
            ("sponsors[-9]", &[]),
            ("alone[]", &["x"]),
            ("empty[]", &[]),
            ("empty[-1].name", &[]),
            ("title[0]", &[]),
            ("title.city", &[]),
            ("phases[-1].name", &["stop"]),
            ("phases[].start", &["2018", "2019"]),
            ("phases[].tags[]", &["t", "u"]),
            ("phases[name=idea].start", &["2018"]),
            ("phases[-1][name=idea].start", &[]),
            ("phases[-1][name=stop].start", &["2019"]),
        ] {
            let found = path.parse::<FieldPath>().expect(path);
            let values: Vec<&str> = found.find(fields).into_iter().filter_map(Node::scalar).collect();
            assert_eq!(values, expected, "{path}");
            let path = path.parse::<FieldPath>().expect(path);
            let at_ends: Vec<&str> = path.trails(fields).iter().filter_map(|trail| trail.end()?.scalar()).collect();
            assert_eq!(at_ends, expected, "{}", path.as_str());
        }
    }

    #[test]
    fn paths_through_one_list_lead_to_the_same_item() {
        let text = "of: File\nsets:\n  - {id: a, name: A, tags: [t]}\n  - {id: b}\n  - {id: c, name: C, tags: [u, v]}\nparts: [{set: x}, {set: y}]\n";
        let yaml = yaml::parse(text, &Limits::default()).expect("yaml");
        let fields = yaml.root.map().expect("a map");
        for (path, along, expected) in [
            ("sets[].id", "sets[].name", &["A", "", "C"][..]),
            ("sets[].id", "sets[].tags[]", &["t", "", "u v"]),
            ("sets[].tags[]", "sets[].id", &["a", "c", "c"]),
            ("sets[id=c].id", "sets[id=c].name", &["C"]),
            ("sets[0].id", "sets[0].name", &["A"]),
            ("sets[].id", "of", &["File", "File", "File"]),
            ("sets[1].id", "sets[].name", &["A C"]),
            ("parts[].set", "sets[].name", &["A C", "A C"]),
        ] {
            let (path, along) = (path.parse::<FieldPath>().expect(path), along.parse::<FieldPath>().expect(along));
            let texts =
                |trail| along.find_along(fields, &trail).into_iter().filter_map(Node::scalar).collect::<Vec<_>>().join(" ");
            let found: Vec<String> = path.trails(fields).into_iter().map(texts).collect();
            assert_eq!(found, expected, "{} along {}", along.as_str(), path.as_str());
        }
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        for path in ["", ".", "a.", ".a", "a[", "a[x]", "a]b", "[0]", "a[0]b", " a"] {
            assert!(path.parse::<FieldPath>().is_err(), "{path:?}");
        }
    }
}
