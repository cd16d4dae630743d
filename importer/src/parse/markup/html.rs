//! Among HTML: comments, components of MDX, and attributes that hold expressions.

use std::sync::LazyLock;

use regex::Regex;

use super::arguments::Arguments;
use super::ends::within;

/// How long a tag may be, in bytes.
const LONGEST_TAG: usize = 4 << 10;

/// Something that a `<` starts.
pub(super) struct Found {
    /// Its length in bytes.
    pub(super) length: usize,
    pub(super) what: What,
}

pub(super) enum What {
    /// These words stand in its place.
    Words(String),
    /// A component opens, or stands alone.
    Opening(String, Arguments),
    /// A component ends.
    Closing(String),
}

/// Whether a text may hold a component, or a tag with expressions.
pub(super) fn may_hold_components(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).any(|at| bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase))
}

/// A text that is a page of HTML, without what only a browser reads of it.
pub fn without_head(text: &str) -> &str {
    let start = text.trim_start();
    let is_page = |name: &str| start.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
    if !is_page("<!doctype html") && !is_page("<html") {
        return text;
    }
    let end = "</head>";
    let found = text.as_bytes().windows(end.len()).position(|part| part.eq_ignore_ascii_case(end.as_bytes()));
    found.map_or(text, |at| &text[at + end.len()..])
}

/// Reads what starts here, if it is one of these.
pub(super) fn read(text: &str, is_mdx: bool) -> Option<Found> {
    for fragment in ["<>", "</>"] {
        if is_mdx && text.starts_with(fragment) {
            return Some(Found { length: fragment.len(), what: What::Words(String::new()) });
        }
    }
    let after = text.strip_prefix("</").or_else(|| text.strip_prefix('<'))?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let name_length = after.bytes().take_while(|byte| is_name(byte)).count();
    let name = &after[..name_length];
    let is_component = name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.contains(|character: char| character.is_ascii_lowercase());
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    if text.starts_with("</") {
        let rest = after[name_length..].trim_start();
        let length = text.len() - rest.len() + 1;
        let is_closing = is_component && rest.starts_with('>');
        return is_closing.then(|| Found { length, what: What::Closing(name.to_owned()) });
    }
    let attributes = &after[name_length..];
    let end = end_of_tag(attributes)?;
    let length = 1 + name_length + end + 1;
    let attributes = attributes[..end].trim_end_matches('/');
    if is_component {
        // `<Nom de la commune>` is a gap to fill in, not a component.
        let is_gap = !attributes.trim().is_empty() && !attributes.contains(['=', '{']) && !text[..length].ends_with("/>");
        let is_address = attributes.starts_with([':', '@']);
        let what = What::Opening(name.to_owned(), Arguments::parse(&without_expressions(attributes)));
        return (!is_gap && !is_address).then_some(Found { length, what });
    }
    let has_expressions = attributes.contains("={");
    let slash = if text[..length].ends_with("/>") { " /" } else { "" };
    has_expressions
        .then(|| Found { length, what: What::Words(format!("<{name}{}{slash}>", without_expressions(attributes).trim_end())) })
}

/// Where a tag ends, from after its name: outside quotes and braces.
fn end_of_tag(attributes: &str) -> Option<usize> {
    if !attributes.starts_with(|first: char| first.is_whitespace() || "/>".contains(first)) {
        return None;
    }
    let mut depth = 0_usize;
    let mut quote = None;
    for (index, byte) in within(attributes, LONGEST_TAG).bytes().enumerate() {
        match (byte, quote) {
            (_, Some(open)) => quote = Some(open).filter(|open| byte != *open),
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'{', None) => depth += 1,
            (b'}', None) => depth = depth.saturating_sub(1),
            (b'>', None) if depth == 0 => return Some(index),
            (b'<', None) if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Attributes whose values in braces are texts, or hold one: `src={require("./a.png")}`; the others are left out.
fn without_expressions(attributes: &str) -> String {
    let mut kept = String::with_capacity(attributes.len());
    let mut rest = attributes;
    while let Some(start) = rest.find("={") {
        let before = &rest[..start];
        let key_start = before.rfind(char::is_whitespace).map_or(0, |index| index + 1);
        let mut depth = 0_usize;
        let end = rest[start + 1..].char_indices().find_map(|(index, character)| {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0).then_some(start + 1 + index)
        });
        let Some(end) = end else { break };
        let (key, expression) = (&before[key_start..], &rest[start + 2..end]);
        let is_text = ["src", "href", "alt", "title", "caption", "label", "url", "to"].contains(&key);
        let literal = is_text.then(|| literal(expression)).flatten();
        kept.push_str(before[..key_start].trim_end());
        if let Some(literal) = literal {
            kept.extend([" ", key, "=\"", literal, "\""]);
        }
        rest = &rest[end + 1..];
    }
    kept.push_str(rest);
    kept
}

/// The first text in quotes that an expression holds.
fn literal(expression: &str) -> Option<&str> {
    let start = expression.find(['"', '\'', '`'])?;
    let quote = expression[start..].chars().next()?;
    let rest = &expression[start + 1..];
    rest.find(quote).map(|end| &rest[..end]).filter(|literal| !literal.contains('"') && !literal.contains("${"))
}

/// A tag that says that what it holds is Markdown, as kramdown understands it: how long it is, and the tag without that word.
pub fn without_markdown_attribute(text: &str) -> Option<(usize, String)> {
    /// How long a tag may be.
    const LONGEST: usize = 400;
    static ATTRIBUTE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"\smarkdown\s*=\s*(?:"(?:1|block|span)"|'(?:1|block|span)'|1\b)"#).expect("an expression"));
    if !text.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let tag = within(text, LONGEST);
    let tag = &tag[..=tag.find('>')?];
    let attribute = tag.contains("markdown").then(|| ATTRIBUTE.find(tag)).flatten()?;
    Some((tag.len(), format!("{}{}", &tag[..attribute.start()], &tag[attribute.end()..])))
}
