//! YAML that is almost valid: values that ought to stand in quotes, and tabs.

use super::front_matter::Repaired;
use super::value::Position;
use super::yaml::{self, Yaml, YamlError};
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
    let mut repaired: Vec<Repaired> = Vec::new();
    let mut error = first.clone();
    while repaired.len() < MOST && !error.is_limit {
        // Parsers stop at the line or, when its end is what they miss, on the next one.
        let candidates = [error.at.line, error.at.line.saturating_sub(1)];
        let found =
            candidates.into_iter().filter(|line| repaired.iter().all(|known| known.at.line != *line)).find_map(|number| {
                let line = lines.get(number.checked_sub(1)?)?;
                Some((number, repair(line)?))
            });
        let Some((number, line)) = found else { return Err(first) };
        lines[number - 1] = line;
        repaired.push(Repaired { at: Position { line: number, column: 1 }, problem: error.problem });
        error = match yaml::parse(&lines.join("\n"), limits) {
            Ok(yaml) => return Ok((yaml, repaired)),
            Err(error) => error,
        };
    }
    Err(first)
}

/// A line with its value in quotes, or without tabs.
fn repair(line: &str) -> Option<String> {
    if line.contains('\t') {
        return Some(line.replace('\t', "  "));
    }
    let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    let (key, value) = line[indent..].split_once(": ")?;
    let is_key = !key.is_empty() && key.chars().all(|character| character.is_alphanumeric() || " _-".contains(character));
    let value = value.trim();
    // What is in quotes or brackets already is wrong in another way.
    let is_plain = !value.is_empty() && !value.starts_with(['"', '\'', '[', '{', '|', '>', '#']);
    (is_key && is_plain).then(|| format!("{}{key}: '{}'{end}", &line[..indent], value.replace('\'', "''")))
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
            ("title: A\n", "A", &[]),
        ] {
            let (yaml, repaired) = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error} in {text:?}"));
            let fields = yaml.root.map().expect("a map");
            assert_eq!(fields.get("title").and_then(Node::scalar), Some(title), "{text:?}");
            assert_eq!(repaired.iter().map(|line| line.at.line).collect::<Vec<_>>(), lines, "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_in_another_way_stays_wrong() {
        for text in ["title: \"A\nlang: en\n", "list: [a, b\nend: 1\n", "- a\nb: c\n"] {
            assert!(parse(text, &Limits::default()).is_err(), "{text:?}");
        }
    }
}
