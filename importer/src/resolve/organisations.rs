//! Organisations by key or name.

use std::collections::HashMap;

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Organisation, OrganisationKey, Record, SourceKey};
use maillage_graph_schema::store::Stored;

/// Acronyms shorter than this name several organisations: they do not tell one from another.
pub const SHORTEST_NAME: usize = 4;

/// An organisation of the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrganisation {
    pub key: OrganisationKey,
    /// The source that it belongs to.
    pub source: Option<SourceKey>,
    pub withdrawn: bool,
}

/// Organisations of the graph.
#[derive(Debug, Default)]
pub struct Organisations {
    by_key: HashMap<OrganisationKey, KnownOrganisation>,
    by_name: HashMap<String, Vec<KnownOrganisation>>,
}

impl Organisations {
    /// Adds one.
    pub fn add(&mut self, stored: &Stored) {
        let Record::Organisation(organisation) = &stored.record else { return };
        let known = KnownOrganisation {
            key: organisation.key.clone(),
            source: organisation.provenance.first().map(|provenance| provenance.source.clone()),
            withdrawn: stored.withdrawn.is_some(),
        };
        for key in organisation.aliases.iter().chain([&organisation.key]) {
            self.by_key.insert(key.clone(), known.clone());
        }
        if !known.withdrawn {
            for name in names(organisation) {
                self.by_name.entry(name).or_default().push(known.clone());
            }
        }
    }

    /// The one of a key or alias.
    pub fn by_key(&self, key: &OrganisationKey) -> Option<&KnownOrganisation> {
        self.by_key.get(key)
    }

    /// The only one of a name that another source made.
    pub fn of_another_source(&self, name: &str, source: &SourceKey) -> Option<&KnownOrganisation> {
        let mut others =
            self.by_name.get(&fold(name))?.iter().filter(|known| known.source.as_ref().is_some_and(|owner| owner != source));
        let first = others.next()?;
        // Two organisations of one name: which one is meant is not for us to guess.
        others.all(|other| other.key == first.key).then_some(first)
    }
}

/// The folded names of an organisation that tell it from others.
pub fn names(organisation: &Organisation) -> impl Iterator<Item = String> {
    let others = organisation.other_names.iter().map(|name| fold(name.as_str())).filter(|name| name.len() >= SHORTEST_NAME);
    let mut names: Vec<String> = others.chain([fold(organisation.name.as_str())]).collect();
    names.sort();
    names.dedup();
    names.into_iter()
}
