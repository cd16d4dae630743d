//! Keys: from what tells a file from others of its source, and from what refers to it.

use super::page::{Page, stem};
use super::template::Template;
use crate::slug::slug;

/// How the keys of a collection are made: of several texts, the first that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRule {
    pub templates: Vec<Template>,
}

impl KeyRule {
    /// The key of a file.
    pub fn key(&self, page: &Page<'_>) -> Option<String> {
        self.templates.iter().find_map(|template| template.fill_parts(page, slug))
    }

    /// The keys that a reference can mean: a path, an address, a name.
    pub fn keys_of(&self, reference: &str) -> Vec<String> {
        let mut keys = Vec::new();
        for template in &self.templates {
            let mut names = template.names();
            let (Some(name), None) = (names.next(), names.next()) else { continue };
            let last = || stem(reference);
            let forms = if name == "file_stem" { vec![last()] } else { vec![reference, last()] };
            keys.extend(forms.into_iter().filter_map(|form| template.fill_with(|_| slug(form))));
        }
        keys.dedup();
        keys
    }
}
