//! How the words of a telling are handed to the index: its texts are read already, so what it is given are stems.
//!
//! Each stem is followed by what is not as usual, and a space: `+3` where it stands three places after the one before rather
//! than one, `*5` where it counts five times.

use std::fmt::Write as _;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::analyse::Word;

/// How far apart the parts of a text stand, so that no phrase is found across them.
const GAP: usize = 100;

/// The stems of a telling, written down.
#[derive(Debug, Default)]
pub(crate) struct WrittenStems {
    text: String,
    /// The place of the last one, counted from 1.
    last: usize,
    /// Where the next part starts, counted from 1.
    start: usize,
}

impl WrittenStems {
    /// Adds the words of a title, a summary or a section, each of which counts so many times.
    pub(crate) fn push_part(&mut self, words: &[Word], times: usize) {
        for word in words {
            let place = self.start + word.position + 1;
            self.text.push_str(&word.stem);
            let steps = place - self.last;
            if steps != 1 {
                let _ = write!(self.text, "+{steps}");
            }
            if times != 1 {
                let _ = write!(self.text, "*{times}");
            }
            self.text.push(' ');
            self.last = place;
        }
        self.start += words.last().map_or(0, |word| word.position) + GAP;
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// Reads what [`WrittenStems`] wrote.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stems {
    token: Token,
}

impl Tokenizer for Stems {
    type TokenStream<'a> = StemStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> StemStream<'a> {
        self.token.reset();
        StemStream { token: &mut self.token, rest: text, place: 0, more: 0 }
    }
}

/// The stems, each as often as it counts.
#[derive(Debug)]
pub(crate) struct StemStream<'a> {
    token: &'a mut Token,
    rest: &'a str,
    /// The place of the last stem, counted from 1.
    place: usize,
    /// How many times the present stem comes again.
    more: usize,
}

impl TokenStream for StemStream<'_> {
    fn advance(&mut self) -> bool {
        if self.more > 0 {
            self.more -= 1;
            return true;
        }
        let Some((written, rest)) = self.rest.split_once(' ') else { return false };
        self.rest = rest;
        let (written, times) = written.split_once('*').unwrap_or((written, "1"));
        let (stem, steps) = written.split_once('+').unwrap_or((written, "1"));
        let number = |text: &str| text.parse::<usize>().unwrap_or(1);
        self.place += number(steps);
        self.more = number(times) - 1;
        self.token.text.clear();
        self.token.text.push_str(stem);
        self.token.position = self.place - 1;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::analyse::{Analyser, Rules};

    #[test]
    fn stems_are_read_as_they_were_written() {
        let mut analyser = Analyser::new(Rules::French);
        let mut written = WrittenStems::default();
        written.push_part(&analyser.words("L'école de la ville"), 2);
        written.push_part(&[], 1);
        written.push_part(&analyser.words("Une ville"), 1);
        let mut stems = Stems::default();
        let mut stream = stems.token_stream(written.as_str());
        let mut read = Vec::new();
        stream.process(&mut |token| read.push((token.text.clone(), token.position)));
        let read: Vec<(&str, usize)> = read.iter().map(|(stem, place)| (stem.as_str(), *place)).collect();
        assert_eq!(read, [("ecol", 1), ("ecol", 1), ("vill", 4), ("vill", 4), ("vill", 4 + 2 * GAP + 1)]);
    }
}
