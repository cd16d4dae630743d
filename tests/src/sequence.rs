//! An endless sequence of small change sets: each makes exactly one revision, adds, changes and takes back records, and can
//! be made again from its number alone. So whoever knows the revision of a store knows all that it must hold.

use anyhow::Result;
use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::document::{self, Document};
use maillage_graph_schema::model::{Record, RecordKind, RecordRef};
use maillage_graph_schema::store::Revision;

/// How many towns the initiatives are spread over.
const TOWNS: u64 = 7;

/// How many initiatives a change set adds: mostly few, now and then so many that writing them takes a while.
const fn size(number: Revision) -> u64 {
    match number % 10 {
        0 => 60,
        rest => 1 + rest * 2,
    }
}

/// The change set that makes a revision, from 1.
pub fn change_set(number: Revision) -> Result<ChangeSet> {
    let mut operations = Vec::new();
    let towns = if number == 1 { 0..TOWNS } else { number % TOWNS..number % TOWNS + 1 };
    for town in towns {
        // Changed each time that its turn comes.
        let fields = format!(r#"{{"key":"sequence:{town}","name":"Ville {town}","type":"town","population":{number}}}"#);
        operations.push(put(RecordKind::Town, &fields)?);
    }
    for index in 0..size(number) {
        let key = initiative(number, index);
        let (town, other) = (number % TOWNS, (number + 1 + index % (TOWNS - 1)) % TOWNS);
        let former = if number == 1 { String::new() } else { format!(r#","supersedes":["{}"]"#, initiative(number - 1, 0)) };
        let fields = format!(
            r#"{{"key":"{key}","title":"Essai {index} de {number}","language":"fr",
                "places":[{{"target":{{"town":"sequence:{town}"}}}},{{"target":{{"town":"sequence:{other}"}}}}]{former}}}"#
        );
        operations.push(put(RecordKind::Initiative, &fields)?);
        let text = "Ce qui a été essayé, et ce qui en est venu. ".repeat(12);
        let fields = format!(
            r#"{{"initiative":"{key}","language":"fr","title":"Essai {index} de {number}",
                "sections":[{{"kind":"solution","heading":"Solution","markdown":"{text}"}}]}}"#
        );
        operations.push(put(RecordKind::CaseStudy, &fields)?);
    }
    if number > 1 && number.is_multiple_of(3) {
        operations.push(Operation::Withdraw {
            reference: RecordRef::parse(RecordKind::Initiative, &initiative(number - 1, 0))?,
            why: "arrêté".parse()?,
            merged_into: None,
            expected: Expected::At(number - 1),
        });
    }
    Ok(ChangeSet {
        id: format!("sequence-{number}").parse()?,
        at: "2026-11-24T02:26:03Z".parse()?,
        by: "sequence".parse()?,
        why: None,
        operations,
    })
}

fn initiative(number: Revision, index: u64) -> String {
    format!("essai-{number}-{index}")
}

fn put(kind: RecordKind, fields: &str) -> Result<Operation> {
    let fields: Document = serde_json::from_str(fields)?;
    let record: Record = document::to_record(kind, &fields)?;
    Ok(Operation::put(record))
}
