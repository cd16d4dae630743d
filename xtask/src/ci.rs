//! The whole check, in the order in which a failure is soonest seen.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use crate::neo4j::{self, Line};
use crate::{audit, browser, codegen, compose, process, tidy};

/// Tells the tests what they go without; without it, one that finds no server fails.
const WITHOUT_VARIABLE: &str = "MAILLAGE_TEST_WITHOUT";

/// What may be left out, by an explicit word only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    #[value(name = "neo4j")]
    Neo4j,
}

#[derive(Args)]
pub struct Options {
    /// Leave this out, and say so at the end
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PART")]
    without: Vec<Part>,
}

pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    step("format", || process::run(process::cargo().args(["fmt", "--all", "--check"])))?;
    step("invariants", || tidy::check(process::root()))?;
    step("Compose file", compose::check)?;
    step("clippy", || {
        process::run(process::cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    step("generated files", || codegen::run(true))?;
    step("build of the tests", || process::run(process::cargo().args(["test", "--quiet", "--workspace", "--no-run"])))?;
    let tests = || arguments(process::cargo(), &["test", "--workspace"]);
    if options.without.contains(&Part::Neo4j) {
        step("tests", || process::run(tests().env(WITHOUT_VARIABLE, "neo4j").env_remove(neo4j::URI_VARIABLE)))?;
    } else {
        step("tests, with Neo4j 5.26", || on_neo4j(Line::Five, tests()))?;
        if neo4j::can_run_by_maven(Line::TwentyTwentySix) {
            let store_tests = arguments(process::cargo(), &["test", "--package", "maillage-graph-schema"]);
            step("tests of the graph, with Neo4j 2026", || on_neo4j(Line::TwentyTwentySix, store_tests))?;
        }
    }
    step("fuzz targets, on their corpus and mutations of it", || {
        let replay = ["run", "--quiet", "--package", "maillage-fuzz", "--bin", "replay"];
        process::run(process::cargo().args(replay).args(["--", "--executions", "3000"]))
    })?;
    step("GraphQL over HTTP, by the audits of its specification", audit::run)?;
    step("pages in a browser", browser::run)?;
    println!("ci: all passed, {:.0} s", started.elapsed().as_secs_f32());
    if options.without.contains(&Part::Neo4j) {
        println!("ci: skipped by request: Neo4j; its store was not tested");
    }
    Ok(())
}

fn on_neo4j(line: Line, mut tests: Command) -> Result<()> {
    let server = neo4j::start(&neo4j::Options::of(line))?;
    process::run(tests.env(neo4j::URI_VARIABLE, server.uri()).env_remove(WITHOUT_VARIABLE))?;
    server.stop()
}

fn arguments(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    command
}

/// Runs a step and prints a line for it.
fn step(name: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    let started = Instant::now();
    println!("ci: {name} …");
    run().with_context(|| format!("{name} failed after {:.1} s", started.elapsed().as_secs_f32()))?;
    println!("ci: {name}: passed, {:.1} s", started.elapsed().as_secs_f32());
    Ok(())
}
