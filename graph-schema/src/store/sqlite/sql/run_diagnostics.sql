SELECT code, severity, path, line, column, field, value, detail, nearest, expected, excerpt, entry
FROM import_diagnostic
WHERE source = ?1 AND started_at = ?2
ORDER BY position;
