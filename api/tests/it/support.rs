//! A small graph, a store that is watched, a service on a free port, and a client for it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use maillage::http::server::{Limits, serve};
use maillage::http::trusted::Trusted;
use maillage::http::{Options, Service};
use maillage_explore::{Explore, FollowedStore};
use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::document;
use maillage_graph_schema::model::{RecordKind, RecordRef};
use maillage_graph_schema::path::Step;
use maillage_graph_schema::store::{
    self, Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    RunStore, StoreError, StoreOptions, Stored,
};
use maillage_importer::runs::dispatch::Dispatch;
use maillage_importer::runs::{Pace, Runner};
use maillage_importer::surroundings::Environment;
use maillage_importer::{SourceConfig, Surroundings};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a client may ask for in a minute; tests ask from this machine, which may always, unless they name somebody else.
pub const BUDGET: u64 = 1_000;

/// The id of a record, as clients get it.
pub fn id(reference: &str) -> String {
    maillage::graphql::id::of(&reference.parse().unwrap()).to_string()
}

pub fn change_set(id: &str, at: &str, operations: Vec<Operation>) -> ChangeSet {
    ChangeSet {
        id: id.parse().unwrap(),
        at: at.parse().unwrap(),
        by: "tests".parse().unwrap(),
        why: Some("to see".parse().unwrap()),
        operations,
    }
}

pub fn put(line: &Value) -> Operation {
    let kind: RecordKind = line["kind"].as_str().unwrap().parse().unwrap();
    Operation::put(document::to_record(kind, line["record"].as_object().unwrap()).unwrap())
}

/// Takes an initiative back, perhaps in favour of another.
pub fn withdraw(key: &str, merged_into: Option<&str>) -> Operation {
    Operation::Withdraw {
        reference: RecordRef::parse(RecordKind::Initiative, key).unwrap(),
        why: "not wanted".parse().unwrap(),
        merged_into: merged_into.map(|key| RecordRef::parse(RecordKind::Initiative, key).unwrap()),
        expected: Expected::Anything,
    }
}

/// The graph of `graph.ndjson`, of which two initiatives are then withdrawn and one is changed.
pub async fn small_graph(store: &dyn GraphStore) {
    let operations = include_str!("graph.ndjson").lines().map(|line| put(&serde_json::from_str(line).unwrap())).collect();
    store.apply(&change_set("first", "2026-11-24T10:00:00.000Z", operations)).await.unwrap();
    let operations = vec![withdraw("agen-wifi-ancien", Some("agen-wifi")), withdraw("agen-retire", None)];
    store.apply(&change_set("second", "2026-11-25T10:00:00.000Z", operations)).await.unwrap();
    let changed = json!({"kind": "initiative", "record": {"key": "estillac-wifi", "title": "Le Wi-Fi d'Estillac", "language": "fr",
        "places": [{"target": {"town": "insee:47091"}}], "provenance": [{"source": "maillage"}]}});
    store.apply(&change_set("third", "2026-11-26T10:00:00.000Z", vec![put(&changed)])).await.unwrap();
}

/// A store that counts what is asked of it, and that can be made to fail or to keep silent.
#[derive(Debug)]
pub struct Watched {
    inner: Arc<dyn GraphStore>,
    asked: Mutex<BTreeMap<&'static str, usize>>,
    pub is_away: AtomicBool,
    pub is_silent: AtomicBool,
    pub dropped: AtomicUsize,
}

impl Watched {
    fn over(inner: Arc<dyn GraphStore>) -> Arc<Self> {
        let [is_away, is_silent] = [false, false].map(AtomicBool::new);
        Arc::new(Self { inner, asked: Mutex::default(), is_away, is_silent, dropped: AtomicUsize::new(0) })
    }

    /// What was asked since the last time, by kind of question.
    pub fn take_asked(&self) -> BTreeMap<&'static str, usize> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    async fn ask(&self, what: &'static str) -> Result<(), StoreError> {
        *self.asked.lock().unwrap().entry(what).or_default() += 1;
        if self.is_silent.load(Ordering::SeqCst) {
            struct Dropped<'a>(&'a AtomicUsize);
            impl Drop for Dropped<'_> {
                fn drop(&mut self) {
                    self.0.fetch_add(1, Ordering::SeqCst);
                }
            }
            let _dropped = Dropped(&self.dropped);
            std::future::pending::<()>().await;
        }
        if self.is_away.load(Ordering::SeqCst) {
            let problem = "connection refused by 10.1.2.3".to_owned();
            return Err(StoreError::Unavailable { address: "bolt://secret-host:7687".to_owned(), problem });
        }
        Ok(())
    }
}

#[async_trait]
impl GraphStore for Watched {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        self.ask("apply").await?;
        self.inner.apply(change_set).await
    }

    async fn revision(&self) -> Result<Revision, StoreError> {
        self.ask("revision").await?;
        self.inner.revision().await
    }

    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        self.ask("records").await?;
        self.inner.records(references).await
    }

    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        self.ask("page").await?;
        self.inner.page(kind, after, first).await
    }

    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        self.ask(if question.count { "neighbours, counted" } else { "neighbours" }).await?;
        self.inner.neighbours(of, question).await
    }

    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        self.ask("path").await?;
        self.inner.path(from, to, max_length).await
    }

    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        self.ask("history").await?;
        self.inner.history(of, before, first).await
    }

    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        self.ask("history counts").await?;
        self.inner.history_counts(of).await
    }

    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        self.ask("changes").await?;
        self.inner.changes(since, after, first).await
    }

    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        self.ask("change count").await?;
        self.inner.change_count(since).await
    }

    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        self.ask("revisions").await?;
        self.inner.revisions(since, first).await
    }

    fn imports(&self) -> &dyn RunStore {
        self.inner.imports()
    }
}

/// A service that runs as long as this is kept.
pub struct Running {
    pub store: Arc<Watched>,
    /// The store as the index reads it.
    pub behind: Arc<Watched>,
    /// The graph itself, as another process has it.
    pub beside: Arc<dyn GraphStore>,
    following: tokio::task::JoinHandle<()>,
    address: String,
    server: tokio::task::JoinHandle<()>,
    _folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        self.following.abort();
    }
}

/// What a service answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Starts a service on an empty graph.
pub async fn start_empty(time_limit: Duration) -> Running {
    start_importing(time_limit, Vec::new(), Environment::default()).await
}

/// Starts a service on an empty graph that imports these sources when it is told to, and in a hurry.
pub async fn start_importing(time_limit: Duration, sources: Vec<SourceConfig>, environment: Environment) -> Running {
    start_with(sources, environment, |options| options.time_limit = time_limit).await
}

/// Starts a service on an empty graph that keeps no records, so that what each question asks of the store can be counted.
pub async fn start_forgetting() -> Running {
    start_with(Vec::new(), Environment::default(), |options| options.kept_records = 0).await
}

/// Starts a service on the small graph that answers some documents alone.
pub async fn start_trusting(documents: Trusted) -> Running {
    with_small_graph(start_with(Vec::new(), Environment::default(), |options| options.documents = Some(documents)).await).await
}

async fn start_with(sources: Vec<SourceConfig>, environment: Environment, adjust: impl FnOnce(&mut Options)) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("graph.sqlite").display());
    let beside = Box::pin(store::open(&url, StoreOptions::default())).await.unwrap();
    let followed = Box::pin(store::open(&url, StoreOptions::default())).await.unwrap();
    let behind = Watched::over(followed);
    let explore = Explore::open(Arc::clone(&behind) as Arc<dyn GraphStore>, &folder.path().join("explore")).await.unwrap();
    let following = tokio::spawn(Arc::clone(&explore).follow());
    let store = Watched::over(Arc::new(FollowedStore::new(Arc::clone(&explore))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut runner = Runner::new(Arc::clone(&store) as Arc<dyn GraphStore>, Arc::new(SystemClock)).unwrap();
    runner.pace = Pace { pause: Duration::ZERO, patience: Duration::from_millis(5), ..Pace::default() };
    let mut surroundings = Surroundings::new(&folder.path().join("repositories"));
    surroundings.network.environment = environment;
    let imports = Some(Dispatch::new(runner, surroundings, sources));
    let mut options = Options {
        public_url: "https://maillage.example/".to_owned(),
        time_limit: Duration::from_mins(1),
        imports,
        kept_answers: 1 << 20,
        kept_records: 1 << 20,
        budget: BUDGET,
        proxies: Vec::new(),
        documents: None,
    };
    adjust(&mut options);
    let service = Service::new(Arc::clone(&store) as Arc<dyn GraphStore>, explore, &options).unwrap();
    let server = tokio::spawn(async move {
        let limits = Limits { head: Duration::from_secs(2), ..Limits::default() };
        serve(listener, service, limits, std::future::pending()).await;
    });
    Running { store, behind, beside, following, address, server, _folder: folder }
}

/// Starts a service on the small graph.
pub async fn start() -> Running {
    with_small_graph(start_empty(Duration::from_mins(1)).await).await
}

/// The same service with the small graph.
pub async fn with_small_graph(running: Running) -> Running {
    small_graph(&*running.store).await;
    running.store.take_asked();
    running
}

impl Running {
    /// Where the service listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request as it is written, to the byte.
    pub async fn send_raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let (head, bytes) = (String::from_utf8_lossy(&answer[..end]).into_owned(), answer[end + 4..].to_vec());
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        // What is packed is no text.
        Answer { status, headers: head, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// Sends a request with a body of its length.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        request.push_str(body);
        self.send_raw(&request).await
    }

    /// Asks by POST, as most clients do.
    pub async fn ask(&self, query: &str, variables: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("Content-Type", "application/json"), ("Accept", "application/graphql-response+json")];
        all.extend_from_slice(headers);
        self.send("POST", "/graphql", &all, &json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// The data of an answer without errors.
    pub async fn data(&self, query: &str) -> Value {
        let answer = self.ask(query, &Value::Null, &[]).await;
        let json = answer.json();
        assert_eq!((answer.status, &json["errors"]), (200, &Value::Null), "{query}: {}", answer.body);
        json["data"].clone()
    }
}
