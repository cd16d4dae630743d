//! Files of a mapping that others refer to.

use std::collections::HashMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{OrganisationKey, Text};

use crate::draft::{Identity, Reference, ReferentDraft, Whereabouts};

/// The files of a mapping that others refer to, by collection and key.
#[derive(Default)]
pub(super) struct Referents {
    files: HashMap<(String, String), Referent>,
    /// Keys by collection and folded name; `None` if several files have it.
    names: HashMap<(String, String), Option<String>>,
    /// Likewise by other names, such as acronyms, which tell where no name does.
    other_names: HashMap<(String, String), Option<String>>,
    /// Likewise by former keys.
    former_keys: HashMap<(String, String), Option<String>>,
}

/// What a file is to those that refer to it.
pub(super) struct Referent {
    pub name: Option<Text>,
    pub other_names: Vec<Text>,
    /// Its former keys.
    pub aliases: Vec<OrganisationKey>,
    pub organisation: Option<OrganisationKey>,
    pub whereabouts: Whereabouts,
}

impl Referents {
    pub(super) fn add(&mut self, identity: Identity, referent: Referent) {
        let Identity { collection, key } = identity;
        let note = |of: &mut HashMap<(String, String), Option<String>>, called: String| {
            let known = of.entry((collection.clone(), called)).or_insert_with(|| Some(key.clone()));
            if known.as_ref() != Some(&key) {
                *known = None;
            }
        };
        referent.name.iter().for_each(|name| note(&mut self.names, fold(name.as_str())));
        referent.other_names.iter().for_each(|name| note(&mut self.other_names, fold(name.as_str())));
        referent.aliases.iter().for_each(|alias| note(&mut self.former_keys, alias.to_string()));
        self.files.entry((collection, key)).or_insert(referent);
    }

    pub(super) fn add_referent(&mut self, draft: ReferentDraft) {
        let ReferentDraft { identity, name, whereabouts } = draft;
        let referent = Referent { name, other_names: Vec::new(), aliases: Vec::new(), organisation: None, whereabouts };
        self.add(identity, referent);
    }

    /// The file that a value refers to: by its key, its name, a former key or, where one alone has it, another name.
    pub(super) fn find(&self, reference: &Reference) -> Option<&Referent> {
        let by_key = |identity: &Identity| self.files.get(&(identity.collection.clone(), identity.key.clone()));
        let among = |of: &HashMap<(String, String), Option<String>>, collection: &String, called: String| {
            let key = of.get(&(collection.clone(), called))?.clone()?;
            self.files.get(&(collection.clone(), key))
        };
        let by = |of| reference.collections.iter().find_map(|collection| among(of, collection, fold(&reference.text)));
        let by_alias = |identity: &Identity| among(&self.former_keys, &identity.collection, identity.key.clone());
        let candidates = || reference.candidates.iter();
        let found = candidates().find_map(by_key).or_else(|| by(&self.names));
        found.or_else(|| candidates().find_map(by_alias)).or_else(|| by(&self.other_names))
    }
}
