//! Addresses and numbers whose letters and digits are written so that programs do not find them: as entities of HTML or, in links that
//! call, with percent signs; as wide as those of Chinese; or with signs between them that cannot be seen.

use std::borrow::Cow;

use memchr::memmem;

use crate::parse::signs::{Signs, searcher};

/// The first bytes of wide digits and capitals, the at-sign and the point among them.
const WIDE: &[u8] = b"\xef\xbc";

/// How far wide signs are from the usual ones.
const FROM_WIDE: u32 = 0xfee0;

/// What cannot be seen.
const UNSEEN_SIGNS: &[&str] = &[
    "\u{ad}", "\u{34f}", "\u{180e}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{200e}", "\u{200f}", "\u{2060}", "\u{2061}",
    "\u{2062}", "\u{2063}", "\u{2064}", "\u{feff}",
];

/// How long an entity is, at the most.
const LONGEST: usize = 8;

/// How much of a link that calls may stand before one of its signs.
const LONGEST_CALL: usize = 100;

/// What links that call begin with.
const CALLS: &[&str] = &["tel:", "sms:", "mailto:"];

/// A text with such letters as what they stand for; `None` if it has none.
pub(super) fn decoded(text: &str) -> Option<String> {
    let plain = plain(text);
    let (text, was_changed) = plain.as_ref().map_or((text, false), |plain| (plain.as_str(), true));
    let has_entities = memmem::find(text.as_bytes(), b"&#").is_some() || memmem::find(text.as_bytes(), b"&nbsp;").is_some();
    let without_entities = if has_entities { without_entities(text) } else { Cow::Borrowed(text) };
    let has_percents = without_entities.contains('%') && CALLS.iter().any(|call| without_entities.contains(call));
    let whole = if has_percents { without_percents(&without_entities) } else { None };
    whole.or(match without_entities {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(text) => was_changed.then(|| text.to_owned()),
    })
}

/// A text with letters, digits and signs as wide as those of Chinese as the usual ones, and without what cannot be seen inside words;
/// `None` if it has none of either.
fn plain(text: &str) -> Option<String> {
    static UNSEEN: Signs = Signs::of(|| searcher(UNSEEN_SIGNS));
    let has_wide = memmem::find(text.as_bytes(), WIDE).is_some();
    let narrow = has_wide.then(|| text.chars().map(narrow).collect::<String>());
    let text = narrow.as_deref().unwrap_or(text);
    if UNSEEN.are_in(text) { Some(without_unseen(text)) } else { narrow }
}

/// The usual sign for a wide one.
fn narrow(sign: char) -> char {
    match sign {
        '\u{ff01}'..='\u{ff5e}' => u32::from(sign).checked_sub(FROM_WIDE).and_then(char::from_u32).unwrap_or(sign),
        '\u{3000}' => ' ',
        _ => sign,
    }
}

/// A text without what cannot be seen between two signs of ASCII. Elsewhere it joins letters of other scripts, and emoji.
fn without_unseen(text: &str) -> String {
    let is_unseen = |sign: char| UNSEEN_SIGNS.iter().any(|unseen| unseen.starts_with(sign));
    let is_plain = |sign: char| sign.is_ascii_graphic();
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_unseen) {
        let after = rest[start..].trim_start_matches(is_unseen);
        kept.push_str(&rest[..start]);
        if !(kept.ends_with(is_plain) && after.starts_with(is_plain)) {
            kept.push_str(&rest[start..rest.len() - after.len()]);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// A text with the entities of letters, digits, points and spaces that hold still as what they stand for. Others may be marks.
fn without_entities(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), b"&") {
        let Some((sign, length)) = entity(&text[at..]) else { continue };
        kept.push_str(&text[done..at]);
        kept.push(sign);
        done = at + length;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// The sign for which the entity stands that a text begins with, and how long that is.
fn entity(text: &str) -> Option<(char, usize)> {
    const SPACE: char = '\u{a0}';
    let end = text.as_bytes().iter().take(LONGEST + 1).position(|byte| *byte == b';')?;
    let name = &text[1..end];
    if name == "nbsp" {
        return Some((SPACE, end + 1));
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    let sign = char::from_u32(code.ok()?)?;
    let is_plain = sign.is_ascii_alphanumeric() || matches!(sign, '@' | '.' | SPACE);
    is_plain.then_some((sign, end + 1))
}

/// A text in which links that call have their letters and spaces without percent signs.
fn without_percents(text: &str) -> Option<String> {
    let mut kept = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = text[at..].find('%') {
        at += next;
        let near = text.ceil_char_boundary(at.saturating_sub(LONGEST_CALL));
        let target = text[near..at].rfind(|sign: char| sign.is_whitespace() || "(\"'<".contains(sign));
        let target = target.map_or(near, |start| near + start + 1);
        let is_call = || CALLS.iter().any(|call| text.get(target..).is_some_and(|target| target.starts_with(call)));
        let code = text.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok()).map(char::from);
        match code.filter(|sign| (sign.is_ascii_alphanumeric() || matches!(sign, '@' | '.' | ' ')) && is_call()) {
            Some(sign) => {
                kept.push_str(&text[done..at]);
                kept.push(if sign == ' ' { '-' } else { sign });
                done = at + 3;
                at = done;
            }
            None => at += 1,
        }
    }
    if done == 0 {
        return None;
    }
    kept.push_str(&text[done..]);
    Some(kept)
}
