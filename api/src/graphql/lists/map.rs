//! Initiatives on a map.

use async_graphql::{Context, ID, Object};
use maillage_explore::map::{self, Asked, Cluster, Pin};
use maillage_explore::question::FacetKind;

use super::facet::FacetBucket;
use super::filter::{BoundingBoxInput, InitiativeFilter};
use super::page::in_filter;
use crate::graphql::connection::is_counted;
use crate::graphql::error;
use crate::graphql::initiative::Initiative;
use crate::graphql::record::{self, reader};
use crate::graphql::scalar::int;
use crate::graphql::value::{BoundingBox, Point};

/// The initiatives of a filter in a box, drawn for a zoom.
pub async fn map(
    context: &Context<'_>,
    bounds: BoundingBoxInput,
    zoom: i32,
    filter: Option<InitiativeFilter>,
) -> async_graphql::Result<MapView> {
    let filter = InitiativeFilter::question_of(filter)?;
    // A filter may have a box of its own.
    let place = move |argument: &str| match argument {
        "zoom" | "filter" => argument.to_owned(),
        "bounds" if !bounds.is_box() => argument.to_owned(),
        _ => in_filter(argument),
    };
    let asked = Asked { total: is_counted(context), topics: context.look_ahead().field("clusters").field("topTopics").exists() };
    let view = reader(context).explore(move |snapshot| snapshot.map(bounds.into(), i64::from(zoom), &filter, asked)).await;
    Ok(MapView(view.map_err(|problem| error::question(&problem, place))?))
}

/// What is on a map.
pub struct MapView(map::MapView);

/// The initiatives in a box, drawn for a zoom: clusters where several are near to each other, pins for the others; never more
/// than a screen can show.
#[Object]
impl MapView {
    /// Several initiatives near to each other; those with most of them first.
    async fn clusters(&self) -> Vec<MapCluster> {
        self.0.clusters.iter().cloned().map(MapCluster).collect()
    }

    /// Initiatives by themselves.
    async fn pins(&self) -> Vec<MapPin> {
        self.0.pins.iter().cloned().map(MapPin).collect()
    }

    /// How many initiatives there are in the box, each counted once, however many places it has there.
    async fn total_count(&self) -> async_graphql::Result<i32> {
        int(self.0.total.ok_or_else(|| error::broken("a total of a map that nobody asked for"))?)
    }

    /// Whether anything was left out for want of room.
    async fn truncated(&self) -> bool {
        self.0.truncated
    }
}

/// Several initiatives near to each other.
pub struct MapCluster(Cluster);

/// Several initiatives near to each other.
#[Object]
impl MapCluster {
    /// What `cluster` opens, as long as the same initiatives are there.
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// How many initiatives, each counted once.
    async fn count(&self) -> async_graphql::Result<i32> {
        int(self.0.count)
    }

    /// The middle of their places.
    async fn point(&self) -> Point {
        self.0.point.into()
    }

    /// The smallest box around their places: zoom to it to see them apart.
    async fn bounds(&self) -> BoundingBox {
        self.0.bounds.into()
    }

    /// What most of them are or deal with.
    async fn top_topics(&self) -> Vec<FacetBucket> {
        let bucket =
            |bucket: &maillage_explore::question::FacetBucket| FacetBucket { kind: FacetKind::Topic, bucket: bucket.clone() };
        self.0.top_topics.iter().map(bucket).collect()
    }
}

/// An initiative by itself.
pub struct MapPin(Pin);

/// An initiative by itself.
#[Object]
impl MapPin {
    /// The initiative.
    async fn initiative(&self, context: &Context<'_>) -> async_graphql::Result<Initiative> {
        record::found(context, &self.0.key).await
    }

    /// Where.
    async fn point(&self) -> Point {
        self.0.point.into()
    }
}
