//! Suites that run on Node, each in a folder of `target` with the packages that its `package-lock.json` pins.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process;

/// Makes such a folder from one of the repository's, and installs its packages.
pub fn install(from: &str, to: &str) -> Result<PathBuf> {
    require_node()?;
    let (from, to) = (process::root().join(from), process::root().join("target").join(to));
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(&from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    let npm = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run_quietly(process::command("npm").args(npm).current_dir(&to))?;
    Ok(to)
}

/// Node runs the suites; it is installed where that needs nobody's word.
fn require_node() -> Result<()> {
    if process::find("node").is_some() && process::find("npm").is_some() {
        return Ok(());
    }
    if !process::is_debian_root() {
        bail!("this needs Node 18 or later and npm, and one of them is not on PATH");
    }
    process::apt_update()?;
    process::apt_install(&["nodejs", "npm"])
}
