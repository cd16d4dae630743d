//! The audits of the GraphQL-over-HTTP specification (`graphql-http` on npm), against the service as it runs.

use std::fs;

use anyhow::{Result, bail};

use crate::process;
use crate::service::Service;

/// What the folder `tests/http-audit` holds.
const FILES: [&str; 3] = ["package.json", "package-lock.json", "audit.js"];

/// Starts the service on data of its own and audits it.
pub fn run() -> Result<()> {
    require_node()?;
    let folder = process::root().join("target/http-audit");
    fs::create_dir_all(&folder)?;
    for file in FILES {
        fs::copy(process::root().join("tests/http-audit").join(file), folder.join(file))?;
    }
    let npm = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run_quietly(process::command("npm").args(npm).current_dir(&folder))?;
    process::run(process::cargo().args(["build", "--quiet", "--package", "maillage"]))?;
    let service = Service::start("debug", &folder.join("data"))?;
    process::run(process::command("node").arg("audit.js").arg(format!("{}/graphql", service.address)).current_dir(&folder))
}

/// Node runs the suite; it is installed where that needs nobody's word.
fn require_node() -> Result<()> {
    if process::find("node").is_some() && process::find("npm").is_some() {
        return Ok(());
    }
    if !process::is_debian_root() {
        bail!("the audits of GraphQL over HTTP need Node 18 or later and npm, and one of them is not on PATH");
    }
    process::apt_update()?;
    process::apt_install(&["nodejs", "npm"])
}
