//! The fuzz targets under libFuzzer, on stable Rust: the compiler's coverage instrument is a stable option, only sanitisers are
//! not, and the importer holds no unsafe code that they would look into.

use std::ffi::OsString;
use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::process;

/// The targets of the crate `fuzz`.
const TARGETS: [&str; 3] = ["front_matter", "body", "mapping"];

/// What tells libFuzzer which code an input reaches.
const INSTRUMENT: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "--cfg=fuzzing",
];

/// Inputs are no longer than this, in bytes: what is wrong with long ones shows in short ones, and limits have their own tests.
const LONGEST: u32 = 4_096;

/// One input may take so many seconds.
const SLOWEST: u32 = 20;

#[derive(clap::Args)]
pub struct Options {
    /// Which targets; all without any
    #[arg(value_parser = TARGETS)]
    targets: Vec<String>,
    /// How many inputs are tried of each target
    #[arg(long, default_value_t = 1_000_000)]
    executions: u64,
    /// After how many seconds a target ends, whatever was tried; 0 for never
    #[arg(long, default_value_t = 0)]
    seconds: u64,
}

/// Fuzzes the targets one after the other. What is found on the way is kept under `target/fuzz`, and goes on from there.
pub fn run(options: &Options) -> Result<()> {
    let host = host()?;
    let folder = process::root().join("target/fuzz");
    let mut build = process::cargo();
    build
        .args(["build", "--release", "--package", "maillage-fuzz", "--features", "libfuzzer"])
        // Not all programs of the crate: what replays the corpus has nobody to tell what it reaches.
        .args(TARGETS.iter().flat_map(|target| ["--bin", *target]))
        // Named, so that build scripts and macros, which run on their own, are not instrumented.
        .args(["--target", &host, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", INSTRUMENT.join(" "))
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    process::run(&mut build)?;
    let chosen =
        TARGETS.iter().filter(|target| options.targets.is_empty() || options.targets.iter().any(|named| named == *target));
    for target in chosen {
        let found = folder.join("corpus").join(target);
        let broken = folder.join("broken").join(target);
        fs::create_dir_all(&found)
            .and_then(|()| fs::create_dir_all(&broken))
            .context("could not make a folder for the inputs")?;
        let mut artifacts = OsString::from("-artifact_prefix=");
        artifacts.push(&broken);
        artifacts.push("/");
        println!("fuzz: {target}: {} executions …", options.executions);
        let mut program = std::process::Command::new(folder.join(&host).join("release").join(target));
        program
            .arg(format!("-runs={}", options.executions))
            .arg(format!("-max_total_time={}", options.seconds))
            .args([format!("-max_len={LONGEST}"), format!("-timeout={SLOWEST}"), "-print_final_stats=1".to_owned()])
            .arg(artifacts)
            .arg(&found)
            .arg(process::root().join("fuzz/corpus").join(target));
        process::run(&mut program).with_context(|| format!("{target} broke; the input is in {}", broken.display()))?;
    }
    Ok(())
}

/// The name of this machine's kind, as the compiler has it.
fn host() -> Result<String> {
    let output = std::process::Command::new("rustc").arg("-vV").output().context("could not run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    ensure!(host.is_some(), "rustc -vV names no host");
    Ok(host.unwrap_or_default().to_owned())
}
