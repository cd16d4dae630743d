//! Tests that need more than one crate or process, in one binary.
//!
//! Add a module a subject.

mod duplicates;
mod durability;
mod interruption;
mod running;
mod saved_index;
mod service;
mod sources;
