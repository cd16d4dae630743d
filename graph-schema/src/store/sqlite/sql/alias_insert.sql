INSERT INTO alias (kind, alias, key)
VALUES (?1, ?2, ?3);
