//! What may have been meant by a key that there is not.

use crate::columns::table::Table;

/// How many are named.
const NAMED: usize = 3;

/// The keys of a table that come nearest to a text, best first.
pub(crate) fn keys<E>(table: &Table<E>, text: &str) -> Vec<String> {
    of(table.present().map(|(id, _)| table.key(id).to_string()), text)
}

/// The words that come nearest to a text, best first.
pub(crate) fn of(words: impl Iterator<Item = String>, text: &str) -> Vec<String> {
    let text: Vec<char> = text.to_lowercase().chars().take(100).collect();
    // About a third of the letters may differ; more is another word.
    let farthest = (text.len() / 3).clamp(1, 4);
    let mut near: Vec<(usize, String)> = words
        .filter_map(|word| {
            let letters: Vec<char> = word.to_lowercase().chars().collect();
            edits(&text, &letters, farthest).map(|distance| (distance, word))
        })
        .collect();
    near.sort();
    near.truncate(NAMED);
    near.into_iter().map(|(_, word)| word).collect()
}

/// How many letters must be put in, taken out, changed or swapped with the next to make one word of another, if no more
/// than `most`.
pub(crate) fn edits(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row + 1);
        for (column, candidate) in other.iter().enumerate() {
            let mut edits = (last[column] + usize::from(letter != candidate)).min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == other[column - 1] && one[row - 1] == *candidate {
                edits = edits.min(before_last[column - 1] + 1);
            }
            current.push(edits);
        }
        if current.iter().all(|edits| *edits > most) {
            return None;
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_named_best_first() {
        let words = ["fablab", "wifi-public", "tiers-lieux", "mobilite"].map(str::to_owned);
        for (text, near) in [
            ("fab-lab", vec!["fablab"]),
            ("falbab", vec!["fablab"]),
            ("FABLAB", vec!["fablab"]),
            ("tier-lieu", vec!["tiers-lieux"]),
            ("mobilité", vec!["mobilite"]),
            ("", vec![]),
            ("quite another thing", vec![]),
        ] {
            assert_eq!(of(words.iter().cloned(), text), near, "{text:?}");
        }
    }
}
