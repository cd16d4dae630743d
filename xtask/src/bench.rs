//! Benchmarks, on a real Neo4j unless they are of SQLite only.

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use anyhow::Result;

use crate::{neo4j, process};

/// Runs the benchmarks of this name with these arguments.
pub fn run(name: &str, arguments: &[OsString]) -> Result<ExitCode> {
    let program = ["--quiet", "--release", "--package", "maillage-tests", "--bin", "bench"];
    // Built before the server starts: a compiler beside it would be measured, too.
    process::run(process::cargo().arg("build").args(program))?;
    let mut bench = process::cargo();
    bench.arg("run").args(program).arg("--").arg(name).args(arguments);
    if sqlite_only(name, arguments) {
        return Ok(process::exit_code(process::status(&mut bench)?));
    }
    let mut options = neo4j::Options::of(neo4j::Line::Five);
    (options.heap, options.page_cache, options.optimise) = (4096, 1024, true);
    let server = neo4j::start(&options)?;
    let status = process::status(bench.env(neo4j::URI_VARIABLE, server.uri()))?;
    server.stop()?;
    Ok(process::exit_code(status))
}

/// Whether no server is needed: SQLite alone is asked for, or the benchmark is one of it unless another store is named.
fn sqlite_only(name: &str, arguments: &[OsString]) -> bool {
    let with_value = arguments.windows(2).filter(|pair| pair[0] == OsStr::new("--store")).map(|pair| pair[1].to_str());
    let joined = arguments.iter().filter_map(|argument| argument.to_str()?.strip_prefix("--store=")).map(Some);
    match with_value.chain(joined).next_back() {
        Some(store) => store == Some("sqlite"),
        None => name == "explore",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn which_benchmarks_need_no_server() {
        for (name, arguments, expected) in [
            ("graph", &["--store", "sqlite"][..], true),
            ("graph", &["--records", "1000", "--store=sqlite"], true),
            ("graph", &["--store", "neo4j"], false),
            ("graph", &["sqlite"], false),
            ("graph", &[], false),
            ("explore", &["--size", "10k"], true),
            ("explore", &["--store", "neo4j"], false),
            ("explore", &["--store=both"], false),
        ] {
            let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
            assert_eq!(super::sqlite_only(name, &arguments), expected, "{name} {arguments:?}");
        }
    }
}
