//! The small values that records are made of.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, NaiveDate, SecondsFormat, SubsecRound as _, Timelike as _, Utc};

/// A text that is not a value of the type that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not {what}: expected {expected}")]
pub struct ValueError {
    /// What was to be read, with its article: "a date".
    pub what: &'static str,
    /// The text found.
    pub value: String,
    /// What would have been accepted.
    pub expected: String,
}

impl ValueError {
    pub(crate) fn new(what: &'static str, value: &str, expected: impl Into<String>) -> Self {
        Self { what, value: value.chars().take(200).collect(), expected: expected.into() }
    }
}

/// Gives a newtype over a text its accessors: `as_str`, `Display`, `AsRef<str>`.
macro_rules! text_accessors {
    ($name:ident) => {
        impl $name {
            /// The text as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}
pub(crate) use text_accessors;

/// Defines an enum whose values have one written form each.
macro_rules! written_enum {
    ($(#[$meta:meta])* $name:ident, $what:literal { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The written form.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::ValueError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::model::ValueError::new($what, text, [$($text),+].join(", "))),
                }
            }
        }
    };
}
pub(crate) use written_enum;

/// A text that says something: trimmed, not empty, without control characters but line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);
text_accessors!(Text);

impl FromStr for Text {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let is_control = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
        if trimmed.is_empty() {
            return Err(ValueError::new("a text", text, "at least one visible character"));
        }
        if trimmed.contains(is_control) {
            return Err(ValueError::new("a text", text, "no control characters"));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

/// A finite number.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// The number, if it is finite.
    pub fn new(value: f64) -> Result<Self, ValueError> {
        // One zero: -0.0 and 0.0 are equal but print differently.
        if value.is_finite() {
            Ok(Self(value + 0.0))
        } else {
            Err(ValueError::new("a number", &value.to_string(), "a finite number"))
        }
    }

    /// The number.
    pub const fn get(self) -> f64 {
        self.0
    }
}

/// A language tag of BCP 47, in its customary case: `fr`, `pt-BR`, `zh-Hant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);
text_accessors!(Language);

impl Language {
    /// French.
    pub fn french() -> Self {
        Self("fr".to_owned())
    }

    /// English.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// The language without script, region and variants: `pt` of `pt-BR`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

/// The longest language tag, in bytes: what RFC 5646 (4.4.1) asks programs to have room for.
pub(super) const LONGEST_LANGUAGE: usize = 35;

impl FromStr for Language {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ValueError::new("a language", text, "a BCP 47 tag such as fr, en or pt-BR");
        let mut parts = text.split('-');
        let primary = parts.next().unwrap_or_default();
        let is_primary = (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_primary || text.len() > LONGEST_LANGUAGE {
            return Err(error());
        }
        let mut tag = primary.to_ascii_lowercase();
        // Behind a single letter everything is in lower case: `en-u-ca-gregory`.
        let mut is_extension = false;
        for part in parts {
            if !(1..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(error());
            }
            tag.push('-');
            is_extension |= part.len() == 1;
            match part.len() {
                2 if !is_extension => tag.push_str(&part.to_ascii_uppercase()),
                4 if !is_extension && part.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    tag.push_str(&part[..1].to_ascii_uppercase());
                    tag.push_str(&part[1..].to_ascii_lowercase());
                }
                _ => tag.push_str(&part.to_ascii_lowercase()),
            }
        }
        Ok(Self(tag))
    }
}

/// A licence by its SPDX identifier, such as `CC-BY-4.0` or `etalab-2.0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Licence(String);
text_accessors!(Licence);

/// The licences that content of this kind comes under: identifier, name, address, whether it is open by the Open Definition.
const LICENCES: &[(&str, &str, &str, bool)] = &[
    ("AGPL-3.0-only", "GNU Affero General Public License v3.0 only", "https://spdx.org/licenses/AGPL-3.0-only.html", true),
    ("Apache-2.0", "Apache License 2.0", "https://spdx.org/licenses/Apache-2.0.html", true),
    ("CC-BY-3.0", "Creative Commons Attribution 3.0 Unported", "https://creativecommons.org/licenses/by/3.0/", true),
    ("CC-BY-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/", true),
    (
        "CC-BY-NC-4.0",
        "Creative Commons Attribution Non Commercial 4.0 International",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        false,
    ),
    (
        "CC-BY-NC-ND-4.0",
        "Creative Commons Attribution Non Commercial No Derivatives 4.0 International",
        "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        false,
    ),
    (
        "CC-BY-NC-SA-4.0",
        "Creative Commons Attribution Non Commercial Share Alike 4.0 International",
        "https://creativecommons.org/licenses/by-nc-sa/4.0/",
        false,
    ),
    (
        "CC-BY-ND-4.0",
        "Creative Commons Attribution No Derivatives 4.0 International",
        "https://creativecommons.org/licenses/by-nd/4.0/",
        false,
    ),
    (
        "CC-BY-SA-3.0",
        "Creative Commons Attribution Share Alike 3.0 Unported",
        "https://creativecommons.org/licenses/by-sa/3.0/",
        true,
    ),
    (
        "CC-BY-SA-4.0",
        "Creative Commons Attribution Share Alike 4.0 International",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        true,
    ),
    ("CC0-1.0", "Creative Commons Zero v1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/", true),
    ("EUPL-1.2", "European Union Public License 1.2", "https://spdx.org/licenses/EUPL-1.2.html", true),
    ("GFDL-1.3-only", "GNU Free Documentation License v1.3 only", "https://spdx.org/licenses/GFDL-1.3-only.html", true),
    ("MIT", "MIT License", "https://spdx.org/licenses/MIT.html", true),
    ("ODbL-1.0", "Open Data Commons Open Database License v1.0", "https://opendatacommons.org/licenses/odbl/1-0/", true),
    (
        "OGL-UK-3.0",
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        true,
    ),
    ("etalab-2.0", "Licence Ouverte 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", true),
];

impl Licence {
    /// Every licence known, by identifier.
    pub fn all() -> impl Iterator<Item = Self> {
        LICENCES.iter().map(|row| Self(row.0.to_owned()))
    }

    fn row(&self) -> &'static (&'static str, &'static str, &'static str, bool) {
        LICENCES.iter().find(|row| row.0 == self.0).unwrap_or_else(|| unreachable!("a licence is parsed from the table"))
    }

    /// The full name.
    pub fn name(&self) -> &'static str {
        self.row().1
    }

    /// Where its text is.
    pub fn address(&self) -> &'static str {
        self.row().2
    }

    /// Whether the Open Definition counts it as open: free to use, change and pass on, for any purpose.
    pub fn is_open(&self) -> bool {
        self.row().3
    }
}

impl FromStr for Licence {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        LICENCES
            .iter()
            .find(|row| row.0.eq_ignore_ascii_case(text))
            .map(|row| Self(row.0.to_owned()))
            .ok_or_else(|| ValueError::new("a licence", text, LICENCES.iter().map(|row| row.0).collect::<Vec<_>>().join(", ")))
    }
}

/// An address on the web, `http` or `https`, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebAddress(String);
text_accessors!(WebAddress);

impl FromStr for WebAddress {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let error = || ValueError::new("a web address", text, "an absolute address that starts with http:// or https://");
        let parsed = url::Url::parse(trimmed).map_err(|_| error())?;
        // The parser repairs much, `http:example.org` say, but the address is kept as it was written.
        let starts_with = |scheme: &str| trimmed.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
        let is_web = (starts_with("http://") || starts_with("https://")) && parsed.has_host();
        if is_web && !trimmed.contains(|character: char| character.is_whitespace() || character.is_control()) {
            Ok(Self(trimmed.to_owned()))
        } else {
            Err(error())
        }
    }
}

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DatePrecision {
    Year,
    Month,
    Day,
}

/// A date as precise as its source gave it: `2018`, `2018-05` or `2018-05-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    first_day: NaiveDate,
    precision: DatePrecision,
}

impl PartialDate {
    /// A date known to the day.
    pub const fn day(day: NaiveDate) -> Self {
        Self { first_day: day, precision: DatePrecision::Day }
    }

    /// How much of it is known.
    pub const fn precision(self) -> DatePrecision {
        self.precision
    }

    /// The first day that it can mean.
    pub const fn first_day(self) -> NaiveDate {
        self.first_day
    }

    /// The last day that it can mean.
    pub fn last_day(self) -> NaiveDate {
        let next = match self.precision {
            DatePrecision::Year => self.first_day.checked_add_months(chrono::Months::new(12)),
            DatePrecision::Month => self.first_day.checked_add_months(chrono::Months::new(1)),
            DatePrecision::Day => return self.first_day,
        };
        next.and_then(|day| day.pred_opt()).unwrap_or(self.first_day)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pattern = match self.precision {
            DatePrecision::Year => "%Y",
            DatePrecision::Month => "%Y-%m",
            DatePrecision::Day => "%Y-%m-%d",
        };
        self.first_day.format(pattern).fmt(formatter)
    }
}

impl FromStr for PartialDate {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ValueError::new("a date", text, "YYYY, YYYY-MM or YYYY-MM-DD");
        let digits = |part: &str, length: usize| {
            (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok()).flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|part| digits(part, 4)).filter(|year| *year > 0).ok_or_else(error)?;
        let month = parts.next().map(|part| digits(part, 2).ok_or_else(error)).transpose()?;
        let day = parts.next().map(|part| digits(part, 2).ok_or_else(error)).transpose()?;
        if parts.next().is_some() {
            return Err(error());
        }
        let precision = match (month, day) {
            (None, _) => DatePrecision::Year,
            (Some(_), None) => DatePrecision::Month,
            (Some(_), Some(_)) => DatePrecision::Day,
        };
        let first_day = i32::try_from(year)
            .ok()
            .and_then(|year| NaiveDate::from_ymd_opt(year, month.unwrap_or(1), day.unwrap_or(1)))
            .ok_or_else(error)?;
        Ok(Self { first_day, precision })
    }
}

/// A moment in UTC, to the millisecond, written as RFC 3339: `2026-11-24T02:26:03.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// The moment.
    pub const fn get(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(moment: DateTime<Utc>) -> Self {
        // A leap second counts as the second before it: not every store knows them.
        let moment =
            if moment.nanosecond() < 1_000_000_000 { moment } else { moment.with_nanosecond(999_999_999).unwrap_or(moment) };
        Self(moment.trunc_subsecs(3))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Instant {
    type Err = ValueError;

    /// Reads RFC 3339, or a day alone, which means its first moment in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let day = || text.parse::<PartialDate>().ok().filter(|date| date.precision() == DatePrecision::Day);
        DateTime::parse_from_rfc3339(text)
            .map(|moment| moment.with_timezone(&Utc))
            .ok()
            .or_else(|| day()?.first_day().and_hms_opt(0, 0, 0).map(|moment| moment.and_utc()))
            // What an offset carries out of the four-digit years would not read back.
            .filter(|moment| (1..=9999).contains(&moment.year()))
            .map(Self::from)
            .ok_or_else(|| ValueError::new("a moment", text, "a date such as 2026-11-24, or a time such as 2026-11-24T09:30:00Z"))
    }
}
