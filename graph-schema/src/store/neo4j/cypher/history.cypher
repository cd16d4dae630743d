UNWIND $of AS reference
MATCH (record:Record {reference: reference})
CALL (record) {
  MATCH (record)-[change:CHANGED_IN]->(revision:Revision)
  WHERE revision.number < $before
  RETURN change, revision
  ORDER BY revision.number DESC
  LIMIT $limit
}
RETURN reference, properties(revision) AS revision, properties(change) AS change
ORDER BY revision.number DESC;
