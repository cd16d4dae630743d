//! Where initiatives are.

use maillage_graph_schema::model::Place;

use super::Assembler;
use crate::diagnostic::{Code, Diagnostic};
use crate::draft::{Lookup, PlaceDraft, Reference, Whereabouts};

impl Assembler<'_> {
    /// The places that a file names; if it names none by our fields, where the first way of its mapping that leads anywhere
    /// for certain leads.
    pub(super) fn places(
        &mut self,
        named: &[Lookup<PlaceDraft>],
        whereabouts: &Whereabouts,
        is_told: &dyn Fn(&Reference) -> bool,
    ) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        self.resolve(named, &mut places, is_told);
        let first = self.result.diagnostics.len();
        // What is known of a town only as far as the country it lies in waits for what the other rules tell.
        let mut as_far_as_known: Vec<Place> = Vec::new();
        for way in whereabouts {
            if !places.is_empty() {
                break;
            }
            let before = self.result.diagnostics.len();
            let is_of_file = way.iter().any(|place| !matches!(place.value, PlaceDraft::Known { said: None, .. }));
            if !is_of_file && !as_far_as_known.is_empty() {
                break;
            }
            let is_whole = self.resolve(way, &mut places, is_told);
            if !places.is_empty() && !is_whole {
                let found = std::mem::take(&mut places);
                if as_far_as_known.is_empty() {
                    as_far_as_known = found;
                }
                continue;
            }
            // What one field did not tell and the next one did, nobody need look at; what is the same for all files tells nothing.
            if !places.is_empty() && is_of_file {
                let said_before = self.result.diagnostics.split_off(first);
                let is_open = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::UncertainPlace | Code::UnknownPlace);
                let kept = said_before.into_iter().enumerate();
                let kept = kept.filter(|(index, diagnostic)| first + index >= before || !is_open(diagnostic));
                self.result.diagnostics.extend(kept.map(|(_, diagnostic)| diagnostic));
            }
        }
        if places.is_empty() {
            places = as_far_as_known;
        }
        places
    }

    /// Adds the places that drafts lead to; whether one of them is what is meant, rather than the country that a town was not
    /// found in.
    fn resolve(&mut self, drafts: &[Lookup<PlaceDraft>], places: &mut Vec<Place>, is_told: &dyn Fn(&Reference) -> bool) -> bool {
        let mut is_whole = false;
        for draft in drafts {
            if let PlaceDraft::Of(reference) = &draft.value {
                let Some(referent) = self.referents.find(reference) else {
                    // What the organisations of the file say already is not said twice.
                    if is_told(reference) {
                        continue;
                    }
                    self.result.diagnostics.push(Diagnostic { code: Code::UnknownReference, ..draft.or_else.clone() });
                    continue;
                };
                let whereabouts = referent.whereabouts.clone();
                let before = places.len();
                for way in &whereabouts {
                    if places.len() > before {
                        break;
                    }
                    // A reference to a reference goes no further.
                    let here: Vec<_> = way.iter().filter(|place| !matches!(place.value, PlaceDraft::Of(_))).cloned().collect();
                    is_whole |= self.resolve(&here, places, is_told);
                }
                continue;
            }
            let resolved = self.known.places.resolve(draft, &mut self.suggestions);
            if let Some(how) = resolved.how {
                *self.found.entry(how).or_default() += 1;
            }
            is_whole |= resolved.place.is_some() && resolved.diagnostic.is_none();
            places.extend(resolved.place.filter(|place| places.iter().all(|known| known.target != place.target)));
            self.result.diagnostics.extend(resolved.diagnostic);
        }
        is_whole
    }
}
