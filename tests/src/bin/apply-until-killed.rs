//! Applies one change set after the other of [`maillage_tests::sequence`] to a store, from where it stands, and prints each
//! revision once it is acknowledged. The tests kill it.

use std::io::Write as _;

use anyhow::{Context as _, Result, ensure};
use maillage_graph_schema::store::{self, StoreOptions};
use maillage_tests::sequence;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let url = std::env::args().nth(1).context("usage: apply-until-killed STORE")?;
    let store = store::open(&url, StoreOptions::default()).await?;
    let mut revision = store.revision().await?;
    if revision > 0 {
        // The one who was killed may not have heard that its last was applied, and does what it would do.
        let again = store.apply(&sequence::change_set(revision)?).await?;
        ensure!(again.revision == revision && again.changed == 0, "revision {revision} was applied twice: {again:?}");
    }
    let mut output = std::io::stdout().lock();
    loop {
        let applied = store.apply(&sequence::change_set(revision + 1)?).await?;
        ensure!(applied.revision == revision + 1, "revision {} came after {revision}", applied.revision);
        revision = applied.revision;
        writeln!(output, "{revision}")?;
        output.flush()?;
    }
}
