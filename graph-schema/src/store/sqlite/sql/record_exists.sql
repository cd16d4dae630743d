SELECT 1
FROM record
WHERE kind = ?1 AND key = ?2;
