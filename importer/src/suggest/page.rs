//! A page of a repository that nobody has described yet: its metadata wherever it stands, its title, its headings.

use crate::limits::Limits;
use crate::parse::front_matter::{self, FrontMatterError};
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
    /// Whether the whole file is empty.
    pub is_empty: bool,
}

/// How many characters of a body are kept.
const SAMPLE: usize = 1_500;

impl Page {
    /// Reads a page; `None` if it is no text, or too large.
    pub fn read(file: &SourceFile, limits: &Limits) -> Option<Self> {
        let Content::Bytes(bytes) = &file.content else { return None };
        let text = std::str::from_utf8(bytes).ok()?;
        let head = text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']);
        let is_empty = head.is_empty();
        let by_fence = || match head.as_bytes().first() {
            Some(b'+') => Metadata::Toml,
            Some(b'{') => Metadata::Json,
            _ => Metadata::Yaml,
        };
        let (metadata, fields, body) = match front_matter::split(text, limits) {
            Ok(front_matter) => (by_fence(), front_matter.fields, front_matter.body),
            Err(FrontMatterError::Absent) => match fenced(text, limits) {
                Some((fields, body)) => (Metadata::Fenced, fields, body),
                None => (Metadata::None, Map::default(), text),
            },
            // A page that begins with a rule or a Liquid tag has no metadata at all.
            Err(FrontMatterError::Unclosed(_)) => (Metadata::None, Map::default(), text),
            Err(FrontMatterError::Invalid { .. }) if head.starts_with('{') => (Metadata::None, Map::default(), text),
            Err(FrontMatterError::Invalid { .. }) => (Metadata::Broken, Map::default(), ""),
        };
        let (heading, headings) = headings(body);
        Some(Self {
            path: file.path.clone(),
            metadata,
            fields,
            heading,
            headings,
            words: body.split_whitespace().take(2_000).count(),
            sample: body.chars().take(SAMPLE).collect(),
            is_empty,
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

    /// The folder that it lies in.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether it presents its folder, or the repository, rather than one thing of many.
    pub fn is_index(&self) -> bool {
        let stem = self.stem();
        let stem =
            super::site::suffix(&self.path).map_or(stem, |(suffix, _)| stem[..stem.len() - suffix.len()].trim_end_matches('.'));
        matches!(
            stem.to_lowercase().as_str(),
            "_index"
                | "index"
                | "readme"
                | "summary"
                | "_sidebar"
                | "license"
                | "licence"
                | "contributing"
                | "changelog"
                | "code_of_conduct"
                | "security"
                | "404"
                | "_navbar"
                | "_coverpage"
                | "template"
                | "_template"
                | "modele"
        )
    }
}

/// The metadata in a block of code that follows the title, and the body without it.
fn fenced<'a>(text: &'a str, limits: &Limits) -> Option<(Map, &'a str)> {
    let start = text.find("```")?;
    let before = &text[..start];
    // Only a title may stand before it.
    if before.lines().filter(|line| !line.trim().is_empty()).count() > 1
        || !before.lines().all(|line| line.trim().is_empty() || line.starts_with('#'))
    {
        return None;
    }
    let (language, rest) = text[start + 3..].split_once('\n')?;
    let language = language.trim();
    let (block, body) = rest.split_once("\n```")?;
    let front_matter = match language {
        "yaml" | "yml" | "" => format!("---\n{block}\n---\n"),
        "toml" => format!("+++\n{block}\n+++\n"),
        "json" => format!("{block}\n"),
        _ => return None,
    };
    let fields = front_matter::split(&front_matter, limits).ok()?.fields;
    (!fields.entries.is_empty()).then_some((fields, body))
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
