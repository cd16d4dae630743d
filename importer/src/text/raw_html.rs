//! HTML that stands in a text, before it is sanitised: pictures and frames become links, headings go below ours.

use super::HIGHEST;
use super::destination::Destinations;

/// How long a tag may be, in bytes.
const LONGEST_TAG: usize = 8 << 10;

/// Goes through the HTML of a text, piece by piece.
#[derive(Debug, Default)]
pub(super) struct RawHtml {
    /// Whether a link is open, which may hold no other.
    is_in_link: bool,
}

impl RawHtml {
    /// A piece of HTML as it is handed to the sanitiser.
    pub(super) fn rewrite(&mut self, html: &str, destinations: &Destinations) -> String {
        let mut kept = String::with_capacity(html.len());
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            kept.push_str(&rest[..start]);
            rest = &rest[start..];
            let Some(tag) = Tag::read(rest) else {
                kept.push('<');
                rest = &rest[1..];
                continue;
            };
            match self.replaced(&tag, destinations) {
                Some(words) => kept.push_str(&words),
                None => kept.push_str(&rest[..tag.length]),
            }
            rest = &rest[tag.length..];
        }
        kept.push_str(rest);
        kept
    }

    /// What stands for a tag; `None` if it stays as it is.
    fn replaced(&mut self, tag: &Tag<'_>, destinations: &Destinations) -> Option<String> {
        match tag.name.as_str() {
            "a" if tag.is_end => {
                self.is_in_link = false;
                None
            }
            "a" => {
                let address = tag.attribute("href").and_then(|address| destinations.link(&address));
                self.is_in_link = address.is_some();
                Some(address.map_or_else(|| "<a>".to_owned(), |address| format!("<a href=\"{}\">", escaped(&address))))
            }
            "img" => {
                let source = tag.attribute("src").unwrap_or_default();
                // Of a picture whose alternative text is empty its author says that it tells nothing.
                let words = tag.attribute("alt").or_else(|| tag.attribute("title")).unwrap_or_else(|| super::name_of(&source));
                let address = tag.attribute("src").and_then(|address| destinations.picture(&address));
                Some(self.link(address, &words))
            }
            "iframe" | "embed" | "video" | "audio" | "source" | "object" if !tag.is_end => {
                let address = tag.attribute("src").or_else(|| tag.attribute("data"));
                let address = address.and_then(|address| destinations.picture(&address))?;
                let host = address.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned();
                let words = tag.attribute("title").filter(|title| !title.trim().is_empty()).unwrap_or(host);
                Some(self.link(Some(address), &words))
            }
            // What is filled in there leads nowhere here.
            "input" => Some(String::new()),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = tag.name[1..].parse::<usize>().unwrap_or(HIGHEST).max(HIGHEST);
                Some(format!("<{}h{level}>", if tag.is_end { "/" } else { "" }))
            }
            _ => None,
        }
    }

    fn link(&self, address: Option<String>, words: &str) -> String {
        let words = escaped(words.trim());
        match address.filter(|_| !self.is_in_link && !words.is_empty()) {
            Some(address) => format!("<a href=\"{}\">{words}</a>", escaped(&address)),
            None => words,
        }
    }
}

/// A tag of HTML.
pub(crate) struct Tag<'t> {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) is_end: bool,
    attributes: &'t str,
    pub(crate) length: usize,
}

impl<'t> Tag<'t> {
    /// Reads the tag that a text starts with.
    pub(crate) fn read(text: &'t str) -> Option<Self> {
        let after = text.strip_prefix('<')?;
        let (is_end, after) = after.strip_prefix('/').map_or((false, after), |after| (true, after));
        let name_length = after.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = after[..name_length].to_ascii_lowercase();
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return None;
        }
        let rest = &after[name_length..];
        let window = &rest[..rest.floor_char_boundary(LONGEST_TAG)];
        window.find('>')?;
        let mut quote = None;
        let mut after_sign = false;
        let end = window.bytes().position(|byte| {
            match (byte, quote) {
                (_, Some(open)) => quote = Some(open).filter(|open| byte != *open),
                // A quote opens a value only where one begins.
                (b'"' | b'\'', None) if after_sign => quote = Some(byte),
                (b'>', None) => return true,
                _ => {}
            }
            after_sign = byte == b'=' || after_sign && byte.is_ascii_whitespace();
            false
        })?;
        let length = text.len() - after.len() + name_length + end + 1;
        Some(Self { name, is_end, attributes: &rest[..end], length })
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.written(name).map(unescaped)
    }

    /// The value of an attribute, as it is written.
    pub(crate) fn written(&self, name: &str) -> Option<&'t str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|character: char| character.is_ascii_whitespace() || character == '/');
            if rest.is_empty() {
                return None;
            }
            let end =
                rest.find(|character: char| character.is_ascii_whitespace() || "=/".contains(character)).unwrap_or(rest.len());
            let key = &rest[..end];
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|first| "\"'".contains(*first));
                (value, rest) = if let Some(quote) = quote {
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                } else {
                    after.split_at(after.find(|character: char| character.is_ascii_whitespace()).unwrap_or(after.len()))
                };
            } else if key.is_empty() {
                rest = rest.get(1..).unwrap_or_default();
            }
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
        }
    }
}

/// A text as HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The text that HTML stands for, as far as its most common entities go.
pub(crate) fn unescaped(html: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#34;", "\""), ("&nbsp;", "\u{a0}")];
    // The sign itself comes last: what it stands before is no entity.
    entities.iter().fold(html.to_owned(), |text, (entity, sign)| text.replace(entity, sign)).replace("&amp;", "&")
}
