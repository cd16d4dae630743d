//! Markdown as it is read: without its marks, its addresses and its HTML.

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// The text of a piece of Markdown, one line to a block.
pub(crate) fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES) {
        match event {
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
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a\nb\n1\n2"),
            ("![un plan](plan.png)", "un plan"),
        ] {
            assert_eq!(plain(markdown), text, "{markdown:?}");
        }
    }
}
