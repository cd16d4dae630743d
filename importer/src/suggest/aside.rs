//! Pages that stand for no record of their own, each for a reason that is told to people.

use std::collections::{BTreeMap, BTreeSet};

use super::bundles::{Bundles, is_attachment, is_other_index, is_part, is_record};
use super::model::CollectionSuggestion;
use super::page::{Metadata, Page};
use super::placeholders::is_unfilled;
use super::said::Said;
use super::site;
use super::vocabulary::list;
use super::words;

/// Why a page is left out before anybody asks what it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Its metadata cannot be read, so that nothing is known of it.
    Unreadable,
    /// It holds lists of which nobody knows what they are.
    List,
    /// It presents its folder or the repository.
    Presents,
    /// It is the licence, the history, the list of contents.
    OfRepository,
    /// It is to be copied, or shows how something is written.
    Template,
    /// Its values are those that its template has to be replaced.
    Unfilled,
    /// It is an older state or a draft of the page beside it.
    Draft,
    /// It tells of the site itself, as every site does.
    OfSite,
    /// It is one section of a text that files of numbers make up.
    Section,
    /// It lies in a folder that holds no content.
    NoContent,
    /// It is a part of what the index page of its folder tells.
    Attachment,
    /// It lies in the folder of what such a page tells.
    Part,
}

impl Reason {
    fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Unreadable => (
                "métadonnées illisibles : sans effet sur cette correspondance, qui prendra ceux que ses motifs demandent une fois corrigés",
                "metadata that cannot be read: without effect on this mapping, which takes those that its globs ask for once they are mended",
            ),
            Self::List => (
                "des listes dont les entrées n'ont pas de titre avec un texte ; si ce sont des études de cas, records dit où elles sont",
                "lists whose entries have no title with a text; if they are case studies, records says where they stand",
            ),
            Self::Presents => {
                ("par leur nom, présentent un dossier ou le dépôt", "by their names, they present a folder or the repository")
            }
            Self::OfRepository => (
                "par leur nom, parlent du dépôt ou du site : licence, contribution, sommaire",
                "by their names, they are about the repository or the site: licence, contribution, contents",
            ),
            Self::Template => (
                "par leur nom ou leur adresse, servent de modèle ou d'essai",
                "by their names or addresses, they are templates or trials",
            ),
            Self::Unfilled => (
                "par leurs valeurs, qui sont à remplacer (« Insert … here », « Agency name », « Lorem ipsum »), des modèles jamais remplis",
                "by their values, which are to be replaced (\"Insert … here\", \"Agency name\", \"Lorem ipsum\"), templates that nobody filled in",
            ),
            Self::Draft => (
                "commencent par « _ », à côté de la page du même nom : son brouillon ou un état ancien",
                "begin with \"_\", beside the page of the same name: its draft or a former state",
            ),
            Self::OfSite => (
                "par leur nom, leur adresse ou leur gabarit, parlent du site : contact, à propos, mentions légales",
                "by their names, addresses or layouts, they are about the site: contact, about, legal notice",
            ),
            Self::Section => (
                "par leur nom, un nombre et un genre de section : des parties d'un texte",
                "by their names, a number and a kind of section, they are parts of a text",
            ),
            Self::NoContent => (
                "dans des dossiers cachés, de gabarits, de brouillons ou de programmes",
                "in folders that are hidden or hold layouts, drafts or programs",
            ),
            Self::Attachment => (
                "sans titre et courts, à côté de la page qui présente le projet de leur dossier",
                "short and without a title, beside the page that tells the project of their folder",
            ),
            Self::Part => (
                "dans le dossier d'un projet que raconte sa page _index : des parties de celui-ci",
                "in the folder of a project that its page _index tells: parts of it",
            ),
        }
    }
}

/// Why each page is left out, if it is.
pub fn reasons(pages: &[Page], bundles: &BTreeSet<String>, of: Bundles) -> Vec<Option<Reason>> {
    let names: BTreeSet<(&str, &str)> = pages.iter().map(|page| (page.folder(), page.stem())).collect();
    let shared: BTreeSet<&str> = pages.iter().filter(|page| !presents(page)).map(Page::folder).collect();
    let trials = trials(pages, bundles, of);
    let unfilled = unfilled(pages, bundles, of);
    let reason = |(index, page): (usize, &Page)| {
        let stem = page.stem();
        let plain = stem.trim_start_matches('_');
        let is_record = is_record(page, bundles, of);
        if is_aside(&page.path) {
            return Some(Reason::NoContent);
        }
        if is_template(base(page)) && !is_record || trials.contains(&index) {
            return Some(Reason::Template);
        }
        if is_of_repository(page) && !is_record {
            return Some(Reason::OfRepository);
        }
        if is_of_site(page) && !is_record {
            return Some(Reason::OfSite);
        }
        if is_section(page) {
            return Some(Reason::Section);
        }
        // Alone in its folder, it may be a record as much as what presents that.
        if page.metadata == Metadata::Broken && presents(page) && !shared.contains(page.folder()) {
            return Some(Reason::Unreadable);
        }
        if is_part(page, bundles, of) {
            return Some(Reason::Part);
        }
        if presents(page) && !is_record || is_other_index(page) {
            return Some(Reason::Presents);
        }
        if plain.len() < stem.len() && names.contains(&(page.folder(), plain)) {
            return Some(Reason::Draft);
        }
        match page.metadata {
            Metadata::Broken => return Some(Reason::Unreadable),
            Metadata::List => return Some(Reason::List),
            _ => {}
        }
        if unfilled.contains(&index) {
            return Some(Reason::Unfilled);
        }
        (bundles.contains(page.folder()) && !is_record && is_attachment(page)).then_some(Reason::Attachment)
    };
    pages.iter().enumerate().map(reason).collect()
}

/// Names the pages that are left out, those of each reason together.
pub fn said(pages: &[Page], reasons: &[Option<Reason>]) -> Vec<Said> {
    const NAMED: usize = 5;
    /// A page with a title and more text than this may be missed by somebody: it is named whatever their number.
    const LONG: usize = 300;
    let mut by_reason: BTreeMap<Reason, Vec<&Page>> = BTreeMap::new();
    for (page, reason) in pages.iter().zip(reasons) {
        if let Some(reason) = reason {
            by_reason.entry(*reason).or_default().push(page);
        }
    }
    let say = |(reason, pages): (Reason, Vec<&Page>)| {
        let may_be_missed = |page: &&Page| reason == Reason::Unreadable || page.has_title() && page.has_text(LONG + 1);
        let (first, rest): (Vec<&Page>, Vec<&Page>) = pages.iter().partition(|page| may_be_missed(page));
        let more = NAMED.saturating_sub(first.len());
        let mut named: Vec<&str> = first.iter().chain(rest.iter().take(more)).map(|page| page.path.as_str()).collect();
        named.sort_unstable();
        let dots = if rest.len() > more { ", …" } else { "" };
        let (french, english) = reason.said();
        let named = format!("{}{dots}", named.join(", "));
        Said::new(format!("{named} ({}) : {french}", pages.len()), format!("{named} ({}): {english}", pages.len()))
    };
    by_reason.into_iter().map(say).collect()
}

/// Names the texts without an extension that lie among the pages of collections, and are none.
pub fn without_extension(collections: &[CollectionSuggestion], paths: &[String]) -> Vec<Said> {
    const NAMED: usize = 5;
    let is_among = |path: &&String| collections.iter().any(|collection| collection.globs.ask_for(&format!("{path}.md")));
    let found: Vec<&str> = paths.iter().filter(is_among).map(String::as_str).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let named = found.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let dots = if found.len() > NAMED { ", …" } else { "" };
    let count = found.len();
    vec![Said::new(
        format!("{named}{dots} ({count}) : ni extension, ni métadonnées au début"),
        format!("{named}{dots} ({count}): neither an extension nor metadata at the start"),
    )]
}

/// Whether a page of this name is told by it to be no record, where its folder is none.
pub fn is_told_by_name(page: &Page) -> bool {
    presents(page) || is_of_repository(page) || is_template(base(page))
}

/// The name of a page without its language.
fn base(page: &Page) -> &str {
    let stem = page.stem();
    site::suffix(&page.path).map_or(stem, |(suffix, _)| stem[..stem.len() - suffix.len()].trim_end_matches('.'))
}

/// Whether a page at the top, or in a folder of pages, is one that tells of the site: `contact.md`.
fn is_of_site(page: &Page) -> bool {
    let is_one = |name: &str| list("site_pages", "names").contains(&words::name_words(name).trim());
    let value =
        |field: &str| page.fields.get(field).and_then(|value| value.scalar()).unwrap_or_default().trim().trim_matches('/');
    let last = |address: &str| address.rsplit('/').next().is_some_and(is_one);
    let is_general = |folder: &str| {
        let is_named = matches!(folder, "content" | "contenu" | "source" | "site" | "www" | "app");
        is_named || words::language(folder).is_some() || words::nature(folder) == Some(words::Nature::Pages)
    };
    page.folder().split('/').all(|folder| folder.is_empty() || is_general(folder))
        && (is_one(base(page)) || last(value("permalink")) || last(value("url")) || is_one(value("layout")))
}

/// Whether a page without metadata is called by a number and a kind of section: `01_problem`.
fn is_section(page: &Page) -> bool {
    let stem = base(page);
    let name = stem.trim_start_matches(|character: char| character.is_ascii_digit());
    let is_kind = |named: &words::Named| {
        use words::Meaning::{Lessons, Problem, Results, Solution, Summary};
        named.sureness == words::Sureness::Name && matches!(named.meaning, Summary | Problem | Solution | Results | Lessons)
    };
    name.len() < stem.len()
        && name.starts_with(['_', '-', '.', ' '])
        && matches!(page.metadata, Metadata::None)
        && words::meanings(name.trim_start_matches(['_', '-', '.', ' '])).first().is_some_and(is_kind)
}

fn presents(page: &Page) -> bool {
    matches!(base(page).to_lowercase().as_str(), "_index" | "index" | "readme")
}

fn is_of_repository(page: &Page) -> bool {
    let name = base(page).to_lowercase();
    matches!(
        name.as_str(),
        "summary"
            | "_sidebar"
            | "license"
            | "licence"
            | "contributing"
            | "changelog"
            | "code_of_conduct"
            | "security"
            | "404"
            | "_navbar"
            | "_coverpage"
            // What Docusaurus calls a folder.
            | "_category_"
    )
}

/// Whether a path is no content: hidden folders, templates, dependencies.
pub fn is_aside(path: &str) -> bool {
    const ASIDE: &[&str] =
        &["node_modules", "_layouts", "_includes", "layouts", "archetypes", "vendor", "_templates", "_sass", "_drafts"];
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|folder| folder.starts_with('.') || ASIDE.contains(&folder))
}

/// The pages that show how something is written, or were to try the site, by their names or addresses, unless most beside them are
/// called so: `tutorial-example`. A word that other things have in their names tells only where no other does: not `beta-test`, nor
/// `water-sample-kits`.
fn trials(pages: &[Page], bundles: &BTreeSet<String>, of: Bundles) -> BTreeSet<usize> {
    const SHOWN: &[&str] = &["tutorial", "example", "template"];
    const TRIALS: &[&str] = &["test", "sample"];
    let is_trial = |name: &str| {
        let name = name.trim_matches('/');
        let words = words::name_words(name);
        let mut words = words.split(' ').filter(|word| !word.is_empty());
        let first = words.next();
        first.into_iter().chain(words.next_back()).any(|word| SHOWN.contains(&word)) || is_made_of(name, TRIALS)
    };
    let mut by_folder: BTreeMap<(&str, bool), (usize, Vec<usize>)> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        let is_record = is_record(page, bundles, of);
        let (folder, name) =
            if is_record { page.folder().rsplit_once('/').unwrap_or(("", page.folder())) } else { (page.folder(), base(page)) };
        let address = page.fields.get("permalink").and_then(|address| address.scalar()).unwrap_or_default();
        let address = address.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let (all, found) = by_folder.entry((folder, is_record)).or_default();
        *all += 1;
        if is_trial(name) || is_trial(address) || is_record && is_template(name) || is_sample(page) {
            found.push(index);
        }
    }
    by_folder.into_values().filter(|(all, found)| found.len() * 2 <= *all).flat_map(|(_, found)| found).collect()
}

/// The pages of which nobody filled in what their template asks for, unless most beside them are so: these were made of one that asks
/// for more than anybody had to say.
fn unfilled(pages: &[Page], bundles: &BTreeSet<String>, of: Bundles) -> BTreeSet<usize> {
    const FEW: usize = 2;
    let mut by_folder: BTreeMap<&str, (usize, Vec<usize>)> = BTreeMap::new();
    for (index, page) in pages.iter().enumerate() {
        let above = || page.folder().rsplit_once('/').map_or("", |(above, _)| above);
        let folder = if is_record(page, bundles, of) { above() } else { page.folder() };
        let (all, found) = by_folder.entry(folder).or_default();
        *all += 1;
        if is_unfilled(page) {
            found.push(index);
        }
    }
    let is_told = |(all, found): &(usize, Vec<usize>)| *all <= FEW || found.len() * 2 <= *all;
    by_folder.into_values().filter(is_told).flat_map(|(_, found)| found).collect()
}

/// Whether a page is one to be copied by its title, and has hardly a text: `Example Project`.
fn is_sample(page: &Page) -> bool {
    const MOST_WORDS: usize = 20;
    let mut titles = page.fields.entries.iter().filter(|entry| words::is_title(&entry.key));
    let title = titles.find_map(|entry| entry.node.scalar()).or(page.heading.as_deref());
    page.words <= MOST_WORDS && title.is_some_and(|title| is_template(title) || is_made_of(title, &["sample"]))
}

/// Whether a page of this name is one to be copied: `_template`, `modele-fiche`, `project-template`.
fn is_template(stem: &str) -> bool {
    const TEMPLATES: &[&str] = &[
        "template",
        "modele",
        "gabarit",
        "plantilla",
        "vorlage",
        "muster",
        "modello",
        "modelo",
        "sjabloon",
        "skabelon",
        "szablon",
        "sablona",
        "prompt",
        "boilerplate",
        "placeholder",
        "dummy",
        "example",
        "exemple",
        "beispiel",
        "ejemplo",
        "esempio",
        "exemplo",
        "voorbeeld",
    ];
    is_made_of(stem, TEMPLATES)
}

/// Whether a name has some of these words, and beside them only such as say what kind of page it is of.
fn is_made_of(name: &str, telling: &[&str]) -> bool {
    const OF: &[&str] = &[
        "blank",
        "case",
        "casestudy",
        "default",
        "event",
        "fiche",
        "file",
        "md",
        "member",
        "new",
        "organisation",
        "page",
        "post",
        "practice",
        "pratique",
        "projekt",
        "projet",
        "project",
        "proyecto",
        "startup",
        "study",
        "a",
        "de",
        "of",
        "the",
    ];
    let mut is_told = false;
    words::name_words(name).split(' ').all(|word| {
        // Such files are numbered to stand first: `00TEMPLATE`.
        let word = word.trim_start_matches(|character: char| character.is_ascii_digit());
        let is_telling = telling.contains(&word);
        is_told |= is_telling;
        is_telling || word.is_empty() || OF.contains(&word)
    }) && is_told
}
