//! Markdown as it is read: without its marks, its addresses and the tags of its HTML.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// The text of a piece of Markdown, one line to a block.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    // A block of HTML comes line by line, and its tags may span lines.
    let mut html = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES) {
        match event {
            Event::Html(part) => html.push_str(&part),
            Event::End(TagEnd::HtmlBlock) => {
                without_tags(&std::mem::take(&mut html), &mut text);
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
            }
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableCell | TagEnd::TableRow,
            ) if !text.ends_with('\n') => text.push('\n'),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// Adds the words of a block of HTML, entities read, each tag a space. What is not for readers goes with its tags.
fn without_tags(html: &str, text: &mut String) {
    let mut rest = html;
    let mut words = String::with_capacity(html.len());
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        let unread = ["script", "style", "!--"].into_iter().find(|name| begins(&rest[1..], name));
        let end = match unread {
            Some("!--") => rest.find("-->").map(|end| end + 3),
            Some(name) => rest.match_indices("</").find(|(end, _)| begins(&rest[end + 2..], name)).map(|(end, _)| end),
            None if rest[1..].starts_with(|first: char| first.is_ascii_alphabetic() || first == '/') => end_of_tag(rest),
            None => {
                // A sign of the text: as an entity, so that it is none of a tag below.
                words.push_str("&lt;");
                rest = &rest[1..];
                continue;
            }
        };
        words.push(' ');
        rest = &rest[end.unwrap_or(rest.len())..];
    }
    words.push_str(rest);
    // Entities are those of Markdown; without the space before lines nothing of it is code.
    let lines = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for event in Parser::new(&lines) {
        if let Event::Text(part) | Event::Code(part) = event {
            text.push_str(&part);
        }
    }
}

fn begins(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name))
}

/// Where a tag ends that a text begins with: outside of quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    /// How long a tag may be, in bytes.
    const LONGEST: usize = 8 << 10;
    let text = &text[..text.floor_char_boundary(LONGEST)];
    let mut quote = None;
    let end = text.bytes().position(|byte| {
        match (byte, quote) {
            (_, Some(open)) => quote = Some(open).filter(|open| *open != byte),
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'>', None) => return true,
            _ => {}
        }
        false
    });
    // A quote that nothing closes is one of the text.
    end.or_else(|| text.find('>')).map(|end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_is_read_stays() {
        for (markdown, text) in [
            ("", ""),
            ("Un *guichet* [ouvert](https://example.org/x)", "Un guichet ouvert"),
            ("# Titre\n\nUne\nligne\n\n- un\n- deux", "Titre\nUne ligne\nun\ndeux"),
            ("<b>gras</b> et <script>rien</script>", "gras et rien"),
            (
                "<div\nclass=\"wide > all\"><p>Un texte d&eacute;di&eacute; &amp; 2 < 3.</p>\n\n<p>Fin</p></div>",
                "Un texte dédié & 2 < 3.\nFin",
            ),
            ("<p>oui</p><!-- <p>non</p> --><style>p { width: 1px }</style><script>\nnon</script>", "oui"),
            ("<p title=l'eau>oui <b>et</b> non", "oui et non"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a\nb\n1\n2"),
            ("![un plan](plan.png)", "un plan"),
        ] {
            assert_eq!(plain(markdown), text, "{markdown:?}");
        }
    }
}
