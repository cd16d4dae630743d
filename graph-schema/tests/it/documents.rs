//! Records as documents, and back.

use maillage_graph_schema::document;
use maillage_graph_schema::model::{Record, RecordKind, Source, SourceKind};

#[test]
fn a_record_reads_back_as_it_was_written() {
    let source: Record = Source {
        key: "betagouv".parse().unwrap(),
        aliases: vec!["beta-gouv".parse().unwrap()],
        name: "beta.gouv.fr".parse().unwrap(),
        kind: SourceKind::Git,
        address: None,
        description: None,
        language: None,
        licence: None,
    }
    .into();
    let written = document::from_record(&source);
    assert_eq!(document::to_record(RecordKind::Source, &written).unwrap(), source);
}
