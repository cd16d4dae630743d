//! What others say of initiatives.

use async_graphql::{Context, Object};
use maillage_graph_schema::model::{self, Direction, RecordKey as _, RecordRef, Relation};

use super::connection::connection;
use super::initiative::Initiative;
use super::organisation::Organisation;
use super::record::{self, RecordFields, record_type};
use super::scalar::DateTime;
use super::value::{Link, NoteKind};

record_type!(Note);

/// What others say of an initiative.
#[Object]
impl Note {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// The initiative that it is about.
    async fn initiative(&self, context: &Context<'_>) -> async_graphql::Result<Initiative> {
        record::required(context, self.record().initiative.reference()).await
    }

    /// What it does to the case study.
    async fn kind(&self) -> NoteKind {
        self.record().kind.into()
    }

    /// What it says, as plain text.
    async fn text(&self) -> &str {
        self.record().text.as_str()
    }

    /// When it was written.
    async fn at(&self) -> DateTime {
        DateTime(self.record().at)
    }

    /// Who wrote it.
    async fn organisation(&self, context: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        match &self.record().organisation {
            Some(organisation) => record::one(context, organisation.reference()).await,
            None => Ok(None),
        }
    }

    /// What bears it out.
    async fn evidence(&self) -> Vec<Link> {
        self.record().evidence.iter().map(Into::into).collect()
    }
}

connection!(
    /// Notes, by page.
    NoteConnection,
    /// A note, with its cursor.
    NoteEdge,
    Note
);

/// The notes on an initiative, of some kinds or of all.
pub(super) async fn notes_on(
    context: &Context<'_>,
    initiative: &RecordRef,
    kinds: Option<Vec<NoteKind>>,
    first: Option<i32>,
    after: Option<String>,
) -> async_graphql::Result<NoteConnection> {
    let side = (Relation::NoteOn, Direction::In);
    let Some(kinds) = kinds else {
        return Ok(record::neighbours::<Note>(context, initiative, side, first, after.as_deref()).await?.into());
    };
    let kinds: Vec<model::NoteKind> = kinds.into_iter().map(Into::into).collect();
    let is_wanted = |note: &Note| kinds.contains(&note.record().kind);
    Ok(record::chosen_neighbours(context, initiative, side, first, after.as_deref(), is_wanted).await?.into())
}
