//! Imports that are kept, and leases.

use std::sync::Arc;

use super::sample::put_all;
use super::sample::town;
use super::{Fixture, apply, everything, ok, text};
use crate::model::{
    ImportRun, Instant, Lease, RunCause, RunCounts, RunDiagnostic, RunKey, RunProgress, RunState, Severity, SourceKey, Text,
};
use crate::store::{GraphStore, KEPT_RUNS};

fn source(key: &str) -> SourceKey {
    ok(key.parse())
}

fn words(words: &str) -> Text {
    ok(words.parse())
}

/// A moment of the same hour.
fn at(second: usize) -> Instant {
    ok(format!("2026-11-25T10:{:02}:{:02}.000Z", second / 60, second % 60).parse())
}

/// A run that has just begun.
fn bare(of: &str, second: usize) -> ImportRun {
    ImportRun {
        key: RunKey { source: source(of), started_at: at(second) },
        state: RunState::Running,
        cause: RunCause::Command,
        finished_at: None,
        commit: None,
        progress: None,
        counts: RunCounts::default(),
        problem: None,
    }
}

/// A run of which everything is known.
fn full(of: &str, second: usize) -> ImportRun {
    let counts = RunCounts {
        files: 900,
        invalid: 7,
        skipped: [(words("asked for by no collection"), 3), (words("empty"), 2)].into(),
        new: 1,
        changed: 2,
        unchanged: 3,
        withdrawn: 4,
        errors: 5,
        warnings: 6,
        notes: u64::from(u32::MAX) + 1,
    };
    ImportRun {
        state: RunState::Held,
        cause: RunCause::Webhook,
        finished_at: Some(at(second + 1)),
        commit: Some(words("0123456789abcdef0123456789abcdef01234567")),
        progress: Some(RunProgress { stage: words("reading"), done: 12, total: Some(900) }),
        counts,
        problem: Some(words("the plan is held: 'so many' \"records\" \\ are gone\nfrom it")),
        ..bare(of, second)
    }
}

fn diagnostic(path: &str) -> RunDiagnostic {
    RunDiagnostic {
        code: words("missing-title"),
        severity: Severity::Error,
        path: path.to_owned(),
        entry: None,
        line: None,
        column: None,
        field: None,
        value: None,
        detail: None,
        nearest: None,
        expected: None,
        excerpt: None,
    }
}

fn full_diagnostic(path: &str) -> RunDiagnostic {
    RunDiagnostic {
        severity: Severity::Warning,
        entry: Some("Le kiosque d'« Agen »".to_owned()),
        line: Some(u32::MAX),
        column: Some(7),
        field: Some("statut".to_owned()),
        value: Some("« en cours » \u{1f3d8}'\"\\".to_owned()),
        detail: Some(String::new()),
        nearest: Some("running".to_owned()),
        expected: Some("idea, pilot\tor running".to_owned()),
        excerpt: Some("statut: « en cours »".to_owned()),
        ..diagnostic(path)
    }
}

async fn page(store: &dyn GraphStore, of: &str, before: Option<Instant>, first: usize) -> (Vec<ImportRun>, bool) {
    let mut pages = ok(store.imports().runs_of(&[source(of)], before, first).await);
    assert_eq!(pages.len(), 1, "the runs of one source were asked for");
    let page = pages.remove(0);
    (page.items, page.has_more)
}

async fn found(store: &dyn GraphStore, run: &ImportRun) -> Vec<RunDiagnostic> {
    ok(store.imports().diagnostics(std::slice::from_ref(&run.key)).await).remove(0)
}

pub(super) async fn a_run_comes_back_as_it_was_put(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let imports = store.imports();
    let (one, other) = (full("agen", 1), bare("betagouv", 2));
    let list = [full_diagnostic("b.md"), diagnostic("a.md"), diagnostic("")];
    ok(imports.put_run(&one, Some(&list)).await);
    ok(imports.put_run(&other, None).await);
    let unknown = bare("agen", 9);
    let keys = [unknown.key.clone(), other.key.clone(), one.key.clone(), one.key.clone()];
    assert_eq!(ok(imports.runs(&keys).await), [None, Some(other.clone()), Some(one.clone()), Some(one.clone())]);
    assert_eq!(ok(imports.diagnostics(&keys).await), [vec![], vec![], list.to_vec(), list.to_vec()]);
    assert_eq!(ok(imports.runs(&[]).await), []);
    assert_eq!(page(&*store, "agen", None, 5).await, (vec![one], false));
}

pub(super) async fn a_run_is_replaced_and_its_diagnostics_only_if_given(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let imports = store.imports();
    let begun = bare("agen", 1);
    let mut ended = full("agen", 1);
    ok(imports.put_run(&begun, Some(&[diagnostic("a.md"), diagnostic("b.md")])).await);
    ok(imports.put_run(&ended, None).await);
    assert_eq!(page(&*store, "agen", None, 5).await.0, [ended.clone()]);
    assert_eq!(found(&*store, &ended).await.len(), 2);
    // What is no longer known is forgotten.
    (ended.progress, ended.problem, ended.counts.skipped) = (None, None, [].into());
    ok(imports.put_run(&ended, Some(&[full_diagnostic("c.md")])).await);
    assert_eq!(page(&*store, "agen", None, 5).await.0, [ended.clone()]);
    assert_eq!(found(&*store, &ended).await, [full_diagnostic("c.md")]);
    ok(imports.put_run(&ended, Some(&[])).await);
    assert_eq!(found(&*store, &ended).await, []);
}

pub(super) async fn runs_come_newest_first_for_each_source_asked_about(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    for (of, second) in [("agen", 3), ("betagouv", 4), ("agen", 1), ("agen", 5)] {
        ok(store.imports().put_run(&bare(of, second), None).await);
    }
    let seconds = |(runs, has_more): (Vec<ImportRun>, bool)| {
        let seconds: Vec<Instant> = runs.into_iter().map(|run| run.key.started_at).collect();
        (seconds, has_more)
    };
    assert_eq!(seconds(page(&*store, "agen", None, 2).await), (vec![at(5), at(3)], true));
    assert_eq!(seconds(page(&*store, "agen", Some(at(3)), 2).await), (vec![at(1)], false));
    assert_eq!(seconds(page(&*store, "agen", Some(at(4)), 0).await), (vec![], true));
    let asked = ["betagouv", "nobody", "agen", "betagouv"].map(source);
    let pages = ok(store.imports().runs_of(&asked, None, 1).await);
    let seconds: Vec<_> = pages.into_iter().map(|page| seconds((page.items, page.has_more))).collect();
    assert_eq!(seconds, [(vec![at(4)], false), (vec![], false), (vec![at(5)], true), (vec![at(4)], false)]);
    assert_eq!(ok(store.imports().run_counts(&asked).await), [1, 0, 3, 1]);
}

pub(super) async fn only_the_newest_runs_are_kept(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    ok(store.imports().put_run(&bare("betagouv", 0), None).await);
    let runs: Vec<ImportRun> = (0..KEPT_RUNS + 3).map(|second| bare("agen", second)).collect();
    for run in &runs {
        ok(store.imports().put_run(run, Some(&[diagnostic("a.md"), diagnostic("b.md")])).await);
    }
    let (kept, has_more) = page(&*store, "agen", None, 100).await;
    let expected: Vec<ImportRun> = runs[3..].iter().rev().cloned().collect();
    assert_eq!((kept, has_more), (expected, false));
    assert_eq!(found(&*store, &runs[2]).await, []);
    assert_eq!(found(&*store, &runs[3]).await.len(), 2);
    assert_eq!(ok(store.imports().run_counts(&["agen", "betagouv"].map(source)).await), [KEPT_RUNS, 1]);
}

pub(super) async fn runs_make_no_revision_and_are_in_no_export(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    apply(&*store, "town", put_all([town("insee:1", "Un")])).await;
    let before = text(&everything(&*store).await);
    ok(store.imports().put_run(&full("agen", 1), Some(&[full_diagnostic("a.md")])).await);
    let lease = Lease { source: source("agen"), holder: words("one"), until: at(10) };
    assert!(ok(store.imports().take_lease(&lease, at(1)).await));
    assert_eq!(ok(store.revision().await), 1);
    assert_eq!(text(&everything(&*store).await), before);
}

pub(super) async fn of_many_who_ask_for_a_lease_one_has_it(fixture: &dyn Fixture) {
    const ROUNDS: usize = 5;
    let store = fixture.empty().await;
    for round in 0..ROUNDS {
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let store: Arc<dyn GraphStore> = Arc::clone(&store);
                let holder = words(&format!("holder {round} {number}"));
                // Each round begins when the leases of the one before are over.
                let lease = Lease { source: source("agen"), holder, until: at(round + 1) };
                tokio::spawn(async move { ok(store.imports().take_lease(&lease, at(round)).await) })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += usize::from(ok(task.await));
        }
        assert_eq!(taken, 1, "in round {round}");
    }
}

pub(super) async fn a_lease_is_prolonged_and_given_back_by_its_holder_alone(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let imports = store.imports();
    let lease = |of: &str, holder: &str, until: usize| Lease { source: source(of), holder: words(holder), until: at(until) };
    assert!(ok(imports.take_lease(&lease("agen", "one", 10), at(0)).await));
    assert!(!ok(imports.take_lease(&lease("agen", "two", 20), at(9)).await));
    // Another source has a lease of its own.
    assert!(ok(imports.take_lease(&lease("betagouv", "two", 20), at(9)).await));
    assert!(ok(imports.take_lease(&lease("agen", "one", 30), at(9)).await), "a holder prolongs its lease");
    assert!(!ok(imports.take_lease(&lease("agen", "two", 40), at(20)).await));
    ok(imports.release_lease(&source("agen"), &words("two")).await);
    assert!(!ok(imports.take_lease(&lease("agen", "two", 40), at(20)).await), "what another has cannot be given back");
    ok(imports.release_lease(&source("agen"), &words("one")).await);
    ok(imports.release_lease(&source("agen"), &words("one")).await);
    assert!(ok(imports.take_lease(&lease("agen", "two", 40), at(20)).await));
    assert!(!ok(imports.take_lease(&lease("agen", "one", 50), at(21)).await), "what was given back is another's now");
}

pub(super) async fn a_lease_whose_holder_died_is_free_once_it_is_over(fixture: &dyn Fixture) {
    let store = fixture.empty().await;
    let imports = store.imports();
    let lease = |holder: &str, until: usize| Lease { source: source("agen"), holder: words(holder), until: at(until) };
    assert!(ok(imports.take_lease(&lease("dead", 10), at(0)).await));
    assert!(!ok(imports.take_lease(&lease("heir", 30), at(9)).await));
    assert!(ok(imports.take_lease(&lease("heir", 30), at(10)).await), "it is over from that moment on");
    // Whoever was only thought dead finds that the lease is gone.
    assert!(!ok(imports.take_lease(&lease("dead", 40), at(11)).await));
}
