//! The documents that an operator trusts: where some are named, no others are answered.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use async_graphql::parser;
use sha2::{Digest as _, Sha256};

use super::persisted::Hash;
use super::webhook::from_hex;

/// Documents by the SHA-256 of their text, and by the id that a list gives them, if that is one.
#[derive(Debug, Clone, Default)]
pub struct Trusted(HashMap<Hash, String>);

/// Why documents cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableDocuments {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("{}: {error}", path.display())]
    Json { path: PathBuf, error: serde_json::Error },
    #[error("{}: expected documents by their ids, {{\"ID\": \"query …\"}}, or a list of operations with an id and a body each", path.display())]
    Form { path: PathBuf },
    #[error("{}: the document{} cannot be read: {error}", path.display(), id.as_ref().map_or_else(String::new, |id| format!(" {id:?}")))]
    Document { path: PathBuf, id: Option<String>, error: Box<parser::Error> },
    #[error("{}: there is no document: expected files .graphql, or lists .json", path.display())]
    None { path: PathBuf },
}

impl Trusted {
    /// Reads a folder of documents (`.graphql`) and of lists of them (`.json`), or one such file.
    pub fn read(path: &Path) -> Result<Self, UnreadableDocuments> {
        let failed = |error| UnreadableDocuments::File { path: path.to_owned(), error };
        let mut files = if path.is_dir() {
            let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            entries.map_err(failed)?.into_iter().map(|entry| entry.path()).collect()
        } else {
            vec![path.to_owned()]
        };
        files.sort();
        let mut trusted = Self::default();
        for file in &files {
            trusted.add_file(file)?;
        }
        if trusted.0.is_empty() { Err(UnreadableDocuments::None { path: path.to_owned() }) } else { Ok(trusted) }
    }

    fn add_file(&mut self, path: &Path) -> Result<(), UnreadableDocuments> {
        let read = || std::fs::read_to_string(path).map_err(|error| UnreadableDocuments::File { path: path.to_owned(), error });
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("graphql" | "gql") => self.add(path, None, read()?),
            Some("json") => {
                let list =
                    serde_json::from_str(&read()?).map_err(|error| UnreadableDocuments::Json { path: path.to_owned(), error })?;
                for (id, document) in documents(&list).ok_or_else(|| UnreadableDocuments::Form { path: path.to_owned() })? {
                    self.add(path, Some(id), document.to_owned())?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Adds a document; one in a list has an id.
    fn add(&mut self, path: &Path, id: Option<&str>, document: String) -> Result<(), UnreadableDocuments> {
        if let Err(error) = parser::parse_query(&document) {
            let id = id.map(str::to_owned);
            return Err(UnreadableDocuments::Document { path: path.to_owned(), id, error: Box::new(error) });
        }
        if let Some(id) = id.and_then(|id| from_hex(id.strip_prefix("sha256:").unwrap_or(id))) {
            self.0.insert(id, document.clone());
        }
        self.0.insert(Sha256::digest(document.as_bytes()).to_vec(), document);
        Ok(())
    }

    pub fn get(&self, hash: &[u8]) -> Option<&String> {
        self.0.get(hash)
    }

    pub fn holds(&self, document: &str) -> bool {
        self.0.contains_key(Sha256::digest(document.as_bytes()).as_slice())
    }
}

/// The documents of a list, each with its id: those of Relay's compiler, or Apollo's manifest.
fn documents(list: &serde_json::Value) -> Option<Vec<(&str, &str)>> {
    if let Some(operations) = list["operations"].as_array() {
        return operations.iter().map(|operation| Some((operation["id"].as_str()?, operation["body"].as_str()?))).collect();
    }
    list.as_object()?.iter().map(|(id, document)| Some((id.as_str(), document.as_str()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_from_files_and_lists() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
        write("one.graphql", "{ revision }");
        write("relay.json", r#"{ "00ff": "{ topics { key } }", "name": "query A { __typename }" }"#);
        write(
            "apollo.json",
            r#"{ "format": "apollo-persisted-query-manifest", "operations": [{ "id": "ab", "name": "B", "body": "query B { revision }" }] }"#,
        );
        write("README.md", "not a document");
        let trusted = Trusted::read(folder.path()).expect("documents");
        for document in ["{ revision }", "{ topics { key } }", "query A { __typename }", "query B { revision }"] {
            assert!(trusted.holds(document), "{document}");
        }
        assert!(!trusted.holds("{ revision } "));
        assert_eq!(trusted.get(&[0x00, 0xff]).map(String::as_str), Some("{ topics { key } }"));
        assert_eq!(trusted.get(&[0xab]).map(String::as_str), Some("query B { revision }"));
        for (name, text, problem) in [
            ("a.graphql", "{ revision", "a.graphql: the document cannot be read"),
            ("b.json", "[1]", "b.json: expected documents by their ids"),
            ("c.json", r#"{ "x": "{" }"#, "c.json: the document \"x\" cannot be read"),
            ("d.json", "{", "d.json: EOF"),
            ("e.txt", "{ revision }", "e.txt: there is no document"),
            ("none.graphql", "", "none.graphql: "),
        ] {
            let path = folder.path().join(name);
            if !text.is_empty() {
                std::fs::write(&path, text).expect("a file");
            }
            let error = Trusted::read(&path).expect_err("an error").to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
