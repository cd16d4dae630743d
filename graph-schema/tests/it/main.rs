//! The tests of this crate that go through its public face, in one binary.
//!
//! Add a module a subject.

mod changes;
mod contract;
mod documents;
mod exports;
mod neo4j;
mod neo4j_failures;
mod neo4j_graph;
mod neo4j_wire;
mod paths;
mod random;
mod values;
