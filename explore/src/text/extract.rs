//! The passages that show why something was found, from the stored text: escaped, with `<mark>` around what was looked for.

use std::collections::BTreeSet;

use maillage_graph_schema::model::CaseStudy;

use super::analyse::{Analyser, Rules, Word};
use super::lexicon::Wording;
use super::plain::plain;
use super::query::Query;

/// How long a passage is, in characters, more or less.
const LENGTH: usize = 240;

/// A passage of a telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// `title`, `summary` or the kind of section, as it is written.
    pub field: String,
    /// Escaped text, with `<mark>`.
    pub html: String,
}

/// Other wordings for what a query says, by which initiatives were found, too.
#[derive(Debug, Clone, Default)]
pub struct Otherwise(pub(crate) Vec<Wording>);

/// What is marked in a text.
#[derive(Debug, Default)]
struct Sought<'q> {
    /// Stems of words that count alone.
    words: BTreeSet<&'q str>,
    /// Stems of words that stand together, each with its place from the first.
    together: Vec<Vec<(usize, &'q str)>>,
}

impl<'q> Sought<'q> {
    fn of(query: &'q Query, otherwise: &'q Otherwise, rules: Rules) -> Self {
        let mut sought = Self { words: query.words.iter().filter_map(|word| word.stem(rules)).collect(), together: Vec::new() };
        let known = query.notions().into_iter().flat_map(|notion| notion.others);
        for wording in known.chain(&otherwise.0).filter(|wording| wording.rules == rules) {
            let stems = wording.words.iter().enumerate();
            let stems: Vec<(usize, &str)> = stems.filter_map(|(place, word)| Some((place, word.stem(rules)?))).collect();
            match stems.as_slice() {
                [(_, only)] => {
                    sought.words.insert(only);
                }
                _ => sought.together.push(stems),
            }
        }
        sought
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.together.is_empty()
    }

    /// Where it stands in a text: from, to, and which of it it is; in the order of the text.
    fn find(&self, words: &[Word]) -> Vec<(usize, usize, usize)> {
        let mut marks = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let alone = self.words.iter().position(|stem| **stem == *word.stem);
            marks.extend(alone.map(|which| (word.start, word.end, which)));
            for (which, stems) in self.together.iter().enumerate() {
                let Some((first, _)) = stems.first() else { continue };
                let stands = |(place, stem): &(usize, &str)| {
                    words[at..]
                        .iter()
                        .find(|word_there| word_there.position == word.position + place - first && *word_there.stem == **stem)
                };
                if let Some(last) = stems.iter().map(stands).collect::<Option<Vec<_>>>().and_then(|found| found.last().copied()) {
                    marks.push((word.start, last.end, self.words.len() + which));
                }
            }
        }
        // Of two that begin together the longer counts.
        marks.sort_by_key(|(start, end, _)| (*start, std::cmp::Reverse(*end)));
        marks
    }
}

/// The passages of a telling that show best why it was found: at most so many, in the order of the text.
pub fn extracts(query: &Query, otherwise: &Otherwise, case_study: &CaseStudy, most: usize) -> Vec<Extract> {
    let rules = Rules::of(case_study.language.as_str());
    let sought = Sought::of(query, otherwise, rules);
    if sought.is_empty() {
        return Vec::new();
    }
    let mut analyser = Analyser::new(rules);
    let mut passages: Vec<(usize, usize, Extract)> = Vec::new();
    let mut add = |field: &str, text: &str| {
        if let Some((found, html)) = passage(&mut analyser, &sought, text) {
            passages.push((found, passages.len(), Extract { field: field.to_owned(), html }));
        }
    };
    add("title", case_study.title.as_str());
    if let Some(summary) = &case_study.summary {
        add("summary", &plain(summary.as_str()));
    }
    for section in &case_study.sections {
        if let Some(heading) = &section.heading {
            add(section.kind.as_str(), heading.as_str());
        }
        add(section.kind.as_str(), &plain(&section.markdown));
    }
    // Those with most of the words, then in the order of the text.
    passages.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    passages.truncate(most);
    passages.sort_by_key(|(_, place, _)| *place);
    passages.into_iter().map(|(_, _, extract)| extract).collect()
}

/// Of some names the one that holds most of what was looked for, the first of them, with it marked; `None` if none holds any of
/// it. Without a language, the words of either count.
pub fn marked_name<'a>(query: &Query, names: impl IntoIterator<Item = (Option<&'a str>, &'a str)>) -> Option<Extract> {
    let mut best: Option<(usize, String)> = None;
    for (count, html) in names.into_iter().filter_map(|(language, name)| marked(query, name, language)) {
        if best.as_ref().is_none_or(|(most, _)| count > *most) {
            best = Some((count, html));
        }
    }
    best.map(|(_, html)| Extract { field: "name".to_owned(), html })
}

/// A name with what was looked for marked in it, and how many words of it there are.
fn marked(query: &Query, name: &str, language: Option<&str>) -> Option<(usize, String)> {
    let rules = language.map_or_else(|| vec![Rules::French, Rules::English], |language| vec![Rules::of(language)]);
    rules.into_iter().find_map(|rules| {
        let words = query.words.iter().filter_map(|word| word.stem(rules)).collect();
        passage(&mut Analyser::new(rules), &Sought { words, ..Sought::default() }, name)
    })
}

/// The stretch of a text with most of the words; how many different ones it has.
fn passage(analyser: &mut Analyser, sought: &Sought<'_>, text: &str) -> Option<(usize, String)> {
    let marks = sought.find(&analyser.words(text));
    // From each mark on, as far as a passage goes: the one with most different words, the first of them.
    let within = |first: usize| {
        let reach = marks[first..].partition_point(|mark| mark.1 - marks[first].0 <= LENGTH);
        &marks[first..first + reach]
    };
    let count = |first: usize| within(first).iter().map(|(_, _, stem)| stem).collect::<BTreeSet<_>>().len();
    let best = (0..marks.len()).rev().max_by_key(|first| count(*first))?;
    let last = within(best).last().map_or(marks[best].1, |mark| mark.1);
    let room = LENGTH.saturating_sub(last - marks[best].0) / 2;
    // Where no space is near, what is marked is there all the same.
    let start = word_start(text, marks[best].0.saturating_sub(room)).min(marks[best].0);
    let end = word_end(text, (last + room).min(text.len())).max(last);
    let mut html = String::new();
    if start > 0 {
        html.push('…');
    }
    let mut at = start;
    for (from, to, _) in marks.iter().filter(|(from, to, _)| *from >= start && *to <= end) {
        // One run of letters may hold several words: it is marked once.
        if *from < at {
            continue;
        }
        escape(&text[at..*from], &mut html);
        html.push_str("<mark>");
        escape(&text[*from..*to], &mut html);
        html.push_str("</mark>");
        at = *to;
    }
    escape(&text[at..end], &mut html);
    if end < text.len() {
        html.push('…');
    }
    Some((count(best), html.split_whitespace().collect::<Vec<_>>().join(" ")))
}

/// The start of the word at or after a place.
fn word_start(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    if at == 0 { 0 } else { text[at..].find(char::is_whitespace).map_or(at, |space| at + space) }
}

/// The end of the word at or before a place.
fn word_end(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    if at == text.len() { at } else { text[..at].rfind(char::is_whitespace).unwrap_or(at) }
}

fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage_of(query: &str, text: &str) -> Option<String> {
        let query = Query::parse(query);
        let labels = ["maison de services au public"].iter().filter_map(|label| Wording::new(Rules::French, label));
        let otherwise = Otherwise(labels.collect());
        passage(&mut Analyser::new(Rules::French), &Sought::of(&query, &otherwise, Rules::French), text).map(|(_, html)| html)
    }

    #[test]
    fn passages_are_marked_and_escaped() {
        for (query, text, expected) in [
            ("guichet", "Des guichets ouverts", Some("Des <mark>guichets</mark> ouverts")),
            ("ecole", "À l'école <b>&amp;", Some("À l&#39;<mark>école</mark> &lt;b&gt;&amp;amp;")),
            ("prison", "Des guichets ouverts", None),
            ("homeless people", "Un sans-abri", Some("Un sans-<mark>abri</mark>")),
            ("msap", "La maison des services au public", Some("La <mark>maison des services au public</mark>")),
            ("msap", "La maison et les services du public", None),
            ("de la", "de la ville", None),
        ] {
            assert_eq!(passage_of(query, text).as_deref(), expected, "{query:?} in {text:?}");
        }
    }

    #[test]
    fn names_are_marked() {
        let mark =
            |query: &str, name, language| marked_name(&Query::parse(query), [(language, name)]).map(|extract| extract.html);
        for (query, name, language, expected) in [
            ("kiosks", "Kiosk", Some("en"), Some("<mark>Kiosk</mark>")),
            ("mediation", "Médiation numérique", Some("fr"), Some("<mark>Médiation</mark> numérique")),
            ("l'haÿ", "L'Haÿ-les-Roses", None, Some("L&#39;<mark>Haÿ</mark>-les-Roses")),
            ("agen", "Paris", None, None),
        ] {
            assert_eq!(mark(query, name, language).as_deref(), expected, "{query:?} in {name:?}");
        }
        let names =
            [(Some("en"), "Digital inclusion in prison"), (Some("fr"), "Numérique en prison"), (None, "Prison numérique")];
        let best = marked_name(&Query::parse("le numérique en prison"), names).map(|extract| extract.html);
        assert_eq!(
            best.as_deref(),
            Some("<mark>Numérique</mark> en <mark>prison</mark>"),
            "most of the words, the first of them"
        );
    }

    #[test]
    fn long_texts_are_cut_around_the_best_place() {
        let filler = "autre chose encore ".repeat(40);
        let text = format!("guichet {filler} guichet unique {filler}");
        let html = passage_of("guichet unique", &text).expect("a passage");
        assert!(html.starts_with("…") && html.ends_with("…") && html.len() < 400, "{html}");
        assert!(html.contains("<mark>guichet</mark> <mark>unique</mark>"), "{html}");
        let without_spaces = "guichet-".repeat(100);
        let html = passage_of("guichet", &without_spaces).expect("a passage");
        assert!(html.starts_with("<mark>guichet</mark>-"), "{html}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_cut(text in "(\\PC|é|œ| |l'|<){0,400}") {
            let word: String = text.chars().filter(|character| character.is_alphanumeric()).take(3).collect();
            if let Some(html) = passage_of(&word, &text) {
                proptest::prop_assert!(html.contains("<mark>"));
                let unmarked = html.replace("<mark>", "").replace("</mark>", "");
                proptest::prop_assert!(!unmarked.contains(['<', '>', '"']));
            }
        }
    }
}
