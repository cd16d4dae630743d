//! The audits of the GraphQL-over-HTTP specification (`graphql-http` on npm), against the service as it runs.

use anyhow::Result;

use crate::service::Service;
use crate::{npm, process};

/// Starts the service on data of its own and audits it.
pub fn run() -> Result<()> {
    let folder = npm::install("tests/http-audit", "http-audit")?;
    process::run(process::cargo().args(["build", "--quiet", "--package", "maillage"]))?;
    let service = Service::start("debug", &folder.join("data"))?;
    process::run(process::command("node").arg("audit.js").arg(format!("{}/graphql", service.address)).current_dir(&folder))
}
