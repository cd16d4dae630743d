//! Records as documents, and back.

use maillage_graph_schema::document;
use maillage_graph_schema::model::RecordKind;
use maillage_graph_schema::store::contract::generate;
use maillage_graph_schema::store::contract::sample::{bare, full, full_of};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/it/documents.seeds"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_record_reads_back_as_it_was_written(record in generate::record()) {
        let written = document::from_record(&record);
        let bytes = serde_json::to_vec(&written).expect("a document can be written");
        let read: document::Document = serde_json::from_slice(&bytes).expect("a document can be read");
        prop_assert_eq!(&read, &written);
        prop_assert_eq!(&document::to_record(record.kind(), &read).expect("a record can be read"), &record);
        // Fields without a value are left out, so equal records give equal bytes.
        let is_left_out = |value: &Value| value.is_null() || value == &json!([]) || value == "";
        prop_assert_eq!(written.iter().find(|(_, value)| is_left_out(value)), None);
        prop_assert_eq!(written.keys().is_sorted(), true);
    }
}

#[test]
fn samples_read_back_as_they_were_written() {
    for record in bare().into_iter().chain(full()) {
        let written = document::from_record(&record);
        assert_eq!(document::to_record(record.kind(), &written), Ok(record));
    }
}

#[test]
fn errors_name_the_field() {
    // What is changed in the document of the full record of a kind, and what the error says of it.
    for (kind, pointer, value, expected) in [
        (RecordKind::Town, "", json!(null), "field name: is missing"),
        (RecordKind::Town, "/name", json!(""), r#"field name: "" is not a text: expected at least one visible character"#),
        (RecordKind::Town, "/population", json!(-1), "field population: is not a whole number of this range"),
        (RecordKind::Town, "/population", json!(4_294_967_296_u64), "field population: is not a whole number of this range"),
        (RecordKind::Town, "/point/lat", json!("44"), "field point.lat: is not a number of degrees"),
        (RecordKind::Town, "/part_of", json!("department:47"), "field part_of: is not a list"),
        (RecordKind::Town, "/part_of/1", json!(47), "field part_of.1: is not a text"),
        (RecordKind::Town, "/former/0/surname", json!("Bon"), "field former.0.surname: is not a field of this record or value"),
        (RecordKind::Town, "/surname", json!("Bon"), "field surname: is not a field of this record or value"),
        (RecordKind::Town, "/provenance/0/source", json!(null), "field provenance.0.source: is not a text"),
        (RecordKind::Initiative, "/costs/0/amount", json!("2.50"), "field costs.0.amount: is not a number"),
        (RecordKind::Initiative, "/costs/0/year", json!(65_536), "field costs.0.year: is not a whole number of this range"),
        (
            RecordKind::Initiative,
            "/places/0/target",
            json!({ "town": "insee:1", "area": "region:1" }),
            "field places.0.target: names neither a town nor an area, or both",
        ),
        (
            RecordKind::Initiative,
            "/inspired_by/0/original",
            json!({}),
            "field inspired_by.0.original: names neither an initiative nor an address, or both",
        ),
        (
            RecordKind::Initiative,
            "/inspired_by/1/original/url",
            json!("exemple"),
            r#"field inspired_by.1.original.url: "exemple" is not a web address: expected an absolute address that starts with http:// or https://"#,
        ),
        (RecordKind::Topic, "/labels", json!(["fr"]), "field labels: is not an object"),
        (RecordKind::Topic, "/labels/fr", json!(1), "field labels.fr: is not a text"),
        (
            RecordKind::Note,
            "/kind",
            json!("praises"),
            r#"field kind: "praises" is not a kind of note: expected enriches, contradicts, asks, confirms"#,
        ),
        (
            RecordKind::Area,
            "/bounds/south",
            json!(89),
            r#"field bounds: "south 89, north 51.1" is not a bounding box: expected a south that is not north of its north"#,
        ),
    ] {
        let mut document = Value::Object(document::from_record(&full_of(kind)));
        match pointer.rsplit_once('/') {
            None => drop(document.as_object_mut().and_then(|fields| fields.remove("name"))),
            Some((parent, last)) => match document.pointer_mut(parent).expect(pointer) {
                Value::Array(items) => items[last.parse::<usize>().expect("an index")] = value,
                Value::Object(fields) => drop(fields.insert(last.to_owned(), value)),
                other => panic!("{pointer}: {other}"),
            },
        }
        let Value::Object(document) = document else { unreachable!("a document is an object") };
        let error = document::to_record(kind, &document).expect_err(expected);
        assert_eq!(error.to_string(), expected, "{kind}{pointer}");
    }
}
