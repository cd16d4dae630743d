//! Comma-separated values with one record a line, which the two tables of places are: cells in quotes hold no line ends.

use std::borrow::Cow;
use std::collections::HashMap;

/// A table with a header line.
pub struct Table<'a> {
    columns: HashMap<&'a str, usize>,
    rest: std::iter::Enumerate<std::str::Lines<'a>>,
}

/// One line of a table.
pub struct Row<'t, 'a> {
    columns: &'t HashMap<&'a str, usize>,
    fields: Vec<Cow<'a, str>>,
    /// Its number in the file, from 1.
    pub line: usize,
}

impl<'a> Table<'a> {
    /// Reads the header, which must hold the columns named.
    pub fn new(text: &'a str, columns: &[&str]) -> Result<Self, String> {
        let mut rest = text.lines().enumerate();
        let header = rest.next().map_or("", |(_, line)| line);
        let known: HashMap<&str, usize> = header.split(',').enumerate().map(|(index, name)| (name, index)).collect();
        match columns.iter().find(|column| !known.contains_key(**column)) {
            Some(missing) => Err(format!("the column {missing:?} is missing")),
            None => Ok(Self { columns: known, rest }),
        }
    }

    /// Reads every line, until one fails.
    pub fn each<E>(self, mut read: impl FnMut(Row<'_, 'a>) -> Result<(), E>) -> Result<(), E> {
        for (index, line) in self.rest.filter(|(_, line)| !line.is_empty()) {
            read(Row { columns: &self.columns, fields: fields(line), line: index + 1 })?;
        }
        Ok(())
    }
}

impl Row<'_, '_> {
    /// The field of a column; empty where the line is short.
    pub fn get(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|index| self.fields.get(*index)).map_or("", |field| field)
    }
}

fn fields(line: &str) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::with_capacity(8);
    let mut rest = line;
    loop {
        let (field, after) = if let Some(quoted) = rest.strip_prefix('"') { quoted_field(quoted) } else { plain_field(rest) };
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

fn plain_field(text: &str) -> (Cow<'_, str>, Option<&str>) {
    match text.split_once(',') {
        Some((field, rest)) => (Cow::Borrowed(field), Some(rest)),
        None => (Cow::Borrowed(text), None),
    }
}

/// A field after its opening quote; two quotes stand for one.
fn quoted_field(text: &str) -> (Cow<'_, str>, Option<&str>) {
    let mut field = String::new();
    let mut rest = text;
    while let Some((part, after)) = rest.split_once('"') {
        field.push_str(part);
        if let Some(after) = after.strip_prefix('"') {
            field.push('"');
            rest = after;
        } else {
            return (Cow::Owned(field), after.strip_prefix(','));
        }
    }
    field.push_str(rest);
    (Cow::Owned(field), None)
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quotes_hold_commas_and_quotes() {
        for (line, expected) in [
            ("a,b,c", &["a", "b", "c"][..]),
            ("a,,", &["a", "", ""]),
            ("1,\"CC de Vitry, Champagne et Der\",CC,35", &["1", "CC de Vitry, Champagne et Der", "CC", "35"]),
            ("\"a \"\"b\"\"\",c", &["a \"b\"", "c"]),
            ("\"not closed", &["not closed"]),
        ] {
            assert_eq!(fields(line), expected, "{line}");
        }
    }
}
