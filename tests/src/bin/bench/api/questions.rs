//! The ten questions, in the tongue of each server, and what to ask them about: drawn from the graph, the same on each run.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::model::{AreaKey, PlaceTarget, Point, Record, Status, Town};
use maillage_tests::random::Random;
use maillage_tests::synthetic::{SEARCHED_WORDS, Synthetic};
use serde_json::{Value, json};

use crate::graph::SEED;

/// How many different requests there are of most questions.
const DIFFERENT: usize = 200;

/// How many marks a box holds, at most.
const MARKS: usize = 200;

/// Names that somebody types, from the third letter on.
const TYPED: &[&str] =
    &["Marseille", "Saint-Denis", "Paris", "Lyon", "Agen", "Montpellier", "Villeneuve", "Bordeaux", "Fontenay", "Roubaix"];

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    Maillage,
    Neo4jGraphql,
    PostGraphile,
}

impl Tongue {
    fn documents(self) -> &'static str {
        match self {
            Self::Maillage => include_str!("../../../../bench/peers/maillage.graphql"),
            Self::Neo4jGraphql => include_str!("../../../../bench/peers/neo4j-graphql/questions.graphql"),
            Self::PostGraphile => include_str!("../../../../bench/peers/postgraphile/questions.graphql"),
        }
    }
}

/// How alike the answers have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// The same records, and the same total where one is asked for.
    Same,
    /// As many.
    AsMany,
    /// Each server has ways of its own to find or to order: how much is the same is told, and not judged.
    Own,
}

/// A question, and what it is asked about.
#[derive(Debug)]
pub struct Question {
    pub name: &'static str,
    pub what: &'static str,
    pub alike: Alike,
    /// Where records are in an answer, and where their number is, by [`Tongue`].
    answers: [(&'static [&'static str], Option<&'static str>); 3],
    /// What each server is given.
    variables: Vec<Value>,
}

impl Question {
    /// The requests, as bodies of GraphQL over HTTP.
    pub fn bodies(&self, tongue: Tongue) -> Result<Vec<String>> {
        let document = document(tongue.documents(), self.name)?;
        let body = |variables: &Value| json!({ "query": document, "variables": spoken(tongue, variables) }).to_string();
        Ok(self.variables.iter().map(body).collect())
    }

    /// What an answer says, whoever gave it.
    pub fn read(&self, tongue: Tongue, answer: &Value) -> Result<Answer> {
        ensure!(answer.get("errors").is_none() && answer["data"].is_object(), "{}: {tongue:?} answered {answer}", self.name);
        let (records, total) = self.answers[tongue as usize];
        let mut keys = BTreeSet::new();
        for path in records {
            let mut found = Vec::new();
            collect(&answer["data"], path, &mut found);
            keys.extend(found.into_iter().map(ToString::to_string));
        }
        let mut totals = Vec::new();
        if let Some(path) = total {
            collect(&answer["data"], path, &mut totals);
        }
        let total = totals.first().and_then(|total| total.as_u64());
        // PostgreSQL counts by numbers that JSON has as texts.
        let keys = keys.into_iter().map(|key| key.trim_matches('"').to_owned()).collect();
        Ok(Answer { keys, total })
    }
}

/// What an answer says: which records, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub keys: BTreeSet<String>,
    pub total: Option<u64>,
}

impl Answer {
    /// How many records it speaks of.
    pub fn count(&self) -> u64 {
        self.total.unwrap_or(self.keys.len() as u64)
    }

    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The share of what two answers have in common, among all that either has.
    pub fn common(&self, other: &Self) -> f64 {
        let (both, either) = (self.keys.intersection(&other.keys).count(), self.keys.union(&other.keys).count());
        #[expect(clippy::cast_precision_loss, reason = "a share to show, of some hundreds")]
        if either == 0 { 1.0 } else { both as f64 / either as f64 }
    }
}

/// The operation of a name among others, with the fragments that stand below it.
fn document(all: &str, name: &str) -> Result<String> {
    let begin = all.find(&format!("query {name}(")).with_context(|| format!("no query {name}"))?;
    let rest = &all[begin..];
    let end = rest[1..].find("\nquery ").map_or(rest.len(), |end| end + 1);
    Ok(rest[..end].trim().to_owned())
}

/// The same wishes as a server takes them.
fn spoken(tongue: Tongue, variables: &Value) -> Value {
    let mut variables = variables.clone();
    match tongue {
        Tongue::Maillage => {
            if let Some(Value::String(status)) = variables.get_mut("status") {
                status.make_ascii_uppercase();
            }
        }
        // Lucene takes either word unless told.
        Tongue::Neo4jGraphql => {
            if let Some(Value::String(text)) = variables.get_mut("text") {
                *text = text.replace(' ', " AND ");
            }
        }
        Tongue::PostGraphile => {}
    }
    variables
}

/// Every value at a path of fields; lists are gone through.
fn collect<'a>(value: &'a Value, path: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, found)),
        Value::Null => {}
        _ if path.is_empty() => found.push(value),
        _ => {
            let (field, rest) = path.split_once('.').unwrap_or((path, ""));
            if let Some(value) = value.get(field) {
                collect(value, rest, found);
            }
        }
    }
}

/// The questions over a graph.
pub fn questions(graph: &Synthetic, count: usize, reference: &[ChangeSet]) -> Result<Vec<Question>> {
    let random = &mut Random::new(SEED);
    let towns = towns(reference);
    let departments: Vec<&str> = {
        let all: BTreeSet<&str> = towns.values().filter_map(|town| department(town)).collect();
        all.into_iter().collect()
    };
    let keys = (0..10 * DIFFERENT).map(|_| Ok(json!({ "key": Synthetic::initiative_key(random.below(count))?.as_str() })));
    let keys = keys.collect::<Result<Vec<_>>>()?;
    let topics: Vec<Value> = graph.topics().iter().map(|topic| json!({ "topic": topic.as_str() })).collect();
    // Frequent topics more often than rare ones, as people ask.
    let filters = (0..DIFFERENT).map(|_| {
        json!({
            "topic": graph.topics()[random.below(graph.topics().len().min(30))].as_str(),
            "area": random.one_of(&departments),
            "status": random.one_of(Status::ALL).as_str(),
        })
    });
    let filters = filters.collect();
    let areas = departments.iter().map(|department| json!({ "area": department })).collect();
    let words = SEARCHED_WORDS.iter().map(|word| json!({ "text": word })).collect();
    let two = (0..DIFFERENT).map(|_| {
        let (one, other) = (random.below(SEARCHED_WORDS.len()), random.below(SEARCHED_WORDS.len() - 1));
        let other = if other < one { other } else { other + 1 };
        json!({ "text": format!("{} {}", SEARCHED_WORDS[one], SEARCHED_WORDS[other]) })
    });
    let two = two.collect();
    let boxes = boxes(graph, count, &towns, random)?;
    let prefixes = TYPED.iter().flat_map(|name| (3..=name.len()).map(|length| json!({ "prefix": &name[..length] }))).collect();
    // A commune stands for its arrondissements in Maillage, which the others do not know of.
    let whole = |key: &str| !matches!(key, "insee:75056" | "insee:13055" | "insee:69123");
    let large = graph.towns().iter().filter(|town| whole(town.as_str())).take(DIFFERENT);
    let large = large.map(|town| json!({ "key": town.as_str() })).collect();
    Ok(vec![
        Question {
            name: "record",
            what: "a record with its relations",
            alike: Alike::Same,
            answers: [
                (
                    &[
                        "initiative.key",
                        "initiative.kind.key",
                        "initiative.topics.key",
                        "initiative.towns.key",
                        "initiative.involvements.organisation.key",
                    ],
                    None,
                ),
                (&["initiatives.key", "initiatives.about.key", "initiatives.towns.key", "initiatives.organisations.key"], None),
                (
                    &[
                        "initiativeByKey.key",
                        "initiativeByKey.topics.nodes.key",
                        "initiativeByKey.towns.nodes.key",
                        "initiativeByKey.organisations.nodes.key",
                    ],
                    None,
                ),
            ],
            variables: keys.clone(),
        },
        Question {
            name: "newest",
            what: "the newest 20 of a topic",
            alike: Alike::Same,
            answers: [
                (&["initiatives.nodes.key"], None),
                (&["initiatives.key"], None),
                (&["topicByKey.initiatives.nodes.key"], None),
            ],
            variables: topics,
        },
        Question {
            name: "filtered",
            what: "a page of three filters, with total",
            alike: Alike::Same,
            answers: [
                (&["initiatives.nodes.key"], Some("initiatives.totalCount")),
                (&["initiativesConnection.edges.node.key"], Some("initiativesConnection.totalCount")),
                (&["initiativesOf.nodes.key"], Some("initiativesOf.totalCount")),
            ],
            variables: filters,
        },
        Question {
            name: "facets",
            what: "the topics of a department, counted",
            alike: Alike::Same,
            answers: [
                (&["initiatives.facets.buckets.key", "initiatives.facets.buckets.count"], None),
                (&["topicsOfArea.key", "topicsOfArea.count"], None),
                (&["topicsOfArea.nodes.key", "topicsOfArea.nodes.count"], None),
            ],
            variables: areas,
        },
        searched("search of a common word", words),
        searched("search of two common words", two),
        Question {
            name: "box",
            what: "the map of a box of 200 marks",
            alike: Alike::AsMany,
            answers: [(&[], Some("map.totalCount")), (&["initiativesInBox.key"], None), (&["initiativesInBox.nodes.key"], None)],
            variables: boxes,
        },
        Question {
            name: "similar",
            what: "the ten most alike",
            alike: Alike::Own,
            answers: [
                (&["initiative.similar.node.key"], None),
                (&["initiatives.similar.key"], None),
                (&["initiativeByKey.similar.nodes.key"], None),
            ],
            variables: keys,
        },
        Question {
            name: "towns",
            what: "towns by what is typed",
            alike: Alike::Own,
            answers: [(&["towns.nodes.key"], None), (&["towns.key"], None), (&["townsBeginningWith.nodes.key"], None)],
            variables: prefixes,
        },
        Question {
            name: "nested",
            what: "a town, ten initiatives, their topics, three of each",
            alike: Alike::Same,
            answers: [
                (
                    &[
                        "town.initiatives.nodes.key",
                        "town.initiatives.nodes.kind.initiatives.nodes.key",
                        "town.initiatives.nodes.topics.initiatives.nodes.key",
                    ],
                    None,
                ),
                (&["towns.initiatives.key", "towns.initiatives.about.initiatives.key"], None),
                (&["townByKey.initiatives.nodes.key", "townByKey.initiatives.nodes.topics.nodes.initiatives.nodes.key"], None),
            ],
            variables: large,
        },
    ])
}

fn searched(what: &'static str, variables: Vec<Value>) -> Question {
    Question {
        name: "search",
        what,
        alike: Alike::Own,
        answers: [
            (&["initiatives.nodes.key"], None),
            (&["searchInitiatives.key"], None),
            (&["searchInitiatives.nodes.key"], None),
        ],
        variables,
    }
}

/// The towns of the reference data, by key.
fn towns(reference: &[ChangeSet]) -> BTreeMap<&str, &Town> {
    let operations = reference.iter().flat_map(|change_set| &change_set.operations);
    let towns = operations.filter_map(|operation| match operation {
        Operation::Put { record, .. } => match &**record {
            Record::Town(town) => Some((town.key.as_str(), town)),
            _ => None,
        },
        Operation::Withdraw { .. } => None,
    });
    towns.collect()
}

fn department(town: &Town) -> Option<&str> {
    town.part_of.iter().map(AreaKey::as_str).find(|area| area.starts_with("department:"))
}

/// Boxes around places where something runs, as large as holds few enough marks.
fn boxes(graph: &Synthetic, count: usize, towns: &BTreeMap<&str, &Town>, random: &mut Random) -> Result<Vec<Value>> {
    let mut points: Vec<Point> = Vec::new();
    for index in 0..count {
        for place in graph.initiative(index)?.places {
            let PlaceTarget::Town(town) = place.target else { continue };
            points.extend(towns.get(town.as_str()).and_then(|town| town.point));
        }
    }
    let mut boxes = Vec::with_capacity(DIFFERENT);
    while boxes.len() < DIFFERENT {
        let middle = *random.one_of(&points);
        let distance =
            |point: &Point| (point.latitude() - middle.latitude()).abs().max((point.longitude() - middle.longitude()).abs());
        let mut distances: Vec<f64> = points.iter().map(distance).collect();
        distances.sort_unstable_by(f64::total_cmp);
        // Those at the border are left out, so that nobody has to agree on them.
        let half = distances[MARKS.min(distances.len() - 1)] - 1e-6;
        if half > 0.0 {
            boxes.push(json!({
                "west": middle.longitude() - half, "east": middle.longitude() + half,
                "south": middle.latitude() - half, "north": middle.latitude() + half,
            }));
        }
    }
    Ok(boxes)
}

/// What a map asks for as somebody moves over France, from far to near: tiles, with and without a filter, and the field `map`.
pub fn maps() -> Vec<(&'static str, Vec<String>)> {
    let tiles = |filter: &str| {
        let mut tiles = Vec::new();
        // A tile is 360 / 2^zoom degrees wide; those around the middle of France.
        for (zoom, columns, rows) in
            [(5, 15..=16, 10..=11), (6, 31..=33, 21..=23), (8, 126..=132, 86..=93), (11, 1034..=1040, 701..=707)]
        {
            for column in columns {
                tiles.extend(rows.clone().map(|row| format!("/tiles/{zoom}/{column}/{row}.mvt{filter}")));
            }
        }
        tiles
    };
    let document = "query($bounds: BoundingBoxInput!, $zoom: Int!) { map(bounds: $bounds, zoom: $zoom) { totalCount clusters { count point { lat lon } } pins { initiative { key \
                    title } point { lat lon } } } }";
    let view = |west: f64, south: f64, width: f64, zoom: u32| {
        let bounds = json!({ "west": west, "south": south, "east": west + width, "north": south + width * 0.7 });
        json!({ "query": document, "variables": { "bounds": bounds, "zoom": zoom } }).to_string()
    };
    let country = (0..50).map(|step| view(-5.2 + 0.01 * f64::from(step), 41.3, 14.9, 5 + step % 2)).collect();
    let region = (0..50).map(|step| view(-1.0 + 0.1 * f64::from(step), 44.0 + 0.05 * f64::from(step), 3.0, 8)).collect();
    let town = (0..50).map(|step| view(2.2 + 0.005 * f64::from(step), 48.7 + 0.004 * f64::from(step), 0.2, 12)).collect();
    vec![
        ("tiles of France, from zoom 5 to 11", tiles("")),
        ("the same, of a topic", tiles("?topic=inclusion-numerique")),
        ("`map` of the country", country),
        ("`map` of a region", region),
        ("`map` of a town", town),
        (
            "`/initiatives.geojson`, 100 of a box",
            (0..50)
                .map(|step| {
                    format!(
                        "/initiatives.geojson?bbox={0},{1},{2},{3}",
                        f64::from(step) * 0.1,
                        44,
                        f64::from(step) * 0.1 + 1.0,
                        45
                    )
                })
                .collect(),
        ),
    ]
}
