DELETE FROM import_diagnostic
WHERE source = ?1 AND started_at = ?2;
