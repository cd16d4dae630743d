//! Shortcodes of `WordPress`, which texts that were moved from there still hold: `[caption width="300"]A kiosk[/caption]`.

use std::borrow::Cow;

use crate::parse::signs::{Signs, searcher};

/// What they are called, where they are no words of a text.
const NAMES: &[&str] = &["caption", "wp_caption", "gallery", "embed", "playlist", "audio", "video"];

/// How long one may be.
const LONGEST: usize = 400;

/// A text without them; what stands between two of them stays.
pub(super) fn without_shortcodes(text: &str) -> Cow<'_, str> {
    static SIGNS: Signs = Signs::of(|| {
        let signs: Vec<String> = NAMES.iter().flat_map(|name| [format!("[{name}"), format!("[/{name}")]).collect();
        searcher(&signs)
    });
    if !SIGNS.are_in(text) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        if let Some(length) = shortcode(after) {
            kept.push_str(before.strip_suffix('\\').unwrap_or(before));
            rest = &after[length..];
        } else {
            kept.push_str(&rest[..=at]);
            rest = &after[1..];
        }
    }
    if kept.is_empty() && rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// The length of the shortcode that a text starts with. A link has a target behind it.
fn shortcode(text: &str) -> Option<usize> {
    let window = &text[..text.floor_char_boundary(LONGEST)];
    let end = window.find(']').filter(|end| !window[..*end].contains('\n'))?;
    let inner = window[1..end].trim_end_matches('\\');
    let (name, parameters) = inner.trim_start_matches('/').split_once(' ').unwrap_or((inner.trim_start_matches('/'), ""));
    let is_one = NAMES.contains(&name) && (parameters.is_empty() || parameters.contains('='));
    let is_link = window[end + 1..].starts_with(['(', '[', ':']);
    // A word in brackets may be that of a text: `[video]` tells that one is to follow.
    let is_sure =
        || inner.starts_with('/') || parameters.contains('=') || name == "gallery" || window.contains(&format!("[/{name}"));
    (is_one && !is_link && is_sure()).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::without_shortcodes;

    #[test]
    fn shortcodes_go_and_their_text_stays() {
        for (written, read) in [
            ("[caption width=\"952\" align=\"none\"]![](a.png) A kiosk[/caption]\n\nText", "![](a.png) A kiosk\n\nText"),
            ("\\[caption id=\"a\"\\]A kiosk\\[/caption\\]", "A kiosk"),
            ("[gallery]\n\n[embed]https://a.org[/embed]", "\n\nhttps://a.org"),
        ] {
            assert_eq!(without_shortcodes(written), read, "{written}");
        }
        for kept in ["[video](a.mp4)", "[video]: a.mp4", "See [video] and [audio][1]", "A caption [x]", "[gallery](b.md)"] {
            assert_eq!(without_shortcodes(kept), kept);
        }
    }
}
