//! TOML: the grammar is that of the `toml` crate; scalars keep their source text.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::places::Places;
use super::problems;
use super::value::{Entry, Map, Node, Position, Value};
use crate::limits::Limits;

/// Reads a TOML text.
pub fn parse(text: &str, limits: &Limits) -> Result<Node, (Position, String)> {
    let places = Places::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(Position::START, |span| places.at(span.start));
        (at, problems::of_toml(error.message()))
    })?;
    let mut reader = Reader { text, places, limits, values: 0 };
    let map = reader.table(table.get_ref(), 0)?;
    Ok(Node { value: Value::Map(map), at: Position::START })
}

struct Reader<'a> {
    text: &'a str,
    places: Places<'a>,
    limits: &'a Limits,
    values: usize,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, depth: usize) -> Result<Map, (Position, String)> {
        let mut entries = Vec::new();
        for (key, value) in table {
            let key_at = self.places.at(key.span().start);
            entries.push(Entry { key: key.get_ref().to_string(), key_at, node: self.value(value, depth + 1)? });
        }
        entries.sort_by_key(|entry| entry.key_at);
        Ok(Map { entries })
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Result<Node, (Position, String)> {
        let at = self.places.at(value.span().start);
        self.values += 1;
        if depth > self.limits.value_depth {
            return Err((at, format!("values are nested more than {} deep", self.limits.value_depth)));
        }
        if self.values > self.limits.values {
            return Err((at, format!("there are more than {} values", self.limits.values)));
        }
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Scalar(text.to_string()),
            // Numbers, dates and truth values as they are written.
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                Value::Scalar(self.text.get(value.span()).unwrap_or_default().to_owned())
            }
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.value(item, depth + 1)).collect::<Result<_, _>>()?),
            DeValue::Table(table) => Value::Map(self.table(table, depth)?),
        };
        Ok(Node { value, at })
    }
}
