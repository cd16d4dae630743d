//! What stands under a heading of a text, or behind its colon: `## Lieu` and a name, `## Partenaires` and a list, `## Coût : 12 000 €`. A
//! line in bold is a heading lower than all others.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::body::{Definition, structure, with_definitions, words};
use crate::text;

/// What stands under a heading.
#[derive(Debug, PartialEq, Eq)]
pub struct Under {
    /// What the heading itself says behind its colon.
    behind: Option<String>,
    /// The text below it.
    markdown: String,
}

/// One of several things under a heading: an item of a list or, where there is none, a paragraph.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its words; of a paragraph, each of its lines.
    pub text: String,
    /// Where links in it lead, with what they say.
    pub links: Vec<Linked>,
    /// Whether it begins with a link.
    pub begins_with_link: bool,
    /// Whether it is a paragraph beside a list.
    is_beside_list: bool,
}

/// A link among words.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Linked {
    pub to: String,
    pub label: String,
}

/// Where a part of a text begins, or ends: a heading, a line in bold, a rule.
#[derive(Default)]
struct Mark {
    level: usize,
    text: String,
    range: Range<usize>,
}

/// The levels of a rule, which ends what stands under any heading, and of a line in bold.
const RULE: usize = 0;
const BOLD: usize = 7;

/// The headings of a text, for what stands under them.
pub struct Outline {
    /// In their order.
    marks: Vec<Mark>,
    definitions: Vec<Definition>,
}

impl Outline {
    /// Reads a text.
    pub fn of(markdown: &str) -> Self {
        let (headings, definitions) = structure(markdown);
        let headings =
            headings.into_iter().map(|heading| Mark { level: heading.level, text: heading.text, range: heading.range });
        let mut marks: Vec<Mark> = headings.chain(bold_lines_and_rules(markdown)).collect();
        marks.sort_by_key(|mark| mark.range.start);
        Self { marks, definitions }
    }

    /// What stands, in the text of which it is, under the first heading of these words that has anything under it, up to the next one
    /// that is as high, or a rule.
    pub fn under(&self, markdown: &str, wanted: &str) -> Option<Under> {
        let wanted = words(wanted);
        self.marks.iter().enumerate().find_map(|(index, heading)| {
            let behind = behind(heading, &wanted)?;
            let behind = (!behind.is_empty()).then(|| behind.to_owned());
            let next = self.marks[index + 1..].iter().find(|next| next.level <= heading.level);
            let range = heading.range.end..next.map_or(markdown.len(), |next| next.range.start);
            let markdown = with_definitions(markdown, &range, &self.definitions);
            (behind.is_some() || !markdown.trim().is_empty()).then_some(Under { behind, markdown })
        })
    }
}

/// What a heading says behind its colon, if it is the one that is wanted; nothing if it has none.
fn behind<'h>(heading: &'h Mark, wanted: &str) -> Option<&'h str> {
    if words(&heading.text) == wanted {
        return Some("");
    }
    let (before, after) = heading.text.split_once(':')?;
    (words(before) == wanted).then(|| after.trim())
}

/// The paragraphs of a text that are one line in bold, and its rules.
fn bold_lines_and_rules(markdown: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut depth = 0_usize;
    // The paragraph that is being read, as long as all of it is in bold.
    let mut line: Option<Mark> = None;
    let mut in_bold = false;
    for (event, range) in Parser::new_ext(markdown, text::options()).into_offset_iter() {
        match event {
            Event::Rule if depth == 0 => marks.push(Mark { level: RULE, range, ..Mark::default() }),
            Event::Start(Tag::Paragraph) if depth == 0 => line = Some(Mark { level: BOLD, range, ..Mark::default() }),
            Event::End(TagEnd::Paragraph) if depth == 0 => marks.extend(line.take()),
            Event::Start(Tag::Strong) => in_bold = true,
            Event::End(TagEnd::Strong) => in_bold = false,
            Event::Start(tag) => depth += usize::from(holds_blocks(&tag)),
            Event::End(TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::Table | TagEnd::FootnoteDefinition) => {
                depth = depth.saturating_sub(1);
            }
            Event::Text(part) if in_bold => line.iter_mut().for_each(|line| line.text.push_str(&part)),
            Event::Text(part) if part.trim().is_empty() || part.trim() == ":" => {}
            Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::Html(_) => line = None,
            _ => {}
        }
    }
    marks
}

fn holds_blocks(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::List(_) | Tag::Item | Tag::BlockQuote(_) | Tag::Table(_) | Tag::FootnoteDefinition(_))
}

impl Under {
    /// All of it as plain text.
    pub fn text(&self) -> String {
        self.whole(text::plain(&self.markdown), "\n")
    }

    /// All of it as Markdown.
    pub fn markdown(&self) -> String {
        self.whole(self.markdown.clone(), "\n\n")
    }

    fn whole(&self, below: String, between: &str) -> String {
        let parts = self.behind.iter().cloned().chain([below]).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(between)
    }

    /// The things that stand under it.
    pub fn items(&self) -> Vec<Item> {
        let mut items = self.paragraphs_and_items();
        items.retain(|item| !item.is_beside_list);
        items
    }

    /// The things that stand under it, and the paragraphs beside them that lead elsewhere.
    pub fn items_with_links(&self) -> Vec<Item> {
        let mut items = self.paragraphs_and_items();
        items.retain(|item| !item.is_beside_list || !item.links.is_empty());
        items
    }

    fn paragraphs_and_items(&self) -> Vec<Item> {
        let mut reader =
            Items { in_lists: Parser::new_ext(&self.markdown, text::options()).any(|event| is_list(&event)), ..Items::default() };
        Parser::new_ext(&self.markdown, text::options()).for_each(|event| reader.read(event));
        let behind = self.behind.iter().map(|text| Item { text: text.clone(), ..Item::default() });
        behind.chain(reader.found).filter(|item| !item.text.trim().is_empty()).collect()
    }
}

fn is_list(event: &Event<'_>) -> bool {
    matches!(event, Event::Start(Tag::List(_)))
}

/// Reads the things that stand in a text.
#[derive(Default)]
struct Items {
    found: Vec<Item>,
    /// Whether there are lists: their items are what counts.
    in_lists: bool,
    /// How many lists are open: what is in a list within another belongs to none.
    lists: usize,
    open: Option<Item>,
    link: Option<Linked>,
}

impl Items {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::List(_)) => {
                self.lists += 1;
                self.end_within();
            }
            Event::End(TagEnd::List(_)) => self.lists = self.lists.saturating_sub(1),
            Event::Start(Tag::Item) if self.lists == 1 => self.open = Some(Item::default()),
            Event::Start(Tag::Paragraph) if self.lists == 0 => {
                self.open = Some(Item { is_beside_list: self.in_lists, ..Item::default() });
            }
            Event::End(TagEnd::Item) if self.lists == 1 => self.end(),
            Event::End(TagEnd::Paragraph) if self.lists == 0 => self.end(),
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some(Linked { to: dest_url.into_string(), label: String::new() });
            }
            Event::End(TagEnd::Link) => {
                let link = self.link.take().filter(|link| !link.to.is_empty() && !link.label.trim().is_empty());
                if let Some(item) = &mut self.open {
                    item.links.extend(link);
                }
            }
            Event::Text(part) | Event::Code(part) => self.say(&part),
            Event::SoftBreak | Event::HardBreak => self.say(if self.in_lists { " " } else { "\n" }),
            _ => {}
        }
    }

    fn say(&mut self, words: &str) {
        let Some(item) = &mut self.open else { return };
        if let Some(link) = &mut self.link {
            item.begins_with_link |= item.text.trim().is_empty();
            link.label.push_str(words);
        }
        item.text.push_str(words);
    }

    /// What an item says before a list within it is all that is taken of it.
    fn end_within(&mut self) {
        if self.lists > 1 {
            self.end();
        }
    }

    fn end(&mut self) {
        self.found.extend(self.open.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(markdown: &str, wanted: &str) -> Option<Under> {
        Outline::of(markdown).under(markdown, wanted)
    }

    const TEXT: &str = "# Un kiosque\n\nUn texte.\n\n## Le lieu\n\n**Agen**\n\n## Coût : 12 000 €\n\nPar an.\n\n\
                        ## Partenaires\n\nAvec :\n\n- [Ville d'Agen](https://agen.fr), porteur\n- Les Amis du\n  Libre\n  - depuis 2018\n\n\
                        ### Détail\n\n1. Autre\n\n## Liens\n\nLa [carte](https://a.fr/carte), le [code][code].\nEt le reste.\n\n## Vide\n\n## Fin\n\n\
                        [code]: https://a.fr/code\n";

    #[test]
    fn a_text_stands_under_its_heading() {
        for (heading, text) in [
            ("Lieu", Some("Agen")),
            ("lieux", Some("Agen")),
            ("coût", Some("12 000 €\nPar an.")),
            ("Vide", None),
            ("Absent", None),
        ] {
            assert_eq!(under(TEXT, heading).map(|under| under.text()).as_deref(), text, "{heading}");
        }
        assert_eq!(under(TEXT, "Lieu").map(|under| under.markdown()).as_deref(), Some("**Agen**"));
    }

    #[test]
    fn lines_in_bold_are_headings_and_rules_end_what_stands_under_one() {
        const TEXT: &str =
            "## Fiche\n\n**Lieu**\n\nAgen\n\n**Coût : 12 000 €**\n\n**Partenaires** :\n\n- **Libre**\n\n---\n\nLicence : libre\n";
        for (heading, text) in [
            ("Lieu", Some("Agen")),
            ("Coût", Some("12 000 €")),
            ("Partenaires", Some("Libre")),
            ("Fiche", Some("Lieu\nAgen\nCoût : 12 000 €\nPartenaires :\nLibre")),
            ("Libre", None),
        ] {
            assert_eq!(under(TEXT, heading).map(|under| under.text()).as_deref(), text, "{heading}");
        }
    }

    #[test]
    fn items_stand_in_lists_or_are_paragraphs() {
        let items = |heading: &str| under(TEXT, heading).map(|under| under.items()).unwrap_or_default();
        let texts = |heading: &str| items(heading).into_iter().map(|item| item.text).collect::<Vec<_>>();
        assert_eq!(texts("Partenaires"), ["Ville d'Agen, porteur", "Les Amis du Libre", "Autre"]);
        assert_eq!(texts("Coût"), ["12 000 €", "Par an."]);
        assert_eq!(texts("Liens"), ["La carte, le code.\nEt le reste."]);
        let first = items("Partenaires").remove(0);
        let linked = |to: &str, label: &str| Linked { to: to.to_owned(), label: label.to_owned() };
        assert_eq!((first.links, first.begins_with_link), (vec![linked("https://agen.fr", "Ville d'Agen")], true));
        let only = items("Liens").remove(0);
        let links = vec![linked("https://a.fr/carte", "carte"), linked("https://a.fr/code", "code")];
        assert_eq!((only.links, only.begins_with_link), (links, false));
    }
}
