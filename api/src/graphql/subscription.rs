//! What can be subscribed to, as the schema tells it. The events are those of the query of the same name
//! ([`crate::http`], module `events`): no subscription is ever executed by the library.

use async_graphql::Subscription as Subscribed;
use futures::Stream;
use futures::stream;

use super::history::Change;

/// What can be subscribed to, by server-sent events: `Accept: text/event-stream`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subscription;

/// What can be subscribed to, by server-sent events: `Accept: text/event-stream`.
#[Subscribed]
impl Subscription {
    /// Published changes, in order, from a revision on: what is there already comes first, then what comes. The query `changes` and this one go by
    /// the same revisions, so that nothing is missed in between.
    async fn changes(
        &self,
        #[graphql(desc = "The revision from which on; 0 for everything, only what comes from now on unless told.")] since: Option<
            i32,
        >,
    ) -> impl Stream<Item = Change> {
        let _ = since;
        stream::empty()
    }
}
