//! Files of many records: lists and maps in YAML, TOML, JSON and front matter, and tables. What is wrong with one record takes
//! none of the others down; what is wrong with the syntax does in TOML, JSON and front matter, which cannot be read in parts.

use super::front_matter::{self, FrontMatterError, Repaired};
use super::table::{self, is_table};
use super::value::{Node, Position, Value};
use super::yaml::Repeated;
use super::{extension, yaml_lists};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::draft::EntrySpot;
use crate::limits::Limits;
use crate::mapping::{FoundRecord, RecordsPath};

/// The records of a file, before anything is read of them.
#[derive(Debug)]
pub struct Records {
    root: Node,
    repeated: Vec<Repeated>,
    repaired: Vec<Repaired>,
    /// What cannot be read, each a record at the least.
    pub lost: Vec<Slip>,
    /// What is to be said about records that are there.
    slips: Vec<Slip>,
}

/// Something that cannot be read, or not as it ought to be, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub at: Position,
    pub code: Code,
    pub value: Option<String>,
    pub detail: String,
}

impl Slip {
    /// What is to be said of it.
    pub fn diagnostic(&self, diagnostics: &Diagnostics<'_>) -> Diagnostic {
        let said = diagnostics.at(self.code, self.at).detail(self.detail.clone());
        match &self.value {
            Some(value) => said.value(value.clone()),
            None => said,
        }
    }

    fn unreadable(at: Position, problem: String) -> Self {
        Self { at, code: Code::InvalidFrontMatter, value: None, detail: problem }
    }
}

impl Records {
    /// Reads the text of a file, of which many values are records.
    pub fn read(path: &str, text: &str, limits: &Limits) -> Result<Self, FrontMatterError> {
        if is_table(path) {
            return Ok(Self::of_table(path, text, limits));
        }
        let limits = of_many(limits);
        let extension = extension(path).to_ascii_lowercase();
        if front_matter::is_metadata(&extension) {
            let data = front_matter::data(&extension, text, &limits)?;
            return Ok(Self { repeated: data.repeated, repaired: data.repaired, ..Self::of(data.root) });
        }
        let found = front_matter::find(text, &limits)?;
        let root = Node { value: Value::Map(found.fields), at: Position::START };
        Ok(Self { repeated: found.repeated, repaired: found.repaired, ..Self::of(root) })
    }

    /// Reads the records to which a path leads one by one, where the whole cannot be read; `None` where that cannot be done.
    pub fn apart(path: &str, text: &str, wanted: &RecordsPath, limits: &Limits) -> Option<Self> {
        if !matches!(&*extension(path).to_ascii_lowercase(), "yml" | "yaml") {
            return None;
        }
        let apart = yaml_lists::apart(text, wanted, &of_many(limits))?;
        let lost = apart.lost.into_iter().map(|error| Slip::unreadable(error.at, error.problem)).collect();
        Some(Self { repeated: apart.repeated, repaired: apart.repaired, lost, ..Self::of(apart.root) })
    }

    fn of(root: Node) -> Self {
        Self { root, repeated: Vec::new(), repaired: Vec::new(), lost: Vec::new(), slips: Vec::new() }
    }

    fn of_table(path: &str, text: &str, limits: &Limits) -> Self {
        let table = table::parse(path, text, limits);
        // A row that is too short is read all the same.
        let (slips, lost) = table.slips.into_iter().partition(|slip| slip.code == Code::RowTooShort);
        Self { repeated: table.repeated, lost, slips, ..Self::of(Node { value: Value::List(table.rows), at: Position::START }) }
    }

    /// What the file holds.
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// The records to which a path leads, or where it leads to none.
    pub fn find(&self, wanted: &RecordsPath) -> Result<Vec<FoundRecord<'_>>, Position> {
        wanted.find(&self.root)
    }

    /// What was read although it is not as it should be, of the file as a whole.
    pub fn note_slips(&self, diagnostics: &mut Diagnostics<'_>) {
        super::note_slips(&self.repeated, &self.repaired, diagnostics);
        for slip in &self.slips {
            diagnostics.push(slip.diagnostic(diagnostics));
        }
    }
}

/// The limits for a file that holds many records.
fn of_many(limits: &Limits) -> Limits {
    Limits { values: limits.file_values, ..*limits }
}

/// Where a record stands, and what people call it: by its own key, else by its title, else by its number.
pub fn spot_of(record: &FoundRecord<'_>, number: usize, title: Option<&str>) -> EntrySpot {
    const LONGEST: usize = 60;
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = || title.map(in_one_line).filter(|title| !title.is_empty());
    let name = record.key.filter(|_| record.is_of_key).map(str::to_owned).or_else(title);
    let name = name.unwrap_or_else(|| number.to_string());
    let name = if name.chars().count() > LONGEST { name.chars().take(LONGEST).chain(['…']).collect() } else { name };
    EntrySpot { name, at: record.at }
}
