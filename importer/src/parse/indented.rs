//! Prose that stands far from the margin, as some programs write documents out: to CommonMark it is code.

use std::borrow::Cow;

use super::markup::Fences;
use super::{holds, lines};

/// From so many spaces on a paragraph is code to CommonMark.
const OF_CODE: &str = "    ";

/// A shorter line may be one of code.
const FEWEST_WORDS: usize = 8;

/// How many paragraphs must stand so.
const FEWEST: usize = 3;

/// A text whose prose begins at the margin, if most of it does not, and each paragraph stands alone in its line, as lines of code do
/// not. What goes on with an item of a list stands to the right, too: where there are lists, nothing is changed.
pub fn with_prose_at_margin(text: &str) -> Cow<'_, str> {
    if !holds(text, "\n    ") {
        return Cow::Borrowed(text);
    }
    let lines = lines(text);
    let mut fences = Fences::default();
    let outside: Vec<bool> = lines.iter().map(|line| !fences.hold(line)).collect();
    let told =
        || lines.iter().zip(&outside).enumerate().filter(|(_, (line, is_outside))| **is_outside && !line.trim().is_empty());
    if told().any(|(_, (line, _))| !line.starts_with(OF_CODE) && is_item(line)) {
        return Cow::Borrowed(text);
    }
    let words = |line: &str| line.split_whitespace().count();
    let is_alone = |at: usize| {
        let is_empty = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(|line| line.trim().is_empty());
        is_empty(at.checked_sub(1)) && is_empty(Some(at + 1))
    };
    let (mut prose, mut words_of_prose, mut words_of_all, mut beside) = (0, 0, 0, 0);
    for (at, (line, _)) in told() {
        let count = words(line);
        words_of_all += count;
        if line.starts_with(OF_CODE) && count >= FEWEST_WORDS && is_alone(at) {
            prose += 1;
            words_of_prose += count;
        } else if line.starts_with(OF_CODE) && !is_alone(at) {
            beside += 1;
        }
    }
    if prose < FEWEST || words_of_prose * 2 <= words_of_all || beside * 5 > prose {
        return Cow::Borrowed(text);
    }
    let moved =
        lines.iter().zip(&outside).map(|(line, is_outside)| if *is_outside { line.trim_start_matches(' ') } else { line });
    Cow::Owned(moved.collect::<Vec<_>>().join("\n"))
}

/// Whether a line begins an item of a list.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let numbered = line.trim_start_matches(|character: char| character.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || numbered.len() < line.len() && [". ", ") "].iter().any(|mark| numbered.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::with_prose_at_margin;

    #[test]
    fn prose_begins_at_the_margin_and_code_stays() {
        let told = "Les agents ont pris le temps de lire ce que dit la commune.";
        let prose = |margin: &str| {
            format!(
                "# Un kiosque\n\n{margin}**Jour 1**\n\n{margin}{told}\n\n{margin}{told}\n\n{margin}{told}\n\n```\n    code\n```\n"
            )
        };
        assert_eq!(with_prose_at_margin(&prose("        ")), prose(""));
        for text in [
            prose(""),
            // Two paragraphs may be quoted code.
            format!("# A\n\n    {told}\n\n    {told}\n\nB\n"),
            // Lines of a program stand below one another.
            format!("# A\n\n{}", format!("    # {told}\n    run\n\n").repeat(4)),
            // What goes on with an item of a list.
            format!("# A\n\n1. B\n\n{}", format!("    {told}\n\n").repeat(4)),
            // A little of the text.
            format!("{told}\n\n{}", format!("{told}\n\n").repeat(4)) + &format!("    {told}\n\n").repeat(3),
        ] {
            assert_eq!(with_prose_at_margin(&text), text);
        }
    }
}
