//! The stable keys of records.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

use super::value::{LONGEST_LANGUAGE, ValueError, text_accessors};
use super::{AreaKind, Language, RecordKind, RecordRef};

/// The longest key, in bytes, but for a case study's: that has room for any initiative's key with any language.
const LONGEST: usize = 200;

/// What the keys of every kind of record have in common. Keys are ASCII: they sort alike everywhere.
pub trait RecordKey: Clone + Debug + Display + Eq + Ord + Hash + FromStr<Err = ValueError> + Send + Sync {
    /// The kind of record that it names.
    const KIND: RecordKind;

    /// The key as it is written.
    fn as_str(&self) -> &str;

    /// The record that it names.
    fn reference(&self) -> RecordRef {
        RecordRef::of(self)
    }
}

macro_rules! record_key {
    ($(#[$meta:meta])* $name:ident, $kind:ident, $what:literal, $expected:literal, $longest:expr, $is_valid:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);
        text_accessors!($name);

        impl RecordKey for $name {
            const KIND: RecordKind = RecordKind::$kind;

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if text.len() <= $longest && is_valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(ValueError::new($what, text, $expected))
                }
            }
        }
    };
}

/// Lower-case ASCII letters and digits, in groups joined by single hyphens.
fn is_slug(text: &str) -> bool {
    text.split('-').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

/// `scheme:code`, the code in ASCII letters and digits.
fn is_scheme_and_code(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, code)| {
        is_slug(scheme) && !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

record_key!(
    /// `insee:47001` (the official code of the commune) or `geonames:2522874`.
    TownKey, Town, "the key of a town", "scheme:code, such as insee:47001 or geonames:2522874", LONGEST, is_scheme_and_code
);
record_key!(
    /// `department:47`, `region:75`, `epci:200035459`, `ept:T1`, `country:FR`; the scheme tells the kind.
    AreaKey, Area, "the key of an area", "scheme:code, such as department:47, region:75, epci:200035459 or country:FR", LONGEST, is_scheme_and_code
);
record_key!(
    /// A slug, such as `fablab`.
    TopicKey, Topic, "the key of a topic", "a slug such as fablab", LONGEST, is_slug
);
record_key!(
    /// A slug, such as `urban-prod`.
    OrganisationKey, Organisation, "the key of an organisation", "a slug such as urban-prod", LONGEST, is_slug
);
record_key!(
    /// A slug, such as `betagouv`.
    SourceKey, Source, "the key of a source", "a slug such as betagouv", LONGEST, is_slug
);
record_key!(
    /// A slug, such as `roubaix-guichets-ouverts`.
    InitiativeKey, Initiative, "the key of an initiative", "a slug such as roubaix-guichets-ouverts", LONGEST, is_slug
);
record_key!(
    /// The initiative's key and the language: `roubaix-guichets-ouverts/fr`.
    CaseStudyKey, CaseStudy, "the key of a case study", "an initiative's key, a slash and a language, such as agen-wifi/fr",
    LONGEST + 1 + LONGEST_LANGUAGE,
    |text| text.split_once('/').is_some_and(|(initiative, language)| is_slug(initiative) && language.parse::<Language>().is_ok_and(|parsed| parsed.as_str() == language))
);
record_key!(
    /// A slug.
    NoteKey, Note, "the key of a note", "a slug", LONGEST, is_slug
);

impl AreaKey {
    /// The kind of area, told by the scheme.
    pub fn area_kind(&self) -> AreaKind {
        match self.0.split(':').next() {
            Some("epci" | "ept") => AreaKind::Intercommunality,
            Some("department") => AreaKind::Department,
            Some("region") => AreaKind::Region,
            Some("country") => AreaKind::Country,
            _ => AreaKind::Other,
        }
    }
}

impl CaseStudyKey {
    /// The key of an initiative's telling in a language.
    pub fn new(initiative: &InitiativeKey, language: &Language) -> Self {
        Self(format!("{initiative}/{language}"))
    }
}
