//! When something began, ended, and was last changed.

use super::super::decisions::Doubt;
use super::super::model::{FieldChoice, Rule};
use super::super::page::Page;
use super::super::profile::Field;
use super::super::said::Said;
use super::super::shape::{DateShape, Shape};
use super::super::vocabulary::list;
use super::super::words::{self, Meaning};
use super::{Built, Material, sure};

impl Built {
    pub(super) fn dates(&mut self, material: &Material<'_>) {
        let meanings = material.meanings;
        if !self.has("start") {
            let starts = meanings.all(Meaning::Start);
            let mut rules: Vec<Rule> = sure(starts).take(2).map(|found| Rule::of(&found.field.path)).collect();
            if rules.is_empty() {
                rules.extend(starts.iter().find(|found| has_end(material, found.field)).map(|found| Rule::of(&found.field.path)));
            }
            let first = rules.first().and_then(|rule| material.profile.get(&rule.from));
            if let Some(field) = first.filter(|field| is_year_alone(field)) {
                self.decisions.push(Doubt::StartOfYear { field: field.path.clone() });
            }
            let mut filled = starts.first().map_or(0, |found| found.field.filled);
            let mut note = None;
            let dated = material.pages.iter().filter(|page| has_date(page.stem())).count();
            if rules.is_empty() {
                // Where a page says its date, that of its name is an older one, or that of its making.
                if let Some(field) = meanings.best(Meaning::Published) {
                    rules.push(Rule::of(&field.path));
                    filled = field.filled;
                    note =
                        Some(Said::new("la date de la page, faute de mieux", "the date of the page, for want of a better one"));
                    self.decisions.push(Doubt::StartOfPage { field: field.path.clone() });
                }
                if filled < dated && dated * 2 > material.pages.len() {
                    // The first of January in most names is what a generator asked for, and means the year.
                    let pattern = if is_placeholder(material.pages) { r"^\d{4}" } else { r"^\d{4}-\d{2}-\d{2}" };
                    rules.push(Rule { pattern: Some(pattern.to_owned()), ..Rule::of("{file_stem}") });
                    filled = dated;
                }
            }
            if rules.is_empty() {
                // The day of an upload is a fact of the file, and seldom one of what it tells.
                let note = Said::new(
                    "si chaque fichier fut écrit au début de l'action",
                    "if each file was written when its project began",
                );
                let rules = vec![Rule::of("{git.first}")];
                self.offered.push(FieldChoice { ours: "start", rules, filled: 0, note: Some(note) });
                self.decisions.push(Doubt::NoStart);
            } else {
                self.fields.push(FieldChoice { ours: "start", rules, filled, note });
            }
        }
        if !self.has("end")
            && meanings.best(Meaning::End).is_none()
            && let Some(field) = meanings.best(Meaning::Start).filter(|field| self.has("start") && holds_periods(field))
        {
            let note = Said::new("la fin des périodes", "the end of the periods");
            let rules = vec![Rule::of(&field.path)];
            self.fields.push(FieldChoice { ours: "end", rules, filled: 0, note: Some(note) });
        }
        if !self.has("end")
            && let Some(field) = meanings.best(Meaning::End)
        {
            let start = meanings.best(Meaning::Start).map(|start| start.path.clone());
            let same = start
                .as_deref()
                .and_then(|start| material.profile.get(start))
                .is_some_and(|start| same_values(start, field, material.pages));
            let note = same.then(|| {
                Said::new(
                    "souvent égale au début : une valeur du formulaire ?",
                    "often equal to the start: a default of the form?",
                )
            });
            let unless = same.then_some(start).flatten();
            self.fields.push(FieldChoice {
                ours: "end",
                rules: vec![Rule { unless, ..Rule::of(&field.path) }],
                filled: field.filled,
                note,
            });
        }
        let modified = meanings.best(Meaning::Modified).filter(|field| !field.dates().contains(&DateShape::Year));
        if let Some(field) = modified {
            let rules = vec![Rule::of(&field.path)];
            self.fields.push(FieldChoice { ours: "modified", rules, filled: field.filled, note: None });
        } else if self.offered.iter().any(|field| field.ours == "start") {
            // The dates of commits cost the whole history: they are asked for only where nothing else tells a date.
            let note = Some(Said::new("le dernier commit", "the last commit"));
            self.fields.push(FieldChoice { ours: "modified", rules: vec![Rule::of("{git.last}")], filled: 0, note });
        }
    }
}

/// Whether a field is called a year and nothing else: that of the beginning, the end, a prize.
fn is_year_alone(field: &Field) -> bool {
    list("heads", "year").contains(&words::name_words(field.name()).as_str())
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
    field.share(|shape| shape == Shape::Date(DateShape::Period)) > 0.1
}

fn has_date(stem: &str) -> bool {
    stem.get(..10).is_some_and(|start| Shape::of(start) == Shape::Date(DateShape::Day)) && stem.as_bytes().get(4) == Some(&b'-')
}

/// Whether most names that begin with a date begin with that of a first of January.
fn is_placeholder(pages: &[&Page]) -> bool {
    let dated: Vec<&str> = pages.iter().map(|page| page.stem()).filter(|stem| has_date(stem)).collect();
    let first = dated.iter().filter(|stem| stem.get(4..10) == Some("-01-01")).count();
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
