//! An import: ten thousand files from a Git server to a graph that answers, beside the time that their Markdown alone takes.
//!
//! | module | what it does |
//! |---|---|
//! | `files` | makes up the files |
//! | `rows` | sends the same rows to Neo4j by UNWIND alone |

mod files;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use maillage_graph_schema::clock::{Clock, FixedClock};
use maillage_graph_schema::model::{RecordKind, RecordRef};
use maillage_graph_schema::store::{self, GraphStore, StoreOptions};
use maillage_importer::surroundings::Surroundings;
use maillage_importer::{Applied, ImportJob, Plan, Progress, SourceConfig, Stage, apply, plan};
use maillage_tests::git_server::{self, GitServer, ask};
use pulldown_cmark::{Options, Parser};

use crate::measure::{self, Measured};

/// The repository's name on the server.
const REPOSITORY: &str = "cases.git";

/// Makes a repository of so many files and serves it; the server lives as long as this process.
pub fn serve(folder: &Path, count: usize) -> Result<GitServer> {
    let repository = folder.join(REPOSITORY);
    git_server::commit(&repository, "Ten thousand case studies", files::all(count))?;
    GitServer::start(folder, move || git_server::commit(&repository, "A correction", [files::changed(count / 2)]))
}

/// Imports from a server into an empty store, three times over, and tells each result on standard output.
pub async fn measure(url: &str, server: &str, count: usize, content: &Path) -> Result<()> {
    let markdown = parse_alone(count);
    Measured::tell("the Markdown of the files, parsed by pulldown-cmark alone", &seconds(markdown));
    let clock = FixedClock("2026-11-24T02:26:03Z".parse()?);
    let options = StoreOptions { query_timeout: Duration::from_mins(2), ..StoreOptions::default() };
    let store = store::open(url, options).await?;
    ensure!(store.revision().await? == 0, "{url} is not empty: the benchmark makes a graph of its own");
    for change_set in maillage_importer::reference_change_sets(content, 0, &clock)? {
        store.apply(&change_set).await?;
    }
    let cache = tempfile::tempdir()?;
    let job = job(server, cache.path())?;
    measure::forget_peak_memory()?;
    let before = measure::peak_memory();
    let first = import(&*store, &clock, &job, server).await?;
    ensure!(first.applied.changed == 2 * count + 1 + files::organisations(count), "{}", first.plan.report);
    first.tell("first import", Some(markdown));
    tell_memory(before);
    let again = import(&*store, &clock, &job, server).await?;
    ensure!(again.applied.changed == 0, "an unchanged source changed {} records", again.applied.changed);
    again.tell("import of an unchanged source", None);
    ask(server, "/_change")?;
    let change = import(&*store, &clock, &job, server).await?;
    ensure!((1..=2).contains(&change.applied.changed), "one changed file changed {} records", change.applied.changed);
    change.tell("import of one changed file", None);
    let question = RecordRef::parse(RecordKind::CaseStudy, &format!("{}/fr", files::key(count - 1)))?;
    ensure!(store.records(&[question]).await?.first().is_some_and(Option::is_some), "the last file did not come in");
    if !url.starts_with("sqlite:") {
        rows::compare(&*store, url, count, first.took).await?;
    }
    Ok(())
}

/// How long pulldown-cmark takes for the texts of the files, with what the importer lets it read, in one thread.
fn parse_alone(count: usize) -> Duration {
    let texts: Vec<String> = (0..count).map(|number| files::body(number, false)).collect();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_GFM;
    let start = Instant::now();
    let events: usize = texts.iter().map(|text| Parser::new_ext(text, options).count()).sum();
    let took = start.elapsed();
    assert!(events > count, "the texts hold something");
    took
}

fn job(server: &str, cache: &Path) -> Result<ImportJob> {
    let mut source = SourceConfig::git("bench".parse()?, "Bench".parse()?, format!("{server}/{REPOSITORY}"));
    source.language = Some("fr".parse()?);
    source.allow_private_addresses = true;
    let mut surroundings = Surroundings::new(cache);
    surroundings.network.allow_private_addresses = true;
    Ok(ImportJob::of_source(source, &surroundings)?)
}

/// An import that was measured.
struct Import {
    plan: Plan,
    applied: Applied,
    took: Duration,
    requests: String,
    stages: BTreeMap<Stage, Duration>,
}

impl Import {
    fn tell(&self, what: &str, markdown: Option<Duration>) {
        let ratio = markdown.map(|markdown| format!(" = {:.1} × the Markdown", self.took.as_secs_f64() / markdown.as_secs_f64()));
        let requests = if self.requests == "1" { "request" } else { "requests" };
        let value = format!("{}{}, {} {requests}", seconds(self.took), ratio.unwrap_or_default(), self.requests);
        Measured::tell(what, &value);
        let stages: Vec<String> =
            self.stages.iter().map(|(stage, took)| format!("{} {}", stage.as_str(), seconds(*took))).collect();
        Measured::tell(&format!("{what}: of that"), &stages.join(", "));
    }
}

async fn import(store: &dyn GraphStore, clock: &dyn Clock, job: &ImportJob, server: &str) -> Result<Import> {
    ask(server, "/_requests")?;
    let watch = Watch::default();
    let start = Instant::now();
    let mut plan = plan(store, clock, job, &watch).await?;
    let applied = apply(store, &mut plan, &watch).await.with_context(|| plan.report.to_string())?;
    let took = start.elapsed();
    Ok(Import { plan, applied, took, requests: ask(server, "/_requests")?, stages: watch.stages() })
}

/// When each stage began.
#[derive(Default)]
struct Watch {
    begun: Mutex<Vec<(Stage, Instant)>>,
}

impl Watch {
    fn stages(&self) -> BTreeMap<Stage, Duration> {
        let begun = self.begun.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ends = begun.iter().skip(1).map(|(_, at)| *at).chain([Instant::now()]);
        begun.iter().zip(ends).map(|((stage, start), end)| (*stage, end - *start)).collect()
    }
}

impl Progress for Watch {
    fn stage(&self, stage: Stage, _total: Option<u64>) {
        self.begun.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((stage, Instant::now()));
    }

    fn advance(&self, _by: u64) {}
}

/// How much memory the first import took at most, and how much the process had before.
fn tell_memory(before: Option<u64>) {
    if let (Some(before), Some(bytes)) = (before, measure::peak_memory()) {
        let value = format!("{}, of which {} before", measure::mebibytes(bytes), measure::mebibytes(before));
        Measured::tell("peak memory of the first import", &value);
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
