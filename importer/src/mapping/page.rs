//! What is known of a file beside its fields: its name, folders, heading, first paragraph, and the days of its commits.

use std::cell::OnceCell;

use maillage_explore::text::fold;
use maillage_graph_schema::model::Language;

use crate::parse::body::Headings;
use crate::parse::under::{Outline, Under};
use crate::parse::value::Map;
use crate::source::CommitDays;

use super::opening::Opening;
use super::path::FieldPath;
use super::records::FoundRecord;

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
    "entry_key",
];

/// What the name of a field of what holds a record among others begins with.
pub const OUTER: &str = "outer.";

/// What the name of a heading begins with, for what stands under it.
pub const UNDER: &str = "under.";

/// A file, as a mapping sees it.
pub struct Page<'a> {
    pub path: &'a str,
    pub fields: &'a Map,
    /// The text after the metadata.
    pub body: &'a str,
    /// The days of its first and its last commit.
    pub commits: Option<CommitDays>,
    /// What is around it in its file, if that holds many records.
    pub around: Option<FoundRecord<'a>>,
    /// The languages that may stand before the extension.
    languages: &'a [Language],
    /// Those of sections, which are no titles.
    headings: Option<&'a Headings>,
    opening: OnceCell<Opening>,
    outline: OnceCell<Outline>,
}

impl<'a> Page<'a> {
    pub fn new(path: &'a str, fields: &'a Map, body: &'a str, commits: Option<CommitDays>, languages: &'a [Language]) -> Self {
        let (opening, outline) = (OnceCell::new(), OnceCell::new());
        Self { path, fields, body, commits, around: None, languages, headings: None, opening, outline }
    }

    /// The same page, where these headings tell of a section and thus are no titles.
    #[must_use]
    pub fn with_headings(self, headings: &'a Headings) -> Self {
        Self { headings: Some(headings), ..self }
    }

    /// The same page, as one of many records of its file.
    #[must_use]
    pub fn among_others(self, around: Option<FoundRecord<'a>>) -> Self {
        Self { around, ..self }
    }

    /// Whether it is one of many records of its file.
    pub const fn is_among_others(&self) -> bool {
        self.around.is_some()
    }

    /// What is known under a name; `None` if nothing is, or if it says nothing.
    pub fn known(&self, name: &str) -> Option<String> {
        let text = match name {
            "file_stem" => stem_without(self.path, self.languages).to_owned(),
            "file_name" => self.path.rsplit('/').next()?.to_owned(),
            "path" => self.path.to_owned(),
            "folder" => self.folders().last()?.to_owned(),
            "language_suffix" => suffix(self.path, self.languages)?.to_owned(),
            "heading" => self.heading()?.to_owned(),
            "first_paragraph" => self.opening().first_paragraph.clone()?,
            "body" => self.body.to_owned(),
            "git.first" => self.commits?.first.to_string(),
            "git.last" => self.commits?.last.to_string(),
            "entry_key" => self.around?.key?.to_owned(),
            _ if name.starts_with(UNDER) => self.under(&name[UNDER.len()..])?.text(),
            _ if name.starts_with(OUTER) => {
                let path: FieldPath = name[OUTER.len()..].parse().ok()?;
                path.find(self.around?.outer?).into_iter().find_map(|node| node.scalar().map(str::to_owned))?
            }
            _ => self.folders().nth(name.strip_prefix("folder[")?.strip_suffix(']')?.parse().ok()?)?.to_owned(),
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// What stands under a heading of its text.
    pub fn under(&self, heading: &str) -> Option<Under> {
        self.outline.get_or_init(|| Outline::of(self.body)).under(self.body, heading)
    }

    fn folders(&self) -> impl Iterator<Item = &'a str> {
        self.path.rsplit_once('/').map(|(folders, _)| folders).unwrap_or_default().split('/').filter(|folder| !folder.is_empty())
    }

    fn heading(&self) -> Option<&str> {
        let heading = self.opening().heading.as_deref()?;
        let is_of_section = self.headings.is_some_and(|headings| headings.is_of_section(heading));
        // Of several that are as high the first may be that of a part, unless the file is called alike.
        let is_of_part = || self.opening().is_one_of_several && !self.is_called(heading);
        (!is_of_section && !is_of_no_title(heading) && !is_of_part()).then_some(heading)
    }

    /// Whether a word of a heading is in the name of the file.
    fn is_called(&self, heading: &str) -> bool {
        const SHORTEST: usize = 4;
        let name = fold(stem_without(self.path, self.languages));
        let heading = fold(heading);
        let mut words = heading.split(' ').filter(|word| word.chars().count() >= SHORTEST);
        words.any(|word| name.split(' ').any(|other| other == word))
    }

    fn opening(&self) -> &Opening {
        self.opening.get_or_init(|| Opening::of(self.body))
    }
}

/// The last segment of a path, without the extension of a page; for a page that stands for its folder, the folder's name.
pub fn stem(path: &str) -> &str {
    stem_without(path, &[])
}

/// Likewise, without a language before the extension if it is one of these.
fn stem_without<'p>(path: &'p str, languages: &[Language]) -> &'p str {
    let path = without_place(path).trim_end_matches('/');
    let name = without_language(file_stem(path), languages);
    match path.rsplit_once('/') {
        Some((folder, _)) if stands_for_folder(name) => folder.rsplit('/').next().unwrap_or(folder),
        _ => name,
    }
}

/// An address without the place in the page that it leads to. The name of a file may hold the same signs: `#welcome.md`.
fn without_place(path: &str) -> &str {
    let before = path.split(['?', '#']).next().unwrap_or(path);
    let is_name = without_extension(path) != path && without_extension(before) == before;
    if is_name { path } else { before }
}

fn file_stem(path: &str) -> &str {
    without_extension(path.rsplit('/').next().unwrap_or(path))
}

/// The extensions of texts in Markdown, and of what generators make of it: MDX, Markdoc, Quarto, R Markdown.
pub const TEXTS: &[&str] = &["md", "markdown", "mdown", "mkd", "mdx", "mdoc", "qmd", "Rmd"];

/// Whether a file is a text in Markdown, by its name.
pub fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, extension)| TEXTS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn without_extension(name: &str) -> &str {
    const OTHERS: &[&str] = &["html", "htm", "yaml", "yml", "toml", "json", "csv", "tsv"];
    let is_known = |extension: &str| TEXTS.contains(&extension) || OTHERS.contains(&extension);
    name.rsplit_once('.').filter(|(_, extension)| is_known(extension)).map_or(name, |(stem, _)| stem)
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

/// Whether a heading stands at the start of many texts and is the title of none.
fn is_of_no_title(heading: &str) -> bool {
    const USUAL: &[&str] = &[
        "introduction",
        "sommaire",
        "table des matieres",
        "table of contents",
        "contents",
        "presentation",
        "overview",
        "summary",
        "resume",
        "about",
        "a propos",
        "description",
        "einleitung",
        "inhalt",
        "inhaltsverzeichnis",
        "uberblick",
        "introduccion",
        "introduccio",
        "indice",
        "resumen",
        "introduzione",
        "introducao",
        "inleiding",
        "inhoud",
        "samenvatting",
        "edito",
        "preambule",
    ];
    USUAL.contains(&fold(heading).as_str())
}

fn stands_for_folder(stem: &str) -> bool {
    ["index", "_index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// Whether a path is that of a list of pages, which generators make: no page of its own.
pub fn is_list_page(path: &str) -> bool {
    file_stem(path).split('.').next() == Some("_index")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_of_a_section_is_no_title() {
        let fields = Map::default();
        let headings = Headings::default();
        for (body, title) in [
            ("## La problématique\n\nA\n\n## La solution\n\nB", None),
            ("# Défi : un vélo pour tous\n\nA", Some("Défi : un vélo pour tous")),
            ("## INTRODUCTION\n\nA\n\n## Jour 1\n\nB", None),
            ("## Jour 1\n\nA\n\n## Jour 2\n\nB", None),
            ("## Le kiosque d'Agen\n\nA\n\n## Jour 2\n\nB", Some("Le kiosque d'Agen")),
            ("# Un vélo\n\n## Problème\n\nA", Some("Un vélo")),
        ] {
            let page = Page::new("agen-kiosque.md", &fields, body, None, &[]).with_headings(&headings);
            assert_eq!(page.known("heading").as_deref(), title, "{body}");
        }
    }

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
            ("projects/kiosk.mdoc", "file_stem", Some("kiosk")),
            ("projects/v1.2", "file_stem", Some("v1.2")),
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
}
