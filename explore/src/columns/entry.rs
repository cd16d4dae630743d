//! What the index keeps of each record: the facts that questions are about, never the texts.

use std::sync::Arc;

use maillage_graph_schema::model::{
    Area, AreaKind, CaseStudy, Initiative, Language, Organisation, Original, PartialDate, PlaceTarget, Point, SectionKind, Text,
    Topic, Town, TownType,
};

use super::derive::ROLES;
use super::lists::Lists;
use super::{Columns, Id};
use crate::codec::{Code, Damaged, Reader, coded, coded_by_place};
use crate::question::Content;
use crate::similarity::terms::{Scales, WeighedWords};
use crate::text::fold;
use crate::text::reading::Reading;

/// A wording in a language; `None` where it serves in several.
pub(crate) type Label = (Option<Arc<str>>, Arc<str>);

/// A topic, such as "fab labs".
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TopicEntry {
    /// One a language.
    pub labels: Box<[Label]>,
    pub alternative_labels: Box<[Label]>,
    pub broader: Option<Id>,
}

/// An intercommunality, a department, a region, a country.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AreaEntry {
    pub name: Arc<str>,
    pub kind: AreaKind,
    pub form: Option<Arc<str>>,
    pub part_of: Box<[Id]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OrganisationEntry {
    pub name: Arc<str>,
    pub other_names: Box<[Arc<str>]>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SourceEntry {
    pub name: Arc<str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TownEntry {
    pub name: Arc<str>,
    pub town_type: TownType,
    pub population: Option<u32>,
    pub point: Option<Point>,
    pub postcodes: Texts,
    pub part_of: Box<[Id]>,
    pub parent: Option<Id>,
    /// Names of communes merged into it.
    pub former_names: Texts,
}

/// Texts in one allocation, each followed by a character that no text has: there are tens of thousands of towns, and nearly all
/// have one postcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Texts(Box<str>);

impl Texts {
    fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        Self(texts.flat_map(|text| [text, "\0"]).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator('\0')
    }
}

impl Code for Texts {
    fn write(&self, output: &mut Vec<u8>) {
        Arc::<str>::from(self.0.as_ref()).write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self(Arc::<str>::read(input)?.as_ref().into()))
    }
}

/// One telling of an initiative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Telling {
    /// By [`Columns::languages`].
    pub language: u32,
    /// By [`Content`].
    pub tells: u8,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InitiativeEntry {
    /// The title as lists compare it.
    pub folded_title: Arc<str>,
    pub language: u32,
    pub kind: Option<Id>,
    /// One bit each, in the order of [`maillage_graph_schema::model::Audience::ALL`].
    pub audiences: u16,
    /// Its place in [`maillage_graph_schema::model::Status::ALL`].
    pub status: Option<u8>,
    /// First and last day, counted from 1970.
    pub start: Option<(i32, i32)>,
    pub end: Option<(i32, i32)>,
    pub point: Option<Point>,
    pub licence: Option<u32>,
    /// By [`Content`].
    pub tells: u8,
    /// Milliseconds since 1970.
    pub modified: Option<i64>,
    /// By [`Several`].
    lists: Lists,
    /// The words that matter in it, by [`Columns::terms`].
    pub terms: WeighedWords,
}

/// What an initiative may have several of.
#[derive(Debug, Clone, Copy)]
enum Several {
    Topics,
    Towns,
    Areas,
    /// With the role, by [`ROLES`].
    Organisations,
    Sources,
    InspiredBy,
    Supersedes,
    /// The language, and what it tells in the last eight bits.
    Tellings,
}

coded! {
    TopicEntry { labels, alternative_labels, broader }
    AreaEntry { name, kind, form, part_of }
    OrganisationEntry { name, other_names }
    SourceEntry { name }
    TownEntry { name, town_type, population, point, postcodes, part_of, parent, former_names }
    InitiativeEntry {
        folded_title, language, kind, audiences, status, start, end, point, licence, tells, modified, lists, terms,
    }
}

coded_by_place!(AreaKind, TownType);

impl Code for Point {
    fn write(&self, output: &mut Vec<u8>) {
        (self.latitude(), self.longitude()).write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        let (latitude, longitude) = <(f64, f64)>::read(input)?;
        Self::new(latitude, longitude).map_err(|_| input.damaged("is no point on the earth"))
    }
}

/// The place of a value among all of its type.
pub(crate) fn place<T: Copy + PartialEq>(all: &[T], value: T) -> u8 {
    all.iter().zip(0..).find(|(known, _)| **known == value).map_or(u8::MAX, |(_, place)| place)
}

impl TopicEntry {
    pub(crate) fn new(record: &Topic, columns: &mut Columns) -> Self {
        let labels = record.labels.iter().map(|(language, label)| (Some(language.as_str().into()), label.as_str().into()));
        let alternative = |label: &maillage_graph_schema::model::AlternativeLabel| {
            (label.language.as_ref().map(|language| language.as_str().into()), label.label.as_str().into())
        };
        Self {
            labels: labels.collect(),
            alternative_labels: record.alternative_labels.iter().map(alternative).collect(),
            broader: record.broader.as_ref().map(|key| columns.topics.intern(key.as_str())),
        }
    }
}

impl AreaEntry {
    pub(crate) fn new(record: &Area, columns: &mut Columns) -> Self {
        Self {
            name: record.name.as_str().into(),
            kind: record.key.area_kind(),
            form: record.form.as_ref().map(|form| form.as_str().into()),
            part_of: record.part_of.iter().map(|key| columns.areas.intern(key.as_str())).collect(),
        }
    }
}

impl OrganisationEntry {
    pub(crate) fn new(record: &Organisation) -> Self {
        Self {
            name: record.name.as_str().into(),
            other_names: record.other_names.iter().map(|name| name.as_str().into()).collect(),
        }
    }
}

impl TownEntry {
    pub(crate) fn new(record: &Town, columns: &mut Columns) -> Self {
        Self {
            name: record.name.as_str().into(),
            town_type: record.town_type,
            population: record.population,
            point: record.point,
            postcodes: Texts::new(record.postcodes.iter().map(Text::as_str)),
            part_of: record.part_of.iter().map(|key| columns.areas.intern(key.as_str())).collect(),
            parent: record.parent.as_ref().map(|key| columns.towns.intern(key.as_str())),
            former_names: Texts::new(record.former.iter().map(|former| former.name.as_str())),
        }
    }
}

/// A date as the first and last day that it can mean.
fn days(date: PartialDate) -> (i32, i32) {
    (day(date.first_day()), day(date.last_day()))
}

/// A day counted from 1970.
pub(crate) fn day(date: chrono::NaiveDate) -> i32 {
    date.to_epoch_days()
}

fn without_doubles<T: Ord>(values: impl Iterator<Item = T>) -> Box<[T]> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.into()
}

impl Telling {
    fn new(record: &CaseStudy, columns: &mut Columns) -> Self {
        let told =
            |kind: SectionKind| record.sections.iter().any(|section| section.kind == kind && !section.markdown.trim().is_empty());
        let tells = [
            (Content::Results, told(SectionKind::Results)),
            (Content::Pitfalls, told(SectionKind::Pitfalls)),
            (Content::Lessons, told(SectionKind::Lessons)),
        ];
        Self { language: columns.intern_language(&record.language), tells: bits(&tells) }
    }

    fn packed(self) -> u32 {
        self.language << u8::BITS | u32::from(self.tells)
    }

    fn unpacked(packed: u32) -> Self {
        Self { language: packed >> u8::BITS, tells: packed.to_le_bytes()[0] }
    }
}

fn bits(tells: &[(Content, bool)]) -> u8 {
    tells.iter().filter(|(_, told)| *told).fold(0, |bits, (content, _)| bits | 1 << place(Content::ALL, *content))
}

impl InitiativeEntry {
    pub(crate) fn new(
        record: &Initiative,
        case_studies: &[&CaseStudy],
        readings: &[Reading],
        columns: &mut Columns,
        scales: &mut Scales,
    ) -> Self {
        let mut tellings: Vec<u32> = case_studies.iter().map(|case_study| Telling::new(case_study, columns).packed()).collect();
        tellings.sort_unstable();
        let tells = bits(&[
            (Content::Costs, !record.costs.is_empty()),
            (Content::Figures, !record.figures.is_empty()),
            (Content::Evidence, !record.evidence.is_empty()),
            (Content::Contact, record.contact.is_some()),
        ]);
        let towns = record.places.iter().filter_map(|place| match &place.target {
            PlaceTarget::Town(key) => Some(columns.towns.intern(key.as_str())),
            PlaceTarget::Area(_) => None,
        });
        let towns = without_doubles(towns);
        let areas = record.places.iter().filter_map(|place| match &place.target {
            PlaceTarget::Area(key) => Some(columns.areas.intern(key.as_str())),
            PlaceTarget::Town(_) => None,
        });
        let areas = without_doubles(areas);
        let organisations = record.involvements.iter().map(|involvement| {
            let role = place(maillage_graph_schema::model::OrganisationRole::ALL, involvement.role);
            columns.organisations.intern(involvement.organisation.as_str()) * ROLES + u32::from(role)
        });
        let organisations = without_doubles(organisations);
        let originals = record.inspired_by.iter().filter_map(|adoption| match &adoption.original {
            Original::Initiative(key) => Some(columns.initiatives.intern(key.as_str())),
            Original::External(_) => None,
        });
        let inspired_by = without_doubles(originals);
        let topics = without_doubles(record.topics.iter().map(|key| columns.topics.intern(key.as_str())));
        let sources = without_doubles(record.provenance.iter().map(|from| columns.sources.intern(from.source.as_str())));
        let supersedes = without_doubles(record.supersedes.iter().map(|key| columns.initiatives.intern(key.as_str())));
        Self {
            folded_title: fold(record.title.as_str()).into(),
            language: columns.intern_language(&record.language),
            kind: record.kind.as_ref().map(|key| columns.topics.intern(key.as_str())),
            audiences: record
                .audiences
                .iter()
                .fold(0, |bits, audience| bits | 1 << place(maillage_graph_schema::model::Audience::ALL, *audience)),
            status: record.status.map(|status| place(maillage_graph_schema::model::Status::ALL, status)),
            start: record.start.map(days),
            end: record.end.map(days),
            point: record.point,
            licence: record.licence.as_ref().map(|licence| columns.licences.intern(licence.as_str())),
            tells,
            modified: record.modified.map(|modified| modified.get().timestamp_millis()),
            lists: Lists::new(&[&topics, &towns, &areas, &organisations, &sources, &inspired_by, &supersedes, &tellings]),
            terms: columns.terms.weigh(readings, scales),
        }
    }

    fn several(&self, which: Several) -> impl Iterator<Item = u32> + '_ {
        self.lists.get(which as usize)
    }

    /// What it deals with: its kind and its topics.
    pub(crate) fn about(&self) -> impl Iterator<Item = Id> {
        let topics = || self.several(Several::Topics);
        self.kind.into_iter().filter(move |kind| topics().all(|topic| topic != *kind)).chain(topics())
    }

    pub(crate) fn towns(&self) -> impl Iterator<Item = Id> + '_ {
        self.several(Several::Towns)
    }

    pub(crate) fn areas(&self) -> impl Iterator<Item = Id> + '_ {
        self.several(Several::Areas)
    }

    /// With the place of the role in [`maillage_graph_schema::model::OrganisationRole::ALL`].
    pub(crate) fn organisations(&self) -> impl Iterator<Item = (Id, u32)> + '_ {
        self.several(Several::Organisations).map(|involved| (involved / ROLES, involved % ROLES))
    }

    pub(crate) fn sources(&self) -> impl Iterator<Item = Id> + '_ {
        self.several(Several::Sources)
    }

    pub(crate) fn inspired_by(&self) -> impl Iterator<Item = Id> + '_ {
        self.several(Several::InspiredBy)
    }

    pub(crate) fn supersedes(&self) -> impl Iterator<Item = Id> + '_ {
        self.several(Several::Supersedes)
    }

    pub(crate) fn tellings(&self) -> impl Iterator<Item = Telling> + '_ {
        self.several(Several::Tellings).map(Telling::unpacked)
    }

    /// The year in which it starts.
    pub(crate) fn start_year(&self) -> Option<u32> {
        let first = chrono::NaiveDate::from_epoch_days(self.start?.0)?;
        u32::try_from(chrono::Datelike::year(&first)).ok()
    }
}

/// The primary language of a tag, where that is not the whole tag.
pub(crate) fn primary_of_variant(tag: &str) -> Option<&str> {
    tag.split_once('-').map(|(primary, _)| primary)
}

impl Columns {
    /// The number of a language; its primary language gets one too, since it counts its variants.
    fn intern_language(&mut self, language: &Language) -> u32 {
        self.languages.intern(language.primary());
        self.languages.intern(language.as_str())
    }
}

/// Small lists of words that many records share: languages, licences.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    words: Arc<Vec<Arc<str>>>,
}

impl Words {
    pub(crate) fn find(&self, word: &str) -> Option<u32> {
        (0..).zip(self.words.iter()).find(|(_, known)| known.as_ref() == word).map(|(number, _)| number)
    }

    pub(crate) fn intern(&mut self, word: &str) -> u32 {
        self.find(word).unwrap_or_else(|| {
            let words = Arc::make_mut(&mut self.words);
            words.push(word.into());
            u32::try_from(words.len() - 1).unwrap_or_else(|_| unreachable!("there are few languages and licences"))
        })
    }

    pub(crate) fn get(&self, number: u32) -> &str {
        &self.words[number as usize]
    }
}

impl Code for Words {
    fn write(&self, output: &mut Vec<u8>) {
        self.words.iter().cloned().collect::<Box<[_]>>().write(output);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, Damaged> {
        Ok(Self { words: Arc::new(Box::<[Arc<str>]>::read(input)?.into_vec()) })
    }
}
