//! The benchmarks, run as `cargo xtask bench …` in release mode. Method and results: `tests/bench/README.md`.
//!
//! Each store and size is measured in a process of its own, so that its peak memory is its own; the results come back as
//! lines of JSON and are printed as a Markdown table.

mod api;
mod cypher;
mod explore;
mod explore_peers;
mod explore_questions;
mod graph;
mod import;
mod measure;
mod table;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};

use self::measure::Measured;
use self::table::Column;

/// As in the service: what is measured is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "bench", about = "Maillage's benchmarks")]
struct Arguments {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Subcommand)]
enum Benchmark {
    /// Load a synthetic graph into a store and ask it questions
    Graph(GraphArguments),
    /// Build the index of a synthetic graph, and ask it questions
    Explore(ExploreArguments),
    /// Import files from a Git server into a store, beside what their Markdown alone takes
    Import(ImportArguments),
    /// Ask the service, and others over the same graph, ten questions over HTTP
    Api(api::Arguments),
    /// A response that is always the same, for `api`
    #[command(hide = true)]
    ServeStatic {
        #[arg(long)]
        bytes: usize,
    },
    /// One store: what `import` starts for each
    #[command(hide = true)]
    MeasureImport(MeasureImportArguments),
    /// One store, one size: what `graph` starts for each
    #[command(hide = true)]
    Measure(MeasureArguments),
    /// One stage of one store and size: what `explore` starts for each
    #[command(hide = true)]
    MeasureExplore(MeasureExploreArguments),
}

#[derive(Args)]
struct GraphArguments {
    /// Which store; both, where none is named and it is the stores that are measured
    #[arg(long, value_enum)]
    store: Option<Stores>,
    /// How many initiatives: 10k, 100k, 1m; several with commas
    #[arg(long, value_delimiter = ',', default_value = "10k")]
    size: Vec<String>,
    /// The Neo4j server: without authentication, and empty; it is emptied again
    #[arg(long, env = "NEO4J_TEST_URI")]
    neo4j: Option<String>,
    /// Where the SQLite files are made and removed; a temporary folder if not given
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The reference data: towns and topics
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../content"))]
    content: PathBuf,
}

#[derive(Args)]
struct ExploreArguments {
    #[command(flatten)]
    graph: GraphArguments,
    /// Ask plain loops and SQLite's own full-text index the same questions, too
    #[arg(long)]
    peers: bool,
    /// Only the questions whose name has this in it
    #[arg(long, default_value = "")]
    only: String,
}

#[derive(Args)]
struct ImportArguments {
    /// Which store
    #[arg(long, value_enum, default_value = "both")]
    store: Stores,
    /// How many files
    #[arg(long, default_value = "10k")]
    files: String,
    /// The Neo4j server: without authentication, and empty; it is emptied again
    #[arg(long, env = "NEO4J_TEST_URI")]
    neo4j: Option<String>,
    /// The reference data: towns and topics
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../content"))]
    content: PathBuf,
}

#[derive(Args)]
struct MeasureImportArguments {
    #[arg(long)]
    url: String,
    #[arg(long)]
    server: String,
    #[arg(long)]
    count: usize,
    #[arg(long)]
    content: PathBuf,
}

#[derive(Args)]
struct MeasureArguments {
    #[arg(long)]
    url: String,
    #[arg(long)]
    count: usize,
    #[arg(long)]
    content: PathBuf,
}

#[derive(Args)]
struct MeasureExploreArguments {
    #[command(flatten)]
    graph: MeasureArguments,
    #[arg(long, value_enum)]
    stage: explore::Stage,
    #[arg(long)]
    folder: PathBuf,
    #[arg(long, default_value = "")]
    only: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stores {
    Sqlite,
    Neo4j,
    Both,
}

fn main() -> Result<()> {
    match Arguments::parse().benchmark {
        Benchmark::Graph(arguments) => run(&arguments, arguments.store.unwrap_or(Stores::Both), &["measure"]),
        Benchmark::Explore(arguments) => run_explore(&arguments),
        Benchmark::Measure(arguments) => wait(graph::measure(&arguments.url, arguments.count, &arguments.content)),
        Benchmark::MeasureExplore(MeasureExploreArguments { graph, stage, folder, only }) => {
            wait(explore::measure(stage, &graph.url, graph.count, &graph.content, &folder, &only))
        }
        Benchmark::Api(arguments) => api::run(&arguments),
        Benchmark::ServeStatic { bytes } => wait(api::serve_static(bytes)),
        Benchmark::Import(arguments) => run_import(&arguments),
        Benchmark::MeasureImport(arguments) => {
            wait(import::measure(&arguments.url, &arguments.server, arguments.count, &arguments.content))
        }
    }
}

fn wait(measuring: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measuring)
}

fn run_explore(arguments: &ExploreArguments) -> Result<()> {
    let stores = arguments.graph.store.unwrap_or(Stores::Sqlite);
    let goals = explore::GOALS.iter().map(|(what, goal)| Measured { what: (*what).to_owned(), value: (*goal).to_owned() });
    let mut columns = vec![Column { title: "goal at 100k".to_owned(), rows: goals.collect() }];
    for (title, url, count, folder) in graphs(&arguments.graph, stores)? {
        let index = folder.path().join("explore").display().to_string();
        let mut rows = Vec::new();
        for stage in explore::Stage::ALL.iter().filter(|stage| arguments.peers || **stage != explore::Stage::Peers) {
            let command = ["measure-explore", "--stage", stage.as_str(), "--folder", &index, "--only", &arguments.only];
            rows.extend(measure_apart(&command, &url, count, &arguments.graph)?);
        }
        if !url.starts_with("sqlite:") {
            // For the next size.
            wait(async { cypher::empty(&cypher::connect(&url)?).await })?;
        }
        columns.push(Column { title, rows });
    }
    println!("{}", table::markdown(&columns));
    Ok(())
}

fn run(arguments: &GraphArguments, stores: Stores, command: &[&str]) -> Result<()> {
    let mut columns = Vec::new();
    for (title, url, count, _folder) in graphs(arguments, stores)? {
        columns.push(Column { title, rows: measure_apart(command, &url, count, arguments)? });
    }
    println!("{}", table::markdown(&columns));
    Ok(())
}

/// A graph to be measured: its title, where it is, how many initiatives it has, and a folder for it.
type Graph = (String, String, usize, tempfile::TempDir);

/// The graphs that are asked for, one after the other.
fn graphs(arguments: &GraphArguments, stores: Stores) -> Result<impl Iterator<Item = Graph>> {
    let mut graphs = Vec::new();
    for size in &arguments.size {
        let count = parse_size(size)?;
        if stores != Stores::Neo4j {
            let folder = temporary_folder(arguments.folder.as_deref())?;
            let url = format!("sqlite:{}", folder.path().join("graph.db").display());
            graphs.push((format!("SQLite, {size}"), url, count, folder));
        }
        if stores != Stores::Sqlite {
            let url = arguments
                .neo4j
                .as_deref()
                .context("no Neo4j: give --neo4j or NEO4J_TEST_URI, or run under `cargo xtask neo4j --`")?;
            graphs.push((format!("Neo4j, {size}"), url.to_owned(), count, temporary_folder(arguments.folder.as_deref())?));
        }
    }
    Ok(graphs.into_iter())
}

fn run_import(arguments: &ImportArguments) -> Result<()> {
    let count = parse_size(&arguments.files)?;
    let mut columns = Vec::new();
    let mut stores = Vec::new();
    let folder = temporary_folder(None)?;
    if arguments.store != Stores::Neo4j {
        stores.push(("SQLite", format!("sqlite:{}", folder.path().join("graph.db").display())));
    }
    if arguments.store != Stores::Sqlite {
        let url = arguments.neo4j.clone();
        stores.push(("Neo4j", url.context("no Neo4j: give --neo4j or NEO4J_TEST_URI, or run under `cargo xtask neo4j --`")?));
    }
    for (name, url) in stores {
        // Each store gets a repository of its own, since the measurement changes it.
        let repositories = temporary_folder(None)?;
        let server = import::serve(repositories.path(), count)?;
        eprintln!("{count} files into {url}");
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["measure-import", "--url", &url, "--server", &server.address, "--count", &count.to_string()]);
        columns.push(Column { title: name.to_owned(), rows: results(command.arg("--content").arg(&arguments.content), &url)? });
    }
    println!("{}", table::markdown(&columns));
    Ok(())
}

fn temporary_folder(within: Option<&std::path::Path>) -> Result<tempfile::TempDir> {
    let builder = || tempfile::Builder::new().prefix("maillage-bench-").to_owned();
    Ok(match within {
        Some(folder) => builder().tempdir_in(folder),
        None => builder().tempdir(),
    }?)
}

/// Measures in another process, and shows each result as it comes.
fn measure_apart(command: &[&str], url: &str, count: usize, arguments: &GraphArguments) -> Result<Vec<Measured>> {
    eprintln!("{count} initiatives in {url}");
    let mut process = Command::new(std::env::current_exe()?);
    process.args(command).args(["--url", url, "--count", &count.to_string(), "--content"]).arg(&arguments.content);
    results(&mut process, url)
}

/// What another process tells, line by line, as it comes.
fn results(command: &mut Command, url: &str) -> Result<Vec<Measured>> {
    let mut process = command.stdout(Stdio::piped()).spawn()?;
    let output = process.stdout.take().context("the process has an output")?;
    let mut rows = Vec::new();
    for line in BufReader::new(output).lines() {
        let row = Measured::read(&line?)?;
        eprintln!("  {}: {}", row.what, row.value);
        rows.push(row);
    }
    let status = process.wait()?;
    ensure!(status.success(), "measuring {url} failed: {status}");
    Ok(rows)
}

fn parse_size(size: &str) -> Result<usize> {
    let (digits, unit) = match size.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => size.strip_suffix(['m', 'M']).map_or((size, 1), |digits| (digits, 1_000_000)),
    };
    let number: usize = digits.parse().with_context(|| format!("{size:?} is not a size such as 10k, 100k or 1m"))?;
    ensure!(number > 0, "{size:?} is not a size: nothing to measure");
    Ok(number * unit)
}
