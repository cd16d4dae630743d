//! The index as it was at one revision of the graph: what all questions are answered from.

use std::sync::Arc;

use maillage_graph_schema::store::{Revision, Stored};
use roaring::RoaringBitmap;

use crate::columns::update::{Batch, Readings, gather};
use crate::columns::{Columns, Id};
use crate::cursor::{Fingerprint, Part};
use crate::map::draw::Overview;
use crate::page::{self, ByDistance, ByModified, ByScore, ByStart, ByTitle, Order};
use crate::places::{AreaQuestion, OrganisationQuestion, hits};
use crate::question::{Facet, FacetKind, HitPage, InitiativeFilter, InitiativeOrder, PageRequest, QuestionError, TownFilter};
use crate::recent::Recent;
use crate::similarity::terms::Scales;
use crate::text::index::TextIndex;
use crate::text::reading::Reader;
use crate::text::search::TextMatches;
use crate::text::{Otherwise, Query};

/// The index at one revision. It never changes; a reader may hold it as long as it likes.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub(crate) revision: Revision,
    pub(crate) columns: Columns,
    pub(crate) texts: TextIndex,
    recent: Arc<Recent>,
    pub(crate) overview: Arc<Overview>,
}

/// The initiatives of a filter, with how well they match its text.
pub(crate) struct Selection {
    pub set: RoaringBitmap,
    pub text: Option<Arc<TextMatches>>,
}

impl Snapshot {
    pub(crate) fn new(revision: Revision, columns: Columns, texts: TextIndex) -> Self {
        Self { revision, columns, texts, recent: Arc::default(), overview: Arc::default() }
    }

    /// The index of some records: those of a whole graph, withdrawn ones included, at a revision. All in memory.
    pub fn of(revision: Revision, records: Vec<Stored>) -> Result<Self, QuestionError> {
        let batch = gather(records);
        let readings = Readings::of(&batch, &mut Reader::default());
        let mut columns = Columns::default();
        columns.fill(&batch, &readings, &mut Scales::default());
        columns.derive_all();
        let texts = TextIndex::default().with(&readings.retold(&batch, &columns))?;
        Ok(Self::new(revision, columns, texts))
    }

    /// The next index, after changes: the records that changed, as the graph holds them now; of an initiative that changed, or
    /// one of whose case studies did, the initiative and all its case studies.
    pub fn with(&self, revision: Revision, changed: Vec<Stored>) -> Result<Self, QuestionError> {
        self.updated(revision, &gather(changed))
    }

    pub(crate) fn updated(&self, revision: Revision, batch: &Batch) -> Result<Self, QuestionError> {
        let readings = Readings::of(batch, &mut Reader::default());
        let mut columns = self.columns.clone();
        columns.update(batch, &readings);
        let texts =
            if batch.told.is_empty() { self.texts.clone() } else { self.texts.with(&readings.retold(batch, &columns))? };
        let overview = if columns.looks_on_maps_like(&self.columns) { Arc::clone(&self.overview) } else { Arc::default() };
        Ok(Self { overview, ..Self::new(revision, columns, texts) })
    }

    /// The revision of the graph that the answers are of.
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// The initiatives that match a text; `None` if it asks for nothing in particular.
    pub(crate) fn matches(&self, text: &str) -> Result<Option<Arc<TextMatches>>, QuestionError> {
        if let Some(matches) = self.recent.get(text) {
            return Ok(Some(matches));
        }
        let Some(matches) = self.columns.search(&self.texts, &Query::parse(text))?.map(Arc::new) else { return Ok(None) };
        self.recent.put(text, &matches);
        Ok(Some(matches))
    }

    /// Other labels of the topics that a query names, by which it finds initiatives, too.
    pub fn said_otherwise(&self, query: &Query) -> Otherwise {
        Otherwise(self.columns.other_labels_of(query))
    }

    /// The words that stand for those of a query that nothing has; none where the index cannot be read.
    pub fn mistyped(&self, query: &Query) -> Otherwise {
        Otherwise(self.texts.near_words(query).unwrap_or_default())
    }

    pub(crate) fn select(&self, filter: &InitiativeFilter) -> Result<Selection, QuestionError> {
        let set = self.columns.select(filter)?;
        let text = match &filter.text {
            Some(text) => self.matches(text)?,
            None => None,
        };
        let set = match &text {
            Some(matches) if set.len() == self.columns.live.len() => matches.set.clone(),
            Some(matches) => &*set & &matches.set,
            None => set.into_owned(),
        };
        Ok(Selection { set, text })
    }

    /// A page of the initiatives that a filter lets through.
    pub fn initiatives(
        &self,
        filter: &InitiativeFilter,
        order: InitiativeOrder,
        request: &PageRequest,
    ) -> Result<HitPage, QuestionError> {
        let columns = &self.columns;
        let fingerprint = Fingerprint::new("initiatives", &(filter, order));
        let part = request.check(fingerprint)?;
        let centre = filter.near.map(|near| near.check("near")).transpose()?.map(|(centre, _)| centre);
        let Selection { set, text } = self.select(filter)?;
        let answer = Answer { columns, set: &set, part: &part, fingerprint, centre, text: text.as_deref() };
        Ok(match (order, &text) {
            (InitiativeOrder::Relevance, Some(matches)) => answer.by(&ByScore { columns, matches }),
            (InitiativeOrder::Relevance, None) | (InitiativeOrder::ModifiedDescending, _) => answer.by(&ByModified(columns)),
            (InitiativeOrder::StartDescending, _) => answer.by(&ByStart(columns)),
            (InitiativeOrder::TitleAscending, _) => answer.by(&ByTitle(columns)),
            (InitiativeOrder::DistanceAscending, _) => {
                let centre = centre.ok_or_else(|| {
                    QuestionError::value(
                        "orderBy",
                        "DISTANCE_ASC",
                        "an order without a point to measure from: give the filter near",
                    )
                })?;
                answer.by(&ByDistance { columns, centre })
            }
        })
    }

    /// How many initiatives a filter lets through.
    pub fn count(&self, filter: &InitiativeFilter) -> Result<u64, QuestionError> {
        Ok(match filter.text {
            None => self.columns.select(filter)?.len(),
            Some(_) => self.select(filter)?.set.len(),
        })
    }

    /// How many of the initiatives that a filter lets through have each value: of each kind the `first` most frequent.
    pub fn facets(&self, filter: &InitiativeFilter, kinds: &[FacetKind], first: usize) -> Result<Vec<Facet>, QuestionError> {
        Ok(match filter.text {
            None => self.columns.facets(&*self.columns.select(filter)?, kinds, filter.include_narrower, first),
            Some(_) => self.columns.facets(&self.select(filter)?.set, kinds, filter.include_narrower, first),
        })
    }

    /// A page of the towns that a filter lets through: by how well the name matches, else by distance, else the larger first.
    pub fn towns(&self, filter: &TownFilter, request: &PageRequest) -> Result<HitPage, QuestionError> {
        self.columns.towns(filter, request)
    }

    /// How many towns a filter lets through.
    pub fn count_towns(&self, filter: &TownFilter) -> Result<u64, QuestionError> {
        self.columns.count_towns(filter)
    }

    /// A page of areas, by name.
    pub fn areas(&self, question: &AreaQuestion, request: &PageRequest) -> Result<HitPage, QuestionError> {
        self.columns.area_page(question, request)
    }

    /// How many areas there are.
    pub fn count_areas(&self, question: &AreaQuestion) -> Result<u64, QuestionError> {
        Ok(self.columns.areas(question)?.len() as u64)
    }

    /// A page of organisations, by name.
    pub fn organisations(&self, question: &OrganisationQuestion, request: &PageRequest) -> Result<HitPage, QuestionError> {
        self.columns.organisation_page(question, request)
    }

    /// How many organisations there are.
    pub fn count_organisations(&self, question: &OrganisationQuestion) -> u64 {
        self.columns.organisations(question).len() as u64
    }

    /// The present key of an initiative, by its key, a former one or that of one merged into it.
    pub fn initiative_key(&self, key: &str) -> Option<Arc<str>> {
        self.columns.initiatives.find(key).map(|id| Arc::clone(self.columns.initiatives.key(id)))
    }
}

/// What a page of initiatives is made from.
struct Answer<'a> {
    columns: &'a Columns,
    set: &'a RoaringBitmap,
    part: &'a Part,
    fingerprint: Fingerprint,
    centre: Option<maillage_graph_schema::model::Point>,
    text: Option<&'a TextMatches>,
}

impl Answer<'_> {
    fn by(&self, order: &impl Order) -> HitPage {
        let found = page::find(self.set, order, self.part);
        let distance = |id: Id| self.columns.distance(id, self.centre?);
        let mut page = hits(&found, order, self.fingerprint, distance);
        if let Some(matches) = self.text {
            for (hit, id) in page.items.iter_mut().zip(&found.ids) {
                hit.score = Some(matches.score(*id));
            }
        }
        page
    }
}
