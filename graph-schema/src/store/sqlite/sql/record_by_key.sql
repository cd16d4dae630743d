SELECT kind, key, created, revision, withdrawn, document
FROM record
WHERE kind = ?1 AND key = ?2;
