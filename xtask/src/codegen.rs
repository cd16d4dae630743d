//! Files that are made from the code, committed, and checked to be what the code makes.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::process;

/// Each file, and which schema of the program it holds.
const FILES: [(&str, &str); 3] =
    [("schema.graphql", "graphql"), ("docs/mapping.schema.json", "mapping"), ("docs/sources.schema.json", "sources")];

/// Where a file that differs is put, to be compared.
const GENERATED: &str = "target/generated";

/// Writes the generated files, or with `check` fails if one would change, and shows how.
pub fn run(check: bool) -> Result<()> {
    for (path, what) in FILES {
        let made = process::output(process::cargo().args(["run", "--quiet", "--package", "maillage", "--", "schema", what]))?;
        if check {
            compare(path, &made)?;
        } else {
            fs::write(process::root().join(path), made).with_context(|| format!("could not write {path}"))?;
        }
    }
    Ok(())
}

fn compare(path: &str, made: &str) -> Result<()> {
    let hint = format!("hint: run `cargo xtask codegen` and commit {path}");
    match fs::read_to_string(process::root().join(path)) {
        Ok(committed) if committed == made => return Ok(()),
        Ok(_) => {}
        Err(error) => bail!("could not read {path}: {error}\n{hint}"),
    }
    let generated = process::root().join(GENERATED);
    fs::create_dir_all(process::root().join("target"))?;
    fs::write(&generated, made).with_context(|| format!("could not write {GENERATED}"))?;
    process::status(process::command("git").args(["--no-pager", "diff", "--no-index", "--", path, GENERATED]))?;
    bail!("{path} is not what the code makes\n{hint}")
}
