//! What the end-to-end tests and the benchmarks share.
//!
//! | module | what it holds |
//! |---|---|
//! | [`git_server`] | a Git server of this machine, and repositories for it |
//! | [`random`] | numbers that come out the same on each run |
//! | [`sequence`] | an endless sequence of small change sets |
//! | [`synthetic`] | a made-up graph of any size, for the benchmarks |
//!
//! The tests themselves are in `tests/it`, one module a subject; programs that they start, in `src/bin`.

pub mod git_server;
pub mod random;
pub mod sequence;
pub mod synthetic;
