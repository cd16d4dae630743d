INSERT INTO history (revision, kind, key, change, changes)
VALUES (?1, ?2, ?3, ?4, ?5);
