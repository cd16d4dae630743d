//! Takes the syntax of templates out of a text and keeps what it says: Liquid and Jinja, shortcodes of Hugo, blocks of `GitBook`,
//! MDX, attributes of kramdown, wiki links, comments. Code stays as it is.
//!
//! | module | what it reads |
//! |---|---|
//! | `blocks` | what is told by whole lines |
//! | `tags` | what is kept of a tag |
//! | `arguments` | what stands inside a tag |
//! | `html` | components, comments and attributes among HTML |
//! | `ends` | where tags end |
//! | `wordpress` | shortcodes of `WordPress` |

mod arguments;
mod blocks;
mod ends;
mod html;
mod tags;
mod wordpress;

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

pub use html::without_head;
pub(in crate::parse) use tags::{is_picture, linked};

use arguments::Arguments;
pub(super) use blocks::{Fences, closes, fence};
use ends::{Closings, Ends, Syntax, inside, within};
use tags::Content;

use super::signs::{Signs, searcher};

/// How much before an attribute, and after it, is looked at, in bytes.
const LONGEST_BEFORE: usize = 400;

/// How many tags of HTML are read in vain, of those that may be components or hold expressions.
const PATIENCE: usize = 10_000;

/// How many open tags are looked through for the one that a tag closes.
const DEEPEST: usize = 64;

/// What templates begin with, beside components.
static SIGNS: Signs = Signs::of(|| searcher(&["<!--", "[[", " markdown=", "%%", "=="]));

/// A text in Markdown alone.
pub fn without_templates<'t>(text: &'t str, path: &str) -> Cow<'t, str> {
    let text = wordpress::without_shortcodes(text);
    let (text, is_mdx) = if blocks::are_in(&text) || is_mdx_file(path) {
        let (text, is_mdx) = blocks::plain(&text, path);
        (Cow::Owned(text), is_mdx)
    } else {
        (text, false)
    };
    if text.contains('{') || SIGNS.are_in(&text) || html::may_hold_components(&text) {
        Cow::Owned(Stripper::of(&text, is_mdx).run())
    } else {
        text
    }
}

fn is_mdx_file(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("mdx"))
}

/// Goes through a text once, from left to right.
struct Stripper<'t> {
    text: &'t str,
    is_mdx: bool,
    kept: String,
    /// Everything before this is in `kept`, or was left out.
    done: usize,
    at: usize,
    /// Tags that are open, with what follows the one that closes each.
    open: Vec<(String, String)>,
    /// How many tags of HTML may still be followed to where none ends.
    patience: usize,
    ends: Ends<'t>,
    closings: Closings,
}

impl<'t> Stripper<'t> {
    fn of(text: &'t str, is_mdx: bool) -> Self {
        let (ends, closings) = (Ends::of(text), Closings::of(text));
        Self {
            text,
            is_mdx,
            kept: String::with_capacity(text.len()),
            done: 0,
            at: 0,
            open: Vec::new(),
            patience: PATIENCE,
            ends,
            closings,
        }
    }

    fn run(mut self) -> String {
        self.skip_code_block();
        while let Some(byte) = self.text.as_bytes().get(self.at).copied() {
            let is_done = match byte {
                b'\n' => {
                    self.at += 1;
                    self.skip_code_block();
                    continue;
                }
                b'\\' => {
                    self.at += 2;
                    continue;
                }
                b'`' => {
                    self.skip_code();
                    continue;
                }
                b'{' => self.braces(),
                b'<' => self.angle_bracket(),
                b'[' => self.wiki_link(),
                b'%' => self.comment_of_vault(),
                b'=' => self.highlight(),
                _ => false,
            };
            self.at += usize::from(!is_done);
        }
        self.at = self.text.len();
        self.replace(self.at, "");
        self.kept
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// At the start of a line: passes over a block of code.
    fn skip_code_block(&mut self) {
        let rest = self.rest();
        let first = rest.split('\n').next().unwrap_or_default();
        let Some((character, length, _)) = blocks::fence(first) else { return };
        let mut end = self.at + first.len();
        for line in rest.split('\n').skip(1) {
            end += 1 + line.len();
            if blocks::closes(line, (character, length)) {
                self.at = end;
                return;
            }
        }
        self.at = self.text.len();
    }

    /// Passes over code within a text, or over backticks that enclose nothing.
    fn skip_code(&mut self) {
        let rest = self.rest();
        let run = rest.bytes().take_while(|byte| *byte == b'`').count();
        let content = within(&rest[run..], ends::LONGEST_TAG);
        let content = content.split("\n\n").next().unwrap_or_default();
        let mut from = 0;
        while let Some(start) = content[from..].find('`').map(|index| from + index) {
            let length = content[start..].bytes().take_while(|byte| *byte == b'`').count();
            if length == run {
                self.at += run + start + length;
                return;
            }
            from = start + length;
        }
        self.at += run;
    }

    /// Puts words in the place of everything up to there.
    fn replace(&mut self, end: usize, words: &str) {
        self.kept.push_str(&self.text[self.done..self.at]);
        self.kept.push_str(words);
        self.done = end;
        self.at = end;
    }

    /// What starts with a brace.
    fn braces(&mut self) -> bool {
        let rest = self.rest();
        let syntax = [Syntax::Shortcode, Syntax::MarkdownShortcode, Syntax::Liquid];
        if let Some(syntax) = syntax.into_iter().find(|syntax| rest.starts_with(syntax.start())) {
            return self.tag(syntax);
        }
        let is_comment = rest.starts_with("{#") && rest[2..].starts_with(char::is_whitespace);
        let comment = if is_comment { Some("#}") } else { rest.starts_with("{/*").then_some("*/}") };
        if let Some(end) = comment {
            let Some(found) = self.ends.next(self.at, end) else { return false };
            self.replace(found + end.len(), "");
            return true;
        }
        if rest.starts_with("{{") {
            return self.expression();
        }
        self.attributes() || (self.is_mdx && self.variable())
    }

    /// A tag that starts here.
    fn tag(&mut self, syntax: Syntax) -> bool {
        let (start, end) = (syntax.start(), syntax.end());
        let from = self.at + start.len();
        let Some(inner) = self.ends.next(from, end).and_then(|first| inside(&self.text[from..], first - from, end)) else {
            return false;
        };
        let end_of_tag = from + inner.len() + end.len();
        let inner = inner.trim_matches(['-', '~']).trim();
        // `{{</* … */>}}` shows a shortcode instead of using it.
        if let Some(shown) = inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")) {
            self.replace(end_of_tag, &format!("{start}{shown}{end}"));
            return true;
        }
        if let Some(name) = syntax.closed_name(inner) {
            let after = self.close(name);
            self.replace(end_of_tag, &after);
            return true;
        }
        let inner = inner.trim_end_matches('/');
        let split = inner.find(|character: char| character.is_whitespace() || character == '{').unwrap_or(inner.len());
        let (name, arguments) = inner.split_at(split);
        let closing = self.closings.of_name(syntax, name, end_of_tag);
        match (tags::content(name), closing) {
            (Content::Text, closing) => self.opening(name, Arguments::parse(arguments), closing.is_some(), end_of_tag),
            (_, None) => self.replace(end_of_tag, ""),
            (Content::Comment, Some((_, after))) => self.replace(after, ""),
            (Content::Verbatim, Some((start, after))) => {
                let content = &self.text[end_of_tag..start];
                self.replace(after, content);
            }
            (Content::Code, Some((start, after))) => {
                let language = arguments.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'']);
                let content = self.text[end_of_tag..start].trim_matches('\n');
                self.replace(after, &format!("\n```{language}\n{content}\n```\n"));
            }
        }
        true
    }

    /// A tag that holds text, or stands alone.
    fn opening(&mut self, name: &str, arguments: Arguments, is_closed: bool, end: usize) {
        let mut kept = tags::kept(name, arguments, is_closed);
        if !kept.before.is_empty() {
            self.forget_indent();
            if !is_closed && self.stands_in_html(end) {
                kept.before.insert(0, '\n');
                kept.after.push('\n');
            }
        }
        if is_closed {
            self.open.push((name.to_owned(), kept.after));
            self.replace(end, &kept.before);
        } else {
            self.replace(end, &(kept.before + &kept.after));
        }
    }

    /// Whether a tag stands alone on its line, beside a line of HTML in which Markdown would be shown as it is written.
    fn stands_in_html(&self, end: usize) -> bool {
        let before = &self.text[..self.at];
        let (above, margin) = before.rsplit_once('\n').unwrap_or(("", before));
        let (rest, below) = self.text[end..].split_once('\n').unwrap_or((&self.text[end..], ""));
        let is_html = |line: &str| line.trim_start().starts_with('<');
        let is_alone = margin.trim().is_empty() && rest.trim().is_empty();
        is_alone
            && (is_html(above.rsplit('\n').next().unwrap_or_default()) || is_html(below.split('\n').next().unwrap_or_default()))
    }

    /// What stands in the place of a tag is no code, however far the tag was indented.
    fn forget_indent(&mut self) {
        const MOST: usize = 3;
        let pending = &self.text[self.done..self.at];
        let margin = pending.len() - pending.trim_end_matches([' ', '\t']).len();
        let begins_line = pending.len() > margin && pending[..pending.len() - margin].ends_with('\n') || self.at == margin;
        if begins_line && (margin > MOST || pending.ends_with('\t')) {
            let at = self.at;
            self.at -= margin;
            self.replace(at, "   ");
        }
    }

    /// What follows the tag that closes this name.
    fn close(&mut self, name: &str) -> String {
        let first = self.open.len().saturating_sub(DEEPEST);
        let index = self.open[first..].iter().rposition(|(open, _)| open.eq_ignore_ascii_case(name));
        index.and_then(|index| self.open.drain(first + index..).next()).map(|(_, after)| after).unwrap_or_default()
    }

    /// `{{ … }}`: of an expression the text that it holds stays; what is no expression stays as it is.
    fn expression(&mut self) -> bool {
        let line = within(self.rest(), 1_000).split('\n').next().unwrap_or_default();
        let Some(length) = line[2..].find("}}") else { return false };
        let inner = line[2..2 + length].trim_matches(['{', '}', '-', '~']).trim();
        let end = self.at + 2 + length + 2 + usize::from(line[2 + length + 2..].starts_with('}'));
        let literal = inner.chars().next().filter(|first| "\"'".contains(*first)).and_then(|quote| {
            let (literal, filters) = inner[1..].split_once(quote)?;
            Some(literal).filter(|_| !filters.contains("date"))
        });
        if literal.is_none() && !is_expression(inner) {
            return false;
        }
        self.replace(end, literal.unwrap_or_default());
        true
    }

    /// `{: .class #id key="value"}` of kramdown, and the same without a colon after a heading, a link or a picture.
    fn attributes(&mut self) -> bool {
        let line = within(self.rest(), 400).split('\n').next().unwrap_or_default();
        let Some(length) = line.find('}') else { return false };
        let inner = &line[1..length];
        let has_colon = inner.starts_with(':');
        let before = &self.text[self.text.ceil_char_boundary(self.at.saturating_sub(LONGEST_BEFORE))..self.at];
        let before = before.rsplit('\n').next().unwrap_or_default();
        let is_attribute = |word: &str| {
            word.strip_prefix(['.', '#'])
                .is_some_and(|name| name.starts_with(|first: char| first.is_alphabetic() || "-_".contains(first)))
                || word
                    .split_once('=')
                    .is_some_and(|(key, _)| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)))
        };
        if self.ends_heading(before, length + 1) && are_attributes_of_heading(inner) {
            self.replace(self.at + length + 1, "");
            return true;
        }
        let belongs_to_something = before.trim_end().ends_with([')', ']', '`', '*']) && !before.ends_with(char::is_whitespace)
            || before.trim_start().starts_with('#')
            || before.trim().is_empty() && line[length + 1..].trim().is_empty();
        let all_are =
            !inner.trim().is_empty() && inner.split_whitespace().all(|word| is_attribute(word) || word.ends_with(['"', '\'']));
        if !(has_colon || belongs_to_something && all_are) {
            return false;
        }
        if has_colon && inner.trim_matches(':').trim() == "toc" {
            self.forget_list_line();
        }
        self.replace(self.at + length + 1, "");
        true
    }

    /// Whether what is so long from here ends a heading, which the line before it begins.
    fn ends_heading(&self, before: &str, length: usize) -> bool {
        let mut lines = within(&self.rest()[length..], LONGEST_BEFORE).split('\n');
        let after = lines.next().unwrap_or_default().trim();
        if before.trim_start().starts_with('#') {
            return after.bytes().all(|byte| byte == b'#');
        }
        let below = lines.next().unwrap_or_default().trim();
        let is_underline = |mark: u8| !below.is_empty() && below.bytes().all(|byte| byte == mark);
        !before.trim().is_empty() && after.is_empty() && (is_underline(b'=') || is_underline(b'-'))
    }

    /// The line before a table of contents is a list that only marks its place.
    fn forget_list_line(&mut self) {
        let pending = &self.text[self.done..self.at];
        let Some(line) = pending.trim_end_matches('\n').rsplit('\n').next() else { return };
        let marker = line.trim_start();
        let is_list = marker.starts_with(['*', '-', '+']) || marker.starts_with("1.");
        if is_list && pending.ends_with('\n') {
            let start = self.at - (pending.len() - pending.trim_end_matches('\n').len()) - line.len();
            let here = self.at;
            self.at = start;
            self.replace(here, "");
        }
    }

    /// `{frontMatter.title}` in MDX.
    fn variable(&mut self) -> bool {
        let line = within(self.rest(), 200).split('\n').next().unwrap_or_default();
        let Some(length) = line.find('}') else { return false };
        let inner = line[1..length].trim();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._$".contains(&byte);
        let literal = inner.strip_prefix(['"', '\'', '`']).and_then(|inner| inner.strip_suffix(['"', '\'', '`']));
        if literal.is_none() && !(inner.bytes().all(is_name) && inner.starts_with(|first: char| first.is_ascii_alphabetic())) {
            return false;
        }
        self.replace(self.at + length + 1, literal.unwrap_or_default());
        true
    }

    /// A comment, a component or a tag of HTML with expressions.
    fn angle_bracket(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            let Some(end) = self.ends.next(self.at + 4, "-->") else { return false };
            let after = end + 3;
            // By itself on its lines it goes with them: an empty line in its place would end the HTML around it.
            let line_start = self.text[self.done..self.at].rfind('\n').map_or(self.done, |at| self.done + at + 1);
            let blank = self.text[after..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let is_alone = self.text[line_start..self.at].trim().is_empty()
                && (line_start == 0 || self.text[..line_start].ends_with('\n'))
                && self.text[after + blank..].starts_with('\n');
            if is_alone {
                self.at = line_start;
                self.replace(after + blank + 1, "");
                self.skip_code_block();
            } else {
                self.replace(after, "");
            }
            return true;
        }
        if let Some((length, tag)) = html::without_markdown_attribute(rest) {
            let next = self.text[self.at + length..].strip_prefix('\n');
            // What follows is Markdown once an empty line has ended the HTML; far to the right it would be code.
            let is_apart = next.is_some_and(|next| !next.starts_with(['\n', '\t']) && !next.starts_with("    "));
            self.replace(self.at + length, &if is_apart { format!("{tag}\n") } else { tag });
            return true;
        }
        if self.patience == 0 {
            return false;
        }
        let Some(found) = html::read(rest, self.is_mdx) else {
            self.patience -= 1;
            return false;
        };
        let end = self.at + found.length;
        match found.what {
            html::What::Words(words) => self.replace(end, &words),
            html::What::Opening(name, arguments) => {
                let is_closed = self.closings.of_name(Syntax::Component, &name, end).is_some();
                self.opening(&name, arguments, is_closed, end);
            }
            html::What::Closing(name) => {
                let after = self.close(&name);
                self.replace(end, &after);
            }
        }
        true
    }

    /// `[[Target]]`, `[[Target|label]]` and `![[picture.png]]`: as links to `wiki:Target`, which are resolved when all files are read.
    /// `%% never shown %%` of Obsidian, at the start of a line or after a space.
    fn comment_of_vault(&mut self) -> bool {
        let begins = self.at == 0 || self.text[..self.at].ends_with(char::is_whitespace);
        if !begins || !self.rest().starts_with("%%") {
            return false;
        }
        let from = self.at + 2;
        let Some(end) = self.ends.next(from, "%%").filter(|end| end - from <= ends::LONGEST_TAG) else { return false };
        self.replace(end + 2, "");
        true
    }

    /// `==marked==`: what is marked stays.
    fn highlight(&mut self) -> bool {
        let line = within(self.rest(), 400).split('\n').next().unwrap_or_default();
        let begins =
            self.at == 0 || self.text[..self.at].ends_with(|before: char| before.is_whitespace() || "(*_\"«".contains(before));
        let Some(inner) = line.strip_prefix("==").and_then(|rest| rest.split_once("==")).map(|(inner, _)| inner) else {
            return false;
        };
        let is_marked = begins && inner.starts_with(char::is_alphanumeric) && !inner.ends_with(char::is_whitespace);
        if is_marked {
            let inner = inner.to_owned();
            self.replace(self.at + inner.len() + 4, &inner);
        }
        is_marked
    }

    fn wiki_link(&mut self) -> bool {
        let line = within(self.rest(), 400).split('\n').next().unwrap_or_default();
        let Some(inner) = line.strip_prefix("[[").and_then(|rest| rest.split_once("]]")).map(|(inner, _)| inner) else {
            return false;
        };
        let after = &line[inner.len() + 4..];
        if inner.trim().is_empty() || inner.contains(['[', ']']) || after.starts_with(['(', '[']) || inner.starts_with('^') {
            return false;
        }
        let end = self.at + inner.len() + 4;
        if matches!(inner.trim().to_lowercase().trim_matches('_'), "toc") {
            self.replace(end, "");
            return true;
        }
        let (target, label) = inner.split_once('|').unwrap_or((inner, inner));
        let is_place = |text: &str| text.contains('/') || text.to_lowercase().ends_with(".md");
        // Some wikis name the label first.
        let (target, label) = if is_place(label) && !is_place(target) { (label, target) } else { (target, label) };
        let label = label.trim_end_matches(".md").rsplit(['/', '#']).next().unwrap_or(label).trim();
        let is_picture = self.text[..self.at].ends_with('!');
        // Of a picture the number says how large it is shown; a note that is shown within another is a link to it.
        let label = if is_picture && label.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x') { "" } else { label };
        let is_note = is_picture && !tags::is_picture(target) && !target.contains('.');
        if is_note {
            self.at -= 1;
        }
        let is_picture = is_picture && !is_note;
        let target = target.trim().replace(['<', '>'], "");
        let words = if is_picture { format!("[{label}](<{target}>)") } else { format!("[{label}](<wiki:{target}>)") };
        self.replace(end, &words);
        true
    }
}

/// Whether what stands in braces are names and attributes of a heading, as Pandoc and kramdown write them: `#id .class dir="ltr"`.
fn are_attributes_of_heading(inner: &str) -> bool {
    static ATTRIBUTES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"^:?\s*(?:(?:[#.][^\s#.=]\S*|-|[A-Za-z_][\w:-]*=(?:"[^"]*"|'[^']*'|[^\s"']+))(?:\s+|$))+$"#)
            .expect("an expression")
    });
    ATTRIBUTES.is_match(inner)
}

/// Whether this is an expression of a template, not words that stand in braces.
fn is_expression(inner: &str) -> bool {
    const KEYWORDS: &[&str] =
        &["if", "else", "range", "with", "define", "block", "template", "not", "end", "partial", "printf", "raw"];
    let is_part = |character: char| character.is_ascii_alphanumeric() || "._-\"'[]| :,()/+*=$%?!&<>@#`\\".contains(character);
    let starts_well = inner.starts_with(|first: char| first.is_ascii_alphabetic() || "._$(".contains(first));
    let is_word = |word: &str| word.chars().all(char::is_alphabetic);
    let words: Vec<&str> = inner.split_whitespace().collect();
    let are_prose = words.windows(2).any(|pair| is_word(pair[0]) && is_word(pair[1]));
    let has_keyword = words.first().is_some_and(|first| KEYWORDS.contains(first));
    starts_well && inner.chars().all(is_part) && (has_keyword || !are_prose)
}

#[cfg(test)]
mod tests;
