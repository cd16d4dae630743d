//! Files of many records: lists and maps in YAML, TOML, JSON and front matter, and tables. What is wrong with one record takes
//! none of the others down.

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
    /// What can not be read, each a record at the least.
    pub lost: Vec<Lost>,
    /// What is to be said about records that are there.
    pub slips: Vec<Lost>,
}

/// Something that can not be read, or not as it ought to be, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Lost {
    pub at: Position,
    code: Code,
    value: Option<String>,
    detail: String,
}

impl Lost {
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
    pub fn read(path: &str, text: &str, wanted: &RecordsPath, limits: &Limits) -> Result<Self, FrontMatterError> {
        if is_table(path) {
            return Ok(Self::of_table(path, text, limits));
        }
        let limits = Limits { values: limits.file_values, ..*limits };
        let extension = extension(path).to_ascii_lowercase();
        if !front_matter::is_metadata(&extension) {
            let found = front_matter::find(text, &limits)?;
            let root = Node { value: Value::Map(found.fields), at: Position::START };
            return Ok(Self { repeated: found.repeated, repaired: found.repaired, ..Self::of(root) });
        }
        match front_matter::data(&extension, text, &limits) {
            Ok(data) => Ok(Self { repeated: data.repeated, repaired: data.repaired, ..Self::of(data.root) }),
            Err(FrontMatterError::Invalid { at, problem }) if matches!(&*extension, "yml" | "yaml") => {
                let apart = yaml_lists::apart(text, wanted, &limits);
                let apart = apart.ok_or(FrontMatterError::Invalid { at, problem })?;
                let lost = apart.lost.into_iter().map(|error| Lost::unreadable(error.at, error.problem));
                Ok(Self { lost: lost.collect(), repaired: apart.repaired, ..Self::of(apart.root) })
            }
            Err(error) => Err(error),
        }
    }

    fn of(root: Node) -> Self {
        Self { root, repeated: Vec::new(), repaired: Vec::new(), lost: Vec::new(), slips: Vec::new() }
    }

    fn of_table(path: &str, text: &str, limits: &Limits) -> Self {
        let table = table::parse(path, text, limits);
        let said = |slip: &table::Slip| Lost {
            at: slip.at,
            code: slip.code,
            value: (!slip.value.is_empty()).then(|| slip.value.clone()),
            detail: slip.detail.clone(),
        };
        let (grave, slips): (Vec<_>, Vec<_>) = table.slips.iter().partition(|slip| slip.is_grave());
        Self {
            repeated: table.repeated,
            lost: grave.into_iter().map(said).collect(),
            slips: slips.into_iter().map(said).collect(),
            ..Self::of(Node { value: Value::List(table.rows), at: Position::START })
        }
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
