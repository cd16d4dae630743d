//! A source's own fields, in our terms.
//!
//! | module | what it does |
//! |---|---|
//! | [`file`], [`fields`] | the grammar of a mapping's file and the fields that it fills, and their manual |
//! | `check` | says whether what stands in it makes sense |
//! | `path`, `page`, `opening`, `beside`, `template` | lead to the values of a file |
//! | `records` | tells where the records of a file stand that holds many |
//! | `condition` | tells which files are meant |
//! | `rule` | takes values and changes them |
//! | `apply` | makes of a partner's fields the fields of Maillage's front matter |
//! | `places` | tells where something is |
//! | `key` | makes keys, and finds what values refer to |
//!
//! Each value keeps the place where it stands in the partner's file; from there on both kinds of file are read alike.

mod apply;
mod beside;
mod check;
mod condition;
pub mod fields;
pub mod file;
mod key;
mod licence;
mod opening;
mod page;
mod path;
mod places;
mod records;
mod rule;
mod template;
mod unread;

use std::collections::HashMap;

use globset::GlobSet;
use maillage_graph_schema::model::{Language, Licence};

pub use apply::{Around, Mapped};
pub(crate) use apply::{CODE_OF_CURRENCY, LINK_ADDRESSES, LINK_NAMES, ORGANISATION_NAMES, is_host};
pub use check::{load, parse};
pub use page::{Page, TEXTS, is_list_page, is_text, stem};
pub use records::{FoundRecord, RecordsPath};
pub use unread::{Leftover, Leftovers};

use crate::parse::table::is_table;
use condition::Condition;
use key::KeyRule;
use places::PlaceRule;
use rule::FieldRule;
use template::{Pointer, Template};

use crate::parse::body::Headings;
use crate::parse::date::DateStyle;
use crate::parse::personal::RoleMailboxes;
use crate::report::skipped;

/// How the files of a source are read.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub language: Option<Language>,
    pub licence: Option<Licence>,
    /// The mailboxes of roles that its texts may name.
    pub role_mailboxes: RoleMailboxes,
    /// In the order of the file: a file belongs to the first that asks for it.
    pub collections: Vec<Collection>,
}

impl Mapping {
    /// The collections that a file may belong to by its path.
    pub fn collections(&self, path: &str) -> impl Iterator<Item = &Collection> {
        self.collections.iter().filter(move |collection| collection.has(path))
    }

    /// The collections whose records a file holds many of, by its path; a file is read so if any asks for it.
    pub fn collections_of_many(&self, path: &str) -> Vec<&Collection> {
        self.collections(path).filter(|collection| collection.records_in(path).is_some()).collect()
    }

    /// Whether a file is to be read: as one of a collection, or as the metadata of one.
    pub fn wants(&self, path: &str) -> bool {
        self.collections.iter().any(|collection| collection.has(path) || collection.has_sidecar(path))
    }

    /// The texts that a file may hold the metadata of.
    pub fn texts_of_sidecar(&self, path: &str) -> Vec<String> {
        if self.collections(path).next().is_some() {
            return Vec::new();
        }
        self.collections.iter().flat_map(|collection| collection.texts_of_sidecar(path)).collect()
    }

    /// Whether it asks for the days of commits, which are costly to find.
    pub fn wants_dates(&self) -> bool {
        self.collections.iter().any(Collection::wants_dates)
    }
}

/// What the files of a collection become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makes {
    Initiatives,
    Organisations,
    /// No record: others refer to their names and places.
    Nothing,
}

impl Makes {
    pub const ALL: [Self; 3] = [Self::Initiatives, Self::Organisations, Self::Nothing];
    /// As mappings write them.
    pub const WRITTEN: [&str; 3] = ["initiatives", "organisations", "nothing"];
}

/// Files that are read alike.
#[derive(Debug, Clone)]
pub struct Collection {
    pub name: String,
    pub makes: Makes,
    files: GlobSet,
    /// Those of its globs that name pages of lists, which make records only where they are asked for.
    lists: GlobSet,
    except: GlobSet,
    /// Where the records of its files stand, if each file holds many.
    records: Option<RecordsPath>,
    only: Condition,
    skip: Vec<Condition>,
    /// Whether drafts are taken too.
    keep_drafts: bool,
    /// Extensions of files that hold the metadata of others.
    sidecar: Vec<String>,
    key: KeyRule,
    /// The languages of translations, the original first, as the files name them and as we do.
    translations: Vec<Language>,
    pub language: Option<Language>,
    pub licence: Option<Licence>,
    /// Whether only what the metadata say is taken.
    pub leaves_texts: bool,
    dates: DateStyle,
    /// Folded texts that say nothing.
    nothing: Vec<String>,
    places: Vec<PlaceRule>,
    /// Fields that are never read, and that the report need not mention.
    drop: GlobSet,
    fields: Vec<FieldRule>,
    /// For each field of ours, by the folded value of theirs, the values of ours.
    values: HashMap<&'static str, HashMap<String, Vec<String>>>,
    /// What the keys of other collections are made of, by their names.
    others: HashMap<String, KeyRule>,
    pub headings: Headings,
}

impl Collection {
    /// Whether a file belongs to it as far as its path tells.
    fn has(&self, path: &str) -> bool {
        self.files.is_match(path) && !self.except.is_match(path)
    }

    /// What the keys of its records are made of, as the mapping says it.
    pub fn written_key(&self) -> String {
        self.key.templates.iter().map(Template::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Where the records stand in a file of this path; `None` if it is one record.
    pub fn records_in(&self, path: &str) -> Option<&RecordsPath> {
        self.records.as_ref().or_else(|| is_table(path).then(RecordsPath::whole))
    }

    fn has_sidecar(&self, path: &str) -> bool {
        !self.texts_of_sidecar(path).is_empty()
    }

    fn texts_of_sidecar(&self, path: &str) -> Vec<String> {
        let stem = self.sidecar.iter().find_map(|extension| path.strip_suffix(extension.as_str())?.strip_suffix('.'));
        let Some(stem) = stem else { return Vec::new() };
        let texts = TEXTS.iter().map(|extension| format!("{stem}.{extension}"));
        std::iter::once(stem.to_owned()).chain(texts).filter(|text| self.has(text)).collect()
    }

    fn wants_dates(&self) -> bool {
        self.fields.iter().flat_map(|field| &field.rules).any(|rule| rule.from.wants_dates())
    }

    /// The condition by which a file does not belong to it, as the mapping names it: `projects.where.type`.
    pub fn unmet(&self, page: &Page<'_>) -> Option<String> {
        self.only.unmet(page).map(|place| self.path_of("where", &[place]))
    }

    /// The condition by which a file of this collection is left out, if there is one: `projects.skip.status`.
    pub fn skips(&self, page: &Page<'_>) -> Option<String> {
        let met = self.skip.iter().find(|condition| condition.holds(page))?;
        Some(self.path_of("skip", &met.all.iter().map(|(place, _)| place).collect::<Vec<_>>()))
    }

    /// Where settings of this collection stand in the file of its mapping.
    fn path_of(&self, setting: &str, places: &[&Pointer]) -> String {
        let key = |place: &&Pointer| {
            let place = place.as_str();
            let is_bare = place.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            if is_bare { place.to_owned() } else { format!("\"{place}\"") }
        };
        format!("{}.{setting}.{}", self.name, places.iter().map(key).collect::<Vec<_>>().join(" + "))
    }

    /// Why a file of this collection is left out whatever its conditions say, if it is.
    pub fn reason_to_skip(&self, page: &Page<'_>) -> Option<&'static str> {
        if is_list_page(page.path) && !self.lists.is_match(page.path) {
            return Some(skipped::LIST_PAGE);
        }
        (!self.keep_drafts && is_draft(page)).then_some(skipped::DRAFT)
    }

    /// The languages of its translations, the original first; none if its files are no translations of one another.
    pub fn translations(&self) -> &[Language] {
        &self.translations
    }

    /// How a language stands among those of translations; `None` if its files are no translations of one another.
    pub fn translation_rank(&self, language: Option<&Language>) -> Option<usize> {
        let last = self.translations.len();
        (last > 0).then(|| self.translations.iter().position(|known| Some(known) == language).unwrap_or(last))
    }

    /// What a file is to this collection.
    pub fn page<'a>(
        &'a self,
        path: &'a str,
        fields: &'a crate::parse::value::Map,
        body: &'a str,
        commits: Option<crate::source::CommitDays>,
    ) -> Page<'a> {
        Page::new(path, fields, body, commits, &self.translations).with_headings(&self.headings)
    }
}

/// Whether a file says that it is not to be read yet, however it spells it: `draft: true`, `"true"`, `1`, `published: no`.
fn is_draft(page: &Page<'_>) -> bool {
    let says = |field: &str, yes: bool| page.fields.get(field).and_then(|node| node.scalar()).and_then(truth) == Some(yes);
    says("draft", true) || says("published", false)
}

/// What a word for yes or no says; `None` for any other.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match maillage_explore::text::fold(word).as_str() {
        "true" | "yes" | "on" | "1" | "y" | "oui" | "vrai" | "ja" | "si" => Some(true),
        "false" | "no" | "off" | "0" | "n" | "non" | "faux" | "nein" => Some(false),
        _ => None,
    }
}
