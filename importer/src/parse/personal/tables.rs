//! Columns of tables that hold telephone numbers, as their heads say.

use std::ops::Range;

use super::telephone::is_label;

/// The cells of such columns, in the order of the text.
pub(super) fn telephone_cells(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut columns: Vec<usize> = Vec::new();
    let mut head = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.contains('|') {
            columns.clear();
        } else if is_rule(line) {
            let is_of_telephones = |(index, cell): (usize, Range<usize>)| says_telephone(&head[cell]).then_some(index);
            columns = cells(head).into_iter().enumerate().filter_map(is_of_telephones).collect();
        } else if !columns.is_empty() {
            let cells = cells(line);
            found.extend(columns.iter().filter_map(|column| cells.get(*column)).map(|cell| start + cell.start..start + cell.end));
        }
        head = line;
        start += line.len();
    }
    found
}

/// Whether the head of a column has a word for telephones.
fn says_telephone(head: &str) -> bool {
    head.to_lowercase().split(|character: char| character.is_whitespace() || "*_.:-/()".contains(character)).any(is_label)
}

/// Whether a line parts the head of a table from its rows.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.chars().all(|character| character.is_whitespace() || "|-:".contains(character))
}

/// Where the cells of a line stand in it.
fn cells(line: &str) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = line.len() - line.trim_start().trim_start_matches('|').len();
    for (bar, _) in line.match_indices('|').filter(|(bar, _)| *bar >= start && !line[..*bar].ends_with('\\')).collect::<Vec<_>>()
    {
        cells.push(start..bar);
        start = bar + 1;
    }
    cells.push(start..line.len());
    cells
}
