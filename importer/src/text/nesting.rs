//! HTML whose elements are closed where they belong and stand no deeper in one another than a reader needs.
//!
//! The HTML parser mends whatever it is given, and takes time with the square of the depth for it: two hundred kilobytes of `<div>` are
//! minutes. What it gets from here needs no mending: every element is ended, the inner before the outer, and tags beyond the limit
//! are left out, with their text kept.

use super::raw_html::Tag;
use super::sanitiser::UNREAD;

/// So many elements may stand in one another.
const DEEPEST: usize = 100;

/// Elements that hold nothing, and are over at once.
const EMPTY: &[&str] =
    &["area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// Of the elements that go whole, those whose end the parser looks for up to the end of the text.
const UNTIL_THE_END: &[&str] = &["script", "style", "template"];

/// Elements in which tags would be text, or would not count: they go, their content stays.
const TRANSPARENT: &[&str] = &[
    "body",
    "frameset",
    "head",
    "html",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "select",
    "textarea",
    "title",
    "xmp",
];

/// Elements that begin a new block, and so end a paragraph.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

/// Elements that end an element of these names where one is open, unless one of those stands between.
const ENDS: &[(&[&str], &[&str], &[&str])] = &[
    (&["li"], &["li"], &["ul", "ol", "menu", "dir"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl"]),
    (&["td", "th"], &["td", "th"], &["table", "tr"]),
    (&["tr"], &["tr"], &["table"]),
    (&["thead", "tbody", "tfoot"], &["thead", "tbody", "tfoot"], &["table"]),
    (BLOCKS, &["p"], BLOCKS_THAT_HOLD),
];

/// Elements in which a paragraph of its own may begin while one is open outside.
const BLOCKS_THAT_HOLD: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "li",
    "main",
    "nav",
    "object",
    "ol",
    "section",
    "table",
    "td",
    "th",
    "ul",
];

/// HTML that needs no mending.
pub(super) fn bounded(html: &str) -> String {
    let mut nesting = Nesting { kept: String::with_capacity(html.len()), open: Vec::new() };
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        nesting.kept.push_str(&rest[..start]);
        rest = nesting.markup(&rest[start..]);
    }
    nesting.kept.push_str(rest);
    nesting.end_down_to(0);
    nesting.kept
}

struct Nesting {
    kept: String,
    /// The names of what is open, the outer first.
    open: Vec<String>,
}

impl Nesting {
    /// Takes what a text starts with: a tag, a comment, or a sign that is neither. Gives what comes after it.
    fn markup<'t>(&mut self, text: &'t str) -> &'t str {
        if let Some(comment) = text.strip_prefix("<!--") {
            return comment.split_once("-->").map_or("", |(_, after)| after);
        }
        let second = text[1..].chars().next();
        let is_remark = matches!(second, Some('!' | '?'))
            || second == Some('/') && !text[2..].starts_with(|first: char| first.is_ascii_alphabetic());
        if is_remark {
            return text.split_once('>').map_or("", |(_, after)| after);
        }
        let Some(tag) = Tag::read(text) else {
            self.kept.push_str("&lt;");
            return &text[1..];
        };
        let (whole, after) = text.split_at(tag.length);
        let name = full_name(whole);
        if UNREAD.contains(&name.as_str()) {
            return if tag.is_end || whole.ends_with("/>") { after } else { past_end(after, &name) };
        }
        if TRANSPARENT.contains(&name.as_str()) {
            return after;
        }
        if tag.is_end {
            if let Some(at) = self.open.iter().rposition(|open| *open == name) {
                self.end_down_to(at);
            }
        } else {
            self.start(name, whole);
        }
        after
    }

    fn start(&mut self, name: String, whole: &str) {
        for (starting, ended, barriers) in ENDS {
            if starting.contains(&name.as_str()) {
                let nearest =
                    self.open.iter().rposition(|open| ended.contains(&open.as_str()) || barriers.contains(&open.as_str()));
                if let Some(at) = nearest.filter(|at| ended.contains(&self.open[*at].as_str())) {
                    self.end_down_to(at);
                }
            }
        }
        if EMPTY.contains(&name.as_str()) {
            self.kept.push_str(whole);
        } else if self.open.len() < DEEPEST {
            self.kept.push_str(whole);
            self.open.push(name);
        }
    }

    /// Ends what is open, the inner first, until so much is left.
    fn end_down_to(&mut self, left: usize) {
        for name in self.open.drain(left..).rev() {
            self.kept.push_str("</");
            self.kept.push_str(&name);
            self.kept.push('>');
        }
    }
}

/// The name of a tag as the parser reads it: up to a space, a slash or the end.
fn full_name(tag: &str) -> String {
    let name = tag.trim_start_matches('<').trim_start_matches('/');
    let end = name.find(|character: char| character.is_ascii_whitespace() || "/>".contains(character)).unwrap_or(name.len());
    name[..end].to_ascii_lowercase()
}

/// What comes after the end of an element whose content goes with it. Where it has no end, that is nothing, or all, as in the parser.
fn past_end<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        let is_it = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_it && after[name.len()..].starts_with(|next: char| next.is_ascii_whitespace() || "/>".contains(next)) {
            return after.split_once('>').map_or("", |(_, after)| after);
        }
        rest = after;
    }
    if UNTIL_THE_END.contains(&name) { "" } else { text }
}

#[cfg(test)]
mod tests {
    use super::bounded;

    #[test]
    fn elements_are_ended_where_they_belong() {
        for (html, expected) in [
            ("<p>a</p>", "<p>a</p>"),
            ("<b>a", "<b>a</b>"),
            ("<p><b>a</p><p>b</p>", "<p><b>a</b></p><p>b</p>"),
            ("<i><b>a</i>b</b>", "<i><b>a</b></i>b"),
            ("</div>a</x>", "a"),
            ("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"),
            ("<p>a<div>b<p>c", "<p>a</p><div>b<p>c</p></div>"),
            ("<p>a<br>b<hr>c", "<p>a<br>b</p><hr>c"),
            ("<custom-a>x</custom>y</custom-a>", "<custom-a>xy</custom-a>"),
            ("a < b <3 c", "a &lt; b &lt;3 c"),
            ("a<!-- </div> -->b<!-- c", "ab"),
            ("a<!DOCTYPE html>b<?php x ?>c</ d>e", "abce"),
            ("a<script>if (a</b>c) </SCRIPT >b", "ab"),
            ("a<svg><title>b</title></svg>c", "ac"),
            // Without an end they go, and not the rest of the text.
            ("a<svg viewBox='0 0 1 1'/>b<p>c</p>", "ab<p>c</p>"),
            ("a<svg><title>b</title><p>c</p>", "ab<p>c</p>"),
            ("a<noscript><b>c", "a<b>c</b>"),
            ("a<style>b", "a"),
            ("<textarea><b>a</textarea>b", "<b>ab</b>"),
            ("<a href='x>y'>z</a>", "<a href='x>y'>z</a>"),
        ] {
            assert_eq!(bounded(html), expected, "{html}");
        }
    }

    #[test]
    fn tags_beyond_the_deepest_are_left_out() {
        for (open, leak) in
            [("<div>", ""), ("<blockquote>", "</p>"), ("<div><table><tr><td></div>", "</table>"), ("<p><font>", "</p>")]
        {
            let html = format!("{open}a{leak}").repeat(50_000);
            let bounded = bounded(&html);
            let (mut depth, mut deepest) = (0_usize, 0);
            for tag in bounded.match_indices('<') {
                depth = if bounded[tag.0..].starts_with("</") { depth - 1 } else { depth + 1 };
                deepest = deepest.max(depth);
            }
            assert!(depth == 0 && deepest <= super::DEEPEST, "{open}: {depth} {deepest}");
            assert_eq!(bounded.matches('a').count() - bounded.matches("table").count(), 50_000, "{open}");
        }
    }
}
