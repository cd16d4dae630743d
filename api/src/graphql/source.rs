//! Where records come from.

use async_graphql::{Context, Object};
use maillage_explore::question::Scope;

use super::lists::filter::{InitiativeFilter, InitiativeOrder};
use super::lists::initiatives::{InitiativeConnection, initiatives};
use super::lists::page::Paging;
use super::record::{RecordFields, record_type};
use super::run::{self, ImportRun, ImportRunConnection};
use super::scalar::Language;
use super::value::{Licence, SourceKind, text};

record_type!(Source);

impl Source {
    pub(super) fn name_text(&self) -> &str {
        self.record().name.as_str()
    }
}

/// A partner's repository, a folder, a published table.
#[Object]
impl Source {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.record().name.as_str()
    }

    /// How it is read.
    async fn kind(&self) -> SourceKind {
        self.record().kind.into()
    }

    /// Where people find it.
    async fn address(&self) -> Option<String> {
        text(self.record().address.as_ref())
    }

    /// What it is.
    async fn description(&self) -> Option<String> {
        text(self.record().description.as_ref())
    }

    /// The language of its records where they do not say.
    async fn lang(&self) -> Option<Language> {
        self.record().language.clone().map(Language)
    }

    /// The licence of its records where they do not say; null if unknown.
    async fn licence(&self) -> Option<Licence> {
        self.record().licence.as_ref().map(Into::into)
    }

    /// The initiatives that come from it.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which of them; all unless told.")] filter: Option<InitiativeFilter>,
        #[graphql(desc = "In which order; `RELEVANCE` unless told.")] order_by: Option<InitiativeOrder>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        let scope = Scope::Source(self.record().key.to_string());
        initiatives(context, Some(scope), filter, order_by, Paging { first, after, last, before }).await
    }

    /// Its last import; null if none was made yet.
    async fn last_run(&self, context: &Context<'_>) -> async_graphql::Result<Option<ImportRun>> {
        run::last(context, &self.record().key).await
    }

    /// Its imports, newest first; the newest 20 are kept.
    async fn runs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<ImportRunConnection> {
        run::page(context, &self.record().key, first, after.as_deref()).await
    }
}
