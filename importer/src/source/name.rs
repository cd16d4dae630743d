//! Names of files and folders that are taken as they are.

/// Names that stand for devices on some systems, with any ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// A name as text, if it is one that any system could give to a file: nothing that leads elsewhere, no control characters, no
/// device, not too long. Nothing is ever written under such a name; but people and programs further on will use it in paths and
/// addresses.
pub fn plain(name: &[u8], longest: usize) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let is_plain = !name.is_empty()
        && name.len() <= longest
        && !matches!(name, "." | "..")
        && !name.eq_ignore_ascii_case(".git")
        && !name.contains(['/', '\\'])
        && !name.chars().any(char::is_control)
        && !is_device(name);
    is_plain.then_some(name)
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    let is_port = |stem: &str| {
        let number = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| matches!(digit, b'1'..=b'9')))
    };
    DEVICES.contains(&stem.as_str()) || is_port(&stem)
}

/// The parts of a path in an archive, if all of them are plain and the path stays below the archive's root.
pub fn path(path: &[u8], longest: usize) -> Option<String> {
    let path = path.strip_prefix(b"./").unwrap_or(path);
    let parts: Option<Vec<&str>> = path.split(|byte| *byte == b'/').map(|part| plain(part, longest)).collect();
    Some(parts?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_not_plain() {
        let long = "é".repeat(128);
        for odd in [
            &b""[..],
            b".",
            b"..",
            b".git",
            b".GIT",
            b"a/b",
            b"..\\a",
            b"a\0b",
            b"a\nb",
            b"\xff\xfe",
            b"caf\xe9.md",
            b"con",
            b"NUL.md",
            b"Aux.fr.md",
            b"com1",
            b"LPT9.txt",
            long.as_bytes(),
        ] {
            assert_eq!(plain(odd, 255), None, "{odd:?}");
        }
        for name in
            ["a.md", "été.md", "...", ".gitignore", "commune.md", "com10", "com.md", "nulle-part.md", "Qu'est-ce ?.md", "a:b"]
        {
            assert_eq!(plain(name.as_bytes(), 255), Some(name));
        }
    }

    #[test]
    fn paths_stay_below_the_root() {
        for odd in ["/etc/passwd", "../a", "a/../../b", "a//b", "C:\\a", "a/./b", "a/"] {
            assert_eq!(path(odd.as_bytes(), 255), None, "{odd}");
        }
        assert_eq!(path(b"./a/b.md", 255).as_deref(), Some("a/b.md"));
    }
}
