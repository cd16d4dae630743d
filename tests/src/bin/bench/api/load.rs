//! The load: wrk, the same for every server.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::processor;

const SCRIPT: &str = include_str!("../../../../bench/peers/load.lua");

/// What came of so many connections asking as fast as they are answered.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Answers a second.
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// The processor time that the whole machine spent on an answer: of the server, its database and the load.
    pub processor: Duration,
}

/// Sends the requests to a server over and over.
pub fn send(address: &str, requests: &[String], connections: usize, time: Duration, folder: &Path) -> Result<Load> {
    let (script, list) = (folder.join("load.lua"), folder.join("requests.txt"));
    fs::write(&script, SCRIPT)?;
    fs::write(&list, requests.join("\n"))?;
    let mut wrk = Command::new("wrk");
    wrk.args(["--threads", "1", "--timeout", "60s", "--connections", &connections.to_string()]);
    wrk.args(["--duration", &format!("{}s", time.as_secs())]).arg("--script").arg(&script);
    wrk.arg(format!("{address}/graphql")).arg("--").arg(&list);
    let before = processor::spent()?;
    let output = wrk.output().context("could not run wrk")?;
    let spent = processor::spent()?.saturating_sub(before);
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|line| line.starts_with('{'));
    let line = line.with_context(|| format!("wrk told nothing: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
    let told: Value = serde_json::from_str(line)?;
    let number = |name: &str| told[name].as_u64().with_context(|| format!("wrk told no {name}: {line}"));
    ensure!(number("failed")? == 0, "{address} failed: {line}");
    let (answered, took) = (number("answered")?, Duration::from_micros(number("took")?));
    #[expect(clippy::cast_precision_loss, reason = "a rate to show")]
    let rate = answered as f64 / took.as_secs_f64();
    let processor = spent.checked_div(u32::try_from(answered)?).unwrap_or_default();
    Ok(Load { rate, p50: Duration::from_micros(number("p50")?), p99: Duration::from_micros(number("p99")?), processor })
}
