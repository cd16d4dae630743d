//! Tables (CSV, TSV) as lists of records: a head line names the fields, each row is a record. Each cell is its source text and
//! knows where it stands; a quote that is never closed is told. The readers that are to be had take all that follows such a quote for
//! one cell, without a word, and do not say where a cell begins.

use std::collections::HashMap;

use super::extension;
use super::lists::Slip;
use super::places::Places;
use super::value::{Growing, Node, Position, Value};
use super::yaml::Repeated;
use crate::diagnostic::Code;
use crate::limits::Limits;

/// Words for what is wrong with a table.
pub const NO_HEAD: &str = "it has no head line that names its columns";
pub const UNCLOSED: &str = "a quote is not closed";
pub const TOO_MUCH: &str = "it has more cells than are read of a file";

/// What a table says.
#[derive(Debug, Default)]
pub struct Table {
    /// A map for each row that can be read.
    pub rows: Vec<Node>,
    /// Columns that have the name of an earlier one.
    pub repeated: Vec<Repeated>,
    /// Rows that are not as they should be.
    pub slips: Vec<Slip>,
}

/// What is wrong with a row, or with all that follows.
fn of_all(at: Position, words: &str) -> Slip {
    Slip { at, code: Code::InvalidTable, value: None, detail: words.to_owned() }
}

/// What is wrong with a row that has so many cells.
fn of_row(at: Position, code: Code, cells: usize, columns: usize) -> Slip {
    Slip { at, code, value: Some(cells.to_string()), detail: columns.to_string() }
}

/// Whether a file is a table by its name.
pub fn is_table(path: &str) -> bool {
    ["csv", "tsv"].iter().any(|known| extension(path).eq_ignore_ascii_case(known))
}

/// Reads a table. One row that cannot be read does not take the others down.
pub fn parse(path: &str, text: &str, limits: &Limits) -> Table {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, offset: 0, places: Places::of(text), delimiter: delimiter(path, text) };
    let mut table = Table::default();
    let head = std::iter::from_fn(|| reader.row()).find(|row| !row.is_blank());
    let Some(head) = head.filter(|head| head.is_closed) else {
        table.slips.push(of_all(Position::START, NO_HEAD));
        return table;
    };
    let mut values = head.cells.len();
    if values > limits.file_values {
        table.slips.push(of_all(head.at, TOO_MUCH));
        return table;
    }
    let columns = head.columns(&mut table.repeated);
    while let Some(row) = reader.row() {
        if row.is_blank() {
            continue;
        }
        values += row.cells.len();
        if values > limits.file_values {
            table.slips.push(of_all(row.at, TOO_MUCH));
            break;
        }
        if !row.is_closed {
            // Whatever follows the quote is in this cell.
            table.slips.push(of_all(row.at, UNCLOSED));
            break;
        }
        let (cells, filled) = (row.cells.len(), row.cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |last| last + 1));
        if filled > columns.len() {
            table.slips.push(of_row(row.at, Code::RowTooLong, cells, columns.len()));
            continue;
        }
        if cells < columns.len() {
            table.slips.push(of_row(row.at, Code::RowTooShort, cells, columns.len()));
        }
        table.rows.push(row.record(&columns));
    }
    table
}

/// What parts the cells: a tab by the extension, else the sign that parts the head line into the most.
fn delimiter(path: &str, text: &str) -> char {
    if path.to_ascii_lowercase().ends_with(".tsv") {
        return '\t';
    }
    let is_told = |text: &&str| !text.trim().is_empty();
    let head = text.lines().find(is_told).unwrap_or_default();
    let mut in_quotes = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0), ('|', 0)];
    for character in head.chars() {
        in_quotes ^= character == '"';
        counts.iter_mut().filter(|(sign, _)| *sign == character && !in_quotes).for_each(|(_, count)| *count += 1);
    }
    // Of several that part it alike, the first.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(sign, _)| sign)
}

/// Reads row after row.
struct Reader<'a> {
    text: &'a str,
    offset: usize,
    places: Places<'a>,
    delimiter: char,
}

struct Row {
    at: Position,
    cells: Vec<Node>,
    /// Whether each quote that opens a cell is closed.
    is_closed: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.offset..]
    }

    /// The next row, `None` after the last.
    fn row(&mut self) -> Option<Row> {
        if self.rest().is_empty() {
            return None;
        }
        let mut row = Row { at: self.places.at(self.offset), cells: Vec::new(), is_closed: true };
        loop {
            let (cell, is_closed) = self.cell();
            row.cells.push(cell);
            row.is_closed &= is_closed;
            let end = self.rest().chars().next();
            self.offset += end.map_or(0, char::len_utf8);
            if end != Some(self.delimiter) {
                return Some(row);
            }
        }
    }

    /// A cell up to its delimiter or the end of its line; whether its quote is closed.
    fn cell(&mut self) -> (Node, bool) {
        let at = self.places.at(self.offset);
        let mut text = String::new();
        let is_closed = !self.rest().starts_with('"') || self.quoted(&mut text);
        let rest = self.rest();
        let more = &rest[..rest.find([self.delimiter, '\n']).unwrap_or(rest.len())];
        text.push_str(more);
        self.offset += more.len();
        let value = if text.trim().is_empty() { Value::Null } else { Value::Scalar(text.trim().to_owned()) };
        (Node { value, at }, is_closed)
    }

    /// What stands in quotes, of which two stand for one; whether they are closed.
    fn quoted(&mut self, text: &mut String) -> bool {
        self.offset += 1;
        while let Some((part, after)) = self.rest().split_once('"') {
            text.push_str(part);
            self.offset += part.len() + 1;
            if !after.starts_with('"') {
                return true;
            }
            text.push('"');
            self.offset += 1;
        }
        text.push_str(self.rest());
        self.offset = self.text.len();
        false
    }
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(Node::is_blank)
    }

    /// The names of the columns, in one line each; none for a column that has no name.
    fn columns(&self, repeated: &mut Vec<Repeated>) -> Vec<Option<String>> {
        let mut columns: Vec<Option<String>> = Vec::with_capacity(self.cells.len());
        let mut known: HashMap<String, Position> = HashMap::new();
        for cell in &self.cells {
            let name = cell.scalar().map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "));
            if let Some(key) = name.clone() {
                let first = *known.entry(key.clone()).or_insert(cell.at);
                repeated.extend((first != cell.at).then_some(Repeated { key, first, at: cell.at }));
            }
            columns.push(name);
        }
        // Editors leave delimiters behind that part nothing.
        columns.truncate(columns.iter().rposition(Option::is_some).map_or(0, |last| last + 1));
        columns
    }

    fn record(self, columns: &[Option<String>]) -> Node {
        let mut map = Growing::default();
        for (cell, column) in self.cells.into_iter().zip(columns) {
            if let Some(column) = column {
                // Which columns are called alike was told once, of the head.
                let _ = map.insert(column.clone(), cell.at, cell);
            }
        }
        Node { value: Value::Map(map.whole()), at: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::super::value::{Entry, Map};
    use super::*;

    /// Each row as `line: name=text@line:column …`.
    fn rows(path: &str, text: &str) -> Vec<String> {
        let said = |entry: &Entry| {
            let at = entry.node.at;
            format!("{}={}@{}:{}", entry.key, entry.node.scalar().unwrap_or("-"), at.line, at.column)
        };
        let row = |node: &Node| {
            let fields: &Map = node.map().expect("a row");
            format!("{}: {}", node.at.line, fields.entries.iter().map(said).collect::<Vec<_>>().join(" "))
        };
        parse(path, text, &Limits::default()).rows.iter().map(row).collect()
    }

    #[test]
    fn each_row_is_a_record_and_each_cell_its_text() {
        for (path, text, expected) in [
            ("a.csv", "id,name\n1,Agen\n", &["2: id=1@2:1 name=Agen@2:3"][..]),
            ("a.csv", "\u{feff}code;nom\n01004;Ambérieu, en Bugey\n", &["2: code=01004@2:1 nom=Ambérieu, en Bugey@2:7"]),
            ("a.tsv", "id\tnote, all\n1\ta,b;c\n", &["2: id=1@2:1 note, all=a,b;c@2:3"]),
            ("a.csv", "id\tnote\n1\ta,b\n", &["2: id=1@2:1 note=a,b@2:3"]),
            ("a.csv", "id|note\n1|a,b\n", &["2: id=1@2:1 note=a,b@2:3"]),
            (
                "a.csv",
                "id,note\n1,\"a \"\"b\"\"\nc, d\"\n2,e\n",
                &["2: id=1@2:1 note=a \"b\"\nc, d@2:3", "4: id=2@4:1 note=e@4:3"],
            ),
            ("a.csv", "\n\nid,\"The\n name\"\n\n1, Agen \n,\n", &["6: id=1@6:1 The name=Agen@6:3"]),
            ("a.csv", "id,,name,\n1,x,Agen,\n", &["2: id=1@2:1 name=Agen@2:5"]),
            ("a.csv", "tag,tag\n,b\na,\na,b\n", &["2: tag=b@2:2", "3: tag=a@3:1", "4: tag=b@4:3"]),
            ("a.csv", "name\nSix 12\" pipes\n", &["2: name=Six 12\" pipes@2:1"]),
            ("a.csv", "a,b\n\"x\"y,z", &["2: a=xy@2:1 b=z@2:6"]),
            ("a.csv", "a;b\n1;\"not closed\n2;x\n", &[]),
            ("a.csv", "", &[]),
        ] {
            assert_eq!(rows(path, text), expected, "{text}");
        }
    }

    #[test]
    fn rows_that_are_not_as_they_should_be_are_told() {
        for (text, expected) in [
            ("a,b\n1,2,3\n4,5\n", &[(2, Code::RowTooLong, "3", "2")][..]),
            ("a,b\n1,2,,\n", &[]),
            ("a,b,c\n1,2\n4,5,6\n", &[(2, Code::RowTooShort, "2", "3")]),
            ("a,b\n1,2\n3,\"x\ny,z\n", &[(3, Code::InvalidTable, "", UNCLOSED)]),
            ("\"a,b\n1,2\n", &[(1, Code::InvalidTable, "", NO_HEAD)]),
            ("\n \n", &[(1, Code::InvalidTable, "", NO_HEAD)]),
        ] {
            let slips = parse("a.csv", text, &Limits::default()).slips;
            let told: Vec<_> = slips
                .iter()
                .map(|slip| (slip.at.line, slip.code, slip.value.as_deref().unwrap_or_default(), &*slip.detail))
                .collect();
            assert_eq!(told, expected, "{text}");
        }
        let limits = Limits { file_values: 5, ..Limits::default() };
        let table = parse("a.csv", "a,b\n1,2\n3,4\n", &limits);
        assert_eq!((table.rows.len(), table.slips[0].detail.as_str()), (1, TOO_MUCH));
        let repeated = parse("a.csv", "tag,b,tag\n1,2,3\n", &Limits::default()).repeated;
        assert_eq!(repeated.iter().map(|column| (column.key.as_str(), column.at.column)).collect::<Vec<_>>(), [("tag", 7)]);
    }
}
