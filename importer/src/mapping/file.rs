//! The file of a mapping as it is written: these types are its grammar, and their comments its manual. [`super::check`] says
//! whether what stands in it makes sense.
//!
//! Wherever a value is taken from a file, it is named in one of two ways:
//!
//! - the path of one of its fields: `title`, `place.city`, `phases[-1].name`, `sponsors[]`, `phases[name=stop].start`;
//! - a text with braces, in which fields and what is known of the file stand: `{folder}`, `{city} ({dep})`. Beside fields these
//!   are known: `{file_stem}` (the name without extension), `{file_name}`, `{path}`, `{folder}` (the nearest) and `{folder[0]}`
//!   (from the top), `{language_suffix}` (`fr` of `a.fr.md`), `{heading}` (the first of the text), `{first_paragraph}`, `{body}`,
//!   `{under.HEADING}` (what stands under a heading of the text; a list takes each item of the list there),
//!   `{git.first}` and `{git.last}` (days of the first and the last commit); of a record among others of its file `{entry_key}`
//!   (its key) and `{outer.FIELD}` (a field of what holds the list). If a part says nothing, the whole says nothing.

use std::collections::BTreeMap;

use maillage_graph_schema::model::{CostBasis, Licence, OrganisationRole};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Makes;
use crate::schema::written;

/// A mapping.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingFile {
    /// The language of the texts where nothing else says it: a BCP 47 tag.
    pub language: Option<String>,
    /// The licence of the texts where no file says another: SPDX. Left out when unknown.
    #[schemars(extend("enum" = written(Licence::all())))]
    pub licence: Option<String>,
    /// `keep` (as if it were written) takes the texts. `leave` takes what the metadata say and the address of the file, where nobody
    /// has said that the texts may be published elsewhere.
    #[schemars(extend("enum" = ["keep", "leave"]))]
    pub texts: Option<String>,
    /// What means "nothing" in any field, such as `NA` or `None`.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// The order of dates such as 05/06/2018: `day-first` or `month-first`. Without it, only the year of one that can be read
    /// both ways is kept.
    #[schemars(extend("enum" = ["day-first", "month-first"]))]
    pub date_order: Option<String>,
    /// The first of the hundred years that two digits mean: 1950 reads 49 as 2049 and 50 as 1950. Without it, dates with two
    /// digits for the year are not read.
    pub two_digit_years_from: Option<u16>,
    /// The mailboxes of roles, not of persons, that its texts and `contact` may name: `contact@agen.fr`, `contact@*`,
    /// `*@agen.fr`. All other e-mail addresses are taken out.
    #[serde(default)]
    pub role_mailboxes: Vec<String>,
    /// The files, by what they are. A file belongs to the first collection that asks for it.
    #[schemars(with = "BTreeMap<String, CollectionFile>")]
    pub collections: BTreeMap<Spanned<String>, CollectionFile>,
}

/// Files that are read alike.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectionFile {
    /// `initiatives`, `organisations`, or `nothing`: files that make no record; other collections may refer to their name and
    /// place by `in`.
    #[schemars(extend("enum" = Makes::WRITTEN))]
    pub makes: String,
    /// Which files, by globs: `*` stays within a folder, `**` crosses folders. Files in YAML, TOML or JSON are metadata alone.
    pub files: Vec<String>,
    /// Which of them not.
    #[serde(default)]
    pub except: Vec<String>,
    /// Where the records stand in a file that holds many: `[]` for each item of a list, each value of a map or each row of a table
    /// (CSV, TSV); `projects[]` for those of the field `projects`. Without it a file is one record, unless it is a table.
    pub records: Option<String>,
    /// Only files in which each of these fields has (one of) these values: `{ categories = "Case Studies" }`. `*` stands for
    /// anything, an empty text for nothing. Case and accents do not matter.
    #[serde(default, rename = "where")]
    pub only: Option<ConditionFile>,
    /// Files that are left out: in which all fields of one of these conditions have these values.
    #[serde(default)]
    pub skip: Option<ConditionsFile>,
    /// `skip` (what is written if nothing is) leaves out files whose `draft` is true or whose `published` is false, however
    /// they spell it; `keep` takes them.
    #[schemars(extend("enum" = ["skip", "keep"]))]
    pub drafts: Option<String>,
    /// The extensions of files that hold the metadata of a text beside them: `["yml"]` reads `a.yml` with `a.md`.
    #[serde(default)]
    pub sidecar: Vec<String>,
    /// The key of the record, in braces what tells it from others of the source: `agen-{file_stem}`. Of several, the first that
    /// says something.
    pub key: OneOrMany,
    /// The languages of files that share a key, the original first: they are translations of one another.
    #[serde(default)]
    pub translations: Vec<String>,
    /// As in the mapping, for these files.
    pub language: Option<String>,
    /// As in the mapping, for these files.
    #[schemars(extend("enum" = written(Licence::all())))]
    pub licence: Option<String>,
    /// As in the mapping, for these files.
    #[schemars(extend("enum" = ["keep", "leave"]))]
    pub texts: Option<String>,
    /// As in the mapping, for these files.
    #[schemars(extend("enum" = ["day-first", "month-first"]))]
    pub date_order: Option<String>,
    /// More that means "nothing" in these files.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Where it is, in order: the first that leads to a place known for certain holds; what is not certain goes to a person.
    #[serde(default)]
    pub places: Vec<PlaceRuleFile>,
    /// Fields that are never read, and that the report need not mention; `contact*` means all that begin so.
    #[serde(default)]
    pub drop: Vec<String>,
    /// Our fields, and where each stands in these files. One value takes the first that says something, a list takes all.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldFile>,
    /// For one of our fields (or `places`), what theirs say and what we say for it. What a list does not translate is kept as
    /// it is. Texts, dates, addresses and references have no such table.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, OneOrMany>>,
    /// Headings of their texts, beside the usual ones, that tell a kind of section.
    #[serde(default)]
    pub headings: BTreeMap<String, Vec<String>>,
}

/// Where one of our fields is found.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the path of a field, a table { field = … }, or a list of these")]
pub enum FieldFile {
    One(RuleFile),
    Many(Vec<RuleFile>),
}

/// One place to look for a value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected the path of a field, or a table with field or value, and in, role, website, label, basis, within, split, pattern, remove, template, case, longest, unless, nothing"
)]
pub enum RuleFile {
    Path(String),
    Table(Box<RuleTable>),
}

/// One place to look for a value, and what is done to it, in the order of these settings.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleTable {
    /// The path of a field, or a text with braces.
    pub field: Option<String>,
    /// The value itself, the same for all files.
    pub value: Option<String>,
    /// A regular expression: what its first group matches, or all of it, is what the settings below look at; the rest of the
    /// text is not. Of a list, every match.
    pub within: Option<String>,
    /// Cuts a text into several at each of these.
    pub split: Option<OneOrMany>,
    /// A regular expression, tried on each part: what its first group matches, or all of it, is taken; of a list, every match. A text that it does
    /// not match says nothing.
    pub pattern: Option<String>,
    /// A regular expression: what it matches is taken out.
    pub remove: Option<String>,
    /// `lower`, `upper`, or `sentence` for what is written in capitals.
    #[schemars(extend("enum" = ["lower", "upper", "sentence"]))]
    pub case: Option<String>,
    /// A text around the value: `https://doi.org/{value}`.
    pub template: Option<String>,
    /// The most characters that are kept; the rest is cut after a sentence or a word.
    pub longest: Option<usize>,
    /// What says nothing here, such as `Online` for a place.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// Another field: a value that it has too says nothing.
    pub unless: Option<String>,
    /// The collections whose files the value refers to, by their key, name or address.
    #[serde(rename = "in")]
    pub collections: Option<OneOrMany>,
    /// Of organisations: `operator`, `funder`, `partner`, `supplier`.
    #[schemars(extend("enum" = written(OrganisationRole::ALL)))]
    pub role: Option<String>,
    /// Of organisations: where their web address stands; of a list of them, in the same item: `partners[].url`.
    pub website: Option<String>,
    /// Of links: how they are called; of costs: what they are for. Fields may stand in braces, and of a list those of the same item:
    /// `{datasets[].name}`.
    pub label: Option<String>,
    /// Of costs: whether it was spent, `actual`, or foreseen, `estimated`.
    #[schemars(extend("enum" = written(CostBasis::ALL)))]
    pub basis: Option<String>,
}

/// One way to tell where something is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected the key of a town or an area, such as insee:47001 or country:FR, or a table with name, code, postcode, department, region, country, latitude and longitude, address, or field and in"
)]
pub enum PlaceRuleFile {
    Key(String),
    Table(Box<PlaceTable>),
}

/// What files say of a place; each is the path of a field or a text with braces. A code, a postcode, a department, a region and a
/// country are had as fields are: by a table with what is done to the value, too, or by a list of these.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceTable {
    /// The name of a town or an area, as people write it: `Agen`, `Ville d'Agen (47)`, `CA du Bassin de Brive`, `Bretagne`.
    pub name: Option<OneOrMany>,
    /// The name itself, the same for all files, or for those that say none: `Aachen`.
    pub value: Option<String>,
    /// An official code: of a French commune, or with its scheme (`geonames:2950159`).
    pub code: Option<FieldFile>,
    /// A postal code.
    pub postcode: Option<FieldFile>,
    /// The department, by code or name, which tells towns of one name apart; the same for all files: `{ value = "47" }`.
    pub department: Option<FieldFile>,
    /// The region or state.
    pub region: Option<FieldFile>,
    /// The country, by code or name; two capital letters are the country itself, as is `{ value = "Germany" }`.
    pub country: Option<FieldFile>,
    /// Degrees of WGS 84, with `longitude`.
    pub latitude: Option<String>,
    /// Degrees of WGS 84.
    pub longitude: Option<String>,
    /// Latitude and longitude in one: a list, `44.2, 0.6`, or a map of both; GeoJSON has the longitude first.
    pub point: Option<String>,
    /// An address, in which a postal code and a town are looked for.
    pub address: Option<String>,
    /// A reference to files of another collection, whose places are taken; with `in`.
    pub field: Option<String>,
    /// The collections that `field` refers to.
    #[serde(rename = "in")]
    pub collections: Option<OneOrMany>,
    /// A regular expression: what alone is looked at of a name, or of an address where no name is asked for.
    pub within: Option<String>,
    /// Cuts a name into several at each of these.
    pub split: Option<OneOrMany>,
    /// A regular expression: what is taken of a name, or of an address where no name is asked for.
    pub pattern: Option<String>,
    /// A regular expression: what is taken out of a name, or of an address where no name is asked for.
    pub remove: Option<String>,
    /// Names that are no places, such as `Online`.
    #[serde(default)]
    pub nothing: Vec<String>,
}

/// Fields, and the values that they must have.
pub type ConditionFile = BTreeMap<String, OneOrMany>;

/// One condition, or several of which one is enough.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a table of fields and values, or a list of these")]
pub enum ConditionsFile {
    One(ConditionFile),
    Many(Vec<ConditionFile>),
}

/// A text, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a value or a list of values")]
pub enum OneOrMany {
    One(Plain),
    Many(Vec<Plain>),
}

/// A value, as text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a text")]
pub enum Plain {
    Text(String),
    Truth(bool),
    Number(i64),
}

impl FieldFile {
    /// The places to look, in order.
    pub fn rules(self) -> Vec<RuleFile> {
        match self {
            Self::One(rule) => vec![rule],
            Self::Many(rules) => rules,
        }
    }
}

impl OneOrMany {
    /// The texts.
    pub fn texts(self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value.text()],
            Self::Many(values) => values.into_iter().map(Plain::text).collect(),
        }
    }
}

impl Plain {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}
