//! Values that name pages of another folder: `sponsors: [/organisations/dgpe]`, `lab: [berlin]`.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::page::{Metadata, Page};
use super::profile::{Field, Profile, ratio};
use super::shape::Shape;
use super::words::{self, Meaning};
use crate::mapping::stem;
use crate::slug::slug;

/// The share of values that must name a page.
const LEAST_MATCHED: f64 = 0.6;

/// The share that is enough where the field is called as the folder: other pages may still have to be written.
const LEAST_CALLED: f64 = 0.2;

/// How the pages of a folder are called by others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// By the name of their file; of an entry of a list, by its key.
    Stem,
    /// By the value of a field of theirs.
    Field(String),
}

/// A field that refers to the pages of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub from: usize,
    pub field: String,
    pub to: usize,
    pub by: By,
    /// Different values, and how many of them name a page.
    pub values: usize,
    pub matched: usize,
    /// The values that name none, the most frequent first.
    pub missing: Vec<String>,
}

impl Reference {
    /// Whether it names pages as people do, not by a word for machines.
    pub fn is_by_title(&self) -> bool {
        matches!(&self.by, By::Field(field) if words::is_title(field))
    }
}

/// How the pages of a cluster may be called.
#[derive(Debug, Default)]
pub struct Names {
    /// What their folder, or their list, is called.
    called: String,
    by_stem: HashSet<String>,
    by_field: BTreeMap<String, HashSet<String>>,
}

impl Names {
    /// The names of the pages of a folder, or the entries of a list, that is called so.
    pub fn of<'p>(called: &str, pages: impl IntoIterator<Item = &'p Page>) -> Self {
        let mut names = Self { called: words::singular(called), ..Self::default() };
        // Pages have few fields over and over.
        let mut are_names: HashMap<&str, bool> = HashMap::new();
        for page in pages {
            let own = if page.metadata == Metadata::Entry { page.own_key() } else { Some(stem(&page.path)) };
            names.by_stem.extend(own.and_then(slug));
            for entry in &page.fields.entries {
                let is_name = *are_names.entry(entry.key.as_str()).or_insert_with(|| is_name(&entry.key));
                if let Some(value) = entry.node.scalar().filter(|_| is_name) {
                    names.by_field.entry(entry.key.clone()).or_default().extend(slug(stem(value)));
                }
            }
        }
        names
    }

    fn len(&self) -> usize {
        self.by_field.values().map(HashSet::len).chain([self.by_stem.len()]).max().unwrap_or_default()
    }
}

/// Whether a field of this name tells what others call a page.
fn is_name(field: &str) -> bool {
    matches!(field, "slug" | "id" | "key" | "identifier" | "uid" | "permalink") || words::is_title(field)
}

/// All references between clusters.
pub fn references(profiles: &[Profile], names: &[Names]) -> Vec<Reference> {
    let mut references: Vec<Reference> = Vec::new();
    for (from, profile) in profiles.iter().enumerate() {
        for field in profile.fields.values() {
            let best =
                names.iter().enumerate().filter_map(|(to, names)| reference(from, field, to, names)).max_by(|one, other| {
                    let share = |reference: &Reference| ratio(reference.matched, reference.values);
                    share(one).total_cmp(&share(other)).then(one.matched.cmp(&other.matched)).then(other.to.cmp(&one.to))
                });
            references.extend(best);
        }
    }
    references
}

fn reference(from: usize, field: &Field, to: usize, names: &Names) -> Option<Reference> {
    let may_refer = field.share(|shape| matches!(shape, Shape::Path | Shape::Word | Shape::Short | Shape::Labels)) > 0.8;
    // What tells pages of its own folder apart is their name, not a reference to themselves.
    let is_parent = words::meanings(field.name()).iter().any(|named| named.meaning == Meaning::PartOf);
    let is_own_name = from == to && !is_parent;
    if !may_refer || names.len() < 2 || is_own_name || field.length() > 80.0 {
        return None;
    }
    let values: HashMap<String, usize> =
        field.counts.iter().filter_map(|(value, count)| Some((slug(stem(value))?, *count))).collect();
    let matched_by = |known: &HashSet<String>| values.keys().filter(|value| known.contains(*value)).count();
    let stems = (By::Stem, matched_by(&names.by_stem));
    let fields = names.by_field.iter().map(|(field, known)| (By::Field(field.clone()), matched_by(known)));
    // Of two that name as many, the file name is the simpler.
    let (by, matched) = std::iter::once(stems)
        .chain(fields)
        .fold((By::Stem, 0), |best, candidate| if candidate.1 > best.1 { candidate } else { best });
    let least = if words::singular(field.name()) == names.called { LEAST_CALLED } else { LEAST_MATCHED };
    let enough = matched >= 2 && ratio(matched, values.len()) >= least;
    enough.then(|| {
        let known = match &by {
            By::Stem => Some(&names.by_stem),
            By::Field(field) => names.by_field.get(field),
        };
        let missing = missing(field, known);
        Reference { from, field: field.path.clone(), to, by, values: values.len(), matched, missing }
    })
}

/// The values of a field that are none of the known names.
fn missing(field: &Field, known: Option<&HashSet<String>>) -> Vec<String> {
    let is_known = |name: &String| known.is_some_and(|known| known.contains(name));
    let is_missing = |value: &str| slug(stem(value)).is_some_and(|name| !is_known(&name));
    let values = field.by_frequency().into_iter().map(|(value, _)| value);
    values.filter(|value| is_missing(value)).map(str::to_owned).collect()
}
