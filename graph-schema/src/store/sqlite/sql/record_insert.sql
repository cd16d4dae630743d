INSERT INTO record (kind, key, created, revision, withdrawn, document)
VALUES (?1, ?2, ?3, ?3, NULL, ?4);
