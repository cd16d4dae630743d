//! A real Neo4j Community server for tests, wherever this runs. See `tests/neo4j/README.md`.
//!
//! Where it comes from, in this order:
//! 1. `NEO4J_TEST_URI`: a server that is there already; it is used and left alone.
//! 2. A JDK and Maven: the jars from Maven Central, started by `tests/neo4j/Server.java` ([`maven`]).
//! 3. A Docker engine: the official image ([`docker`]).
//! 4. Debian or Ubuntu, as root: the JDK and Maven are installed, then as 2.
//!
//! Otherwise it fails and names the line to type. It never goes on without a server.

mod docker;
mod java;
mod maven;

use std::path::PathBuf;
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::process;

pub use java::Jdk;

/// Where tests find the server.
pub const URI_VARIABLE: &str = "NEO4J_TEST_URI";

/// How long a server may take to answer, and to stop. On two busy cores a start was seen to take 15 s.
const PATIENCE: Duration = Duration::from_mins(2);

/// The release line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Line {
    /// 5.26, supported for long; Java 17 or later
    #[value(name = "5")]
    Five,
    /// 2026, what a new user gets; Java 21 or later
    #[value(name = "2026")]
    TwentyTwentySix,
}

impl Line {
    /// The version of `org.neo4j:neo4j` on Maven Central.
    fn version(self) -> &'static str {
        match self {
            Line::Five => "5.26.28",
            Line::TwentyTwentySix => "2026.05.0",
        }
    }

    /// The tag of the official Docker image.
    fn image(self) -> &'static str {
        match self {
            Line::Five => "neo4j:5.26-community",
            Line::TwentyTwentySix => "neo4j:2026.05-community",
        }
    }

    /// The oldest Java that it runs on.
    pub fn java(self) -> u32 {
        match self {
            Line::Five => 17,
            Line::TwentyTwentySix => 21,
        }
    }
}

#[derive(Args, Clone)]
pub struct Options {
    /// Which release line
    #[arg(long = "neo4j", value_enum, default_value = "5", value_name = "LINE")]
    pub line: Line,
    /// Keep the data in this folder, and find it there again; without, they are in a temporary one
    #[arg(long, value_name = "FOLDER", value_parser = absolute)]
    pub data: Option<PathBuf>,
    /// The port; 0 is any free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Memory of its heap
    #[arg(long, default_value_t = 1024, value_name = "MIB")]
    pub heap: u32,
    /// Memory of its page cache
    #[arg(long, default_value_t = 256, value_name = "MIB")]
    pub page_cache: u32,
    /// Let Java optimise fully, as a server in service does: a start takes twice as long
    #[arg(long)]
    pub optimise: bool,
}

fn absolute(path: &str) -> std::io::Result<PathBuf> {
    std::path::absolute(path)
}

impl Options {
    /// A throw-away server of this line.
    pub fn of(line: Line) -> Self {
        Self { line, data: None, port: 0, heap: 1024, page_cache: 256, optimise: false }
    }
}

/// A server that runs. It stops with this value, and if this process is killed.
pub struct Server {
    uri: String,
    /// Absent for a server that was there already.
    child: Option<Child>,
}

impl Server {
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Stops it and waits for that.
    pub fn stop(mut self) -> Result<()> {
        match self.child.take() {
            Some(child) => stop(child),
            None => Ok(()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = self.child.take()
            && let Err(error) = stop(child)
        {
            eprintln!("error: {error:#}");
        }
    }
}

/// Ends a child that stops when its standard input ends.
fn stop(mut child: Child) -> Result<()> {
    drop(child.stdin.take());
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            bail!("Neo4j had not stopped after {} s and was killed", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Whether a server of this line would come from Maven, with nothing to install first.
pub fn can_run_by_maven(line: Line) -> bool {
    process::variable(URI_VARIABLE).is_none() && java::find(line.java()).is_some() && maven::present()
}

/// Where a server can come from on this machine.
enum Provision {
    Existing(String),
    Maven(maven::Installed),
    Docker,
}

/// Starts a server, having fetched it first if need be.
pub fn start(options: &Options) -> Result<Server> {
    match provision(options)? {
        Provision::Existing(uri) => Ok(Server { uri, child: None }),
        Provision::Maven(installed) => installed.start(options),
        Provision::Docker => docker::start(options),
    }
}

/// Runs a server in the foreground until it is stopped.
pub fn serve(options: &Options) -> Result<ExitCode> {
    match provision(options)? {
        Provision::Existing(uri) => bail!("{URI_VARIABLE} names a server that runs already: {uri}"),
        Provision::Maven(installed) => become_(&mut installed.command(options)),
        Provision::Docker => {
            let server = docker::start(options)?;
            println!("ready {}", server.uri());
            // Whatever ends this process ends the container, too.
            loop {
                std::thread::park();
            }
        }
    }
}

fn provision(options: &Options) -> Result<Provision> {
    if let Some(uri) = process::variable(URI_VARIABLE) {
        if options.data.is_some() || options.port != 0 {
            bail!("{URI_VARIABLE} names a server that runs already ({uri}): --data and --port cannot apply to it");
        }
        return Ok(Provision::Existing(uri));
    }
    if let Some(jdk) = java::find(options.line.java())
        && maven::present()
    {
        return Ok(Provision::Maven(maven::install(options.line, jdk)?));
    }
    if docker::works() {
        return Ok(Provision::Docker);
    }
    java::install_on_debian(options.line)?;
    let Some(jdk) = java::find(options.line.java()) else {
        bail!("{}", java::hint(options.line));
    };
    Ok(Provision::Maven(maven::install(options.line, jdk)?))
}

/// Replaces this process by the command, so that its signals and its end are the command's.
#[cfg(unix)]
fn become_(command: &mut Command) -> Result<ExitCode> {
    let error = std::os::unix::process::CommandExt::exec(command);
    bail!("could not run {}: {error}", process::shown(command))
}

#[cfg(not(unix))]
fn become_(command: &mut Command) -> Result<ExitCode> {
    Ok(process::exit_code(process::status(command)?))
}
