//! What is particular to this store. What every store must do is in [`crate::store::contract`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, StatementStatus};

use super::code::Code;
use super::{SqliteStore, migrate, pool, statement};
use crate::change::{ChangeKind, ChangeSet, Operation};
use crate::model::{
    ImportRun, Initiative, Language, Place, PlaceTarget, Record, RecordKey as _, RecordKind, RecordRef, Relation, RunCause,
    RunCounts, RunDiagnostic, RunState, Severity, Source, SourceKind, Text, Town, TownType,
};
use crate::store::{Applied, GraphStore as _, NeighbourQuestion, StoreError, StoreOptions};

/// The file that the first version wrote, from [`sample`].
const FIRST_VERSION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sqlite-version-1.db");

/// The file that the second version wrote, from [`sample`] and [`sample_run`].
const SECOND_VERSION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/sqlite-version-2.db");

async fn open(path: &Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, StoreOptions::default()).await
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn change_set(id: &str, operations: Vec<Operation>) -> ChangeSet {
    let at = "2026-11-24T02:26:03Z".parse().expect("a moment");
    let by = "test".parse().expect("a text");
    ChangeSet { id: id.parse().expect("a text"), at, by, why: None, operations }
}

fn town(key: &str, name: &str) -> Town {
    Town {
        key: key.parse().expect("a key"),
        aliases: Vec::new(),
        name: name.parse().expect("a name"),
        town_type: TownType::Commune,
        population: None,
        postcodes: Vec::new(),
        point: None,
        part_of: Vec::new(),
        parent: None,
        former: Vec::new(),
        provenance: Vec::new(),
    }
}

fn initiative(key: &str, towns: &[&str]) -> Initiative {
    let place =
        |town: &&str| Place { target: PlaceTarget::Town(town.parse().expect("a key")), original_code: None, original_name: None };
    Initiative {
        key: key.parse().expect("a key"),
        aliases: Vec::new(),
        title: "Wi-Fi gratuit en centre-ville".parse().expect("a title"),
        summary: None,
        language: Language::french(),
        kind: None,
        topics: Vec::new(),
        tags: Vec::new(),
        audiences: Vec::new(),
        status: None,
        status_reason: None,
        start: None,
        end: None,
        places: towns.iter().map(place).collect(),
        point: None,
        involvements: Vec::new(),
        figures: Vec::new(),
        costs: Vec::new(),
        links: Vec::new(),
        evidence: Vec::new(),
        contact: None,
        inspired_by: Vec::new(),
        supersedes: Vec::new(),
        distinct_from: Vec::new(),
        licence: None,
        modified: None,
        reviewed: None,
        provenance: Vec::new(),
    }
}

/// Two change sets that fill every table.
fn sample() -> [ChangeSet; 2] {
    let mut agen = town("insee:47001", "Agen");
    agen.aliases = vec!["geonames:3038789".parse().expect("a key")];
    let mut wifi = initiative("agen-wifi", &["insee:47001"]);
    let first = change_set(
        "first",
        vec![Operation::put(agen), Operation::put(wifi.clone()), Operation::put(town("insee:59512", "Roubaix"))],
    );
    wifi.summary = Some("Demandé en 2018.".parse().expect("a summary"));
    let withdrawal = Operation::Withdraw {
        reference: reference("town/insee:59512"),
        why: "par erreur".parse().expect("a text"),
        merged_into: None,
        expected: crate::change::Expected::Anything,
    };
    [first, change_set("second", vec![Operation::put(wifi), withdrawal])]
}

/// An import with something found, which fills the tables of the second version.
fn sample_run() -> (ImportRun, RunDiagnostic) {
    let text = |text: &str| text.parse::<Text>().expect("a text");
    let counts = RunCounts { files: 3, invalid: 1, skipped: [(text("empty"), 1)].into(), new: 1, ..RunCounts::default() };
    let run = ImportRun {
        key: "agen/2026-11-25T10:00:00.000Z".parse().expect("a key"),
        state: RunState::Succeeded,
        cause: RunCause::Command,
        finished_at: Some("2026-11-25T10:00:01.000Z".parse().expect("a moment")),
        commit: Some(text("0123456789abcdef")),
        progress: None,
        counts,
        problem: None,
    };
    let diagnostic = RunDiagnostic {
        code: text("missing-title"),
        severity: Severity::Error,
        path: "wifi.md".to_owned(),
        entry: None,
        line: Some(2),
        column: Some(1),
        field: None,
        value: None,
        detail: None,
        nearest: None,
        expected: None,
        excerpt: Some("titre: Wi-Fi".to_owned()),
    };
    (run, diagnostic)
}

fn reference(text: &str) -> RecordRef {
    text.parse().expect("a reference")
}

/// Everything about a file and what stands beside it: names, bytes, times.
fn state_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let modified = path.metadata().and_then(|metadata| metadata.modified()).expect("a time");
            (path.clone(), std::fs::read(&path).expect("a file"), modified)
        })
        .collect();
    files.sort();
    files
}

#[test]
fn numbers_follow_the_order_of_the_values_and_have_their_names_in_the_file() {
    fn check<T: Code>(connection: &Connection, table: &str, name: impl Fn(T) -> &'static str) {
        assert!(T::VALUES.is_sorted_by_key(|value| value.code()), "{table}");
        let mut names = connection.prepare(&format!("SELECT code, name FROM {table} ORDER BY code")).expect("a table");
        let names: Vec<(i64, String)> =
            names.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows").map(|row| row.expect("a row")).collect();
        let expected: Vec<(i64, String)> = T::VALUES.iter().map(|value| (value.code(), name(*value).to_owned())).collect();
        assert_eq!(names, expected);
    }
    let mut connection = Connection::open_in_memory().expect("a database");
    migrate::migrate(&mut connection, Path::new("memory")).expect("the schema");
    check(&connection, "record_kind", RecordKind::as_str);
    check(&connection, "relation", Relation::as_str);
    check(&connection, "change_kind", ChangeKind::as_str);
}

#[test]
fn every_statement_finds_its_rows_by_an_index_that_holds_them_in_order() {
    let mut connection = Connection::open_in_memory().expect("a database");
    migrate::migrate(&mut connection, Path::new("memory")).expect("the schema");
    for (name, statement) in statement::ALL {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).expect(name);
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().expect(name) {
            let step: String = row.get("detail").expect(name);
            // The newest revision is the end of its table.
            let is_fine = step == "SCAN revision" || step == "SCAN CONSTANT ROW";
            assert!(is_fine || !step.contains("SCAN ") && !step.contains("TEMP B-TREE"), "{name}: {step}");
            // Whether a neighbour is withdrawn is told without reading the neighbour.
            let looks_for_withdrawn = statement.contains("NOT EXISTS") && step.contains("record");
            assert!(!looks_for_withdrawn || step.contains("record_withdrawn"), "{name}: {step}");
        }
    }
}

#[test]
fn no_statement_is_planned_again_for_other_values() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    let mut connection =
        pool::connect(&path, OpenFlags::SQLITE_OPEN_CREATE, Duration::from_secs(1), 1 << 10).expect("a connection");
    migrate::migrate(&mut connection, &path).expect("the schema");
    for (name, statement) in statement::ALL.iter().filter(|(_, statement)| statement.starts_with("SELECT")) {
        let mut prepared = connection.prepare(statement).expect(name);
        for value in 1..=3 {
            let values = rusqlite::params_from_iter(vec![value; prepared.parameter_count()]);
            let mut rows = prepared.query(values).expect(name);
            while rows.next().expect(name).is_some() {}
        }
        assert_eq!(prepared.get_status(StatementStatus::RePrepare), 0, "{name}");
    }
}

#[tokio::test]
async fn the_folder_is_made_and_the_file_is_found_again() {
    let folder = folder();
    let path = folder.path().join("not/yet/there/graph.db");
    let [first, second] = sample();
    let store = open(&path).await.expect("a new store");
    assert_eq!(store.apply(&first).await.expect("applied"), Applied { revision: 1, changed: 3 });
    drop(store);
    let store = open(&path).await.expect("the same store");
    assert_eq!(store.revision().await.expect("a revision"), 1);
    assert_eq!(store.apply(&second).await.expect("applied"), Applied { revision: 2, changed: 2 });
    assert_eq!(store.apply(&first).await.expect("applied before"), Applied { revision: 1, changed: 0 });
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let folder = folder();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a database, whatever its name says, and long enough to have the head of one; and so on and on")
        .expect("a file");
    let other = folder.path().join("other.db");
    Connection::open(&other).and_then(|other| other.execute_batch("CREATE TABLE thing (name TEXT)")).expect("another database");
    let before = state_of(folder.path());
    for (path, problem) in [
        (file.clone(), "is not an SQLite database"),
        (other, "is an SQLite database of another program"),
        (file.join("below/graph.db"), "cannot create the folder"),
        (folder.path().to_owned(), "cannot read"),
    ] {
        let error = open(&path).await.expect_err(problem);
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
        assert!(error.to_string().contains(problem), "{error}");
        assert!(error.to_string().contains(path.to_str().expect("a path")), "{error}");
    }
    assert_eq!(state_of(folder.path()), before);
    assert!(matches!(open(Path::new("")).await, Err(StoreError::Address { .. })));
}

#[tokio::test]
async fn a_file_of_the_second_version_is_read_with_its_runs() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    std::fs::copy(SECOND_VERSION, &path).expect("a copy");
    let store = open(&path).await.expect("the store");
    assert_eq!(store.revision().await.expect("a revision"), 2);
    let (run, diagnostic) = sample_run();
    let keys = [run.key.clone()];
    assert_eq!(store.imports().runs(&keys).await.expect("runs"), [Some(run)]);
    assert_eq!(store.imports().diagnostics(&keys).await.expect("diagnostics"), [vec![diagnostic]]);
}

#[tokio::test]
async fn a_file_of_the_first_version_is_upgraded() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    std::fs::copy(FIRST_VERSION, &path).expect("a copy");
    let old = open(&path).await.expect("the store");
    let new = open(&folder.path().join("new.db")).await.expect("a new store");
    for change_set in sample() {
        new.apply(&change_set).await.expect("applied");
    }
    let (mut from_old, mut from_new) = (Vec::new(), Vec::new());
    crate::export::write(&old, &mut from_old, |_| ()).await.expect("an export");
    crate::export::write(&new, &mut from_new, |_| ()).await.expect("an export");
    assert_eq!(String::from_utf8(from_old).expect("text"), String::from_utf8(from_new).expect("text"));
    let by_alias = old.records(&[reference("town/geonames:3038789")]).await.expect("records");
    assert_eq!(by_alias[0].as_ref().map(|stored| stored.record.reference()), Some(reference("town/insee:47001")));
    let runs_in = NeighbourQuestion::by(Relation::RunsIn, crate::model::Direction::In, 10);
    let neighbours = old.neighbours(&[reference("town/insee:47001")], &runs_in).await.expect("neighbours");
    assert_eq!(neighbours[0].page.items.len(), 1);
    let (run, diagnostic) = sample_run();
    old.imports().put_run(&run, Some(&[diagnostic])).await.expect("kept");
    assert_eq!(old.imports().run_counts(&[run.key.source]).await.expect("a count"), [1]);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_and_left_as_it_is() {
    for is_in_log in [false, true] {
        let folder = folder();
        let path = folder.path().join("graph.db");
        std::fs::copy(FIRST_VERSION, &path).expect("a copy");
        let newer = Connection::open(&path).expect("the file");
        if is_in_log {
            // As after a kill: the version stands in the log beside the file alone.
            newer.pragma_update(None, "journal_mode", "wal").expect("a log");
            newer.pragma_update(None, "user_version", 7).expect("a version");
            for suffix in ["", "-wal"] {
                let from = migrate::beside(&path, suffix);
                std::fs::copy(&from, migrate::beside(&folder.path().join("killed.db"), suffix)).expect("a copy");
            }
        } else {
            newer.pragma_update(None, "journal_mode", "delete").expect("no log");
            newer.pragma_update(None, "user_version", 7).expect("a version");
        }
        drop(newer);
        let path = if is_in_log { folder.path().join("killed.db") } else { path };
        let of_the_graph = || -> Vec<_> {
            // The index of the log (`-shm`) says nothing of its own: SQLite makes it anew.
            state_of(folder.path()).into_iter().filter(|(path, ..)| !path.to_string_lossy().ends_with("-shm")).collect()
        };
        let before = of_the_graph();
        let error = open(&path).await.expect_err("refused");
        assert!(matches!(error, StoreError::NewerSchema { found: 7, known: migrate::KNOWN, .. }), "{error:?}");
        assert!(error.to_string().contains(path.to_str().expect("a path")), "{error}");
        assert_eq!(of_the_graph(), before);
    }
}

#[tokio::test]
async fn a_file_that_was_only_just_made_is_used() {
    let folder = folder();
    for (name, prepare) in [("empty.db", ""), ("blank.db", "PRAGMA journal_mode = wal;")] {
        let path = folder.path().join(name);
        std::fs::write(&path, "").expect("a file");
        Connection::open(&path).and_then(|blank| blank.execute_batch(prepare)).expect("a database");
        assert_eq!(open(&path).await.expect(name).revision().await.expect(name), 0);
    }
}

#[tokio::test]
async fn a_store_that_another_program_writes_to_is_waited_for_and_then_reported() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    let options = StoreOptions { acquire_timeout: Duration::from_millis(50), ..StoreOptions::default() };
    let store = SqliteStore::open(&path, options).await.expect("a store");
    let [first, _] = sample();
    let other = Connection::open(&path).expect("the file");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = store.apply(&first).await.expect_err("held by another");
    assert!(matches!(error, StoreError::Unavailable { .. }) && error.is_passing(), "{error:?}");
    assert_eq!(store.revision().await.expect("readers go on"), 0);
    other.execute_batch("COMMIT").expect("the lock is given back");
    assert_eq!(store.apply(&first).await.expect("applied"), Applied { revision: 1, changed: 3 });
}

#[tokio::test]
async fn what_takes_too_long_is_stopped_and_changes_nothing() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    let hub = change_set("hub", vec![Operation::put(town("insee:47001", "Agen"))]);
    let many = |id: &str| {
        let put = |number| Operation::put(initiative(&format!("{id}-{number}"), &["insee:47001"]));
        change_set(id, (0..4_000).map(put).collect())
    };
    let patient = open(&path).await.expect("a store");
    patient.apply(&hub).await.expect("applied");
    patient.apply(&many("first")).await.expect("applied");
    let hurried = StoreOptions {
        query_timeout: Duration::from_micros(200),
        apply_timeout: Duration::from_millis(100),
        ..StoreOptions::default()
    };
    let hurried = SqliteStore::open(&path, hurried).await.expect("a store");
    let question = NeighbourQuestion { relations: Vec::new(), kind: None, after: None, first: 4_000, count: true };
    let of = vec![reference("town/insee:47001"); 50];
    let error = hurried.neighbours(&of, &question).await.expect_err("too slow");
    assert!(matches!(error, StoreError::TimedOut { doing: "looking for neighbours", .. }), "{error:?}");
    let twenty_sets: Vec<Operation> = (0..5).flat_map(|number| many(&format!("late-{number}")).operations).collect();
    let error = hurried.apply(&change_set("late", twenty_sets)).await.expect_err("too slow");
    assert!(matches!(error, StoreError::TimedOut { doing: "applying a change set", .. }), "{error:?}");
    drop(hurried);
    // Whoever comes next is not stopped, and finds that nothing was half-done.
    assert_eq!(patient.apply(&many("second")).await.expect("applied"), Applied { revision: 3, changed: 4_000 });
    let neighbours = patient.neighbours(&of[..1], &question).await.expect("neighbours");
    assert_eq!(neighbours[0].count, Some(8_000));
    assert!(neighbours[0].page.has_more);
}

#[tokio::test]
async fn a_row_that_this_program_would_not_write_is_named() {
    let folder = folder();
    let path = folder.path().join("graph.db");
    let store = open(&path).await.expect("a store");
    let source = Source {
        key: "insee".parse().expect("a key"),
        aliases: Vec::new(),
        name: "Insee".parse().expect("a name"),
        kind: SourceKind::Reference,
        address: None,
        description: None,
        language: None,
        licence: None,
    };
    let key = source.key.reference();
    store.apply(&change_set("source", vec![Operation::put(Record::from(source))])).await.expect("applied");
    let other = Connection::open(&path).expect("the file");
    other.execute("UPDATE record SET document = json_set(document, '$.kind', 'hearsay')", []).expect("changed");
    let error = store.records(&[key]).await.expect_err("unreadable");
    assert!(matches!(&error, StoreError::Inconsistent { .. }), "{error:?}");
    assert!(error.to_string().contains("source/insee") && error.to_string().contains("hearsay"), "{error}");
}
