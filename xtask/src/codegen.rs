//! Files that are made from the code, committed, and checked to be what the code makes.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::process;

const SCHEMA: &str = "schema.graphql";

/// Writes the generated files, or with `check` fails if they would change, and shows how.
pub fn run(check: bool) -> Result<()> {
    let schema = process::output(process::cargo().args(["run", "--quiet", "--package", "maillage", "--", "schema"]))?;
    let committed = process::root().join(SCHEMA);
    if !check {
        return fs::write(&committed, schema).with_context(|| format!("could not write {SCHEMA}"));
    }
    if fs::read_to_string(&committed).unwrap_or_default() == schema {
        return Ok(());
    }
    let generated = process::root().join("target").join(SCHEMA);
    fs::write(&generated, schema).with_context(|| format!("could not write {}", generated.display()))?;
    let mut difference = process::command("git");
    difference.args(["--no-pager", "diff", "--no-index", "--", SCHEMA]).arg(&generated);
    process::status(&mut difference)?;
    bail!("{SCHEMA} is not what the code makes\nhint: run `cargo xtask codegen` and commit {SCHEMA}")
}
