//! From the text of a file to what it says. Parsing never fails: it gives what could be read, and diagnostics.

pub mod body;
pub mod clean;
pub mod front_matter;
mod json;
pub mod markup;
pub mod native;
pub mod reader;
mod toml;
pub mod value;
pub mod yaml;

use std::collections::HashMap;

use maillage_graph_schema::model::{InitiativeKey, OrganisationKey, Section, Text};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::draft::{Draft, FileDraft};
use crate::limits::Limits;
use crate::mapping::{Collection, Makes, Mapping, stem};
use crate::report::skipped;
use crate::slug::slug;
use crate::source::{Content, SourceFile};
use crate::sources::SourceConfig;

use body::Headings;
use front_matter::{FrontMatter, FrontMatterError};
use reader::Reader;

/// What came of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Draft(FileDraft),
    /// It ought to give a record and cannot.
    Invalid,
    /// It is none of ours, for this reason.
    Skipped(&'static str),
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub outcome: Outcome,
    pub diagnostics: Vec<Diagnostic>,
    /// Fields that the mapping leaves unread.
    pub unread: Vec<String>,
}

/// How the files of a source are read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub source: &'a SourceConfig,
    pub mapping: Option<&'a Mapping>,
    pub headings: &'a Headings,
    pub limits: &'a Limits,
}

impl Reading<'_> {
    /// Whether a file of this path is to be read.
    pub fn wants(&self, path: &str) -> bool {
        if let Some(mapping) = self.mapping {
            return mapping.collection(path).is_some();
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_markdown = extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown");
        let is_hidden = path.split('/').any(|part| part.starts_with('.'));
        // What a repository says about itself is no case study.
        let is_about =
            ["readme", "license", "licence", "contributing", "changelog", "code_of_conduct", "security", "index", "_index"]
                .iter()
                .any(|about| stem.eq_ignore_ascii_case(about));
        is_markdown && !is_hidden && !is_about
    }

    /// Reads a file.
    pub fn read(&self, file: &SourceFile) -> Parsed {
        let invalid = |diagnostic| Parsed { outcome: Outcome::Invalid, diagnostics: vec![diagnostic], unread: Vec::new() };
        let bytes = match &file.content {
            Content::Bytes(bytes) => bytes,
            Content::TooLarge(size) => {
                let most = self.limits.file_bytes;
                return invalid(Diagnostic::new(Code::TooLarge, &file.path).detail(format!("{size} > {most}")));
            }
        };
        let Ok(text) = std::str::from_utf8(bytes) else { return invalid(Diagnostic::new(Code::NotText, &file.path)) };
        if text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}').is_empty() {
            return Parsed { outcome: Outcome::Skipped(skipped::EMPTY), diagnostics: Vec::new(), unread: Vec::new() };
        }
        let mut diagnostics = Diagnostics::new(&file.path, text);
        let front_matter = match front_matter::split(text, self.limits) {
            Ok(front_matter) => front_matter,
            Err(error) => {
                let diagnostic = match error {
                    FrontMatterError::Absent => diagnostics.of(Code::NoFrontMatter),
                    FrontMatterError::Unclosed(at) => diagnostics.at(Code::UnclosedFrontMatter, at),
                    FrontMatterError::Invalid { at, problem } => diagnostics.at(Code::InvalidFrontMatter, at).detail(problem),
                };
                return invalid(diagnostic);
            }
        };
        for repeated in &front_matter.repeated {
            let diagnostic = diagnostics.at(Code::RepeatedField, repeated.at).field(&repeated.key).value(&repeated.key);
            diagnostics.push(diagnostic);
        }
        let collection = self.mapping.and_then(|mapping| mapping.collection(&file.path));
        let unread = collection.map(|collection| collection.unread(&front_matter.fields).map(str::to_owned).collect());
        let draft = match collection {
            Some(collection) => self.read_mapped(&file.path, collection, &front_matter, &mut diagnostics),
            None => self.read_native(&file.path, &front_matter, &mut diagnostics),
        };
        let outcome = draft.map_or(Outcome::Invalid, |draft| Outcome::Draft(FileDraft { path: file.path.clone(), draft }));
        Parsed { outcome, diagnostics: diagnostics.list, unread: unread.unwrap_or_default() }
    }

    fn read_native(&self, path: &str, front_matter: &FrontMatter<'_>, diagnostics: &mut Diagnostics<'_>) -> Option<Draft> {
        let (body, removed) = body(front_matter.body, path);
        let names = HashMap::new();
        let mut reader = Reader { diagnostics, names: &names, removed };
        let sections = |title: Option<&Text>| body::sections(&body, title, self.headings);
        let context = self.context(default_key(self.source.key.as_str(), path), &sections);
        let draft = native::read(&front_matter.fields, &context, &mut reader);
        note_removed(&mut reader);
        draft
    }

    fn read_mapped(
        &self,
        path: &str,
        collection: &Collection,
        front_matter: &FrontMatter<'_>,
        diagnostics: &mut Diagnostics<'_>,
    ) -> Option<Draft> {
        let mapped = collection.apply(path, &front_matter.fields, diagnostics);
        diagnostics.list.extend(mapped.diagnostics);
        let Some(key) = mapped.key else {
            let diagnostic = diagnostics.of(Code::InvalidId).value(path);
            diagnostics.push(diagnostic);
            return None;
        };
        let mut reader = Reader { diagnostics, names: &mapped.names, removed: clean::Removed::default() };
        let draft = match collection.makes {
            Makes::Initiatives => {
                let (body, removed) = body(front_matter.body, path);
                reader.removed.add(removed);
                let sections = |title: Option<&Text>| body::sections(&body, title, &collection.headings);
                let context = self.context(key.parse::<InitiativeKey>().ok(), &sections);
                native::read(&mapped.fields, &context, &mut reader).map(|mut draft| {
                    if let Draft::Initiative(initiative) = &mut draft {
                        initiative.organisations.extend(mapped.mentions);
                    }
                    draft
                })
            }
            Makes::Organisations => key.parse::<OrganisationKey>().ok().and_then(|key| {
                let mut organisation = native::read_organisation(&mapped.fields, key, &mut reader)?;
                organisation.part_of = mapped.part_of;
                Some(Draft::Organisation(Box::new(organisation)))
            }),
        };
        note_removed(&mut reader);
        draft
    }

    fn context<'c>(
        &'c self,
        default_key: Option<InitiativeKey>,
        sections: &'c dyn Fn(Option<&Text>) -> Vec<Section>,
    ) -> native::Context<'c> {
        let mapping = self.mapping;
        native::Context {
            default_key,
            language: mapping.and_then(|mapping| mapping.language.as_ref()).or(self.source.language.as_ref()),
            licence: mapping.and_then(|mapping| mapping.licence.as_ref()).or(self.source.licence.as_ref()),
            sections,
        }
    }
}

/// The text after the front matter, as it is kept.
fn body(text: &str, path: &str) -> (String, clean::Removed) {
    clean::without_personal_data(&markup::without_templates(&clean::tidy(text), path))
}

/// The key of a file that names none: its source and path, without its extension and language.
fn default_key(source: &str, path: &str) -> Option<InitiativeKey> {
    let stem = stem(path);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let stem = match stem.rsplit_once('.') {
        Some((name, language)) if language.len() == 2 && language.bytes().all(|byte| byte.is_ascii_lowercase()) => name,
        _ => stem,
    };
    format!("{source}-{}", slug(&format!("{folder} {stem}"))?).parse().ok()
}

fn note_removed(reader: &mut Reader<'_, '_>) {
    let clean::Removed { mail_addresses, telephone_numbers } = reader.removed;
    if mail_addresses + telephone_numbers > 0 {
        let diagnostic = reader.diagnostics.of(Code::PersonalDataRemoved);
        reader.diagnostics.push(diagnostic.value(mail_addresses.to_string()).detail(telephone_numbers.to_string()));
    }
}
