//! Headings as people write them beside CommonMark: `##Bilan`, without a space, was a heading to most programs before, and still is
//! one to readers; and texts written by a form have them in HTML.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::lines;
use super::markup::{Fences, closes, fence};
use crate::text;
use crate::text::raw_html::Tag;

/// A text in which every line that is meant as a heading is one to CommonMark.
///
/// Two marks or more before a word make one. A single mark may be that of a hashtag (`#fablab`): it makes one at the very start of
/// the text, or by itself between empty lines of a text with other such headings, if no second hashtag stands on its line.
pub fn with_spaced_headings(text: &str) -> Cow<'_, str> {
    let is_followed = |at: usize| text.as_bytes().get(at + 1).is_some_and(|next| !b"# \n".contains(next));
    if !memchr::memchr_iter(b'#', text.as_bytes()).any(is_followed) {
        return Cow::Borrowed(text);
    }
    let lines = lines(text);
    let unspaced = unspaced(&lines);
    let has_others = unspaced.iter().any(|(_, marks)| *marks > 1);
    let first = lines.iter().position(|line| !line.trim().is_empty());
    let is_empty = |line: Option<&&str>| line.is_none_or(|line| line.trim().is_empty());
    let is_alone = |at: usize| (at == 0 || is_empty(lines.get(at - 1))) && is_empty(lines.get(at + 1));
    let is_heading = |(at, marks): &(usize, usize)| {
        *marks > 1 || (Some(*at) == first || has_others) && is_alone(*at) && lines[*at].matches('#').count() == 1
    };
    let mut headings = unspaced.iter().filter(|found| is_heading(found)).peekable();
    if headings.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len() + 64);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            spaced.push('\n');
        }
        match headings.next_if(|(heading, _)| *heading == at) {
            Some(_) => {
                let marks = line.trim_start_matches(' ').trim_start_matches('#');
                spaced.push_str(&line[..line.len() - marks.len()]);
                spaced.push(' ');
                spaced.push_str(marks);
            }
            None => spaced.push_str(line),
        }
    }
    Cow::Owned(spaced)
}

/// The lines outside code that begin with marks of a heading and a word right behind them: their numbers, and how many marks.
fn unspaced(lines: &[&str]) -> Vec<(usize, usize)> {
    let mut fences = Fences::default();
    let outside = lines.iter().enumerate().filter(|(_, line)| !fences.hold(line));
    outside.filter_map(|(at, line)| marks(line).map(|marks| (at, marks))).collect()
}

/// How many marks a line begins with, if a word follows them without a space. Four spaces before them make code of it.
fn marks(line: &str) -> Option<usize> {
    let content = line.trim_start_matches(' ');
    let rest = content.trim_start_matches('#');
    let marks = content.len() - rest.len();
    let begins_word = |character: char| {
        character.is_alphabetic() || marks > 1 && (character.is_numeric() || "«\"“‘'*_[(¿¡".contains(character))
    };
    (line.len() - content.len() < 4 && (1..=6).contains(&marks) && rest.starts_with(begins_word)).then_some(marks)
}

/// A text whose headings in HTML are those of Markdown, so that it can be cut at them. Those in tables, lists, quotes and the like
/// stay as they are, and so do those that hold nothing but a picture. What wraps headings and the text below them goes: its two ends
/// would come to stand in different sections.
pub fn with_markdown_headings(text: &str) -> Cow<'_, str> {
    let may_hold = |mark: &str| {
        memmem::find_iter(text.as_bytes(), mark).any(|at| text.as_bytes().get(at + 2).is_some_and(u8::is_ascii_digit))
    };
    if !may_hold("<h") && !may_hold("<H") {
        return Cow::Borrowed(text);
    }
    let mut reader =
        HtmlReader { text, at: 0, changes: Vec::new(), wrappers: Vec::new(), line_start: 0, depth: 0, patience: PATIENCE };
    reader.run();
    let unclosed = std::mem::take(&mut reader.wrappers);
    reader.leave_out_holders_of_headings(unclosed);
    if reader.changes.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut changes = reader.changes;
    changes.sort_by_key(|(range, _)| range.start);
    let mut kept = String::with_capacity(text.len());
    let mut done = 0;
    for (range, words) in changes {
        kept.push_str(text[done..range.start].trim_end());
        // Two changes side by side stand as far apart as one.
        kept.push_str(if kept.ends_with("\n\n") { words.trim_start() } else { &words });
        done = range.end;
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// How many signs that are no tags are looked at.
const PATIENCE: usize = 10_000;

/// What holds parts of a text together: no heading in it is one of the text.
const HOLDERS: &[&str] = &["table", "ul", "ol", "dl", "blockquote", "pre", "code", "details", "figure"];

/// What may wrap whole parts of a text, and says nothing itself.
const WRAPPERS: &[&str] = &["section", "div", "article", "main", "header", "footer", "span"];

/// How many open wrappers are looked through for the one that a tag closes.
const DEEPEST: usize = 64;

/// A wrapper that is open.
struct Wrapper {
    name: String,
    range: Range<usize>,
    holds_heading: bool,
}

struct HtmlReader<'t> {
    text: &'t str,
    at: usize,
    /// What stands in the place of parts of the text.
    changes: Vec<(Range<usize>, String)>,
    wrappers: Vec<Wrapper>,
    /// Where the line begins, or what is left of it.
    line_start: usize,
    /// How many holders are open.
    depth: usize,
    patience: usize,
}

impl HtmlReader<'_> {
    fn run(&mut self) {
        while self.patience > 0 {
            let is_line_start = self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n';
            if is_line_start && self.skip_code() {
                continue;
            }
            let Some(next) = self.text[self.at..].find(['<', '`', '\n']) else { return };
            self.at += next;
            match self.text.as_bytes()[self.at] {
                b'<' => self.tag(),
                b'`' => self.skip_code_within_line(),
                _ => {
                    self.at += 1;
                    self.line_start = self.at;
                }
            }
        }
    }

    fn line(&self) -> &str {
        self.text[self.at..].split('\n').next().unwrap_or_default()
    }

    /// Passes over a block of code, if one begins here.
    fn skip_code(&mut self) -> bool {
        let Some((character, length, _)) = fence(self.line()) else { return false };
        loop {
            self.at = (self.at + self.line().len() + 1).min(self.text.len());
            if closes(self.line(), (character, length)) || self.at == self.text.len() {
                self.at = (self.at + self.line().len()).min(self.text.len());
                return true;
            }
        }
    }

    fn skip_code_within_line(&mut self) {
        let line = self.line();
        let run = line.bytes().take_while(|byte| *byte == b'`').count();
        let end = line[run..].find(&line[..run]).map_or(0, |end| end + run);
        self.at += run + end;
    }

    fn tag(&mut self) {
        let Some(tag) = Tag::read(&self.text[self.at..]) else {
            self.patience -= 1;
            self.at += 1;
            return;
        };
        if HOLDERS.contains(&tag.name.as_str()) {
            self.depth = if tag.is_end { self.depth.saturating_sub(1) } else { self.depth + 1 };
        }
        let after = self.at + tag.length;
        if self.depth == 0 && WRAPPERS.contains(&tag.name.as_str()) && self.is_of_text() {
            self.wrapper(tag.name, tag.is_end, self.at..after);
            self.at = after;
            return;
        }
        let level =
            tag.name.strip_prefix('h').and_then(|level| level.parse::<usize>().ok()).filter(|level| (1..=6).contains(level));
        let found = level.filter(|_| !tag.is_end && self.depth == 0 && self.is_of_text());
        let Some((level, (words, end))) = found.and_then(|level| Some((level, heading(self.text, after, level)?))) else {
            self.at = after;
            return;
        };
        // Those around one that is known to hold a heading are known to, too.
        let unknown = self.wrappers.iter_mut().rev().take_while(|wrapper| !wrapper.holds_heading);
        unknown.for_each(|wrapper| wrapper.holds_heading = true);
        let end = self.after_space(end);
        self.changes.push((self.at..end, format!("\n\n{} {words}\n\n", "#".repeat(level))));
        self.at = end;
        self.line_start = self.at;
    }

    /// Notes where a wrapper begins; where it ends, both its ends go if it holds a heading.
    fn wrapper(&mut self, name: String, is_end: bool, range: Range<usize>) {
        if !is_end {
            self.wrappers.push(Wrapper { name, range, holds_heading: false });
            return;
        }
        let first = self.wrappers.len().saturating_sub(DEEPEST);
        let Some(open) = self.wrappers[first..].iter().rposition(|wrapper| wrapper.name == name) else { return };
        // What was left open within it ends with it.
        let ended = self.wrappers.split_off(first + open);
        if ended[0].holds_heading {
            self.leave_out(&range);
        }
        self.leave_out_holders_of_headings(ended);
    }

    fn leave_out_holders_of_headings(&mut self, wrappers: Vec<Wrapper>) {
        for wrapper in wrappers.into_iter().filter(|wrapper| wrapper.holds_heading) {
            self.leave_out(&wrapper.range);
        }
    }

    fn leave_out(&mut self, tag: &Range<usize>) {
        let end = self.after_space(tag.end);
        self.changes.push((tag.start..end, "\n\n".to_owned()));
    }

    /// What was indented within HTML would be code now.
    fn after_space(&self, end: usize) -> usize {
        end + (self.text.len() - end - self.text[end..].trim_start().len())
    }

    /// Whether what stands here is in no quote, list or table of Markdown.
    fn is_of_text(&self) -> bool {
        let before = self.text[self.line_start..self.at].trim_start();
        !before.starts_with(|first: char| ">-*+|".contains(first) || first.is_ascii_digit())
    }
}

/// The words of a heading of HTML whose content starts here, and where it ends.
fn heading(whole: &str, from: usize, level: usize) -> Option<(String, usize)> {
    /// How long a heading may be, in bytes.
    const LONGEST: usize = 1_000;
    let window = &whole[from..whole.floor_char_boundary(from + LONGEST)];
    let end = format!("</h{level}>");
    let length = window.to_ascii_lowercase().find(&end)?;
    let plain = text::words(&window[..length]).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut words = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '&' => words.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '#' => words.extend(['\\', character]),
            _ => words.push(character),
        }
    }
    (!words.is_empty()).then_some((words, from + length + end.len()))
}

#[cfg(test)]
mod tests {
    use super::{with_markdown_headings, with_spaced_headings};

    #[test]
    fn headings_of_html_are_headings() {
        for (written, read) in [
            ("<p>A</p> <h3><strong>Background</strong></h3> <p>B</p>", "<p>A</p>\n\n### Background\n\n<p>B</p>"),
            ("<h1 align=\"center\">\n  <img src=l.png> A *kiosk*<br>here\n</h1>\n\n    <p>B", "\n\n# A \\*kiosk\\* here\n\n<p>B"),
            ("A\n\n<H2>B &amp; C</H2>\nD\n<h2>É</h2>", "A\n\n## B &amp; C\n\nD\n\n## É\n\n"),
            (
                "<table><tr><td><h3>A</h3></td></tr></table>\n<h3>B</h3>",
                "<table><tr><td><h3>A</h3></td></tr></table>\n\n### B\n\n",
            ),
        ] {
            assert_eq!(with_markdown_headings(written), read, "{written}");
            assert_eq!(with_markdown_headings(read), read, "again: {written}");
        }
        for (written, read) in [
            (
                "<section class=\"a\">\n  <div>\n    <h2>A</h2>\n    <p>B</p>\n  </div>\n</section>\n<section><h2>C</h2><div><p>D</p></div></section>",
                "\n\n## A\n\n<p>B</p>\n\n## C\n\n<div><p>D</p></div>\n\n",
            ),
            ("<main><header><h1>A</h1></header><div><p>B</p></div>", "\n\n# A\n\n<div><p>B</p></div>"),
            ("<div><p>A</p></div>\n<div><h2>B</h2>\n<p>C", "<div><p>A</p></div>\n\n## B\n\n<p>C"),
            ("<div><span><h2>A</h2></span></div> B </div>", "\n\n## A\n\nB </div>"),
            ("<div>\n<div><p>A</div>\n<h2>B</h2>\nC\n</div>\n\nD", "\n\n<div><p>A</div>\n\n## B\n\nC\n\nD"),
        ] {
            assert_eq!(with_markdown_headings(written), read, "{written}");
            assert_eq!(with_markdown_headings(read), read, "again: {written}");
        }
        for kept in [
            "<h1><img src=\"logo.png\"></h1>",
            "<h3>&nbsp;</h3>",
            "```html\n<h3>A</h3>\n```",
            "`<h3>A</h3>`",
            "> <h3>A</h3>",
            "- <h3>A</h3>",
            "| <h3>A</h3> |",
            "<ul><li><h3>A</h3></li></ul>",
            "<h3>never closed",
            "<hr> 3 <h7>A</h7>",
            "<",
            "~~~\n<h1>A</h1>",
        ] {
            assert_eq!(with_markdown_headings(kept), kept);
        }
    }

    #[test]
    fn headings_need_no_space() {
        for (written, read) in [
            ("#La Fabrique de Roubaix\n\nUn texte", "# La Fabrique de Roubaix\n\nUn texte"),
            ("\n#Titre\n\n##Présentation\nA\n###1. Détail\nB", "\n# Titre\n\n## Présentation\nA\n### 1. Détail\nB"),
            ("A\n  ##« Objectifs »\nB", "A\n  ## « Objectifs »\nB"),
            ("##A\n\nUn texte\n\n#B\n\n#c\n#d", "## A\n\nUn texte\n\n# B\n\n#c\n#d"),
            ("Un texte\n\n#fablab\n\nfin", "Un texte\n\n#fablab\n\nfin"),
            ("#fablab #kiosque\n\nUn texte", "#fablab #kiosque\n\nUn texte"),
            ("#fablab\nUn texte", "#fablab\nUn texte"),
            ("#1 des villes\n\nUn texte", "#1 des villes\n\nUn texte"),
            (
                "```sh\n##comment\n```\n##A\n    ##code\n####### sept\n##",
                "```sh\n##comment\n```\n## A\n    ##code\n####### sept\n##",
            ),
            ("~~~\n##a\n```\n##b\n~~~\n##C", "~~~\n##a\n```\n##b\n~~~\n## C"),
            ("## A\n\nUn #b c", "## A\n\nUn #b c"),
        ] {
            assert_eq!(with_spaced_headings(written), read, "{written}");
            assert_eq!(with_spaced_headings(read), read, "again: {written}");
        }
    }
}
