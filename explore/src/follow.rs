//! From the graph's changes to the next snapshot.
//!
//! One writer at a time makes snapshots; readers take the last one and never wait. The writer runs after each change made
//! through this process, before the change is acknowledged ([`FollowedStore`]), and now and then for changes made by others.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use async_trait::async_trait;
use maillage_graph_schema::change::ChangeSet;
use maillage_graph_schema::model::{Direction, Record, RecordKey as _, RecordKind, RecordRef, Relation};
use maillage_graph_schema::path::Step;
use maillage_graph_schema::store::{
    Applied, Change, ChangeCursor, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, RevisionRecord,
    RunStore, StoreError, Stored,
};
use roaring::RoaringBitmap;
use tantivy::TantivyError;
use tokio::sync::{Mutex, mpsc};
use tracing::{error, info, warn};

use crate::columns::Columns;
use crate::columns::update::{Batch, Readings, Told};
use crate::question::QuestionError;
use crate::save::{Folder, Saved, Unusable};
use crate::similarity::terms::Scales;
use crate::snapshot::Snapshot;
use crate::text::index::{TextBuilder, TextIndex};
use crate::text::reading::Reader;

/// How many records are read from the store at a time.
const BATCH: usize = 500;

/// How often changes made by others are looked for.
const INTERVAL: Duration = Duration::from_millis(500);

/// From how many changes on the index is built anew: taking them up one by one would take longer.
fn is_cheaper_anew(changes: usize, records: usize) -> bool {
    changes > 5_000 && changes > records / 4
}

/// From how many untidy documents on the index is saved again.
fn is_worth_saving(untidy: usize, initiatives: usize) -> bool {
    untidy > 500 && untidy > initiatives / 100
}

/// From how many changes on the log says that they were taken up.
const WORTH_TELLING: usize = 100;

/// How many cases of one initiative are read at once.
const MOST_TELLINGS: usize = 1000;

/// How often the graph is looked at again for what it did while its changes were read.
const ROUNDS: usize = 3;

/// Does what takes time beside the tasks that must not wait.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The initiative of a case study.
fn initiative_of(case_study: &RecordRef) -> RecordRef {
    let key = case_study.key().split('/').next().unwrap_or_default();
    RecordRef::parse(RecordKind::Initiative, key)
        .unwrap_or_else(|_| unreachable!("the key of a case study begins with that of its initiative"))
}

/// All records of a kind, some at a time.
struct Pages {
    kind: RecordKind,
    after: Option<String>,
    is_done: bool,
}

impl Pages {
    const fn new(kind: RecordKind) -> Self {
        Self { kind, after: None, is_done: false }
    }

    async fn next(&mut self, store: &dyn GraphStore) -> Result<Option<Vec<Stored>>, StoreError> {
        if self.is_done {
            return Ok(None);
        }
        let page = store.page(self.kind, self.after.as_deref(), BATCH).await?;
        self.is_done = !page.has_more;
        self.after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        Ok(Some(page.items))
    }
}

/// How many batches may be read before they are indexed.
const BATCHES_AHEAD: usize = 2;

/// Makes an index from everything that is in a graph.
struct Builder {
    columns: Columns,
    texts: TextBuilder,
}

impl Builder {
    fn new(folder: &Path) -> Result<Self, TantivyError> {
        Ok(Self { columns: Columns::default(), texts: TextBuilder::new(folder)? })
    }

    fn build(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<(Columns, TextIndex), TantivyError> {
        let (mut reader, mut scales) = (Reader::default(), Scales::default());
        while let Some(batch) = batches.blocking_recv() {
            let readings = Readings::of(&batch, &mut reader);
            self.columns.fill(&batch, &readings, &mut scales);
            self.texts.add(&readings.retold(&batch, &self.columns))?;
        }
        let texts = self.texts.finish()?;
        self.columns.derive_all();
        Ok((self.columns, texts))
    }
}

/// Why there is no index, or no newer one.
#[derive(Debug, thiserror::Error)]
pub enum ExploreError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot use the folder of the index, {folder}: {error}")]
    Folder { folder: String, error: io::Error },
    #[error(transparent)]
    Index(#[from] QuestionError),
}

/// What goes on while the index is being saved.
#[derive(Debug, Default)]
enum Saving {
    #[default]
    No,
    /// These initiatives have been told anew since then.
    Since(RoaringBitmap),
    /// The index has been built anew since then: what is being saved is of the one before.
    Overtaken,
}

/// What only the one writer knows.
#[derive(Debug, Default)]
struct Writer {
    saving: Saving,
}

/// Where an index came from when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// It was read as it had been saved.
    Read,
    /// It was built from the graph, and why.
    Built { why: String },
}

/// The index, as it follows the graph.
#[derive(Debug)]
pub struct Explore {
    store: Arc<dyn GraphStore>,
    folder: Arc<Folder>,
    origin: Origin,
    current: ArcSwap<Snapshot>,
    writer: Mutex<Writer>,
    saving: Mutex<()>,
    /// The revision of the index that is saved in the folder.
    saved_revision: AtomicU64,
    /// Whether the graph answered when it was last asked what changed.
    is_in_touch: AtomicBool,
}

impl Explore {
    /// Opens the index of a graph: reads the one that was saved in a folder, or builds it, and takes up what has changed.
    pub async fn open(store: Arc<dyn GraphStore>, path: &Path) -> Result<Arc<Self>, ExploreError> {
        let start = Instant::now();
        let in_folder = |error| ExploreError::Folder { folder: path.display().to_string(), error };
        let folder = Arc::new(Folder::take(path).map_err(in_folder)?);
        if !folder.is_lasting() {
            warn!(folder = %path.display(), "another process uses the folder of the index: this one does not save its own");
        }
        let mut explore = Self {
            store,
            folder,
            origin: Origin::Read,
            current: ArcSwap::default(),
            writer: Mutex::default(),
            saving: Mutex::default(),
            saved_revision: AtomicU64::default(),
            is_in_touch: AtomicBool::new(true),
        };
        match explore.load().await? {
            Ok(snapshot) => {
                info!(
                    revision = snapshot.revision,
                    milliseconds = start.elapsed().as_millis(),
                    "read the index of {} initiatives",
                    snapshot.columns.live.len()
                );
                explore.saved_revision = AtomicU64::new(snapshot.revision);
                explore.current.store(Arc::new(snapshot));
            }
            Err(unusable) => {
                let why = unusable.to_string();
                if !matches!(unusable, Unusable::Missing) {
                    warn!(why, "the saved index cannot be used: it is built again from the graph");
                }
                explore.build(&why).await?;
                explore.origin = Origin::Built { why };
            }
        }
        explore.catch_up().await?;
        Ok(Arc::new(explore))
    }

    /// Where the index came from when it was opened.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The last snapshot. Never waits.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    async fn load(&self) -> Result<Result<Snapshot, Unusable>, ExploreError> {
        let folder = Arc::clone(&self.folder);
        let Saved { snapshot, graph } = match blocking(move || folder.load()).await {
            Ok(saved) => saved,
            Err(why) => return Ok(Err(why)),
        };
        let is_of_this_graph = self.graph_at(snapshot.revision).await?.as_ref() == Some(&graph);
        Ok(if is_of_this_graph { Ok(snapshot) } else { Err(Unusable::OtherGraph) })
    }

    /// What tells this graph from others: its revision of a number, with the change set that made it. `None` if there is no
    /// such revision.
    pub async fn graph_at(&self, revision: Revision) -> Result<Option<String>, StoreError> {
        let Some(before) = revision.checked_sub(1) else { return Ok(Some("empty".to_owned())) };
        let found = self.store.revisions(before, 1).await?.items.into_iter().next();
        Ok(found.filter(|found| found.number == revision).map(|found| format!("{} {} {}", found.number, found.id, found.at)))
    }

    /// Builds the index from the whole graph.
    async fn build(&self, why: &str) -> Result<(), ExploreError> {
        let start = Instant::now();
        // What changes while the graph is read is taken up afterwards.
        let revision = self.store.revision().await?;
        info!(revision, why, "building the index from the graph");
        let path = self.folder.for_building().map_err(|error| self.in_folder(error))?;
        let builder = Builder::new(&path).map_err(QuestionError::from)?;
        // Records are read from the graph while those before are indexed.
        let (batches, to_index) = mpsc::channel(BATCHES_AHEAD);
        let (read, built) = tokio::join!(self.read_all(batches), blocking(move || builder.build(to_index)));
        read?;
        let (columns, texts) = built.map_err(QuestionError::from)?;
        info!(
            revision,
            why,
            milliseconds = start.elapsed().as_millis(),
            "built the index of {} initiatives from the graph",
            columns.live.len()
        );
        let mut writer = self.writer.lock().await;
        if !matches!(writer.saving, Saving::No) {
            writer.saving = Saving::Overtaken;
        }
        self.current.store(Arc::new(Snapshot::new(revision, columns, texts)));
        Ok(())
    }

    /// Hands on everything that is in the graph, initiatives last.
    async fn read_all(&self, batches: mpsc::Sender<Batch>) -> Result<(), StoreError> {
        for kind in [RecordKind::Area, RecordKind::Topic, RecordKind::Source, RecordKind::Organisation, RecordKind::Town] {
            let mut pages = Pages::new(kind);
            while let Some(others) = pages.next(&*self.store).await? {
                if batches.send(Batch { others, told: Vec::new() }).await.is_err() {
                    return Ok(());
                }
            }
        }
        let mut pages = Pages::new(RecordKind::Initiative);
        while let Some(records) = pages.next(&*self.store).await? {
            let batch = Batch { others: Vec::new(), told: self.told(records).await? };
            if batches.send(batch).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn in_folder(&self, error: io::Error) -> ExploreError {
        ExploreError::Folder { folder: self.folder.path().display().to_string(), error }
    }

    /// Puts initiatives together with their case studies.
    async fn told(&self, initiatives: Vec<Stored>) -> Result<Vec<Told>, StoreError> {
        let references: Vec<RecordRef> = initiatives.iter().map(|stored| stored.record.reference()).collect();
        let question = NeighbourQuestion::by(Relation::DescribedBy, Direction::Out, MOST_TELLINGS);
        let neighbours = self.store.neighbours(&references, &question).await?;
        let case_studies: Vec<RecordRef> =
            neighbours.into_iter().flat_map(|neighbours| neighbours.page.items).map(|neighbour| neighbour.reference).collect();
        let mut by_initiative: BTreeMap<RecordRef, Vec<Stored>> = BTreeMap::new();
        for part in case_studies.chunks(BATCH) {
            for stored in self.store.records(part).await?.into_iter().flatten() {
                if let Record::CaseStudy(case_study) = &stored.record {
                    by_initiative.entry(case_study.initiative.reference()).or_default().push(stored);
                }
            }
        }
        let told = initiatives.into_iter().map(|initiative| {
            let case_studies = by_initiative.remove(&initiative.record.reference()).unwrap_or_default();
            Told { initiative, case_studies }
        });
        Ok(told.collect())
    }

    /// Whether the graph answered when it was last asked what changed: if not, answers may be of a revision that is not the last.
    pub fn is_in_touch(&self) -> bool {
        self.is_in_touch.load(Ordering::Relaxed)
    }

    /// Takes up what has changed in the graph, and gives the revision that answers are of from now on.
    pub async fn catch_up(&self) -> Result<Revision, ExploreError> {
        let outcome = self.take_up_changes().await;
        self.is_in_touch.store(outcome.is_ok(), Ordering::Relaxed);
        outcome
    }

    async fn take_up_changes(&self) -> Result<Revision, ExploreError> {
        let mut writer = self.writer.lock().await;
        loop {
            let current = self.current.load_full();
            let latest = self.store.revision().await?;
            if latest == current.revision {
                return Ok(latest);
            }
            let changes = self.store.change_count(current.revision).await?;
            if latest < current.revision || is_cheaper_anew(changes, current.columns.initiatives.len()) {
                drop(writer);
                let why = if latest < current.revision { "the graph is older than the index" } else { "much has changed" };
                self.build(why).await?;
                writer = self.writer.lock().await;
                continue;
            }
            let start = Instant::now();
            let (next, told) = self.next(&current).await?;
            if changes > WORTH_TELLING {
                let milliseconds = start.elapsed().as_millis();
                info!(revision = next.revision, milliseconds, "took up {changes} changes of the graph in the index");
            }
            if let Saving::Since(told_since) = &mut writer.saving {
                *told_since |= told;
            }
            self.current.store(Arc::new(next));
        }
    }

    /// The snapshot after one, and the initiatives that are told anew in it.
    async fn next(&self, current: &Arc<Snapshot>) -> Result<(Snapshot, RoaringBitmap), ExploreError> {
        let mut next = Snapshot::clone(current);
        let mut told = RoaringBitmap::new();
        // Records are read as they are now. Where the graph went on meanwhile, what went with them is taken up too; where it
        // goes on and on, the next time.
        for _ in 0..ROUNDS {
            let (references, revision) = self.changed_since(next.revision).await?;
            if references.is_empty() {
                break;
            }
            for part in references.chunks(BATCH) {
                let batch = self.read(part).await?;
                let (updated, retold) = blocking(move || {
                    let updated = next.updated(revision, &batch)?;
                    let retold = batch.numbers(&updated.columns).collect::<RoaringBitmap>();
                    Ok::<_, QuestionError>((updated, retold))
                })
                .await?;
                next = updated;
                told |= retold;
            }
        }
        Ok((next, told))
    }

    /// What changed after a revision, each record once, and the last revision that did.
    async fn changed_since(&self, since: Revision) -> Result<(Vec<RecordRef>, Revision), StoreError> {
        let mut references: BTreeSet<RecordRef> = BTreeSet::new();
        let mut after: Option<ChangeCursor> = None;
        loop {
            let page = self.store.changes(since, after.as_ref(), BATCH).await?;
            let last = page.items.last();
            after = last.map(|change| ChangeCursor { revision: change.revision, reference: change.reference.clone() }).or(after);
            references.extend(page.items.into_iter().map(|change| match change.reference.kind() {
                // An initiative and its case studies are read together, so they stand together.
                RecordKind::CaseStudy => initiative_of(&change.reference),
                _ => change.reference,
            }));
            if !page.has_more {
                let revision = after.map_or(since, |cursor| cursor.revision);
                return Ok((references.into_iter().collect(), revision));
            }
        }
    }

    async fn read(&self, references: &[RecordRef]) -> Result<Batch, StoreError> {
        let (mut initiatives, mut others) = (Vec::new(), Vec::new());
        for stored in self.store.records(references).await?.into_iter().flatten() {
            if stored.record.kind() == RecordKind::Initiative { initiatives.push(stored) } else { others.push(stored) }
        }
        Ok(Batch { others, told: self.told(initiatives).await? })
    }

    /// Saves the index, unless it is saved nearly as it is.
    pub async fn save_if_worth_it(&self) -> Result<(), ExploreError> {
        let current = self.current.load();
        let initiatives = usize::try_from(current.columns.live.len()).unwrap_or(usize::MAX);
        if !self.folder.has_saved() || is_worth_saving(current.texts.untidy(), initiatives) { self.save().await } else { Ok(()) }
    }

    /// Saves the index unless it is saved as it is: for the end, so that the next start has nothing to take up.
    pub async fn save_if_changed(&self) -> Result<(), ExploreError> {
        let revision = self.current.load().revision;
        if self.saved_revision.load(Ordering::Relaxed) == revision && self.folder.has_saved() {
            Ok(())
        } else {
            self.save().await
        }
    }

    /// Saves the index, so that the next start finds it. Readers and writers go on meanwhile.
    pub async fn save(&self) -> Result<(), ExploreError> {
        if !self.folder.is_lasting() {
            return Ok(());
        }
        let _one_at_a_time = self.saving.lock().await;
        let start = Instant::now();
        let before = {
            let mut writer = self.writer.lock().await;
            writer.saving = Saving::Since(RoaringBitmap::new());
            self.current.load_full()
        };
        let saved = self.write(&before).await;
        let mut writer = self.writer.lock().await;
        let since = std::mem::take(&mut writer.saving);
        let texts = saved?;
        if let Saving::Since(told_since) = since {
            let current = self.current.load_full();
            let texts = current.texts.rebased(&texts, &before.texts, &told_since);
            self.current.store(Arc::new(Snapshot::new(current.revision, current.columns.clone(), texts)));
        }
        self.saved_revision.store(before.revision, Ordering::Relaxed);
        info!(revision = before.revision, milliseconds = start.elapsed().as_millis(), "saved the index");
        Ok(())
    }

    async fn write(&self, snapshot: &Arc<Snapshot>) -> Result<TextIndex, ExploreError> {
        let graph = self.graph_at(snapshot.revision).await?.unwrap_or_default();
        let (folder, snapshot) = (Arc::clone(&self.folder), Arc::clone(snapshot));
        blocking(move || folder.save(&snapshot, &graph)).await.map_err(|error| self.in_folder(error))
    }

    /// Saves where it is worth it, in a task of its own: whoever stops following must not stop a save half-way, after which the texts that
    /// readers have open are gone and those that were saved are not yet in their place.
    async fn save_apart(self: Arc<Self>) -> Result<(), ExploreError> {
        match tokio::spawn(async move { self.save_if_worth_it().await }).await {
            Ok(saved) => saved,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Follows what others change, and saves now and then, until the task is stopped.
    pub async fn follow(self: Arc<Self>) {
        let mut is_failing = false;
        loop {
            tokio::time::sleep(INTERVAL).await;
            let outcome = match self.catch_up().await {
                Ok(_) => Arc::clone(&self).save_apart().await,
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) if is_failing => {
                    is_failing = false;
                    info!("the index follows the graph again");
                }
                Ok(()) => {}
                // An outage is one event, however often it is noticed.
                Err(_) if is_failing => {}
                Err(problem) => {
                    is_failing = true;
                    error!(%problem, "the index cannot follow the graph; answers are of the last revision that it knows");
                }
            }
        }
    }
}

/// A graph whose changes are in the index before they are acknowledged.
#[derive(Debug)]
pub struct FollowedStore {
    explore: Arc<Explore>,
}

impl FollowedStore {
    /// The graph that an index is of.
    pub const fn new(explore: Arc<Explore>) -> Self {
        Self { explore }
    }
}

#[async_trait]
impl GraphStore for FollowedStore {
    async fn apply(&self, change_set: &ChangeSet) -> Result<Applied, StoreError> {
        let applied = self.explore.store.apply(change_set).await?;
        if let Err(problem) = self.explore.catch_up().await {
            // The change is made and stays made; whoever follows takes it up as soon as that is possible.
            error!(%problem, revision = applied.revision, "a change is in the graph and not yet in the index");
        }
        Ok(applied)
    }

    async fn revision(&self) -> Result<Revision, StoreError> {
        self.explore.store.revision().await
    }

    async fn records(&self, references: &[RecordRef]) -> Result<Vec<Option<Stored>>, StoreError> {
        self.explore.store.records(references).await
    }

    async fn page(&self, kind: RecordKind, after: Option<&str>, first: usize) -> Result<Page<Stored>, StoreError> {
        self.explore.store.page(kind, after, first).await
    }

    async fn neighbours(&self, of: &[RecordRef], question: &NeighbourQuestion) -> Result<Vec<Neighbours>, StoreError> {
        self.explore.store.neighbours(of, question).await
    }

    async fn path(&self, from: &RecordRef, to: &RecordRef, max_length: usize) -> Result<Option<Vec<Step>>, StoreError> {
        self.explore.store.path(from, to, max_length).await
    }

    async fn history(
        &self,
        of: &[RecordRef],
        before: Option<Revision>,
        first: usize,
    ) -> Result<Vec<Page<HistoryEntry>>, StoreError> {
        self.explore.store.history(of, before, first).await
    }

    async fn history_counts(&self, of: &[RecordRef]) -> Result<Vec<usize>, StoreError> {
        self.explore.store.history_counts(of).await
    }

    async fn changes(&self, since: Revision, after: Option<&ChangeCursor>, first: usize) -> Result<Page<Change>, StoreError> {
        self.explore.store.changes(since, after, first).await
    }

    async fn change_count(&self, since: Revision) -> Result<usize, StoreError> {
        self.explore.store.change_count(since).await
    }

    async fn revisions(&self, since: Revision, first: usize) -> Result<Page<RevisionRecord>, StoreError> {
        self.explore.store.revisions(since, first).await
    }

    fn imports(&self) -> &dyn RunStore {
        self.explore.store.imports()
    }
}
