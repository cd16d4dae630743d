//! Takes e-mail addresses and telephone numbers out of texts, and counts them.
//!
//! | module | what it finds |
//! |---|---|
//! | `mail` | e-mail addresses, hidden from machines or not |
//! | `cloudflare` | e-mail addresses in pages that Cloudflare served |
//! | `encoded` | addresses and numbers whose letters are written as entities |
//! | `template` | e-mail addresses in parts, in calls of templates |
//! | `telephone` | telephone numbers as France, Germany, the United States and others write them, and nothing else that is long |
//! | `tables` | the columns that hold telephone numbers |

mod cloudflare;
mod encoded;
mod mail;
mod tables;
mod telephone;
mod template;

use std::cell::LazyCell;
use std::ops::Range;

use super::clean::any;

pub use mail::{RoleMailboxes, is_of_service, is_personal};
pub(super) use template::mailbox as mailbox_in_parts;

/// What stands for something removed.
const OMISSION: &str = "[…]";

/// Whether an address or a number may start with a byte, those between spaces left aside. The last is the first of wide at-signs.
const fn may_start(byte: u8) -> bool {
    matches!(byte, b'@' | b'&' | b'[' | b'(' | b'{' | b'%' | b'_' | b'-' | b'+' | b'0'..=b'9' | 0xEF)
}

/// Where an address or a number may start, from there on, in a text that may hold addresses with spaces around their sign, or not.
/// Whole blocks are looked at without stopping, which machines do many bytes at a time.
fn next_start(bytes: &[u8], from: usize, has_spaced: bool) -> Option<usize> {
    const BLOCK: usize = 32;
    let is_start = |byte: &u8| may_start(*byte) || has_spaced && *byte == b' ';
    let mut at = from;
    for block in bytes.get(from..)?.chunks(BLOCK) {
        let may_hold = has_spaced || any(block, may_start);
        if may_hold && let Some(passed) = block.iter().position(is_start) {
            return Some(at + passed);
        }
        at += block.len();
    }
    None
}

/// How much was removed from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    pub mail_addresses: usize,
    pub telephone_numbers: usize,
}

impl Removed {
    /// Adds what was removed elsewhere.
    pub fn add(&mut self, other: Self) {
        self.mail_addresses += other.mail_addresses;
        self.telephone_numbers += other.telephone_numbers;
    }
}

/// Something found in a text.
struct Found {
    range: Range<usize>,
    is: Held,
}

/// What holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    /// The text itself.
    Text,
    /// The target of a link, whose label stays.
    Target,
    /// An attribute of HTML, which stays and is empty.
    Attribute,
    /// A link of HTML, of which what it holds stays.
    Link(Range<usize>),
}

/// A name in one line without e-mail addresses and telephone numbers, and without what stood around them: `Anne <[…]>`, `Lab ([…])`.
pub fn name_without_personal_data(name: &str, roles: &RoleMailboxes) -> (String, Removed) {
    /// What stands before an address, or before a number and means it in a name.
    const LABELS: &[&str] = &["mail", "e-mail", "email", "courriel", "portable", "mobile"];
    let (name, removed) = without_personal_data(name, roles);
    if removed == Removed::default() {
        return (name.split_whitespace().collect::<Vec<_>>().join(" "), removed);
    }
    let mut name = name.replace(OMISSION, " ");
    for around in ["< >", "( )", "[ ]", "« »"] {
        name = name.replace(around, " ");
    }
    let words: Vec<&str> =
        name.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric) || word.len() > 1).collect();
    let is_label = |word: &&str| {
        let word = word.trim_end_matches(['.', ':']).to_lowercase();
        LABELS.contains(&word.as_str()) || telephone::is_label(&word)
    };
    let name = words.into_iter().filter(|word| !is_label(word)).collect::<Vec<_>>().join(" ");
    (name.trim_matches([' ', ',', ';', ':', '-', '–', '/', '|']).to_owned(), removed)
}

/// Whom an address names: by what it is of, `mailto:` or `tel:`; by a mailbox in its query, or before its host; by the number that a
/// messenger calls; by a number that stands in its place.
pub fn named_by_address(address: &str) -> Removed {
    let written = address.trim().to_lowercase().replace("%40", "@").replace("%2b", "+");
    match written.split_once(':').map(|(scheme, _)| scheme.trim()) {
        Some("mailto") => return Removed { mail_addresses: 1, ..Removed::default() },
        Some(scheme) if telephone::SCHEMES.contains(&scheme) => return Removed { telephone_numbers: 1, ..Removed::default() },
        _ => {}
    }
    let (rest, named) = without_personal_data(&written, &RoleMailboxes::default());
    // Numbers in other addresses are those of pages.
    let is_of_person = telephone::is_of_messenger(&written) || rest.trim_end_matches('/') == OMISSION;
    let telephone_numbers = if is_of_person { named.telephone_numbers } else { 0 };
    Removed { telephone_numbers, ..named }
}

/// Takes e-mail addresses and telephone numbers out of a text in Markdown: a link to one keeps its label, all else is
/// replaced by `[…]`. The mailboxes of roles that the source names stay.
pub fn without_personal_data(text: &str, roles: &RoleMailboxes) -> (String, Removed) {
    // Who writes letters as entities hides something by them; where that is nothing of persons, they stay as they are.
    if let Some(decoded) = encoded::decoded(text) {
        let (kept, removed) = without_plain_personal_data(&decoded, roles);
        if removed != Removed::default() {
            return (kept, removed);
        }
    }
    without_plain_personal_data(text, roles)
}

/// Likewise, of a text as it is written.
fn without_plain_personal_data(text: &str, roles: &RoleMailboxes) -> (String, Removed) {
    let mut removed = Removed::default();
    let mut kept = String::with_capacity(text.len());
    // Everything before this is in `kept`.
    let mut done = 0;
    let mut at = 0;
    let bytes = text.as_bytes();
    let telephone_cells = LazyCell::new(|| tables::telephone_cells(text));
    let has_spaced = mail::may_be_spaced(text);
    while let Some(start) = next_start(bytes, at, has_spaced) {
        at = start;
        let byte = bytes[at];
        // Numbers go by groups: what is none from its start is none from its middle.
        let mut passed = at + 1;
        let found = match byte {
            b'-' | b'[' if cloudflare::may_start(&text[at..]) => {
                cloudflare::find(text, done, at, roles).map(|found| (found, true))
            }
            b'{' if template::may_start(&text[at..]) => template::find(text, at, roles).map(|found| (found, true)),
            b'@' | b'&' | b'[' | b'(' | b'{' | b'%' | b' ' | b'_' | b'-' | 0xEF if mail::may_start(&text[at..]) => {
                mail::find(text, done, at, roles).map(|found| (found, true))
            }
            b'0'..=b'9' | b'+' | b'(' => {
                let (found, end) = telephone::find(text, done, at, &telephone_cells);
                passed = end.max(passed);
                found.map(|found| (found, false))
            }
            _ => None,
        };
        let Some((Found { range, is }, is_mail)) = found else {
            at = passed;
            continue;
        };
        if is_mail {
            removed.mail_addresses += 1;
        } else {
            removed.telephone_numbers += 1;
        }
        kept.push_str(&text[done..range.start]);
        done = range.end;
        at = range.end;
        match is {
            Held::Target => unlink(&mut kept),
            Held::Text if !kept.ends_with(OMISSION) => kept.push_str(OMISSION),
            Held::Text | Held::Attribute => {}
            Held::Link(label) => {
                let (label, more) = without_personal_data(&text[label], roles);
                kept.push_str(&label);
                removed.add(more);
            }
        }
        drop_scheme(&mut kept);
    }
    kept.push_str(&text[done..]);
    (kept, removed)
}

/// How long the target of a link or what it holds may be.
const LONGEST_REST: usize = 2_000;

/// Widens the range of an address to the link target (`](mailto:…)`), the link of HTML or the angle brackets that hold it alone.
fn with_target(text: &str, from: usize, range: Range<usize>, scheme: &str) -> Found {
    let before = &text[from..range.start];
    let (before, has_scheme) = before.strip_suffix(scheme).map_or((before, false), |shorter| (shorter, true));
    let start = from + before.len();
    let rest = &text[range.end..text.floor_char_boundary(range.end + LONGEST_REST)];
    // Some write the address alone where its scheme ought to stand.
    if (has_scheme || rest.starts_with(')'))
        && let Some(opening) = before.strip_suffix("](").or_else(|| before.strip_suffix("](<"))
        && let Some(length) = rest.find(')')
        && !rest[..length].contains(['\n', '('])
    {
        return Found { range: from + opening.len()..range.end + length + 1, is: Held::Target };
    }
    if has_scheme
        && let Some(quote) = before.chars().next_back().filter(|last| "\"'".contains(*last))
        && before[..before.len() - 1].ends_with('=')
        && let Some(length) = rest.find(quote)
    {
        let target = start..range.end + length;
        return html_link(text, from, &target).unwrap_or(Found { range: target, is: Held::Attribute });
    }
    if has_scheme
        && before.ends_with('=')
        && let Some(found) = html_link(text, from, &(start..range.end))
    {
        return found;
    }
    if before.ends_with('<') && rest.starts_with('>') {
        return Found { range: start - 1..range.end + 1, is: Held::Text };
    }
    Found { range: start..range.end, is: Held::Text }
}

/// Widens the range of a mailbox to the address of the web that it is a part of, where that is the target of a link or a picture, or
/// an attribute of HTML: without it the address leads nowhere.
fn with_address(text: &str, from: usize, range: &Range<usize>) -> Option<Found> {
    let before = &text[text.ceil_char_boundary(range.start.saturating_sub(LONGEST_REST)).max(from)..range.start];
    let rest = &text[range.end..text.floor_char_boundary(range.end + LONGEST_REST)];
    let is_of_address = |part: &str| !part.contains(|sign: char| sign.is_whitespace() || "<>\"'".contains(sign));
    let begun = before.rfind(|sign: char| sign.is_whitespace() || "<>\"'()".contains(sign))?;
    let opening = before[begun..].chars().next()?;
    let address = &before[begun + opening.len_utf8()..];
    if !address.contains('/') {
        return None;
    }
    let start = range.start - address.len();
    if opening == '(' && before[..begun].ends_with(']') {
        let length = rest.find(')').filter(|length| is_of_address(&rest[..*length]))?;
        return Some(Found { range: start - "](".len()..range.end + length + 1, is: Held::Target });
    }
    let is_quote = matches!(opening, '"' | '\'') && before[..begun].ends_with('=');
    let length = rest.find(opening).filter(|length| is_quote && is_of_address(&rest[..*length]))?;
    let target = start..range.end + length;
    Some(html_link(text, from, &target).unwrap_or(Found { range: target, is: Held::Attribute }))
}

/// The link of HTML that leads to a target: `<a href="…">écrire</a>`.
fn html_link(text: &str, from: usize, target: &Range<usize>) -> Option<Found> {
    let nearest = text.ceil_char_boundary(target.start.saturating_sub(LONGEST_REST)).max(from);
    let opening = nearest + text[nearest..target.start].rfind('<')?;
    let is_link = |tag: &str| tag.to_ascii_lowercase().starts_with("<a") && tag[2..].starts_with(char::is_whitespace);
    if !is_link(&text[opening..target.start]) || text[opening..target.start].contains('>') {
        return None;
    }
    let rest = &text[target.end..text.floor_char_boundary(target.end + LONGEST_REST)];
    let label = target.end + rest.find('>')? + 1;
    let rest = text[label..text.floor_char_boundary(label + LONGEST_REST)].to_ascii_lowercase();
    let length = rest.find("</a>").filter(|length| !rest[..*length].contains("<a "))?;
    Some(Found { range: opening..label + length + "</a>".len(), is: Held::Link(label..label + length) })
}

/// Takes away the scheme that stands before what was taken out: `mailto: […]`.
fn drop_scheme(kept: &mut String) {
    let Some(before) = kept.strip_suffix(OMISSION) else { return };
    if let Some(before) = before.trim_end_matches(' ').strip_suffix("mailto:") {
        kept.truncate(before.len());
        kept.push_str(OMISSION);
    }
}

/// Makes a link whose target was taken away its label alone: what was written so far ends with `[label`.
fn unlink(kept: &mut String) {
    /// How long a label may be, in bytes.
    const LONGEST_LABEL: usize = 2_000;
    let mut depth = 0_usize;
    let from = kept.ceil_char_boundary(kept.len().saturating_sub(LONGEST_LABEL));
    let opening = kept[from..].char_indices().rev().find(|(_, character)| match character {
        ']' => {
            depth += 1;
            false
        }
        '[' if depth == 0 => true,
        '[' => {
            depth -= 1;
            false
        }
        _ => false,
    });
    if let Some((index, _)) = opening {
        kept.remove(from + index);
        // Of a picture its words stay.
        if kept[..from + index].ends_with('!') {
            kept.remove(from + index - 1);
        }
    }
}

#[cfg(test)]
mod tests;
