//! Exports, and back.

use std::io::{BufReader, Read};

use super::sample::{
    change_set, full, initiative, merge, organisation, put_all, reference, source, topic, town, value, withdraw,
};
use super::{Fixture, PlainFixture, apply, everything, ok, record, text};
use crate::export::{self, ExportError, Moved};
use crate::model::Record;
use crate::store::GraphStore;

/// A graph with a past: everything added, changed, withdrawn, merged and restored, under difficult names.
async fn with_a_past(store: &dyn GraphStore) {
    apply(store, "full", put_all(full())).await;
    let mut renamed = town("insee:47001", "Agen");
    renamed.population = Some(33_000);
    let mut more = organisation("mairie", "Mairie\u{2028}d'Agen");
    more.other_names = vec![value("🧵 \"œ\"")];
    apply(store, "deuxième 🧵", put_all([Record::from(renamed), more.into()])).await;
    apply(store, "third", vec![withdraw(&reference("initiative/atelier")), withdraw(&reference("source/annuaire"))]).await;
    let mut unexplained =
        change_set("fourth", vec![merge(&reference("organisation/ancienne"), &reference("organisation/mairie"))]);
    unexplained.why = None;
    ok(store.apply(&unexplained).await);
    let restored = full().into_iter().filter(|record| record.reference() == reference("initiative/atelier"));
    apply(store, "fifth", put_all(restored)).await;
    let many: Vec<_> = (0..700).map(|number| topic(&format!("t{number:03}"), "Thème")).collect();
    apply(store, "sixth", put_all(many)).await;
    apply(store, "seventh", vec![merge(&reference("initiative/premiere"), &reference("initiative/modele"))]).await;
    apply(store, "eighth", put_all([source("annuaire", "Annuaire")])).await;
}

async fn read(store: &dyn GraphStore, written: &[u8]) -> Result<Moved, ExportError> {
    export::read(store, written, |_| ()).await
}

pub(super) async fn an_export_reads_back_the_same(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    with_a_past(&*store).await;
    let mut written = Vec::new();
    let mut last = Moved::default();
    let moved = ok(export::write(&*store, &mut written, |progress| last = progress).await);
    assert_eq!((moved.revisions, moved), (8, last));
    assert_eq!(moved.records + 9, text(&written).lines().count() as u64);
    let other = fixture.empty().await;
    assert_eq!(ok(read(&*other, &written).await), moved);
    assert_eq!(ok(other.revision().await), 8);
    assert_eq!(text(&everything(&*other).await), text(&written));
    // Read again, it changes nothing.
    assert_eq!(ok(read(&*other, &written).await), moved);
    assert_eq!(text(&everything(&*other).await), text(&written));
}

pub(super) async fn an_export_of_nothing_reads_back_as_nothing(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let written = everything(&*store).await;
    assert_eq!(text(&written).lines().count(), 1);
    assert_eq!(ok(read(&*store, &written).await), Moved::default());
    assert_eq!(ok(store.revision().await), 0);
}

/// Breaks off after so many bytes, as a pipe does.
struct BrokenOff<'a>(&'a [u8]);

impl Read for BrokenOff<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::ErrorKind::ConnectionReset.into()),
            read => Ok(read),
        }
    }
}

pub(super) async fn an_import_goes_on_where_it_stopped(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    with_a_past(&*store).await;
    let written = everything(&*store).await;
    let other = fixture.empty().await;
    for part in [1, 3, 7] {
        let cut = &written[..written.len() * part / 10];
        let answer = export::read(&*other, BufReader::new(BrokenOff(cut)), |_| ()).await;
        assert!(matches!(answer, Err(ExportError::Read { .. })), "{answer:?}");
        // A file cut short is told from a whole one, too.
        let answer = read(&*other, cut).await;
        assert!(matches!(answer, Err(ExportError::Read { .. })), "{answer:?}");
    }
    assert!(ok(other.revision().await) > 0);
    ok(read(&*other, &written).await);
    assert_eq!(text(&everything(&*other).await), text(&written));
}

pub(super) async fn an_export_is_not_read_into_a_store_that_holds_something_else(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    with_a_past(&*store).await;
    let written = everything(&*store).await;
    let other = fixture.empty().await;
    apply(&*other, "something else", put_all([initiative("autre", "Autre")])).await;
    let before = everything(&*other).await;
    let answer = read(&*other, &written).await;
    assert!(matches!(answer, Err(ExportError::NotEmpty { found: 1 })), "{answer:?}");
    assert_eq!(text(&everything(&*other).await), text(&before));
}

pub(super) async fn an_export_is_not_read_into_a_store_that_went_on(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "first", put_all([initiative("a", "A")])).await;
    let written = everything(&*store).await;
    apply(&*store, "second", put_all([initiative("b", "B")])).await;
    let answer = read(&*store, &written).await;
    assert!(matches!(answer, Err(ExportError::NotEmpty { found: 2 })), "{answer:?}");
    assert_eq!(ok(store.revision().await), 2);
}

pub(super) async fn a_conflict_in_an_export_is_told_with_its_line(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let lines = [
        r#"{"maillage":"export","revisions":2,"version":1}"#,
        r#"{"at":"2026-11-24T09:00:00.000Z","by":"us","id":"one","operations":1,"revision":1}"#,
        r#"{"kind":"topic","record":{"key":"a","labels":{"fr":"A"}}}"#,
        r#"{"at":"2026-11-24T09:00:00.000Z","by":"us","id":"two","operations":1,"revision":2}"#,
        r#"{"kind":"topic","record":{"broader":"nothing","key":"b","labels":{"fr":"B"}}}"#,
    ];
    let answer = read(&*store, lines.join("\n").as_bytes()).await;
    match answer {
        Err(ExportError::Read { line: 4, problem }) => assert!(problem.contains("topic/nothing"), "{problem}"),
        other => panic!("an error in line 4 was expected, not {other:?}"),
    }
    assert_eq!(ok(store.revision().await), 1);
    assert_eq!(record(&*store, &reference("topic/a")).await.record, topic("a", "A").into());
    assert!(matches!(ok(store.records(&[reference("topic/b")]).await).as_slice(), [None]));
}

pub(super) async fn exports_pass_between_stores(fixture: &dyn Fixture) {
    passes_through(&PlainFixture, fixture).await;
}

/// Takes a graph from a store of one kind to one of another, where the import is broken off and goes on, and back: the export is
/// the same each time, and both stores go on alike.
pub async fn passes_through(home: &dyn Fixture, away: &dyn Fixture) {
    let first = home.empty().await;
    with_a_past(&*first).await;
    let written = everything(&*first).await;
    let abroad = away.empty().await;
    let cut = export::read(&*abroad, BufReader::new(BrokenOff(&written[..written.len() / 2])), |_| ()).await;
    assert!(matches!(cut, Err(ExportError::Read { .. })), "{cut:?}");
    ok(read(&*abroad, &written).await);
    let passed_on = everything(&*abroad).await;
    assert_eq!(text(&passed_on), text(&written));
    let back = home.empty().await;
    ok(read(&*back, &passed_on).await);
    assert_eq!(text(&everything(&*back).await), text(&written));
    for store in [&*abroad, &*back] {
        let applied = apply(store, "on", vec![withdraw(&reference("topic/t001"))]).await;
        assert_eq!(applied.revision, 9);
    }
    assert_eq!(text(&everything(&*abroad).await), text(&everything(&*back).await));
}
