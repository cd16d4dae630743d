//! Files of a mapping that others refer to.

use std::collections::HashMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{OrganisationKey, Text};

use crate::draft::{Identity, Reference, ReferentDraft, Whereabouts};

/// The files of a mapping that others refer to, by collection and key.
#[derive(Default)]
pub(super) struct Referents {
    by_identity: HashMap<(String, String), Referent>,
    /// Keys by collection and folded name; `None` if several files have it.
    by_name: HashMap<(String, String), Option<String>>,
}

/// What a file is to those that refer to it.
pub(super) struct Referent {
    pub name: Option<Text>,
    pub organisation: Option<OrganisationKey>,
    pub whereabouts: Whereabouts,
}

impl Referents {
    pub(super) fn add(&mut self, identity: Identity, referent: Referent) {
        let Identity { collection, key } = identity;
        if let Some(name) = &referent.name {
            let known = self.by_name.entry((collection.clone(), fold(name.as_str()))).or_insert_with(|| Some(key.clone()));
            if known.as_ref() != Some(&key) {
                *known = None;
            }
        }
        self.by_identity.entry((collection, key)).or_insert(referent);
    }

    pub(super) fn add_referent(&mut self, draft: ReferentDraft) {
        let referent = Referent { name: draft.name, organisation: None, whereabouts: draft.whereabouts };
        self.add(draft.identity, referent);
    }

    /// The file that a value refers to, by its key or else by its name.
    pub(super) fn find(&self, reference: &Reference) -> Option<&Referent> {
        let by_key = |identity: &Identity| self.by_identity.get(&(identity.collection.clone(), identity.key.clone()));
        let by_name = |collection: &String| {
            let key = self.by_name.get(&(collection.clone(), fold(&reference.text)))?.clone()?;
            self.by_identity.get(&(collection.clone(), key))
        };
        reference.candidates.iter().find_map(by_key).or_else(|| reference.collections.iter().find_map(by_name))
    }
}
