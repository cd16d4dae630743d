//! What a person decides of two initiatives: that they are one, that they are not one after all, that they never were. Each is one
//! change set with the person's word; imports keep to it (`compare`).

use std::collections::BTreeMap;

use maillage_graph_schema::change::{ChangeSet, Expected, Operation};
use maillage_graph_schema::clock::Clock;
use maillage_graph_schema::model::{
    CaseStudy, CaseStudyKey, Initiative, InitiativeKey, Instant, Language, Provenance, Record, RecordKey as _, RecordKind,
    RecordRef, Text, ValueError, Withdrawal,
};
use maillage_graph_schema::store::{Applied, GraphStore, Revision, StoreError, Stored};

use crate::compare::is_import;

/// How many tellings are read at once.
const PAGE: usize = 100;

/// Why two initiatives are as they were.
#[derive(Debug, thiserror::Error)]
pub enum NotDecided {
    #[error("there is no initiative {0:?}")]
    Unknown(String),
    #[error("{key} was withdrawn: {why}")]
    Withdrawn { key: InitiativeKey, why: Text },
    #[error("{0} is one initiative: a decision is about two")]
    One(InitiativeKey),
    #[error("{0} is not merged into another")]
    NotMerged(InitiativeKey),
    #[error("{0:?} stands for imports: a decision is a person's")]
    NoPerson(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Value(#[from] ValueError),
}

impl NotDecided {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown(_) => Some("keys of initiatives are such as maillage duplicates list shows".to_owned()),
            Self::Withdrawn { key, .. } => Some(format!("if it was merged into another, maillage duplicates split {key}")),
            Self::NotMerged(key) => Some(format!("to note that {key} is not another, maillage duplicates dismiss {key} OTHER")),
            _ => None,
        }
    }
}

/// Who decides, and why.
#[derive(Debug, Clone)]
pub struct Person {
    pub by: Text,
    pub why: Option<Text>,
}

/// A live initiative with its tellings, withdrawn ones included.
struct Whole {
    initiative: Initiative,
    revision: Revision,
    withdrawn: Option<Withdrawal>,
    tellings: BTreeMap<Language, (CaseStudy, Stored)>,
}

/// Makes one of two: `other` leads to `kept` from now on. What `kept` says holds; it names where both were read, and takes the
/// tellings in languages that it lacks.
pub async fn merge(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    kept: &InitiativeKey,
    other: &InitiativeKey,
    person: &Person,
) -> Result<Applied, NotDecided> {
    let (mut kept, other) = two(store, kept, other).await?;
    let into = kept.initiative.key.clone();
    let mut operations = Vec::new();
    for (language, (telling, stored)) in other.tellings.iter().filter(|(_, (_, stored))| stored.withdrawn.is_none()) {
        let goes_to = CaseStudyKey::new(&into, language);
        if kept.is_told_in(language) {
            operations.push(withdraw(&stored.record.reference(), Some(goes_to.reference()), stored.revision)?);
            continue;
        }
        let moved = CaseStudy { initiative: into.clone(), ..telling.clone() };
        let before = kept.tellings.get(language).map(|(_, stored)| stored.revision);
        operations.push(put(moved, before));
        operations.push(withdraw(&stored.record.reference(), Some(goes_to.reference()), stored.revision)?);
    }
    add_origins(&mut kept.initiative.provenance, &other.initiative.provenance);
    kept.initiative.distinct_from.retain(|key| *key != other.initiative.key);
    operations.push(withdraw(&other.initiative.key.reference(), Some(into.reference()), other.revision)?);
    operations.push(put(kept.initiative, Some(kept.revision)));
    let what = format!("merge {} into {into}", other.initiative.key);
    apply(store, clock, &what, operations, person).await
}

/// Takes a merger back: the initiative is there again, with its tellings, and is known to be another than the one it was merged into.
pub async fn split(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    other: &InitiativeKey,
    person: &Person,
) -> Result<Applied, NotDecided> {
    let mut other = whole(store, other).await?;
    let merged_into = other.withdrawn.take().and_then(|withdrawal| withdrawal.merged_into);
    let Some(into) = merged_into.and_then(|into| into.key_as::<InitiativeKey>()) else {
        return Err(NotDecided::NotMerged(other.initiative.key));
    };
    let mut kept = live(store, &into).await?;
    let mut operations = Vec::new();
    for (language, (telling, stored)) in &other.tellings {
        let there = CaseStudyKey::new(&into, language).reference();
        let went = stored.withdrawn.as_ref().is_some_and(|withdrawal| withdrawal.merged_into.as_ref() == Some(&there));
        if !went {
            continue;
        }
        // What was taken along is given back as it has become since.
        let moved = kept
            .tellings
            .get(language)
            .filter(|(moved, stored)| stored.withdrawn.is_none() && same_origins(&moved.provenance, &telling.provenance));
        let back = match moved {
            Some((moved, at)) => {
                operations.push(withdraw(&there, Some(stored.record.reference()), at.revision)?);
                CaseStudy { initiative: other.initiative.key.clone(), ..moved.clone() }
            }
            None => telling.clone(),
        };
        operations.push(put(back, Some(stored.revision)));
    }
    let own: Vec<Provenance> = other.initiative.provenance.clone();
    kept.initiative.provenance.retain(|origin| !own.iter().any(|own| own.is_same_origin(origin)));
    mark_distinct(&mut kept.initiative, &mut other.initiative);
    let what = format!("split {} from {into}", other.initiative.key);
    operations.push(put(other.initiative, Some(other.revision)));
    operations.push(put(kept.initiative, Some(kept.revision)));
    apply(store, clock, &what, operations, person).await
}

/// Notes that two initiatives are different, however alike they look: they are proposed no more.
pub async fn dismiss(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    one: &InitiativeKey,
    other: &InitiativeKey,
    person: &Person,
) -> Result<Applied, NotDecided> {
    let (mut one, mut other) = two(store, one, other).await?;
    mark_distinct(&mut one.initiative, &mut other.initiative);
    let what = format!("{} is not {}", one.initiative.key, other.initiative.key);
    let operations = vec![put(one.initiative, Some(one.revision)), put(other.initiative, Some(other.revision))];
    apply(store, clock, &what, operations, person).await
}

fn mark_distinct(one: &mut Initiative, other: &mut Initiative) {
    for (marked, from) in [(&mut one.distinct_from, &other.key), (&mut other.distinct_from, &one.key)] {
        if !marked.contains(from) {
            marked.push(from.clone());
        }
    }
}

async fn two(store: &dyn GraphStore, one: &InitiativeKey, other: &InitiativeKey) -> Result<(Whole, Whole), NotDecided> {
    let (one, other) = (live(store, one).await?, live(store, other).await?);
    if one.initiative.key == other.initiative.key {
        return Err(NotDecided::One(one.initiative.key));
    }
    Ok((one, other))
}

async fn live(store: &dyn GraphStore, key: &InitiativeKey) -> Result<Whole, NotDecided> {
    let found = whole(store, key).await?;
    match found.withdrawn {
        Some(Withdrawal { why, .. }) => Err(NotDecided::Withdrawn { key: found.initiative.key, why }),
        None => Ok(found),
    }
}

async fn whole(store: &dyn GraphStore, key: &InitiativeKey) -> Result<Whole, NotDecided> {
    let stored = store.records(&[key.reference()]).await?.pop().flatten();
    let Some(Stored { record: Record::Initiative(initiative), revision, withdrawn, .. }) = stored else {
        return Err(NotDecided::Unknown(key.to_string()));
    };
    let mut tellings = BTreeMap::new();
    // Their keys begin with that of the initiative and a slash.
    let mut after = format!("{}/", initiative.key);
    loop {
        let page = store.page(RecordKind::CaseStudy, Some(&after), PAGE).await?;
        let Some(last) = page.items.last() else { break };
        last.record.reference().key().clone_into(&mut after);
        let is_other =
            |stored: &Stored| matches!(&stored.record, Record::CaseStudy(telling) if telling.initiative != initiative.key);
        let is_over = page.items.iter().any(is_other) || !page.has_more;
        for stored in page.items {
            if let Record::CaseStudy(telling) = &stored.record
                && telling.initiative == initiative.key
            {
                tellings.insert(telling.language.clone(), (telling.clone(), stored));
            }
        }
        if is_over {
            break;
        }
    }
    Ok(Whole { initiative, revision, withdrawn, tellings })
}

impl Whole {
    fn is_told_in(&self, language: &Language) -> bool {
        self.tellings.get(language).is_some_and(|(_, stored)| stored.withdrawn.is_none())
    }
}

/// Adds origins that are not there yet.
pub(crate) fn add_origins(origins: &mut Vec<Provenance>, more: &[Provenance]) {
    for origin in more {
        if !origins.iter().any(|known| known.is_same_origin(origin)) {
            origins.push(origin.clone());
        }
    }
}

/// Whether two records were first read at the same place.
pub(crate) fn same_origins(one: &[Provenance], other: &[Provenance]) -> bool {
    one.first().zip(other.first()).is_some_and(|(one, other)| one.is_same_origin(other))
}

fn put(record: impl Into<Record>, before: Option<Revision>) -> Operation {
    let expected = before.map_or(Expected::Absent, Expected::At);
    Operation::Put { record: Box::new(record.into()), expected }
}

fn withdraw(reference: &RecordRef, merged_into: Option<RecordRef>, before: Revision) -> Result<Operation, ValueError> {
    let why = match &merged_into {
        Some(into) => format!("the same as {}", into.key()),
        None => "withdrawn".to_owned(),
    };
    Ok(Operation::Withdraw { reference: reference.clone(), why: why.parse()?, merged_into, expected: Expected::At(before) })
}

async fn apply(
    store: &dyn GraphStore,
    clock: &dyn Clock,
    what: &str,
    operations: Vec<Operation>,
    person: &Person,
) -> Result<Applied, NotDecided> {
    if is_import(person.by.as_str()) {
        return Err(NotDecided::NoPerson(person.by.to_string()));
    }
    let at: Instant = clock.now().into();
    // At another moment the same may be decided again.
    let id = format!("{what} at {at}").parse()?;
    let change_set = ChangeSet { id, at, by: person.by.clone(), why: person.why.clone(), operations };
    Ok(store.apply(&change_set).await?)
}
