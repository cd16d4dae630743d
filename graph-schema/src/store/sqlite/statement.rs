//! Every statement that the store runs; each is a file of `sql/`.

/// Names each statement and lists them all, so that a test can look at all their plans.
macro_rules! statements {
    ($($name:ident = $file:literal),+ $(,)?) => {
        $(pub(super) const $name: &str = include_str!(concat!("sql/", $file, ".sql"));)+

        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str)] = &[$(($file, $name)),+];
    };
}

statements! {
    ADJACENT_IN = "adjacent_in",
    ADJACENT_OUT = "adjacent_out",
    ALIAS_DELETE = "alias_delete",
    ALIAS_INSERT = "alias_insert",
    AROUND_COUNT_IN = "around_count_in",
    AROUND_COUNT_OUT = "around_count_out",
    AROUND_IN = "around_in",
    AROUND_OUT = "around_out",
    CHANGE_COUNT = "change_count",
    CHANGE_PAGE = "change_page",
    EDGE_DELETE = "edge_delete",
    EDGE_INSERT = "edge_insert",
    HISTORY_COUNT = "history_count",
    HISTORY_INSERT = "history_insert",
    HISTORY_PAGE = "history_page",
    LEASE_RELEASE = "lease_release",
    LEASE_TAKE = "lease_take",
    NEIGHBOURS_IN = "neighbours_in",
    NEIGHBOURS_OUT = "neighbours_out",
    NEIGHBOUR_COUNT_IN = "neighbour_count_in",
    NEIGHBOUR_COUNT_OUT = "neighbour_count_out",
    RECORD_BY_ALIAS = "record_by_alias",
    RECORD_BY_KEY = "record_by_key",
    RECORD_EXISTS = "record_exists",
    RECORD_INSERT = "record_insert",
    RECORD_PAGE = "record_page",
    RECORD_STANDS = "record_stands",
    RECORD_UPDATE = "record_update",
    REVISION_BY_ID = "revision_by_id",
    REVISION_INSERT = "revision_insert",
    REVISION_LAST = "revision_last",
    REVISION_PAGE = "revision_page",
    RUN_BY_KEY = "run_by_key",
    RUN_COUNT = "run_count",
    RUN_DIAGNOSTICS = "run_diagnostics",
    RUN_DIAGNOSTICS_DELETE = "run_diagnostics_delete",
    RUN_DIAGNOSTIC_INSERT = "run_diagnostic_insert",
    RUN_PAGE = "run_page",
    RUN_PRUNE = "run_prune",
    RUN_PUT = "run_put",
}
