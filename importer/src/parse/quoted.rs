//! Texts in quotes that go on at the start of the next line, or no further to the right than the name of their field. YAML wants
//! them further to the right; the parsers that most programs use, and so their owners, do not mind.

/// How many lines such a text may have: one that is longer than a screen or two is rather one whose quote is missing.
const LONGEST: usize = 200;

/// A text in quotes that has several lines, some of which YAML wants further to the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted {
    /// The lines that it begins and ends in, from 0.
    pub first: usize,
    last: usize,
    /// Where its field, or item, begins in the first line.
    start: usize,
    /// Whether one of its lines may as well be the next field, before which its quote is missing.
    pub is_doubtful: bool,
}

impl Quoted {
    /// Moves its lines to where YAML wants them; what it says stays the same.
    pub fn indent(&self, lines: &mut [String]) {
        for line in lines.iter_mut().take(self.last + 1).skip(self.first + 1) {
            let margin = margin(line);
            if margin <= self.start && !line.trim().is_empty() {
                line.insert_str(0, &" ".repeat(self.start + 2 - margin));
            }
        }
    }
}

/// All such texts of a YAML text.
pub fn at_margin(lines: &[String]) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let begun = Begun::of(line);
        index += match begun {
            Some(Begun { value, start, .. }) if value.starts_with(['|', '>']) => 1 + lines_of_block(&lines[index + 1..], start),
            Some(begun) => match begun.quoted(lines, index) {
                Some(quoted) => {
                    let length = quoted.last + 1 - index;
                    if quoted.is_at_margin(lines) {
                        found.push(quoted);
                    }
                    length
                }
                None => 1,
            },
            None => 1,
        };
    }
    found
}

/// How many lines belong to a block of text below a field or item.
fn lines_of_block(below: &[String], start: usize) -> usize {
    below.iter().take_while(|line| line.trim().is_empty() || margin(line) > start).count()
}

impl Quoted {
    fn is_at_margin(&self, lines: &[String]) -> bool {
        let more = &lines[self.first + 1..=self.last];
        // What begins so ends the document, wherever it stands.
        let ends = |line: &String| line.split_whitespace().next().is_some_and(|word| word == "---" || word == "...");
        more.iter().any(|line| margin(line) <= self.start && !line.trim().is_empty())
            && !more.iter().any(|line| margin(line) == 0 && ends(line))
    }
}

/// A line that begins a field or an item.
struct Begun<'a> {
    /// Where the name of the field begins or, of an item without, the dash.
    start: usize,
    value: &'a str,
}

impl<'a> Begun<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let mut start = margin(line);
        let mut content = &line[start..];
        let mut dash = None;
        while let Some(rest) = content.strip_prefix("- ") {
            dash = Some(start);
            content = rest.trim_start_matches(' ');
            start = line.len() - content.len();
        }
        if let Some(value) = value_of_field(content) {
            return Some(Self { start, value });
        }
        dash.map(|start| Self { start, value: content })
    }

    /// The text in quotes that begins in a line and ends below it, with nothing behind its end.
    fn quoted(&self, lines: &[String], first: usize) -> Option<Quoted> {
        let quote = self.value.chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
        if after_quote(&self.value[1..], quote).is_some() {
            return None;
        }
        let below = lines.iter().enumerate().skip(first + 1).take(LONGEST);
        let mut is_doubtful = false;
        for (last, line) in below {
            is_doubtful |= is_next_field(line, self.start);
            let Some(rest) = after_quote(line, quote) else { continue };
            let is_end = rest.trim().is_empty() || rest.starts_with(' ') && rest.trim_start().starts_with('#');
            return is_end.then_some(Quoted { first, last, start: self.start, is_doubtful });
        }
        None
    }
}

/// The value behind the name of a field, which may itself stand in quotes.
fn value_of_field(content: &str) -> Option<&str> {
    let quote = content.chars().next().filter(|sign| matches!(sign, '"' | '\''));
    let behind_name = match quote {
        Some(quote) => after_quote(&content[1..], quote)?,
        None if content.starts_with(['#', '[', '{']) => return None,
        None => &content[content.find(": ")?..],
    };
    behind_name.strip_prefix(": ").map(str::trim_start)
}

/// Whether a line looks like a field beside one that begins at a place: its name is one word in small letters, as names of fields
/// are and beginnings of sentences are not.
fn is_next_field(line: &str, start: usize) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|first: char| first.is_lowercase())
            && name.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-'))
    };
    let named = line[margin(line)..].split_once(':');
    margin(line) == start
        && named.is_some_and(|(name, value)| is_name(name) && (value.is_empty() || value.starts_with([' ', '\r'])))
}

fn margin(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What follows the closing quote of a text, if it is in this line of it.
fn after_quote(line: &str, quote: char) -> Option<&str> {
    let mut signs = line.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        if sign == '\\' && quote == '"' {
            signs.next();
        } else if sign == quote {
            // An apostrophe is written twice within its kind.
            if quote == '\'' && signs.next_if(|(_, next)| *next == '\'').is_some() {
                continue;
            }
            return Some(&line[at + sign.len_utf8()..]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::repair;
    use crate::limits::Limits;
    use crate::parse::value::Node;

    fn title(text: &str) -> String {
        let (yaml, repaired) = repair::parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error} in {text:?}"));
        assert!(repaired.is_empty(), "{repaired:?} in {text:?}");
        let fields = yaml.root.map().expect("a map");
        assert_eq!(fields.get("end").and_then(Node::scalar), Some("1"), "{text:?}");
        fields.get("title").and_then(Node::scalar).expect(text).to_owned()
    }

    #[test]
    fn texts_that_go_on_at_the_margin_are_read_as_they_are_written() {
        for (text, expected) in [
            ("title: \"A kiosk\nby the river\"\nend: 1\n", "A kiosk by the river"),
            ("title: 'A kiosk\nby the river'\nend: 1\n", "A kiosk by the river"),
            ("title: \"A kiosk\r\nby the river\"\r\nend: 1\r\n", "A kiosk by the river"),
            // An empty line is a break, two are two.
            ("title: \"A\n\nB\n\n\nC\"\nend: 1\n", "A\nB\n\nC"),
            ("title: 'A  \n\n  B\nC'\nend: 1\n", "A\nB C"),
            ("title: \"A\nB\n\"\nend: 1\n", "A B "),
            // Ruby ends so what ends with a break.
            ("title: 'A\n  kiosk\n\n'\nend: 1\n", "A kiosk\n"),
            ("list:\n  - sub: 'C\n      d\n\n'\n    more: \"E\n\n\n\"\ntitle: A\nend: 1\n", "A"),
            ("place:\n  - sub: 'C - d\n\n    E: f\n\n   '\ntitle: A\nend: 1\n", "A"),
            // Escapes, of a break in the line, too.
            ("title: \"A \\\"kiosk\\\"\nC:\\\\dir \\u00e9t\\\né\"\nend: 1\n", "A \"kiosk\" C:\\dir été"),
            ("title: 'L''été\nd''Agen \"C:\\dir\"'\nend: 1\n", "L'été d'Agen \"C:\\dir\""),
            // What is a comment or a field elsewhere.
            (
                "title: \"A kiosk\n# 2: it is open\nNote: by the river\"  # C\nend: 1\n",
                "A kiosk # 2: it is open Note: by the river",
            ),
            ("title: 'A kiosk\n- by the river: here\n[a'\nend: 1\n", "A kiosk - by the river: here [a"),
            ("\"title\": \"A\nB\"\n'end': 1\n", "A B"),
            ("list:\n- \"C\nD\"\n- name: 'E\nF'\ntitle: \"A\nB\"\nend: 1\n", "A B"),
            ("about: |\n  - \"C\n  D\ntitle: \"A\nB\"\nend: 1\n", "A B"),
            ("place:\n  name: 'C\n  D'\ntitle: \"A\n B\nC\"\nend: 1\n", "A B C"),
        ] {
            assert_eq!(title(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_told_where_it_is() {
        for (text, line) in [
            ("end: 1\ntitle: 'A kiosk\nlang: en\nmore: it's\n", 2),
            ("title: \"A\nB\"\nend: 1\nabout: 'C\nD\nplace: \"E\"\n", 4),
            ("title: \"A\nB\nplace: \"C\"\n", 1),
            ("end: 1\ntitle: 'A kiosk\n--- B'\n", 2),
        ] {
            let error = repair::parse(text, &Limits::default()).expect_err(text);
            assert_eq!((error.at.line, error.problem.as_str()), (line, "a quote is not closed"), "{text:?}");
        }
    }

    #[test]
    fn a_text_without_end_that_another_field_follows_ends_before_it() {
        let text = "title: \"A kiosk\nlang: en\nplace: 5\"\n";
        let (yaml, repaired) = repair::parse(text, &Limits::default()).expect(text);
        assert_eq!(yaml.root.map().and_then(|fields| fields.get("title")).and_then(Node::scalar), Some("A kiosk"));
        assert_eq!(repaired.len(), 1);
    }
}
