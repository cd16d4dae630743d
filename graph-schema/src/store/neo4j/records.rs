//! Looking records up.

use std::collections::{BTreeMap, HashMap, HashSet};

use neo4rs::{BoltType, Row, Txn};

use super::connection::{Lent, rows_within};
use super::failure::Failure;
use super::{Question, nodes, statement};
use crate::model::{RecordKind, RecordRef};
use crate::store::{Page, Stored};

/// How many keys go into one statement.
pub(super) const BATCH: usize = 1_000;

/// What statements are sent through.
pub(super) enum Through<'a, 'b> {
    Connection(&'a Lent<'b>),
    Transaction(&'a mut Txn),
}

impl Through<'_, '_> {
    pub(super) async fn rows<const N: usize>(
        &mut self,
        statement: &'static str,
        parameters: [(&'static str, BoltType); N],
    ) -> Result<Vec<Row>, Failure> {
        match self {
            Self::Connection(connection) => connection.read(statement, parameters).await,
            Self::Transaction(transaction) => rows_within(transaction, statement, parameters).await,
        }
    }
}

/// References as a parameter.
pub(super) fn list<'a>(references: impl IntoIterator<Item = &'a RecordRef>) -> BoltType {
    references.into_iter().map(RecordRef::to_string).collect()
}

/// A reference in a column.
pub(super) fn reference(row: &Row, column: &str) -> Result<RecordRef, Failure> {
    let text: &str = row.get(column)?;
    text.parse().map_err(|error| Failure::inconsistent(text, error))
}

/// Records by the keys or aliases asked for, whichever names them.
pub(super) async fn find(through: &mut Through<'_, '_>, asked: &[RecordRef]) -> Result<HashMap<RecordRef, Stored>, Failure> {
    let mut found = HashMap::with_capacity(asked.len());
    by_keys(through, asked.iter(), &mut found).await?;
    let missing: HashSet<&RecordRef> = asked.iter().filter(|reference| !found.contains_key(*reference)).collect();
    if missing.is_empty() {
        return Ok(found);
    }
    let missing: Vec<&RecordRef> = missing.into_iter().collect();
    let mut owners: Vec<(RecordRef, RecordRef)> = Vec::new();
    for batch in missing.chunks(BATCH) {
        for row in through.rows(statement::ALIAS, [("references", list(batch.iter().copied()))]).await? {
            owners.push((reference(&row, "alias")?, reference(&row, "reference")?));
        }
    }
    let mut named = HashMap::new();
    by_keys(through, owners.iter().map(|(_, owner)| owner), &mut named).await?;
    for (alias, owner) in owners {
        if let Some(stored) = named.get(&owner) {
            found.insert(alias, stored.clone());
        }
    }
    Ok(found)
}

async fn by_keys<'r>(
    through: &mut Through<'_, '_>,
    asked: impl Iterator<Item = &'r RecordRef>,
    found: &mut HashMap<RecordRef, Stored>,
) -> Result<(), Failure> {
    let mut keys: BTreeMap<RecordKind, Vec<&str>> = BTreeMap::new();
    for reference in asked.collect::<HashSet<_>>() {
        keys.entry(reference.kind()).or_default().push(reference.key());
    }
    for (kind, keys) in keys {
        for batch in keys.chunks(BATCH) {
            for row in through.rows(statement::records(kind), [("keys", batch.iter().copied().collect())]).await? {
                let stored = nodes::read(kind, &row)?;
                found.insert(stored.record.reference(), stored);
            }
        }
    }
    Ok(())
}

/// Which of these records exist under exactly this key.
pub(super) async fn existing(through: &mut Through<'_, '_>, asked: &[RecordRef]) -> Result<HashSet<RecordRef>, Failure> {
    let mut existing = HashSet::with_capacity(asked.len());
    for batch in asked.chunks(BATCH) {
        for row in through.rows(statement::EXISTING, [("references", list(batch))]).await? {
            existing.insert(reference(&row, "reference")?);
        }
    }
    Ok(existing)
}

/// [`crate::store::GraphStore::records`].
pub(super) struct Records<'a>(pub(super) &'a [RecordRef]);

impl Question for Records<'_> {
    type Answer = Vec<Option<Stored>>;
    const DOING: &'static str = "reading records";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let mut found = find(&mut Through::Connection(connection), self.0).await?;
        // Most batches name each record once: those are moved, not copied.
        let mut still_asked: HashMap<&RecordRef, usize> = HashMap::new();
        for reference in self.0 {
            *still_asked.entry(reference).or_default() += 1;
        }
        let mut take = |reference: &RecordRef| {
            let still_asked = still_asked.get_mut(reference)?;
            *still_asked -= 1;
            if *still_asked == 0 { found.remove(reference) } else { found.get(reference).cloned() }
        };
        Ok(self.0.iter().map(&mut take).collect())
    }
}

/// [`crate::store::GraphStore::page`].
pub(super) struct PageOf<'a> {
    pub(super) kind: RecordKind,
    pub(super) after: Option<&'a str>,
    pub(super) first: usize,
}

impl Question for PageOf<'_> {
    type Answer = Page<Stored>;
    const DOING: &'static str = "reading a page of records";

    async fn ask(&self, connection: &Lent<'_>) -> Result<Self::Answer, Failure> {
        let (after, end) = (format!("{}/{}", self.kind, self.after.unwrap_or_default()), format!("{}0", self.kind));
        let parameters = [("after", after.into()), ("end", end.into()), ("limit", one_more(self.first))];
        let rows = connection.read(statement::PAGE, parameters).await?;
        let references = rows.iter().map(|row| reference(row, "reference")).collect::<Result<Vec<_>, _>>()?;
        let page = Page::from_one_more(references, self.first);
        let records = Records(&page.items).ask(connection).await?;
        Ok(Page { items: records.into_iter().flatten().collect(), has_more: page.has_more })
    }
}

/// A limit that shows whether there is more.
pub(super) fn one_more(first: usize) -> BoltType {
    i64::try_from(first.saturating_add(1)).unwrap_or(i64::MAX).into()
}
