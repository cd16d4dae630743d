//! What the id of a cluster says: which cell, of which filter, and what the cluster looked like.
//!
//! It says all that is needed to open the cluster, on any replica and after a restart. It stays the same as long as as many
//! initiatives are at the same places, whatever else changes in the graph.

use std::sync::Arc;

use chrono::NaiveDate;
use maillage_graph_schema::model::{Audience, Instant, OrganisationRole, Status};

use super::grid::Cell;
use crate::codec::{Code, Damaged, Reader, coded, coded_by_place};
use crate::cursor::{bytes_of, written};
use crate::question::{Bounds, Content, DateRange, InitiativeFilter, Near, NumberRange, QuestionError, Scope};

/// Grows with every change of what is written.
const FORMAT: u8 = 1;

/// The longest filter that a map can be asked with, in bytes as it is written in an id: each cluster carries it.
pub(crate) const LONGEST_FILTER: usize = 12_000;

/// The longest id, in characters.
const LONGEST_ID: usize = 2 * LONGEST_FILTER + 200;

/// Which cluster.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClusterId {
    pub cell: Cell,
    pub looks: Looks,
    pub filter: InitiativeFilter,
}

/// What a cluster looks like: how many initiatives, and a checksum of where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Looks {
    pub count: u64,
    pub places: u32,
}

impl ClusterId {
    /// Writes the id of a cluster; the filter is written already, by [`written_filter`].
    pub(crate) fn write(cell: Cell, looks: Looks, filter: &[u8]) -> String {
        let mut bytes = vec![FORMAT];
        cell.level.write(&mut bytes);
        cell.number.write(&mut bytes);
        looks.count.write(&mut bytes);
        looks.places.write(&mut bytes);
        bytes.extend_from_slice(filter);
        let checksum = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        written(&bytes)
    }

    /// Reads an id, which comes from who knows where.
    pub(crate) fn read(id: &str) -> Result<Self, QuestionError> {
        let unknown = || QuestionError::value("id", format!("{id:?}"), "the id of a cluster of the map: ask for the map again");
        if id.len() > LONGEST_ID {
            return Err(unknown());
        }
        let bytes = bytes_of(id).ok_or_else(unknown)?;
        let (content, checksum) = bytes.split_last_chunk::<4>().ok_or_else(unknown)?;
        if crc32fast::hash(content) != u32::from_le_bytes(*checksum) {
            return Err(unknown());
        }
        parse(content).map_err(|_| unknown())
    }
}

fn parse(content: &[u8]) -> Result<ClusterId, Damaged> {
    let mut reader = Reader::new(content);
    if reader.take(1)?[0] != FORMAT {
        return Err(reader.damaged("is of another format"));
    }
    let (level, number) = (Code::read(&mut reader)?, Code::read(&mut reader)?);
    let cell = Cell::checked(level, number).ok_or_else(|| reader.damaged("is no cell"))?;
    let looks = Looks { count: Code::read(&mut reader)?, places: Code::read(&mut reader)? };
    let filter = Code::read(&mut reader)?;
    reader.finish()?;
    Ok(ClusterId { cell, looks, filter })
}

/// A filter as it stands in the ids of its clusters.
pub(crate) fn written_filter(filter: &InitiativeFilter) -> Result<Vec<u8>, QuestionError> {
    let mut bytes = Vec::new();
    filter.write(&mut bytes);
    if bytes.len() > LONGEST_FILTER {
        let length = format!("one of {} bytes", bytes.len());
        return Err(QuestionError::value(
            "filter",
            length,
            "short enough for a map: at most 12000 bytes, all keys and texts together",
        ));
    }
    Ok(bytes)
}

coded_by_place!(Status, Audience, OrganisationRole, Content);
coded! {
    NumberRange { min, max }
    DateRange { from, to }
    Bounds { west, south, east, north }
    Near { latitude, longitude, radius }
    InitiativeFilter {
        scope, text, topics, all_topics, include_narrower, kinds, statuses, audiences, towns, areas, population, bounds, near, active,
        modified_since, organisations, role, sources, languages, licences, with,
    }
}

impl Code for Scope {
    fn write(&self, output: &mut Vec<u8>) {
        let (kind, key) = match self {
            Self::Town(key) => (0, key),
            Self::Area(key) => (1, key),
            Self::Topic(key) => (2, key),
            Self::Organisation(key, _) => (3, key),
            Self::Source(key) => (4, key),
        };
        output.push(kind);
        key.write(output);
        if let Self::Organisation(_, role) = self {
            role.write(output);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(match input.take(1)?[0] {
            0 => Self::Town(Code::read(input)?),
            1 => Self::Area(Code::read(input)?),
            2 => Self::Topic(Code::read(input)?),
            3 => Self::Organisation(Code::read(input)?, Code::read(input)?),
            4 => Self::Source(Code::read(input)?),
            _ => return Err(input.damaged("is no scope")),
        })
    }
}

impl Code for bool {
    fn write(&self, output: &mut Vec<u8>) {
        u8::from(*self).write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        match u8::read(input)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(input.damaged("is neither yes nor no")),
        }
    }
}

impl Code for String {
    fn write(&self, output: &mut Vec<u8>) {
        (self.len() as u64).write(output);
        output.extend_from_slice(self.as_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Arc::<str>::read(input).map(|text| text.as_ref().to_owned())
    }
}

impl<T: Code> Code for Vec<T> {
    fn write(&self, output: &mut Vec<u8>) {
        (self.len() as u64).write(output);
        for item in self {
            item.write(output);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Box::<[T]>::read(input).map(<[T]>::into_vec)
    }
}

impl Code for NaiveDate {
    fn write(&self, output: &mut Vec<u8>) {
        self.to_epoch_days().write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Self::from_epoch_days(i32::read(input)?).ok_or_else(|| input.damaged("is no day"))
    }
}

impl Code for Instant {
    fn write(&self, output: &mut Vec<u8>) {
        self.get().timestamp_millis().write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let moment = chrono::DateTime::from_timestamp_millis(i64::read(input)?);
        moment.map(Self::from).ok_or_else(|| input.damaged("is no moment"))
    }
}
