//! Looking records up.

use std::collections::{HashMap, HashSet};

use neo4rs::{BoltType, Row, Txn};

use super::connection::{Lent, rows_within};
use super::failure::Failure;
use super::{Question, batches, nodes, statement};
use crate::model::{RecordKind, RecordRef};
use crate::store::{Page, Revision, Stored};

/// How often records are read without keeping change sets out.
const HOPEFUL_READS: usize = 3;

/// What statements are sent through.
pub(super) enum Through<'a, 'b> {
    /// With the revision that the answers are of, once there was one.
    Connection(&'a Lent<'b>, Option<Revision>),
    /// One that holds the lock: nothing changes meanwhile.
    Transaction(&'a mut Txn),
}

impl Through<'_, '_> {
    /// Checks that a record is of the same revision as what was read before. A reader of this server sees whatever is
    /// committed at the moment of each step, so that a change set may come between two records of one answer; it then
    /// bears a later revision than the one that held when its statement began.
    fn saw(&mut self, present: Revision, record: Revision) -> Result<(), Failure> {
        let Self::Connection(_, seen) = self else { return Ok(()) };
        if record > present || seen.is_some_and(|seen| seen != present) {
            return Err(Failure::Changing);
        }
        *seen = Some(present);
        Ok(())
    }

    pub(super) async fn rows<const N: usize>(
        &mut self,
        statement: &'static str,
        parameters: [(&'static str, BoltType); N],
    ) -> Result<Vec<Row>, Failure> {
        match self {
            Self::Connection(connection, _) => connection.read(statement, parameters).await,
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
    let mut owners: Vec<(RecordRef, RecordRef)> = Vec::new();
    for references in batches::of_references(statement::ALIAS, missing) {
        for row in through.rows(statement::ALIAS, [("references", references)]).await? {
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

/// The same, all of one revision: by luck, which seldom fails, or else by keeping change sets out meanwhile.
async fn find_all_at_once(connection: &Lent<'_>, asked: &[RecordRef]) -> Result<HashMap<RecordRef, Stored>, Failure> {
    for _ in 0..HOPEFUL_READS {
        match find(&mut Through::Connection(connection, None), asked).await {
            Err(Failure::Changing) => {}
            outcome => return outcome,
        }
    }
    let mut transaction = connection.begin().await?;
    let outcome = match rows_within(&mut transaction, statement::LOCK, [("id", "".into())]).await {
        Ok(_) => find(&mut Through::Transaction(&mut transaction), asked).await,
        Err(failure) => Err(failure),
    };
    // Undone, the lock leaves no trace; if that fails, closing the connection undoes it.
    transaction.rollback().await.map_err(|error| Failure::Broken(error.to_string()))?;
    outcome
}

async fn by_keys<'r>(
    through: &mut Through<'_, '_>,
    asked: impl Iterator<Item = &'r RecordRef>,
    found: &mut HashMap<RecordRef, Stored>,
) -> Result<(), Failure> {
    for references in batches::of_references(statement::RECORDS, asked.collect::<HashSet<_>>()) {
        for row in through.rows(statement::RECORDS, [("references", references)]).await? {
            let stored = nodes::read(&row)?;
            through.saw(row.get("present")?, stored.revision)?;
            found.insert(stored.record.reference(), stored);
        }
    }
    Ok(())
}

/// Which of these records exist under exactly this key.
pub(super) async fn existing(through: &mut Through<'_, '_>, asked: &[RecordRef]) -> Result<HashSet<RecordRef>, Failure> {
    let mut existing = HashSet::with_capacity(asked.len());
    for references in batches::of_references(statement::EXISTING, asked) {
        for row in through.rows(statement::EXISTING, [("references", references)]).await? {
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
        let mut found = find_all_at_once(connection, self.0).await?;
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

/// References without doubles, in order of their first appearance.
pub(super) fn distinct(references: &[RecordRef]) -> Vec<&RecordRef> {
    let mut seen = HashSet::with_capacity(references.len());
    references.iter().filter(|reference| seen.insert(*reference)).collect()
}

/// A limit that shows whether there is more.
pub(super) fn one_more(first: usize) -> BoltType {
    i64::try_from(first.saturating_add(1)).unwrap_or(i64::MAX).into()
}
