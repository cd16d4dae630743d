//! From a filter to the records that it lets through.

use std::borrow::Cow;

use maillage_graph_schema::model::{Audience, BoundingBox, Licence, OrganisationRole, Point, Status};
use roaring::{MultiOps as _, RoaringBitmap};

use crate::columns::derive::{ROLES, bucket_of_day, bucket_of_moment, bucket_of_population, running};
use crate::columns::entry::{day, place};
use crate::columns::table::Table;
use crate::columns::{Columns, Dimension, Id};
use crate::geo;
use crate::nearest;
use crate::question::{Content, InitiativeFilter, NumberRange, QuestionError, Scope};

/// Up to how many candidates a range is checked one by one, rather than by bitmaps.
const FEW: u64 = 1500;

/// A condition on numbers or places, which has no bitmap of its own.
#[derive(Debug, Clone, Copy)]
enum Range {
    Population(NumberRange),
    StartsBy(i32),
    EndsFrom(i32),
    ModifiedSince(i64),
    Box(BoundingBox),
    Circle(Point, f64),
}

impl Range {
    /// Whether one initiative meets it.
    fn holds(self, columns: &Columns, id: Id) -> bool {
        match self {
            Self::Population(range) => {
                columns.populations(columns.initiative(id)).any(|population| range.holds(i64::from(population)))
            }
            Self::StartsBy(latest) => running(columns.initiative(id)).is_some_and(|(start, _)| start <= latest),
            Self::EndsFrom(earliest) => running(columns.initiative(id)).is_some_and(|(_, end)| end >= earliest),
            Self::ModifiedSince(earliest) => columns.initiative(id).modified.is_some_and(|modified| modified >= earliest),
            Self::Box(bounds) => columns.places(id).iter().any(|place| geo::holds(bounds, *place)),
            Self::Circle(centre, radius) => columns.places(id).iter().any(|place| geo::distance(*place, centre) <= radius),
        }
    }

    /// Those of many initiatives that meet it.
    fn among(self, columns: &Columns, candidates: &RoaringBitmap) -> RoaringBitmap {
        let (dimension, lowest, highest) = match self {
            Self::Population(range) => {
                let bucket = |number: i64| bucket_of_population(u32::try_from(number.max(0)).unwrap_or(u32::MAX));
                (Dimension::Population, range.min.map(bucket), range.max.map(bucket))
            }
            Self::StartsBy(latest) => (Dimension::Start, None, Some(bucket_of_day(latest))),
            Self::EndsFrom(earliest) => (Dimension::End, Some(bucket_of_day(earliest)), None),
            Self::ModifiedSince(earliest) => (Dimension::Modified, Some(bucket_of_moment(earliest)), None),
            Self::Box(bounds) => {
                return columns.spots.initiatives_in(bounds, columns.initiatives.len(), |point| geo::holds(bounds, point))
                    & candidates;
            }
            Self::Circle(centre, radius) => {
                let bounds = geo::box_of_circle(centre, radius);
                let is_near = |point| geo::distance(point, centre) <= radius;
                return columns.spots.initiatives_in(bounds, columns.initiatives.len(), is_near) & candidates;
            }
        };
        let touched = columns.bitmaps(dimension).iter().filter(|(bucket, _)| {
            lowest.is_none_or(|lowest| *bucket >= lowest) && highest.is_none_or(|highest| *bucket <= highest)
        });
        let (edges, whole): (Vec<_>, Vec<_>) =
            touched.partition(|(bucket, _)| Some(*bucket) == lowest || Some(*bucket) == highest);
        let mut met = whole.into_iter().map(|(_, bitmap)| bitmap).union() & candidates;
        for (_, bitmap) in edges {
            met |= self.checked(columns, &(bitmap & candidates));
        }
        met
    }

    fn checked(self, columns: &Columns, candidates: &RoaringBitmap) -> RoaringBitmap {
        candidates.iter().filter(|id| self.holds(columns, *id)).collect()
    }
}

/// Finds the record that a key of an argument names.
pub(crate) fn find<E>(table: &Table<E>, argument: &'static str, what: &'static str, key: &str) -> Result<Id, QuestionError> {
    table.find(key).ok_or_else(|| QuestionError::UnknownKey {
        argument,
        what,
        key: key.chars().take(200).collect(),
        nearest: nearest::keys(table, key),
    })
}

impl Columns {
    /// The initiatives that a filter lets through, its text left aside.
    pub(crate) fn select(&self, filter: &InitiativeFilter) -> Result<Cow<'_, RoaringBitmap>, QuestionError> {
        let mut sets: Vec<Cow<'_, RoaringBitmap>> = Vec::new();
        let mut any_of = |dimension: Dimension, values: Vec<u32>| match values.as_slice() {
            [] => {}
            [value] => sets.push(Cow::Borrowed(self.having(dimension, *value))),
            several => sets.push(Cow::Owned(several.iter().map(|value| self.having(dimension, *value)).union())),
        };
        let topic = if filter.include_narrower { Dimension::TopicTree } else { Dimension::Topic };
        if let Some(scope) = &filter.scope {
            let (dimension, value) = self.scope(scope, topic);
            any_of(dimension, or_none(value.into_iter().collect()));
        }
        any_of(topic, find_all(&self.topics, "topics", "topic", &filter.topics)?);
        for value in find_all(&self.topics, "allTopics", "topic", &filter.all_topics)? {
            any_of(topic, vec![value]);
        }
        any_of(Dimension::Kind, find_all(&self.topics, "kinds", "topic", &filter.kinds)?);
        any_of(Dimension::Status, filter.statuses.iter().map(|status| u32::from(place(Status::ALL, *status))).collect());
        any_of(Dimension::Audience, filter.audiences.iter().map(|audience| u32::from(place(Audience::ALL, *audience))).collect());
        any_of(Dimension::Town, find_all(&self.towns, "towns", "town", &filter.towns)?);
        any_of(Dimension::Area, find_all(&self.areas, "areas", "area", &filter.areas)?);
        let organisations = find_all(&self.organisations, "organisations", "organisation", &filter.organisations)?;
        match filter.role {
            None => any_of(Dimension::Organisation, organisations),
            Some(role) => {
                let role = u32::from(place(OrganisationRole::ALL, role));
                if organisations.is_empty() {
                    let in_role = self.bitmaps(Dimension::OrganisationRole).iter().filter(|(value, _)| value % ROLES == role);
                    any_of(Dimension::OrganisationRole, or_none(in_role.map(|(value, _)| value).collect()));
                } else {
                    any_of(Dimension::OrganisationRole, organisations.into_iter().map(|id| id * ROLES + role).collect());
                }
            }
        }
        any_of(Dimension::Source, find_all(&self.sources, "sources", "source", &filter.sources)?);
        if !filter.languages.is_empty() {
            any_of(Dimension::Language, self.languages(&filter.languages)?);
        }
        if !filter.licences.is_empty() {
            any_of(Dimension::Licence, self.licences(&filter.licences)?);
        }
        for content in &filter.with {
            any_of(Dimension::Content, vec![u32::from(place(Content::ALL, *content))]);
        }
        let ranges = ranges(filter)?;

        sets.sort_by_key(|set| set.len());
        let mut sets = sets.into_iter();
        let mut selected = match sets.next() {
            Some(smallest) => smallest,
            // No condition but ranges: the first of them is asked of everything at once.
            None if ranges.is_empty() => return Ok(Cow::Borrowed(&*self.live)),
            None => Cow::Borrowed(&*self.live),
        };
        for set in sets {
            selected = Cow::Owned(&*selected & &*set);
        }
        for range in ranges {
            selected =
                Cow::Owned(if selected.len() <= FEW { range.checked(self, &selected) } else { range.among(self, &selected) });
        }
        Ok(selected)
    }

    /// What the initiatives of a record have in common; `None` if the record is not there.
    fn scope(&self, scope: &Scope, topic: Dimension) -> (Dimension, Option<u32>) {
        match scope {
            Scope::Town(key) => (Dimension::Town, self.towns.find(key)),
            Scope::Area(key) => (Dimension::Area, self.areas.find(key)),
            Scope::Topic(key) => (topic, self.topics.find(key)),
            Scope::Organisation(key, None) => (Dimension::Organisation, self.organisations.find(key)),
            Scope::Organisation(key, Some(role)) => {
                let role = u32::from(place(OrganisationRole::ALL, *role));
                (Dimension::OrganisationRole, self.organisations.find(key).map(|id| id * ROLES + role))
            }
            Scope::Source(key) => (Dimension::Source, self.sources.find(key)),
        }
    }

    /// Numbers of languages; one that no record is in has none, and finds nothing.
    fn languages(&self, tags: &[String]) -> Result<Vec<u32>, QuestionError> {
        let tags = tags.iter().map(|tag| {
            tag.parse::<maillage_graph_schema::model::Language>()
                .map_err(|_| QuestionError::value("languages", tag, "a language: a BCP 47 tag such as fr, en or pt-BR"))
        });
        let tags = tags.collect::<Result<Vec<_>, _>>()?;
        Ok(or_none(tags.iter().filter_map(|tag| self.languages.find(tag.as_str())).collect()))
    }

    fn licences(&self, names: &[String]) -> Result<Vec<u32>, QuestionError> {
        let names = names.iter().map(|name| {
            name.parse::<Licence>().map_err(|_| QuestionError::UnknownKey {
                argument: "licences",
                what: "licence",
                key: name.chars().take(200).collect(),
                nearest: nearest::of(Licence::all().map(|licence| licence.as_str().to_owned()), name),
            })
        });
        let names = names.collect::<Result<Vec<_>, _>>()?;
        Ok(or_none(names.iter().filter_map(|name| self.licences.find(name.as_str())).collect()))
    }
}

/// The conditions of a filter on numbers and places.
fn ranges(filter: &InitiativeFilter) -> Result<Vec<Range>, QuestionError> {
    let mut ranges = Vec::new();
    if let Some(bounds) = filter.bounds {
        ranges.push(Range::Box(bounds.check("bounds")?));
    }
    if let Some(near) = filter.near {
        let (centre, radius) = near.check("near")?;
        ranges.push(Range::Circle(centre, radius));
    }
    if let Some(population) = filter.population {
        ranges.push(Range::Population(population.check("population")?));
    }
    if let Some(active) = filter.active {
        let active = active.check("active")?;
        ranges.push(Range::StartsBy(active.to.map_or(i32::MAX, day)));
        ranges.push(Range::EndsFrom(active.from.map_or(i32::MIN, day)));
    }
    if let Some(since) = filter.modified_since {
        ranges.push(Range::ModifiedSince(since.get().timestamp_millis()));
    }
    Ok(ranges)
}

/// A value that no record has, where a condition was asked for and no record meets it.
fn or_none(mut values: Vec<u32>) -> Vec<u32> {
    if values.is_empty() {
        values.push(u32::MAX);
    }
    values
}

pub(crate) fn find_all<E>(
    table: &Table<E>,
    argument: &'static str,
    what: &'static str,
    keys: &[String],
) -> Result<Vec<Id>, QuestionError> {
    keys.iter().map(|key| find(table, argument, what, key)).collect()
}
