//! What kramdown, Jekyll's Markdown, reads otherwise than CommonMark: headings right below a line of HTML, and rules within tables.

use std::borrow::Cow;

use super::markup::Fences;
use super::{holds, lines};

/// A text that CommonMark reads as kramdown does.
pub fn with_common_marks(text: &str) -> Cow<'_, str> {
    if !text.contains('|') && !holds(text, ">\n") {
        return Cow::Borrowed(text);
    }
    let lines = lines(text);
    let mut kept: Vec<Cow<'_, str>> = Vec::with_capacity(lines.len() + 4);
    let mut fences = Fences::default();
    // How many lines of the table before this one were kept.
    let mut rows = 0;
    let mut is_changed = false;
    for (at, line) in lines.iter().enumerate() {
        if fences.hold(line) {
            rows = 0;
            kept.push(Cow::Borrowed(line));
            continue;
        }
        let before = at.checked_sub(1).map_or("", |before| lines[before]);
        if is_heading(line) && ends_html(before) {
            kept.push(Cow::Borrowed(""));
            is_changed = true;
        }
        let next = lines.get(at + 1).copied().unwrap_or_default();
        rows = match rule(line).filter(|_| is_row(before) || is_row(next) || rows > 0) {
            None if is_row(line) => {
                kept.push(Cow::Borrowed(line));
                rows + 1
            }
            None => {
                kept.push(Cow::Borrowed(line));
                0
            }
            // Only the rule below the first row is one to CommonMark.
            Some(rule) if rows == 1 => {
                is_changed |= rule != *line;
                kept.push(Cow::Owned(rule));
                2
            }
            Some(_) => {
                is_changed = true;
                rows
            }
        };
    }
    if is_changed { Cow::Owned(kept.join("\n")) } else { Cow::Borrowed(text) }
}

fn is_heading(line: &str) -> bool {
    let marks = line.len() - line.trim_start_matches('#').len();
    (1..=6).contains(&marks) && line[marks..].starts_with(' ')
}

/// Whether a line ends with a tag that began on it: no heading follows it to CommonMark, which reads HTML up to an empty line.
fn ends_html(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('<') && line.ends_with('>') && !line.starts_with("<http") && !line.contains('@')
}

fn is_row(line: &str) -> bool {
    line.trim().starts_with('|') && line.trim().len() > 1
}

/// A line of dashes, double dashes and bars as the rule of a table; a row of nothing but empty cells is none.
fn rule(line: &str) -> Option<String> {
    let trimmed = line.trim().trim_start_matches('\\');
    let is_rule = trimmed.starts_with('|')
        && trimmed.bytes().all(|byte| b"|-+=: ".contains(&byte))
        && (trimmed.contains("--") || trimmed.contains("=="));
    is_rule.then(|| if trimmed.contains(['+', '=']) { trimmed.replace('+', "|").replace('=', "-") } else { line.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::with_common_marks;

    #[test]
    fn what_kramdown_reads_is_read() {
        for (written, read) in [
            ("<div id=\"a\"></div>\n## B\n\nC", "<div id=\"a\"></div>\n\n## B\n\nC"),
            ("| A |\n|---|\n| B |\n\\|---+---|", "| A |\n|---|\n| B |"),
            ("<hr>\n# A\n\n|--+--|\n| B |\n|--|", "<hr>\n\n# A\n\n| B |\n|--|"),
            ("A <b>b</b>\n## C", "A <b>b</b>\n## C"),
            ("```\n<div>\n# a\n```\n<a>\n# B", "```\n<div>\n# a\n```\n<a>\n\n# B"),
            (
                "|-----+---|\n| A | B |\n|-----+---|\n| 1 | 2 |\n|---+---|\n| 3 | 4 |\n|===+===|\n| 5 | 6 |\n|---+---|\n\nC",
                "| A | B |\n|-----|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n\nC",
            ),
            ("| A | B |\n|:---|---:|\n| 1 | 2 |", "| A | B |\n|:---|---:|\n| 1 | 2 |"),
            ("| A |\n|----|\n| 1 |\n\n| B |\n|=====|\n| 2 |", "| A |\n|----|\n| 1 |\n\n| B |\n|-----|\n| 2 |"),
            ("A | B\n---|---\n1 | 2\n", "A | B\n---|---\n1 | 2\n"),
            ("```\n|--+--|\n| a |\n```", "```\n|--+--|\n| a |\n```"),
            ("|---|", "|---|"),
        ] {
            assert_eq!(with_common_marks(written), read, "{written}");
            assert_eq!(with_common_marks(read), read, "again: {written}");
        }
    }
}
