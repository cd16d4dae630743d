//! What towns belong to.

use async_graphql::{Context, Object};
use maillage_explore::question::{Scope, TownFilter};
use maillage_explore::{AreaQuestion, Snapshot};
use maillage_graph_schema::model::{self, AreaKey, RecordKey as _};

use super::lists::filter::{InitiativeFilter, InitiativeOrder};
use super::lists::initiatives::{InitiativeConnection, initiatives};
use super::lists::page::{Listing, Paging, listing};
use super::record::{self, RecordFields, record_type};
use super::town::TownConnection;
use super::value::{AreaKind, BoundingBox, text};

record_type!(Area);

impl Area {
    pub(super) fn name_text(&self) -> &str {
        self.record().name.as_str()
    }

    pub(super) fn kind_of_area(&self) -> model::AreaKind {
        self.record().key.area_kind()
    }

    /// The areas that it belongs to directly.
    pub(super) fn larger(&self) -> &[AreaKey] {
        &self.record().part_of
    }
}

/// How far a level is from a town, next to the others.
pub(super) const fn rank(kind: model::AreaKind) -> u8 {
    match kind {
        model::AreaKind::Intercommunality => 0,
        model::AreaKind::Department => 1,
        model::AreaKind::Other => 2,
        model::AreaKind::Region => 3,
        model::AreaKind::Country => 4,
    }
}

/// An intercommunality, a department, a region, a country: what towns belong to.
#[Object]
impl Area {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.record().name.as_str()
    }

    /// Its level.
    async fn kind(&self) -> AreaKind {
        self.kind_of_area().into()
    }

    /// The legal form of an intercommunality: `CC`, `CA`, `CU`, `METRO` …, as the official table has it.
    async fn form(&self) -> Option<String> {
        text(self.record().form.as_ref())
    }

    /// The nearest area that it belongs to.
    async fn part_of(&self, context: &Context<'_>) -> async_graphql::Result<Option<Area>> {
        match self.larger().iter().min_by_key(|larger| rank(larger.area_kind())) {
            Some(larger) => record::present(context, larger.reference()).await,
            None => Ok(None),
        }
    }

    /// What holds the points of all its towns.
    async fn bounds(&self) -> Option<BoundingBox> {
        self.record().bounds.map(Into::into)
    }

    /// The smaller areas in it, directly or further down, by name: the departments of a region, say.
    async fn areas(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only of this level; of all unless told.")] kind: Option<AreaKind>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<AreaConnection> {
        let question = AreaQuestion { kind: kind.map(Into::into), within: Some(self.record().key.to_string()), name: None };
        let request = Paging { first, after, last, before }.request()?;
        Ok(Listing::under(context, question, request, Snapshot::areas, Snapshot::count_areas).await?.into())
    }

    /// The towns in it, the larger first.
    async fn towns(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<TownConnection> {
        let question = TownFilter { areas: vec![self.record().key.to_string()], ..TownFilter::default() };
        let request = Paging { first, after, last, before }.request()?;
        Ok(Listing::under(context, question, request, Snapshot::towns, Snapshot::count_towns).await?.into())
    }

    /// The initiatives that run in it, in a smaller area or in a town of it.
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
        let scope = Scope::Area(self.record().key.to_string());
        initiatives(context, Some(scope), filter, order_by, Paging { first, after, last, before }).await
    }
}

listing!(
    /// Areas, by page.
    AreaConnection,
    /// An area, with its cursor.
    AreaEdge,
    Area
);
