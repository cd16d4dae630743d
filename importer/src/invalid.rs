//! What ought to give records and cannot: its records stay as they last were.

use std::collections::BTreeSet;

use maillage_graph_schema::model::Record;

use crate::draft::Spot;

/// Files that give no record, and records of files of many that could not be read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Files of which nothing tells which records are meant.
    files: BTreeSet<String>,
    /// The keys of records by the path of their file.
    records: BTreeSet<(String, String)>,
    /// How many they are, each record of a file of many counting as one.
    pub count: usize,
}

impl Invalid {
    /// Adds what stands at a spot, with the key of its record if that is known.
    pub fn add(&mut self, spot: &Spot, key: Option<&str>) {
        self.count += 1;
        match key.filter(|_| spot.entry.is_some()) {
            Some(key) => {
                self.records.insert((spot.path.clone(), key.to_owned()));
            }
            // Which record of a file of many it was nobody knows: none of them is taken for gone.
            None => {
                self.files.insert(spot.path.clone());
            }
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
        self.records.extend(other.records);
        self.count += other.count;
    }

    /// Whether a record of the graph may be one of those that could not be read.
    pub fn may_be(&self, record: &Record, path: &str) -> bool {
        let key = match record {
            Record::CaseStudy(telling) => telling.initiative.to_string(),
            other => other.reference().key().to_owned(),
        };
        self.files.contains(path) || self.records.contains(&(path.to_owned(), key))
    }
}
