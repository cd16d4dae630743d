//! What one request reads, batched: every resolver that waits at the same level is answered by one question to the store, and
//! in one go by the index.
//!
//! The loaders of the library start a batch from a timer, on another thread: it adds up to a millisecond a level, and a batch
//! may leave before the last row has asked. Here [`answer`] drives the request itself: it lets the execution go on until
//! everything waits, then asks the store once for all that is wanted, and only then goes on.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures::channel::oneshot;
use futures::future::{BoxFuture, poll_fn, try_join_all};
use futures::stream::{FuturesUnordered, StreamExt as _};
use futures::task::AtomicWaker;
use maillage_explore::Snapshot;
use maillage_graph_schema::model::{ImportRun, Instant, RecordKind, RecordRef, RunDiagnostic, RunKey, SourceKey, Withdrawal};
use maillage_graph_schema::store::{GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, StoreError, Stored};
use tokio::sync::Semaphore;

use super::error;
use super::kept::KeptRecords;
use super::language::Preferences;

/// What the store said, shared by all who asked.
type Answer<V> = Result<V, Arc<StoreError>>;

/// How many mergers are followed from a record to the one that it went into: far more than a chain of corrections makes.
const LONGEST_MERGER: usize = 16;

/// How many records are read at a time where a kind is read whole.
const BATCH: usize = 500;

/// One kind of question, gathered and answered by the batch.
#[derive(Debug)]
struct Loader<K, V> {
    state: Mutex<LoaderState<K, V>>,
}

#[derive(Debug)]
struct LoaderState<K, V> {
    answers: HashMap<K, Answer<V>>,
    waiting: HashMap<K, Vec<oneshot::Sender<Answer<V>>>>,
    /// What waits and is not asked yet, in the order in which it was wanted.
    wanted: Vec<K>,
}

impl<K: Clone + Eq + Hash, V: Clone> Loader<K, V> {
    fn new() -> Self {
        Self { state: Mutex::new(LoaderState { answers: HashMap::new(), waiting: HashMap::new(), wanted: Vec::new() }) }
    }

    fn state(&self) -> MutexGuard<'_, LoaderState<K, V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn load(&self, key: K) -> Answer<V> {
        let answer = {
            let mut state = self.state();
            if let Some(answer) = state.answers.get(&key) {
                return answer.clone();
            }
            let (sender, receiver) = oneshot::channel();
            if let Some(senders) = state.waiting.get_mut(&key) {
                senders.push(sender);
            } else {
                state.waiting.insert(key.clone(), vec![sender]);
                state.wanted.push(key);
            }
            receiver
        };
        answer.await.unwrap_or_else(|_| unreachable!("a loader lives as long as those who wait for it"))
    }

    fn take_wanted(&self) -> Vec<K> {
        std::mem::take(&mut self.state().wanted)
    }

    fn settle(&self, answers: impl IntoIterator<Item = (K, Answer<V>)>) {
        let mut state = self.state();
        for (key, answer) in answers {
            for sender in state.waiting.remove(&key).unwrap_or_default() {
                // Whoever has stopped waiting needs no answer.
                let _ = sender.send(answer.clone());
            }
            state.answers.insert(key, answer);
        }
    }

    /// Gives each key its part of what the store said to all of them.
    fn settle_all(&self, keys: Vec<K>, answers: Result<Vec<V>, StoreError>) {
        match answers {
            Ok(answers) => self.settle(keys.into_iter().zip(answers.into_iter().map(Ok))),
            Err(problem) => {
                error::log(&problem);
                let problem = Arc::new(problem);
                self.settle(keys.into_iter().map(|key| (key, Err(Arc::clone(&problem)))));
            }
        }
    }
}

/// Which page of a record's history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct HistoryPage {
    before: Option<Revision>,
    first: usize,
}

/// A question to the index; it brings its answer to whoever asked.
type Question = Box<dyn FnOnce(&Snapshot) + Send>;

/// The questions to the index that wait.
#[derive(Default)]
struct Questions(Mutex<Vec<Question>>);

impl Questions {
    fn waiting(&self) -> MutexGuard<'_, Vec<Question>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Questions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} questions", self.waiting().len())
    }
}

/// Which page of a source's imports.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct RunPage {
    before: Option<Instant>,
    first: usize,
}

/// What one request reads through, and what it was asked in.
#[derive(Debug)]
pub struct Reader {
    store: Arc<dyn GraphStore>,
    /// All answers of a request are of one revision.
    snapshot: Arc<Snapshot>,
    /// Who may ask the index: as many at a time as there are processors.
    turns: Arc<Semaphore>,
    /// Records that others have read.
    kept: Arc<KeptRecords>,
    questions: Questions,
    records: Loader<RecordRef, Option<Arc<Stored>>>,
    neighbours: Loader<(RecordRef, Arc<NeighbourQuestion>), Arc<Neighbours>>,
    histories: Loader<(RecordRef, HistoryPage), Arc<Page<HistoryEntry>>>,
    history_counts: Loader<RecordRef, usize>,
    kinds: Loader<RecordKind, Arc<Vec<Arc<Stored>>>>,
    revision: Loader<(), Revision>,
    runs: Loader<RunKey, Option<Arc<ImportRun>>>,
    runs_of: Loader<(SourceKey, RunPage), Arc<Page<ImportRun>>>,
    run_counts: Loader<SourceKey, usize>,
    diagnostics: Loader<RunKey, Arc<Vec<RunDiagnostic>>>,
    preferences: Preferences,
    public_url: Arc<str>,
}

impl Reader {
    /// A reader for one request. `public_url` is where people find this service, without a slash at its end.
    pub fn new(
        (store, kept): (Arc<dyn GraphStore>, Arc<KeptRecords>),
        (snapshot, turns): (Arc<Snapshot>, Arc<Semaphore>),
        preferences: Preferences,
        public_url: Arc<str>,
    ) -> Self {
        Self {
            store,
            snapshot,
            turns,
            kept,
            questions: Questions::default(),
            records: Loader::new(),
            neighbours: Loader::new(),
            histories: Loader::new(),
            history_counts: Loader::new(),
            kinds: Loader::new(),
            revision: Loader::new(),
            runs: Loader::new(),
            runs_of: Loader::new(),
            run_counts: Loader::new(),
            diagnostics: Loader::new(),
            preferences,
            public_url,
        }
    }

    /// The store, for questions that no list asks.
    pub fn store(&self) -> &dyn GraphStore {
        &*self.store
    }

    /// The index, for what takes no time.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What the index answers. Questions of one level are answered together, one after another beside the tasks that must not
    /// wait: a request takes one turn at a time, however many lists it asks for. Those whose asker is gone are passed over.
    pub async fn explore<T: Send + 'static>(&self, question: impl FnOnce(&Snapshot) -> T + Send + 'static) -> T {
        let (sender, receiver) = oneshot::channel();
        self.questions.waiting().push(Box::new(move |snapshot| {
            if !sender.is_canceled() {
                // Whoever has stopped waiting meanwhile needs no answer.
                let _ = sender.send(question(snapshot));
            }
        }));
        receiver.await.unwrap_or_else(|_| unreachable!("questions are answered or end with the request"))
    }

    /// The languages that the request would rather read.
    pub fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// Where people find this service.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A record by its key, an alias or a former code. One that was merged into another answers with that one; any other
    /// withdrawn one answers with its tombstone.
    pub async fn record(&self, reference: RecordRef) -> Answer<Option<Arc<Stored>>> {
        let mut stored = self.records.load(reference).await?;
        for _ in 0..LONGEST_MERGER {
            let into = match stored.as_deref() {
                Some(Stored { withdrawn: Some(Withdrawal { merged_into: Some(into), .. }), .. }) => into.clone(),
                _ => break,
            };
            stored = self.records.load(into).await?;
        }
        Ok(stored)
    }

    /// A record by its key, an alias or a former code, even if it was merged into another.
    pub async fn record_itself(&self, reference: RecordRef) -> Answer<Option<Arc<Stored>>> {
        self.records.load(reference).await
    }

    /// The records that are there, in the order asked for, without withdrawn ones and without doubles, which mergers make.
    pub async fn present(&self, references: impl IntoIterator<Item = RecordRef>) -> Answer<Vec<Arc<Stored>>> {
        let found = try_join_all(references.into_iter().map(|reference| self.record(reference))).await?;
        let mut present: Vec<Arc<Stored>> = Vec::with_capacity(found.len());
        for stored in found.into_iter().flatten() {
            let is_new = present.iter().all(|other| !Arc::ptr_eq(other, &stored));
            if stored.withdrawn.is_none() && is_new {
                present.push(stored);
            }
        }
        Ok(present)
    }

    /// The neighbours of a record (by its present key).
    pub async fn neighbours(&self, of: RecordRef, question: NeighbourQuestion) -> Answer<Arc<Neighbours>> {
        self.neighbours.load((of, Arc::new(question))).await
    }

    /// What happened to a record (by its present key), newest first.
    pub async fn history(&self, of: RecordRef, before: Option<Revision>, first: usize) -> Answer<Arc<Page<HistoryEntry>>> {
        self.histories.load((of, HistoryPage { before, first })).await
    }

    /// How many revisions changed a record (by its present key).
    pub async fn history_count(&self, of: RecordRef) -> Answer<usize> {
        self.history_counts.load(of).await
    }

    /// All records of a kind of which there are few, in the order of their keys, without withdrawn ones.
    pub async fn all_of(&self, kind: RecordKind) -> Answer<Arc<Vec<Arc<Stored>>>> {
        self.kinds.load(kind).await
    }

    /// The graph's revision, the same wherever the request asks for it.
    pub async fn revision(&self) -> Answer<Revision> {
        self.revision.load(()).await
    }

    /// An import.
    pub async fn run(&self, key: RunKey) -> Answer<Option<Arc<ImportRun>>> {
        self.runs.load(key).await
    }

    /// The imports of a source, newest first, before a moment if one is given.
    pub async fn runs_of(&self, source: SourceKey, before: Option<Instant>, first: usize) -> Answer<Arc<Page<ImportRun>>> {
        self.runs_of.load((source, RunPage { before, first })).await
    }

    /// How many imports of a source are kept.
    pub async fn run_count(&self, source: SourceKey) -> Answer<usize> {
        self.run_counts.load(source).await
    }

    /// What an import found.
    pub async fn diagnostics(&self, key: RunKey) -> Answer<Arc<Vec<RunDiagnostic>>> {
        self.diagnostics.load(key).await
    }

    /// The questions to the store that answer what is wanted of imports by now.
    fn import_batches(self: &Arc<Self>) -> Vec<BoxFuture<'static, ()>> {
        let mut batches: Vec<BoxFuture<'static, ()>> = Vec::new();
        let keys = self.runs.take_wanted();
        if !keys.is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.imports().runs(&keys).await;
                let shared = answers.map(|answers| answers.into_iter().map(|run| run.map(Arc::new)).collect());
                reader.runs.settle_all(keys, shared);
            }));
        }
        for (page, sources) in grouped(self.runs_of.take_wanted()) {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.imports().runs_of(&sources, page.before, page.first).await;
                let keys = sources.into_iter().map(|source| (source, page.clone())).collect();
                reader.runs_of.settle_all(keys, answers.map(|answers| answers.into_iter().map(Arc::new).collect()));
            }));
        }
        let sources = self.run_counts.take_wanted();
        if !sources.is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.imports().run_counts(&sources).await;
                reader.run_counts.settle_all(sources, answers);
            }));
        }
        let keys = self.diagnostics.take_wanted();
        if !keys.is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.imports().diagnostics(&keys).await;
                reader.diagnostics.settle_all(keys, answers.map(|answers| answers.into_iter().map(Arc::new).collect()));
            }));
        }
        batches
    }

    /// The questions to the store that answer everything wanted by now.
    fn batches(self: &Arc<Self>) -> Vec<BoxFuture<'static, ()>> {
        let mut batches = self.import_batches();
        let questions = std::mem::take(&mut *self.questions.waiting());
        if !questions.is_empty() {
            batches.push(Box::pin(ask(Arc::clone(&self.snapshot), Arc::clone(&self.turns), questions)));
        }
        let keys = self.unread(self.records.take_wanted());
        if !keys.is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move { reader.read(keys).await }));
        }
        for (question, keys) in grouped(self.neighbours.take_wanted()) {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.neighbours(&keys, &question).await;
                let keys = keys.into_iter().map(|key| (key, Arc::clone(&question))).collect();
                reader.neighbours.settle_all(keys, answers.map(|answers| answers.into_iter().map(Arc::new).collect()));
            }));
        }
        for (page, keys) in grouped(self.histories.take_wanted()) {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.history(&keys, page.before, page.first).await;
                let keys = keys.into_iter().map(|key| (key, page.clone())).collect();
                reader.histories.settle_all(keys, answers.map(|answers| answers.into_iter().map(Arc::new).collect()));
            }));
        }
        let keys = self.history_counts.take_wanted();
        if !keys.is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answers = reader.store.history_counts(&keys).await;
                reader.history_counts.settle_all(keys, answers);
            }));
        }
        for kind in self.kinds.take_wanted() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answer = all_of(&*reader.store, kind).await;
                reader.kinds.settle_all(vec![kind], answer.map(|records| vec![Arc::new(records)]));
            }));
        }
        if !self.revision.take_wanted().is_empty() {
            let reader = Arc::clone(self);
            batches.push(Box::pin(async move {
                let answer = reader.store.revision().await;
                reader.revision.settle_all(vec![()], answer.map(|revision| vec![revision]));
            }));
        }
        batches
    }
}

impl Reader {
    /// Settles the records that others have read; gives those that are to be read.
    fn unread(&self, keys: Vec<RecordRef>) -> Vec<RecordRef> {
        let revision = self.snapshot.revision();
        let (mut known, mut unread) = (Vec::new(), Vec::new());
        for key in keys {
            match self.kept.get(revision, &key) {
                Some(stored) => known.push((key, Ok(Some(stored)))),
                None => unread.push(key),
            }
        }
        self.records.settle(known);
        unread
    }

    async fn read(&self, keys: Vec<RecordRef>) {
        let answers = self.store.records(&keys).await;
        let shared = answers.map(|answers| answers.into_iter().map(|stored| stored.map(Arc::new)).collect::<Vec<_>>());
        for (key, stored) in keys.iter().zip(shared.iter().flatten()) {
            if let Some(stored) = stored {
                self.kept.keep(self.snapshot.revision(), key, stored);
            }
        }
        self.records.settle_all(keys, shared);
    }
}

/// Asks the index, in turn with other requests. A request that is given up meanwhile leaves its questions unanswered.
async fn ask(snapshot: Arc<Snapshot>, turns: Arc<Semaphore>, questions: Vec<Question>) {
    let turn = turns.acquire_owned().await.unwrap_or_else(|_| unreachable!("nobody ends the turns"));
    let answering = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        for question in questions {
            question(&snapshot);
        }
    });
    if let Err(Ok(panic)) = answering.await.map_err(tokio::task::JoinError::try_into_panic) {
        std::panic::resume_unwind(panic);
    }
}

/// Reads a kind whole.
async fn all_of(store: &dyn GraphStore, kind: RecordKind) -> Result<Vec<Arc<Stored>>, StoreError> {
    let mut records = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store.page(kind, after.as_deref(), BATCH).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        records.extend(page.items.into_iter().filter(|stored| stored.withdrawn.is_none()).map(Arc::new));
        if !page.has_more || after.is_none() {
            return Ok(records);
        }
    }
}

/// Puts together those about which the same is asked, in the order in which it was wanted.
fn grouped<K, Q: Eq + Hash + Clone>(wanted: Vec<(K, Q)>) -> Vec<(Q, Vec<K>)> {
    let mut places: HashMap<Q, usize> = HashMap::new();
    let mut groups: Vec<(Q, Vec<K>)> = Vec::new();
    for (reference, question) in wanted {
        let place = *places.entry(question.clone()).or_insert_with(|| {
            groups.push((question, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(reference);
    }
    groups
}

/// Wakes the request, and remembers that it did. An execution that is not at its end for now, but has only paused amid a long
/// list, as the library's futures do, has woken itself: whatever it is going to want is not all wanted yet.
struct Relay {
    is_woken: AtomicBool,
    outer: AtomicWaker,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::Release);
        self.outer.wake();
    }
}

/// Runs the execution of a request, answering what it wants level by level. All of it is dropped with this future: a request
/// that is given up asks nothing more.
pub async fn answer<T>(reader: Arc<Reader>, execution: impl Future<Output = T>) -> T {
    let mut execution = pin!(execution);
    let mut batches: FuturesUnordered<BoxFuture<'static, ()>> = FuturesUnordered::new();
    let relay = Arc::new(Relay { is_woken: AtomicBool::new(false), outer: AtomicWaker::new() });
    let waker = Waker::from(Arc::clone(&relay));
    poll_fn(|context| {
        loop {
            // All of a level's answers come in before the execution goes on, so that the next level is one batch again.
            while !batches.is_empty() {
                if batches.poll_next_unpin(context).is_pending() {
                    return Poll::Pending;
                }
            }
            relay.outer.register(context.waker());
            relay.is_woken.store(false, Ordering::Release);
            if let Poll::Ready(answered) = execution.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Poll::Ready(answered);
            }
            if relay.is_woken.load(Ordering::Acquire) {
                continue;
            }
            batches.extend(reader.batches());
            // What others have read is there at once.
            if batches.is_empty() && !relay.is_woken.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
    })
    .await
}
