//! What the pages of a cluster are, and which of them are case studies where kinds are mixed.

use std::collections::BTreeMap;

use maillage_explore::text::fold;

use super::clusters::{Cluster, last};
use super::lists::{self, Lists};
use super::members;
use super::page::Page;
use super::persons;
use super::profile::{Field, Profile, ratio};
use super::shape::Shape;
use super::site::Forms;
use super::statuses::is_completion;
use super::vocabulary::list;
use super::words::{self, Meaning, Nature, Sureness};
use crate::mapping::truth;

/// Fields that say what kind of page one is, the most telling first.
const KINDS: &[&str] = &[
    "categories",
    "category",
    "categorie",
    "kategorie",
    "kategorien",
    "categoria",
    "type",
    "kind",
    "layout",
    "content type",
    "contenttype",
    "section",
    "collection",
    "format",
    "tags",
    "tag",
];

/// The most pages that a condition may leave for it to tell anything.
const MOST_BY_CONDITION: f64 = 0.9;

/// What the pages of a cluster are.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessed {
    pub nature: Option<Nature>,
    /// What tells it.
    pub by: Evidence,
    /// Where kinds are mixed: which values of which field the case studies have, and on how many pages.
    pub condition: Option<Condition>,
}

/// What tells what pages are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The name of their folder.
    Folder(String),
    /// A value that they all have.
    Value {
        field: String,
        value: String,
    },
    /// Their fields.
    Fields,
    Nothing,
}

/// Which pages of a cluster are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The path of the field.
    pub field: String,
    pub values: Vec<String>,
    pub pages: usize,
}

/// What the pages of a cluster are.
pub fn assess(cluster: &Cluster, pages: &[Page], profile: &Profile, forms: &Forms) -> Assessed {
    let by_name = |lists: &Lists| Some((lists::nature(lists)?, Evidence::Folder(cluster.root.clone())));
    let are_dated = are_dated(cluster, pages);
    let by_root = match &cluster.lists {
        Some(lists) => by_name(lists),
        None if are_dated => by_folder_of_posts(&cluster.root).or_else(|| by_folder(&cluster.root)),
        None => by_folder(&cluster.root),
    };
    let (nature, by) = by_root
        .or_else(|| forms.names.get(&cluster.root).and_then(|name| Some((words::nature(name)?, Evidence::Folder(name.clone())))))
        .or_else(|| by_value(profile))
        .or_else(|| by_fields(profile).map(|nature| (nature, Evidence::Fields)))
        .or_else(|| are_dated.then_some((Nature::Posts, Evidence::Nothing)))
        .map_or((None, Evidence::Nothing), |(nature, by)| (Some(nature), by));
    // A folder may be called after those for whom its projects are: `clients`.
    let (nature, by) = match nature {
        Some(Nature::Organisations) if tells_stories(cluster, pages, profile) => (Some(Nature::CaseStudies), Evidence::Nothing),
        nature => (nature, by),
    };
    // So may one of organisations after persons: `profiles`, `members`.
    let (nature, by) = match nature {
        Some(Nature::People) if is_of_either(&by) && persons::are_organisations(profile, members(cluster, pages)) => {
            (Some(Nature::CaseStudies), Evidence::Nothing)
        }
        nature => (nature, by),
    };
    let may_be_mixed = matches!(nature, None | Some(Nature::Posts | Nature::Pages));
    let condition = may_be_mixed.then(|| mixed(cluster, pages, profile)).flatten();
    let nature = if condition.is_some() { Some(Nature::CaseStudies) } else { nature };
    Assessed { nature, by, condition }
}

/// Whether pages are of persons by nothing but a folder whose name is used for organisations, too.
fn is_of_either(by: &Evidence) -> bool {
    matches!(by, Evidence::Folder(folder) if list("persons", "folders").contains(&words::name_words(folder).as_str()))
}

/// Whether pages tell at length of something that has a date and somebody else who took part: of no organisation.
fn tells_stories(cluster: &Cluster, pages: &[Page], profile: &Profile) -> bool {
    const LEAST_WORDS: usize = 20;
    let has = |meanings: &[Meaning]| {
        profile.fields.values().any(|field| {
            ratio(field.filled, profile.files) > 0.5
                && !field.is_nested()
                && words::meanings(field.name())
                    .first()
                    .is_some_and(|named| named.sureness >= Sureness::Nearly && meanings.contains(&named.meaning))
        })
    };
    let words: usize = cluster.pages.iter().map(|index| pages[*index].words).sum();
    let names_project = || {
        let names = list("case_studies", "names");
        profile
            .fields
            .values()
            .any(|field| ratio(field.filled, profile.files) > 0.5 && names.contains(&words::name_words(&field.path).as_str()))
    };
    (has(&[Meaning::Start, Meaning::Published, Meaning::End]) || names_project())
        && has(&[Meaning::Operator, Meaning::Partner, Meaning::Funder])
        && words >= LEAST_WORDS * cluster.pages.len()
}

/// Whether most pages, or their folders where each has its own, are called by a day first, as posts are: `2019-08-04-diary.md`.
fn are_dated(cluster: &Cluster, pages: &[Page]) -> bool {
    const FEWEST: usize = 3;
    let name = |page: &Page| if cluster.is_bundle { last(page.folder()).to_owned() } else { page.stem().to_owned() };
    let dated = cluster.pages.iter().filter(|index| begins_with_day(&name(&pages[**index]))).count();
    cluster.lists.is_none() && dated >= FEWEST && dated * 2 > cluster.pages.len()
}

/// Whether a name begins with a day: `2019-08-04`, `20190804`.
fn begins_with_day(name: &str) -> bool {
    let digits = |from: usize, to: usize| name.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let number = |from, to| digits(from, to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let gap = usize::from(matches!(name.get(4..5), Some("-" | "_" | ".")));
    let (month, day) = (4 + gap, 6 + 2 * gap);
    let is_end = name.get(day + 2..).is_some_and(|rest| !rest.starts_with(|character: char| character.is_ascii_digit()));
    let is_parted = gap == 0 || name.get(4..5) == name.get(7..8);
    is_parted
        && is_end
        && (1990..2100).contains(&number(0, 4))
        && (1..=12).contains(&number(month, month + 2))
        && (1..=31).contains(&number(day, day + 2))
}

/// A folder of posts that holds a folder, however that is called.
fn by_folder_of_posts(root: &str) -> Option<(Nature, Evidence)> {
    let folder = root.split('/').find(|folder| words::nature(folder) == Some(Nature::Posts))?;
    Some((Nature::Posts, Evidence::Folder(folder.to_owned())))
}

/// The nearest folder whose name says something; folders of all content say nothing.
fn by_folder(root: &str) -> Option<(Nature, Evidence)> {
    let folders = root.split('/').rev().filter(|folder| {
        !matches!(*folder, "" | "*" | "content" | "contenu" | "data" | "src" | "site" | "source" | "app" | "website")
    });
    for folder in folders {
        if let Some(nature) = words::nature(folder) {
            return Some((nature, Evidence::Folder(folder.to_owned())));
        }
    }
    None
}

/// What nearly all pages say that they are.
fn by_value(profile: &Profile) -> Option<(Nature, Evidence)> {
    let fields = ["layout", "type", "kind", "collection", "template", "content_type"].iter().filter_map(|name| profile.get(name));
    for field in fields {
        let Some((value, count)) = field.by_frequency().first().copied() else { continue };
        if ratio(count, profile.files) < 0.8 {
            continue;
        }
        // "default" and "page" say how it looks; so does a layout called "post".
        let says_how = |nature: &Nature| *nature == Nature::Pages || *nature == Nature::Posts && is_layout(field);
        if let Some(nature) = words::nature(value).filter(|nature| !says_how(nature)) {
            return Some((nature, Evidence::Value { field: field.path.clone(), value: value.to_owned() }));
        }
    }
    None
}

/// Whether a field says how the generator shows a page, which is as a post for many.
fn is_layout(field: &Field) -> bool {
    matches!(field.name(), "layout" | "template")
}

fn by_fields(profile: &Profile) -> Option<Nature> {
    let has = |names: &[&str]| {
        profile.fields.values().any(|field| {
            ratio(field.filled, profile.files) > 0.5
                && names.contains(&words::name_words(field.name()).as_str())
                && !field.is_nested()
        })
    };
    if has(&["firstname", "first name", "lastname", "last name", "prenom", "fullname", "full name", "job title", "bio"]) {
        return Some(Nature::People);
    }
    if has(&["start time", "starttime", "event date", "event type", "eventtypes", "reglink", "registration", "speakers"]) {
        return Some(Nature::Events);
    }
    None
}

/// The values by which case studies are told from other pages.
fn mixed(cluster: &Cluster, pages: &[Page], profile: &Profile) -> Option<Condition> {
    let kind = |field: &&Field| KINDS.iter().position(|kind| words::name_words(field.name()) == *kind && !field.is_nested());
    let mut fields: Vec<&Field> = profile.fields.values().filter(|field| kind(field).is_some()).collect();
    fields.sort_by_key(kind);
    for field in fields {
        let is_tag = kind(&field).is_some_and(|rank| rank >= KINDS.len() - 2);
        let values: Vec<String> = field
            .by_frequency()
            .into_iter()
            // A tag may be any word: only what is plainly a case study tells by it.
            .filter(|(value, _)| words::is_case_study(value) || !is_tag && words::is_nature(value, Nature::CaseStudies))
            .map(|(value, _)| value.to_owned())
            .take(6)
            .collect();
        if values.is_empty() {
            continue;
        }
        let top = field.top();
        let is_meant = |page: &&Page| {
            let items = page.fields.get(top).map(crate::parse::value::Node::items).unwrap_or_default();
            items.iter().any(|item| item.scalar().is_some_and(|text| values.iter().any(|value| value == text.trim())))
        };
        let count = cluster.pages.iter().map(|index| &pages[*index]).filter(is_meant).count();
        if count >= 2 && ratio(count, cluster.pages.len()) <= MOST_BY_CONDITION {
            return Some(Condition { field: top.to_owned(), values, pages: count });
        }
    }
    None
}

/// The field by which some pages of a folder of case studies say that they are something else, and the values that do.
pub fn strangers(profile: &Profile) -> Option<(String, Vec<String>)> {
    let is_kind = |field: &&Field| {
        let kind = KINDS.iter().position(|kind| words::name_words(field.name()) == *kind);
        !field.is_nested() && kind.is_some_and(|rank| rank < KINDS.len() - 2) && !field.is_list()
    };
    let is_other = |field: &Field, value: &str| match words::nature(value) {
        Some(Nature::Posts) => !is_layout(field),
        nature => matches!(nature, Some(Nature::Events | Nature::People)),
    };
    profile.fields.values().filter(is_kind).find_map(|field| {
        let mut others: Vec<String> = field.counts.keys().filter(|value| is_other(field, value)).cloned().collect();
        others.sort();
        let count: usize = others.iter().map(|value| field.counts[value]).sum();
        (!others.is_empty() && count * 2 <= profile.files).then(|| (field.path.clone(), others))
    })
}

/// The field that says whether pages are published, and its values for those that are not.
pub fn unpublished(profile: &Profile) -> Option<(String, Vec<String>)> {
    let drafts = list("publication", "drafts");
    let mut fields = profile.fields.values().filter(|field| !field.is_nested() && is_publication(field));
    fields.find_map(|field| {
        let hidden: Vec<String> = field.counts.keys().filter(|value| drafts.contains(&fold(value).as_str())).cloned().collect();
        (!hidden.is_empty()).then(|| (field.path.clone(), hidden))
    })
}

/// The field that says yes or no to whether the site shows a page, and its values for those that it does not: `visible: false`. What
/// `draft` and `published` say is read without a rule.
pub fn hidden(profile: &Profile) -> Option<(String, Vec<String>)> {
    let is_called = |field: &Field, name| list("publication", name).contains(&words::name_words(field.name()).as_str());
    let fields = profile.fields.values().filter(|field| !field.is_nested() && field.share(|shape| shape == Shape::Truth) > 0.9);
    let mut told = fields.filter_map(|field| {
        let hiding = is_called(field, "hides");
        if !hiding && !is_called(field, "shows") {
            return None;
        }
        let mut values: Vec<String> = field.counts.keys().filter(|value| truth(value) == Some(hiding)).cloned().collect();
        values.sort();
        let files = field.saying(|value| truth(value) == Some(hiding));
        (files > 0 && files * 2 <= profile.files).then(|| (field.path.clone(), values))
    });
    told.next()
}

/// Whether a field tells of pages whether they are published, not of projects how they are.
pub fn is_publication(field: &Field) -> bool {
    let is_in = |value: &str, lists: &[&str]| lists.iter().any(|name| list("publication", name).contains(&fold(value).as_str()));
    let values = || field.counts.keys().map(String::as_str);
    // A page is complete when it is reviewed; a project may be complete, too.
    let is_word = |value| is_in(value, &["published", "drafts", "reviews"]) || is_completion(value);
    values().any(|value| is_in(value, &["published", "reviews"])) && values().all(is_word)
}

/// Whether a field of most files tells something at length: pages without a text of their own may have it there.
pub fn tells_in_fields(profile: &Profile) -> bool {
    const LEAST: f64 = 100.0;
    let is_long = |field: &&Field| !field.is_list() && field.share(Shape::is_text) > 0.6 && field.length() >= LEAST;
    profile.fields.values().filter(is_long).any(|field| ratio(field.filled, profile.files) > 0.5)
}

/// How much the fields of a cluster are like those of case studies: what readers would want of one.
pub fn richness(profile: &Profile) -> usize {
    const WANTED: &[Meaning] = &[
        Meaning::Title,
        Meaning::Summary,
        Meaning::Status,
        Meaning::Start,
        Meaning::Published,
        Meaning::Town,
        Meaning::Place,
        Meaning::Address,
        Meaning::Postcode,
        Meaning::Latitude,
        Meaning::Topic,
        Meaning::Tag,
        Meaning::Operator,
        Meaning::Partner,
        Meaning::Funder,
        Meaning::Website,
        Meaning::Problem,
        Meaning::Solution,
        Meaning::Results,
    ];
    let mut found: BTreeMap<Meaning, usize> = BTreeMap::new();
    for field in profile.fields.values().filter(|field| !field.is_nested()) {
        if let Some(named) = words::meanings(field.name()).first()
            && named.sureness >= Sureness::Nearly
            && WANTED.contains(&named.meaning)
            && field.filled * 4 > profile.files
        {
            *found.entry(named.meaning).or_default() += 1;
        }
    }
    found.len()
}
