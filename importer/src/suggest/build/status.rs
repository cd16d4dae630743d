//! The status, by a field or by the last of the phases that something went through.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;

use super::super::decisions::Doubt;
use super::super::model::{FieldChoice, Rule, ValueChoice};
use super::super::profile::{Field, Profile, ratio};
use super::super::said::Said;
use super::super::shape::Shape;
use super::super::statuses;
use super::super::vocabulary::list;
use super::super::words::{self, Meaning, Sureness};
use super::{Built, Material, separator};
use crate::mapping::truth;

/// The most values of a state or an audience that are listed.
const MOST_VALUES: usize = 60;

impl Built {
    pub(super) fn status(&mut self, material: &Material<'_>) {
        if let Some(phases) = Phases::of(material.profile) {
            self.fields.push(FieldChoice {
                ours: "status",
                rules: vec![Rule::of(format!("{}[-1].{}", phases.list, phases.name.name()))],
                filled: phases.name.filled,
                note: Some(Said::new("la dernière de la liste", "the last of the list")),
            });
            self.status_values(phases.name, None);
            self.status_in_their_words(&format!("{}[-1].{}", phases.list, phases.name.name()));
            // What few files say goes before nothing.
            if phases.start.filled * 2 > material.profile.files {
                self.fields.push(FieldChoice {
                    ours: "start",
                    rules: vec![Rule::of(format!("{}[0].{}", phases.list, phases.start.name()))],
                    filled: phases.start.filled,
                    note: None,
                });
            }
            let ends: Vec<Rule> = phases
                .name
                .by_frequency()
                .into_iter()
                .filter(|(value, _)| {
                    statuses::status(value).is_some_and(|status| status.as_str() == "stopped") && !value.contains([']', '=', '['])
                })
                .map(|(value, _)| {
                    Rule::of(format!("{}[-1][{}={value}].{}", phases.list, phases.name.name(), phases.start.name()))
                })
                .take(4)
                .collect();
            if !ends.is_empty() {
                self.fields.push(FieldChoice {
                    ours: "end",
                    rules: ends,
                    filled: 0,
                    note: Some(Said::new("le début de la phase qui arrête", "the start of the phase that stops it")),
                });
            }
            return;
        }
        let found = material.meanings.all(Meaning::Status).first();
        // Of which it is one word of the name, `review_status`, tells less than a yes or no.
        if found.is_none_or(|found| found.sureness < Sureness::Nearly)
            && let Some(field) = truth_called(material.profile, "goes_on")
        {
            self.fields.push(FieldChoice {
                ours: "status",
                rules: vec![Rule::of(&field.path)],
                filled: field.filled,
                note: None,
            });
            let status = |value: &str| Some((if truth(value) == Some(true) { "running" } else { "stopped" }.to_owned(), true));
            self.values.insert("status", values(field, None, status));
            return;
        }
        if found.is_none()
            && let Some(field) = truth_called(material.profile, "over")
        {
            self.archived(field);
            return;
        }
        let Some(field) = found.map(|found| found.field) else { return };
        let split = separator(field).or_else(|| field.counts.keys().any(|value| value.contains(',')).then_some(","));
        self.fields.push(FieldChoice {
            ours: "status",
            rules: vec![Rule { split: split.into_iter().collect(), ..Rule::of(&field.path) }],
            filled: field.filled,
            note: None,
        });
        self.status_values(field, split);
        self.status_in_their_words(&field.path);
        if let [first, second, ..] = material.meanings.all(Meaning::Status) {
            let values = second.field.by_frequency().iter().take(4).map(|(value, _)| (*value).to_owned()).collect();
            self.decisions.push(Doubt::StatusOr { first: first.field.path.clone(), second: second.field.path.clone(), values });
        }
    }

    /// Keeps the words of states for which no status stands, or one that is not surely theirs.
    fn status_in_their_words(&mut self, path: &str) {
        let is_doubtful = |value: &ValueChoice| value.ours.is_none() || !value.is_sure;
        if self.values.get("status").is_some_and(|values| values.iter().any(is_doubtful)) {
            let note = Some(Said::new("dans leurs mots", "in their words"));
            self.fields.push(FieldChoice { ours: "status_reason", rules: vec![Rule::of(path)], filled: 0, note });
        }
    }

    /// Of what is not over, a yes or no tells nothing: it may be an idea as well.
    fn archived(&mut self, field: &Field) {
        let is_over = |value: &str| truth(value) == Some(true);
        let nothing: BTreeSet<String> = field.counts.keys().filter(|value| !is_over(value)).cloned().collect();
        let rule = Rule { nothing: nothing.into_iter().collect(), ..Rule::of(&field.path) };
        let count = field.saying(is_over);
        self.fields.push(FieldChoice { ours: "status", rules: vec![rule], filled: count, note: None });
        let mut choices = values(field, None, |value| is_over(value).then(|| ("stopped".to_owned(), false)));
        choices.retain(|choice| choice.ours.is_some());
        self.values.insert("status", choices);
        self.decisions.push(Doubt::StatusOver { field: field.path.clone(), files: count });
    }

    fn status_values(&mut self, field: &Field, split: Option<&'static str>) {
        let choices = values(field, split, |value| {
            let status = statuses::status(value)?;
            let is_sure = !(status.as_str() == "stopped" && statuses::is_completion(value));
            Some((status.as_str().to_owned(), is_sure))
        });
        let names = |is_wanted: &dyn Fn(&ValueChoice) -> bool| -> Vec<String> {
            choices.iter().filter(|choice| is_wanted(choice)).map(|choice| choice.theirs.clone()).collect()
        };
        let ended = names(&|choice| choice.ours.is_some() && !choice.is_sure);
        let open = names(&|choice| choice.ours.is_none());
        if !ended.is_empty() {
            self.decisions.push(Doubt::StatusEnded { values: ended });
        }
        if !open.is_empty() {
            self.decisions.push(Doubt::StatusOpen { values: open });
        }
        self.values.insert("status", choices);
    }
}

/// A field that says yes or no, and is called by a word of a list: whether each project goes on, `is_active`.
fn truth_called<'p>(profile: &'p Profile, words: &str) -> Option<&'p Field> {
    let mut fields = profile.fields.values();
    fields.find(|field| {
        (!field.is_nested() || field.is_of_generator())
            && list("truths", words).contains(&words::name_words(field.name()).as_str())
            && field.share(|shape| shape == Shape::Truth) > 0.9
            && field.counts.len() > 1
    })
}

/// The values of a field and what each is in our terms, the most frequent first.
pub(super) fn values(
    field: &Field,
    split: Option<&'static str>,
    ours: impl Fn(&str) -> Option<(String, bool)>,
) -> Vec<ValueChoice> {
    let mut counts: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (value, count) in field.by_frequency() {
        let parts: Vec<&str> = split.map_or_else(|| vec![value], |separator| value.split(separator).collect());
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            counts.entry(fold(part)).or_insert_with(|| (part.to_owned(), 0)).1 += count;
        }
    }
    let mut choices: Vec<ValueChoice> = counts
        .into_iter()
        .filter(|(folded, _)| !folded.is_empty())
        .map(|(_, (theirs, count))| {
            let found = ours(&theirs);
            ValueChoice {
                is_sure: found.as_ref().is_some_and(|(_, is_sure)| *is_sure),
                ours: found.map(|(ours, _)| ours),
                theirs,
                count,
            }
        })
        .collect();
    choices.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.theirs.cmp(&other.theirs)));
    choices.truncate(MOST_VALUES);
    choices
}

/// A list of maps that tells the states that something went through, each with its day.
struct Phases<'p> {
    list: String,
    name: &'p Field,
    start: &'p Field,
}

impl<'p> Phases<'p> {
    fn of(profile: &'p Profile) -> Option<Self> {
        let lists = profile.fields.values().filter(|field| field.lists_of_maps > 0 && !field.is_nested());
        for list in lists {
            let inside = || {
                profile
                    .fields
                    .values()
                    .filter(|field| field.path.starts_with(&format!("{}[].", list.path)) && field.path.matches('.').count() == 1)
            };
            let name = inside()
                .filter(|field| field.share(Shape::is_label) > 0.8 && field.counts.len() <= 20)
                .max_by_key(|field| field.filled);
            let is_date = |field: &&Field| field.share(|shape| matches!(shape, Shape::Date(_))) > 0.8;
            let is_end = |field: &Field| words::meanings(field.name()).first().is_some_and(|named| named.meaning == Meaning::End);
            let start = inside().filter(is_date).filter(|field| !is_end(field)).max_by_key(|field| field.filled);
            let (Some(name), Some(start)) = (name, start) else { continue };
            let known = name.saying(|value| statuses::status(value).is_some());
            if ratio(known, name.values) > 0.6 && name.filled * 2 > profile.files {
                return Some(Self { list: list.path.clone(), name, start });
            }
        }
        None
    }
}
