//! Where people read a line of a file, on forges whose addresses follow from the repository's.

use std::fmt::Write as _;

use url::Url;

/// The page of a file at a commit, at a line if one is given.
pub fn page_of(repository: &str, commit: &str, path: &str, line: Option<usize>) -> Option<String> {
    let base = repository.trim_end_matches('/').trim_end_matches(".git");
    let mut page = Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = page.host_str()?.to_owned();
    let infix: &[&str] = if host == "github.com" {
        &["blob"]
    } else if host.split('.').any(|label| label == "gitlab") {
        &["-", "blob"]
    } else if host == "codeberg.org" || host.split('.').any(|label| matches!(label, "forgejo" | "gitea")) {
        &["src", "commit"]
    } else {
        return None;
    };
    // A token in the address is nobody's business.
    page.set_username("").ok()?;
    page.set_password(None).ok()?;
    page.path_segments_mut().ok()?.extend(infix).push(commit).extend(path.split('/'));
    let mut text = page.to_string();
    if let Some(line) = line {
        // Writing to a text does not fail.
        let _ = write!(text, "#L{line}");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_has_its_own_addresses() {
        for (repository, expected) in [
            ("https://github.com/a/b.git", Some("https://github.com/a/b/blob/c0ffee/d%20e/f.md#L3")),
            ("https://x:secret@gitlab.com/a/b/", Some("https://gitlab.com/a/b/-/blob/c0ffee/d%20e/f.md#L3")),
            ("https://gitlab.agen.fr/g/a/b", Some("https://gitlab.agen.fr/g/a/b/-/blob/c0ffee/d%20e/f.md#L3")),
            ("https://codeberg.org/a/b", Some("https://codeberg.org/a/b/src/commit/c0ffee/d%20e/f.md#L3")),
            ("https://example.org/a/b", None),
            ("file:///srv/a", None),
        ] {
            assert_eq!(page_of(repository, "c0ffee", "d e/f.md", Some(3)).as_deref(), expected, "{repository}");
        }
    }
}
