//! Where links and pictures of a text lead, seen from our pages.

use maillage_graph_schema::model::{Provenance, Text};
use url::Url;

use crate::forge::{self, Forge};
use crate::source::Paths;

/// What the address of a link starts with that leads to an initiative of ours, before its key. Such links are made when a
/// source is read: its files name one another by paths.
pub const INITIATIVE: &str = "maillage:";

/// Where the page of an initiative is, before its key.
const INITIATIVE_PAGE: &str = "/initiatives/";

/// Resolves the addresses that stand in a text.
#[derive(Debug, Default)]
pub(crate) struct Destinations {
    forge: Option<Forge>,
    /// Where people find the repository.
    repository: Option<Url>,
    commit: String,
    /// The folder of the text's file.
    folder: String,
    /// The folder that a site makes of the text's file, where it shows `a.md` as `a/`.
    page: String,
    /// The folder whose files a site serves from its root, as far as the place of the text tells; `None` if it tells nothing.
    root: Option<&'static str>,
}

impl Destinations {
    /// Of a text with this origin.
    pub(crate) fn of(origin: Option<&Provenance>) -> Self {
        let Some(origin) = origin else { return Self::default() };
        let repository = origin.repository.as_ref().map(Text::as_str);
        let path = origin.path.as_ref().map_or("", Text::as_str);
        Self {
            forge: repository.and_then(Forge::of),
            repository: repository.and_then(forge::page),
            commit: origin.commit.as_ref().map_or("HEAD", Text::as_str).to_owned(),
            folder: without_data(path.rsplit_once('/').map_or("", |(folder, _)| folder)).to_owned(),
            page: path.rsplit_once('.').map_or(path, |(page, _)| page).to_owned(),
            root: root(path),
        }
    }

    /// Where the file is that an address of this text means, among those that there are.
    pub(crate) fn find(&self, address: &str, paths: &Paths) -> Found {
        let Sort::Path(path) = sort(address) else { return Found::AsWritten };
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        if !is_file || self.path(path).is_some_and(|path| paths.has(&path)) {
            return Found::AsWritten;
        }
        let from_page = normal(&self.page, path).filter(|from_page| !path.starts_with('/') && paths.has(from_page));
        match from_page.or_else(|| by_its_end(path, paths)) {
            Some(found) => Found::At(from_folder(&self.folder, &found)),
            // From where a site serves its files, and what lies outside of the source, is not known.
            None if path.starts_with('/') || normal(&self.folder, path).is_none() => Found::AsWritten,
            None => Found::Nowhere,
        }
    }

    /// Where a file is that a link leads to which [`Self::link`] made of its path, among those that there are: the address of the only one
    /// that ends like it, where there is none of this path. The error is the path of one that is nowhere.
    pub(crate) fn linked(&self, link: &str, paths: &Paths) -> Result<Option<String>, String> {
        let Some((forge, path)) = self.forge.as_ref().and_then(|forge| Some((forge, self.path_of(forge, link)?))) else {
            return Ok(None);
        };
        if paths.has(&path) {
            return Ok(None);
        }
        let elsewhere = by_its_end(&path, paths).and_then(|found| forge.file(&self.commit, &found));
        elsewhere.map(|found| Some(found.into())).ok_or(path)
    }

    /// The path of the file that an address of its forge shows.
    fn path_of(&self, forge: &Forge, link: &str) -> Option<String> {
        let root = forge.file(&self.commit, "")?;
        let path = link.strip_prefix(root.as_str())?.split(['?', '#']).next()?;
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        is_file.then(|| decoded(path))
    }

    /// The path in the repository that an address means.
    fn path(&self, address: &str) -> Option<String> {
        let from_root = address.starts_with('/');
        let path = normal(&self.folder, address)?;
        if from_root { self.root.map(|root| format!("{root}{path}")) } else { Some(path) }
    }

    /// Where a link leads; `None` if nowhere from here.
    pub(crate) fn link(&self, address: &str) -> Option<String> {
        if let Some(key) = address.strip_prefix(INITIATIVE) {
            let is_key = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            return is_key.then(|| format!("{INITIATIVE_PAGE}{key}"));
        }
        match sort(address) {
            Sort::Absolute(address) => Some(address),
            Sort::Nowhere => None,
            Sort::Path(path) => {
                // From the root of a site, what has no extension is a page of it, not a file of the repository.
                let is_page = path.starts_with('/') && !path.rsplit('/').next().is_some_and(|name| name.contains('.'));
                let path = self.path(path).filter(|_| !is_page)?;
                let file = self.forge.as_ref().and_then(|forge| forge.file(&self.commit, &path));
                file.or_else(|| self.repository.clone()).map(String::from)
            }
        }
    }

    /// Where a picture is; `None` if that is not known.
    pub(crate) fn picture(&self, address: &str) -> Option<String> {
        match sort(address) {
            Sort::Absolute(address) => Some(address),
            Sort::Nowhere => None,
            Sort::Path(path) => {
                let path = self.path(path)?;
                self.forge.as_ref()?.raw(&self.commit, &path).map(String::from)
            }
        }
    }
}

/// A folder, or the one that a folder of data lies in: what stands there is shown on pages elsewhere, and addresses are from the root of
/// the site.
fn without_data(folder: &str) -> &str {
    let inner = folder.find("_data").filter(|at| {
        let after = &folder[at + "_data".len()..];
        (*at == 0 || folder[..*at].ends_with('/')) && (after.is_empty() || after.starts_with('/'))
    });
    match inner {
        Some(at) => folder[..at].trim_end_matches('/'),
        None if folder == "data" || folder.starts_with("data/") => "",
        None => folder,
    }
}

/// What an address of a text finds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// What it leads to as it is written, or nothing that is a file of the source.
    AsWritten,
    /// A file that it does not lead to as it is written: the address that does.
    At(String),
    /// Nothing: there is no such file.
    Nowhere,
}

/// The only file whose path ends as an address does. A site may serve its files from below a folder of its own: then the address
/// has one name more, or several, before.
fn by_its_end(address: &str, paths: &Paths) -> Option<String> {
    let decoded = decoded(address);
    let names: Vec<&str> = decoded.split('/').filter(|name| !["", ".", ".."].contains(name)).collect();
    let whole = paths.only_one_that_ends_with(&names.join("/"));
    // A name alone may be that of another file.
    let shorter = || (1..names.len().saturating_sub(1)).find_map(|from| paths.only_one_that_ends_with(&names[from..].join("/")));
    whole.or_else(|| decoded.starts_with('/').then(shorter).flatten())
}

/// The address of a file, from a folder.
fn from_folder(folder: &str, path: &str) -> String {
    /// What would end the path, or the address in a text.
    const ENCODED: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'\'')
        .add(b'(')
        .add(b')')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'\\')
        .add(b':');
    let names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = names.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = if common == names.len() { "./".to_owned() } else { "../".repeat(names.len() - common) };
    format!("{up}{}", percent_encoding::utf8_percent_encode(&to[common..].join("/"), ENCODED))
}

/// Where the files are that a site serves from its root: Hugo and Zola have texts in `content` and such files in `static`; where
/// other tools that have `content` keep them is not known. Jekyll and the forges themselves start from the repository's root.
fn root(path: &str) -> Option<&'static str> {
    match path.strip_prefix("content/") {
        None => Some(""),
        Some(rest) => (!rest.starts_with('_')).then_some("static/"),
    }
}

/// What an address is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sort<'a> {
    /// One of the web, repaired if it lacks its beginning.
    Absolute(String),
    /// A path in the source, without what follows `?` and `#`.
    Path(&'a str),
    /// A place in the same text, or what is not followed from here: `mailto:`, `javascript:`, `data:`.
    Nowhere,
}

/// Tells what an address is.
pub(crate) fn sort(address: &str) -> Sort<'_> {
    /// Ends of names of hosts that people write without `https://`.
    const HOSTS: &[&str] = &[
        "app", "be", "cat", "ch", "com", "coop", "de", "dev", "edu", "es", "eu", "fr", "gov", "info", "io", "it", "lu", "net",
        "nl", "org", "pt", "social", "uk",
    ];
    let address = address.trim();
    let starts_with = |start: &str| address.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    if starts_with("https://") || starts_with("http://") {
        return if Url::parse(address).is_ok_and(|url| url.has_host()) {
            Sort::Absolute(address.to_owned())
        } else {
            Sort::Nowhere
        };
    }
    if let Some(rest) = address.strip_prefix("//") {
        return if rest.starts_with(|first: char| first.is_alphanumeric()) { sort_host(rest) } else { Sort::Nowhere };
    }
    let first = address.split(['/', '?', '#']).next().unwrap_or_default();
    if first.contains(':') || first.contains('\\') || address.contains(|character: char| character.is_control()) {
        return Sort::Nowhere;
    }
    let is_host = first.rsplit_once('.').is_some_and(|(name, top)| {
        let has_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
            && !name.starts_with('.');
        has_name && (name.starts_with("www.") || HOSTS.contains(&top.to_lowercase().as_str()))
    });
    if is_host {
        return sort_host(address);
    }
    match address.split(['?', '#']).next() {
        Some(path) if !path.is_empty() => Sort::Path(path),
        _ => Sort::Nowhere,
    }
}

fn sort_host<'a>(rest: &str) -> Sort<'a> {
    let address = format!("https://{rest}");
    if Url::parse(&address).is_ok() { Sort::Absolute(address) } else { Sort::Nowhere }
}

/// A path from the root of the repository, from one that starts in a folder; `None` if it leads out of the repository.
pub(crate) fn normal(folder: &str, path: &str) -> Option<String> {
    let decoded = decoded(path);
    let from_root = decoded.starts_with('/');
    let mut parts: Vec<&str> = if from_root { Vec::new() } else { folder.split('/').filter(|part| !part.is_empty()).collect() };
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// A path without `%20` and the like; one that does not come out as text stays as it is.
pub(super) fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.filter(|pair| *first == b'%' && pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = code.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).ok().filter(|decoded| !decoded.contains('\0')).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destinations(repository: &str) -> Destinations {
        at(repository, "content/cases/a.md")
    }

    fn at(repository: &str, path: &str) -> Destinations {
        let mut origin = Provenance::of("agen".parse().expect("a key"));
        origin.repository = repository.parse().ok();
        origin.path = path.parse().ok();
        origin.commit = "c0".parse().ok();
        Destinations::of(Some(&origin))
    }

    #[test]
    fn a_link_to_a_file_leads_to_one_that_is_there() {
        let paths: Paths = ["content/cases/b c.pdf", "static/docs/sheet.pdf"].into_iter().collect();
        let github = destinations("https://github.com/agen/cases.git");
        let file = |path: &str| format!("https://github.com/agen/cases/blob/c0/{path}");
        for (address, expected) in [
            ("b%20c.pdf", Ok(None)),
            ("docs/sheet.pdf", Err("content/cases/docs/sheet.pdf".to_owned())),
            ("/sheet.pdf", Err("static/sheet.pdf".to_owned())),
            ("/static/docs/sheet.pdf", Err("static/static/docs/sheet.pdf".to_owned())),
            ("https://a.fr/b.pdf", Ok(None)),
            ("folder", Ok(None)),
        ] {
            let link = github.link(address).expect(address);
            assert_eq!(github.linked(&link, &paths), expected, "{address}");
        }
        let at_root = at("https://github.com/agen/cases", "a.md");
        let link = at_root.link("docs/sheet.pdf").expect("a link");
        assert_eq!(at_root.linked(&link, &paths), Ok(Some(file("static/docs/sheet.pdf"))));
    }

    #[test]
    fn addresses_are_resolved_at_the_commit() {
        let github = destinations("https://github.com/agen/cases.git");
        let file = |path: &str| Some(format!("https://github.com/agen/cases/blob/c0/{path}"));
        let raw = |path: &str| Some(format!("https://raw.githubusercontent.com/agen/cases/c0/{path}"));
        for (address, link, picture) in [
            ("https://a.fr/b", Some("https://a.fr/b".to_owned()), Some("https://a.fr/b".to_owned())),
            ("//a.fr/b", Some("https://a.fr/b".to_owned()), Some("https://a.fr/b".to_owned())),
            ("openlayers.org/", Some("https://openlayers.org/".to_owned()), Some("https://openlayers.org/".to_owned())),
            ("www.agen.fr", Some("https://www.agen.fr".to_owned()), Some("https://www.agen.fr".to_owned())),
            ("b.pdf", file("content/cases/b.pdf"), raw("content/cases/b.pdf")),
            ("./media/b%20c.jpg?raw=true", file("content/cases/media/b%20c.jpg"), raw("content/cases/media/b%20c.jpg")),
            ("../b.md#x", file("content/b.md"), raw("content/b.md")),
            ("/assets/b.png", file("static/assets/b.png"), raw("static/assets/b.png")),
            ("/a-propos/", None, raw("static/a-propos")),
            ("../../../b.md", None, None),
            ("#x", None, None),
            ("", None, None),
            ("mailto:a@b.fr", None, None),
            ("javascript:alert(1)", None, None),
            ("data:image/png;base64,AA", None, None),
            ("jav\u{1}ascript:alert(1)", None, None),
            ("\\\\a\\b", None, None),
            ("maillage:agen-wifi", Some("/initiatives/agen-wifi".to_owned()), None),
            ("maillage:../x", None, None),
        ] {
            assert_eq!(github.link(address), link, "link {address:?}");
            assert_eq!(github.picture(address), picture, "picture {address:?}");
        }
        for (path, expected) in [
            ("_data/projects.yml", "workshops.html"),
            ("data/fr/projects.yml", "workshops.html"),
            ("src/_data/projects.yml", "src/workshops.html"),
            ("open_data/projects.yml", "open_data/workshops.html"),
        ] {
            assert_eq!(at("https://github.com/agen/cases", path).link("workshops.html"), file(expected), "{path}");
        }
        let root = |path: &str| at("https://github.com/agen/cases", path).picture("/img/b.png");
        assert_eq!(root("_projects/a.md"), raw("img/b.png"));
        assert_eq!(root("content/_startups/a.md"), None);
        // On an unknown forge a link leads to the repository, and of a picture its text is left.
        let elsewhere = destinations("https://git.agen.fr/cases");
        assert_eq!(elsewhere.link("b.pdf").as_deref(), Some("https://git.agen.fr/cases"));
        assert_eq!(elsewhere.picture("b.png"), None);
        let folder = Destinations::default();
        assert_eq!((folder.link("b.pdf"), folder.picture("b.png")), (None, None));
    }
}
