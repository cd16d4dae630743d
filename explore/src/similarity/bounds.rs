//! Which initiatives can be among the first.

use super::pair::Subject;
use super::profile::Profile;
use super::ranking::First;
use super::reason::Similar;
use super::weights::InitiativeWeights;
use crate::columns::{Columns, Id};

impl Columns {
    pub(crate) fn similar_initiatives(&self, id: Id, weights: &InitiativeWeights, first: usize) -> Vec<Similar> {
        let subject = Subject::new(self, id, weights);
        let keys = |id: Id| self.initiatives.key(id).as_ref();
        let mut best = First::new(first, &keys);
        for other in self.live.iter() {
            let profile = Profile::new(self, other);
            if let Some(comparison) = subject.compare(&profile) {
                best.offer(subject.score(&comparison), other, comparison);
            }
        }
        best.into_kept().map(|(_, other, comparison)| subject.reasons(&Profile::new(self, other), &comparison)).collect()
    }
}
