//! Changes to the list of sources, as a person would make them: comments, order and the rest of the file stay as they are.

use std::io::Write as _;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::{FILE, SourceConfig, find, parse};
use crate::error::ImportError;

/// A source to be added, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewSource {
    pub key: String,
    pub name: String,
    pub kind: String,
    pub path: Option<String>,
    pub url: Option<String>,
    pub branch: Option<String>,
    pub language: Option<String>,
    pub licence: Option<String>,
    pub mapping: Option<String>,
    pub description: Option<String>,
    pub auto: bool,
    pub schedule: Option<String>,
    pub contact: Option<String>,
    pub token: Option<String>,
    pub allow_private_addresses: bool,
}

/// Adds a source to the list in a content folder. Nothing is written if the list would then not be valid.
pub fn add(content: &Path, new: &NewSource) -> Result<SourceConfig, ImportError> {
    let text = read(content)?;
    let changed = with(&text, new).map_err(|(line, problem)| ImportError::content(content.join(FILE), line, &problem))?;
    let sources = parse(&changed, content).map_err(|(_, problem)| ImportError::NotAdded { key: new.key.clone(), problem })?;
    let source = find(&sources, &new.key)?.clone();
    write(content, &changed)?;
    Ok(source)
}

/// Removes a source from the list in a content folder; what was imported from it stays in the graph.
pub fn remove(content: &Path, key: &str) -> Result<SourceConfig, ImportError> {
    let text = read(content)?;
    let path = content.join(FILE);
    let sources = parse(&text, content).map_err(|(line, problem)| ImportError::content(&path, line, &problem))?;
    let source = find(&sources, key)?.clone();
    let changed = without(&text, key).map_err(|(line, problem)| ImportError::content(&path, line, &problem))?;
    write(content, &changed)?;
    Ok(source)
}

fn read(content: &Path) -> Result<String, ImportError> {
    let path = content.join(FILE);
    std::fs::read_to_string(&path).map_err(|error| ImportError::read(path, &error))
}

/// Puts the new text in the place of the old in one step: a program that is stopped leaves one or the other.
fn write(content: &Path, text: &str) -> Result<(), ImportError> {
    let path = content.join(FILE);
    let failed = |error: std::io::Error| ImportError::Write { path: path.clone(), problem: error.to_string() };
    let beside = content.join(format!(".{FILE}.{}", std::process::id()));
    let write = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        file.set_permissions(std::fs::metadata(&path)?.permissions())?;
        std::fs::rename(&beside, &path)
    };
    write().map_err(|error| {
        // What is left of the attempt is of no use to anybody.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

/// What is wrong with a list, and in which line.
type Problem = (usize, String);

fn document(text: &str) -> Result<DocumentMut, Problem> {
    let line_of = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
    text.parse()
        .map_err(|error: toml_edit::TomlError| (error.span().map_or(1, |span| line_of(span.start)), error.message().to_owned()))
}

fn sources_of(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, Problem> {
    let item = document.entry("source").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| (1, "sources are written as [[source]]".to_owned()))
}

/// The text with one more source, after the others.
fn with(text: &str, new: &NewSource) -> Result<String, Problem> {
    let mut document = document(text)?;
    let mut table = Table::new();
    let texts = [
        ("key", Some(&new.key)),
        ("name", Some(&new.name)),
        ("kind", Some(&new.kind)),
        ("path", new.path.as_ref()),
        ("url", new.url.as_ref()),
        ("branch", new.branch.as_ref()),
        ("language", new.language.as_ref()),
        ("licence", new.licence.as_ref()),
        ("mapping", new.mapping.as_ref()),
        ("schedule", new.schedule.as_ref()),
        ("contact", new.contact.as_ref()),
        ("token", new.token.as_ref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            table.insert(name, value(text.as_str()));
        }
    }
    if new.allow_private_addresses {
        table.insert("allow_private_addresses", value(true));
    }
    table.insert("auto", value(new.auto));
    if let Some(description) = &new.description {
        table.insert("description", value(description.as_str()));
    }
    if !text.trim().is_empty() {
        table.decor_mut().set_prefix("\n");
    }
    sources_of(&mut document)?.push(table);
    Ok(document.to_string())
}

/// The text without a source, and without the comment that stands directly above it. What stands further above, such as the
/// heading of the file, stays.
fn without(text: &str, key: &str) -> Result<String, Problem> {
    let mut document = document(text)?;
    let sources = sources_of(&mut document)?;
    let is_it = |table: &Table| table.get("key").and_then(Item::as_str) == Some(key);
    let Some(index) = sources.iter().position(is_it) else { return Ok(text.to_owned()) };
    let prefix =
        sources.get(index).and_then(|table| table.decor().prefix()).and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let kept = prefix.rfind("\n\n").map_or("", |end| &prefix[..=end]).to_owned();
    sources.remove(index);
    if let Some(next) = sources.get_mut(index) {
        let own = next.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
        let joined = format!("{kept}{own}");
        next.decor_mut().set_prefix(if index == 0 { joined.trim_start_matches('\n') } else { &joined });
    } else {
        let trailing = format!("{kept}{}", document.trailing().as_str().unwrap_or_default());
        document.set_trailing(trailing);
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# The sources.\n# Paths are relative.\n\n# The first.\n[[source]]\nkey = \"a\" # short\nname = \"A\"\nkind = \"directory\"\npath = \"a\"\n\n# The second.\n[[source]]\nkey   =   \"b\"\nname = \"B\"\nkind = \"directory\"\npath = \"b\"\n\n# The end.\n";

    fn new(key: &str) -> NewSource {
        let text = |text: &str| Some(text.to_owned());
        NewSource {
            key: key.to_owned(),
            name: "Été \"2026\"".to_owned(),
            kind: "git".to_owned(),
            url: text("https://forge.example/a"),
            schedule: text("daily"),
            token: text("C_TOKEN"),
            ..NewSource::default()
        }
    }

    #[test]
    fn adding_and_removing_leaves_the_rest_as_it_was() {
        let with_c = with(LIST, &new("c")).expect("a list");
        let added = "\n[[source]]\nkey = \"c\"\nname = 'Été \"2026\"'\nkind = \"git\"\nurl = \"https://forge.example/a\"\nschedule = \"daily\"\ntoken = \"C_TOKEN\"\nauto = false\n";
        let expected = LIST.replace("\n# The end.\n", &format!("{added}\n# The end.\n"));
        assert_eq!(with_c, expected);
        assert_eq!(without(&with_c, "c").expect("a list"), LIST);
        let without_a = LIST
            .replace("# The first.\n[[source]]\nkey = \"a\" # short\nname = \"A\"\nkind = \"directory\"\npath = \"a\"\n\n", "");
        assert_eq!(without(LIST, "a").expect("a list"), without_a);
        let none = without(&without_a, "b").expect("a list");
        assert!(none.starts_with("# The sources.\n# Paths are relative.\n") && none.ends_with("# The end.\n"), "{none}");
        assert_eq!(parse(&none, Path::new("content")).map(|sources| sources.len()), Ok(0));
        assert!(with(&none, &new("c")).expect("a list").contains("key = \"c\""));
    }

    #[test]
    fn a_list_that_would_not_be_valid_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        std::fs::write(&path, LIST).expect("a file");
        let bad = |change: &dyn Fn(&mut NewSource)| {
            let mut source = new("c");
            change(&mut source);
            let error = add(folder.path(), &source).expect_err("not valid").to_string();
            assert_eq!(std::fs::read_to_string(&path).expect("a file"), LIST, "{error}");
            error
        };
        for (error, expected) in [
            (bad(&|source| source.key = "a".to_owned()), "source a is listed twice"),
            (bad(&|source| source.key = "A b".to_owned()), "\"A b\""),
            (bad(&|source| source.url = None), "source c is a Git repository without a url"),
            (bad(&|source| source.token = Some("secret".to_owned())), "expected the name of an environment variable"),
        ] {
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(add(folder.path(), &new("c")).expect("a source").key.as_str(), "c");
        assert!(remove(folder.path(), "d").is_err());
        assert_eq!(remove(folder.path(), "c").expect("a source").name.as_str(), "Été \"2026\"");
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), LIST);
        let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
}
