//! How a text begins: its title and its first paragraph, plain.

use maillage_explore::text::fold;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::text;

/// How long a paragraph is that tells something, in characters.
const LEAST: usize = 20;

/// How much of the HTML of a text is looked through for a paragraph, in bytes.
const MOST_HTML: usize = 8_000;

/// How a text begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// The first heading, unless text stands before it: then only if no other is as high.
    pub heading: Option<String>,
    /// Whether others are as high as the heading, and it is not of the first level.
    pub is_one_of_several: bool,
    /// The first that tells something: no picture, no line that tells who made it, no mere link.
    pub first_paragraph: Option<String>,
}

impl Opening {
    pub(super) fn of(body: &str) -> Self {
        let mut reader = Reader::default();
        for event in Parser::new_ext(body, text::options()) {
            reader.read(event);
            if reader.paragraph.is_some() && reader.headings.is_certain() {
                break;
            }
        }
        let in_html = || reader.html.split("</p>").map(text::words).find(|words| words.chars().count() >= LEAST);
        let first_paragraph = reader.paragraph.or_else(|| in_html().map(|words| words.trim().to_owned())).or(reader.short);
        let (heading, is_one_of_several) = reader.headings.title().unzip();
        Self { heading, is_one_of_several: is_one_of_several.unwrap_or_default(), first_paragraph }
    }
}

/// Reads a text from its beginning.
#[derive(Default)]
struct Reader {
    headings: Headings,
    paragraph: Option<String>,
    /// A paragraph that tells little, if there is no other.
    short: Option<String>,
    /// What stands in HTML.
    html: String,
    /// What is being read: the text so far, and how high it is if it is a heading.
    reading: Option<(String, Option<usize>)>,
    /// Where the label of a link starts, and whether it leads to the page itself.
    link: Option<(usize, bool)>,
    /// How much of the paragraph is links, in bytes.
    linked: usize,
    /// How many labels in bold the paragraph has, and where the one begins that is open.
    labels: usize,
    label: Option<usize>,
    /// In how many lists, quotes and the like.
    depth: usize,
    in_picture: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if self.depth == 0 => self.start(Some(level as usize)),
            Event::Start(Tag::Paragraph) if self.depth == 0 => self.start(None),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph) if self.depth == 0 => self.end(),
            Event::Start(Tag::Image { .. }) => self.in_picture = true,
            Event::End(TagEnd::Image) => self.in_picture = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = self.reading.as_ref().map(|(text, _)| (text.len(), dest_url.starts_with('#')));
            }
            Event::End(TagEnd::Link) => self.end_of_link(),
            Event::Start(Tag::Strong) => self.label = self.reading.as_ref().map(|(text, _)| text.len()),
            Event::End(TagEnd::Strong) => {
                if let (Some(at), Some((text, _))) = (self.label.take(), &self.reading) {
                    let is_label = text[at..].trim_end().ends_with(':') || at == 0 && text.chars().count() < LEAST;
                    self.labels += usize::from(is_label);
                }
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) | Tag::HtmlBlock) => {
                self.depth += 1;
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition | TagEnd::HtmlBlock,
            ) => self.depth = self.depth.saturating_sub(1),
            Event::Html(html) if self.depth == 1 && self.html.len() < MOST_HTML => self.html.push_str(&html),
            Event::Text(part) | Event::Code(part) if !self.in_picture => self.push(&part),
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            _ => {}
        }
    }

    fn start(&mut self, level: Option<usize>) {
        self.reading = Some((String::new(), level));
        self.linked = 0;
        self.labels = 0;
    }

    fn push(&mut self, part: &str) {
        if let Some((text, _)) = &mut self.reading {
            text.push_str(part);
        }
    }

    fn end_of_link(&mut self) {
        let (Some((at, is_within_page)), Some((text, _))) = (self.link.take(), &mut self.reading) else { return };
        if is_within_page && is_note(&text[at..]) {
            text.truncate(at);
        }
        self.linked += text.len() - at;
    }

    fn end(&mut self) {
        let Some((text, level)) = self.reading.take() else { return };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let has_text = self.paragraph.is_some() || self.short.is_some();
        match level {
            _ if text.is_empty() => {}
            Some(level) => self.headings.add(level, text, has_text),
            None if is_credit(&text) || is_byline(&text) || is_labels(&text, self.labels) => {}
            // A link to the same in another language, "Contents:", what leads to a list, a rule made of signs.
            None if self.linked >= text.len() || text.chars().count() < LEAST || text.ends_with(':') => {
                self.short.get_or_insert(text);
            }
            None => {
                self.paragraph.get_or_insert(text);
            }
        }
    }
}

/// Headings from which the title is to be told.
#[derive(Default)]
struct Headings {
    highest: Option<(usize, String)>,
    /// Whether text stands before it.
    is_below_text: bool,
    has_equal: bool,
}

impl Headings {
    /// A lower heading below text is that of a part of it.
    const TITLE: usize = 1;

    fn add(&mut self, level: usize, text: String, is_below_text: bool) {
        match &self.highest {
            // What stands before all text is the title, whatever comes, unless it is one of several.
            Some((highest, _)) if !self.is_below_text => self.has_equal |= level == *highest,
            Some((highest, _)) if level > *highest => {}
            Some((highest, _)) if level == *highest => self.has_equal = true,
            _ => *self = Self { highest: Some((level, text)), is_below_text, has_equal: false },
        }
    }

    /// Whether nothing that follows can change the title.
    const fn is_certain(&self) -> bool {
        matches!(self.highest, Some((level, _)) if level == Self::TITLE || self.has_equal) && !self.is_below_text
    }

    /// The title; whether it may be that of the first of several parts.
    fn title(self) -> Option<(String, bool)> {
        let (level, text) = self.highest?;
        let is_one_of_several = self.has_equal && level > Self::TITLE;
        (!self.is_below_text || level == Self::TITLE && !self.has_equal).then_some((text, is_one_of_several))
    }
}

/// Whether the label of a link is the number of a note: `[1](#note)`.
fn is_note(label: &str) -> bool {
    let label = label.trim().trim_matches(['[', ']', '(', ')']);
    label.chars().all(|character| character.is_numeric() || "*†‡".contains(character))
}

/// Whether a paragraph says who made the picture above it, and no more.
fn is_credit(text: &str) -> bool {
    const LONGEST: usize = 200;
    const PICTURES: &[&str] =
        &["photo", "photos", "photographie", "credit", "credits", "image", "illustration", "dessin", "foto", "picture"];
    const LICENCES: &[&str] = &["creative commons", "cc by", "cc0", "licence", "license"];
    let start = text.split(':').next().filter(|start| start.len() < text.len()).map(fold).unwrap_or_default();
    let words = fold(text);
    let is_picture = words.split(' ').take(2).any(|word| PICTURES.contains(&word));
    // "Photo : Jean", "Crédit photo : Jean".
    let is_named = || !start.is_empty() && start.split(' ').all(|word| PICTURES.contains(&word));
    let is_licensed = || LICENCES.iter().any(|licence| words.contains(licence));
    text.starts_with('©') || text.chars().count() <= LONGEST && is_picture && (is_named() || is_licensed())
}

/// Whether a paragraph is labels with what they say, as `**Town:** Agen **Since:** 2016` or `Town: Agen · Since: 2016`.
fn is_labels(text: &str, in_bold: usize) -> bool {
    const SHORT: usize = 60;
    let is_label = |part: &str| part.split_once(':').is_some_and(|(name, _)| name.trim().split(' ').count() <= 3);
    let parts: Vec<&str> = text.split(['·', '•', '|']).collect();
    in_bold > 1
        || in_bold == 1 && is_label(text) && text.chars().count() < SHORT
        || parts.len() > 1 && parts[..2].iter().all(|part| is_label(part))
}

/// Whether a paragraph says who wrote the text, and no more: `par Anne Dupont, Jean Martin`, `By Mary Smith and others`.
fn is_byline(text: &str) -> bool {
    const BEFORE: &[&str] = &[
        "ecrit par",
        "redige par",
        "un article de",
        "propos recueillis par",
        "written by",
        "posted by",
        "published by",
        "story by",
        "geschrieben von",
        "escrito por",
        "scritto da",
        "auteurs",
        "auteur",
        "autrices",
        "autrice",
        "authors",
        "author",
        "autoren",
        "autor",
        "autores",
        "par",
        "by",
        "von",
        "por",
        "door",
        "av",
        "per",
        "di",
    ];
    const BETWEEN: &[&str] =
        &["et", "and", "und", "y", "i", "e", "en", "och", "de", "du", "van", "von", "der", "le", "la", "al", "others", "autres"];
    let text = text.trim_matches(['*', '_', '(', ')', '.', ' ']);
    let folded = fold(text);
    let Some(before) = BEFORE.iter().find(|before| folded.strip_prefix(**before).is_some_and(|rest| rest.starts_with(' ')))
    else {
        return false;
    };
    let words = text.split([' ', ',', ':', '\u{a0}']).filter(|word| word.chars().any(char::is_alphanumeric));
    let names: Vec<&str> = words.skip(before.split(' ').count()).collect();
    let is_name = |word: &&str| word.starts_with(char::is_uppercase) && !word.ends_with('.') || word.chars().count() == 2;
    let is_between = |word: &&str| BETWEEN.contains(&fold(word).as_str());
    names.iter().filter(|word| is_name(word)).count() >= 2 && names.iter().all(|word| is_name(word) || is_between(word))
}

#[cfg(test)]
mod tests {
    use super::Opening;

    #[test]
    fn a_text_begins_with_a_heading_and_a_paragraph() {
        for (body, heading, paragraph) in [
            ("# A *kiosk*\n\nIt stands\nthere.\n\nB", Some("A kiosk"), Some("It stands there.")),
            ("> quoted\n\n- listed\n\n## B\n\nText `code`", Some("B"), Some("Text code")),
            ("![a picture](p.png)\n\nText", None, Some("Text")),
            ("# ![logo](l.png) A kiosk\n\n![a](b.png) B", Some("A kiosk"), Some("B")),
            ("# A\n\n![a](b.png)\n\nPhoto par [Muse](https://a.fr) sous licence CC BY\n\n## B\n\nText", Some("A"), Some("Text")),
            ("![](a.png)\n\nPhoto Andy WOO, selon les termes de la licence Creative Commons\n\nText", None, Some("Text")),
            ("Text **[1](#note)**, [below](#b) [2018](https://a.fr).[[2]](#c)", None, Some("Text , below 2018.")),
            (
                "_\n\n[Lea este post en español](b.md)\n\nThis post tells something.\n\nMore",
                None,
                Some("This post tells something."),
            ),
            ("Short.\n\n[Only this](b.md)", None, Some("Short.")),
            (
                "<p><img src=a.png></p>\n<p>A <b>form</b> wrote&nbsp;this text.</p>\n<p>More.</p>",
                None,
                Some("A form wrote this text."),
            ),
            ("Crédit photo : Ville d'Agen\n\nText", None, Some("Text")),
            ("© Ville d'Agen\n\nText", None, Some("Text")),
            ("Photos, films and sounds: all of them are kept.", None, Some("Photos, films and sounds: all of them are kept.")),
            ("Text\n\n# A kiosk\n\nMore\n\n## Sources", Some("A kiosk"), Some("Text")),
            ("Text\n\n## Sources\n\nMore", None, Some("Text")),
            ("Text\n\n# Need\n\nMore\n\n# Result", None, Some("Text")),
            ("**Ort:** Bonn\n**Beginn**: 2016 **Status:** läuft\n\nText", None, Some("Text")),
            ("*Ort: Gessin · Träger: Genossenschaft · seit 2017*\n\nText", None, Some("Text")),
            (
                "**Résumé :** La ville d'Agen ouvre une borne à la bibliothèque pour ses habitants.",
                None,
                Some("Résumé : La ville d'Agen ouvre une borne à la bibliothèque pour ses habitants."),
            ),
            ("par Anne Dupont, Jean-Luc Martin et Zoé B.\n\nText", None, Some("Text")),
            ("*By Mary Smith*\n\nText", None, Some("Text")),
            ("Auteurs : Anne Dupont, Jean Martin\n\nText", None, Some("Text")),
            ("Par Toutatis, la ville a planté mille arbres.", None, Some("Par Toutatis, la ville a planté mille arbres.")),
            ("By the river stands a kiosk of Agen", None, Some("By the river stands a kiosk of Agen")),
            ("The results are based on this list:\n\n- a\n\nAfter it there is text.", None, Some("After it there is text.")),
            ("## A kiosk\n\nText\n\n# B", Some("A kiosk"), Some("Text")),
            ("", None, None),
        ] {
            let found = Opening::of(body);
            assert_eq!((found.heading.as_deref(), found.first_paragraph.as_deref()), (heading, paragraph), "{body}");
        }
    }
}
