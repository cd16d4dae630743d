//! Pages both ways, in the manner of Relay, and the lists that are no more than pages of records.

use std::sync::Arc;

use async_graphql::Context;
use maillage_explore::Snapshot;
use maillage_explore::question::{HitPage, PageRequest, QuestionError};

use crate::graphql::connection::{self, PageInfo};
use crate::graphql::error;
use crate::graphql::record::reader;
use crate::graphql::scalar::int;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl Paging {
    /// The first so many after a cursor.
    pub fn forward(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, ..Self::default() }
    }

    /// What it asks of the index: the first so many unless the last are asked for.
    pub fn request(self) -> async_graphql::Result<PageRequest> {
        let size = |name, size: i32| connection::named_page_size(name, size).map(|_| i64::from(size));
        let usual = i64::try_from(connection::DEFAULT_PAGE)?;
        let (first, last) = match (self.first, self.last) {
            (Some(_), Some(last)) => return Err(error::bad_argument("last", last, "to be left out where first is given")),
            (None, Some(last)) => (None, Some(size("last", last)?)),
            (Some(first), None) => (Some(size("first", first)?), None),
            (None, None) => (Some(usual), None),
        };
        Ok(PageRequest { first, after: self.after, last, before: self.before })
    }
}

/// Where the client gave an argument that the index names: at the field itself, or in its filter.
pub fn in_filter(argument: &str) -> String {
    match argument {
        "first" | "after" | "last" | "before" | "orderBy" => argument.to_owned(),
        _ => format!("filter.{argument}"),
    }
}

/// Where the client gave an argument that the index names: at the field itself.
pub fn at_field(argument: &str) -> String {
    argument.to_owned()
}

/// Counts a list whole.
pub type Count = Arc<dyn Fn(&Snapshot) -> Result<u64, QuestionError> + Send + Sync>;

/// A page of keys, and how to count the list that it is of.
#[derive(Clone)]
pub struct Listing {
    pub page: HitPage,
    count: Option<Count>,
}

impl Listing {
    /// A page, with what counts the list.
    pub fn new(page: HitPage, count: Count) -> Self {
        Self { page, count: Some(count) }
    }

    /// Asks the index for a page of a list; `place` says where the client gave an argument.
    pub async fn ask<Q: Clone + Send + Sync + 'static>(
        context: &Context<'_>,
        question: Q,
        request: PageRequest,
        page: fn(&Snapshot, &Q, &PageRequest) -> Result<HitPage, QuestionError>,
        count: fn(&Snapshot, &Q) -> Result<u64, QuestionError>,
        place: fn(&str) -> String,
    ) -> async_graphql::Result<Self> {
        let asked = question.clone();
        let found = reader(context).explore(move |snapshot| page(snapshot, &asked, &request)).await;
        let found = found.map_err(|problem| error::question(&problem, place))?;
        Ok(Self::new(found, Arc::new(move |snapshot| count(snapshot, &question))))
    }

    /// Asks for a page of a list under a record: of nothing where the index does not know the record, which is the case of one
    /// that is withdrawn, or came into the graph a moment ago by another process.
    pub async fn under<Q: Clone + Send + Sync + 'static>(
        context: &Context<'_>,
        question: Q,
        request: PageRequest,
        page: fn(&Snapshot, &Q, &PageRequest) -> Result<HitPage, QuestionError>,
        count: fn(&Snapshot, &Q) -> Result<u64, QuestionError>,
    ) -> async_graphql::Result<Self> {
        let asked = question.clone();
        match reader(context).explore(move |snapshot| page(snapshot, &asked, &request)).await {
            // The client gave no key but the record's own.
            Err(QuestionError::UnknownKey { .. }) => Ok(Self { page: HitPage::default(), count: None }),
            Err(problem) => Err(error::question(&problem, at_field)),
            Ok(found) => Ok(Self::new(found, Arc::new(move |snapshot| count(snapshot, &question)))),
        }
    }

    /// How many there are on all pages.
    pub async fn total(&self, context: &Context<'_>) -> async_graphql::Result<i32> {
        let Some(count) = self.count.clone() else { return Ok(0) };
        // The page was found, so nothing is wrong with the question.
        int(reader(context)
            .explore(move |snapshot| count(snapshot))
            .await
            .map_err(|problem| error::question(&problem, at_field))?)
    }

    /// Where this page stands among the others.
    pub fn info(&self) -> PageInfo {
        page_info(&self.page)
    }
}

/// Where a page stands among the others.
pub fn page_info(page: &HitPage) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: page.has_previous,
        start_cursor: page.items.first().map(|hit| hit.cursor.clone()),
        end_cursor: page.items.last().map(|hit| hit.cursor.clone()),
    }
}

/// Defines a connection, and its edge, of a list that the index answers: the records are read as they are selected.
macro_rules! listing {
    ($(#[$meta:meta])* $connection:ident, $(#[$edge_meta:meta])* $edge:ident, $node:ty) => {
        /// A page, as a resolver hands it out.
        #[derive(Clone)]
        pub struct $connection($crate::graphql::lists::page::Listing);

        impl From<$crate::graphql::lists::page::Listing> for $connection {
            fn from(listing: $crate::graphql::lists::page::Listing) -> Self {
                Self(listing)
            }
        }

        /// One place on a page.
        pub struct $edge(maillage_explore::question::Hit);

        $(#[$edge_meta])*
        #[async_graphql::Object]
        impl $edge {
            /// Where this edge stands: pass it as `after` or `before` to go on from here.
            async fn cursor(&self) -> &str {
                &self.0.cursor
            }

            /// What stands here.
            async fn node(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<$node> {
                $crate::graphql::record::found(context, &self.0.key).await
            }
        }

        $(#[$meta])*
        #[async_graphql::Object]
        impl $connection {
            /// What is on this page, with cursors.
            async fn edges(&self) -> Vec<$edge> {
                self.0.page.items.iter().cloned().map($edge).collect()
            }

            /// What is on this page, without cursors.
            async fn nodes(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<Vec<$node>> {
                let nodes = self.0.page.items.iter().map(|hit| $crate::graphql::record::found(context, &hit.key));
                futures::future::try_join_all(nodes).await
            }

            /// Where this page stands among the others.
            async fn page_info(&self) -> $crate::graphql::connection::PageInfo {
                self.0.info()
            }

            /// How many there are on all pages; counted only when selected.
            async fn total_count(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<i32> {
                self.0.total(context).await
            }
        }
    };
}
pub(in crate::graphql) use listing;
