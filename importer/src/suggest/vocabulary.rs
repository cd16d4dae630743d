//! The words of `vocabulary.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What partners call things.
const TEXT: &str = include_str!("vocabulary.txt");

/// The lists of a section: each with its name, in the order of the file.
pub type Lists = Vec<(&'static str, Vec<&'static str>)>;

static VOCABULARY: LazyLock<HashMap<&'static str, Lists>> = LazyLock::new(|| read(TEXT));

/// The lists of a section; none if there is no such section.
pub fn lists(section: &str) -> &'static [(&'static str, Vec<&'static str>)] {
    VOCABULARY.get(section).map(Vec::as_slice).unwrap_or_default()
}

/// One list of a section.
pub fn list(section: &str, name: &str) -> &'static [&'static str] {
    lists(section).iter().find(|(known, _)| *known == name).map(|(_, words)| words.as_slice()).unwrap_or_default()
}

/// Reads sections of lists; what is neither is passed over, and a test says that nothing is.
fn read(text: &'static str) -> HashMap<&'static str, Lists> {
    let mut sections: HashMap<&'static str, Lists> = HashMap::new();
    let mut section = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words = |text: &'static str| text.split(',').map(str::trim).filter(|word| !word.is_empty());
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if line.starts_with(' ') {
            let last = sections.get_mut(section).and_then(|lists| lists.last_mut());
            if let Some((_, list)) = last {
                list.extend(words(line));
            }
        } else if let Some((name, rest)) = line.split_once(':') {
            sections.entry(section).or_default().push((name, words(rest).collect()));
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::{TEXT, lists};
    use maillage_explore::text::fold;

    #[test]
    fn every_word_is_folded_and_read() {
        let mut read = 0;
        for line in TEXT.lines().filter(|line| !line.starts_with('#') && !line.starts_with('[') && !line.is_empty()) {
            let words = line.split_once(':').map_or(line, |(_, words)| words);
            assert!(line.starts_with("    ") || line.contains(':'), "{line}");
            read += words.split(',').filter(|word| !word.trim().is_empty()).count();
        }
        let sections = TEXT.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(']'));
        let mut kept = 0;
        for section in sections {
            for (name, words) in lists(section) {
                kept += words.len();
                for word in words.iter().filter(|_| section != "labels") {
                    assert_eq!(fold(word), *word, "{section} {name}");
                }
            }
        }
        assert_eq!(read, kept);
    }
}
