//! Pages of initiatives: with distances, passages, totals and facets.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use maillage_explore::question::{self, Hit, Scope};
use maillage_explore::text::{self, Otherwise, Query};

use super::facet::{self, Facet, FacetKind};
use super::filter::{InitiativeFilter, InitiativeOrder};
use super::page::{Listing, Paging, at_field, in_filter};
use crate::graphql::connection::{PageInfo, page_size};
use crate::graphql::error;
use crate::graphql::initiative::Initiative;
use crate::graphql::record::{self, reader};
use crate::graphql::scalar::int;

/// How many passages show why something was found.
const MOST_EXTRACTS: usize = 3;

/// A page of the initiatives of a scope, if there is one, that a filter lets through.
pub async fn initiatives(
    context: &Context<'_>,
    scope: Option<Scope>,
    filter: Option<InitiativeFilter>,
    order: Option<InitiativeOrder>,
    paging: Paging,
) -> async_graphql::Result<InitiativeConnection> {
    let filter = question::InitiativeFilter { scope, ..InitiativeFilter::question_of(filter)? };
    let request = paging.request()?;
    let order = order.map_or(question::InitiativeOrder::Relevance, Into::into);
    if order == question::InitiativeOrder::DistanceAscending && filter.near.is_none() {
        return Err(error::bad_argument("orderBy", "DISTANCE_ASC", "another order, or filter.near to measure from"));
    }
    let query = filter.text.as_deref().map(|text| Arc::new(Query::parse(text)));
    let filter = Arc::new(filter);
    let asked = Arc::clone(&filter);
    let page = reader(context).explore(move |snapshot| snapshot.initiatives(&asked, order, &request)).await;
    let page = page.map_err(|problem| error::question(&problem, in_filter))?;
    let counted = Arc::clone(&filter);
    let listing = Listing::new(page, Arc::new(move |snapshot| snapshot.count(&counted)));
    Ok(InitiativeConnection { listing, whole: Whole::Filter(filter), query })
}

/// A page of the initiatives in a cluster of the map; `None` once the graph has moved on.
pub async fn cluster(context: &Context<'_>, id: String, paging: Paging) -> async_graphql::Result<Option<InitiativeConnection>> {
    let request = paging.request()?;
    let id: Arc<str> = id.into();
    let asked = Arc::clone(&id);
    let page = reader(context).explore(move |snapshot| snapshot.cluster(&asked, &request)).await;
    let Some(page) = page.map_err(|problem| error::question(&problem, at_field))? else { return Ok(None) };
    let counted = Arc::clone(&id);
    let listing = Listing::new(page, Arc::new(move |snapshot| Ok(snapshot.count_cluster(&counted)?.unwrap_or_default())));
    Ok(Some(InitiativeConnection { listing, whole: Whole::Cluster(id), query: None }))
}

/// The list that a page is of.
enum Whole {
    Filter(Arc<question::InitiativeFilter>),
    Cluster(Arc<str>),
}

/// A page of initiatives.
pub struct InitiativeConnection {
    listing: Listing,
    /// What the facets are of.
    whole: Whole,
    query: Option<Arc<Query>>,
}

/// Initiatives, by page.
#[Object]
impl InitiativeConnection {
    /// What is on this page, with cursors.
    async fn edges(&self) -> Vec<InitiativeEdge> {
        let edge = |hit: &Hit| InitiativeEdge { hit: hit.clone(), query: self.query.clone() };
        self.listing.page.items.iter().map(edge).collect()
    }

    /// What is on this page, without cursors.
    async fn nodes(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Initiative>> {
        futures::future::try_join_all(self.listing.page.items.iter().map(|hit| record::found(context, &hit.key))).await
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        self.listing.info()
    }

    /// How many there are on all pages; counted only when selected.
    async fn total_count(&self, context: &Context<'_>) -> async_graphql::Result<i32> {
        self.listing.total(context).await
    }

    /// How many there are of each kind, topic, status …, on all pages, the most frequent values first: what a filter could be
    /// narrowed to.
    async fn facets(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to count by.")] by: Vec<FacetKind>,
        #[graphql(desc = "The most values of each kind, 0 to 100.", default = 20)] first: i32,
    ) -> async_graphql::Result<Vec<Facet>> {
        let most = page_size(Some(first))?;
        let kinds = facet::kinds(by)?;
        let facets = match &self.whole {
            Whole::Filter(filter) => {
                let filter = Arc::clone(filter);
                reader(context).explore(move |snapshot| snapshot.facets(&filter, &kinds, most)).await
            }
            Whole::Cluster(id) => {
                let id = Arc::clone(id);
                let facets = reader(context).explore(move |snapshot| snapshot.cluster_facets(&id, &kinds, most)).await;
                facets.map(Option::unwrap_or_default)
            }
        };
        let facets = facets.map_err(|problem| error::question(&problem, in_filter))?;
        Ok(facets.into_iter().map(Facet::of).collect())
    }
}

/// One place on a page of initiatives.
pub struct InitiativeEdge {
    hit: Hit,
    query: Option<Arc<Query>>,
}

/// An initiative, with its cursor.
#[Object]
impl InitiativeEdge {
    /// Where this edge stands: pass it as `after` or `before` to go on from here.
    async fn cursor(&self) -> &str {
        &self.hit.cursor
    }

    /// What stands here.
    async fn node(&self, context: &Context<'_>) -> async_graphql::Result<Initiative> {
        record::found(context, &self.hit.key).await
    }

    /// Metres from the point of the filter `near` to the nearest of its places; null without such a filter.
    async fn distance(&self) -> async_graphql::Result<Option<i32>> {
        self.hit.distance.map(int).transpose()
    }

    /// Passages that show why it matches the text of the filter; null without a text.
    async fn extracts(&self, context: &Context<'_>) -> async_graphql::Result<Option<Vec<Extract>>> {
        match &self.query {
            Some(query) => extracts(context, &self.hit.key, query).await.map(Some),
            None => Ok(None),
        }
    }
}

/// A passage that shows why something was found.
#[derive(Debug, Clone, SimpleObject)]
pub struct Extract {
    /// Where it stands: `title`, `summary` or the kind of section, such as `pitfalls`; `topic` or `town` where an initiative was
    /// found by these; `name` of any other record.
    field: String,
    /// Escaped text, with `<mark>` around what was looked for.
    html: String,
}

impl From<text::Extract> for Extract {
    fn from(extract: text::Extract) -> Self {
        Self { field: extract.field, html: extract.html }
    }
}

/// The passages of an initiative that show why it matches: of the first of its tellings that has any, those in the languages
/// of the request before its own and all others; else the names of its topics and towns.
pub async fn extracts(context: &Context<'_>, key: &str, query: &Arc<Query>) -> async_graphql::Result<Vec<Extract>> {
    let initiative: Initiative = record::found(context, key).await?;
    let tellings = initiative.tellings(context).await?;
    let (asked, query) = (Arc::clone(query), Arc::clone(query));
    let found = reader(context).explore(move |snapshot| {
        let with = |otherwise: &Otherwise| {
            let mut passages = tellings.iter().map(|telling| text::extracts(&query, otherwise, telling, MOST_EXTRACTS));
            passages.find(|passages| !passages.is_empty())
        };
        // What is near to a word that nothing has is looked up only where nothing else shows why.
        let found = with(&snapshot.said_otherwise(&query)).or_else(|| with(&snapshot.mistyped(&query)));
        found.unwrap_or_default()
    });
    let mut found = found.await;
    if found.is_empty() {
        found = named(context, &initiative, &asked).await?;
    }
    Ok(found.into_iter().map(Into::into).collect())
}

/// What an initiative is about and where it runs, as far as that is what was looked for: for one whose text has none of it.
async fn named(context: &Context<'_>, initiative: &Initiative, query: &Query) -> async_graphql::Result<Vec<text::Extract>> {
    let (topics, towns) = futures::try_join!(initiative.own_topics(context), initiative.own_towns(context))?;
    let topics = topics.iter().map(|topic| ("topic", topic.names(context)));
    let towns = towns.iter().map(|town| ("town", town.names()));
    let marked = topics.chain(towns).filter_map(|(field, names)| {
        let extract = text::marked_name(query, names.iter().map(|(language, name)| (language.as_deref(), name.as_str())))?;
        Some(text::Extract { field: field.to_owned(), ..extract })
    });
    Ok(marked.take(MOST_EXTRACTS).collect())
}
