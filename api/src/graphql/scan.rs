//! A look at the bytes of a query before a parser sees them: the library's parser recurses, and a few kilobytes of brackets
//! would overflow its stack and end the process.

use super::error::{Code, coded};

/// The longest query, in bytes.
pub const LONGEST_QUERY: usize = 64 << 10;

/// The most names, numbers, texts and signs in a query.
pub const MOST_TOKENS: usize = 6000;

/// The most brackets of any kind inside one another.
pub const DEEPEST_BRACKETS: usize = 48;

/// Why a query is not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMuch {
    Bytes(usize),
    Tokens,
    Brackets,
}

impl TooMuch {
    /// The error as a client is told it.
    pub fn to_error(self) -> async_graphql::Error {
        let (what, limit) = match self {
            Self::Bytes(length) => (format!("the query has {length} bytes"), format!("{LONGEST_QUERY} bytes")),
            Self::Tokens => (format!("the query has more than {MOST_TOKENS} words and signs"), format!("{MOST_TOKENS}")),
            Self::Brackets => {
                (format!("the query has more than {DEEPEST_BRACKETS} brackets inside one another"), format!("{DEEPEST_BRACKETS}"))
            }
        };
        coded(Code::QueryTooCostly, format!("{what}: at most {limit} are allowed"))
    }
}

/// Looks for what is too much. What is wrong otherwise is left to the parser.
pub fn scan(query: &str) -> Result<(), TooMuch> {
    if query.len() > LONGEST_QUERY {
        return Err(TooMuch::Bytes(query.len()));
    }
    let bytes = query.as_bytes();
    let (mut at, mut tokens, mut depth) = (0, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += run(rest, |byte| !matches!(byte, b'\n' | b'\r'));
                continue;
            }
            b'"' => text(rest),
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > DEEPEST_BRACKETS {
                    return Err(TooMuch::Brackets);
                }
                1
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                1
            }
            byte if is_of_word(*byte) => run(rest, is_of_word),
            _ => 1,
        };
        at += length;
        tokens += 1;
        if tokens > MOST_TOKENS {
            return Err(TooMuch::Tokens);
        }
    }
    Ok(())
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn run(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(**byte)).count()
}

/// The length of the text that begins here; of all that is left, if it does not end.
fn text(bytes: &[u8]) -> usize {
    let block: &[u8] = b"\"\"\"";
    if bytes.starts_with(block) {
        let mut at = block.len();
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(block) {
                return at + block.len();
            } else {
                at += 1;
            }
        }
        return bytes.len();
    }
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            // A plain text ends with its line, whether it is closed or not: what follows is counted.
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_counts() {
        let deep = |open: &str, times: usize| open.repeat(times);
        let cases: Vec<(String, Result<(), TooMuch>)> = vec![
            (String::new(), Ok(())),
            ("{ town(key: \"insee:47001\") { name } }".to_owned(), Ok(())),
            (deep("[", DEEPEST_BRACKETS), Ok(())),
            (deep("[", DEEPEST_BRACKETS + 1), Err(TooMuch::Brackets)),
            (deep("{a(b:[", 17), Err(TooMuch::Brackets)),
            (deep("[]", 1000), Ok(())),
            (deep("]", 1000), Ok(())),
            (format!("{{ a(b: \"{}\") }}", deep("[", 1000)), Ok(())),
            (format!("{{ a(b: \"\\\"{}\") }}", deep("[", 1000)), Ok(())),
            (format!("{{ a(b: \"\"\"{} \\\"\"\" {}\"\"\") }}", deep("[", 500), deep("[", 500)), Ok(())),
            (format!("\"\n{}", deep("[", 1000)), Err(TooMuch::Brackets)),
            (format!("\"\"{}", deep("[", 1000)), Err(TooMuch::Brackets)),
            (format!("\"\"\"\"\"\"{}", deep("[", 1000)), Err(TooMuch::Brackets)),
            (format!("# {}\n", deep("[", 1000)), Ok(())),
            (format!("#\r{}", deep("[", 1000)), Err(TooMuch::Brackets)),
            (deep("a ", MOST_TOKENS), Ok(())),
            (deep("a ", MOST_TOKENS + 1), Err(TooMuch::Tokens)),
            (deep("@", MOST_TOKENS + 1), Err(TooMuch::Tokens)),
            ("é".repeat(20_000), Ok(())),
            (deep(" ", LONGEST_QUERY + 1), Err(TooMuch::Bytes(LONGEST_QUERY + 1))),
            ("\"".to_owned(), Ok(())),
            ("\"\\".to_owned(), Ok(())),
            ("\"\"\"\\".to_owned(), Ok(())),
        ];
        for (query, expected) in cases {
            assert_eq!(scan(&query), expected, "{}", query.chars().take(40).collect::<String>());
        }
    }
}
