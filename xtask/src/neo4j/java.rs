//! Finding a Java development kit, and installing one where that is one command.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::Line;
use crate::process;

/// A Java development kit.
#[derive(Debug, PartialEq, Eq)]
pub struct Jdk {
    pub home: PathBuf,
    pub version: u32,
}

impl Jdk {
    pub fn tool(&self, name: &str) -> PathBuf {
        self.home.join("bin").join(name)
    }

    /// The kit in this folder, if it is one: a runtime alone has no compiler.
    fn at(home: &Path) -> Option<Self> {
        let version = version(&fs::read_to_string(home.join("release")).ok()?)?;
        let jdk = Self { home: home.to_owned(), version };
        jdk.tool("javac").is_file().then_some(jdk)
    }
}

/// The oldest kit that is at least `least`: the one that the server was made for, rather than the newest.
pub fn find(least: u32) -> Option<Jdk> {
    if let Some(jdk) = process::variable("JAVA_HOME").and_then(|home| Jdk::at(Path::new(&home)))
        && jdk.version >= least
    {
        return Some(jdk);
    }
    let mut found: Vec<Jdk> = homes().iter().filter_map(|home| Jdk::at(home)).filter(|jdk| jdk.version >= least).collect();
    found.sort_by(|a, b| (a.version, &a.home).cmp(&(b.version, &b.home)));
    found.into_iter().next()
}

/// Folders where a kit may be.
fn homes() -> Vec<PathBuf> {
    let mut homes = Vec::new();
    if let Some(javac) = process::find("javac").and_then(|path| fs::canonicalize(path).ok()) {
        homes.extend(javac.ancestors().nth(2).map(Path::to_owned));
    }
    let mut parents = vec![(PathBuf::from("/usr/lib/jvm"), ""), ("/Library/Java/JavaVirtualMachines".into(), "Contents/Home")];
    if let Some(user) = process::variable("HOME").map(PathBuf::from) {
        parents.push((user.join(".sdkman/candidates/java"), ""));
        parents.push((user.join("Library/Java/JavaVirtualMachines"), "Contents/Home"));
    }
    for (parent, below) in parents {
        homes.extend(fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path().join(below)));
    }
    homes
}

/// The feature version in a kit's `release` file: 17 in `JAVA_VERSION="17.0.15"`, 8 in `"1.8.0_402"`.
fn version(release: &str) -> Option<u32> {
    let value = release.lines().find_map(|line| line.strip_prefix("JAVA_VERSION="))?.trim_matches('"');
    let value = value.strip_prefix("1.").unwrap_or(value);
    value.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What to type where we cannot do it ourselves.
pub fn hint(line: Line) -> String {
    let java = line.java();
    let type_this = if cfg!(target_os = "macos") {
        "brew install openjdk maven".to_owned()
    } else if process::is_debian() {
        format!("sudo apt-get install -y {} maven", debian_package(line))
    } else {
        format!("install a JDK of version {java} or later, and Maven")
    };
    format!(
        "Neo4j {} needs Java {java} or later with Maven, or a Docker engine\nhint: {type_this}\nhint: or set {} to a server that is there already",
        line.version(),
        super::URI_VARIABLE
    )
}

/// Installs a JDK and Maven from the distribution, as root on Debian and its kin; elsewhere fails and says what to type.
pub fn install_on_debian(line: Line) -> Result<()> {
    if !process::is_debian_root() {
        bail!("{}", hint(line));
    }
    process::apt_update()?;
    process::apt_install(&[&debian_package(line), "maven"])
}

/// The release's own default may be too old (Ubuntu 22.04: 11) or too new for the line, but not every release has each version.
fn debian_package(line: Line) -> String {
    let candidates: &[u32] = match line {
        Line::Five => &[17, 21],
        Line::TwentyTwentySix => &[21, 25],
    };
    let package = |version: &u32| format!("openjdk-{version}-jdk-headless");
    let known = |package: &String| process::succeeds(process::command("apt-cache").args(["show", package]));
    candidates.iter().map(package).find(known).unwrap_or_else(|| "default-jdk-headless".to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_of_release_files() {
        for (release, version) in [
            ("IMPLEMENTOR=\"Debian\"\nJAVA_VERSION=\"17.0.15\"\n", Some(17)),
            ("JAVA_VERSION=\"25\"\n", Some(25)),
            ("JAVA_VERSION=\"22-ea\"\n", Some(22)),
            ("JAVA_VERSION=\"1.8.0_402\"\n", Some(8)),
            ("IMPLEMENTOR=\"Debian\"\n", None),
        ] {
            assert_eq!(super::version(release), version, "{release}");
        }
    }
}
