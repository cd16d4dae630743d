//! One search over initiatives, towns, topics and organisations.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Union};
use maillage_explore::question::InitiativeFilter as Filter;
use maillage_explore::search::{SearchHit, SearchKind, SearchPage};
use maillage_explore::text::{self, Query};

use super::filter::InitiativeFilter;
use super::initiatives::{Extract, extracts};
use super::page::{Paging, in_filter};
use crate::graphql::connection::PageInfo;
use crate::graphql::error;
use crate::graphql::initiative::Initiative;
use crate::graphql::organisation::Organisation;
use crate::graphql::record::{self, reader};
use crate::graphql::scalar::int;
use crate::graphql::topic::Topic;
use crate::graphql::town::Town;

/// What is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_explore::search::SearchKind")]
pub enum SearchIn {
    /// Initiatives, by their text, their places and their topics.
    Initiatives,
    /// Towns, by their names and codes.
    Towns,
    /// Topics, by their labels.
    Topics,
    /// Organisations, by their names.
    Organisations,
}

/// What is looked for.
struct Search {
    text: String,
    kinds: Vec<SearchKind>,
    filter: Filter,
    query: Arc<Query>,
}

/// A page of what a text finds.
pub async fn search(
    context: &Context<'_>,
    text: String,
    kinds: Option<Vec<SearchIn>>,
    filter: Option<InitiativeFilter>,
    paging: Paging,
) -> async_graphql::Result<SearchConnection> {
    let filter = InitiativeFilter::question_of(filter)?;
    let kinds: Vec<SearchKind> = kinds.unwrap_or_default().into_iter().map(Into::into).collect();
    let request = paging.request()?;
    let query = Arc::new(Query::parse(&text));
    let search = Arc::new(Search { text, kinds, filter, query });
    let asked = Arc::clone(&search);
    let page = reader(context).explore(move |snapshot| snapshot.search(&asked.text, &asked.kinds, &asked.filter, &request)).await;
    let page = page.map_err(|problem| error::question(&problem, in_filter))?;
    Ok(SearchConnection { search, page })
}

/// A page of what was found.
pub struct SearchConnection {
    search: Arc<Search>,
    page: SearchPage,
}

/// What was found, by page: what goes by the name that was typed first, then what the text is found in.
#[Object]
impl SearchConnection {
    /// What is on this page, with cursors.
    async fn edges(&self) -> Vec<SearchEdge> {
        let edge = |hit: &SearchHit| SearchEdge { hit: hit.clone(), query: Arc::clone(&self.search.query) };
        self.page.items.iter().map(edge).collect()
    }

    /// What is on this page, without cursors.
    async fn nodes(&self, context: &Context<'_>) -> async_graphql::Result<Vec<SearchResult>> {
        futures::future::try_join_all(self.page.items.iter().map(|hit| SearchResult::of(context, hit))).await
    }

    /// Where this page stands among the others.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: self.page.items.first().map(|hit| hit.cursor.clone()),
            end_cursor: self.page.items.last().map(|hit| hit.cursor.clone()),
        }
    }

    /// How many there are on all pages; counted only when selected.
    async fn total_count(&self, context: &Context<'_>) -> async_graphql::Result<i32> {
        let search = Arc::clone(&self.search);
        let count =
            reader(context).explore(move |snapshot| snapshot.count_search(&search.text, &search.kinds, &search.filter)).await;
        int(count.map_err(|problem| error::question(&problem, in_filter))?)
    }
}

/// One place on a page of what was found.
pub struct SearchEdge {
    hit: SearchHit,
    query: Arc<Query>,
}

/// Something that was found, with its cursor.
#[Object]
impl SearchEdge {
    /// Where this edge stands: pass it as `after` or `before` to go on from here.
    async fn cursor(&self) -> &str {
        &self.hit.cursor
    }

    /// What was found.
    async fn node(&self, context: &Context<'_>) -> async_graphql::Result<SearchResult> {
        SearchResult::of(context, &self.hit).await
    }

    /// How well it matches: below 1 where a text does, from 1.5 on where a whole name does.
    async fn score(&self) -> f64 {
        f64::from(self.hit.score)
    }

    /// Passages that show why it matches.
    async fn extracts(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Extract>> {
        let (key, query) = (self.hit.key.as_str(), &self.query);
        let names = match self.hit.kind {
            SearchKind::Initiatives => return extracts(context, key, query).await,
            SearchKind::Towns => record::found::<Town>(context, key).await?.names(),
            SearchKind::Topics => record::found::<Topic>(context, key).await?.names(context),
            SearchKind::Organisations => record::found::<Organisation>(context, key).await?.names(),
        };
        let marked = text::marked_name(query, names.iter().map(|(language, name)| (language.as_deref(), name.as_str())));
        Ok(marked.into_iter().map(Into::into).collect())
    }
}

/// Something that can be found.
#[derive(Debug, Clone, Union)]
pub enum SearchResult {
    Initiative(Initiative),
    Town(Town),
    Topic(Topic),
    Organisation(Organisation),
}

impl SearchResult {
    async fn of(context: &Context<'_>, hit: &SearchHit) -> async_graphql::Result<Self> {
        Ok(match hit.kind {
            SearchKind::Initiatives => Self::Initiative(record::found(context, &hit.key).await?),
            SearchKind::Towns => Self::Town(record::found(context, &hit.key).await?),
            SearchKind::Topics => Self::Topic(record::found(context, &hit.key).await?),
            SearchKind::Organisations => Self::Organisation(record::found(context, &hit.key).await?),
        })
    }
}
