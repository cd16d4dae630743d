//! What others say of an initiative.

use super::value::written_enum;
use super::{InitiativeKey, Instant, Link, NoteKey, OrganisationKey, Provenance, Text};

written_enum!(
    /// What a note does to the case study.
    NoteKind, "a kind of note" {
        Enriches = "enriches",
        /// With evidence.
        Contradicts = "contradicts",
        Asks = "asks",
        Confirms = "confirms",
    }
);

/// A note on an initiative.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub key: NoteKey,
    pub initiative: InitiativeKey,
    pub kind: NoteKind,
    pub text: Text,
    pub at: Instant,
    pub organisation: Option<OrganisationKey>,
    pub evidence: Vec<Link>,
    pub provenance: Vec<Provenance>,
}
