//! Who carries, funds, joins or supplies initiatives.

use super::{OrganisationKey, Provenance, Text, WebAddress};

/// A town hall, an association, a ministry, a company.
#[derive(Debug, Clone, PartialEq)]
pub struct Organisation {
    pub key: OrganisationKey,
    pub aliases: Vec<OrganisationKey>,
    pub name: Text,
    /// Acronyms and other names by which sources call it.
    pub other_names: Vec<Text>,
    pub website: Option<WebAddress>,
    /// The organisation that it is a part of.
    pub part_of: Option<OrganisationKey>,
    pub supersedes: Vec<OrganisationKey>,
    pub provenance: Vec<Provenance>,
}
