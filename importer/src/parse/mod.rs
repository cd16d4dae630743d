//! From the text of a file to what it says. Parsing never fails: it gives what could be read, and diagnostics.

pub mod body;
pub mod clean;
pub mod date;
pub mod front_matter;
pub mod headings;
mod indented;
mod json;
mod kramdown;
pub mod labels;
pub(crate) mod language;
pub(crate) mod line_ends;
pub(crate) mod lists;
pub mod markup;
mod material;
pub(crate) mod money;
pub mod native;
pub mod personal;
mod pictures;
mod places;
pub(crate) mod problems;
pub mod properties;
mod quoted;
pub mod reader;
mod repair;
mod signs;
pub(crate) mod table;
mod toml;
mod toml_quotes;
pub(crate) mod under;
pub mod value;
pub mod yaml;
mod yaml_lists;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use maillage_graph_schema::model::{InitiativeKey, Language, OrganisationKey, Provenance, Section, Text};
use memchr::memmem;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::draft::{Draft, FileDraft, Identity, InitiativeDraft, PlaceDraft, ReferentDraft, Spot, TitleFrom, Whereabouts};
use crate::limits::Limits;
use crate::mapping::{Around, Collection, Leftover, Makes, Mapped, Mapping, Page, stem};
use crate::report::skipped;
use crate::slug::slug;
use crate::source::{CommitDays, Content, SourceFile};
use crate::sources::SourceConfig;
use crate::text::destination::Destinations;

use body::Headings;
use front_matter::{FrontMatter, FrontMatterError, Repaired};
use line_ends::with_line_feeds;
use lists::Records;
use material::Material;
use personal::{Removed, RoleMailboxes, without_personal_data};
use reader::Reader;
use value::Position;
use yaml::Repeated;

/// What came of a file, or of one of its records.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Draft(FileDraft),
    /// It ought to give a record, of this key if that could be read, and cannot.
    Invalid {
        key: Option<String>,
    },
    /// It is none of ours, for this reason, and by this rule of the mapping.
    Skipped {
        why: &'static str,
        rule: Option<String>,
    },
}

/// A file that was read, or one of its records.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    pub spot: Spot,
    pub outcome: Outcome,
    pub diagnostics: Vec<Diagnostic>,
    /// What the file and its mapping leave of one another.
    pub leftover: Option<Leftover>,
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
            return mapping.wants(path);
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

    /// Reads a file of which nothing is known beside its text.
    pub fn read(&self, file: &SourceFile) -> Parsed {
        self.read_beside(file, &Beside::default())
    }

    /// Reads a file with what is known beside its text, and all its records if it holds many.
    pub fn read_all(&self, file: &SourceFile, beside: &Beside<'_>) -> Vec<Parsed> {
        let collections = self.mapping.map(|mapping| mapping.collections_of_many(&file.path)).unwrap_or_default();
        if collections.is_empty() {
            return vec![self.read_beside(file, beside)];
        }
        self.read_many(file, &collections, beside.commits).unwrap_or_else(|diagnostic| vec![Parsed::invalid(*diagnostic)])
    }

    /// Reads the records of a file, or says why it cannot be read at all.
    fn read_many(
        &self,
        file: &SourceFile,
        collections: &[&Collection],
        commits: Option<CommitDays>,
    ) -> Result<Vec<Parsed>, Box<Diagnostic>> {
        let text = self.text(file)?;
        let text = text.as_ref();
        let mut all: Vec<Parsed> = Vec::new();
        let mut diagnostics = Diagnostics::new(&file.path, text);
        let paths: Vec<_> = collections.iter().filter_map(|collection| collection.records_in(&file.path)).collect();
        let most = self.limits.file_records;
        if is_empty(text) {
            return Ok(vec![Parsed::skipped(Spot::file(&file.path), skipped::EMPTY)]);
        }
        let whole = Records::read(&file.path, text, self.limits);
        let tell = |records: &Records, diagnostics: &mut Diagnostics<'_>, all: &mut Vec<Parsed>| {
            records.note_slips(diagnostics);
            all.extend(records.lost.iter().map(|lost| Parsed::invalid(lost.diagnostic(diagnostics))));
        };
        if let Ok(whole) = &whole {
            tell(whole, &mut diagnostics, &mut all);
        }
        let mut is_told = false;
        for wanted in paths.iter().enumerate().filter(|(index, path)| !paths[..*index].contains(path)).map(|(_, path)| *path) {
            let apart;
            let records = match &whole {
                Ok(whole) => whole,
                Err(error) => {
                    let Some(found) = Records::apart(&file.path, text, wanted, self.limits) else {
                        let said = (!is_told).then(|| Parsed::invalid(unreadable(error.clone(), &diagnostics)));
                        all.extend(said);
                        is_told = true;
                        continue;
                    };
                    tell(&found, &mut diagnostics, &mut all);
                    apart = found;
                    &apart
                }
            };
            let found = match records.find(wanted) {
                Ok(found) => found,
                Err(at) => {
                    all.push(Parsed::invalid(diagnostics.at(Code::NoEntries, at).value(wanted.as_str())));
                    continue;
                }
            };
            if all.len() + found.len() > most {
                return Err(Box::new(diagnostics.of(Code::TooManyEntries).value(most.to_string())));
            }
            let theirs: Vec<&Collection> =
                collections.iter().copied().filter(|collection| collection.records_in(&file.path) == Some(wanted)).collect();
            for (index, record) in found.into_iter().enumerate() {
                all.push(match Material::of_record(&file.path, record, index + 1, commits) {
                    Ok(material) => self.read_mapped(&material, &theirs, &diagnostics),
                    Err(spot) => {
                        let said = diagnostics.of_entry(spot).of(Code::InvalidEntry).detail(record.node.sort());
                        Parsed::invalid(said.expected("a map of fields"))
                    }
                });
            }
        }
        if all.is_empty() {
            all.push(Parsed::skipped(Spot::file(&file.path), skipped::EMPTY));
        }
        // What is said of the file as a whole is said once.
        all[0].diagnostics.splice(0..0, diagnostics.list);
        Ok(all)
    }

    /// Reads a file with what is known beside its text.
    pub fn read_beside(&self, file: &SourceFile, beside: &Beside<'_>) -> Parsed {
        let text = match self.text(file) {
            Ok(text) => text,
            Err(diagnostic) => return Parsed::invalid(*diagnostic),
        };
        let text = text.as_ref();
        let mut diagnostics = Diagnostics::new(&file.path, text);
        if is_empty(text) && beside.sidecar.is_none() {
            return Parsed::skipped(Spot::file(&file.path), skipped::EMPTY);
        }
        let front_matter = match self.mapping {
            None => front_matter::split(text, self.limits),
            Some(_) => match extension(&file.path) {
                extension if front_matter::is_metadata(extension) => front_matter::whole(extension, text, self.limits),
                _ => front_matter::find(text, self.limits),
            },
        };
        let mut front_matter = match front_matter {
            Ok(front_matter) => front_matter,
            Err(error) => return Parsed::invalid(unreadable(error, &diagnostics)),
        };
        let sidecar_text;
        if let Some(sidecar) = beside.sidecar {
            sidecar_text = match self.text(sidecar) {
                Ok(text) => text,
                Err(diagnostic) => return Parsed::invalid(*diagnostic),
            };
            let there = Diagnostics::new(&sidecar.path, &sidecar_text);
            let metadata = match front_matter::whole(extension(&sidecar.path), &sidecar_text, self.limits) {
                Ok(metadata) => metadata,
                Err(error) => return Parsed::invalid(unreadable(error, &there)),
            };
            // What is to be said about fields is said where they stand.
            if front_matter.fields.entries.is_empty() {
                diagnostics = there;
            }
            let own: Vec<String> = front_matter.fields.entries.iter().map(|entry| entry.key.clone()).collect();
            let more = metadata.fields.entries.into_iter().filter(|entry| !own.contains(&entry.key));
            front_matter.fields.entries.extend(more);
        }
        note_slips(&front_matter.repeated, &front_matter.repaired, &mut diagnostics);
        if let Some(mapping) = self.mapping {
            let text = readable(&front_matter.body, &file.path);
            let material = Material::of_file(&file.path, &front_matter.fields, text, beside.commits);
            let collections: Vec<&Collection> = mapping.collections(&file.path).collect();
            let mut parsed = self.read_mapped(&material, &collections, &diagnostics);
            if !matches!(parsed.outcome, Outcome::Skipped { .. }) {
                parsed.diagnostics.splice(0..0, diagnostics.list);
            }
            return parsed;
        }
        let draft = self.read_native(&file.path, &front_matter, &mut diagnostics);
        Parsed::of(Spot::file(&file.path), None, draft, diagnostics.list)
    }

    /// The text of a file, or why it has none.
    fn text<'f>(&self, file: &'f SourceFile) -> Result<Cow<'f, str>, Box<Diagnostic>> {
        let bytes = match &file.content {
            Content::Bytes(bytes) => bytes,
            Content::TooLarge(size) => {
                let most = self.limits.file_bytes;
                let size = size.map_or_else(|| format!("> {most}"), |size| format!("{size} > {most}"));
                return Err(Box::new(Diagnostic::new(Code::TooLarge, &file.path).detail(size)));
            }
        };
        let text = std::str::from_utf8(bytes).map_err(|_| Box::new(Diagnostic::new(Code::NotText, &file.path)))?;
        Ok(with_line_feeds(text))
    }

    fn read_native(&self, path: &str, front_matter: &FrontMatter<'_>, diagnostics: &mut Diagnostics<'_>) -> Option<Draft> {
        let roles = self.roles();
        let (body, removed) = without_personal_data(&readable(&front_matter.body, path), roles);
        let names = HashMap::new();
        let mut reader = Reader { diagnostics, names: &names, roles, removed };
        let sections = |title: Option<&Text>| body::sections(&body, title, self.headings);
        let context = self.context(default_key(self.source.key.as_str(), path), &sections, None);
        let draft = native::read(&front_matter.fields, &context, &mut reader);
        note_removed(&mut reader);
        draft
    }

    /// Reads a file, or one of its records, by the first of some collections that takes it.
    fn read_mapped(&self, material: &Material<'_>, collections: &[&Collection], around: &Diagnostics<'_>) -> Parsed {
        let mut unmet = Vec::new();
        let mut spot = None;
        for collection in collections {
            let text = material.text(collection);
            let page = material.page(collection, &text);
            let spot = spot.get_or_insert_with(|| material.spot(collection, &page));
            match collection.unmet(&page) {
                None => {
                    let diagnostics = match &spot.entry {
                        Some(entry) => around.of_entry(entry.clone()),
                        None => around.of_file(),
                    };
                    return self.read_by(collection, &page, spot.clone(), diagnostics);
                }
                Some(condition) => unmet.push(condition),
            }
        }
        Parsed::left_out(spot.unwrap_or_else(|| Spot::file(material.path)), skipped::CONDITION, unmet.join(", "))
    }

    /// Reads a file, or one of its records, by the collection that takes it.
    fn read_by<'m>(&self, collection: &'m Collection, page: &Page<'m>, spot: Spot, mut diagnostics: Diagnostics<'_>) -> Parsed {
        let (path, fields) = (page.path, page.fields);
        if let Some(why) = collection.reason_to_skip(page) {
            return Parsed::skipped(spot, why);
        }
        if let Some(rule) = collection.skips(page) {
            return Parsed::left_out(spot, skipped::RULE, rule);
        }
        let around = Around { roles: self.roles(), destinations: self.destinations(path) };
        let mut mapped = collection.apply(page, &around, &diagnostics);
        diagnostics.list.append(&mut mapped.diagnostics);
        let Some(key) = mapped.key.take() else {
            return Parsed::invalid(match spot.entry {
                Some(_) => diagnostics.of(Code::NoKey).value(collection.written_key()),
                None => diagnostics.of(Code::InvalidId).value(path),
            });
        };
        let leftover = Some(collection.leftover(fields));
        // Where no rule tells the language of a translation, its name does.
        if mapped.fields.filled("lang").is_none()
            && let Some(suffix) = page.known("language_suffix")
        {
            mapped.fields.entries.push(scalar_entry("lang", suffix));
        }
        let names = std::mem::take(&mut mapped.names);
        let roles = self.roles();
        let mut reader = Reader { diagnostics: &mut diagnostics, names: &names, roles, removed: mapped.removed };
        let identity = Identity { collection: collection.name.clone(), key: key.clone() };
        let draft = match collection.makes {
            Makes::Initiatives => {
                // That of a record among others is what the fields say already.
                let in_fields = mapped.body.take().filter(|_| !page.is_among_others());
                let text = in_fields.map_or_else(|| page.body.to_owned(), |body| readable(&body, path));
                let (text, removed) = without_personal_data(&text, roles);
                reader.removed.add(removed);
                if mapped.fields.filled("title").is_none_or(|title| title.scalar().is_none()) {
                    title_from(page, collection, &mut mapped);
                }
                let mut parts = Vec::new();
                for (kind, part) in std::mem::take(&mut mapped.sections) {
                    let (markdown, removed) = without_personal_data(&readable(&part, path), roles);
                    reader.removed.add(removed);
                    parts.push(Section { kind, heading: None, markdown });
                }
                let sections = |title: Option<&Text>| {
                    if collection.leaves_texts {
                        return Vec::new();
                    }
                    let mut sections = body::sections(&text, title, &collection.headings);
                    sections.extend(parts.iter().cloned());
                    sections
                };
                let context = self.context(key.parse::<InitiativeKey>().ok(), &sections, Some(collection));
                let is_of_name = mapped.fields.filled("lang").and_then(value::Node::scalar).is_some_and(|language| {
                    let is_folder = || path.split('/').rev().skip(1).any(|folder| folder == language);
                    page.known("language_suffix").as_deref() == Some(language) || is_folder()
                });
                native::read(&mapped.fields, &context, &mut reader).map(|mut draft| {
                    if let Draft::Initiative(initiative) = &mut draft
                        && is_of_name
                    {
                        follow_text(initiative, collection, &mut reader);
                    }
                    with_mapped(draft, mapped, collection)
                })
            }
            Makes::Organisations => key.parse::<OrganisationKey>().ok().and_then(|key| {
                let mut organisation = native::read_organisation(&mapped.fields, key, identity, &mut reader)?;
                organisation.part_of = mapped.part_of;
                let language = organisation.language.as_ref().or(self.language_of(collection));
                organisation.whereabouts = spoken_in(mapped.whereabouts, language);
                organisation.translation_rank = collection.translation_rank(organisation.language.as_ref());
                Some(Draft::Organisation(Box::new(organisation)))
            }),
            Makes::Nothing => {
                let name = reader.text(&mapped.fields, "name");
                let whereabouts = spoken_in(mapped.whereabouts, self.language_of(collection));
                Some(Draft::Referent(Box::new(ReferentDraft { identity, name, whereabouts })))
            }
        };
        note_removed(&mut reader);
        Parsed { leftover, ..Parsed::of(spot, Some(key), draft, diagnostics.list) }
    }

    /// Where the paths of a file lead: to what its repository holds now.
    fn destinations(&self, path: &str) -> Destinations {
        let mut origin = Provenance::of(self.source.key.clone());
        origin.repository = self.source.url.as_deref().and_then(|url| url.parse().ok());
        origin.path = path.parse().ok();
        Destinations::of(Some(&origin))
    }

    /// The language of a collection's files where nothing else says it.
    fn language_of<'c>(&'c self, collection: &'c Collection) -> Option<&'c Language> {
        let mapping = self.mapping.and_then(|mapping| mapping.language.as_ref());
        collection.language.as_ref().or(mapping).or(self.source.language.as_ref())
    }

    /// The mailboxes of roles that the source's texts may name.
    fn roles(&self) -> &RoleMailboxes {
        static NONE: LazyLock<RoleMailboxes> = LazyLock::new(RoleMailboxes::default);
        self.mapping.map_or(&*NONE, |mapping| &mapping.role_mailboxes)
    }

    fn context<'c>(
        &'c self,
        default_key: Option<InitiativeKey>,
        sections: &'c dyn Fn(Option<&Text>) -> Vec<Section>,
        collection: Option<&'c Collection>,
    ) -> native::Context<'c> {
        let mapping = self.mapping;
        let language = collection.map_or(self.source.language.as_ref(), |collection| self.language_of(collection));
        let licence = collection.and_then(|collection| collection.licence.as_ref());
        native::Context {
            default_key,
            language,
            licence: licence.or(mapping.and_then(|mapping| mapping.licence.as_ref())).or(self.source.licence.as_ref()),
            sections,
        }
    }
}

impl Parsed {
    fn skipped(spot: Spot, why: &'static str) -> Self {
        Self { spot, outcome: Outcome::Skipped { why, rule: None }, diagnostics: Vec::new(), leftover: None }
    }

    fn left_out(spot: Spot, why: &'static str, rule: String) -> Self {
        Self { spot, outcome: Outcome::Skipped { why, rule: Some(rule) }, diagnostics: Vec::new(), leftover: None }
    }

    /// What gives no record, for the reason said.
    pub(crate) fn invalid(diagnostic: Diagnostic) -> Self {
        let outcome = Outcome::Invalid { key: None };
        Self { spot: Spot::of(&diagnostic), outcome, diagnostics: vec![diagnostic], leftover: None }
    }

    fn of(spot: Spot, key: Option<String>, draft: Option<Draft>, diagnostics: Vec<Diagnostic>) -> Self {
        let outcome = match draft {
            Some(draft) => Outcome::Draft(FileDraft { spot: spot.clone(), draft }),
            None => Outcome::Invalid { key },
        };
        Self { spot, outcome, diagnostics, leftover: None }
    }
}

/// What a source knows of a file beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The file that holds its metadata.
    pub sidecar: Option<&'a SourceFile>,
    /// The days of its first and its last commit.
    pub commits: Option<CommitDays>,
}

fn is_empty(text: &str) -> bool {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}').is_empty()
}

/// What stands after the last point of a name.
pub(crate) fn extension(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
}

fn unreadable(error: FrontMatterError, diagnostics: &Diagnostics<'_>) -> Diagnostic {
    match error {
        FrontMatterError::Absent => diagnostics.of(Code::NoFrontMatter),
        FrontMatterError::Unclosed(at) => diagnostics.at(Code::UnclosedFrontMatter, at),
        FrontMatterError::Invalid { at, problem } => diagnostics.at(Code::InvalidFrontMatter, at).detail(problem),
    }
}

/// Says what was read although it is not as it should be.
fn note_slips(repeated: &[Repeated], repaired: &[Repaired], diagnostics: &mut Diagnostics<'_>) {
    for repeated in repeated {
        let diagnostic = diagnostics.at(Code::RepeatedField, repeated.at).field(&repeated.key).value(&repeated.key);
        diagnostics.push(diagnostic.detail(repeated.first.line.to_string()));
    }
    for repaired in repaired {
        let diagnostic = diagnostics.at(Code::RepairedFrontMatter, repaired.at).detail(repaired.problem.clone());
        diagnostics.push(diagnostic);
    }
}

/// The title of a file that has none among its fields: its first heading, else its name in words. A record among others has the
/// name of its key, if it has one.
fn title_from(page: &Page<'_>, collection: &Collection, mapped: &mut Mapped) {
    let heading = page.known("heading");
    let is_named = heading.is_none();
    let named = || {
        let stem = match page.around {
            Some(record) => record.key.filter(|_| record.is_of_key)?.to_owned(),
            None => page.known("file_stem")?,
        };
        let words = stem.replace(['-', '_'], " ");
        let words = words.trim_start_matches(|character: char| character.is_ascii_digit() || character == ' ');
        let mut characters = words.chars();
        Some(characters.next()?.to_uppercase().to_string() + characters.as_str())
    };
    // A file that says nothing else either is no case study: what is missing is said.
    let says_something = !page.body.trim().is_empty() || collection.reads_any_of(page.fields);
    let Some(title) = heading.or_else(|| named().filter(|_| says_something)) else { return };
    if is_named {
        mapped.title_from = TitleFrom::Name;
    }
    mapped.fields.entries.retain(|entry| entry.key != "title");
    mapped.fields.entries.push(scalar_entry("title", title));
}

/// A field that no line of the file says.
fn scalar_entry(key: &str, text: String) -> value::Entry {
    let node = value::Node { value: value::Value::Scalar(text), at: Position::START };
    value::Entry { key: key.to_owned(), key_at: Position::START, node }
}

/// Places as a file in some language names them.
fn spoken_in(mut whereabouts: Whereabouts, language: Option<&Language>) -> Whereabouts {
    for place in whereabouts.iter_mut().flatten() {
        if let PlaceDraft::Described(description) = &mut place.value {
            description.language = language.cloned();
        }
    }
    whereabouts
}

/// What a mapping finds beside the fields of our front matter.
fn with_mapped(mut draft: Draft, mapped: Mapped, collection: &Collection) -> Draft {
    if let Draft::Initiative(initiative) = &mut draft {
        initiative.organisations.extend(mapped.mentions);
        initiative.tag_references = mapped.tag_references;
        initiative.whereabouts = spoken_in(mapped.whereabouts, Some(&initiative.language));
        initiative.point = mapped.point;
        initiative.title_from = mapped.title_from;
        initiative.translation_rank = collection.translation_rank(Some(&initiative.language));
    }
    draft
}

/// A text as it is read: tidied, without what only a site's generator understands.
fn readable(text: &str, path: &str) -> String {
    let text = clean::tidy(text);
    let text = indented::with_prose_at_margin(&text);
    let text = headings::with_spaced_headings(&text);
    let text = markup::without_templates(markup::without_head(&text), path);
    let text = pictures::with_common_pictures(&text);
    let text = headings::with_markdown_headings(&text);
    kramdown::with_common_marks(&text).into_owned()
}

/// Whether a text holds a sign. Texts are looked through for many, most of which most do not hold.
pub(crate) fn holds(text: &str, sign: &str) -> bool {
    memmem::find(text.as_bytes(), sign.as_bytes()).is_some()
}

/// The lines of a text, up to its line feeds. To split it at them takes several times as long.
fn lines(text: &str) -> Vec<&str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    let to_line = |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    };
    ends.map(to_line).collect()
}

/// Gives a telling the language that its text is surely in, where the name of its file says another: what is to be translated is
/// often put under each language first.
fn follow_text(initiative: &mut InitiativeDraft, collection: &Collection, reader: &mut Reader<'_, '_>) {
    let translations = collection.translations();
    if translations.is_empty() {
        return;
    }
    let Some(detected) = language_of(&initiative.sections).filter(|detected| translations.contains(detected)) else { return };
    if detected.primary() == initiative.language.primary() {
        return;
    }
    let note = reader.diagnostics.of(Code::LanguageOfName).value(detected.as_str()).detail(initiative.language.as_str());
    reader.diagnostics.push(note);
    initiative.language = detected;
    initiative.belies_name = true;
}

/// The language that texts are surely in.
fn language_of(sections: &[Section]) -> Option<Language> {
    let text: Vec<String> = sections.iter().map(|section| crate::text::plain(&section.markdown)).collect();
    language::detect(&text.join("\n"))
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

/// A value in JSON, such as a field may hold as text.
pub(crate) fn json_value(text: &str) -> Option<(value::Node, &str)> {
    json::parse(text, &Limits::default()).ok()
}

fn note_removed(reader: &mut Reader<'_, '_>) {
    let Removed { mail_addresses, telephone_numbers } = reader.removed;
    if mail_addresses + telephone_numbers > 0 {
        let diagnostic = reader.diagnostics.of(Code::PersonalDataRemoved);
        reader.diagnostics.push(diagnostic.value(mail_addresses.to_string()).detail(telephone_numbers.to_string()));
    }
}
