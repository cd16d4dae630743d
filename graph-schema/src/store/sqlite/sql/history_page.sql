SELECT revision.number, revision.id, revision.at, revision.by, revision.why, history.change, history.changes
FROM history
CROSS JOIN revision ON revision.number = history.revision
WHERE history.kind = ?1 AND history.key = ?2 AND history.revision < ?3
ORDER BY history.revision DESC
LIMIT ?4;
