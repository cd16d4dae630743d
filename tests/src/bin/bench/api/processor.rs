//! What the machine and its processes spend, as Linux tells it.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// The processor time that the whole machine spent since it started, waiting left out.
pub fn spent() -> Result<Duration> {
    let text = fs::read_to_string("/proc/stat").context("only Linux tells what the processors do")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    let numbers: Vec<u64> = line.split_whitespace().skip(1).map_while(|number| number.parse().ok()).collect();
    // user, nice, system, idle, waiting for input and output, then interrupts: in hundredths of a second.
    let busy = numbers.iter().enumerate().filter(|(position, _)| !matches!(position, 3 | 4)).take(6).map(|(_, number)| number);
    Ok(Duration::from_millis(busy.sum::<u64>() * 10))
}

/// The memory that a process holds, in bytes.
pub fn resident(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no memory told")?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kibibytes << 10)
}
