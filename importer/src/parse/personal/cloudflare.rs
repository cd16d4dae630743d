//! E-mail addresses that Cloudflare hides in pages: in digits, beside words that say so.

use super::mail::RoleMailboxes;
use super::{Found, Held, with_target};

/// What stands where an address was to be read.
const PLACEHOLDERS: &[&str] =
    &["[email protected]", "[email&#160;protected]", "[email&nbsp;protected]", "[email\u{a0}protected]"];

/// The attribute that holds an address, from its line on.
const ATTRIBUTE: &str = "-cfemail=";

/// The address of a page that tells an address of mail, from its line on.
const PAGE: &str = "-cgi/l/email-protection";

/// How far a tag or a target may reach.
const LONGEST: usize = 600;

/// Whether something of it may start here.
pub(super) fn may_start(text: &str) -> bool {
    match text.as_bytes() {
        [b'-', b'c', ..] => text.starts_with(ATTRIBUTE) || text.starts_with(PAGE),
        [b'[', b'e', ..] => placeholder(text).is_some(),
        _ => false,
    }
}

fn placeholder(text: &str) -> Option<usize> {
    PLACEHOLDERS.iter().find(|placeholder| text.starts_with(**placeholder)).map(|placeholder| placeholder.len())
}

/// What stands here, with the tag or the link that holds it.
pub(super) fn find(text: &str, from: usize, at: usize, roles: &RoleMailboxes) -> Option<Found> {
    let rest = &text[at..text.floor_char_boundary(at + LONGEST)];
    if let Some(length) = placeholder(rest) {
        let target = rest[length..].strip_prefix('(').and_then(|target| target.split_once(')'));
        let link = target.filter(|(target, _)| target.contains(PAGE)).map_or(0, |(target, _)| target.len() + 2);
        return Some(Found { range: at..at + length + link, is: Held::Text });
    }
    let before = &text[text.ceil_char_boundary(at.saturating_sub(LONGEST)).max(from)..at];
    if let Some(after) = rest.strip_prefix(PAGE) {
        let digits = after.strip_prefix('#')?;
        let length = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
        is_hidden(&digits[..length], roles).then_some(())?;
        let is_outside = |character: char| character.is_whitespace() || "(<>\"'[=".contains(character);
        let start = at - before.rsplit(is_outside).next().unwrap_or_default().len();
        return Some(with_target(text, from, start..at + PAGE.len() + 1 + length, ""));
    }
    let quoted = rest.strip_prefix(ATTRIBUTE)?;
    let quote = quoted.chars().next().filter(|quote| "\"'".contains(*quote))?;
    let digits = quoted[1..].split_once(quote)?.0;
    is_hidden(digits, roles).then_some(())?;
    let start = before.rfind('<').filter(|start| !before[*start..].contains('>'))?;
    let name: String = before[start + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
    let end = rest.find('>')? + 1;
    let start = at - (before.len() - start);
    // What the tag holds says nothing without the address.
    let length = placeholder(&rest[end..]).unwrap_or_default();
    let closing = format!("</{name}>");
    let closing = if rest[end + length..].starts_with(&closing) { closing.len() } else { 0 };
    Some(Found { range: start..at + end + length + closing, is: Held::Text })
}

/// Whether digits hide an address: the first two are what the others were changed by.
fn is_hidden(digits: &str, roles: &RoleMailboxes) -> bool {
    let bytes: Option<Vec<u8>> =
        digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    let Some([key, hidden @ ..]) = bytes.as_deref() else { return false };
    let address: Vec<u8> = hidden.iter().map(|byte| byte ^ key).collect();
    String::from_utf8(address).is_ok_and(|address| address.contains('@') && !roles.hold(&address))
}
