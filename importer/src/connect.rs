//! When all files of a source are read: links from one case study to another lead to its page here, and each case study has the
//! first picture of its text. Pure.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use maillage_explore::text::fold_words;
use maillage_graph_schema::model::{CaseStudy, CaseStudyKey, InitiativeKey, Picture, Provenance, Text};
use memchr::memmem;
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::draft::PictureDraft;
use crate::each::shares;
use crate::mapping::{TEXTS, is_text, stem};
use crate::parse::holds;
use crate::source::Paths;
use crate::text::destination::{Destinations, Found, INITIATIVE, Sort, normal, sort};
use crate::text::{self, raw_html};

/// What links to pages of a wiki start with, until they are resolved.
const WIKI: &str = "wiki:";

/// A picture that is not where a case study looks for it: which one, and what it is called there.
pub type Missing = (CaseStudyKey, String);

/// Connects the case studies of a source, and gives them pictures. Says which pictures are not where their texts look for them.
/// An address that leads to a file of many records leads to none of them.
pub fn connect(case_studies: &mut [CaseStudy], pictures: Pictures<'_>, lists: &BTreeSet<String>) -> Vec<Missing> {
    let surroundings = Surroundings { pages: Pages::of(case_studies, lists), pictures };
    let connected = shares(case_studies, |share| {
        share.iter_mut().flat_map(|case_study| connect_one(case_study, &surroundings)).collect::<Vec<_>>()
    });
    connected.into_iter().flatten().collect()
}

/// What texts of a source may lead to.
struct Surroundings<'a> {
    pages: Pages,
    pictures: Pictures<'a>,
}

/// The files of a source, as pictures are looked for among them.
#[derive(Clone, Copy)]
pub struct Pictures<'a> {
    paths: &'a Paths,
    /// Whether the source has pictures at all: it may be a copy of the texts alone.
    are_there: bool,
}

impl<'a> Pictures<'a> {
    pub fn among(paths: &'a Paths) -> Self {
        Self { paths, are_there: paths.names().any(is_picture) }
    }

    /// Where a picture is that a text, or a field, names.
    fn find(self, address: &str, destinations: &Destinations) -> Found {
        match destinations.find(address, self.paths) {
            Found::Nowhere if !self.are_there => Found::AsWritten,
            found => found,
        }
    }

    /// Where a link of a field leads that was made of the path of a file, if it leads elsewhere than it says. The error is the path of a
    /// file that is nowhere.
    pub fn linked(self, address: &str, origin: Option<&Provenance>) -> Result<Option<String>, String> {
        // Links of fields lead to what the repository holds now.
        let origin = origin.map(|origin| Provenance { commit: None, ..origin.clone() });
        Destinations::of(origin.as_ref()).linked(address, self.paths)
    }

    /// A picture that a field names, where it is seen from here; `None` if that is not known, or it is no picture. The error is the
    /// address of one that is nowhere.
    pub fn resolved(self, picture: PictureDraft, origin: Option<&Provenance>) -> Result<Option<Picture>, String> {
        let written = picture.address.as_str();
        if matches!(sort(written), Sort::Path(path) if !is_picture(path)) {
            return Ok(None);
        }
        let destinations = Destinations::of(origin);
        let url = match self.find(written, &destinations) {
            Found::AsWritten => destinations.picture(written),
            Found::At(address) => destinations.picture(&address),
            Found::Nowhere => return Err(written.to_owned()),
        };
        let url = url.and_then(|url| url.parse().ok());
        Ok(url.map(|url| Picture { url, alternative_text: picture.alternative_text, credit: picture.credit }))
    }
}

/// Whether a file is one that shows something, by its name.
fn is_picture(path: &str) -> bool {
    const ENDS: &[&str] = &["avif", "gif", "jpeg", "jpg", "png", "svg", "webp"];
    path.rsplit_once('.').is_some_and(|(_, end)| ENDS.iter().any(|picture| end.eq_ignore_ascii_case(picture)))
}

fn connect_one(case_study: &mut CaseStudy, surroundings: &Surroundings<'_>) -> Vec<Missing> {
    let path = path(case_study).unwrap_or_default().to_owned();
    let origin = case_study.provenance.first();
    let destinations = Destinations::of(origin);
    let near = Near { folder: path.rsplit_once('/').map_or("", |(folder, _)| folder), destinations: &destinations, surroundings };
    let mut missing_ones = Vec::new();
    let mut picture = case_study.picture.take();
    for section in &mut case_study.sections {
        let text = LinkReader::read(&section.markdown, &near, &mut picture, &mut missing_ones);
        if let Cow::Owned(connected) = text {
            section.markdown = connected;
        }
    }
    case_study.picture = picture;
    missing_ones.sort();
    missing_ones.dedup();
    missing_ones.into_iter().map(|address| (case_study.key(), address)).collect()
}

/// What is around one text.
struct Near<'a> {
    folder: &'a str,
    destinations: &'a Destinations,
    surroundings: &'a Surroundings<'a>,
}

impl Near<'_> {
    fn page(&self, address: &str) -> Option<&InitiativeKey> {
        self.surroundings.pages.find(self.folder, address)
    }

    fn file(&self, address: &str) -> Found {
        self.surroundings.pictures.find(address, self.destinations)
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
    fn of(case_studies: &[CaseStudy], lists: &BTreeSet<String>) -> Self {
        let mut by_path = HashMap::new();
        let mut by_name: HashMap<String, Option<InitiativeKey>> = HashMap::new();
        for case_study in case_studies {
            let Some(path) = path(case_study) else { continue };
            let mut names = vec![fold_words(case_study.title.as_str())];
            if !lists.contains(path) {
                by_path.insert(path.to_owned(), case_study.initiative.clone());
                names.insert(0, fold_words(stem(path)));
            }
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
        let texts = TEXTS.iter().map(|extension| format!("{path}.{extension}"));
        let of_folder = ["index.md", "README.md"].into_iter().map(|name| format!("{path}/{name}"));
        let by_path = std::iter::once(path.clone()).chain(texts).chain(of_folder).find_map(|path| self.by_path.get(&path));
        by_path.or_else(|| {
            // Sites put pages elsewhere than files, but seldom under another name.
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_page = !name.contains('.') || is_text(name) || [".html", ".htm"].iter().any(|end| name.ends_with(end));
            (is_page && stem(name).len() >= SHORTEST).then(|| by_name(stem(name))).flatten()
        })
    }
}

/// Reads a text for what it leads to and shows.
struct LinkReader<'a, 't> {
    markdown: &'t str,
    near: &'a Near<'a>,
    changes: Vec<(Range<usize>, String)>,
    /// Links and pictures that are open, the innermost last.
    open: Vec<Open>,
    in_heading: bool,
    picture: &'a mut Option<Picture>,
    missing: &'a mut Vec<String>,
}

impl<'a, 't> LinkReader<'a, 't> {
    /// A text whose links lead to pages of ours, and to files, where the address is found; links of wikis that lead nowhere are their
    /// labels. Its first picture that shows something is the one of the case study, if that has none; those that are nowhere are told.
    fn read(
        markdown: &'t str,
        near: &'a Near<'a>,
        picture: &'a mut Option<Picture>,
        missing: &'a mut Vec<String>,
    ) -> Cow<'t, str> {
        if !has_links(markdown) && (picture.is_some() || !has_pictures(markdown)) {
            return Cow::Borrowed(markdown);
        }
        let mut reader = Self { markdown, near, changes: Vec::new(), open: Vec::new(), in_heading: false, picture, missing };
        let events = Parser::new_ext(markdown, text::options()).into_offset_iter();
        for (_, definition) in events.reference_definitions().iter() {
            reader.definition(definition.span.clone(), &definition.dest);
        }
        for (event, range) in events {
            reader.event(event, range);
        }
        with_changes(markdown, reader.changes)
    }

    fn definition(&mut self, span: Range<usize>, address: &str) {
        let found = self.near.page(address).map(|key| format!("{INITIATIVE}{key}"));
        let found = found.or_else(|| if let Found::At(found) = self.near.file(address) { Some(found) } else { None });
        if let (Some(found), Some(at)) = (found, self.markdown[span.clone()].rfind(address)) {
            let start = span.start + at;
            self.changes.push((start..start + address.len(), found));
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                self.open.push(Open::new(range.start + 1, link_type, dest_url.into_string()));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, .. }) => {
                let shown = Some(Shown { title: title.into_string(), alternative: String::new() });
                self.open.push(Open { shown, ..Open::new(range.start + 2, link_type, dest_url.into_string()) });
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.end(&range),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, range.start),
            event => {
                match event {
                    Event::Start(Tag::Heading { .. }) => self.in_heading = true,
                    Event::End(TagEnd::Heading(_)) => self.in_heading = false,
                    Event::Text(part) | Event::Code(part) => self.say(&part),
                    _ => {}
                }
                if let Some(innermost) = self.open.last_mut() {
                    innermost.label.end = innermost.label.end.max(range.end);
                }
            }
        }
    }

    /// Words, which may be those that stand for a picture.
    fn say(&mut self, words: &str) {
        if let Some(shown) = self.open.iter_mut().rev().find_map(|open| open.shown.as_mut()) {
            shown.alternative.push_str(words);
        }
    }

    /// The end of a link or a picture.
    fn end(&mut self, range: &Range<usize>) {
        let Some(Open { address, is_inline, label, shown }) = self.open.pop() else { return };
        if let Some(around) = self.open.last_mut() {
            around.label.end = around.label.end.max(range.end);
        }
        let after = label.end..range.end;
        let is_link = shown.is_none();
        if let Some(key) = Some(&address).filter(|_| is_link && is_inline).and_then(|address| self.near.page(address)) {
            self.changes.push((after, format!("]({INITIATIVE}{key})")));
            return;
        }
        if address.starts_with(WIKI) {
            self.changes.extend([(range.start..label.start, String::new()), (after, String::new())]);
            return;
        }
        let found = self.near.file(&address);
        if let Some(Shown { title, alternative }) = shown {
            let words = if alternative.trim().is_empty() { title } else { alternative };
            self.show(&address, &found, &words);
        }
        match found {
            Found::At(found) if is_inline => {
                let at = self.markdown[after.clone()].find(&address).map(|at| after.start + at);
                self.changes.extend(at.map(|at| (at..at + address.len(), found)));
            }
            Found::Nowhere if !is_link => self.missing.push(address),
            _ => {}
        }
    }

    /// The pictures of a piece of HTML that begins there.
    fn html(&mut self, html: &str, start: usize) {
        let tags = html.match_indices('<').filter_map(|(at, _)| raw_html::Tag::read(&html[at..]));
        for tag in tags.filter(|tag| tag.name == "img") {
            let (Some(written), Some(address)) = (tag.written("src"), tag.attribute("src")) else { continue };
            let found = self.near.file(&address);
            if !is_sign(&tag) {
                self.show(&address, &found, &tag.attribute("alt").unwrap_or_default());
            }
            match found {
                Found::At(found) => {
                    let at = start + written.as_ptr().addr() - html.as_ptr().addr();
                    self.changes.push((at..at + written.len(), found));
                }
                Found::Nowhere => self.missing.push(address),
                Found::AsWritten => {}
            }
        }
    }

    /// Takes a picture for that of the case study, if it is the first that shows something of what is told; not the likeness of an
    /// author beside a name, nor a badge.
    fn show(&mut self, address: &str, found: &Found, alternative: &str) {
        if self.picture.is_some() || self.in_heading {
            return;
        }
        let address = match found {
            Found::AsWritten => address,
            Found::At(found) => found,
            Found::Nowhere => return,
        };
        let url = self.near.destinations.picture(address).filter(|url| !is_badge(url)).and_then(|url| url.parse().ok());
        *self.picture = url.map(|url| Picture { url, alternative_text: alternative.trim().parse().ok(), credit: None });
    }
}

/// A link or a picture whose end was not seen yet.
struct Open {
    address: String,
    /// Whether the address stands behind the label.
    is_inline: bool,
    /// Where the label is, as far as it was seen.
    label: Range<usize>,
    /// What a picture says of itself; a link shows nothing.
    shown: Option<Shown>,
}

/// What a picture says of itself.
struct Shown {
    title: String,
    alternative: String,
}

impl Open {
    fn new(start: usize, link_type: LinkType, address: String) -> Self {
        Self { address, is_inline: link_type == LinkType::Inline, label: start..start, shown: None }
    }
}

/// A text with other words in some places.
fn with_changes(text: &str, mut changes: Vec<(Range<usize>, String)>) -> Cow<'_, str> {
    if changes.is_empty() {
        return Cow::Borrowed(text);
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (range, words) in changes.into_iter().filter(|(range, _)| range.start <= range.end) {
        if range.start >= done {
            result.push_str(&text[done..range.start]);
            result.push_str(&words);
            done = range.end;
        }
    }
    result.push_str(&text[done..]);
    Cow::Owned(result)
}

/// Whether a text may hold links that are not to the web at large.
fn has_links(markdown: &str) -> bool {
    let is_near = |start: &str| !(start.starts_with("http") || start.starts_with('#'));
    let bytes = markdown.as_bytes();
    let leads_near = |sign: &str| memmem::find_iter(bytes, sign).any(|at| is_near(&markdown[at + sign.len()..]));
    ["](", "]: "].into_iter().any(leads_near) || ["<img", "<IMG"].into_iter().any(|image| holds(markdown, image))
}

/// Whether a text may hold pictures.
fn has_pictures(markdown: &str) -> bool {
    ["![", "<img", "<IMG"].into_iter().any(|sign| holds(markdown, sign))
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
            ("[a](/projets/kiosque.mdx)", "[a](maillage:a-kiosque)"),
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
            connect(&mut case_studies, Pictures::among(&Paths::default()), &BTreeSet::new());
            assert_eq!(case_studies[0].sections[0].markdown, expected, "{written}");
            connect(&mut case_studies, Pictures::among(&Paths::default()), &BTreeSet::new());
            assert_eq!(case_studies[0].sections[0].markdown, expected, "again: {written}");
        }
    }

    #[test]
    fn pictures_are_found_where_they_are() {
        let paths: Paths = [
            "content/cases/un.md",
            "content/cases/plan.png",
            "content/cases/un/page.png",
            "content/images/vue de la gare.png",
            "static/media/guide.pdf",
            "static/media/carte.svg",
            "static/fr/logo.png",
            "static/en/logo.png",
        ]
        .into_iter()
        .collect();
        for (written, expected, missing) in [
            ("![a](plan.png)", "![a](plan.png)", None),
            ("![a](page.png \"page.png\")", "![a](./un/page.png \"page.png\")", None),
            ("![a](../../images/plan.png)", "![a](../../images/plan.png)", Some("../../images/plan.png")),
            ("![a](../../images/vue%20de%20la%20gare.png)", "![a](../images/vue%20de%20la%20gare.png)", None),
            (
                "![a][1] ![b](<vue de la gare.png>)\n\n[1]: ../page.png",
                "![a][1] ![b](<../images/vue%20de%20la%20gare.png>)\n\n[1]: ./un/page.png",
                None,
            ),
            ("[![*a*](/media/carte.svg)](/media/guide.pdf)", "[![*a*](/media/carte.svg)](/media/guide.pdf)", None),
            (
                "[![a](/base/media/carte.svg)](guide.pdf)",
                "[![a](../../static/media/carte.svg)](../../static/media/guide.pdf)",
                None,
            ),
            (
                "<p><img alt=\"carte.svg\" src='/base/media/carte.svg'></p>",
                "<p><img alt=\"carte.svg\" src='../../static/media/carte.svg'></p>",
                None,
            ),
            ("<img src=vue.png> [a](vue.pdf) `![a](vue.png)`", "<img src=vue.png> [a](vue.pdf) `![a](vue.png)`", Some("vue.png")),
            // Where these are, the source cannot tell.
            ("![a](/img/vue.png) ![b](../../../vue.png)", "![a](/img/vue.png) ![b](../../../vue.png)", None),
            ("![a](logo.png) ![b](https://a.fr/b.png)", "![a](logo.png) ![b](https://a.fr/b.png)", Some("logo.png")),
            ("[un](un.md) ![a](carte.svg)", "[un](maillage:a-un) ![a](../../static/media/carte.svg)", None),
        ] {
            let mut case_studies = [case_study("a-un", "content/cases/un.md", "Un", written)];
            let told = connect(&mut case_studies, Pictures::among(&paths), &BTreeSet::new());
            assert_eq!(case_studies[0].sections[0].markdown, expected, "{written}");
            let told: Vec<&str> = told.iter().map(|(_, address)| &**address).collect();
            assert_eq!(told, missing.into_iter().collect::<Vec<_>>(), "{written}");
            let shown = case_studies[0].picture.as_ref().map(|picture| picture.url.to_string());
            assert!(shown.is_none_or(
                |url| url.starts_with("https://raw.githubusercontent.com/agen/cases/c0/") || url == "https://a.fr/b.png"
            ));
            connect(&mut case_studies, Pictures::among(&paths), &BTreeSet::new());
            assert_eq!(case_studies[0].sections[0].markdown, expected, "again: {written}");
        }
        // Where there are no pictures, the source is a copy of its texts: nothing is missed.
        let texts: Paths = ["content/cases/un.md"].into_iter().collect();
        let mut alone = [case_study("a-un", "content/cases/un.md", "Un", "![a](plan.png)")];
        assert_eq!(connect(&mut alone, Pictures::among(&texts), &BTreeSet::new()), []);
        assert!(alone[0].picture.is_some());
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
            connect(&mut case_studies, Pictures::among(&Paths::default()), &BTreeSet::new());
            let picture = case_studies[0].picture.as_ref();
            let found = picture.map(|picture| (picture.url.to_string(), picture.alternative_text.as_ref().map(Text::as_str)));
            assert_eq!(found, expected, "{markdown}");
        }
    }
}
