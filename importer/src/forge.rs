//! Where people read a file of a repository, and where its bytes are, on forges whose addresses follow from the repository's.

use url::Url;

/// The forges whose addresses are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    GitHub,
    GitLab,
    /// Forgejo and Gitea.
    Forgejo,
    Bitbucket,
}

/// A repository on a forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forge {
    kind: Kind,
    repository: Url,
}

/// Hosts that do not tell by their names what runs on them.
const HOSTS: &[(&str, Kind)] = &[
    ("github.com", Kind::GitHub),
    ("framagit.org", Kind::GitLab),
    ("salsa.debian.org", Kind::GitLab),
    ("invent.kde.org", Kind::GitLab),
    ("forge.apps.education.fr", Kind::GitLab),
    ("forgemia.inra.fr", Kind::GitLab),
    ("opencode.de", Kind::GitLab),
    ("code.europa.eu", Kind::GitLab),
    ("codeberg.org", Kind::Forgejo),
    ("bitbucket.org", Kind::Bitbucket),
];

impl Forge {
    /// The forge of a repository, if the address tells it.
    pub fn of(repository: &str) -> Option<Self> {
        let repository = page(repository)?;
        let host = repository.host_str()?;
        let known =
            HOSTS.iter().find(|(known, _)| host == *known || host.strip_suffix(known).is_some_and(|sub| sub.ends_with('.')));
        let kind = known.map(|(_, kind)| *kind).or_else(|| {
            host.split('.').find_map(|label| match label {
                "github" => Some(Kind::GitHub),
                "gitlab" => Some(Kind::GitLab),
                "forgejo" | "gitea" => Some(Kind::Forgejo),
                _ => None,
            })
        })?;
        Some(Self { kind, repository })
    }

    /// The page that shows a file at a commit.
    pub fn file(&self, commit: &str, path: &str) -> Option<Url> {
        let infix: &[&str] = match self.kind {
            Kind::GitHub => &["blob"],
            Kind::GitLab => &["-", "blob"],
            Kind::Forgejo => &["src", "commit"],
            Kind::Bitbucket => &["src"],
        };
        extended(&self.repository, infix, commit, path)
    }

    /// The bytes of a file at a commit.
    pub fn raw(&self, commit: &str, path: &str) -> Option<Url> {
        let infix: &[&str] = match self.kind {
            Kind::GitHub if self.repository.host_str() == Some("github.com") => {
                let mut raw = self.repository.clone();
                raw.set_host(Some("raw.githubusercontent.com")).ok()?;
                return extended(&raw, &[], commit, path);
            }
            Kind::GitHub | Kind::Bitbucket => &["raw"],
            Kind::GitLab => &["-", "raw"],
            Kind::Forgejo => &["raw", "commit"],
        };
        extended(&self.repository, infix, commit, path)
    }
}

/// The page of a repository, without what belongs to its owner alone.
pub fn page(repository: &str) -> Option<Url> {
    let base = repository.trim().trim_end_matches('/').trim_end_matches(".git");
    let mut page = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    page.set_username("").ok()?;
    page.set_password(None).ok()?;
    Some(page)
}

fn extended(base: &Url, infix: &[&str], commit: &str, path: &str) -> Option<Url> {
    let mut page = base.clone();
    page.path_segments_mut().ok()?.extend(infix).push(commit).extend(path.split('/'));
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_has_its_own_addresses() {
        for (repository, file, raw) in [
            (
                "https://github.com/a/b.git",
                "https://github.com/a/b/blob/c0/d%20e/f.png",
                "https://raw.githubusercontent.com/a/b/c0/d%20e/f.png",
            ),
            (
                "https://x:secret@gitlab.com/a/b/",
                "https://gitlab.com/a/b/-/blob/c0/d%20e/f.png",
                "https://gitlab.com/a/b/-/raw/c0/d%20e/f.png",
            ),
            (
                "https://gitlab.agen.fr/g/a/b",
                "https://gitlab.agen.fr/g/a/b/-/blob/c0/d%20e/f.png",
                "https://gitlab.agen.fr/g/a/b/-/raw/c0/d%20e/f.png",
            ),
            (
                "https://framagit.org/a/b",
                "https://framagit.org/a/b/-/blob/c0/d%20e/f.png",
                "https://framagit.org/a/b/-/raw/c0/d%20e/f.png",
            ),
            (
                "https://codeberg.org/a/b",
                "https://codeberg.org/a/b/src/commit/c0/d%20e/f.png",
                "https://codeberg.org/a/b/raw/commit/c0/d%20e/f.png",
            ),
            (
                "https://bitbucket.org/a/b",
                "https://bitbucket.org/a/b/src/c0/d%20e/f.png",
                "https://bitbucket.org/a/b/raw/c0/d%20e/f.png",
            ),
        ] {
            let forge = Forge::of(repository).expect(repository);
            assert_eq!(forge.file("c0", "d e/f.png").map(String::from).as_deref(), Some(file));
            assert_eq!(forge.raw("c0", "d e/f.png").map(String::from).as_deref(), Some(raw));
        }
        for repository in ["https://example.org/a/b", "file:///srv/a", "git@github.com:a/b.git", "", "https://notgithub.com/a/b"]
        {
            assert_eq!(Forge::of(repository), None, "{repository}");
        }
    }
}
