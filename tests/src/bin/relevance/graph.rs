//! The corpus: the content and the sheets of beta.gouv.fr, imported as users import them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use maillage_explore::{Explore, Snapshot};
use maillage_graph_schema::clock::SystemClock;
use maillage_graph_schema::model::{CaseStudy, Initiative, Record, RecordKind};
use maillage_graph_schema::store::{self, GraphStore, StoreOptions};
use maillage_importer::{ImportJob, Location, Silent, Surroundings, reference_change_sets, sources};

/// How many records are read at a time.
const BATCH: usize = 500;

/// The initiatives of the corpus with their case studies, and the index of them.
pub struct Graph {
    pub initiatives: BTreeMap<String, Initiative>,
    pub case_studies: BTreeMap<String, Vec<CaseStudy>>,
    pub snapshot: Arc<Snapshot>,
    // Removed with the graph.
    _folder: tempfile::TempDir,
}

/// Imports the corpus into a new graph and indexes it.
pub async fn load(content: &Path, clone: &Path) -> Result<Graph> {
    let folder = tempfile::Builder::new().prefix("maillage-relevance-").tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("graph.db").display());
    let store = store::open(&url, StoreOptions::default()).await?;
    for change_set in reference_change_sets(content, 0, &SystemClock)? {
        store.apply(&change_set).await?;
    }
    let listed = sources::load(content)?;
    for (key, location) in [("maillage", None), ("betagouv", Some(clone))] {
        let mut job = ImportJob::of_source(sources::find(&listed, key)?.clone(), &Surroundings::new(folder.path()))?;
        if let Some(clone) = location {
            job.location = Location::Directory(clone.to_owned());
        }
        let mut plan =
            maillage_importer::plan(&*store, &SystemClock, &job, &Silent).await.with_context(|| format!("source {key}"))?;
        maillage_importer::apply(&*store, &mut plan, &Silent).await?;
    }
    let explore = Explore::open(Arc::clone(&store), &folder.path().join("explore")).await?;
    let (mut initiatives, mut case_studies) = (BTreeMap::new(), BTreeMap::<String, Vec<CaseStudy>>::new());
    for record in all(&*store, RecordKind::Initiative).await?.into_iter().chain(all(&*store, RecordKind::CaseStudy).await?) {
        match record {
            Record::Initiative(initiative) => {
                initiatives.insert(initiative.key.to_string(), initiative);
            }
            Record::CaseStudy(telling) => case_studies.entry(telling.initiative.to_string()).or_default().push(telling),
            _ => {}
        }
    }
    ensure!(initiatives.len() > 600, "only {} initiatives: is this a clone of beta.gouv.fr?", initiatives.len());
    Ok(Graph { initiatives, case_studies, snapshot: explore.snapshot(), _folder: folder })
}

async fn all(store: &dyn GraphStore, kind: RecordKind) -> Result<Vec<Record>> {
    let (mut records, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = store.page(kind, after.as_deref(), BATCH).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        records.extend(page.items.into_iter().filter(|stored| stored.withdrawn.is_none()).map(|stored| stored.record));
        if !page.has_more {
            return Ok(records);
        }
    }
}

impl Graph {
    pub fn keys(&self) -> BTreeSet<String> {
        self.initiatives.keys().cloned().collect()
    }

    pub fn title(&self, key: &str) -> &str {
        self.initiatives.get(key).map_or("", |initiative| initiative.title.as_str())
    }
}
