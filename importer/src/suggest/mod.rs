//! A first mapping for a repository that nobody has described yet. Pure: from files to a suggestion, with what it counted and
//! what it is not sure of.
//!
//! | module | what it does |
//! |---|---|
//! | `page` | reads a page: metadata wherever they stand, title, headings |
//! | `lists` | finds lists of maps in data files, whose entries are pages, too |
//! | `bundles`, `aside` | tells folders that are records, and pages that are none for a reason that people are told |
//! | `placeholders` | tells pages of which nobody filled in what their template asks for |
//! | `clusters`, `globs` | finds pages of one kind, and the globs that ask for them |
//! | `profile`, `shape` | counts the values of each field, and tells what they look like |
//! | `vocabulary` (and its `.txt`), `words`, `statuses` | what fields, folders, states are called in the languages of partners |
//! | `nature` | what the pages of a cluster are: case studies, organisations, persons, posts |
//! | `persons` | which values are names of persons |
//! | `references` | which values name pages of another folder |
//! | `meaning`, `build`, `places`, `several`, `headings` | from fields to the fields of a mapping |
//! | `translations` | which pages are translations of one another |
//! | `site` | licence, language, the forms of a content management system |
//! | `decisions`, `said` | what is said to people, in French and in English |
//! | `write` | writes the suggestion down, with comments in the language of the repository |
//! | `trial` | imports by it without writing anything, and counts |
//!
//! To teach it a name: add it to `vocabulary.txt`, and a case to the tests of `words` or `statuses`.

mod aside;
mod build;
mod bundles;
mod clusters;
mod collection;
mod decisions;
mod globs;
mod headings;
mod lists;
mod meaning;
mod model;
mod nature;
mod page;
mod persons;
mod placeholders;
mod places;
mod profile;
mod references;
mod said;
mod several;
mod shape;
mod site;
mod statuses;
mod translations;
mod trial;
mod vocabulary;
mod words;
mod write;

use std::collections::{BTreeSet, HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::Language;

pub use model::Suggestion;
pub use trial::{Suggested, Told, Trial, suggest_for};
pub use write::write;

use crate::limits::Limits;
use crate::mapping::is_text;
use crate::parse::extension;
use crate::parse::front_matter;
use crate::source::SourceFile;
use bundles::Bundles;
use clusters::{Cluster, Shares};
use decisions::{Doubt, Pages};
use nature::{Assessed, Evidence};
use page::{Metadata, Page};
use profile::Profile;
use references::{Names, references};
use said::Said;
use words::Nature;

/// Whether a file tells anything of how a repository is to be read.
pub fn wants(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let is_licence =
        ["license", "licence", "copying", "lizenz"].iter().any(|start| name.starts_with(start)) && path.matches('/').count() <= 1;
    let is_hidden = path.split('/').any(|part| part.starts_with('.') && part.len() > 1);
    !is_hidden
        && !path.contains("node_modules/")
        && (is_text(path) || is_bare(path) || is_data(path) || lists::may_be_list(path) || is_licence || site::is_forms(path))
}

/// In which countries a name is that of a town or an area; none if it is not known.
pub type Countries<'a> = dyn Fn(&str) -> BTreeSet<String> + 'a;

/// Suggests a mapping for the files of a repository, whose records get keys that begin with the name of the source.
pub fn suggest(files: &[SourceFile], source: &str, countries: &Countries<'_>, limits: &Limits) -> Suggestion {
    let mut pages = pages(files, limits);
    let lists = lists::find(files, &mut pages, limits);
    let of = |bundles| suggest_by(bundles, &pages, &lists, files, source, countries, limits);
    let mut suggestion = of(Bundles::of(&pages));
    if suggestion.collections.is_empty() {
        suggestion = of(Bundles::Branches);
    }
    suggestion.aside.extend(aside::without_extension(&suggestion.collections, &without_extension(files, limits)));
    suggestion
}

/// The paths of texts without an extension that do not begin as pages do, by which these could be read.
fn without_extension(files: &[SourceFile], limits: &Limits) -> Vec<String> {
    let bare = files.iter().filter(|file| is_bare(&file.path)).filter_map(|file| Page::read(file, limits));
    bare.filter(|page| !page.is_empty && !begins_as_page(page)).map(|page| page.path).collect()
}

fn suggest_by(
    bundles: Bundles,
    pages: &[Page],
    lists: &[Cluster],
    files: &[SourceFile],
    source: &str,
    countries: &Countries<'_>,
    limits: &Limits,
) -> Suggestion {
    let forms = site::forms(files, limits);
    let alone = lists.iter().flat_map(|list| &list.pages).min().map_or(pages, |first| &pages[..*first]);
    let records = bundles::bundles(alone, bundles);
    let left_out = aside::reasons(alone, &records, bundles);
    let mut clusters = clusters::clusters(alone, &records, bundles, &left_out);
    clusters.extend(lists.iter().cloned());
    let profiles: Vec<Profile> = clusters.iter().map(|cluster| Profile::of(members(cluster, pages))).collect();
    let names: Vec<Names> =
        clusters.iter().map(|cluster| Names::of(clusters::last(&cluster.root), members(cluster, pages))).collect();
    let references = references(&profiles, &names);
    let mut assessed: Vec<Assessed> =
        clusters.iter().zip(&profiles).map(|(cluster, profile)| nature::assess(cluster, pages, profile, &forms)).collect();
    let mut suggestion = Suggestion { pages: pages.len(), ..Suggestion::default() };
    choose(&clusters, pages, &profiles, &mut assessed, &mut suggestion);
    suggestion.aside.extend(aside::said(alone, &left_out));
    let (licence, decision) = site::licence(files);
    suggestion.licence = licence;
    suggestion.decisions.extend(decision.map(Doubt::alone));
    let own_names = site::own_names(files, pages, limits);
    let content = collection::Content {
        own_names: &own_names,
        pages,
        left_out: &left_out,
        clusters: &clusters,
        profiles: &profiles,
        assessed: &assessed,
        references: &references,
        forms: &forms,
        countries,
        source,
    };
    language(pages, &mut suggestion);
    collection::collections(&content, &mut suggestion);
    if let Some(original) = translations::original(&suggestion) {
        suggestion.language = Some(original);
        // The files tell their languages, each its own.
        suggestion.decisions.retain(|decision| !matches!(decision.about, Doubt::SeveralLanguages { .. }));
    }
    suggestion
}

/// The pages of a repository, each with the metadata of the file beside it.
fn pages(files: &[SourceFile], limits: &Limits) -> Vec<Page> {
    let wanted = files.iter().filter(|file| is_text(&file.path) || is_data(&file.path) || is_bare(&file.path));
    let mut pages: Vec<Page> = wanted.filter_map(|file| Page::read(file, limits)).collect();
    // A map is no page.
    pages.retain(|page| page.fields.get("type").and_then(crate::parse::value::Node::scalar) != Some("FeatureCollection"));
    pages.retain(|page| !is_bare(&page.path) || begins_as_page(page));
    let stem = |page: &Page| format!("{}/{}", page.folder(), page.stem());
    let texts: HashSet<String> = pages.iter().filter(|page| is_text(&page.path)).map(stem).collect();
    let (beside, mut kept): (Vec<Page>, Vec<Page>) =
        pages.drain(..).partition(|page| is_data(&page.path) && texts.contains(&stem(page)));
    let mut beside: HashMap<String, Page> = beside.into_iter().map(|page| (stem(&page), page)).collect();
    for page in &mut kept {
        if let Some(metadata) = beside.remove(&stem(page)) {
            if page.fields.entries.is_empty() {
                page.metadata = Metadata::Sidecar;
            }
            page.sidecar = Some(extension(&metadata.path).to_owned());
            let own: Vec<String> = page.fields.entries.iter().map(|entry| entry.key.clone()).collect();
            page.fields.entries.extend(metadata.fields.entries.into_iter().filter(|entry| !own.contains(&entry.key)));
        }
    }
    kept
}

/// Whether what is written for a place is none in particular: "Online", "worldwide".
pub fn is_no_place(value: &str) -> bool {
    vocabulary::list("nothing", "places").contains(&fold(value).as_str())
}

/// Whether a file begins with metadata, by which it is a page without the extension of one, too.
fn begins_as_page(page: &Page) -> bool {
    matches!(page.metadata, Metadata::Yaml | Metadata::Toml | Metadata::Broken)
}

/// Whether a file has no extension, which may have been forgotten.
fn is_bare(path: &str) -> bool {
    path.contains('/') && extension(path).is_empty()
}

/// Whether a file may be metadata alone; settings of programs, at the top, are not.
fn is_data(path: &str) -> bool {
    path.contains('/') && front_matter::is_metadata(extension(path)) && !site::is_forms(path)
}

fn members<'p>(cluster: &'p Cluster, pages: &'p [Page]) -> impl Iterator<Item = &'p Page> {
    cluster.pages.iter().map(|index| &pages[*index])
}

/// Whether a cluster is one page that stands in no folder.
fn is_alone_at_top(cluster: &Cluster) -> bool {
    cluster.lists.is_none() && cluster.root.is_empty() && cluster.pages.len() == 1
}

/// Makes sure that something is proposed as case studies if anything can be, and says why the rest is not.
fn choose(clusters: &[Cluster], pages: &[Page], profiles: &[Profile], assessed: &mut [Assessed], suggestion: &mut Suggestion) {
    /// Fewer pages of which nothing is known are no collection beside another.
    const FEWEST: usize = 3;
    /// How many fields that case studies have may be those of a list of anything.
    const MOST_OF_ANYTHING: usize = 3;
    let is_case_study = |assessed: &Assessed| assessed.nature == Some(Nature::CaseStudies);
    if !assessed.iter().any(is_case_study) {
        // What nothing is known of first, then posts, then what is a page or two, then pages of documentation.
        let rank = |index: usize| match assessed[index].nature {
            // A page alone beside all folders is of the site.
            None | Some(Nature::Pages | Nature::Posts) if is_alone_at_top(&clusters[index]) => 0,
            // A list of which nothing is known may be of anything, unless much of it is what tells of case studies.
            None if clusters[index].lists.is_some() && nature::richness(&profiles[index]) <= MOST_OF_ANYTHING => 0,
            None if clusters[index].lists.is_some() => 2,
            None if clusters[index].pages.len() >= FEWEST => 4,
            Some(Nature::Posts) if clusters[index].pages.len() >= FEWEST => 3,
            None | Some(Nature::Posts) => 2,
            Some(Nature::Pages) => 1,
            _ => 0,
        };
        let has_words = |cluster: &Cluster| cluster.pages.iter().any(|index| pages[*index].words > 10);
        let is_links = |cluster: &Cluster| {
            let links = members(cluster, pages).filter(|page| page.fields.entries.is_empty() && page.is_mostly_links()).count();
            links * 2 > cluster.pages.len()
        };
        let best = (0..clusters.len()).filter(|index| rank(*index) > 0).max_by_key(|index| {
            let pages = clusters[*index].pages.len();
            let is_told = || nature::richness(&profiles[*index]) > 3 || nature::tells_in_fields(&profiles[*index]);
            let is_text = has_words(&clusters[*index]) || is_told();
            (!is_links(&clusters[*index]), is_text, rank(*index), pages.min(50) * (1 + nature::richness(&profiles[*index])))
        });
        if let Some(best) = best {
            assessed[best].nature = Some(Nature::CaseStudies);
            assessed[best].by = Evidence::Nothing;
        }
    }
    join_alike(clusters, pages, profiles, assessed);
    let mut left = leave_told(clusters, pages, assessed, suggestion);
    left.extend(leave_repeated(clusters, pages, profiles, assessed, suggestion));
    for (index, ((cluster, profile), assessed)) in clusters.iter().zip(profiles).zip(assessed.iter()).enumerate() {
        // Why, is said already.
        if left.contains(&index) {
            continue;
        }
        let folder = shown(cluster, pages);
        let count = cluster.pages.len();
        let (french, english) = match assessed.nature {
            Some(Nature::CaseStudies) => {
                say_how_sure(cluster, assessed, suggestion);
                continue;
            }
            Some(Nature::Organisations) => continue,
            Some(Nature::People) => ("des personnes : jamais importées", "persons: never imported"),
            Some(Nature::Posts) => (
                "des billets ou des actualités ; s'ils racontent des projets, une collection de plus les prend",
                "posts or news; if they tell projects, one more collection takes them",
            ),
            Some(Nature::Events) => (
                "des événements ; s'ils racontent ce qui fut fait, une collection de plus les prend",
                "events; if they tell what was done, one more collection takes them",
            ),
            Some(Nature::Vocabulary) => ("des listes de termes", "lists of terms"),
            Some(Nature::Pages) => ("des pages du site", "pages of the site"),
            None => {
                if count >= 3 && nature::richness(profile) >= 3 {
                    suggestion
                        .decisions
                        .push(Doubt::MayBeCaseStudies { folder: folder.clone(), pages: Pages::of(cluster, count) }.alone());
                }
                ("rien ne dit que ce sont des études de cas", "nothing says that they are case studies")
            }
        };
        suggestion.aside.push(Said::new(format!("{folder} ({count}) : {french}"), format!("{folder} ({count}): {english}")));
    }
}

/// Takes pages of which nothing is known for case studies, if they have the fields of those: `projects-v2` beside `projects`.
fn join_alike(clusters: &[Cluster], pages: &[Page], profiles: &[Profile], assessed: &mut [Assessed]) {
    const FEWEST_FIELDS: usize = 4;
    const FEWEST_MEANINGS: usize = 3;
    // What shows how a file is to be written is none.
    const SAMPLES: &[&str] =
        &["examples", "example", "samples", "sample", "spec", "specs", "tests", "test", "fixtures", "exemples", "exemple"];
    let is_sample = |cluster: &Cluster| cluster.root.split('/').any(|folder| SAMPLES.contains(&folder.to_lowercase().as_str()));
    let shares: Vec<Shares> = clusters.iter().map(|cluster| clusters::shares(pages, &cluster.pages)).collect();
    let known: Vec<usize> = (0..clusters.len()).filter(|index| assessed[*index].nature == Some(Nature::CaseStudies)).collect();
    let open = clusters.iter().zip(profiles).zip(&shares).zip(assessed.iter_mut());
    for (((cluster, profile), shares_here), assessed) in open.filter(|(_, assessed)| assessed.nature.is_none()) {
        let is_alike = |other: &usize| {
            let other = &shares[*other];
            other.len() >= FEWEST_FIELDS && clusters::alike(shares_here, other) >= clusters::ALIKE
        };
        // `directory` itself, and `directory/workshops` beside `directory/spaces`, where pages say as much.
        let is_beside = |other: &usize| cluster.is_beside(&clusters[*other]) && nature::richness(profile) >= FEWEST_MEANINGS;
        if !is_sample(cluster) && known.iter().any(|other| is_alike(other) || is_beside(other)) {
            assessed.nature = Some(Nature::CaseStudies);
            assessed.by = Evidence::Fields;
        }
    }
}

/// Leaves lists aside of which most entries have pages of their own, and says which have none; gives those that it left.
fn leave_told(clusters: &[Cluster], pages: &[Page], assessed: &mut [Assessed], suggestion: &mut Suggestion) -> BTreeSet<usize> {
    let is_case_study = |assessed: &Assessed| assessed.nature == Some(Nature::CaseStudies);
    let told =
        clusters.iter().zip(assessed.iter()).filter(|(cluster, assessed)| cluster.lists.is_none() && is_case_study(assessed));
    let told: Vec<&Page> = told.flat_map(|(cluster, _)| members(cluster, pages)).collect();
    let mut left = BTreeSet::new();
    for (index, (cluster, assessed)) in clusters.iter().zip(assessed.iter_mut()).enumerate() {
        let Some(lists) = cluster.lists.as_ref().filter(|_| is_case_study(assessed)) else { continue };
        let entries: Vec<&Page> = members(cluster, pages).collect();
        let elsewhere = lists::told_elsewhere(&entries, &told);
        if elsewhere * 2 > entries.len() {
            assessed.nature = None;
            left.insert(index);
            suggestion.aside.push(lists::said_with_pages(lists, &entries, &told));
        }
    }
    left
}

/// Leaves lists aside of which most entries stand in another one, too, that tells more: a table beside the same in JSON.
fn leave_repeated(
    clusters: &[Cluster],
    pages: &[Page],
    profiles: &[Profile],
    assessed: &mut [Assessed],
    suggestion: &mut Suggestion,
) -> BTreeSet<usize> {
    let is_proposed = |index: &usize| clusters[*index].lists.is_some() && assessed[*index].nature == Some(Nature::CaseStudies);
    let mut lists: Vec<usize> = (0..clusters.len()).filter(is_proposed).collect();
    let filled = |index: usize| profiles[index].fields.values().map(|field| field.filled).sum::<usize>();
    lists.sort_by(|one, other| {
        let share = |index: usize| profile::ratio(filled(index), profiles[index].files);
        share(*other).total_cmp(&share(*one)).then(one.cmp(other))
    });
    let mut kept: Vec<usize> = Vec::new();
    let mut left = BTreeSet::new();
    for index in lists {
        let entries: Vec<&Page> = members(&clusters[index], pages).collect();
        let shared = |other: &usize| lists::told_elsewhere(&entries, &members(&clusters[*other], pages).collect::<Vec<_>>());
        match kept.iter().find(|other| shared(other) * 2 > entries.len()) {
            Some(other) => {
                assessed[index].nature = None;
                left.insert(index);
                let (list, other, shared, count) =
                    (clusters[index].shown(), clusters[*other].shown(), shared(other), entries.len());
                suggestion.aside.push(Said::new(
                    format!("{list} : {shared} entrées sur {count} sont aussi dans {other}, qui en dit plus et qui est pris"),
                    format!("{list}: {shared} entries of {count} are also in {other}, which tells more and is taken"),
                ));
            }
            None => kept.push(index),
        }
    }
    left
}

/// How people are told of pages that are left aside: data files by their paths, which somebody may look for.
fn shown(cluster: &Cluster, pages: &[Page]) -> String {
    const NAMED: usize = 5;
    if cluster.lists.is_some() || members(cluster, pages).any(|page| page.metadata != Metadata::Whole) {
        return cluster.shown();
    }
    let named: Vec<&str> = members(cluster, pages).map(|page| page.path.as_str()).take(NAMED).collect();
    let dots = if cluster.pages.len() > NAMED { ", …" } else { "" };
    format!("{}{dots}", named.join(", "))
}

fn say_how_sure(cluster: &Cluster, assessed: &Assessed, suggestion: &mut Suggestion) {
    let folder = cluster.shown();
    let pages = Pages::of(cluster, cluster.pages.len());
    if let Some(condition) = &assessed.condition {
        let (taken, field, values) = (condition.pages, condition.field.clone(), condition.values.clone());
        suggestion.decisions.push(Doubt::Mixed { folder, pages, taken, field, values }.alone());
    } else if assessed.by == Evidence::Nothing {
        suggestion.decisions.push(Doubt::AreCaseStudies { folder, pages }.alone());
    }
}

/// The language of most pages.
fn language(pages: &[Page], suggestion: &mut Suggestion) {
    let of_content = || pages.iter().filter(|page| !aside::is_aside(&page.path));
    // Pages that say by their names that they are in another language tell nothing of the others.
    let unnamed = of_content().filter(|page| site::suffix(&page.path).is_none());
    let Some((language, share)) = site::language(unnamed).or_else(|| site::language(of_content())) else {
        suggestion.decisions.push(Doubt::NoLanguage.alone());
        return;
    };
    suggestion.language = language.parse::<Language>().ok();
    if share < 0.85 {
        suggestion.decisions.push(Doubt::SeveralLanguages { language: language.to_owned() }.alone());
    }
}
