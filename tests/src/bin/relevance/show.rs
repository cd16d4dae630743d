//! Answers for people to read.

use crate::graph::Graph;
use crate::measure::Outcome;

/// Shows the answers of the engine to some questions, each with its grade, and what was missed.
pub fn answers(outcomes: &[Outcome], wanted: &[String], graph: &Graph) {
    let is_wanted = |outcome: &Outcome| wanted.iter().any(|id| id == "all" || *id == outcome.id);
    for outcome in outcomes.iter().filter(|outcome| outcome.is_engine() && is_wanted(outcome)) {
        println!("{} {:.3}  {}  [{}] {}", outcome.task.name(), outcome.ndcg, outcome.id, outcome.half.name(), outcome.asked);
        for (rank, key) in (1..).zip(&outcome.answers) {
            let grade = outcome.grades.get(key).map_or("·".to_owned(), u8::to_string);
            println!("  {rank:>2} {grade} {key}  {}", graph.title(key));
        }
        for (key, grade) in outcome.grades.iter().filter(|(key, grade)| **grade > 1 && !outcome.answers.contains(key)) {
            println!("   – {grade} {key}  {}", graph.title(key));
        }
    }
}

/// Names the questions that are answered worst.
pub fn worst(outcomes: &[Outcome]) {
    let mut ours: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.is_engine()).collect();
    ours.sort_by(|one, other| one.ndcg.total_cmp(&other.ndcg));
    for outcome in ours.into_iter().take(10) {
        println!("{:.3} {} {}", outcome.ndcg, outcome.task.name(), outcome.id);
    }
}
