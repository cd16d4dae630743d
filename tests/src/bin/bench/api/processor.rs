//! What the machine and its processes spend, as Linux tells it.

use std::fmt;
use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::measure::mebibytes;

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
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub resident: u64,
    /// What of that is pages of files, such as an index or the program itself, which the system drops where it needs the room.
    pub of_files: u64,
}

impl Memory {
    pub fn of(process: u32) -> Result<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let bytes = |name: &str| -> Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("no {name} told"))?;
            let kibibytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
            Ok(kibibytes << 10)
        };
        Ok(Self { resident: bytes("VmRSS:")?, of_files: bytes("RssFile:")? })
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (resident, of_files) = (mebibytes(self.resident), mebibytes(self.of_files));
        write!(formatter, "{resident}, of which {of_files} are pages of files")
    }
}
