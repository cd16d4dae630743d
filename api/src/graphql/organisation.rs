//! Who carries, funds, joins or supplies initiatives.

use async_graphql::{Context, Object};
use maillage_explore::question::Scope;
use maillage_graph_schema::model::{self, RecordKey as _};

use super::lists::filter::{InitiativeFilter, InitiativeOrder};
use super::lists::initiatives::{InitiativeConnection, initiatives};
use super::lists::page::{Paging, listing};
use super::record::{self, RecordFields, record_type};
use super::value::{OrganisationRole, text, texts};

record_type!(Organisation);

impl Organisation {
    /// What it is called.
    pub(super) fn names(&self) -> Vec<(Option<String>, String)> {
        let others = self.record().other_names.iter().map(ToString::to_string);
        std::iter::once(self.record().name.to_string()).chain(others).map(|name| (None, name)).collect()
    }

    pub(super) fn name_text(&self) -> &str {
        self.record().name.as_str()
    }
}

/// A town hall, an association, a ministry, a company.
#[Object]
impl Organisation {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.record().name.as_str()
    }

    /// Acronyms and other names by which sources call it.
    async fn other_names(&self) -> Vec<String> {
        texts(&self.record().other_names)
    }

    /// Its own pages.
    async fn website(&self) -> Option<String> {
        text(self.record().website.as_ref())
    }

    /// The organisation that it is a part of.
    async fn part_of(&self, context: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        match &self.record().part_of {
            Some(parent) => record::present(context, parent.reference()).await,
            None => Ok(None),
        }
    }

    /// The organisations that it replaced.
    async fn supersedes(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Organisation>> {
        record::all(context, self.record().supersedes.iter().map(model::RecordKey::reference)).await
    }

    /// The initiatives that it has a part in.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those in which it has this role; all unless told.")] role: Option<OrganisationRole>,
        #[graphql(desc = "Which of them; all unless told.")] filter: Option<InitiativeFilter>,
        #[graphql(desc = "In which order; `RELEVANCE` unless told.")] order_by: Option<InitiativeOrder>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        let scope = Scope::Organisation(self.record().key.to_string(), role.map(Into::into));
        initiatives(context, Some(scope), filter, order_by, Paging { first, after, last, before }).await
    }
}

listing!(
    /// Organisations, by page.
    OrganisationConnection,
    /// An organisation, with its cursor.
    OrganisationEdge,
    Organisation
);
