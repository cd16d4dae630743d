//! The numbers that stand for kinds, relations and changes in the tables, in the order of the enums.
//!
//! To add a value: give it a number between its neighbours', and add it to the table of names in a new migration.

use crate::change::ChangeKind;
use crate::model::{RecordKind, Relation};

/// A value that the tables keep as a number.
pub(super) trait Code: Copy + 'static {
    /// Every value, in order.
    const VALUES: &'static [Self];

    /// The number.
    fn code(self) -> i64;

    /// The value of a number.
    fn from_code(code: i64) -> Option<Self> {
        Self::VALUES.iter().copied().find(|value| value.code() == code)
    }
}

impl Code for RecordKind {
    const VALUES: &'static [Self] = Self::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Area => 10,
            Self::CaseStudy => 20,
            Self::Initiative => 30,
            Self::Note => 40,
            Self::Organisation => 50,
            Self::Source => 60,
            Self::Topic => 70,
            Self::Town => 80,
        }
    }
}

impl Code for Relation {
    const VALUES: &'static [Self] = Self::ALL;

    fn code(self) -> i64 {
        match self {
            Self::About => 10,
            Self::DescribedBy => 20,
            Self::InspiredBy => 30,
            Self::Involves => 40,
            Self::Narrower => 50,
            Self::NoteOn => 60,
            Self::PartOf => 70,
            Self::ProvidedBy => 80,
            Self::RunsIn => 90,
            Self::Supersedes => 100,
            Self::WrittenBy => 110,
        }
    }
}

impl Code for ChangeKind {
    const VALUES: &'static [Self] = Self::ALL;

    fn code(self) -> i64 {
        match self {
            Self::Added => 10,
            Self::Changed => 20,
            Self::Withdrawn => 30,
            Self::Restored => 40,
            Self::Merged => 50,
        }
    }
}
