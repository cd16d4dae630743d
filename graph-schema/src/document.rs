//! A record as a JSON document: the form that SQLite keeps, that history compares and that an export holds.
//!
//! Fields without a value (absent, empty list, empty text) are left out, keys are sorted, so equal records give equal bytes.
//! Each record and value is one list of fields, below; reading and writing both follow from it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::{
    Adoption, AlternativeLabel, Area, AreaKey, Audience, BoundingBox, CaseStudy, CaseStudyKey, Confirmation, Contact, Cost,
    CostBasis, DeclaredBy, Figure, FormerTown, Initiative, InitiativeKey, Instant, Involvement, Language, Licence, Link, Note,
    NoteKey, NoteKind, Number, Organisation, OrganisationKey, OrganisationRole, Original, PartialDate, Picture, Place,
    PlaceTarget, Point, Provenance, Record, RecordKind, RecordRef, Section, SectionKind, Source, SourceKey, SourceKind, Status,
    Text, Topic, TopicKey, Town, TownKey, TownType, WebAddress, Withdrawal,
};

/// A record's fields, by name.
pub type Document = Map<String, Value>;

/// A document that is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {path}: {problem}")]
pub struct DocumentError {
    /// The field, with dots between levels.
    pub path: String,
    /// What is wrong with it.
    pub problem: String,
}

impl DocumentError {
    fn new(problem: impl Into<String>) -> Self {
        Self { path: String::new(), problem: problem.into() }
    }

    fn within(mut self, field: &str) -> Self {
        self.path = if self.path.is_empty() { field.to_owned() } else { format!("{field}.{}", self.path) };
        self
    }
}

/// Writes a record as a document.
pub fn from_record(record: &Record) -> Document {
    match record {
        Record::Area(record) => record.to_fields(),
        Record::CaseStudy(record) => record.to_fields(),
        Record::Initiative(record) => record.to_fields(),
        Record::Note(record) => record.to_fields(),
        Record::Organisation(record) => record.to_fields(),
        Record::Source(record) => record.to_fields(),
        Record::Topic(record) => record.to_fields(),
        Record::Town(record) => record.to_fields(),
    }
}

/// Reads a record of a kind from its document.
pub fn to_record(kind: RecordKind, document: &Document) -> Result<Record, DocumentError> {
    Ok(match kind {
        RecordKind::Area => Area::from_fields(document)?.into(),
        RecordKind::CaseStudy => CaseStudy::from_fields(document)?.into(),
        RecordKind::Initiative => Initiative::from_fields(document)?.into(),
        RecordKind::Note => Note::from_fields(document)?.into(),
        RecordKind::Organisation => Organisation::from_fields(document)?.into(),
        RecordKind::Source => Source::from_fields(document)?.into(),
        RecordKind::Topic => Topic::from_fields(document)?.into(),
        RecordKind::Town => Town::from_fields(document)?.into(),
    })
}

/// The names of the fields that the document of a kind of record may have.
pub const fn fields(kind: RecordKind) -> &'static [&'static str] {
    match kind {
        RecordKind::Area => Area::FIELDS,
        RecordKind::CaseStudy => CaseStudy::FIELDS,
        RecordKind::Initiative => Initiative::FIELDS,
        RecordKind::Note => Note::FIELDS,
        RecordKind::Organisation => Organisation::FIELDS,
        RecordKind::Source => Source::FIELDS,
        RecordKind::Topic => Topic::FIELDS,
        RecordKind::Town => Town::FIELDS,
    }
}

/// Writes a withdrawal as a document.
pub fn from_withdrawal(withdrawal: &Withdrawal) -> Document {
    withdrawal.to_fields()
}

/// Reads a withdrawal from its document.
pub fn to_withdrawal(document: &Document) -> Result<Withdrawal, DocumentError> {
    Withdrawal::from_fields(document)
}

/// A value that stands in a document. `None` means that the field is left out.
trait Field: Sized {
    fn write(&self) -> Option<Value>;
    fn read(value: Option<&Value>) -> Result<Self, DocumentError>;
}

fn present(value: Option<&Value>) -> Result<&Value, DocumentError> {
    value.ok_or_else(|| DocumentError::new("is missing"))
}

fn text(value: Option<&Value>) -> Result<&str, DocumentError> {
    present(value)?.as_str().ok_or_else(|| DocumentError::new("is not a text"))
}

macro_rules! written_as_text {
    ($($name:ty),+ $(,)?) => {
        $(impl Field for $name {
            fn write(&self) -> Option<Value> {
                Some(Value::String(self.to_string()))
            }

            fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
                text(value)?.parse().map_err(|error: crate::model::ValueError| DocumentError::new(error.to_string()))
            }
        })+
    };
}
written_as_text!(
    AreaKey,
    Audience,
    CaseStudyKey,
    CostBasis,
    DeclaredBy,
    InitiativeKey,
    Instant,
    Language,
    Licence,
    NoteKey,
    NoteKind,
    OrganisationKey,
    OrganisationRole,
    PartialDate,
    RecordRef,
    SectionKind,
    SourceKey,
    SourceKind,
    Status,
    Text,
    TopicKey,
    TownKey,
    TownType,
    WebAddress,
);

impl Field for String {
    fn write(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::String(self.clone()))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        value.map_or(Ok(Self::new()), |value| text(Some(value)).map(str::to_owned))
    }
}

impl Field for Number {
    fn write(&self) -> Option<Value> {
        Some(Value::from(self.get()))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let number = present(value)?.as_f64().ok_or_else(|| DocumentError::new("is not a number"))?;
        Self::new(number).map_err(|error| DocumentError::new(error.to_string()))
    }
}

macro_rules! written_as_integer {
    ($($name:ty),+) => {
        $(impl Field for $name {
            fn write(&self) -> Option<Value> {
                Some(Value::from(*self))
            }

            fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
                present(value)?
                    .as_u64()
                    .and_then(|number| number.try_into().ok())
                    .ok_or_else(|| DocumentError::new("is not a whole number of this range"))
            }
        })+
    };
}
written_as_integer!(u16, u32);

impl<T: Field> Field for Option<T> {
    fn write(&self) -> Option<Value> {
        self.as_ref().and_then(Field::write)
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        value.map(|value| T::read(Some(value))).transpose()
    }
}

impl<T: Field> Field for Vec<T> {
    fn write(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::Array(self.iter().map(|item| item.write().unwrap_or(Value::Null)).collect()))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let Some(value) = value else { return Ok(Self::new()) };
        let items = value.as_array().ok_or_else(|| DocumentError::new("is not a list"))?;
        let read = |(index, item): (usize, &Value)| T::read(Some(item)).map_err(|error| error.within(&index.to_string()));
        items.iter().enumerate().map(read).collect()
    }
}

impl<T: Field> Field for BTreeMap<Language, T> {
    fn write(&self) -> Option<Value> {
        let write = |(language, item): (&Language, &T)| item.write().map(|value| (language.to_string(), value));
        (!self.is_empty()).then(|| Value::Object(self.iter().filter_map(write).collect()))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let Some(value) = value else { return Ok(Self::new()) };
        let fields = value.as_object().ok_or_else(|| DocumentError::new("is not an object"))?;
        let read = |(tag, item): (&String, &Value)| {
            let language = tag.parse::<Language>().map_err(|error| DocumentError::new(error.to_string()))?;
            Ok((language, T::read(Some(item)).map_err(|error| error.within(tag))?))
        };
        fields.iter().map(read).collect()
    }
}

impl Field for Point {
    fn write(&self) -> Option<Value> {
        Some(serde_json::json!({ "lat": self.latitude(), "lon": self.longitude() }))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let fields = present(value)?;
        let degrees = |name: &str| {
            fields.get(name).and_then(Value::as_f64).ok_or_else(|| DocumentError::new("is not a number of degrees").within(name))
        };
        Self::new(degrees("lat")?, degrees("lon")?).map_err(|error| DocumentError::new(error.to_string()))
    }
}

impl Field for BoundingBox {
    fn write(&self) -> Option<Value> {
        let (south_west, north_east) = (self.south_west(), self.north_east());
        Some(serde_json::json!({
            "west": south_west.longitude(), "south": south_west.latitude(),
            "east": north_east.longitude(), "north": north_east.latitude(),
        }))
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let fields = present(value)?;
        let degrees = |name: &str| {
            fields.get(name).and_then(Value::as_f64).ok_or_else(|| DocumentError::new("is not a number of degrees").within(name))
        };
        let corner = |north, east| Point::new(north, east).map_err(|error| DocumentError::new(error.to_string()));
        Self::new(corner(degrees("south")?, degrees("west")?)?, corner(degrees("north")?, degrees("east")?)?)
            .map_err(|error| DocumentError::new(error.to_string()))
    }
}

impl Field for PlaceTarget {
    fn write(&self) -> Option<Value> {
        Some(match self {
            Self::Town(key) => serde_json::json!({ "town": key.as_str() }),
            Self::Area(key) => serde_json::json!({ "area": key.as_str() }),
        })
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let fields = present(value)?;
        match (fields.get("town"), fields.get("area")) {
            (town @ Some(_), None) => TownKey::read(town).map(Self::Town).map_err(|error| error.within("town")),
            (None, area @ Some(_)) => AreaKey::read(area).map(Self::Area).map_err(|error| error.within("area")),
            _ => Err(DocumentError::new("names neither a town nor an area, or both")),
        }
    }
}

impl Field for Original {
    fn write(&self) -> Option<Value> {
        Some(match self {
            Self::Initiative(key) => serde_json::json!({ "initiative": key.as_str() }),
            Self::External(url) => serde_json::json!({ "url": url.as_str() }),
        })
    }

    fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
        let fields = present(value)?;
        match (fields.get("initiative"), fields.get("url")) {
            (key @ Some(_), None) => InitiativeKey::read(key).map(Self::Initiative).map_err(|error| error.within("initiative")),
            (None, url @ Some(_)) => WebAddress::read(url).map(Self::External).map_err(|error| error.within("url")),
            _ => Err(DocumentError::new("names neither an initiative nor an address, or both")),
        }
    }
}

/// Writes and reads a struct by the list of its fields; `field as "name"` gives a field another name in the document.
macro_rules! fields {
    ($($name:ident { $($field:ident $(as $written:literal)?),+ $(,)? })+) => {
        $(impl $name {
            const FIELDS: &[&str] = &[$(fields!(@name $field $($written)?)),+];

            fn to_fields(&self) -> Document {
                let mut document = Document::new();
                $(if let Some(value) = self.$field.write() {
                    document.insert(fields!(@name $field $($written)?).to_owned(), value);
                })+
                document
            }

            fn from_fields(document: &Document) -> Result<Self, DocumentError> {
                // A field that is not known would be lost with the next change.
                if let Some(unknown) = document.keys().find(|name| !Self::FIELDS.contains(&name.as_str())) {
                    return Err(DocumentError::new("is not a field of this record or value").within(unknown));
                }
                Ok(Self {
                    $($field: {
                        let name = fields!(@name $field $($written)?);
                        Field::read(document.get(name)).map_err(|error| error.within(name))?
                    }),+
                })
            }
        }

        impl Field for $name {
            fn write(&self) -> Option<Value> {
                Some(Value::Object(self.to_fields()))
            }

            fn read(value: Option<&Value>) -> Result<Self, DocumentError> {
                Self::from_fields(present(value)?.as_object().ok_or_else(|| DocumentError::new("is not an object"))?)
            }
        })+
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $written:literal) => { $written };
}

fields! {
    Area { key, aliases, name, form, part_of, bounds, provenance }
    CaseStudy { initiative, language, title, summary, sections, picture, translation_of, licence, provenance }
    Initiative {
        key, aliases, title, summary, language, kind, topics, tags, audiences, status, status_reason, start, end, places, point,
        involvements, figures, costs, links, evidence, contact, inspired_by, supersedes, distinct_from, licence, modified, reviewed,
        provenance,
    }
    Note { key, initiative, kind, text, at, organisation, evidence, provenance }
    Organisation { key, aliases, name, other_names, website, part_of, supersedes, provenance }
    Source { key, aliases, name, kind, address, description, language, licence }
    Topic { key, aliases, labels, alternative_labels, broader, close_matches, provenance }
    Town { key, aliases, name, town_type as "type", population, postcodes, point, part_of, parent, former, provenance }

    Adoption { original, declared_by, date, adapted, outcome, confirmation }
    AlternativeLabel { label, language }
    Confirmation { by, on }
    Contact { name, email, url }
    Cost { kind, amount, currency, year, basis }
    Figure { metric, value, unit, date, method, source }
    FormerTown { key, name }
    Involvement { organisation, role }
    Link { url, label }
    Picture { url, alternative_text, credit }
    Place { target, original_code, original_name }
    Provenance { source, repository, path, commit, fetched_at, url }
    Section { kind, heading, markdown }
    Withdrawal { at, why, merged_into }
}
