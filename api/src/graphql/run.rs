//! Imports: how far they are, and what they found.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use maillage_graph_schema::model::{self, RecordKey as _, RunDiagnostic, SourceKey};
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::runs::kept;

use super::connection::{self, Cursor, Slice, connection};
use super::error::OrTell as _;
use super::id;
use super::lists::label::Spoken;
use super::record::{self, reader};
use super::scalar::{DateTime, Language, int};
use super::source::Source;
use super::value::text;

/// How far an import is, and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::RunState")]
pub enum ImportState {
    /// It goes on.
    Running,
    /// What the source holds is in the graph.
    Succeeded,
    /// The source could not be read, or the graph not be written; what was applied until then stays.
    Failed,
    /// So many records would have been withdrawn that a person must confirm it; nothing was changed.
    Held,
}

/// What made an import begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::RunCause")]
pub enum ImportCause {
    /// Somebody gave the command.
    Command,
    /// The schedule of the source.
    Schedule,
    /// A start of the service with content that was new to it.
    Start,
    /// The partner's forge told of a change.
    Webhook,
}

/// How grave something about a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_graph_schema::model::Severity")]
pub enum Severity {
    /// The file is left out; its last valid version stays.
    Error,
    /// The file is taken up, without something in it.
    Warning,
    /// Nothing is lost.
    Note,
}

/// An import of a source. The newest 20 of each source are kept.
#[derive(Debug, Clone)]
pub struct ImportRun(Arc<model::ImportRun>);

impl ImportRun {
    /// Shows a run.
    pub fn of(run: Arc<model::ImportRun>) -> Self {
        Self(run)
    }

    pub(super) async fn id(&self, _context: &Context<'_>) -> async_graphql::Result<ID> {
        Ok(id::of_run(&self.0.key))
    }
}

/// An import of a source. The newest 20 of each source are kept.
#[Object]
impl ImportRun {
    /// An opaque id, stable and unique over all kinds: pass it to `node`.
    #[graphql(name = "id")]
    async fn node_id(&self) -> ID {
        id::of_run(&self.0.key)
    }

    /// The source.
    async fn source(&self, context: &Context<'_>) -> async_graphql::Result<Source> {
        record::required(context, self.0.key.source.reference()).await
    }

    /// How far it is, and how it ended.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// What made it begin.
    async fn cause(&self) -> ImportCause {
        self.0.cause.into()
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.key.started_at)
    }

    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// The commit that was read.
    async fn commit(&self) -> Option<String> {
        text(self.0.commit.as_ref())
    }

    /// How far it is, while it runs.
    async fn progress(&self) -> async_graphql::Result<Option<ImportProgress>> {
        let Some(progress) = &self.0.progress else { return Ok(None) };
        let total = progress.total.map(int).transpose()?;
        Ok(Some(ImportProgress { stage: progress.stage.to_string(), done: int(progress.done)?, total }))
    }

    /// What it found and did.
    async fn counts(&self) -> ImportCounts {
        ImportCounts(Arc::clone(&self.0))
    }

    /// Why it failed or is held, in English; null if it did not. What a failure says of addresses and files is for the operator's
    /// log alone.
    async fn problem(&self) -> Option<&'static str> {
        match self.0.state {
            model::RunState::Failed => Some("the source could not be read, or the graph not be written"),
            model::RunState::Held => Some("so many records are gone from the source that a person must confirm it"),
            model::RunState::Running | model::RunState::Succeeded => None,
        }
    }

    /// What is to be said about files, errors first; of very many the gravest are kept (`counts` has them all). Without personal
    /// data.
    async fn diagnostics(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this severity.")] severity: Option<Severity>,
        #[graphql(desc = "Only about this file.")] path: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<DiagnosticConnection> {
        let found = reader(context).diagnostics(self.0.key.clone()).await.or_tell()?;
        let wanted = |diagnostic: &&RunDiagnostic| {
            kept::is_said(diagnostic)
                && severity.is_none_or(|severity| Severity::from(diagnostic.severity) == severity)
                && path.as_ref().is_none_or(|path| diagnostic.path == *path)
        };
        let wanted = found.iter().filter(wanted).cloned().map(Diagnostic);
        Ok(Slice::of_list(wanted, first, after.as_deref())?.into())
    }
}

/// How far an import is.
#[derive(Debug, Clone, SimpleObject)]
pub struct ImportProgress {
    /// What is being done: fetching, reading, comparing, applying.
    stage: String,
    /// How many steps of it are done.
    done: i32,
    /// How many it has; null if that is not known.
    total: Option<i32>,
}

/// What an import found and did.
#[derive(Debug, Clone)]
pub struct ImportCounts(Arc<model::ImportRun>);

/// What an import found and did.
#[Object]
impl ImportCounts {
    /// Files in the source; of a file of many records, each of these in its place.
    async fn files(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.files)
    }

    /// Initiatives added.
    #[graphql(name = "new")]
    async fn added(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.new)
    }

    /// Initiatives changed.
    async fn changed(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.changed)
    }

    /// Initiatives that are as they were.
    async fn unchanged(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.unchanged)
    }

    /// Initiatives that are gone from the source.
    async fn withdrawn(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.withdrawn)
    }

    /// Files that ought to give a record and cannot.
    async fn invalid(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.invalid)
    }

    /// Files left aside.
    async fn skipped(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.skipped.values().sum::<u64>())
    }

    /// Why files were left aside.
    async fn skipped_why(&self) -> async_graphql::Result<Vec<SkippedFiles>> {
        let skipped = self.0.counts.skipped.iter();
        skipped.map(|(why, count)| Ok(SkippedFiles { why: why.to_string(), count: int(*count)? })).collect()
    }

    /// How many errors there are about files.
    async fn errors(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.errors)
    }

    /// How many warnings.
    async fn warnings(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.warnings)
    }

    /// How many notes.
    async fn notes(&self) -> async_graphql::Result<i32> {
        int(self.0.counts.notes)
    }
}

/// Files that were left aside for one reason.
#[derive(Debug, Clone, SimpleObject)]
pub struct SkippedFiles {
    /// The reason: `not-selected`, `empty`, `symbolic-link` …
    why: String,
    /// How many files.
    count: i32,
}

/// Something about a file.
#[derive(Debug, Clone)]
pub struct Diagnostic(RunDiagnostic);

impl Diagnostic {
    fn said(&self) -> Option<maillage_importer::diagnostic::Diagnostic> {
        kept::restore(&self.0)
    }
}

/// The language in which something is said.
fn language(context: &Context<'_>, lang: Option<&Language>) -> ReportLanguage {
    if Spoken::of(context, lang).tag() == "fr" { ReportLanguage::French } else { ReportLanguage::English }
}

/// Something about a file.
#[Object]
impl Diagnostic {
    /// What is wrong, by a code that is stable for ever, such as `missing-title`.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// How grave it is.
    async fn severity(&self) -> Severity {
        self.0.severity.into()
    }

    /// The file, from the root of the source; empty if it is about the source as a whole.
    async fn path(&self) -> &str {
        &self.0.path
    }

    /// Which of the records of the file, if the file holds many: its key, its title, or its number.
    async fn entry(&self) -> Option<&str> {
        self.0.entry.as_deref()
    }

    /// The line, from 1.
    async fn line(&self) -> async_graphql::Result<Option<i32>> {
        self.0.line.map(int).transpose()
    }

    /// The column in characters, from 1.
    async fn column(&self) -> async_graphql::Result<Option<i32>> {
        self.0.column.map(int).transpose()
    }

    /// The line itself, or its beginning.
    async fn excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }

    /// The field, as the file names it.
    async fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The value that it is about.
    async fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// What is wrong, in a sentence.
    async fn message(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language, French or English; that of the request's header `Accept-Language` unless told.")]
        lang: Option<Language>,
    ) -> String {
        let language = language(context, lang.as_ref());
        // What only a newer version of the program says has at least its code.
        self.said().map_or_else(|| self.0.code.to_string(), |said| said.message(language))
    }

    /// What to do about it.
    async fn hint(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language, French or English; that of the request's header `Accept-Language` unless told.")]
        lang: Option<Language>,
    ) -> Option<String> {
        self.said()?.hint(language(context, lang.as_ref()))
    }
}

connection!(
    /// Imports, newest first.
    ImportRunConnection,
    /// An import, with its cursor.
    ImportRunEdge,
    ImportRun
);

connection!(
    /// What is to be said about files.
    DiagnosticConnection,
    /// Something about a file, with its cursor.
    DiagnosticEdge,
    Diagnostic
);

/// The last run of a source.
pub(super) async fn last(context: &Context<'_>, source: &SourceKey) -> async_graphql::Result<Option<ImportRun>> {
    let page = reader(context).runs_of(source.clone(), None, 1).await.or_tell()?;
    Ok(page.items.first().map(|run| ImportRun(Arc::new(run.clone()))))
}

/// A page of the runs of a source, newest first.
pub(super) async fn page(
    context: &Context<'_>,
    source: &SourceKey,
    first: Option<i32>,
    after: Option<&str>,
) -> async_graphql::Result<ImportRunConnection> {
    let size = connection::page_size(first)?;
    let before = connection::after(after, |cursor| match cursor {
        Cursor::Run(started_at) => Some(started_at),
        _ => None,
    })?;
    let reader = reader(context);
    let count =
        async { if connection::is_counted(context) { reader.run_count(source.clone()).await.map(Some) } else { Ok(None) } };
    let (page, total) = futures::try_join!(reader.runs_of(source.clone(), before, size), count).or_tell()?;
    let items = page.items.iter().map(|run| (Cursor::Run(run.key.started_at), ImportRun(Arc::new(run.clone())))).collect();
    Ok(Slice { items, has_more: page.has_more, has_previous: before.is_some(), total }.into())
}
