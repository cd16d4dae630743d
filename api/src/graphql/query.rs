//! The questions that the graph answers.

use async_graphql::{Context, ID, Object};
use maillage_graph_schema::model::{Direction, RecordRef};
use maillage_graph_schema::path::LONGEST;
use maillage_graph_schema::store::{NeighbourQuestion, Revision};

use super::area::Area;
use super::connection::{self, Cursor, LARGEST_PAGE, Slice};
use super::error::{self, OrTell as _};
use super::history::{Change, ChangeConnection};
use super::id;
use super::initiative::Initiative;
use super::neighbour::{GraphPath, Neighbour, NeighbourConnection};
use super::organisation::Organisation;
use super::record::{self, Node, RecordType, reader};
use super::scalar::int;
use super::source::Source;
use super::topic::Topic;
use super::town::Town;
use super::value::RelationKind;

/// What can be asked of the graph.
#[derive(Default)]
pub struct RecordQuery;

/// What can be asked of the graph.
#[Object]
impl RecordQuery {
    /// A record of any kind, or an import, by its id.
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> async_graphql::Result<Option<Node>> {
        record::named(context, id::named("id", &id)?).await
    }

    /// Records of any kinds, and imports, by their ids, in the order asked for; null for each that is not found.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ids, at most 100.")] ids: Vec<ID>,
    ) -> async_graphql::Result<Vec<Option<Node>>> {
        if ids.len() > LARGEST_PAGE {
            return Err(error::bad_argument("ids", format!("{} ids", ids.len()), &format!("at most {LARGEST_PAGE}")));
        }
        let named = ids.iter().map(|id| id::named("ids", id)).collect::<Result<Vec<_>, _>>()?;
        futures::future::try_join_all(named.into_iter().map(|named| record::named(context, named))).await
    }

    /// An initiative, by its key.
    async fn initiative(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A slug, such as `agen-connexion-bibliotheque`.")] key: String,
    ) -> async_graphql::Result<Option<Initiative>> {
        lookup(context, &key).await
    }

    /// A town, by its key.
    async fn town(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Scheme and code: `insee:47001` in France, `geonames:2522874` elsewhere; a merged commune's code serves too."
        )]
        key: String,
    ) -> async_graphql::Result<Option<Town>> {
        lookup(context, &key).await
    }

    /// An area, by its key.
    async fn area(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Scheme and code: `department:47`, `region:75`, `epci:200035459`, `country:FR`.")] key: String,
    ) -> async_graphql::Result<Option<Area>> {
        lookup(context, &key).await
    }

    /// A topic, by its key.
    async fn topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A slug, such as `fablab`.")] key: String,
    ) -> async_graphql::Result<Option<Topic>> {
        lookup(context, &key).await
    }

    /// The vocabulary, in the order of the keys.
    async fn topics(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only the topics at the top of the tree.", default = false)] roots_only: bool,
    ) -> async_graphql::Result<Vec<Topic>> {
        let mut topics = whole::<Topic>(context).await?;
        topics.retain(|topic| !roots_only || topic.is_root());
        Ok(topics)
    }

    /// An organisation, by its key.
    async fn organisation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A slug, such as `urban-prod`.")] key: String,
    ) -> async_graphql::Result<Option<Organisation>> {
        lookup(context, &key).await
    }

    /// A source, by its key.
    async fn source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "A slug, such as `betagouv`.")] key: String,
    ) -> async_graphql::Result<Option<Source>> {
        lookup(context, &key).await
    }

    /// All sources, in the order of their keys.
    async fn sources(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Source>> {
        whole(context).await
    }

    /// What a record is related to, by relation, direction, kind and key; nothing for a record that is not found.
    async fn neighbours(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The record's id.")] of: ID,
        #[graphql(desc = "Only by these relations, from either side; by all unless told.")] relations: Option<Vec<RelationKind>>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<NeighbourConnection> {
        let size = connection::page_size(first)?;
        let reference = id::parse("of", &of)?;
        let sides: Option<Vec<_>> = relations.map(|relations| {
            let both = |relation: RelationKind| Direction::ALL.iter().map(move |direction| (relation.into(), *direction));
            relations.into_iter().flat_map(both).collect()
        });
        let after = connection::after(after.as_deref(), |cursor| match cursor {
            Cursor::Neighbour(neighbour)
                if sides.as_ref().is_none_or(|sides| sides.contains(&(neighbour.relation, neighbour.direction))) =>
            {
                Some(neighbour)
            }
            _ => None,
        })?;
        // To the store no relation named means all; here a list of none means none.
        let Some(stored) =
            reader(context).record(reference).await.or_tell()?.filter(|_| sides.as_ref().is_none_or(|sides| !sides.is_empty()))
        else {
            return Ok(Slice::empty().into());
        };
        let has_previous = after.is_some();
        let question = NeighbourQuestion {
            relations: sides.unwrap_or_default(),
            kind: None,
            after,
            first: size,
            count: connection::is_counted(context),
        };
        let found = reader(context).neighbours(stored.record.reference(), question).await.or_tell()?;
        let items = found
            .page
            .items
            .iter()
            .map(|neighbour| (Cursor::Neighbour(neighbour.clone()), Neighbour::of(neighbour.clone())))
            .collect();
        Ok(Slice { items, has_more: found.page.has_more, has_previous, total: found.count }.into())
    }

    /// A shortest path between two records, by any relation but that to a source; null if there is none so short.
    async fn path(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the record at its beginning.")] from: ID,
        #[graphql(desc = "The id of the record at its end.")] to: ID,
        #[graphql(desc = "The most steps, 0 to 12.", default = 6)] max_length: i32,
    ) -> async_graphql::Result<Option<GraphPath>> {
        let longest = usize::try_from(max_length)
            .ok()
            .filter(|length| *length <= LONGEST)
            .ok_or_else(|| error::bad_argument("maxLength", max_length, &format!("a number from 0 to {LONGEST}")))?;
        let (from, to) = (id::parse("from", &from)?, id::parse("to", &to)?);
        let reader = reader(context);
        let (Some(from), Some(to)) = futures::try_join!(reader.record(from), reader.record(to)).or_tell()? else {
            return Ok(None);
        };
        let path = reader.store().path(&from.record.reference(), &to.record.reference(), longest).await.or_tell()?;
        Ok(path.map(GraphPath::of))
    }

    /// What changed after a revision of the graph, oldest first: whoever keeps a copy asks again from the last one seen.
    async fn changes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The revision from which on; 0 for everything.", default = 0)] since: i32,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<ChangeConnection> {
        let size = connection::page_size(first)?;
        let revision = Revision::try_from(since).map_err(|_| error::bad_argument("since", since, "a revision, 0 or more"))?;
        let after = connection::after(after.as_deref(), |cursor| match cursor {
            Cursor::Change(change) => Some(change),
            _ => None,
        })?;
        let store = reader(context).store();
        let count =
            async { if connection::is_counted(context) { store.change_count(revision).await.map(Some) } else { Ok(None) } };
        let (page, total) = futures::try_join!(store.changes(revision, after.as_ref(), size), count).or_tell()?;
        let items = page
            .items
            .into_iter()
            .map(|change| {
                let cursor =
                    maillage_graph_schema::store::ChangeCursor { revision: change.revision, reference: change.reference.clone() };
                (Cursor::Change(cursor), Change::of(change))
            })
            .collect();
        Ok(Slice { items, has_more: page.has_more, has_previous: after.is_some(), total }.into())
    }

    /// The graph's revision: it grows by one with every change applied.
    async fn revision(&self, context: &Context<'_>) -> async_graphql::Result<i32> {
        int(reader(context).revision().await.or_tell()?)
    }
}

/// A record by a key that a client gave.
async fn lookup<T: RecordType>(context: &Context<'_>, key: &str) -> async_graphql::Result<Option<T>> {
    let reference = RecordRef::parse(T::KIND, key).map_err(|problem| error::bad_value("key", &problem))?;
    record::one(context, reference).await
}

/// All records of a kind of which there are few.
async fn whole<T: RecordType>(context: &Context<'_>) -> async_graphql::Result<Vec<T>> {
    let records = reader(context).all_of(T::KIND).await.or_tell()?;
    Ok(records.iter().cloned().filter_map(T::of).collect())
}
