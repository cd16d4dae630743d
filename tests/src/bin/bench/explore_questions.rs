//! What is asked of the index: questions as people ask them, drawn from what there is, the same on each run.

use anyhow::{Result, ensure};
use maillage_explore::Snapshot;
use maillage_explore::question::{Bounds, FacetKind, InitiativeFilter, InitiativeOrder, NumberRange, PageRequest, TownFilter};
use maillage_graph_schema::model::Status;
use maillage_tests::random::Random;
use maillage_tests::synthetic::SEARCHED_WORDS;

use crate::graph::SEED;

/// How many different questions there are of a kind.
const DIFFERENT: usize = 200;

/// Names that are typed into a box that answers to every letter.
const TYPED: &[&str] = &[
    "Marseille",
    "Saint-Denis",
    "st etienne",
    "Paris",
    "Lyon",
    "Agen",
    "L'Haÿ-les-Roses",
    "La Rochelle",
    "Montpellier",
    "Œuilly",
    "Villeneuve-sur-Lot",
    "Le Mans",
    "Bordeaux",
    "Digne-les-Bains",
    "Fontenay-sous-Bois",
    "saint médard",
];

/// Latitude and longitude of cities.
const CITIES: &[(f64, f64)] = &[
    (48.8566, 2.3522),
    (43.2965, 5.3698),
    (45.764, 4.8357),
    (44.2033, 0.6167),
    (50.6292, 3.0573),
    (48.5734, 7.7521),
    (44.8378, -0.5792),
    (47.2184, -1.5536),
    (43.6047, 1.4442),
    (48.1173, -1.6778),
];

/// The questions.
#[derive(Debug)]
pub struct Questions {
    filters: Vec<InitiativeFilter>,
    common_word: Vec<InitiativeFilter>,
    common_words: Vec<InitiativeFilter>,
    of_a_topic: Vec<InitiativeFilter>,
    rare: Vec<InitiativeFilter>,
    one_degree: Vec<InitiativeFilter>,
    cities: Vec<Bounds>,
    typed: Vec<String>,
    initiatives: Vec<String>,
    towns: Vec<String>,
}

impl Questions {
    /// Draws them.
    pub fn new(snapshot: &Snapshot) -> Result<Self> {
        let random = &mut Random::new(SEED);
        let everything = InitiativeFilter::default;
        let values = |kind| -> Result<Vec<(String, u64)>> {
            let facets = snapshot.facets(&everything(), &[kind], usize::MAX)?;
            let buckets: Vec<_> = facets.into_iter().flat_map(|facet| facet.buckets).collect();
            ensure!(!buckets.is_empty(), "no initiative has a {kind:?}");
            Ok(buckets.into_iter().map(|bucket| (bucket.key, bucket.count)).collect())
        };
        let (topics, departments, regions) =
            (values(FacetKind::Topic)?, values(FacetKind::Department)?, values(FacetKind::Region)?);
        let organisations = values(FacetKind::Organisation)?;
        let one = |random: &mut Random, of: &[(String, u64)]| vec![random.one_of(of).0.clone()];
        let filters = (0..DIFFERENT).map(|number| {
            let mut filter = InitiativeFilter { topics: one(random, &topics), ..everything() };
            match number % 3 {
                0 => {
                    filter.areas = one(random, &regions);
                    filter.statuses = vec![Status::Running, *random.one_of(Status::ALL)];
                }
                1 => {
                    filter.areas = one(random, &departments);
                    filter.statuses = vec![*random.one_of(Status::ALL)];
                }
                _ => {
                    filter.areas = one(random, &regions);
                    let few = i64::try_from(random.below(20_000)).unwrap_or_default();
                    filter.population = Some(NumberRange { min: Some(few), max: Some(few * 4) });
                }
            }
            filter
        });
        let filters = filters.collect();
        let of_words = |words: Vec<&str>| InitiativeFilter { text: Some(words.join(" ")), ..everything() };
        let common_word = SEARCHED_WORDS.iter().map(|word| of_words(vec![word])).collect();
        let common_words = (0..DIFFERENT).map(|_| of_words((0..3).map(|_| *random.one_of(SEARCHED_WORDS)).collect())).collect();
        let of_a_topic =
            topics.iter().map(|(topic, _)| InitiativeFilter { topics: vec![topic.clone()], ..everything() }).collect();
        let rare = organisations
            .iter()
            .rev()
            .take(10 * DIFFERENT)
            .map(|(organisation, _)| InitiativeFilter { organisations: vec![organisation.clone()], ..everything() });
        let rare = rare.collect();
        let around = |(latitude, longitude): (f64, f64), half: f64| Bounds {
            west: longitude - half,
            south: latitude - half,
            east: longitude + half,
            north: latitude + half,
        };
        let one_degree = (0..DIFFERENT).map(|_| {
            let place = (43.0 + 7.5 * random.fraction(), -1.0 + 8.0 * random.fraction());
            InitiativeFilter { bounds: Some(around(place, 0.5)), ..everything() }
        });
        let one_degree = one_degree.collect();
        let cities = CITIES.iter().map(|city| around(*city, 0.15)).collect();
        let letter_by_letter = |name: &&str| {
            let letters: Vec<char> = name.chars().collect();
            (1..=letters.len()).map(|length| letters[..length].iter().collect()).collect::<Vec<String>>()
        };
        let typed = TYPED.iter().flat_map(letter_by_letter).collect();
        let newest = snapshot.initiatives(&everything(), InitiativeOrder::TitleAscending, &PageRequest::first(1000))?;
        let initiatives = newest.items.into_iter().map(|hit| hit.key).collect();
        // Large ones and small ones.
        let of_size = |population| {
            let filter = TownFilter { population: Some(population), ..TownFilter::default() };
            snapshot.towns(&filter, &PageRequest::first(100))
        };
        let large = of_size(NumberRange { min: Some(20_000), max: None })?;
        let small = of_size(NumberRange { min: None, max: Some(600) })?;
        let towns = large.items.into_iter().chain(small.items).map(|hit| hit.key).collect();
        Ok(Self { filters, common_word, common_words, of_a_topic, rare, one_degree, cities, typed, initiatives, towns })
    }

    /// A topic, an area and a status or a range of inhabitants.
    pub fn filter(&self, number: usize) -> &InitiativeFilter {
        nth(&self.filters, number)
    }

    pub fn common_word(&self, number: usize) -> &InitiativeFilter {
        nth(&self.common_word, number)
    }

    pub fn common_words(&self, number: usize) -> &InitiativeFilter {
        nth(&self.common_words, number)
    }

    /// A topic, frequent or not.
    pub fn of_a_topic(&self, number: usize) -> &InitiativeFilter {
        nth(&self.of_a_topic, number)
    }

    /// An organisation with few initiatives.
    pub fn rare(&self, number: usize) -> &InitiativeFilter {
        nth(&self.rare, number)
    }

    /// A box of one degree, somewhere in France.
    pub fn one_degree(&self, number: usize) -> &InitiativeFilter {
        nth(&self.one_degree, number)
    }

    /// A box around a city.
    pub fn city(&self, number: usize) -> Bounds {
        *nth(&self.cities, number)
    }

    /// The key of an initiative.
    pub fn initiative(&self, number: usize) -> &str {
        &self.initiatives[number % self.initiatives.len()]
    }

    /// The key of a town.
    pub fn town(&self, number: usize) -> &str {
        &self.towns[number % self.towns.len()]
    }

    /// The beginning of a town's name.
    pub fn typed(&self, number: usize) -> &str {
        &self.typed[number % self.typed.len()]
    }
}

fn nth<T>(of: &[T], number: usize) -> &T {
    &of[number % of.len()]
}
