//! What an import found: data, and its forms.
//!
//! | module | for whom |
//! |---|---|
//! | [`text`] | people at a terminal |
//! | [`markdown`] | the one issue on the partner's forge |
//! | [`sarif`] | forges, which show it beside the lines |
//! | [`json`] | programs |
//! | [`completeness`] | the owner of the case studies: what a reader would miss |
//! | [`fingerprint`], [`since`] | what is the same from one report to the next, what is new, what was fixed |
//!
//! To add a form: 1. a module; 2. a method of [`Report`]; 3. a golden text in `importer/tests/it/reports.rs`.

pub mod completeness;
pub mod fingerprint;
mod json;
mod links;
mod markdown;
mod sarif;
pub mod since;
mod text;
mod words;

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use maillage_graph_schema::model::{Instant, RecordKind, SourceKey};

use crate::diagnostic::{Code, Diagnostic, ReportLanguage, Severity};
use crate::draft::Spot;
use crate::mapping::is_text;

use self::completeness::Completeness;
use self::since::Since;

/// How many records of a kind became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordCounts {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub withdrawn: usize,
    /// Left alone because a person withdrew them.
    pub kept_withdrawn: usize,
}

/// What an import of a source found and would do, or did.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub source: SourceKey,
    /// What was read.
    pub address: String,
    pub commit: Option<String>,
    /// Whether the source is as the last import left it; then it was not read, and the counts are those of that import.
    pub unchanged: bool,
    /// Files in the source; of a file of many records, each of these in its place.
    pub files: usize,
    /// How many of them are records of files of many.
    pub entries: usize,
    /// Files, and records of files of many, that gave a record.
    pub read: usize,
    /// Those that ought to give one and cannot.
    pub invalid: usize,
    /// Those that no collection asks for, by why.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Their paths, by why, as far as people look for them.
    pub left_aside: LeftAside,
    pub records: BTreeMap<RecordKind, RecordCounts>,
    pub diagnostics: Vec<Diagnostic>,
    /// How many diagnostics there were that were not kept.
    pub omitted: usize,
    /// The source's language: that of its report.
    pub language: ReportLanguage,
    /// The address of the source's repository, for links to lines.
    pub repository: Option<String>,
    /// When it was read.
    pub read_at: Option<Instant>,
    /// What a reader would miss, for each initiative.
    pub completeness: Vec<Completeness>,
    /// What came and went since the run before, if there was one.
    pub since: Option<Since>,
}

impl Report {
    /// Nothing found so far.
    pub fn new(source: SourceKey, address: String) -> Self {
        Self {
            source,
            address,
            commit: None,
            unchanged: false,
            files: 0,
            entries: 0,
            read: 0,
            invalid: 0,
            skipped: BTreeMap::new(),
            left_aside: LeftAside::default(),
            records: BTreeMap::new(),
            diagnostics: Vec::new(),
            omitted: 0,
            language: ReportLanguage::English,
            repository: None,
            read_at: None,
            completeness: Vec::new(),
            since: None,
        }
    }

    /// How many diagnostics are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity() == severity).count()
    }

    /// How many diagnostics there are of each code.
    pub fn counts_by_code(&self) -> BTreeMap<Code, usize> {
        let mut counts = BTreeMap::new();
        for diagnostic in &self.diagnostics {
            *counts.entry(diagnostic.code).or_default() += 1;
        }
        counts
    }

    /// The counts of all kinds of record together.
    pub fn totals(&self) -> RecordCounts {
        self.records.values().fold(RecordCounts::default(), |sum, counts| RecordCounts {
            new: sum.new + counts.new,
            changed: sum.changed + counts.changed,
            unchanged: sum.unchanged + counts.unchanged,
            withdrawn: sum.withdrawn + counts.withdrawn,
            kept_withdrawn: sum.kept_withdrawn + counts.kept_withdrawn,
        })
    }

    /// Puts diagnostics in the order of the files.
    pub(crate) fn sort(&mut self) {
        self.diagnostics.sort_by(|one, other| {
            (&one.path, one.at, one.code, &one.value).cmp(&(&other.path, other.at, other.code, &other.value))
        });
    }

    /// For people at a terminal. In colour it says nothing more.
    pub fn text(&self, language: ReportLanguage, is_coloured: bool) -> String {
        text::write(self, language, is_coloured)
    }

    /// For one issue on the partner's forge: its first line, a comment, tells that issue from others.
    pub fn markdown(&self, language: ReportLanguage) -> String {
        markdown::write(self, language)
    }

    /// As SARIF 2.1.0.
    pub fn sarif(&self, language: ReportLanguage) -> serde_json::Value {
        sarif::write(self, language)
    }

    /// As JSON, with messages in both languages.
    pub fn json(&self) -> serde_json::Value {
        json::write(self)
    }

    /// The diagnostics, the first of those that say the same of the same value, and how many others there are.
    fn without_repeats(&self) -> Vec<(&Diagnostic, usize)> {
        let mut firsts: Vec<(&Diagnostic, usize)> = Vec::new();
        let mut index: HashMap<(Code, &str, &str), usize> = HashMap::new();
        for diagnostic in &self.diagnostics {
            let (Some(field), Some(value)) = (&diagnostic.field, &diagnostic.value) else {
                firsts.push((diagnostic, 0));
                continue;
            };
            if let Some(first) = index.get(&(diagnostic.code, field.as_str(), value.as_str())) {
                firsts[*first].1 += 1;
            } else {
                index.insert((diagnostic.code, field, value), firsts.len());
                firsts.push((diagnostic, 0));
            }
        }
        firsts
    }
}

/// The report in English.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(ReportLanguage::English, false))
    }
}

/// Paths of files that were left aside, by why: pages before data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftAside {
    paths: BTreeMap<&'static str, BTreeMap<(Sort, String), Spot>>,
    /// The rules of the mapping by which some of them were.
    rules: BTreeMap<String, String>,
}

/// What a file is to people, by its name. Pictures and programs are not missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Page,
    Data,
    Other,
}

impl Sort {
    fn of(path: &str) -> Self {
        const DATA: &[&str] = &["yaml", "yml", "json", "toml", "csv", "tsv"];
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some((_, extension)) = name.rsplit_once('.') else { return Self::Page };
        let is_one_of = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
        match () {
            () if is_text(path) => Self::Page,
            () if is_one_of(DATA) => Self::Data,
            () => Self::Other,
        }
    }
}

/// Whether a file that nothing asks for may be missed: a page, or data.
pub(crate) fn may_be_missed(path: &str) -> bool {
    Sort::of(path) != Sort::Other
}

impl LeftAside {
    /// How many paths are kept.
    const MOST: usize = 1_000;

    pub(crate) fn add(&mut self, why: &'static str, rule: Option<String>, spot: &Spot) {
        let shown = spot.to_string();
        self.paths.entry(why).or_default().insert((Sort::of(&spot.path), shown.clone()), spot.clone());
        self.rules.extend(rule.map(|rule| (shown, rule)));
        if self.paths.values().map(BTreeMap::len).sum::<usize>() > Self::MOST {
            let most = self.paths.values_mut().max_by_key(|paths| paths.len());
            if let Some(((_, path), _)) = most.and_then(BTreeMap::pop_last) {
                self.rules.remove(&path);
            }
        }
    }

    /// The first few of each reason: the reason, what was left aside, and the rule of the mapping by which it was.
    pub(crate) fn first_of_each(&self, most: usize) -> impl Iterator<Item = (&'static str, &Spot, Option<&str>)> {
        self.paths.iter().flat_map(move |(why, paths)| {
            paths.iter().take(most).map(|((_, shown), spot)| (*why, spot, self.rules.get(shown).map(String::as_str)))
        })
    }

    /// The paths of a reason, in order; of a record of a file of many, its line and what it is called, too.
    pub fn of(&self, why: &str) -> impl Iterator<Item = &str> {
        self.paths.get(why).into_iter().flat_map(BTreeMap::keys).map(|(_, path)| path.as_str())
    }

    /// By path, the rules of the mapping that left files out, such as `projects.skip.status`.
    pub const fn rules(&self) -> &BTreeMap<String, String> {
        &self.rules
    }

    /// How many of the files of a reason are named in a line.
    const fn said(count: usize) -> usize {
        const SAID: usize = 5;
        // One more takes no more room than saying that there is one.
        if count == SAID + 1 { count } else { SAID }
    }

    /// Whether more of a reason that so many files have is known than a line names.
    fn has_more(&self, why: &str, count: usize) -> bool {
        self.of(why).nth(Self::said(count)).is_some()
    }

    /// The first few of a reason that so many files have, each as something says it, after a colon; with the number of
    /// those that are not named.
    fn listed(&self, why: &str, count: usize, language: ReportLanguage, say: impl Fn(&str) -> String) -> String {
        let said = |path: &str| match self.rules.get(path) {
            Some(rule) => format!("{} ({})", say(path), say(rule)),
            None => say(path),
        };
        let first: Vec<String> = self.of(why).take(Self::said(count)).map(said).collect();
        let colon = if language == ReportLanguage::French { " : " } else { ": " };
        let more = if count > first.len() { format!(", … (+{})", count - first.len()) } else { String::new() };
        if first.is_empty() { String::new() } else { format!("{colon}{}{more}", first.join(", ")) }
    }
}

/// Why files were left aside. The keys are those of [`Report::skipped`].
pub(crate) mod skipped {
    pub const NOT_SELECTED: &str = "not-selected";
    pub const SYMBOLIC_LINK: &str = "symbolic-link";
    pub const SUBMODULE: &str = "submodule";
    pub const ODD_NAME: &str = "odd-name";
    pub const TOO_DEEP: &str = "too-deep";
    pub const EMPTY: &str = "empty";
    pub const LIST_PAGE: &str = "list-page";
    pub const DRAFT: &str = "draft";
    pub const CONDITION: &str = "condition";
    pub const RULE: &str = "skip-rule";
    pub const NO_RECORD: &str = "makes-no-record";
    pub const TOLD_BY_PAGE: &str = "told-by-page";

    /// What is kept of a run that a newer version of this program made.
    pub const OTHER: &str = "other";

    /// Every reason.
    pub const ALL: &[&str] = &[
        NOT_SELECTED,
        SYMBOLIC_LINK,
        SUBMODULE,
        ODD_NAME,
        TOO_DEEP,
        EMPTY,
        LIST_PAGE,
        DRAFT,
        CONDITION,
        RULE,
        NO_RECORD,
        TOLD_BY_PAGE,
        OTHER,
    ];

    /// The reason of a written form.
    pub fn known(why: &str) -> &'static str {
        ALL.iter().copied().find(|known| *known == why).unwrap_or(OTHER)
    }
}

fn skip_reason(why: &str, language: ReportLanguage) -> &str {
    let french = language == ReportLanguage::French;
    match why {
        skipped::NOT_SELECTED if french => "demandé par aucune collection",
        skipped::NOT_SELECTED => "asked for by no collection",
        skipped::SYMBOLIC_LINK if french => "lien symbolique",
        skipped::SYMBOLIC_LINK => "symbolic link",
        skipped::SUBMODULE if french => "sous-module d'un autre dépôt",
        skipped::SUBMODULE => "submodule, part of another repository",
        skipped::ODD_NAME if french => "nom qu'un autre système ne pourrait pas écrire",
        skipped::ODD_NAME => "name that another system could not write",
        skipped::TOO_DEEP if french => "trop de dossiers les uns dans les autres",
        skipped::TOO_DEEP => "too many folders in one another",
        skipped::EMPTY if french => "vide",
        skipped::EMPTY => "empty",
        skipped::LIST_PAGE if french => "page de liste",
        skipped::LIST_PAGE => "list page",
        skipped::DRAFT if french => "brouillon",
        skipped::DRAFT => "draft",
        skipped::CONDITION if french => "ne remplit la condition d'aucune collection",
        skipped::CONDITION => "meets the condition of no collection",
        skipped::RULE if french => "laissé de côté par une règle de la correspondance",
        skipped::RULE => "left out by a rule of the mapping",
        skipped::NO_RECORD if french => "lu, mais ne donne pas de fiche",
        skipped::NO_RECORD => "read, but makes no record",
        skipped::TOLD_BY_PAGE if french => "entrée de liste qu'une page à elle raconte",
        skipped::TOLD_BY_PAGE => "entry of a list that a page of its own tells",
        skipped::OTHER if french => "autre raison",
        skipped::OTHER => "another reason",
        other => other,
    }
}
