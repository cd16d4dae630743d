//! What is known of a file beside its fields: its name, folders, heading, first paragraph, and the days of its commits.

use std::cell::OnceCell;

use maillage_explore::text::fold;
use maillage_graph_schema::model::Language;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::parse::value::Map;
use crate::source::CommitDays;
use crate::text;

/// The names under which what is known of a file stands in braces.
pub const KNOWN: &[&str] = &[
    "file_stem",
    "file_name",
    "path",
    "folder",
    "language_suffix",
    "heading",
    "first_paragraph",
    "body",
    "git.first",
    "git.last",
];

/// A file, as a mapping sees it.
pub struct Page<'a> {
    pub path: &'a str,
    pub fields: &'a Map,
    /// The text after the metadata.
    pub body: &'a str,
    /// The days of its first and its last commit.
    pub commits: Option<CommitDays>,
    /// The languages that may stand before the extension.
    languages: &'a [Language],
    opening: OnceCell<Opening>,
}

/// How a text begins.
#[derive(Debug, Default, PartialEq, Eq)]
struct Opening {
    heading: Option<String>,
    first_paragraph: Option<String>,
}

impl<'a> Page<'a> {
    pub fn new(path: &'a str, fields: &'a Map, body: &'a str, commits: Option<CommitDays>, languages: &'a [Language]) -> Self {
        Self { path, fields, body, commits, languages, opening: OnceCell::new() }
    }

    /// What is known under a name; `None` if nothing is, or if it says nothing.
    pub fn known(&self, name: &str) -> Option<String> {
        let text = match name {
            "file_stem" => stem_without(self.path, self.languages).to_owned(),
            "file_name" => self.path.rsplit('/').next()?.to_owned(),
            "path" => self.path.to_owned(),
            "folder" => self.folders().last()?.to_owned(),
            "language_suffix" => suffix(self.path, self.languages)?.to_owned(),
            "heading" => self.opening().heading.clone()?,
            "first_paragraph" => self.opening().first_paragraph.clone()?,
            "body" => self.body.to_owned(),
            "git.first" => self.commits?.first.to_string(),
            "git.last" => self.commits?.last.to_string(),
            _ => self.folders().nth(name.strip_prefix("folder[")?.strip_suffix(']')?.parse().ok()?)?.to_owned(),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    fn folders(&self) -> impl Iterator<Item = &'a str> {
        self.path.rsplit_once('/').map(|(folders, _)| folders).unwrap_or_default().split('/').filter(|folder| !folder.is_empty())
    }

    fn opening(&self) -> &Opening {
        self.opening.get_or_init(|| opening(self.body))
    }
}

/// The last segment of a path, without the extension of a page; for a page that stands for its folder, the folder's name.
pub fn stem(path: &str) -> &str {
    stem_without(path, &[])
}

/// Likewise, without a language before the extension if it is one of these.
fn stem_without<'p>(path: &'p str, languages: &[Language]) -> &'p str {
    let path = path.split(['?', '#']).next().unwrap_or(path).trim_end_matches('/');
    let name = without_language(file_stem(path), languages);
    match path.rsplit_once('/') {
        Some((folder, _)) if stands_for_folder(name) => folder.rsplit('/').next().unwrap_or(folder),
        _ => name,
    }
}

fn file_stem(path: &str) -> &str {
    const EXTENSIONS: &[&str] = &[".markdown", ".md", ".mdx", ".html", ".htm", ".yaml", ".yml", ".toml", ".json"];
    let name = path.rsplit('/').next().unwrap_or(path);
    EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

fn without_language<'p>(stem: &'p str, languages: &[Language]) -> &'p str {
    match stem.rsplit_once('.') {
        Some((name, last)) if languages.iter().any(|language| language.as_str() == last) => name,
        _ => stem,
    }
}

/// The language before the extension, if it is one of these.
fn suffix<'p>(path: &'p str, languages: &[Language]) -> Option<&'p str> {
    let (_, last) = file_stem(path).rsplit_once('.')?;
    languages.iter().any(|language| language.as_str() == last).then_some(last)
}

fn stands_for_folder(stem: &str) -> bool {
    ["index", "_index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// Whether a path is that of a list of pages, which generators make: no page of its own.
pub fn is_list_page(path: &str) -> bool {
    file_stem(path).split('.').next() == Some("_index")
}

/// The title and the first paragraph of a text, plain.
///
/// The first heading is the title, unless text stands before it: then it only is if no other is as high. Pictures say nothing,
/// nor do the lines that tell who made them.
fn opening(body: &str) -> Opening {
    /// How long a paragraph is that tells something, in characters.
    const LEAST: usize = 20;
    let mut found = Opening::default();
    let mut headings = Headings::default();
    // What is being read: the text so far, and how high it is if it is a heading.
    let mut reading: Option<(String, Option<usize>)> = None;
    let mut depth = 0_usize;
    let mut in_picture = false;
    // Where the label of a link starts, and whether it leads to the page itself.
    let mut link: Option<(usize, bool)> = None;
    // How much of the paragraph is links.
    let mut linked = 0;
    // A paragraph that tells little, if there is no other.
    let mut short: Option<String> = None;
    for event in Parser::new_ext(body, text::options()) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => reading = Some((String::new(), Some(level as usize))),
            Event::Start(Tag::Paragraph) if depth == 0 => reading = Some((String::new(), None)),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph) if depth == 0 => {
                let Some((text, level)) = reading.take() else { continue };
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                match level {
                    _ if text.is_empty() => {}
                    Some(level) => headings.add(level, text, found.first_paragraph.is_some() || short.is_some()),
                    None if is_credit(&text) => {}
                    // A link to the same in another language, "Contents:", a rule made of signs.
                    None if linked >= text.len() || text.chars().count() < LEAST => {
                        short.get_or_insert(text);
                    }
                    None => {
                        found.first_paragraph.get_or_insert(text);
                    }
                }
                linked = 0;
                if found.first_paragraph.is_some() && headings.is_certain() {
                    break;
                }
            }
            Event::Start(Tag::Image { .. }) => in_picture = true,
            Event::End(TagEnd::Image) => in_picture = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                link = reading.as_ref().map(|(text, _)| (text.len(), dest_url.starts_with('#')));
            }
            Event::End(TagEnd::Link) => {
                let (Some((at, is_within_page)), Some((text, _))) = (link.take(), &mut reading) else { continue };
                if is_within_page && is_note(&text[at..]) {
                    text.truncate(at);
                }
                linked += text.len() - at;
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) | Tag::HtmlBlock) => {
                depth += 1;
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition | TagEnd::HtmlBlock,
            ) => depth = depth.saturating_sub(1),
            Event::Text(part) | Event::Code(part) if !in_picture => {
                if let Some((text, _)) = &mut reading {
                    text.push_str(&part);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((text, _)) = &mut reading {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    found.heading = headings.title();
    found.first_paragraph = found.first_paragraph.or(short);
    found
}

/// Headings from which the title is to be told.
#[derive(Default)]
struct Headings {
    highest: Option<(usize, String)>,
    /// Whether text stands before it.
    is_below_text: bool,
    has_equal: bool,
}

impl Headings {
    fn add(&mut self, level: usize, text: String, is_below_text: bool) {
        match &self.highest {
            // What stands before all text is the title, whatever comes.
            Some(_) if !self.is_below_text => {}
            Some((highest, _)) if level > *highest => {}
            Some((highest, _)) if level == *highest => self.has_equal = true,
            _ => *self = Self { highest: Some((level, text)), is_below_text, has_equal: false },
        }
    }

    /// Whether nothing that follows can change the title.
    const fn is_certain(&self) -> bool {
        self.highest.is_some() && !self.is_below_text
    }

    fn title(self) -> Option<String> {
        /// A lower heading below text is that of a part of it.
        const TITLE: usize = 1;
        let (level, text) = self.highest?;
        (!self.is_below_text || level == TITLE && !self.has_equal).then_some(text)
    }
}

/// Whether the label of a link is the number of a note: `[1](#note)`.
fn is_note(label: &str) -> bool {
    let label = label.trim().trim_matches(['[', ']', '(', ')']);
    label.chars().all(|character| character.is_numeric() || "*†‡".contains(character))
}

/// Whether a paragraph says who made the picture above it, and no more.
fn is_credit(text: &str) -> bool {
    const LONGEST: usize = 200;
    const PICTURES: &[&str] =
        &["photo", "photos", "photographie", "credit", "credits", "image", "illustration", "dessin", "foto", "picture"];
    const LICENCES: &[&str] = &["creative commons", "cc by", "cc0", "licence", "license"];
    let start = text.split(':').next().filter(|start| start.len() < text.len()).map(fold).unwrap_or_default();
    let words = fold(text);
    let is_picture = words.split(' ').take(2).any(|word| PICTURES.contains(&word));
    // "Photo : Jean", "Crédit photo : Jean".
    let is_named = || !start.is_empty() && start.split(' ').all(|word| PICTURES.contains(&word));
    let is_licensed = || LICENCES.iter().any(|licence| words.contains(licence));
    text.starts_with('©') || text.chars().count() <= LONGEST && is_picture && (is_named() || is_licensed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_folders_are_known() {
        let fields = Map::default();
        let languages = ["fr", "en"].map(|tag| tag.parse::<Language>().expect(tag));
        let page = |path| Page::new(path, &fields, "", None, &languages);
        for (path, name, expected) in [
            ("_projects/cat/a.b.md", "file_stem", Some("a.b")),
            ("_projects/cat/a.fr.md", "file_stem", Some("a")),
            ("_projects/cat/a.fr.md", "language_suffix", Some("fr")),
            ("_projects/cat/a.md", "language_suffix", None),
            ("projects/kiosk/index.md", "file_stem", Some("kiosk")),
            ("projects/kiosk/index.en.md", "file_stem", Some("kiosk")),
            ("projects/kiosk/README.md", "file_stem", Some("kiosk")),
            ("README.md", "file_stem", Some("README")),
            ("projects/kiosk.yml", "file_stem", Some("kiosk")),
            ("_projects/cat/a.md", "file_name", Some("a.md")),
            ("_projects/cat/a.md", "folder", Some("cat")),
            ("_projects/cat/a.md", "folder[0]", Some("_projects")),
            ("_projects/cat/a.md", "folder[2]", None),
            ("a.md", "folder", None),
            ("a.md", "git.first", None),
            ("a.md", "colour", None),
        ] {
            assert_eq!(page(path).known(name).as_deref(), expected, "{name} of {path}");
        }
    }

    #[test]
    fn a_text_begins_with_a_heading_and_a_paragraph() {
        for (body, heading, paragraph) in [
            ("# A *kiosk*\n\nIt stands\nthere.\n\nB", Some("A kiosk"), Some("It stands there.")),
            ("> quoted\n\n- listed\n\n## B\n\nText `code`", Some("B"), Some("Text code")),
            ("![a picture](p.png)\n\nText", None, Some("Text")),
            ("# ![logo](l.png) A kiosk\n\n![a](b.png) B", Some("A kiosk"), Some("B")),
            ("# A\n\n![a](b.png)\n\nPhoto par [Muse](https://a.fr) sous licence CC BY\n\n## B\n\nText", Some("A"), Some("Text")),
            ("![](a.png)\n\nPhoto Andy WOO, selon les termes de la licence Creative Commons\n\nText", None, Some("Text")),
            ("Text **[1](#note)**, [below](#b) [2018](https://a.fr).[[2]](#c)", None, Some("Text , below 2018.")),
            (
                "_\n\n[Lea este post en español](b.md)\n\nThis post tells something.\n\nMore",
                None,
                Some("This post tells something."),
            ),
            ("Short.\n\n[Only this](b.md)", None, Some("Short.")),
            ("Crédit photo : Ville d'Agen\n\nText", None, Some("Text")),
            ("© Ville d'Agen\n\nText", None, Some("Text")),
            ("Photos, films and sounds: all of them are kept.", None, Some("Photos, films and sounds: all of them are kept.")),
            ("Text\n\n# A kiosk\n\nMore\n\n## Sources", Some("A kiosk"), Some("Text")),
            ("Text\n\n## Sources\n\nMore", None, Some("Text")),
            ("Text\n\n# Need\n\nMore\n\n# Result", None, Some("Text")),
            ("## A kiosk\n\nText\n\n# B", Some("A kiosk"), Some("Text")),
            ("", None, None),
        ] {
            let found = opening(body);
            assert_eq!((found.heading.as_deref(), found.first_paragraph.as_deref()), (heading, paragraph), "{body}");
        }
    }
}
