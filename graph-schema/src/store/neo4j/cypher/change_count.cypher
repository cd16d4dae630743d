MATCH (revision:Revision)
WHERE revision.number > $since
RETURN coalesce(sum(revision.changedRecords), 0) AS counted;
