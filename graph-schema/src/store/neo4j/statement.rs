//! Every statement that is sent, as it stands in `cypher/`: a fixed set, so that the server plans each once.

use crate::model::{RecordKind, Relation};

macro_rules! statements {
    ($($name:ident = $file:literal;)+) => {
        $(pub(super) const $name: &str = include_str!(concat!("cypher/", $file, ".cypher"));)+
    };
}

statements! {
    ADJACENT_IN = "adjacent_in";
    ADJACENT_OUT = "adjacent_out";
    ALIAS = "alias";
    AWAIT_INDEXES = "await_indexes";
    CHANGES = "changes";
    CHANGE_COUNT = "change_count";
    CHANGE_CREATE = "change_create";
    CHECK = "check";
    EXISTING = "existing";
    HAS_COST = "relate/has_cost";
    HAS_FIGURE = "relate/has_figure";
    HISTORY = "history";
    HISTORY_COUNTS = "history_counts";
    INSPIRED_BY_EXTERNAL = "relate/inspired_by_external";
    LEASE_RELEASE = "lease_release";
    LEASE_TAKE = "lease_take";
    LOCK = "lock";
    NAMES = "relate/names";
    NEIGHBOURS = "neighbours";
    NEIGHBOUR_COUNTS = "neighbour_counts";
    PAGE = "page";
    RECORDS = "records";
    RELEASE = "release";
    REVISION = "revision";
    REVISIONS = "revisions";
    REVISION_CREATE = "revision_create";
    RUNS = "runs";
    RUNS_OF = "runs_of";
    RUN_COUNTS = "run_counts";
    RUN_DIAGNOSTICS = "run_diagnostics";
    RUN_DIAGNOSTICS_CREATE = "run_diagnostics_create";
    RUN_DIAGNOSTICS_DELETE = "run_diagnostics_delete";
    RUN_PRUNE = "run_prune";
    RUN_PUT = "run_put";
    SCHEMA_VERSION = "schema_version";
    SCHEMA_VERSION_SET = "schema_version_set";
    STANDING = "standing";
    STATE = "state";
    UPDATE = "update";
    WITHDRAW = "withdraw";
}

/// Deletes every record.
#[cfg(feature = "contract")]
pub(super) const EMPTY: &str = include_str!("cypher/testing/empty.cypher");

/// Deletes the graph node too.
#[cfg(feature = "contract")]
pub(super) const EMPTY_GRAPH: &str = include_str!("cypher/testing/empty_graph.cypher");

/// Adds records of a kind.
pub(super) const fn create(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Area => include_str!("cypher/create/area.cypher"),
        RecordKind::CaseStudy => include_str!("cypher/create/case_study.cypher"),
        RecordKind::Initiative => include_str!("cypher/create/initiative.cypher"),
        RecordKind::Note => include_str!("cypher/create/note.cypher"),
        RecordKind::Organisation => include_str!("cypher/create/organisation.cypher"),
        RecordKind::Source => include_str!("cypher/create/source.cypher"),
        RecordKind::Topic => include_str!("cypher/create/topic.cypher"),
        RecordKind::Town => include_str!("cypher/create/town.cypher"),
    }
}

/// Relates records to others.
pub(super) const fn relate(relation: Relation) -> &'static str {
    match relation {
        Relation::About => include_str!("cypher/relate/about.cypher"),
        Relation::DescribedBy => include_str!("cypher/relate/described_by.cypher"),
        Relation::InspiredBy => include_str!("cypher/relate/inspired_by.cypher"),
        Relation::Involves => include_str!("cypher/relate/involves.cypher"),
        Relation::Narrower => include_str!("cypher/relate/narrower.cypher"),
        Relation::NoteOn => include_str!("cypher/relate/note_on.cypher"),
        Relation::PartOf => include_str!("cypher/relate/part_of.cypher"),
        Relation::ProvidedBy => include_str!("cypher/relate/provided_by.cypher"),
        Relation::RunsIn => include_str!("cypher/relate/runs_in.cypher"),
        Relation::Supersedes => include_str!("cypher/relate/supersedes.cypher"),
        Relation::WrittenBy => include_str!("cypher/relate/written_by.cypher"),
    }
}

/// Reads neighbours by one relation that comes in.
pub(super) const fn neighbours_by(relation: Relation) -> &'static str {
    match relation {
        Relation::About => include_str!("cypher/neighbours/about.cypher"),
        Relation::DescribedBy => include_str!("cypher/neighbours/described_by.cypher"),
        Relation::InspiredBy => include_str!("cypher/neighbours/inspired_by.cypher"),
        Relation::Involves => include_str!("cypher/neighbours/involves.cypher"),
        Relation::Narrower => include_str!("cypher/neighbours/narrower.cypher"),
        Relation::NoteOn => include_str!("cypher/neighbours/note_on.cypher"),
        Relation::PartOf => include_str!("cypher/neighbours/part_of.cypher"),
        Relation::ProvidedBy => include_str!("cypher/neighbours/provided_by.cypher"),
        Relation::RunsIn => include_str!("cypher/neighbours/runs_in.cypher"),
        Relation::Supersedes => include_str!("cypher/neighbours/supersedes.cypher"),
        Relation::WrittenBy => include_str!("cypher/neighbours/written_by.cypher"),
    }
}

/// Counts neighbours by one relation that comes in.
pub(super) const fn neighbour_counts_by(relation: Relation) -> &'static str {
    match relation {
        Relation::About => include_str!("cypher/neighbour_counts/about.cypher"),
        Relation::DescribedBy => include_str!("cypher/neighbour_counts/described_by.cypher"),
        Relation::InspiredBy => include_str!("cypher/neighbour_counts/inspired_by.cypher"),
        Relation::Involves => include_str!("cypher/neighbour_counts/involves.cypher"),
        Relation::Narrower => include_str!("cypher/neighbour_counts/narrower.cypher"),
        Relation::NoteOn => include_str!("cypher/neighbour_counts/note_on.cypher"),
        Relation::PartOf => include_str!("cypher/neighbour_counts/part_of.cypher"),
        Relation::ProvidedBy => include_str!("cypher/neighbour_counts/provided_by.cypher"),
        Relation::RunsIn => include_str!("cypher/neighbour_counts/runs_in.cypher"),
        Relation::Supersedes => include_str!("cypher/neighbour_counts/supersedes.cypher"),
        Relation::WrittenBy => include_str!("cypher/neighbour_counts/written_by.cypher"),
    }
}
