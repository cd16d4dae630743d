//! Pictures as people write them beside CommonMark: a path may hold spaces, as most generators allow; one without an address, which
//! a template leaves where it found none, is nothing.

use std::borrow::Cow;

use memchr::memmem;

use super::holds;
use super::markup::{Fences, is_picture};

/// How many signs of a picture that begin none are looked at in a text.
const PATIENCE: usize = 1_000;

/// A text whose pictures are pictures to CommonMark.
pub fn with_common_pictures(text: &str) -> Cow<'_, str> {
    if !holds(text, "![") || !may_be_odd(text) {
        return Cow::Borrowed(text);
    }
    let mut fences = Fences::default();
    let mut is_changed = false;
    let mut patience = PATIENCE;
    let lines: Vec<Cow<'_, str>> = text
        .split('\n')
        .map(|line| {
            let line = if fences.hold(line) { Cow::Borrowed(line) } else { line_with_pictures(line, &mut patience) };
            is_changed |= matches!(line, Cow::Owned(_));
            line
        })
        .collect();
    if is_changed { Cow::Owned(lines.join("\n")) } else { Cow::Borrowed(text) }
}

/// Whether an address may be missing, or hold a space.
fn may_be_odd(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), "](").any(|at| {
        let rest = &text.as_bytes()[at + 2..];
        let end = rest.iter().position(|byte| matches!(byte, b')' | b'\n')).unwrap_or(rest.len());
        let inner = &rest[..end];
        // A space may be one of those beyond ASCII.
        inner.is_empty() || inner == b"<>" || inner.iter().any(|byte| *byte <= b' ' || !byte.is_ascii())
    })
}

fn line_with_pictures<'t>(line: &'t str, patience: &mut usize) -> Cow<'t, str> {
    let mut kept = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = line[at..].find(['!', '`', '\\']) {
        at += next;
        match line.as_bytes()[at] {
            // What stands behind it is no sign.
            b'\\' => at = line.ceil_char_boundary(at + 2),
            b'`' => at += code(&line[at..]),
            _ if *patience == 0 => break,
            _ if !line[at..].starts_with("![") => at += 1,
            _ => {
                let Some(picture) = Picture::read(&line[at..]) else {
                    *patience -= 1;
                    at += 1;
                    continue;
                };
                if let Some(words) = picture.in_common_form() {
                    kept.push_str(&line[done..at]);
                    kept.push_str(&words);
                    done = at + picture.length;
                }
                at += picture.length;
            }
        }
    }
    if done == 0 {
        return Cow::Borrowed(line);
    }
    kept.push_str(&line[done..]);
    Cow::Owned(kept)
}

/// How long the code is that a line begins with, or the backticks that enclose nothing.
fn code(line: &str) -> usize {
    let run = line.bytes().take_while(|byte| *byte == b'`').count();
    line[run..].find(&line[..run]).map_or(run, |end| run + end + run)
}

/// A picture `![words](address "title")`.
struct Picture<'t> {
    words: &'t str,
    /// What stands in the parentheses.
    inner: &'t str,
    length: usize,
}

impl<'t> Picture<'t> {
    /// Reads the picture that a text starts with.
    fn read(text: &'t str) -> Option<Self> {
        /// How long its words and its address may be, each, in bytes.
        const LONGEST: usize = 2_000;
        let after = text.strip_prefix("![")?;
        let window = &after[..after.floor_char_boundary(LONGEST)];
        let words = &window[..window.find("](")?];
        let rest = &after[words.len() + 2..];
        let mut depth = 0_usize;
        let end = rest[..rest.floor_char_boundary(LONGEST)].bytes().position(|byte| {
            match byte {
                b'(' => depth += 1,
                b')' if depth == 0 => return true,
                b')' => depth -= 1,
                _ => {}
            }
            false
        })?;
        let is_one = !words.contains("![");
        is_one.then_some(Self { words, inner: &rest[..end], length: 2 + words.len() + 2 + end + 1 })
    }

    /// What CommonMark is to read in its place; `None` if it reads it as it is.
    fn in_common_form(&self) -> Option<String> {
        let inner = self.inner.trim();
        if inner.is_empty() || inner == "<>" {
            return Some(String::new());
        }
        let title = if inner.ends_with(['"', '\'']) { inner.find(" \"").or_else(|| inner.find(" '")) } else { None };
        let (address, title) = inner.split_at(title.unwrap_or(inner.len()));
        let address = address.trim_end();
        let is_apart = address.contains(char::is_whitespace) && !address.contains(['<', '>']);
        (is_apart && is_picture(address)).then(|| format!("![{}](<{address}>{title})", self.words))
    }
}

#[cfg(test)]
mod tests {
    use super::with_common_pictures;

    #[test]
    fn pictures_are_pictures_to_common_mark() {
        for (written, read) in [
            ("A\n\n![](/uploads/eu_flag-2015 copie.jpg)\n\nB", "A\n\n![](</uploads/eu_flag-2015 copie.jpg>)\n\nB"),
            ("![Un plan](a b.PNG \"Le plan\") et ![](c.png)", "![Un plan](<a b.PNG> \"Le plan\") et ![](c.png)"),
            ("[![](copie (1).jpg)](b.md)", "[![](<copie (1).jpg>)](b.md)"),
            ("A ![image-left]() B ![]( ) ![x](<>)", "A  B  "),
            ("A ![x](<>)", "A "),
            ("A ![x](b\u{a0}c.jpg)", "A ![x](<b\u{a0}c.jpg>)"),
            ("`a` ![](a b.jpg)\n```\n![](a b.jpg)\n```\n![]()", "`a` ![](<a b.jpg>)\n```\n![](a b.jpg)\n```\n"),
        ] {
            assert_eq!(with_common_pictures(written), read, "{written}");
            assert_eq!(with_common_pictures(read), read, "again: {written}");
        }
        for kept in [
            "![a](b.jpg)",
            "![a](b.jpg 'un titre')",
            "![a](<b c.jpg>)",
            "![a](b.jpg (un titre))",
            "![a](ce qui suit)",
            "\\![a](b c.jpg)",
            "`![a](b c.jpg)`",
            "Oui ![a] (b c.jpg) !",
            "![a](b c.jpg",
            "![a \\",
            "![",
        ] {
            assert_eq!(with_common_pictures(kept), kept);
        }
    }
}
