//! Whether what stands in a mapping's file makes sense: known before any file of the source is read.

mod rules;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use maillage_explore::text::fold;
use maillage_graph_schema::model::{Audience, Language, Licence, SectionKind, Status};

use super::fields::{self, OurField};
use super::file::{CollectionFile, ConditionsFile, MappingFile, OneOrMany};
use super::key::KeyRule;
use super::rule::FieldRule;
use super::template::Template;
use super::{Collection, Makes, Mapping};
use crate::diagnostic::nearest;
use crate::error::ImportError;
use crate::parse::body::Headings;
use crate::parse::date::{DateOrder, DateStyle};
use crate::parse::personal::RoleMailboxes;

/// The table of values that are places.
const PLACES: &str = "places";

/// Reads the mapping of a source.
pub fn load(path: &Path) -> Result<Mapping, ImportError> {
    let text = std::fs::read_to_string(path).map_err(|error| ImportError::read(path, &error))?;
    parse(&text).map_err(|(line, problem)| ImportError::content(path, line, &problem))
}

/// Reads the text of a mapping, or says on which line what is wrong.
pub fn parse(text: &str) -> Result<Mapping, (usize, String)> {
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let file: MappingFile =
        toml::from_str(text).map_err(|error| (error.span().map_or(1, |span| line_of(span.start)), error.message().to_owned()))?;
    check(file).map_err(|Wrong { what, problem }| {
        // A value stands in quotes, a name does not.
        let offset = text.find(&format!("\"{what}\"")).or_else(|| text.find(&what));
        (offset.map_or(1, line_of), problem)
    })
}

/// What is wrong, and a text of the file that it is about, by which its line is found.
struct Wrong {
    what: String,
    problem: String,
}

fn wrong<P: ToString + ?Sized>(what: &str, problem: &P) -> Wrong {
    Wrong { what: what.to_owned(), problem: problem.to_string() }
}

/// What is known of each collection before any is read.
type Others = HashMap<String, (Makes, KeyRule)>;

/// What holds for all collections.
struct Common {
    nothing: Vec<String>,
    dates: DateStyle,
    leaves_texts: bool,
    others: Others,
}

fn check(file: MappingFile) -> Result<Mapping, Wrong> {
    let mut files: Vec<(usize, String, CollectionFile)> =
        file.collections.into_iter().map(|(name, collection)| (name.span().start, name.into_inner(), collection)).collect();
    files.sort_by_key(|(offset, _, _)| *offset);
    let others = files
        .iter()
        .map(|(_, name, collection)| Ok((name.clone(), (makes(&collection.makes)?, key_rule(&collection.key)?))))
        .collect::<Result<Others, Wrong>>()?;
    let dates = DateStyle { order: date_order(file.date_order.as_deref())?, two_digit_years_from: file.two_digit_years_from };
    let leaves_texts = leaves_texts(file.texts.as_deref())?.unwrap_or(false);
    let common = Common { nothing: folded(&file.nothing), dates, leaves_texts, others };
    let collections =
        files.into_iter().map(|(_, name, collection)| check_collection(name, collection, &common)).collect::<Result<_, _>>()?;
    let role_mailboxes = RoleMailboxes::parse(&file.role_mailboxes).map_err(|pattern| {
        wrong(&pattern, &format!("{pattern:?} is not a mailbox such as contact@agen.fr, contact@* or *@agen.fr"))
    })?;
    Ok(Mapping {
        role_mailboxes,
        language: parsed::<Language>(file.language)?,
        licence: parsed::<Licence>(file.licence)?,
        collections,
    })
}

fn parsed<T: std::str::FromStr<Err: ToString>>(text: Option<String>) -> Result<Option<T>, Wrong> {
    text.map(|text| text.parse().map_err(|error: T::Err| wrong(&text, &error))).transpose()
}

fn makes(text: &str) -> Result<Makes, Wrong> {
    let found = Makes::ALL.into_iter().zip(Makes::WRITTEN).find(|(_, written)| *written == text);
    found.map(|(makes, _)| makes).ok_or_else(|| {
        wrong(text, &format!("{text:?} is not what a collection makes: expected initiatives, organisations or nothing"))
    })
}

fn leaves_texts(text: Option<&str>) -> Result<Option<bool>, Wrong> {
    match text {
        None => Ok(None),
        Some("keep") => Ok(Some(false)),
        Some("leave") => Ok(Some(true)),
        Some(text) => Err(wrong(text, &format!("{text:?} is not what is done with texts: expected keep or leave"))),
    }
}

fn date_order(text: Option<&str>) -> Result<Option<DateOrder>, Wrong> {
    match text {
        None => Ok(None),
        Some("day-first") => Ok(Some(DateOrder::DayFirst)),
        Some("month-first") => Ok(Some(DateOrder::MonthFirst)),
        Some(text) => Err(wrong(text, &format!("{text:?} is not an order of dates: expected day-first or month-first"))),
    }
}

/// Texts as they are compared; one without a letter or digit as it is.
fn folded(texts: &[String]) -> Vec<String> {
    let one = |text: &String| {
        let folded = fold(text);
        if folded.is_empty() { text.trim().to_owned() } else { folded }
    };
    texts.iter().map(one).collect()
}

fn key_rule(texts: &OneOrMany) -> Result<KeyRule, Wrong> {
    let templates = texts.clone().texts().iter().map(|text| key_template(text)).collect::<Result<Vec<_>, _>>()?;
    if templates.is_empty() { Err(wrong("key", "a collection has a key")) } else { Ok(KeyRule { templates }) }
}

fn key_template(text: &str) -> Result<Template, Wrong> {
    let template: Template = text.parse().map_err(|problem: String| wrong(text, &problem))?;
    if template.names().next().is_none() {
        return Err(wrong(text, &format!("the key {text:?} holds nothing that tells files apart, such as {{file_stem}}")));
    }
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if template.literals().all(is_part) {
        Ok(template)
    } else {
        Err(wrong(text, &format!("the key {text:?} may hold lower-case letters, digits and hyphens beside what is in braces")))
    }
}

fn check_collection(name: String, file: CollectionFile, common: &Common) -> Result<Collection, Wrong> {
    let makes = makes(&file.makes)?;
    let known = fields::of(makes);
    let mut fields = Vec::new();
    for (field, rules) in file.fields {
        let Some(known) = known.iter().find(|known| known.name == field) else {
            let near = nearest(&field, known.iter().map(|known| known.name));
            let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
            return Err(wrong(&field, &format!("{field:?} is not a field of {}{hint}", file.makes)));
        };
        let rules = rules.rules().into_iter().map(|rule| rules::field(rule, known.name, &common.others));
        let rules = rules.collect::<Result<_, _>>()?;
        fields.push(FieldRule { field: known.name, takes_many: known.takes_many, rules });
    }
    // A reason that is said goes before the raw text of a status.
    fields.sort_by_key(|rule| known.iter().position(|known| known.name == rule.field));
    let mut headings = Headings::default();
    for (kind, names) in &file.headings {
        let kind: SectionKind = kind.parse().map_err(|error| wrong(kind, &error))?;
        for heading in names {
            headings.add(heading, kind);
        }
    }
    let skip = match file.skip {
        None => Vec::new(),
        Some(ConditionsFile::One(condition)) => vec![condition],
        Some(ConditionsFile::Many(conditions)) => conditions,
    };
    let keep_drafts = match file.drafts.as_deref() {
        None | Some("skip") => false,
        Some("keep") => true,
        Some(text) => return Err(wrong(text, &format!("{text:?} is not what is done with drafts: expected skip or keep"))),
    };
    let order = date_order(file.date_order.as_deref())?.or(common.dates.order);
    Ok(Collection {
        lists: globs(&file.files.iter().filter(|pattern| names_list(pattern)).cloned().collect::<Vec<_>>())?,
        files: globs(&file.files)?,
        except: globs(&file.except)?,
        records: file.records.map(|text| text.parse().map_err(|problem: String| wrong(&text, &problem))).transpose()?,
        only: file.only.map(rules::condition).transpose()?.unwrap_or_default(),
        skip: skip.into_iter().map(rules::condition).collect::<Result<_, _>>()?,
        keep_drafts,
        sidecar: file.sidecar,
        key: key_rule(&file.key)?,
        translations: file.translations.into_iter().filter_map(|tag| parsed(Some(tag)).transpose()).collect::<Result<_, _>>()?,
        language: parsed(file.language)?,
        licence: parsed(file.licence)?,
        leaves_texts: leaves_texts(file.texts.as_deref())?.unwrap_or(common.leaves_texts),
        dates: DateStyle { order, ..common.dates },
        nothing: common.nothing.iter().cloned().chain(folded(&file.nothing)).collect(),
        places: file.places.into_iter().map(|place| rules::place(place, &common.others)).collect::<Result<_, _>>()?,
        values: check_values(file.values, known)?,
        drop: globs(&file.drop)?,
        others: common.others.iter().map(|(name, (_, key))| (name.clone(), key.clone())).collect(),
        name,
        makes,
        fields,
        headings,
    })
}

/// Whether a glob asks for pages of lists by their name: `content/*/_index.md`.
fn names_list(pattern: &str) -> bool {
    pattern.rsplit('/').next().is_some_and(|name| name.contains("_index"))
}

fn globs(patterns: &[String]) -> Result<GlobSet, Wrong> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        // A star stays within its folder; two stars cross folders.
        set.add(GlobBuilder::new(pattern).literal_separator(true).build().map_err(|error| wrong(pattern, &error))?);
    }
    set.build().map_err(|error| wrong("files", &error))
}

fn check_values(
    file: BTreeMap<String, BTreeMap<String, OneOrMany>>,
    known: &'static [OurField],
) -> Result<HashMap<&'static str, HashMap<String, Vec<String>>>, Wrong> {
    let mut values = HashMap::new();
    for (field, table) in file {
        let field = match known.iter().find(|known| known.name == field) {
            Some(known) if known.has_values() => known.name,
            Some(_) => return Err(wrong(&format!("values.{field}"), &format!("values of {field:?} are taken as they are"))),
            None if field == PLACES => PLACES,
            None => return Err(wrong(&format!("values.{field}"), &format!("{field:?} is not a field, so it has no values"))),
        };
        let mut translations = HashMap::new();
        for (theirs, ours) in table {
            let ours = ours.texts();
            for value in &ours {
                let parsed = match field {
                    "status" => value.parse::<Status>().map(|_| ()),
                    "audience" => value.parse::<Audience>().map(|_| ()),
                    "lang" => value.parse::<Language>().map(|_| ()),
                    "license" => value.parse::<Licence>().map(|_| ()),
                    PLACES => rules::place_key(value),
                    _ => Ok(()),
                };
                parsed.map_err(|error| wrong(value, &error))?;
            }
            translations.insert(fold(&theirs), ours);
        }
        values.insert(field, translations);
    }
    Ok(values)
}
