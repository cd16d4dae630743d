//! TOML in which texts stand in quotes as books and word processors have them (`“…”`, `« … »`), which mean nothing to it.

use super::front_matter::Repaired;
use super::value::{Node, Position};
use super::{problems, toml};
use crate::limits::Limits;

/// The most lines that are read so in one file: more are no slips.
const MOST: usize = 20;

/// The quotes that people's programs put in place of straight ones.
const TYPOGRAPHIC: &[char] = &['“', '”', '„', '‟', '″', '«', '»', '‘', '’', '‚', '‛'];

/// Reads TOML; a line that cannot be read is read again with straight quotes in place of typographic ones.
pub fn parse(text: &str, limits: &Limits) -> Result<(Node, Vec<Repaired>), (Position, String)> {
    let first = match toml::parse(text, limits) {
        Ok(root) => return Ok((root, Vec::new())),
        Err(error) => error,
    };
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut repaired: Vec<Repaired> = Vec::new();
    let mut line = first.0.line;
    while repaired.len() < MOST {
        let Some(straight) = line.checked_sub(1).and_then(|index| lines.get(index)).and_then(|line| with_straight_quotes(line))
        else {
            return Err(first);
        };
        lines[line - 1] = straight;
        repaired.push(Repaired { at: Position { line, column: 1 }, problem: problems::TYPOGRAPHIC.to_owned() });
        line = match toml::parse(&lines.join("\n"), limits) {
            Ok(root) => return Ok((root, repaired)),
            Err((at, _)) => at.line,
        };
    }
    Err(first)
}

/// A line with its texts in straight quotes; `None` if none stands in others, or if it is not clear where one ends.
fn with_straight_quotes(line: &str) -> Option<String> {
    let (line, end) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
    // Items of a list may stand on lines of their own.
    let (name, value) = match line.split_once('=') {
        Some((name, value)) if !name.contains(is_quote) => (Some(name), value),
        _ => (None, line),
    };
    let value = value.trim();
    let (before, items, after) = match (value.strip_prefix('['), name) {
        (Some(within), _) => within.strip_suffix(']').map_or(("[", within, ""), |within| ("[", within, "]")),
        (None, None) => value.strip_suffix(']').map_or(("", value, ""), |within| ("", within, "]")),
        (None, Some(name)) => {
            let text = straight(value)?;
            return Some(format!("{name}= {text}{end}"));
        }
    };
    let items = straight_items(items)?;
    let name = name.map(|name| format!("{name}= ")).unwrap_or_default();
    Some(format!("{name}{before}{items}{after}{end}"))
}

/// The items of a list with straight quotes: a comma behind a quote ends one.
fn straight_items(items: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut item = String::new();
    for part in items.split(',') {
        item.push_str(part);
        if is_ended(item.trim()) {
            parts.push(std::mem::take(&mut item));
        } else {
            item.push(',');
        }
    }
    if !item.is_empty() {
        return None;
    }
    let mut is_changed = false;
    let parts: Vec<String> = parts
        .into_iter()
        .map(|part| match straight(part.trim()) {
            Some(text) => {
                is_changed = true;
                text
            }
            None => part,
        })
        .collect();
    is_changed.then(|| parts.join(", "))
}

/// Whether an item of a list is whole: it begins with no quote, or ends with another one.
fn is_ended(item: &str) -> bool {
    !item.starts_with(is_quote) || (item.chars().count() > 1 && item.ends_with(is_quote))
}

/// A text in straight quotes; `None` if both of its quotes are, or if it has not two.
fn straight(value: &str) -> Option<String> {
    let (open, close) = (value.chars().next()?, value.chars().next_back()?);
    let is_typographic = |quote: char| TYPOGRAPHIC.contains(&quote);
    if !is_quote(open) || !is_quote(close) || !(is_typographic(open) || is_typographic(close)) {
        return None;
    }
    let within = value.strip_prefix(open)?.strip_suffix(close)?;
    // Which of its backslashes escape something cannot be told.
    (!within.contains('\\')).then(|| format!("\"{}\"", within.trim().replace('"', "\\\"")))
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '\'') || TYPOGRAPHIC.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typographic_quotes_are_read_as_straight_ones() {
        for (text, title, lines) in [
            ("title = “Données ouvertes”\n", "Données ouvertes", &[1][..]),
            ("# “A”\na = 1\ntitle = ”Un kiosque\"\nb = 2\n", "Un kiosque", &[3]),
            ("title = \"Un kiosque”\r\nb = 2\r\n", "Un kiosque", &[1]),
            ("title = « Un kiosque, à Agen »\n", "Un kiosque, à Agen", &[1]),
            ("title = ‘L’été’\n", "L’été", &[1]),
            ("title = „Der \"Kiosk\"“\ntags = [“a, b”, \"c\", 1]\n", "Der \"Kiosk\"", &[1, 2]),
            ("title = \"A\"\ntags = [\n  “a”,\n  “b”\n]\n", "A", &[3, 4]),
            // What is no slip stays as it is.
            ("title = \"“A” – b\"\n", "“A” – b", &[]),
        ] {
            let (root, repaired) = parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?} in {text:?}"));
            assert_eq!(root.map().and_then(|map| map.get("title")).and_then(Node::scalar), Some(title), "{text:?}");
            assert_eq!(repaired.iter().map(|line| line.at.line).collect::<Vec<_>>(), lines, "{text:?}");
        }
        let (root, _) = parse("tags = [“a, b”, \"c\", 1]\n", &Limits::default()).expect("a list");
        let tags = root.map().and_then(|map| map.get("tags")).expect("tags");
        assert_eq!(tags.items().iter().filter_map(Node::scalar).collect::<Vec<_>>(), ["a, b", "c", "1"]);
    }

    #[test]
    fn what_is_wrong_in_another_way_stays_wrong() {
        for text in ["title = “A\n", "title = A\n", "title = “C:\\dir”\n", "tags = [“a, b]\n", "title = \"A\nb = “c”\n"]
        {
            assert!(parse(text, &Limits::default()).is_err(), "{text:?}");
        }
    }
}
