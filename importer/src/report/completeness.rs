//! What a reader would miss in a case study: told to its owner, and to nobody else.

use std::collections::BTreeMap;

use maillage_graph_schema::model::{CaseStudy, Initiative, SectionKind};

use crate::diagnostic::ReportLanguage;

/// The shortest text that tells something, in characters.
const SHORTEST_STORY: usize = 300;

macro_rules! missing {
    ($($(#[$meta:meta])* $name:ident = $code:literal, $french:literal, $english:literal;)+) => {
        /// Something that readers look for and do not find.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Missing { $($(#[$meta])* $name),+ }

        impl Missing {
            /// Every one, those first that readers miss most.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The written form, stable for ever.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What is missing, for people.
            pub const fn label(self, language: ReportLanguage) -> &'static str {
                match language {
                    ReportLanguage::French => match self { $(Self::$name => $french),+ },
                    ReportLanguage::English => match self { $(Self::$name => $english),+ },
                }
            }

            /// The same in a word or two, for lists.
            pub fn short_label(self, language: ReportLanguage) -> &'static str {
                let label = self.label(language);
                label.split_once(" (").map_or(label, |(short, _)| short)
            }
        }
    };
}

missing! {
    Place = "place", "le lieu", "the place";
    Summary = "summary", "le résumé", "the summary";
    Topics = "topics", "les thèmes (aucun de ceux du vocabulaire)", "the topics (none of the vocabulary)";
    Status = "status", "l'état (idée, essai, en cours, arrêté…)", "the status (idea, pilot, running, stopped …)";
    Dates = "dates", "les dates", "the dates";
    Organisation = "organisation", "qui porte l'action", "who runs it";
    Story = "story", "un récit (le texte est vide ou très court)", "a story (the text is empty or very short)";
    Results = "results", "les résultats", "the results";
    Pitfalls = "pitfalls", "les difficultés rencontrées", "what went wrong";
    Costs = "costs", "ce que cela coûte", "what it costs";
    Contact = "contact", "à qui écrire", "whom to write to";
    Licence = "licence", "la licence", "the licence";
}

/// What readers would miss in one initiative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// The key of the initiative.
    pub key: String,
    pub title: String,
    /// Its file.
    pub path: String,
    pub missing: Vec<Missing>,
}

/// Looks at each initiative, with the case studies that tell of it.
pub fn completeness(initiatives: &[Initiative], case_studies: &[CaseStudy]) -> Vec<Completeness> {
    let mut told: BTreeMap<&str, Vec<&CaseStudy>> = BTreeMap::new();
    for study in case_studies {
        told.entry(study.initiative.as_str()).or_default().push(study);
    }
    let of = |initiative: &Initiative| {
        let studies = told.get(initiative.key.as_str()).map(Vec::as_slice).unwrap_or_default();
        Completeness {
            key: initiative.key.to_string(),
            title: initiative.title.to_string(),
            path: initiative.provenance.first().and_then(|from| from.path.as_ref()).map(ToString::to_string).unwrap_or_default(),
            missing: Missing::ALL.iter().copied().filter(|missing| is_missing(*missing, initiative, studies)).collect(),
        }
    };
    initiatives.iter().map(of).collect()
}

fn is_missing(missing: Missing, initiative: &Initiative, studies: &[&CaseStudy]) -> bool {
    let tells = |kind: SectionKind| {
        studies
            .iter()
            .flat_map(|study| &study.sections)
            .any(|section| section.kind == kind && !section.markdown.trim().is_empty())
    };
    match missing {
        Missing::Place => initiative.places.is_empty() && initiative.point.is_none(),
        Missing::Summary => initiative.summary.is_none() && studies.iter().all(|study| study.summary.is_none()),
        Missing::Topics => initiative.topics.is_empty() && initiative.kind.is_none(),
        Missing::Status => initiative.status.is_none(),
        Missing::Dates => initiative.start.is_none() && initiative.end.is_none(),
        Missing::Organisation => initiative.involvements.is_empty(),
        Missing::Story => {
            let is_short = |study: &&CaseStudy| {
                study.sections.iter().flat_map(|section| section.markdown.chars()).nth(SHORTEST_STORY - 1).is_none()
            };
            studies.iter().all(is_short)
        }
        Missing::Results => !tells(SectionKind::Results) && initiative.figures.is_empty(),
        Missing::Pitfalls => !tells(SectionKind::Pitfalls) && !tells(SectionKind::Lessons),
        Missing::Costs => initiative.costs.is_empty(),
        Missing::Contact => initiative.contact.is_none(),
        Missing::Licence => initiative.licence.is_none() && studies.iter().all(|study| study.licence.is_none()),
    }
}

/// In how many records each thing is missing, the most frequent first.
pub fn by_missing(records: &[Completeness]) -> Vec<(Missing, usize)> {
    let count = |missing: Missing| records.iter().filter(|record| record.missing.contains(&missing)).count();
    let mut counts: Vec<(Missing, usize)> = Missing::ALL.iter().map(|missing| (*missing, count(*missing))).collect();
    counts.retain(|(_, count)| *count > 0);
    // Stable: what is missing alike stays in the order of the list.
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

/// What all records lack, where they are several: their files do not say it, or nobody told where. What few initiatives tell anywhere
/// is left out.
pub fn missing_everywhere(records: &[Completeness]) -> Vec<Missing> {
    const FEWEST: usize = 3;
    let is_rare = |missing: Missing| {
        matches!(missing, Missing::Results | Missing::Pitfalls | Missing::Costs | Missing::Contact | Missing::Story)
    };
    let is_everywhere = |missing: Missing| records.iter().all(|record| record.missing.contains(&missing));
    let all = Missing::ALL.iter().copied().filter(|missing| !is_rare(*missing) && is_everywhere(*missing));
    if records.len() < FEWEST { Vec::new() } else { all.collect() }
}

/// The records that lack the most, at most so many of them.
pub fn neediest(records: &[Completeness], most: usize) -> Vec<&Completeness> {
    let mut needy: Vec<&Completeness> = records.iter().filter(|record| !record.missing.is_empty()).collect();
    needy.sort_by_key(|record| (std::cmp::Reverse(record.missing.len()), record.path.as_str()));
    needy.truncate(most);
    needy
}
