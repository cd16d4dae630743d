//! How much each reason counts.

use crate::question::QuestionError;

/// The most that a reason may be made to count.
const MOST: f64 = 10.0;

/// The most that each reason can add to the score of an initiative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InitiativeWeights {
    pub shared_topics: f64,
    pub same_kind: f64,
    pub shared_audience: f64,
    pub similar_text: f64,
    pub town_size: f64,
    pub town_type: f64,
    pub same_area: f64,
    pub distance: f64,
    pub same_organisation: f64,
    pub adoption: f64,
}

/// The constants of the formula: where they come from is in `docs/similarity.md`.
impl Default for InitiativeWeights {
    fn default() -> Self {
        Self {
            shared_topics: 3.0,
            same_kind: 0.5,
            shared_audience: 0.5,
            similar_text: 4.0,
            town_size: 0.5,
            town_type: 0.25,
            same_area: 0.5,
            distance: 0.25,
            same_organisation: 0.25,
            adoption: 2.0,
        }
    }
}

/// The most that each reason can add to the score of a town.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TownWeights {
    pub town_size: f64,
    pub town_type: f64,
    pub same_area: f64,
    pub distance: f64,
    pub similar_activity: f64,
}

/// The constants of the formula: where they come from is in `docs/similarity.md`.
impl Default for TownWeights {
    fn default() -> Self {
        Self { town_size: 3.0, town_type: 1.5, same_area: 0.75, distance: 0.75, similar_activity: 2.0 }
    }
}

impl InitiativeWeights {
    /// Whether each weight is one that can be asked for.
    pub fn check(&self) -> Result<(), QuestionError> {
        check(&[
            ("sharedTopics", self.shared_topics),
            ("sameKind", self.same_kind),
            ("sharedAudience", self.shared_audience),
            ("similarText", self.similar_text),
            ("townSize", self.town_size),
            ("townType", self.town_type),
            ("sameArea", self.same_area),
            ("distance", self.distance),
            ("sameOrganisation", self.same_organisation),
            ("adoption", self.adoption),
        ])
    }
}

impl TownWeights {
    /// Whether each weight is one that can be asked for.
    pub fn check(&self) -> Result<(), QuestionError> {
        check(&[
            ("townSize", self.town_size),
            ("townType", self.town_type),
            ("sameArea", self.same_area),
            ("distance", self.distance),
            ("similarActivity", self.similar_activity),
        ])
    }
}

fn check(weights: &[(&'static str, f64)]) -> Result<(), QuestionError> {
    match weights.iter().find(|(_, weight)| !(0.0..=MOST).contains(weight)) {
        Some((name, weight)) => Err(QuestionError::value(name, weight, "a weight: a number from 0 to 10")),
        None => Ok(()),
    }
}
