//! Records next to records, and the way from one to another.

use async_graphql::{Context, Object};
use maillage_graph_schema::path::Step;
use maillage_graph_schema::store;

use super::connection::connection;
use super::error;
use super::record::{Node, node};
use super::scalar::int;
use super::value::{Direction, RelationKind};

/// A record next to another.
#[derive(Debug, Clone)]
pub struct Neighbour(store::Neighbour);

impl Neighbour {
    /// Shows a neighbour.
    pub fn of(neighbour: store::Neighbour) -> Self {
        Self(neighbour)
    }
}

/// A record next to another.
#[Object]
impl Neighbour {
    /// How the two relate.
    async fn relation(&self) -> RelationKind {
        self.0.relation.into()
    }

    /// From which side: `OUT` if the relation goes to this neighbour, `IN` if it comes from it.
    async fn direction(&self) -> Direction {
        self.0.direction.into()
    }

    /// The neighbour.
    async fn node(&self, context: &Context<'_>) -> async_graphql::Result<Node> {
        required(context, &self.0.reference).await
    }
}

connection!(
    /// The neighbours of a record, by relation, direction, kind and key.
    NeighbourConnection,
    /// A neighbour, with its cursor.
    NeighbourEdge,
    Neighbour
);

/// A shortest path between two records.
#[derive(Debug, Clone)]
pub struct GraphPath(Vec<Step>);

impl GraphPath {
    /// Shows a path.
    pub fn of(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

/// A shortest path between two records.
#[Object]
impl GraphPath {
    /// How many steps it has; 0 from a record to itself.
    async fn length(&self) -> async_graphql::Result<i32> {
        int(self.0.len())
    }

    /// Its steps, in order.
    async fn steps(&self) -> Vec<GraphStep> {
        self.0.iter().cloned().map(GraphStep).collect()
    }
}

/// One step of a path.
#[derive(Debug, Clone)]
pub struct GraphStep(Step);

/// One step of a path.
#[Object]
impl GraphStep {
    /// Where it begins.
    async fn from(&self, context: &Context<'_>) -> async_graphql::Result<Node> {
        required(context, &self.0.from).await
    }

    /// How the two records relate.
    async fn relation(&self) -> RelationKind {
        self.0.relation.into()
    }

    /// Whether the relation goes `OUT` along the step or comes `IN` against it.
    async fn direction(&self) -> Direction {
        self.0.direction.into()
    }

    /// Where it ends.
    async fn to(&self, context: &Context<'_>) -> async_graphql::Result<Node> {
        required(context, &self.0.to).await
    }
}

async fn required(context: &Context<'_>, reference: &maillage_graph_schema::model::RecordRef) -> async_graphql::Result<Node> {
    let found = node(context, reference.clone()).await?;
    found.ok_or_else(|| error::broken(&format!("{reference} is a neighbour and not there")))
}
