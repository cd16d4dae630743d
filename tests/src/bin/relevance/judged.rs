//! The judged questions, as they are written down.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// Which half a question is in: one is for tuning, the other tells what tuning was worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Half {
    Tune,
    Report,
}

/// How good each initiative is as an answer: 1 to 3.
pub type Grades = BTreeMap<String, u8>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    pub id: String,
    pub text: String,
    pub lang: String,
    pub half: Half,
    pub relevant: Grades,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    pub of: String,
    pub half: Half,
    pub relevant: Grades,
}

#[derive(Debug, Default)]
pub struct Judged {
    pub searches: Vec<Search>,
    pub similar: Vec<Similar>,
}

#[derive(Deserialize)]
struct Searches {
    search: Vec<Search>,
}

#[derive(Deserialize)]
struct Similars {
    similar: Vec<Similar>,
}

/// Reads both files of a folder.
pub fn read(folder: &Path) -> Result<Judged> {
    let searches: Searches = read_file(&folder.join("searches.toml"))?;
    let similar: Similars = read_file(&folder.join("similar.toml"))?;
    let judged = Judged { searches: searches.search, similar: similar.similar };
    let grades = judged.searches.iter().map(|search| &search.relevant).chain(judged.similar.iter().map(|one| &one.relevant));
    for grades in grades {
        ensure!(!grades.is_empty() && grades.values().all(|grade| (1..=3).contains(grade)), "a grade is 1, 2 or 3: {grades:?}");
    }
    Ok(judged)
}

fn read_file<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("in {}", path.display()))
}

impl Judged {
    /// Refuses questions about initiatives that are not in the corpus: they would count as missed whatever the engine does.
    pub fn check(&self, known: &BTreeSet<String>) -> Result<()> {
        let named = self.searches.iter().flat_map(|search| search.relevant.keys());
        let named = named.chain(self.similar.iter().flat_map(|one| one.relevant.keys().chain([&one.of])));
        let unknown: BTreeSet<&str> = named.filter(|key| !known.contains(*key)).map(String::as_str).collect();
        if !unknown.is_empty() {
            bail!(
                "{} of the judged initiatives are not in the graph: {}\nhint: beta.gouv.fr must be the commit that tests/relevance/README.md names",
                unknown.len(),
                unknown.into_iter().collect::<Vec<_>>().join(", ")
            );
        }
        Ok(())
    }
}
