//! The terms of the domain. A value of these types is valid: parsing happens where text enters.
//!
//! No I/O, no serialisation and no GraphQL here; [`crate::document`] and the edges have their own.

mod case_study;
mod initiative;
mod key;
mod note;
mod organisation;
mod place;
mod provenance;
mod record;
mod run;
mod source;
mod topic;
mod value;

pub use case_study::{CaseStudy, Picture, Section, SectionKind};
pub use initiative::{
    Adoption, Audience, Confirmation, Contact, Cost, CostBasis, DeclaredBy, Figure, Initiative, Involvement, Link,
    OrganisationRole, Original, Place, PlaceTarget, Status,
};
pub use key::{AreaKey, CaseStudyKey, InitiativeKey, NoteKey, OrganisationKey, RecordKey, SourceKey, TopicKey, TownKey};
pub use note::{Note, NoteKind};
pub use organisation::Organisation;
pub use place::{Area, AreaKind, BoundingBox, FormerTown, Point, Town, TownType};
pub use provenance::{Provenance, Withdrawal};
pub use record::{Direction, Edge, Record, RecordKind, RecordRef, Relation};
pub use run::{ImportRun, Lease, RunCause, RunCounts, RunDiagnostic, RunKey, RunProgress, RunState, Severity};
pub use source::{Source, SourceKind};
pub use topic::{AlternativeLabel, Topic};
pub use value::{DatePrecision, Instant, Language, Licence, Number, PartialDate, Text, ValueError, WebAddress};
