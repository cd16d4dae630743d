DELETE FROM edge
WHERE from_kind = ?1 AND from_key = ?2 AND relation = ?3 AND to_kind = ?4 AND to_key = ?5;
