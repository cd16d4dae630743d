SELECT kind, key, created, revision, withdrawn, document
FROM record
WHERE kind = ?1 AND key > ?2
ORDER BY key
LIMIT ?3;
