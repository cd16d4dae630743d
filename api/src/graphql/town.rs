//! Towns.

use async_graphql::{Context, Object};
use maillage_explore::question::Scope;
use maillage_graph_schema::model::{self, AreaKey, AreaKind, RecordKey as _};

use super::area::{Area, rank};
use super::lists::filter::{InitiativeFilter, InitiativeOrder};
use super::lists::initiatives::{InitiativeConnection, initiatives};
use super::lists::page::{Paging, listing};
use super::lists::similar::{self, SimilarTown, SimilarityWeightsInput};
use super::record::{self, RecordFields, RecordType as _, record_type};
use super::scalar::int;
use super::value::{Point, TownType, texts};

/// More levels than any country has.
const MOST_LEVELS: usize = 8;

record_type!(Town);

impl Town {
    /// What it is called, and was.
    pub(super) fn names(&self) -> Vec<(Option<String>, String)> {
        let former = self.record().former.iter().map(|former| former.name.to_string());
        std::iter::once(self.record().name.to_string()).chain(former).map(|name| (None, name)).collect()
    }

    /// The areas that it belongs to directly; for a municipal arrondissement without any, those of its commune.
    async fn direct_areas(&self, context: &Context<'_>) -> async_graphql::Result<Vec<AreaKey>> {
        match &self.record().parent {
            Some(parent) if self.record().part_of.is_empty() => {
                let commune: Self = record::required(context, parent.reference()).await?;
                Ok(commune.record().part_of.clone())
            }
            _ => Ok(self.record().part_of.clone()),
        }
    }

    /// Every area that it belongs to, nearest first, up to the first one of a kind if only that is wanted.
    async fn climb(&self, context: &Context<'_>, wanted: Option<AreaKind>) -> async_graphql::Result<Vec<Area>> {
        let mut keys = self.direct_areas(context).await?;
        let mut seen = keys.clone();
        let mut areas: Vec<Area> = Vec::new();
        for _ in 0..MOST_LEVELS {
            let is_wanted = |key: &AreaKey| wanted.is_some_and(|kind| key.area_kind() == kind);
            if let Some(found) = keys.iter().find(|key| is_wanted(key)) {
                return Ok(record::present(context, found.reference()).await?.into_iter().collect());
            }
            if keys.is_empty() {
                break;
            }
            let level: Vec<Area> = record::all(context, keys.iter().map(model::RecordKey::reference)).await?;
            keys = Vec::new();
            for larger in level.iter().flat_map(Area::larger) {
                if !seen.contains(larger) {
                    seen.push(larger.clone());
                    keys.push(larger.clone());
                }
            }
            areas.extend(level);
        }
        if wanted.is_some() {
            return Ok(Vec::new());
        }
        areas.sort_by_key(|area| rank(area.kind_of_area()));
        Ok(areas)
    }
}

/// A town, of whatever size.
#[Object]
impl Town {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// Its name.
    async fn name(&self) -> &str {
        self.record().name.as_str()
    }

    /// The names of the communes that were merged into it; their codes are among its aliases.
    async fn former_names(&self) -> Vec<String> {
        self.record().former.iter().map(|former| former.name.to_string()).collect()
    }

    /// What sort of town.
    #[graphql(name = "type")]
    async fn town_type(&self) -> TownType {
        self.record().town_type.into()
    }

    /// How many people live in it.
    async fn population(&self) -> async_graphql::Result<Option<i32>> {
        self.record().population.map(int).transpose()
    }

    /// Its postcodes.
    async fn postcodes(&self) -> Vec<String> {
        texts(&self.record().postcodes)
    }

    /// Where it is.
    async fn point(&self) -> Option<Point> {
        self.record().point.map(Into::into)
    }

    /// The commune of a municipal arrondissement.
    async fn parent(&self, context: &Context<'_>) -> async_graphql::Result<Option<Town>> {
        match &self.record().parent {
            Some(parent) => record::one(context, parent.reference()).await,
            None => Ok(None),
        }
    }

    /// Its department, in France.
    async fn department(&self, context: &Context<'_>) -> async_graphql::Result<Option<Area>> {
        Ok(self.climb(context, Some(AreaKind::Department)).await?.pop())
    }

    /// Its region, where one is known.
    async fn region(&self, context: &Context<'_>) -> async_graphql::Result<Option<Area>> {
        Ok(self.climb(context, Some(AreaKind::Region)).await?.pop())
    }

    /// Its country.
    async fn country(&self, context: &Context<'_>) -> async_graphql::Result<Area> {
        let country = self.climb(context, Some(AreaKind::Country)).await?.pop();
        country.ok_or_else(|| super::error::broken(&format!("{} is in no country", self.reference())))
    }

    /// Every area that it belongs to, nearest first.
    async fn areas(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Area>> {
        self.climb(context, None).await
    }

    /// The initiatives that run in it; a commune stands for its municipal arrondissements too.
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
        let scope = Scope::Town(self.record().key.to_string());
        initiatives(context, Some(scope), filter, order_by, Paging { first, after, last, before }).await
    }

    /// Towns like it, and why: by size, type, area and what is tried there; never by merit.
    async fn similar(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 0 to 100.", default = 10)] first: i32,
        #[graphql(desc = "How much each reason counts; as usual unless told.")] weights: Option<SimilarityWeightsInput>,
    ) -> async_graphql::Result<Vec<SimilarTown>> {
        similar::towns(context, self, first, weights).await
    }
}

listing!(
    /// Towns, by page.
    TownConnection,
    /// A town, with its cursor.
    TownEdge,
    Town
);
