//! Initiatives that are alike and towns that are alike, each with its reasons.
//!
//! | module | what it holds |
//! |---|---|
//! | `weights` | how much each reason counts: the constants, and what a client may change |
//! | `reason` | a reason and what its sentence needs |
//! | `explain` | the sentence, in French and in English |
//! | `measure` | rarity, nearness, likeness of numbers |
//! | `terms`, `generic` | the words that matter in a record, and those that never do |
//! | `profile` | what is compared of an initiative |
//! | `wording` | the words of two initiatives, compared |
//! | `pair` | two initiatives, compared reason by reason |
//! | `bounds` | which initiatives can be among the first |
//! | `ranking` | the first of many |
//! | `towns`, `cards`, `activity` | the same for towns: what is compared of each, and what they do |
//!
//! The formula, each measure and an example worked by hand are in `docs/similarity.md`.

pub(crate) mod activity;
mod bounds;
pub(crate) mod cards;
mod explain;
mod generic;
pub(crate) mod measure;
mod pair;
pub(crate) mod postings;
mod profile;
mod ranking;
mod reason;
pub(crate) mod terms;
mod towns;
mod weights;
mod wording;

pub use reason::{AdoptionLink, Reason, ReasonKind, Similar};
pub use weights::{InitiativeWeights, TownWeights};

use crate::question::QuestionError;
use crate::snapshot::Snapshot;

/// The longest list that is given.
pub const LONGEST_LIST: usize = 100;

fn check_first(first: usize) -> Result<usize, QuestionError> {
    if first > LONGEST_LIST {
        return Err(QuestionError::value("first", first, "the length of this list: from 0 to 100"));
    }
    Ok(first)
}

impl Snapshot {
    /// The initiatives that are most like one, the most alike first; `None` if there is no such initiative.
    pub fn similar_initiatives(
        &self,
        key: &str,
        weights: &InitiativeWeights,
        first: usize,
    ) -> Result<Option<Vec<Similar>>, QuestionError> {
        let first = check_first(first)?;
        weights.check()?;
        Ok(self.columns.initiatives.find(key).map(|id| self.columns.similar_initiatives(id, weights, first)))
    }

    /// The towns that are most like one, the most alike first; `None` if there is no such town.
    pub fn similar_towns(&self, key: &str, weights: &TownWeights, first: usize) -> Result<Option<Vec<Similar>>, QuestionError> {
        let first = check_first(first)?;
        weights.check()?;
        Ok(self.columns.towns.find(key).map(|id| self.columns.similar_towns(id, weights, first)))
    }
}
