INSERT INTO edge (from_kind, from_key, relation, to_kind, to_key)
VALUES (?1, ?2, ?3, ?4, ?5);
