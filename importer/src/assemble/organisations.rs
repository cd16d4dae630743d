//! The organisations that files are, and those that they name.

use std::collections::HashMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Involvement, Organisation, OrganisationKey, Text};

use super::referents::Referent;
use super::{Assembler, without_doubles};
use crate::diagnostic::{Code, Diagnostic};
use crate::draft::{InitiativeDraft, Lookup, Mention, OrganisationDraft, Reference, Spot};
use crate::resolve::{KnownOrganisation, SHORTEST_NAME};
use crate::slug::slug;

impl Assembler<'_> {
    /// Organisations that have files of their own; gives the parents that they name.
    pub(super) fn organisations_with_files(
        &mut self,
        drafts: Vec<(Spot, OrganisationDraft)>,
    ) -> Vec<(OrganisationKey, Lookup<Reference>)> {
        let mut parents = Vec::new();
        let mut spots: HashMap<OrganisationKey, Spot> = HashMap::new();
        for (spot, draft) in without_translations(drafts) {
            if let Some(first) = spots.get(&draft.key) {
                self.reject_repeated(&spot, draft.key.as_str(), &first.to_string());
                continue;
            }
            let path = spot.path.clone();
            spots.insert(draft.key.clone(), spot);
            self.by_name.entry(fold(draft.name.as_str())).or_insert_with(|| draft.key.clone());
            let (other_names, aliases) = (draft.other_names.clone(), draft.aliases.clone());
            let (name, organisation) = (Some(draft.name.clone()), Some(draft.key.clone()));
            let told = other_names.iter().map(|name| fold(name.as_str())).filter(|name| name.len() >= SHORTEST_NAME);
            told.for_each(|name| {
                let known = self.by_other_name.entry(name).or_insert_with(|| organisation.clone());
                if *known != organisation {
                    *known = None;
                }
            });
            let referent = Referent { name, other_names, aliases, organisation, whereabouts: draft.whereabouts };
            self.referents.add(draft.identity, referent);
            if self.is_elsewhere(&draft.key, &draft.name) {
                continue;
            }
            parents.extend(draft.part_of.map(|parent| (draft.key.clone(), parent)));
            let organisation = Organisation {
                key: draft.key.clone(),
                aliases: draft.aliases,
                name: draft.name,
                other_names: draft.other_names,
                website: draft.website,
                part_of: None,
                supersedes: Vec::new(),
                provenance: self.origin.provenance(&path),
            };
            self.organisations.insert(draft.key, organisation);
        }
        parents
    }

    pub(super) fn parents(&mut self, parents: Vec<(OrganisationKey, Lookup<Reference>)>) {
        for (key, parent) in parents {
            if let Some(parent) = self.organisation_of(&parent.value).filter(|parent| *parent != key) {
                self.organisations.entry(key).and_modify(|organisation| organisation.part_of = Some(parent));
            } else {
                self.result.diagnostics.push(parent.or_else);
            }
        }
    }

    /// The organisation that a value refers to: one with a file, else one that the graph still holds.
    fn organisation_of(&self, reference: &Reference) -> Option<OrganisationKey> {
        let made = self.referents.find(reference).and_then(|referent| referent.organisation.clone());
        let candidates = reference.candidates.iter().filter_map(|identity| identity.key.parse::<OrganisationKey>().ok());
        made.into_iter().chain(candidates).find_map(|key| self.present(&key))
    }

    /// Whether another source made this organisation before, so that it is not made twice.
    fn is_elsewhere(&mut self, key: &OrganisationKey, name: &Text) -> bool {
        if self.elsewhere.contains_key(key) {
            return true;
        }
        let owner = match self.known.organisations.by_key(key) {
            // Its key is known: whose it is shows when it is compared with the graph.
            Some(_) => None,
            None => self.known.organisations.of_another_source(name.as_str(), &self.origin.source.key),
        };
        if let Some(owner) = owner {
            self.elsewhere.insert(key.clone(), owner.key.clone());
        }
        owner.is_some()
    }

    /// The key under which an organisation is found, if it is.
    fn present(&self, key: &OrganisationKey) -> Option<OrganisationKey> {
        if let Some(elsewhere) = self.elsewhere.get(key) {
            return Some(elsewhere.clone());
        }
        if self.organisations.contains_key(key) {
            return Some(key.clone());
        }
        self.known.organisations.by_key(key).filter(|known| !known.withdrawn).map(|known| known.key.clone())
    }

    /// Organisations that files name with an id: those that name them without one mean the same.
    pub(super) fn named_mentions(&mut self, initiatives: &[(Spot, Box<InitiativeDraft>)]) {
        for mention in initiatives.iter().flat_map(|(_, draft)| &draft.organisations) {
            if let Mention { key: Some(key), name: Some(name), .. } = &mention.value {
                self.by_name.entry(fold(name.as_str())).or_insert_with(|| key.clone());
            }
        }
    }

    pub(super) fn involvement(&mut self, path: &str, mention: Lookup<Mention>) -> Option<Involvement> {
        let Mention { key, name, reference, website, role } = mention.value;
        if let Some(reference) = reference {
            if let Some(organisation) = self.organisation_of(&reference) {
                return Some(Involvement { organisation, role });
            }
            let Some(name) = &name else {
                self.result.diagnostics.push(mention.or_else);
                return None;
            };
            let diagnostic = Diagnostic { code: Code::OrganisationByName, ..mention.or_else.clone() };
            self.result.diagnostics.push(diagnostic.detail(name.as_str()));
        }
        let by_name = |name: &Text| {
            let name = fold(name.as_str());
            self.by_name.get(&name).or_else(|| self.by_other_name.get(&name)?.as_ref()).cloned()
        };
        let from_name = |name: &Text| slug(name.as_str()).and_then(|slug| slug.parse::<OrganisationKey>().ok());
        let key = key.or_else(|| name.as_ref().and_then(|name| by_name(name).or_else(|| from_name(name))));
        let Some(key) = key else {
            self.result.diagnostics.push(mention.or_else);
            return None;
        };
        if let Some(organisation) = self.present(&key) {
            let is_ours = |known: &KnownOrganisation| known.source.as_ref() == Some(&self.origin.source.key);
            let made_here = self.organisations.contains_key(&key);
            // One of ours that no file has made yet in this run is made again below, so that it stays as its files say.
            let make_again = !made_here && self.known.organisations.by_key(&key).is_some_and(is_ours) && name.is_some();
            if !make_again {
                if let (Some(known), Some(website)) = (self.organisations.get_mut(&key), website) {
                    known.website.get_or_insert(website);
                }
                return Some(Involvement { organisation, role });
            }
        }
        let Some(name) = name else {
            self.result.diagnostics.push(mention.or_else);
            return None;
        };
        if self.is_elsewhere(&key, &name) {
            return self.present(&key).map(|organisation| Involvement { organisation, role });
        }
        self.by_name.entry(fold(name.as_str())).or_insert_with(|| key.clone());
        let organisation = Organisation {
            key: key.clone(),
            aliases: Vec::new(),
            name,
            other_names: Vec::new(),
            website,
            part_of: None,
            supersedes: Vec::new(),
            provenance: self.origin.provenance(path),
        };
        self.organisations.insert(key.clone(), organisation);
        Some(Involvement { organisation: key, role })
    }
}

/// Of organisations whose files are translations of one another, the original with the names of the others.
fn without_translations(drafts: Vec<(Spot, OrganisationDraft)>) -> Vec<(Spot, OrganisationDraft)> {
    let mut kept: Vec<(Spot, OrganisationDraft)> = Vec::with_capacity(drafts.len());
    let mut index: HashMap<OrganisationKey, usize> = HashMap::new();
    for (spot, mut draft) in drafts {
        let known = draft.translation_rank.and(index.get(&draft.key).copied());
        let Some((known_spot, known)) = known.and_then(|known| kept.get_mut(known)) else {
            index.entry(draft.key.clone()).or_insert(kept.len());
            kept.push((spot, draft));
            continue;
        };
        if draft.translation_rank < known.translation_rank {
            std::mem::swap(known, &mut draft);
            *known_spot = spot;
        }
        let others = [draft.name].into_iter().chain(draft.other_names).filter(|name| *name != known.name);
        known.other_names.extend(others);
        without_doubles(&mut known.other_names, Clone::clone);
        known.website = known.website.take().or(draft.website);
    }
    kept
}
