//! What came and what went since the run before.

use std::collections::HashSet;

use super::fingerprint::fingerprints;
use crate::diagnostic::{Diagnostic, Severity};

/// What is new and what was fixed, errors and warnings alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    /// The fingerprints of what was not said before.
    pub new: HashSet<String>,
    /// What was said before and is not said any more.
    pub fixed: Vec<Diagnostic>,
}

impl Since {
    /// Compares what is said now with what was said before.
    pub fn between(before: &[Diagnostic], now: &[Diagnostic]) -> Self {
        let counts = |diagnostic: &Diagnostic| diagnostic.severity() != Severity::Note;
        let of = |list: &[Diagnostic]| -> Vec<(String, Diagnostic)> {
            let all = fingerprints(list).into_iter().zip(list.iter().cloned());
            all.filter(|(_, diagnostic)| counts(diagnostic)).collect()
        };
        let (before, now) = (of(before), of(now));
        let known: HashSet<&String> = before.iter().map(|(fingerprint, _)| fingerprint).collect();
        let present: HashSet<&String> = now.iter().map(|(fingerprint, _)| fingerprint).collect();
        Self {
            new: now.iter().filter(|(fingerprint, _)| !known.contains(fingerprint)).map(|(new, _)| new.clone()).collect(),
            fixed: before.iter().filter(|(fingerprint, _)| !present.contains(fingerprint)).map(|(_, old)| old.clone()).collect(),
        }
    }
}
