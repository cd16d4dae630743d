//! Where a page ends: what its last record is sorted by, and its key. A list that changes meanwhile goes on right behind it.

use std::fmt::{Debug, Write as _};

use crate::codec::{Code, Reader};
use crate::columns::orders::SortValue;
use crate::question::{LONGEST_PAGE, PageRequest, QuestionError, USUAL_PAGE};

/// Bytes as hexadecimal digits.
pub(crate) fn written(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of hexadecimal digits; `None` if that is not what they are.
pub(crate) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()).collect()
}

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
        written(&bytes)
    }

    fn from_cursor(cursor: &str, fingerprint: Fingerprint) -> Option<Self> {
        let bytes = bytes_of(cursor)?;
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
