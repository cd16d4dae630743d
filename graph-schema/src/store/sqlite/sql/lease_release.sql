DELETE FROM import_lease
WHERE source = ?1 AND holder = ?2;
