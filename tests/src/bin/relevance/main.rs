//! How good the answers are: the judged questions of `tests/relevance` put to the engine and to plain baselines.
//!
//! Run as `cargo xtask relevance CLONE`, where CLONE is a clone of the repository of beta.gouv.fr, whose sheets are judged
//! too. Prints nDCG@10 for search and similarity, for each half, and fails where the engine is worse than
//! `tests/relevance/expected.toml` says it was.

mod baseline;
mod expected;
mod graph;
mod judged;
mod measure;
mod show;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Parser;

use self::measure::{Means, Outcome};

#[derive(Parser)]
#[command(name = "relevance", about = "Judges the answers of Maillage's search and similarity")]
struct Arguments {
    /// A clone of the repository of beta.gouv.fr
    clone: PathBuf,
    /// Where the judged questions are
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/relevance"))]
    judged: PathBuf,
    /// The content: towns, topics, case studies, sources
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../content"))]
    content: PathBuf,
    /// Write the present means as those that are expected from now on
    #[arg(long)]
    accept: bool,
    /// Show the first ten answers of these questions, each with its grade: ids of searches, keys of initiatives, or `all`
    #[arg(long, value_delimiter = ',')]
    show: Vec<String>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<()> {
    let judged = judged::read(&arguments.judged)?;
    let graph = graph::load(&arguments.content, &arguments.clone).await?;
    judged.check(&graph.keys())?;
    let outcomes = measure::outcomes(&judged, &graph)?;
    show::answers(&outcomes, &arguments.show, &graph);
    let means = Means::of(&outcomes);
    println!("{}", means.table());
    if arguments.accept {
        return expected::write(&arguments.judged, &means);
    }
    let worse = expected::worse(&arguments.judged, &means)?;
    if !worse.is_empty() {
        show::worst(&outcomes);
        bail!("answers got worse: {}\nhint: where that is meant, run it again with --accept", worse.join("; "));
    }
    println!(
        "{} judged questions: none of the means is worse than expected",
        outcomes.iter().filter(|outcome| Outcome::is_engine(outcome)).count()
    );
    Ok(())
}
