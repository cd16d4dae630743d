//! What else a repository says of itself: its licence, the settings of its site, the forms of its editors.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::Licence;

use super::decisions::Doubt;
use super::meaning::Labels;
use super::page::Page;
use super::vocabulary::lists;
use super::words;
use crate::limits::Limits;
use crate::parse::extension;
use crate::parse::front_matter;
use crate::parse::value::Node;
use crate::parse::yaml;
use crate::source::{Content, SourceFile};

/// What a licence file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceFound {
    pub licence: Option<Licence>,
    /// The licence of a program: of the site, most likely, not of its texts.
    pub is_for_code: bool,
    pub path: String,
}

/// Texts by which licences are known, the most precise first, and whether they are for programs.
const LICENCES: &[(&str, &str, bool)] = &[
    ("attribution-noncommercial-sharealike 4.0", "CC-BY-NC-SA-4.0", false),
    ("attribution-noncommercial-noderivatives 4.0", "CC-BY-NC-ND-4.0", false),
    ("attribution-noncommercial 4.0", "CC-BY-NC-4.0", false),
    ("attribution-noderivatives 4.0", "CC-BY-ND-4.0", false),
    ("attribution-sharealike 4.0", "CC-BY-SA-4.0", false),
    ("attribution-sharealike 3.0", "CC-BY-SA-3.0", false),
    ("attribution 4.0", "CC-BY-4.0", false),
    ("attribution 3.0", "CC-BY-3.0", false),
    ("licenses/by-nc-sa/4.0", "CC-BY-NC-SA-4.0", false),
    ("licenses/by-nc-nd/4.0", "CC-BY-NC-ND-4.0", false),
    ("licenses/by-nc/4.0", "CC-BY-NC-4.0", false),
    ("licenses/by-sa/4.0", "CC-BY-SA-4.0", false),
    ("licenses/by/4.0", "CC-BY-4.0", false),
    ("cc by-sa 4.0", "CC-BY-SA-4.0", false),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0", false),
    ("cc by 4.0", "CC-BY-4.0", false),
    ("cc-by-4.0", "CC-BY-4.0", false),
    ("cc0 1.0", "CC0-1.0", false),
    ("publicdomain/zero/1.0", "CC0-1.0", false),
    ("licence ouverte", "etalab-2.0", false),
    ("open government licence", "OGL-UK-3.0", false),
    ("open database license", "ODbL-1.0", false),
    ("european union public licence", "EUPL-1.2", true),
    ("gnu affero general public license", "AGPL-3.0-only", true),
    ("mit license", "MIT", true),
    ("permission is hereby granted, free of charge", "MIT", true),
    ("apache license", "Apache-2.0", true),
    ("gnu general public license", "", true),
    ("mozilla public license", "", true),
];

/// The licences that the files of a repository hold; a README counts if it names one for texts.
pub fn licences(files: &[SourceFile]) -> Vec<LicenceFound> {
    let mut found: Vec<LicenceFound> = Vec::new();
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path).to_lowercase();
        let is_licence = ["license", "licence", "copying", "lizenz"].iter().any(|start| name.starts_with(start))
            && file.path.matches('/').count() <= 1;
        let is_readme = file.path.to_lowercase() == "readme.md";
        if !(is_licence || is_readme) {
            continue;
        }
        let Content::Bytes(bytes) = &file.content else { continue };
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let known = LICENCES.iter().find(|(phrase, _, is_for_code)| text.contains(phrase) && (is_licence || !is_for_code));
        match known {
            Some((_, identifier, is_for_code)) => {
                found.push(LicenceFound { licence: identifier.parse().ok(), is_for_code: *is_for_code, path: file.path.clone() });
            }
            None if is_licence => found.push(LicenceFound { licence: None, is_for_code: false, path: file.path.clone() }),
            None => {}
        }
    }
    // A licence of texts tells more than that of a program.
    found.sort_by_key(|found| (found.is_for_code, found.licence.is_none(), found.path.matches('/').count()));
    found
}

/// The licence to write down, if any, and what is to be decided about it.
pub fn licence(files: &[SourceFile]) -> (Option<Licence>, Option<Doubt>) {
    let found = licences(files);
    let Some(best) = found.first() else { return (None, Some(Doubt::NoLicence)) };
    let path = best.path.clone();
    match &best.licence {
        Some(licence) if best.is_for_code => (None, Some(Doubt::LicenceOfProgram { licence: licence.to_string(), path })),
        Some(licence) if licence.is_open() => (Some(licence.clone()), None),
        Some(licence) => (Some(licence.clone()), Some(Doubt::LicenceNotOpen { licence: licence.to_string(), path })),
        None => (None, Some(Doubt::LicenceUnknown { path })),
    }
}

/// How a repository, or its site, calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnName {
    pub path: String,
    pub text: String,
}

/// The files at the top in which generators keep what a site is called.
const SETTINGS: &[&str] = &[
    "_config.yml",
    "_config.yaml",
    "config.yml",
    "config.yaml",
    "config.toml",
    "config.json",
    "hugo.yml",
    "hugo.yaml",
    "hugo.toml",
    "mkdocs.yml",
    "mkdocs.yaml",
    "book.json",
    "zola.toml",
];

/// How the settings of a site call it, and its README: titles before descriptions.
pub fn own_names(files: &[SourceFile], pages: &[Page], limits: &Limits) -> Vec<OwnName> {
    let (mut titles, mut descriptions) = (Vec::new(), Vec::new());
    for file in files.iter().filter(|file| SETTINGS.contains(&file.path.as_str())) {
        let Content::Bytes(bytes) = &file.content else { continue };
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let Ok(read) = front_matter::whole(extension(&file.path), text, limits) else { continue };
        for entry in &read.fields.entries {
            let name = words::name_words(&entry.key);
            let Some(text) = entry.node.scalar() else { continue };
            let own = OwnName { path: file.path.clone(), text: text.trim().to_owned() };
            match name.strip_prefix("site ").unwrap_or(&name) {
                "title" | "name" => titles.push(own),
                "description" | "tagline" | "subtitle" => descriptions.push(own),
                _ => {}
            }
        }
    }
    let readme = pages.iter().filter(|page| page.path.eq_ignore_ascii_case("readme.md"));
    titles.extend(readme.filter_map(|page| Some(OwnName { path: page.path.clone(), text: page.heading.clone()? })));
    titles.into_iter().chain(descriptions).collect()
}

/// What the forms of a content management system (Decap, Netlify, Static, Sveltia) say of folders.
#[derive(Debug, Clone, Default)]
pub struct Forms {
    /// By folder: what its pages are called.
    pub names: BTreeMap<String, String>,
    /// By folder: what its fields are called.
    pub labels: BTreeMap<String, Labels>,
}

/// Reads the forms, if there are any.
pub fn forms(files: &[SourceFile], limits: &Limits) -> Forms {
    let mut forms = Forms::default();
    for file in files.iter().filter(|file| is_forms(&file.path)) {
        let Content::Bytes(bytes) = &file.content else { continue };
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let Ok(yaml) = yaml::parse(text, limits) else { continue };
        let collections = yaml.root.map().and_then(|root| root.get("collections"));
        for collection in collections.map(Node::items).unwrap_or_default() {
            let get = |key: &str| collection.map().and_then(|map| map.get(key));
            let Some(folder) = get("folder").and_then(Node::scalar) else { continue };
            let folder = folder.trim_matches('/').to_owned();
            if let Some(name) = get("label").or_else(|| get("name")).and_then(Node::scalar) {
                forms.names.insert(folder.clone(), name.to_owned());
            }
            let labels = forms.labels.entry(folder).or_default();
            add_labels(get("fields").map(Node::items).unwrap_or_default(), "", labels);
        }
    }
    forms
}

/// The labels of fields, and of the fields inside them.
fn add_labels(fields: &[Node], before: &str, labels: &mut Labels) {
    for field in fields {
        let get = |key: &str| field.map().and_then(|map| map.get(key));
        let Some(name) = get("name").and_then(Node::scalar) else { continue };
        let is_list =
            get("widget").and_then(Node::scalar) == Some("list") || get("multiple").and_then(Node::scalar) == Some("true");
        let path = format!("{before}{name}{}", if is_list { "[]" } else { "" });
        if let Some(label) = get("label").and_then(Node::scalar) {
            labels.insert(path.clone(), label.to_owned());
        }
        add_labels(get("fields").map(Node::items).unwrap_or_default(), &format!("{path}."), labels);
    }
}

/// Whether a path is that of the forms of a content management system.
pub fn is_forms(path: &str) -> bool {
    ["admin/config.yml", "admin/config.yaml"].iter().any(|end| path.ends_with(end))
}

/// How many pages are read to tell the language of all.
const MOST_READ: usize = 400;

/// How many common words tell the language of a page.
const FEWEST_WORDS: usize = 4;

/// How much text is read to tell the language of many pages together, in bytes.
const MOST_TOGETHER: usize = 20_000;

/// The language of most pages, and their share.
pub fn language<'p>(pages: impl IntoIterator<Item = &'p Page>) -> Option<(&'static str, f64)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut unsure: BTreeMap<Option<&'static str>, Vec<&Page>> = BTreeMap::new();
    for page in pages.into_iter().take(MOST_READ) {
        match sure_language(&words_of(page).join("\n")) {
            Some(language) => *counts.entry(language).or_default() += 1,
            None => unsure.entry(by_common_words(page)).or_default().push(page),
        }
    }
    for (guess, pages) in unsure {
        // Texts that are too short each, tell it together.
        if let Some(language) = of_all(&pages).or(guess) {
            *counts.entry(language).or_default() += pages.len();
        }
    }
    let told: usize = counts.values().sum();
    let (language, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    Some((language, super::profile::ratio(count, told)))
}

/// The language of a text that is long enough to be sure, as the import tells it: one of few common words here is none of those that
/// share some with it.
fn sure_language(text: &str) -> Option<&'static str> {
    crate::parse::language::detect(text).and_then(|language| words::language(language.as_str()))
}

/// The language of the texts of pages joined, each once: what all share tells no more than once.
fn of_all(pages: &[&Page]) -> Option<&'static str> {
    let texts: BTreeSet<&str> = pages.iter().flat_map(|page| words_of(page)).map(str::trim).collect();
    let mut joined = texts.into_iter().collect::<Vec<_>>().join("\n");
    joined.truncate(joined.floor_char_boundary(MOST_TOGETHER));
    sure_language(&joined)
}

/// The language of a page by the common words, if it has a few.
fn by_common_words(page: &Page) -> Option<&'static str> {
    let texts = words_of(page);
    let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for text in &texts {
        for word in text.split(|character: char| !character.is_alphabetic()).filter(|word| word.len() > 1) {
            let word = fold(word);
            let of = lists("common").iter().filter(|(_, common)| common.contains(&word.as_str()));
            of.for_each(|(language, _)| found.entry(language).or_default().push(word.clone()));
        }
    }
    // One word over and over, "de" of addresses in French, is that of many languages.
    let are_several = |words: &[String]| words.iter().any(|word| *word != words[0]);
    let known = found.into_iter().filter(|(_, words)| words.len() >= FEWEST_WORDS && are_several(words));
    let language = known.max_by_key(|(_, words)| words.len()).map(|(language, _)| language)?;
    let likeliest = crate::parse::language::likeliest(language, &texts.join("\n")).and_then(words::language);
    Some(likeliest.unwrap_or(language))
}

/// What pages say, to tell their language: the start of the text, else the longer values.
fn words_of(page: &Page) -> Vec<&str> {
    let mut texts = vec![page.sample.as_str()];
    if page.words < 20 {
        texts.extend(page.fields.entries.iter().filter_map(|entry| entry.node.scalar()).filter(|text| text.len() > 40));
    }
    texts
}

/// The language of a file by the suffix of its name: `kiosk.fr.md`.
pub fn suffix(path: &str) -> Option<(&str, &'static str)> {
    let name = path.rsplit('/').next()?;
    let (stem, _) = name.rsplit_once('.')?;
    let (_, suffix) = stem.rsplit_once('.')?;
    (suffix.len() <= 5).then(|| words::language(suffix).map(|language| (suffix, language))).flatten()
}
