//! The whole graph as lines of JSON, and back.
//!
//! An export is the log of the changes: a first line that says what it is and how many revisions it holds, so that one cut
//! short is known for what it is; then for each revision a line about it and a line for each record as that revision left it. Reading it back applies the same change sets in the same order, so keys,
//! history, dates and revisions come out equal on any store, and an import that was broken off goes on where it stopped.
//! Whoever wants the present state alone keeps the last line of each record.
//!
//! ```text
//! {"maillage":"export","revisions":1,"version":1}
//! {"revision":1,"id":"…","at":"2026-11-24T02:26:03.000Z","by":"…","why":"…","operations":2}
//! {"kind":"town","record":{"key":"insee:47001","name":"Agen",…}}
//! {"kind":"initiative","key":"agen-wifi","withdrawn":{"at":…,"why":…}}
//! ```

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, Write};

use serde_json::{Map, Value, json};

use crate::change::{self, ChangeSet, Expected, FieldChange, Operation};
use crate::document::{self, Document};
use crate::model::{Instant, Record, RecordKind, RecordRef, Text, Withdrawal};
use crate::store::{Change, ChangeCursor, GraphStore, Revision, RevisionRecord, StoreError};

/// The version of the format.
const VERSION: u64 = 1;

/// How many records are read from the store at a time.
const BATCH: usize = 500;

/// The longest line that is read, in bytes: far above any record, far below what would exhaust a small machine.
const LONGEST_LINE: u64 = 64 << 20;

/// Why an export could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot write the export: {0}")]
    Write(std::io::Error),
    #[error("cannot read the export: line {line}: {problem}")]
    Read { line: usize, problem: String },
    #[error(
        "the store holds revision {found}, which is not one of this export: an export is read into an empty store, or into the one that it was being read into"
    )]
    NotEmpty { found: Revision },
}

/// What an export or an import moved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    pub revisions: u64,
    /// Lines about records: a record counts once for each revision that changed it.
    pub records: u64,
}

/// Writes everything up to the present revision. What changes meanwhile is left out.
pub async fn write(
    store: &dyn GraphStore,
    mut output: impl Write + Send,
    mut progress: impl FnMut(Moved) + Send,
) -> Result<Moved, ExportError> {
    let last = store.revision().await?;
    let mut moved = Moved::default();
    write_line(&mut output, &json!({ "maillage": "export", "revisions": last, "version": VERSION }))?;
    let mut log = Log::new(store);
    let mut done: Revision = 0;
    while done < last {
        let revisions = store.revisions(done, BATCH).await?.items;
        if revisions.is_empty() {
            let problem = format!("the log ends after revision {done}");
            return Err(StoreError::Inconsistent { what: format!("revision {last}"), problem }.into());
        }
        for revision in revisions.into_iter().take_while(|revision| revision.number <= last) {
            done = revision.number;
            let changed = log.changed_by(done).await?;
            write_revision(store, &revision, &changed, &mut output).await?;
            moved.revisions += 1;
            moved.records += changed.len() as u64;
            progress(moved);
        }
    }
    output.flush().map_err(ExportError::Write)?;
    Ok(moved)
}

async fn write_revision(
    store: &dyn GraphStore,
    revision: &RevisionRecord,
    changed: &[RecordRef],
    output: &mut (impl Write + Send),
) -> Result<(), ExportError> {
    let mut header = Map::from_iter([
        ("revision".to_owned(), json!(revision.number)),
        ("id".to_owned(), json!(revision.id.as_str())),
        ("at".to_owned(), json!(revision.at.to_string())),
        ("by".to_owned(), json!(revision.by.as_str())),
        ("operations".to_owned(), json!(changed.len())),
    ]);
    if let Some(why) = &revision.why {
        header.insert("why".to_owned(), json!(why.as_str()));
    }
    write_line(output, &Value::Object(header))?;
    for references in changed.chunks(BATCH) {
        for (reference, stored) in references.iter().zip(store.records(references).await?) {
            let stored = stored.ok_or_else(|| StoreError::Inconsistent {
                what: reference.to_string(),
                problem: "has a history and no record".to_owned(),
            })?;
            let (record, withdrawn) = if stored.revision > revision.number {
                state_at(store, reference, &stored.record, stored.withdrawn.as_ref(), revision.number).await?
            } else {
                (stored.record, stored.withdrawn)
            };
            write_line(output, &record_line(&record, withdrawn.as_ref()))?;
        }
    }
    Ok(())
}

/// The changes of a store, read once from first to last however many revisions they are of.
struct Log<'a> {
    store: &'a dyn GraphStore,
    ahead: VecDeque<Change>,
    after: Option<ChangeCursor>,
    has_more: bool,
}

impl<'a> Log<'a> {
    const fn new(store: &'a dyn GraphStore) -> Self {
        Self { store, ahead: VecDeque::new(), after: None, has_more: true }
    }

    /// The records that a revision changed; asked for one revision after the other.
    async fn changed_by(&mut self, revision: Revision) -> Result<Vec<RecordRef>, StoreError> {
        let mut changed = Vec::new();
        loop {
            if self.ahead.is_empty() && self.has_more {
                let page = self.store.changes(0, self.after.as_ref(), 10 * BATCH).await?;
                self.after = page
                    .items
                    .last()
                    .map(|last| ChangeCursor { revision: last.revision, reference: last.reference.clone() })
                    .or_else(|| self.after.take());
                self.has_more = page.has_more;
                self.ahead = page.items.into();
            }
            match self.ahead.pop_front() {
                Some(change) if change.revision <= revision => changed.push(change.reference),
                Some(change) => {
                    self.ahead.push_front(change);
                    return Ok(changed);
                }
                None => return Ok(changed),
            }
        }
    }
}

/// A record as a revision left it.
async fn state_at(
    store: &dyn GraphStore,
    reference: &RecordRef,
    record: &Record,
    withdrawn: Option<&Withdrawal>,
    revision: Revision,
) -> Result<(Record, Option<Withdrawal>), StoreError> {
    let mut later: Vec<Vec<FieldChange>> = Vec::new();
    let mut before = None;
    'pages: loop {
        let page = store.history(std::slice::from_ref(reference), before, BATCH).await?.pop();
        let Some(page) = page else { break };
        for entry in page.items {
            if entry.revision.number <= revision {
                break 'pages;
            }
            before = Some(entry.revision.number);
            later.push(entry.changes);
        }
        if !page.has_more {
            break;
        }
    }
    change::rewind(record, withdrawn, later.iter().map(Vec::as_slice))
        .map_err(|error| StoreError::Inconsistent { what: format!("the history of {reference}"), problem: error.to_string() })
}

/// A withdrawal leaves the record as it was, so its line says only that.
fn record_line(record: &Record, withdrawn: Option<&Withdrawal>) -> Value {
    let reference = record.reference();
    match withdrawn {
        None => json!({ "kind": reference.kind().as_str(), "record": document::from_record(record) }),
        Some(withdrawal) => json!({
            "kind": reference.kind().as_str(),
            "key": reference.key(),
            "withdrawn": document::from_withdrawal(withdrawal),
        }),
    }
}

fn write_line(output: &mut impl Write, value: &Value) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *output, value).map_err(|error| ExportError::Write(error.into()))?;
    output.write_all(b"\n").map_err(ExportError::Write)
}

/// Reads an export into an empty store, or into one that it was being read into.
pub async fn read(
    store: &dyn GraphStore,
    input: impl BufRead + Send,
    mut progress: impl FnMut(Moved) + Send,
) -> Result<Moved, ExportError> {
    let held: HashMap<Revision, Text> = held_revisions(store).await?;
    let mut lines = Lines { input, number: 0 };
    let revisions = read_first_line(&mut lines)?;
    let mut moved = Moved::default();
    while let Some(header) = lines.next_object()? {
        let header_line = lines.number;
        let (number, change_set) = read_change_set(&header, &mut lines)?;
        match held.get(&number) {
            Some(id) if *id != change_set.id => return Err(ExportError::NotEmpty { found: number }),
            _ if number != moved.revisions + 1 => {
                let problem = format!("revision {number} stands where {} should", moved.revisions + 1);
                return Err(ExportError::Read { line: header_line, problem });
            }
            Some(_) => {}
            None => apply(store, &change_set, number, header_line).await?,
        }
        moved.revisions += 1;
        moved.records += change_set.operations.len() as u64;
        progress(moved);
    }
    if moved.revisions != revisions {
        return Err(lines.error(format!("the export ends after revision {} of {revisions}", moved.revisions)));
    }
    if let Some(found) = held.keys().copied().filter(|held| *held > moved.revisions).min() {
        return Err(ExportError::NotEmpty { found });
    }
    Ok(moved)
}

async fn apply(store: &dyn GraphStore, change_set: &ChangeSet, number: Revision, line: usize) -> Result<(), ExportError> {
    let applied = store.apply(change_set).await.map_err(|error| match error {
        StoreError::Conflict(conflict) => {
            ExportError::Read { line, problem: format!("revision {number} does not fit: {conflict}") }
        }
        other => other.into(),
    })?;
    if applied.revision != number || applied.changed == 0 {
        let problem =
            format!("revision {number} came out as {}: it changes nothing, or the store was changed meanwhile", applied.revision);
        return Err(ExportError::Read { line, problem });
    }
    Ok(())
}

async fn held_revisions(store: &dyn GraphStore) -> Result<HashMap<Revision, Text>, StoreError> {
    let mut held = HashMap::new();
    let mut since = 0;
    loop {
        let page = store.revisions(since, BATCH).await?;
        since = page.items.last().map_or(since, |revision| revision.number);
        held.extend(page.items.into_iter().map(|revision| (revision.number, revision.id)));
        if !page.has_more {
            return Ok(held);
        }
    }
}

struct Lines<R> {
    input: R,
    number: usize,
}

impl<R: BufRead> Lines<R> {
    fn error(&self, problem: impl Into<String>) -> ExportError {
        ExportError::Read { line: self.number, problem: problem.into() }
    }

    fn next_object(&mut self) -> Result<Option<Document>, ExportError> {
        use std::io::Read as _;
        let mut line = Vec::new();
        self.number += 1;
        self.input
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)
            .map_err(|error| ExportError::Read { line: self.number, problem: error.to_string() })?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            return Err(self.error(format!("is longer than {} MiB", LONGEST_LINE >> 20)));
        }
        serde_json::from_slice(&line).map(Some).map_err(|error| self.error(format!("is not a JSON object: {error}")))
    }
}

/// Reads how many revisions the export holds.
fn read_first_line(lines: &mut Lines<impl BufRead>) -> Result<u64, ExportError> {
    let first = lines.next_object()?.unwrap_or_default();
    if first.get("maillage") != Some(&json!("export")) {
        return Err(lines.error("is not the first line of an export: expected {\"maillage\":\"export\",…}"));
    }
    match first.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) => return Err(lines.error(format!("the export is of version {version}, this program reads {VERSION}"))),
        None => return Err(lines.error("field version is missing or not readable")),
    }
    first.get("revisions").and_then(Value::as_u64).ok_or_else(|| lines.error("field revisions is missing or not readable"))
}

fn read_change_set(header: &Document, lines: &mut Lines<impl BufRead>) -> Result<(Revision, ChangeSet), ExportError> {
    let number_of = |name: &str| header.get(name).and_then(Value::as_u64);
    let text_of = |name: &str| header.get(name).and_then(Value::as_str);
    let missing =
        |name: &str| ExportError::Read { line: lines.number, problem: format!("field {name} is missing or not readable") };
    let revision = number_of("revision").ok_or_else(|| missing("revision"))?;
    let id = text_of("id").and_then(|id| id.parse::<Text>().ok()).ok_or_else(|| missing("id"))?;
    let at = text_of("at").and_then(|at| at.parse::<Instant>().ok()).ok_or_else(|| missing("at"))?;
    let by = text_of("by").and_then(|by| by.parse::<Text>().ok()).ok_or_else(|| missing("by"))?;
    let why = match header.get("why") {
        None => None,
        Some(_) => Some(text_of("why").and_then(|why| why.parse::<Text>().ok()).ok_or_else(|| missing("why"))?),
    };
    let count = number_of("operations").ok_or_else(|| missing("operations"))?;
    let mut operations = Vec::new();
    for _ in 0..count {
        let Some(line) = lines.next_object()? else {
            return Err(lines.error(format!("the export ends within revision {revision}")));
        };
        operations.push(read_operation(&line, at).map_err(|problem| lines.error(problem))?);
    }
    Ok((revision, ChangeSet { id, at, by, why, operations }))
}

fn read_operation(line: &Document, at: Instant) -> Result<Operation, String> {
    let kind: RecordKind = line
        .get("kind")
        .and_then(Value::as_str)
        .ok_or("field kind is missing")?
        .parse()
        .map_err(|error: crate::model::ValueError| error.to_string())?;
    if let Some(Value::Object(record)) = line.get("record") {
        return document::to_record(kind, record).map(Operation::put).map_err(|error| error.to_string());
    }
    let Some(Value::Object(withdrawn)) = line.get("withdrawn") else {
        return Err("has neither a record nor a withdrawal".to_owned());
    };
    let withdrawal = document::to_withdrawal(withdrawn).map_err(|error| error.to_string())?;
    if withdrawal.at != at {
        return Err(format!("is withdrawn at {}, in a revision of {at}", withdrawal.at));
    }
    let key = line.get("key").and_then(Value::as_str).ok_or("field key is missing")?;
    Ok(Operation::Withdraw {
        reference: RecordRef::parse(kind, key).map_err(|error| error.to_string())?,
        why: withdrawal.why,
        merged_into: withdrawal.merged_into,
        expected: Expected::Anything,
    })
}
