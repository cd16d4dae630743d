// What happened to a record, newest first.
MATCH (:Initiative {key: $key})-[change:CHANGED_IN]->(revision:Revision)
RETURN properties(change) AS change, properties(revision) AS revision
ORDER BY revision.number DESC
LIMIT $limit;
