//! Whether a date is that of a page, which tells when it was published, or of what the page is about.

use chrono::NaiveDate;

use super::super::page::Page;
use super::super::profile::{Field, Profile, ratio};
use super::super::said::Said;
use super::super::shape::{DateShape, Shape};
use super::super::vocabulary::list;
use super::super::words::{self, Meaning, Nature};
use super::Material;
use crate::parse::date::{self, DateStyle, Edge, Reading};

/// Fewer dates show nothing by what they have in common.
const FEWEST: usize = 4;

/// What shows that a date is the day of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Most tell the time of day, as programs write it.
    TimeOfDay,
    /// Most are the same day: the pages were made all at once.
    OneDay,
    /// Half of them lie within a month.
    OneMonth,
    /// Most are the day that the name of the file begins with.
    NameOfFile,
    /// Names of files tell it, and nothing else.
    NameAlone,
    /// Beside it stands a field that only tells of pages.
    Beside(String),
}

impl Sign {
    /// In words.
    pub fn said(&self) -> Said {
        match self {
            Self::TimeOfDay => Said::new("avec l'heure pour la plupart", "most with the time of day"),
            Self::OneDay => Said::new("le même jour pour la plupart", "the same day for most"),
            Self::OneMonth => Said::new("la moitié dans le même mois", "half within a month"),
            Self::NameOfFile => Said::new("celui du nom de fichier pour la plupart", "for most the one in the name of the file"),
            Self::NameAlone => Said::new("elle n'est dite que là", "nothing else tells it"),
            Self::Beside(field) => Said::new(format!("à côté de « {field} »"), format!("beside \"{field}\"")),
        }
    }

    /// Whether it shows a page's date even where the dates are years apart, as those of projects are.
    const fn is_strong(&self) -> bool {
        matches!(self, Self::TimeOfDay | Self::OneDay | Self::OneMonth)
    }
}

/// What shows that a field holds the days of pages; nothing where it may as well tell when something began.
pub fn signs_of(field: &Field, material: &Material<'_>) -> Vec<Sign> {
    let dates: Vec<(&str, usize)> = field.counts.iter().map(|(value, count)| (value.as_str(), *count)).collect();
    if is_rounded(field) || material.meanings.best(Meaning::End).is_some() {
        return Vec::new();
    }
    let mut signs = signs_of_dates(&dates);
    let named = material.pages.iter().filter(|page| is_in_name(page, field)).count();
    if named * 2 > field.filled && named >= FEWEST {
        signs.push(Sign::NameOfFile);
    }
    signs.extend(field_of_pages(material).map(Sign::Beside));
    telling(signs, &dates)
}

/// What shows that the days which names of files begin with are those of pages: a generator reads them so, whatever they have in
/// common, unless their folder is called after what happens on a day, or they are rounded as people remember.
pub fn signs_of_names(material: &Material<'_>) -> Vec<Sign> {
    let pages = material.pages;
    let dates: Vec<(&str, usize)> = pages.iter().filter_map(|page| day_of_name(page)).map(|day| (day, 1)).collect();
    let of_event =
        |page: &&&Page| page.segments().iter().rev().skip(1).any(|folder| words::nature(folder) == Some(Nature::Events));
    let are_events = pages.iter().filter(of_event).count() * 2 > pages.len();
    if are_events || are_of_months(&days(&dates)) || material.meanings.best(Meaning::End).is_some() {
        return Vec::new();
    }
    let signs = telling(signs_of_dates(&dates), &dates);
    if signs.is_empty() { vec![Sign::NameAlone] } else { signs }
}

/// The day that the name of a page begins with: `2018-07-04-kiosk`.
pub fn day_of_name(page: &Page) -> Option<&str> {
    page.stem().get(..10).filter(|start| start.get(4..5) == Some("-") && Shape::of(start) == Shape::Date(DateShape::Day))
}

/// The signs, if they weigh more than that dates are years apart, or all of the first of a month, as people write them who know
/// no more of a project than that.
fn telling(signs: Vec<Sign>, dates: &[(&str, usize)]) -> Vec<Sign> {
    let days = days(dates);
    let has_strong = signs.iter().any(Sign::is_strong);
    if are_of_months(&days) || !has_strong && are_years_apart(&days) { Vec::new() } else { signs }
}

/// Whether most days are the first of a month.
fn are_of_months(days: &[NaiveDate]) -> bool {
    let firsts = days.iter().filter(|day| chrono::Datelike::day(*day) == 1).count();
    days.first() != days.last() && firsts * 2 > days.len()
}

fn signs_of_dates(dates: &[(&str, usize)]) -> Vec<Sign> {
    let all: usize = dates.iter().map(|(_, count)| count).sum();
    let timed: usize = dates.iter().filter(|(value, _)| tells_time(value)).map(|(_, count)| count).sum();
    let mut signs = Vec::new();
    if timed * 2 > all {
        signs.push(Sign::TimeOfDay);
    }
    let days = days(dates);
    let within = |length: i64| {
        let span = |first: &NaiveDate| {
            days.iter().filter(|day| (0..length).contains(&day.signed_duration_since(*first).num_days())).count()
        };
        days.iter().map(span).max().unwrap_or_default()
    };
    if days.len() >= FEWEST && within(1) * 2 > days.len() {
        signs.push(Sign::OneDay);
    } else if days.len() >= FEWEST && within(31) * 2 >= days.len() {
        signs.push(Sign::OneMonth);
    }
    signs
}

/// Whether most dates of a field are as coarse as people remember when something was done: years, months, periods.
fn is_rounded(field: &Field) -> bool {
    use DateShape::{Month, MonthWords, Period, Year};
    field.share(|shape| matches!(shape, Shape::Date(Year | Month | MonthWords | Period))) > 0.5
}

/// The days that are told, in order.
fn days(dates: &[(&str, usize)]) -> Vec<NaiveDate> {
    let day = |value: &str| match date::read(value, DateStyle::default(), Edge::Start) {
        Reading::Date(date) if date.first_day() == date.last_day() => Some(date.first_day()),
        _ => None,
    };
    let told = dates.iter().filter_map(|(value, count)| Some(std::iter::repeat_n(day(value)?, *count)));
    let mut days: Vec<NaiveDate> = told.flatten().collect();
    days.sort_unstable();
    days
}

/// Whether the first and the last are as far apart as projects are, and pages of a young site are not.
fn are_years_apart(days: &[NaiveDate]) -> bool {
    const LEAST_DAYS: i64 = 2 * 365;
    days.first().zip(days.last()).is_some_and(|(first, last)| last.signed_duration_since(*first).num_days() >= LEAST_DAYS)
}

/// Whether a date tells the time of day. A whole hour is none: midnight as told elsewhere, `22:00:00Z`, or what a form fills in.
fn tells_time(value: &str) -> bool {
    let Some((_, time)) = value.trim().split_once(['T', ' ']) else { return false };
    let clock = time.trim().split(['+', '-', 'Z', '.', ' ']).next().unwrap_or_default();
    clock.split(':').skip(1).any(|part| part.contains(|character: char| ('1'..='9').contains(&character)))
}

/// Whether the name of a page begins with the day that a field tells.
fn is_in_name(page: &Page, field: &Field) -> bool {
    let value = page.fields.get(&field.path).and_then(|node| node.scalar()).map(str::trim);
    value.zip(day_of_name(page)).is_some_and(|(value, day)| value.starts_with(day))
}

/// A field of most files that only pages of a site have: when they were last changed, who wrote them, whether they are drafts,
/// or that they are laid out as posts.
fn field_of_pages(material: &Material<'_>) -> Option<String> {
    let profile = material.profile;
    let is_usual = |field: &&Field| !field.is_nested() && ratio(field.filled, profile.files) > 0.5;
    let is_of_pages = |field: &&Field| list("publication", "beside").contains(&words::name_words(field.name()).as_str());
    let modified = material.meanings.best(Meaning::Modified).filter(is_usual);
    let beside = || profile.fields.values().filter(is_usual).find(is_of_pages);
    let found = modified.or_else(beside).map(|field| field.path.clone());
    found.or_else(|| layout_of_posts(profile))
}

/// The layout, if most files are laid out as posts.
fn layout_of_posts(profile: &Profile) -> Option<String> {
    let layout = profile.get("layout")?;
    let posts = layout.saying(|value| words::nature(value) == Some(Nature::Posts));
    (posts * 2 > profile.files).then(|| layout.path.clone())
}
