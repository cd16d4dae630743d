//! YAML that is almost valid: values that ought to stand in quotes, and tabs.

use super::front_matter::Repaired;
use super::value::Position;
use super::yaml::{self, Yaml, YamlError};
use super::{problems, quoted};
use crate::limits::Limits;

/// The most lines that are repaired in one file: more are no slips.
const MOST: usize = 20;

/// Reads YAML; a line that cannot be read is read again with its value in quotes or its tabs as spaces, if it is clear that this
/// is what was meant.
pub fn parse(text: &str, limits: &Limits) -> Result<(Yaml, Vec<Repaired>), YamlError> {
    let first = match yaml::parse(text, limits) {
        Ok(yaml) => return Ok((yaml, Vec::new())),
        Err(error) if error.is_limit => return Err(error),
        Err(error) => error,
    };
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let first = match with_quoted_indented(&mut lines, limits) {
        None => first,
        Some(Ok(yaml)) => return Ok((yaml, Vec::new())),
        Some(Err(error)) => error,
    };
    let mut repaired: Vec<Repaired> = Vec::new();
    let mut error = first.clone();
    while repaired.len() < MOST && !error.is_limit {
        let indented = if error.problem == problems::TAB { indent_with_spaces(&mut lines) } else { None };
        let Some(number) = indented.or_else(|| repair_at(&mut lines, error.at.line, &repaired)) else { return Err(first) };
        repaired.push(Repaired { at: Position { line: number, column: 1 }, problem: error.problem });
        error = match yaml::parse(&lines.join("\n"), limits) {
            Ok(yaml) => return Ok((yaml, repaired)),
            Err(error) => error,
        };
    }
    Err(first)
}

/// Reads YAML with the texts in quotes that go on at the margin where YAML wants them, if there are any: that is no slip, since other
/// parsers read them.
fn with_quoted_indented(lines: &mut [String], limits: &Limits) -> Option<Result<Yaml, YamlError>> {
    let at_margin: Vec<_> = quoted::at_margin(lines).into_iter().filter(|quoted| !quoted.is_doubtful).collect();
    for quoted in &at_margin {
        quoted.indent(lines);
    }
    (!at_margin.is_empty()).then(|| yaml::parse(&lines.join("\n"), limits))
}

/// Repairs what a parser stopped at, and gives the line on which it begins. Parsers stop at the line or, when its end is what
/// they miss, on the next one.
fn repair_at(lines: &mut [String], at: usize, done: &[Repaired]) -> Option<usize> {
    let before = at.saturating_sub(1);
    let indented = indent_brackets(lines, at);
    let quoted =
        indented.or_else(|| quote(lines, at, done)).or_else(|| close_quote(lines, at)).or_else(|| indent_quoted(lines, at));
    quoted.or_else(|| quote(lines, before, done)).or_else(|| space_after_dash(lines, at))
}

/// Puts a space after the dash of an item, below another of its list; gives its line. Parsers stop anywhere near it.
fn space_after_dash(lines: &mut [String], at: usize) -> Option<usize> {
    let item =
        |line: &str| line.trim_start().strip_prefix('-').map(|rest| (line.len() - line.trim_start().len(), rest.to_owned()));
    let candidates = at.saturating_sub(3)..(at + 2).min(lines.len());
    let index = candidates.into_iter().find(|index| {
        let above = index.checked_sub(1).and_then(|above| item(&lines[above]));
        let (Some((margin, rest)), Some((above, rest_above))) = (item(&lines[*index]), above) else { return false };
        margin == above && rest_above.starts_with(' ') && rest.starts_with(|first: char| !first.is_whitespace() && first != '-')
    })?;
    let dash = lines[index].find('-')?;
    lines[index].insert(dash + 1, ' ');
    Some(index + 1)
}

/// Indents with spaces the fields and items that are indented with tabs, as those around them are; gives the first such line.
fn indent_with_spaces(lines: &mut [String]) -> Option<usize> {
    let mut first = None;
    // Where the text of the line before begins, and whether it names a field whose value is below it.
    let mut before = (0, false);
    // The tabs of lines that follow one another, and where the text of such lines begins.
    let mut known: Vec<(String, usize)> = Vec::new();
    for (index, line) in lines.iter_mut().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let content = line.trim_start_matches([' ', '\t']);
        let margin = &line[..line.len() - content.len()];
        let is_meant = margin.contains('\t') && (field(content).is_some() || content.starts_with("- "));
        if is_meant {
            let place = known.iter().find(|(tabs, _)| tabs == margin).map(|(_, place)| *place);
            let (start, has_below) = before;
            let place = place.unwrap_or(if has_below { start + 2 } else { start });
            if known.iter().all(|(tabs, _)| tabs != margin) {
                known.push((margin.to_owned(), place));
            }
            *line = format!("{}{content}", " ".repeat(place));
            first = first.or(Some(index + 1));
        } else {
            known.clear();
        }
        let start = line.len() - line.trim_start_matches([' ', '-']).len();
        before = (start, line.trim_end().ends_with(':'));
    }
    first
}

/// How many lines a text in quotes may have: one that is longer than a screen or two is no slip.
const LONGEST: usize = 200;

/// Whether a line begins a text in double quotes that goes on below it.
fn opens(line: &str) -> bool {
    let value = line.split_once(": ").map(|(_, value)| value.trim());
    value.and_then(|value| value.strip_prefix('"')).is_some_and(|value| !is_closed(value))
}

/// Ends a text in double quotes at the end of its line, where the next line is another field: it cannot go on there.
fn close_quote(lines: &mut [String], at: usize) -> Option<usize> {
    let start = (at.saturating_sub(LONGEST)..at).rev().find(|index| lines.get(*index).is_some_and(|line| opens(line)))?;
    let (indent, _) = field(&lines[start])?;
    let next = lines[start + 1..].iter().find(|line| !line.trim().is_empty())?;
    if field(next).is_none_or(|(next, _)| next != indent) {
        return None;
    }
    let line = &mut lines[start];
    let end = line.trim_end().len();
    line.insert(end, '"');
    Some(start + 1)
}

/// Where the name of a field begins in a line, and the name.
fn field(line: &str) -> Option<(usize, &str)> {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    let (name, value) = line[start..].split_once(':')?;
    let is_field = is_name(name) && (value.trim().is_empty() || value.starts_with(' '));
    is_field.then_some((start, name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || " _-".contains(character))
}

/// Puts the value of a line in quotes, unless that was done already.
fn quote(lines: &mut [String], number: usize, done: &[Repaired]) -> Option<usize> {
    let line = lines.get_mut(number.checked_sub(1)?).filter(|_| done.iter().all(|known| known.at.line != number))?;
    *line = repair(line)?;
    Some(number)
}

/// Moves the lines of a text in quotes that goes on at the margin to where YAML wants them, though one of them may be another field;
/// gives the line on which the text begins.
fn indent_quoted(lines: &mut [String], at: usize) -> Option<usize> {
    let quoted = quoted::at_margin(lines).into_iter().rev().find(|quoted| quoted.first < at)?;
    quoted.indent(lines);
    Some(quoted.first + 1)
}

/// Moves the lines of a list in brackets that goes on at the start of the next line, as most parsers read it, to where YAML wants
/// them; gives the line on which the list begins.
fn indent_brackets(lines: &mut [String], at: usize) -> Option<usize> {
    let opens = |line: &str| line.split_once(':').is_some_and(|(_, value)| value.trim_start().starts_with(['[', '{']));
    let depth = |line: &str| {
        let count = |signs: [char; 2]| isize::try_from(line.matches(signs).count()).unwrap_or_default();
        count(['[', '{']) - count([']', '}'])
    };
    let start = (at.saturating_sub(LONGEST)..at)
        .rev()
        .find(|index| lines.get(*index).is_some_and(|line| opens(line) && depth(line) > 0))?;
    let is_list = lines[start].split_once(':').is_some_and(|(_, value)| value.trim_start().starts_with('['));
    let mut open = depth(&lines[start]);
    let mut end = start;
    while open > 0 {
        end += 1;
        let line = lines.get(end).filter(|_| end - start < LONGEST)?;
        // Another field: the list is not closed.
        if is_list && field(line).is_some_and(|(margin, _)| margin == 0) {
            return None;
        }
        open += depth(line);
    }
    let mut has_moved = false;
    for line in lines[start + 1..=end].iter_mut().filter(|line| !line.starts_with(' ') && !line.trim().is_empty()) {
        line.insert_str(0, "  ");
        has_moved = true;
    }
    has_moved.then_some(start + 1)
}

/// Whether a text in double quotes ends within a line of it.
fn is_closed(line: &str) -> bool {
    let mut is_escaped = false;
    line.chars().any(|character| {
        let closes = character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        closes
    })
}

/// A line with its value in quotes, or without tabs.
fn repair(line: &str) -> Option<String> {
    if line.contains('\t') {
        return Some(line.replace('\t', "  "));
    }
    let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    let (key, value) = line[indent..].split_once(": ")?;
    let value = value.trim();
    if let Some(escaped) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(without_odd_escapes) {
        return is_name(key).then(|| format!("{}{key}: \"{escaped}\"{end}", &line[..indent]));
    }
    // A quote within quotes of its kind; what is in quotes or brackets otherwise is wrong in another way.
    let within = ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    if let Some(within) = within.filter(|within| is_name(key) && !within.contains('\\')) {
        return Some(format!("{}{key}: '{}'{end}", &line[..indent], within.replace("''", "'").replace('\'', "''")));
    }
    let is_plain = !value.is_empty() && !value.starts_with(['"', '\'', '[', '{', '|', '>', '#']);
    (is_name(key) && is_plain).then(|| format!("{}{key}: '{}'{end}", &line[..indent], value.replace('\'', "''")))
}

/// A text in double quotes in which each backslash that escapes nothing stands for itself; before an apostrophe it goes. `None` if
/// there is no such one.
fn without_odd_escapes(text: &str) -> Option<String> {
    let mut kept = String::with_capacity(text.len());
    let mut is_odd = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            kept.push(character);
            continue;
        }
        match characters.next() {
            Some('\'') => {
                is_odd = true;
                kept.push('\'');
            }
            Some(next) if "0abtnvfre \"/\\N_LPxuU".contains(next) => kept.extend(['\\', next]),
            next => {
                is_odd = true;
                kept.push_str("\\\\");
                kept.extend(next);
            }
        }
    }
    is_odd.then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::value::Node;

    #[test]
    fn values_that_need_quotes_are_read_as_they_are_meant() {
        for (text, title, lines) in [
            ("title: A kiosk: how it went\nlang: en\n", "A kiosk: how it went", &[1][..]),
            ("lang: en\ntitle: @agen, it's open\n", "@agen, it's open", &[2]),
            ("title: `code`\r\nlang: en\r\n", "`code`", &[1]),
            ("title: A: b\nsummary: C: d\n", "A: b", &[1, 2]),
            ("place:\n\tcity: Agen\ntitle: A\n", "A", &[2]),
            ("list:\n  - name: B\n\tsite: C\n  - name: D\n\tsite: E\ntitle: A\n", "A", &[3]),
            ("place:\n\tcity: Agen\n\tat:\n\t\tlat: 1\n\t\tlon: 2\n\tzip: 47000\ntitle: B: C\n", "B: C", &[2, 7]),
            ("list:\n\t- B\n\t- C\ntitle: A\n", "A", &[2]),
            ("list:\n- name: B\n\tsite: C\n\tmore:\n\t\t- D\ntitle: A\n", "A", &[3]),
            ("title: A\nlist:\n  - ??\n  -??\nmore:\n  - B\n", "A", &[4]),
            ("title: \"The Cesena\\'s Wall: \\\"A\\\", C:\\dir\"\n", "The Cesena's Wall: \"A\", C:\\dir", &[1]),
            ("lang: fr\ntitle: 'C'est l'été'\n", "C'est l'été", &[2]),
            ("title: \"A \"kiosk\" in Agen\"\n", "A \"kiosk\" in Agen", &[1]),
            ("list: [\n'a.jpg',\n'b.jpg',\n]\ntitle: A\n", "A", &[1]),
            ("place: {\ncity: Agen,\nzip: 47000\n}\nlist: [a,\nb]\ntitle: A\n", "A", &[1, 5]),
            ("title: A\n", "A", &[]),
            ("title: \"A kiosk\nlang: en\n", "A kiosk", &[1]),
            ("title: A\nfigures:\n  - unit: \"year \r\n    of: |-\r\n      It \"is\".\n  - unit: \"week\"\n", "A", &[3]),
            ("list:\n- name: B\n  text: \"C:\n\n  - D\n\n  - E\"\ntitle: A\n", "A", &[]),
            ("title: \"A kiosk\nin \\\"Agen\\\",\nby the river\"\nlang: en\n", "A kiosk in \"Agen\", by the river", &[]),
        ] {
            let (yaml, repaired) = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error} in {text:?}"));
            let fields = yaml.root.map().expect("a map");
            assert_eq!(fields.get("title").and_then(Node::scalar), Some(title), "{text:?}");
            assert_eq!(repaired.iter().map(|line| line.at.line).collect::<Vec<_>>(), lines, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_in_another_way_stays_wrong() {
        for text in ["title: \"A\n", "title: \"A\n  lang: en\n", "list: [a, b\nend: 1\n", "list: [a,\nend: [1]]\n", "- a\nb: c\n"]
        {
            assert!(parse(text, &Limits::default()).is_err(), "{text:?}");
        }
    }
}
