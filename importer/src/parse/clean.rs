//! What is taken out of every text: what cannot be seen.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Where a word may be broken, which is no part of it.
pub const SOFT_HYPHEN: char = '\u{ad}';

/// A text as it is kept: NFC, line feeds alone, without the characters that cannot be seen (byte order marks, zero-width
/// spaces, control characters); Unicode's own line separators become line feeds.
pub fn tidy(text: &str) -> String {
    let text = if is_plain(text) {
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
    if is_normal(&text) { text.into_owned() } else { text.nfc().collect() }
}

/// Whether nothing is to be taken out of a text. It is looked through byte by byte, since every text is, and most hold nothing.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(passed) = bytes[at..].iter().position(|byte| MAY_BE_UNSEEN[usize::from(*byte)]) {
        at += passed;
        let is_unseen = text[at..].chars().next().is_none_or(|character| character.is_control() || is_invisible(character));
        if is_unseen {
            return false;
        }
        at += 1;
    }
    true
}

/// Which bytes a character begins with that may have to go.
const MAY_BE_UNSEEN: [bool; 256] = {
    let mut may_be = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        may_be[byte] = byte != b'\t' as usize && byte != b'\n' as usize;
        byte += 1;
    }
    may_be[0x7f] = true;
    // Of the control characters beyond ASCII, of spaces without width, and of marks.
    may_be[0xc2] = true;
    may_be[0xe2] = true;
    may_be[0xef] = true;
    may_be
};

/// Whether a text is NFC. What comes before the first combining mark of Unicode is, whatever stands beside it.
fn is_normal(text: &str) -> bool {
    const FIRST_MARK: char = '\u{300}';
    const FIRST_BYTE: u8 = 0xcc;
    let doubtful = || text.chars().filter(|character| *character >= FIRST_MARK);
    text.bytes().all(|byte| byte < FIRST_BYTE) || is_nfc_quick(doubtful()) == IsNormalized::Yes
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
            ("a\u{85}b\u{7f}c\u{a0}« d » — ’", "abc\u{a0}« d » — ’"),
            ("a\u{2060}b\u{2011}c\u{feff}", "ab\u{2011}c"),
            ("a\u{2000}b", "a\u{2002}b"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
        ] {
            assert_eq!(tidy(written), kept, "{written:?}");
        }
    }
}
