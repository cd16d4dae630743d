DELETE FROM alias
WHERE kind = ?1 AND alias = ?2;
