//! Which headings of the texts tell which kind of section, in the languages of partners.

use std::collections::BTreeMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::SectionKind;

use super::page::Page;
use super::vocabulary::{list, lists};
use crate::parse::body::Headings;

/// The fewest pages that a heading must be on to be worth a line.
const FEWEST: usize = 3;

/// Headings with the number of pages that they are on.
pub type Counted = Vec<(String, usize)>;

/// Headings that the usual ones do not cover.
#[derive(Debug, Default)]
pub struct Headed {
    pub by_kind: BTreeMap<&'static str, Counted>,
    /// The most frequent of which no kind is known.
    pub unknown: Counted,
}

/// The headings of pages that the usual ones do not cover.
pub fn headings(pages: &[&Page]) -> Headed {
    let usual = Headings::default();
    let mut counts: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for page in pages {
        for heading in &page.headings {
            let before_colon = heading.split([':', '?', '(']).next().unwrap_or(heading).trim();
            if before_colon.chars().count() > 60 || before_colon.is_empty() || before_colon.contains(['{', '<', '[', '!']) {
                continue;
            }
            counts.entry(fold(before_colon)).or_insert_with(|| (before_colon.trim_matches(['*', '_', ' ']).to_owned(), 0)).1 += 1;
        }
    }
    let fewest = FEWEST.max(pages.len() / 50);
    let mut by_kind: BTreeMap<&'static str, Vec<(String, usize)>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut frequent: Vec<(String, usize)> = counts.into_values().filter(|(_, count)| *count >= fewest).collect();
    frequent.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    for (heading, count) in frequent {
        if usual.kind(&heading) != SectionKind::Other {
            continue;
        }
        match kind(&heading) {
            Some(kind) => by_kind.entry(kind.as_str()).or_default().push((heading, count)),
            None => unknown.push((heading, count)),
        }
    }
    for headings in by_kind.values_mut() {
        headings.truncate(12);
    }
    unknown.truncate(12);
    Headed { by_kind, unknown }
}

/// The kind of section that a heading tells by one of its words.
fn kind(heading: &str) -> Option<SectionKind> {
    let folded = fold(heading);
    let words: Vec<&str> = folded.split(' ').collect();
    // Under which conditions something may be used is not what it takes to do it.
    if words.iter().any(|word| list("terms", "use").iter().any(|start| word.starts_with(start))) {
        return None;
    }
    // "Avantages et limites" is about either: what parts are of no kind, or of several, is asked.
    let mut kinds = words.split(|word| list("terms", "and").contains(word)).map(kind_of_part);
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first).flatten()
}

fn kind_of_part(words: &[&str]) -> Option<SectionKind> {
    let part = format!(" {}", words.join(" "));
    let is_expected = words.iter().any(|word| list("terms", "expected").iter().any(|start| word.starts_with(start)));
    lists("headings")
        .iter()
        .find(|(_, starts)| starts.iter().any(|start| part.contains(&format!(" {start}"))))
        .and_then(|(kind, _)| kind.parse().ok())
        .filter(|kind| !(is_expected && *kind == SectionKind::Results))
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn headings_tell_one_kind_or_none() {
        for (heading, expected) in [
            ("Limites du projet", Some("pitfalls")),
            ("Avantages et limites", None),
            ("Contexte et objectifs", None),
            ("Difficultés et obstacles", Some("pitfalls")),
            ("Conditions de réussite", Some("conditions")),
            ("Accès et conditions d'utilisation", None),
            ("Zugang und Nutzungsbedingungen", None),
            ("Resources", Some("conditions")),
            ("Effets attendus", None),
            ("Expected results", None),
            ("Indicateurs de suivi", None),
            ("Divers", None),
            ("What did we learn", Some("lessons")),
            ("What did we do", Some("solution")),
            ("What was the program change", Some("solution")),
            ("What was the challenge", Some("problem")),
            ("What was the impact", Some("results")),
            ("What changed", Some("results")),
            ("What went wrong", Some("pitfalls")),
            ("Why did we do it", Some("problem")),
            ("How did the evaluation work", None),
            ("Qu'avons-nous appris", Some("lessons")),
            ("Qu'avons-nous fait", Some("solution")),
            ("Que faut-il", Some("conditions")),
            ("Was haben wir gelernt", Some("lessons")),
            ("Was haben wir gemacht", Some("solution")),
            ("¿Qué aprendimos", Some("lessons")),
            ("¿Qué hicimos", Some("solution")),
            ("Wat hebben we geleerd", Some("lessons")),
        ] {
            assert_eq!(kind(heading).map(|kind| kind.to_string()).as_deref(), expected, "{heading}");
        }
    }
}
