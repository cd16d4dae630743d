//! The vocabulary.

use async_graphql::{Context, Object};
use maillage_explore::question::Scope;
use maillage_graph_schema::model::{self, Direction, RecordKey as _, Relation};
use maillage_graph_schema::store::NeighbourQuestion;

use super::error::OrTell as _;
use super::language::best_fit;
use super::lists::filter::{InitiativeFilter, InitiativeOrder};
use super::lists::initiatives::{InitiativeConnection, initiatives};
use super::lists::page::Paging;
use super::record::{self, RecordFields, RecordType as _, reader, record_type};
use super::scalar::Language;
use super::value::{Label, texts};

/// More topics than stand directly under one.
const MOST_NARROWER: usize = 1000;

record_type!(Topic);

impl Topic {
    /// What it is called, each wording with its language; the label that fits best first.
    pub(super) fn names(&self, context: &Context<'_>) -> Vec<(Option<String>, String)> {
        let best = self.label_for(context, None);
        let labels = self.record().labels.iter().map(|(language, label)| (Some(language.to_string()), label.to_string()));
        let alternative = self.record().alternative_labels.iter();
        let alternative = alternative.map(|label| (label.language.as_ref().map(ToString::to_string), label.label.to_string()));
        let mut names: Vec<_> = labels.chain(alternative).collect();
        names.sort_by_key(|(_, name)| *name != best);
        names
    }

    pub(super) fn is_root(&self) -> bool {
        self.record().broader.is_none()
    }

    /// The label, in the language that fits best.
    pub(super) fn label_for(&self, context: &Context<'_>, lang: Option<&Language>) -> String {
        let available: Vec<model::Language> = self.record().labels.keys().cloned().collect();
        let wanted = reader(context).preferences().or(lang.map(|lang| &lang.0));
        let language = best_fit(wanted, &model::Language::english(), &available);
        self.record().label(language.unwrap_or(&model::Language::english())).to_owned()
    }
}

/// A topic of the controlled vocabulary, a tree in the manner of SKOS.
#[Object]
impl Topic {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// The label, in the language that fits best.
    async fn label(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language; that of the request's header `Accept-Language` unless told, else English.")] lang: Option<
            Language,
        >,
    ) -> String {
        self.label_for(context, lang.as_ref())
    }

    /// The label in every language.
    async fn labels(&self) -> Vec<Label> {
        self.record().labels.iter().map(|(language, label)| Label::new(Some(language), label)).collect()
    }

    /// Other wordings, by which free tags find it.
    async fn alternative_labels(
        &self,
        #[graphql(desc = "Only wordings in this language, and those that serve in several; all unless told.")] lang: Option<
            Language,
        >,
    ) -> Vec<String> {
        let is_wanted = |label: &&model::AlternativeLabel| match (&lang, &label.language) {
            (Some(wanted), Some(language)) => wanted.0.primary() == language.primary(),
            _ => true,
        };
        self.record().alternative_labels.iter().filter(is_wanted).map(|label| label.label.to_string()).collect()
    }

    /// The topic above; null for a root.
    async fn broader(&self, context: &Context<'_>) -> async_graphql::Result<Option<Topic>> {
        match &self.record().broader {
            Some(broader) => record::present(context, broader.reference()).await,
            None => Ok(None),
        }
    }

    /// The topics directly below, in the order of their keys.
    async fn narrower(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Topic>> {
        let question = NeighbourQuestion::by(Relation::Narrower, Direction::In, MOST_NARROWER);
        let found = reader(context).neighbours(self.reference(), question).await.or_tell()?;
        record::all(context, found.page.items.iter().map(|neighbour| neighbour.reference.clone())).await
    }

    /// Concepts of other vocabularies that mean nearly the same (`skos:closeMatch`).
    async fn close_matches(&self) -> Vec<String> {
        texts(&self.record().close_matches)
    }

    /// The initiatives that are of this kind or deal with it or with a narrower topic; those of narrower ones are left out by
    /// `filter: { includeNarrower: false }`.
    async fn initiatives(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which of them; all unless told.")] filter: Option<InitiativeFilter>,
        #[graphql(desc = "In which order; `RELEVANCE` unless told.")] order_by: Option<InitiativeOrder>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "The size of the page, 0 to 100, counted from the end; in place of `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<InitiativeConnection> {
        let scope = Scope::Topic(self.record().key.to_string());
        initiatives(context, Some(scope), filter, order_by, Paging { first, after, last, before }).await
    }
}
