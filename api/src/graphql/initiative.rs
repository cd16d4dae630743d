//! Initiatives, and what they alone have.

use async_graphql::{Context, Object, SimpleObject};
use maillage_graph_schema::model::{self, CaseStudyKey, Direction, Original, PlaceTarget, RecordKey as _, RecordRef, Relation};
use maillage_graph_schema::store::NeighbourQuestion;

use super::area::Area;
use super::case_study::CaseStudy;
use super::connection::{Cursor, Slice, connection};
use super::error::OrTell as _;
use super::language::{best_fit, own_serves};
use super::lists::similar::{self, SimilarInitiative, SimilarityWeightsInput};
use super::note::{self, NoteConnection};
use super::organisation::Organisation;
use super::record::{self, RecordFields, RecordType as _, reader, record_type};
use super::scalar::{DateTime, Language};
use super::source::Source;
use super::topic::Topic;
use super::town::Town;
use super::value::{
    Audience, Contact, Cost, DeclaredBy, Figure, Licence, Link, NoteKind, OrganisationRole, PartialDate, Point, Status, text,
    texts,
};

/// More tellings of one initiative than there are languages.
const MOST_CASE_STUDIES: usize = 1000;

record_type!(Initiative);

impl Initiative {
    /// What is told of it, in the order in which a reader of the request would rather read: what fits best first, then its own
    /// language, then the others. Where there is no case study in its own language, its title and summary stand for one.
    pub(super) async fn tellings(&self, context: &Context<'_>) -> async_graphql::Result<Vec<model::CaseStudy>> {
        let own = &self.record().language;
        let case_studies = self.all_case_studies(context).await?;
        let mut tellings: Vec<model::CaseStudy> = case_studies.iter().map(CaseStudy::telling).collect();
        if tellings.iter().all(|telling| telling.language != *own) {
            tellings.push(self.as_telling());
        }
        let languages: Vec<model::Language> = tellings.iter().map(|telling| telling.language.clone()).collect();
        let best = best_fit(reader(context).preferences().or(None), own, &languages);
        tellings.sort_by_key(|telling| (Some(&telling.language) != best, telling.language != *own));
        Ok(tellings)
    }

    /// What it is and what it deals with.
    pub(super) async fn own_topics(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Topic>> {
        let keys = self.record().kind.iter().chain(&self.record().topics);
        record::all(context, keys.map(model::RecordKey::reference)).await
    }

    /// The towns where it runs.
    pub(super) async fn own_towns(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Town>> {
        let town_of = |place: &model::Place| match &place.target {
            PlaceTarget::Town(town) => Some(town.reference()),
            PlaceTarget::Area(_) => None,
        };
        record::all(context, self.record().places.iter().filter_map(town_of)).await
    }

    /// Its title and summary, as a case study has them.
    fn as_telling(&self) -> model::CaseStudy {
        let record = self.record();
        model::CaseStudy {
            initiative: record.key.clone(),
            language: record.language.clone(),
            title: record.title.clone(),
            summary: record.summary.clone(),
            sections: Vec::new(),
            picture: None,
            translation_of: None,
            licence: None,
            provenance: Vec::new(),
        }
    }

    /// All its tellings, in the order of their languages.
    async fn all_case_studies(&self, context: &Context<'_>) -> async_graphql::Result<Vec<CaseStudy>> {
        let question = NeighbourQuestion::by(Relation::DescribedBy, Direction::Out, MOST_CASE_STUDIES);
        let found = reader(context).neighbours(self.reference(), question).await.or_tell()?;
        record::all(context, found.page.items.iter().map(|neighbour| neighbour.reference.clone())).await
    }

    /// The languages of the case studies, in the order of their keys.
    async fn languages(&self, context: &Context<'_>) -> async_graphql::Result<Vec<model::Language>> {
        let question = NeighbourQuestion::by(Relation::DescribedBy, Direction::Out, MOST_CASE_STUDIES);
        let found = reader(context).neighbours(self.reference(), question).await.or_tell()?;
        let language_of = |reference: &RecordRef| reference.key().split_once('/').and_then(|(_, language)| language.parse().ok());
        Ok(found.page.items.iter().filter_map(|neighbour| language_of(&neighbour.reference)).collect())
    }

    async fn case_study_in(&self, context: &Context<'_>, language: &model::Language) -> async_graphql::Result<Option<CaseStudy>> {
        record::present(context, CaseStudyKey::new(&self.record().key, language).reference()).await
    }

    /// The telling that fits better than the initiative's own title and summary; `None` where these serve.
    async fn translation(&self, context: &Context<'_>, lang: Option<Language>) -> async_graphql::Result<Option<CaseStudy>> {
        let own = &self.record().language;
        let lang = lang.map(|lang| lang.0);
        let wanted = reader(context).preferences().or(lang.as_ref());
        if own_serves(wanted, own) {
            return Ok(None);
        }
        let mut available = vec![own.clone()];
        available.extend(self.languages(context).await?);
        match best_fit(wanted, own, &available) {
            Some(language) if language != own => self.case_study_in(context, language).await,
            _ => Ok(None),
        }
    }
}

/// What a town or an association tried: a project, a service or an experiment of one or several towns.
#[Object]
impl Initiative {
    #[graphql(flatten)]
    async fn record_fields(&self) -> RecordFields {
        self.fields()
    }

    /// The title, in the language that fits best.
    async fn title(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language; that of the request's header `Accept-Language` unless told, else the initiative's own.")]
        lang: Option<Language>,
    ) -> async_graphql::Result<String> {
        let translation = self.translation(context, lang).await?;
        Ok(translation.map_or_else(|| self.record().title.to_string(), |case_study| case_study.title_text().to_owned()))
    }

    /// What it is about in a few sentences, in the language that fits best.
    async fn summary(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language; that of the request's header `Accept-Language` unless told, else the initiative's own.")]
        lang: Option<Language>,
    ) -> async_graphql::Result<Option<String>> {
        Ok(match self.translation(context, lang).await? {
            Some(case_study) => case_study.summary_text(),
            None => text(self.record().summary.as_ref()),
        })
    }

    /// The language of its first telling.
    async fn lang(&self) -> Language {
        Language(self.record().language.clone())
    }

    /// The telling that fits best; null if there is none.
    async fn case_study(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language; that of the request's header `Accept-Language` unless told, else the initiative's own.")]
        lang: Option<Language>,
    ) -> async_graphql::Result<Option<CaseStudy>> {
        let available = self.languages(context).await?;
        let lang = lang.map(|lang| lang.0);
        match best_fit(reader(context).preferences().or(lang.as_ref()), &self.record().language, &available) {
            Some(language) => self.case_study_in(context, language).await,
            None => Ok(None),
        }
    }

    /// All its tellings, in the order of their languages.
    async fn case_studies(&self, context: &Context<'_>) -> async_graphql::Result<Vec<CaseStudy>> {
        self.all_case_studies(context).await
    }

    /// What sort of thing it is.
    async fn kind(&self, context: &Context<'_>) -> async_graphql::Result<Option<Topic>> {
        match &self.record().kind {
            Some(kind) => record::present(context, kind.reference()).await,
            None => Ok(None),
        }
    }

    /// What it deals with.
    async fn topics(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Topic>> {
        record::all(context, self.record().topics.iter().map(model::RecordKey::reference)).await
    }

    /// Tags of the source that no topic stands for.
    async fn tags(&self) -> Vec<String> {
        texts(&self.record().tags)
    }

    /// For whom it is.
    async fn audiences(&self) -> Vec<Audience> {
        self.record().audiences.iter().copied().map(Into::into).collect()
    }

    /// Where it stands.
    async fn status(&self) -> Option<Status> {
        self.record().status.map(Into::into)
    }

    /// Why it stands there: why it was stopped, say.
    async fn status_reason(&self) -> Option<String> {
        text(self.record().status_reason.as_ref())
    }

    /// When it began.
    async fn start(&self) -> Option<PartialDate> {
        self.record().start.map(Into::into)
    }

    /// When it ended.
    async fn end(&self) -> Option<PartialDate> {
        self.record().end.map(Into::into)
    }

    /// Where it runs: towns and areas, with the code that the source used.
    async fn places(&self) -> Vec<Place> {
        self.record().places.iter().cloned().map(Place).collect()
    }

    /// The towns where it runs.
    async fn towns(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Town>> {
        self.own_towns(context).await
    }

    /// Where exactly it is, if its source says so; else look at its towns.
    async fn point(&self) -> Option<Point> {
        self.record().point.map(Into::into)
    }

    /// Who carries, funds, joins or supplies it.
    async fn involvements(&self) -> Vec<Involvement> {
        self.record().involvements.iter().cloned().map(Involvement).collect()
    }

    /// What was measured.
    async fn figures(&self) -> Vec<Figure> {
        self.record().figures.iter().map(Into::into).collect()
    }

    /// What it cost, or was to cost.
    async fn costs(&self) -> Vec<Cost> {
        self.record().costs.iter().map(Into::into).collect()
    }

    /// Where to read on.
    async fn links(&self) -> Vec<Link> {
        self.record().links.iter().map(Into::into).collect()
    }

    /// What bears out what is told.
    async fn evidence(&self) -> Vec<Link> {
        self.record().evidence.iter().map(Into::into).collect()
    }

    /// Whom to ask.
    async fn contact(&self) -> Option<Contact> {
        self.record().contact.as_ref().map(Into::into)
    }

    /// What it copied or adapted, as declared.
    async fn inspired_by(
        &self,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<AdoptionConnection> {
        let adoptions =
            self.record().inspired_by.iter().map(|adoption| Adoption { adopter: self.clone(), adoption: adoption.clone() });
        Ok(Slice::of_list(adoptions, first, after.as_deref())?.into())
    }

    /// What copied or adapted it, as declared; in the order of the keys.
    async fn inspired(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<AdoptionConnection> {
        let side = (Relation::InspiredBy, Direction::In);
        let slice = record::neighbours::<Self>(context, &self.reference(), side, first, after.as_deref()).await?;
        let mut items: Vec<(Cursor, Adoption)> = Vec::with_capacity(slice.items.len());
        for (cursor, adopter) in slice.items {
            let is_this = |adoption: &&model::Adoption| adoption.original == Original::Initiative(self.record().key.clone());
            let adoption = adopter.record().inspired_by.iter().find(is_this).cloned();
            items.extend(adoption.map(|adoption| (cursor, Adoption { adopter, adoption })));
        }
        Ok(Slice { items, has_more: slice.has_more, has_previous: slice.has_previous, total: slice.total }.into())
    }

    /// The initiatives that it replaced.
    async fn supersedes(&self, context: &Context<'_>) -> async_graphql::Result<Vec<Initiative>> {
        record::all(context, self.record().supersedes.iter().map(model::RecordKey::reference)).await
    }

    /// The initiatives that are most like it, and why; without its own translations and copies.
    async fn similar(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many, 0 to 100.", default = 10)] first: i32,
        #[graphql(desc = "How much each reason counts; as usual unless told.")] weights: Option<SimilarityWeightsInput>,
    ) -> async_graphql::Result<Vec<SimilarInitiative>> {
        similar::initiatives(context, self, first, weights).await
    }

    /// What others say of it, in the order of the notes' keys.
    async fn notes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only notes of these kinds; all unless told.")] kinds: Option<Vec<NoteKind>>,
        #[graphql(desc = "The size of the page, 0 to 100; 20 unless told.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
    ) -> async_graphql::Result<NoteConnection> {
        note::notes_on(context, &self.reference(), kinds, first, after).await
    }

    /// Where it comes from: the source that owns it.
    async fn source(&self, context: &Context<'_>) -> async_graphql::Result<Source> {
        let reference = self.reference();
        let origin = self.record().provenance.first();
        let origin = origin.ok_or_else(|| super::error::broken(&format!("{reference} has no provenance")))?;
        record::required(context, origin.source.reference()).await
    }

    /// Under which terms it may be used; null if unknown.
    async fn licence(&self) -> Option<Licence> {
        self.record().licence.as_ref().map(Into::into)
    }

    /// When its source last changed it.
    async fn modified(&self) -> Option<DateTime> {
        self.record().modified.map(DateTime)
    }

    /// When somebody last checked that it still holds.
    async fn reviewed(&self) -> Option<PartialDate> {
        self.record().reviewed.map(Into::into)
    }
}

/// Where an initiative runs: a town, or an area where no town is named.
#[derive(Debug, Clone)]
pub struct Place(model::Place);

/// Where an initiative runs: a town, or an area where no town is named.
#[Object]
impl Place {
    /// The town.
    async fn town(&self, context: &Context<'_>) -> async_graphql::Result<Option<Town>> {
        match &self.0.target {
            PlaceTarget::Town(town) => record::one(context, town.reference()).await,
            PlaceTarget::Area(_) => Ok(None),
        }
    }

    /// The area.
    async fn area(&self, context: &Context<'_>) -> async_graphql::Result<Option<Area>> {
        match &self.0.target {
            PlaceTarget::Area(area) => record::one(context, area.reference()).await,
            PlaceTarget::Town(_) => Ok(None),
        }
    }

    /// The code as the source wrote it, where it differs: a merged commune's, say.
    async fn original_code(&self) -> Option<String> {
        text(self.0.original_code.as_ref())
    }

    /// The name as the source wrote it.
    async fn original_name(&self) -> Option<String> {
        text(self.0.original_name.as_ref())
    }
}

/// An organisation's part in an initiative.
#[derive(Debug, Clone)]
pub struct Involvement(model::Involvement);

/// An organisation's part in an initiative.
#[Object]
impl Involvement {
    /// The organisation.
    async fn organisation(&self, context: &Context<'_>) -> async_graphql::Result<Organisation> {
        record::required(context, self.0.organisation.reference()).await
    }

    /// What it does.
    async fn role(&self) -> OrganisationRole {
        self.0.role.into()
    }
}

/// The other side's word that an adoption took place.
#[derive(Debug, Clone, SimpleObject)]
pub struct Confirmation {
    /// Who confirmed it: a role, not a person.
    by: String,
    /// When.
    on: PartialDate,
}

/// That an initiative copied or adapted another.
#[derive(Debug, Clone)]
pub struct Adoption {
    adopter: Initiative,
    adoption: model::Adoption,
}

/// That an initiative copied or adapted another: declared by one side, confirmed by the other (`schema:isBasedOn`).
#[Object]
impl Adoption {
    /// The one that copied.
    async fn initiative(&self) -> &Initiative {
        &self.adopter
    }

    /// The one that was copied; null if it stands elsewhere.
    async fn original(&self, context: &Context<'_>) -> async_graphql::Result<Option<Initiative>> {
        match &self.adoption.original {
            Original::Initiative(original) => record::one(context, original.reference()).await,
            Original::External(_) => Ok(None),
        }
    }

    /// The address of what was copied, if it stands elsewhere.
    async fn external_url(&self) -> Option<String> {
        match &self.adoption.original {
            Original::External(address) => Some(address.to_string()),
            Original::Initiative(_) => None,
        }
    }

    /// Which side declared it.
    async fn declared_by(&self) -> DeclaredBy {
        self.adoption.declared_by.into()
    }

    /// When it was adopted, or declared where only that is known.
    async fn declared_on(&self) -> Option<PartialDate> {
        self.adoption.date.map(Into::into)
    }

    /// Whether the other side confirmed it.
    async fn confirmed(&self) -> bool {
        self.adoption.confirmation.is_some()
    }

    /// The other side's word; null while it has not been given.
    async fn confirmation(&self) -> Option<Confirmation> {
        let confirmation = self.adoption.confirmation.as_ref()?;
        Some(Confirmation { by: confirmation.by.to_string(), on: confirmation.on.into() })
    }

    /// What was adapted.
    async fn adapted(&self) -> Option<String> {
        text(self.adoption.adapted.as_ref())
    }

    /// What came of it.
    async fn outcome(&self) -> Option<String> {
        text(self.adoption.outcome.as_ref())
    }
}

connection!(
    /// Adoptions, by page.
    AdoptionConnection,
    /// An adoption, with its cursor.
    AdoptionEdge,
    Adoption
);
