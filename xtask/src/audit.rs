//! The audits of the GraphQL-over-HTTP specification (`graphql-http` on npm), against the service as it runs.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process;

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
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let service = Service::start(&data)?;
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

/// A service that runs as long as this value lives.
struct Service {
    process: Child,
    address: String,
}

impl Service {
    fn start(data: &Path) -> Result<Self> {
        let mut program = process::command(process::root().join("target/debug/maillage"));
        program.arg("--data").arg(data).args(["--content", "content", "--listen", "127.0.0.1:0", "serve"]);
        let mut process = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context("could not start the service")?;
        let output = process.stdout.take().context("the service has an output")?;
        let mut lines = BufReader::new(output).lines();
        let address = lines.find_map(|line| line.ok()?.strip_prefix("listening on ").map(str::to_owned));
        // Whoever stops reading would stop the service.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(address) = address else {
            process.kill()?;
            bail!("the service ended before it listened: {}", process.wait()?)
        };
        Ok(Self { process, address })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
