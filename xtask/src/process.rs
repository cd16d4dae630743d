//! Running other programs, from the workspace's root.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};

/// The workspace's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace")
}

/// A command that runs at the workspace's root.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this.
pub fn cargo() -> Command {
    command(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// An environment variable that is there and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the rule is for the service's configuration; this reads its surroundings here only"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The program of this name that PATH finds.
pub fn find(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&variable("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

pub fn status(command: &mut Command) -> Result<ExitStatus> {
    command.status().with_context(|| format!("could not run {}", shown(command)))
}

/// Fails unless the command succeeds.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{} failed: {status}", shown(command));
    }
    Ok(())
}

/// Fails unless the command succeeds, and shows what it printed only then.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("could not run {}", shown(command)))?;
    if !output.status.success() {
        eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{} failed: {}", shown(command), output.status);
    }
    Ok(())
}

/// Whether the command can be run and succeeds; what it prints is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What the command prints, if it succeeds.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("could not run {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", shown(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} does not print UTF-8", shown(command)))
}

/// The exit code of a shell for the same end: 128 and the signal for a command that a signal ended.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().or(signal.map(|signal| 128 + signal)).unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

/// Whether this is Debian or its kin.
pub fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && find("apt-get").is_some()
}

/// Whether packages of the distribution can be installed without asking anyone.
pub fn is_debian_root() -> bool {
    is_debian() && output(command("id").arg("-u")).is_ok_and(|user| user.trim() == "0")
}

/// Renews the distribution's lists of packages, without which none is known on a new machine.
pub fn apt_update() -> Result<()> {
    run_quietly(apt().arg("update"))
}

/// Installs packages of the distribution.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    eprintln!("installing {}", packages.join(", "));
    run_quietly(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut apt = command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet=2");
    apt
}
