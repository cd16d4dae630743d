//! What is done in each town: the topics of its initiatives.

use std::sync::Arc;

use crate::columns::{Columns, Dimension, Id};

/// Topics, broader ones included, and how many initiatives of the town deal with each; sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Activity(Vec<(Id, u32)>);

impl Activity {
    pub(crate) fn add(&mut self, topic: Id) {
        match self.0.binary_search_by_key(&topic, |(known, _)| *known) {
            Ok(place) => self.0[place].1 += 1,
            Err(place) => self.0.insert(place, (topic, 1)),
        }
    }

    pub(crate) fn remove(&mut self, topic: Id) {
        if let Ok(place) = self.0.binary_search_by_key(&topic, |(known, _)| *known) {
            self.0[place].1 -= 1;
            if self.0[place].1 == 0 {
                self.0.remove(place);
            }
        }
    }

    pub(crate) fn topics(&self) -> impl Iterator<Item = Id> + '_ {
        self.0.iter().map(|(topic, _)| *topic)
    }
}

impl Columns {
    /// Counts an initiative with these values in its towns, or takes it out.
    pub(crate) fn count_activity(&mut self, values: &[(Dimension, u32)], count: impl Fn(&mut Activity, Id)) {
        let of = |wanted: Dimension| values.iter().filter(move |(dimension, _)| *dimension == wanted).map(|(_, value)| *value);
        for town in of(Dimension::Town) {
            let slot = self.activities.change(town, &None);
            let activity = Arc::make_mut(slot.get_or_insert_default());
            of(Dimension::TopicTree).for_each(|topic| count(activity, topic));
            if activity.0.is_empty() {
                *slot = None;
            }
        }
    }

    /// What is done in a town; `None` where nothing is.
    pub(crate) fn activity(&self, town: Id) -> Option<&Activity> {
        self.activities.get(town).and_then(Option::as_deref)
    }
}
