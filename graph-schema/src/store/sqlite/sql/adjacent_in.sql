SELECT relation, from_kind, from_key
FROM edge
WHERE to_kind = ?1 AND to_key = ?2
    AND NOT EXISTS (SELECT 1 FROM record INDEXED BY record_withdrawn WHERE kind = from_kind AND key = from_key AND withdrawn IS NOT NULL);
