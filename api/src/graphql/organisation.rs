//! Who carries, funds, joins or supplies initiatives.

use async_graphql::{Context, Object};
use maillage_graph_schema::model::{self, Direction, RecordKey as _, Relation};

use super::initiative::{Initiative, InitiativeConnection};
use super::record::{self, RecordFields, RecordType as _, record_type};
use super::value::{OrganisationRole, text, texts};

record_type!(Organisation);

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

    /// The initiatives that it has a part in, in the order of their keys.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only those in which it has this role; all unless told.")] role: Option<OrganisationRole>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        let side = (Relation::Involves, Direction::In);
        let Some(role) = role else {
            return Ok(record::neighbours(context, &self.reference(), side, first, after.as_deref()).await?.into());
        };
        let (key, role) = (&self.record().key, model::OrganisationRole::from(role));
        let is_wanted = |initiative: &Initiative| initiative.involves(key, role);
        Ok(record::chosen_neighbours(context, &self.reference(), side, first, after.as_deref(), is_wanted).await?.into())
    }
}
