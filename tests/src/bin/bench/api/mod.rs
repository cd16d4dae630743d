//! The API, over both stores, beside what people would otherwise use over the same graph: @neo4j/graphql on the same Neo4j, and
//! `PostGraphile` on `PostgreSQL`. What is asked and how each is set up: `tests/bench/peers/README.md`.

mod limits;
mod load;
mod postgres;
mod processor;
mod questions;
mod servers;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use maillage_graph_schema::change::ChangeSet;
use maillage_graph_schema::clock::FixedClock;
use maillage_graph_schema::store::{self, StoreOptions};
use maillage_tests::synthetic::Synthetic;
use serde_json::Value;

pub use self::limits::serve_static;
use self::load::Load;
use self::postgres::Postgres;
use self::processor::Memory;
use self::questions::{Alike, Answer, Question, Tongue};
use self::servers::{Keeps, Server};
use crate::graph::{self, SEED};
use crate::measure::milliseconds;
use crate::{cypher, parse_size, temporary_folder, wait};

/// How many connections ask at once.
const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// The connections that the goals speak of.
const USUAL: usize = 16;

/// How many answers of each question are compared.
const COMPARED: usize = 20;

/// How long each server is asked before its answers count.
const WARM_UP: Duration = Duration::from_secs(1);

/// Where the server is to work for every answer.
const NOTHING: Keeps = Keeps { answers: 0, records: 0 };

/// Where records are kept, as many as usual, and no answers.
const RECORDS: Keeps = Keeps { answers: 0, records: 16 };

/// Where answers are kept.
const ANSWERS: Keeps = Keeps { answers: 32, records: 16 };

#[derive(clap::Args)]
pub struct Arguments {
    /// How many initiatives: 10k, 100k, 1m; several with commas
    #[arg(long, value_delimiter = ',', default_value = "10k")]
    size: Vec<String>,
    /// Who is asked
    #[arg(long, value_enum, value_delimiter = ',', default_value = "sqlite,neo4j,neo4j-graphql,postgraphile")]
    server: Vec<Asked>,
    /// How many seconds each question is asked of each server, at each number of connections
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Only the questions whose name has this in it
    #[arg(long, default_value = "")]
    only: String,
    /// The Neo4j server: without authentication, and empty; it is emptied again
    #[arg(long, env = "NEO4J_TEST_URI")]
    neo4j: Option<String>,
    /// The reference data: towns and topics
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../content"))]
    content: PathBuf,
}

/// A server, and what it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Asked {
    Sqlite,
    Neo4j,
    Neo4jGraphql,
    #[value(name = "postgraphile")]
    PostGraphile,
}

impl Asked {
    const fn tongue(self) -> Tongue {
        match self {
            Self::Sqlite | Self::Neo4j => Tongue::Maillage,
            Self::Neo4jGraphql => Tongue::Neo4jGraphql,
            Self::PostGraphile => Tongue::PostGraphile,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "Maillage, SQLite",
            Self::Neo4j => "Maillage, Neo4j",
            Self::Neo4jGraphql => "@neo4j/graphql",
            Self::PostGraphile => "PostGraphile",
        }
    }

    /// Whom it is compared with, and how much faster it is to be on every question and in the geometric mean.
    const fn peer(self) -> Option<(Self, f64, f64)> {
        match self {
            Self::Sqlite => Some((Self::PostGraphile, 2.0, 10.0)),
            Self::Neo4j => Some((Self::Neo4jGraphql, 5.0, 30.0)),
            Self::Neo4jGraphql | Self::PostGraphile => None,
        }
    }
}

/// What was measured of one size.
#[derive(Default)]
struct Results {
    loads: BTreeMap<(Asked, &'static str, usize), Load>,
    /// Answers a second where records are kept.
    with_records: BTreeMap<(Asked, &'static str), f64>,
    /// Answers a second of the store alone.
    limits: BTreeMap<(Asked, &'static str), f64>,
    memory: BTreeMap<Asked, Memory>,
    /// How many of the compared answers say the same as Maillage's on SQLite, and the share of records in common.
    alike: BTreeMap<(Asked, &'static str), (usize, f64)>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    ensure!(Command::new("wrk").arg("-v").output().is_ok(), "wrk is not installed: apt-get install wrk");
    for size in &arguments.size {
        measure(arguments, size)?;
    }
    Ok(())
}

fn measure(arguments: &Arguments, size: &str) -> Result<()> {
    let count = parse_size(size)?;
    let asks = |asked| arguments.server.contains(&asked);
    let folder = temporary_folder(None)?;
    let content = content_alone(&arguments.content, folder.path())?;
    let reference = maillage_importer::reference_change_sets(&content, 0, &FixedClock("2026-11-24T02:26:03Z".parse()?))?;
    let graph = Synthetic::new(SEED, count, &reference)?;
    let questions: Vec<Question> = questions::questions(&graph, count, &reference)?;
    let questions: Vec<&Question> = questions.iter().filter(|question| question.what.contains(&arguments.only)).collect();
    if asks(Asked::Neo4jGraphql) || asks(Asked::PostGraphile) {
        servers::install_peers()?;
    }
    let sqlite = format!("sqlite:{}", folder.path().join("graph.db").display());
    let neo4j = arguments.neo4j.clone().unwrap_or_default();
    fill(&sqlite, &graph, &reference)?;
    if asks(Asked::Neo4j) || asks(Asked::Neo4jGraphql) {
        ensure!(!neo4j.is_empty(), "no Neo4j: give --neo4j or NEO4J_TEST_URI, or run under `cargo xtask neo4j --`");
        fill(&neo4j, &graph, &reference)?;
    }
    let postgres = if asks(Asked::PostGraphile) {
        let (postgres, begin) = (Postgres::start()?, Instant::now());
        postgres.load(&graph, &reference, folder.path())?;
        eprintln!("{count} initiatives into PostgreSQL: {}", graph::seconds(begin.elapsed()));
        Some(postgres)
    } else {
        None
    };
    let start = |asked: Asked, keeps: Keeps| -> Result<Server> {
        match asked {
            Asked::Sqlite => servers::maillage(&sqlite, &content, &folder.path().join("with-sqlite"), keeps),
            Asked::Neo4j => servers::maillage(&neo4j, &content, &folder.path().join("with-neo4j"), keeps),
            Asked::Neo4jGraphql => servers::node("neo4j-graphql", "node", ("NEO4J_TEST_URI", &neo4j)),
            Asked::PostGraphile => {
                let url = postgres.as_ref().context("PostgreSQL is there")?.url();
                servers::node("postgraphile", "node_modules/.bin/node", ("DATABASE_URL", &url))
            }
        }
    };
    let bench = Bench { folder: folder.path(), time: Duration::from_secs(arguments.seconds), questions: &questions };
    let mut results = Results::default();
    let mut expected = None;
    for asked in [Asked::Sqlite, Asked::Neo4j, Asked::Neo4jGraphql, Asked::PostGraphile] {
        if asked != Asked::Sqlite && !asks(asked) {
            continue;
        }
        let server = start(asked, NOTHING)?;
        eprintln!("{}, {size}", asked.title());
        let answers = bench.answers(&server, asked.tongue())?;
        match &expected {
            None => expected = Some(answers.clone()),
            Some(expected) => bench.compare(asked, expected, &answers, &mut results)?,
        }
        if !asks(asked) {
            continue;
        }
        bench.ask(&server, asked, &answers, &mut results)?;
        results.memory.insert(asked, Memory::of(server.id())?);
        server.stop().or_else(|problem| if asked.peer().is_some() { Err(problem) } else { Ok(()) })?;
        if asked.peer().is_some() {
            let url = if asked == Asked::Sqlite { &sqlite } else { &neo4j };
            bench.limits(url, asked, &answers, &mut results)?;
            bench.with_records(&start(asked, RECORDS)?, asked, &mut results)?;
        }
    }
    println!("## {size}\n\n{}", results.written(&questions));
    if asks(Asked::Sqlite) {
        println!("{}", bench.kept(&start(Asked::Sqlite, ANSWERS)?)?);
        println!("{}", bench.map(&start(Asked::Sqlite, NOTHING)?)?);
    }
    if asks(Asked::Neo4j) || asks(Asked::Neo4jGraphql) {
        // For the next size.
        wait(async { cypher::empty(&cypher::connect(&neo4j)?).await })?;
    }
    Ok(())
}

/// Towns and topics without case studies: the graph is to be the same for all servers.
fn content_alone(content: &Path, folder: &Path) -> Result<PathBuf> {
    let alone = folder.join("content");
    for part in ["towns", "topics.yaml"] {
        let (from, to) = (content.join(part), alone.join(part));
        fs::create_dir_all(to.parent().context("within a folder")?)?;
        let copied = Command::new("cp").arg("--recursive").arg(&from).arg(&to).status()?;
        ensure!(copied.success(), "{} was not copied", from.display());
    }
    let sources = fs::read_to_string(content.join("sources.toml"))?;
    fs::write(alone.join("sources.toml"), sources.replace("auto = true", "auto = false"))?;
    Ok(alone)
}

/// Loads the graph, as a first start does and without a history.
fn fill(url: &str, graph: &Synthetic, reference: &[ChangeSet]) -> Result<()> {
    let begin = Instant::now();
    wait(async {
        let options = StoreOptions { query_timeout: Duration::from_mins(2), ..StoreOptions::default() };
        let store = store::open(url, options).await?;
        ensure!(store.revision().await? == 0, "{url} is not empty: the benchmark loads a graph of its own");
        for change_set in reference {
            graph::apply(&*store, change_set).await?;
        }
        for number in 0..graph.change_sets() {
            graph::apply(&*store, &graph.change_set(number)?).await?;
        }
        Ok(())
    })?;
    eprintln!("loaded {url}: {}", graph::seconds(begin.elapsed()));
    Ok(())
}

struct Bench<'a> {
    folder: &'a Path,
    time: Duration,
    questions: &'a [&'a Question],
}

type Answers = BTreeMap<&'static str, Vec<Answer>>;

impl Bench<'_> {
    /// What a server answers to the first of the requests.
    fn answers(&self, server: &Server, tongue: Tongue) -> Result<Answers> {
        let client = reqwest::blocking::Client::builder().timeout(servers::PATIENCE).build()?;
        let mut answers = Answers::new();
        for question in self.questions {
            let mut of_question = Vec::new();
            for body in question.bodies(tongue)?.into_iter().take(COMPARED) {
                let request = client.post(format!("{}/graphql", server.address)).header("Content-Type", "application/json");
                let text = match request.body(body).send().and_then(reqwest::blocking::Response::text) {
                    // Nobody would wait for it: the question is not asked of this server again.
                    Err(problem) if problem.is_timeout() && tongue != Tongue::Maillage => break,
                    answered => answered?,
                };
                of_question.push(question.read(tongue, &serde_json::from_str::<Value>(&text)?)?);
            }
            if of_question.len() < COMPARED && tongue != Tongue::Maillage {
                eprintln!("  {}: no answer within {} s", question.what, servers::PATIENCE.as_secs());
                continue;
            }
            ensure!(of_question.iter().any(|answer| !answer.is_empty()), "{}: {tongue:?} finds nothing", question.what);
            answers.insert(question.what, of_question);
        }
        Ok(answers)
    }

    /// Judges a server's answers by those of Maillage on SQLite.
    fn compare(&self, asked: Asked, expected: &Answers, answers: &Answers, results: &mut Results) -> Result<()> {
        for question in self.questions {
            let Some(answers) = answers.get(question.what) else { continue };
            let pairs: Vec<_> = expected[question.what].iter().zip(answers).collect();
            let is_alike = |pair: &&(&Answer, &Answer)| match question.alike {
                // The same program gives the same answers, whatever it stands on.
                _ if asked.tongue() == Tongue::Maillage => pair.0 == pair.1,
                Alike::AsMany => pair.0.count() == pair.1.count(),
                Alike::Same | Alike::Own => pair.0 == pair.1,
            };
            let alike = pairs.iter().filter(is_alike).count();
            let is_judged = question.alike != Alike::Own || asked.tongue() == Tongue::Maillage;
            if let Some(other) = pairs.iter().find(|pair| is_judged && !is_alike(pair)) {
                anyhow::bail!("{}: {} answers {:?}, and Maillage {:?}", question.what, asked.title(), other.1, other.0);
            }
            #[expect(clippy::cast_precision_loss, reason = "a share to show, of some dozens")]
            let common = pairs.iter().map(|(expected, answer)| expected.common(answer)).sum::<f64>() / pairs.len() as f64;
            results.alike.insert((asked, question.what), (alike, common));
        }
        Ok(())
    }

    /// Asks a server every question, by few and by many connections.
    fn ask(&self, server: &Server, asked: Asked, answers: &Answers, results: &mut Results) -> Result<()> {
        for question in self.questions.iter().filter(|question| answers.contains_key(question.what)) {
            let bodies = question.bodies(asked.tongue())?;
            load::send(&server.address, &bodies, USUAL, WARM_UP, self.folder)?;
            for connections in CONNECTIONS {
                let mut load = load::send(&server.address, &bodies, connections, self.time, self.folder)?;
                if load.rate == 0.0 {
                    // Nothing was answered within the time.
                    load = load::send(&server.address, &bodies, connections, 10 * self.time, self.folder)?;
                }
                eprintln!("  {} × {connections}: {:.1} a second", question.what, load.rate);
                results.loads.insert((asked, question.what, connections), load);
            }
        }
        Ok(())
    }

    /// Asks once more where records are kept.
    fn with_records(&self, server: &Server, asked: Asked, results: &mut Results) -> Result<()> {
        for question in self.questions {
            let bodies = question.bodies(asked.tongue())?;
            load::send(&server.address, &bodies, USUAL, WARM_UP, self.folder)?;
            let rate = load::send(&server.address, &bodies, USUAL, self.time, self.folder)?.rate;
            results.with_records.insert((asked, question.what), rate);
        }
        Ok(())
    }

    /// What the store alone does for the initiatives that a list begins with.
    fn limits(&self, url: &str, asked: Asked, answers: &Answers, results: &mut Results) -> Result<()> {
        for question in self.questions {
            let initiatives = |answer: &Answer| -> Vec<String> {
                answer.keys.iter().filter(|key| key.starts_with("initiative-")).cloned().collect()
            };
            let lists: Vec<Vec<String>> = answers[question.what].iter().map(initiatives).collect();
            // Not all answers are records.
            if lists.iter().all(Vec::is_empty) {
                continue;
            }
            let rate = wait_for(limits::store_alone(url, &lists, USUAL, self.time))?;
            results.limits.insert((asked, question.what), rate);
        }
        Ok(())
    }

    /// Answers that are given again, beside a response that is always the same.
    fn kept(&self, server: &Server) -> Result<String> {
        let mut table = String::from(
            "Answers that are kept, at 16 connections, beside a response of axum that is always the same and as long:\n\n\
             | | bytes | kept, a second | the same response, a second | ratio |\n|---|---:|---:|---:|---:|\n",
        );
        let client = reqwest::blocking::Client::new();
        for question in self.questions {
            let bodies = question.bodies(Tongue::Maillage)?;
            let request = client.post(format!("{}/graphql", server.address)).header("Content-Type", "application/json");
            let bytes = request.body(bodies[0].clone()).send()?.bytes()?.len();
            let one = &bodies[..1];
            let mut fixed = Command::new(std::env::current_exe()?);
            let fixed = Server::start(fixed.args(["serve-static", "--bytes", &bytes.to_string()]))?;
            load::send(&server.address, one, USUAL, WARM_UP, self.folder)?;
            let kept = load::send(&server.address, one, USUAL, self.time, self.folder)?.rate;
            let same = load::send(&fixed.address, one, USUAL, self.time, self.folder)?.rate;
            let _ = writeln!(table, "| {} | {bytes} | {kept:.0} | {same:.0} | {:.2} |", question.what, kept / same);
        }
        Ok(table)
    }

    /// Tiles and clusters, none of them kept.
    fn map(&self, server: &Server) -> Result<String> {
        let mut table =
            String::from("The map, none of it kept, at 16 connections:\n\n| | a second | p50 / p99, ms |\n|---|---:|---:|\n");
        for (what, requests) in questions::maps() {
            load::send(&server.address, &requests, USUAL, WARM_UP, self.folder)?;
            let load = load::send(&server.address, &requests, USUAL, self.time, self.folder)?;
            let _ = writeln!(table, "| {what} | {:.0} | {} / {} |", load.rate, milliseconds(load.p50), milliseconds(load.p99));
        }
        let _ = write!(table, "\nMemory afterwards: {}", Memory::of(server.id())?);
        Ok(table)
    }
}

fn wait_for<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

impl Results {
    fn written(&self, questions: &[&Question]) -> String {
        let asked: Vec<Asked> = self.memory.keys().copied().collect();
        let mut text = self.rates(questions, &asked);
        text.push_str(&self.times(questions, &asked));
        text.push_str(&self.answers_compared(questions));
        text
    }

    fn rate(&self, asked: Asked, what: &'static str) -> Option<f64> {
        Some(self.loads.get(&(asked, what, USUAL))?.rate)
    }

    /// Answers a second at the usual number of connections, beside peers and limits.
    fn rates(&self, questions: &[&Question], asked: &[Asked]) -> String {
        if asked.iter().all(|one| one.peer().is_none()) {
            return String::new();
        }
        let mut text = format!("Answers a second at {USUAL} connections, the load on the same two cores:\n\n| |");
        let mut heads = Vec::new();
        for one in asked.iter().filter(|one| one.peer().is_some()) {
            heads.push(one.title().to_owned());
            if let Some((peer, ..)) = one.peer().filter(|(peer, ..)| asked.contains(peer)) {
                heads.push(peer.title().to_owned());
                heads.push("ratio".to_owned());
            }
            heads.push("with records kept".to_owned());
            heads.push("the store alone, its records by key".to_owned());
            heads.push("share".to_owned());
        }
        let _ = writeln!(text, " {} |\n|---|{}", heads.join(" | "), "---:|".repeat(heads.len()));
        let mut ratios: BTreeMap<Asked, Vec<f64>> = BTreeMap::new();
        for question in questions {
            let mut cells = Vec::new();
            for one in asked.iter().filter(|one| one.peer().is_some()) {
                let Some(rate) = self.rate(*one, question.what) else { continue };
                cells.push(shown(rate));
                if let Some((peer, ..)) = one.peer().filter(|(peer, ..)| asked.contains(peer)) {
                    match self.rate(peer, question.what) {
                        Some(others) => {
                            ratios.entry(*one).or_default().push(rate / others);
                            cells.extend([shown(others), format!("{} ×", shown(rate / others))]);
                        }
                        None => cells.extend([format!("none within {} s", servers::PATIENCE.as_secs()), "–".to_owned()]),
                    }
                }
                cells.push(self.with_records.get(&(*one, question.what)).map_or("–".to_owned(), |rate| shown(*rate)));
                match self.limits.get(&(*one, question.what)) {
                    Some(limit) => cells.extend([shown(*limit), format!("{:.2}", rate / limit)]),
                    None => cells.extend(["–".to_owned(), "–".to_owned()]),
                }
            }
            let _ = writeln!(text, "| {} | {} |", question.what, cells.join(" | "));
        }
        for (one, ratios) in ratios {
            let Some((peer, every, mean)) = one.peer() else { continue };
            let of_kept = questions
                .iter()
                .filter_map(|question| Some(self.with_records.get(&(one, question.what))? / self.rate(peer, question.what)?));
            for (how, ratios) in [("", ratios), (", with records kept,", of_kept.collect())] {
                let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
                #[expect(clippy::cast_precision_loss, reason = "ten of them")]
                let geometric = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
                let (least, geometric) = (shown(least), shown(geometric));
                let _ = writeln!(
                    text,
                    "\n{}{how} answers at least {least} × as many as {} (hoped for: {every}), in geometric mean {geometric} × (hoped for: {mean}).",
                    one.title(),
                    peer.title(),
                );
            }
        }
        text
    }

    /// How long answers take, and what they cost.
    fn times(&self, questions: &[&Question], asked: &[Asked]) -> String {
        let mut text = String::from(
            "\np50 / p99 in milliseconds at 1, 16 and 64 connections; processor time of the whole machine for an answer, at 16:\n\n| |",
        );
        for one in asked {
            let title = one.title();
            let _ = write!(text, " {title}, 1 | 16 | 64 | processor, ms |");
        }
        let _ = writeln!(text, "\n|---|{}", "---:|".repeat(4 * asked.len()));
        for question in questions {
            let _ = write!(text, "| {} |", question.what);
            for one in asked {
                for connections in CONNECTIONS {
                    let load = self.loads.get(&(*one, question.what, connections));
                    let times = load.map(|load| format!("{} / {}", milliseconds(load.p50), milliseconds(load.p99)));
                    let _ = write!(text, " {} |", times.unwrap_or_else(|| "–".to_owned()));
                }
                let load = self.loads.get(&(*one, question.what, USUAL));
                let _ = write!(text, " {} |", load.map_or_else(|| "–".to_owned(), |load| milliseconds(load.processor)));
            }
            text.push('\n');
        }
        for (one, memory) in &self.memory {
            let _ = writeln!(text, "\nMemory of {} afterwards: {memory} (its database left aside).", one.title());
        }
        text
    }

    fn answers_compared(&self, questions: &[&Question]) -> String {
        if self.alike.is_empty() {
            return String::new();
        }
        let asked: std::collections::BTreeSet<Asked> = self.alike.keys().map(|(asked, _)| *asked).collect();
        let mut text =
            format!("\nOf {COMPARED} answers, how many say just what Maillage on SQLite says, and the records in common:\n\n| |");
        for one in &asked {
            let _ = write!(text, " {} |", one.title());
        }
        let _ = writeln!(text, "\n|---|{}", "---:|".repeat(asked.len()));
        for question in questions {
            let _ = write!(text, "| {} |", question.what);
            for one in &asked {
                let (alike, common) = self.alike.get(&(*one, question.what)).copied().unwrap_or_default();
                let common = if question.alike == Alike::AsMany { String::new() } else { format!(", {:.0} %", common * 100.0) };
                let _ = write!(text, " {alike}{common} |");
            }
            text.push('\n');
        }
        text
    }
}

/// A number with about three figures.
fn shown(number: f64) -> String {
    match number {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}
