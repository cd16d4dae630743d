SELECT number, id, at, by, why
FROM revision
WHERE number > ?1
ORDER BY number
LIMIT ?2;
