//! Folders of case studies, written for the occasion, and graphs to import them into.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use maillage_graph_schema::clock::FixedClock;
use maillage_graph_schema::model::{Record, RecordRef, SourceKind};
use maillage_graph_schema::store::{self, GraphStore, StoreOptions, Stored};
use maillage_importer::diagnostic::{Code, Severity};
use maillage_importer::limits::Limits;
use maillage_importer::surroundings::Network;
use maillage_importer::{Applied, ImportError, ImportJob, Plan, Silent, SourceConfig, Surroundings, apply, plan};

/// Towns, areas and topics enough for the fixtures.
const REFERENCE: &str = r#"
{"kind":"source","record":{"key":"tables","name":"Tables","kind":"reference"}}
{"kind":"area","record":{"key":"country:FR","name":"France"}}
{"kind":"area","record":{"key":"country:CA","name":"Canada"}}
{"kind":"area","record":{"key":"country:DE","name":"Allemagne"}}
{"kind":"area","record":{"key":"country:US","name":"États-Unis"}}
{"kind":"area","record":{"key":"department:47","name":"Lot-et-Garonne","part_of":["country:FR"]}}
{"kind":"area","record":{"key":"department:59","name":"Nord","part_of":["country:FR"]}}
{"kind":"town","record":{"key":"insee:47001","name":"Agen","type":"commune","part_of":["department:47"]}}
{"kind":"town","record":{"key":"insee:59512","name":"Roubaix","type":"commune","part_of":["department:59"]}}
{"kind":"town","record":{"key":"insee:01015","name":"Arboys en Bugey","type":"commune","former":[{"key":"insee:01340","name":"Saint-Bois"}]}}
{"kind":"town","record":{"key":"insee:02562","name":"Œuilly","type":"commune"}}
{"kind":"town","record":{"key":"insee:51410","name":"Œuilly","type":"commune"}}
{"kind":"town","record":{"key":"geonames:2926271","name":"Flensburg","type":"town","part_of":["country:DE"],"point":{"lat":54.78431,"lon":9.43961}}}
{"kind":"topic","record":{"key":"fablab","labels":{"fr":"Fab lab","en":"Fab lab"},"alternative_labels":[{"label":"makerspace"}]}}
{"kind":"topic","record":{"key":"wifi-public","labels":{"fr":"Wifi public","en":"Public Wi-Fi"},"alternative_labels":[{"label":"wi-fi"}]}}
{"kind":"topic","record":{"key":"donnees-ouvertes","labels":{"fr":"Données ouvertes","en":"Open data"},"alternative_labels":[{"label":"opendata"}]}}
"#;

/// A graph, a source's folder, and what imports one into the other.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Arc<dyn GraphStore>,
    pub(crate) source: SourceConfig,
    pub(crate) clock: FixedClock,
    pub(crate) confirm: bool,
    /// Whether the source is read even if nothing changed.
    pub(crate) again: bool,
    pub(crate) limits: Limits,
    pub(crate) network: Network,
}

impl Bench {
    /// An empty source `agen` and a graph with some towns and topics.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let address = format!("sqlite:{}", folder.path().join("graph.sqlite").display());
        let store = Box::pin(store::open(&address, StoreOptions::default())).await.expect("a store");
        put(&*store, "import of reference data", REFERENCE).await;
        let files = folder.path().join("files");
        std::fs::create_dir(&files).expect("a folder");
        let source = source("agen", &files);
        Self {
            folder,
            store,
            source,
            clock: crate::clock(),
            confirm: false,
            again: true,
            limits: Limits::default(),
            network: Network::default(),
        }
    }

    /// A source with a mapping, and files.
    pub(crate) async fn with(mapping: &str, files: &[(&str, &str)]) -> Self {
        let mut bench = Self::new().await;
        let path = bench.folder.path().join("mapping.toml");
        std::fs::write(&path, mapping).expect("a file");
        crate::schemas::takes_mapping(&path);
        bench.source.mapping = Some(path);
        bench.source.language = None;
        bench.source.licence = None;
        for (path, text) in files {
            bench.write(path, text);
        }
        bench
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("files").join(path)
    }

    /// Writes a file of the source.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// Removes a file of the source.
    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("a file");
    }

    pub(crate) fn job(&self) -> ImportJob {
        self.job_with("cache")
    }

    /// A job that finds nothing fetched.
    pub(crate) fn fresh_job(&self) -> ImportJob {
        self.job_with("fresh-cache")
    }

    pub(crate) fn surroundings(&self) -> Surroundings {
        let surroundings = Surroundings::new(&self.folder.path().join("cache"));
        Surroundings { network: self.network.clone(), limits: self.limits, ..surroundings }
    }

    fn job_with(&self, cache: &str) -> ImportJob {
        let mut job = ImportJob::of_source(self.source.clone(), &self.surroundings()).expect("a job");
        job.surroundings.cache = self.folder.path().join(cache);
        job.confirm_withdrawals = self.confirm;
        job.again = self.again;
        job
    }

    /// Plans, for a folder twice: with what the last import left, and without. It only saves work.
    pub(crate) async fn plan(&self) -> Plan {
        let job = self.job();
        let planned = plan(&*self.store, &self.clock, &job, &Silent).await.expect("a plan");
        if self.source.kind == SourceKind::Directory {
            let job = ImportJob { again: !job.again, ..job };
            let other = plan(&*self.store, &self.clock, &job, &Silent).await.expect("a plan");
            if planned.report.unchanged || other.report.unchanged {
                assert!(planned.change_sets.is_empty() && other.change_sets.is_empty(), "{}", planned.report);
            } else {
                assert_eq!(planned, other);
            }
        }
        planned
    }

    /// Plans and applies, and advances the clock.
    pub(crate) async fn import(&mut self) -> (Plan, Applied) {
        let plan = self.plan().await;
        let applied =
            apply(&*self.store, &mut plan.clone(), &Silent).await.unwrap_or_else(|error| panic!("{error}\n{}", plan.report));
        self.clock.0 += chrono::TimeDelta::hours(1);
        (plan, applied)
    }

    /// An import that cannot even be planned.
    pub(crate) async fn plan_fails(&self) -> ImportError {
        let plan = plan(&*self.store, &self.clock, &self.job(), &Silent).await;
        plan.map(|plan| plan.report.to_string()).expect_err("an import that cannot be planned")
    }

    pub(crate) async fn fails(&self) -> ImportError {
        let mut plan = self.plan().await;
        apply(&*self.store, &mut plan, &Silent).await.expect_err("an import that fails")
    }

    /// A record by `kind/key`.
    pub(crate) async fn find(&self, reference: &str) -> Option<Stored> {
        let reference: RecordRef = reference.parse().expect("a reference");
        self.store.records(&[reference]).await.expect("an answer").pop().flatten()
    }

    /// A record's document, compact.
    pub(crate) async fn field(&self, reference: &str, field: &str) -> String {
        let stored = self.find(reference).await.unwrap_or_else(|| panic!("{reference} is not there"));
        let document = maillage_graph_schema::document::from_record(&stored.record);
        document.get(field).map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    }

    /// Puts records as a person would.
    pub(crate) async fn put_by(&self, by: &str, lines: &str) {
        put(&*self.store, by, lines).await;
    }

    /// Puts a record as it was given.
    pub(crate) async fn put_record(&self, by: &str, record: Record) {
        let operations = vec![maillage_graph_schema::change::Operation::put(record)];
        change(&*self.store, by, operations).await;
    }

    /// Withdraws a record as a person would.
    pub(crate) async fn withdraw_by(&self, by: &str, reference: &str) {
        let operation = maillage_graph_schema::change::Operation::Withdraw {
            reference: reference.parse().expect("a reference"),
            why: "asked for".parse().expect("a text"),
            merged_into: None,
            expected: maillage_graph_schema::change::Expected::Anything,
        };
        change(&*self.store, by, vec![operation]).await;
    }
}

/// A folder as a source, in French, under an open licence.
pub(crate) fn source(key: &str, path: &Path) -> SourceConfig {
    let mut source = SourceConfig::directory(key.parse().expect("a key"), "Agen".parse().expect("a name"), path.to_owned());
    source.language = Some("fr".parse().expect("a language"));
    source.licence = Some("etalab-2.0".parse().expect("a licence"));
    source
}

async fn put(store: &dyn GraphStore, by: &str, lines: &str) {
    let operations = lines
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).expect(line);
            let kind = line["kind"].as_str().and_then(|kind| kind.parse().ok()).expect("a kind");
            let document = line["record"].as_object().expect("a record");
            let record = maillage_graph_schema::document::to_record(kind, document).expect("a record");
            maillage_graph_schema::change::Operation::put(record)
        })
        .collect();
    change(store, by, operations).await;
}

async fn change(store: &dyn GraphStore, by: &str, operations: Vec<maillage_graph_schema::change::Operation>) {
    let revision = store.revision().await.expect("a revision");
    let change_set = maillage_graph_schema::change::ChangeSet {
        id: format!("{by}-{revision}").parse().expect("an id"),
        at: crate::clock().0.into(),
        by: by.parse().expect("a name"),
        why: None,
        operations,
    };
    store.apply(&change_set).await.expect("a change that fits");
}

/// The codes of a plan's diagnostics with their values, without the notes that count.
pub(crate) fn codes(plan: &Plan) -> Vec<(Code, String)> {
    plan.report.diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.value.clone().unwrap_or_default())).collect()
}

/// The codes of a plan's diagnostics that are no notes, with their lines and values.
pub(crate) fn told(plan: &Plan) -> Vec<(&'static str, Option<usize>, String)> {
    let told = plan.report.diagnostics.iter().filter(|diagnostic| diagnostic.severity() != Severity::Note);
    told.map(|told| (told.code.as_str(), told.at.map(|at| at.line), told.value.clone().unwrap_or_default())).collect()
}

/// The counts of a plan over all kinds: new, changed, unchanged, withdrawn.
pub(crate) fn counts(plan: &Plan) -> [usize; 4] {
    let totals = plan.report.totals();
    [totals.new, totals.changed, totals.unchanged, totals.withdrawn]
}

/// A file in the front matter of Maillage.
pub(crate) fn file(id: &str, title: &str, more: &str, body: &str) -> String {
    format!("---\nschema_version: 1\nid: {id}\ntitle: {title}\n{more}---\n{body}\n")
}
