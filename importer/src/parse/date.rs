//! Dates as people write them, in several languages, as precise as they are: nothing is made up.

use maillage_explore::text::fold;
use maillage_graph_schema::model::PartialDate;

/// How dates that can be read in more ways than one are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateStyle {
    pub order: Option<DateOrder>,
    /// The first of the hundred years that two digits mean.
    pub two_digit_years_from: Option<u16>,
}

/// Which of day and month comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// Which end of a period is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    Start,
    End,
}

/// What a text says of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Date(PartialDate),
    /// Day and month could be either: the year alone is certain.
    Ambiguous(PartialDate),
    /// The century is not said.
    TwoDigitYear,
    /// It goes on: there is no end yet.
    Open,
    Unreadable,
}

/// The names of months, folded, by what they begin with: French, English, German, Spanish, Catalan, Italian, Portuguese, Dutch, Swedish.
const MONTHS: &[(u32, &[&str])] = &[
    (1, &["janv", "jan", "ene", "gen"]),
    (2, &["fev", "feb", "fevr"]),
    (3, &["mars", "mar", "marz", "maerz", "maart", "mrt"]),
    (4, &["avr", "apr", "abr"]),
    (5, &["mai", "may", "maj", "mag", "mei", "maig", "maio", "mayo", "maggio"]),
    (6, &["juin", "jun", "giu", "juny"]),
    (7, &["juil", "jul", "lug"]),
    (8, &["aou", "aug", "ago"]),
    (9, &["sept", "sep", "set"]),
    (10, &["oct", "okt", "ott", "out"]),
    (11, &["nov"]),
    (12, &["dec", "dez", "dic", "des"]),
];

/// The whole names of months, folded: what follows an abbreviation must be the rest of one of these.
const NAMES: &[&str] = &[
    "janvier",
    "january",
    "januar",
    "januari",
    "enero",
    "gener",
    "gennaio",
    "janeiro",
    "fevrier",
    "february",
    "februar",
    "februari",
    "febrero",
    "febrer",
    "febbraio",
    "fevereiro",
    "march",
    "marz",
    "marzo",
    "marc",
    "marco",
    "marts",
    "avril",
    "april",
    "abril",
    "aprile",
    "juin",
    "june",
    "juni",
    "junio",
    "juny",
    "giugno",
    "junho",
    "juillet",
    "july",
    "juli",
    "julio",
    "juliol",
    "luglio",
    "julho",
    "aout",
    "august",
    "augusti",
    "agosto",
    "agost",
    "augustus",
    "septembre",
    "september",
    "septiembre",
    "setembre",
    "settembre",
    "setembro",
    "octobre",
    "october",
    "oktober",
    "octubre",
    "ottobre",
    "outubro",
    "novembre",
    "november",
    "noviembre",
    "novembro",
    "decembre",
    "december",
    "dezember",
    "diciembre",
    "desembre",
    "dicembre",
    "dezembro",
    "desember",
];

/// Words beside a date that say nothing of it.
const FILLERS: &[&str] = &[
    "le",
    "la",
    "du",
    "de",
    "den",
    "der",
    "del",
    "dal",
    "di",
    "el",
    "the",
    "of",
    "on",
    "vom",
    "von",
    "van",
    "da",
    "do",
    "in",
    "en",
    "am",
    "im",
    "um",
    "dal",
    "entre",
    "between",
    "zwischen",
    "tra",
    "fra",
    "vers",
    "environ",
    "circa",
    "ca",
    "about",
    "around",
    "approximately",
    "anticipated",
    "estimated",
    "expected",
    "planned",
    "launch",
    "prevu",
    "geplant",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "er",
    "st",
    "nd",
    "rd",
    "th",
];

/// Parts of a year: the year is what is certain.
const SEASONS: &[&str] = &[
    "printemps",
    "ete",
    "automne",
    "hiver",
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "fruhling",
    "fruhjahr",
    "sommer",
    "herbst",
    "primavera",
    "verano",
    "otono",
    "invierno",
    "q1",
    "q2",
    "q3",
    "q4",
    "t1",
    "t2",
    "t3",
    "t4",
    "debut",
    "fin",
    "end",
    "beginning",
    "inicio",
    "finales",
    "inizio",
    "fine",
    "inici",
    "final",
    "early",
    "mid",
    "late",
    "anfang",
    "mitte",
    "ende",
];

/// What stands between the two ends of a period.
const BETWEEN: &[&str] = &[
    " - ",
    " – ",
    " — ",
    "–",
    "—",
    ".-",
    " -> ",
    " → ",
    // Longer ones first.
    " fino ad ",
    " fino a ",
    " fins a ",
    " to ",
    " until ",
    " till ",
    " bis einschließlich ",
    " bis ",
    " au ",
    " à ",
    " al ",
    " a ",
    " tot en met ",
    " tot ",
    " t/m ",
    " through ",
    " til ",
    " hasta ",
    " até ",
    " fins ",
    " jusqu'en ",
    " jusqu’en ",
    " jusqu'à ",
    " jusqu’à ",
    " and ",
    " et ",
    " und ",
    " y ",
    " e ",
    " i ",
];

/// What stands before a start whose end is not said, as there is none.
const SINCE: &[&str] = &[
    "since ",
    "from ",
    "depuis ",
    "dès ",
    "à partir de ",
    "seit ",
    "ab ",
    "desde ",
    "des de ",
    "des del ",
    "a partir de ",
    "dal ",
    "a partire dal ",
    "sinds ",
    "vanaf ",
    "sedan ",
    "siden ",
    "od ",
];

/// What stands for an end that has not come, folded.
const OPEN: &[&str] = &[
    "ongoing",
    "on going",
    "present",
    "the present",
    "today",
    "now",
    "current",
    "currently",
    "continuing",
    "in progress",
    "to date",
    "until now",
    "until today",
    "so far",
    "en cours",
    "aujourd hui",
    "ce jour",
    "a ce jour",
    "present jour",
    "actuellement",
    "heute",
    "laufend",
    "jetzt",
    "pagaende",
    "nu",
    "idag",
    "lopend",
    "heden",
    "actualidad",
    "la actualidad",
    "actualmente",
    "presente",
    "la fecha",
    "actualitat",
    "en curso",
    "hoy",
    "avui",
    "in corso",
    "oggi",
    "attualmente",
    "em curso",
    "em andamento",
    "atualmente",
    "hoje",
    "o presente",
];

/// Reads a date, or one end of a period.
pub fn read(text: &str, style: DateStyle, edge: Edge) -> Reading {
    let text = text.trim();
    let has_no_end = is_open(text) || text.ends_with(['-', '–', '—', '→']);
    if edge == Edge::End && has_no_end {
        return Reading::Open;
    }
    let (since, text) = without_since(text);
    let whole = point(text, style, edge);
    if whole != Reading::Unreadable {
        let is_start = since && edge == Edge::End && point(text, style, Edge::Start) == whole;
        return if is_start { Reading::Open } else { whole };
    }
    let Some((from, to)) = period(text) else { return whole };
    match edge {
        Edge::End if is_open(to) => Reading::Open,
        Edge::End => point(to, style, edge),
        Edge::Start => match point(from, style, edge) {
            // "2–5 May 2024": what both ends share stands at the second.
            Reading::Unreadable => shared(from, to).iter().map(|text| point(text, style, edge)).find(readable).unwrap_or(whole),
            start => start,
        },
    }
}

fn is_open(text: &str) -> bool {
    OPEN.contains(&fold(text).as_str())
}

/// A text without what says that it is a start, and whether anything did.
fn without_since(text: &str) -> (bool, &str) {
    // Most dates begin with a number.
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return (false, text);
    }
    let begins = |word: &&&str| text.get(..word.len()).is_some_and(|start| start.to_lowercase() == **word);
    // "des del" before "des de".
    let longest = SINCE.iter().filter(begins).map(|word| word.len()).max();
    longest.map_or((false, text), |length| (true, text[length..].trim_start()))
}

/// The two ends of a period.
fn period(text: &str) -> Option<(&str, &str)> {
    // "2016-heute", "11-30 mai 2018"; numbers alone with hyphens between are a date that is wrong.
    let by_hyphen = || text.split_once('-').filter(|(_, to)| to.chars().any(char::is_alphabetic));
    // "2018 (en cours)"
    let in_brackets = || text.strip_suffix(')')?.split_once('(').filter(|(_, to)| is_open(to));
    BETWEEN.iter().find_map(|between| text.split_once(between)).or_else(in_brackets).or_else(by_hyphen)
}

fn readable(reading: &Reading) -> bool {
    *reading != Reading::Unreadable
}

/// The start of a period with the year, or with the month and the year, of its end.
fn shared(from: &str, to: &str) -> Vec<String> {
    let words: Vec<&str> = to.split_whitespace().filter(|word| !FILLERS.contains(&fold(word).as_str())).collect();
    let month = words.iter().position(|word| month_of(&fold(word)).is_some());
    let is_day = || from.split_whitespace().last().is_some_and(|day| day.parse::<u8>().is_ok());
    if let Some(month) = month.filter(|_| is_day()) {
        // It is no month itself.
        return vec![format!("{from} {}", words[month..].join(" "))];
    }
    let year = to.rsplit(|character: char| !character.is_ascii_digit()).next().filter(|year| year.len() == 4);
    year.map(|year| format!("{from} {year}")).into_iter().collect()
}

/// Reads one date, or two years.
fn point(text: &str, style: DateStyle, edge: Edge) -> Reading {
    let text = without_time(text.trim());
    let mut numbers: Vec<&str> = Vec::new();
    let mut month: Option<(u32, usize)> = None;
    let mut is_season = false;
    let mut separators = String::new();
    for token in tokens(text) {
        match token {
            Token::Number(number) => numbers.push(number),
            Token::Separator(separator) => separators.push(separator),
            Token::Word(word) => {
                let word = fold(word);
                if let Some(named) = month_of(&word) {
                    if month.is_some() {
                        return Reading::Unreadable;
                    }
                    month = Some((named, numbers.len()));
                } else if SEASONS.contains(&word.as_str()) {
                    is_season = true;
                } else if !FILLERS.contains(&word.as_str()) {
                    return Reading::Unreadable;
                }
            }
        }
    }
    match (month, numbers.as_slice()) {
        (None, [year]) if year.len() == 4 => date(year, None, None),
        (None, [compact]) if compact.len() == 8 => match compact.split_at_checked(4) {
            Some((year, rest)) => date(year, rest[..2].parse().ok(), rest[2..].parse().ok()),
            None => Reading::Unreadable,
        },
        (None, [from, to]) if from.len() == 4 && to.len() == 4 && from <= to => {
            date(if edge == Edge::Start { from } else { to }, None, None)
        }
        (None, numbers) if !is_season => numeric(numbers, &separators, style),
        (Some((month, _)), [year]) if year.len() == 4 => date(year, Some(month), None),
        (Some((month, _)), [day, year]) if year.len() == 4 && day.len() <= 2 => date(year, Some(month), day.parse().ok()),
        (Some((month, 1)), [year, day]) if year.len() == 4 && day.len() <= 2 => date(year, Some(month), day.parse().ok()),
        (Some((month, _)), [day, year]) if day.len() <= 2 && year.len() == 2 => match century(year, style) {
            Some(year) => date(&year, Some(month), day.parse().ok()),
            None => Reading::TwoDigitYear,
        },
        _ => Reading::Unreadable,
    }
}

/// Numbers alone, of which one is a year.
fn numeric(numbers: &[&str], separators: &str, style: DateStyle) -> Reading {
    let part = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    match numbers {
        [year, month] if year.len() == 4 => part(month).map_or(Reading::Unreadable, |month| date(year, Some(month), None)),
        [month, year] if year.len() == 4 => part(month).map_or(Reading::Unreadable, |month| date(year, Some(month), None)),
        [year, month, day] if year.len() == 4 => match (part(month), part(day)) {
            // No month has this number: the other one is meant.
            (Some(day), Some(month)) if day > 12 && month <= 12 => date(year, Some(month), Some(day)),
            (Some(month), Some(day)) => date(year, Some(month), Some(day)),
            _ => Reading::Unreadable,
        },
        [first, second, year] if year.len() == 4 || year.len() == 2 => {
            let (Some(first), Some(second)) = (part(first), part(second)) else { return Reading::Unreadable };
            let whole = if year.len() == 4 { Some((*year).to_owned()) } else { century(year, style) };
            let Some(year) = whole else { return Reading::TwoDigitYear };
            // Points stand between day, month and year in this order wherever they stand; so do numbers that leave no choice.
            let by_points = !separators.is_empty() && separators.chars().all(|separator| separator == '.');
            let order = match () {
                () if first > 12 || by_points => Some(DateOrder::DayFirst),
                () if second > 12 => Some(DateOrder::MonthFirst),
                () if first == second => Some(DateOrder::DayFirst),
                () => style.order,
            };
            match order {
                Some(DateOrder::DayFirst) => date(&year, Some(second), Some(first)),
                Some(DateOrder::MonthFirst) => date(&year, Some(first), Some(second)),
                None => match date(&year, None, None) {
                    Reading::Date(year) => Reading::Ambiguous(year),
                    other => other,
                },
            }
        }
        _ => Reading::Unreadable,
    }
}

/// The year that two digits mean.
fn century(digits: &str, style: DateStyle) -> Option<String> {
    let (from, digits) = (style.two_digit_years_from?, digits.parse::<u16>().ok()?);
    let year = from - from % 100 + digits;
    Some(format!("{:04}", if year < from { year + 100 } else { year }))
}

fn date(year: &str, month: Option<u32>, day: Option<u32>) -> Reading {
    let text = match (month, day) {
        (None, _) => year.to_owned(),
        (Some(month), None) => format!("{year}-{month:02}"),
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
    };
    let is_plausible = ("1000".."3000").contains(&year);
    text.parse().ok().filter(|_| is_plausible).map_or(Reading::Unreadable, Reading::Date)
}

fn month_of(word: &str) -> Option<u32> {
    let names_it = |short: &&&str| word == **short || (word.starts_with(**short) && NAMES.contains(&word));
    let found = |(number, shorts): &(u32, &[&str])| shorts.iter().filter(names_it).map(|short| (short.len(), *number)).max();
    MONTHS.iter().filter_map(found).max().map(|(_, number)| number)
}

/// A moment without its time of day.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let before = text[..colon].trim_end_matches(|character: char| character.is_ascii_digit());
    let hours = colon - before.len();
    if hours == 0 || hours > 2 {
        return text;
    }
    match before.strip_suffix('T') {
        Some(day) if day.ends_with(|character: char| character.is_ascii_digit()) => day,
        _ => before.trim_end().trim_end_matches([',', 'à', '-']).trim_end(),
    }
}

enum Token<'t> {
    Number(&'t str),
    Word(&'t str),
    Separator(char),
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let run = |is: fn(char) -> bool| rest.find(|character| !is(character)).unwrap_or(rest.len());
            let (token, length) = if first.is_ascii_digit() {
                let length = run(|character| character.is_ascii_digit());
                (Token::Number(&rest[..length]), length)
            } else if first.is_alphabetic() {
                // A letter with a digit after it is a quarter, such as Q3.
                let length = run(char::is_alphanumeric);
                let letters = run(char::is_alphabetic);
                let length = if letters == 1 { length } else { letters };
                (Token::Word(&rest[..length]), length)
            } else {
                (Token::Separator(first), first.len_utf8())
            };
            rest = &rest[length..];
            match token {
                Token::Separator(separator) if separator.is_whitespace() || separator == ',' => {}
                token => return Some(token),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, style: DateStyle) -> String {
        match read(text, style, Edge::Start) {
            Reading::Date(date) => date.to_string(),
            Reading::Ambiguous(date) => format!("{date}?"),
            Reading::TwoDigitYear => "century?".to_owned(),
            Reading::Open => "open".to_owned(),
            Reading::Unreadable => "?".to_owned(),
        }
    }

    #[test]
    fn dates_keep_their_precision() {
        for (text, expected) in [
            ("2018", "2018"),
            ("2018-05", "2018-05"),
            ("2018-5-1", "2018-05-01"),
            ("2018/05/21", "2018-05-21"),
            ("2008 05 01", "2008-05-01"),
            ("20170315", "2017-03-15"),
            ("05/2018", "2018-05"),
            ("2018-05-21T10:00:00Z", "2018-05-21"),
            ("2024-08-21T15:29:00.000+02:00", "2024-08-21"),
            ("2015-09-14 17:01:51.038079+00", "2015-09-14"),
            ("2026-02-11T16:32:15-05:00", "2026-02-11"),
            ("May 2013", "2013-05"),
            ("2008 August", "2008-08"),
            ("2017/January/1", "2017-01-01"),
            ("January 5, 2017", "2017-01-05"),
            ("5th of June 2017", "2017-06-05"),
            ("1er août 2019", "2019-08-01"),
            ("mardi 12 févr. 2019", "2019-02-12"),
            ("le 3 juillet 2018", "2018-07-03"),
            ("3. März 2021", "2021-03-03"),
            ("3. September 2021", "2021-09-03"),
            ("12 de enero de 2020", "2020-01-12"),
            ("marzo 2020", "2020-03"),
            ("Juni 2020", "2020-06"),
            ("31.12.2020", "2020-12-31"),
            ("1.2.2020", "2020-02-01"),
            ("21/05/2018", "2018-05-21"),
            ("05/21/2018", "2018-05-21"),
            ("5/5/2018", "2018-05-05"),
            ("été 2018", "2018"),
            ("Q3 2019", "2019"),
            ("2015-2018", "2015"),
            ("05/06/2018", "2018?"),
            ("5-6-2018", "2018?"),
            ("5/6/18", "century?"),
            ("3 mai 19", "century?"),
            ("On-going", "?"),
            ("anytime, ongoing", "?"),
            ("2018-23-09", "2018-09-23"),
            ("2018-13-13", "?"),
            ("31/02/2018", "?"),
            ("2019-02-30", "?"),
            ("0018-05-21", "?"),
            ("vom 16.06.-21.06.2021", "2021-06-16"),
            ("2 May 2024 – 30 April 2026", "2024-05-02"),
            ("2–5 May 2024", "2024-05-02"),
            ("28 avril - 3 mai 2019", "2019-04-28"),
            ("Maj - juni 2019", "2019-05"),
            ("2024 - ongoing", "2024"),
            ("2016-heute", "2016"),
            ("mars 2019 à aujourd'hui", "2019-03"),
            ("del 11 al 30 de mayo de 2018", "2018-05-11"),
            ("de 11 a 30 de maio de 2018", "2018-05-11"),
            ("11-30 mai 2018", "2018-05-11"),
            ("12 et 13 mai 2019", "2019-05-12"),
            ("mars-juin 2019", "2019-03"),
            ("Januar til juni 2024", "2024-01"),
            ("del 15 al 30 de mayo", "?"),
            ("entre 2016 y 2018", "2016"),
            ("des de 2017", "2017"),
            ("Desde mayo de 2017", "2017-05"),
            ("des del 2017", "2017"),
            ("dès 2017", "2017"),
            ("des. 2017", "2017-12"),
            ("2018 (en curso)", "2018"),
            ("2016 - in progress", "2016"),
            ("2017 até hoje", "2017"),
            ("end 2015", "2015"),
            ("from 2017 to 2019", "2017"),
            ("2019 - something", "2019"),
            ("something - 2019", "?"),
            ("May June 2018", "?"),
            ("Marseille 2018", "?"),
            ("", "?"),
        ] {
            assert_eq!(said(text, DateStyle::default()), expected, "{text}");
        }
    }

    #[test]
    fn months_of_one_year_are_a_period_in_all_our_languages() {
        for text in [
            "September tot en met december 2019",
            "september t/m december 2019",
            "van september tot december 2019",
            "von September bis Dezember 2019",
            "September bis einschließlich Dezember 2019",
            "from September to December 2019",
            "September through December 2019",
            "between September and December 2019",
            "de septembre à décembre 2019",
            "septembre jusqu'en décembre 2019",
            "entre septembre et décembre 2019",
            "de septiembre a diciembre de 2019",
            "desde septiembre hasta diciembre de 2019",
            "entre septiembre y diciembre de 2019",
            "da settembre a dicembre 2019",
            "settembre fino a dicembre 2019",
            "tra settembre e dicembre 2019",
            "de setembro a dezembro de 2019",
            "de setembro até dezembro de 2019",
            "de setembre a desembre de 2019",
            "del setembre al desembre del 2019",
            "setembre fins a desembre de 2019",
            "Sept.–Dec. 2019",
            "09/2019 - 12/2019",
        ] {
            let [start, end] = [Edge::Start, Edge::End].map(|edge| match read(text, DateStyle::default(), edge) {
                Reading::Date(date) => date.to_string(),
                other => format!("{other:?}"),
            });
            assert_eq!((start.as_str(), end.as_str()), ("2019-09", "2019-12"), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_two_ways_is_read_as_declared() {
        let american = DateStyle { order: Some(DateOrder::MonthFirst), two_digit_years_from: Some(1970) };
        let french = DateStyle { order: Some(DateOrder::DayFirst), two_digit_years_from: Some(1950) };
        for (text, style, expected) in [
            ("05/06/2018", american, "2018-05-06"),
            ("05/06/2018", french, "2018-06-05"),
            ("5/1/16", american, "2016-05-01"),
            ("3/22/18", american, "2018-03-22"),
            ("1/2/70", american, "1970-01-02"),
            ("1/2/69", american, "2069-01-02"),
            ("3 mai 49", french, "2049-05-03"),
            ("21/05/2018", american, "2018-05-21"),
        ] {
            assert_eq!(said(text, style), expected, "{text}");
        }
        for (text, expected) in [
            ("2015 - 2018", "2018"),
            ("2 May 2024 – 30 April 2026", "2026-04-30"),
            ("vom 16.06.-21.06.2021", "2021-06-21"),
            ("del 11 al 30 de mayo de 2018", "2018-05-30"),
            ("mars-juin 2019", "2019-06"),
            ("from 2017 to 2019", "2019"),
            ("from 2017-2019", "2019"),
            ("dal 2016 al 2018", "2018"),
            ("entre 2016 y 2018", "2018"),
        ] {
            assert_eq!(read(text, french, Edge::End), Reading::Date(expected.parse().expect("a date")), "{text}");
        }
        for text in [
            "2019-",
            "2024 - ongoing",
            "en cours",
            "2015–heute",
            "2016 - in progress",
            "2018 (en curso)",
            "2017 até hoje",
            "desde 2017",
            "Depuis mai 2017",
            "des del 2017",
            "dal 2016",
        ] {
            assert_eq!(read(text, french, Edge::End), Reading::Open, "{text}");
        }
    }
}
