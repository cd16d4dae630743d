UPDATE record
SET revision = ?3, withdrawn = ?4, document = ?5
WHERE kind = ?1 AND key = ?2;
