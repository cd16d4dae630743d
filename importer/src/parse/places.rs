//! Lines and columns of the offsets of a text, of which a file of many records asks for many.

use super::value::Position;

/// So many bytes lie between two offsets whose place is noted.
const STEP: usize = 1_024;

/// Where the offsets of a text lie. Each is found from the one noted before it, however long the text and its lines are.
pub struct Places<'a> {
    text: &'a str,
    /// The offsets noted, in order, and where they lie.
    noted: Vec<(usize, Position)>,
}

impl<'a> Places<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut noted = vec![(0, Position::START)];
        let mut last = (0, Position::START);
        for wanted in (STEP..text.len()).step_by(STEP) {
            let offset = text.floor_char_boundary(wanted);
            last = (offset, walk(last.1, &text[last.0..offset]));
            noted.push(last);
        }
        Self { text, noted }
    }

    /// Where an offset lies; beyond the end of the text, where that lies.
    pub fn at(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let next = self.noted.partition_point(|(noted, _)| *noted <= offset);
        let (start, position) = self.noted[next.saturating_sub(1)];
        walk(position, &self.text[start..offset])
    }
}

/// The place behind a text that begins at one.
fn walk(from: Position, text: &str) -> Position {
    match text.rsplit_once('\n') {
        None => Position { line: from.line, column: from.column + text.chars().count() },
        Some((before, last)) => Position { line: from.line + before.matches('\n').count() + 1, column: last.chars().count() + 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_lie_on_lines() {
        let long_line = "é".repeat(STEP);
        let text = format!("a\n\nbé\n{long_line}x\n{long_line}");
        let places = Places::of(&text);
        let mut expected = Position::START;
        for (offset, character) in text.char_indices() {
            assert_eq!(places.at(offset), expected, "{offset}");
            expected = match character {
                '\n' => Position { line: expected.line + 1, column: 1 },
                _ => Position { line: expected.line, column: expected.column + 1 },
            };
        }
        assert_eq!(places.at(text.len() + 5), expected);
        assert_eq!(Places::of("").at(3), Position::START);
    }
}
