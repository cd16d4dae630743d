//! Metadata in lines of their own at the start of a text: as notebooks have them, `town:: Agen` (Logseq, Obsidian),
//! `[[town:Agen]]`; and as a head, `Title: A kiosk`, `Town: Agen`, until the first empty line (`MultiMarkdown`, Pelican) or one of
//! dashes (Hexo).

use super::value::{Entry, Map, Node, Position, Value};

/// A text with fewer lines of this kind has no metadata, but a line that looks so.
const FEWEST: usize = 2;

/// More are no metadata.
const MOST: usize = 500;

/// How long a name may be, in characters.
const LONGEST_NAME: usize = 40;

/// What a head names the title, without which its lines are a text that looks so.
const TITLES: &[&str] =
    &["title", "titre", "titel", "titolo", "título", "titulo", "títol", "otsikko", "tytuł", "rubrik", "tittel"];

/// The properties that a text begins with, or that follow its title, and the text without them.
pub fn properties(text: &str) -> Option<(Map, String)> {
    head(text).or_else(|| lines(text))
}

/// The head of a text, which ends with an empty line or a fence, and the text below it. A line that is indented goes on with the value before.
fn head(text: &str) -> Option<(Map, String)> {
    let mut values: Vec<(usize, &str, String)> = Vec::new();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = indent(text);
    let mut done = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        done += line.len();
        let trimmed = line.trim();
        match (values.last_mut(), trimmed.is_empty() || trimmed == "---") {
            (None, true) => return None,
            (Some(_), true) => break,
            (Some((_, _, value)), _) if indent(line) > margin => {
                value.push(' ');
                value.push_str(trimmed);
            }
            _ => {
                let (name, value) = trimmed.split_once(':').filter(|(name, _)| is_name(name))?;
                // The scheme of an address has a colon as well.
                let is_value = value.is_empty() || value.starts_with([' ', '\t']) || value.starts_with("http");
                is_value.then(|| values.push((index + 1, name, value.trim().to_owned())))?;
            }
        }
        if values.len() > MOST {
            return None;
        }
    }
    let has_title = values.iter().any(|(_, name, _)| is_title(name));
    has_title.then(|| {
        let mut fields = Map::default();
        for (line, name, value) in &values {
            add(&mut fields, name.trim(), Node { value: scalar(value), at: Position { line: *line, column: 1 } });
        }
        (fields, text[done..].to_owned())
    })
}

/// Lines in which nothing but a property stands.
fn lines(text: &str) -> Option<(Map, String)> {
    let mut fields = Map::default();
    let mut count = 0;
    let mut before = String::new();
    let mut done = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if let Some((name, value)) = property(line.trim()) {
            count += 1;
            let at = Position { line: index + 1, column: 1 };
            add(&mut fields, name, Node { value: scalar(value), at });
        } else if line.trim().is_empty() || (before.trim().is_empty() && count == 0 && line.starts_with("# ")) {
            before.push_str(line);
        } else {
            break;
        }
        done += line.len();
        if count > MOST {
            return None;
        }
    }
    (count >= FEWEST).then(|| (fields, before + &text[done..]))
}

/// The name and the value of a line that is a property.
fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = match line.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        // A link to a page has another form.
        Some(inner) if inner.contains(['|', '[', ']']) => return None,
        Some(inner) => inner.split_once(':').filter(|(_, value)| !value.starts_with(['/', ':']) && !value.trim().is_empty())?,
        None => line.split_once("::").filter(|(_, value)| value.is_empty() || value.starts_with(' '))?,
    };
    is_name(name).then(|| (name.trim_end(), value.trim()))
}

/// Whether a name is what a head calls the title.
pub fn is_title(name: &str) -> bool {
    TITLES.contains(&name.trim().to_lowercase().as_str())
}

/// Whether a text may be the name of a field.
pub fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphabetic)
        && name.chars().count() <= LONGEST_NAME
        && name.chars().all(|character| character.is_alphanumeric() || " _-".contains(character))
}

/// A value, in which links to pages are their names.
fn scalar(value: &str) -> Value {
    if value.is_empty() { Value::Null } else { Value::Scalar(value.replace("[[", "").replace("]]", "")) }
}

/// Adds a value; those of one name are a list.
fn add(fields: &mut Map, name: &str, node: Node) {
    let Some(known) = fields.entries.iter_mut().find(|entry| entry.key == name) else {
        fields.entries.push(Entry { key: name.to_owned(), key_at: node.at, node });
        return;
    };
    if let Value::List(items) = &mut known.node.value {
        items.push(node);
    } else {
        let at = known.node.at;
        let first = std::mem::replace(&mut known.node, Node { value: Value::Null, at });
        known.node.value = Value::List(vec![first, node]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_properties_are_metadata() {
        let written = |fields: &Map| {
            let shown = fields.entries.iter().map(|entry| {
                let values: Vec<&str> = entry.node.items().iter().map(|node| node.scalar().unwrap_or("~")).collect();
                format!("{}@{}={}", entry.key, entry.key_at.line, values.join("+"))
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        for (text, fields, body) in [
            (
                "# A kiosk\n\n[[year:2021]]\n\n[[method:Proof of concept]]\n[[method:Survey]]\n[[latlng:39.06,35.16]]\n## Next\nText",
                "year@3=2021 method@5=Proof of concept+Survey latlng@7=39.06,35.16",
                "# A kiosk\n\n\n## Next\nText",
            ),
            (
                "town:: Agen\r\ntags:: [[wifi]], [[kiosk]]\r\nend::\r\n\r\n- Text",
                "town@1=Agen tags@2=wifi, kiosk end@3=",
                "\r\n- Text",
            ),
            (
                "Title: Um kiosk: o primeiro\nDate: 2012-12-06 23:31\nTags: eleições,\n  wifi\nImage:\n\nText: here\n",
                "Title@1=Um kiosk: o primeiro Date@2=2012-12-06 23:31 Tags@3=eleições, wifi Image@5=",
                "Text: here\n",
            ),
            ("Title: A kiosk\n\nText", "Title@1=A kiosk", "Text"),
            (
                " title: A kiosk\n town: Agen\n  (47)\n site:https://a.org\n",
                "title@1=A kiosk town@2=Agen (47) site@4=https://a.org",
                "",
            ),
            ("titre: Un kiosque\nville: Agen\n---\nTexte", "titre@1=Un kiosque ville@2=Agen", "Texte"),
            ("code postal:: 47000\nétat:: ouvert\n# A title\n", "code postal@1=47000 état@2=ouvert", "# A title\n"),
        ] {
            let found = properties(text).unwrap_or_else(|| panic!("none in {text:?}"));
            assert_eq!((written(&found.0).as_str(), found.1.as_str()), (fields, body), "{text:?}");
        }
        for text in [
            "",
            "# A title\n\n[[year:2021]]\n\nText",
            "[[Kiosk]]\n[[Wifi|the wifi]]\n",
            "[[https://a.org]]\n[[https://b.org]]\n",
            "std::vector\nstd::map\n",
            "Note: this is a text\nTown: Agen\n\nText",
            "Title: A kiosk\nThis is a text: not a head\nwith more\n\nText",
            "Title: A\nhttps://a.org\n\nText",
            "\nTitle: A\nTown: Agen\n\nText",
            "Text\ntown:: Agen\nyear:: 2021\n",
            "# A\n# B\ntown:: Agen\nyear:: 2021\n",
        ] {
            assert_eq!(properties(text), None, "{text:?}");
        }
    }
}
