//! Imports of real repositories of partners, into SQLite or into a real Neo4j.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::{neo4j, process};

/// Imports the bundles of a folder, with these arguments.
pub fn run(folder: &Path, arguments: Vec<OsString>) -> Result<ExitCode> {
    let (on_neo4j, arguments) = without_store(arguments);
    let program = ["--quiet", "--package", "maillage-tests", "--bin", "partners"];
    process::run(process::cargo().arg("build").args(program))?;
    let mut import = process::cargo();
    import.arg("run").args(program).arg("--").arg(folder).args(arguments);
    if !on_neo4j {
        return Ok(process::exit_code(process::status(&mut import)?));
    }
    let server = neo4j::start(&neo4j::Options::of(neo4j::Line::Five))?;
    let status = process::status(import.args(["--store", server.uri()]))?;
    server.stop()?;
    Ok(process::exit_code(status))
}

/// Whether the store is to be Neo4j, and the other arguments. SQLite is what is taken if nothing is said.
fn without_store(arguments: Vec<OsString>) -> (bool, Vec<OsString>) {
    let mut on_neo4j = false;
    let mut others = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == OsStr::new("--store") {
            on_neo4j = arguments.next().is_some_and(|store| store == OsStr::new("neo4j"));
        } else {
            others.push(argument);
        }
    }
    (on_neo4j, others)
}
