//! The same answers by plain loops over the records, slow and simple.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::geo;
use maillage_explore::question::{
    Content, Facet, FacetBucket, FacetKind, InitiativeFilter, InitiativeOrder, POPULATION_BANDS, Scope, TownFilter,
};
use maillage_explore::text::fold;
use maillage_graph_schema::model::{
    Area, AreaKind, BoundingBox, CaseStudy, Initiative, PartialDate, PlaceTarget, Point, Record, RecordKey, RecordKind,
    RecordRef, SectionKind, Topic, Town,
};
use maillage_graph_schema::store::Stored;

/// A graph as records by kind and key.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    records: BTreeMap<RecordRef, Stored>,
}

impl Oracle {
    pub fn new(records: impl IntoIterator<Item = Stored>) -> Self {
        let mut oracle = Self::default();
        oracle.put(records);
        oracle
    }

    pub fn put(&mut self, records: impl IntoIterator<Item = Stored>) {
        self.records.extend(records.into_iter().map(|stored| (stored.record.reference(), stored)));
    }

    pub fn records(&self) -> Vec<Stored> {
        self.records.values().cloned().collect()
    }

    /// The records that changed, as they are now; with an initiative all its case studies, and the other way round.
    pub fn with_what_belongs(&self, changed: &[Stored]) -> Vec<Stored> {
        let initiative = |reference: &RecordRef| match reference.kind() {
            RecordKind::Initiative | RecordKind::CaseStudy => reference.key().split('/').next().map(str::to_owned),
            _ => None,
        };
        let told: BTreeSet<String> = changed.iter().filter_map(|stored| initiative(&stored.record.reference())).collect();
        let named: BTreeSet<RecordRef> = changed.iter().map(|stored| stored.record.reference()).collect();
        let belongs = |reference: &RecordRef| {
            named.contains(reference) || initiative(reference).is_some_and(|initiative| told.contains(&initiative))
        };
        self.records.iter().filter(|(reference, _)| belongs(reference)).map(|(_, stored)| stored.clone()).collect()
    }

    /// The record that a reference leads to, through merges.
    pub fn resolve(&self, reference: &RecordRef) -> Option<&Record> {
        let mut stored = self.records.get(reference)?;
        for _ in 0..32 {
            match &stored.withdrawn {
                None => return Some(&stored.record),
                Some(withdrawal) => stored = self.records.get(withdrawal.merged_into.as_ref()?)?,
            }
        }
        None
    }

    /// The key of the record that a key or an alias names.
    pub fn find(&self, kind: RecordKind, key: &str) -> Option<RecordRef> {
        let names = |stored: &&Stored| {
            stored.record.kind() == kind
                && (stored.record.reference().key() == key || stored.record.aliases().iter().any(|alias| alias.key() == key))
        };
        let stored = self.records.values().find(names)?;
        self.resolve(&stored.record.reference()).map(Record::reference)
    }

    fn all<'a, T: 'a>(&'a self, as_kind: impl Fn(&'a Record) -> Option<&'a T> + 'a) -> impl Iterator<Item = &'a T> {
        self.records.values().filter(|stored| stored.withdrawn.is_none()).filter_map(move |stored| as_kind(&stored.record))
    }

    pub fn initiatives(&self) -> impl Iterator<Item = &Initiative> {
        self.all(|record| if let Record::Initiative(record) = record { Some(record) } else { None })
    }

    pub fn all_towns(&self) -> impl Iterator<Item = &Town> {
        self.all(|record| if let Record::Town(record) = record { Some(record) } else { None })
    }

    pub fn town(&self, reference: &RecordRef) -> Option<&Town> {
        self.resolve(reference).and_then(|record| if let Record::Town(town) = record { Some(town) } else { None })
    }

    pub fn area(&self, reference: &RecordRef) -> Option<&Area> {
        self.resolve(reference).and_then(|record| if let Record::Area(area) = record { Some(area) } else { None })
    }

    pub fn topic(&self, reference: &RecordRef) -> Option<&Topic> {
        self.resolve(reference).and_then(|record| if let Record::Topic(topic) = record { Some(topic) } else { None })
    }

    pub fn case_studies(&self, initiative: &Initiative) -> Vec<&CaseStudy> {
        self.all(|record| if let Record::CaseStudy(record) = record { Some(record) } else { None })
            .filter(|case_study| case_study.initiative == initiative.key)
            .collect()
    }

    pub fn own_towns(&self, initiative: &Initiative) -> BTreeMap<RecordRef, &Town> {
        let named = initiative.places.iter().filter_map(|place| match &place.target {
            PlaceTarget::Town(key) => self.town(&key.reference()),
            PlaceTarget::Area(_) => None,
        });
        named.map(|town| (town.key.reference(), town)).collect()
    }

    pub fn towns_of(&self, initiative: &Initiative) -> BTreeSet<RecordRef> {
        let own = self.own_towns(initiative);
        let parents = own.values().filter_map(|town| self.town(&town.parent.as_ref()?.reference()));
        parents.map(|town| town.key.reference()).chain(own.keys().cloned()).collect()
    }

    fn climb(&self, area: &RecordRef, reached: &mut BTreeSet<RecordRef>) {
        if let Some(area) = self.area(area)
            && reached.insert(area.key.reference())
        {
            area.part_of.iter().for_each(|larger| self.climb(&larger.reference(), reached));
        }
    }

    pub fn areas_of_town(&self, town: &Town) -> BTreeSet<RecordRef> {
        let mut reached = BTreeSet::new();
        town.part_of.iter().for_each(|area| self.climb(&area.reference(), &mut reached));
        if let Some(parent) = town.parent.as_ref().and_then(|parent| self.town(&parent.reference())) {
            parent.part_of.iter().for_each(|area| self.climb(&area.reference(), &mut reached));
        }
        reached
    }

    pub fn areas_of(&self, initiative: &Initiative) -> BTreeSet<RecordRef> {
        let mut reached = BTreeSet::new();
        for place in &initiative.places {
            if let PlaceTarget::Area(key) = &place.target {
                self.climb(&key.reference(), &mut reached);
            }
        }
        for town in self.own_towns(initiative).values() {
            reached.extend(self.areas_of_town(town));
        }
        reached
    }

    pub fn topics_of(&self, initiative: &Initiative, with_broader: bool) -> BTreeSet<RecordRef> {
        let mut reached = BTreeSet::new();
        for key in initiative.topics.iter().chain(&initiative.kind) {
            let mut topic = self.topic(&key.reference());
            while let Some(here) = topic
                && reached.insert(here.key.reference())
                && with_broader
            {
                topic = here.broader.as_ref().and_then(|key| self.topic(&key.reference()));
            }
        }
        reached
    }

    pub fn points(&self, initiative: &Initiative) -> Vec<Point> {
        match initiative.point {
            Some(point) => vec![point],
            None => self.own_towns(initiative).values().filter_map(|town| town.point).collect(),
        }
    }

    fn tells(&self, initiative: &Initiative, content: Content) -> bool {
        let section = |kind| {
            self.case_studies(initiative)
                .iter()
                .flat_map(|case_study| &case_study.sections)
                .any(|section| section.kind == kind && !section.markdown.trim().is_empty())
        };
        match content {
            Content::Costs => !initiative.costs.is_empty(),
            Content::Figures => !initiative.figures.is_empty(),
            Content::Results => section(SectionKind::Results),
            Content::Pitfalls => section(SectionKind::Pitfalls),
            Content::Lessons => section(SectionKind::Lessons),
            Content::Evidence => !initiative.evidence.is_empty(),
            Content::Contact => initiative.contact.is_some(),
            Content::Point => !self.points(initiative).is_empty(),
        }
    }

    fn languages(&self, initiative: &Initiative) -> BTreeSet<String> {
        let tellings = self.case_studies(initiative);
        let tags = tellings.iter().map(|case_study| &case_study.language).chain([&initiative.language]);
        tags.flat_map(|tag| [tag.as_str().to_owned(), tag.primary().to_owned()]).collect()
    }

    fn band(population: u32) -> &'static str {
        POPULATION_BANDS.iter().rev().find(|(_, fewest)| population >= *fewest).expect("the first begins at zero").0
    }

    fn has(&self, scope: &Scope) -> bool {
        let (kind, key) = match scope {
            Scope::Town(key) => (RecordKind::Town, key),
            Scope::Area(key) => (RecordKind::Area, key),
            Scope::Topic(key) => (RecordKind::Topic, key),
            Scope::Organisation(key, _) => (RecordKind::Organisation, key),
            Scope::Source(key) => (RecordKind::Source, key),
        };
        self.find(kind, key).is_some()
    }

    /// What a scope asks for, as the filter that says the same.
    fn of_scope(scope: &Scope, include_narrower: bool) -> InitiativeFilter {
        let keys = |key: &String| vec![key.clone()];
        let plain = InitiativeFilter { include_narrower, ..InitiativeFilter::default() };
        match scope {
            Scope::Town(key) => InitiativeFilter { towns: keys(key), ..plain },
            Scope::Area(key) => InitiativeFilter { areas: keys(key), ..plain },
            Scope::Topic(key) => InitiativeFilter { topics: keys(key), ..plain },
            Scope::Organisation(key, role) => InitiativeFilter { organisations: keys(key), role: *role, ..plain },
            Scope::Source(key) => InitiativeFilter { sources: keys(key), ..plain },
        }
    }

    /// Whether a filter lets an initiative through, its text left aside.
    pub fn lets_through(&self, filter: &InitiativeFilter, initiative: &Initiative) -> bool {
        if let Some(scope) = &filter.scope
            && !(self.has(scope) && self.lets_through(&Self::of_scope(scope, filter.include_narrower), initiative))
        {
            return false;
        }
        let named = |kind, keys: &[String]| -> Vec<RecordRef> {
            keys.iter().map(|key| self.find(kind, key).expect("filters name what there is")).collect()
        };
        let any =
            |wanted: &[RecordRef], has: &BTreeSet<RecordRef>| wanted.is_empty() || wanted.iter().any(|key| has.contains(key));
        let topics = self.topics_of(initiative, filter.include_narrower);
        let kind: BTreeSet<RecordRef> =
            initiative.kind.iter().filter_map(|kind| self.topic(&kind.reference())).map(|topic| topic.key.reference()).collect();
        let organisations: BTreeSet<RecordRef> = initiative
            .involvements
            .iter()
            .filter(|involvement| filter.role.is_none_or(|role| involvement.role == role))
            .map(|involvement| involvement.organisation.reference())
            .collect();
        let sources: BTreeSet<RecordRef> = initiative.provenance.iter().map(|from| from.source.reference()).collect();
        let languages = self.languages(initiative);
        let points = self.points(initiative);
        any(&named(RecordKind::Topic, &filter.topics), &topics)
            && named(RecordKind::Topic, &filter.all_topics).iter().all(|topic| topics.contains(topic))
            && any(&named(RecordKind::Topic, &filter.kinds), &kind)
            && (filter.statuses.is_empty() || initiative.status.is_some_and(|status| filter.statuses.contains(&status)))
            && (filter.audiences.is_empty() || initiative.audiences.iter().any(|audience| filter.audiences.contains(audience)))
            && any(&named(RecordKind::Town, &filter.towns), &self.towns_of(initiative))
            && any(&named(RecordKind::Area, &filter.areas), &self.areas_of(initiative))
            && filter.population.is_none_or(|range| {
                self.own_towns(initiative).values().filter_map(|town| town.population).any(|population| {
                    range.min.is_none_or(|min| i64::from(population) >= min)
                        && range.max.is_none_or(|max| i64::from(population) <= max)
                })
            })
            && filter.bounds.is_none_or(|bounds| {
                let corner = |latitude, longitude| Point::new(latitude, longitude).expect("a corner");
                let bounds =
                    BoundingBox::new(corner(bounds.south, bounds.west), corner(bounds.north, bounds.east)).expect("a box");
                points.iter().any(|point| geo::holds(bounds, *point))
            })
            && filter.near.is_none_or(|near| {
                let centre = Point::new(near.latitude, near.longitude).expect("a point");
                #[expect(clippy::cast_precision_loss, reason = "radii are small")]
                points.iter().any(|point| geo::distance(centre, *point) <= near.radius as f64)
            })
            && filter.active.is_none_or(|range| {
                (initiative.start.is_some() || initiative.end.is_some())
                    && initiative.start.is_none_or(|start| range.to.is_none_or(|to| start.first_day() <= to))
                    && initiative.end.is_none_or(|end| range.from.is_none_or(|from| end.last_day() >= from))
            })
            && filter.modified_since.is_none_or(|since| initiative.modified.is_some_and(|modified| modified >= since))
            && any(&named(RecordKind::Organisation, &filter.organisations), &organisations)
            && (filter.role.is_none() || !organisations.is_empty())
            && any(&named(RecordKind::Source, &filter.sources), &sources)
            && (filter.languages.is_empty() || filter.languages.iter().any(|language| languages.contains(language)))
            && (filter.licences.is_empty()
                || initiative
                    .licence
                    .as_ref()
                    .is_some_and(|licence| filter.licences.iter().any(|wanted| wanted == licence.as_str())))
            && filter.with.iter().all(|content| self.tells(initiative, *content))
    }

    pub fn distance(&self, initiative: &Initiative, from: (f64, f64)) -> Option<u32> {
        let from = Point::new(from.0, from.1).expect("a point");
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "metres on the earth")]
        self.points(initiative).iter().map(|point| geo::distance(from, *point).round() as u32).min()
    }

    /// The keys of the initiatives that a filter lets through, in order.
    pub fn list(&self, filter: &InitiativeFilter, order: InitiativeOrder) -> Vec<String> {
        let mut list: Vec<&Initiative> = self.initiatives().filter(|initiative| self.lets_through(filter, initiative)).collect();
        list.sort_by(|one, other| {
            let by_value = match order {
                InitiativeOrder::Relevance | InitiativeOrder::ModifiedDescending => {
                    one.modified.is_none().cmp(&other.modified.is_none()).then(other.modified.cmp(&one.modified))
                }
                InitiativeOrder::StartDescending => {
                    let start = |initiative: &Initiative| initiative.start.map(PartialDate::first_day);
                    one.start.is_none().cmp(&other.start.is_none()).then(start(other).cmp(&start(one)))
                }
                InitiativeOrder::TitleAscending => fold(one.title.as_str()).cmp(&fold(other.title.as_str())),
                InitiativeOrder::DistanceAscending => {
                    let near = filter.near.expect("ordered by distance from somewhere");
                    let distance = |initiative| self.distance(initiative, (near.latitude, near.longitude));
                    distance(one).cmp(&distance(other))
                }
            };
            by_value.then_with(|| one.key.cmp(&other.key))
        });
        list.into_iter().map(|initiative| initiative.key.to_string()).collect()
    }

    fn facet_values(&self, kind: FacetKind, initiative: &Initiative, include_narrower: bool) -> BTreeSet<String> {
        let keys = |references: BTreeSet<RecordRef>| references.into_iter().map(|reference| reference.key().to_owned()).collect();
        let of_kind = |kind: AreaKind| -> BTreeSet<String> {
            let areas = self.areas_of(initiative).into_iter();
            let areas = areas.filter(|area| self.area(area).is_some_and(|area| area.key.area_kind() == kind));
            areas.map(|area| area.key().to_owned()).collect()
        };
        match kind {
            FacetKind::Topic => keys(self.topics_of(initiative, include_narrower)),
            FacetKind::Kind => initiative.kind.iter().map(ToString::to_string).collect(),
            FacetKind::Status => initiative.status.iter().map(ToString::to_string).collect(),
            FacetKind::Audience => initiative.audiences.iter().map(ToString::to_string).collect(),
            FacetKind::Department => of_kind(AreaKind::Department),
            FacetKind::Region => of_kind(AreaKind::Region),
            FacetKind::PopulationBand => {
                self.own_towns(initiative).values().filter_map(|town| town.population).map(|p| Self::band(p).to_owned()).collect()
            }
            FacetKind::Organisation => {
                initiative.involvements.iter().map(|involvement| involvement.organisation.to_string()).collect()
            }
            FacetKind::Source => initiative.provenance.iter().map(|from| from.source.to_string()).collect(),
            FacetKind::Language => self.languages(initiative),
            FacetKind::Licence => initiative.licence.iter().map(ToString::to_string).collect(),
            FacetKind::Year => {
                initiative.start.iter().map(|start| chrono::Datelike::year(&start.first_day()).to_string()).collect()
            }
        }
    }

    pub fn facets(&self, filter: &InitiativeFilter, kinds: &[FacetKind], first: usize) -> Vec<Facet> {
        let facet = |kind: &FacetKind| {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for initiative in self.initiatives().filter(|initiative| self.lets_through(filter, initiative)) {
                for value in self.facet_values(*kind, initiative, filter.include_narrower) {
                    *counts.entry(value).or_default() += 1;
                }
            }
            let mut buckets: Vec<FacetBucket> = counts.into_iter().map(|(key, count)| FacetBucket { key, count }).collect();
            buckets.sort_by(|one, other| other.count.cmp(&one.count).then(one.key.cmp(&other.key)));
            buckets.truncate(first);
            Facet { kind: *kind, buckets }
        };
        kinds.iter().map(facet).collect()
    }

    /// The keys of the towns that a filter lets through, in order; names are left aside.
    pub fn towns(&self, filter: &TownFilter) -> Vec<String> {
        let areas: Vec<RecordRef> =
            filter.areas.iter().map(|key| self.find(RecordKind::Area, key).expect("filters name what there is")).collect();
        let near = filter.near.map(|near| (Point::new(near.latitude, near.longitude).expect("a point"), near.radius));
        let is_meant = |town: &&Town| {
            let lies_in = self.areas_of_town(town);
            (areas.is_empty() || areas.iter().any(|area| lies_in.contains(area)))
                && filter.population.is_none_or(|range| {
                    town.population.is_some_and(|population| {
                        range.min.is_none_or(|min| i64::from(population) >= min)
                            && range.max.is_none_or(|max| i64::from(population) <= max)
                    })
                })
                && filter.bounds.is_none_or(|bounds| {
                    let corner = |latitude, longitude| Point::new(latitude, longitude).expect("a corner");
                    let bounds =
                        BoundingBox::new(corner(bounds.south, bounds.west), corner(bounds.north, bounds.east)).expect("a box");
                    town.point.is_some_and(|point| geo::holds(bounds, point))
                })
                && near.is_none_or(|(centre, radius)| {
                    #[expect(clippy::cast_precision_loss, reason = "radii are small")]
                    town.point.is_some_and(|point| geo::distance(centre, point) <= radius as f64)
                })
                && filter.has_initiatives.is_none_or(|wanted| {
                    let reference = town.key.reference();
                    self.initiatives().any(|initiative| self.towns_of(initiative).contains(&reference)) == wanted
                })
        };
        let mut towns: Vec<&Town> = self.all_towns().filter(is_meant).collect();
        towns.sort_by(|one, other| {
            let by_value = match near {
                #[expect(clippy::cast_possible_truncation, reason = "metres on the earth")]
                Some((centre, _)) => {
                    let distance = |town: &Town| town.point.map(|point| geo::distance(centre, point).round() as i64);
                    distance(one).cmp(&distance(other))
                }
                None => one.population.is_none().cmp(&other.population.is_none()).then(other.population.cmp(&one.population)),
            };
            by_value.then_with(|| one.key.cmp(&other.key))
        });
        towns.into_iter().map(|town| town.key.to_string()).collect()
    }
}
