//! Where tags end: looked for once, so that a text full of beginnings takes no longer than another.

use std::collections::HashMap;

/// How far the end of a tag may be from its start, in bytes: far enough for data in JSON, near enough to look for in vain.
pub(super) const LONGEST_TAG: usize = 16 << 10;

/// How tags are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Syntax {
    /// `{{< name >}}` of Hugo.
    Shortcode,
    /// `{{% name %}}` of Hugo.
    MarkdownShortcode,
    /// `{% name %}` of Liquid, Jinja and `GitBook`.
    Liquid,
    /// `<Name>` of MDX.
    Component,
}

impl Syntax {
    const ALL: [Self; 4] = [Self::Shortcode, Self::MarkdownShortcode, Self::Liquid, Self::Component];

    pub(super) const fn start(self) -> &'static str {
        match self {
            Self::Shortcode => "{{<",
            Self::MarkdownShortcode => "{{%",
            Self::Liquid => "{%",
            Self::Component => "</",
        }
    }

    pub(super) const fn end(self) -> &'static str {
        match self {
            Self::Shortcode => ">}}",
            Self::MarkdownShortcode => "%}}",
            Self::Liquid => "%}",
            Self::Component => ">",
        }
    }

    /// The name of the tag that one with this inside closes.
    pub(super) fn closed_name(self, inner: &str) -> Option<&str> {
        let name = match self {
            Self::Shortcode | Self::MarkdownShortcode => inner.strip_prefix('/')?.trim_start(),
            Self::Liquid => inner.strip_prefix("end").filter(|name| !name.is_empty())?,
            Self::Component => inner,
        };
        name.split_whitespace().next()
    }
}

/// Remembers where each sign stands next.
pub(super) struct Ends<'t> {
    text: &'t str,
    next: Vec<(&'static str, Option<usize>)>,
}

impl<'t> Ends<'t> {
    pub(super) const fn of(text: &'t str) -> Self {
        Self { text, next: Vec::new() }
    }

    /// Where a sign stands next, asked from places that only move on.
    pub(super) fn next(&mut self, from: usize, sign: &'static str) -> Option<usize> {
        let find = || self.text.get(from..).and_then(|rest| rest.find(sign)).map(|index| from + index);
        if let Some((_, next)) = self.next.iter_mut().find(|(known, _)| *known == sign) {
            if next.is_some_and(|next| next < from) {
                *next = find();
            }
            return *next;
        }
        let found = find();
        self.next.push((sign, found));
        found
    }
}

/// Where the tags that close others stand.
pub(super) struct Closings {
    /// By the syntax and name of what they close: where each starts and ends, in the order of the text.
    by_name: HashMap<(Syntax, String), Vec<(usize, usize)>>,
}

impl Closings {
    pub(super) fn of(text: &str) -> Self {
        /// How long a tag that closes another may be.
        const LONGEST: usize = 100;
        let mut by_name: HashMap<(Syntax, String), Vec<(usize, usize)>> = HashMap::new();
        for syntax in Syntax::ALL {
            for (start, sign) in text.match_indices(syntax.start()) {
                let rest = within(&text[start + sign.len()..], LONGEST);
                let Some(length) = rest.find(syntax.end()) else { continue };
                let inner = rest[..length].trim_matches(['-', '~']).trim();
                if let Some(name) = syntax.closed_name(inner) {
                    let place = (start, start + sign.len() + length + syntax.end().len());
                    by_name.entry((syntax, name.to_lowercase())).or_default().push(place);
                }
            }
        }
        Self { by_name }
    }

    /// The next tag from there on that closes this name.
    pub(super) fn of_name(&self, syntax: Syntax, name: &str, from: usize) -> Option<(usize, usize)> {
        let places = self.by_name.get(&(syntax, name.to_lowercase()))?;
        places.get(places.partition_point(|(start, _)| *start < from)).copied()
    }
}

/// The start of a text, no longer than so many bytes.
pub(super) fn within(text: &str, longest: usize) -> &str {
    &text[..text.floor_char_boundary(longest)]
}

/// What stands before the end of a tag: the first that does not stand in quotes if that can be had, else the first.
pub(super) fn inside<'t>(text: &'t str, first: usize, end: &str) -> Option<&'t str> {
    let window = within(text, LONGEST_TAG);
    if first + end.len() > window.len() {
        return None;
    }
    let mut quote = None;
    let mut escaped = false;
    for (index, character) in window.char_indices() {
        if index >= first && quote.is_none() && window[index..].starts_with(end) {
            return Some(&window[..index]);
        }
        match (character, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            ('"' | '`', None) => quote = Some(character),
            (_, Some(open)) if character == open => quote = None,
            _ => {}
        }
    }
    Some(&window[..first])
}
