//! What is to be imported.

use std::path::{Path, PathBuf};

use maillage_graph_schema::model::{SourceKey, SourceKind, Text};
use url::Url;

use crate::error::ImportError;
use crate::slug::slug;
use crate::sources::{self, SourceConfig};
use crate::surroundings::{Surroundings, Token};

/// Where files are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A folder. The work tree of a Git repository gives its files as they lie there, and the commit of its HEAD.
    Directory(PathBuf),
    /// A Git repository by its address or, if it has no work tree, by its path; the default branch if none is named.
    Git { address: String, branch: Option<String> },
    /// A `.tar.gz` or `.zip` by its address, or by its path.
    Archive { address: String },
}

impl Location {
    /// Reads what a person typed: an address, or a path of this machine.
    pub fn of(text: &str, branch: Option<&str>) -> Self {
        let is_address = text.contains("://");
        let path = Path::new(text);
        if is_archive_name(text) {
            Self::Archive { address: text.to_owned() }
        } else if is_address || (path.is_dir() && is_bare_repository(path)) {
            Self::Git { address: text.to_owned(), branch: branch.map(str::to_owned) }
        } else {
            Self::Directory(path.to_owned())
        }
    }

    /// How it is shown to people.
    pub fn address(&self) -> String {
        match self {
            Self::Directory(path) => path.display().to_string(),
            Self::Git { address, .. } | Self::Archive { address } => address.clone(),
        }
    }
}

/// Whether an address or a path ends as archives do.
fn is_archive_name(text: &str) -> bool {
    let end = text.split(['?', '#']).next().unwrap_or(text).to_ascii_lowercase();
    [".tar.gz", ".tgz", ".zip"].iter().any(|ending| end.ends_with(ending))
}

fn is_bare_repository(path: &Path) -> bool {
    path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir()
}

/// An import to be planned.
#[derive(Debug, Clone)]
pub struct ImportJob {
    /// Whose records they are, and how its files are to be read.
    pub source: SourceConfig,
    /// What to read: the source's own address, or something else in its place.
    pub location: Location,
    pub surroundings: Surroundings,
    /// What the source's host asks for.
    pub token: Option<Token>,
    /// Whether the source is read even if it is as the last import left it.
    pub again: bool,
    /// Whether a person has confirmed that many records are to be withdrawn at once.
    pub confirm_withdrawals: bool,
}

impl ImportJob {
    fn new(source: SourceConfig, location: Location, surroundings: &Surroundings) -> Result<Self, ImportError> {
        let mut surroundings = surroundings.clone();
        surroundings.network.allow_private_addresses |= source.allow_private_addresses;
        let token = match &source.token {
            None => None,
            Some(variable) => {
                let token = surroundings.network.environment.get(variable.as_str()).ok_or_else(|| ImportError::NoToken {
                    key: source.key.to_string(),
                    variable: variable.as_str().to_owned(),
                })?;
                Some(Token::new(token))
            }
        };
        Ok(Self { source, location, surroundings, token, again: false, confirm_withdrawals: false })
    }

    /// The token, if an address is that of the source's own host.
    pub(crate) fn token_for(&self, address: &Url) -> Option<&Token> {
        let own = Url::parse(self.source.url.as_ref()?).ok()?;
        self.token.as_ref().filter(|_| own.origin() == address.origin())
    }

    /// The import of a source from where it says that it is.
    pub fn of_source(source: SourceConfig, surroundings: &Surroundings) -> Result<Self, ImportError> {
        let location = match (source.kind, &source.path, &source.url) {
            (SourceKind::Reference, _, _) => return Err(ImportError::ReferenceSource { key: source.key.to_string() }),
            (SourceKind::Git, _, Some(url)) => Location::Git { address: url.clone(), branch: source.branch.clone() },
            (SourceKind::Archive, Some(path), _) => Location::Archive { address: path.display().to_string() },
            (SourceKind::Archive, None, Some(url)) => Location::Archive { address: url.clone() },
            (_, Some(path), _) => Location::Directory(path.clone()),
            (_, None, Some(url)) => Location::of(url, source.branch.as_deref()),
            (_, None, None) => return Err(ImportError::NoLocation { key: source.key.to_string() }),
        };
        Self::new(source, location, surroundings)
    }

    /// What `maillage import WHAT [--as SOURCE]` means: a source's key, a folder, an archive, or the address of a Git
    /// repository, read as the source named or, without one, as a source of its own in the front matter of Maillage.
    pub fn of(
        what: &str,
        as_source: Option<&str>,
        listed: &[SourceConfig],
        surroundings: &Surroundings,
    ) -> Result<Self, ImportError> {
        if as_source.is_none()
            && let Some(source) = listed.iter().find(|source| source.key.as_str() == what)
        {
            return Self::of_source(source.clone(), surroundings);
        }
        let is_readable =
            what.contains("://") || Path::new(what).is_dir() || (is_archive_name(what) && Path::new(what).is_file());
        if !is_readable {
            return Err(ImportError::NothingThere {
                what: what.to_owned(),
                known: listed.iter().map(|source| source.key.to_string()).collect(),
            });
        }
        let source = match as_source {
            Some(key) => {
                let source = sources::find(listed, key)?.clone();
                if source.kind == SourceKind::Reference {
                    return Err(ImportError::ReferenceSource { key: key.to_owned() });
                }
                source
            }
            None => unlisted(what)?,
        };
        let location = Location::of(what, source.branch.as_deref());
        Self::new(source, location, surroundings)
    }
}

/// A source for something that no list names, called after its last path segment.
fn unlisted(what: &str) -> Result<SourceConfig, ImportError> {
    let absolute = if what.contains("://") { None } else { std::path::absolute(what).ok() };
    let text = absolute.as_deref().map_or_else(|| what.to_owned(), |path| path.to_string_lossy().into_owned());
    let last = text.split(['?', '#']).next().unwrap_or_default();
    let last = last.trim_end_matches(['/', '\\']).rsplit(['/', '\\', ':']).next().unwrap_or_default();
    let last = [".git", ".tar.gz", ".tgz", ".zip"].iter().find_map(|ending| last.strip_suffix(ending)).unwrap_or(last);
    let key: SourceKey = slug(last).unwrap_or_else(|| "import".to_owned()).parse()?;
    let name: Text = if last.is_empty() { key.to_string().parse()? } else { last.parse()? };
    Ok(match Location::of(what, None) {
        Location::Directory(path) => SourceConfig::directory(key, name, path),
        Location::Git { address, .. } => SourceConfig::git(key, name, address),
        Location::Archive { address } => SourceConfig::archive(key, name, address),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_is_told_apart() {
        let listed = [SourceConfig::git(
            "betagouv".parse().expect("a key"),
            "beta.gouv.fr".parse().expect("a name"),
            "https://forge.example/beta".to_owned(),
        )];
        let folder = tempfile::tempdir().expect("a folder");
        let clone = folder.path().join("Études Agen");
        std::fs::create_dir(&clone).expect("a folder");
        let clone = clone.to_str().expect("a path");
        let job =
            |what: &str, as_source: Option<&str>| ImportJob::of(what, as_source, &listed, &Surroundings::new(Path::new("cache")));

        let by_key = job("betagouv", None).expect("a job");
        assert_eq!(by_key.location, Location::Git { address: "https://forge.example/beta".to_owned(), branch: None });
        let as_source = job(clone, Some("betagouv")).expect("a job");
        assert_eq!(as_source.source.key.as_str(), "betagouv");
        assert_eq!(as_source.location, Location::Directory(clone.into()));
        let unlisted = job(clone, None).expect("a job");
        assert_eq!((unlisted.source.key.as_str(), unlisted.source.name.as_str()), ("etudes-agen", "Études Agen"));
        let by_address = job("https://forge.example/org/cases.git", None).expect("a job");
        assert_eq!((by_address.source.key.as_str(), by_address.source.kind), ("cases", SourceKind::Git));
        let by_archive = job("https://forge.example/org/cases/archive/main.tar.gz?x=1", None).expect("a job");
        assert_eq!((by_archive.source.key.as_str(), by_archive.source.kind), ("main", SourceKind::Archive));
        for (what, as_source, problem) in [
            ("nowhere", None, "there is no source, folder or Git address \"nowhere\""),
            (clone, Some("lyon"), "there is no source \"lyon\""),
        ] {
            assert_eq!(job(what, as_source).expect_err(problem).to_string(), problem);
        }
    }
}
