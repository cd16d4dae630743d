//! What other tools than CommonMark read by lines: imports of MDX, admonitions, containers, directives. Their words stay.

use std::borrow::Cow;

use super::arguments::Arguments;
use crate::parse::lines;
use crate::parse::signs::{Signs, searcher};

/// A fence of code: its character, its length, and what follows it on its line.
pub(crate) fn fence(line: &str) -> Option<(u8, usize, &str)> {
    let content = line.trim_start_matches([' ', '\t', '>']);
    let character = *content.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = content.bytes().take_while(|byte| *byte == character).count();
    let info = content[length..].trim();
    // A run of backticks with another one on its line is code within a text.
    (length >= 3 && !(character == b'`' && info.contains('`'))).then_some((character, length, info))
}

/// Whether a line closes a fence.
pub(crate) fn closes(line: &str, opening: (u8, usize)) -> bool {
    fence(line).is_some_and(|(character, length, info)| character == opening.0 && length >= opening.1 && info.is_empty())
}

/// Tells, line by line from the first, which are code within a fence.
#[derive(Debug, Default)]
pub(crate) struct Fences(Option<(u8, usize)>);

impl Fences {
    /// Whether the next line is code or a fence.
    pub(crate) fn hold(&mut self, line: &str) -> bool {
        let was_open = self.0;
        self.0 = match was_open {
            Some(opening) if closes(line, opening) => None,
            Some(opening) => Some(opening),
            None => fence(line).map(|(character, length, _)| (character, length)),
        };
        was_open.is_some() || self.0.is_some()
    }
}

/// The text without them, and whether it is written in MDX.
pub(super) fn plain(text: &str, path: &str) -> (String, bool) {
    let mut reader = Reader { lines: lines(text), at: 0, kept: Vec::new(), is_mdx: super::is_mdx_file(path) };
    while let Some(line) = reader.lines.get(reader.at).copied() {
        reader.line(line);
    }
    (reader.kept.join("\n"), reader.is_mdx)
}

/// Whether a text may hold any.
pub(super) fn are_in(text: &str) -> bool {
    static SIGNS: Signs = Signs::of(|| {
        searcher(&["import ", "export ", ":::", "!!! ", "??? ", "???+", "=== \"", "```{", "~~~{", "[TOC]", "[toc]"])
    });
    SIGNS.are_in(text)
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
    kept: Vec<Cow<'a, str>>,
    is_mdx: bool,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &'a str) {
        if let Some((character, length, info)) = fence(line) {
            self.fenced(line, (character, length), info);
        } else if self.is_module(line) {
            self.is_mdx = true;
            self.module();
        } else if let Some(title) = container(line) {
            self.keep_title(Some(title.as_str()).filter(|title| !title.is_empty()));
            self.at += 1;
        } else if let Some(title) = admonition(line) {
            self.keep_title(Some(title.as_str()).filter(|title| !title.is_empty()));
            self.at += 1;
            self.dedent();
        } else if matches!(line.trim(), "[TOC]" | "[toc]") {
            self.kept.push(Cow::Borrowed(""));
            self.at += 1;
        } else {
            self.kept.push(Cow::Borrowed(line));
            self.at += 1;
        }
    }

    fn keep_title(&mut self, title: Option<&str>) {
        self.kept.push(Cow::Borrowed(""));
        if let Some(title) = title {
            self.kept.push(Cow::Owned(format!("**{}**", title.replace('*', ""))));
            self.kept.push(Cow::Borrowed(""));
        }
    }

    /// Code, which stays as it is, or a directive in the form of code (`MyST`), of which the text stays.
    fn fenced(&mut self, line: &'a str, opening: (u8, usize), info: &str) {
        let end = (self.at + 1..self.lines.len()).find(|index| closes(self.lines[*index], opening)).unwrap_or(self.lines.len());
        let directive = info.strip_prefix('{').and_then(|info| info.split_once('}'));
        let content = self.at + 1..end;
        self.at = (end + 1).min(self.lines.len());
        let is_code = |name: &str| {
            ["code", "code-block", "code-cell", "sourcecode", "literalinclude", "math", "mermaid", "raw"].contains(&name)
        };
        match directive.filter(|(name, _)| !is_code(name)) {
            None => {
                self.kept.push(Cow::Borrowed(line));
                self.kept
                    .extend(content.chain((end < self.lines.len()).then_some(end)).map(|index| Cow::Borrowed(self.lines[index])));
            }
            Some((name, argument)) => {
                let is_option = |line: &str| line.starts_with(':') && line[1..].contains(':');
                let options = content.clone().take_while(|index| is_option(self.lines[*index]));
                let options: Vec<&str> = options.map(|index| self.lines[index]).collect();
                let argument = argument.trim();
                if matches!(name, "figure" | "image") {
                    let alternative = options.iter().find_map(|option| option.strip_prefix(":alt:")).unwrap_or_default().trim();
                    self.kept.push(Cow::Owned(format!("![{alternative}]({argument})")));
                } else {
                    self.keep_title(Some(argument).filter(|argument| !argument.is_empty()));
                }
                self.kept.extend(content.skip(options.len()).map(|index| Cow::Borrowed(self.lines[index])));
                self.kept.push(Cow::Borrowed(""));
            }
        }
    }

    /// Whether a line starts a statement of MDX.
    fn is_module(&self, line: &str) -> bool {
        let follows_text = self.at > 0 && !self.is_mdx && !self.lines[self.at - 1].trim().is_empty();
        if follows_text {
            return false;
        }
        let ends_with_file = |rest: &str| {
            let rest = rest.trim_end().trim_end_matches(';');
            rest.ends_with(['"', '\'']) && rest.len() > 2
        };
        if let Some(rest) = line.strip_prefix("import ") {
            let starts_list = rest.trim() == "{";
            return starts_list || ends_with_file(rest) && (rest.contains(" from ") || rest.starts_with(['"', '\'']));
        }
        line.strip_prefix("export ").is_some_and(|rest| {
            ["const ", "let ", "var ", "default ", "function ", "async ", "{", "* from"].iter().any(|word| rest.starts_with(word))
        })
    }

    /// Passes over a statement: to its last line, or to an empty one outside its braces.
    fn module(&mut self) {
        const MOST_LINES: usize = 500;
        let mut depth = 0_isize;
        for index in self.at..self.lines.len().min(self.at + MOST_LINES) {
            let line = self.lines[index];
            depth += line
                .bytes()
                .map(|byte| isize::from(matches!(byte, b'{' | b'(' | b'[')) - isize::from(matches!(byte, b'}' | b')' | b']')))
                .sum::<isize>();
            let goes_on =
                self.lines.get(index + 1).is_some_and(|next| !next.trim().is_empty() && next.starts_with([' ', '\t', '.']));
            self.at = index + 1;
            if depth <= 0 && !goes_on {
                return;
            }
        }
    }

    /// Takes four spaces off the lines that belong to an admonition, which would make code of them.
    fn dedent(&mut self) {
        while let Some(line) = self.lines.get(self.at).copied() {
            let is_blank = line.trim().is_empty();
            let Some(content) = line.strip_prefix("    ").or_else(|| line.strip_prefix('\t')).or(is_blank.then_some("")) else {
                return;
            };
            self.kept.push(Cow::Borrowed(content));
            self.at += 1;
        }
    }
}

/// `::: tip A title`, or the line that closes it: its title, empty without one.
fn container(line: &str) -> Option<String> {
    let content = line.trim();
    let rest = content.strip_prefix(":::")?.trim_start_matches(':').trim();
    let rest = rest.trim_start_matches('{');
    let (_, title) = rest.split_once([' ', '[', '}']).unwrap_or((rest, ""));
    let title = title.trim().trim_end_matches([']', '}']).trim_matches(['"', ' ']);
    let is_attributes = title.contains('=') || title.starts_with(['.', '#']);
    Some(if is_attributes { String::new() } else { title.to_owned() })
}

/// `!!! note "A title"`, `??? note` or `=== "A title"`: its title.
fn admonition(line: &str) -> Option<String> {
    if let Some(title) = line.trim_start().strip_prefix("=== ") {
        return Arguments::parse(title).first().filter(|_| title.starts_with('"')).map(str::to_owned);
    }
    let rest = line.strip_prefix("!!! ").or_else(|| line.strip_prefix("???+ ")).or_else(|| line.strip_prefix("??? "))?;
    let (kind, title) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let is_kind = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let is_title = title.is_empty() || title.trim_end().ends_with('"');
    (is_kind && is_title)
        .then(|| title.rsplit_once('"').and_then(|(title, _)| title.split_once('"')).map_or("", |(_, title)| title).to_owned())
}
