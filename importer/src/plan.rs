//! From drafts and what the graph holds to change sets.

use maillage_graph_schema::change::ChangeSet;
use maillage_graph_schema::clock::Clock;
use maillage_graph_schema::store::{GraphStore, Revision};

use crate::error::ImportError;
use crate::job::ImportJob;
use crate::progress::{Progress, Stage};
use crate::report::Report;

/// What an import would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// In the order in which they are to be applied; empty if nothing changed.
    pub change_sets: Vec<ChangeSet>,
    pub report: Report,
    /// Why a person must confirm the plan before it can be applied.
    pub held: Option<Held>,
}

/// So many records would be withdrawn at once that a person must say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub withdrawn: usize,
    pub of: usize,
    pub percent: usize,
}

/// What became of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The graph's revision afterwards.
    pub revision: Revision,
    /// How many records changed.
    pub changed: usize,
}

/// Works out what an import would do, without doing it.
pub async fn plan(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    job: &ImportJob,
    progress: &dyn Progress,
) -> Result<Plan, ImportError> {
    let _ = (store, clock, job, progress);
    Err(ImportError::Task("planning is not there yet".to_owned()))
}

/// Does what a plan says. A plan that is broken off goes on where it stopped when it is applied again.
pub async fn apply(store: &dyn GraphStore, plan: &Plan, progress: &dyn Progress) -> Result<Applied, ImportError> {
    if let Some(held) = &plan.held {
        return Err(ImportError::Held {
            source_key: plan.report.source.to_string(),
            address: plan.report.address.clone(),
            withdrawn: held.withdrawn,
            held: held.of,
            percent: held.percent,
        });
    }
    let operations: usize = plan.change_sets.iter().map(|change_set| change_set.operations.len()).sum();
    progress.stage(Stage::Apply, Some(operations as u64));
    let mut done = Applied { revision: 0, changed: 0 };
    for change_set in &plan.change_sets {
        let applied = store.apply(change_set).await?;
        done = Applied { revision: applied.revision, changed: done.changed + applied.changed };
        progress.advance(change_set.operations.len() as u64);
    }
    if plan.change_sets.is_empty() {
        done.revision = store.revision().await?;
    }
    Ok(done)
}
