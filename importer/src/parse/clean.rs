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

/// Whether nothing is to be taken out of a text.
fn is_plain(text: &str) -> bool {
    let is_seen = |at: usize| {
        let first = text[at..].chars().next();
        first.is_some_and(|character| !character.is_control() && !is_invisible(character))
    };
    blocks(text).all(|(start, block)| {
        let mut doubtful = block.iter().enumerate().filter(|(_, byte)| may_be_unseen(**byte));
        !any(block, may_be_unseen) || doubtful.all(|(at, _)| is_seen(start + at))
    })
}

/// Whether a character may have to go that begins with this byte: a control character, one of those beyond ASCII, a space without
/// width, or a mark.
const fn may_be_unseen(byte: u8) -> bool {
    byte < 0x20 && byte != b'\t' && byte != b'\n' || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
}

/// The bytes of a text in blocks, with where each begins. Every text is looked through, and most hold nothing that is looked for.
fn blocks(text: &str) -> impl Iterator<Item = (usize, &[u8])> {
    const LENGTH: usize = 64;
    text.as_bytes().chunks(LENGTH).enumerate().map(|(index, block)| (index * LENGTH, block))
}

/// Whether any byte of a block is such a one. It does not stop at the first, so that many are looked at in one instruction.
pub(super) fn any(block: &[u8], is: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(false, |found, byte| found | is(*byte))
}

/// Whether a text is NFC. What comes before the first combining mark of Unicode is, whatever stands beside it.
fn is_normal(text: &str) -> bool {
    const FIRST_MARK: char = '\u{300}';
    const FIRST_BYTE: u8 = 0xcc;
    let doubtful = || text.chars().filter(|character| *character >= FIRST_MARK);
    let may_hold_marks = blocks(text).any(|(_, block)| any(block, |byte| byte >= FIRST_BYTE));
    !may_hold_marks || is_nfc_quick(doubtful()) == IsNormalized::Yes
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
            // Far from the beginning.
            (
                concat!("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde’’\u{200b}é", "e\u{301}"),
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde’’éé",
            ),
        ] {
            assert_eq!(tidy(written), kept, "{written:?}");
        }
    }
}
