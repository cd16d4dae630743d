//! A suggestion for what a job names, tried before it is shown: read and assembled by the suggested mapping, not written.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use maillage_graph_schema::model::Initiative;

use super::{PlaceNames, Suggestion, suggest, wants, write};
use crate::check::look_by;
use crate::diagnostic::ReportLanguage;
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::mapping;
use crate::progress::{Progress, Stage};
use crate::read::blocking;
use crate::report::Report;
use crate::source;

/// A suggested mapping, and what an import by it would give.
#[derive(Debug)]
pub struct Suggested {
    pub suggestion: Suggestion,
    /// The file of the mapping.
    pub text: String,
    /// The language of its comments.
    pub language: ReportLanguage,
    pub trial: Trial,
}

/// What an import would give.
#[derive(Debug, Clone)]
pub struct Trial {
    pub report: Report,
    pub organisations: usize,
    pub initiatives: usize,
    /// Initiatives with a case study in more than one language.
    pub translated: usize,
    /// Of the initiatives: in the order in which people are told.
    pub with: Vec<(Told, usize)>,
}

/// What an initiative may tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Title,
    Summary,
    Date,
    Place,
    Topics,
    Tags,
    Status,
    Organisations,
    Links,
    Licence,
}

/// Looks at what a job names, suggests a mapping, and imports by it without writing. The comments are in a language, or in
/// that of the repository.
pub async fn suggest_for(
    job: ImportJob,
    content: &Path,
    language: Option<ReportLanguage>,
    progress: &dyn Progress,
) -> Result<Suggested, ImportError> {
    progress.stage(Stage::Fetch, None);
    let fetching = Arc::new(job.clone());
    let folder = content.to_owned();
    let looking = blocking(move || {
        let limits = fetching.surroundings.limits;
        let snapshot = source::open(&fetching.location, &fetching.surroundings.cache).snapshot(&wants, &limits)?;
        let place_names = PlaceNames::from_content(&folder)?;
        Ok(suggest(&snapshot.files, fetching.source.key.as_str(), &place_names, &limits))
    });
    let longest = job.surroundings.limits.fetch_seconds;
    let suggestion = tokio::time::timeout(Duration::from_secs(longest), looking).await.map_err(|_| ImportError::Limit {
        address: job.location.address(),
        what: "the time to fetch in seconds",
        limit: longest,
    })??;
    let is_french = suggestion.language.as_ref().is_some_and(|language| language.as_str() == "fr");
    let language = language.unwrap_or(if is_french { ReportLanguage::French } else { ReportLanguage::English });
    let text = write(&suggestion, &job.location.address(), language);
    let mapping =
        mapping::parse(&text).map_err(|(line, problem)| ImportError::Suggestion { line, problem, text: text.clone() })?;
    let trial = trial(job, mapping, content, progress).await?;
    Ok(Suggested { suggestion, text, language, trial })
}

async fn trial(job: ImportJob, mapping: mapping::Mapping, content: &Path, progress: &dyn Progress) -> Result<Trial, ImportError> {
    let (report, assembled) = look_by(job, Some(mapping), content, progress).await?;
    let initiatives = &assembled.initiatives;
    let mut summarised = HashSet::new();
    let mut studies: HashMap<_, usize> = HashMap::new();
    for study in &assembled.case_studies {
        *studies.entry(&study.initiative).or_default() += 1;
        if study.summary.is_some() {
            summarised.insert(&study.initiative);
        }
    }
    let count = |is: &dyn Fn(&Initiative) -> bool| initiatives.iter().filter(|initiative| is(initiative)).count();
    let with = vec![
        (Told::Title, initiatives.len()),
        (Told::Summary, summarised.len()),
        (Told::Date, count(&|initiative| initiative.start.is_some() || initiative.end.is_some())),
        (Told::Place, count(&|initiative| !initiative.places.is_empty() || initiative.point.is_some())),
        (Told::Topics, count(&|initiative| !initiative.topics.is_empty())),
        (Told::Tags, count(&|initiative| !initiative.tags.is_empty())),
        (Told::Status, count(&|initiative| initiative.status.is_some())),
        (Told::Organisations, count(&|initiative| !initiative.involvements.is_empty())),
        (Told::Links, count(&|initiative| !initiative.links.is_empty())),
        (Told::Licence, count(&|initiative| initiative.licence.is_some())),
    ];
    Ok(Trial {
        organisations: assembled.organisations.len(),
        initiatives: initiatives.len(),
        translated: studies.values().filter(|count| **count > 1).count(),
        with,
        report,
    })
}
