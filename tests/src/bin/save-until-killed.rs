//! Applies one change set after the other of [`maillage_tests::sequence`] and saves the index after each, over and over; prints
//! a line before each save. The tests kill it.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use maillage_explore::{Explore, FollowedStore, Origin};
use maillage_graph_schema::store::{self, GraphStore as _, StoreOptions};
use maillage_tests::sequence;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (url, folder) = arguments.next().zip(arguments.next()).context("usage: save-until-killed STORE FOLDER")?;
    let store = store::open(&url, StoreOptions::default()).await?;
    let explore = Explore::open(store, Path::new(&folder)).await?;
    let mut output = std::io::stdout().lock();
    match explore.origin() {
        Origin::Read => writeln!(output, "read")?,
        Origin::Built { why } => writeln!(output, "built: {why}")?,
    }
    let store = FollowedStore::new(Arc::clone(&explore));
    loop {
        let next = store.revision().await? + 1;
        store.apply(&sequence::change_set(next)?).await?;
        writeln!(output, "saving")?;
        output.flush()?;
        explore.save().await?;
    }
}
