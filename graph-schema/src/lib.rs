//! The domain of Maillage and the graph that holds it: the truth that everything else reads.
//!
//! | module | what it holds |
//! |---|---|
//! | [`model`] | towns, areas, topics, organisations, sources, initiatives, case studies, notes, runs of imports: parsed, always valid |
//! | [`change`] | [`change::ChangeSet`], the only way to write, and the pure functions that work out its effect |
//! | [`document`] | a record as a JSON document: what SQLite keeps, what history compares, what an export holds |
//! | [`export`] | the whole graph as lines of JSON, and back |
//! | [`path`] | shortest paths, the same on every store |
//! | [`store`] | the port [`store::GraphStore`] with [`store::RunStore`], the two stores, and the suite that both pass |
//!
//! To add a field to a record: 1. add it to the struct in `model/`, parsed; 2. name it in `document.rs`;
//! 3. read and write it in `store/neo4j` and describe it in `docs/graph.md` (SQLite keeps the document and needs nothing);
//! 4. let the generators in `store/contract` fill it: the suite then fails until both stores keep it.
//!
//! To add a relation: 1. [`model::Relation`]; 2. `Record::edges`; 3. and 4. as above.

pub mod change;
pub mod clock;
pub mod document;
pub mod export;
pub mod model;
pub mod path;
pub mod store;
