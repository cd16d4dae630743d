INSERT INTO revision (number, id, at, by, why, changes_so_far)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);
