// Revision after revision, so that a page of a long log reads no more revisions than it shows.
MATCH (revision:Revision)
WHERE revision.number >= $from
WITH revision
ORDER BY revision.number
CALL (revision) {
  MATCH (revision)<-[change:CHANGED_IN]-(record)
  WHERE revision.number > $from OR record.reference > $after
  RETURN change.kind AS kind, record.reference AS reference
}
RETURN revision.number AS number, revision.at AS at, kind, reference
ORDER BY number, reference
LIMIT $limit;
