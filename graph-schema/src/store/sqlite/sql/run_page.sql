SELECT
    source, started_at, state, cause, finished_at, commit_read, stage, done, total, problem, files, invalid, new, changed, unchanged,
    withdrawn, errors, warnings, notes, skipped
FROM import_run
WHERE source = ?1 AND started_at < ?2
ORDER BY started_at DESC
LIMIT ?3;
