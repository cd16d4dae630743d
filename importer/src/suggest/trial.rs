//! A suggestion for what a job names, tried before it is shown: read and assembled by the suggested mapping, not written.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use maillage_graph_schema::model::Initiative;

use super::model::{CollectionSuggestion, OpenValue};
use super::{Suggestion, suggest, wants, write};
use crate::check::look_by;
use crate::diagnostic::{Code, Diagnostic, ReportLanguage};
use crate::error::ImportError;
use crate::job::ImportJob;
use crate::mapping;
use crate::progress::{Progress, Stage};
use crate::read::blocking;
use crate::report::Report;
use crate::resolve::Known;
use crate::source::{self, Question};

/// How many values that a person may translate are listed.
const MOST_OPEN: usize = 20;

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
    let (mut suggestion, known) = blocking(move || {
        let question = Question { wanted: &wants, dates: false, known: None };
        let snapshot = source::open(&fetching).snapshot(&question)?;
        let files = snapshot.map(|snapshot| snapshot.files).unwrap_or_default();
        let known = Known::from_content(&folder)?;
        let countries = |name: &str| known.places.countries_of(name);
        let suggestion = suggest(&files, fetching.source.key.as_str(), &countries, &fetching.surroundings.limits);
        Ok((suggestion, known))
    })
    .await?;
    let is_french = suggestion.language.as_ref().is_some_and(|language| language.as_str() == "fr");
    let language = language.unwrap_or(if is_french { ReportLanguage::French } else { ReportLanguage::English });
    let text = write(&suggestion, &job.location.address(), language);
    if suggestion.collections.is_empty() {
        let report = Report::new(job.source.key.clone(), job.location.address());
        let trial = Trial { report, organisations: 0, initiatives: 0, translated: 0, with: Vec::new() };
        return Ok(Suggested { suggestion, text, language, trial });
    }
    let mapping =
        mapping::parse(&text).map_err(|(line, problem)| ImportError::Suggestion { line, problem, text: text.clone() })?;
    let address = job.location.address();
    let (trial, placed) = trial(job, mapping, &known, progress).await?;
    count_places(&mut suggestion, &placed);
    open_values(&mut suggestion, &trial.report.diagnostics);
    let text = write(&suggestion, &address, language);
    Ok(Suggested { suggestion, text, language, trial })
}

/// Says of how many records of each collection an import found the place.
fn count_places(suggestion: &mut Suggestion, placed: &Placed) {
    for collection in &mut suggestion.collections {
        let asked = placed.iter().filter(|(path, _)| collection.globs.ask_for(path));
        collection.placed = Some(asked.map(|(_, count)| count).sum());
    }
}

/// Names of places and tags that an import found nothing for, for a person to translate.
fn open_values(suggestion: &mut Suggestion, diagnostics: &[Diagnostic]) {
    let mut places: HashMap<(usize, String), (usize, Option<String>)> = HashMap::new();
    let mut tags: Vec<OpenValue> = Vec::new();
    for diagnostic in diagnostics {
        let Some(value) = &diagnostic.value else { continue };
        if diagnostic.code == Code::UnmappedTag {
            let count = diagnostic.detail.as_deref().and_then(|count| count.parse().ok()).unwrap_or(1);
            tags.push(OpenValue { theirs: value.clone(), count, candidates: None });
        }
        if !matches!(diagnostic.code, Code::UncertainPlace | Code::UnknownPlace) {
            continue;
        }
        let collection = suggestion.collections.iter().position(|collection| collection.globs.ask_for(&diagnostic.path));
        let Some(collection) = collection.filter(|index| has_plain_name(&suggestion.collections[*index])) else { continue };
        let candidates = diagnostic.detail.clone().filter(|detail| !detail.is_empty());
        places.entry((collection, value.clone())).or_insert((0, candidates)).0 += 1;
    }
    for ((collection, theirs), (count, candidates)) in places {
        suggestion.collections[collection].open_places.push(OpenValue { theirs, count, candidates });
    }
    let by_count = |values: &mut Vec<OpenValue>| {
        values.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.theirs.cmp(&other.theirs)));
        values.truncate(MOST_OPEN);
    };
    suggestion.collections.iter_mut().for_each(|collection| by_count(&mut collection.open_places));
    let tagged = suggestion.collections.iter_mut().find(|collection| collection.fields.iter().any(|field| field.ours == "tags"));
    if let Some(collection) = tagged {
        tags.retain(|tag| tag.count > 1);
        by_count(&mut tags);
        collection.open_tags = tags;
    }
}

/// Whether the places of a collection are said by a name alone, which a table can translate.
fn has_plain_name(collection: &CollectionSuggestion) -> bool {
    collection.places.iter().any(|place| matches!(place.parts[..], [("name", _)]))
}

/// How many initiatives of each file have a place.
type Placed = HashMap<String, usize>;

async fn trial(
    job: ImportJob,
    mapping: mapping::Mapping,
    known: &Known,
    progress: &dyn Progress,
) -> Result<(Trial, Placed), ImportError> {
    let (report, assembled) = look_by(job, Some(mapping), known, progress).await?;
    let initiatives = &assembled.initiatives;
    let mut summarised = HashSet::new();
    let mut studies: HashMap<_, usize> = HashMap::new();
    for study in &assembled.case_studies {
        *studies.entry(&study.initiative).or_default() += 1;
        if study.summary.is_some() {
            summarised.insert(&study.initiative);
        }
    }
    let has_place = |initiative: &Initiative| !initiative.places.is_empty() || initiative.point.is_some();
    let mut placed = Placed::new();
    for initiative in initiatives.iter().filter(|initiative| has_place(initiative)) {
        let path = initiative.provenance.first().and_then(|provenance| provenance.path.as_ref());
        *placed.entry(path.map(ToString::to_string).unwrap_or_default()).or_default() += 1;
    }
    let count = |is: &dyn Fn(&Initiative) -> bool| initiatives.iter().filter(|initiative| is(initiative)).count();
    let with = vec![
        (Told::Title, initiatives.len()),
        (Told::Summary, summarised.len()),
        (Told::Date, count(&|initiative| initiative.start.is_some() || initiative.end.is_some())),
        (Told::Place, count(&has_place)),
        (Told::Topics, count(&|initiative| !initiative.topics.is_empty())),
        (Told::Tags, count(&|initiative| !initiative.tags.is_empty())),
        (Told::Status, count(&|initiative| initiative.status.is_some())),
        (Told::Organisations, count(&|initiative| !initiative.involvements.is_empty())),
        (Told::Links, count(&|initiative| !initiative.links.is_empty())),
        (Told::Licence, count(&|initiative| initiative.licence.is_some())),
    ];
    let trial = Trial {
        organisations: assembled.organisations.len(),
        initiatives: initiatives.len(),
        translated: studies.values().filter(|count| **count > 1).count(),
        with,
        report,
    };
    Ok((trial, placed))
}
