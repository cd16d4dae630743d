//! Which pages of a repository are of one kind: those of one folder, or of folders whose pages have the same fields.

use std::collections::{BTreeMap, BTreeSet};

use super::aside::Reason;
use super::bundles::{Bundles, is_among_cousins, is_record};
use super::lists::Lists;
use super::page::Page;
use super::profile::ratio;
use super::words::{self, Nature};

/// How alike the fields of two folders must be to hold one kind of page.
pub const ALIKE: f64 = 0.55;

/// So few fields on average are those of pages without metadata.
const NEARLY_NONE: f64 = 0.25;

/// How many folders side by side must be alike before they count as one kind: two may be by chance.
const FEWEST_SIBLINGS: usize = 3;

/// Pages of one kind.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// The folder that holds them all; `*` stands for folders of languages and years.
    pub root: String,
    /// Their places in the list of pages, in its order.
    pub pages: Vec<usize>,
    /// Whether each lies in a folder of its own: `projects/kiosk/index.md`.
    pub is_bundle: bool,
    /// The language of each folder that a star stands for.
    pub languages: BTreeMap<String, &'static str>,
    /// If its pages are entries of lists: where those are.
    pub lists: Option<Lists>,
}

impl Cluster {
    /// How people are told of it: its folder, or the files of its lists.
    pub fn shown(&self) -> String {
        match (&self.lists, self.root.as_str()) {
            (Some(lists), _) => lists.shown(),
            (None, "") => "./".to_owned(),
            (None, root) => format!("{root}/"),
        }
    }

    /// Whether its folder holds that of another, or lies beside it in a folder of their own.
    pub fn is_beside(&self, other: &Self) -> bool {
        let holder = parent(&other.root);
        let is_general =
            matches!(last(holder), "" | "content" | "contents" | "data" | "_data" | "docs" | "pages" | "site" | "src" | "source");
        !is_general && (self.root == holder || parent(&self.root) == holder)
    }
}

/// The share of files that has each field.
pub type Shares = BTreeMap<String, f64>;

/// A folder that is being looked at.
struct Unit {
    root: String,
    pages: Vec<usize>,
    is_bundle: bool,
    shares: Shares,
}

/// Groups the pages of a repository that no reason leaves out.
pub fn clusters(pages: &[Page], bundles: &BTreeSet<String>, of: Bundles, left_out: &[Option<Reason>]) -> Vec<Cluster> {
    let folders: BTreeSet<&str> = pages.iter().map(Page::folder).collect();
    let stars = Stars::of(&folders);
    let mut by_folder: BTreeMap<(String, bool), Vec<usize>> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate().filter(|(index, _)| left_out[*index].is_none()) {
        let is_bundle = is_record(page, bundles, of);
        let is_own = is_bundle && !is_among_cousins(page.folder(), bundles);
        let folder = if is_own { parent(page.folder()) } else { page.folder() };
        by_folder.entry((stars.star(folder), is_bundle)).or_default().push(index);
    }
    let mut units: Vec<Unit> = by_folder
        .into_iter()
        .map(|((root, is_bundle), indexes)| Unit { shares: shares(pages, &indexes), root, pages: indexes, is_bundle })
        .collect();
    units = nest(units, pages);
    units = join_siblings(units, pages);
    units = join_cousins(units, pages);
    units
        .into_iter()
        .map(|mut unit| {
            unit.pages.sort_unstable();
            let languages = stars.languages_of(&unit.root, unit.pages.iter().map(|index| pages[*index].path.as_str()));
            Cluster { root: unit.root, pages: unit.pages, is_bundle: unit.is_bundle, languages, lists: None }
        })
        .collect()
}

/// The folder that holds a folder.
pub fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The name of a folder without those that hold it.
pub fn last(folder: &str) -> &str {
    folder.rsplit('/').find(|part| *part != "*").unwrap_or(folder)
}

/// The folders that stand for a language or a year, which say nothing of the kind of their pages.
struct Stars {
    /// The whole path of each, with the language that it is of.
    folders: BTreeMap<String, Option<&'static str>>,
}

impl Stars {
    fn of(folders: &BTreeSet<&str>) -> Self {
        let mut children: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for folder in folders {
            let mut path = String::new();
            for part in folder.split('/').filter(|part| !part.is_empty()) {
                children.entry(path.clone()).or_default().insert(part.to_owned());
                path = if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
            }
        }
        let mut stars = BTreeMap::new();
        for (parent, names) in children {
            let whole = |name: &str| if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") };
            let languages: Vec<(&String, &'static str)> =
                names.iter().filter_map(|name| Some((name, words::language(name)?))).collect();
            if languages.len() >= 2 || languages.len() == 1 && names.len() == 1 {
                stars.extend(languages.iter().map(|(name, language)| (whole(name), Some(*language))));
            }
            let is_year = |name: &&String| name.len() == 4 && name.parse().is_ok_and(|year: u32| (1990..2100).contains(&year));
            let years: Vec<&String> = names.iter().filter(is_year).collect();
            if years.len() >= 2 {
                stars.extend(years.into_iter().map(|name| (whole(name), None)));
            }
        }
        Self { folders: stars }
    }

    /// A folder with stars in place of such folders.
    fn star(&self, folder: &str) -> String {
        let mut path = String::new();
        let mut starred: Vec<&str> = Vec::new();
        for part in folder.split('/').filter(|part| !part.is_empty()) {
            path = if path.is_empty() { part.to_owned() } else { format!("{path}/{part}") };
            starred.push(if self.folders.contains_key(&path) { "*" } else { part });
        }
        starred.join("/")
    }

    /// The languages that the stars of a root stand for, by the name of the folder.
    fn languages_of<'p>(&self, root: &str, paths: impl Iterator<Item = &'p str>) -> BTreeMap<String, &'static str> {
        let mut languages = BTreeMap::new();
        let is_starred = root.split('/').any(|part| part == "*");
        // The folder of each page may be that of its language: `projects/kiosk/de/index.md`.
        let is_of_language = |path: &str| matches!(self.folders.get(parent(path)), Some(Some(_)));
        for path in paths.filter(|path| is_starred || is_of_language(path)) {
            let mut folder = String::new();
            for part in path.split('/') {
                folder = if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") };
                if let Some(Some(language)) = self.folders.get(&folder) {
                    languages.insert(part.to_owned(), *language);
                }
            }
        }
        languages
    }
}

/// The share of pages that has each field at the top.
pub fn shares(pages: &[Page], indexes: &[usize]) -> Shares {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut filled = 0;
    for page in indexes.iter().map(|index| &pages[*index]).filter(|page| !page.is_empty) {
        filled += 1;
        page.fields.entries.iter().for_each(|entry| *counts.entry(entry.key.clone()).or_default() += 1);
    }
    counts.into_iter().map(|(field, count)| (field, ratio(count, filled))).collect()
}

/// How alike two sets of fields are: 1 if they are the same, or nearly none, 0 if they share none.
pub fn alike(one: &Shares, other: &Shares) -> f64 {
    // A page or two with a field among many without any are no other kind.
    let is_bare = |shares: &Shares| shares.values().sum::<f64>() < NEARLY_NONE;
    if is_bare(one) && is_bare(other) {
        return 1.0;
    }
    let (mut least, mut most) = (0.0, 0.0);
    for field in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
        let (left, right) = (one.get(field).copied().unwrap_or(0.0), other.get(field).copied().unwrap_or(0.0));
        least += left.min(right);
        most += left.max(right);
    }
    least / most
}

/// Whether a folder has a page or two with some of the fields of another and none of its own: the same, less filled in.
fn is_sketch(unit: &Unit, of: &Unit) -> bool {
    unit.pages.len() <= 2 && unit.shares.len() >= 2 && unit.shares.keys().all(|field| of.shares.contains_key(field))
}

/// What all pages of a folder say that they are, if that is more than a page.
fn said_type<'p>(unit: &Unit, pages: &'p [Page]) -> Option<&'p str> {
    let mut types = unit.pages.iter().map(|index| pages[*index].fields.get("type").and_then(|value| value.scalar()));
    let first = types.next()??;
    (types.all(|other| other == Some(first)) && words::nature(first).is_none_or(|nature| nature == Nature::CaseStudies))
        .then_some(first)
}

/// Whether what two folders are called, or say that they are, keeps them apart.
fn told_apart(one: &str, other: &str) -> bool {
    let (one, other) = (words::nature(last(one)), words::nature(last(other)));
    one.is_some() && other.is_some() && one != other
        || matches!((one, other), (Some(nature), None) | (None, Some(nature)) if nature != Nature::CaseStudies && nature != Nature::Pages)
}

fn absorb(into: &mut Unit, from: Unit, pages: &[Page]) {
    into.pages.extend(from.pages);
    into.is_bundle &= from.is_bundle;
    into.shares = shares(pages, &into.pages);
}

/// Puts folders with the pages of the folder that they lie in, if these are alike: `lyon/media` with `lyon`.
fn nest(units: Vec<Unit>, pages: &[Page]) -> Vec<Unit> {
    let mut kept: Vec<Unit> = Vec::new();
    for unit in units {
        let holder = kept.iter_mut().find(|holder| {
            !holder.root.is_empty()
                && unit.root.starts_with(&format!("{}/", holder.root))
                && holder.is_bundle == unit.is_bundle
                && !told_apart(&holder.root, &unit.root)
                && alike(&holder.shares, &unit.shares) >= ALIKE
        });
        match holder {
            Some(holder) => absorb(holder, unit, pages),
            None => kept.push(unit),
        }
    }
    kept
}

/// Joins folders that lie side by side and are alike, from the deepest up.
fn join_siblings(mut units: Vec<Unit>, pages: &[Page]) -> Vec<Unit> {
    let deepest = units.iter().map(|unit| unit.root.matches('/').count() + 1).max().unwrap_or(0);
    for depth in (0..deepest).rev() {
        let mut by_parent: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
        let mut rest: Vec<Unit> = Vec::new();
        for unit in units {
            let parts: Vec<&str> = unit.root.split('/').filter(|part| !part.is_empty()).collect();
            if parts.len() == depth + 1 && parts.last() != Some(&"*") {
                by_parent.entry(parts[..depth].join("/")).or_default().push(unit);
            } else {
                rest.push(unit);
            }
        }
        for (parent, siblings) in by_parent {
            rest.extend(join(&parent, siblings, pages));
        }
        units = rest;
    }
    units.sort_by(|one, other| one.root.cmp(&other.root));
    units
}

/// Joins folders of one name in folders that lie side by side, if they are alike: `agen/workshop` with `lyon/workshop`.
fn join_cousins(units: Vec<Unit>, pages: &[Page]) -> Vec<Unit> {
    let mut joined: Vec<Unit> = Vec::new();
    for unit in units {
        let is_of = |other: &&mut Unit| {
            starred(&other.root, &unit.root).is_some()
                && other.is_bundle == unit.is_bundle
                && alike(&other.shares, &unit.shares) >= ALIKE
        };
        match joined.iter_mut().find(is_of) {
            Some(other) => {
                other.root = starred(&other.root, &unit.root).unwrap_or_default();
                absorb(other, unit, pages);
            }
            None => joined.push(unit),
        }
    }
    joined
}

/// The path of two folders of one name, with a star in place of the folder that holds each; none if more parts them, or if what holds
/// them tells that they are of two kinds.
fn starred(one: &str, other: &str) -> Option<String> {
    let parts: (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
    let at = parts.0.len().checked_sub(2).filter(|_| parts.0.len() == parts.1.len())?;
    let (holder, other_holder) = (parts.0[at], parts.1[at]);
    let is_star = |part: &str| part == "*";
    let is_same = parts.0[..at] == parts.1[..at] && parts.0[at + 1] == parts.1[at + 1] && !is_star(parts.0[at + 1]);
    let is_of_kind = is_star(holder) || words::nature(holder) == words::nature(other_holder);
    (is_same && is_of_kind && !is_star(other_holder) && words::language(other_holder).is_none()).then(|| {
        let star = ["*", parts.0[at + 1]];
        parts.0[..at].iter().copied().chain(star).collect::<Vec<_>>().join("/")
    })
}

fn join(parent: &str, siblings: Vec<Unit>, pages: &[Page]) -> Vec<Unit> {
    let mut groups: Vec<Vec<Unit>> = Vec::new();
    let mut alone: Vec<Unit> = Vec::new();
    let mut largest_first = siblings;
    largest_first.sort_by_key(|unit| std::cmp::Reverse(unit.pages.len()));
    for unit in largest_first {
        // What its pages say that they are tells more than what their folder is called.
        let is_named = words::nature(last(&unit.root)).is_some();
        let own_type = said_type(&unit, pages);
        let says_the_same = |first: &Unit| own_type.is_some() && said_type(first, pages) == own_type;
        let is_of = |group: &&mut Vec<Unit>| {
            let first = &group[0];
            first.is_bundle == unit.is_bundle
                && (alike(&first.shares, &unit.shares) >= ALIKE || is_sketch(&unit, first))
                && (!is_named || says_the_same(first))
        };
        let group = groups.iter_mut().find(is_of);
        match group {
            Some(group) => group.push(unit),
            None if is_named => alone.push(unit),
            None => groups.push(vec![unit]),
        }
    }
    for group in groups {
        // Two folders deep inside a collection are its parts; two at the top may be two collections.
        let fewest = if parent.is_empty() || !parent.contains('/') { FEWEST_SIBLINGS } else { 2 };
        if group.len() < fewest {
            alone.extend(group);
            continue;
        }
        let mut units = group.into_iter();
        let Some(first) = units.next() else { continue };
        let mut joined = Unit { root: parent.to_owned(), ..first };
        units.for_each(|unit| absorb(&mut joined, unit, pages));
        alone.push(joined);
    }
    alone
}
