//! What a value looks like, whatever its field is called.

use std::collections::BTreeSet;

use super::vocabulary::lists;
use crate::mapping::is_host;
use crate::parse::date::{self, DateStyle, Edge, Reading};

/// The longest text that may be a name, a title or a label, in characters.
const LONGEST_LABEL: usize = 140;

/// What a scalar looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// True, false, yes, no, on, off.
    Truth,
    Integer,
    Decimal,
    Date(DateShape),
    /// An address that starts with `http://` or `https://`.
    Web,
    /// A path of a site or a file, such as `/organisations/dgpe` or `img/a.png`.
    Path,
    Mail,
    Telephone,
    /// Two decimals: a latitude and a longitude.
    Point,
    /// Several short labels with commas between them.
    Labels,
    /// One word of ASCII, such as a code or a slug.
    Word,
    /// A text as long as a title.
    Short,
    /// A text of sentences.
    Long,
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateShape {
    /// `2018`
    Year,
    /// `2018-07`
    Month,
    /// `2018-07-04`
    Day,
    /// `2018-07-04T10:00:00Z`, `2018-07-04 10:00`
    Moment,
    /// `2018/07/04`
    YearFirst,
    /// `31/07/2018`: the first number is over 12; `4.7.2018`: points are written where the day is first.
    DayFirst,
    /// `07/31/2018`: the second number is over 12.
    MonthFirst,
    /// `04/07/2018`: which of the two is the month cannot be told.
    Either,
    /// `4 juillet 2018`, `July 4, 2018`
    Words,
    /// `juillet 2018`
    MonthWords,
    /// `2015 - 2017`, `mai 2019 – aujourd'hui`
    Period,
}

impl Shape {
    /// What a text looks like.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        let length = text.chars().count();
        if matches!(text.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off" | "oui" | "non") {
            return Self::Truth;
        }
        if let Some(date) = DateShape::of(text).or_else(|| is_period(text).then_some(DateShape::Period)) {
            return Self::Date(date);
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return if text.contains(char::is_whitespace) { Self::Long } else { Self::Web };
        }
        if is_mail(text) {
            return Self::Mail;
        }
        if is_point(text) {
            return Self::Point;
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return if length >= 9 && text.starts_with('0') { Self::Telephone } else { Self::Integer };
        }
        if is_decimal(text) {
            return Self::Decimal;
        }
        if is_telephone(text) {
            return Self::Telephone;
        }
        let is_one_word = !text.contains(char::is_whitespace);
        if is_one_word && text.contains('/') {
            return Self::Path;
        }
        if is_labels(text) {
            return Self::Labels;
        }
        if is_one_word && length <= 80 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:+".contains(&byte)) {
            return Self::Word;
        }
        if length <= LONGEST_LABEL { Self::Short } else { Self::Long }
    }

    /// Whether it may be the text of a title, a name or a label.
    pub const fn is_label(self) -> bool {
        matches!(self, Self::Word | Self::Short | Self::Labels)
    }

    /// Whether it is a text in words.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Word | Self::Short | Self::Long | Self::Labels)
    }
}

/// Whether a text is two dates, or one and "today".
fn is_period(text: &str) -> bool {
    const LONGEST: usize = 60;
    let reads = |edge| date::read(text, DateStyle::default(), edge);
    let is_date = |reading| matches!(reading, Reading::Date(_) | Reading::Ambiguous(_));
    text.len() <= LONGEST
        && text.contains(|character: char| character.is_ascii_digit())
        && is_date(reads(Edge::Start))
        && (reads(Edge::End) == Reading::Open || is_date(reads(Edge::End)) && reads(Edge::End) != reads(Edge::Start))
}

impl DateShape {
    fn of(text: &str) -> Option<Self> {
        let digits = |part: &str, least: usize, most: usize| {
            (least..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let number = |part: &str| part.parse::<u32>().unwrap_or(0);
        let is_year = |part: &str| digits(part, 4, 4) && (1900..2100).contains(&number(part));
        if is_year(text) {
            return Some(Self::Year);
        }
        let (day, rest) = text.split_once(['T', ' ']).map_or((text, ""), |(day, rest)| (day, rest));
        let dashes: Vec<&str> = day.split('-').collect();
        if let [year, month, date] = dashes[..]
            && is_year(year)
            && digits(month, 1, 2)
            && digits(date, 1, 2)
        {
            return match rest.chars().next() {
                None => Some(Self::Day),
                Some(first) => first.is_ascii_digit().then_some(Self::Moment),
            };
        }
        if let [year, month] = dashes[..] {
            return (rest.is_empty() && is_year(year) && digits(month, 2, 2)).then_some(Self::Month);
        }
        let parts: Vec<&str> = day.split(['/', '.', '-']).collect();
        if let [first, second, third] = parts[..]
            && (rest.is_empty() || rest.contains(':'))
        {
            if is_year(first) && digits(second, 1, 2) && digits(third, 1, 2) {
                return Some(Self::YearFirst);
            }
            if digits(first, 1, 2) && digits(second, 1, 2) && (is_year(third) || digits(third, 2, 2)) {
                let is_day_first = day.contains('.') && (1..=31).contains(&number(first)) && (1..=12).contains(&number(second));
                if is_day_first {
                    return Some(Self::DayFirst);
                }
                return match (number(first), number(second)) {
                    (13..=31, 1..=12) => Some(Self::DayFirst),
                    (1..=12, 13..=31) => Some(Self::MonthFirst),
                    (1..=12, 1..=12) => Some(Self::Either),
                    _ => None,
                };
            }
        }
        Self::in_words(text, is_year)
    }

    /// A date that names its month.
    fn in_words(text: &str, is_year: impl Fn(&str) -> bool) -> Option<Self> {
        if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let folded = maillage_explore::text::fold(text);
        let words: Vec<&str> = folded.split(' ').collect();
        let is_month = |word: &str| lists("months").iter().any(|(_, months)| months.contains(&word));
        let months = words.iter().filter(|word| is_month(word)).count();
        let years = words.iter().filter(|word| is_year(word)).count();
        let is_day = |word: &str| {
            let digits = word.trim_end_matches(|character: char| character.is_ascii_alphabetic());
            (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let days = words.iter().filter(|word| is_day(word)).count();
        if months != 1 || years != 1 || words.len() > 6 {
            return None;
        }
        match (words.len(), days) {
            (2, 0) => Some(Self::MonthWords),
            (_, 1) => Some(Self::Words),
            _ => None,
        }
    }
}

fn is_mail(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.contains('@')
        && domain.contains('.')
        && !domain.contains('/')
}

fn is_decimal(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits > 0
        && text.bytes().filter(|byte| matches!(byte, b'.' | b',')).count() <= 1
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

fn is_point(text: &str) -> bool {
    let inner = text.trim_matches(['[', ']', '(', ')', ' ']);
    let parts: Vec<&str> = inner.split([',', ';', ' ']).filter(|part| !part.is_empty()).collect();
    let [latitude, longitude] = parts[..] else { return false };
    let has_fraction = |part: &str| part.split_once('.').is_some_and(|(_, fraction)| fraction.len() >= 2);
    let within = |part: &str, most: f64| part.parse::<f64>().is_ok_and(|value| value.abs() <= most);
    has_fraction(latitude) && has_fraction(longitude) && within(latitude, 180.0) && within(longitude, 180.0)
}

fn is_telephone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (8..=15).contains(&digits)
        && text.starts_with(['+', '0', '('])
        && text.chars().all(|character| character.is_ascii_digit() || " .-+()/\u{a0}\u{202f}".contains(character))
}

fn is_labels(text: &str) -> bool {
    let separator = if text.matches(';').count() > text.matches(',').count() { ';' } else { ',' };
    let parts: Vec<&str> = text.split(separator).map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.len() >= 2
        && !text.ends_with(['.', '!', '?'])
        && parts.iter().all(|part| part.chars().count() <= 45 && part.split_whitespace().count() <= 5)
}

/// The addresses that a text lists, with or without their beginning; none if it says anything else.
pub fn addresses(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_address = |part: &&str| Shape::of(part) == Shape::Web || is_host(part);
    if parts.iter().all(is_address) { parts } else { Vec::new() }
}

/// Which of two numbers of a date is the day, as far as all dates of a field tell.
pub fn order_of_days(shapes: &BTreeSet<DateShape>) -> Option<DateShape> {
    match (shapes.contains(&DateShape::DayFirst), shapes.contains(&DateShape::MonthFirst)) {
        (true, false) => Some(DateShape::DayFirst),
        (false, true) => Some(DateShape::MonthFirst),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{DateShape, Shape, addresses};

    #[test]
    fn lists_of_addresses_are_told_from_texts_with_some() {
        for (text, count) in [
            ("https://a.fr/b", 1),
            ("www.agen.fr", 1),
            ("http://a.fr, http://b.fr/c; www.bron.fr", 3),
            ("Voir www.agen.fr", 0),
            ("https://a.fr/b,c", 0),
            ("", 0),
        ] {
            assert_eq!(addresses(text).len(), count, "{text}");
        }
    }

    #[test]
    fn values_are_told_by_their_look() {
        for (text, shape) in [
            ("true", Shape::Truth),
            ("No", Shape::Truth),
            ("2018", Shape::Date(DateShape::Year)),
            ("2018-07", Shape::Date(DateShape::Month)),
            ("2018-07-04", Shape::Date(DateShape::Day)),
            ("2024-08-07T12:17:00.000Z", Shape::Date(DateShape::Moment)),
            ("2015-09-14 17:01:51.038079+00", Shape::Date(DateShape::Moment)),
            ("2012/05/01", Shape::Date(DateShape::YearFirst)),
            ("31/12/2019", Shape::Date(DateShape::DayFirst)),
            ("24.12.2019", Shape::Date(DateShape::DayFirst)),
            ("1.02.2021", Shape::Date(DateShape::DayFirst)),
            ("5/31/15", Shape::Date(DateShape::MonthFirst)),
            ("04/07/2018", Shape::Date(DateShape::Either)),
            ("4 juillet 2018", Shape::Date(DateShape::Words)),
            ("July 4th, 2018", Shape::Date(DateShape::Words)),
            ("May 2013", Shape::Date(DateShape::MonthWords)),
            ("https://a.fr/b", Shape::Web),
            ("/organisations/dgpe", Shape::Path),
            ("jean@agen.fr", Shape::Mail),
            ("05 53 69 47 00", Shape::Telephone),
            ("0553694700", Shape::Telephone),
            ("+33 5 53 69 47 00", Shape::Telephone),
            ("44.2049, 0.6212", Shape::Point),
            ("02066", Shape::Integer),
            ("6185143601", Shape::Integer),
            ("52.498493", Shape::Decimal),
            ("Animals, Ecology and environment,  Nature", Shape::Labels),
            ("open-source-digital-tools", Shape::Word),
            ("Rare Carnivore Monitoring in the Uinta Mountains", Shape::Short),
            ("Version 1.2, puis la suite.", Shape::Short),
        ] {
            assert_eq!(Shape::of(text), shape, "{text}");
        }
        assert_eq!(Shape::of(&"des mots et des mots ".repeat(10)), Shape::Long);
    }
}
