//! The sources that this installation knows: `content/sources.toml`.

use std::path::{Path, PathBuf};

use maillage_graph_schema::model::{Language, Licence, Source, SourceKey, SourceKind, Text, ValueError, WebAddress};
use serde::Deserialize;

use crate::error::ImportError;

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
        }
    }

    /// A Git repository of files in the front matter of Maillage that no list of sources names.
    pub fn git(key: SourceKey, name: Text, url: String) -> Self {
        Self { kind: SourceKind::Git, path: None, url: Some(url), ..Self::directory(key, name, PathBuf::new()) }
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "source")]
    sources: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: toml::Spanned<String>,
    name: String,
    kind: String,
    path: Option<PathBuf>,
    url: Option<String>,
    branch: Option<String>,
    language: Option<String>,
    licence: Option<String>,
    mapping: Option<PathBuf>,
    description: Option<String>,
    #[serde(default)]
    auto: bool,
}

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
        let line = line_of(row.key.span().start);
        let source = read(row, content).map_err(|problem| (line, problem))?;
        if sources.iter().any(|known| known.key == source.key) {
            return Err((line, format!("source {} is listed twice", source.key)));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn read(row: Row, content: &Path) -> Result<SourceConfig, String> {
    let said = |error: ValueError| error.to_string();
    let key: SourceKey = row.key.get_ref().parse().map_err(said)?;
    let kind: SourceKind = row.kind.parse().map_err(said)?;
    match kind {
        SourceKind::Directory if row.path.is_none() => return Err(format!("source {key} is a directory without a path")),
        SourceKind::Git if row.url.is_none() => return Err(format!("source {key} is a Git repository without a url")),
        SourceKind::Archive => return Err(format!("source {key} is of kind archive, which is not read yet")),
        _ => {}
    }
    Ok(SourceConfig {
        key,
        name: row.name.parse().map_err(said)?,
        kind,
        path: row.path.map(|path| content.join(path)),
        url: row.url,
        branch: row.branch,
        language: row.language.map(|language| language.parse()).transpose().map_err(said)?,
        licence: row.licence.map(|licence| licence.parse()).transpose().map_err(said)?,
        mapping: row.mapping.map(|mapping| content.join(mapping)),
        description: row.description.map(|description| description.parse()).transpose().map_err(said)?,
        auto: row.auto,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_list_names_the_line_and_the_value() {
        let row = |rest: &str| format!("# sources\n[[source]]\nkey = \"agen\"\nname = \"Agen\"\n{rest}\n");
        for (text, line, problem) in [
            (row("kind = \"directory\""), 3, "source agen is a directory without a path"),
            (row("kind = \"git\""), 3, "source agen is a Git repository without a url"),
            (row("kind = \"ftp\""), 3, "\"ftp\" is not a kind of source: expected archive, directory, git, reference"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"\ncolour = 1"), 7, "unknown field `colour`"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"\nlicence = \"free\""), 3, "\"free\" is not a licence"),
            (row("kind = \"git\"\nurl = \"https://x.fr/a\"").repeat(2), 9, "source agen is listed twice"),
        ] {
            let (at, said) = parse(&text, Path::new("content")).expect_err(&text);
            assert!(said.contains(problem), "{said:?} in {text}");
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
