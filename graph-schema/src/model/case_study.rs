//! How an initiative is told.

use super::value::written_enum;
use super::{CaseStudyKey, InitiativeKey, Language, Licence, Provenance, Text, WebAddress};

written_enum!(
    /// What a section tells (OPSI's case-study form).
    SectionKind, "a kind of section" {
        Problem = "problem",
        Solution = "solution",
        Results = "results",
        Pitfalls = "pitfalls",
        Conditions = "conditions",
        Lessons = "lessons",
        Transferability = "transferability",
        Other = "other",
    }
);

/// A part of a case study: what stands under one heading, in Markdown.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    pub kind: SectionKind,
    /// Absent for what stands before the first heading.
    pub heading: Option<Text>,
    /// Markdown, without the heading; empty where a heading has nothing below it.
    pub markdown: String,
}

/// A picture that shows the initiative.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub url: WebAddress,
    pub alternative_text: Option<Text>,
    pub credit: Option<Text>,
}

/// One telling of an initiative, in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseStudy {
    pub initiative: InitiativeKey,
    pub language: Language,
    pub title: Text,
    pub summary: Option<Text>,
    /// In the order of the text.
    pub sections: Vec<Section>,
    pub picture: Option<Picture>,
    /// The language that it was translated from.
    pub translation_of: Option<Language>,
    pub licence: Option<Licence>,
    pub provenance: Vec<Provenance>,
}

impl CaseStudy {
    /// The initiative's key and the language.
    pub fn key(&self) -> CaseStudyKey {
        CaseStudyKey::new(&self.initiative, &self.language)
    }

    /// The whole text in Markdown, with its headings at the second level.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            if let Some(heading) = &section.heading {
                text.push_str("## ");
                text.push_str(heading.as_str());
                if !section.markdown.is_empty() {
                    text.push_str("\n\n");
                }
            }
            text.push_str(section.markdown.trim_end());
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }
}
