//! Files that are made from the code, committed, and checked to be what the code makes.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::process;

const SCHEMA: &str = "schema.graphql";

/// Where a schema that differs is put, to be compared.
const GENERATED: &str = "target/schema.graphql";

/// Writes the generated files, or with `check` fails if they would change, and shows how.
pub fn run(check: bool) -> Result<()> {
    let schema = process::output(process::cargo().args(["run", "--quiet", "--package", "maillage", "--", "schema"]))?;
    let committed = process::root().join(SCHEMA);
    if !check {
        return fs::write(&committed, schema).with_context(|| format!("could not write {SCHEMA}"));
    }
    let hint = format!("hint: run `cargo xtask codegen` and commit {SCHEMA}");
    match fs::read_to_string(&committed) {
        Ok(committed) if committed == schema => return Ok(()),
        Ok(_) => {}
        Err(error) => bail!("could not read {SCHEMA}: {error}\n{hint}"),
    }
    fs::create_dir_all(process::root().join("target"))?;
    fs::write(process::root().join(GENERATED), schema).with_context(|| format!("could not write {GENERATED}"))?;
    process::status(process::command("git").args(["--no-pager", "diff", "--no-index", "--", SCHEMA, GENERATED]))?;
    bail!("{SCHEMA} is not what the code makes\n{hint}")
}
