SELECT history.revision, revision.at, history.change, history.kind, history.key
FROM history
CROSS JOIN revision ON revision.number = history.revision
WHERE (history.revision, history.kind, history.key) > (?1, ?2, ?3)
ORDER BY history.revision, history.kind, history.key
LIMIT ?4;
