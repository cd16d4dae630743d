//! How times and sizes are taken.

use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// No question is asked for longer than this.
const LONGEST: Duration = Duration::from_secs(20);

/// How often a question is asked before its times count: caches fill, plans are made.
const WARM_UP: usize = 20;

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    pub what: String,
    pub value: String,
}

impl Measured {
    /// Tells the process that started this one.
    pub fn tell(what: &str, value: &str) {
        println!("{}", json!({ "what": what, "value": value }));
    }

    /// Reads what was told.
    pub fn read(line: &str) -> Result<Self> {
        let line: Value = serde_json::from_str(line)?;
        let text = |name: &str| Some(line.get(name)?.as_str()?.to_owned());
        Ok(Self { what: text("what").context("no what")?, value: text("value").context("no value")? })
    }
}

/// The middle time, and those that 95 and 99 of 100 keep under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub p50: Duration,
    pub p95: Duration,
    pub p99: Duration,
}

impl Times {
    /// Of at least one time.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
        Self { p50: at(50), p95: at(95), p99: at(99) }
    }

    /// Milliseconds, all three.
    pub fn with_p99(self) -> String {
        format!("{} / {}", self.written(), milliseconds(self.p99))
    }

    /// Milliseconds, as they stand in the table.
    pub fn written(self) -> String {
        format!("{} / {}", milliseconds(self.p50), milliseconds(self.p95))
    }
}

/// Three figures, so that a table can be read.
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1_000.0;
    match milliseconds {
        ..1.0 => format!("{milliseconds:.3}"),
        ..10.0 => format!("{milliseconds:.2}"),
        ..100.0 => format!("{milliseconds:.1}"),
        _ => format!("{milliseconds:.0}"),
    }
}

/// Asks a question many times, one after the other.
pub async fn times<F: Future<Output = Result<()>>>(most: usize, mut question: impl FnMut(usize) -> F) -> Result<Times> {
    for number in 0..WARM_UP.min(most) {
        question(number).await?;
    }
    let start = Instant::now();
    let mut times = Vec::with_capacity(most);
    for number in 0..most {
        let asked = Instant::now();
        question(number).await?;
        times.push(asked.elapsed());
        if start.elapsed() > LONGEST {
            break;
        }
    }
    Ok(Times::of(times))
}

/// Asks for answers that need no waiting, one after the other. Each is to say how much it found: at least one of them
/// something.
pub fn answers(most: usize, mut question: impl FnMut(usize) -> Result<usize>) -> Result<Times> {
    for number in 0..WARM_UP.min(most) {
        question(number)?;
    }
    let start = Instant::now();
    let mut times = Vec::with_capacity(most);
    let mut found = 0;
    for number in 0..most {
        let asked = Instant::now();
        found += question(number)?;
        times.push(asked.elapsed());
        if start.elapsed() > LONGEST {
            break;
        }
    }
    ensure!(found > 0, "none of {} answers holds anything", times.len());
    Ok(Times::of(times))
}

/// Asks two questions by turns, so that whatever else the machine does falls on both.
pub async fn by_turns<A, B>(
    most: usize,
    mut one: impl FnMut(usize) -> A,
    mut other: impl FnMut(usize) -> B,
) -> Result<(Times, Times)>
where
    A: Future<Output = Result<()>>,
    B: Future<Output = Result<()>>,
{
    for number in 0..WARM_UP.min(most) {
        one(number).await?;
        other(number).await?;
    }
    let start = Instant::now();
    let (mut of_one, mut of_other) = (Vec::with_capacity(most), Vec::with_capacity(most));
    for number in 0..most {
        let asked = Instant::now();
        one(number).await?;
        of_one.push(asked.elapsed());
        let asked = Instant::now();
        other(number).await?;
        of_other.push(asked.elapsed());
        if start.elapsed() > 2 * LONGEST {
            break;
        }
    }
    Ok((Times::of(of_one), Times::of(of_other)))
}

/// Mebibytes.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// The most memory that this process held since it started or since [`forget_peak_memory`]; `None` where the system does not
/// tell (it is Linux that does).
pub fn peak_memory() -> Option<u64> {
    memory("VmHWM:")
}

/// The memory that this process holds now; `None` where the system does not tell.
pub fn resident_memory() -> Option<u64> {
    memory("VmRSS:")
}

fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
}

/// Counts peak memory anew.
pub fn forget_peak_memory() -> Result<()> {
    if cfg!(target_os = "linux") {
        std::fs::write("/proc/self/clear_refs", "5")?;
    }
    Ok(())
}

/// The size of all files below a folder.
pub fn disk_size(folder: &Path) -> Result<u64> {
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        size += if metadata.is_dir() { disk_size(&entry.path())? } else { metadata.len() };
    }
    Ok(size)
}
