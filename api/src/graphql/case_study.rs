//! How initiatives are told.

use async_graphql::{Context, Object};
use maillage_graph_schema::model::{self, CaseStudy as CaseStudyRecord, CaseStudyKey, RecordKey as _};
use maillage_importer::text::{Setting, html, plain};

use super::initiative::Initiative;
use super::record::{self, RecordFields, record_type};
use super::scalar::Language;
use super::value::{Licence, Picture, SectionKind, text};

record_type!(CaseStudy);

impl CaseStudy {
    /// What is told.
    pub(super) fn telling(&self) -> model::CaseStudy {
        self.record().clone()
    }

    pub(super) fn title_text(&self) -> &str {
        self.record().title.as_str()
    }

    pub(super) fn summary_text(&self) -> Option<String> {
        text(self.record().summary.as_ref())
    }

    fn of_section(&self, section: &model::Section) -> Section {
        let CaseStudyRecord { language, provenance, .. } = self.record();
        Section { part: section.clone(), language: language.clone(), origin: provenance.first().cloned() }
    }
}

/// What a text's links start from, and the language of the words around it.
fn setting<'a>(language: &'a model::Language, origin: Option<&'a model::Provenance>) -> Setting<'a> {
    Setting { language: Some(language), origin }
}

/// One telling of an initiative, in one language: Markdown made safe, cut into its sections.
#[Object]
impl CaseStudy {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// The initiative that it tells.
    async fn initiative(&self, context: &Context<'_>) -> async_graphql::Result<Initiative> {
        record::required(context, self.record().initiative.reference()).await
    }

    /// Its language.
    async fn lang(&self) -> Language {
        Language(self.record().language.clone())
    }

    /// Its title.
    async fn title(&self) -> &str {
        self.title_text()
    }

    /// What it is about, in a few sentences.
    async fn summary(&self) -> Option<String> {
        self.summary_text()
    }

    /// Its sections, in the order of the text.
    async fn sections(&self) -> Vec<Section> {
        self.record().sections.iter().map(|section| self.of_section(section)).collect()
    }

    /// Its first section of a kind.
    async fn section(&self, #[graphql(desc = "What the section tells.")] kind: SectionKind) -> Option<Section> {
        let kind = model::SectionKind::from(kind);
        self.record().sections.iter().find(|section| section.kind == kind).map(|section| self.of_section(section))
    }

    /// The whole text as HTML, made safe: no scripts, no styles, no forms.
    async fn html(&self) -> String {
        html(&self.record().markdown(), setting(&self.record().language, self.record().provenance.first()))
    }

    /// The whole text as Markdown, with its headings at the second level.
    async fn markdown(&self) -> String {
        self.record().markdown()
    }

    /// A picture that shows the initiative.
    async fn picture(&self) -> Option<Picture> {
        self.record().picture.as_ref().map(Into::into)
    }

    /// The telling that it was translated from.
    async fn translation_of(&self, context: &Context<'_>) -> async_graphql::Result<Option<CaseStudy>> {
        match &self.record().translation_of {
            Some(language) => record::present(context, CaseStudyKey::new(&self.record().initiative, language).reference()).await,
            None => Ok(None),
        }
    }

    /// Under which terms it may be used; null if unknown.
    async fn licence(&self) -> Option<Licence> {
        self.record().licence.as_ref().map(Into::into)
    }
}

/// A part of a case study.
#[derive(Debug, Clone)]
pub struct Section {
    part: model::Section,
    language: model::Language,
    origin: Option<model::Provenance>,
}

/// A part of a case study: what stands under one heading.
#[Object]
impl Section {
    /// What it tells.
    async fn kind(&self) -> SectionKind {
        self.part.kind.into()
    }

    /// Its heading; null for what stands before the first.
    async fn heading(&self) -> Option<String> {
        text(self.part.heading.as_ref())
    }

    /// What stands under the heading as HTML, made safe: no scripts, no styles, no forms.
    async fn html(&self) -> String {
        html(&self.part.markdown, setting(&self.language, self.origin.as_ref()))
    }

    /// What stands under the heading as plain text.
    async fn text(&self) -> String {
        plain(&self.part.markdown)
    }

    /// What stands under the heading as Markdown.
    async fn markdown(&self) -> &str {
        &self.part.markdown
    }
}
