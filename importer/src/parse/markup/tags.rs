//! What is kept of a template tag: its words, its pictures, where it leads.

use super::arguments::Arguments;
use crate::parse::personal::mailbox_in_parts;

/// What stands in the place of a tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) before: String,
    /// What follows once the tag that closes it comes.
    pub(super) after: String,
}

/// What follows a tag up to the one that closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Text as any other.
    Text,
    /// Text that holds no tags.
    Verbatim,
    /// Code, in a block of its own.
    Code,
    /// Nothing for readers.
    Comment,
}

/// Whether what a tag encloses is read as text.
pub(super) fn content(name: &str) -> Content {
    match name {
        "raw" | "verbatim" | "nomarkdown" => Content::Verbatim,
        "highlight" => Content::Code,
        "comment" => Content::Comment,
        _ => Content::Text,
    }
}

/// Tags that say nothing to readers, whatever their arguments.
const CONTROL: &[&str] = &[
    "assign",
    "block",
    "break",
    "call",
    "capture",
    "case",
    "continue",
    "cycle",
    "decrement",
    "elif",
    "else",
    "elsif",
    "extends",
    "feed_meta",
    "filter",
    "for",
    "from",
    "if",
    "import",
    "increment",
    "layout",
    "liquid",
    "load",
    "macro",
    "paginate",
    "param",
    "seo",
    "set",
    "tablerow",
    "toc",
    "unless",
    "when",
    "with",
];

const ADDRESSES: &[&str] = &["src", "url", "href", "link", "file", "image", "path", "source"];
const PICTURES: &[&str] = &[".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"];
const TITLES: &[&str] =
    &["title", "label", "name", "header", "heading", "titre", "titel", "titulo", "titol", "titolo", "kop", "uberschrift"];
const PROSE: &[&str] = &[
    "caption",
    "text",
    "description",
    "summary",
    "content",
    "paragraph",
    "body",
    "quote",
    "message",
    "note",
    "abstract",
    "lead",
    "texto",
    "texte",
    "testo",
    "tekst",
    "cita",
    "zitat",
    "citation",
    "citazione",
    "citaat",
    "leyenda",
    "legende",
    "pie",
    "bildunterschrift",
    "didascalia",
    "descripcion",
    "beschreibung",
    "contenido",
    "contenu",
    "inhalt",
];
const AUTHORS: &[&str] = &[
    "author",
    "authorname",
    "author_name",
    "cite",
    "by",
    "source",
    "attribution",
    "auteur",
    "autor",
    "autora",
    "autore",
    "speaker",
];

/// What tells how a tag looks, whatever its words.
const LOOKS: &[&str] =
    &["class", "style", "id", "icon", "color", "type", "sizes", "alt", "align", "target", "rel", "layout", "attr"];

/// What is kept of a tag that opens, or stands alone.
pub(super) fn kept(name: &str, mut arguments: Arguments, is_closed: bool) -> Kept {
    let lower = name.to_lowercase();
    let name = lower.trim_end_matches(".html").trim_end_matches(".md");
    if CONTROL.contains(&name) {
        return Kept::default();
    }
    match name {
        "include" | "include_relative" | "include_cached" | "render" | "partial" | "component" => {
            let file = arguments.take_first().unwrap_or_default();
            let stem = file.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default().to_owned();
            // A tag that includes itself by name would go on for ever.
            if matches!(stem.as_str(), "include" | "include_relative" | "include_cached" | "render" | "partial" | "component") {
                return Kept::default();
            }
            kept(&stem, arguments, is_closed)
        }
        "ref" | "relref" | "link" | "post_url" | "asset_path" | "asset_url" if !is_closed => {
            let target = arguments.first().or_else(|| arguments.named(&["path", "url", "href"])).unwrap_or_default();
            Kept { before: target.to_owned(), ..Kept::default() }
        }
        "figure" | "fig" | "img" | "image" | "picture" | "photo" | "screenshot" | "responsive_image" | "asset_img" => {
            picture(&arguments)
        }
        _ if !is_closed && !is_button(name) && arguments.first().is_some_and(|first| is_address(first) && is_picture(first)) => {
            picture(&arguments)
        }
        _ => match address(name, &arguments) {
            Some(address) if is_picture(&address) && !is_closed && !is_button(name) => picture(&arguments),
            Some(address) if is_closed && is_button(name) => {
                Kept { before: "[".to_owned(), after: format!("]({})", destination(&address)) }
            }
            Some(address) => Kept { before: link(&address, &arguments), ..Kept::default() },
            None => words(name, &arguments, is_closed),
        },
    }
}

fn is_button(name: &str) -> bool {
    ["button", "btn", "cta", "link"].iter().any(|word| name.contains(word))
}

pub(in crate::parse) fn is_picture(address: &str) -> bool {
    let address = address.split(['?', '#']).next().unwrap_or_default().to_lowercase();
    PICTURES.iter().any(|end| address.ends_with(end))
}

/// The first title that a tag has, and what else it says in words.
fn said(arguments: &Arguments) -> (Option<&str>, String) {
    let title = arguments.named(TITLES);
    let is_prose = |(key, value): &(&str, &str)| {
        let is_other = TITLES.contains(key) || AUTHORS.contains(key) || ADDRESSES.contains(key) || LOOKS.contains(key);
        PROSE.contains(key) && !value.is_empty() || !is_other && value.split_whitespace().count() > 3
    };
    let prose: Vec<&str> =
        arguments.all_named().filter(is_prose).map(|(_, value)| value).filter(|value| Some(*value) != title).collect();
    (title, prose.join("\n\n"))
}

/// Where a tag leads: a film, a page in a frame, a file.
fn address(name: &str, arguments: &Arguments) -> Option<String> {
    let first = || arguments.first().map(str::to_owned);
    let id = || arguments.named(&["id", "video_id", "videoid"]).map(str::to_owned).or_else(first);
    let is_id = |id: &String| id.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character));
    if let Some(named) = arguments.named(ADDRESSES).filter(|address| is_address(address)) {
        return Some(named.to_owned());
    }
    match name {
        "youtube" | "youtubeplayer" | "yt" => id().filter(is_id).map(|id| format!("https://www.youtube.com/watch?v={id}")),
        "vimeo" => id().filter(is_id).map(|id| format!("https://vimeo.com/{id}")),
        "dailymotion" => id().filter(is_id).map(|id| format!("https://www.dailymotion.com/video/{id}")),
        "tweet" | "twitter" | "x" => {
            let id = id().filter(is_id)?;
            let user = arguments.named(&["user"]).unwrap_or("i");
            Some(format!("https://twitter.com/{user}/status/{id}"))
        }
        _ => first().filter(|first| first.starts_with("https://") || first.starts_with("http://")),
    }
}

/// Whether a value is an address or a path, not a name.
fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace) && (text.contains('/') || text.contains('.'))
}

fn picture(arguments: &Arguments) -> Kept {
    let (_, prose) = said(arguments);
    let prose = Some(prose).filter(|prose| !prose.is_empty());
    let caption = match (arguments.named(&["title"]), prose) {
        (Some(title), Some(prose)) => Some(format!("{title}: {prose}")),
        (title, prose) => prose.or_else(|| title.or_else(|| arguments.named(&["attr"])).map(str::to_owned)),
    };
    let caption = caption.as_deref();
    let alternative = arguments.named(&["alt"]).or(caption).unwrap_or_default();
    let address = arguments.named(ADDRESSES).or_else(|| arguments.first().filter(|first| is_address(first)));
    let caption = caption.filter(|caption| *caption != alternative);
    let before = match (address, caption) {
        (Some(address), None) => format!("![{}]({})", label(alternative), destination(address)),
        (Some(address), Some(caption)) => format!("![{}]({})\n{caption}", label(alternative), destination(address)),
        (None, caption) => caption.or_else(|| arguments.words()).unwrap_or(alternative).to_owned(),
    };
    Kept { before, ..Kept::default() }
}

fn link(address: &str, arguments: &Arguments) -> String {
    let (title, prose) = said(arguments);
    let prose = Some(prose.as_str()).filter(|prose| !prose.is_empty());
    let words = title.or(prose).or_else(|| arguments.words());
    let more = title.and(prose).map(|prose| format!(": {prose}")).unwrap_or_default();
    let host = || address.split("://").nth(1).unwrap_or(address).split('/').next().unwrap_or(address);
    let is_remote = address.contains("://");
    let file = || address.rsplit('/').next().unwrap_or(address);
    let words = words.unwrap_or_else(|| if is_remote { host() } else { file() });
    linked(words, address) + &more
}

/// The words of a tag that leads nowhere.
fn words(name: &str, arguments: &Arguments, is_closed: bool) -> Kept {
    let author = arguments.named(AUTHORS);
    let (title, prose) = said(arguments);
    let title = title.or_else(|| arguments.words().filter(|_| prose.is_empty()));
    // What is the name of a mailbox is no title.
    let title = title.filter(|title| mailbox_name(name, arguments) != Some(title));
    let bold = |title: &str| format!("**{}**", title.replace('*', ""));
    // A title above other text stands out as it did.
    let is_title = is_closed || ["tab", "step", "expand", "details", "accordion", "collapse", "spoiler"].contains(&name);
    let mut before = match title {
        Some(title) if is_title => format!("{}\n\n{prose}", bold(title)),
        Some(title) if !prose.is_empty() => format!("{}: {prose}", bold(title)),
        Some(title) => title.to_owned(),
        None => prose,
    };
    let is_quote = ["quote", "citation", "zitat", "testimonial", "cita", "citaat"].iter().any(|word| name.contains(word));
    if is_quote && !is_closed && !before.is_empty() {
        before = format!("\n\n> {}", before.replace('\n', "\n> "));
        let after = author.map(|author| format!("\n>\n> — {author}")).unwrap_or_default() + "\n\n";
        return Kept { before, after };
    }
    for item in arguments.items() {
        before.push_str("\n- ");
        before.push_str(item);
    }
    if !arguments.items().is_empty() {
        before.push('\n');
    }
    Kept { before, after: author.map(|author| format!(" — {author}")).unwrap_or_default() }
}

/// The name of the mailbox that the values of a tag make together.
fn mailbox_name<'a>(name: &str, arguments: &'a Arguments) -> Option<&'a str> {
    let (keys, values): (Vec<&str>, Vec<&str>) = arguments.all_named().unzip();
    mailbox_in_parts(&format!("{name} {}", keys.join(" ")), &values).map(|(name, _)| name)
}

/// A link in Markdown.
pub(in crate::parse) fn linked(words: &str, address: &str) -> String {
    format!("[{}]({})", label(words), destination(address))
}

/// A text as the label of a link.
fn label(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' => label.extend(['\\', character]),
            '\n' => label.push(' '),
            _ => label.push(character),
        }
    }
    label
}

/// An address as the destination of a link.
fn destination(address: &str) -> String {
    let address = address.replace(['\n', '<', '>'], "");
    if address.contains([' ', '(', ')']) { format!("<{address}>") } else { address }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_leaves_its_words_and_where_it_leads() {
        for (name, arguments, is_closed, before, after) in [
            ("figure", "src=\"/a.png\" alt=\"Un plan\" class=\"x\"", false, "![Un plan](/a.png)", ""),
            ("figure", "src=\"/a b.png\" caption=\"Le plan\"", false, "![Le plan](</a b.png>)", ""),
            ("figure", "src=\"/a.png\" alt=\"Un [plan]\" caption=\"Vu d'ici\"", false, "![Un \\[plan\\]](/a.png)\nVu d'ici", ""),
            ("youtube", "n2mrgs7ZBEY", false, "[www.youtube.com](https://www.youtube.com/watch?v=n2mrgs7ZBEY)", ""),
            ("youtube", "id=\"n2mr\" title=\"Le film\"", false, "[Le film](https://www.youtube.com/watch?v=n2mr)", ""),
            ("iframe", "\"https://a.fr/x?y=1\"", false, "[a.fr](https://a.fr/x?y=1)", ""),
            ("video", "{\"title\": \"Temps\", \"url\": \"https://a.fr/v\"}", false, "[Temps](https://a.fr/v)", ""),
            ("button", "href=\"https://a.fr\"", true, "[", "](https://a.fr)"),
            ("ref", "\"/projekte/b.md\"", false, "/projekte/b.md", ""),
            ("include", "youtube.html id=abc", false, "[www.youtube.com](https://www.youtube.com/watch?v=abc)", ""),
            ("include", "include.html", false, "", ""),
            ("callout", "color=\"green\" icon=\"fa-info\"", true, "", ""),
            ("hint", "style=\"info\" title=\"À savoir\"", true, "**À savoir**\n\n", ""),
            ("alert", "\"Fermé en août\"", false, "Fermé en août", ""),
            ("tab", "title=\"Linux\"", true, "**Linux**\n\n", ""),
            ("quote", "{ \"author\": \"A. B.\" }", true, "", " — A. B."),
            ("metrics", "{\"items\":[{\"number\":\"3\",\"text\":\"apports\"}]}", false, "\n- 3 apports\n", ""),
            ("include", "card.html title=\"Titre\" paragraph=\"Un texte\"", false, "**Titre**: Un texte", ""),
            ("cita", "texto=\"Va bien\" autor=\"Ana\"", false, "\n\n> Va bien", "\n>\n> — Ana\n\n"),
            (
                "include",
                "card.html kop=\"Titre\" tekst=\"Un texte de quatre mots\"",
                false,
                "**Titre**: Un texte de quatre mots",
                "",
            ),
            (
                "render",
                "\"macro-image\", src:\"b.png\", caption:\"Voir l'image 'a b c'\"",
                false,
                "![Voir l'image 'a b c'](b.png)",
                "",
            ),
            ("asset", "'posts/a.png' class:'inline' title:\"La consulta\"", false, "![La consulta](posts/a.png)", ""),
            ("card", "url=\"https://a.fr\" title=\"Titre\" text=\"Un texte\"", false, "[Titre](https://a.fr): Un texte", ""),
            (
                "render",
                "'quote', text: 'Un texte', authorName: 'A. B.', authorRole: 'Maire'",
                false,
                "\n\n> Un texte",
                "\n>\n> — A. B.\n\n",
            ),
            ("if", "page.title contains \"deux mots\"", true, "", ""),
            ("file", "src=\"files/bilan.pdf\"", false, "[bilan.pdf](files/bilan.pdf)", ""),
        ] {
            let expected = Kept { before: before.to_owned(), after: after.to_owned() };
            assert_eq!(kept(name, Arguments::parse(arguments), is_closed), expected, "{name} {arguments}");
        }
    }
}
