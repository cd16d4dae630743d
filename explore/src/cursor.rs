//! Where a page ends: what its last record is sorted by, and its key. A list that changes meanwhile goes on right behind it.

use std::fmt::{Debug, Write as _};

use crate::codec::{Code, Reader};
use crate::columns::orders::SortValue;
use crate::question::{LONGEST_PAGE, PageRequest, QuestionError, USUAL_PAGE};

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub value: SortValue,
    pub key: String,
}

/// Tells one question from another: a cursor goes with the question that gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u32);

impl Fingerprint {
    pub(crate) fn new(list: &str, question: &dyn Debug) -> Self {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(list.as_bytes());
        hasher.update(format!("{question:?}").as_bytes());
        Self(hasher.finalize())
    }
}

impl Position {
    pub(crate) fn to_cursor(&self, fingerprint: Fingerprint) -> String {
        let mut bytes = fingerprint.0.to_le_bytes().to_vec();
        match &self.value {
            SortValue::Number(number) => {
                bytes.push(0);
                number.write(&mut bytes);
            }
            SortValue::Text(text) => {
                bytes.push(1);
                text.write(&mut bytes);
            }
        }
        bytes.extend_from_slice(self.key.as_bytes());
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut cursor, byte| {
            let _ = write!(cursor, "{byte:02x}");
            cursor
        })
    }

    fn from_cursor(cursor: &str, fingerprint: Fingerprint) -> Option<Self> {
        if !cursor.is_ascii() || !cursor.len().is_multiple_of(2) {
            return None;
        }
        let digits = |at| u8::from_str_radix(&cursor[at..at + 2], 16).ok();
        let bytes: Vec<u8> = (0..cursor.len()).step_by(2).map(digits).collect::<Option<_>>()?;
        let (head, rest) = bytes.split_first_chunk::<4>()?;
        if u32::from_le_bytes(*head) != fingerprint.0 {
            return None;
        }
        let mut reader = Reader::new(rest);
        let value = match reader.take(1).ok()?[0] {
            0 => SortValue::Number(Code::read(&mut reader).ok()?),
            1 => SortValue::Text(Code::read(&mut reader).ok()?),
            _ => return None,
        };
        let key = String::from_utf8(reader.rest().to_vec()).ok()?;
        Some(Self { value, key })
    }
}

/// A page request that makes sense.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub size: usize,
    /// From the end of the list.
    pub backward: bool,
    pub after: Option<Position>,
    pub before: Option<Position>,
}

impl PageRequest {
    pub(crate) fn check(&self, fingerprint: Fingerprint) -> Result<Part, QuestionError> {
        let size = |argument, number: i64| {
            usize::try_from(number)
                .ok()
                .filter(|number| *number <= LONGEST_PAGE)
                .ok_or_else(|| QuestionError::value(argument, number, "the size of a page: from 0 to 1000"))
        };
        let position = |argument, cursor: &Option<String>| {
            cursor
                .as_ref()
                .map(|cursor| {
                    let unknown = || QuestionError::Cursor { argument, value: cursor.chars().take(200).collect() };
                    Position::from_cursor(cursor, fingerprint).ok_or_else(unknown)
                })
                .transpose()
        };
        let (size, backward) = match (self.first, self.last) {
            (Some(_), Some(last)) => {
                return Err(QuestionError::value("last", last, "to be given together with first: ask for one of them"));
            }
            (Some(first), None) => (size("first", first)?, false),
            (None, Some(last)) => (size("last", last)?, true),
            (None, None) => (USUAL_PAGE, false),
        };
        Ok(Part { size, backward, after: position("after", &self.after)?, before: position("before", &self.before)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_go_with_their_question_alone(number: i64, text: String, key in "[a-z0-9:-]{0,40}", noise: String) {
            let question = Fingerprint::new("initiatives", &"this");
            for value in [SortValue::Number(number), SortValue::Text(text.as_str().into())] {
                let position = Position { value, key: key.clone() };
                let cursor = position.to_cursor(question);
                prop_assert_eq!(Position::from_cursor(&cursor, question), Some(position));
                prop_assert_eq!(Position::from_cursor(&cursor, Fingerprint::new("initiatives", &"that")), None);
            }
            prop_assert_eq!(Position::from_cursor(&noise, question), None);
        }
    }
}
