//! The questions that the index answers.

use async_graphql::{Context, ID, Object};
use maillage_explore::{AreaQuestion, OrganisationQuestion, Snapshot};

use super::filter::{BoundingBoxInput, InitiativeFilter, InitiativeOrder, TownFilter};
use super::initiatives::{InitiativeConnection, cluster, initiatives};
use super::map::{MapView, map};
use super::page::{Listing, Paging, at_field, in_filter};
use super::search::{SearchConnection, SearchIn, search};
use crate::graphql::area::AreaConnection;
use crate::graphql::organisation::OrganisationConnection;
use crate::graphql::town::TownConnection;
use crate::graphql::value::{AreaKind, OrganisationRole};

/// What can be asked of the index.
#[derive(Default)]
pub struct ListQuery;

/// What can be asked of the index.
#[Object]
impl ListQuery {
    /// Initiatives, by any combination of conditions.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which; all unless told.")] filter: Option<InitiativeFilter>,
        #[graphql(desc = "In which order; `RELEVANCE` unless told.")] order_by: Option<InitiativeOrder>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        initiatives(context, None, filter, order_by, Paging { first, after, last, before }).await
    }

    /// One search over initiatives, towns, topics and organisations: what goes by the name that was typed first, then what the
    /// text is found in. Anything is a search: `"several words"` stand together, `-word` must not stand anywhere; accents,
    /// plurals and small mistakes are forgiven.
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is looked for.")] text: String,
        #[graphql(name = "in", desc = "Only among these; among all unless told.")] kinds: Option<Vec<SearchIn>>,
        #[graphql(desc = "Which initiatives; says nothing of the others.")] filter: Option<InitiativeFilter>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<SearchConnection> {
        search(context, text, kinds, filter, Paging { first, after, last, before }).await
    }

    /// Initiatives on a map: clusters and pins, never more than 200 together.
    async fn map(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What the map shows.")] bounds: BoundingBoxInput,
        #[graphql(desc = "How close it is looked at, as web maps count: 0 is the whole world on one tile, at most 22.")]
        zoom: i32,
        #[graphql(desc = "Which initiatives; all unless told.")] filter: Option<InitiativeFilter>,
    ) -> async_graphql::Result<MapView> {
        map(context, bounds, zoom, filter).await
    }

    /// What a cluster of the map holds, the last modified first; null once the graph has moved on.
    async fn cluster(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The cluster's id, as the map gave it.")] id: ID,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<InitiativeConnection>> {
        cluster(context, id.0, Paging { first, after, last, before }).await
    }

    /// Towns: those whose name fits best first, else the nearest to the filter's point, else the larger first.
    async fn towns(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which; all unless told.")] filter: Option<TownFilter>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<TownConnection> {
        let question = filter.unwrap_or_default().into_question()?;
        let request = Paging { first, after, last, before }.request()?;
        Ok(Listing::ask(context, question, request, Snapshot::towns, Snapshot::count_towns, in_filter).await?.into())
    }

    /// Intercommunalities, departments, regions, countries, by name.
    async fn areas(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this level; of all unless told.")] kind: Option<AreaKind>,
        #[graphql(desc = "Only somewhere in this area, by its key.")] within: Option<String>,
        #[graphql(desc = "Only with these words in the name, the last perhaps only begun; or with this code.")] name: Option<
            String,
        >,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<AreaConnection> {
        let question = AreaQuestion { kind: kind.map(Into::into), within, name };
        let request = Paging { first, after, last, before }.request()?;
        Ok(Listing::ask(context, question, request, Snapshot::areas, Snapshot::count_areas, at_field).await?.into())
    }

    /// Organisations, by name.
    async fn organisations(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only with these words in one of its names, the last perhaps only begun.")] name: Option<String>,
        #[graphql(desc = "Only with this role in an initiative; all unless told.")] role: Option<OrganisationRole>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<OrganisationConnection> {
        let question = OrganisationQuestion { name, role: role.map(Into::into) };
        let request = Paging { first, after, last, before }.request()?;
        let count = |snapshot: &Snapshot, question: &OrganisationQuestion| Ok(snapshot.count_organisations(question));
        Ok(Listing::ask(context, question, request, Snapshot::organisations, count, at_field).await?.into())
    }
}
