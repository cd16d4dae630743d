//! The servers that are measured, each as a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

/// A server that runs as long as this value lives.
pub struct Server {
    process: Child,
    /// `http://HOST:PORT`.
    pub address: String,
}

impl Server {
    /// Starts a program that says where it listens, `listening on http://…`, once it does.
    pub fn start(program: &mut Command) -> Result<Self> {
        let name = format!("{program:?}");
        let mut process = program.stdout(Stdio::piped()).spawn().with_context(|| format!("could not run {name}"))?;
        let output = process.stdout.take().context("the process has an output")?;
        let mut lines = BufReader::new(output).lines();
        let said = lines.find_map(|line| Some(line.ok()?.strip_prefix("listening on ")?.to_owned()));
        // Whoever stops reading would stop the server.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(said) = said else {
            process.kill()?;
            bail!("{name} ended before it listened: {}", process.wait()?)
        };
        let address = said.trim_end_matches("/graphql").trim_end_matches('/').to_owned();
        Ok(Self { process, address })
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Tells it to stop, and waits until it has.
    pub fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.process.id().to_string()).status()?;
        ensure!(told.success(), "the server could not be told to stop");
        let status = self.process.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the service keeps to answer sooner, in MiB.
#[derive(Debug, Clone, Copy)]
pub struct Keeps {
    pub answers: u64,
    pub records: u64,
}

/// The service, over a store that is loaded, with its index built and saved.
pub fn maillage(store: &str, content: &Path, data: &Path, keeps: Keeps) -> Result<Server> {
    let program = std::env::current_exe()?.with_file_name("maillage");
    let start = || {
        let mut command = Command::new(&program);
        command.arg("--data").arg(data).arg("--content").arg(content).args(["--store", store, "--listen", "127.0.0.1:0"]);
        command.args(["--kept-answers", &keeps.answers.to_string(), "--kept-records", &keeps.records.to_string()]);
        command.args(["--budget", "0", "serve"]).stderr(Stdio::null());
        Server::start(&mut command)
    };
    if !data.join("explore").exists() {
        // The first start builds the index; what is measured is every later one.
        start()?.stop()?;
    }
    start()
}

/// One of the peers on Node, from its folder beside `tests/bench/peers`.
pub fn node(name: &str, program: &str, variable: (&str, &str)) -> Result<Server> {
    let folder = peers()?.join(name);
    let mut command = Command::new(program);
    command.arg("server.mjs").current_dir(&folder).env(variable.0, variable.1).env("NODE_ENV", "production");
    Server::start(command.stderr(Stdio::null()))
}

/// Installs the peers' packages where they are not yet, in a folder that is not under version control.
pub fn install_peers() -> Result<()> {
    for name in ["neo4j-graphql", "postgraphile"] {
        let (from, to) = (sources().join(name), peers()?.join(name));
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&to).stdout(Stdio::null());
        ensure!(npm.status().context("could not run npm")?.success(), "the packages of {} were not installed", to.display());
    }
    Ok(())
}

/// Where the peers are described.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/peers")
}

fn peers() -> Result<PathBuf> {
    let target = std::env::current_exe()?.ancestors().nth(2).context("the program is in target/release")?.to_owned();
    Ok(target.join("bench-peers"))
}

/// How long a server may take to answer one request of the comparison.
pub const PATIENCE: Duration = Duration::from_mins(2);
