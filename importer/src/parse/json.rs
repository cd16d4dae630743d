//! JSON, read by hand: numbers keep their text, values their place.

use super::places::Places;
use super::value::{Growing, Node, Position, Value};
use crate::limits::Limits;

/// Reads the value at the start of a text; gives it and what follows it.
pub fn parse<'a>(text: &'a str, limits: &Limits) -> Result<(Node, &'a str), (Position, String)> {
    let mut reader = Reader { text, places: Places::of(text), offset: 0, limits, values: 0 };
    let node = reader.value(0)?;
    Ok((node, &text[reader.offset..]))
}

struct Reader<'a> {
    text: &'a str,
    places: Places<'a>,
    offset: usize,
    limits: &'a Limits,
    values: usize,
}

type Read<T> = Result<T, (Position, String)>;

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.offset..]
    }

    fn here(&self) -> Position {
        self.places.at(self.offset)
    }

    fn fail<T>(&self, expected: &str) -> Read<T> {
        let found = self.rest().chars().next().map_or_else(|| "the end".to_owned(), |character| format!("{character:?}"));
        Err((self.here(), format!("expected {expected}, found {found}")))
    }

    fn skip_space(&mut self) {
        self.offset = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn take(&mut self, token: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        self.offset += if found { token.len_utf8() } else { 0 };
        found
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        self.skip_space();
        let at = self.here();
        self.values += 1;
        if depth > self.limits.value_depth {
            return Err((at, format!("values are nested more than {} deep", self.limits.value_depth)));
        }
        if self.values > self.limits.values {
            return Err((at, format!("there are more than {} values", self.limits.values)));
        }
        let value = match self.rest().chars().next() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Value::Scalar(self.string()?),
            Some('-' | '0'..='9') => {
                let is_number = |character: char| character.is_ascii_digit() || "+-.eE".contains(character);
                let length = self.rest().find(|character| !is_number(character)).unwrap_or(self.rest().len());
                let number = self.rest()[..length].to_owned();
                self.offset += length;
                Value::Scalar(number)
            }
            _ => self.word()?,
        };
        Ok(Node { value, at })
    }

    fn word(&mut self) -> Read<Value> {
        for (word, value) in
            [("true", Value::Scalar("true".to_owned())), ("false", Value::Scalar("false".to_owned())), ("null", Value::Null)]
        {
            if self.rest().starts_with(word) {
                self.offset += word.len();
                return Ok(value);
            }
        }
        self.fail("a value")
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.offset += 1;
        let mut map = Growing::default();
        if self.take('}') {
            return Ok(Value::Map(map.whole()));
        }
        loop {
            self.skip_space();
            let key_at = self.here();
            if !self.rest().starts_with('"') {
                return self.fail("a name in quotes");
            }
            let key = self.string()?;
            if !self.take(':') {
                return self.fail("a colon");
            }
            let node = self.value(depth + 1)?;
            // Like all who read JSON, the last value holds; lists are joined, as in YAML.
            let _ = map.insert(key, key_at, node);
            if self.take('}') {
                return Ok(Value::Map(map.whole()));
            }
            if !self.take(',') {
                return self.fail("a comma or a closing brace");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.offset += 1;
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Value::List(items));
            }
            if !self.take(',') {
                return self.fail("a comma or a closing bracket");
            }
        }
    }

    /// A string from its opening quote; `serde_json` undoes the escapes.
    fn string(&mut self) -> Read<String> {
        let at = self.here();
        let mut escaped = false;
        let end = self.rest().char_indices().skip(1).find(|(_, character)| match (escaped, character) {
            (true, _) => {
                escaped = false;
                false
            }
            (false, '\\') => {
                escaped = true;
                false
            }
            (false, character) => *character == '"',
        });
        let Some((end, _)) = end else { return Err((at, "a text is not closed".to_owned())) };
        let text = serde_json::from_str(&self.rest()[..=end]).map_err(|error| (at, error.to_string()))?;
        self.offset += end + 1;
        Ok(text)
    }
}
