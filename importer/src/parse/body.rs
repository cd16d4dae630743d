//! The text of a file, cut into sections at its headings.

use std::collections::HashMap;
use std::ops::Range;

use maillage_explore::text::fold_words;
use maillage_graph_schema::model::{Section, SectionKind, Text};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::clean::SOFT_HYPHEN;
use super::markup::linked;
use crate::text;

/// Which headings tell which kind of section.
#[derive(Debug, Clone)]
pub struct Headings {
    by_words: HashMap<String, SectionKind>,
}

/// Headings in use, without their articles: French, English, Spanish, Catalan, Italian, German, Dutch, Portuguese.
const USUAL: &[(SectionKind, &[&str])] = &[
    (
        SectionKind::Problem,
        &[
            "problème",
            "problématique",
            "contexte",
            "constat",
            "besoin",
            "besoins",
            "enjeu",
            "enjeux",
            "contexte et enjeux",
            "défi",
            "problem",
            "context",
            "background",
            "challenge",
            "need",
            "needs",
            "issue",
            "problema",
            "contexto",
            "reto",
            "desafio",
            "necesidad",
            "antecedentes",
            "repte",
            "necessitat",
            "contesto",
            "bisogno",
            "sfida",
            "problem und ziel",
            "ausgangslage",
            "ausgangssituation",
            "hintergrund",
            "herausforderung",
            "bedarf",
            "probleem",
            "achtergrond",
            "uitdaging",
            "aanleiding",
            "contexto e desafio",
            "desafios",
        ],
    ),
    (
        SectionKind::Solution,
        &[
            "solution",
            "réponse",
            "dispositif",
            "action",
            "solution proposée",
            "approach",
            "what we did",
            "response",
            "solucion",
            "solucio",
            "soluzione",
            "solucao",
            "propuesta",
            "proposta",
            "losung",
            "losungsansatz",
            "umsetzung",
            "oplossing",
            "aanpak",
            "werkwijze",
        ],
    ),
    (
        SectionKind::Results,
        &[
            "résultat",
            "résultats",
            "résultats obtenus",
            "résultats et impact",
            "résultats et impacts",
            "impact",
            "impacts",
            "bénéfices",
            "effets",
            "bilan",
            "bilan et perspectives",
            "result",
            "results",
            "outcome",
            "outcomes",
            "benefits",
            "effects",
            "resultados",
            "resultats obtinguts",
            "impacto",
            "risultati",
            "impatto",
            "ergebnis",
            "ergebnisse",
            "wirkung",
            "resultaat",
            "resultaten",
            "resultado",
        ],
    ),
    (
        SectionKind::Pitfalls,
        &[
            "points de vigilance",
            "points d'attention",
            "écueils",
            "freins",
            "difficultés",
            "difficultés rencontrées",
            "limites",
            "risques",
            "obstacles",
            "obstacles rencontrés",
            "pitfalls",
            "points to watch",
            "difficulties",
            "limitations",
            "risks",
            "what went wrong",
            "dificultades",
            "dificultats",
            "difficolta",
            "schwierigkeiten",
            "hindernisse",
            "stolpersteine",
            "knelpunten",
            "dificuldades",
            "barreras",
            "barriers",
        ],
    ),
    (
        SectionKind::Conditions,
        &[
            "conditions",
            "conditions de réussite",
            "prérequis",
            "moyens",
            "facteurs de succès",
            "facteurs de réussite",
            "facteurs clés de succès",
            "clés de réussite",
            "clefs de réussite",
            "clés du succès",
            "leviers",
            "conditions for success",
            "prerequisites",
            "requirements",
            "success factors",
            "key success factors",
            "requisitos",
            "condiciones",
            "requisits",
            "requisiti",
            "voraussetzungen",
            "erfolgsfaktoren",
            "voorwaarden",
            "succesfactoren",
            "factores de exito",
        ],
    ),
    (
        SectionKind::Lessons,
        &[
            "enseignements",
            "leçons",
            "leçons apprises",
            "retour d'expérience",
            "ce que nous avons appris",
            "lessons",
            "lessons learned",
            "lessons learnt",
            "what we learned",
            "lecciones",
            "lecciones aprendidas",
            "aprendizajes",
            "llicons apreses",
            "aprenentatges",
            "lezioni",
            "lezioni apprese",
            "erkenntnisse",
            "fazit",
            "lernerfahrungen",
            "lessen",
            "geleerde lessen",
            "licoes aprendidas",
        ],
    ),
    (
        SectionKind::Transferability,
        &[
            "transférabilité",
            "reproductibilité",
            "essaimage",
            "réplicabilité",
            "transferability",
            "replicability",
            "replication",
            "replicabilidad",
            "transferibilidad",
            "replicabilitat",
            "replicabilita",
            "ubertragbarkeit",
            "overdraagbaarheid",
            "replicabilidade",
        ],
    ),
];

/// What a heading may start with and mean the same.
const ARTICLES: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "notre", "nos", "the", "our", "a", "an", "el", "los", "las", "il", "i", "gli", "o",
    "os", "as", "der", "die", "das", "de", "het",
];

impl Default for Headings {
    fn default() -> Self {
        let mut headings = Self { by_words: HashMap::new() };
        for (kind, usual) in USUAL {
            usual.iter().for_each(|heading| headings.add(heading, *kind));
        }
        headings
    }
}

impl Headings {
    /// Adds a heading, or gives a usual one another kind.
    pub fn add(&mut self, heading: &str, kind: SectionKind) {
        self.by_words.insert(words(heading), kind);
    }

    /// Whether a heading tells of a section and of nothing else.
    pub fn is_of_section(&self, heading: &str) -> bool {
        self.by_words.contains_key(&words(heading))
    }

    /// The kind of section that a heading tells; a heading such as "Solution: a kiosk" tells by what stands before the colon.
    pub fn kind(&self, heading: &str) -> SectionKind {
        let known = |heading: &str| self.by_words.get(&words(heading)).copied();
        let before_colon = || heading.split_once(':').and_then(|(before, _)| known(before));
        known(heading).or_else(before_colon).unwrap_or(SectionKind::Other)
    }
}

pub(super) fn words(heading: &str) -> String {
    let folded = fold_words(heading);
    let mut rest = folded.as_str();
    while let Some((first, after)) = rest.split_once(' ')
        && ARTICLES.contains(&first)
    {
        rest = after;
    }
    rest.to_owned()
}

/// A heading of the text that stands in no list and no quote.
pub(super) struct Heading {
    pub(super) level: usize,
    pub(super) text: String,
    pub(super) range: Range<usize>,
    /// Where links in it lead, with what they say: the heading is kept as plain text.
    links: Vec<(String, String)>,
}

impl Heading {
    /// Its links as a paragraph of their own.
    fn links(&self) -> String {
        let links: Vec<String> = self.links.iter().map(|(to, label)| linked(label.trim(), to)).collect();
        links.join(", ")
    }
}

/// A footnote or the target of a link, which may stand in another section than what refers to it.
pub(super) struct Definition {
    /// What refers to it, in lower case: `[label]` or `[^label]`.
    reference: String,
    range: Range<usize>,
}

/// Cuts a text into sections at its highest headings. A single highest heading above others is the title of the text. Where a
/// heading tells no kind of section and lower ones below it do, the text is cut at those as well.
pub fn sections(markdown: &str, title: Option<&Text>, headings: &Headings) -> Vec<Section> {
    let (found, definitions) = structure(markdown);
    let highest = found.iter().map(|heading| heading.level).min().unwrap_or(1);
    let alone = found.iter().filter(|heading| heading.level == highest).count() == 1;
    let next = found.iter().map(|heading| heading.level).filter(|level| *level > highest).min();
    let cut_at = match next {
        Some(next) if alone && found.first().is_some_and(|first| first.level == highest) => next,
        _ => highest,
    };
    let title = title.map(|title| fold_words(title.as_str()));
    let is_title = |heading: &Heading| title.as_ref().is_some_and(|title| *title == fold_words(&heading.text));
    let cuts = cuts(&found, cut_at, headings);
    let mut sections = Vec::with_capacity(cuts.len() + 1);
    let mut push = |heading: Option<&Heading>, range: Range<usize>| {
        let mut markdown = with_definitions(markdown, &range, &definitions);
        if let Some(heading) = heading.filter(|heading| !heading.links.is_empty()) {
            markdown.insert_str(0, &format!("{}\n\n", heading.links()));
            markdown.truncate(markdown.trim_end().len());
        }
        let kind = heading.map_or(SectionKind::Other, |heading| headings.kind(&heading.text));
        let heading = heading.filter(|heading| !is_title(heading)).and_then(|heading| heading.text.parse::<Text>().ok());
        if heading.is_some() || says_something(&markdown) {
            sections.push(Section { kind, heading, markdown });
        }
    };
    push(None, 0..cuts.first().map_or(markdown.len(), |first| first.range.start));
    for (index, heading) in cuts.iter().enumerate() {
        let end = cuts.get(index + 1).map_or(markdown.len(), |next| next.range.start);
        push(Some(heading), heading.range.end..end);
    }
    sections
}

/// Whether a text holds a word, or anything to look at or to listen to: an anchor alone is nothing to readers.
fn says_something(markdown: &str) -> bool {
    const SEEN: &[&str] = &["![", "<img", "<iframe", "<video", "<audio", "<svg", "<object", "<embed", "<picture"];
    if !markdown.contains('<') || !text::plain(markdown).is_empty() {
        return !markdown.is_empty();
    }
    let lower = markdown.to_lowercase();
    SEEN.iter().any(|sign| lower.contains(sign))
}

/// The headings of this level and above, and those below one that tells nothing, if some of them do.
fn cuts<'h>(found: &'h [Heading], cut_at: usize, headings: &Headings) -> Vec<&'h Heading> {
    let tells = |heading: &Heading| headings.kind(&heading.text) != SectionKind::Other;
    let mut cuts = Vec::with_capacity(found.len());
    for part in found.chunk_by(|_, next| next.level > cut_at) {
        let (first, below) = match part {
            [first, below @ ..] if first.level <= cut_at => (Some(first), below),
            part => (None, part),
        };
        cuts.extend(first);
        if !first.is_some_and(tells) {
            let level = below.iter().filter(|heading| tells(heading)).map(|heading| heading.level).min();
            cuts.extend(below.iter().filter(|heading| level.is_some_and(|level| heading.level <= level)));
        }
    }
    cuts
}

/// The headings and definitions of a text.
pub(super) fn structure(markdown: &str) -> (Vec<Heading>, Vec<Definition>) {
    let events = Parser::new_ext(markdown, text::options()).into_offset_iter();
    let mut definitions: Vec<Definition> = events
        .reference_definitions()
        .iter()
        .map(|(label, definition)| Definition {
            reference: format!("[{}]", label.to_lowercase()),
            range: definition.span.clone(),
        })
        .collect();
    let mut headings: Vec<Heading> = Vec::new();
    let mut depth = 0_usize;
    let mut in_heading = false;
    // What a picture shows is not what a heading says.
    let mut in_picture = false;
    let mut link: Option<(String, String)> = None;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                in_heading = true;
                headings.push(Heading { level: level as usize, text: String::new(), range, links: Vec::new() });
            }
            Event::End(TagEnd::Heading(_)) if depth == 0 => in_heading = false,
            Event::Start(Tag::Link { dest_url, .. }) if in_heading => {
                // A link to a place in the text, such as many programs put into headings, leads nowhere else.
                link = (!dest_url.starts_with('#') && !dest_url.is_empty()).then(|| (dest_url.to_string(), String::new()));
            }
            Event::End(TagEnd::Link) if in_heading => {
                if let (Some(link), Some(heading)) = (link.take(), headings.last_mut()) {
                    heading.links.extend(Some(link).filter(|(_, label)| !label.trim().is_empty()));
                }
            }
            Event::Start(Tag::Image { .. }) if in_heading => in_picture = true,
            Event::End(TagEnd::Image) if in_heading => in_picture = false,
            Event::Start(tag) => {
                depth += usize::from(!in_heading);
                if let Tag::FootnoteDefinition(label) = tag {
                    definitions.push(Definition { reference: format!("[^{}]", label.to_lowercase()), range });
                }
            }
            Event::End(_) => depth -= usize::from(!in_heading),
            Event::Text(part) | Event::Code(part) if in_heading && !in_picture => {
                if let Some((_, label)) = &mut link {
                    label.push_str(&part);
                }
                let part = part.replace(SOFT_HYPHEN, "");
                headings.last_mut().into_iter().for_each(|heading| heading.text.push_str(&part));
            }
            Event::SoftBreak | Event::HardBreak if in_heading => {
                headings.last_mut().into_iter().for_each(|heading| heading.text.push(' '));
            }
            _ => {}
        }
    }
    // References have no order of their own.
    definitions.sort_by_key(|definition| definition.range.start);
    (headings, definitions)
}

/// A part of the text, with the definitions from elsewhere that it refers to.
pub(super) fn with_definitions(markdown: &str, range: &Range<usize>, definitions: &[Definition]) -> String {
    let part = markdown[range.clone()].trim_matches('\n').trim_end();
    if definitions.is_empty() || part.is_empty() {
        return part.to_owned();
    }
    let lower = part.to_lowercase();
    let mut whole = part.to_owned();
    for definition in definitions {
        let is_inside = range.contains(&definition.range.start);
        if !is_inside && lower.contains(&definition.reference) {
            whole.push_str("\n\n");
            whole.push_str(markdown[definition.range.clone()].trim());
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(markdown: &str) -> Vec<(String, Option<String>, String)> {
        let title = "Le kiosque".parse::<Text>().expect("a title");
        sections(markdown, Some(&title), &Headings::default())
            .into_iter()
            .map(|section| (section.kind.to_string(), section.heading.map(|heading| heading.to_string()), section.markdown))
            .collect()
    }

    fn expect(markdown: &str, expected: &[(&str, Option<&str>, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(kind, heading, text)| ((*kind).to_owned(), heading.map(str::to_owned), (*text).to_owned()))
            .collect();
        assert_eq!(cut(markdown), expected, "{markdown}");
    }

    #[test]
    fn a_text_is_cut_at_its_highest_headings() {
        expect("", &[]);
        expect("Un texte.\n", &[("other", None, "Un texte.")]);
        expect(
            "Avant.\n\n## Problème visé :\n\nA\n\n### Détail\n\nB\n\n## La solution\nC\n\n## Autre chose\n",
            &[
                ("other", None, "Avant."),
                ("other", Some("Problème visé :"), "A\n\n### Détail\n\nB"),
                ("solution", Some("La solution"), "C"),
                ("other", Some("Autre chose"), ""),
            ],
        );
        expect("<div id=\"a\"></div>\n\n## Solution\nA", &[("solution", Some("Solution"), "A")]);
        expect("![](a.png)\n\n## Solution\nA", &[("other", None, "![](a.png)"), ("solution", Some("Solution"), "A")]);
        expect("### Contexte\nA\n\n### Impact\nB", &[("problem", Some("Contexte"), "A"), ("results", Some("Impact"), "B")]);
    }

    #[test]
    fn a_single_highest_heading_is_the_title() {
        expect("# Le kiosque\n\nIntro\n\n## Solution\nA", &[("other", None, "Intro"), ("solution", Some("Solution"), "A")]);
        expect(
            "# Autre titre\n\nIntro\n\n## Solution\nA",
            &[("other", Some("Autre titre"), "Intro"), ("solution", Some("Solution"), "A")],
        );
        expect("# Solution\n\nA", &[("solution", Some("Solution"), "A")]);
    }

    #[test]
    fn headings_are_read_as_people_read_them() {
        expect("## **Contexte**\nA", &[("problem", Some("Contexte"), "A")]);
        expect("## Heraus&shy;forderung\nA", &[("problem", Some("Herausforderung"), "A")]);
        expect("## Solution 💡\nA", &[("solution", Some("Solution 💡"), "A")]);
        expect("## Notre solution : un kiosque\nA", &[("solution", Some("Notre solution : un kiosque"), "A")]);
        expect("Results\n-------\nA", &[("results", Some("Results"), "A")]);
        // In code, quotes and lists there are no headings of the text.
        expect("```\n## Solution\n```", &[("other", None, "```\n## Solution\n```")]);
        expect("> ## Solution\n> A", &[("other", None, "> ## Solution\n> A")]);
        expect("- ## Solution\n  A", &[("other", None, "- ## Solution\n  A")]);
    }

    #[test]
    fn lower_headings_tell_sections_where_higher_ones_tell_nothing() {
        expect(
            "## Le projet\n\nA\n\n### Le problème\n\nB\n\n### Détail\n\n#### Solution\n\nC\n\n## Impact\n\nD\n\n### Contexte\n\nE",
            &[
                ("other", Some("Le projet"), "A"),
                ("problem", Some("Le problème"), "B"),
                ("other", Some("Détail"), "#### Solution\n\nC"),
                ("results", Some("Impact"), "D\n\n### Contexte\n\nE"),
            ],
        );
        expect(
            "## A\n\n### B\n\n#### Solution\n\nC\n\n## D\n\n### E",
            &[
                ("other", Some("A"), ""),
                ("other", Some("B"), ""),
                ("solution", Some("Solution"), "C"),
                ("other", Some("D"), "### E"),
            ],
        );
    }

    #[test]
    fn links_of_headings_are_kept_below_them() {
        expect(
            "# [Le kiosque](https://a.fr/(k)) et [son code](../code.md)\n\nIntro\n\n## [Solution](<b c>)\n\n## [](x) [¶](#impact) Impact\nB",
            &[
                ("other", Some("Le kiosque et son code"), "[Le kiosque](<https://a.fr/(k)>), [son code](../code.md)\n\nIntro"),
                ("solution", Some("Solution"), "[Solution](<b c>)"),
                ("results", Some("¶ Impact"), "B"),
            ],
        );
    }

    #[test]
    fn definitions_follow_what_refers_to_them() {
        expect(
            "## Solution\nVoir [le site][Site] et la note[^1].\n\n## Impact\nB\n\n[site]: https://a.fr\n\n[^1]: Une note.\n",
            &[
                ("solution", Some("Solution"), "Voir [le site][Site] et la note[^1].\n\n[site]: https://a.fr\n\n[^1]: Une note."),
                ("results", Some("Impact"), "B\n\n[site]: https://a.fr\n\n[^1]: Une note."),
            ],
        );
    }
}
