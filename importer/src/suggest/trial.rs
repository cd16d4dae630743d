//! What an import by a suggested mapping would give: read and assembled, not written.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use maillage_graph_schema::model::Instant;

use crate::assemble::{self, Origin};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::mapping::Mapping;
use crate::progress::Progress;
use crate::read::{self, blocking};
use crate::report::Report;
use crate::resolve::Known;

/// What an import would give.
#[derive(Debug)]
pub struct Trial {
    pub report: Report,
    pub initiatives: usize,
    pub organisations: usize,
    /// Initiatives with a case study in more than one language.
    pub translated: usize,
    pub with_summary: usize,
    pub with_date: usize,
    pub with_place: usize,
    pub with_topics: usize,
    pub with_tags: usize,
    pub with_status: usize,
    pub with_organisations: usize,
    pub with_links: usize,
}

/// Imports by a mapping without a graph, with the towns and topics of the content folder. Nothing is written.
pub async fn trial(job: ImportJob, mapping: Mapping, content: &Path, progress: &dyn Progress) -> Result<Trial, ImportError> {
    let source = job.source.clone();
    let read::Read { drafts, commit, mut report, invalid } = read::read_with(Arc::new(job), Some(mapping), progress).await?;
    let content = content.to_owned();
    let known = blocking(move || Known::from_content(&content)).await?;
    let origin = Origin { source, commit, fetched_at: Instant::from(chrono::DateTime::UNIX_EPOCH) };
    let assembled = assemble::assemble(&origin, drafts, &known);
    report.read -= assembled.invalid.len();
    report.invalid = invalid.len() + assembled.invalid.len();
    report.diagnostics.extend(assembled.diagnostics);
    report.sort();
    let initiatives = &assembled.initiatives;
    let count = |is: &dyn Fn(&maillage_graph_schema::model::Initiative) -> bool| {
        initiatives.iter().filter(|initiative| is(initiative)).count()
    };
    let summarised: HashSet<_> =
        assembled.case_studies.iter().filter(|study| study.summary.is_some()).map(|study| study.initiative.clone()).collect();
    let mut studies = std::collections::HashMap::new();
    assembled.case_studies.iter().for_each(|study| *studies.entry(study.initiative.clone()).or_insert(0_usize) += 1);
    Ok(Trial {
        initiatives: initiatives.len(),
        organisations: assembled.organisations.len(),
        translated: studies.values().filter(|count| **count > 1).count(),
        with_summary: summarised.len(),
        with_date: count(&|initiative| initiative.start.is_some() || initiative.end.is_some()),
        with_place: count(&|initiative| !initiative.places.is_empty() || initiative.point.is_some()),
        with_topics: count(&|initiative| !initiative.topics.is_empty()),
        with_tags: count(&|initiative| !initiative.topics.is_empty() || !initiative.tags.is_empty()),
        with_status: count(&|initiative| initiative.status.is_some()),
        with_organisations: count(&|initiative| !initiative.involvements.is_empty()),
        with_links: count(&|initiative| !initiative.links.is_empty()),
        report,
    })
}
