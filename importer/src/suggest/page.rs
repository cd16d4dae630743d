//! A page of a repository that nobody has described yet: its metadata wherever it stands, its title, its headings.

use std::borrow::Cow;

use super::lists;
use super::words;
use crate::limits::Limits;
use crate::parse::extension;
use crate::parse::front_matter::{self, FrontMatterError};
use crate::parse::headings::with_spaced_headings;
use crate::parse::labels::labels;
use crate::parse::line_ends::with_line_feeds;
use crate::parse::properties::properties;
use crate::parse::value::Map;
use crate::source::{Content, SourceFile};

/// Where the metadata of a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metadata {
    Yaml,
    Toml,
    Json,
    /// In a block of code after the title.
    Fenced,
    /// In lines of properties at its start.
    Properties,
    /// In a file beside it: `a.yml` with `a.md`.
    Sidecar,
    /// The file is nothing else.
    Whole,
    /// In an entry of a list that the file is, or holds.
    Entry,
    /// The file is a list, or lists by name, and nothing else.
    List,
    /// The file is empty.
    Empty,
    /// There is none.
    None,
    /// There is some, and it cannot be read.
    Broken,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: String,
    pub metadata: Metadata,
    pub fields: Map,
    /// The first heading of the first level.
    pub heading: Option<String>,
    /// The headings below the title.
    pub headings: Vec<String>,
    /// How many words the body has, as far as it matters.
    pub words: usize,
    /// The start of the body, enough to tell its language.
    pub sample: String,
    /// The extension of the file beside it that holds metadata.
    pub sidecar: Option<String>,
    /// Whether the whole file is empty.
    pub is_empty: bool,
    /// Of an entry of a list: the nearest key on the way to it.
    pub entry_key: Option<String>,
    /// Whether that is its own, not that of the list that it stands in.
    pub has_own_key: bool,
}

/// How many characters of a body are kept.
pub const SAMPLE: usize = 1_500;

impl Page {
    /// Reads a page; `None` if it is no text, or too large.
    pub fn read(file: &SourceFile, limits: &Limits) -> Option<Self> {
        let Content::Bytes(bytes) = &file.content else { return None };
        let text = with_line_feeds(std::str::from_utf8(bytes).ok()?);
        let text = text.as_ref();
        let head = text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']);
        let is_empty = head.is_empty();
        let extension = extension(&file.path);
        let is_whole = front_matter::is_metadata(extension);
        let read = if is_whole { front_matter::whole(extension, text, limits) } else { front_matter::find(text, limits) };
        let (metadata, fields, body) = match read {
            Ok(front_matter) => {
                let metadata = match head.as_bytes() {
                    [] => Metadata::Empty,
                    _ if is_whole && lists::are_lists(&front_matter.fields) => Metadata::List,
                    _ if is_whole => Metadata::Whole,
                    _ if front_matter.fields.entries.is_empty() => Metadata::None,
                    [b'+', ..] => Metadata::Toml,
                    [b'{', ..] => Metadata::Json,
                    [b'-', ..] => Metadata::Yaml,
                    _ if front_matter::is_unfenced(head) || properties(text).is_some() || labels(text).is_some() => {
                        Metadata::Properties
                    }
                    _ => Metadata::Fenced,
                };
                (metadata, front_matter.fields, front_matter.body)
            }
            Err(FrontMatterError::Absent) if !is_whole => (Metadata::None, Map::default(), Cow::Borrowed(text)),
            // A page that begins with a rule has no metadata at all.
            Err(FrontMatterError::Unclosed(_)) if !is_whole && !begins_with_field(head) => {
                (Metadata::None, Map::default(), Cow::Borrowed(text))
            }
            Err(_) if is_whole && lists::is_list(&file.path, text, limits) => (Metadata::List, Map::default(), Cow::Borrowed("")),
            Err(_) => (Metadata::Broken, Map::default(), Cow::Borrowed("")),
        };
        let body = with_spaced_headings(&body);
        let body = body.as_ref();
        let (heading, headings) = headings(body);
        Some(Self {
            path: file.path.clone(),
            metadata,
            fields,
            heading,
            headings,
            words: body.split_whitespace().take(2_000).count(),
            sample: body.chars().take(SAMPLE).collect(),
            sidecar: None,
            is_empty,
            entry_key: None,
            has_own_key: false,
        })
    }

    /// The folders of its path, and its name.
    pub fn segments(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    /// Its name without extension.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Of an entry of a map: its key there.
    pub fn own_key(&self) -> Option<&str> {
        self.entry_key.as_deref().filter(|_| self.has_own_key)
    }

    /// The folder that it lies in.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether it has a title, as a field or as a heading.
    pub fn has_title(&self) -> bool {
        let has_field = || self.fields.entries.iter().any(|entry| words::is_title(&entry.key) && !entry.node.is_blank());
        self.heading.is_some() || has_field()
    }

    /// Whether most of its text is links.
    pub fn is_mostly_links(&self) -> bool {
        let (mut links, mut all) = (0, 0);
        for word in self.sample.split_whitespace() {
            all += word.len();
            links += if word.contains("://") || word.contains("](") { word.len() } else { 0 };
        }
        links * 2 > all
    }

    /// Whether its text has as many characters.
    pub fn has_text(&self, characters: usize) -> bool {
        self.sample.trim().chars().count() >= characters
    }
}

/// Whether a field stands on the line after the fence, as it does nowhere but in metadata.
fn begins_with_field(head: &str) -> bool {
    let rest = head.split_once('\n').map_or("", |(_, rest)| rest);
    front_matter::is_unfenced(rest.trim_start()) || rest.lines().next().is_some_and(|line| line.contains(" = "))
}

/// The title and the other headings of a body, outside blocks of code.
fn headings(body: &str) -> (Option<String>, Vec<String>) {
    let mut title = None;
    let mut headings = Vec::new();
    let mut in_code = false;
    for line in body.lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            in_code = !in_code;
        }
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        if in_code || !(1..=6).contains(&marks) {
            continue;
        }
        let text = line[marks..].trim().trim_end_matches('#').trim().trim_matches('*').trim();
        if text.is_empty() || !line[marks..].starts_with(' ') {
            continue;
        }
        if marks == 1 && title.is_none() {
            title = Some(text.to_owned());
        } else if headings.len() < 40 {
            headings.push(text.to_owned());
        }
    }
    (title, headings)
}
