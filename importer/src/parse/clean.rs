//! What is taken out of every text: what cannot be seen.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Where a word may be broken, which is no part of it.
pub const SOFT_HYPHEN: char = '\u{ad}';

/// A text as it is kept: NFC, line feeds alone, without the characters that cannot be seen (byte order marks, zero-width
/// spaces, control characters); Unicode's own line separators become line feeds.
pub fn tidy(text: &str) -> String {
    let is_plain = |character: char| !(is_invisible(character) || character.is_control() && !matches!(character, '\t' | '\n'));
    let text = if text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        let mut kept = String::with_capacity(text.len());
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' => {
                    characters.next_if_eq(&'\n');
                    kept.push('\n');
                }
                '\u{2028}' => kept.push('\n'),
                '\u{2029}' => kept.push_str("\n\n"),
                '\n' | '\t' => kept.push(character),
                _ if character.is_control() || is_invisible(character) => {}
                _ => kept.push(character),
            }
        }
        Cow::Owned(kept)
    };
    // What comes before the first combining mark of Unicode is NFC, whatever stands beside it.
    let doubtful = text.chars().filter(|character| *character >= '\u{300}');
    if is_nfc_quick(doubtful) == IsNormalized::Yes { text.into_owned() } else { text.nfc().collect() }
}

/// Byte order marks, zero-width spaces and word joiners, Unicode's line separators. The joiners of emoji and of Persian stay.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn what_cannot_be_seen_goes() {
        for (written, kept) in [
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            ("\u{feff}a\u{feff}b\u{200b}c", "abc"),
            ("a\u{2028}b\u{2029}c", "a\nb\n\nc"),
            ("e\u{301}te\u{301}", "été"),
            ("a\u{302}\u{323}e\u{302}x\u{323}", "ậêx\u{323}"),
            ("a\0b\u{7}\tc", "ab\tc"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(tidy(written), kept, "{written:?}");
        }
    }
}
