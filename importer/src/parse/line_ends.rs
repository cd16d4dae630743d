//! Line ends other than a line feed: those of old Macs, of mainframes, and of Unicode, which editors paste from the web. YAML and
//! CommonMark see one long line in them, and readers see lines.

use std::borrow::Cow;

/// A text with line feeds, if its lines surely end otherwise: it has not one line feed, or its metadata open with a line that
/// ends otherwise. Anywhere else such characters are of a text, and are tidied with it.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let start = text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let Some((at, end)) = start.char_indices().find(|(_, character)| *character == '\n' || ends_line(*character)) else {
        return Cow::Borrowed(text);
    };
    let is_usual = end == '\n' || start[at..].starts_with("\r\n");
    let opens = matches!(start[..at].trim_end(), "---" | "+++");
    if is_usual || !opens && text.contains('\n') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace(ends_line, "\n"))
}

const fn ends_line(character: char) -> bool {
    matches!(character, '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::with_line_feeds;

    #[test]
    fn lines_end_with_line_feeds() {
        for (written, read) in [
            ("---\rtitle: A\r---\rText\r", "---\ntitle: A\n---\nText\n"),
            ("\u{feff}---\u{2028}title: A\u{2028}---\r\nText\r\n", "\u{feff}---\ntitle: A\n---\nText\n"),
            ("+++ \u{85}title = 'A'\u{85}+++\u{85}Text", "+++ \ntitle = 'A'\n+++\nText"),
            ("---\u{2029}title: A\u{2029}---\nText", "---\ntitle: A\n---\nText"),
            ("# A\r\rText", "# A\n\nText"),
        ] {
            assert_eq!(with_line_feeds(written), read, "{written:?}");
        }
        for kept in [
            "",
            "A",
            "---\r\ntitle: A\r\n---\r\n",
            "---\ntitle: A\u{2028}B\n---\nText\rmore",
            "A\u{2028}B\nC",
            "\n---\ntitle: A\u{85}\n---\n",
        ] {
            assert_eq!(with_line_feeds(kept), kept);
        }
    }
}
