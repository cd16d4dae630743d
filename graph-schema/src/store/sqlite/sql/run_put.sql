INSERT INTO import_run (
    source, started_at, state, cause, finished_at, commit_read, stage, done, total, problem, files, invalid, new, changed, unchanged,
    withdrawn, errors, warnings, notes, skipped
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
ON CONFLICT (source, started_at) DO UPDATE SET
    state = excluded.state,
    cause = excluded.cause,
    finished_at = excluded.finished_at,
    commit_read = excluded.commit_read,
    stage = excluded.stage,
    done = excluded.done,
    total = excluded.total,
    problem = excluded.problem,
    files = excluded.files,
    invalid = excluded.invalid,
    new = excluded.new,
    changed = excluded.changed,
    unchanged = excluded.unchanged,
    withdrawn = excluded.withdrawn,
    errors = excluded.errors,
    warnings = excluded.warnings,
    notes = excluded.notes,
    skipped = excluded.skipped;
