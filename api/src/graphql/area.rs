//! What towns belong to.

use async_graphql::{Context, Object};
use maillage_graph_schema::model::{self, AreaKey, Direction, RecordKey as _, Relation};

use super::initiative::InitiativeConnection;
use super::record::{self, RecordFields, RecordType as _, record_type};
use super::town::TownConnection;
use super::value::{AreaKind, BoundingBox, text};

record_type!(Area);

impl Area {
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

    /// The smaller areas that belong to it directly, in the order of their keys: the departments of a region, say.
    async fn areas(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<AreaConnection> {
        let side = (Relation::PartOf, Direction::In);
        Ok(record::neighbours(context, &self.reference(), side, first, after.as_deref()).await?.into())
    }

    /// The towns that belong to it directly, in the order of their keys. Those of a French region are found through its
    /// departments.
    async fn towns(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<TownConnection> {
        let side = (Relation::PartOf, Direction::In);
        Ok(record::neighbours(context, &self.reference(), side, first, after.as_deref()).await?.into())
    }

    /// The initiatives that name the area itself as their place, in the order of their keys. Those that run in its towns are
    /// found through the towns.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        let side = (Relation::RunsIn, Direction::In);
        Ok(record::neighbours(context, &self.reference(), side, first, after.as_deref()).await?.into())
    }
}

super::connection::connection!(
    /// Areas, by page.
    AreaConnection,
    /// An area, with its cursor.
    AreaEdge,
    Area
);
