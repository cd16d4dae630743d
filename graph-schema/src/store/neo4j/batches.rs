//! How much goes into one statement.
//!
//! The driver gathers what it sends in a buffer of 8 KiB. What is larger it writes in pieces, and as it leaves Nagle's algorithm
//! on, the last piece waits until the server has acknowledged those before it, which Linux puts off by 40 ms: a statement with a
//! thousand references took 44 ms, of which the server worked for 3. So rows go in statements that fit into the buffer, unless
//! these would be so many that one wait is less.

use neo4rs::BoltType;

use crate::model::RecordRef;

/// The driver's buffer, in bytes.
const BUFFER: usize = 8 << 10;

/// What of the buffer is left to the head of the message, to the other parameters and to the message after it.
const MARGIN: usize = 1 << 10;

/// So many statements within the buffer take about as long as one wait.
const STATEMENTS_FOR_A_WAIT: usize = 40;

/// The most rows in one statement.
const MOST_ROWS: usize = 1_000;

/// The most that one statement carries, in bytes, unless a single row is larger.
const MOST_BYTES: usize = 8 << 20;

/// References as batches of a statement's parameter.
pub(super) fn of_references<'a>(statement: &str, references: impl IntoIterator<Item = &'a RecordRef>) -> Vec<BoltType> {
    of_rows(statement, references.into_iter().map(|reference| reference.to_string().into()).collect())
}

/// Rows as batches of a statement's parameter.
pub(super) fn of_rows(statement: &str, rows: Vec<BoltType>) -> Vec<BoltType> {
    let sizes: Vec<usize> = rows.iter().map(size).collect();
    let lengths = lengths(BUFFER.saturating_sub(MARGIN + statement.len()), &sizes);
    let mut rows = rows.into_iter();
    lengths.into_iter().map(|length| rows.by_ref().take(length).collect()).collect()
}

/// How many rows go in each statement, by their sizes and the room in the buffer.
fn lengths(room: usize, sizes: &[usize]) -> Vec<usize> {
    let within_buffer = packed(sizes, room);
    let at_once = packed(sizes, MOST_BYTES);
    // A row that is larger than the buffer waits in any case.
    let waits = sizes.iter().filter(|size| **size > room).count();
    let time = within_buffer.len() + waits * STATEMENTS_FOR_A_WAIT;
    if time <= at_once.len() * STATEMENTS_FOR_A_WAIT { within_buffer } else { at_once }
}

fn packed(sizes: &[usize], most_bytes: usize) -> Vec<usize> {
    let mut lengths = Vec::new();
    let (mut rows, mut bytes) = (0, 0);
    for size in sizes {
        if rows == MOST_ROWS || (rows > 0 && bytes + size > most_bytes) {
            lengths.push(rows);
            (rows, bytes) = (0, 0);
        }
        rows += 1;
        bytes += size;
    }
    lengths.extend((rows > 0).then_some(rows));
    lengths
}

/// How many bytes a value takes on its way, at the most.
fn size(value: &BoltType) -> usize {
    /// What tells the type of a value and its length.
    const HEAD: usize = 5;
    /// The largest value without a length of its own: a point.
    const PLAIN: usize = 32;
    match value {
        BoltType::String(text) => HEAD + text.value.len(),
        BoltType::List(list) => HEAD + list.value.iter().map(size).sum::<usize>(),
        BoltType::Map(map) => HEAD + map.value.iter().map(|(name, value)| HEAD + name.value.len() + size(value)).sum::<usize>(),
        _ => PLAIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_into_the_buffer_unless_waiting_once_is_less() {
        let room = 7_000;
        for (what, sizes, expected) in [
            ("nothing", vec![], vec![]),
            ("few small ones", vec![35; 200], vec![200]),
            ("many small ones", vec![35; 500], vec![200, 200, 100]),
            ("larger than the buffer together", vec![700; 15], vec![10, 5]),
            ("so large that they would be too many", vec![5_000; 500], vec![500]),
            ("one larger than the buffer", vec![9_000], vec![1]),
            ("one among small ones", vec![35, 9_000, 35], vec![3]),
            ("more rows than one statement takes", vec![6_000; 2_500], vec![1_000, 1_000, 500]),
            ("larger than one statement takes", vec![5 << 20; 3], vec![1, 1, 1]),
        ] {
            assert_eq!(lengths(room, &sizes), expected, "{what}");
        }
    }

    #[test]
    fn rows_keep_their_order() {
        let rows: Vec<BoltType> = (0..2_345_i64).map(BoltType::from).collect();
        let sent: Vec<BoltType> = of_rows("RETURN 1", rows.clone())
            .into_iter()
            .flat_map(|batch| if let BoltType::List(list) = batch { list.value } else { Vec::new() })
            .collect();
        assert_eq!(sent, rows);
    }
}
