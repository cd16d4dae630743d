//! The globs that ask for the pages of a cluster, and for as few others as can be.

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobMatcher};

use super::aside::{Reason, is_told_by_name};
use super::clusters::Cluster;
use super::page::Page;
use crate::parse::extension;

/// What a mapping says of which files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Globs {
    pub files: Vec<String>,
    pub except: Vec<String>,
}

impl Globs {
    /// Whether they ask for a file.
    pub fn ask_for(&self, path: &str) -> bool {
        let is_match = |patterns: &[String]| matchers(patterns).iter().any(|matcher| matcher.is_match(path));
        is_match(&self.files) && !is_match(&self.except)
    }
}

/// The globs of a cluster.
pub fn globs(cluster: &Cluster, pages: &[Page], left_out: &[Option<Reason>]) -> Globs {
    if let Some(lists) = &cluster.lists {
        return lists.globs();
    }
    let members: BTreeSet<usize> = cluster.pages.iter().copied().collect();
    let name = file_pattern(cluster, pages);
    let base = if cluster.root.is_empty() { String::new() } else { format!("{}/", cluster.root) };
    let depth = base.matches('/').count();
    let depths: BTreeSet<usize> = cluster.pages.iter().map(|index| pages[*index].path.matches('/').count()).collect();
    let inner = |from: usize| match (depths.first(), depths.len()) {
        (Some(only), 1) if *only >= from => format!("{}{name}", "*/".repeat(only - from)),
        _ => format!("**/{name}"),
    };
    let mut candidates = vec![vec![format!("{base}{}", inner(depth))]];
    let children: BTreeSet<&str> = cluster.pages.iter().filter_map(|index| pages[*index].path.split('/').nth(depth)).collect();
    let prefix = common_prefix(&children);
    let has_files = cluster.pages.iter().any(|index| pages[*index].path.matches('/').count() == depth);
    if !has_files {
        if !prefix.is_empty() {
            candidates.insert(0, vec![format!("{base}{prefix}*/{}", inner(depth + 1))]);
        }
        if children.len() <= 40 && !base.contains('*') {
            candidates.push(children.iter().map(|child| format!("{base}{}/{}", escape(child), inner(depth + 1))).collect());
        }
    }
    // What cannot be read may be of the same kind, and is once it can.
    let may_be_member = |index: &usize| members.contains(index) || left_out.get(*index) == Some(&Some(Reason::Unreadable));
    let strangers = |files: &[String]| {
        let matchers = matchers(files);
        pages
            .iter()
            .enumerate()
            .filter(|(index, page)| !may_be_member(index) && matchers.iter().any(|matcher| matcher.is_match(&page.path)))
            .map(|(index, _)| index)
            .collect::<Vec<usize>>()
    };
    // A shorter list of globs is worth a few exceptions, not many.
    let cost =
        |files: &Vec<String>| strangers(files).iter().filter(|index| !is_told_by_name(&pages[**index])).count() * 3 + files.len();
    let mut files = candidates.into_iter().min_by_key(cost).unwrap_or_default();
    files.extend(cluster.pages.iter().map(|index| &pages[*index]).filter(|page| is_bare(page)).map(|page| escape(&page.path)));
    let held: BTreeSet<&str> =
        (0..pages.len()).filter(|index| may_be_member(index)).flat_map(|index| folders_above(&pages[index].path)).collect();
    let except = except(&strangers(&files), pages, cluster.is_bundle, &held);
    Globs { files, except }
}

fn matchers(patterns: &[String]) -> Vec<GlobMatcher> {
    let build = |pattern: &String| GlobBuilder::new(pattern).literal_separator(true).build().ok();
    patterns.iter().filter_map(build).map(|glob| glob.compile_matcher()).collect()
}

fn file_pattern(cluster: &Cluster, pages: &[Page]) -> String {
    let mut extensions: BTreeSet<&str> = BTreeSet::new();
    let mut stems: BTreeSet<&str> = BTreeSet::new();
    for page in cluster.pages.iter().map(|index| &pages[*index]).filter(|page| !is_bare(page)) {
        extensions.insert(extension(&page.path));
        stems.insert(page.stem());
    }
    let extension = match extensions.iter().copied().collect::<Vec<_>>()[..] {
        [only] => only.to_owned(),
        [] => "md".to_owned(),
        ref several => format!("{{{}}}", several.join(",")),
    };
    match stems.iter().copied().collect::<Vec<_>>()[..] {
        [only] if cluster.pages.len() > 1 || cluster.is_bundle => format!("{only}.{extension}"),
        _ if cluster.is_bundle && stems.iter().all(|stem| stem.starts_with("index")) => format!("index*.{extension}"),
        ref several if cluster.is_bundle => format!("{{{}}}.{extension}", several.join(",")),
        _ => format!("*.{extension}"),
    }
}

/// Whether a page has no extension, so that it is asked for by its name.
fn is_bare(page: &Page) -> bool {
    extension(&page.path).is_empty()
}

fn common_prefix(names: &BTreeSet<&str>) -> String {
    let (Some(first), Some(last)) = (names.first(), names.last()) else { return String::new() };
    first.chars().zip(last.chars()).take_while(|(one, other)| one == other).map(|(one, _)| one).collect()
}

/// A name in which nothing stands for anything else.
pub fn escape(name: &str) -> String {
    name.chars()
        .flat_map(|character| match character {
            '*' | '?' | '[' | ']' | '{' | '}' => vec!['[', character, ']'],
            _ => vec![character],
        })
        .collect()
}

/// The folders that a path lies in, the outermost first.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// What keeps strangers out: index pages by their name, unless those that are wanted are called alike; folders that hold several and
/// nothing that is wanted (`held` are those that do); others one by one.
fn except(strangers: &[usize], pages: &[Page], is_bundle: bool, held: &BTreeSet<&str>) -> Vec<String> {
    let outermost = |page: &'_ Page| folders_above(&page.path).find(|folder| !held.contains(folder)).map(str::to_owned);
    let mut by_folder: BTreeMap<String, usize> = BTreeMap::new();
    for folder in strangers.iter().filter_map(|index| outermost(&pages[*index])) {
        *by_folder.entry(folder).or_default() += 1;
    }
    let glob = |page: &Page| {
        if let Some(folder) = outermost(page).filter(|folder| by_folder[folder] > 1) {
            return format!("{}/**", escape(&folder));
        }
        let name = page.path.rsplit('/').next().unwrap_or(&page.path);
        if is_told_by_name(page) && !is_bundle { format!("**/{}", escape(name)) } else { escape(&page.path) }
    };
    let except: BTreeSet<String> = strangers.iter().map(|index| glob(&pages[*index])).collect();
    except.into_iter().collect()
}
