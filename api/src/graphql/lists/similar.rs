//! What is alike, and why.

use async_graphql::{Context, Enum, InputObject, Object};
use maillage_explore::Snapshot;
use maillage_explore::question::QuestionError;
use maillage_explore::similarity::{self, InitiativeWeights, Similar, TownWeights};

use super::label::Spoken;
use crate::graphql::area::Area;
use crate::graphql::connection::page_size;
use crate::graphql::error;
use crate::graphql::initiative::Initiative;
use crate::graphql::organisation::Organisation;
use crate::graphql::record::{self, RecordType, reader};
use crate::graphql::scalar::{Language, int};
use crate::graphql::topic::Topic;
use crate::graphql::town::Town;
use crate::graphql::value::Audience;

/// What two initiatives, or two towns, have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_explore::similarity::ReasonKind")]
pub enum ReasonKind {
    /// Topics that both deal with, by how rare they are; a narrower or a sibling topic counts for less.
    SharedTopics,
    /// They are the same sort of thing.
    SameKind,
    /// They are for the same people.
    SharedAudience,
    /// Words that matter in both.
    SimilarText,
    /// Their towns have about as many inhabitants.
    TownSize,
    /// Their towns are of the same type: in the same sort of intercommunality, the main town of it or not.
    TownType,
    /// They are in the same area.
    SameArea,
    /// They are near to each other.
    Distance,
    /// The same organisation has a part in both.
    SameOrganisation,
    /// One copied or adapted the other, or both the same third one.
    Adoption,
    /// Of towns: what they try is alike.
    SimilarActivity,
}

/// How much each reason may add to the score at the most, 0 to 10; what is left out counts as it usually does, which
/// `docs/similarity.md` says with the formula. Weights of 0 leave a reason out.
#[derive(Debug, Clone, Copy, Default, InputObject)]
pub struct SimilarityWeightsInput {
    /// For topics that both deal with: of initiatives.
    shared_topics: Option<f64>,
    /// For being the same sort of thing: of initiatives.
    same_kind: Option<f64>,
    /// For being for the same people: of initiatives.
    shared_audience: Option<f64>,
    /// For words that matter in both: of initiatives.
    similar_text: Option<f64>,
    /// For towns with about as many inhabitants.
    town_size: Option<f64>,
    /// For towns of the same type.
    town_type: Option<f64>,
    /// For being in the same area.
    same_area: Option<f64>,
    /// For being near to each other.
    distance: Option<f64>,
    /// For an organisation with a part in both: of initiatives.
    same_organisation: Option<f64>,
    /// For one having copied the other: of initiatives.
    adoption: Option<f64>,
    /// For trying things that are alike: of towns.
    similar_activity: Option<f64>,
}

impl SimilarityWeightsInput {
    /// The weights of initiatives. One that says nothing of them is a mistake.
    fn of_initiatives(self) -> async_graphql::Result<InitiativeWeights> {
        unused("initiatives", &[("similarActivity", self.similar_activity)])?;
        let usual = InitiativeWeights::default();
        Ok(InitiativeWeights {
            shared_topics: self.shared_topics.unwrap_or(usual.shared_topics),
            same_kind: self.same_kind.unwrap_or(usual.same_kind),
            shared_audience: self.shared_audience.unwrap_or(usual.shared_audience),
            similar_text: self.similar_text.unwrap_or(usual.similar_text),
            town_size: self.town_size.unwrap_or(usual.town_size),
            town_type: self.town_type.unwrap_or(usual.town_type),
            same_area: self.same_area.unwrap_or(usual.same_area),
            distance: self.distance.unwrap_or(usual.distance),
            same_organisation: self.same_organisation.unwrap_or(usual.same_organisation),
            adoption: self.adoption.unwrap_or(usual.adoption),
        })
    }

    /// The weights of towns. One that says nothing of them is a mistake.
    fn of_towns(self) -> async_graphql::Result<TownWeights> {
        unused(
            "towns",
            &[
                ("sharedTopics", self.shared_topics),
                ("sameKind", self.same_kind),
                ("sharedAudience", self.shared_audience),
                ("similarText", self.similar_text),
                ("sameOrganisation", self.same_organisation),
                ("adoption", self.adoption),
            ],
        )?;
        let usual = TownWeights::default();
        Ok(TownWeights {
            town_size: self.town_size.unwrap_or(usual.town_size),
            town_type: self.town_type.unwrap_or(usual.town_type),
            same_area: self.same_area.unwrap_or(usual.same_area),
            distance: self.distance.unwrap_or(usual.distance),
            similar_activity: self.similar_activity.unwrap_or(usual.similar_activity),
        })
    }
}

fn unused(between: &str, weights: &[(&str, Option<f64>)]) -> async_graphql::Result<()> {
    match weights.iter().find_map(|(name, weight)| weight.map(|weight| (name, weight))) {
        Some((name, weight)) => {
            let expected = format!("to be left out: it plays no part between {between}");
            Err(error::bad_argument(&format!("weights.{name}"), weight, &expected))
        }
        None => Ok(()),
    }
}

async fn ask(
    context: &Context<'_>,
    first: i32,
    question: impl FnOnce(&Snapshot, usize) -> Result<Option<Vec<Similar>>, QuestionError> + Send + 'static,
) -> async_graphql::Result<Vec<Similar>> {
    let most = page_size(Some(first))?;
    let found = reader(context).explore(move |snapshot| question(snapshot, most)).await;
    let place = |argument: &str| if argument == "first" { argument.to_owned() } else { format!("weights.{argument}") };
    // A record that the index does not know (any more) is like none.
    Ok(found.map_err(|problem| error::question(&problem, place))?.unwrap_or_default())
}

/// The initiatives that are most like one.
pub async fn initiatives(
    context: &Context<'_>,
    of: &Initiative,
    first: i32,
    weights: Option<SimilarityWeightsInput>,
) -> async_graphql::Result<Vec<SimilarInitiative>> {
    let weights = weights.unwrap_or_default().of_initiatives()?;
    let key = of.reference().key().to_owned();
    let found = ask(context, first, move |snapshot, most| snapshot.similar_initiatives(&key, &weights, most)).await?;
    Ok(found.into_iter().map(SimilarInitiative).collect())
}

/// The towns that are most like one.
pub async fn towns(
    context: &Context<'_>,
    of: &Town,
    first: i32,
    weights: Option<SimilarityWeightsInput>,
) -> async_graphql::Result<Vec<SimilarTown>> {
    let weights = weights.unwrap_or_default().of_towns()?;
    let key = of.reference().key().to_owned();
    let found = ask(context, first, move |snapshot, most| snapshot.similar_towns(&key, &weights, most)).await?;
    Ok(found.into_iter().map(SimilarTown).collect())
}

/// An initiative that is like another.
pub struct SimilarInitiative(Similar);

/// An initiative that is like another, and why.
#[Object]
impl SimilarInitiative {
    /// The one that is proposed.
    async fn node(&self, context: &Context<'_>) -> async_graphql::Result<Initiative> {
        record::found(context, &self.0.key).await
    }

    /// How much it is like the other: the sum of the weights of the reasons.
    async fn score(&self) -> f64 {
        self.0.score
    }

    /// Why it is proposed, what weighs most first.
    async fn reasons(&self) -> Vec<Reason> {
        self.0.reasons.iter().cloned().map(Reason).collect()
    }
}

/// A town that is like another.
pub struct SimilarTown(Similar);

/// A town that is like another, and why. It says nothing of which is better.
#[Object]
impl SimilarTown {
    /// The one that is proposed.
    async fn node(&self, context: &Context<'_>) -> async_graphql::Result<Town> {
        record::found(context, &self.0.key).await
    }

    /// How much it is like the other: the sum of the weights of the reasons.
    async fn score(&self) -> f64 {
        self.0.score
    }

    /// Why it is proposed, what weighs most first.
    async fn reasons(&self) -> Vec<Reason> {
        self.0.reasons.iter().cloned().map(Reason).collect()
    }
}

/// Why something was proposed.
pub struct Reason(similarity::Reason);

impl Reason {
    async fn records<T: RecordType>(context: &Context<'_>, keys: &[String]) -> async_graphql::Result<Option<Vec<T>>> {
        if keys.is_empty() {
            return Ok(None);
        }
        futures::future::try_join_all(keys.iter().map(|key| record::found(context, key))).await.map(Some)
    }
}

/// Why something was proposed. The weights of the reasons add up to the score. What is not of its kind is null.
#[Object]
impl Reason {
    /// What sort of reason.
    async fn kind(&self) -> ReasonKind {
        self.0.kind.into()
    }

    /// What it adds to the score.
    async fn weight(&self) -> f64 {
        self.0.weight
    }

    /// The reason as a sentence, without a capital or a full stop.
    async fn explanation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language, French or English; that of the request's header `Accept-Language` unless told.")]
        lang: Option<Language>,
    ) -> String {
        let spoken = Spoken::of(context, lang.as_ref());
        self.0.explanation(reader(context).snapshot(), spoken.tag())
    }

    /// The topics that both deal with, the rarest first; or the kind that both are of.
    async fn topics(&self, context: &Context<'_>) -> async_graphql::Result<Option<Vec<Topic>>> {
        Self::records(context, &self.0.topics).await
    }

    /// For whom both are.
    async fn audiences(&self) -> Option<Vec<Audience>> {
        let audiences: Vec<Audience> = self.0.audiences.iter().copied().map(Into::into).collect();
        (!audiences.is_empty()).then_some(audiences)
    }

    /// The smallest area that both are in.
    async fn area(&self, context: &Context<'_>) -> async_graphql::Result<Option<Area>> {
        match &self.0.area {
            Some(area) => record::found(context, area).await.map(Some),
            None => Ok(None),
        }
    }

    /// The metres between the nearest of their places.
    async fn distance(&self) -> async_graphql::Result<Option<i32>> {
        self.0.distance.map(int).transpose()
    }

    /// Words that matter in both, as they are written, those that count most first.
    async fn terms(&self) -> Option<Vec<String>> {
        (!self.0.terms.is_empty()).then(|| self.0.terms.clone())
    }

    /// The organisations that have a part in both.
    async fn organisations(&self, context: &Context<'_>) -> async_graphql::Result<Option<Vec<Organisation>>> {
        Self::records(context, &self.0.organisations).await
    }
}
