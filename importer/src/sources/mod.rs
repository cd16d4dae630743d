//! The sources that this installation knows: `content/sources.toml`.
//!
//! [`edit`] changes the file as a person would, keeping comments and order.

pub mod edit;
mod schedule;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use maillage_graph_schema::model::{Language, Licence, Source, SourceKey, SourceKind, Text, WebAddress};
use schemars::JsonSchema;
use serde::Deserialize;

pub use self::schedule::Schedule;
use crate::error::ImportError;
use crate::schema::written;

/// The file in the content folder.
pub const FILE: &str = "sources.toml";

/// A source and how it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceConfig {
    pub key: SourceKey,
    pub name: Text,
    pub kind: SourceKind,
    /// A folder, for sources of that kind.
    pub path: Option<PathBuf>,
    /// Where it is fetched from or, for folders and reference data, where people find it.
    pub url: Option<String>,
    /// The branch that is read; the repository's default one if absent.
    pub branch: Option<String>,
    pub language: Option<Language>,
    pub licence: Option<Licence>,
    /// The file of the mapping; absent for files with the front matter of Maillage.
    pub mapping: Option<PathBuf>,
    pub description: Option<Text>,
    /// Whether it is imported at the first start.
    pub auto: bool,
    /// How often it is imported while the service runs.
    pub schedule: Option<Schedule>,
    /// Who is told what could not be read: an e-mail address or a web address.
    pub contact: Option<Contact>,
    /// The environment variable that holds a token for the source's host. The token itself is in no file.
    pub token: Option<VariableName>,
    /// The environment variable that holds the secret with which the source's forge signs its webhooks; without it, none are taken.
    pub webhook_secret: Option<VariableName>,
    /// Whether it may be at a private address: in the operator's own network.
    pub allow_private_addresses: bool,
}

impl SourceConfig {
    /// A folder of files in the front matter of Maillage that no list of sources names.
    pub fn directory(key: SourceKey, name: Text, path: PathBuf) -> Self {
        Self {
            key,
            name,
            kind: SourceKind::Directory,
            path: Some(path),
            url: None,
            branch: None,
            language: None,
            licence: None,
            mapping: None,
            description: None,
            auto: false,
            schedule: None,
            contact: None,
            token: None,
            webhook_secret: None,
            allow_private_addresses: false,
        }
    }

    /// A Git repository of files in the front matter of Maillage that no list of sources names.
    pub fn git(key: SourceKey, name: Text, url: String) -> Self {
        Self { kind: SourceKind::Git, path: None, url: Some(url), ..Self::directory(key, name, PathBuf::new()) }
    }

    /// An archive of files in the front matter of Maillage that no list of sources names.
    pub fn archive(key: SourceKey, name: Text, url: String) -> Self {
        Self { kind: SourceKind::Archive, ..Self::git(key, name, url) }
    }

    /// The source as a record.
    pub fn record(&self) -> Source {
        Source {
            key: self.key.clone(),
            aliases: Vec::new(),
            name: self.name.clone(),
            kind: self.kind,
            address: self.url.as_deref().and_then(|url| url.parse::<WebAddress>().ok()),
            description: self.description.clone(),
            language: self.language.clone(),
            licence: self.licence.clone(),
        }
    }
}

/// Where to write to the people behind a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    Email(String),
    Web(WebAddress),
}

impl FromStr for Contact {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let email = text.strip_prefix("mailto:").unwrap_or(text);
        match (is_email(email), text.parse()) {
            (true, _) => Ok(Self::Email(email.to_owned())),
            (false, Ok(address)) => Ok(Self::Web(address)),
            _ => Err(format!("{text:?} is no contact: expected an e-mail address or an address that starts with https://")),
        }
    }
}

/// Whether a text has the form of an e-mail address; whether anybody reads it shows when it is written to.
fn is_email(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || "@<>,;:/".contains(letter));
    text.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host) && host.trim_matches('.').contains('.'))
}

impl fmt::Display for Contact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(email) => formatter.write_str(email),
            Self::Web(address) => write!(formatter, "{address}"),
        }
    }
}

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableName(String);

impl VariableName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VariableName {
    type Err = String;

    /// Only upper case: a token that was pasted by mistake is refused, and is not repeated.
    fn from_str(text: &str) -> Result<Self, String> {
        let is_name = |text: &str| {
            text.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
                && text.chars().all(|other| other.is_ascii_uppercase() || other.is_ascii_digit() || other == '_')
        };
        if is_name(text) {
            return Ok(Self(text.to_owned()));
        }
        Err("expected the name of an environment variable, such as AGEN_TOKEN; the secret itself never stands in this file"
            .to_owned())
    }
}

/// The list of sources of an installation of Maillage.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The sources, one table `[[source]]` each. Paths are relative to the folder of this file.
    #[serde(default, rename = "source")]
    sources: Vec<Row>,
}

type Field = Option<toml::Spanned<String>>;

/// A source.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Its key: lower-case letters, digits and hyphens; part of its records' origin for ever.
    #[schemars(with = "String", regex(pattern = "^[a-z0-9-]+$"))]
    key: toml::Spanned<String>,
    /// Its name, as people read it.
    #[schemars(with = "String")]
    name: toml::Spanned<String>,
    /// What it is. Reference data are credited here, and not imported as case studies.
    #[schemars(with = "String", extend("enum" = written(SourceKind::ALL)))]
    kind: toml::Spanned<String>,
    /// The folder of a directory, or the file of an archive.
    #[schemars(with = "Option<String>")]
    path: Field,
    /// Where a Git repository or an archive is fetched from, without name and password; of anything else where people find it.
    #[schemars(with = "Option<String>")]
    url: Field,
    /// The branch that is read; the repository's default one if nothing stands here.
    #[schemars(with = "Option<String>")]
    branch: Field,
    /// The language of its files where they do not say it: a BCP 47 tag.
    #[schemars(with = "Option<String>")]
    language: Field,
    /// Its licence: SPDX. Left out when unknown.
    #[schemars(with = "Option<String>", extend("enum" = written(Licence::all())))]
    licence: Field,
    /// The file of its mapping; without one, its files have the front matter of Maillage.
    mapping: Option<PathBuf>,
    /// What it is, in a sentence.
    #[schemars(with = "Option<String>")]
    description: Field,
    /// Whether it is imported at the first start.
    #[serde(default)]
    auto: bool,
    /// How often it is imported while the service runs: `hourly`, `daily`, `weekly`, or a time such as `30m`, `6h`, `2d`.
    #[schemars(with = "Option<String>")]
    schedule: Field,
    /// Who is told what could not be read: an e-mail address or a web address.
    #[schemars(with = "Option<String>")]
    contact: Field,
    /// The name of the environment variable that holds a token for its host; never the token itself.
    #[schemars(with = "Option<String>", regex(pattern = "^[A-Z_][A-Z0-9_]*$"))]
    token: Field,
    /// The name of the environment variable that holds the secret with which its forge signs webhooks; without it, none are taken.
    #[schemars(with = "Option<String>", regex(pattern = "^[A-Z_][A-Z0-9_]*$"))]
    webhook_secret: Field,
    /// Whether it may be at a private address: in the operator's own network.
    #[serde(default)]
    allow_private_addresses: bool,
}

/// What is wrong with a list, and where.
type Problem = (Range<usize>, String);

/// Reads the list of sources of a content folder; paths in it are relative to that folder.
pub fn load(content: &Path) -> Result<Vec<SourceConfig>, ImportError> {
    let path = content.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| ImportError::read(&path, &error))?;
    parse(&text, content).map_err(|(line, problem)| ImportError::content(&path, line, &problem))
}

/// The source of a key.
pub fn find<'a>(sources: &'a [SourceConfig], key: &str) -> Result<&'a SourceConfig, ImportError> {
    sources.iter().find(|source| source.key.as_str() == key).ok_or_else(|| ImportError::UnknownSource {
        key: key.to_owned(),
        known: sources.iter().map(|source| source.key.to_string()).collect(),
    })
}

/// The sources in the text of a list, or the line and what is wrong with it.
fn parse(text: &str, content: &Path) -> Result<Vec<SourceConfig>, (usize, String)> {
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    let file: File =
        toml::from_str(text).map_err(|error| (error.span().map_or(1, |span| line_of(span.start)), error.message().to_owned()))?;
    let mut sources: Vec<SourceConfig> = Vec::new();
    for row in file.sources {
        let span = row.key.span();
        let source = read(row, content).map_err(|(span, problem)| (line_of(span.start), problem))?;
        if sources.iter().any(|known| known.key == source.key) {
            return Err((line_of(span.start), format!("source {} is listed twice", source.key)));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn read(row: Row, content: &Path) -> Result<SourceConfig, Problem> {
    let key: SourceKey = value(&row.key)?;
    let kind: SourceKind = value(&row.kind)?;
    let missing = |what: &str| Err((row.key.span(), format!("source {key} is {what}")));
    match kind {
        SourceKind::Directory if row.path.is_none() => return missing("a directory without a path"),
        SourceKind::Git if row.url.is_none() => return missing("a Git repository without a url"),
        SourceKind::Archive if row.url.is_none() && row.path.is_none() => return missing("an archive without a url or a path"),
        _ => {}
    }
    if let (SourceKind::Git | SourceKind::Archive, Some(url)) = (kind, &row.url) {
        check_address(url.get_ref()).map_err(|problem| (url.span(), problem))?;
    }
    if let (Some(token), None) = (&row.token, &row.url) {
        return Err((token.span(), format!("source {key} has a token, but no url to send it to")));
    }
    Ok(SourceConfig {
        name: value(&row.name)?,
        kind,
        path: optional::<PathBuf>(row.path.as_ref())?.map(|path| content.join(path)),
        url: optional(row.url.as_ref())?,
        branch: optional(row.branch.as_ref())?,
        language: optional(row.language.as_ref())?,
        licence: optional(row.licence.as_ref())?,
        mapping: row.mapping.map(|mapping| content.join(mapping)),
        description: optional(row.description.as_ref())?,
        auto: row.auto,
        schedule: optional(row.schedule.as_ref())?,
        contact: optional(row.contact.as_ref())?,
        token: optional(row.token.as_ref())?,
        webhook_secret: optional(row.webhook_secret.as_ref())?,
        allow_private_addresses: row.allow_private_addresses,
        key,
    })
}

fn value<T: FromStr<Err: std::fmt::Display>>(field: &toml::Spanned<String>) -> Result<T, Problem> {
    field.get_ref().parse().map_err(|error: T::Err| (field.span(), error.to_string()))
}

fn optional<T: FromStr<Err: std::fmt::Display>>(field: Option<&toml::Spanned<String>>) -> Result<Option<T>, Problem> {
    field.map(value).transpose()
}

/// Refuses addresses that hold a password, which would end up in logs and reports.
fn check_address(address: &str) -> Result<(), String> {
    let Ok(url) = url::Url::parse(address) else { return Ok(()) };
    if url.password().is_some() || (url.scheme().starts_with("http") && !url.username().is_empty()) {
        return Err("an address holds no name and no password: give the token's environment variable as token".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_list_names_the_line_and_the_value() {
        let row = |rest: &str| format!("# sources\n[[source]]\nkey = \"agen\"\nname = \"Agen\"\n{rest}\n");
        let git = |rest: &str| row(&format!("kind = \"git\"\nurl = \"https://x.fr/a\"\n{rest}"));
        for (text, line, problem) in [
            (row("kind = \"directory\""), 3, "source agen is a directory without a path"),
            (row("kind = \"git\""), 3, "source agen is a Git repository without a url"),
            (row("kind = \"archive\""), 3, "source agen is an archive without a url or a path"),
            (row("kind = \"ftp\""), 5, "\"ftp\" is not a kind of source: expected archive, directory, git, reference"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"\ncolour = 1"), 7, "unknown field `colour`"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"\nlicence = \"free\""), 7, "\"free\" is not a licence"),
            (git("schedule = \"often\""), 7, "\"often\" is not a schedule"),
            (git("contact = \"the mayor\""), 7, "\"the mayor\" is no contact"),
            (git("token = \"ghp_abcdef\""), 7, "expected the name of an environment variable"),
            (row("kind = \"git\"\nurl = \"https://me:secret@x.fr/a\""), 6, "an address holds no name and no password"),
            (row("kind = \"directory\"\npath = \"a\"\ntoken = \"AGEN\""), 7, "source agen has a token, but no url"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"").repeat(2), 9, "source agen is listed twice"),
        ] {
            let (at, said) = parse(&text, Path::new("content")).expect_err(&text);
            assert!(said.contains(problem), "{said:?} in {text}");
            assert!(!said.contains("ghp_") && !said.contains("me:secret"), "{said}");
            assert_eq!(at, line, "{said}");
        }
    }

    #[test]
    fn paths_are_relative_to_the_content_folder() {
        let text =
            "[[source]]\nkey = \"agen\"\nname = \"Agen\"\nkind = \"directory\"\npath = \"case-studies\"\nmapping = \"m.toml\"";
        let sources = parse(text, Path::new("content")).expect("a list");
        assert_eq!(sources[0].path.as_deref(), Some(Path::new("content/case-studies")));
        assert_eq!(sources[0].mapping.as_deref(), Some(Path::new("content/m.toml")));
        assert!(find(&sources, "agen").is_ok());
        let error = find(&sources, "lyon").expect_err("not listed");
        assert_eq!(error.hint().as_deref(), Some("known sources: agen"));
    }
}
