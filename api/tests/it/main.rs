//! The service asked over HTTP, on a real store in a temporary folder.

mod batches;
mod guards;
mod over_http;
mod questions;
mod schema;
mod support;
