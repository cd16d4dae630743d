//! When all files of a source are read: links from one case study to another lead to its page here, and each case study has the
//! first picture of its text. Pure.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use maillage_explore::text::fold_words;
use maillage_graph_schema::model::{CaseStudy, InitiativeKey, Picture, Provenance, Text};
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::each::shares;
use crate::mapping::stem;
use crate::text::destination::{Destinations, INITIATIVE, Sort, normal, sort};
use crate::text::{self, raw_html};

/// What links to pages of a wiki start with, until they are resolved.
const WIKI: &str = "wiki:";

/// Connects the case studies of a source, and gives them pictures.
pub fn connect(case_studies: &mut [CaseStudy]) {
    let pages = Pages::of(case_studies);
    shares(case_studies, |share| share.iter_mut().for_each(|case_study| connect_one(case_study, &pages)));
}

fn connect_one(case_study: &mut CaseStudy, pages: &Pages) {
    let path = path(case_study).unwrap_or_default().to_owned();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for section in &mut case_study.sections {
        if let Cow::Owned(connected) = relinked(&section.markdown, &|address| pages.find(folder, address)) {
            section.markdown = connected;
        }
    }
    if case_study.picture.is_none() {
        let origin = case_study.provenance.first();
        case_study.picture = case_study.sections.iter().find_map(|section| picture(&section.markdown, origin));
    }
}

fn path(case_study: &CaseStudy) -> Option<&str> {
    case_study.provenance.first().and_then(|provenance| provenance.path.as_ref()).map(Text::as_str)
}

/// The initiatives of a source, by how its texts may name them.
struct Pages {
    by_path: HashMap<String, InitiativeKey>,
    /// By the name of the file, or the title, folded; `None` if several have it.
    by_name: HashMap<String, Option<InitiativeKey>>,
}

impl Pages {
    fn of(case_studies: &[CaseStudy]) -> Self {
        let mut by_path = HashMap::new();
        let mut by_name: HashMap<String, Option<InitiativeKey>> = HashMap::new();
        for case_study in case_studies {
            let Some(path) = path(case_study) else { continue };
            by_path.insert(path.to_owned(), case_study.initiative.clone());
            let mut names = vec![fold_words(stem(path)), fold_words(case_study.title.as_str())];
            names.dedup();
            for name in names {
                let known = by_name.entry(name).or_insert_with(|| Some(case_study.initiative.clone()));
                if known.as_ref() != Some(&case_study.initiative) {
                    *known = None;
                }
            }
        }
        Self { by_path, by_name }
    }

    /// The page of ours that an address leads to.
    fn find<'p>(&'p self, folder: &str, address: &str) -> Option<&'p InitiativeKey> {
        /// A shorter name is too likely to mean something else.
        const SHORTEST: usize = 4;
        let by_name = |name: &str| self.by_name.get(&fold_words(name)).and_then(Option::as_ref);
        if let Some(page) = address.strip_prefix(WIKI) {
            let page = page.split('#').next().unwrap_or_default();
            return by_name(stem(page)).or_else(|| by_name(page));
        }
        let Sort::Path(path) = sort(address) else { return None };
        let path = normal(folder, path)?;
        let candidates = [path.clone(), format!("{path}.md"), format!("{path}/index.md"), format!("{path}/README.md")];
        let by_path = candidates.iter().find_map(|path| self.by_path.get(path));
        by_path.or_else(|| {
            // Sites put pages elsewhere than files, but seldom under another name.
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_page = !name.contains('.') || [".md", ".html", ".htm"].iter().any(|end| name.ends_with(end));
            (is_page && stem(name).len() >= SHORTEST).then(|| by_name(stem(name))).flatten()
        })
    }
}

/// A text whose links lead to pages of ours where the address is found; links of wikis that lead nowhere are their labels.
fn relinked<'t, 'p>(markdown: &'t str, find: &dyn Fn(&str) -> Option<&'p InitiativeKey>) -> Cow<'t, str> {
    if !has_links(markdown) {
        return Cow::Borrowed(markdown);
    }
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let events = Parser::new_ext(markdown, text::options()).into_offset_iter();
    for (_, definition) in events.reference_definitions().iter() {
        let span = definition.span.clone();
        let written = &markdown[span.clone()];
        if let (Some(key), Some(at)) = (find(&definition.dest), written.rfind(&*definition.dest)) {
            let start = span.start + at;
            changes.push((start..start + definition.dest.len(), format!("{INITIATIVE}{key}")));
        }
    }
    // A link that is open: where it stands, where it leads, and where its label ends.
    let mut open: Option<(Range<usize>, String, usize)> = None;
    for (event, range) in events {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, .. }) => {
                open = Some((range.clone(), dest_url.into_string(), range.start + 1));
            }
            Event::End(TagEnd::Link) => {
                let Some((whole, address, end)) = open.take() else { continue };
                let label = &markdown[whole.start + 1..end];
                if let Some(key) = find(&address) {
                    changes.push((whole, format!("[{label}]({INITIATIVE}{key})")));
                } else if address.starts_with(WIKI) {
                    changes.push((whole, label.to_owned()));
                }
            }
            _ => {
                if let Some((_, _, end)) = &mut open {
                    *end = (*end).max(range.end);
                }
            }
        }
    }
    if changes.is_empty() {
        return Cow::Borrowed(markdown);
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut connected = String::with_capacity(markdown.len());
    let mut done = 0;
    for (range, words) in changes.into_iter().filter(|(range, _)| range.start <= range.end) {
        if range.start >= done {
            connected.push_str(&markdown[done..range.start]);
            connected.push_str(&words);
            done = range.end;
        }
    }
    connected.push_str(&markdown[done..]);
    Cow::Owned(connected)
}

/// Whether a text may hold links that are not to the web at large.
fn has_links(markdown: &str) -> bool {
    let is_near = |start: &str| !(start.starts_with("http") || start.starts_with('#'));
    ["](", "]: "].iter().any(|sign| markdown.match_indices(sign).any(|(at, sign)| is_near(&markdown[at + sign.len()..])))
}

/// The first picture of a text that shows something of what it tells; not the likeness of an author beside a name, nor a badge.
fn picture(markdown: &str, origin: Option<&Provenance>) -> Option<Picture> {
    if !markdown.contains("![") && !markdown.contains("<img") && !markdown.contains("<IMG") {
        return None;
    }
    let destinations = Destinations::of(origin);
    let found = |address: &str, alternative: &str| {
        let url = destinations.picture(address).filter(|url| !is_badge(url))?.parse().ok()?;
        Some(Picture { url, alternative_text: alternative.trim().parse().ok(), credit: None })
    };
    let mut in_heading = false;
    let mut open: Option<(String, String, String)> = None;
    for event in Parser::new_ext(markdown, text::options()) {
        match event {
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::Image { dest_url, title, .. }) if !in_heading => {
                open = Some((dest_url.into_string(), title.into_string(), String::new()));
            }
            Event::Text(part) | Event::Code(part) => {
                if let Some((_, _, alternative)) = &mut open {
                    alternative.push_str(&part);
                }
            }
            Event::End(TagEnd::Image) => {
                let Some((address, title, alternative)) = open.take() else { continue };
                let alternative = if alternative.trim().is_empty() { title } else { alternative };
                if let Some(picture) = found(&address, &alternative) {
                    return Some(picture);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) if !in_heading => {
                let tags = html.match_indices('<').filter_map(|(at, _)| raw_html::Tag::read(&html[at..]));
                let found = tags
                    .filter(|tag| tag.name == "img" && !is_sign(tag))
                    .find_map(|tag| found(&tag.attribute("src")?, &tag.attribute("alt").unwrap_or_default()));
                if found.is_some() {
                    return found;
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a picture shows the state of software, or a mood.
fn is_badge(address: &str) -> bool {
    ["shields.io", "badge", "travis-ci", "codecov.io", "circleci.com", "/workflows/", "/smilies/", "/smileys/", "/emoji"]
        .iter()
        .any(|sign| address.contains(sign))
}

/// Whether a picture is as small as a letter: a smiley, an arrow, a pixel that counts readers.
fn is_sign(tag: &raw_html::Tag<'_>) -> bool {
    const SMALLEST: u32 = 48;
    let size = |name: &str| tag.attribute(name)?.trim().trim_end_matches("px").parse::<u32>().ok();
    let class = tag.attribute("class").unwrap_or_default();
    ["smiley", "emoji"].iter().any(|word| class.contains(word))
        || ["width", "height"].into_iter().filter_map(size).any(|size| size < SMALLEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case_study(key: &str, path: &str, title: &str, markdown: &str) -> CaseStudy {
        let mut origin = Provenance::of("agen".parse().expect("a key"));
        origin.repository = "https://github.com/agen/cases".parse().ok();
        origin.path = path.parse().ok();
        origin.commit = "c0".parse().ok();
        CaseStudy {
            initiative: key.parse().expect("a key"),
            language: "fr".parse().expect("a language"),
            title: title.parse().expect("a title"),
            summary: None,
            sections: vec![maillage_graph_schema::model::Section {
                kind: maillage_graph_schema::model::SectionKind::Other,
                heading: None,
                markdown: markdown.to_owned(),
            }],
            picture: None,
            translation_of: None,
            licence: None,
            provenance: vec![origin],
        }
    }

    #[test]
    fn links_between_case_studies_lead_to_our_pages() {
        for (written, expected) in [
            ("[le kiosque](kiosque.md)", "[le kiosque](maillage:a-kiosque)"),
            ("[le **kiosque**](./kiosque.md#x \"Titre\"), là", "[le **kiosque**](maillage:a-kiosque), là"),
            ("[![plan](p.png)](/cases/kiosque)", "[![plan](p.png)](maillage:a-kiosque)"),
            ("[a](/projets/2018-kiosque/)", "[a](/projets/2018-kiosque/)"),
            ("[a](/projets/kiosque.html)", "[a](maillage:a-kiosque)"),
            ("[le kiosque][k]\n\n[k]: ../cases/kiosque.md", "[le kiosque][k]\n\n[k]: maillage:a-kiosque"),
            ("[Kiosque](<wiki:Le Kiosque>) et [Autre](<wiki:Autre>)", "[Kiosque](maillage:a-kiosque) et Autre"),
            (
                "[a](https://b.fr/kiosque) [b](kiosque.pdf) [c](autre.md) `[d](kiosque.md)`",
                "[a](https://b.fr/kiosque) [b](kiosque.pdf) [c](autre.md) `[d](kiosque.md)`",
            ),
            ("[]( kiosque.md )", "[](maillage:a-kiosque)"),
        ] {
            let mut case_studies =
                [case_study("a-un", "cases/un.md", "Un", written), case_study("a-kiosque", "cases/kiosque.md", "Le kiosque", "")];
            connect(&mut case_studies);
            assert_eq!(case_studies[0].sections[0].markdown, expected, "{written}");
            connect(&mut case_studies);
            assert_eq!(case_studies[0].sections[0].markdown, expected, "again: {written}");
        }
    }

    #[test]
    fn the_first_picture_that_shows_something_is_taken() {
        let raw = "https://raw.githubusercontent.com/agen/cases/c0/cases/";
        for (markdown, expected) in [
            ("Un texte", None),
            ("a ![Un plan](p.png \"x\") ![b](c.png)", Some((format!("{raw}p.png"), Some("Un plan")))),
            ("![](p.png \"Un titre\")", Some((format!("{raw}p.png"), Some("Un titre")))),
            (
                "[![](https://img.shields.io/x)](y)\n\n<img alt='Un plan' src=p.png>",
                Some((format!("{raw}p.png"), Some("Un plan"))),
            ),
            (
                "### ![Avatar](a.png) Jean\n\n<p>\n<img src=\"https://a.fr/b.png\">\n</p>",
                Some(("https://a.fr/b.png".to_owned(), None)),
            ),
            ("![a](data:image/png;base64,AA)", None),
            (
                "<img src=\"https://a.fr/smilies/s.png\"> ![:)](https://a.fr/emoji/1.png)\n\n<img src=a.gif width=\"16\">\n<img src=p.png width=640px>",
                Some((format!("{raw}p.png"), None)),
            ),
        ] {
            let mut case_studies = [case_study("a-un", "cases/un.md", "Un", markdown)];
            connect(&mut case_studies);
            let picture = case_studies[0].picture.as_ref();
            let found = picture.map(|picture| (picture.url.to_string(), picture.alternative_text.as_ref().map(Text::as_str)));
            assert_eq!(found, expected, "{markdown}");
        }
    }
}
