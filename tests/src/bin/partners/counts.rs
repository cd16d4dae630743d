//! What is counted of an import: its report, and what the graph holds of the source afterwards.

use std::collections::BTreeMap;

use anyhow::Result;
use maillage_graph_schema::change::Operation;
use maillage_graph_schema::model::{Initiative, PlaceTarget, Record, RecordKind};
use maillage_graph_schema::store::GraphStore;
use maillage_importer::Plan;
use maillage_importer::diagnostic::Severity;

/// Counts by what is counted.
pub struct Counts(pub BTreeMap<String, usize>);

impl Counts {
    /// Those of an import that was applied.
    pub async fn of(plan: &Plan, store: &dyn GraphStore) -> Result<Self> {
        let mut counts = Self(BTreeMap::new());
        counts.report(plan);
        let mut after: Option<String> = None;
        loop {
            let page = store.page(RecordKind::Initiative, after.as_deref(), 500).await?;
            after = page.items.last().map(|stored| stored.record.reference().key().to_owned());
            for stored in &page.items {
                let is_ours = stored.record.provenance().first().is_some_and(|first| first.source == plan.report.source);
                if let (Record::Initiative(initiative), None, true) = (&stored.record, &stored.withdrawn, is_ours) {
                    counts.initiative(initiative);
                }
            }
            if !page.has_more {
                break;
            }
        }
        Ok(counts)
    }

    fn add(&mut self, what: impl Into<String>, count: usize) {
        *self.0.entry(what.into()).or_default() += count;
    }

    fn report(&mut self, plan: &Plan) {
        let report = &plan.report;
        self.add("files", report.files);
        self.add("read", report.read);
        self.add("invalid", report.invalid);
        // Every file is read, invalid, or left aside for a reason.
        let skipped: usize = report.skipped.values().sum();
        self.add("lost", report.files.abs_diff(report.read + report.invalid + skipped));
        for (why, count) in &report.skipped {
            self.add(format!("skipped {why}"), *count);
        }
        for (kind, counts) in &report.records {
            let kind = kind.as_str();
            self.add(format!("{kind} new"), counts.new);
            self.add(format!("{kind} changed"), counts.changed);
            self.add(format!("{kind} withdrawn"), counts.withdrawn);
        }
        for diagnostic in report.diagnostics.iter().filter(|diagnostic| diagnostic.severity() != Severity::Note) {
            self.add(
                format!(
                    "{} {}",
                    if diagnostic.severity() == Severity::Error { "error" } else { "warning" },
                    diagnostic.code.as_str()
                ),
                1,
            );
        }
        let operations = plan.change_sets.iter().flat_map(|change_set| &change_set.operations);
        let renamed = operations.filter(|operation| matches!(operation, Operation::Withdraw { merged_into: Some(_), .. }));
        self.add("renamed", renamed.count());
    }

    fn initiative(&mut self, initiative: &Initiative) {
        self.add("initiatives", 1);
        let towns = initiative.places.iter().filter(|place| matches!(place.target, PlaceTarget::Town(_))).count();
        for (what, is_there) in [
            ("with summary", initiative.summary.is_some()),
            ("with start", initiative.start.is_some()),
            ("with status", initiative.status.is_some()),
            ("with place", !initiative.places.is_empty()),
            ("with town", towns > 0),
            ("with topics", !initiative.topics.is_empty()),
            ("with topics or tags", !initiative.topics.is_empty() || !initiative.tags.is_empty()),
            ("with organisation", !initiative.involvements.is_empty()),
            ("with contact", initiative.contact.is_some()),
            ("with licence", initiative.licence.is_some()),
        ] {
            self.add(what, usize::from(is_there));
        }
        for place in &initiative.places {
            let key = match &place.target {
                PlaceTarget::Town(key) => key.as_str(),
                PlaceTarget::Area(key) => key.as_str(),
            };
            self.add(format!("at {key}"), 1);
        }
    }
}
