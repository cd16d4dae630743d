//! The binary as a child process, and the Neo4j that the tests were given.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a child may take until it says something; far above what is needed on a slow machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// The binary with a data folder, a content folder and a store.
pub struct Maillage {
    arguments: Vec<OsString>,
}

/// What a run of the binary left.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Finished {
    /// Fails the test unless the run succeeded.
    pub fn succeeds(self) -> Self {
        assert!(self.status.success(), "{}", self.output());
        self
    }

    /// All that it printed.
    pub fn output(&self) -> String {
        format!("{}\n{}", String::from_utf8_lossy(&self.stdout), self.stderr)
    }
}

fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows its own path");
    let folder = tests.parent().and_then(Path::parent).expect("tests stand in target/PROFILE/deps");
    let binary = folder.join("maillage");
    assert!(
        binary.exists(),
        "{} is not there: build it by `cargo build -p maillage`, or run `cargo test --workspace`",
        binary.display()
    );
    binary
}

impl Maillage {
    pub fn new(data: PathBuf, content: &Path) -> Self {
        Self { arguments: vec!["--data".into(), data.into(), "--content".into(), content.into()] }
    }

    /// With these arguments alone.
    pub fn with(arguments: &[&str]) -> Self {
        Self { arguments: arguments.iter().map(OsString::from).collect() }
    }

    /// On another store than the embedded one.
    pub fn on_store(mut self, url: &str) -> Self {
        self.arguments.extend(["--store".into(), url.into()]);
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(binary());
        command.args(&self.arguments).stdin(Stdio::null());
        for name in [
            "DATA",
            "STORE",
            "STORE_USER",
            "STORE_PASSWORD",
            "STORE_PASSWORD_FILE",
            "CONTENT",
            "LISTEN",
            "LOG",
            "PUBLIC_URL",
            "ALLOW_PRIVATE_ADDRESSES",
        ] {
            command.env_remove(format!("MAILLAGE_{name}"));
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        let output = self.command().args(arguments).output().expect("the binary starts");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Finished { status: output.status, stdout: output.stdout, stderr }
    }

    /// Starts the service and waits until it listens.
    pub fn serve(&self) -> Service {
        let child = self
            .command()
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the binary starts");
        // From here on the child is stopped with the service, whatever happens.
        let mut service = Service { child, url: String::new(), agent: reqwest::blocking::Client::new() };
        let stdout = service.child.stdout.take().expect("it was piped");
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // The receiver goes once the address is known; the pipe must be read on, or the child would block.
                let _ = sender.send(line);
            }
        });
        while service.url.is_empty() {
            let line = lines.recv_timeout(PATIENCE).expect("the service says that it listens");
            if let Some(url) = line.strip_prefix("listening on ") {
                url.trim().clone_into(&mut service.url);
            }
        }
        service
    }
}

/// A running service.
pub struct Service {
    child: Child,
    url: String,
    agent: reqwest::blocking::Client,
}

impl Service {
    /// Asks a question by GraphQL.
    pub fn ask(&self, query: &str, variables: &Value) -> Value {
        self.ask_with_status(query, variables).1
    }

    /// Asks a question by GraphQL; with the HTTP status of the answer.
    pub fn ask_with_status(&self, query: &str, variables: &Value) -> (u16, Value) {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = self
            .agent
            .post(format!("{}/graphql", self.url))
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("accept", "application/graphql-response+json, application/json;q=0.9")
            .body(body);
        let answer = request.send().expect("the service answers");
        let status = answer.status().as_u16();
        let text = answer.text().expect("the answer is text");
        (status, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text:?}")))
    }

    /// Gets a page.
    pub fn get(&self, path: &str) -> (u16, String) {
        let answer = self.agent.get(format!("{}{path}", self.url)).timeout(PATIENCE).send().expect("the service answers");
        (answer.status().as_u16(), answer.text().expect("the answer is text"))
    }

    /// Stops it as an operator would and checks that it leaves in good order.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("kill is there");
        assert!(sent.success());
        let status = self.child.wait().expect("the child can be waited for");
        assert!(status.success(), "the service left with {status}");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the tests' Neo4j is; `None` only if leaving it out was asked for in so many words.
pub fn neo4j_address() -> Option<String> {
    let variable = |name: &str| std::env::vars().find(|(known, _)| known == name).map(|(_, value)| value);
    if let Some(address) = variable("NEO4J_TEST_URI") {
        return Some(address);
    }
    assert!(
        variable("MAILLAGE_TEST_WITHOUT").as_deref() == Some("neo4j"),
        "NEO4J_TEST_URI is not set: run `cargo xtask ci`, or `cargo xtask neo4j -- cargo test …`"
    );
    None
}

static NEO4J: Mutex<()> = Mutex::new(());

/// Takes the tests' Neo4j for one test alone, and empties it.
pub fn take_neo4j(address: &str) -> MutexGuard<'static, ()> {
    let guard = NEO4J.lock().unwrap_or_else(PoisonError::into_inner);
    empty_neo4j(address, &guard);
    guard
}

/// Empties the tests' Neo4j again, within the test that took it.
pub fn empty_neo4j(address: &str, _taken: &MutexGuard<'static, ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let graph = neo4rs::Graph::new(address, "", "").expect("the tests' Neo4j can be reached");
        let everything = neo4rs::query("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS");
        graph.run(everything).await.expect("the tests' Neo4j can be emptied");
    });
}
