//! Topics in a field whose name tells nothing, by what it says: a few short labels that recur from record to record. Those in lists
//! are taken, and those that stand alone are offered: what each record has one of may be a state, a programme, a sort of page.

use std::collections::BTreeMap;

use super::super::decisions::Doubt;
use super::super::meaning::holds_names;
use super::super::model::{FieldChoice, Rule};
use super::super::profile::{Field, ratio};
use super::super::said::Said;
use super::super::shape::Shape;
use super::{Built, Material, separator};

/// How many labels are shown as examples.
const SHOWN: usize = 4;

impl Built {
    /// Takes such a field for tags where nothing else tells any, and asks.
    pub(super) fn recurring(&mut self, material: &Material<'_>) {
        if self.has("tags") {
            return;
        }
        let refers = |field: &Field| material.references.iter().any(|(reference, _, _)| reference.field == field.path);
        let unknown = material.meanings.unknown.iter().copied().filter(|field| !refers(field));
        let found = unknown.filter_map(|field| Some((field, recurring_labels(field, material.profile.files)?)));
        let best = found.max_by_key(|(field, labels)| (holds_lists(field), field.filled, labels.len()));
        let Some((field, labels)) = best else { return };
        let rules = vec![Rule { split: separator(field).into_iter().collect(), ..Rule::of(&field.path) }];
        let note = Said::new("à en juger par ses valeurs", "to judge by its values");
        let choice = FieldChoice { ours: "tags", rules, filled: field.filled, note: Some(note) };
        // Single words, and words with hyphens, may be names of persons.
        let is_unsure = !labels.iter().any(|label| is_phrase(label)) || !holds_lists(field);
        if is_unsure {
            self.offered.push(choice);
        } else {
            self.fields.push(choice);
        }
        let examples = labels.into_iter().take(SHOWN).collect();
        self.decisions.push(Doubt::TagsByValues { field: field.path.clone(), examples });
    }
}

/// Whether records have several values in a field: in a list, or in one text.
fn holds_lists(field: &Field) -> bool {
    field.is_list() || field.share(|shape| shape == Shape::Labels) > 0.3
}

/// The labels of a field, the most frequent first, if they are short texts that recur among records, and no names. One that stands
/// alone is of several words, and one of a few.
fn recurring_labels(field: &Field, files: usize) -> Option<Vec<String>> {
    /// Fewer files show nothing.
    const FEWEST: usize = 4;
    const LONGEST: usize = 40;
    const MOST_ALONE: usize = 8;
    let is_in_map = field.path.contains("[].");
    let labels = field.share(Shape::is_label);
    let is_of_few = || field.counts.len() <= MOST_ALONE && field.counts.keys().all(|value| value.contains([' ', '-', '_']));
    if is_in_map
        || !holds_lists(field) && !is_of_few()
        || labels < 0.9
        || field.filled < FEWEST
        || field.filled * 2 < files
        || holds_names(field)
    {
        return None;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let split = separator(field);
    for (value, count) in &field.counts {
        let parts: Vec<&str> = split.map_or_else(|| vec![value.as_str()], |sign| value.split(sign).collect());
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
            *counts.entry(part.to_owned()).or_default() += count;
        }
    }
    let all: usize = counts.values().sum();
    let again: usize = counts.values().filter(|count| **count > 1).sum();
    let tells_apart = counts.values().any(|count| *count < field.filled);
    let is_short = counts.keys().all(|label| label.chars().count() <= LONGEST);
    let recur = counts.len() > 1 && ratio(again, all) > 0.5 && tells_apart && is_short;
    let mut labels: Vec<(String, usize)> = counts.into_iter().collect();
    labels.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    recur.then(|| labels.into_iter().map(|(label, _)| label).collect())
}

/// Whether a label is of several words as no name is: `Open data`.
fn is_phrase(label: &str) -> bool {
    label.split_whitespace().skip(1).any(|word| word.chars().next().is_some_and(char::is_lowercase))
}
