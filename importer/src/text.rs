//! From the Markdown of a record to what is shown: worked out at answer time, so that a better renderer serves old records.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The level of the highest heading inside a section: the page has `h1`, the section `h2`.
const HIGHEST: usize = 3;

/// How Markdown is read everywhere: CommonMark with tables, footnotes, task lists and strikethrough.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH
}

/// Markdown as safe HTML: no scripts, no styles, nothing that the reader's machine would fetch by itself; headings from `h3` on;
/// links with `nofollow`. A picture becomes a link to it, since showing it would tell its host who reads.
pub fn html(markdown: &str) -> String {
    let shift = highest_heading(markdown).map_or(0, |level| HIGHEST.saturating_sub(level));
    let lowered = Parser::new_ext(markdown, options()).map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => {
            Event::Start(Tag::Heading { level: lower(level, shift), id: None, classes: Vec::new(), attrs: Vec::new() })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level, shift))),
        event => event,
    });
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut unsafe_html, PicturesAsLinks { events: lowered, open: Vec::new() });
    SANITISER.clean(&unsafe_html).to_string()
}

/// Markdown as plain text: what a list, a feed or an index shows.
pub fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut in_html = false;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Text(part) | Event::Code(part) if !in_html => text.push_str(&part),
            Event::SoftBreak | Event::End(TagEnd::TableCell) => text.push(' '),
            Event::Start(Tag::HtmlBlock) => in_html = true,
            Event::End(TagEnd::HtmlBlock) => in_html = false,
            Event::HardBreak
            | Event::Rule
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::FootnoteDefinition,
            ) => text.push('\n'),
            // A block of HTML keeps its words: tags go, text stays.
            Event::Html(part) => text.push_str(&words_of_html(&part)),
            _ => {}
        }
    }
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lines.push(line);
    }
    lines.join("\n")
}

fn words_of_html(html: &str) -> String {
    static NOTHING: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::empty();
        builder.clean_content_tags(HashSet::from(["script", "style"]));
        builder
    });
    let words = NOTHING.clean(html).to_string();
    words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
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

/// Turns pictures into links to them, with their alternative text; a picture inside a link leaves only its text.
struct PicturesAsLinks<I> {
    events: I,
    /// For each link or picture that is open, whether it is written as a link.
    open: Vec<bool>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for PicturesAsLinks<I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let event = self.events.next()?;
        Some(match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id } | Tag::Image { link_type, dest_url, title, id }) => {
                // What leads nowhere from here, such as a path in the partner's repository, is its label alone.
                let leads_somewhere = dest_url.starts_with("https://") || dest_url.starts_with("http://");
                let is_written = leads_somewhere && !self.open.contains(&true);
                self.open.push(is_written);
                if is_written { Event::Start(Tag::Link { link_type, dest_url, title, id }) } else { nothing() }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if self.open.pop() == Some(true) {
                    Event::End(TagEnd::Link)
                } else {
                    nothing()
                }
            }
            event => event,
        })
    }
}

fn nothing<'a>() -> Event<'a> {
    Event::Text(CowStr::Borrowed(""))
}

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "caption",
            "cite",
            "code",
            "dd",
            "del",
            "details",
            "dfn",
            "div",
            "dl",
            "dt",
            "em",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "input",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "section",
            "small",
            "strong",
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::from(["lang", "title"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("input", HashSet::from(["checked", "disabled"])),
            ("ol", HashSet::from(["start"])),
            ("th", HashSet::from(["colspan", "rowspan", "scope"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
        ]))
        // Check boxes of task lists, and nothing that can be typed into.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(HashSet::from(["http", "https"]))
        // An address without its site leads nowhere here.
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
});

#[cfg(test)]
mod tests {
    use super::{html, plain};

    #[test]
    fn markdown_becomes_safe_html() {
        let rel = "rel=\"nofollow noopener noreferrer\"";
        for (markdown, expected) in [
            ("Bonjour *Agen*", "<p>Bonjour <em>Agen</em></p>\n".to_owned()),
            ("# A\n\n## B", "<h3>A</h3>\n<h4>B</h4>\n".to_owned()),
            ("### A\n\n###### B", "<h3>A</h3>\n<h6>B</h6>\n".to_owned()),
            ("[a](https://a.fr)", format!("<p><a href=\"https://a.fr\" {rel}>a</a></p>\n")),
            ("[a](javascript:alert(1))", "<p>a</p>\n".to_owned()),
            ("[a](autre.md)", "<p>a</p>\n".to_owned()),
            ("a<script>alert(1)</script>b", "<p>ab</p>\n".to_owned()),
            ("<p style=\"color:red\" onclick=\"x()\" class=\"big\">a</p>", "<p>a</p>".to_owned()),
            ("<iframe src=\"https://a.fr\"></iframe>\n\nb", "\n<p>b</p>\n".to_owned()),
            ("![plan](https://a.fr/p.png)", format!("<p><a href=\"https://a.fr/p.png\" {rel}>plan</a></p>\n")),
            ("[![plan](https://a.fr/p.png)](https://a.fr)", format!("<p><a href=\"https://a.fr\" {rel}>plan</a></p>\n")),
            ("<img src=\"https://a.fr/p.png\" alt=\"x\">", String::new()),
        ] {
            assert_eq!(html(markdown), expected, "{markdown}");
        }
    }

    #[test]
    fn tables_and_task_lists_are_kept() {
        assert!(html("| a | b |\n|---|---|\n| 1 | 2 |").contains("<td>1</td>"));
        let tasks = html("- [x] fait\n- [ ] à faire");
        assert!(tasks.contains("type=\"checkbox\"") && tasks.contains("checked"), "{tasks}");
    }

    #[test]
    fn plain_text_keeps_the_words() {
        for (markdown, expected) in [
            ("# Titre\n\nUn *mot* et [un lien](https://a.fr).\n\n- a\n- b", "Titre\nUn mot et un lien.\na\nb"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a b\n1 2"),
            ("<div><b>gras</b> &amp; <script>x()</script>net</div>", "gras & net"),
            ("a\nb  \nc", "a b\nc"),
            ("`code`", "code"),
        ] {
            assert_eq!(plain(markdown), expected, "{markdown}");
        }
    }
}
