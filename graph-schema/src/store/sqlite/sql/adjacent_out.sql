SELECT relation, to_kind, to_key
FROM edge
WHERE from_kind = ?1 AND from_key = ?2
    AND NOT EXISTS (SELECT 1 FROM record INDEXED BY record_withdrawn WHERE kind = to_kind AND key = to_key AND withdrawn IS NOT NULL);
