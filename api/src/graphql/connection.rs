//! Connections in the manner of Relay: pages by cursor, counted only when the count is selected.

use async_graphql::{Context, SimpleObject};
use maillage_graph_schema::model::{Direction, Instant, RecordRef, Relation};
use maillage_graph_schema::store::{ChangeCursor, Neighbour, Revision};

use super::{error, id};

/// The size of a page that is not asked for.
pub const DEFAULT_PAGE: usize = 20;

/// The largest page.
pub const LARGEST_PAGE: usize = 100;

/// Where a page stands among the others.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether more follows: ask again with `after: endCursor`.
    pub has_next_page: bool,
    /// Whether something precedes: true on every page that was asked for with `after`.
    pub has_previous_page: bool,
    /// The cursor of the first edge; null on an empty page.
    pub start_cursor: Option<String>,
    /// The cursor of the last edge; null on an empty page.
    pub end_cursor: Option<String>,
}

/// Reads the argument `first`.
pub fn page_size(first: Option<i32>) -> async_graphql::Result<usize> {
    first.map_or(Ok(DEFAULT_PAGE), |size| named_page_size("first", size))
}

/// Reads an argument that is the size of a page.
pub fn named_page_size(argument: &str, size: i32) -> async_graphql::Result<usize> {
    usize::try_from(size)
        .ok()
        .filter(|size| *size <= LARGEST_PAGE)
        .ok_or_else(|| error::bad_argument(argument, size, &format!("a number from 0 to {LARGEST_PAGE}")))
}

/// Whether the count of this connection is selected.
pub fn is_counted(context: &Context<'_>) -> bool {
    context.look_ahead().field("totalCount").exists()
}

/// Where a page goes on. Each list reads its own kind only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// In a list that a record holds.
    Position(usize),
    /// Among the neighbours of a record.
    Neighbour(Neighbour),
    /// In the log of changes.
    Change(ChangeCursor),
    /// In a record's history.
    Revision(Revision),
    /// Among the imports of a source.
    Run(Instant),
}

impl Cursor {
    /// The cursor as clients see it.
    pub fn write(&self) -> String {
        id::wrap(&match self {
            Self::Position(position) => format!("at {position}"),
            Self::Neighbour(neighbour) => {
                format!("neighbour {} {} {}", neighbour.relation, neighbour.direction, neighbour.reference)
            }
            Self::Change(change) => format!("change {} {}", change.revision, change.reference),
            Self::Revision(revision) => format!("revision {revision}"),
            Self::Run(started_at) => format!("run {started_at}"),
        })
    }

    fn read(text: &str) -> Option<Self> {
        let text = id::unwrap(text)?;
        let mut words = text.split(' ');
        let cursor = match words.next()? {
            "at" => Self::Position(words.next()?.parse().ok()?),
            "neighbour" => Self::Neighbour(Neighbour {
                relation: words.next()?.parse::<Relation>().ok()?,
                direction: words.next()?.parse::<Direction>().ok()?,
                reference: words.next()?.parse::<RecordRef>().ok()?,
            }),
            "change" => Self::Change(ChangeCursor {
                revision: words.next()?.parse().ok()?,
                reference: words.next()?.parse::<RecordRef>().ok()?,
            }),
            "revision" => Self::Revision(words.next()?.parse().ok()?),
            "run" => Self::Run(words.next()?.parse().ok()?),
            _ => return None,
        };
        words.next().is_none().then_some(cursor)
    }
}

/// Reads the argument `after`; `pick` takes the cursors of this list out of all.
pub fn after<T>(after: Option<&str>, pick: impl FnOnce(Cursor) -> Option<T>) -> async_graphql::Result<Option<T>> {
    after
        .map(|text| {
            Cursor::read(text).and_then(pick).ok_or_else(|| {
                error::bad_argument("after", text, "a cursor that this list gave: endCursor, or the cursor of an edge")
            })
        })
        .transpose()
}

/// A page on its way to a connection.
#[derive(Debug)]
pub struct Slice<T> {
    pub items: Vec<(Cursor, T)>,
    pub has_more: bool,
    pub has_previous: bool,
    /// All there are, if that was selected.
    pub total: Option<usize>,
}

impl<T> Slice<T> {
    /// A page of nothing.
    pub fn empty() -> Self {
        Self { items: Vec::new(), has_more: false, has_previous: false, total: Some(0) }
    }

    /// A page of a list that is held whole.
    pub fn of_list(
        list: impl IntoIterator<Item = T>,
        first: Option<i32>,
        after_cursor: Option<&str>,
    ) -> async_graphql::Result<Self> {
        let size = page_size(first)?;
        let start = after(after_cursor, |cursor| match cursor {
            Cursor::Position(position) => Some(position.saturating_add(1)),
            _ => None,
        })?;
        let list: Vec<T> = list.into_iter().collect();
        let total = list.len();
        let from = start.unwrap_or(0);
        let items: Vec<(Cursor, T)> = list
            .into_iter()
            .enumerate()
            .skip(from)
            .take(size)
            .map(|(position, item)| (Cursor::Position(position), item))
            .collect();
        Ok(Self { has_more: from.saturating_add(items.len()) < total, items, has_previous: start.is_some(), total: Some(total) })
    }
}

/// Defines a connection and its edge.
macro_rules! connection {
    ($(#[$meta:meta])* $connection:ident, $(#[$edge_meta:meta])* $edge:ident, $node:ty) => {
        $(#[$edge_meta])*
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Where this edge stands: pass it as `after` to go on from here.
            cursor: String,
            /// What stands here.
            node: $node,
        }

        /// A page, as a resolver hands it out.
        pub struct $connection {
            edges: Vec<$edge>,
            has_more: bool,
            has_previous: bool,
            total: Option<usize>,
        }

        impl From<$crate::graphql::connection::Slice<$node>> for $connection {
            fn from(slice: $crate::graphql::connection::Slice<$node>) -> Self {
                let edges = slice.items.into_iter().map(|(cursor, node)| $edge { cursor: cursor.write(), node }).collect();
                Self { edges, has_more: slice.has_more, has_previous: slice.has_previous, total: slice.total }
            }
        }

        $(#[$meta])*
        #[async_graphql::Object]
        impl $connection {
            /// What is on this page, with cursors.
            async fn edges(&self) -> &[$edge] {
                &self.edges
            }

            /// What is on this page, without cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }

            /// Where this page stands among the others.
            async fn page_info(&self) -> $crate::graphql::connection::PageInfo {
                $crate::graphql::connection::PageInfo {
                    has_next_page: self.has_more,
                    has_previous_page: self.has_previous,
                    start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
                    end_cursor: self.edges.last().map(|edge| edge.cursor.clone()),
                }
            }

            /// How many there are on all pages; counted only when selected.
            async fn total_count(&self) -> async_graphql::Result<i32> {
                let total = self.total.ok_or_else(|| $crate::graphql::error::broken("a connection that was not counted"))?;
                $crate::graphql::scalar::int(total)
            }
        }
    };
}
pub(super) use connection;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_wrote_and_nothing_else() {
        let town: RecordRef = "town/insee:47001".parse().unwrap();
        for cursor in [
            Cursor::Position(7),
            Cursor::Neighbour(Neighbour { relation: Relation::RunsIn, direction: Direction::In, reference: town.clone() }),
            Cursor::Change(ChangeCursor { revision: 3, reference: town }),
            Cursor::Revision(12),
            Cursor::Run("2026-11-25T10:00:00.001Z".parse().unwrap()),
        ] {
            assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        }
        for text in
            ["", "!", "at 7", &id::wrap("at"), &id::wrap("at 7 8"), &id::wrap("neighbour RUNS_IN IN town"), &id::wrap("of 7")]
        {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }

    #[test]
    fn cuts_pages_of_lists() {
        let all = || 0..5;
        let numbers = |slice: &Slice<i32>| slice.items.iter().map(|item| item.1).collect::<Vec<_>>();
        let first = Slice::of_list(all(), Some(2), None).unwrap();
        assert_eq!((numbers(&first), first.has_more, first.has_previous, first.total), (vec![0, 1], true, false, Some(5)));
        let end = first.items[1].0.write();
        let rest = Slice::of_list(all(), None, Some(&end)).unwrap();
        assert_eq!((numbers(&rest), rest.has_more, rest.has_previous), (vec![2, 3, 4], false, true));
        assert!(Slice::of_list(all(), Some(-1), None).is_err());
        assert!(Slice::of_list(all(), Some(101), None).is_err());
        assert!(Slice::of_list(all(), None, Some(&Cursor::Revision(1).write())).is_err());
        let beyond = Slice::of_list(all(), None, Some(&Cursor::Position(usize::MAX).write())).unwrap();
        assert_eq!((numbers(&beyond), beyond.has_more), (vec![], false));
    }
}
