//! The service asked over HTTP, on a real store in a temporary folder.

#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "helpers of tests may fail, and be plain"
)]

mod batches;
mod budgets;
mod caching;
mod check_command;
mod compatibility;
mod connections;
mod documentation;
mod formats;
mod guards;
mod lists;
mod mirror;
mod over_http;
mod pages;
mod persisted;
mod questions;
mod rest;
mod schema;
mod search_and_map;
mod similar;
mod sockets;
mod subscriptions;
mod support;
mod tiles;
mod webhooks;
