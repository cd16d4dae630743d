//! What the means were when they were last accepted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::measure::Means;

/// By how much a mean may fall before it counts as worse: a change of one rank in one question.
const TOLERANCE: f64 = 0.002;

const HEAD: &str =
    "# Mean nDCG@10 of the engine, by task and half, as last accepted: `cargo xtask relevance CLONE --accept` writes them.\n";

/// Means by `task.half`.
type Kept = BTreeMap<String, f64>;

fn path(folder: &Path) -> PathBuf {
    folder.join("expected.toml")
}

fn kept(means: &Means) -> Kept {
    means.of_engine().map(|(task, half, mean)| (format!("{}_{}", task.name(), half.name()), (mean * 1e4).round() / 1e4)).collect()
}

/// Keeps the present means.
pub fn write(folder: &Path, means: &Means) -> Result<()> {
    let text = format!("{HEAD}{}", toml::to_string(&kept(means))?);
    std::fs::write(path(folder), text).with_context(|| format!("cannot write {}", path(folder).display()))
}

/// What is worse than it was, a line each.
pub fn worse(folder: &Path, means: &Means) -> Result<Vec<String>> {
    let path = path(folder);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let expected: Kept = toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    let present = kept(means);
    ensure!(
        expected.keys().eq(present.keys()),
        "{} is about {:?}, not about {:?}",
        path.display(),
        expected.keys().collect::<Vec<_>>(),
        present.keys().collect::<Vec<_>>()
    );
    let fallen = |(name, was): (&String, &f64)| {
        let is = present[name];
        (is < was - TOLERANCE).then(|| format!("{name} fell from {was:.4} to {is:.4}"))
    };
    Ok(expected.iter().filter_map(fallen).collect())
}
