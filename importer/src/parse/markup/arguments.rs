//! What stands between the name of a template tag and its end: quoted words, bare words, named values, JSON.

use serde_json::Value;

/// The arguments of a tag.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Arguments {
    /// Those without a name; whether each stood in quotes.
    unnamed: Vec<(String, bool)>,
    named: Vec<(String, String)>,
    /// Lists of things, such as figures with their captions, each thing in one line.
    items: Vec<String>,
}

impl Arguments {
    /// Reads them; whatever is odd is taken as a word.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.starts_with('{')
            && let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text)
        {
            return Self::of_json(object);
        }
        let mut arguments = Self::default();
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ',');
            if rest.is_empty() {
                return arguments;
            }
            if let Some((quoted, after)) = quoted(rest) {
                arguments.unnamed.push((quoted, true));
                rest = after;
                continue;
            }
            let end = end_of_word(rest);
            let (word, after) = rest.split_at(end);
            // There may be spaces around the sign.
            let sign = after.trim_start().strip_prefix('=').or_else(|| after.strip_prefix(':')).filter(|_| !word.is_empty());
            let (key, value) = match (sign, word.strip_suffix(':')) {
                (Some(value), _) => (word, value.trim_start()),
                (None, Some(key)) if !key.is_empty() && !key.contains(['/', '.']) => (key, after.trim_start()),
                _ => {
                    // A sign that belongs to no word, such as `=` alone, is passed over.
                    let (word, after) = if word.is_empty() {
                        rest.split_at(rest.chars().next().map_or(0, char::len_utf8))
                    } else {
                        (word, after)
                    };
                    arguments.unnamed.push((word.to_owned(), false));
                    rest = after;
                    continue;
                }
            };
            let (value, after) = quoted(value).unwrap_or_else(|| {
                let end = value.find(|character: char| character.is_whitespace() || character == ',').unwrap_or(value.len());
                (value[..end].trim_matches(['{', '}']).to_owned(), &value[end..])
            });
            arguments.named.push((key.to_lowercase(), value));
            rest = after;
        }
    }

    fn of_json(object: serde_json::Map<String, Value>) -> Self {
        let mut arguments = Self::default();
        for (key, value) in object {
            match value {
                Value::Array(items) => arguments.items.extend(items.iter().map(words).filter(|item| !item.is_empty())),
                value => arguments.named.push((key.to_lowercase(), words(&value))),
            }
        }
        arguments
    }

    /// The value of the first of these names that has one.
    pub(super) fn named(&self, names: &[&str]) -> Option<&str> {
        let value = |name: &&str| self.named.iter().find(|(key, value)| key == name && !value.trim().is_empty());
        names.iter().find_map(value).map(|(_, value)| value.trim())
    }

    /// All values that have a name, in the order in which they stand.
    pub(super) fn all_named(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().map(|(key, value)| (key.as_str(), value.trim()))
    }

    /// The first value without a name.
    pub(super) fn first(&self) -> Option<&str> {
        self.unnamed.first().map(|(value, _)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Takes the first value without a name away.
    pub(super) fn take_first(&mut self) -> Option<String> {
        (!self.unnamed.is_empty()).then(|| self.unnamed.remove(0).0)
    }

    /// The first value without a name that people can read: several words in quotes.
    pub(super) fn words(&self) -> Option<&str> {
        let is_read = |(value, in_quotes): &&(String, bool)| *in_quotes && value.trim().contains(' ');
        self.unnamed.iter().find(is_read).map(|(value, _)| value.trim())
    }

    /// The things of its lists.
    pub(super) fn items(&self) -> &[String] {
        &self.items
    }
}

/// Where a word ends: at a space, a comma, a sign, or the colon before a text in quotes.
fn end_of_word(text: &str) -> usize {
    let ends = |(at, character): &(usize, char)| {
        character.is_whitespace()
            || "=,".contains(*character)
            || *character == ':' && *at > 0 && quoted(&text[at + 1..]).is_some()
    };
    text.char_indices().find(ends).map_or(text.len(), |(at, _)| at)
}

/// What a value of JSON says: of a map its values, numbers first, since they stand for what the words tell about.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(words).filter(|item| !item.is_empty()).collect::<Vec<_>>().join(", "),
        Value::Object(object) => {
            let mut parts: Vec<String> = object.values().map(words).filter(|part| !part.is_empty()).collect();
            parts.sort_by_key(|part| !part.starts_with(|character: char| character.is_ascii_digit()));
            parts.join(" ")
        }
        Value::Null | Value::Bool(_) => String::new(),
    }
}

/// A text in quotes at the start, and what follows it. A quote that nothing closes opens none.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|character| "\"'`".contains(*character))?;
    let mut content = String::new();
    let mut escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        if escaped {
            content.push(character);
            escaped = false;
        } else if character == '\\' && quote != '`' {
            escaped = true;
        } else if character == quote {
            return Some((content, &text[index + character.len_utf8()..]));
        } else {
            content.push(character);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn arguments_are_read_in_any_notation() {
        let of = Arguments::parse;
        assert_eq!(of("src=\"/a b.png\" class='x' alt=Plan").named(&["alt"]), Some("Plan"));
        assert_eq!(of("src=\"/a b.png\" class='x'").named(&["image", "src"]), Some("/a b.png"));
        assert_eq!(of("url: \"https://a.fr\", title: 'B'").named(&["title"]), Some("B"));
        assert_eq!(of("url:\"https://a.fr\", title:'B \"c\"'").named(&["title"]), Some("B \"c\""));
        assert_eq!(of("url:\"https://a.fr\", title:'B'").named(&["url"]), Some("https://a.fr"));
        assert_eq!(of("caption = \"dit \\\"oui\\\"\"").named(&["caption"]), Some("dit \"oui\""));
        assert_eq!(of("EMnqbcmEPVI").first(), Some("EMnqbcmEPVI"));
        assert_eq!(of("\"https://a.fr/x?a=b\"").first(), Some("https://a.fr/x?a=b"));
        assert_eq!(of("info \"Deux mots\"").words(), Some("Deux mots"));
        assert_eq!(of("{\"title\": \"A\", \"n\": 3}").named(&["title"]), Some("A"));
        assert_eq!(of("{\"items\": [{\"text\": \"apports\", \"number\": \"13,2\"}, {}]}").items(), ["13,2 apports"]);
        // What is written badly is read as words, and never for ever.
        for odd in ["=", "a==b", "\"ouvert", ":", "{\"a\": ", "=,=,", "x=\"", "é"] {
            of(odd);
        }
    }
}
