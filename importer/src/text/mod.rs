//! From the Markdown of a record to what is shown: worked out at answer time, so that a better renderer serves old records.
//!
//! | module | what it does |
//! |---|---|
//! | `destination` | resolves links and pictures to where they are at the commit that was read |
//! | `nesting` | ends elements where they belong, and bounds how deep they stand |
//! | `raw_html` | makes links of the pictures and frames among HTML |
//! | `sanitiser` | lets through what is harmless |

pub(crate) mod destination;
mod nesting;
pub(crate) mod raw_html;
mod sanitiser;

use std::borrow::Cow;

use maillage_graph_schema::model::{Language, Provenance};
use pulldown_cmark::{BlockQuoteKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use destination::Destinations;
use raw_html::RawHtml;

/// The level of the highest heading inside a section: the page has `h1`, the section `h2`.
const HIGHEST: usize = 3;

/// How Markdown is read everywhere: CommonMark with tables, footnotes, task lists, strikethrough, alerts and lists of definitions.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
}

/// What is known of a text beside its words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting<'a> {
    /// Its language: for the few words that are ours.
    pub language: Option<&'a Language>,
    /// Where it was read: what its links start from.
    pub origin: Option<&'a Provenance>,
}

/// Markdown as safe HTML: no scripts, no styles, nothing that the reader's machine would fetch by itself; headings from `h3` on;
/// links with `nofollow`, relative ones to the file at the commit that was read. A picture becomes a link to it, since showing
/// it would tell its host who reads.
pub fn html(markdown: &str, setting: Setting<'_>) -> String {
    let destinations = Destinations::of(setting.origin);
    let shift = highest_heading(markdown).map_or(0, |level| HIGHEST.saturating_sub(level));
    let events = Parser::new_ext(markdown, options()).map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower(level, shift), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level, shift))),
        Event::Start(Tag::BlockQuote(Some(kind))) => Event::Html(alert(kind, setting.language).into()),
        Event::End(TagEnd::BlockQuote(Some(_))) => Event::Html("</blockquote>\n".into()),
        event => event,
    });
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    let shown =
        Shown { events: events.peekable(), open: Vec::new(), html: RawHtml::default(), destinations: &destinations, name: None };
    pulldown_cmark::html::push_html(&mut unsafe_html, shown);
    sanitiser::clean(&nesting::bounded(&unsafe_html))
}

/// The start of an alert, with the word for it.
fn alert(kind: BlockQuoteKind, language: Option<&Language>) -> String {
    let language = language.map_or("en", |language| language.as_str());
    let [note, tip, important, warning, caution] = match language.split('-').next().unwrap_or_default() {
        "fr" => ["Note", "Conseil", "Important", "Avertissement", "Attention"],
        "de" => ["Hinweis", "Tipp", "Wichtig", "Warnung", "Vorsicht"],
        "es" => ["Nota", "Consejo", "Importante", "Advertencia", "Precaución"],
        "ca" => ["Nota", "Consell", "Important", "Advertència", "Precaució"],
        "it" => ["Nota", "Consiglio", "Importante", "Avvertenza", "Attenzione"],
        "nl" => ["Opmerking", "Tip", "Belangrijk", "Waarschuwing", "Let op"],
        "pt" => ["Nota", "Dica", "Importante", "Aviso", "Cuidado"],
        _ => ["Note", "Tip", "Important", "Warning", "Caution"],
    };
    let word = match kind {
        BlockQuoteKind::Note => note,
        BlockQuoteKind::Tip => tip,
        BlockQuoteKind::Important => important,
        BlockQuoteKind::Warning => warning,
        BlockQuoteKind::Caution => caution,
    };
    format!("<blockquote>\n<p><strong>{word}</strong></p>\n")
}

/// Markdown as plain text: what a list, a feed or an index shows.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    // A block of HTML comes line by line, and its tags may span lines.
    let mut html = String::new();
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::End(TagEnd::TableCell) => text.push(' '),
            Event::HardBreak
            | Event::Rule
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::DefinitionListTitle
                | TagEnd::DefinitionListDefinition
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::FootnoteDefinition,
            ) => text.push('\n'),
            // A block of HTML keeps its words: tags go, text stays.
            Event::Html(part) => html.push_str(&part),
            Event::End(TagEnd::HtmlBlock) => {
                text.push_str(&sanitiser::words(&nesting::bounded(&std::mem::take(&mut html))));
                text.push('\n');
            }
            _ => {}
        }
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lines.push(line);
    }
    lines.join("\n")
}

/// The words of a value, which a form may have written in HTML: a title with `&amp;`, a summary in `<p>`. What only looks like
/// HTML, `a < b` or `Vec<T>`, stays.
pub(crate) fn words(value: &str) -> Cow<'_, str> {
    const WITHIN_WORDS: &[&str] = &["a", "abbr", "b", "code", "em", "font", "i", "small", "span", "strong", "sub", "sup", "u"];
    let is_known = |tag: &raw_html::Tag<'_>| parts_words(&tag.name) || WITHIN_WORDS.contains(&tag.name.as_str());
    let tag_at = |at: usize| raw_html::Tag::read(&value[at..]).filter(is_known);
    if !value.match_indices('<').any(|(at, _)| tag_at(at).is_some())
        && !value.match_indices('&').any(|(at, _)| is_entity(&value[at..]))
    {
        return Cow::Borrowed(value);
    }
    let mut html = String::with_capacity(value.len() + 16);
    let mut done = 0;
    for (at, _) in value.match_indices('<') {
        if at < done {
            continue;
        }
        html.push_str(&value[done..at]);
        let Some(tag) = tag_at(at) else {
            html.push_str("&lt;");
            done = at + 1;
            continue;
        };
        // Words of different paragraphs are different words.
        if parts_words(&tag.name) {
            html.push(' ');
        }
        html.push_str(&value[at..at + tag.length]);
        done = at + tag.length;
    }
    html.push_str(&value[done..]);
    let words = sanitiser::words(&nesting::bounded(&html));
    Cow::Owned(words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a tag of HTML parts the words beside it.
pub(crate) fn parts_words(tag: &str) -> bool {
    /// What does so beside the blocks of a page.
    const APART: &[&str] = &["audio", "br", "embed", "iframe", "img", "li", "object", "tbody", "td", "th", "tr", "video"];
    [nesting::BLOCKS, APART].iter().any(|names| names.contains(&tag))
}

/// Whether a text holds links, pictures, code or emphasis in Markdown.
pub(crate) fn has_marks(text: &str) -> bool {
    let marks = |event: &Event<'_>| {
        matches!(
            event,
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
                | Event::Code(_)
        )
    };
    text.contains(['*', '_', '[', '`', '~', '<']) && Parser::new_ext(text, options()).any(|event| marks(&event))
}

/// Whether a text begins with what looks like the entity of a character.
fn is_entity(text: &str) -> bool {
    let name = text[1..].split(';').next().unwrap_or_default();
    let is_ended = text.len() > 1 + name.len();
    is_ended && (2..=12).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
}

fn highest_heading(markdown: &str) -> Option<usize> {
    Parser::new_ext(markdown, options())
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
            _ => None,
        })
        .min()
}

fn lower(level: HeadingLevel, shift: usize) -> HeadingLevel {
    HeadingLevel::try_from((level as usize + shift).min(6)).unwrap_or(HeadingLevel::H6)
}

/// The events of a text as it is shown: links lead where they lead from here, pictures are links to them with their alternative
/// text, a picture inside a link leaves only its text, and what leads nowhere is its label alone.
struct Shown<'a, 'd, I: Iterator<Item = Event<'a>>> {
    events: std::iter::Peekable<I>,
    /// For each link or picture that is open, whether it is written as a link.
    open: Vec<bool>,
    html: RawHtml,
    destinations: &'d Destinations,
    /// What a link says that was just opened and says nothing itself.
    name: Option<String>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Shown<'a, '_, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(name) = self.name.take() {
            return Some(Event::Text(name.into()));
        }
        Some(match self.events.next()? {
            Event::Start(Tag::Link { dest_url, title, .. }) => {
                let address = self.destinations.link(&dest_url);
                self.name_if_empty(&dest_url, address.is_some());
                self.opening(address, title)
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let address = self.destinations.picture(&dest_url);
                self.name_if_empty(&dest_url, address.is_some() || self.open.contains(&true));
                self.opening(address, title)
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if self.open.pop() == Some(true) {
                    Event::End(TagEnd::Link)
                } else {
                    nothing()
                }
            }
            Event::Html(first) => {
                // A tag may go over several lines, each of which is a piece.
                let mut whole = first.into_string();
                while let Some(Event::Html(more)) = self.events.peek() {
                    whole.push_str(more);
                    self.events.next();
                }
                Event::Html(self.html.rewrite(&whole, self.destinations).into())
            }
            Event::InlineHtml(piece) => Event::InlineHtml(self.html.rewrite(&piece, self.destinations).into()),
            event => event,
        })
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Shown<'a, '_, I> {
    /// A link that says nothing could be neither seen nor read out: it says where it leads.
    fn name_if_empty(&mut self, written: &str, leads_somewhere: bool) {
        let is_empty = matches!(self.events.peek(), Some(Event::End(TagEnd::Link | TagEnd::Image)));
        self.name = (is_empty && leads_somewhere).then(|| name_of(written));
    }

    fn opening(&mut self, address: Option<String>, title: CowStr<'a>) -> Event<'a> {
        let address = address.filter(|_| !self.open.contains(&true));
        self.open.push(address.is_some());
        address.map_or_else(nothing, |address| {
            Event::Start(Tag::Link {
                link_type: pulldown_cmark::LinkType::Inline,
                dest_url: address.into(),
                title,
                id: CowStr::Borrowed(""),
            })
        })
    }
}

/// What an address is called where nobody says it: the name of the file, or the host.
fn name_of(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = destination::decoded(name);
    if name.trim().is_empty() { address.to_owned() } else { name }
}

fn nothing<'a>() -> Event<'a> {
    Event::Text(CowStr::Borrowed(""))
}

#[cfg(test)]
mod tests;
