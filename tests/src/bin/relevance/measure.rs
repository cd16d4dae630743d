//! What answers are worth: nDCG@10, by question and as means over the halves.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use maillage_explore::question::{InitiativeFilter, InitiativeOrder, PageRequest};
use maillage_explore::similarity::InitiativeWeights;

use crate::baseline::{Bm25, by_shared_topics};
use crate::graph::Graph;
use crate::judged::{Grades, Half, Judged};

/// How many answers count.
pub const DEPTH: usize = 10;

/// The name of our engine among those that are compared.
pub const ENGINE: &str = "Maillage";

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    Search,
    Similar,
}

impl Task {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Similar => "similar",
        }
    }
}

impl Half {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Report => "report",
        }
    }
}

/// What one engine answered to one question.
pub struct Outcome {
    pub task: Task,
    pub half: Half,
    pub engine: &'static str,
    /// The question's id, and what it asks.
    pub id: String,
    pub asked: String,
    pub answers: Vec<String>,
    pub grades: Grades,
    pub ndcg: f64,
}

impl Outcome {
    pub fn is_engine(&self) -> bool {
        self.engine == ENGINE
    }
}

/// Puts every question to the engine and to the baselines.
pub fn outcomes(judged: &Judged, graph: &Graph) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    let bm25 = Bm25::of(graph);
    for search in &judged.searches {
        let filter = InitiativeFilter { text: Some(search.text.clone()), ..InitiativeFilter::default() };
        let request = PageRequest::first(i64::try_from(DEPTH)?);
        let page = graph.snapshot.initiatives(&filter, InitiativeOrder::Relevance, &request)?;
        let ours = page.items.into_iter().map(|hit| hit.key).collect();
        for (engine, answers) in [(ENGINE, ours), ("plain BM25", bm25.search(&search.text, DEPTH))] {
            let ndcg = ndcg(&answers, &search.relevant);
            let (id, asked, grades) = (search.id.clone(), format!("{} ({})", search.text, search.lang), search.relevant.clone());
            outcomes.push(Outcome { task: Task::Search, half: search.half, engine, id, asked, answers, grades, ndcg });
        }
    }
    for similar in &judged.similar {
        let found = graph.snapshot.similar_initiatives(&similar.of, &InitiativeWeights::default(), DEPTH)?;
        let ours = found.unwrap_or_default().into_iter().map(|found| found.key).collect();
        for (engine, answers) in [(ENGINE, ours), ("shared topics counted", by_shared_topics(graph, &similar.of, DEPTH))] {
            let ndcg = ndcg(&answers, &similar.relevant);
            let (id, asked, grades) = (similar.of.clone(), graph.title(&similar.of).to_owned(), similar.relevant.clone());
            outcomes.push(Outcome { task: Task::Similar, half: similar.half, engine, id, asked, answers, grades, ndcg });
        }
    }
    Ok(outcomes)
}

/// The discounted gain of the first ten answers, 2^grade − 1 over log2(rank + 1), as a share of that of the best possible list (Järvelin
/// and Kekäläinen, 2002; gains as in Burges and others, 2005).
fn ndcg(answers: &[String], grades: &Grades) -> f64 {
    let gain = |grade: u8| f64::from((1_u32 << grade) - 1);
    let discounted = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        (2_u32..).zip(gains).take(DEPTH).map(|(rank, gain)| gain / f64::from(rank).log2()).sum()
    };
    let found = discounted(&mut answers.iter().map(|key| gain(grades.get(key).copied().unwrap_or_default())));
    let mut best: Vec<u8> = grades.values().copied().collect();
    best.sort_unstable_by(|one, other| other.cmp(one));
    found / discounted(&mut best.into_iter().map(gain))
}

/// The mean nDCG@10 by task, engine and half.
pub struct Means(pub BTreeMap<(Task, &'static str, Half), f64>);

impl Means {
    pub fn of(outcomes: &[Outcome]) -> Self {
        let mut groups: BTreeMap<(Task, &'static str, Half), Vec<f64>> = BTreeMap::new();
        for outcome in outcomes {
            groups.entry((outcome.task, outcome.engine, outcome.half)).or_default().push(outcome.ndcg);
        }
        #[expect(clippy::cast_precision_loss, reason = "some dozen questions")]
        Self(groups.into_iter().map(|(group, values)| (group, values.iter().sum::<f64>() / values.len() as f64)).collect())
    }

    /// Those of our engine.
    pub fn of_engine(&self) -> impl Iterator<Item = (Task, Half, f64)> {
        self.0.iter().filter(|((_, engine, _), _)| *engine == ENGINE).map(|((task, _, half), mean)| (*task, *half, *mean))
    }

    pub fn table(&self) -> String {
        let mut table = String::from("| nDCG@10 | engine | tune | report |\n|---|---|---:|---:|\n");
        let mut rows: BTreeMap<(Task, &str), [f64; 2]> = BTreeMap::new();
        for ((task, engine, half), mean) in &self.0 {
            rows.entry((*task, engine)).or_default()[*half as usize] = *mean;
        }
        for ((task, engine), [tune, report]) in rows {
            // Writing to a text does not fail.
            let _ = writeln!(table, "| {} | {engine} | {tune:.3} | {report:.3} |", task.name());
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_by_its_grade_and_its_rank() {
        let grades: Grades = [("a", 3), ("b", 2), ("c", 1)].map(|(key, grade)| (key.to_owned(), grade)).into();
        let best = 7.0 + 3.0 / 3_f64.log2() + 1.0 / 2.0;
        for (answers, expected) in [
            (vec!["a", "b", "c"], 1.0),
            (vec!["a", "b"], (7.0 + 3.0 / 3_f64.log2()) / best),
            (vec!["x", "a"], (7.0 / 3_f64.log2()) / best),
            (vec!["x", "y"], 0.0),
            (vec![], 0.0),
        ] {
            let answers: Vec<String> = answers.into_iter().map(str::to_owned).collect();
            assert!((ndcg(&answers, &grades) - expected).abs() < 1e-12, "{answers:?}");
        }
        let late: Vec<String> = (0..10).map(|number| format!("x{number}")).chain(["a".to_owned()]).collect();
        assert!(ndcg(&late, &grades).abs() < 1e-12, "only the first ten count");
    }
}
