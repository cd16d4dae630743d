//! Where people read a line of a file, on forges whose addresses follow from the repository's.

use crate::forge::Forge;

/// The page of a file at a commit, at a line if one is given.
pub fn page_of(repository: &str, commit: &str, path: &str, line: Option<usize>) -> Option<String> {
    let mut page = Forge::of(repository)?.file(commit, path)?;
    page.set_fragment(line.map(|line| format!("L{line}")).as_deref());
    Some(page.into())
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
