SELECT number
FROM revision
WHERE id = ?1;
