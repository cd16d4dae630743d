//! How a text begins: its title and its first paragraph, plain.

use maillage_explore::text::fold;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::beside;
use crate::parse::personal::{Removed, RoleMailboxes, without_personal_data};
use crate::text;
use crate::text::raw_html::Tag as HtmlTag;

/// How long a paragraph is that tells something, in characters.
const LEAST: usize = 20;

/// How many words, at the least.
const FEWEST_WORDS: usize = 3;

/// How low a line is that is as good as a heading.
const LINE: usize = 7;

/// What in HTML holds no paragraph that tells what a text is about.
const HOLDERS: &[&str] = &[
    "aside", "audio", "button", "dl", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "iframe", "nav", "noscript",
    "object", "ol", "pre", "script", "select", "style", "svg", "table", "ul", "video",
];

/// How much of the HTML of a text is looked through for a paragraph, in bytes.
const MOST_HTML: usize = 8_000;

/// How a text begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// The first heading, unless text stands before it: then only if no other is as high.
    pub heading: Option<String>,
    /// Whether others are as high as the heading, and it is not of the first level.
    pub is_one_of_several: bool,
    /// The first that tells something: no picture, no line that tells who made it, no mere link; a quotation if there is no other.
    pub first_paragraph: Option<String>,
}

impl Opening {
    pub(super) fn of(body: &str) -> Self {
        let mut reader = Reader::default();
        for event in Parser::new_ext(body, text::options()) {
            reader.read(event);
            if reader.paragraphs.is_certain() && reader.headings.is_certain() {
                break;
            }
        }
        let (heading, is_one_of_several) = reader.headings.title().unzip();
        Self { heading, is_one_of_several: is_one_of_several.unwrap_or_default(), first_paragraph: reader.paragraphs.first() }
    }
}

/// How much a paragraph tells of the text that it stands in.
#[derive(Clone, Copy)]
enum Tells {
    Something,
    Briefly,
    /// In the words of somebody else.
    Quotation,
    Little,
    /// It stands below a heading such as "Partners".
    Beside,
}

/// The first paragraph of each sort.
#[derive(Default)]
struct Paragraphs([Option<String>; 5]);

impl Paragraphs {
    fn add(&mut self, tells: Tells, text: String) {
        self.0[tells as usize].get_or_insert(text);
    }

    /// Whether nothing that follows can change the first that tells something.
    const fn is_certain(&self) -> bool {
        self.0[Tells::Something as usize].is_some()
    }

    fn first(self) -> Option<String> {
        self.0.into_iter().flatten().next()
    }

    /// Takes a quotation that alone stands above the parts of a text for what tells of it, if it reads like that: at length, and in
    /// nobody's words.
    fn end_of_opening(&mut self) {
        let is_alone = self.0[Tells::Something as usize].is_none() && self.0[Tells::Briefly as usize].is_none();
        let quotation = self.0[Tells::Quotation as usize].as_ref().filter(|text| is_alone && is_description(text));
        if let Some(quotation) = quotation.cloned() {
            self.add(Tells::Something, quotation);
        }
    }
}

/// What is being read.
#[derive(Default)]
struct Part {
    /// The text so far.
    text: String,
    /// How high it is if it is a heading.
    level: Option<usize>,
    /// How much of it is links, in bytes.
    linked: usize,
    /// How many labels in bold it has.
    labels: usize,
}

/// Reads a text from its beginning.
#[derive(Default)]
struct Reader {
    headings: Headings,
    paragraphs: Paragraphs,
    /// Whether a paragraph of Markdown was read: what follows it is below text.
    has_text: bool,
    /// How high the heading is under which stands what tells nothing of the rest: keywords, partners, links. Lower ones belong to it.
    beside: Option<usize>,
    reading: Option<Part>,
    /// The block of HTML that is being read.
    html: String,
    /// How much HTML was read.
    html_read: usize,
    /// Where the label of a link starts, and whether it leads to the page itself.
    link: Option<(usize, bool)>,
    /// Where a label in bold begins that is open.
    label: Option<usize>,
    /// In how many lists and the like.
    depth: usize,
    /// In how many quotations.
    quotations: usize,
    in_picture: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if self.depth == 0 && self.quotations == 0 => {
                self.start(Some(level as usize));
            }
            Event::Start(Tag::Paragraph) if self.depth == 0 => self.start(None),
            Event::End(TagEnd::Heading(_) | TagEnd::Paragraph) if self.depth == 0 => self.end(),
            Event::Start(Tag::Image { .. }) => self.in_picture = true,
            Event::End(TagEnd::Image) => self.in_picture = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = self.reading.as_ref().map(|part| (part.text.len(), dest_url.starts_with('#')));
            }
            Event::End(TagEnd::Link) => self.end_of_link(),
            Event::Start(Tag::Strong) => self.label = self.reading.as_ref().map(|part| part.text.len()),
            Event::End(TagEnd::Strong) => {
                if let (Some(at), Some(part)) = (self.label.take(), &mut self.reading) {
                    let is_label = part.text[at..].trim_end().ends_with(':') || at == 0 && part.text.chars().count() < LEAST;
                    part.labels += usize::from(is_label);
                }
            }
            Event::Start(Tag::BlockQuote(_)) => self.quotations += 1,
            Event::End(TagEnd::BlockQuote(_)) => self.quotations = self.quotations.saturating_sub(1),
            Event::Start(Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_)) => self.depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::Table | TagEnd::FootnoteDefinition) => self.depth = self.depth.saturating_sub(1),
            Event::Html(html) if self.depth == 0 => {
                let html = &html[..html.floor_char_boundary(MOST_HTML - self.html_read)];
                self.html_read += html.len();
                self.html.push_str(html);
            }
            Event::End(TagEnd::HtmlBlock) => self.end_of_html(),
            Event::Text(part) | Event::Code(part) if !self.in_picture => self.push(&part),
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            _ => {}
        }
    }

    fn start(&mut self, level: Option<usize>) {
        self.reading = Some(Part { level, ..Part::default() });
    }

    fn push(&mut self, words: &str) {
        if let Some(part) = &mut self.reading {
            part.text.push_str(words);
        }
    }

    /// Words of HTML, with the characters that their entities stand for.
    fn push_html(&mut self, words: &str) {
        if !words.contains('&') {
            return self.push(words);
        }
        self.push(if words.starts_with(char::is_whitespace) { " " } else { "" });
        self.push(&text::words(words));
        self.push(if words.ends_with(char::is_whitespace) { " " } else { "" });
    }

    fn end_of_link(&mut self) {
        let (Some((at, is_within_page)), Some(part)) = (self.link.take(), &mut self.reading) else { return };
        if is_within_page && is_note(&part.text[at..]) {
            part.text.truncate(at);
        }
        part.linked += part.text.len() - at;
    }

    /// The paragraphs of a block of HTML, which ends where an empty line stands, closed or not.
    fn end_of_html(&mut self) {
        // A banner or badges in HTML stand above many titles.
        let has_text = self.has_text;
        let html = std::mem::take(&mut self.html);
        let mut rest = html.as_str();
        let mut holders = 0_usize;
        self.start(None);
        while let Some(at) = rest.find('<') {
            if holders == 0 {
                self.push_html(&rest[..at]);
            }
            rest = &rest[at..];
            let Some(tag) = HtmlTag::read(rest) else {
                self.push(if holders == 0 { "<" } else { "" });
                rest = &rest[1..];
                continue;
            };
            rest = &rest[tag.length..];
            let name = tag.name.as_str();
            match name {
                "a" if tag.is_end => self.end_of_link(),
                "a" => self.link = self.reading.as_ref().map(|part| (part.text.len(), false)),
                "br" | "img" => self.push(" "),
                _ if !text::parts_words(name) && !HOLDERS.contains(&name) => {}
                _ => {
                    self.end();
                    match (name, tag.is_end) {
                        ("blockquote", false) => self.quotations += 1,
                        ("blockquote", true) => self.quotations = self.quotations.saturating_sub(1),
                        (name, false) if HOLDERS.contains(&name) => holders += 1,
                        (name, true) if HOLDERS.contains(&name) => holders = holders.saturating_sub(1),
                        _ => {}
                    }
                    self.start(None);
                }
            }
        }
        if holders == 0 {
            self.push_html(rest);
        }
        self.end();
        self.has_text = has_text;
    }

    /// Notes what stands under a heading.
    fn begin(&mut self, level: usize, heading: &str) {
        if self.beside.is_none_or(|open| level <= open) {
            self.beside = beside::is_heading(heading).then_some(level);
        }
    }

    fn add_beside(&mut self, text: String) {
        self.has_text |= self.quotations == 0;
        if self.quotations == 0 && beside::is_sentence(&text) && !is_contact(&text) {
            self.paragraphs.add(Tells::Beside, text);
        }
    }

    fn end(&mut self) {
        let Some(Part { text, level, linked, labels }) = self.reading.take() else { return };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match level {
            _ if text.is_empty() => {}
            Some(level) => {
                self.paragraphs.end_of_opening();
                self.begin(level, &text);
                self.headings.add(level, text, self.has_text);
            }
            None if is_credit(&text) || is_aside(&text) || is_byline(&text) || is_labels(&text, labels) || are_names(&text) => {}
            // As good as a heading.
            None if beside::is_heading(&text) => {
                self.has_text |= self.quotations == 0;
                self.begin(LINE, &text);
            }
            None if self.beside.is_some() || beside::is_labelled(&text) => self.add_beside(text),
            None if beside::is_list(&text) => self.has_text |= self.quotations == 0,
            None => {
                self.has_text |= self.quotations == 0;
                // A link to the same in another language, "Contents:", what leads to a list, a caption, a rule made of signs.
                let is_little = linked >= text.len() || text.ends_with(':') || text.split(' ').count() < FEWEST_WORDS;
                // After the first that tells something, nobody asks.
                let is_brief = || {
                    !self.paragraphs.is_certain() && (text.chars().count() < LEAST || is_in_capitals(&text) || is_contact(&text))
                };
                match self.quotations {
                    0 if is_little => self.paragraphs.add(Tells::Little, text),
                    0 if is_brief() => self.paragraphs.add(Tells::Briefly, text),
                    0 => self.paragraphs.add(Tells::Something, text),
                    _ if is_little => {}
                    _ => self.paragraphs.add(Tells::Quotation, text),
                }
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

/// Whether a paragraph names whom to ask, with a mailbox or a number.
fn is_contact(text: &str) -> bool {
    without_personal_data(text, &RoleMailboxes::default()).1 != Removed::default()
}

/// Whether what is set as a quotation tells of something at length, and is nobody's words: those stand between quotes, or end with a
/// name behind a dash.
fn is_description(text: &str) -> bool {
    const FEWEST: usize = 13;
    const LONGEST_NAME: usize = 5;
    let is_signed = |dash: &str| text.rsplit_once(dash).is_some_and(|(_, name)| name.split(' ').count() <= LONGEST_NAME);
    let is_spoken = text.starts_with(['"', '“', '„', '«', '‘', '\'']) || [" — ", " – ", " - "].iter().any(|dash| is_signed(dash));
    text.split(' ').count() >= FEWEST && !is_spoken
}

/// Whether the label of a link is the number of a note: `[1](#note)`.
fn is_note(label: &str) -> bool {
    let label = label.trim().trim_matches(['[', ']', '(', ')']);
    label.chars().all(|character| character.is_numeric() || "*†‡".contains(character))
}

/// Whether a paragraph is nothing but names: "Yorgan Pitt, Edward Seh-Taylor".
fn are_names(text: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let parts =
        text.split([',', ';', '|', '&']).flat_map(|part| [" and ", " et ", " y ", " und "].iter().fold(vec![part], split_at));
    let names: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_name = |name: &&str| {
        let mut words = name.split(' ');
        (2..=MOST_WORDS).contains(&words.clone().count())
            && words.all(|word| {
                word.starts_with(char::is_uppercase) && word.chars().all(|part| part.is_alphabetic() || "-'’".contains(part))
            })
    };
    names.len() > 1 && names.iter().all(is_name)
}

/// Parts of a text, parted once more.
fn split_at<'t>(parts: Vec<&'t str>, at: &&str) -> Vec<&'t str> {
    parts.into_iter().flat_map(|part| part.split(*at)).collect()
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
    let is_short = text.chars().count() <= LONGEST;
    text.starts_with('©') || is_short && (is_picture && (is_named() || is_licensed()) || says_who_made_it(text, &words))
}

/// Whether a sentence says who made the text, by name or not: `Fiche réalisée par la ville d'Agen`.
fn says_who_made_it(text: &str, folded: &str) -> bool {
    const TEXTS: &[&str] = &[
        "fiche",
        "article",
        "recit",
        "temoignage",
        "case study",
        "beitrag",
        "artikel",
        "ficha",
        "articulo",
        "fitxa",
        "scheda",
        "articolo",
        "artigo",
    ];
    const MADE: &[&str] = &[
        "realise",
        "redige",
        "ecrit",
        "propose",
        "elabore",
        "produit",
        "written",
        "prepared",
        "provided",
        "contributed",
        "compiled",
        "verfasst",
        "geschrieben",
        "erstellt",
        "realizad",
        "elaborad",
        "redactad",
        "escrit",
        "realitzad",
        "realizzat",
        "redatt",
        "scritt",
        "geschreven",
        "opgesteld",
    ];
    const BY: &[&str] = &["par", "by", "von", "por", "per", "da", "dal", "dalla", "door"];
    let after = |text: &str| folded.strip_prefix(text).and_then(|rest| rest.strip_prefix(' '));
    let Some(rest) = TEXTS.iter().find_map(|text| after(text)) else { return false };
    let mut words = rest.split(' ');
    let is_made = words.next().is_some_and(|word| MADE.iter().any(|made| word.starts_with(made)));
    // What follows in a second sentence may be the summary.
    is_made && words.next().is_some_and(|word| BY.contains(&word)) && !text.trim_end_matches('.').contains(". ")
}

/// Whether a paragraph stands in brackets and says from where the text is, or the like: `(Repost da OpenPompei)`.
fn is_aside(text: &str) -> bool {
    const LONGEST: usize = 80;
    let inner = [('(', ')'), ('[', ']')].iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.is_some_and(|inner| inner.chars().count() <= LONGEST && !inner.contains(['(', ')', '[', ']']))
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

/// Whether a paragraph is a heading without the sign of one: in capitals, and no sentence.
fn is_in_capitals(text: &str) -> bool {
    !text.ends_with(['.', '!', '?', '…']) && text.chars().any(char::is_alphabetic) && !text.chars().any(char::is_lowercase)
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
        "autorzy",
        "autorka",
        "autori",
        "forfattare",
        "forfatter",
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
    let words = text.split([' ', ',', ':', '\u{a0}', '"', '“', '”', '«', '»']);
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    let names: Vec<&str> = words.skip(before.split(' ').count()).collect();
    let is_name = |word: &&str| word.starts_with(char::is_uppercase) && !word.ends_with('.') || word.chars().count() == 2;
    let is_between = |word: &&str| BETWEEN.contains(&fold(word).as_str());
    let (known, others): (Vec<&str>, Vec<&str>) =
        names.iter().filter(|word| !is_between(word) || is_name(word)).partition(|word| is_name(word));
    // Of many names one may be written without a capital.
    known.len() >= 2 && others.len() * 5 <= known.len()
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
            (
                "Contact : Marie Durand, marie@orange.fr, 06 12 34 56 78\n\nUn kiosque en ville.",
                None,
                Some("Un kiosque en ville."),
            ),
            ("## B\n\nYorgan Pitt, Edward Seh-Taylor and Ana Gil\n\nText", Some("B"), Some("Text")),
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
            ("par Emma Thuy jomary, Marie Lacourty, Anne Dupont\n\nText", None, Some("Text")),
            ("Autorzy: Grzegorz \"Hagis\" Kupczyk\n\nText", None, Some("Text")),
            (
                "CONSUMO RESPONSÁVEL EM TEMPOS DE CRISE\n\nOs moradores compram juntos.",
                None,
                Some("Os moradores compram juntos."),
            ),
            ("Auteurs : Anne Dupont, Jean Martin\n\nText", None, Some("Text")),
            ("Par Toutatis, la ville a planté mille arbres.", None, Some("Par Toutatis, la ville a planté mille arbres.")),
            ("By the river stands a kiosk of Agen", None, Some("By the river stands a kiosk of Agen")),
            ("The results are based on this list:\n\n- a\n\nAfter it there is text.", None, Some("After it there is text.")),
            ("## A kiosk\n\nText\n\n# B", Some("A kiosk"), Some("Text")),
            ("<iframe src=\"https://a.fr/map\" width=\"600\" height=\"400\"></iframe>\n\nText", None, Some("Text")),
            ("<iframe src=\"https://a.fr/map\" width=\"600\" height=\"400\"></iframe>", None, None),
            (
                "<ul><li>A list of many things</li></ul>\nA form wrote this text.\n\nMore text of the kiosk.",
                None,
                Some("A form wrote this text."),
            ),
            ("<p>A kiosk stands there.\n\nMore text of the kiosk.", None, Some("A kiosk stands there.")),
            ("<p>A kiosk <em>of</em> 1 < 2 &amp; three.<br>Here.</p>", None, Some("A kiosk of 1 < 2 & three. Here.")),
            ("<p><a href=b.md>Lire cette page en français</a></p>\n<p>A form wrote this.</p>", None, Some("A form wrote this.")),
            ("<script>\nvar aKiosk = \"a kiosk in Agen\";\n</script>\n\nText", None, Some("Text")),
            (
                "<table><tr><td>A table of many things</td></tr></table>\n\nA kiosk stands there.",
                None,
                Some("A kiosk stands there."),
            ),
            (
                "<blockquote><p>Somebody says many things.</p></blockquote>\n\nA kiosk stands there.",
                None,
                Some("A kiosk stands there."),
            ),
            ("Stadtgeschichte Münster\n\n# A kiosk\n\nIt stands at the river.", Some("A kiosk"), Some("It stands at the river.")),
            ("(Repost da OpenPompei)\n\nUn chiosco sta al fiume.", None, Some("Un chiosco sta al fiume.")),
            ("(Repost da OpenPompei)", None, None),
            ("Fiche réalisée par le service de la ville d'Agen.\n\nUn kiosque à livres.", None, Some("Un kiosque à livres.")),
            (
                "Fiche réalisée par la ville d'Agen. Un kiosque prête des livres.",
                None,
                Some("Fiche réalisée par la ville d'Agen. Un kiosque prête des livres."),
            ),
            (
                "Articles written by readers hang in the kiosk of Agen",
                None,
                Some("Articles written by readers hang in the kiosk of Agen"),
            ),
            ("> Somebody says many things.\n\nA kiosk stands there.", None, Some("A kiosk stands there.")),
            // What alone stands above the parts of a text is no motto, if it is long and nobody's words.
            (
                "> The network – a nonprofit – brings people together around ten steps that lead to resilience.\n\n## Words\n\ngrief; steps; many people",
                Some("Words"),
                Some("The network – a nonprofit – brings people together around ten steps that lead to resilience."),
            ),
            (
                "> We never thought that so many people would come to this place on a Monday – Ana\n\n## Place\n\nA kiosk stands there.",
                Some("Place"),
                Some("A kiosk stands there."),
            ),
            ("> Somebody says many things.\n\n[Only this link leads on](b.md)", None, Some("Somebody says many things.")),
            ("> # Quoted\n>\n> Somebody says many things.", None, Some("Somebody says many things.")),
            // What stands below headings of keywords, people, partners is what the text is about only where there is nothing else.
            (
                "## Keywords\n\nA sea of words that tells nothing\n\n### More\n\nOf the same\n\n## Need\n\nA kiosk stands there.",
                Some("Keywords"),
                Some("A kiosk stands there."),
            ),
            ("**Mots-clés**\n\nsolidarité et beaucoup d'écologie\n\n## Besoin\n\nUn kiosque.", None, Some("Un kiosque.")),
            ("Partners: the town and many friends of it\n\nA kiosk stands there.", None, Some("A kiosk stands there.")),
            (
                "## Partners\n\nThe town hall and many friends run the kiosk together.",
                Some("Partners"),
                Some("The town hall and many friends run the kiosk together."),
            ),
            ("## Links\n\nThe map of all of them", Some("Links"), None),
            ("grief; steps; many people\n\nA kiosk stands there.", None, Some("A kiosk stands there.")),
            ("## Themes\n\nwater, soil, food, local currencies", Some("Themes"), None),
            ("", None, None),
        ] {
            let found = Opening::of(body);
            assert_eq!((found.heading.as_deref(), found.first_paragraph.as_deref()), (heading, paragraph), "{body}");
        }
    }
}
