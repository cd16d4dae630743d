//! Names of towns, areas, organisations and topics: found by their beginning, by their words, by code.
//!
//! Names are folded (`L'Haÿ-les-Roses` is `l hay les roses`) and `st` written out as `saint`. All words of all names stand
//! in one sorted list, each followed by the rest of its name: what begins with a text is one stretch of it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::columns::entry::{AreaEntry, OrganisationEntry, TopicEntry, TownEntry};
use crate::columns::table::Table;
use crate::columns::{Columns, Id};
use crate::text::analyse::{Analyser, Rules};
use crate::text::fold;

/// How many records may have changed their names before all are sorted again.
const RECENT: u64 = 512;

/// What a name is to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameKind {
    Current,
    /// A former name, an acronym, an alternative label.
    Other,
    Code,
    Postcode,
}

/// How well a name matches, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Match {
    /// The whole name, or the code.
    Exact,
    /// All words, among others.
    Words,
    /// All words, the last one begun.
    Begun,
    OtherExact,
    OtherWords,
    OtherBegun,
}

#[derive(Debug, Clone, Copy)]
struct Name {
    start: u32,
    end: u32,
    id: Id,
    kind: NameKind,
}

/// The sorted names of some records.
#[derive(Debug, Default)]
struct Sorted {
    text: String,
    names: Vec<Name>,
    /// Where each word starts, with the number of its name; sorted by what follows.
    words: Vec<(u32, u32)>,
}

impl Sorted {
    fn new(names: impl Iterator<Item = (Id, NameKind, String)>) -> Self {
        let offset = |length: usize| u32::try_from(length).unwrap_or_else(|_| unreachable!("names take less than 4 GB"));
        // One text for all: small ones, let go when they are sorted, would leave holes in memory.
        let (mut unsorted, mut text) = (Vec::new(), String::new());
        for (id, kind, name) in names {
            let start = offset(text.len());
            text.push_str(&name);
            unsorted.push(Name { start, end: offset(text.len()), id, kind });
        }
        let whole = |name: &Name| &text[name.start as usize..name.end as usize];
        // Sorted themselves, so that the whole names that begin with a text are one stretch, too.
        unsorted.sort_unstable_by_key(|name| (whole(name), name.kind, name.id));
        let mut sorted = Self::default();
        for name in &unsorted {
            let (start, number) = (sorted.text.len(), offset(sorted.names.len()));
            sorted.text.push_str(whole(name));
            sorted.names.push(Name { start: offset(start), end: offset(sorted.text.len()), ..*name });
            let mut at = start;
            for word in whole(name).split(' ') {
                sorted.words.push((offset(at), number));
                at += word.len() + 1;
            }
        }
        let (text, names) = (&sorted.text, &sorted.names);
        let rest = |(start, number): &(u32, u32)| &text[*start as usize..names[*number as usize].end as usize];
        sorted.words.sort_unstable_by(|one, other| rest(one).cmp(rest(other)).then_with(|| one.1.cmp(&other.1)));
        sorted.text.shrink_to_fit();
        sorted.names.shrink_to_fit();
        sorted.words.shrink_to_fit();
        sorted
    }

    fn rest(&self, (start, number): (u32, u32)) -> &str {
        &self.text[start as usize..self.names[number as usize].end as usize]
    }

    fn whole(&self, name: &Name) -> &str {
        &self.text[name.start as usize..name.end as usize]
    }

    /// The names that begin with a text.
    fn names_beginning_with(&self, text: &str) -> &[Name] {
        let from = self.names.partition_point(|name| self.whole(name) < text);
        let to = from + self.names[from..].partition_point(|name| self.whole(name).starts_with(text));
        &self.names[from..to]
    }

    /// The words from which a text goes on.
    fn beginning_with(&self, text: &str) -> Range<usize> {
        let from = self.words.partition_point(|word| self.rest(*word) < text);
        let to = from + self.words[from..].partition_point(|word| self.rest(*word).starts_with(text));
        from..to
    }
}

/// The names of one kind of record.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameIndex {
    all: Arc<Sorted>,
    /// Records whose names have changed since, or that are gone: what `all` says of them does not count.
    replaced: Arc<RoaringBitmap>,
    recent: Arc<Sorted>,
}

/// Folds a name, or a query for one: as [`fold`], with `st` and `ste` written out.
pub(crate) fn fold_name(name: &str) -> String {
    let folded = fold(name);
    if !folded.split(' ').any(|word| matches!(word, "st" | "ste" | "sts" | "stes")) {
        return folded;
    }
    let written_out = |word| match word {
        "st" => "saint",
        "ste" => "sainte",
        "sts" => "saints",
        "stes" => "saintes",
        word => word,
    };
    folded.split(' ').map(written_out).collect::<Vec<_>>().join(" ")
}

/// A query as its beginnings may be meant: `st` as the start of `Strasbourg` or as `saint`.
fn readings(query: &str) -> Vec<String> {
    let (plain, written_out) = (fold(query), fold_name(query));
    let Some((before, last)) =
        written_out.rsplit_once(' ').map(|(before, last)| (Some(before), last)).or(Some((None, written_out.as_str())))
    else {
        return Vec::new();
    };
    // Only the last word may be unfinished.
    let raw_last = plain.rsplit(' ').next().unwrap_or_default();
    let mut readings = vec![written_out.clone()];
    if raw_last != last {
        readings.push(before.map_or_else(|| raw_last.to_owned(), |before| format!("{before} {raw_last}")));
    }
    readings.retain(|reading| !reading.is_empty());
    readings
}

impl NameIndex {
    fn new(names: impl Iterator<Item = (Id, NameKind, String)>) -> Self {
        Self { all: Arc::new(Sorted::new(names)), ..Self::default() }
    }

    /// Each part with a test whether it speaks for a record.
    fn parts(&self) -> [(&Sorted, Option<&RoaringBitmap>); 2] {
        [(&*self.all, Some(&*self.replaced)), (&*self.recent, None)]
    }

    /// Records with a name that begins with a text, each with its best match.
    pub(crate) fn beginning_with(&self, query: &str) -> HashMap<Id, Match> {
        let mut found = HashMap::new();
        self.each_beginning_with(query, |id, quality| keep_best(&mut found, id, quality));
        found
    }

    /// Calls for each name that begins with a text: several times for a record with several such names.
    pub(crate) fn each_beginning_with(&self, query: &str, mut each: impl FnMut(Id, Match)) {
        for reading in readings(query) {
            for (part, replaced) in self.parts() {
                let replaced = replaced.filter(|replaced| !replaced.is_empty());
                for name in part.names_beginning_with(&reading) {
                    if replaced.is_some_and(|replaced| replaced.contains(name.id)) {
                        continue;
                    }
                    let is_whole = (name.end - name.start) as usize == reading.len();
                    let quality = match (name.kind, is_whole) {
                        (NameKind::Current, true) => Match::Exact,
                        (NameKind::Current, false) => Match::Begun,
                        (NameKind::Other, true) => Match::OtherExact,
                        (NameKind::Other, false) => Match::OtherBegun,
                        (NameKind::Code | NameKind::Postcode, _) => continue,
                    };
                    each(name.id, quality);
                }
            }
        }
    }

    /// Records with a name that has all words of a text, the last perhaps only begun, or with the text as a code or
    /// postcode.
    pub(crate) fn with_words(&self, query: &str) -> HashMap<Id, Match> {
        let mut found = HashMap::new();
        for reading in readings(query) {
            for (part, replaced) in self.parts() {
                let mut words = reading.split(' ').rev();
                let last = words.next().unwrap_or_default();
                // Names with the last word, whole or begun; then those of them that have every other word.
                let mut names: HashMap<u32, bool> = HashMap::new();
                for word in &part.words[part.beginning_with(last)] {
                    let is_whole = part.rest(*word)[last.len()..].chars().next().is_none_or(|next| next == ' ');
                    *names.entry(word.1).or_default() |= is_whole;
                }
                for other in words {
                    let text = |number: u32| {
                        &part.text[part.names[number as usize].start as usize..part.names[number as usize].end as usize]
                    };
                    names.retain(|number, _| text(*number).split(' ').any(|word| word == other));
                }
                for (number, all_whole) in names {
                    let name = part.names[number as usize];
                    if replaced.is_some_and(|replaced| replaced.contains(name.id)) {
                        continue;
                    }
                    let is_exact = part.text[name.start as usize..name.end as usize] == *reading;
                    let quality = match name.kind {
                        NameKind::Current | NameKind::Code | NameKind::Postcode if is_exact => Match::Exact,
                        NameKind::Code | NameKind::Postcode => continue,
                        NameKind::Current if all_whole => Match::Words,
                        NameKind::Current => Match::Begun,
                        NameKind::Other if is_exact => Match::OtherExact,
                        NameKind::Other if all_whole => Match::OtherWords,
                        NameKind::Other => Match::OtherBegun,
                    };
                    keep_best(&mut found, name.id, quality);
                }
            }
        }
        found
    }

    /// Records that go by a folded name.
    pub(crate) fn called(&self, name: &str) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        for (part, replaced) in self.parts() {
            // Nothing sorts between a text and its longer versions: the whole names come first.
            for at in &part.words[part.beginning_with(name)] {
                if part.rest(*at).len() > name.len() {
                    break;
                }
                let record = part.names[at.1 as usize];
                let is_name = record.start == at.0 && matches!(record.kind, NameKind::Current | NameKind::Other);
                if is_name && !replaced.is_some_and(|replaced| replaced.contains(record.id)) {
                    found.insert(record.id);
                }
            }
        }
        found
    }

    /// Records with a postcode.
    pub(crate) fn with_postcode(&self, postcode: &str) -> RoaringBitmap {
        let postcode = fold(postcode);
        let mut found = RoaringBitmap::new();
        if postcode.is_empty() {
            return found;
        }
        for (part, replaced) in self.parts() {
            for at in &part.words[part.beginning_with(&postcode)] {
                let name = part.names[at.1 as usize];
                let is_whole = name.start == at.0 && part.rest(*at) == postcode;
                if is_whole && name.kind == NameKind::Postcode && !replaced.is_some_and(|replaced| replaced.contains(name.id)) {
                    found.insert(name.id);
                }
            }
        }
        found
    }

    /// Takes up the names of records that changed, came or went.
    fn refresh(
        &mut self,
        changed: &[Id],
        names_of: impl Fn(Id) -> Vec<(NameKind, String)>,
        everything: impl Iterator<Item = Id>,
    ) {
        if changed.is_empty() {
            return;
        }
        let replaced = Arc::make_mut(&mut self.replaced);
        replaced.extend(changed.iter().copied());
        let numbered = |id: Id| names_of(id).into_iter().map(move |(kind, name)| (id, kind, name));
        if replaced.len() > RECENT {
            *self = Self::new(everything.flat_map(numbered));
        } else {
            self.recent = Arc::new(Sorted::new(replaced.iter().flat_map(numbered)));
        }
    }
}

fn keep_best(found: &mut HashMap<Id, Match>, id: Id, quality: Match) {
    found.entry(id).and_modify(|known| *known = (*known).min(quality)).or_insert(quality);
}

/// The names of every kind of record that is found by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub towns: NameIndex,
    pub areas: NameIndex,
    pub organisations: NameIndex,
    pub topics: NameIndex,
    /// Topics by the stems of their labels, in French and in English.
    topic_stems: Arc<[HashMap<String, Vec<Id>>; 2]>,
}

impl Names {
    /// Topics with a label of these stems.
    pub(crate) fn topics_called(&self, rules: Rules, stems: &str) -> Vec<Id> {
        self.topic_stems.get(rules as usize).and_then(|by_stems| by_stems.get(stems)).cloned().unwrap_or_default()
    }
}

/// Labels of unknown language are read by both sets of rules.
fn topic_stems(table: &Table<TopicEntry>) -> Arc<[HashMap<String, Vec<Id>>; 2]> {
    Arc::new([Rules::French, Rules::English].map(|rules| {
        let mut analyser = Analyser::new(rules);
        let mut by_stems: HashMap<String, Vec<Id>> = HashMap::new();
        for (id, topic) in table.present() {
            for (language, label) in topic.labels.iter().chain(&topic.alternative_labels) {
                if language.as_ref().is_some_and(|language| Rules::of(language) != rules) {
                    continue;
                }
                let stems: Vec<String> = analyser.words(label).into_iter().map(|word| word.stem.to_string()).collect();
                let ids = by_stems.entry(stems.join(" ")).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        by_stems.remove("");
        by_stems
    }))
}

fn code(key: &str) -> String {
    fold(key.split_once(':').map_or(key, |(_, code)| code))
}

fn names_of_town(table: &Table<TownEntry>, id: Id) -> Vec<(NameKind, String)> {
    let Some(town) = table.get(id) else { return Vec::new() };
    let keys = [table.key(id)].into_iter().chain(table.aliases(id));
    let mut names = vec![(NameKind::Current, fold_name(&town.name))];
    names.extend(town.former_names.iter().map(|name| (NameKind::Other, fold_name(name))));
    names.extend(keys.map(|key| (NameKind::Code, code(key))));
    names.extend(town.postcodes.iter().map(|postcode| (NameKind::Postcode, fold(postcode))));
    names.retain(|(_, name)| !name.is_empty());
    names
}

fn names_of_area(table: &Table<AreaEntry>, id: Id) -> Vec<(NameKind, String)> {
    let Some(area) = table.get(id) else { return Vec::new() };
    let mut names = vec![(NameKind::Current, fold_name(&area.name)), (NameKind::Code, code(table.key(id)))];
    names.retain(|(_, name)| !name.is_empty());
    names
}

fn names_of_organisation(table: &Table<OrganisationEntry>, id: Id) -> Vec<(NameKind, String)> {
    let Some(organisation) = table.get(id) else { return Vec::new() };
    let mut names = vec![(NameKind::Current, fold_name(&organisation.name))];
    names.extend(organisation.other_names.iter().map(|name| (NameKind::Other, fold_name(name))));
    names.retain(|(_, name)| !name.is_empty());
    names
}

fn names_of_topic(table: &Table<TopicEntry>, id: Id) -> Vec<(NameKind, String)> {
    let Some(topic) = table.get(id) else { return Vec::new() };
    let mut names: Vec<_> = topic.labels.iter().map(|(_, label)| (NameKind::Current, fold_name(label))).collect();
    names.extend(topic.alternative_labels.iter().map(|(_, label)| (NameKind::Other, fold_name(label))));
    names.retain(|(_, name)| !name.is_empty());
    names
}

/// Records whose names may have changed.
#[derive(Debug, Default)]
pub(crate) struct Renamed {
    pub towns: Vec<Id>,
    pub areas: Vec<Id>,
    pub organisations: Vec<Id>,
    pub topics: Vec<Id>,
}

impl Columns {
    /// Sorts all names.
    pub(crate) fn derive_names(&mut self) {
        fn sorted<E>(table: &Table<E>, names_of: impl Fn(&Table<E>, Id) -> Vec<(NameKind, String)>) -> NameIndex {
            NameIndex::new(
                table.present().flat_map(|(id, _)| names_of(table, id).into_iter().map(move |(kind, name)| (id, kind, name))),
            )
        }
        self.names = Names {
            towns: sorted(&self.towns, names_of_town),
            areas: sorted(&self.areas, names_of_area),
            organisations: sorted(&self.organisations, names_of_organisation),
            topics: sorted(&self.topics, names_of_topic),
            topic_stems: topic_stems(&self.topics),
        };
    }

    /// Takes up the names of what changed.
    pub(crate) fn refresh_names(&mut self, renamed: &Renamed) {
        fn refresh<E>(
            index: &mut NameIndex,
            table: &Table<E>,
            changed: &[Id],
            names_of: impl Fn(&Table<E>, Id) -> Vec<(NameKind, String)>,
        ) {
            index.refresh(changed, |id| names_of(table, id), table.present().map(|(id, _)| id));
        }
        let names = &mut self.names;
        refresh(&mut names.towns, &self.towns, &renamed.towns, names_of_town);
        refresh(&mut names.areas, &self.areas, &renamed.areas, names_of_area);
        refresh(&mut names.organisations, &self.organisations, &renamed.organisations, names_of_organisation);
        refresh(&mut names.topics, &self.topics, &renamed.topics, names_of_topic);
        if !renamed.topics.is_empty() {
            names.topic_stems = topic_stems(&self.topics);
        }
    }
}
