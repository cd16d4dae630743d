//! What is wrong with an export is told with its line. That exports pass between stores is the contract suite's.

use maillage_graph_schema::export::{self, ExportError, Moved};
use maillage_graph_schema::store::GraphStore as _;
use maillage_graph_schema::store::contract::plain::PlainStore;
use maillage_graph_schema::store::contract::run;

const FIRST: &str = r#"{"maillage":"export","revisions":2,"version":1}"#;
const ONE: &str = r#"{"at":"2026-11-24T09:00:00.000Z","by":"us","id":"one","operations":1,"revision":1,"why":"why not"}"#;
const TOPIC: &str = r#"{"kind":"topic","record":{"key":"a","labels":{"fr":"A"}}}"#;
const TWO: &str = r#"{"at":"2026-11-25T09:00:00.000Z","by":"us","id":"two","operations":1,"revision":2}"#;
const WITHDRAWN: &str = r#"{"key":"a","kind":"topic","withdrawn":{"at":"2026-11-25T09:00:00.000Z","why":"no"}}"#;

/// An export that reads, with one of its lines in another form.
fn with(line: usize, other: &str) -> String {
    let mut lines = [FIRST, ONE, TOPIC, TWO, WITHDRAWN];
    lines[line - 1] = other;
    lines.join("\n")
}

#[test]
fn a_small_export_reads_and_is_written_the_same() {
    run(async {
        for end in ["", "\n"] {
            let store = PlainStore::default();
            let text = with(1, FIRST) + end;
            let moved = export::read(&store, text.as_bytes(), |_| ()).await.unwrap();
            assert_eq!(moved, Moved { revisions: 2, records: 2 });
            let mut written = Vec::new();
            export::write(&store, &mut written, |_| ()).await.unwrap();
            // The first state of the topic is worked out from the second.
            assert_eq!(String::from_utf8(written).unwrap().trim_end(), text.trim_end());
        }
    });
}

#[test]
fn errors_name_the_line() {
    let cut = |bytes: usize| with(1, FIRST)[..bytes].to_owned();
    let whole = with(1, FIRST).len();
    let header =
        |fields: &str| format!(r#"{{"at":"2026-11-24T09:00:00.000Z","by":"us","id":"one","operations":1,"revision":1{fields}}}"#);
    let cases = [
        (String::new(), 1, "is not the first line of an export"),
        ("\n".to_owned(), 1, "is not a JSON object"),
        (with(1, "{}"), 1, "is not the first line of an export"),
        (with(1, r#"{"maillage":"export","revisions":2,"version":2}"#), 1, "of version 2, this program reads 1"),
        (with(1, r#"{"maillage":"export","revisions":2}"#), 1, "field version is missing"),
        (with(1, r#"{"maillage":"export","version":1}"#), 1, "field revisions is missing"),
        (with(1, r#"{"maillage":"export","revisions":3,"version":1}"#), 6, "ends after revision 2 of 3"),
        (with(1, r#"{"maillage":"export","revisions":1,"version":1}"#), 6, "ends after revision 2 of 1"),
        (with(2, "[]"), 2, "is not a JSON object"),
        (with(2, ""), 2, "is not a JSON object"),
        (with(2, &ONE.replace(r#""by":"us","#, "")), 2, "field by is missing or not readable"),
        (with(2, &ONE.replace(r#""id":"one""#, r#""id":" ""#)), 2, "field id is missing or not readable"),
        (with(2, &ONE.replace("2026-11-24T09:00:00.000Z", "yesterday")), 2, "field at is missing or not readable"),
        (with(2, &ONE.replace(r#""operations":1"#, r#""operations":-1"#)), 2, "field operations is missing or not readable"),
        (with(2, &header(r#","why":7"#)), 2, "field why is missing or not readable"),
        (with(2, &ONE.replace(r#""revision":1"#, r#""revision":3"#)), 2, "revision 3 stands where 1 should"),
        (with(2, &ONE.replace(r#""operations":1"#, r#""operations":2"#)), 4, "field kind is missing"),
        (with(2, &ONE.replace(r#""operations":1"#, r#""operations":0"#)), 2, "it changes nothing"),
        (
            with(3, r#"{"kind":"topic","record":{"key":"A","labels":{"fr":"A"}}}"#),
            3,
            r#"field key: "A" is not the key of a topic"#,
        ),
        (with(3, r#"{"kind":"subject","record":{}}"#), 3, r#""subject" is not a kind of record"#),
        (with(3, r#"{"kind":"topic","record":{"key":"a","label":"A"}}"#), 3, "field label: is not a field"),
        (with(3, r#"{"kind":"topic","key":"a"}"#), 3, "has neither a record nor a withdrawal"),
        (with(3, r#"{"kind":"topic","record":{"key":"a","labels":{"fr":"\ud83d"}}}"#), 3, "is not a JSON object"),
        (
            with(3, r#"{"kind":"topic","record":{"key":"a","broader":"b"}}"#),
            2,
            "topic/a NARROWER topic/b, which the graph does not hold",
        ),
        (with(4, &TWO.replace("two", "one")), 4, "revision 2 came out as 1"),
        (with(4, &TWO.replace(r#""revision":2"#, r#""revision":1"#)), 4, "revision 1 stands where 2 should"),
        (with(5, &WITHDRAWN.replace(r#""key":"a","#, "")), 5, "field key is missing"),
        (with(5, &WITHDRAWN.replace(r#""key":"a""#, r#""key":"b""#)), 4, "topic/b cannot be withdrawn"),
        (
            with(5, &WITHDRAWN.replace("2026-11-25", "2026-11-26")),
            5,
            "is withdrawn at 2026-11-26T09:00:00.000Z, in a revision of 2026-11-25",
        ),
        (with(5, TOPIC), 4, "it changes nothing"),
        (cut(whole - 1), 5, "is not a JSON object"),
        (cut(whole - WITHDRAWN.len()), 5, "the export ends within revision 2"),
        (cut(whole - WITHDRAWN.len() - TWO.len() - 1), 4, "ends after revision 1 of 2"),
    ];
    run(async {
        for (text, expected_line, expected) in cases {
            let store = PlainStore::default();
            match export::read(&store, text.as_bytes(), |_| ()).await {
                Err(ExportError::Read { line, problem }) => {
                    assert!(problem.contains(expected), "{problem:?} was to contain {expected:?}");
                    assert_eq!(line, expected_line, "{problem}");
                }
                other => panic!("{expected:?} was to be said of\n{text}\nnot {other:?}"),
            }
            // What was read before the error is whole.
            assert!(store.revision().await.unwrap() <= 2);
        }
    });
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_line() {
    let mut bytes = with(1, FIRST).into_bytes();
    let at = bytes.iter().rposition(|byte| *byte == b'n').unwrap();
    bytes[at] = 0xff;
    let answer = run(async { export::read(&PlainStore::default(), bytes.as_slice(), |_| ()).await });
    assert!(matches!(answer, Err(ExportError::Read { line: 5, .. })), "{answer:?}");
}
