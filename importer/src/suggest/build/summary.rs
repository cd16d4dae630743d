//! The summary: the field that tells most of each page in few words, and what it says that is none.

use std::collections::BTreeMap;

use maillage_explore::text::fold;

use super::super::decisions::Doubt;
use super::super::meaning::Found;
use super::super::model::{FieldChoice, Rule};
use super::super::page::{Page, SAMPLE};
use super::super::profile::Field;
use super::super::vocabulary::list;
use super::super::words::{Meaning, Sureness};
use super::{Built, Material, is_html, is_in_another_language, of_language_first};

/// A summary longer than this on average is a text, of which the beginning is taken.
const LONG: f64 = 450.0;

/// What is taken of the first paragraph of a text as long as a field holds, in characters.
const SHORT: usize = 300;

/// What typesetters write where a text is still missing, and what takes it out.
const FILLER: &str = "lorem ipsum";
const OF_FILLER: &str = r"(?is)^.*lorem ipsum.*$";

impl Built {
    pub(super) fn summary(&mut self, material: &Material<'_>) {
        let title = self.title_field().and_then(|path| material.profile.get(&path));
        let found = told(material);
        let mut told: Vec<(&Found<'_>, Empty)> =
            found.into_iter().map(|found| (found, Empty::of(found.field, title, material.pages))).collect();
        // What hardly ever says anything of its own is no summary.
        told.retain(|(found, empty)| empty.files() * 5 <= found.field.filled * 4);
        let mut rules: Vec<Rule> = told.iter().take(3).map(|(found, empty)| empty.rule(found.field, title)).collect();
        let filled = told.first().map_or(0, |(found, empty)| found.field.filled - empty.files());
        if filled == material.profile.files {
            rules.truncate(1);
        } else {
            rules.extend(section(material.pages).map(|heading| Rule { longest: Some(600), ..Rule::of(heading) }));
            if material.pages.iter().filter(|page| page.words > 10 && has_prose(page)).count() * 4 > material.pages.len() {
                rules.push(Rule { longest: Some(600), ..Rule::of("{first_paragraph}") });
            }
        }
        if let [(first, _), (second, _), ..] = &told[..] {
            let shown = |found: &Found<'_>| (found.field.path.clone(), found.field.length());
            self.decisions.push(Doubt::Summary { first: shown(first), second: shown(second) });
        }
        if !rules.is_empty() {
            self.fields.push(FieldChoice { ours: "summary", rules, filled, note: None });
        }
    }

    /// The beginning of a text that stands in a field, where nothing else is a summary.
    pub(super) fn summary_of_text(&mut self) {
        if self.has("summary") {
            return;
        }
        let Some(filled) = self.fields.iter().find(|field| field.ours == "body").map(|body| body.filled) else { return };
        let rule = Rule { longest: Some(SHORT), ..Rule::of("{first_paragraph}") };
        self.fields.push(FieldChoice { ours: "summary", rules: vec![rule], filled, note: None });
    }

    /// The path of the field that the title is taken from.
    fn title_field(&self) -> Option<String> {
        let title = self.fields.iter().find(|field| field.ours == "title")?;
        title.rules.first().map(|rule| rule.from.clone())
    }
}

/// The fields that tell it, the best first.
fn told<'m>(material: &'m Material<'_>) -> Vec<&'m Found<'m>> {
    let summaries = material.meanings.all(Meaning::Summary);
    let is_sure = |found: &&Found<'_>| found.sureness >= Sureness::Nearly;
    let mut found: Vec<&Found<'_>> = summaries.iter().filter(is_sure).filter(|found| !found.field.is_nested()).collect();
    if found.is_empty() {
        // Of which it is one word of the name, `carousel_summary`, where almost all have it.
        let is_usual = |found: &&Found<'_>| !found.field.is_nested() && found.field.filled * 10 >= material.profile.files * 8;
        found.extend(summaries.iter().filter(is_usual).take(1));
    }
    if found.first().is_none_or(|found| found.field.filled * 2 < material.profile.files) {
        let nested = summaries.iter().filter(is_sure).filter(|found| found.field.is_nested()).collect();
        found.extend(of_language_first(nested, material.language));
    }
    // A summary is plain, and in the language of the repository.
    found.sort_by_key(|found| (is_html(found.field), is_in_another_language(found.field, material.language)));
    // Of a long text and a short one that says something as often, the short one is the summary.
    if let Some(first) = found.first().copied()
        && first.field.length() > LONG
        && let Some(shorter) =
            found.iter().position(|other| other.field.length() < LONG && other.field.filled * 5 >= first.field.filled * 4)
    {
        let shorter = found.remove(shorter);
        found.insert(0, shorter);
    }
    found
}

/// What a field of summaries says that tells nothing of any page.
struct Empty {
    /// In how many files it says no more than the title.
    titles: usize,
    /// In how many files it holds the text of typesetters.
    fillers: usize,
    /// What most files have alike, and how often.
    shared: Option<(String, usize)>,
}

impl Empty {
    fn of(field: &Field, title: Option<&Field>, pages: &[&Page]) -> Self {
        /// What fewer files have alike may be told of each.
        const FEWEST: usize = 3;
        let shared = field.by_frequency().into_iter().next().filter(|(_, count)| *count >= FEWEST && count * 2 > field.filled);
        Self {
            titles: title.map_or(0, |title| pages.iter().filter(|page| say_the_same(page, field, title)).count()),
            fillers: field.saying(|value| value.to_lowercase().contains(FILLER)),
            shared: shared.map(|(value, count)| (value.to_owned(), count)),
        }
    }

    fn files(&self) -> usize {
        self.titles + self.fillers + self.shared.as_ref().map_or(0, |(_, count)| *count)
    }

    /// What takes a field without what says nothing.
    fn rule(&self, field: &Field, title: Option<&Field>) -> Rule {
        let paragraphs = field.saying(|value| value.trim().contains("\n\n"));
        let is_long = field.length() > LONG || paragraphs * 5 > field.values;
        Rule {
            longest: is_long.then_some(600),
            unless: title.filter(|_| self.titles > 0).map(|title| title.path.clone()),
            remove: (self.fillers > 0).then(|| OF_FILLER.to_owned()),
            nothing: self.shared.iter().map(|(value, _)| value.clone()).collect(),
            ..Rule::of(&field.path)
        }
    }
}

/// Whether a page says the same in two fields.
fn say_the_same(page: &Page, one: &Field, other: &Field) -> bool {
    let text = |field: &Field| page.fields.get(&field.path).and_then(|node| node.scalar()).map(str::trim);
    text(one).is_some_and(|said| !said.is_empty() && Some(said) == text(other))
}

/// The section that most texts have for a summary, where it does not come first: that of a heading such as `Abstract`.
fn section(pages: &[&Page]) -> Option<String> {
    const FEWEST: usize = 2;
    let mut counts: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for page in pages {
        let later = page.headings.iter().skip(1).find(|heading| is_summary(heading));
        if let Some(heading) = later.filter(|_| !page.headings.first().is_some_and(|heading| is_summary(heading))) {
            counts.entry(fold(heading)).or_insert((heading, 0)).1 += 1;
        }
    }
    let (heading, count) = counts.into_values().max_by_key(|(heading, count)| (*count, std::cmp::Reverse(*heading)))?;
    (count >= FEWEST && count * 2 >= pages.len()).then(|| format!("{{under.{heading}}}"))
}

/// Whether a heading says that a summary stands below it, in words that a mapping can name it by.
fn is_summary(heading: &str) -> bool {
    list("sections", "summaries").contains(&fold(heading).as_str())
        && heading.chars().all(|sign| sign.is_alphanumeric() || sign == ' ')
}

/// Whether a text tells something in sentences, not only what stands below headings such as `Keywords` and `People`, in lists, or
/// between semicolons.
fn has_prose(page: &Page) -> bool {
    /// Fewer words are a label.
    const FEWEST: usize = 6;
    let mut is_aside = false;
    for line in page.sample.lines().map(str::trim) {
        if line.starts_with('#') {
            is_aside = list("sections", "beside").contains(&fold(line).as_str());
        } else if !is_aside && !is_item(line) && line.matches(';').count() < 2 && line.split_whitespace().count() >= FEWEST {
            return true;
        }
    }
    // Of a longer text the rest was not looked at.
    page.sample.chars().count() >= SAMPLE
}

/// Whether a line is one of a list.
fn is_item(line: &str) -> bool {
    ["- ", "* ", "+ ", "• "].iter().any(|sign| line.starts_with(sign))
}
