//! Reference data: towns, areas and topics, which the graph knows from its first start.
//!
//! Each table is a source of its own (`kind = "reference"` in the list of sources), so that every record names who made it.

pub(crate) mod countries;
mod csv;
mod regions;
mod topics;
mod towns;

use std::path::Path;

use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::clock::Clock;
use maillage_graph_schema::document;
use maillage_graph_schema::model::{Provenance, Record, SourceKey, Text, ValueError};
use maillage_graph_schema::store::Revision;
use sha2::{Digest as _, Sha256};

use crate::error::ImportError;
use crate::sources;

/// The sources that the tables are credited to; `sources.toml` describes them.
const COMMUNES: &str = "decoupage-administratif";
const GEONAMES: &str = "geonames";
const TOPICS: &str = "maillage-topics";

/// How many records go into one change set.
const CHUNK: usize = 5_000;

/// Who makes the changes.
pub const BY: &str = "import of reference data";

/// Reads the reference data of a content folder as change sets, in the order in which they are to be applied to a graph that
/// is at revision `base`. Their ids follow from what they hold and from that revision: data that comes back to an earlier
/// state is another change, not one that was applied before.
pub fn reference_change_sets(content: &Path, base: Revision, clock: &dyn Clock) -> Result<Vec<ChangeSet>, ImportError> {
    let records = records(content)?;
    let at = clock.now().into();
    let mut change_sets = Vec::with_capacity(records.len().div_ceil(CHUNK));
    let mut rest = records.into_iter().peekable();
    while rest.peek().is_some() {
        let operations: Vec<Operation> = rest.by_ref().take(CHUNK).map(Operation::put).collect();
        let id = id(base, &operations)?;
        change_sets.push(ChangeSet { id, at, by: BY.parse()?, why: None, operations });
    }
    Ok(change_sets)
}

/// All records of the reference data, each after those that it refers to.
pub(crate) fn records(content: &Path) -> Result<Vec<Record>, ImportError> {
    let listed = sources::load(content)?;
    let mut records: Vec<Record> = Vec::with_capacity(82_000);
    for key in [COMMUNES, GEONAMES, TOPICS] {
        records.push(sources::find(&listed, key)?.record().into());
    }
    let folder = content.join("towns");
    let credit = Credit::new()?;
    let places = towns::load(&folder, &credit)?;
    records.extend(places.areas.into_iter().map(Record::from));
    records.extend(topics::load(&content.join("topics.yaml"), &credit)?.into_iter().map(Record::from));
    records.extend(places.towns.into_iter().map(Record::from));
    Ok(records)
}

/// Whom records are credited to.
struct Credit {
    communes: Provenance,
    geonames: Provenance,
    topics: Provenance,
}

impl Credit {
    fn new() -> Result<Self, ValueError> {
        let of = |key: &str| key.parse::<SourceKey>().map(Provenance::of);
        Ok(Self { communes: of(COMMUNES)?, geonames: of(GEONAMES)?, topics: of(TOPICS)? })
    }
}

/// An id that follows from the records and from the revision that they are put on.
fn id(base: Revision, operations: &[Operation]) -> Result<Text, ImportError> {
    let mut hash = Sha256::new();
    for operation in operations {
        if let Operation::Put { record, .. } = operation {
            hash.update(record.reference().to_string());
            hash.update(
                serde_json::to_vec(&document::from_record(record)).map_err(|error| ImportError::Task(error.to_string()))?,
            );
        }
    }
    Ok(format!("reference-{base}-{}", hex(&hash.finalize()[..16])).parse()?)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a code, in capitals, is that of a state or a province of a country.
pub(crate) fn is_region(country: &str, code: &str) -> bool {
    regions::CODES.iter().any(|(known, codes)| *known == country && codes.contains(&code))
}

/// The countries whose states or provinces have codes that are known.
pub(crate) fn countries_with_regions() -> impl Iterator<Item = &'static str> {
    regions::CODES.iter().map(|(country, _)| *country)
}

/// Names of states and provinces, each with the code of its country.
pub(crate) fn regions_by_name() -> impl Iterator<Item = (&'static str, &'static str)> {
    regions::NAMES.iter().flat_map(|(country, names)| names.iter().map(move |name| (*name, *country)))
}

/// Names of provinces and the like that are those of a town, too, each with the code of its country.
pub(crate) fn provinces_named_as_towns() -> impl Iterator<Item = (&'static str, &'static str)> {
    regions::NAMED_AS_TOWNS.iter().flat_map(|(country, names)| names.iter().map(move |name| (*name, *country)))
}

/// The code of a country by that of three letters, in capitals.
pub(crate) fn country_of_three_letters(code: &str) -> Option<&'static str> {
    countries::of_three_letters(code)
}

/// The name of a country, in French.
pub(crate) fn country_name(code: &str) -> Option<&'static str> {
    countries::name(code)
}

/// A text that names places, with their countries in English.
pub(crate) fn countries_in_english(text: &str) -> String {
    countries::in_english(text)
}

/// The code of a country as it is known here.
pub(crate) fn country_code(code: &str) -> Option<&'static str> {
    countries::codes().find(|known| *known == code)
}
