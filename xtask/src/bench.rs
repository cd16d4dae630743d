//! Benchmarks, on a real Neo4j unless they are of another store only.

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
    if sqlite_only(arguments) {
        return Ok(process::exit_code(process::status(&mut bench)?));
    }
    let mut options = neo4j::Options::of(neo4j::Line::Five);
    (options.heap, options.page_cache, options.optimise) = (4096, 1024, true);
    let server = neo4j::start(&options)?;
    let status = process::status(bench.env(neo4j::URI_VARIABLE, server.uri()))?;
    server.stop()?;
    Ok(process::exit_code(status))
}

fn sqlite_only(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == OsStr::new("--store=sqlite"))
        || arguments.windows(2).any(|pair| pair[0] == OsStr::new("--store") && pair[1] == OsStr::new("sqlite"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn which_benchmarks_need_no_server() {
        for (arguments, expected) in [
            (&["--store", "sqlite"][..], true),
            (&["--records", "1000", "--store=sqlite"], true),
            (&["--store", "neo4j"], false),
            (&["sqlite"], false),
        ] {
            let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
            assert_eq!(super::sqlite_only(&arguments), expected, "{arguments:?}");
        }
    }
}
