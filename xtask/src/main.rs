//! The project's own commands, run as `cargo xtask …`: what CI checks, and the tools around it.
//!
//! - `ci` is the whole check, in the order of [`ci::run`].
//! - `neo4j` gives a real Neo4j Community server, on Maven, Docker, or what `NEO4J_TEST_URI` names ([`neo4j`]).
//! - `codegen` renews `schema.graphql` and the JSON Schemas, or compares them.
//! - `relevance` judges search and similarity.
//! - `fuzz` looks for inputs that break the importer.
//! - `partners` imports real repositories of partners ([`partners`]).
//! - `attack` sends the service what hostile clients would ([`attack`]).
//! - `browser` looks at the pages in Chromium ([`browser`]).
//! - `audit` audits the service by the suite of the GraphQL-over-HTTP specification ([`audit`]).
//! - `bench` and `deny` forward to the benchmarks and to cargo-deny.
//!
//! To add a rule about what may stand where, see [`tidy`]; to add a step to CI, see [`ci`].
//!
//! It depends on nothing but clap and anyhow, so that it builds in seconds on a new machine.

mod attack;
mod audit;
mod bench;
mod browser;
mod ci;
mod codegen;
mod compose;
mod fuzz;
mod neo4j;
mod npm;
mod partners;
mod process;
mod service;
mod tidy;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Maillage's own development commands", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the whole check: format, invariants, Compose file, lints, generated files, tests on both stores
    Ci(ci::Options),
    /// Renew the files that are generated from the code: schema.graphql
    Codegen {
        /// Change nothing; show what would change, and fail if anything would
        #[arg(long)]
        check: bool,
    },
    /// Run benchmarks, with a real Neo4j where one is asked for
    Bench {
        /// Which ones: `graph` compares the stores (both unless `--store sqlite` is among ARGUMENTS), `explore` measures the index
        /// (on SQLite unless `--store neo4j` is), `import` imports ten thousand files, `api` asks the service over HTTP beside others
        name: String,
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Judge the answers of search and similarity by the questions of tests/relevance, and fail where they got worse
    Relevance {
        /// A clone of the repository of beta.gouv.fr, whose sheets are judged beside our content
        clone: OsString,
        /// What else: `--show all` shows every answer with its grade, `--accept` keeps the present means
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Try odd inputs on the importer, led by the code that they reach (libFuzzer)
    Fuzz(fuzz::Options),
    /// Import real repositories of partners as they are, an older and a newer commit each, and compare what comes of it
    Partners {
        /// The folder of their Git bundles
        folder: OsString,
        /// `--store neo4j` imports into a real Neo4j; `--only SOURCE`; `--show` prints all that is counted
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Audit the running service by the suite of the GraphQL-over-HTTP specification (needs Node and npm)
    Audit,
    /// Look at the pages in Chromium: the example map, the page of a record, the page to try questions (needs Node, npm and Chromium)
    Browser,
    /// Send the running service what hostile clients would, and show what each costs in time, processor and memory
    Attack {
        /// `--seconds N` for each kind of request (3), `--only NAME`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Check licences, duplicates and origins of the dependencies, by deny.toml
    Deny,
    /// Start a real Neo4j Community server on loopback, without authentication
    ///
    /// With a COMMAND, runs it with `NEO4J_TEST_URI` set, stops the server, and exits as the command did.
    /// Without, prints the server's address and runs until ctrl-C.
    Neo4j(Neo4jArguments),
}

#[derive(clap::Args)]
struct Neo4jArguments {
    #[command(flatten)]
    options: neo4j::Options,
    /// What to run while the server is there
    #[arg(last = true)]
    command: Vec<OsString>,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Ci(options) => ci::run(&options)?,
        Command::Codegen { check } => codegen::run(check)?,
        Command::Bench { name, arguments } => return bench::run(&name, &arguments),
        Command::Relevance { clone, arguments } => {
            let mut judge = process::cargo();
            judge.args(["run", "--quiet", "--package", "maillage-tests", "--bin", "relevance", "--"]);
            return Ok(process::exit_code(process::status(judge.arg(absolute(&clone)?).args(arguments))?));
        }
        Command::Fuzz(options) => fuzz::run(&options)?,
        Command::Partners { folder, arguments } => return partners::run(&absolute(&folder)?, arguments),
        Command::Audit => audit::run()?,
        Command::Browser => browser::run()?,
        Command::Attack { arguments } => return attack::run(&arguments),
        Command::Deny => deny()?,
        Command::Neo4j(Neo4jArguments { options, command }) => {
            let Some((program, arguments)) = command.split_first() else {
                return neo4j::serve(&options);
            };
            let server = neo4j::start(&options)?;
            // Where the user stands, not at the workspace's root.
            let mut command = std::process::Command::new(program);
            let status = process::status(command.args(arguments).env(neo4j::URI_VARIABLE, server.uri()))?;
            server.stop()?;
            return Ok(process::exit_code(status));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Paths are of where the user stands; the programs run at the workspace's root.
fn absolute(path: &OsStr) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is not a path", path.display()))
}

fn deny() -> Result<()> {
    if !process::succeeds(process::cargo().args(["deny", "--version"])) {
        bail!("cargo-deny is not installed\nhint: cargo install cargo-deny --locked");
    }
    process::run(process::cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}
