SELECT record.kind, record.key, record.created, record.revision, record.withdrawn, record.document
FROM alias
CROSS JOIN record ON record.kind = alias.kind AND record.key = alias.key
WHERE alias.kind = ?1 AND alias.alias = ?2;
