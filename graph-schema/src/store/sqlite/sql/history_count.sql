SELECT count(*)
FROM history
WHERE kind = ?1 AND key = ?2;
