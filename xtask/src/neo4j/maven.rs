//! Neo4j from Maven Central: fetched once into `target/neo4j/VERSION`, started by `tests/neo4j/Server.java`.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use super::{Jdk, Line, Options, Server};
use crate::process;

/// Jars and classes that are ready to start.
pub struct Installed {
    jdk: Jdk,
    folder: PathBuf,
}

pub fn present() -> bool {
    process::find("mvn").is_some()
}

/// Fetches and compiles what is not there yet. Several may do so at once: one works, the others wait.
pub fn install(line: Line, jdk: Jdk) -> Result<Installed> {
    let folder = process::root().join("target/neo4j").join(line.version());
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    let installed = Installed { jdk, folder };
    installed.fetch_jars(line)?;
    installed.compile()?;
    Ok(installed)
}

impl Installed {
    fn fetch_jars(&self, line: Line) -> Result<()> {
        let (jars, partial) = (self.folder.join("lib"), self.folder.join("lib.partial"));
        if jars.is_dir() {
            return Ok(());
        }
        let started = Instant::now();
        eprintln!("neo4j: fetching {} from Maven Central, once (120 MB)", line.version());
        let mut maven = process::command("mvn");
        maven.env("JAVA_HOME", &self.jdk.home).args(["--batch-mode", "--quiet", "--no-transfer-progress"]);
        maven.args(["-f", "tests/neo4j/pom.xml", "dependency:copy-dependencies", "-DincludeScope=runtime"]);
        maven.arg(format!("-Dneo4j.version={}", line.version()));
        maven.arg(format!("-DoutputDirectory={}", partial.display()));
        process::run_quietly(&mut maven).context("could not fetch Neo4j; what was fetched is kept, try again")?;
        fs::rename(&partial, &jars)?;
        eprintln!("neo4j: fetched in {:.0} s", started.elapsed().as_secs_f32());
        Ok(())
    }

    fn compile(&self) -> Result<()> {
        let source = process::root().join("tests/neo4j/Server.java");
        let (classes, compiled) = (self.folder.join("classes"), self.folder.join("classes/Server.java"));
        // The source that the classes were made from lies beside them.
        let text = fs::read(&source).with_context(|| format!("could not read {}", source.display()))?;
        if fs::read(&compiled).is_ok_and(|former| former == text) {
            return Ok(());
        }
        let mut javac = process::command(self.jdk.tool("javac"));
        javac.args(["--release", "17", "-encoding", "UTF-8", "-proc:none", "-cp"]).arg(self.folder.join("lib/*"));
        process::run(javac.arg("-d").arg(&classes).arg(&source))?;
        fs::write(&compiled, text)?;
        Ok(())
    }

    /// What starts the server.
    pub fn command(&self, options: &Options) -> Command {
        let mut java = process::command(self.jdk.tool("java"));
        java.arg(format!("-Xmx{}m", options.heap));
        if !options.optimise {
            // A start takes 6 s of processor time so, 11 s otherwise.
            java.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]);
        }
        for package in ["java.nio", "java.io", "sun.nio.ch"] {
            java.arg(format!("--add-opens=java.base/{package}=ALL-UNNAMED"));
        }
        // Neo4j's libraries use what newer Javas warn about.
        if self.jdk.version >= 24 {
            java.args(["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]);
        }
        java.arg("-cp").arg(class_path(&self.folder)).arg("Server");
        java.args(["--port", &options.port.to_string(), "--page-cache", &options.page_cache.to_string()]);
        if let Some(data) = &options.data {
            java.arg("--data").arg(data);
        }
        java
    }

    pub fn start(&self, options: &Options) -> Result<Server> {
        let mut command = self.command(options);
        command.arg("--stop-with-stdin").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("could not run {}", process::shown(&command)))?;
        let stdout = child.stdout.take().expect("its output is piped");
        let mut server = Server { uri: String::new(), child: Some(child) };
        for line in BufReader::new(stdout).lines() {
            if let Some(uri) = line?.strip_prefix("ready ") {
                uri.clone_into(&mut server.uri);
                return Ok(server);
            }
        }
        bail!("Neo4j ended before it was ready")
    }
}

fn class_path(folder: &Path) -> std::ffi::OsString {
    std::env::join_paths([folder.join("classes"), folder.join("lib/*")]).expect("the workspace's path holds no separator")
}
