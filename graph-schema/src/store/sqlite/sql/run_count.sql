SELECT count(*)
FROM import_run
WHERE source = ?1;
