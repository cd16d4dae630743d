//! The service as it runs, for what looks at it from outside.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process;

/// A service that runs as long as this value lives.
pub struct Service {
    process: Child,
    pub address: String,
}

impl Service {
    /// Starts the program of a profile, which is built already, on the content and on data that nobody wrote before.
    pub fn start(profile: &str, data: &Path) -> Result<Self> {
        if data.exists() {
            fs::remove_dir_all(data)?;
        }
        let mut program = process::command(process::root().join("target").join(profile).join("maillage"));
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

impl Service {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
