//! How many initiatives have each value of something.

use async_graphql::{Context, Enum, Object};
use maillage_explore::question;

use super::label;
use crate::graphql::area::Area;
use crate::graphql::error;
use crate::graphql::organisation::Organisation;
use crate::graphql::record;
use crate::graphql::scalar::{Language, int};
use crate::graphql::source::Source;
use crate::graphql::topic::Topic;

/// What initiatives can be counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "maillage_explore::question::FacetKind")]
pub enum FacetKind {
    /// What it is or deals with, with every broader topic; the topics themselves only if the filter leaves narrower ones out.
    Topic,
    /// What sort of thing it is.
    Kind,
    /// Where it stands.
    Status,
    /// For whom it is.
    Audience,
    /// Its French departments.
    Department,
    /// Its regions.
    Region,
    /// How many inhabitants its towns have.
    PopulationBand,
    /// Who has a part in it.
    Organisation,
    /// Where it comes from.
    Source,
    /// The languages in which it is told; a language counts its variants, too.
    Language,
    /// Under which licence it is.
    Licence,
    /// The year in which it began.
    Year,
}

/// Reads the kinds asked for, each once.
pub fn kinds(by: Vec<FacetKind>) -> async_graphql::Result<Vec<question::FacetKind>> {
    let mut kinds: Vec<question::FacetKind> = Vec::new();
    for kind in by.into_iter().map(question::FacetKind::from) {
        if kinds.contains(&kind) {
            return Err(error::bad_argument("by", async_graphql::Value::Enum(written(kind)), "each kind once"));
        }
        kinds.push(kind);
    }
    Ok(kinds)
}

fn written(kind: question::FacetKind) -> async_graphql::Name {
    async_graphql::Name::new(
        <FacetKind as async_graphql::resolver_utils::EnumType>::items()
            .iter()
            .find(|item| item.value == FacetKind::from(kind))
            .map_or("", |item| item.name),
    )
}

/// The counts by one kind.
pub struct Facet(question::Facet);

impl Facet {
    /// Shows the counts by one kind.
    pub const fn of(facet: question::Facet) -> Self {
        Self(facet)
    }
}

/// The counts by one kind.
#[Object]
impl Facet {
    /// What is counted by.
    async fn kind(&self) -> FacetKind {
        self.0.kind.into()
    }

    /// The values, the most frequent first, then by key. An initiative with several counts for each.
    async fn buckets(&self) -> Vec<FacetBucket> {
        self.0.buckets.iter().map(|bucket| FacetBucket { kind: self.0.kind, bucket: bucket.clone() }).collect()
    }
}

/// A value, and how many initiatives have it.
pub struct FacetBucket {
    pub kind: question::FacetKind,
    pub bucket: question::FacetBucket,
}

/// A value, and how many initiatives have it.
#[Object]
impl FacetBucket {
    /// The value as a filter takes it: the key of a record, a status, a language, a licence; a band of inhabitants such as
    /// `2000-9999`, or a year.
    async fn key(&self) -> String {
        match self.kind {
            // Filters take these as the schema writes them.
            question::FacetKind::Status | question::FacetKind::Audience => self.bucket.key.to_uppercase(),
            _ => self.bucket.key.clone(),
        }
    }

    /// What the value is called, for people.
    async fn label(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The language, French or English; that of the request's header `Accept-Language` unless told.")]
        lang: Option<Language>,
    ) -> async_graphql::Result<String> {
        let key = self.bucket.key.as_str();
        let spoken = label::Spoken::of(context, lang.as_ref());
        Ok(match self.kind {
            question::FacetKind::Topic | question::FacetKind::Kind => {
                record::found::<Topic>(context, key).await?.label_for(context, lang.as_ref())
            }
            question::FacetKind::Department | question::FacetKind::Region => {
                record::found::<Area>(context, key).await?.name_text().to_owned()
            }
            question::FacetKind::Organisation => record::found::<Organisation>(context, key).await?.name_text().to_owned(),
            question::FacetKind::Source => record::found::<Source>(context, key).await?.name_text().to_owned(),
            question::FacetKind::Status => label::status(key, spoken),
            question::FacetKind::Audience => label::audience(key, spoken),
            question::FacetKind::PopulationBand => label::population_band(key, spoken),
            question::FacetKind::Language => label::language(key, spoken),
            question::FacetKind::Licence => label::licence(key),
            question::FacetKind::Year => key.to_owned(),
        })
    }

    /// How many initiatives have it.
    async fn count(&self) -> async_graphql::Result<i32> {
        int(self.bucket.count)
    }
}
