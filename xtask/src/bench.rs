//! Benchmarks, on a real Neo4j unless they are of SQLite only.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{neo4j, process};

/// By which an argument says what is measured.
const STORE_OPTIONS: [&str; 2] = ["--store", "--server"];

/// Runs the benchmarks of this name with these arguments.
pub fn run(name: &str, arguments: &[OsString]) -> Result<ExitCode> {
    // Built before the server starts: a compiler beside it would be measured, too.
    let mut build = process::cargo();
    build.args(["build", "--quiet", "--release", "--package", "maillage-tests", "--bin", "bench"]);
    if name == "api" {
        build.args(["--package", "maillage", "--bin", "maillage"]);
        install_peers(arguments)?;
    }
    process::run(&mut build)?;
    let mut bench = process::command(process::root().join("target/release/bench"));
    bench.arg(name).args(arguments);
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

/// What the benchmark of the API and its peers need, installed where that needs nobody's word.
fn install_peers(arguments: &[OsString]) -> Result<()> {
    let mut missing = Vec::new();
    if process::find("wrk").is_none() {
        missing.push("wrk");
    }
    if named_store(arguments) != Some("sqlite") {
        if process::find("node").is_none() || process::find("npm").is_none() {
            missing.extend(["nodejs", "npm"]);
        }
        if !Path::new("/usr/lib/postgresql").exists() {
            missing.push("postgresql");
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !process::is_debian_root() {
        bail!("the benchmark of the API needs {}: install them and run it again", missing.join(", "));
    }
    process::apt_update()?;
    process::apt_install(&missing)
}

/// Whether no server is needed: SQLite alone is asked for, or the benchmark is one of it unless another store is named.
fn sqlite_only(name: &str, arguments: &[OsString]) -> bool {
    match named_store(arguments) {
        Some(store) => store == "sqlite",
        None => name == "explore",
    }
}

/// The store that the arguments name, the last time that they do.
fn named_store(arguments: &[OsString]) -> Option<&str> {
    let is_option = |argument: &OsString| STORE_OPTIONS.iter().any(|option| argument == OsStr::new(option));
    let with_value = arguments.windows(2).filter(|pair| is_option(&pair[0])).filter_map(|pair| pair[1].to_str());
    let joined = arguments.iter().filter_map(|argument| {
        STORE_OPTIONS.iter().find_map(|option| argument.to_str()?.strip_prefix(option)?.strip_prefix('='))
    });
    with_value.chain(joined).next_back()
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
            ("api", &["--server", "sqlite"], true),
            ("api", &["--server=sqlite,neo4j"], false),
            ("api", &[], false),
        ] {
            let arguments: Vec<_> = arguments.iter().map(Into::into).collect();
            assert_eq!(super::sqlite_only(name, &arguments), expected, "{name} {arguments:?}");
        }
    }
}
