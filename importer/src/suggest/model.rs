//! A suggested mapping before it is written down.

use std::collections::BTreeMap;

use maillage_graph_schema::model::{Language, Licence};

use super::decisions::Decision;
use super::globs::Globs;
use super::nature::Condition;
use super::page::Metadata;
use super::said::Said;

/// A first mapping of a repository that nobody has described yet.
#[derive(Debug, Clone, Default)]
pub struct Suggestion {
    /// The language of most texts.
    pub language: Option<Language>,
    pub licence: Option<Licence>,
    /// `day-first` or `month-first`, if some date tells.
    pub date_order: Option<&'static str>,
    pub has_two_digit_years: bool,
    /// Words that say nothing, as the files write them.
    pub nothing: Vec<String>,
    pub collections: Vec<CollectionSuggestion>,
    /// Pages that are not to be imported, and why.
    pub aside: Vec<Said>,
    /// What a person is to decide, with the alternatives.
    pub decisions: Vec<Decision>,
    /// Pages of the repository.
    pub pages: usize,
    /// Pages that a collection asks for.
    pub selected: usize,
}

/// What the pages of a folder are to become.
#[derive(Debug, Clone)]
pub struct CollectionSuggestion {
    pub name: String,
    pub makes: &'static str,
    pub globs: Globs,
    /// Where the records stand in each file, if each holds many.
    pub records: Option<String>,
    pub condition: Option<Condition>,
    /// Fields that are empty in pages to be left out.
    pub skip: Vec<String>,
    /// The field, and its values, by which some pages say that they are no case studies.
    pub strangers: Option<(String, Vec<String>)>,
    /// The field, and its values, by which some pages say that the site does not show them.
    pub hidden: Option<(String, Vec<String>)>,
    /// Whether some pages hold the text of typesetters that stands for none.
    pub has_filler: bool,
    /// How its metadata is written, with the number of pages.
    pub metadata: BTreeMap<Metadata, usize>,
    /// The extensions of files beside its pages that hold metadata.
    pub sidecar: Vec<String>,
    pub files: usize,
    /// Of several, the first that says something.
    pub key: Vec<String>,
    pub language: Option<Language>,
    /// The languages of its translations, the original first.
    pub translations: Vec<String>,
    pub fields: Vec<FieldChoice>,
    /// Ways to fill a field that are too unsure to be taken without a person's word.
    pub offered: Vec<FieldChoice>,
    pub places: Vec<PlaceChoice>,
    /// Of how many records an import found the place; unknown before it was tried.
    pub placed: Option<usize>,
    /// A way to tell the place that is too unsure to be taken without a person's word.
    pub offered_place: Option<PlaceChoice>,
    /// Fields of persons and how to reach them.
    pub personal: Vec<String>,
    /// Fields that only tell how the site shows the page.
    pub display: Vec<String>,
    /// For a field of ours: their value, ours, and in how many files; ours is absent if it is for a person to say.
    pub values: BTreeMap<&'static str, Vec<ValueChoice>>,
    /// For each kind of section, headings with the number of files.
    pub headings: BTreeMap<&'static str, Vec<(String, usize)>>,
    /// Fields that nothing is known of, with the number of files.
    pub unused: Vec<(String, usize)>,
    /// Names of places that an import did not find for certain.
    pub open_places: Vec<OpenValue>,
    /// Tags that lead to no topic.
    pub open_tags: Vec<OpenValue>,
}

/// A value that a person may translate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenValue {
    pub theirs: String,
    pub count: usize,
    /// What it may be, if anything is known.
    pub candidates: Option<String>,
}

/// Where a field of ours is found.
#[derive(Debug, Clone)]
pub struct FieldChoice {
    pub ours: &'static str,
    pub rules: Vec<Rule>,
    /// In how many files the first rule says something.
    pub filled: usize,
    pub note: Option<Said>,
}

/// What a value of theirs is in our terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueChoice {
    pub theirs: String,
    pub ours: Option<String>,
    pub count: usize,
    pub is_sure: bool,
}

/// One place to look for a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    pub from: String,
    /// What parts its values, each in turn.
    pub split: Vec<&'static str>,
    pub pattern: Option<String>,
    pub remove: Option<String>,
    pub longest: Option<usize>,
    /// Values that say nothing here.
    pub nothing: Vec<String>,
    /// Another field: what it says too is not taken.
    pub unless: Option<String>,
    pub collections: Option<String>,
    pub role: Option<&'static str>,
    pub website: Option<String>,
    pub label: Option<String>,
}

impl Rule {
    /// What stands in a field.
    pub fn of(from: impl Into<String>) -> Self {
        Self { from: from.into(), ..Self::default() }
    }
}

/// One way to tell where something is.
#[derive(Debug, Clone, Default)]
pub struct PlaceChoice {
    /// The parts of a place (`name`, `postcode`…) and where each stands; empty for a key.
    pub parts: Vec<(&'static str, String)>,
    /// Where the name stands in files that have it elsewhere.
    pub other_name: Option<String>,
    /// The key of an area that all pages lie in.
    pub key: Option<String>,
    pub collections: Option<String>,
    pub split: Option<&'static str>,
    pub pattern: Option<String>,
    pub remove: Option<String>,
    pub nothing: Vec<String>,
    /// In how many files it says something.
    pub filled: usize,
    pub note: Option<Said>,
}
