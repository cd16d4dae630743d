//! Hostile requests against the service as it runs: what each costs, and whether it still stands (`tests/src/bin/attack`).

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::service::Service;

/// Starts the service on data of its own and attacks it.
pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let attack = ["--quiet", "--release", "--package", "maillage-tests", "--bin", "attack"];
    process::run(process::cargo().args(["build", "--quiet", "--release", "--package", "maillage"]))?;
    process::run(process::cargo().arg("build").args(attack))?;
    let service = Service::start("release", &process::root().join("target/attack/data"))?;
    let mut attack = process::command(process::root().join("target/release/attack"));
    attack.arg("--address").arg(&service.address).arg("--process").arg(service.id().to_string()).args(arguments);
    Ok(process::exit_code(process::status(&mut attack)?))
}
