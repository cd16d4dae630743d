//! Which files a source has, wanted or not: texts name pictures and papers beside them, seldom in the way in which the files lie.

use std::collections::BTreeSet;

/// The paths of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// Each from its last name to its first, with `/` after each name, so that those that end alike stand together.
    reversed: BTreeSet<String>,
}

impl Paths {
    pub fn add(&mut self, path: &str) {
        self.reversed.insert(reversed(path));
    }

    pub fn has(&self, path: &str) -> bool {
        self.reversed.contains(&reversed(path))
    }

    /// The path that is, or ends with, these names; `None` if none or several do.
    pub fn only_one_that_ends_with(&self, names: &str) -> Option<String> {
        let start = reversed(names);
        let mut found = self.reversed.range(start.clone()..).take_while(|path| path.starts_with(&start));
        let path = found.next()?;
        found.next().is_none().then(|| reversed(path).trim_matches('/').to_owned())
    }

    /// Their last names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.reversed.iter().filter_map(|path| path.split('/').next())
    }

    /// In an order of their own.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.reversed.iter().map(String::as_str)
    }
}

/// The names of a path, the last one first, with `/` after each.
fn reversed(path: &str) -> String {
    let mut reversed = String::with_capacity(path.len() + 1);
    for name in path.rsplit('/').filter(|name| !name.is_empty()) {
        reversed.push_str(name);
        reversed.push('/');
    }
    reversed
}

impl<'p> FromIterator<&'p str> for Paths {
    fn from_iter<T: IntoIterator<Item = &'p str>>(paths: T) -> Self {
        Self { reversed: paths.into_iter().map(reversed).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_by_its_last_names_where_no_other_has_them() {
        let paths: Paths = ["static/img/a.png", "content/b/a.png", "static/img/c.png", "d.png"].into_iter().collect();
        for (names, expected) in [
            ("img/a.png", Some("static/img/a.png")),
            ("a.png", None),
            ("c.png", Some("static/img/c.png")),
            ("g/c.png", None),
            ("d.png", Some("d.png")),
            ("x/d.png", None),
            ("static/img/c.png", Some("static/img/c.png")),
        ] {
            assert_eq!(paths.only_one_that_ends_with(names).as_deref(), expected, "{names}");
        }
        assert!(paths.has("content/b/a.png") && !paths.has("b/a.png"));
    }
}
