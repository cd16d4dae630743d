//! Imports real repositories of partners as they are, by a real Git server, at an older commit, at a newer one and once more, and
//! compares what came of it with what is expected: `cargo xtask partners FOLDER`.
//!
//! FOLDER holds Git bundles of two commits each; `tests/partners/expected.toml` names them and says what is expected: numbers,
//! none of their texts. Whatever is counted and not named there may be anything.

mod counts;
#[path = "../../../../importer/tests/it/server.rs"]
#[expect(dead_code, reason = "the importer's tests use more of their servers")]
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::store::{self, GraphStore, StoreOptions};
use maillage_importer::{ImportJob, Location, Plan, Silent, Surroundings, apply, plan, reference_change_sets, sources};
use serde::Deserialize;

use counts::Counts;
use server::Server;

#[derive(Parser)]
#[command(name = "cargo xtask partners")]
struct Arguments {
    /// The folder of the bundles
    folder: PathBuf,
    /// The graph store: a file of SQLite made for the occasion, or `bolt://HOST:PORT`, an empty one
    #[arg(long)]
    store: Option<String>,
    /// Show all counts as they would stand in the file of what is expected
    #[arg(long)]
    show: bool,
    /// Only the source of this key
    #[arg(long)]
    only: Option<String>,
}

/// What is expected of all repositories.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    repository: Vec<Repository>,
}

/// What is expected of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repository {
    /// The file of the bundle, without its extension.
    bundle: String,
    /// The key of the source in the content folder.
    source: String,
    /// What the import of the older commit gives.
    older: BTreeMap<String, usize>,
    /// What that of the newer one gives.
    newer: BTreeMap<String, usize>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Box::pin(run(Arguments::parse())).await {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("partners: {wrong} counts are not as expected");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Imports all and gives how many counts are wrong.
async fn run(arguments: Arguments) -> Result<usize> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("partners/expected.toml")).context("what is expected")?;
    let expected: Expected = toml::from_str(&text).context("what is expected")?;
    let content = root.join("../content");
    let folder = tempfile::tempdir()?;
    let address = match &arguments.store {
        Some(address) => address.clone(),
        None => format!("sqlite:{}", folder.path().join("graph.sqlite").display()),
    };
    let store = Box::pin(store::open(&address, StoreOptions::default())).await?;
    let started = Instant::now();
    for change_set in reference_change_sets(&content, 0, &SystemClock)? {
        store.apply(&change_set).await?;
    }
    println!("towns and topics in the graph after {:.0} s", started.elapsed().as_secs_f32());
    let mut surroundings = Surroundings::new(&folder.path().join("cache"));
    // The server is on this machine.
    surroundings.network.allow_private_addresses = true;
    let bench = Bench { store, content, folder: folder.path().to_owned(), surroundings, show: arguments.show };
    println!(
        "{:14} {:6} {:>6} {:>6} {:>5} {:>5} {:>5} {:>5} {:>6}",
        "source", "commit", "files", "read", "new", "chngd", "gone", "same", "s"
    );
    let mut wrong = 0;
    let wanted = |repository: &&Repository| arguments.only.as_ref().is_none_or(|only| *only == repository.source);
    for repository in expected.repository.iter().filter(wanted) {
        let bundle = arguments.folder.join(format!("{}.bundle", repository.bundle));
        ensure!(bundle.is_file(), "there is no {}", bundle.display());
        wrong += bench.import(repository, &bundle).await.with_context(|| repository.source.clone())?;
    }
    println!("partners: {:.0} s in all", started.elapsed().as_secs_f32());
    Ok(wrong)
}

/// What repositories are imported with.
struct Bench {
    store: Arc<dyn GraphStore>,
    content: PathBuf,
    folder: PathBuf,
    surroundings: Surroundings,
    show: bool,
}

impl Bench {
    /// Imports a repository three times and gives how many counts are wrong.
    async fn import(&self, repository: &Repository, bundle: &Path) -> Result<usize> {
        let repositories = self.folder.join("served");
        std::fs::create_dir_all(&repositories)?;
        let bare = repositories.join(format!("{}.git", repository.source));
        git(Command::new("git").args(["clone", "--quiet", "--bare"]).arg(bundle).arg(&bare))?;
        let [older, newer] = commits(&bare)?;
        let server = Server::git(&repositories);
        let mut source = sources::find(&sources::load(&self.content)?, &repository.source)?.clone();
        source.url = Some(format!("{}/{}.git", server.address, repository.source));
        source.branch = None;
        let mut wrong = 0;
        for (name, commit, expected) in
            [("older", &older, Some(&repository.older)), ("newer", &newer, Some(&repository.newer)), ("again", &newer, None)]
        {
            git(Command::new("git").arg("-C").arg(&bare).args(["update-ref", &head(&bare)?, commit]))?;
            let mut job = ImportJob::of_source(source.clone(), &self.surroundings)?;
            ensure!(matches!(job.location, Location::Git { .. }), "{} is no Git source", repository.source);
            // Partners do clear up: what is checked is that they are counted, not that a person is asked.
            job.confirm_withdrawals = true;
            let started = Instant::now();
            let plan = plan(&*self.store, &SystemClock, &job, &Silent).await?;
            let applied = apply(&*self.store, &mut plan.clone(), &Silent).await?;
            let counts = Counts::of(&plan, &*self.store).await?;
            print_row(&repository.source, name, &plan, started.elapsed());
            match expected {
                Some(expected) => wrong += self.compare(repository, name, &counts, expected),
                None if applied.changed > 0 || !plan.change_sets.is_empty() => {
                    println!("  an import without a change changed {} records", applied.changed);
                    wrong += 1;
                }
                None => {}
            }
        }
        Ok(wrong)
    }

    fn compare(&self, repository: &Repository, name: &str, counts: &Counts, expected: &BTreeMap<String, usize>) -> usize {
        if self.show {
            println!("[repository.{name}] # {}", repository.source);
            counts.0.iter().for_each(|(what, count)| println!("{what:?} = {count}"));
        }
        let mut wrong = 0;
        for (what, expected) in expected {
            let found = counts.0.get(what).copied().unwrap_or_default();
            if found != *expected {
                println!("  {name}: {what} is {found}, expected {expected}");
                wrong += 1;
            }
        }
        wrong
    }
}

fn print_row(source: &str, commit: &str, plan: &Plan, took: Duration) {
    let totals = plan.report.totals();
    println!(
        "{source:14} {commit:6} {:>6} {:>6} {:>5} {:>5} {:>5} {:>5} {:>6.1}",
        plan.report.files,
        plan.report.read,
        totals.new,
        totals.changed,
        totals.withdrawn,
        totals.unchanged,
        took.as_secs_f32()
    );
}

fn git(command: &mut Command) -> Result<String> {
    let output = command.output().context("git, which serves the repositories")?;
    if !output.status.success() {
        bail!("git: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The branch that a repository is read from.
fn head(bare: &Path) -> Result<String> {
    git(Command::new("git").arg("-C").arg(bare).args(["symbolic-ref", "HEAD"]))
}

/// The older and the newer commit of a bundle.
fn commits(bare: &Path) -> Result<[String; 2]> {
    let list = git(Command::new("git").arg("-C").arg(bare).args(["rev-list", "--reverse", "HEAD"]))?;
    let commits: Vec<String> = list.lines().map(str::to_owned).collect();
    <[String; 2]>::try_from(commits).map_err(|commits| anyhow::anyhow!("a bundle of {} commits, not two", commits.len()))
}
