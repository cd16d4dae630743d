//! Records that were read before, for as long as the graph is as it was: what most readers ask about is the same few.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use maillage_graph_schema::model::{Record, RecordRef};
use maillage_graph_schema::store::{Revision, Stored};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What a record takes beside its long texts, in bytes, about.
const BESIDE: u64 = 2 << 10;

/// About how large records are: how many places there are from the start follows from it.
const USUAL: u64 = 4 << 10;

/// A record, and the revision of the graph at which it was read.
type Read = (Revision, Arc<Stored>);

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<RecordRef, Read> for Weight {
    fn weight(&self, _: &RecordRef, (_, stored): &Read) -> u64 {
        let texts = match &stored.record {
            Record::CaseStudy(telling) => telling.sections.iter().map(|section| section.markdown.len()).sum(),
            _ => 0,
        };
        texts as u64 + BESIDE
    }
}

/// The records that are kept, all of one revision: with the next one they are forgotten.
#[derive(Debug)]
pub struct KeptRecords {
    /// None are kept without.
    kept: Option<Cache<RecordRef, Read, Weight>>,
    revision: AtomicU64,
}

impl KeptRecords {
    /// Keeps about so many bytes; those that are asked for most.
    pub fn of(bytes: u64) -> Self {
        let places = usize::try_from((bytes / USUAL).max(16)).unwrap_or(usize::MAX);
        let kept = (bytes > 0).then(|| Cache::with_weighter(places, bytes, Weight));
        Self { kept, revision: AtomicU64::default() }
    }

    /// A record as it was read by somebody who answers from this revision.
    pub fn get(&self, revision: Revision, reference: &RecordRef) -> Option<Arc<Stored>> {
        let kept = self.at(revision)?;
        let (read_at, stored) = kept.get(reference)?;
        // Whoever began before the graph changed may have kept it since.
        (read_at == revision).then_some(stored)
    }

    /// Keeps a record that was read by somebody who answers from this revision.
    pub fn keep(&self, revision: Revision, reference: &RecordRef, stored: &Arc<Stored>) {
        if let Some(kept) = self.at(revision) {
            kept.insert(reference.clone(), (revision, Arc::clone(stored)));
        }
    }

    fn at(&self, revision: Revision) -> Option<&Cache<RecordRef, Read, Weight>> {
        let kept = self.kept.as_ref()?;
        if self.revision.load(Ordering::Relaxed) != revision && self.revision.swap(revision, Ordering::Relaxed) != revision {
            kept.clear();
        }
        Some(kept)
    }
}

#[cfg(test)]
mod tests {
    use maillage_graph_schema::document;
    use maillage_graph_schema::model::RecordKind;

    use super::*;

    fn stored(key: &str) -> (RecordRef, Arc<Stored>) {
        let fields = serde_json::json!({ "key": key, "name": "Une association", "provenance": [{ "source": "agen" }] });
        let record = document::to_record(RecordKind::Organisation, fields.as_object().expect("fields")).expect("a record");
        (record.reference(), Arc::new(Stored { record, created: 1, revision: 1, withdrawn: None }))
    }

    #[test]
    fn records_are_kept_as_long_as_the_graph_is_as_it_was() {
        let records = KeptRecords::of(1 << 20);
        let (reference, organisation) = stored("a");
        records.keep(4, &reference, &organisation);
        for (revision, is_kept) in [(4, true), (4, true), (5, false), (4, false)] {
            assert_eq!(records.get(revision, &reference).is_some(), is_kept, "{revision}");
        }
        // Kept by somebody who is behind.
        records.keep(5, &reference, &organisation);
        records.keep(4, &reference, &organisation);
        assert!(records.get(5, &reference).is_none());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let records = KeptRecords::of(100 << 10);
        let all: Vec<_> = (0..1_000).map(|number| stored(&format!("a{number}"))).collect();
        for (reference, stored) in &all {
            records.keep(1, reference, stored);
        }
        let kept = all.iter().filter(|(reference, _)| records.get(1, reference).is_some()).count();
        assert!((10..=50).contains(&kept), "{kept}");
        let none = KeptRecords::of(0);
        none.keep(1, &all[0].0, &all[0].1);
        assert!(none.get(1, &all[0].0).is_none());
    }
}
