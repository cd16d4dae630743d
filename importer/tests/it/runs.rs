//! Imports from beginning to end: kept, one at a time, and when they are due.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use maillage_graph_schema::change::ChangeSet;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::model::{ImportRun, Lease, RecordRef, RunCause, RunState};
use maillage_graph_schema::path::Step;
use maillage_graph_schema::store::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    RunStore, StoreError, Stored,
};
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::runs::dispatch::{Dispatch, Requested};
use maillage_importer::runs::{Ended, Outcome, Pace, Runner, last_report, last_runs};
use maillage_importer::{ImportError, Report, Silent, Surroundings};
use tokio::sync::{Semaphore, watch};

use crate::fixtures::Bench;

/// A store in which a change set is applied only once it may be.
#[derive(Debug)]
struct Gated {
    inner: Arc<dyn GraphStore>,
    gate: Semaphore,
    /// How many have come to the gate.
    waiting: watch::Sender<usize>,
}

impl Gated {
    fn new(inner: &Arc<dyn GraphStore>) -> Arc<Self> {
        Arc::new(Self { inner: Arc::clone(inner), gate: Semaphore::new(0), waiting: watch::channel(0).0 })
    }

    async fn until_waiting(&self, count: usize) {
        self.waiting.subscribe().wait_for(|waiting| *waiting >= count).await.expect("a store");
    }
}

#[async_trait]
impl GraphStore for Gated {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        self.waiting.send_modify(|waiting| *waiting += 1);
        self.gate.acquire().await.expect("a gate").forget();
        self.inner.apply(change_set).await
    }
    async fn revision(&self) -> Result<Revision, StoreError> {
        self.inner.revision().await
    }
    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        self.inner.records(references).await
    }
    async fn page(
        &self,
        kind: maillage_graph_schema::model::RecordKind,
        after: Option<&str>,
        first: usize,
    ) -> Result<Page<Stored>, StoreError> {
        self.inner.page(kind, after, first).await
    }
    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        self.inner.neighbours(of, question).await
    }
    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        self.inner.path(from, to, max_length).await
    }
    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        self.inner.history(of, before, first).await
    }
    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        self.inner.history_counts(of).await
    }
    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        self.inner.changes(since, after, first).await
    }
    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        self.inner.change_count(since).await
    }
    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        self.inner.revisions(since, first).await
    }
    fn imports(&self) -> &dyn RunStore {
        self.inner.imports()
    }
}

/// A runner in a hurry.
fn runner(store: Arc<dyn GraphStore>) -> Runner {
    let mut runner = Runner::new(store, Arc::new(SystemClock)).expect("a runner");
    let short = Duration::from_millis(5);
    runner.pace = Pace { lease: Duration::from_mins(1), beat: short, pause: Duration::ZERO, patience: short };
    runner
}

async fn ended(runner: &Runner, bench: &Bench) -> Ended {
    match runner.run(&bench.job(), RunCause::Command, None, &Silent).await.expect("an outcome") {
        Outcome::Ended(ended) => *ended,
        other => panic!("{other:?}"),
    }
}

async fn kept(bench: &Bench) -> Vec<ImportRun> {
    last_runs(&*bench.store, &bench.source.key, 10).await.expect("runs")
}

const GOOD: &str = "---\nid: kiosque\ntitle: Un kiosque\nlang: fr\n---\nTexte.\n";

#[tokio::test]
async fn a_run_is_kept_with_what_it_found_and_what_came_since() {
    let bench = Bench::new().await;
    let runner = runner(Arc::clone(&bench.store));
    bench.write("kiosque.md", GOOD);
    bench.write("fablab.md", "---\nlang: fr\ncontact: jean.dupont@agen.fr\n---\n");
    bench.write("image.png", "");
    let first = ended(&runner, &bench).await;
    let (state, counts) = (first.run.state, &first.run.counts);
    assert_eq!((state, counts.files, counts.new, counts.invalid, counts.errors), (RunState::Succeeded, 3, 1, 1, 1));
    assert_eq!(counts.skipped.iter().map(|(why, count)| (why.as_str(), *count)).collect::<Vec<_>>(), [("not-selected", 1)]);
    assert_eq!(kept(&bench).await, std::slice::from_ref(&first.run));
    // What was kept makes the same report, but for personal data.
    let report = last_report(&*bench.store, &bench.source.key).await.expect("an answer").expect("a report");
    let found = first.report.expect("a report");
    assert_eq!(report.diagnostics.len(), found.diagnostics.len());
    assert_eq!((report.files, report.read, report.skipped.clone()), (found.files, found.read, found.skipped));
    assert_eq!(report.completeness.len(), 1);
    assert!(!format!("{report:?}").contains("dupont"));

    bench.write("fablab.md", "---\ntitle: Un fablab\nlang: fr\nstatus: runing\n---\n");
    let second = ended(&runner, &bench).await;
    let since = second.report.expect("a report").since.expect("a run before");
    assert_eq!((since.new.len(), since.fixed[0].code.as_str()), (1, "missing-title"));
    assert_eq!(kept(&bench).await, [second.run, first.run]);
}

#[tokio::test]
async fn what_is_kept_of_a_run_counts_and_names_what_the_run_did() {
    let mut bench = Bench::new().await;
    let runner = runner(Arc::clone(&bench.store));
    let mapping = bench.folder.path().join("mapping.toml");
    let text = "language = 'fr'\n[collections.projects]\nmakes = 'initiatives'\nfiles = ['projects.yml']\nrecords = '[]'\n\
                key = 'agen-{id}'\nskip = { state = 'gone' }\nfields = { title = 'title' }\n";
    std::fs::write(&mapping, text).expect("a file");
    bench.source.mapping = Some(mapping);
    bench.write("projects.yml", "- {id: a, title: A}\n- {id: b, title: B}\n- {id: c, title: C, state: gone}\n");
    bench.write("LISEZMOI.md", "Rien.");
    bench.write("autre/lieux.yml", "- a\n");
    let found = ended(&runner, &bench).await.report.expect("a report");
    let report = last_report(&*bench.store, &bench.source.key).await.expect("an answer").expect("a report");
    assert_eq!((report.files, report.entries, &report.left_aside), (5, 3, &found.left_aside));
    let language = ReportLanguage::English;
    let issue = |report: &Report| Report { read_at: None, repository: None, ..report.clone() }.markdown(language);
    assert_eq!(issue(&report), issue(&found));
    assert!(issue(&found).contains("3 entries of lists and 2 other files"), "{}", issue(&found));
    assert!(issue(&found).contains("`projects.yml:3 (C)` (`projects.skip.state`)"), "{}", issue(&found));
}

#[tokio::test]
async fn a_run_that_fails_or_is_held_says_why() {
    let bench = Bench::new().await;
    let runner = runner(Arc::clone(&bench.store));
    for number in 0..4 {
        bench.write(&format!("{number}.md"), GOOD.replace("kiosque", &format!("kiosque-{number}")));
    }
    assert_eq!(ended(&runner, &bench).await.run.state, RunState::Succeeded);
    (0..3).for_each(|number| bench.remove(&format!("{number}.md")));
    let held = ended(&runner, &bench).await;
    assert!(matches!(held.applied, Err(ImportError::Held { .. })));
    assert_eq!((held.run.state, held.run.counts.withdrawn, held.report.is_some()), (RunState::Held, 3, true));
    assert!(held.run.problem.expect("a reason").as_str().contains("more than 30 %"));
    std::fs::remove_dir_all(bench.path("")).expect("a folder");
    let failed = ended(&runner, &bench).await;
    assert_eq!((failed.run.state, failed.report.is_none()), (RunState::Failed, true));
    assert!(failed.run.problem.expect("a reason").as_str().contains("files"));
    // Neither keeps the source from being imported again.
    std::fs::create_dir(bench.path("")).expect("a folder");
    (0..4).for_each(|number| bench.write(&format!("{number}.md"), GOOD.replace("kiosque", &format!("kiosque-{number}"))));
    assert_eq!(ended(&runner, &bench).await.run.state, RunState::Succeeded);
}

#[tokio::test]
async fn a_run_whose_process_died_is_marked_by_the_next() {
    let bench = Bench::new().await;
    let runner = runner(Arc::clone(&bench.store));
    bench.write("kiosque.md", GOOD);
    let first = ended(&runner, &bench).await.run;
    let dead = ImportRun {
        key: format!(
            "agen/{}",
            maillage_graph_schema::model::Instant::from(first.key.started_at.get() + chrono::TimeDelta::seconds(1))
        )
        .parse()
        .expect("a key"),
        state: RunState::Running,
        finished_at: None,
        ..first
    };
    bench.store.imports().put_run(&dead, None).await.expect("kept");
    let next = ended(&runner, &bench).await.run;
    let states: Vec<RunState> = kept(&bench).await.into_iter().map(|run| run.state).collect();
    assert_eq!(states, [RunState::Succeeded, RunState::Failed, RunState::Succeeded]);
    // Though the clock stood before it, the next run is after it.
    assert!(next.key.started_at > dead.key.started_at);
}

#[tokio::test]
async fn of_two_processes_one_imports_and_shows_how_far_it_is() {
    let bench = Bench::new().await;
    bench.write("kiosque.md", GOOD);
    let gated = Gated::new(&bench.store);
    let (one, other) = (runner(Arc::clone(&gated) as Arc<dyn GraphStore>), runner(Arc::clone(&bench.store)));
    let job = bench.job();
    let first = tokio::spawn(async move { one.run(&job, RunCause::Command, None, &Silent).await });
    gated.until_waiting(1).await;
    let taken = other.run(&bench.job(), RunCause::Command, None, &Silent).await.expect("an outcome");
    assert!(matches!(taken, Outcome::Taken), "{taken:?}");
    // Anybody sees how far it is.
    loop {
        let run = kept(&bench).await.remove(0);
        assert_eq!(run.state, RunState::Running);
        if let Some(progress) = run.progress.filter(|progress| progress.stage.as_str() == "applying") {
            assert_eq!((progress.done, progress.total.is_some()), (0, true));
            break;
        }
        tokio::task::yield_now().await;
    }
    gated.gate.add_permits(100);
    assert!(matches!(first.await.expect("a task").expect("an outcome"), Outcome::Ended(_)));
    assert_eq!(ended(&other, &bench).await.run.counts.unchanged, 1);
}

#[tokio::test]
async fn who_lost_the_lease_stops() {
    let bench = Bench::new().await;
    bench.write("kiosque.md", GOOD);
    let gated = Gated::new(&bench.store);
    let mut one = runner(Arc::clone(&gated) as Arc<dyn GraphStore>);
    // As if its process had slept: its lease was over, and another took it.
    one.pace.lease = Duration::ZERO;
    let job = bench.job();
    let stopped = tokio::spawn(async move { one.run(&job, RunCause::Command, None, &Silent).await });
    gated.until_waiting(1).await;
    let holder = "another".parse().expect("a name");
    let lease = Lease { source: bench.source.key.clone(), holder, until: "2999-01-01".parse().expect("a moment") };
    let now = "2998-01-01".parse().expect("a moment");
    assert!(bench.store.imports().take_lease(&lease, now).await.expect("an answer"));
    let Outcome::Ended(ended) = stopped.await.expect("a task").expect("an outcome") else { panic!("it had begun") };
    assert!(matches!(ended.applied, Err(ImportError::LeaseLost { .. })), "{:?}", ended.applied);
    assert_eq!(bench.find("initiative/kiosque").await, None);
}

#[tokio::test]
async fn who_asks_often_while_a_source_is_imported_gets_one_more_run() {
    let bench = Bench::new().await;
    bench.write("kiosque.md", GOOD);
    let gated = Gated::new(&bench.store);
    let surroundings = Surroundings::new(&bench.path("../cache"));
    let dispatch = Dispatch::new(runner(Arc::clone(&gated) as Arc<dyn GraphStore>), surroundings, vec![bench.source.clone()]);
    let source = dispatch.source("agen").expect("a source").clone();
    assert!(dispatch.source("lyon").is_none());
    assert_eq!(dispatch.request(&source, RunCause::Webhook), Requested::Begun);
    gated.until_waiting(1).await;
    bench.write("kiosque.md", GOOD.replace("Texte", "Un autre texte"));
    for _ in 0..5 {
        assert_eq!(dispatch.request(&source, RunCause::Webhook), Requested::Follows);
    }
    gated.gate.add_permits(100);
    let runs = loop {
        let runs = kept(&bench).await;
        if runs.len() == 2 && runs[0].state == RunState::Succeeded {
            break runs;
        }
        tokio::task::yield_now().await;
    };
    assert!(runs.iter().all(|run| run.cause == RunCause::Webhook && run.counts.files == 1));
    // The run that followed saw what had been written meanwhile.
    assert!(bench.field("case-study/kiosque/fr", "sections").await.contains("Un autre texte"));
}

#[tokio::test]
async fn a_schedule_imports_what_is_due_and_leaves_what_was_imported_lately() {
    let bench = Bench::new().await;
    bench.write("kiosque.md", GOOD);
    let mut source = bench.source.clone();
    source.schedule = Some("daily".parse().expect("a schedule"));
    let runner = runner(Arc::clone(&bench.store));
    let before = maillage_graph_schema::model::Instant::from(chrono::DateTime::UNIX_EPOCH);
    assert!(matches!(
        runner.run(&bench.job(), RunCause::Schedule, Some(before), &Silent).await.expect("an outcome"),
        Outcome::Ended(_)
    ));
    let again = runner.run(&bench.job(), RunCause::Schedule, Some(before), &Silent).await.expect("an outcome");
    assert!(matches!(again, Outcome::NotDue), "{again:?}");
    // A run of long ago makes the source due at once.
    let mut old = kept(&bench).await.remove(0);
    old.key.started_at = "2020-01-01".parse().expect("a moment");
    let elsewhere = Bench::new().await;
    elsewhere.write("kiosque.md", GOOD);
    elsewhere.store.imports().put_run(&old, None).await.expect("kept");
    let mut due = elsewhere.source.clone();
    due.schedule = source.schedule;
    let surroundings = Surroundings::new(&elsewhere.path("../cache"));
    let dispatch = Dispatch::new(self::runner(Arc::clone(&elsewhere.store)), surroundings, vec![due]);
    let keeping = tokio::spawn(dispatch.keep_schedules());
    loop {
        let runs = kept(&elsewhere).await;
        if runs.len() == 2 && runs[0].state == RunState::Succeeded {
            assert_eq!(runs[0].cause, RunCause::Schedule);
            break;
        }
        tokio::task::yield_now().await;
    }
    keeping.abort();
}
