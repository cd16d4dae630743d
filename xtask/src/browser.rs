//! The pages in a real browser (`tests/browser`), on the service as it runs.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::service::Service;
use crate::{npm, process};

/// Names under which Chromium or a browser made of it is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Starts the service on data of its own, and looks at it.
pub fn run() -> Result<()> {
    let folder = npm::install("tests/browser", "browser")?;
    let browser = browser()?;
    process::run(process::cargo().args(["build", "--quiet", "--package", "maillage"]))?;
    let service = Service::start("debug", &folder.join("data"))?;
    let mut test = process::command("node");
    test.arg("browser.js").arg(&service.address).arg(browser).arg(process::root().join("docs/examples")).arg(&folder);
    process::run(test.current_dir(&folder))
}

/// The browser; it is installed where that needs nobody's word.
fn browser() -> Result<PathBuf> {
    let found = || NAMES.iter().find_map(|name| process::find(name));
    if let Some(browser) = found() {
        return Ok(browser);
    }
    if !process::is_debian_root() {
        bail!("this needs Chromium or Chrome, and none of {} is on PATH", NAMES.join(", "));
    }
    process::apt_update()?;
    process::apt_install(&["chromium"])?;
    match found() {
        Some(browser) => Ok(browser),
        None => bail!("Chromium was installed and is not on PATH"),
    }
}
