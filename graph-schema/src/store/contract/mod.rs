//! What every store must do, as tests.
//!
//! It stands behind the feature `contract`, so that the service does not carry it. A store runs it by saying how to get an
//! empty one, and one line:
//!
//! ```text
//! struct MyStore { … }
//!
//! #[async_trait]
//! impl Fixture for MyStore {
//!     async fn empty(&self) -> Arc<dyn GraphStore> { … }
//! }
//!
//! mod my_store {
//!     maillage_graph_schema::graph_store_contract!(Some(MyStore::new().await));
//! }
//! ```
//!
//! Each test then appears by its own name: `my_store::former_codes_name_the_present_town`. `None` is for a store that was left
//! out of the run by an explicit word.
//!
//! To add a test: 1. write `pub(super) async fn its_name(fixture: &dyn Fixture)` in the module of its subject; 2. name it in the
//! list at the end of this file (one that is not named does not compile: it would be dead code). Every store has it from then on.
//!
//! To add a method to the port: 1. [`GraphStore`]; 2. [`plain::PlainStore`], in the plainest way; 3. a test module; 4. a variant
//! of [`scenario::Question`], so that the random tests ask it too.
//!
//! To test something else on every store (an importer's plan, an index that follows the graph), a crate takes
//! `maillage-graph-schema` with the feature `contract` among its `[dev-dependencies]`, writes `async fn(&dyn Fixture)` of its own,
//! and names them for each store:
//!
//! ```text
//! mod on_sqlite {
//!     use maillage_graph_schema::store::contract::SqliteFixture;
//!     maillage_graph_schema::tests_on_store!(Some(SqliteFixture::new()) => crate::following { sees_each_change, starts_again });
//! }
//!
//! mod on_neo4j {
//!     use maillage_graph_schema::store::neo4j::testing::TestServer;
//!     maillage_graph_schema::tests_on_store!(TestServer::take().await => crate::following { sees_each_change, starts_again });
//! }
//! ```
#![expect(clippy::missing_panics_doc, reason = "a test says what is wrong by panicking")]

use std::future::Future;

use crate::change::{ChangeSet, Conflict, Operation};
use crate::model::RecordRef;
use crate::store::{Applied, GraphStore, HistoryEntry, NeighbourQuestion, Neighbours, Page, Revision, StoreError, Stored};

pub mod generate;
pub mod plain;
pub mod sample;
pub mod scenario;

mod applying;
mod concurrency;
mod conflicts;
mod fixture;
mod history;
mod neighbours;
mod paths;
mod records;
mod runs;
mod transfer;
mod withdrawal;

pub use fixture::{Fixture, PlainFixture, SqliteFixture};
pub use transfer::passes_through;

/// Runs a test's future, on several threads as the service does.
pub fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.unwrap_or_else(|error| panic!("cannot start the runtime: {error}")).block_on(test)
}

/// The answer, or what the store said instead.
#[track_caller]
fn ok<T, E: std::fmt::Display>(answer: Result<T, E>) -> T {
    answer.unwrap_or_else(|error| panic!("the store failed: {error}"))
}

/// Applies a change set that must go through.
async fn apply(store: &dyn GraphStore, id: &str, operations: Vec<Operation>) -> Applied {
    ok(store.apply(&sample::change_set(id, operations)).await)
}

/// One record, which must be there.
async fn record(store: &dyn GraphStore, reference: &RecordRef) -> Stored {
    find(store, reference).await.unwrap_or_else(|| panic!("{reference} is not there"))
}

/// One record.
async fn find(store: &dyn GraphStore, reference: &RecordRef) -> Option<Stored> {
    let mut answer = ok(store.records(std::slice::from_ref(reference)).await);
    assert_eq!(answer.len(), 1, "one record was asked for");
    answer.remove(0)
}

/// A page of the history of one record.
async fn history(store: &dyn GraphStore, of: &RecordRef, before: Option<Revision>, first: usize) -> Page<HistoryEntry> {
    let mut answer = ok(store.history(std::slice::from_ref(of), before, first).await);
    assert_eq!(answer.len(), 1, "the history of one record was asked for");
    answer.remove(0)
}

/// The neighbours of one record.
async fn neighbours(store: &dyn GraphStore, of: &RecordRef, question: &NeighbourQuestion) -> Neighbours {
    let mut answer = ok(store.neighbours(std::slice::from_ref(of), question).await);
    assert_eq!(answer.len(), 1, "the neighbours of one record were asked for");
    answer.remove(0)
}

/// Asks for all neighbours on all sides, with their count.
const ALL_SIDES: NeighbourQuestion =
    NeighbourQuestion { relations: Vec::new(), kind: None, after: None, first: 1000, count: true };

/// Everything that a store answers about all its records: what must be equal before and after something that failed.
async fn everything(store: &dyn GraphStore) -> Vec<u8> {
    let mut written = Vec::new();
    ok(crate::export::write(store, &mut written, |_| ()).await);
    written
}

/// Applies a change set that must be refused, and checks that the graph is as it was.
async fn refused(store: &dyn GraphStore, change_set: ChangeSet) -> Conflict {
    let before = everything(store).await;
    let conflict = match store.apply(&change_set).await {
        Err(StoreError::Conflict(conflict)) => conflict,
        other => panic!("a conflict was expected, not {other:?}"),
    };
    assert_eq!(text(&everything(store).await), text(&before), "a refused change set left something behind");
    conflict
}

/// Bytes as text, so that a difference can be read.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs async tests of the form `async fn(&dyn Fixture)` on a store, given its [`Fixture`](crate::store::contract::Fixture) or
/// `None` if it is left out. The fixture is made anew for each test, and lives as long.
#[macro_export]
macro_rules! tests_on_store {
    ($fixture:expr => $module:path { $($test:ident),+ $(,)? }) => {
        $(
            #[test]
            fn $test() {
                use $module as tests;
                $crate::store::contract::run(async {
                    if let Some(fixture) = $fixture {
                        tests::$test(&fixture).await;
                    }
                });
            }
        )+
    };
}

/// Names the tests of the suite: makes each callable by [`graph_store_contract`].
macro_rules! suite {
    (($dollar:tt) $($module:ident { $($test:ident),+ $(,)? })+) => {
        /// The tests, for [`graph_store_contract`].
        #[doc(hidden)]
        pub mod suite {
            use super::Fixture;
            $($(pub async fn $test(fixture: &dyn Fixture) {
                super::$module::$test(fixture).await;
            })+)+
        }

        /// Runs the whole suite on a store, given its [`Fixture`](crate::store::contract::Fixture) or `None` if it is left out.
        #[macro_export]
        macro_rules! graph_store_contract {
            ($dollar fixture:expr) => {
                $dollar crate::tests_on_store!($dollar fixture => $dollar crate::store::contract::suite { $($($test),+),+ });
            };
        }
    };
}

suite! { ($)
    records {
        an_empty_graph_answers_every_question,
        bare_records_come_back_as_they_were_put,
        full_records_come_back_as_they_were_put,
        fields_are_emptied_by_putting_a_bare_record_over_a_full_one,
        difficult_texts_come_back_unchanged_in_every_kind_of_field,
        a_text_of_a_megabyte_comes_back_whole,
        long_names_are_kept,
        records_come_in_the_order_asked_for,
        a_large_batch_is_answered_in_one_call,
        a_key_of_one_kind_does_not_name_another_kind,
        keys_differ_by_case,
        homonyms_are_kept_apart,
        former_codes_name_the_present_town,
        aliases_name_records_of_every_kind_that_has_them,
        an_alias_that_was_dropped_names_nothing,
        pages_go_through_a_kind_by_key,
    }
    neighbours {
        each_relation_is_seen_from_both_sides,
        several_roles_or_topics_make_one_neighbour,
        neighbours_come_for_each_record_asked_about,
        neighbours_are_paged_by_key,
        a_page_goes_on_after_a_neighbour_that_is_gone,
        neighbours_may_be_asked_for_by_kind,
        a_hub_gives_its_first_page_and_its_count,
        relations_follow_the_record,
        a_record_next_to_itself_is_seen_from_both_sides,
    }
    paths {
        a_path_tells_each_step,
        of_equal_paths_the_first_by_key_is_taken,
        the_first_relation_wins_between_the_same_two_records,
        a_path_is_no_longer_than_asked,
        a_path_to_itself_is_empty,
        no_path_leads_to_an_unknown_or_withdrawn_record,
        no_path_leads_through_a_source,
        no_path_leads_through_a_withdrawn_record,
        a_path_leads_through_a_hub,
    }
    applying {
        revisions_are_counted_from_one,
        a_change_set_is_applied_once,
        a_change_set_that_changes_nothing_makes_no_revision,
        another_fetch_is_no_change,
        operations_may_refer_to_each_other_in_any_order,
        an_expectation_that_is_met_goes_through,
        a_large_change_set_is_applied_whole,
        ids_of_change_sets_are_compared_exactly,
    }
    conflicts {
        a_record_named_twice_is_refused,
        a_reference_to_nothing_is_refused_for_each_relation,
        a_reference_by_alias_is_refused,
        a_key_that_is_taken_is_refused,
        withdrawing_what_is_not_there_is_refused,
        merging_into_the_wrong_thing_is_refused,
        a_stale_expectation_is_refused,
        one_conflict_refuses_the_whole_change_set,
        a_refused_change_set_may_come_again,
    }
    withdrawal {
        a_withdrawn_record_stays_as_a_tombstone,
        a_withdrawn_record_is_no_neighbour_until_it_is_restored,
        a_merged_record_says_into_which,
        a_withdrawn_record_may_be_referred_to,
        a_restored_record_may_differ,
        withdrawing_again_counts_only_with_another_reason,
        aliases_of_a_withdrawn_record_name_its_tombstone,
    }
    history {
        history_tells_what_changed_newest_first,
        history_is_paged_by_revision,
        histories_come_for_each_record_asked_about,
        history_is_counted,
        former_states_are_worked_out_from_history,
        changes_come_by_revision_kind_and_key,
        changes_are_paged_by_cursor,
        changes_start_after_a_revision,
        revisions_are_paged_by_number,
        a_change_set_without_a_reason_has_none,
    }
    concurrency {
        concurrent_change_sets_all_count,
        a_change_set_applied_at_once_by_many_counts_once,
        no_update_is_lost,
        readers_see_whole_change_sets,
        an_apply_cut_half_way_leaves_all_or_nothing,
    }
    transfer {
        an_export_reads_back_the_same,
        an_export_of_nothing_reads_back_as_nothing,
        an_import_goes_on_where_it_stopped,
        an_export_is_not_read_into_a_store_that_holds_something_else,
        an_export_is_not_read_into_a_store_that_went_on,
        a_conflict_in_an_export_is_told_with_its_line,
        exports_pass_between_stores,
    }
    runs {
        a_run_comes_back_as_it_was_put,
        a_run_is_replaced_and_its_diagnostics_only_if_given,
        runs_come_newest_first_for_each_source_asked_about,
        only_the_newest_runs_are_kept,
        runs_make_no_revision_and_are_in_no_export,
        of_many_who_ask_for_a_lease_one_has_it,
        a_lease_is_prolonged_and_given_back_by_its_holder_alone,
        a_lease_whose_holder_died_is_free_once_it_is_over,
    }
}
