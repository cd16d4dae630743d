//! Results as a Markdown table.

use std::fmt::Write as _;

use crate::measure::Measured;

/// What one store gave at one size.
pub struct Column {
    pub title: String,
    pub rows: Vec<Measured>,
}

/// A row for each thing measured, in the order of the first column that has it.
pub fn markdown(columns: &[Column]) -> String {
    let mut rows: Vec<&str> = Vec::new();
    for what in columns.iter().flat_map(|column| &column.rows).map(|row| row.what.as_str()) {
        if !rows.contains(&what) {
            rows.push(what);
        }
    }
    let mut table = String::from("| |");
    for column in columns {
        let _ = write!(table, " {} |", column.title);
    }
    table.push_str("\n|---|");
    table.push_str(&"---:|".repeat(columns.len()));
    for what in rows {
        let _ = write!(table, "\n| {what} |");
        for column in columns {
            let value = column.rows.iter().find(|row| row.what == what).map_or("–", |row| row.value.as_str());
            let _ = write!(table, " {value} |");
        }
    }
    table
}
