//! How a field of ours is had: where its values stand, and what is done to them.

use maillage_explore::text::fold;
use maillage_graph_schema::model::{CostBasis, OrganisationRole, SectionKind};
use regex::Regex;

use super::page::Page;
use super::path::{FieldPath, Trail};
use super::template::{Form, Pointer, Template};
use crate::parse::value::{Node, Position, Value};

/// How a field of ours is had.
#[derive(Debug, Clone)]
pub struct FieldRule {
    pub field: &'static str,
    pub takes_many: bool,
    /// In order: a field of one value takes the first that is filled, a list takes all.
    pub rules: Vec<Rule>,
}

/// One place to take values from, and what is done to them.
#[derive(Debug, Clone)]
pub struct Rule {
    pub from: From,
    pub change: Change,
    /// Another field: what it says too is not taken.
    pub unless: Option<Pointer>,
    /// The collections that a value refers to; none if it refers to nothing.
    pub collections: Vec<String>,
    pub role: Option<OrganisationRole>,
    /// Of organisations: where their web address stands.
    pub website: Option<Pointer>,
    /// Of links: how they are called; of costs: what they are for.
    pub label: Option<Template>,
    /// Of costs: whether they were spent or foreseen.
    pub basis: Option<CostBasis>,
}

/// A value that a rule leads to.
pub struct Taken<'a> {
    pub rule: &'a Rule,
    pub node: Node,
    /// How a path led to it; empty where none did.
    pub trail: Trail<'a>,
}

/// Where values come from.
#[derive(Debug, Clone)]
pub enum From {
    File(Pointer),
    /// The mapping itself.
    Value(String),
}

/// What is done to a text.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What alone of a text is looked at.
    pub within: Option<Regex>,
    pub split: Vec<String>,
    pub pattern: Option<Regex>,
    pub remove: Option<Regex>,
    pub case: Option<Case>,
    pub template: Option<Template>,
    pub longest: Option<usize>,
    /// Folded texts that say nothing.
    pub nothing: Vec<String>,
}

/// How letters are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Lower,
    Upper,
    /// A capital at the start alone, for what is written in capitals.
    Sentence,
}

impl From {
    /// As diagnostics name it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::File(pointer) => pointer.as_str(),
            Self::Value(value) => value,
        }
    }

    /// The values, each with the trail to it; a list counts as its items if many are taken. What stands under a heading is taken in
    /// a form.
    fn find<'a>(&'a self, page: &Page<'a>, takes_many: bool, form: Form) -> Vec<(Node, Trail<'a>)> {
        let nodes = match self {
            Self::File(Pointer::Field(path)) => {
                let trails = path.trails(page.fields).into_iter();
                let trails: Vec<Trail<'_>> = if takes_many {
                    trails.flat_map(|trail| trail.items().collect::<Vec<_>>()).collect()
                } else {
                    trails.collect()
                };
                return trails.into_iter().filter_map(|trail| Some((trail.end()?.clone(), trail))).collect();
            }
            Self::File(Pointer::Under(under)) => under.find(page, form),
            Self::File(pointer) => pointer.find(page),
            Self::Value(value) => vec![Node { value: Value::Scalar(value.clone()), at: Position::START }],
        };
        nodes.into_iter().map(|node| (node, Trail::default())).collect()
    }

    /// The fields at the top that it reads.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::File(pointer) => pointer.fields(),
            Self::Value(_) => Vec::new(),
        }
    }

    /// Whether it reads the name of the file, and nothing that stands in it.
    pub fn is_name_of_file(&self) -> bool {
        matches!(self, Self::File(pointer) if matches!(pointer.as_str(), "{file_stem}" | "{file_name}"))
    }

    pub fn wants_dates(&self) -> bool {
        matches!(self, Self::File(pointer) if pointer.wants_dates())
    }
}

impl FieldRule {
    /// The values that its rules lead to: all of them for a list; for a single one those of the first rule
    /// that gives any, of which the first that can be read is to be taken.
    pub fn find<'a>(&'a self, page: &Page<'a>, nothing: &[String]) -> Vec<Taken<'a>> {
        let mut found = Vec::new();
        for rule in &self.rules {
            let of_rule = rule.find(page, nothing, self.takes_many, self.form(rule));
            if !self.takes_many && !of_rule.is_empty() {
                return of_rule;
            }
            found.extend(of_rule);
        }
        found
    }

    /// In what form what stands under a heading is taken. What something is done to is a text.
    fn form(&self, rule: &Rule) -> Form {
        match self.field {
            "body" => Form::Markdown,
            field if field.parse::<SectionKind>().is_ok() => Form::Markdown,
            "organisations" if rule.change.is_none() => Form::Names,
            "links" | "evidence" if rule.change.is_none() => Form::Links,
            _ if self.takes_many => Form::Items,
            _ => Form::Words,
        }
    }
}

impl Rule {
    /// The fields at the top that it reads.
    pub fn fields(&self) -> Vec<&str> {
        let others = [&self.website, &self.unless];
        let others = others.into_iter().flatten().flat_map(Pointer::fields);
        let of_label = self.label.iter().flat_map(Template::fields).map(FieldPath::first);
        self.from.fields().into_iter().chain(others).chain(of_label).collect()
    }

    /// The values that it leads to; a list counts as its items if many are taken.
    fn find<'a>(&'a self, page: &Page<'a>, nothing: &[String], takes_many: bool, form: Form) -> Vec<Taken<'a>> {
        let excluded: Vec<String> =
            self.unless.iter().flat_map(|pointer| pointer.find(page)).filter_map(|node| text_of(&node)).collect();
        let mut found = Vec::new();
        for (node, trail) in self.from.find(page, takes_many, form) {
            let nodes = self.change.apply(node, nothing, takes_many);
            found.extend(nodes.into_iter().map(|node| Taken { rule: self, node, trail: trail.clone() }));
        }
        found.retain(|Taken { node, .. }| {
            !node.is_blank() && node.scalar().is_none_or(|text| !excluded.iter().any(|other| other == text.trim()))
        });
        found
    }
}

fn text_of(node: &Node) -> Option<String> {
    node.scalar().map(|text| text.trim().to_owned())
}

impl Change {
    /// Whether it does nothing to a text.
    fn is_none(&self) -> bool {
        let Self { within, split, pattern, remove, case, template, longest, nothing: _ } = self;
        within.is_none()
            && split.is_empty()
            && pattern.is_none()
            && remove.is_none()
            && case.is_none()
            && template.is_none()
            && longest.is_none()
    }

    /// What becomes of a value. Of a list or a map nothing is changed.
    pub fn apply(&self, node: Node, nothing: &[String], takes_many: bool) -> Vec<Node> {
        let Value::Scalar(text) = &node.value else { return vec![node] };
        let at = node.at;
        let looked_at = taken(self.within.as_ref(), of_wiki(text), takes_many);
        let parts = looked_at.into_iter().flat_map(|text| self.cut(text));
        let texts = parts.flat_map(|part| taken(self.pattern.as_ref(), part, takes_many)).map(str::to_owned);
        let says_something = |text: &String| {
            let folded = fold(text);
            // A text without a letter or digit, such as a hyphen for "none", is compared as it is.
            let known = |nothing: &String| if folded.is_empty() { nothing == text.trim() } else { *nothing == folded };
            !text.trim().is_empty() && !nothing.iter().chain(&self.nothing).any(known)
        };
        let texts: Vec<String> = texts.filter(says_something).map(|text| self.shape(&text)).collect();
        texts.into_iter().filter(|text| !text.trim().is_empty()).map(|text| Node { value: Value::Scalar(text), at }).collect()
    }

    fn cut<'t>(&self, text: &'t str) -> Vec<&'t str> {
        if self.split.is_empty() {
            return vec![text];
        }
        let mut parts = vec![text];
        for separator in &self.split {
            parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
        }
        parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    fn shape(&self, text: &str) -> String {
        let mut text = match &self.remove {
            Some(remove) => remove.replace_all(text, "").trim().to_owned(),
            None => text.to_owned(),
        };
        text = match self.case {
            None => text,
            Some(Case::Lower) => text.to_lowercase(),
            Some(Case::Upper) => text.to_uppercase(),
            Some(Case::Sentence) => sentence(&text),
        };
        if let Some(template) = &self.template {
            text = template.fill_with(|name| (name == "value").then(|| text.trim().to_owned())).unwrap_or_default();
        }
        match self.longest {
            Some(longest) => shorten(&text, longest),
            None => text,
        }
    }
}

/// What a pattern takes of a text; without one, all of it.
fn taken<'t>(pattern: Option<&Regex>, text: &'t str, takes_many: bool) -> Vec<&'t str> {
    let Some(pattern) = pattern else { return vec![text] };
    let taken = pattern
        .captures_iter(text)
        .filter_map(|found| found.iter().skip(1).flatten().next().or_else(|| found.get(0)))
        .map(|found| found.as_str());
    if takes_many { taken.collect() } else { taken.take(1).collect() }
}

/// What a link of a wiki leads to, if a value is nothing else: `[[Ville d'Agen|Agen]]`.
fn of_wiki(text: &str) -> &str {
    let inner =
        text.trim().strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")).filter(|inner| !inner.contains(['[', ']']));
    inner.map_or(text, |inner| inner.split(['|', '#']).next().unwrap_or(inner))
}

/// A text in capitals with a capital at its start alone; any other as it is.
fn sentence(text: &str) -> String {
    if text.chars().any(char::is_lowercase) {
        return text.to_owned();
    }
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + &characters.as_str().to_lowercase()
}

/// A text of so many characters at the most, cut after a sentence if one ends in its second half, else after a word.
fn shorten(text: &str, longest: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(longest) else { return text.to_owned() };
    let head = &text[..end];
    let sentence = head
        .rmatch_indices(['.', '!', '?'])
        .map(|(at, mark)| at + mark.len())
        .find(|at| ends_sentence(text, *at) && *at * 2 >= end);
    if let Some(sentence) = sentence {
        return head[..sentence].to_owned();
    }
    let word = head.rfind(char::is_whitespace).filter(|at| *at > 0).unwrap_or(end);
    format!("{}…", head[..word].trim_end_matches([',', ';', ':', ' ', '\n']))
}

/// Abbreviations that people write within sentences, folded, without their last point; a single letter is one, too.
const ABBREVIATIONS: &[&str] = &[
    "abs", "approx", "art", "av", "bd", "bijv", "blz", "bzgl", "bzw", "ca", "cf", "dott", "dr", "ed", "env", "etc", "evtl", "ex",
    "fig", "ggf", "inkl", "mlle", "mme", "mr", "mrs", "ms", "no", "nr", "num", "pag", "pp", "prof", "resp", "sig", "sog", "sr",
    "sra", "st", "tel", "usw", "vgl", "vol", "vs",
];

/// Whether a sentence ends before a place in a text: a mark ends it, with a space behind it and no small letter, and no abbreviation.
fn ends_sentence(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let goes_on = after.trim_start().starts_with(char::is_lowercase);
    let is_abbreviation = before.strip_suffix('.').is_some_and(|before| {
        let word = before.rsplit(|sign: char| !sign.is_alphanumeric()).next().unwrap_or_default();
        word.chars().count() == 1 && word.chars().all(char::is_alphabetic) || ABBREVIATIONS.contains(&fold(word).as_str())
    });
    after.starts_with(char::is_whitespace) && !goes_on && !is_abbreviation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(change: &Change, text: &str, takes_many: bool) -> Vec<String> {
        let node = Node { value: Value::Scalar(text.to_owned()), at: Position::START };
        change.apply(node, &["n a".to_owned(), "-".to_owned()], takes_many).iter().filter_map(text_of).collect()
    }

    #[test]
    fn texts_are_cut_matched_and_shaped() {
        let regex = |text: &str| Some(Regex::new(text).expect("a pattern"));
        let plain = Change::default;
        for (change, text, expected) in [
            (Change { split: vec![",".to_owned()], ..plain() }, "Animals,  Birds, n/a, ,", &["Animals", "Birds"][..]),
            (Change { split: vec![",".to_owned(), ";".to_owned()], ..plain() }, "a; b, c", &["a", "b", "c"]),
            (Change { pattern: regex(r"^(\d{4})-"), ..plain() }, "2015-02-20-map", &["2015"]),
            (Change { pattern: regex(r"[A-Z]\w+"), ..plain() }, "Agen et Brive", &["Agen", "Brive"]),
            (Change { pattern: regex("^http"), ..plain() }, "Contact us", &[]),
            (
                Change { within: regex("(?mi)^tags:(.+)$"), split: vec![",".to_owned()], ..plain() },
                "A, b\ntags: Wifi, cat: Seniors\nC, d\nTags: Library",
                &["Wifi", "cat: Seniors", "Library"],
            ),
            (
                Change { within: regex("(?m)^tags:.+$"), split: vec![",".to_owned()], pattern: regex(r"cat: (\w+)"), ..plain() },
                "cat: No\ntags: Wifi, cat: Seniors, cat: Library",
                &["Seniors", "Library"],
            ),
            (Change { within: regex("^tags:"), split: vec![",".to_owned()], ..plain() }, "A, b", &[]),
            (
                Change { split: vec![",".to_owned()], pattern: regex("^cat: (.+)$"), ..plain() },
                "cat: Seniors, Wifi, cat: Library",
                &["Seniors", "Library"],
            ),
            (Change { remove: regex("^Case Study: "), ..plain() }, "Case Study: A kiosk", &["A kiosk"]),
            (Change { case: Some(Case::Sentence), ..plain() }, "ÉCRIVAIN PUBLIC", &["Écrivain public"]),
            (Change { case: Some(Case::Sentence), ..plain() }, "The NASA", &["The NASA"]),
            (Change { template: "https://doi.org/{value}".parse().ok(), ..plain() }, " 10.1/x ", &["https://doi.org/10.1/x"]),
            (Change { longest: Some(20), ..plain() }, "One thing. Another thing.", &["One thing."]),
            (Change { longest: Some(12), ..plain() }, "Something, and more", &["Something…"]),
            (Change { longest: Some(24), ..plain() }, "Feedback kam bzgl. ihrer Lage.", &["Feedback kam bzgl.…"]),
            (Change { longest: Some(25), ..plain() }, "One thing by Mrs. Dupont and others", &["One thing by Mrs. Dupont…"]),
            (Change { longest: Some(24), ..plain() }, "It is v. 2 of it. Another of them", &["It is v. 2 of it."]),
            (Change { nothing: vec!["online".to_owned()], ..plain() }, "Online", &[]),
            (plain(), "-", &[]),
            (plain(), "N/A", &[]),
        ] {
            assert_eq!(changed(&change, text, true), expected, "{text}");
        }
    }
}
