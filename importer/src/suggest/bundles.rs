//! Which folders are records: each holds one index page that tells of one thing, `projects/kiosk/index.md`, and nothing else that does.

use std::collections::{BTreeMap, BTreeSet};

use super::clusters::{ALIKE, last, parent};
use super::page::{Metadata, Page};
use super::profile::ratio;
use super::words::{self, Nature};

/// How folders of which each holds one page are told from folders that an index page presents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundles {
    /// They hold no folders.
    Leaves,
    /// They may hold folders, and be lists to the generator (`_index.md`): where nothing else can be a case study, or where such
    /// pages tell the projects.
    Branches,
}

impl Bundles {
    /// How the folders of a repository are told: where most of those in a folder of projects hold nothing but a page `_index.md` that
    /// tells at length of something, such pages are no lists of others.
    pub fn of(pages: &[Page]) -> Self {
        const FEWEST: usize = 3;
        let folders = folders(pages, Self::Branches);
        let is_section = |page: &Page| page.stem().starts_with('_') && page.has_title() && tells_at_length(page);
        let mut told: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (name, folder) in folders.iter().filter(|(_, folder)| folder.indexes.iter().copied().any(is_section)) {
            let holds_nothing = folder.others.is_empty() && !folders.keys().any(|other| is_inside(other, name));
            let (all, alone) = told.entry(parent(name)).or_default();
            *all += 1;
            *alone += usize::from(holds_nothing);
        }
        let are_records = |(holder, (all, alone)): (&&str, &(usize, usize))| {
            words::nature(last(holder)) == Some(Nature::CaseStudies) && *all >= FEWEST && *alone * 2 > *all
        };
        if told.iter().any(are_records) { Self::Branches } else { Self::Leaves }
    }
}

/// Whether a page tells more than a few words, in its text or in a field.
fn tells_at_length(page: &Page) -> bool {
    const LEAST_FIELD: usize = 100;
    let fields = || page.fields.entries.iter().filter_map(|entry| entry.node.scalar());
    page.has_text(LEAST_TEXT) || fields().any(|text| text.chars().count() >= LEAST_FIELD)
}

/// Whether a folder lies in another one, however deep.
fn is_inside(folder: &str, other: &str) -> bool {
    folder.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a page lies in the folder of a record that another page tells, or deeper.
pub fn is_part(page: &Page, bundles: &BTreeSet<String>, of: Bundles) -> bool {
    let folder = page.folder();
    of == Bundles::Branches
        && !is_record(page, bundles, of)
        && bundles.iter().any(|record| record == folder || is_inside(folder, record))
}

/// How many folders with an index page must lie beside each other.
const FEWEST_BESIDE: usize = 2;

/// How many other records a page must be like, where its place alone does not tell that it is one.
const FEWEST_LIKE: usize = 2;

/// How many folders must be called alike, each alone in another folder.
const FEWEST_COUSINS: usize = 3;

/// How many fields must be there before they tell anything.
const FEWEST_FIELDS: usize = 3;

/// Shorter texts without a title tell nothing of their own.
const LEAST_TEXT: usize = 300;

/// The pages that lie directly in a folder.
#[derive(Default)]
struct Folder<'p> {
    indexes: Vec<&'p Page>,
    others: Vec<&'p Page>,
}

impl Folder<'_> {
    /// Whether its index page has a title and a text.
    fn is_told(&self) -> bool {
        self.indexes.iter().any(|page| page.has_title() && page.has_text(LEAST_TEXT))
    }
}

/// Whether a page has nothing that tells of something of its own: links to an application, a few words beside a picture.
pub fn is_attachment(page: &Page) -> bool {
    is_untitled(page) && !page.has_text(LEAST_TEXT)
}

fn is_untitled(page: &Page) -> bool {
    matches!(page.metadata, Metadata::None | Metadata::Empty) && page.heading.is_none()
}

/// Whether a page is called as the one that stands for its folder, in any language: `index.de.md`.
fn stands_for_folder(page: &Page, of: Bundles) -> bool {
    let stem = page.stem();
    let stem = stem.rsplit_once('.').filter(|(_, suffix)| words::language(suffix).is_some()).map_or(stem, |(stem, _)| stem);
    ["index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name))
        || of == Bundles::Branches && stem.eq_ignore_ascii_case("_index")
}

/// Whether a page is that of a folder in another language: `fr.index.md`.
pub fn is_other_index(page: &Page) -> bool {
    page.stem()
        .split_once('.')
        .is_some_and(|(language, rest)| rest.eq_ignore_ascii_case("index") && words::language(language).is_some())
}

/// How many folders are called as one, each alone in a folder beside that of the others, with a title and a text in its index page:
/// `agen/workshop/index.md` beside `lyon/workshop/index.md`.
fn cousins<'p>(folder: &str, leaves: &[&'p str], folders: &BTreeMap<&'p str, Folder<'p>>) -> usize {
    let is_of_site = !matches!(words::nature(last(folder)), None | Some(Nature::CaseStudies | Nature::Organisations));
    if is_of_site {
        return 0;
    }
    leaves.iter().filter(|other| are_cousins(folder, other) && folders[*other].is_told()).count()
}

/// Whether two folders are called alike, and not after a language, in two that lie side by side and are not either; one is its own.
fn are_cousins(one: &str, other: &str) -> bool {
    let are_of_languages = [last(one), last(parent(one))].into_iter().any(|folder| words::language(folder).is_some());
    one.contains('/') && !are_of_languages && last(one) == last(other) && parent(parent(one)) == parent(parent(other))
}

/// Whether a folder is a record only together with those that are called as it is elsewhere: they are one collection.
pub fn is_among_cousins(folder: &str, bundles: &BTreeSet<String>) -> bool {
    let is_alone = !bundles.iter().any(|other| other != folder && parent(other) == parent(folder));
    is_alone && bundles.iter().filter(|other| are_cousins(folder, other)).count() >= FEWEST_COUSINS
}

/// Whether a page is what a folder that is a record tells.
pub fn is_record(page: &Page, bundles: &BTreeSet<String>, of: Bundles) -> bool {
    bundles.contains(page.folder()) && stands_for_folder(page, of)
}

/// The folders of a repository that are records.
pub fn bundles(pages: &[Page], of: Bundles) -> BTreeSet<String> {
    let folders = folders(pages, of);
    let lists = lists(&folders);
    let told = Told::of(&folders);
    let counts = |folder: &str, page: &Page| !(told.are_records_beside(folder) && is_attachment(page));
    let stands_alone = |folder: &str| !folders[folder].others.iter().any(|page| counts(folder, page));
    let candidates: Vec<&str> = folders
        .iter()
        .filter(|(name, folder)| !name.is_empty() && !folder.indexes.is_empty() && !lists.contains(*name))
        .map(|(name, _)| *name)
        .collect();
    // A folder of folders is a bundle of nothing.
    let holders = holders(&folders, &told);
    let is_leaf = |folder: &&str| stands_alone(folder) && (of == Bundles::Branches || !holders.contains(*folder));
    let leaves: Vec<&str> = candidates.iter().copied().filter(is_leaf).collect();
    let mut beside: BTreeMap<&str, usize> = BTreeMap::new();
    for folder in &leaves {
        *beside.entry(parent(folder)).or_default() += 1;
    }
    let has_company = |folder: &&str| beside.get(parent(folder)).is_some_and(|count| *count >= FEWEST_BESIDE);
    let (in_company, alone): (Vec<&str>, Vec<&str>) = leaves.iter().copied().partition(has_company);
    let mut bundles: BTreeSet<&str> = in_company.into_iter().collect();
    // Alone in the folder of its subject, where the folders of other subjects hold such pages: `work/education/kiosk`.
    let of_leaves = Kinds::of(&leaves, &folders);
    // Each is among the leaves itself.
    bundles.extend(alone.into_iter().filter(|folder| of_leaves.like(folder, &folders[folder]) > FEWEST_LIKE));
    let is_among_cousins = |folder: &&str| cousins(folder, &leaves, &folders) >= FEWEST_COUSINS;
    bundles.extend(leaves.iter().copied().filter(is_among_cousins));
    // With folders or pages inside, and otherwise as the records beside it.
    let records: Vec<&str> = bundles.iter().copied().collect();
    let of_records = Kinds::of(&records, &folders);
    let is_like_records = |folder: &&str| of_records.like(folder, &folders[folder]) >= FEWEST_LIKE;
    bundles.extend(candidates.into_iter().filter(is_like_records));
    // What a record holds is a part of it.
    let outer = bundles.clone();
    let is_part = |folder: &str| of == Bundles::Branches && outer.iter().any(|record| is_inside(folder, record));
    bundles.into_iter().filter(|folder| !is_part(folder)).map(str::to_owned).collect()
}

fn folders(pages: &[Page], of: Bundles) -> BTreeMap<&str, Folder<'_>> {
    let mut folders: BTreeMap<&str, Folder<'_>> = BTreeMap::new();
    for page in pages.iter().filter(|page| !is_other_index(page)) {
        let folder = folders.entry(page.folder()).or_default();
        if stands_for_folder(page, of) { folder.indexes.push(page) } else { folder.others.push(page) }
    }
    folders
}

/// Folders of an index page alone that are called as a folder of pages beside them, whose list that page is: `case-studies` beside
/// `_case_studies`.
fn lists<'p>(folders: &BTreeMap<&'p str, Folder<'p>>) -> BTreeSet<&'p str> {
    let called = |folder: &'p str| (parent(folder), words::name_words(last(folder)).trim().to_owned());
    let collections: BTreeSet<(&str, String)> =
        folders.iter().filter(|(_, folder)| folder.others.len() > 1).map(|(name, _)| called(name)).collect();
    let is_list = |name: &str, folder: &Folder<'_>| !name.is_empty() && folder.others.is_empty();
    folders
        .iter()
        .filter(|(name, folder)| is_list(name, folder) && collections.contains(&called(name)))
        .map(|(name, _)| *name)
        .collect()
}

/// Of each folder: how many folders it holds, and how many of these have an index page with a title and a text.
struct Told<'p>(BTreeMap<&'p str, (usize, usize)>, BTreeSet<&'p str>);

impl<'p> Told<'p> {
    fn of(folders: &BTreeMap<&'p str, Folder<'p>>) -> Self {
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for (name, folder) in folders.iter().filter(|(name, _)| !name.is_empty()) {
            let (all, told_here) = counts.entry(parent(name)).or_default();
            *all += 1;
            if folder.is_told() {
                *told_here += 1;
                told.insert(*name);
            }
        }
        Self(counts, told)
    }

    /// Whether a folder and most of those beside it have such an index page, so that what is beside that is a part of it.
    fn are_records_beside(&self, folder: &str) -> bool {
        self.1.contains(folder) && self.0.get(parent(folder)).is_some_and(|(all, told)| *told >= FEWEST_BESIDE && told * 2 > *all)
    }
}

/// The folders that hold folders of pages; where an index page tells a record, untitled pages further down are parts of it.
fn holders<'p>(folders: &BTreeMap<&'p str, Folder<'p>>, told: &Told<'_>) -> BTreeSet<&'p str> {
    let mut holders = BTreeSet::new();
    for (name, folder) in folders {
        let are_parts = folder.indexes.is_empty() && folder.others.iter().all(|page| is_untitled(page));
        let mut above = *name;
        while !above.is_empty() {
            above = parent(above);
            if !(are_parts && told.are_records_beside(above)) {
                holders.insert(above);
            }
        }
    }
    holders
}

/// What the fields of an index page say of the kind of thing that it tells of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind<'p> {
    /// What it says that it is.
    named: Option<&'p str>,
    fields: BTreeSet<&'p str>,
}

impl<'p> Kind<'p> {
    fn of(page: &'p Page) -> Self {
        let named = page.fields.get("type").and_then(|value| value.scalar()).map(str::trim);
        Self {
            // A page of the site may be anything.
            named: named.filter(|named| !named.is_empty() && words::nature(named) != Some(Nature::Pages)),
            fields: page.fields.entries.iter().map(|entry| entry.key.as_str()).collect(),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        if let (Some(one), Some(other)) = (self.named, other.named) {
            return one == other;
        }
        let shared = self.fields.intersection(&other.fields).count();
        shared >= FEWEST_FIELDS && ratio(shared, self.fields.union(&other.fields).count()) >= ALIKE
    }
}

/// How many index pages of each kind lie two folders below another.
struct Kinds<'p>(BTreeMap<&'p str, BTreeMap<Kind<'p>, usize>>);

impl<'p> Kinds<'p> {
    fn of(names: &[&'p str], folders: &BTreeMap<&'p str, Folder<'p>>) -> Self {
        let mut kinds: BTreeMap<&str, BTreeMap<Kind<'_>, usize>> = BTreeMap::new();
        for name in names.iter().filter(|name| name.contains('/')) {
            for page in folders[name].indexes.iter().filter(|page| page.metadata != Metadata::Broken) {
                *kinds.entry(parent(parent(name))).or_default().entry(Kind::of(page)).or_default() += 1;
            }
        }
        Self(kinds)
    }

    /// How many of them the index page of a folder is like.
    fn like(&self, name: &str, folder: &Folder<'_>) -> usize {
        let Some(kinds) = self.0.get(parent(parent(name))).filter(|_| name.contains('/')) else { return 0 };
        let like = |page: &&Page| {
            let own = Kind::of(page);
            kinds.iter().filter(|(kind, _)| own.is_like(kind)).map(|(_, count)| count).sum()
        };
        folder.indexes.iter().map(like).max().unwrap_or(0)
    }
}
