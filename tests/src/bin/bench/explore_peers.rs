//! The same questions answered otherwise, to compare with: plain loops over all initiatives in memory, as columns without
//! any index, and SQLite's own full-text index (FTS5).
//!
//! The loops must come to the same counts as the index does, or the comparison is worth nothing: each is checked.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use maillage_explore::question::{Bounds, InitiativeFilter, TownFilter};
use maillage_explore::text::fold;
use maillage_explore::{Explore, Snapshot, geo};
use maillage_graph_schema::model::{BoundingBox, CaseStudy, Initiative, PlaceTarget, Point, Record, RecordKind, Status, Text};
use maillage_graph_schema::store::GraphStore;
use rusqlite::Connection;

use crate::explore::{BOX, COMMON_WORD, COMMON_WORDS, FACETS, FILTERED, FRANCE, FRANCE_BOX, PREFIX};
use crate::explore_questions::Questions;
use crate::measure::{self, Measured};

/// How often a loop is run: it takes its time.
const LOOPED: usize = 200;

/// How many records are read at a time.
const BATCH: usize = 500;

/// An initiative as a row of columns.
struct Row {
    key: String,
    modified: i64,
    /// With every broader one.
    topics: Vec<String>,
    areas: Vec<String>,
    status: Option<Status>,
    populations: Vec<u32>,
    points: Vec<Point>,
}

/// Asks loops and FTS5 what the index is asked.
pub async fn measure(store: Arc<dyn GraphStore>, folder: &Path) -> Result<()> {
    let explore = Explore::open(Arc::clone(&store), folder).await?;
    let snapshot = explore.snapshot();
    let questions = Questions::new(&snapshot)?;
    let records = Records::read(&*store).await?;
    loops(&snapshot, &questions, &records)?;
    full_text(&*store, &questions, &folder.join("fts5.db")).await
}

/// What the loops run over.
struct Records {
    rows: Vec<Row>,
    /// The folded name and the inhabitants of each town.
    towns: Vec<(String, u32)>,
}

async fn all(store: &dyn GraphStore, kind: RecordKind, mut each: impl FnMut(Record)) -> Result<()> {
    let mut after: Option<String> = None;
    loop {
        let page = store.page(kind, after.as_deref(), BATCH).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        page.items.into_iter().for_each(|stored| each(stored.record));
        if !page.has_more {
            return Ok(());
        }
    }
}

impl Records {
    async fn read(store: &dyn GraphStore) -> Result<Self> {
        let (mut broader, mut part_of) = (HashMap::new(), HashMap::new());
        all(store, RecordKind::Topic, |record| {
            if let Record::Topic(topic) = record {
                broader.insert(topic.key.to_string(), topic.broader.iter().map(ToString::to_string).collect::<Vec<_>>());
            }
        })
        .await?;
        all(store, RecordKind::Area, |record| {
            if let Record::Area(area) = record {
                part_of.insert(area.key.to_string(), area.part_of.iter().map(ToString::to_string).collect::<Vec<_>>());
            }
        })
        .await?;
        let mut towns = HashMap::new();
        let mut names = Vec::new();
        all(store, RecordKind::Town, |record| {
            if let Record::Town(town) = record {
                names.push((fold(town.name.as_str()), town.population.unwrap_or_default()));
                names.extend(town.former.iter().map(|former| (fold(former.name.as_str()), town.population.unwrap_or_default())));
                let areas = town.part_of.iter().map(ToString::to_string).collect::<Vec<_>>();
                towns.insert(town.key.to_string(), (climbed(&part_of, areas), town.population, town.point));
            }
        })
        .await?;
        let mut rows = Vec::new();
        all(store, RecordKind::Initiative, |record| {
            if let Record::Initiative(initiative) = record {
                rows.push(row(&initiative, &towns, &broader));
            }
        })
        .await?;
        Ok(Self { rows, towns: names })
    }
}

/// Some keys with all that they lead to.
fn climbed(above: &HashMap<String, Vec<String>>, keys: Vec<String>) -> Vec<String> {
    let mut reached = BTreeSet::new();
    let mut open = keys;
    while let Some(key) = open.pop() {
        open.extend(above.get(&key).into_iter().flatten().cloned());
        reached.insert(key);
    }
    reached.into_iter().collect()
}

type TownFacts = (Vec<String>, Option<u32>, Option<Point>);

fn row(initiative: &Initiative, towns: &HashMap<String, TownFacts>, broader: &HashMap<String, Vec<String>>) -> Row {
    let of_towns: Vec<&TownFacts> = initiative
        .places
        .iter()
        .filter_map(|place| match &place.target {
            PlaceTarget::Town(key) => towns.get(key.as_str()),
            PlaceTarget::Area(_) => None,
        })
        .collect();
    let areas: BTreeSet<String> = of_towns.iter().flat_map(|town| town.0.iter().cloned()).collect();
    let topics = initiative.topics.iter().chain(&initiative.kind).map(ToString::to_string).collect();
    Row {
        key: initiative.key.to_string(),
        modified: initiative.modified.map_or(i64::MIN, |modified| modified.get().timestamp_millis()),
        topics: climbed(broader, topics),
        areas: areas.into_iter().collect(),
        status: initiative.status,
        populations: of_towns.iter().filter_map(|town| town.1).collect(),
        points: of_towns.iter().filter_map(|town| town.2).collect(),
    }
}

fn box_of(bounds: Bounds) -> Result<BoundingBox> {
    Ok(BoundingBox::new(Point::new(bounds.south, bounds.west)?, Point::new(bounds.north, bounds.east)?)?)
}

/// The fields that the questions use.
fn lets_through(filter: &InitiativeFilter, bounds: Option<BoundingBox>, row: &Row) -> bool {
    let any = |wanted: &[String], has: &[String]| wanted.is_empty() || wanted.iter().any(|key| has.contains(key));
    any(&filter.topics, &row.topics)
        && any(&filter.areas, &row.areas)
        && (filter.statuses.is_empty() || row.status.is_some_and(|status| filter.statuses.contains(&status)))
        && filter.population.is_none_or(|range| {
            row.populations.iter().any(|population| {
                let population = i64::from(*population);
                range.min.is_none_or(|min| population >= min) && range.max.is_none_or(|max| population <= max)
            })
        })
        && bounds.is_none_or(|bounds| row.points.iter().any(|point| geo::holds(bounds, *point)))
}

/// How many rows there are, and the twenty that were modified last.
fn newest(rows: &[Row], is_meant: impl Fn(&Row) -> bool) -> (usize, Vec<&Row>) {
    let mut found: Vec<&Row> = rows.iter().filter(|row| is_meant(row)).collect();
    let count = found.len();
    let order = |one: &&Row, other: &&Row| other.modified.cmp(&one.modified).then_with(|| one.key.cmp(&other.key));
    if count > 20 {
        found.select_nth_unstable_by(19, order);
        found.truncate(20);
    }
    found.sort_unstable_by(order);
    (count, found)
}

fn loops(snapshot: &Snapshot, questions: &Questions, records: &Records) -> Result<()> {
    let rows = &records.rows;
    let tell = |what: &str, question: &mut dyn FnMut(usize) -> Result<usize>| -> Result<()> {
        let times = measure::answers(LOOPED, question)?;
        Measured::tell(&format!("{what}: a loop over all"), &times.with_p99());
        Ok(())
    };
    for number in 0..LOOPED {
        for filter in [questions.filter(number), questions.one_degree(number)] {
            let bounds = filter.bounds.map(box_of).transpose()?;
            let count = rows.iter().filter(|row| lets_through(filter, bounds, row)).count();
            ensure!(snapshot.count(filter)? == count as u64, "the index and a loop differ: {filter:?}");
        }
    }
    tell(FILTERED, &mut |number| {
        let filter = questions.filter(number);
        let (count, page) = newest(rows, |row| lets_through(filter, None, row));
        Ok(count.min(page.len()))
    })?;
    tell(FACETS, &mut |number| {
        let filter = questions.filter(number);
        let (mut topics, mut areas, mut statuses) = (HashMap::new(), HashMap::new(), HashMap::new());
        for row in rows.iter().filter(|row| lets_through(filter, None, row)) {
            row.topics.iter().for_each(|topic| *topics.entry(topic.as_str()).or_insert(0) += 1);
            row.areas.iter().for_each(|area| *areas.entry(area.as_str()).or_insert(0) += 1);
            *statuses.entry(row.status.map(Status::as_str)).or_insert(0) += 1;
        }
        Ok(topics.len() + areas.len() + statuses.len())
    })?;
    tell(BOX, &mut |number| {
        let filter = questions.one_degree(number);
        let bounds = filter.bounds.map(box_of).transpose()?;
        let (count, page) = newest(rows, |row| lets_through(filter, bounds, row));
        Ok(count.min(page.len()))
    })?;
    let france = box_of(FRANCE_BOX)?;
    tell(FRANCE, &mut |_| {
        // A square grid of degrees, with the initiatives in each: less than the map gives.
        let mut cells: HashMap<(i32, i32), HashSet<&str>> = HashMap::new();
        for row in rows {
            for point in row.points.iter().filter(|point| geo::holds(france, **point)) {
                #[expect(clippy::cast_possible_truncation, reason = "degrees")]
                let cell = (point.latitude().floor() as i32, point.longitude().floor() as i32);
                cells.entry(cell).or_default().insert(&row.key);
            }
        }
        Ok(cells.len())
    })?;
    tell(PREFIX, &mut |number| {
        let typed = fold(questions.typed(number));
        let mut found: Vec<&(String, u32)> = records.towns.iter().filter(|(name, _)| name.starts_with(&typed)).collect();
        found.sort_unstable_by_key(|(_, population)| std::cmp::Reverse(*population));
        let filter = TownFilter { prefix: Some(typed), ..TownFilter::default() };
        ensure!(found.is_empty() || snapshot.count_towns(&filter)? > 0, "the index finds no town");
        Ok(found.len().min(10))
    })
}

/// One of many questions.
type Nth<'a> = &'a dyn Fn(usize) -> &'a InitiativeFilter;

/// Indexes all case studies with FTS5, without their texts, and asks for the twenty best and how many there are.
async fn full_text(store: &dyn GraphStore, questions: &Questions, file: &Path) -> Result<()> {
    let start = std::time::Instant::now();
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "CREATE VIRTUAL TABLE case_study USING fts5 (title, summary, body, content = '', tokenize = 'unicode61 remove_diacritics 2');
         BEGIN;",
    )?;
    let mut row = 0_i64;
    let mut after: Option<String> = None;
    loop {
        let page = store.page(RecordKind::CaseStudy, after.as_deref(), BATCH).await?;
        after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
        let mut insert =
            connection.prepare_cached("INSERT INTO case_study (rowid, title, summary, body) VALUES (?1, ?2, ?3, ?4)")?;
        for stored in &page.items {
            if let Record::CaseStudy(case_study) = &stored.record {
                row += 1;
                let summary = case_study.summary.as_ref().map(Text::as_str);
                insert.execute((row, case_study.title.as_str(), summary, body(case_study)))?;
            }
        }
        if !page.has_more {
            break;
        }
    }
    connection.execute_batch("COMMIT; INSERT INTO case_study (case_study) VALUES ('optimize');")?;
    Measured::tell("index built: SQLite FTS5", &crate::graph::seconds(start.elapsed()));
    let mut best = connection
        .prepare("SELECT rowid FROM case_study WHERE case_study MATCH ?1 ORDER BY bm25(case_study, 4.0, 2.0, 1.0) LIMIT 20")?;
    let mut count = connection.prepare("SELECT count(*) FROM case_study WHERE case_study MATCH ?1")?;
    let kinds: [(&str, Nth<'_>); 2] =
        [(COMMON_WORD, &|number| questions.common_word(number)), (COMMON_WORDS, &|number| questions.common_words(number))];
    for (what, question) in kinds {
        let times = measure::answers(LOOPED, |number| {
            let text = question(number).text.as_deref().context("a text")?;
            let words = text.split(' ').map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
            let found = best.query_map([&words], |row| row.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
            let total: i64 = count.query_row([&words], |row| row.get(0))?;
            Ok(found.len().min(usize::try_from(total)?))
        })?;
        Measured::tell(&format!("{what}: SQLite FTS5"), &times.with_p99());
    }
    Ok(())
}

fn body(case_study: &CaseStudy) -> String {
    case_study.sections.iter().map(|section| section.markdown.as_str()).collect::<Vec<_>>().join("\n")
}
