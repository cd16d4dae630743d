//! Metadata that a text begins with for its readers: `**Town:** Agen`, or a table of two columns. They stay in the text.

use super::value::{Entry, Map, Node, Position, Value};

/// A text with fewer lines of this kind has no metadata, but a line that looks so.
const FEWEST: usize = 2;

/// More are a text of its own.
const MOST: usize = 40;

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 40;

/// The labels that a text begins with, or that follow its title and the picture below it.
pub fn labels(text: &str) -> Option<Map> {
    let mut fields = Map::default();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim().trim_end_matches('\\').trim_end();
        let is_before = trimmed.starts_with("# ") || trimmed.starts_with("![") || trimmed.chars().all(|sign| "=-".contains(sign));
        if trimmed.is_empty() || is_table_rule(trimmed) || fields.entries.is_empty() && is_before {
            continue;
        }
        let Some((name, value)) = bold(trimmed).or_else(|| row(trimmed)) else { break };
        if fields.entries.len() == MOST || fields.entries.iter().any(|entry| entry.key == name) {
            return None;
        }
        let at = Position { line: index + 1, column: 1 };
        let value = if value.is_empty() { Value::Null } else { Value::Scalar(value.to_owned()) };
        fields.entries.push(Entry { key: name.to_owned(), key_at: at, node: Node { value, at } });
    }
    (fields.entries.len() >= FEWEST).then_some(fields)
}

/// `**Town:** Agen`, `- **Town**: Agen`, `__Town__ : Agen`.
fn bold(line: &str) -> Option<(&str, &str)> {
    let line = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).unwrap_or(line).trim_start();
    let mark = ["**", "__"].into_iter().find(|mark| line.starts_with(mark))?;
    let (name, rest) = line[mark.len()..].split_once(mark)?;
    let has_colon = name.trim_end().ends_with(':');
    let rest = rest.trim_start_matches([' ', '\u{a0}']);
    let value = if has_colon { rest } else { rest.strip_prefix(':')? };
    Some((named(name)?, value.trim()))
}

/// `| Town | Agen |`, whose other cells are empty.
fn row(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix('|')?.trim_end_matches('|');
    let (name, value) = inner.split_once('|')?;
    let value = value.trim();
    (!value.contains('|')).then_some(())?;
    Some((named(name)?, value))
}

fn is_table_rule(line: &str) -> bool {
    line.starts_with('|') && line.bytes().all(|byte| b"|-: ".contains(&byte))
}

/// A name that may be that of a field, without the marks around it.
fn named(name: &str) -> Option<&str> {
    let name = name.trim().trim_matches(['*', '_', ':', ' ', '\u{a0}']);
    let is_name = name.starts_with(char::is_alphabetic)
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(|character| character.is_alphanumeric() || " _-'’()/".contains(character));
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_and_texts_are_not() {
        for (text, expected) in [
            (
                "# A kiosk\n\n**Ort:** Bonn  \n**Träger**: Verein e.V.\\\n- __Beginn :__ 2016\n\nText **bold:** here\n",
                &[("Ort", "Bonn"), ("Träger", "Verein e.V."), ("Beginn", "2016")][..],
            ),
            (
                "| | |\n|---|---|\n| **Ort** | Brilon |\n| Beginn | März 2012 |\n\nText\n",
                &[("Ort", "Brilon"), ("Beginn", "März 2012")],
            ),
            ("|Ort | Brilon |\n|---|---|\n| Beginn | März 2012 |\n\nText\n", &[("Ort", "Brilon"), ("Beginn", "März 2012")]),
            ("**Ort:** Bonn\n\nText\n", &[]),
            ("Text\n\n**Ort:** Bonn\n**Beginn:** 2016\n", &[]),
            ("| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n", &[]),
        ] {
            let found = labels(text).unwrap_or_default();
            let found: Vec<_> =
                found.entries.iter().map(|entry| (entry.key.as_str(), entry.node.scalar().unwrap_or_default())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
