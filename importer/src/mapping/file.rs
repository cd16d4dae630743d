//! The file of a mapping, checked: what it says is known to make sense before any file of the source is read.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use maillage_explore::text::fold;
use maillage_graph_schema::model::{AreaKey, Audience, Language, Licence, OrganisationRole, SectionKind, Status, Text};
use serde::Deserialize;

use super::path::FieldPath;
use super::{Collection, FieldRule, KeyTemplate, Makes, Mapping, Rule};
use crate::diagnostic::nearest;
use crate::error::ImportError;
use crate::parse::body::Headings;
use crate::parse::personal::RoleMailboxes;

/// The fields that an initiative takes, and whether each takes several values.
const INITIATIVE_FIELDS: &[(&str, bool)] = &[
    ("title", false),
    ("summary", false),
    ("lang", false),
    ("kind", false),
    ("topics", true),
    ("tags", true),
    ("audience", true),
    ("status", false),
    ("status_reason", false),
    ("start", false),
    ("end", false),
    ("aliases", true),
    ("organisations", true),
    ("links", true),
    ("evidence", true),
    ("license", false),
    ("modified", false),
    ("reviewed", false),
];

/// The fields that an organisation takes, likewise.
const ORGANISATION_FIELDS: &[(&str, bool)] =
    &[("name", false), ("other_names", true), ("website", false), ("part_of", false), ("aliases", true)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: Option<String>,
    licence: Option<String>,
    #[serde(default)]
    role_mailboxes: Vec<String>,
    collections: BTreeMap<String, CollectionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CollectionFile {
    makes: String,
    files: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    key: String,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    drop: Vec<String>,
    fields: BTreeMap<String, FieldFile>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, OneOrMany>>,
    #[serde(default)]
    headings: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected the path of a field, a table { field = … }, or a list of these")]
enum FieldFile {
    One(RuleFile),
    Many(Vec<RuleFile>),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected the path of a field, or a table with field, in, role, label")]
enum RuleFile {
    Path(String),
    Table(RuleTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    field: String,
    #[serde(rename = "in")]
    collection: Option<String>,
    role: Option<String>,
    label: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a value or a list of values")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// Reads the mapping of a source.
pub fn load(path: &Path) -> Result<Mapping, ImportError> {
    let text = std::fs::read_to_string(path).map_err(|error| ImportError::read(path, &error))?;
    parse(&text).map_err(|(line, problem)| ImportError::content(path, line, &problem))
}

/// Reads the text of a mapping, or says on which line what is wrong.
pub fn parse(text: &str) -> Result<Mapping, (usize, String)> {
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let file: File =
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

fn check(file: File) -> Result<Mapping, Wrong> {
    let templates: HashMap<String, (Makes, KeyTemplate)> = file
        .collections
        .iter()
        .map(|(name, collection)| Ok((name.clone(), (makes(&collection.makes)?, template(&collection.key)?))))
        .collect::<Result<_, Wrong>>()?;
    let mut collections = Vec::new();
    for (name, collection) in file.collections {
        collections.push(check_collection(name, collection, &templates)?);
    }
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
    match text {
        "initiatives" => Ok(Makes::Initiatives),
        "organisations" => Ok(Makes::Organisations),
        _ => Err(wrong(text, &format!("{text:?} is not what a collection makes: expected initiatives or organisations"))),
    }
}

fn template(text: &str) -> Result<KeyTemplate, Wrong> {
    let (before, after) =
        text.split_once("{file_stem}").ok_or_else(|| wrong(text, &format!("the key {text:?} does not hold {{file_stem}}")))?;
    let is_part = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_part(before) && is_part(after) {
        Ok(KeyTemplate { before: before.to_owned(), after: after.to_owned() })
    } else {
        Err(wrong(text, &format!("the key {text:?} may hold lower-case letters, digits and hyphens beside {{file_stem}}")))
    }
}

fn check_collection(
    name: String,
    file: CollectionFile,
    templates: &HashMap<String, (Makes, KeyTemplate)>,
) -> Result<Collection, Wrong> {
    let makes = makes(&file.makes)?;
    let known = match makes {
        Makes::Initiatives => INITIATIVE_FIELDS,
        Makes::Organisations => ORGANISATION_FIELDS,
    };
    let mut fields = Vec::new();
    for (field, rules) in file.fields {
        let Some((known, takes_many)) = known.iter().find(|(name, _)| *name == field) else {
            let near = nearest(&field, known.iter().map(|(name, _)| *name));
            let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
            return Err(wrong(&field, &format!("{field:?} is not a field of {}{hint}", file.makes)));
        };
        let rules = match rules {
            FieldFile::One(rule) => vec![rule],
            FieldFile::Many(rules) => rules,
        };
        let rules = rules.into_iter().map(|rule| check_rule(rule, field.as_str(), templates)).collect::<Result<_, _>>()?;
        fields.push(FieldRule { field: known, takes_many: *takes_many, rules });
    }
    let places = file
        .places
        .iter()
        .map(|place| place.parse::<AreaKey>().map_err(|error| wrong(place, &error)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut headings = Headings::default();
    for (kind, names) in &file.headings {
        let kind: SectionKind = kind.parse().map_err(|error| wrong(kind, &error))?;
        for heading in names {
            headings.add(heading, kind);
        }
    }
    Ok(Collection {
        files: globs(&file.files)?,
        except: globs(&file.except)?,
        key: template(&file.key)?,
        values: check_values(file.values, known)?,
        drop: file.drop,
        name,
        makes,
        places,
        fields,
        headings,
    })
}

fn check_rule(file: RuleFile, field: &str, templates: &HashMap<String, (Makes, KeyTemplate)>) -> Result<Rule, Wrong> {
    let table = match file {
        RuleFile::Path(field) => RuleTable { field, collection: None, role: None, label: None },
        RuleFile::Table(table) => table,
    };
    let path: FieldPath = table.field.parse().map_err(|problem: String| wrong(&table.field, &problem))?;
    let target = match &table.collection {
        None => None,
        Some(name) => match templates.get(name) {
            Some((Makes::Organisations, template)) => Some(template.clone()),
            Some((Makes::Initiatives, _)) => {
                return Err(wrong(name, &format!("collection {name:?} does not make organisations")));
            }
            None => return Err(wrong(name, &format!("there is no collection {name:?}"))),
        },
    };
    if field == "part_of" && target.is_none() {
        return Err(wrong(&table.field, "part_of says by in = \"…\" which collection it refers to"));
    }
    if table.role.is_some() && field != "organisations" {
        return Err(wrong(&table.field, &format!("role is for organisations, not for {field}")));
    }
    Ok(Rule { path, target, role: parsed::<OrganisationRole>(table.role)?, label: parsed::<Text>(table.label)? })
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
    known: &'static [(&'static str, bool)],
) -> Result<HashMap<&'static str, HashMap<String, Vec<String>>>, Wrong> {
    let mut values = HashMap::new();
    for (field, table) in file {
        let Some((field, _)) = known.iter().find(|(name, _)| *name == field) else {
            return Err(wrong(&format!("values.{field}"), &format!("{field:?} is not a field, so it has no values")));
        };
        let mut translations = HashMap::new();
        for (theirs, ours) in table {
            let ours = match ours {
                OneOrMany::One(value) => vec![value],
                OneOrMany::Many(values) => values,
            };
            for value in &ours {
                let parsed = match *field {
                    "status" => value.parse::<Status>().map(|_| ()),
                    "audience" => value.parse::<Audience>().map(|_| ()),
                    _ => Ok(()),
                };
                parsed.map_err(|error| wrong(value, &error))?;
            }
            translations.insert(fold(&theirs), ours);
        }
        values.insert(*field, translations);
    }
    Ok(values)
}
