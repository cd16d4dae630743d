//! The GraphQL API: types that show records, the questions, and what guards them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`query`] | the questions that the graph answers |
//! | [`record`] | the interfaces `Node` and `Record`, and how a resolver gets at records |
//! | `initiative`, `town`, … | one type of the schema each, with what it alone has |
//! | [`run`] | imports and what they found |
//! | [`value`], [`scalar`] | small values |
//! | [`connection`] | pages and cursors |
//! | [`lists`] | what the index answers: lists, searches, suggestions |
//! | [`reader`] | batched reading, one for each request |
//! | [`language`] | which telling fits a reader |
//! | [`scan`], [`cost`] | what a query may be and cost, worked out before it runs |
//! | [`shape`] | the order of an answer's fields, and its nulls |
//! | [`error`] | errors with stable codes |
//!
//! To add a field: 1. a function in its type, with a doc comment, which is its description; 2. `cargo xtask codegen`, which
//! writes `schema.graphql`; 3. a question in `api/tests/it`.

#![expect(clippy::unused_async, reason = "the library's macro asks that resolvers be async, whether or not they wait")]

pub mod area;
pub mod case_study;
pub mod connection;
pub mod cost;
pub mod error;
pub mod history;
pub mod id;
pub mod initiative;
pub mod kept;
pub mod language;
pub mod lists;
pub mod neighbour;
pub mod note;
pub mod organisation;
pub mod query;
pub mod reader;
pub mod record;
pub mod run;
pub mod scalar;
pub mod scan;
pub mod shape;
pub mod source;
pub mod subscription;
pub mod topic;
pub mod town;
pub mod value;

use async_graphql::{EmptyMutation, MergedObject, SDLExportOptions};

/// What can be asked. Keys are stable; a lookup takes aliases and former codes too, and answers with the present record.
/// What is not found is null.
#[derive(Default, MergedObject)]
pub struct Query(query::RecordQuery, lists::query::ListQuery);

/// The schema.
pub type Schema = async_graphql::Schema<Query, EmptyMutation, subscription::Subscription>;

/// Builds the schema. Costs are limited by [`cost`], before the library sees a request.
pub fn schema() -> Schema {
    async_graphql::Schema::build(Query::default(), EmptyMutation, subscription::Subscription)
        .register_output_type::<record::SharedFields>()
        .finish()
}

/// The schema in the definition language, the same from one run to the next.
pub fn sdl(schema: &Schema) -> String {
    let mut sdl = schema.sdl_with_options(SDLExportOptions::new().sorted_enum_items().prefer_single_line_descriptions());
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}
