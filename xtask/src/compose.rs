//! Checks `docker/compose.yaml` against the Compose specification, without a Docker engine.
//!
//! By `docker compose config`, which needs no engine, where that is installed; else by the published schema, in the Python package
//! `check-jsonschema`, which is put into `target/`.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::process;

const FILE: &str = "docker/compose.yaml";

/// The schema is part of the package: its version is the schema's, too.
const PACKAGE: &str = "check-jsonschema==0.39.0";

pub fn check() -> Result<()> {
    if process::succeeds(process::command("docker").args(["compose", "version"])) {
        return process::run(process::command("docker").args(["compose", "--file", FILE, "config", "--quiet"]));
    }
    let checker = installed().context(
        "the Compose file was not checked\nhint: install Docker's Compose plugin, or Python 3 with venv (on Debian: sudo apt-get install -y python3-venv)",
    )?;
    process::run(process::command(checker).args(["--builtin-schema", "vendor.compose-spec", FILE]))
}

fn installed() -> Result<PathBuf> {
    let folder = process::root().join("target/check-jsonschema");
    let (checker, marker) = (folder.join("bin/check-jsonschema"), folder.join("package"));
    if std::fs::read_to_string(&marker).is_ok_and(|package| package == PACKAGE) {
        return Ok(checker);
    }
    let python = || process::command("python3");
    if !process::succeeds(python().args(["-c", "import ensurepip, venv"])) && process::is_debian_root() {
        process::apt_update()?;
        process::apt_install(&["python3-venv"])?;
    }
    process::run(python().args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = process::command(folder.join("bin/python"));
    process::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]))?;
    std::fs::write(&marker, PACKAGE)?;
    Ok(checker)
}
