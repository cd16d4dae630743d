//! Addresses and numbers whose letters and digits are written so that programs do not find them: as entities of HTML or, in links that
//! call, with percent signs.

use std::borrow::Cow;

use memchr::memmem;

/// How long an entity is, at the most.
const LONGEST: usize = 8;

/// How much of a link that calls may stand before one of its signs.
const LONGEST_CALL: usize = 100;

/// What links that call begin with.
const CALLS: &[&str] = &["tel:", "sms:", "mailto:"];

/// A text with such letters as what they stand for; `None` if it has none.
pub(super) fn decoded(text: &str) -> Option<String> {
    let has_entities = memmem::find(text.as_bytes(), b"&#").is_some() || memmem::find(text.as_bytes(), b"&nbsp;").is_some();
    let without_entities = if has_entities { without_entities(text) } else { Cow::Borrowed(text) };
    let has_percents = without_entities.contains('%') && CALLS.iter().any(|call| without_entities.contains(call));
    let whole = if has_percents { without_percents(&without_entities) } else { None };
    whole.or(match without_entities {
        Cow::Owned(text) => Some(text),
        Cow::Borrowed(_) => None,
    })
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
