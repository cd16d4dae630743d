//! What is to be said about a folder of case studies, without a graph: for partners, in their own continuous integration.

use std::path::Path;
use std::sync::Arc;

use maillage_graph_schema::model::Instant;

use crate::assemble::{self, Assembled, Origin};
use crate::error::ImportError;
use crate::job::{ImportJob, Location};
use crate::mapping::{self, Mapping};
use crate::progress::Progress;
use crate::read::{self, blocking};
use crate::report::Report;
use crate::resolve::Known;
use crate::sources::SourceConfig;
use crate::surroundings::Surroundings;

/// Reads a folder as an import would and reports what it finds, with the towns and topics of the content folder. It is read as the
/// source given, with the mapping given in place of the source's; without either, in the front matter of Maillage. Nothing is
/// fetched and nothing is written.
pub async fn check(
    directory: &Path,
    content: &Path,
    source: Option<&SourceConfig>,
    mapping: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Report, ImportError> {
    let mut job = ImportJob::of(&directory.to_string_lossy(), None, &[], &Surroundings::new(Path::new("")))?;
    job.location = Location::Directory(directory.to_owned());
    if let Some(source) = source {
        job.source = source.clone();
    }
    if let Some(mapping) = mapping {
        job.source.mapping = Some(mapping.to_owned());
    }
    look(job, content, progress).await
}

/// Fetches and reads what a job names as an import would and reports what it finds, with the towns and topics of the content
/// folder. No graph is asked and none is written.
pub async fn look(job: ImportJob, content: &Path, progress: &dyn Progress) -> Result<Report, ImportError> {
    let mapping = job.source.mapping.as_deref().map(mapping::load).transpose()?;
    let content = content.to_owned();
    let known = blocking(move || Known::from_content(&content)).await?;
    Ok(look_by(job, mapping, &known, progress).await?.0)
}

/// Likewise, by a mapping that no file holds; with the records that an import would make.
pub(crate) async fn look_by(
    job: ImportJob,
    mapping: Option<Mapping>,
    known: &Known,
    progress: &dyn Progress,
) -> Result<(Report, Assembled), ImportError> {
    let origin_source = job.source.clone();
    let read::Read { drafts, commit, mut report, mut invalid, paths, lists, .. } =
        read::read_by(Arc::new(job), mapping, None, progress)
            .await?
            .ok_or_else(|| ImportError::Task("a source that nobody knew was known".to_owned()))?;
    // Nothing of this is kept: any moment serves.
    let origin = Origin { source: origin_source, commit, fetched_at: Instant::from(chrono::DateTime::UNIX_EPOCH), paths, lists };
    let mut assembled = assemble::assemble(&origin, drafts, known);
    assembled.tell(&mut report, &mut invalid);
    report.sort();
    Ok((report, assembled))
}
