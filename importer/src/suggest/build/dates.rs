//! When something began, ended, and was last changed.

use super::super::decisions::Doubt;
use super::super::model::{FieldChoice, Rule};
use super::super::page::Page;
use super::super::profile::Field;
use super::super::said::Said;
use super::super::shape::{DateShape, Shape};
use super::super::vocabulary::list;
use super::super::words::{self, Meaning, Nature};
use super::page_date::{Sign, day_of_name, signs_of, signs_of_names};
use super::{Built, Material, sure};

/// How many years are shown as examples.
const SHOWN: usize = 3;

impl Built {
    pub(super) fn dates(&mut self, material: &Material<'_>) {
        let of_page = DateOfPage::of(material);
        if !self.has("start") {
            self.start(material, of_page.as_ref());
        }
        if !self.has("end") {
            self.end(material);
        }
        self.modified(material, of_page.as_ref());
    }

    fn start(&mut self, material: &Material<'_>, of_page: Option<&DateOfPage>) {
        if let Some(told) = told_start(material) {
            let first = told.rules.first().and_then(|rule| material.profile.get(&rule.from));
            let Some(field) = first.filter(|field| is_year_alone(field)) else {
                self.fields.push(told);
                return;
            };
            let is_taken = !are_published_works(material);
            let examples = field.by_frequency().into_iter().map(|(value, _)| value.to_owned()).take(SHOWN).collect();
            self.decisions.push(Doubt::StartOfYear { field: field.path.clone(), examples, is_taken });
            if is_taken {
                self.fields.push(told);
            } else {
                let note = Said::new("si c'est l'année où l'action a commencé", "if it is the year when the project began");
                self.offered.push(FieldChoice { note: Some(note), ..told });
            }
            return;
        }
        let Some(of_page) = of_page else {
            // The day of an upload is a fact of the file, and seldom one of what it tells.
            let note =
                Said::new("si chaque fichier fut écrit au début de l'action", "if each file was written when its project began");
            let rules = vec![Rule::of("{git.first}")];
            self.offered.push(FieldChoice { ours: "start", rules, filled: 0, note: Some(note) });
            self.decisions.push(Doubt::NoStart);
            return;
        };
        let DateOfPage { rules, filled, signs } = of_page.clone();
        let field = rules.first().map(|rule| rule.from.clone()).unwrap_or_default();
        if signs.is_empty() {
            let note = Said::new("la date de la page, faute de mieux", "the date of the page, for want of a better one");
            self.fields.push(FieldChoice { ours: "start", rules, filled, note: Some(note) });
            self.decisions.push(Doubt::StartOfPage { field });
        } else {
            let note = Said::new("si c'est bien le début de l'action", "if it is when the project began");
            self.offered.push(FieldChoice { ours: "start", rules, filled, note: Some(note) });
            self.decisions.push(Doubt::DateOfPage { field, signs });
        }
    }

    /// The field for it; and the last part of periods, of which the import takes it where there is one.
    fn end(&mut self, material: &Material<'_>) {
        let starts = self.fields.iter().filter(|field| field.ours == "start").flat_map(|field| &field.rules);
        let starts: Vec<&Field> = starts.filter_map(|rule| material.profile.get(&rule.from)).collect();
        let periods = starts.iter().filter(|field| holds_periods(field)).map(|field| Rule::of(&field.path));
        let Some(field) = material.meanings.best(Meaning::End) else {
            let rules: Vec<Rule> = periods.collect();
            if !rules.is_empty() {
                let note = Said::new("la fin des périodes", "the end of the periods");
                self.fields.push(FieldChoice { ours: "end", rules, filled: 0, note: Some(note) });
            }
            return;
        };
        let same = starts.first().filter(|start| same_values(start, field, material.pages));
        let note = same.map(|_| {
            Said::new("souvent égale au début : une valeur du formulaire ?", "often equal to the start: a default of the form?")
        });
        let end = Rule { unless: same.map(|start| start.path.clone()), ..Rule::of(&field.path) };
        let rules = std::iter::once(end).chain(periods).collect();
        self.fields.push(FieldChoice { ours: "end", rules, filled: field.filled, note });
    }

    /// The field for it; where a page has none, or has it only now and then, the day when it was published.
    fn modified(&mut self, material: &Material<'_>, of_page: Option<&DateOfPage>) {
        // On which day a page was made, tells nothing of its last change.
        let is_made = |of_page: &DateOfPage| of_page.rules.iter().any(|rule| is_called_created(&rule.from));
        let published =
            || of_page.filter(|of_page| !of_page.signs.is_empty() && !self.has_start_of(of_page) && !is_made(of_page));
        let changed = material.meanings.best(Meaning::Modified).filter(|field| !field.dates().contains(&DateShape::Year));
        if let Some(field) = changed {
            let is_everywhere = field.filled == material.profile.files;
            let more = published().filter(|_| !is_everywhere).map(|of_page| of_page.rules.clone()).unwrap_or_default();
            let rules = std::iter::once(Rule::of(&field.path)).chain(more).collect();
            self.fields.push(FieldChoice { ours: "modified", rules, filled: field.filled, note: None });
        } else if let Some(DateOfPage { rules, filled, .. }) = published().cloned() {
            let note = Said::new("la date de la page", "the date of the page");
            self.fields.push(FieldChoice { ours: "modified", rules, filled, note: Some(note) });
        } else if self.offered.iter().any(|field| field.ours == "start") {
            // The dates of commits cost the whole history: they are asked for only where nothing else tells a date.
            let note = Some(Said::new("le dernier commit", "the last commit"));
            self.fields.push(FieldChoice { ours: "modified", rules: vec![Rule::of("{git.last}")], filled: 0, note });
        }
    }

    /// Whether the date of pages is taken for the start.
    fn has_start_of(&self, of_page: &DateOfPage) -> bool {
        self.fields.iter().any(|field| field.ours == "start" && field.rules == of_page.rules)
    }
}

/// What tells the day of a page, and what shows that it is that.
#[derive(Debug, Clone)]
struct DateOfPage {
    rules: Vec<Rule>,
    filled: usize,
    signs: Vec<Sign>,
}

impl DateOfPage {
    /// The field that says when a page was published, and the day that its file is called by.
    fn of(material: &Material<'_>) -> Option<Self> {
        let pages = material.pages;
        let field = material.meanings.best(Meaning::Published);
        let mut found = Self {
            rules: field.map(|field| Rule::of(&field.path)).into_iter().collect(),
            filled: field.map_or(0, |field| field.filled),
            signs: field.map(|field| signs_of(field, material)).unwrap_or_default(),
        };
        // Where a page says its date, that of its name is an older one, or that of its making.
        let dated = pages.iter().filter(|page| day_of_name(page).is_some()).count();
        if found.filled < dated && dated * 2 > pages.len() {
            // The first of January in most names is what a generator asked for, and means the year.
            let is_year = is_placeholder(pages);
            let pattern = if is_year { r"^\d{4}" } else { r"^\d{4}-\d{2}-\d{2}" };
            found.rules.push(Rule { pattern: Some(pattern.to_owned()), ..Rule::of("{file_stem}") });
            found.filled = dated;
            if field.is_none() && !is_year {
                found.signs = signs_of_names(material);
            }
        }
        (!found.rules.is_empty()).then_some(found)
    }
}

/// The fields that say when it began.
fn told_start(material: &Material<'_>) -> Option<FieldChoice> {
    let starts = material.meanings.all(Meaning::Start);
    let mut told: Vec<&Field> = sure(starts).map(|found| found.field).collect();
    // Of which day it was, tells more than of which year.
    told.sort_by_key(|field| is_year_alone(field));
    if told.is_empty() {
        told.extend(starts.iter().map(|found| found.field).find(|field| has_end(material, field)));
    }
    let filled = told.first()?.filled;
    let rules = told.into_iter().take(2).map(|field| Rule::of(&field.path)).collect();
    Some(FieldChoice { ours: "start", rules, filled, note: None })
}

/// Whether a field is called a year and nothing else: that of the beginning, the end, a prize.
fn is_year_alone(field: &Field) -> bool {
    list("heads", "year").contains(&words::name_words(field.name()).as_str())
}

/// Whether a field is called after the making of what it tells of.
fn is_called_created(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    list("publication", "created").contains(&words::name_words(name).as_str())
}

/// Whether what the pages tell of are news or publications, whose year is that in which they appeared.
fn are_published_works(material: &Material<'_>) -> bool {
    let name = words::name_words(material.name);
    let is_called = || name.split(' ').any(|word| list("publication", "works").contains(&word));
    let has_field = || {
        let is_of_works = |field: &Field| list("publication", "fields").contains(&words::name_words(field.name()).as_str());
        material.profile.fields.values().any(|field| is_of_works(field) && field.filled * 2 > material.profile.files)
    };
    words::nature(material.name) == Some(Nature::Posts) || is_called() || has_field()
}

/// Whether another field is called alike but for the end: `submission-end` beside `submission-start`.
fn has_end(material: &Material<'_>, start: &Field) -> bool {
    let without = |field: &Field, heads: &[&str]| -> Vec<String> {
        let name = words::name_words(field.name());
        name.split(' ').filter(|word| !heads.contains(word)).map(str::to_owned).collect()
    };
    let common = without(start, list("heads", "start"));
    material.meanings.all(Meaning::End).iter().any(|found| without(found.field, list("heads", "end")) == common)
}

/// Whether some values of a field tell both when something began and when it ended.
fn holds_periods(field: &Field) -> bool {
    field.shapes.contains_key(&Shape::Date(DateShape::Period))
}

/// Whether most names that begin with a date begin with that of a first of January.
fn is_placeholder(pages: &[&Page]) -> bool {
    let dated: Vec<&str> = pages.iter().filter_map(|page| day_of_name(page)).collect();
    let first = dated.iter().filter(|day| day.ends_with("-01-01")).count();
    first * 2 > dated.len() && first > 2
}

fn same_values(one: &Field, other: &Field, pages: &[&Page]) -> bool {
    let text = |page: &Page, field: &Field| {
        page.fields.get(field.top()).and_then(|node| node.scalar()).map(|text| text.trim().to_owned())
    };
    let same =
        pages.iter().filter(|page| text(page, one).is_some_and(|text_of_one| text(page, other) == Some(text_of_one))).count();
    same * 4 >= other.filled && other.filled > 0
}
