//! Records that an import left in the graph as its files give them, with nothing to be said about them. The next import need not
//! read those again that its files give in the same way, as long as the graph was not changed by others (see
//! [`remembered`](crate::remembered)): comparing them once more would find nothing once more.

use std::collections::{BTreeMap, HashMap, HashSet};

use maillage_graph_schema::change::without_fetch;
use maillage_graph_schema::document::Document;
use maillage_graph_schema::model::{Record, RecordRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::compare::Records;
use crate::each::shares;
use crate::reference::hex;

/// How much of a hash tells one state of a record from others, in bytes.
const LENGTH: usize = 16;

/// What each record says, when and at which commit it was read left aside: a hash of it.
#[derive(Debug, Default)]
pub struct Prints(HashMap<RecordRef, String>);

impl Prints {
    /// Of all of them.
    pub fn of(records: &Records) -> Self {
        let mut records: Vec<(&RecordRef, &Record)> = records.iter().map(|(reference, record)| (reference, &**record)).collect();
        let prints = shares(&mut records, |share| {
            // One buffer for all of them, since it grows to the longest.
            let mut said = Vec::new();
            let print = |(reference, record): &(&RecordRef, &Record)| ((*reference).clone(), print(record, &mut said));
            share.iter().map(print).collect::<Vec<_>>()
        });
        Self(prints.into_iter().flatten().collect())
    }
}

fn print(record: &Record, said: &mut Vec<u8>) -> String {
    said.clear();
    say_fields(&without_fetch(record), said);
    hex(&Sha256::digest(said)[..LENGTH])
}

/// Writes a value as no other one is written. Unlike in JSON, what is long is copied as it is: it need not be read again.
fn say(value: &Value, said: &mut Vec<u8>) {
    match value {
        Value::String(text) => say_text(text, said),
        Value::Array(items) => {
            said.push(b'[');
            for item in items {
                say(item, said);
            }
            said.push(b']');
        }
        Value::Object(fields) => say_fields(fields, said),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            said.extend_from_slice(value.to_string().as_bytes());
            said.push(b',');
        }
    }
}

fn say_text(text: &str, said: &mut Vec<u8>) {
    said.push(b'"');
    said.extend_from_slice(&text.len().to_le_bytes());
    said.extend_from_slice(text.as_bytes());
}

fn say_fields(fields: &Document, said: &mut Vec<u8>) {
    said.push(b'{');
    for (name, value) in fields {
        say_text(name, said);
        say(value, said);
    }
    said.push(b'}');
}

/// The records that are settled, by reference, with their prints.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Settled(BTreeMap<String, String>);

impl Settled {
    /// These records.
    pub fn of(references: impl IntoIterator<Item = RecordRef>, prints: &Prints) -> Self {
        let settled =
            references.into_iter().filter_map(|reference| Some((reference.to_string(), prints.0.get(&reference)?.clone())));
        Self(settled.collect())
    }

    /// Those of the records that are as they were.
    pub fn among(&self, prints: &Prints) -> HashSet<RecordRef> {
        let is_as_before = |(reference, print): &(&RecordRef, &String)| self.0.get(&reference.to_string()) == Some(*print);
        prints.0.iter().filter(is_as_before).map(|(reference, _)| reference.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use maillage_graph_schema::document;
    use maillage_graph_schema::model::RecordKind;

    use super::*;

    fn records(title: &str, commit: &str) -> Records {
        let fields = serde_json::json!({
            "initiative": "a", "language": "fr", "title": title,
            "picture": { "url": format!("https://example.org/raw/{commit}/a.png"), "alternative_text": "A" },
            "provenance": [{ "source": "agen", "path": "a.md", "commit": commit, "fetched_at": format!("2026-11-2{}T00:00:00Z", commit.len()) }],
        });
        let record = document::to_record(RecordKind::CaseStudy, fields.as_object().expect("fields")).expect("a record");
        BTreeMap::from([(record.reference(), Box::new(record))])
    }

    #[test]
    fn a_record_is_as_it_was_whenever_it_is_read() {
        let before = records("Un titre", "aaaa");
        let settled = Settled::of(before.keys().cloned(), &Prints::of(&before));
        let kept = serde_json::to_string(&settled).expect("a note");
        let settled: Settled = serde_json::from_str(&kept).expect("a note");
        for (title, commit, is_settled) in [("Un titre", "aaaa", true), ("Un titre", "bbbbb", true), ("Un autre", "aaaa", false)]
        {
            let now = records(title, commit);
            let expected: HashSet<RecordRef> = now.keys().filter(|_| is_settled).cloned().collect();
            assert_eq!(settled.among(&Prints::of(&now)), expected, "{title} at {commit}");
        }
        assert!(Settled::default().among(&Prints::of(&before)).is_empty());
    }
}
