//! What of HTML is shown: words and their structure; nothing that runs, styles, or is fetched by the reader's machine.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// HTML without all else.
pub(super) fn clean(html: &str) -> String {
    SANITISER.clean(html).to_string()
}

/// The words of HTML alone, as text.
pub(super) fn words(html: &str) -> String {
    static NOTHING: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
        let mut builder = ammonia::Builder::empty();
        builder.clean_content_tags(HashSet::from(UNREAD));
        builder
    });
    super::raw_html::unescaped(&NOTHING.clean(html).to_string())
}

/// Elements whose content is not for readers, or is no HTML: they go, whole.
pub(super) const UNREAD: [&str; 5] = ["math", "script", "style", "svg", "template"];

static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "abbr",
            "b",
            "blockquote",
            "br",
            "caption",
            "cite",
            "code",
            "dd",
            "del",
            "details",
            "dfn",
            "div",
            "dl",
            "dt",
            "em",
            "figcaption",
            "figure",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "input",
            "ins",
            "kbd",
            "li",
            "mark",
            "ol",
            "p",
            "pre",
            "q",
            "s",
            "section",
            "small",
            "strong",
            "sub",
            "summary",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .clean_content_tags(HashSet::from(UNREAD))
        .generic_attributes(HashSet::from(["lang", "title"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("input", HashSet::from(["checked", "disabled"])),
            ("ol", HashSet::from(["start"])),
            ("th", HashSet::from(["colspan", "rowspan", "scope"])),
            ("td", HashSet::from(["colspan", "rowspan"])),
        ]))
        // Check boxes of task lists, and nothing that can be typed into.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .url_schemes(HashSet::from(["http", "https"]))
        // Links were resolved before; what has no site is a page of ours.
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener noreferrer"));
    builder
});
