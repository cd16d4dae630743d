//! Lists of maps in data files, of which each entry may be a record: what Jekyll and Hugo keep in their data folders, and tables.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;

use super::aside::is_aside;
use super::clusters::{ALIKE, Cluster, Shares, alike, shares};
use super::globs::{Globs, escape};
use super::model::{FieldChoice, Rule, ValueChoice};
use super::page::{Metadata, Page, SAMPLE};
use super::profile::{Field, Profile, ratio};
use super::said::Said;
use super::vocabulary::list;
use super::words::{self, Meaning, Nature, Sureness};
use super::write::{key, quoted};
use super::{site, statuses};
use crate::limits::Limits;
use crate::mapping::{FoundRecord, RecordsPath};
use crate::parse::extension;
use crate::parse::front_matter;
use crate::parse::line_ends::with_line_feeds;
use crate::parse::lists::Records;
use crate::parse::table::is_table;
use crate::parse::value::{Map, Node, Value};
use crate::source::{Content, SourceFile};

/// Fewer maps are no list of records.
const FEWEST: usize = 3;

/// Lists of a kind: in files side by side, at the same place.
#[derive(Debug, Clone)]
pub struct Lists {
    /// Where the records stand in each file.
    pub records: String,
    pub files: Vec<String>,
    /// What asks for the files.
    globs: Globs,
}

/// A list that was found, with its entries as pages.
struct Found {
    path: String,
    records: String,
    entries: Vec<Page>,
    shares: Shares,
}

/// Whether a file may hold a list of records.
pub fn may_be_list(path: &str) -> bool {
    // What programs keep for themselves.
    const OF_PROGRAMS: &[&str] = &["package.json", "package-lock.json", "composer.json", "manifest.json", "tsconfig.json"];
    let name = path.rsplit('/').next().unwrap_or(path);
    (front_matter::is_metadata(extension(path)) || is_table(path))
        && !site::is_forms(path)
        && !is_aside(path)
        && !OF_PROGRAMS.contains(&name)
}

/// The lists of a repository: the entries of each become pages, which follow those that are there already.
pub fn find(files: &[SourceFile], pages: &mut Vec<Page>, limits: &Limits) -> Vec<Cluster> {
    let data: Vec<&SourceFile> = files.iter().filter(|file| may_be_list(&file.path)).collect();
    let mut found: Vec<Found> = data.iter().flat_map(|file| lists_of(file, limits)).collect();
    leave_records(&mut found, pages);
    let holders = pages_of_lists(pages);
    let of_pages = files.iter().filter(|file| holders.contains(&file.path)).flat_map(|file| lists_of(file, limits));
    let mut of_pages: Vec<Found> =
        of_pages.filter(|list| nature_by_name(&list.path, &list.records) == Some(Nature::CaseStudies)).collect();
    // The first page of a site shows some of what another tells.
    if of_pages.iter().any(|list| stem(&list.path) != "index") {
        of_pages.retain(|list| stem(&list.path) != "index");
    }
    found.extend(of_pages);
    let taken: BTreeSet<&str> = found.iter().map(|list| list.path.as_str()).collect();
    pages.retain(|page| !taken.contains(page.path.as_str()));
    let mut groups: Vec<Vec<Found>> = Vec::new();
    for list in found {
        let is_of = |group: &&mut Vec<Found>| is_beside(&group[0], &list);
        match groups.iter_mut().find(is_of) {
            Some(group) => group.push(list),
            None => groups.push(vec![list]),
        }
    }
    let paths: Vec<&str> = data.iter().map(|file| file.path.as_str()).chain(holders.iter().map(String::as_str)).collect();
    groups.into_iter().map(|group| cluster(group, &paths, pages)).collect()
}

/// The pages in whose front matter stands a list of maps that few others have, and that lie in no folder of projects: a page of the
/// site that tells all of them. What many pages have is a part of each.
fn pages_of_lists(pages: &[Page]) -> BTreeSet<String> {
    const MOST: usize = 4;
    let lists = |page: &Page| -> Vec<String> {
        let entries = page.fields.entries.iter().filter(|entry| is_list_of_maps(&entry.node) && is_reachable(&entry.key));
        entries.filter(|entry| entry.node.items().len() >= FEWEST).map(|entry| entry.key.clone()).collect()
    };
    let is_of_projects =
        |page: &Page| page.segments().iter().rev().skip(1).any(|folder| words::nature(folder) == Some(Nature::CaseStudies));
    let is_text = |page: &&Page| matches!(page.metadata, Metadata::Yaml | Metadata::Toml | Metadata::Json);
    let mut by_key: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in pages.iter().filter(is_text) {
        for key in lists(page) {
            by_key.entry(key).or_default().push(page);
        }
    }
    let few = by_key.into_values().filter(|pages| pages.len() <= MOST).flatten();
    few.filter(|page| !is_of_projects(page)).map(|page| page.path.clone()).collect()
}

/// Leaves lists that are parts of records: those of files that lie beside others which have titles of their own, too.
fn leave_records(found: &mut Vec<Found>, pages: &[Page]) {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let titled = pages.iter().filter(|page| page.metadata == Metadata::Whole && has_title(&page.fields));
    let titled: BTreeSet<&str> = titled.map(|page| page.path.as_str()).collect();
    let mut beside: BTreeMap<String, usize> = BTreeMap::new();
    for path in &titled {
        *beside.entry(folder(path)).or_default() += 1;
    }
    let is_part = |list: &Found| titled.contains(list.path.as_str()) && beside[&folder(&list.path)] >= FEWEST;
    found.retain(|list| !is_part(list));
}

fn has_title(fields: &Map) -> bool {
    let is_filled = |node: &Node| node.scalar().is_some_and(|text| !text.trim().is_empty());
    fields.entries.iter().any(|entry| is_filled(&entry.node) && words::is_title(&entry.key))
}

/// Whether two lists are of a kind: in one folder, or in those of two languages, at the same place of their files, called alike, and
/// with the same fields.
fn is_beside(one: &Found, other: &Found) -> bool {
    let folder = |list: &Found| starred(&list.path).rsplit_once('/').map(|(folder, _)| folder.to_owned());
    one.path != other.path
        && folder(one) == folder(other)
        && extension(&one.path) == extension(&other.path)
        && one.records == other.records
        && called(&one.path) == called(&other.path)
        && alike(&one.shares, &other.shares) >= ALIKE
}

fn cluster(group: Vec<Found>, paths: &[&str], pages: &mut Vec<Page>) -> Cluster {
    let files: Vec<String> = group.iter().map(|list| list.path.clone()).collect();
    let records = group[0].records.clone();
    let globs = Globs { files: globs(&files, paths), except: Vec::new() };
    let first = pages.len();
    for list in group {
        pages.extend(list.entries);
    }
    let within = |records: &str| records.replace("[]", "").replace('.', "/");
    let folder = files[0].rsplit_once('/').map_or("", |(folder, _)| folder);
    // Of files side by side, what they are called alike.
    let alike = called(&files[0]).filter(|_| files.len() > 1);
    let root = [folder, alike.as_deref().unwrap_or_else(|| stem(&files[0])), &within(&records)].join("/");
    Cluster {
        root: root.trim_matches('/').to_owned(),
        pages: (first..pages.len()).collect(),
        is_bundle: false,
        languages: languages(&files),
        lists: Some(Lists { records, files, globs }),
    }
}

/// A path with stars in place of folders that are called after languages.
fn starred(path: &str) -> String {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folders = folders.split('/').map(|folder| if words::language(folder).is_some() { "*" } else { folder });
    folders.chain([name]).collect::<Vec<_>>().join("/")
}

/// The folders of files that are called after languages, with these; none if all are in one.
fn languages(files: &[String]) -> BTreeMap<String, &'static str> {
    let folders = files.iter().flat_map(|path| path.split('/').rev().skip(1));
    let languages: BTreeMap<String, &'static str> =
        folders.filter_map(|folder| Some((folder.to_owned(), words::language(folder)?))).collect();
    if languages.len() > 1 { languages } else { BTreeMap::new() }
}

/// What asks for some files and for no other data: their names, what these begin or end with, or folders of languages.
fn globs(files: &[String], paths: &[&str]) -> Vec<String> {
    let by_name = || files.iter().map(|path| escape(path)).collect();
    if !languages(files).is_empty() {
        let star = starred(&files[0]);
        let is_same = files.iter().all(|path| starred(path) == star);
        let asked = paths.iter().filter(|path| starred(path) == star).count();
        let parts = star.split('/').map(|part| if part == "*" { part.to_owned() } else { escape(part) });
        let glob = parts.collect::<Vec<_>>().join("/");
        return if is_same && asked == files.len() { vec![glob] } else { by_name() };
    }
    let [first, _, ..] = files else { return by_name() };
    let (folder, name) = first.rsplit_once('/').map_or(("", first.as_str()), |(folder, name)| (folder, name));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let dot = format!(".{}", extension(first));
    let seams = || name.match_indices(['_', '-', ' ', '.']).map(|(at, _)| at).filter(|at| name[*at..] != dot);
    let ends = seams().map(|at| (String::new(), name[at..].to_owned()));
    let starts = seams().map(|at| (name[..=at].to_owned(), dot.clone())).collect::<Vec<_>>().into_iter().rev();
    let is_asked = |path: &str, start: &str, end: &str| {
        let name = path.strip_prefix(&folder).filter(|name| !name.contains('/'));
        name.is_some_and(|name| name.starts_with(start) && name.ends_with(end))
    };
    let is_theirs = |(start, end): &(String, String)| {
        files.iter().all(|path| is_asked(path, start, end))
            && paths.iter().filter(|path| is_asked(path, start, end)).count() == files.len()
    };
    let found = ends.chain(starts).find(is_theirs);
    found.map_or_else(by_name, |(start, end)| vec![format!("{}*{}", escape(&format!("{folder}{start}")), escape(&end))])
}

/// The last word of the name of a file that is neither a number nor a language: `projects` of `active_projects.yml`, `projects-2020.yml`
/// and `projects.fr.yml`.
fn called(path: &str) -> Option<String> {
    let words = words::name_words(stem(path));
    let is_telling = |word: &&str| !word.bytes().all(|byte| byte.is_ascii_digit()) && words::language(word).is_none();
    words.rsplit(' ').find(is_telling).map(str::to_owned)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The lists of a file whose entries have a title and say more.
fn lists_of(file: &SourceFile, limits: &Limits) -> Vec<Found> {
    let Content::Bytes(bytes) = &file.content else { return Vec::new() };
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let text = with_line_feeds(text);
    let apart = || Records::apart(&file.path, &text, RecordsPath::whole(), limits);
    let Some(records) = Records::read(&file.path, &text, limits).ok().or_else(apart) else { return Vec::new() };
    let candidates = candidates(records.root());
    let found = candidates.into_iter().filter_map(|path| list_at(&file.path, &path, &records));
    let found: Vec<Found> = found.filter(|list| list.entries.len() <= limits.file_records).collect();
    // Of a list in a list the inner one tells more, where both may be meant.
    let is_outer = |list: &Found| {
        found.iter().any(|other| other.records.len() > list.records.len() && other.records.starts_with(&list.records))
    };
    let outer: BTreeSet<String> = found.iter().filter(|list| is_outer(list)).map(|list| list.records.clone()).collect();
    found.into_iter().filter(|list| !outer.contains(&list.records)).collect()
}

/// Where lists of maps stand: at the top, under a field, or in each entry of such a list.
fn candidates(root: &Node) -> Vec<String> {
    let mut paths = vec!["[]".to_owned()];
    paths.extend(lists_in(root, "[]."));
    if let Value::Map(map) = &root.value {
        let groups = map.entries.iter().filter(|entry| is_list_of_maps(&entry.node)).count();
        // Groups of one kind, such as years; else each list is of its own.
        if groups >= FEWEST && groups == map.entries.len() && is_of_one_kind(map) {
            paths.push("[][]".to_owned());
        } else {
            for entry in map.entries.iter().filter(|entry| is_reachable(&entry.key)) {
                paths.push(format!("{}[]", entry.key));
                paths.extend(lists_in(&entry.node, &format!("{}[].", entry.key)));
                let inner = entry.node.map().into_iter().flat_map(|map| &map.entries);
                paths
                    .extend(inner.filter(|inner| is_reachable(&inner.key)).map(|inner| format!("{}.{}[]", entry.key, inner.key)));
            }
        }
    }
    paths
}

/// Lists of maps that most entries of a list have under the same field.
fn lists_in(node: &Node, before: &str) -> Vec<String> {
    let Value::List(items) = &node.value else { return Vec::new() };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let entries = items.iter().filter_map(Node::map).flat_map(|map| &map.entries);
    entries.filter(|entry| is_list_of_maps(&entry.node)).for_each(|entry| *counts.entry(&entry.key).or_default() += 1);
    let often = counts.into_iter().filter(|(key, count)| count * 2 > items.len() && is_reachable(key));
    often.map(|(key, _)| format!("{before}{key}[]")).collect()
}

/// Whether fields hold lists of maps and nothing else.
pub fn are_lists(fields: &Map) -> bool {
    let mut filled = fields.entries.iter().filter(|entry| !entry.node.is_blank()).peekable();
    filled.peek().is_some() && filled.all(|entry| is_list_of_maps(&entry.node))
}

/// Whether a file is a list.
pub fn is_list(path: &str, text: &str, limits: &Limits) -> bool {
    Records::read(path, text, limits).is_ok_and(|records| matches!(records.root().value, Value::List(_)))
}

fn is_list_of_maps(node: &Node) -> bool {
    matches!(&node.value, Value::List(items) if !items.is_empty() && items.iter().all(|item| item.map().is_some()))
}

fn is_reachable(key: &str) -> bool {
    !key.is_empty() && key.trim() == key && !key.contains(['.', '[', ']'])
}

/// Whether the lists of a map have entries of the same fields.
fn is_of_one_kind(map: &Map) -> bool {
    let fields = |node: &Node| -> BTreeSet<String> {
        node.items().iter().filter_map(Node::map).flat_map(|map| &map.entries).map(|entry| entry.key.clone()).collect()
    };
    let mut all = map.entries.iter().map(|entry| fields(&entry.node));
    let Some(first) = all.next() else { return false };
    all.all(|other| ratio(first.intersection(&other).count(), first.union(&other).count()) >= ALIKE)
}

/// The list at a place of a file, if its entries are maps that have titles and say more than that.
fn list_at(path: &str, records: &str, read: &Records) -> Option<Found> {
    const TEXTS: &[Meaning] = &[Meaning::Summary, Meaning::Body, Meaning::Problem, Meaning::Solution];
    let wanted: RecordsPath = records.parse().ok()?;
    let found = read.find(&wanted).ok()?;
    let maps = found.iter().filter(|record| record.node.map().is_some_and(|map| !map.entries.is_empty())).count();
    if maps < FEWEST || maps * 5 < found.len() * 4 {
        return None;
    }
    let entries: Vec<Page> = found.iter().filter_map(|record| entry(path, record)).collect();
    let profile = Profile::of(&entries);
    let has_title = has(&profile, &[Meaning::Title]) || title_by_list(&profile, path, records).is_some();
    let has_text = has(&profile, TEXTS) || has_nested_text(&profile, TEXTS);
    // Where their list is called after what they are, a place is enough.
    let has_place = || has(&profile, &[Meaning::Town, Meaning::Place, Meaning::Address, Meaning::Latitude, Meaning::Point]);
    let is_named = |nature| nature_by_name(path, records) == Some(nature);
    let tells = || {
        let parts: &[&[Meaning]] =
            &[&[Meaning::Start, Meaning::End, Meaning::Published], &[Meaning::Status], &[Meaning::Topic, Meaning::Tag]];
        parts.iter().filter(|part| has(&profile, part)).count() + usize::from(has_place())
    };
    // Of organisations, which others refer to, a name is enough.
    let is_told = || is_named(Nature::CaseStudies) && has_place() || is_named(Nature::Organisations) || tells() > 1;
    if !(has_title && (has_text || is_told())) {
        return None;
    }
    let all: Vec<usize> = (0..entries.len()).collect();
    Some(Found { path: path.to_owned(), records: records.to_owned(), shares: shares(&entries, &all), entries })
}

/// Whether most entries have a field of a meaning, at their top, or in a map of languages there: `title.de`.
fn has(profile: &Profile, meanings: &[Meaning]) -> bool {
    let name = |field: &Field| {
        let called = profile.called(field);
        (!field.is_nested() || called != field.name() && field.path.matches('.').count() == 1).then(|| called.to_owned())
    };
    let are_usual = |field: &&Field| field.filled * 2 > profile.files;
    profile.fields.values().filter(are_usual).any(|field| name(field).is_some_and(|name| is_called(&name, meanings)))
}

/// Whether most entries have a text inside a map that is called after one: `description.de.problem`.
fn has_nested_text(profile: &Profile, meanings: &[Meaning]) -> bool {
    let is_one = |field: &Field| {
        !field.is_list() && field.is_nested() && is_called(field.top(), meanings) && is_called(field.name(), meanings)
    };
    profile.fields.values().any(|field| field.filled * 2 > profile.files && is_one(field))
}

fn is_called(name: &str, meanings: &[Meaning]) -> bool {
    words::meanings(name).first().is_some_and(|named| named.sureness >= Sureness::Nearly && meanings.contains(&named.meaning))
}

/// The values of a field, and those of maps in it.
fn texts_in<'n>(node: &'n Node, texts: &mut Vec<&'n str>) {
    match &node.value {
        Value::Map(map) => map.entries.iter().for_each(|entry| texts_in(&entry.node, texts)),
        _ => texts.extend(node.scalar()),
    }
}

fn entry(path: &str, record: &FoundRecord<'_>) -> Option<Page> {
    /// A shorter text tells no language.
    const SHORTEST: usize = 40;
    let fields = record.node.map()?.clone();
    let mut texts: Vec<&str> = Vec::new();
    fields.entries.iter().for_each(|entry| texts_in(&entry.node, &mut texts));
    texts.retain(|text| text.chars().count() >= SHORTEST && !text.starts_with("http"));
    Some(Page {
        path: path.to_owned(),
        metadata: Metadata::Entry,
        sample: texts.join("\n").chars().take(SAMPLE).collect(),
        fields,
        heading: None,
        headings: Vec::new(),
        words: 0,
        sidecar: None,
        is_empty: false,
        entry_key: record.key.map(str::to_owned),
        has_own_key: record.is_of_key,
    })
}

/// What the entries of lists are, by what these are called.
pub fn nature(lists: &Lists) -> Option<Nature> {
    nature_by_name(&lists.files[0], &lists.records)
}

/// What the entries of a list are: what a site tells of, or plainly something else, such as links of its menus, words of its pages.
fn nature_by_name(path: &str, records: &str) -> Option<Nature> {
    let of = |name: &str| {
        let words = words::name_words(name);
        list_of_others(&words).then_some(Nature::Pages).or_else(|| words::nature(name))
    };
    inner(records).and_then(of).or_else(|| of(stem(path)))
}

/// The last field on the way to records.
fn inner(records: &str) -> Option<&str> {
    records.split(['.', '[', ']']).rfind(|name| !name.is_empty())
}

/// The field that is called as the list, or as its file, where no other is a title: `Espace numérique` of `espaces_numeriques`.
pub fn title_by_list(profile: &Profile, path: &str, records: &str) -> Option<String> {
    let names: Vec<String> = inner(records).into_iter().chain([stem(path)]).map(words::singular).collect();
    // What most entries share tells none of them from the others, unless it does so with where they are.
    let are_apart = || {
        let mut places = profile.fields.values().filter(|field| !field.is_nested() && is_place(field.name()));
        places.any(|field| field.filled * 5 >= profile.files * 4 && field.variety() > 0.8)
    };
    let tells = |field: &Field| field.filled * 2 > profile.files && (field.variety() > 0.5 || are_apart());
    let is_called = |field: &&Field| !field.is_nested() && tells(field) && names.contains(&words::singular(field.name()));
    let is_title = !has(profile, &[Meaning::Title]);
    profile.fields.values().filter(|_| is_title).find(is_called).map(|field| field.path.clone())
}

/// Whether a field of this name tells where something is.
fn is_place(name: &str) -> bool {
    let named = words::meanings(name).into_iter().next();
    let is_one = |meaning| matches!(meaning, Meaning::Town | Meaning::Place | Meaning::Address | Meaning::Postcode);
    named.is_some_and(|named| named.sureness >= Sureness::Nearly && is_one(named.meaning))
}

fn list_of_others(words: &str) -> bool {
    words.split(' ').any(|word| list("lists", "others").contains(&word))
}

/// How many entries of a list are pages of others, too, by their titles.
pub fn told_elsewhere(entries: &[&Page], others: &[&Page]) -> usize {
    entries.len() - untold(entries, others).len()
}

/// The entries of a list that are no pages of others, by their titles.
fn untold<'p>(entries: &[&'p Page], others: &[&Page]) -> Vec<&'p Page> {
    let folded = |page: &Page| title(page).map(|(_, title)| fold(&title));
    let known: BTreeSet<String> =
        others.iter().flat_map(|page| [folded(page), page.heading.as_deref().map(fold)]).flatten().collect();
    entries.iter().copied().filter(|page| folded(page).is_none_or(|title| !known.contains(&title))).collect()
}

/// The field of a page that is its title, and what it says.
fn title(page: &Page) -> Option<(&str, String)> {
    let named = page.fields.entries.iter().filter(|entry| words::is_title(&entry.key));
    // In a map of languages the first is that of all others.
    let text = |node: &'_ Node| match &node.value {
        Value::Map(map) => map.entries.first().and_then(|entry| entry.node.scalar().map(str::to_owned)),
        _ => node.scalar().map(str::to_owned),
    };
    let mut titles = named.filter_map(|entry| Some((entry.key.as_str(), text(&entry.node)?)));
    titles.find(|(_, title)| !fold(title).is_empty())
}

/// A title as a condition asks for it: of a long one the beginning, where a star stands for the rest.
fn beginning(title: &str) -> String {
    const LONGEST: usize = 80;
    let title = title.trim();
    if title.chars().count() <= LONGEST { title.to_owned() } else { title.chars().take(LONGEST).chain(['*']).collect() }
}

/// Says of a list that most of its entries have pages, which of them have none, and what would take these.
pub fn said_with_pages(lists: &Lists, entries: &[&Page], pages: &[&Page]) -> Said {
    const NAMED: usize = 5;
    let untold = untold(entries, pages);
    let (list, count, elsewhere) = (lists.shown(), entries.len(), entries.len() - untold.len());
    let french = format!("{list} : {elsewhere} entrées sur {count} ont une page à elles, déjà prise");
    let english = format!("{list}: {elsewhere} entries of {count} have pages of their own, which are taken");
    let titles: Vec<(&str, String)> = untold.into_iter().filter_map(title).collect();
    let Some((field, _)) = titles.first() else { return Said::new(french, english) };
    let quoted: Vec<String> = titles.iter().take(NAMED).map(|(_, title)| quoted(&beginning(title))).collect();
    let named = format!("{}{}", quoted.join(", "), if titles.len() > NAMED { ", …" } else { "" });
    let condition = format!("where = {{ {} = [{named}] }}", key(field));
    Said::new(
        format!("{french} ; les autres n'en ont pas : une collection de plus, de cette liste, les prend avec {condition}"),
        format!("{english}; the others have none: one more collection, of this list, takes them with {condition}"),
    )
}

impl Lists {
    /// What asks for the files.
    pub fn globs(&self) -> Globs {
        self.globs.clone()
    }

    /// How people are told of it.
    pub fn shown(&self) -> String {
        let files = self.globs.files.join(", ");
        if self.records == "[]" { files } else { format!("{files} ({})", self.records) }
    }
}

/// The state that files, or groups in them, say by their names: `active_projects.yml` beside `inactive_projects.yml`.
pub fn status_by_name(entries: &[&Page]) -> Option<(FieldChoice, Vec<ValueChoice>)> {
    let is_grouped = entries.iter().all(|page| page.entry_key.is_some() && !page.has_own_key);
    let from = if is_grouped { "{entry_key}" } else { "{file_stem}" };
    let name = |page: &Page| page.entry_key.clone().filter(|_| is_grouped).unwrap_or_else(|| stem(&page.path).to_owned());
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for page in entries {
        *names.entry(name(page)).or_default() += 1;
    }
    let status = |name: &str| statuses::status(name).map(|status| status.to_string());
    let told = names.keys().filter(|name| status(name).is_some()).count();
    let values = names.into_iter().map(|(theirs, count)| ValueChoice { ours: status(&theirs), theirs, count, is_sure: true });
    let note = Said::new("un nom le dit, non un champ", "a name says it, not a field");
    let field = FieldChoice { ours: "status", rules: vec![Rule::of(from)], filled: entries.len(), note: Some(note) };
    // One name alone may only happen to be like a word for a state.
    (told >= 2).then(|| (field, values.collect()))
}
