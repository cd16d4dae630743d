// The next initiatives of a topic, by key.
MATCH (:Topic {key: $key})<-[:ABOUT]-(initiative:Initiative)
WHERE initiative.key > $after AND NOT initiative:Withdrawn
WITH DISTINCT initiative
RETURN initiative.reference AS reference
ORDER BY reference
LIMIT $limit;
