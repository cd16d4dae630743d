//! How often a source is imported.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;

/// Words for the usual ones.
const NAMED: &[(&str, u64)] = &[("hourly", HOUR), ("daily", DAY), ("weekly", WEEK)];

/// Units, the largest first.
const UNITS: &[(char, u64)] = &[('w', WEEK), ('d', DAY), ('h', HOUR), ('m', MINUTE)];

/// The shortest: partners' servers are not asked more often than that.
const SHORTEST: u64 = 5 * MINUTE;

/// The longest: a year.
const LONGEST: u64 = 366 * DAY;

/// How often a source is imported: `hourly`, `daily`, `weekly`, or a number of minutes, hours, days or weeks (`30m`, `6h`, `2d`,
/// `1w`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule(u64);

impl Schedule {
    /// From the beginning of one import to that of the next.
    pub const fn every(self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = NAMED.iter().find(|(name, _)| *name == text).map(|(_, seconds)| *seconds);
        let counted = || {
            let unit = text.chars().last()?;
            let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
            let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
            number.checked_mul(*seconds)
        };
        let seconds = named.or_else(counted).ok_or_else(|| {
            format!("{text:?} is not a schedule: expected hourly, daily, weekly, or a time such as 30m, 6h or 2d")
        })?;
        if !(SHORTEST..=LONGEST).contains(&seconds) {
            return Err(format!("{text:?} is not a schedule: expected five minutes (5m) to a year (52w)"));
        }
        Ok(Self(seconds))
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((name, _)) = NAMED.iter().find(|(_, seconds)| *seconds == self.0) {
            return formatter.write_str(name);
        }
        let exact = UNITS.iter().find(|(_, seconds)| self.0.is_multiple_of(*seconds));
        let (unit, seconds) = exact.unwrap_or(&('m', MINUTE));
        write!(formatter, "{}{unit}", self.0 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_words_or_times() {
        for (written, seconds, shown) in [
            ("hourly", 3_600, "hourly"),
            ("60m", 3_600, "hourly"),
            ("24h", 86_400, "daily"),
            ("6h", 21_600, "6h"),
            ("90 m", 5_400, "90m"),
            ("2d", 172_800, "2d"),
            ("52w", 31_449_600, "52w"),
        ] {
            let schedule: Schedule = written.parse().expect(written);
            assert_eq!((schedule.every().as_secs(), schedule.to_string().as_str()), (seconds, shown), "{written}");
        }
        for written in ["", "often", "m", "4m", "-1h", "6 hours", "100w", "99999999999999999999h", "9999999999999999999w", "6é"]
        {
            assert!(written.parse::<Schedule>().is_err(), "{written}");
        }
    }
}
