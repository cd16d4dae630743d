//! The service: GraphQL over the graph, the pages around it, and the command `maillage`.
//!
//! | module | what it holds |
//! |---|---|
//! | [`graphql`] | the schema and its resolvers |
//! | [`http`] | the service over HTTP |
//! | [`pages`] | the page of each record, and its JSON-LD |
//! | [`cli`] | the command line: the only place that reads the environment |

pub mod cli;
pub mod graphql;
pub mod http;
pub mod pages;
